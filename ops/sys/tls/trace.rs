//! The messages of a connection in words, for people who look for what is wrong with it.

use std::ffi::{c_char, c_int, c_void};

use openssl_sys as sys;

use super::callbacks::events;
use super::ffi;

/// Called for each message and each header that is sent or received.
pub(super) unsafe extern "C" fn message(
    is_sent: c_int,
    version: c_int,
    kind: c_int,
    data: *const c_void,
    length: usize,
    ssl: *mut sys::SSL,
    _: *mut c_void,
) {
    // SAFETY: the library calls back with a connection of ours.
    let Some(events) = (unsafe { events(ssl) }) else { return };
    // SAFETY: no conditions.
    let memory = unsafe { sys::BIO_s_mem() };
    // SAFETY: the method is one of the library's.
    let bio = unsafe { sys::BIO_new(memory) };
    if bio.is_null() {
        return;
    }
    // SAFETY: everything is as the library has given it, but for the place of the words, which it takes at the end.
    unsafe { ffi::SSL_trace(is_sent, version, kind, data, length, ssl, bio.cast()) };
    let mut words: *mut c_char = std::ptr::null_mut();
    // SAFETY: the place of the words is alive, and in memory.
    let length = unsafe { sys::BIO_get_mem_data(bio, &raw mut words) };
    if let Ok(length @ 1..) = usize::try_from(length) {
        // SAFETY: the words have that length, and stay until they are freed below.
        events.trace(unsafe { std::slice::from_raw_parts(words.cast(), length) });
    }
    // SAFETY: this is the last use.
    unsafe { sys::BIO_free_all(bio) };
}
