//! Archives of keys and certificates.

use std::ffi::c_int;

use foreign_types::ForeignType;
use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl_sys as ffi;

unsafe extern "C" {
    fn d2i_PKCS12_bio(source: *mut ffi::BIO, archive: *mut *mut ffi::PKCS12) -> *mut ffi::PKCS12;
}

/// Reads an archive as a stream is read, which tells what has been cut off from what is something else.
pub fn decode(bytes: &[u8]) -> Result<Pkcs12, ErrorStack> {
    super::init();
    let length = c_int::try_from(bytes.len()).unwrap_or(c_int::MAX);
    // SAFETY: the bytes outlive the source, which only reads them.
    let source = unsafe { ffi::BIO_new_mem_buf(bytes.as_ptr().cast(), length) };
    if source.is_null() {
        return Err(ErrorStack::get());
    }
    // SAFETY: the source is valid, and null asks for a new archive.
    let archive = unsafe { d2i_PKCS12_bio(source, std::ptr::null_mut()) };
    // SAFETY: it is freed once.
    unsafe { ffi::BIO_free_all(source) };
    if archive.is_null() {
        return Err(ErrorStack::get());
    }
    // SAFETY: the archive is new and nobody else's.
    Ok(unsafe { Pkcs12::from_ptr(archive) })
}
