//! What asymmetric keys do: signatures, encryption, agreement and encapsulation of secrets.

use std::ffi::{CStr, c_int, c_uchar};
use std::ptr;

use foreign_types::ForeignType;
use openssl::error::ErrorStack;
use openssl::md_ctx::MdCtx;
use openssl_sys as ffi;

use super::bindings;
use super::params::Params;
use super::pkey::{Context, Key, check};

/// Signs a message. Without a name of a digest it is the one that the key itself determines, if any.
pub fn sign(
    key: &Key,
    digest: Option<&CStr>,
    params: &Params<'_>,
    message: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let context = MdCtx::new()?;
    let params = params.build();
    // SAFETY: context, name, key and list are live ones.
    check(unsafe {
        bindings::EVP_DigestSignInit_ex(
            context.as_ptr(),
            ptr::null_mut(),
            digest.map_or(ptr::null(), CStr::as_ptr),
            ptr::null_mut(),
            ptr::null(),
            key.as_ptr(),
            params.as_ptr(),
        )
    })?;
    let mut length = 0;
    // SAFETY: without a buffer the length is asked for.
    check(unsafe {
        ffi::EVP_DigestSign(
            context.as_ptr(),
            ptr::null_mut(),
            &raw mut length,
            message.as_ptr(),
            message.len(),
        )
    })?;
    let mut signature = vec![0; length];
    // SAFETY: the buffer has that many bytes.
    check(unsafe {
        ffi::EVP_DigestSign(
            context.as_ptr(),
            signature.as_mut_ptr(),
            &raw mut length,
            message.as_ptr(),
            message.len(),
        )
    })?;
    signature.truncate(length);
    Ok(signature)
}

/// Whether a signature is that of a message.
pub fn verify(
    key: &Key,
    digest: Option<&CStr>,
    params: &Params<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let context = MdCtx::new()?;
    let params = params.build();
    // SAFETY: context, name, key and list are live ones.
    check(unsafe {
        bindings::EVP_DigestVerifyInit_ex(
            context.as_ptr(),
            ptr::null_mut(),
            digest.map_or(ptr::null(), CStr::as_ptr),
            ptr::null_mut(),
            ptr::null(),
            key.as_ptr(),
            params.as_ptr(),
        )
    })?;
    // SAFETY: the context is a live one, and the lengths are those of the slices.
    let result = unsafe {
        ffi::EVP_DigestVerify(
            context.as_ptr(),
            signature.as_ptr(),
            signature.len(),
            message.as_ptr(),
            message.len(),
        )
    };
    drop(ErrorStack::get());
    Ok(result == 1)
}

type Initialize = unsafe extern "C" fn(*mut ffi::EVP_PKEY_CTX, *const ffi::OSSL_PARAM) -> c_int;
type Transform =
    unsafe extern "C" fn(*mut ffi::EVP_PKEY_CTX, *mut c_uchar, *mut usize, *const c_uchar, usize) -> c_int;

/// An operation that makes bytes of bytes: the length is asked for first.
fn transform(
    key: &Key,
    initialize: Initialize,
    transform: Transform,
    params: &Params<'_>,
    input: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let context = Context::of_key(key)?;
    let params = params.build();
    // SAFETY: context and list are live ones.
    check(unsafe { initialize(context.as_ptr(), params.as_ptr()) })?;
    let mut length = 0;
    // SAFETY: without a buffer the length is asked for.
    check(unsafe {
        transform(context.as_ptr(), ptr::null_mut(), &raw mut length, input.as_ptr(), input.len())
    })?;
    let mut output = vec![0; length];
    // SAFETY: the buffer has that many bytes.
    check(unsafe {
        transform(context.as_ptr(), output.as_mut_ptr(), &raw mut length, input.as_ptr(), input.len())
    })?;
    output.truncate(length);
    Ok(output)
}

/// Signs a digest.
pub fn sign_digest(key: &Key, params: &Params<'_>, digest: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    transform(key, bindings::EVP_PKEY_sign_init_ex, ffi::EVP_PKEY_sign, params, digest)
}

