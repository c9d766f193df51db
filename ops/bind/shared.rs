//! Arrays of numbers that JavaScript writes and the event loop reads in every turn.

use std::marker::PhantomData;
use std::ptr::NonNull;

/// A kind of number that any bytes are a value of.
pub trait Plain: Copy {}

impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for f64 {}

/// The memory of a typed array of JavaScript's.
pub struct SharedArray<T> {
    data: Option<NonNull<T>>,
    length: usize,
    /// Keeps the memory alive and where it is.
    _store: v8::SharedRef<v8::BackingStore>,
    _kind: PhantomData<T>,
}

impl<T: Plain> SharedArray<T> {
    /// The numbers in `store`, from its beginning.
    pub fn new(store: v8::SharedRef<v8::BackingStore>) -> Self {
        let data = store.data().map(NonNull::cast::<T>).filter(|data| data.is_aligned());
        let length = store.byte_length() / size_of::<T>();
        SharedArray { data, length, _store: store, _kind: PhantomData }
    }

    /// The number at `index`.
    ///
    /// # Panics
    /// Where the array is shorter.
    pub fn get(&self, index: usize) -> T {
        let Some(data) = self.data.filter(|_| index < self.length) else {
            panic!("the array that JavaScript shares is too short")
        };
        let place = data.as_ptr().wrapping_add(index);
        // SAFETY: the memory has `length` aligned numbers, which any bytes are, and lives as long as
        // `_store`; the index is below `length`.
        unsafe { place.read_volatile() }
    }
}
