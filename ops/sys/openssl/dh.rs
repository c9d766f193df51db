//! The Diffie-Hellman exchange in the group of a prime, with keys that come one by one.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::bn::{BigNum, BigNumRef};
use openssl::error::ErrorStack;
use openssl_sys as ffi;

use super::pkey::check;

unsafe extern "C" {
    fn DH_check_pub_key(dh: *const ffi::DH, key: *const ffi::BIGNUM, codes: *mut c_int) -> c_int;
}

/// What is wrong with the other side's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is 1 or less.
    TooSmall,
    /// It is not below the prime.
    TooLarge,
}

const PUBKEY_TOO_SMALL: c_int = 1;
const PUBKEY_TOO_LARGE: c_int = 2;

/// A prime, a generator, and the keys that there are so far.
pub struct Exchange(NonNull<ffi::DH>);

impl Drop for Exchange {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { ffi::DH_free(self.0.as_ptr()) };
    }
}

impl Exchange {
    fn empty() -> Result<Self, ErrorStack> {
        super::init();
        // SAFETY: it takes nothing.
        NonNull::new(unsafe { ffi::DH_new() }).map(Exchange).ok_or_else(ErrorStack::get)
    }

    /// In the group of a prime.
    pub fn new(prime: &[u8], generator: &[u8]) -> Result<Self, ErrorStack> {
        let exchange = Self::empty()?;
        let (prime, generator) = (BigNum::from_slice(prime)?, BigNum::from_slice(generator)?);
        // SAFETY: all three are live ones; on success the numbers are handed over.
        check(unsafe {
            ffi::DH_set0_pqg(exchange.0.as_ptr(), prime.as_ptr(), ptr::null_mut(), generator.as_ptr())
        })?;
        std::mem::forget((prime, generator));
        Ok(exchange)
    }

    /// In the group of a new prime of so many bits.
    pub fn generate(bits: i32, generator: i32) -> Result<Self, ErrorStack> {
        let exchange = Self::empty()?;
        // SAFETY: it is a live one, and nobody wants to hear of the progress.
        check(unsafe {
            ffi::DH_generate_parameters_ex(exchange.0.as_ptr(), bits, generator, ptr::null_mut())
        })?;
        Ok(exchange)
    }

    /// OpenSSL's flags for what is wrong with the group.
    pub fn faults(&self) -> i32 {
        let mut codes = 0;
        // SAFETY: it is a live one.
        unsafe { ffi::DH_check(self.0.as_ptr(), &raw mut codes) };
        drop(ErrorStack::get());
        codes
    }

    fn number(number: *const ffi::BIGNUM) -> Option<Vec<u8>> {
        if number.is_null() {
            return None;
        }
        // SAFETY: the number lives as long as the exchange, which the callers hold.
        Some(unsafe { BigNumRef::from_ptr(number.cast_mut()) }.to_vec())
    }

    fn group(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let (mut prime, mut generator) = (ptr::null(), ptr::null());
        // SAFETY: it is a live one.
        unsafe {
            ffi::DH_get0_pqg(self.0.as_ptr(), &raw mut prime, ptr::null_mut(), &raw mut generator);
        }
        (Self::number(prime), Self::number(generator))
    }

    fn keys(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let (mut public, mut private) = (ptr::null(), ptr::null());
        // SAFETY: it is a live one.
        unsafe { ffi::DH_get0_key(self.0.as_ptr(), &raw mut public, &raw mut private) };
        (Self::number(public), Self::number(private))
    }

    /// The prime.
    pub fn prime(&self) -> Option<Vec<u8>> {
        self.group().0
    }

    /// The generator.
    pub fn generator(&self) -> Option<Vec<u8>> {
        self.group().1
    }

    /// The public key, if there is one.
    pub fn public_key(&self) -> Option<Vec<u8>> {
        self.keys().0
    }

    /// The private key, if there is one.
    pub fn private_key(&self) -> Option<Vec<u8>> {
        self.keys().1
    }

    /// Sets the public key.
    pub fn set_public_key(&self, key: &[u8]) -> Result<(), ErrorStack> {
        let key = BigNum::from_slice(key)?;
        // SAFETY: both are live ones; on success the number is handed over.
        check(unsafe { ffi::DH_set0_key(self.0.as_ptr(), key.as_ptr(), ptr::null_mut()) })?;
        std::mem::forget(key);
        Ok(())
    }

    /// Sets the private key.
    pub fn set_private_key(&self, key: &[u8]) -> Result<(), ErrorStack> {
        let key = BigNum::from_slice(key)?;
        // SAFETY: both are live ones; on success the number is handed over.
        check(unsafe { ffi::DH_set0_key(self.0.as_ptr(), ptr::null_mut(), key.as_ptr()) })?;
        std::mem::forget(key);
        Ok(())
    }

    /// Makes the keys, or the public one for a private one that is there.
    pub fn generate_keys(&self) -> Result<(), ErrorStack> {
        // SAFETY: it is a live one.
        check(unsafe { ffi::DH_generate_key(self.0.as_ptr()) })
    }

    /// The secret shared with the owner of another key, as long as the prime; `Ok(None)` where it cannot be
    /// computed.
    pub fn compute_secret(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let Ok(key) = BigNum::from_slice(key) else { return Ok(None) };
        let mut codes = 0;
        // SAFETY: both are live ones.
        unsafe { DH_check_pub_key(self.0.as_ptr(), key.as_ptr(), &raw mut codes) };
        drop(ErrorStack::get());
        if codes & PUBKEY_TOO_SMALL != 0 {
            return Err(Fault::TooSmall);
        }
        if codes & PUBKEY_TOO_LARGE != 0 {
            return Err(Fault::TooLarge);
        }
        // SAFETY: it is a live one.
        let size = unsafe { ffi::DH_size(self.0.as_ptr()) } as usize;
        let mut secret = vec![0; size];
        // SAFETY: there is room for as many bytes as the prime has.
        let length = unsafe { ffi::DH_compute_key(secret.as_mut_ptr(), key.as_ptr(), self.0.as_ptr()) };
        let Some(length) = usize::try_from(length).ok() else {
            drop(ErrorStack::get());
            return Ok(None);
        };
        secret.copy_within(..length, size - length);
        secret[..size - length].fill(0);
        Ok(Some(secret))
    }
}
