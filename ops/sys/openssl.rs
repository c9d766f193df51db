//! Safe functions over the parts of OpenSSL for which the `openssl` crate has none: algorithms that are looked up
//! once a process, contexts that are used again, message authentication, key derivation.

pub mod arguments;
mod bindings;
pub mod cipher;
pub mod curve;
pub mod dh;
pub mod digest;
pub mod kdf;
pub mod library;
pub mod mac;
pub mod operation;
pub mod params;
pub mod pkey;
pub mod random;
pub mod spkac;
pub mod store;
pub mod x509;

use std::sync::Once;

/// Not in `openssl-sys`: no configuration file is read, whose place OpenSSL has compiled in.
const INIT_NO_LOAD_CONFIG: u64 = 0x80;

/// Begins the library in the one way that this process wants it: without a configuration file and without a
/// handler at the process's end. To be called before anything else of OpenSSL, any number of times.
pub fn init() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let options = openssl_sys::OPENSSL_INIT_NO_ATEXIT
            | openssl_sys::OPENSSL_INIT_LOAD_SSL_STRINGS
            | INIT_NO_LOAD_CONFIG;
        // SAFETY: settings may be null, and `Once` lets one thread in.
        unsafe { openssl_sys::OPENSSL_init_ssl(options, std::ptr::null()) };
    });
}

/// Adds an error to this thread's queue: its library and its reason by OpenSSL's numbers.
pub fn report(library: i32, reason: i32) {
    // SAFETY: it takes nothing.
    unsafe { openssl_sys::ERR_new() };
    // SAFETY: without a format nothing else is read.
    unsafe { openssl_sys::ERR_set_error(library, reason, std::ptr::null()) };
}