/// Whether a signature is that of a digest. Parameters that do not fit verify nothing.
pub fn verify_digest(
    key: &Key,
    params: &Params<'_>,
    digest: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let context = Context::of_key(key)?;
    let params = params.build();
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_verify_init(context.as_ptr()) })?;
    // SAFETY: context and list are live ones.
    if unsafe { ffi::EVP_PKEY_CTX_set_params(context.as_ptr(), params.as_ptr()) } <= 0 {
        drop(ErrorStack::get());
        return Ok(false);
    }
    // SAFETY: the context is a live one, and the lengths are those of the slices.
    let result = unsafe {
        ffi::EVP_PKEY_verify(
            context.as_ptr(),
            signature.as_ptr(),
            signature.len(),
            digest.as_ptr(),
            digest.len(),
        )
    };
    drop(ErrorStack::get());
    Ok(result == 1)
}

/// Encrypts with the public half.
pub fn encrypt(key: &Key, params: &Params<'_>, input: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    transform(key, bindings::EVP_PKEY_encrypt_init_ex, ffi::EVP_PKEY_encrypt, params, input)
}

/// Decrypts with the private half.
pub fn decrypt(key: &Key, params: &Params<'_>, input: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    transform(key, bindings::EVP_PKEY_decrypt_init_ex, ffi::EVP_PKEY_decrypt, params, input)
}

/// Gives what was signed with the private half.
pub fn recover(key: &Key, params: &Params<'_>, input: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    transform(key, bindings::EVP_PKEY_verify_recover_init_ex, ffi::EVP_PKEY_verify_recover, params, input)
}

/// The secret that two keys agree on.
pub fn derive(key: &Key, peer: &Key, params: &Params<'_>) -> Result<Vec<u8>, ErrorStack> {
    let context = Context::of_key(key)?;
    let params = params.build();
    // SAFETY: context and list are live ones.
    check(unsafe { bindings::EVP_PKEY_derive_init_ex(context.as_ptr(), params.as_ptr()) })?;
    // SAFETY: context and key are live ones.
    check(unsafe { ffi::EVP_PKEY_derive_set_peer(context.as_ptr(), peer.as_ptr()) })?;
    let mut length = 0;
    // SAFETY: without a buffer the length is asked for.
    check(unsafe { ffi::EVP_PKEY_derive(context.as_ptr(), ptr::null_mut(), &raw mut length) })?;
    let mut secret = vec![0; length];
    // SAFETY: the buffer has that many bytes.
    check(unsafe { ffi::EVP_PKEY_derive(context.as_ptr(), secret.as_mut_ptr(), &raw mut length) })?;
    secret.truncate(length);
    Ok(secret)
}

/// A new secret and its encapsulation for the owner of a key.
pub fn encapsulate(key: &Key, params: &Params<'_>) -> Result<(Vec<u8>, Vec<u8>), ErrorStack> {
    let context = Context::of_key(key)?;
    let params = params.build();
    // SAFETY: context and list are live ones.
    check(unsafe { ffi::EVP_PKEY_encapsulate_init(context.as_ptr(), params.as_ptr()) })?;
    let (mut wrapped_length, mut secret_length) = (0, 0);
    // SAFETY: without buffers the lengths are asked for.
    check(unsafe {
        ffi::EVP_PKEY_encapsulate(
            context.as_ptr(),
            ptr::null_mut(),
            &raw mut wrapped_length,
            ptr::null_mut(),
            &raw mut secret_length,
        )
    })?;
    let (mut wrapped, mut secret) = (vec![0; wrapped_length], vec![0; secret_length]);
    // SAFETY: the buffers have that many bytes.
    check(unsafe {
        ffi::EVP_PKEY_encapsulate(
            context.as_ptr(),
            wrapped.as_mut_ptr(),
            &raw mut wrapped_length,
            secret.as_mut_ptr(),
            &raw mut secret_length,
        )
    })?;
    wrapped.truncate(wrapped_length);
    secret.truncate(secret_length);
    Ok((secret, wrapped))
}

/// The secret in an encapsulation.
pub fn decapsulate(key: &Key, params: &Params<'_>, wrapped: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    transform(key, ffi::EVP_PKEY_decapsulate_init, ffi::EVP_PKEY_decapsulate, params, wrapped)
}
