//! The wire of a TLS connection: ciphertext comes from a slice that the caller lends and goes into a
//! vector, so that neither is copied more often than the library itself copies it.

use std::cell::{Cell, RefCell};
use std::ffi::{c_char, c_int, c_long, c_void};
use std::ptr::NonNull;
use std::sync::OnceLock;

use openssl_sys as sys;

/// Ciphertext on its way in and out.
#[derive(Default)]
pub struct Wire {
    /// What an earlier call has left, before `lent`.
    left: RefCell<Vec<u8>>,
    left_read: Cell<usize>,
    lent: Cell<Option<(NonNull<u8>, usize)>>,
    /// What came while `lent` was being read.
    later: RefCell<Vec<u8>>,
    output: RefCell<Vec<u8>>,
    /// Nothing more is read for now.
    held: Cell<bool>,
}

impl Wire {
    /// Lends `input` to the connection while `work` runs; what is not read by then is kept.
    pub fn lend<R>(&self, input: &[u8], work: impl FnOnce() -> R) -> R {
        if self.lent.get().is_some() {
            self.later.borrow_mut().extend_from_slice(input);
            return work();
        }
        self.lent.set(Some((NonNull::from(input).cast(), input.len())));
        let _guard = TakeBack(self);
        work()
    }

    /// Whether ciphertext waits to be read.
    pub fn has_input(&self) -> bool {
        self.left_read.get() < self.left.borrow().len()
            || self.lent.get().is_some_and(|(_, length)| length > 0)
    }

    /// Gives the connection nothing more to read until [`Wire::release`].
    pub(super) fn hold(&self) {
        self.held.set(true);
    }

    /// Lets it go on; whether it was held.
    pub fn release(&self) -> bool {
        self.held.replace(false)
    }

    /// Takes what has been written.
    pub fn take_output(&self) -> Vec<u8> {
        self.output.take()
    }

    /// Whether something has been written.
    pub fn has_output(&self) -> bool {
        !self.output.borrow().is_empty()
    }

    /// Offers the room of what has been sent for the next output.
    pub fn reuse(&self, mut room: Vec<u8>) {
        let mut output = self.output.borrow_mut();
        if output.capacity() == 0 {
            room.clear();
            *output = room;
        }
    }

    fn read(&self, room: &mut [u8]) -> usize {
        if self.held.get() {
            return 0;
        }
        let mut left = self.left.borrow_mut();
        let start = self.left_read.get();
        if start < left.len() {
            let count = room.len().min(left.len() - start);
            room[..count].copy_from_slice(&left[start..start + count]);
            if start + count == left.len() {
                left.clear();
                self.left_read.set(0);
            } else {
                self.left_read.set(start + count);
            }
            return count;
        }
        let Some((data, length)) = self.lent.get() else { return 0 };
        let count = room.len().min(length);
        // SAFETY: `lend` holds a slice of `length` bytes at `data` as long as `lent` is set; the room is the
        // library's own memory.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), room.as_mut_ptr(), count) };
        // SAFETY: `count` is at most `length`.
        let rest = unsafe { data.add(count) };
        self.lent.set(Some((rest, length - count)));
        count
    }

    fn keep_rest(&self) {
        let mut left = self.left.borrow_mut();
        if let Some((data, length)) = self.lent.take()
            && length > 0
        {
            left.drain(..self.left_read.replace(0));
            // SAFETY: as in `read`; the guard that calls this lives as long as the lent slice.
            left.extend_from_slice(unsafe { std::slice::from_raw_parts(data.as_ptr(), length) });
        }
        left.append(&mut self.later.borrow_mut());
    }
}

/// Ends the lending, also where `work` panics.
struct TakeBack<'a>(&'a Wire);

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        self.0.keep_rest();
    }
}

/// The kind of BIO that reads and writes a [`Wire`].
struct Method(NonNull<sys::BIO_METHOD>);

// SAFETY: the method is never changed after it was made.
unsafe impl Send for Method {}
// SAFETY: as above.
unsafe impl Sync for Method {}

/// The number of our kind of BIO: a source and sink that is none of the library's.
const KIND: c_int = 0x0400 | 100;

fn method() -> Option<NonNull<sys::BIO_METHOD>> {
    static METHOD: OnceLock<Option<Method>> = OnceLock::new();
    let method = METHOD.get_or_init(|| {
        // SAFETY: the name is a static string.
        let method = NonNull::new(unsafe { sys::BIO_meth_new(KIND, c"wire".as_ptr()) })?;
        // SAFETY: the method was just made, and the functions have the types that it calls.
        unsafe { sys::BIO_meth_set_read__fixed_rust(method.as_ptr(), Some(read)) };
        // SAFETY: as above.
        unsafe { sys::BIO_meth_set_write__fixed_rust(method.as_ptr(), Some(write)) };
        // SAFETY: as above.
        unsafe { sys::BIO_meth_set_ctrl__fixed_rust(method.as_ptr(), Some(control)) };
        Some(Method(method))
    });
    method.as_ref().map(|method| method.0)
}

/// A BIO over `wire`.
///
/// # Safety
/// `wire` has to live as long as the BIO.
pub(super) unsafe fn over(wire: &Wire) -> Option<NonNull<sys::BIO>> {
    // SAFETY: the method is complete and never freed.
    let bio = NonNull::new(unsafe { sys::BIO_new(method()?.as_ptr()) })?;
    // SAFETY: the BIO was just made; its data is only read as a `Wire`.
    unsafe { sys::BIO_set_data(bio.as_ptr(), std::ptr::from_ref(wire).cast_mut().cast()) };
    // SAFETY: as above.
    unsafe { sys::BIO_set_init(bio.as_ptr(), 1) };
    Some(bio)
}

/// # Safety
/// `bio` is one of `over`'s.
unsafe fn wire_of<'a>(bio: *mut sys::BIO) -> &'a Wire {
    // SAFETY: the BIO is alive.
    let data = unsafe { sys::BIO_get_data(bio) };
    // SAFETY: `over` has set the data, and its caller keeps it alive.
    unsafe { &*data.cast::<Wire>() }
}

unsafe extern "C" fn read(bio: *mut sys::BIO, room: *mut c_char, length: c_int) -> c_int {
    // SAFETY: the library calls back with a BIO of this method.
    let wire = unsafe { wire_of(bio) };
    // SAFETY: the library gives room for `length` bytes.
    let room = unsafe { std::slice::from_raw_parts_mut(room.cast(), usize::try_from(length).unwrap_or(0)) };
    // SAFETY: the BIO is alive.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    let count = wire.read(room);
    if count == 0 {
        // SAFETY: the BIO is alive.
        unsafe { sys::BIO_set_retry_read(bio) };
        return -1;
    }
    count as c_int
}

unsafe extern "C" fn write(bio: *mut sys::BIO, data: *const c_char, length: c_int) -> c_int {
    // SAFETY: the library calls back with a BIO of this method.
    let wire = unsafe { wire_of(bio) };
    // SAFETY: the library gives `length` bytes.
    let data = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), usize::try_from(length).unwrap_or(0)) };
    // SAFETY: the BIO is alive.
    unsafe { sys::BIO_clear_retry_flags(bio) };
    wire.output.borrow_mut().extend_from_slice(data);
    length
}

unsafe extern "C" fn control(_: *mut sys::BIO, command: c_int, _: c_long, _: *mut c_void) -> c_long {
    // Nothing is buffered here that flushing would move on.
    c_long::from(command == sys::BIO_CTRL_FLUSH)
}
