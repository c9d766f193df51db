//! Keys from passwords and from other keys.

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use openssl_sys as ffi;

use super::digest::Digest;
use super::params::{Params, Value};

/// Bytes for a function of OpenSSL that takes null for something else than none.
fn pointer(bytes: &[u8]) -> *const u8 {
    if bytes.is_empty() { c"".as_ptr().cast() } else { bytes.as_ptr() }
}

/// PBKDF2 with HMAC.
pub fn pbkdf2(digest: Digest, password: &[u8], salt: &[u8], iterations: u32, output: &mut [u8]) -> bool {
    let (Ok(rounds), Ok(password_length), Ok(salt_length), Ok(length)) = (
        c_int::try_from(iterations),
        c_int::try_from(password.len()),
        c_int::try_from(salt.len()),
        c_int::try_from(output.len()),
    ) else {
        return false;
    };
    if super::pbkdf2::derive(digest, password, salt, iterations, output) {
        return true;
    }
    // SAFETY: each pointer has as many bytes as the number beside it says.
    let code = unsafe {
        ffi::PKCS5_PBKDF2_HMAC(
            pointer(password).cast(),
            password_length,
            pointer(salt),
            salt_length,
            rounds,
            digest.as_ptr(),
            length,
            output.as_mut_ptr(),
        )
    };
    code == 1
}

/// What scrypt may cost.
#[derive(Debug, Clone, Copy)]
pub struct ScryptCost {
    /// N
    pub cost: u64,
    /// r
    pub block_size: u64,
    /// p
    pub parallelization: u64,
    /// In bytes.
    pub max_memory: u64,
}

/// Whether OpenSSL accepts the numbers; otherwise its errors say why.
pub fn is_scrypt_possible(cost: ScryptCost) -> bool {
    super::init();
    let none = std::ptr::null();
    // SAFETY: without a place for output only the numbers are looked at.
    let code = unsafe {
        ffi::EVP_PBE_scrypt(
            none,
            0,
            none.cast(),
            0,
            cost.cost,
            cost.block_size,
            cost.parallelization,
            cost.max_memory,
            std::ptr::null_mut(),
            0,
        )
    };
    code == 1
}

/// scrypt.
pub fn scrypt(password: &[u8], salt: &[u8], cost: ScryptCost, output: &mut [u8]) -> bool {
    super::init();
    if output.is_empty() {
        return is_scrypt_possible(cost);
    }
    // SAFETY: each pointer has as many bytes as the number beside it says.
    let code = unsafe {
        ffi::EVP_PBE_scrypt(
            pointer(password).cast(),
            password.len(),
            pointer(salt),
            salt.len(),
            cost.cost,
            cost.block_size,
            cost.parallelization,
            cost.max_memory,
            output.as_mut_ptr(),
            output.len(),
        )
    };
    code == 1
}

/// A function of OpenSSL's that is known by its name, with its parameters.
fn derive(name: &'static CStr, params: &Params<'_>, output: &mut [u8]) -> bool {
    super::init();
    // SAFETY: the name is a C string, and null stands for the default library and no properties.
    let function = unsafe { ffi::EVP_KDF_fetch(std::ptr::null_mut(), name.as_ptr(), std::ptr::null()) };
    let Some(function) = NonNull::new(function) else { return false };
    // SAFETY: the function is valid.
    let context = unsafe { ffi::EVP_KDF_CTX_new(function.as_ptr()) };
    // SAFETY: the context, where there is one, keeps the function alive.
    unsafe { ffi::EVP_KDF_free(function.as_ptr()) };
    let Some(context) = NonNull::new(context) else { return false };
    let params = params.build();
    // SAFETY: context and parameters are valid, and the output has as many bytes.
    let code =
        unsafe { ffi::EVP_KDF_derive(context.as_ptr(), output.as_mut_ptr(), output.len(), params.as_ptr()) };
    // SAFETY: it is freed once.
    unsafe { ffi::EVP_KDF_CTX_free(context.as_ptr()) };
    code == 1
}

/// HKDF: extraction and expansion.
pub fn hkdf(digest: Digest, key: &[u8], salt: &[u8], info: &[u8], output: &mut [u8]) -> bool {
    let params = Params::default()
        .with(c"digest", Value::text(&digest.name()))
        .bytes(c"key", key)
        .bytes(c"salt", salt)
        .bytes(c"info", info);
    derive(c"HKDF", &params, output)
}

/// What Argon2 takes beside password and salt.
#[derive(Debug, Clone, Default)]
pub struct Argon2Options {
    /// The number of lanes.
    pub parallelism: u32,
    /// In KiB.
    pub memory: u32,
    /// The number of passes.
    pub passes: u32,
    /// Where there is one, it goes into the hash.
    pub secret: Vec<u8>,
    /// The same.
    pub associated_data: Vec<u8>,
}

/// The variants of Argon2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argon2Kind {
    /// Argon2d
    D,
    /// Argon2i
    I,
    /// Argon2id
    Id,
}

/// Argon2, its lanes one after the other.
pub fn argon2(
    kind: Argon2Kind,
    password: &[u8],
    salt: &[u8],
    options: &Argon2Options,
    output: &mut [u8],
) -> bool {
    let name = match kind {
        Argon2Kind::D => c"ARGON2D",
        Argon2Kind::I => c"ARGON2I",
        Argon2Kind::Id => c"ARGON2ID",
    };
    let mut params = Params::default()
        .bytes(c"pass", password)
        .bytes(c"salt", salt)
        .with(c"iter", Value::number(options.passes.into()))
        .with(c"memcost", Value::number(options.memory.into()))
        .with(c"lanes", Value::number(options.parallelism.into()))
        .with(c"threads", Value::number(1));
    if !options.secret.is_empty() {
        params = params.bytes(c"secret", &options.secret);
    }
    if !options.associated_data.is_empty() {
        params = params.bytes(c"ad", &options.associated_data);
    }
    derive(name, &params, output)
}
