//! The library as a whole: memory for secrets, FIPS.

use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;

use crate::bind::Host;
use crate::bind::state::OptionValue;
use crate::crypto::error::CryptoError;
use crate::sys::openssl::{init, init_with, library, random};

/// Begins the library, with the configuration file that the command line or the environment names.
pub(super) fn begin(host: &Host) {
    let file = match host.option("--openssl-config") {
        Some(OptionValue::Text(file)) => CString::new(file.as_str()).ok(),
        _ => {
            let env = crate::bind::task::lock(&host.env);
            let file = env.get(OsStr::new("OPENSSL_CONF")).filter(|file| !file.is_empty());
            file.and_then(|file: &std::ffi::OsString| CString::new(file.as_bytes()).ok())
        }
    };
    match file {
        Some(file) => init_with(&file),
        None => init(),
    }
    // A file that is not there or is none changes nothing.
    let _ = CryptoError::peek("");
}

/// `isRandom()`: whether the library can make random bytes, which depends on its configuration.
pub(super) fn is_random() -> bool {
    let works = random::fill(&mut [0; 1]);
    let _ = CryptoError::peek("");
    works
}

/// `beginSecureHeap(size, minimum)`: whether there is such memory.
pub(super) fn begin_secure_heap(size: u32, minimum: u32) -> bool {
    library::begin_secure_heap(size as usize, minimum as usize)
}

/// `secureHeapUsed()`: bytes; undefined where no memory is set aside.
pub(super) fn secure_heap_used() -> Option<usize> {
    library::secure_heap_used()
}

/// `isFipsEnabled()`
pub(super) fn is_fips_enabled() -> bool {
    library::is_fips_enabled()
}

/// `enableFips(enable)`
pub(super) fn enable_fips(enable: bool) -> Result<(), CryptoError> {
    if library::enable_fips(enable) { Ok(()) } else { Err(CryptoError::peek("Operation failed")) }
}
