//! The memory of array buffers on its way between threads.

/// The memory of an `ArrayBuffer` that was handed over, or of a `SharedArrayBuffer`.
pub struct Memory(v8::SharedRef<v8::BackingStore>);

// SAFETY: a backing store is counted atomically and freed by whoever drops it last. Here it is only kept:
// its bytes are reached again through a buffer that V8 makes of it.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// Keeps `store`.
    pub fn new(store: v8::SharedRef<v8::BackingStore>) -> Self {
        Memory(store)
    }

    /// What buffers are made of.
    pub fn store(&self) -> &v8::SharedRef<v8::BackingStore> {
        &self.0
    }
}

/// A WebAssembly module that has been compiled and is run by other isolates too.
pub struct Module(v8::CompiledWasmModule);

// SAFETY: compiled code is shared between isolates by design; it is counted atomically.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}

impl Module {
    /// Keeps `module`.
    pub fn new(module: v8::CompiledWasmModule) -> Self {
        Module(module)
    }

    /// The module as the engine wants it.
    pub fn compiled(&self) -> &v8::CompiledWasmModule {
        &self.0
    }
}
