//! Keys from passwords and from other keys, at once or on the thread pool.

use openssl::error::ErrorStack;

use crate::bind::Bytes;
use crate::bind::error::ErrorClass;
use crate::crypto::error::CryptoError;
use crate::crypto::hash::numbered;
use crate::sys::openssl::kdf::{self, Argon2Kind, Argon2Options, ScryptCost};

/// As many bytes as asked for; `name` is for the message where they cannot be made.
fn filled(length: u32, name: &str, fill: impl FnOnce(&mut [u8]) -> bool) -> Result<Bytes, CryptoError> {
    let mut output = vec![0; length as usize];
    if fill(&mut output) {
        Ok(Bytes(output))
    } else {
        Err(CryptoError::with_message(&ErrorStack::get(), &format!("{name} derivation failed")))
    }
}

/// `pbkdf2(digest, password, salt, iterations, length)`
pub(super) fn pbkdf2(
    digest: u32,
    password: Bytes,
    salt: Bytes,
    iterations: u32,
    length: u32,
) -> Result<Bytes, CryptoError> {
    let digest = numbered(digest);
    filled(length, "PBKDF2", |output| {
        !output.is_empty() && kdf::pbkdf2(digest, &password.0, &salt.0, iterations, output)
    })
}

/// `scrypt(password, salt, cost, blockSize, parallelization, maxMemory, length)`
pub(super) fn scrypt(
    password: Bytes,
    salt: Bytes,
    cost: f64,
    block_size: f64,
    parallelization: f64,
    max_memory: f64,
    length: u32,
) -> Result<Bytes, CryptoError> {
    let cost = scrypt_cost(cost, block_size, parallelization, max_memory);
    filled(length, "Scrypt", |output| kdf::scrypt(&password.0, &salt.0, cost, output))
}

fn scrypt_cost(cost: f64, block_size: f64, parallelization: f64, max_memory: f64) -> ScryptCost {
    ScryptCost {
        cost: cost as u64,
        block_size: block_size as u64,
        parallelization: parallelization as u64,
        max_memory: max_memory as u64,
    }
}

/// `checkScrypt(cost, blockSize, parallelization, maxMemory)`: throws where OpenSSL refuses the numbers.
pub(super) fn check_scrypt(
    cost: f64,
    block_size: f64,
    parallelization: f64,
    max_memory: f64,
) -> Result<(), CryptoError> {
    if kdf::is_scrypt_possible(scrypt_cost(cost, block_size, parallelization, max_memory)) {
        return Ok(());
    }
    let reason = match CryptoError::peek("") {
        error @ CryptoError::Library { .. } => format!(": {}", error.message()),
        _ => String::new(),
    };
    let message = format!("Invalid scrypt params{reason}");
    Err(CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", message))
}

/// `hkdf(digest, key, salt, info, length)`
pub(super) fn hkdf(
    digest: u32,
    key: Bytes,
    salt: Bytes,
    info: Bytes,
    length: u32,
) -> Result<Bytes, CryptoError> {
    let digest = numbered(digest);
    filled(length, "HKDF", |output| {
        let made = !output.is_empty() && kdf::hkdf(digest, &key.0, &salt.0, &info.0, output);
        // Node does not tell why.
        if !made {
            let _ = CryptoError::peek("");
        }
        made
    })
}

/// `argon2(kind, message, nonce, [parallelism, memory, passes], secret, associatedData, length)`: the kind is 0 for
/// Argon2d, 1 for Argon2i, 2 for Argon2id.
pub(super) fn argon2(
    kind: u32,
    message: Bytes,
    nonce: Bytes,
    numbers: Vec<u32>,
    secret: Bytes,
    associated_data: Bytes,
    length: u32,
) -> Result<Bytes, CryptoError> {
    let kind = match kind {
        0 => Argon2Kind::D,
        1 => Argon2Kind::I,
        _ => Argon2Kind::Id,
    };
    let [parallelism, memory, passes] = numbers[..] else { panic!("Argon2 takes three numbers") };
    let options =
        Argon2Options { parallelism, memory, passes, secret: secret.0, associated_data: associated_data.0 };
    filled(length, "Argon2", |output| kdf::argon2(kind, &message.0, &nonce.0, &options, output))
}
