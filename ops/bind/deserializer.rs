//! The engine's reader of serialized values, together with the bytes that it reads.

use v8::ValueDeserializerHelper as _;

/// A reader that keeps its bytes alive.
pub struct Deserializer {
    reader: v8::ValueDeserializer<'static>,
    bytes: &'static [u8],
    /// The memory of `bytes`, which goes after the reader.
    _store: Option<v8::SharedRef<v8::BackingStore>>,
}

impl Deserializer {
    /// Reads what `view` holds.
    pub fn new<D: v8::ValueDeserializerImpl + 'static>(
        scope: &mut v8::PinScope<'_, '_>,
        hooks: Box<D>,
        view: v8::Local<'_, v8::ArrayBufferView>,
    ) -> Self {
        // Bytes that V8 keeps inside the object move out of the heap.
        let buffer = view.buffer(scope);
        let store = buffer.map(|buffer| buffer.get_backing_store());
        let bytes: &'static [u8] = match store.as_ref().and_then(|store| store.data()) {
            Some(data) => {
                // SAFETY: the view lies inside its buffer.
                let start = unsafe { data.cast::<u8>().as_ptr().add(view.byte_offset()) };
                // SAFETY: the view has that many bytes from there on; `_store` keeps them as long as this lives.
                unsafe { std::slice::from_raw_parts(start, view.byte_length()) }
            }
            None => &[],
        };
        Deserializer { reader: v8::ValueDeserializer::new(scope, hooks, bytes), bytes, _store: store }
    }

    /// The engine's reader.
    pub fn reader(&self) -> &v8::ValueDeserializer<'static> {
        &self.reader
    }

    /// Passes over `length` bytes and tells where they begin; `None` where there are not as many.
    pub fn skip(&self, length: usize) -> Option<usize> {
        if length > self.bytes.len() {
            return None;
        }
        let found = self.reader.read_raw_bytes(length)?;
        Some(found.as_ptr().addr() - self.bytes.as_ptr().addr())
    }
}
