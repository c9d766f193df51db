//! Safe functions over the parts of OpenSSL for which the `openssl` crate has none: algorithms that are looked up
//! once a process, contexts that are used again, message authentication, key derivation.

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
mod pbkdf2;
pub mod pkcs12;
pub mod pkey;
pub mod random;
pub mod spkac;
pub mod store;
pub mod x509;

use std::ffi::{CStr, c_char, c_int};
use std::sync::Once;

/// Not in `openssl-sys`: no configuration file is read, whose place OpenSSL has compiled in.
const INIT_NO_LOAD_CONFIG: u64 = 0x80;
const INIT_LOAD_CONFIG: u64 = 0x40;

unsafe extern "C" {
    fn OPENSSL_INIT_new() -> *mut openssl_sys::OPENSSL_INIT_SETTINGS;
    fn OPENSSL_INIT_free(settings: *mut openssl_sys::OPENSSL_INIT_SETTINGS);
    fn OPENSSL_INIT_set_config_filename(
        settings: *mut openssl_sys::OPENSSL_INIT_SETTINGS,
        file: *const c_char,
    ) -> c_int;
    fn OPENSSL_INIT_set_config_appname(
        settings: *mut openssl_sys::OPENSSL_INIT_SETTINGS,
        section: *const c_char,
    ) -> c_int;
}

/// Begins the library in the one way that this process wants it: without a configuration file and without a
/// handler at the process's end. To be called before anything else of OpenSSL, any number of times.
pub fn init() {
    begin(None);
}

/// The same with a configuration file, where this is the first call: its section `nodejs_conf` counts.
pub fn init_with(file: &CStr) {
    begin(Some(file));
}

fn begin(file: Option<&CStr>) {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let options = openssl_sys::OPENSSL_INIT_NO_ATEXIT | openssl_sys::OPENSSL_INIT_LOAD_SSL_STRINGS;
        let Some(file) = file else {
            // SAFETY: settings may be null, and `Once` lets one thread in.
            unsafe { openssl_sys::OPENSSL_init_ssl(options | INIT_NO_LOAD_CONFIG, std::ptr::null()) };
            return;
        };
        // SAFETY: it takes nothing.
        let settings = unsafe { OPENSSL_INIT_new() };
        // SAFETY: the settings are new or null, the name is a C string.
        unsafe { OPENSSL_INIT_set_config_filename(settings, file.as_ptr()) };
        // SAFETY: the settings are new or null, the name is a C string.
        unsafe { OPENSSL_INIT_set_config_appname(settings, c"nodejs_conf".as_ptr()) };
        // SAFETY: the settings are valid or null, and `Once` lets one thread in.
        unsafe { openssl_sys::OPENSSL_init_ssl(options | INIT_LOAD_CONFIG, settings) };
        // SAFETY: they are freed once.
        unsafe { OPENSSL_INIT_free(settings) };
    });
}

/// Adds an error to this thread's queue: its library and its reason by OpenSSL's numbers.
pub fn report(library: i32, reason: i32) {
    // SAFETY: it takes nothing.
    unsafe { openssl_sys::ERR_new() };
    // SAFETY: without a format nothing else is read.
    unsafe { openssl_sys::ERR_set_error(library, reason, std::ptr::null()) };
}
