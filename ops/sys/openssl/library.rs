//! The library as a whole: memory for secrets, and whether only algorithms approved for FIPS are looked up.

use std::ffi::{CStr, c_char, c_int};

use openssl_sys as ffi;

unsafe extern "C" {
    fn CRYPTO_secure_malloc_init(size: usize, minimum: usize) -> c_int;
    fn CRYPTO_secure_malloc_initialized() -> c_int;
    fn CRYPTO_secure_used() -> usize;
    fn OpenSSL_version(kind: c_int) -> *const c_char;
}

/// Asks for the numbers of the version alone.
const VERSION_STRING: c_int = 6;

/// The version of the library that is linked, such as `3.5.0`.
pub fn version() -> &'static str {
    // SAFETY: it takes a number, and needs no initialisation of the library.
    let text = unsafe { OpenSSL_version(VERSION_STRING) };
    // SAFETY: the texts are static strings.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or_default()
}

/// Sets memory aside for secrets, once a process. Both numbers are powers of two.
pub fn begin_secure_heap(size: usize, minimum: usize) -> bool {
    super::init();
    // SAFETY: it takes numbers.
    unsafe { CRYPTO_secure_malloc_init(size, minimum) != 0 }
}

/// How much of the memory for secrets is in use; None where there is none.
pub fn secure_heap_used() -> Option<usize> {
    // SAFETY: it takes nothing.
    if unsafe { CRYPTO_secure_malloc_initialized() } != 1 {
        return None;
    }
    // SAFETY: it takes nothing.
    Some(unsafe { CRYPTO_secure_used() })
}

/// Whether only approved algorithms are looked up.
pub fn is_fips_enabled() -> bool {
    // SAFETY: null stands for the default library.
    unsafe { ffi::EVP_default_properties_is_fips_enabled(std::ptr::null_mut()) == 1 }
}

/// Decides whether only approved algorithms are looked up.
pub fn enable_fips(enable: bool) -> bool {
    // SAFETY: null stands for the default library.
    unsafe { ffi::EVP_default_properties_enable_fips(std::ptr::null_mut(), c_int::from(enable)) == 1 }
}
