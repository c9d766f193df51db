//! The library as a whole: memory for secrets, FIPS.

use crate::crypto::error::CryptoError;
use crate::sys::openssl::library;

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
