//! What JavaScript does with asymmetric keys: signatures, encryption, agreement and encapsulation of secrets.

use std::ffi::CString;

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;

use super::error::CryptoError;
use super::hash::numbered;
use super::keys::KeyHandle;
use crate::bind::error::ErrorClass;
use crate::bind::view::View;
use crate::bind::{Binding, Bytes};
use crate::binding;
use crate::sys::openssl::operation;
use crate::sys::openssl::params::{Params, Value};
use crate::sys::openssl::pkey::{self, Key, c_text};

/// `internalBinding('crypto_operations')`; handles and lists of parameters are those of `crypto_keys`.
pub const BINDING: Binding = binding! {
    "crypto_operations",
    sync: [sign_digest, verify_digest],
    both: [sign, verify, encrypt, decrypt, recover, sign_raw, derive, encapsulate, decapsulate],
};

/// How many bytes each of the two numbers of a signature takes; 0 where signatures are not made of numbers.
fn number_length(key: &Key) -> i32 {
    let bits = match pkey::type_name(key).as_str() {
        "EC" | "SM2" => key.bits() as i32,
        "DSA" => pkey::number(key, c"q").map_or(0, |order| order.num_bits()),
        _ => 0,
    };
    (bits + 7) / 8
}

/// A signature of two numbers as IEEE P1363 has it.
fn to_p1363(key: &Key, signature: Vec<u8>) -> Result<Vec<u8>, ErrorStack> {
    let length = number_length(key);
    if length == 0 {
        return Ok(signature);
    }
    let parsed = EcdsaSig::from_der(&signature)?;
    let mut bytes = parsed.r().to_vec_padded(length)?;
    bytes.extend(parsed.s().to_vec_padded(length)?);
    Ok(bytes)
}

/// And back; none where it has another length.
fn from_p1363(key: &Key, signature: &[u8]) -> Option<Vec<u8>> {
    let length = number_length(key) as usize;
    if length == 0 {
        return Some(signature.to_vec());
    }
    if signature.len() != 2 * length {
        return None;
    }
    let (r, s) = signature.split_at(length);
    let parsed =
        EcdsaSig::from_private_components(BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?).ok()?;
    parsed.to_der().ok()
}

fn digest_name(number: Option<u32>) -> Option<CString> {
    number.map(|number| c_text(&numbered(number).name()))
}

fn finish_signature(
    key: &Key,
    signature: Result<Vec<u8>, ErrorStack>,
    p1363: bool,
) -> Result<Bytes, CryptoError> {
    signature
        .and_then(|signature| if p1363 { to_p1363(key, signature) } else { Ok(signature) })
        .map(Bytes)
        .map_err(|stack| CryptoError::taken(&stack, "Signing failed"))
}

/// `sign(handle, digest, params, data, p1363)`: without a digest's number the key determines it.
fn sign(
    handle: KeyHandle,
    digest: Option<u32>,
    params: Params<'static>,
    data: View,
    p1363: bool,
) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    let signature = operation::sign(&handle.key, digest_name(digest).as_deref(), &params, data.bytes());
    finish_signature(&handle.key, signature, p1363)
}

/// `verify(handle, digest, params, data, signature, p1363)`
fn verify(
    handle: KeyHandle,
    digest: Option<u32>,
    params: Params<'static>,
    data: View,
    signature: View,
    p1363: bool,
) -> Result<bool, CryptoError> {
    drop(ErrorStack::get());
    let digest = digest_name(digest);
    let result = if p1363 {
        let Some(signature) = from_p1363(&handle.key, signature.bytes()) else { return Ok(false) };
        operation::verify(&handle.key, digest.as_deref(), &params, data.bytes(), &signature)
    } else {
        operation::verify(&handle.key, digest.as_deref(), &params, data.bytes(), signature.bytes())
    };
    result.map_err(|stack| CryptoError::taken(&stack, "Verification failed"))
}

/// `signDigest(handle, digest, params, hash, p1363)`
fn sign_digest(
    handle: KeyHandle,
    digest: u32,
    mut params: Params<'static>,
    hash: View,
    p1363: bool,
) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    params.push("digest", Value::Text(c_text(&numbered(digest).name())));
    finish_signature(&handle.key, operation::sign_digest(&handle.key, &params, hash.bytes()), p1363)
}

/// `verifyDigest(handle, digest, params, hash, signature, p1363)`: parameters that do not fit verify nothing.
fn verify_digest(
    handle: KeyHandle,
    digest: u32,
    mut params: Params<'static>,
    hash: View,
    signature: View,
    p1363: bool,
) -> Result<bool, CryptoError> {
    drop(ErrorStack::get());
    params.push("digest", Value::Text(c_text(&numbered(digest).name())));
    let result = if p1363 {
        let Some(signature) = from_p1363(&handle.key, signature.bytes()) else { return Ok(false) };
        operation::verify_digest(&handle.key, &params, hash.bytes(), &signature)
    } else {
        operation::verify_digest(&handle.key, &params, hash.bytes(), signature.bytes())
    };
    result.map_err(|stack| CryptoError::taken(&stack, "Verification failed"))
}

fn finished(result: Result<Vec<u8>, ErrorStack>, message: &str) -> Result<Bytes, CryptoError> {
    result.map(Bytes).map_err(|stack| CryptoError::taken(&stack, message))
}

fn encrypt(handle: KeyHandle, params: Params<'static>, data: View) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    finished(operation::encrypt(&handle.key, &params, data.bytes()), "Encryption failed")
}

fn decrypt(handle: KeyHandle, params: Params<'static>, data: View) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    finished(operation::decrypt(&handle.key, &params, data.bytes()), "Decryption failed")
}

/// What was encrypted with a private key.
fn recover(handle: KeyHandle, params: Params<'static>, data: View) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    finished(operation::recover(&handle.key, &params, data.bytes()), "Decryption failed")
}

/// Encrypts with a private key: a signature without a digest.
fn sign_raw(handle: KeyHandle, params: Params<'static>, data: View) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    finished(operation::sign_digest(&handle.key, &params, data.bytes()), "Encryption failed")
}

fn failed(message: &str) -> CryptoError {
    CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message)
}

fn operation_failed(stack: &ErrorStack, message: &str) -> CryptoError {
    match stack.errors() {
        [] => failed(message),
        _ => CryptoError::taken(stack, message),
    }
}

/// `derive(handle, peer, params)`
fn derive(handle: KeyHandle, peer: KeyHandle, params: Params<'static>) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    operation::derive(&handle.key, &peer.key, &params)
        .map(Bytes)
        .map_err(|stack| operation_failed(&stack, "diffieHellman failed"))
}

/// `encapsulate(handle, params)`: `[secret, ciphertext]`
fn encapsulate(handle: KeyHandle, params: Params<'static>) -> Result<(Bytes, Bytes), CryptoError> {
    drop(ErrorStack::get());
    operation::encapsulate(&handle.key, &params)
        .map(|(secret, wrapped)| (Bytes(secret), Bytes(wrapped)))
        .map_err(|_| failed("Encapsulation failed"))
}

/// `decapsulate(handle, params, ciphertext)`
fn decapsulate(handle: KeyHandle, params: Params<'static>, wrapped: View) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    operation::decapsulate(&handle.key, &params, wrapped.bytes())
        .map(Bytes)
        .map_err(|_| failed("Decapsulation failed"))
}
