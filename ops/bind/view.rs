//! Memory of a JavaScript buffer that another thread works on.

use super::convert::FromJs;

/// The bytes of a `Buffer`, `TypedArray` or `DataView`, kept alive while this exists. JavaScript may
/// see and change them meanwhile, as it does with the memory of any asynchronous read or write.
pub struct View {
    store: Option<v8::SharedRef<v8::BackingStore>>,
    start: usize,
    length: usize,
}

// SAFETY: the memory of a backing store belongs to no thread, and neither does the count of its owners.
unsafe impl Send for View {}

impl View {
    /// The bytes, for reading.
    pub fn bytes(&self) -> &[u8] {
        let Some(data) = self.data() else { return &[] };
        // SAFETY: `data` is the start of `length` bytes of a store that `self` keeps alive.
        unsafe { std::slice::from_raw_parts(data, self.length) }
    }

    /// The bytes, for writing.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let Some(data) = self.data() else { return &mut [] };
        // SAFETY: `data` is the start of `length` bytes of a store that `self` keeps alive, and this is
        // the only slice of them that `self` lends.
        unsafe { std::slice::from_raw_parts_mut(data, self.length) }
    }

    fn data(&self) -> Option<*mut u8> {
        let data = self.store.as_ref()?.data()?;
        // SAFETY: `start` lies in the store, as the view that it came from did.
        Some(unsafe { data.cast::<u8>().as_ptr().add(self.start) })
    }
}

impl FromJs for View {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(value) else {
            return View { store: None, start: 0, length: 0 };
        };
        let store = view.buffer(scope).map(|buffer| buffer.get_backing_store());
        View { store, start: view.byte_offset(), length: view.byte_length() }
    }
}
