//! Random bytes, and comparison in a time that tells nothing of the bytes.

use std::ffi::c_int;

use openssl_sys as ffi;

/// Fills the output with random bytes.
pub fn fill(output: &mut [u8]) -> bool {
    super::init();
    output.chunks_mut(c_int::MAX as usize).all(|part| {
        // SAFETY: the part has as many bytes, which fit into the number.
        unsafe { ffi::RAND_bytes(part.as_mut_ptr(), part.len() as c_int) == 1 }
    })
}

/// Whether two slices of one length are equal.
pub fn is_equal(a: &[u8], b: &[u8]) -> bool {
    assert_eq!(a.len(), b.len(), "only slices of one length are compared");
    // SAFETY: both have as many bytes.
    unsafe { ffi::CRYPTO_memcmp(a.as_ptr().cast(), b.as_ptr().cast(), a.len()) == 0 }
}
