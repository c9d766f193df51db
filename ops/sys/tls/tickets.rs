//! What the tickets of sessions are encrypted with: AES-128-CBC, authenticated by HMAC-SHA-256.

use std::ffi::{c_int, c_uchar};

use openssl_sys as sys;

use super::connection::{Shared, shared_of};
use super::ffi;

/// The length of a key's name, of either key and of an initialization vector.
pub const PART: usize = 16;

/// The keys of a ticket.
pub struct TicketKeys {
    /// By which the keys are found again.
    pub name: [u8; PART],
    /// Of the authentication.
    pub mac: [u8; PART],
    /// Of the encryption.
    pub cipher: [u8; PART],
    /// Of a ticket to be made.
    pub iv: [u8; PART],
    /// The library's number for what is to become of the ticket: 1 to go on, 2 to renew it as well, 0 where there are no
    /// keys for it.
    pub verdict: c_int,
}

/// The keys of the connection's first context, so that several processes with the same keys understand each other.
fn own_keys(shared: &Shared, given: Option<[u8; PART]>) -> Option<TicketKeys> {
    let keys = shared.context.ticket_keys();
    let part = |number: usize| {
        let mut part = [0; PART];
        part.copy_from_slice(&keys[number * PART..(number + 1) * PART]);
        part
    };
    let name = part(0);
    let verdict = c_int::from(given.is_none_or(|given| given == name));
    let mut iv = [0; PART];
    if given.is_none() {
        openssl::rand::rand_bytes(&mut iv).ok()?;
    }
    Some(TicketKeys { name, mac: part(1), cipher: part(2), iv, verdict })
}

/// Called for each ticket that is made or read.
pub(super) unsafe extern "C" fn keys(
    ssl: *mut sys::SSL,
    name: *mut c_uchar,
    iv: *mut c_uchar,
    cipher: *mut sys::EVP_CIPHER_CTX,
    mac: *mut ffi::EvpMacCtx,
    encrypt: c_int,
) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    let Some(shared) = (unsafe { shared_of(ssl) }) else { return -1 };
    let is_new = encrypt != 0;
    // SAFETY: the library has room for a name of this length, of which a ticket that is read has one.
    let name = unsafe { &mut *name.cast::<[u8; PART]>() };
    // SAFETY: there is room for the longest initialization vector, and this cipher's is no longer.
    let iv = unsafe { &mut *iv.cast::<[u8; PART]>() };
    let keys = match shared.events.upgrade().filter(|_| shared.context.asks_for_ticket_keys()) {
        Some(events) => events.ticket_keys(name, iv, is_new),
        None => own_keys(shared, (!is_new).then_some(*name)),
    };
    let Some(keys) = keys else { return -1 };
    if is_new {
        *name = keys.name;
        *iv = keys.iv;
    }
    if keys.verdict > 0 && !set_keys(cipher, mac, &keys, iv, is_new) {
        return -1;
    }
    keys.verdict
}

fn set_keys(
    cipher: *mut sys::EVP_CIPHER_CTX,
    mac: *mut ffi::EvpMacCtx,
    keys: &TicketKeys,
    iv: &[u8; PART],
    is_new: bool,
) -> bool {
    // SAFETY: no conditions.
    let algorithm = unsafe { sys::EVP_aes_128_cbc() };
    let (engine, key) = (std::ptr::null_mut(), keys.cipher.as_ptr());
    // SAFETY: the context is the library's; key and vector have the cipher's lengths.
    let ready =
        unsafe { sys::EVP_CipherInit_ex(cipher, algorithm, engine, key, iv.as_ptr(), c_int::from(is_new)) };
    let key = keys.mac.as_ptr().cast_mut().cast();
    // SAFETY: the name of the parameter is static; the key outlives the call, which copies it.
    let key = unsafe { sys::OSSL_PARAM_construct_octet_string(c"key".as_ptr(), key, PART) };
    // SAFETY: both strings are static, and the call only reads them.
    let digest = unsafe {
        ffi::OSSL_PARAM_construct_utf8_string(c"digest".as_ptr(), c"SHA256".as_ptr().cast_mut(), 0)
    };
    // SAFETY: no conditions.
    let end = unsafe { sys::OSSL_PARAM_construct_end() };
    let parameters = [key, digest, end];
    // SAFETY: the context is alive, and the list has its end.
    ready == 1 && unsafe { ffi::EVP_MAC_CTX_set_params(mac, parameters.as_ptr()) } == 1
}
