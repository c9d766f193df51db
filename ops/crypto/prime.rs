//! Prime numbers: tests and generation, at once or on the thread pool.

use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::error::ErrorStack;

use crate::bind::Bytes;
use crate::bind::error::ErrorClass;
use crate::crypto::error::CryptoError;

/// `checkPrime(candidate, checks)`: a number with its highest byte first, and how often it is tested, 0 for a default.
pub(super) fn check_prime(candidate: Bytes, checks: i32) -> Result<bool, CryptoError> {
    let test = || BigNum::from_slice(&candidate.0)?.is_prime(checks, &mut *BigNumContext::new()?);
    Ok(test()?)
}

fn refused(option: &str) -> CryptoError {
    CryptoError::node(ErrorClass::Range, "ERR_OUT_OF_RANGE", format!("invalid options.{option}"))
}

/// `generatePrime(size, safe, add, remainder)`: the size is in bits; the prime leaves a remainder when it is divided by
/// `add`.
pub(super) fn generate_prime(
    size: i32,
    safe: bool,
    add: Option<Bytes>,
    remainder: Option<Bytes>,
) -> Result<Bytes, CryptoError> {
    let number = |bytes: &Option<Bytes>| bytes.as_ref().map(|it| BigNum::from_slice(&it.0)).transpose();
    let (add, remainder) = (number(&add)?, number(&remainder)?);
    if let Some(add) = &add {
        // The prime would not have as few bits.
        if add.num_bits() > size {
            return Err(refused("add"));
        }
        if remainder.as_ref().is_some_and(|remainder| add <= remainder) {
            return Err(refused("rem"));
        }
    }
    let made = generate(size, safe, add.as_deref(), remainder.as_deref());
    match made {
        Ok(prime) => Ok(Bytes(prime)),
        Err(stack) => {
            stack.put();
            Err(CryptoError::take("Operation failed"))
        }
    }
}

fn generate(
    size: i32,
    safe: bool,
    add: Option<&BigNumRef>,
    remainder: Option<&BigNumRef>,
) -> Result<Vec<u8>, ErrorStack> {
    let mut prime = BigNum::new()?;
    loop {
        prime.generate_prime(size, safe, add, remainder)?;
        // With a divisor it may have become longer.
        if prime.num_bits() == size {
            return prime.to_vec_padded((size + 7) / 8);
        }
    }
}
