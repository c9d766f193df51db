//! Netscape's signed public keys and challenges.

use std::ffi::{c_char, c_int, c_void};
use std::ptr::NonNull;

use foreign_types::ForeignType;
use openssl::pkey::{PKey, Public};
use openssl_sys as ffi;

/// The beginning of OpenSSL's public structure.
#[repr(C)]
struct Content {
    key: *mut c_void,
    challenge: *mut ffi::ASN1_STRING,
}

/// The beginning of OpenSSL's public structure.
#[repr(C)]
struct Signed {
    content: *mut Content,
}

unsafe extern "C" {
    fn NETSCAPE_SPKI_b64_decode(text: *const c_char, length: c_int) -> *mut Signed;
    fn NETSCAPE_SPKI_free(signed: *mut Signed);
    fn NETSCAPE_SPKI_get_pubkey(signed: *mut Signed) -> *mut ffi::EVP_PKEY;
    fn NETSCAPE_SPKI_verify(signed: *mut Signed, key: *mut ffi::EVP_PKEY) -> c_int;
}

/// A key and a challenge that its owner has signed.
pub struct Spkac(NonNull<Signed>);

impl Drop for Spkac {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { NETSCAPE_SPKI_free(self.0.as_ptr()) };
    }
}

impl Spkac {
    /// Reads it from base64.
    pub fn decode(text: &[u8]) -> Option<Spkac> {
        super::init();
        let length = c_int::try_from(text.len()).ok().filter(|length| *length > 0)?;
        // SAFETY: the pointer has as many bytes.
        let signed = unsafe { NETSCAPE_SPKI_b64_decode(text.as_ptr().cast(), length) };
        NonNull::new(signed).map(Spkac)
    }

    /// The key.
    pub fn key(&self) -> Option<PKey<Public>> {
        // SAFETY: the structure is valid.
        let key = unsafe { NETSCAPE_SPKI_get_pubkey(self.0.as_ptr()) };
        // SAFETY: the function has counted the reference that is handed over.
        NonNull::new(key).map(|key| unsafe { PKey::from_ptr(key.as_ptr()) })
    }

    /// Whether the key's owner has signed it.
    pub fn is_genuine(&self) -> bool {
        let Some(key) = self.key() else { return false };
        // SAFETY: both are valid.
        unsafe { NETSCAPE_SPKI_verify(self.0.as_ptr(), key.as_ptr()) > 0 }
    }

    /// The challenge.
    pub fn challenge(&self) -> Vec<u8> {
        // SAFETY: the structure begins with a pointer to its content, which decoding has set.
        let content = unsafe { (*self.0.as_ptr()).content };
        // SAFETY: the content begins with key and challenge, which decoding has set.
        let challenge = unsafe { (*content).challenge };
        // SAFETY: the challenge is a string of OpenSSL's.
        let length = unsafe { ffi::ASN1_STRING_length(challenge) };
        // SAFETY: as above.
        let data = unsafe { ffi::ASN1_STRING_get0_data(challenge) };
        if data.is_null() {
            return Vec::new();
        }
        // SAFETY: the string has as many bytes at its data.
        unsafe { std::slice::from_raw_parts(data, usize::try_from(length).unwrap_or(0)) }.to_vec()
    }
}
