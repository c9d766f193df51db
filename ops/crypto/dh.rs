//! The exchange of keys by objects that are given their keys one by one: `DiffieHellman` and `ECDH`.

use std::cell::RefCell;
use std::rc::Rc;

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint, EcPointRef, PointConversionForm};
use openssl::error::ErrorStack;

use super::error::CryptoError;
use crate::bind::error::ErrorClass;
use crate::bind::object::{Carried, State};
use crate::bind::{Binding, Bytes};
use crate::binding;
use crate::sys::openssl::dh::{Exchange, Fault};
use crate::sys::openssl::{curve, report};

/// `internalBinding('crypto_dh')`: functions on handles that `dhOpen`, `dhGenerate` and `ecdhOpen` return. What is
/// not there is `undefined`.
pub const BINDING: Binding = binding! {
    "crypto_dh",
    sync: [
        dh_open, dh_generate, dh_faults, dh_prime, dh_generator, dh_public_key, dh_private_key, dh_set_public_key,
        dh_set_private_key, dh_generate_keys, dh_compute_secret, ecdh_open, ecdh_generate_keys, ecdh_public_key,
        ecdh_private_key, ecdh_set_public_key, ecdh_set_private_key, ecdh_compute_secret, ecdh_convert_key,
    ],
};

/// About what an exchange takes beside what JavaScript sees.
const MEMORY: usize = 2 << 10;

/// An exchange over a prime that JavaScript holds.
#[derive(Clone)]
struct Dh(Rc<Exchange>);

impl State for Dh {
    fn memory(&self) -> usize {
        MEMORY
    }
}

impl Carried for Dh {}

/// An exchange over a curve that JavaScript holds.
#[derive(Clone)]
struct Ecdh(Rc<EcdhState>);

impl State for Ecdh {
    fn memory(&self) -> usize {
        MEMORY
    }
}

impl Carried for Ecdh {}

const ERR_LIB_DH: i32 = 5;
const DH_R_BAD_GENERATOR: i32 = 101;
const DH_R_MODULUS_TOO_SMALL: i32 = 126;

fn reported(reason: i32) -> CryptoError {
    report(ERR_LIB_DH, reason);
    CryptoError::take("Initialization failed")
}

/// `dhOpen(prime, generator)`
fn dh_open(prime: Bytes, generator: Bytes) -> Result<Dh, CryptoError> {
    drop(ErrorStack::get());
    let first = generator.0.iter().position(|byte| *byte != 0).unwrap_or(generator.0.len());
    if matches!(generator.0[first..], [] | [1]) {
        return Err(reported(DH_R_BAD_GENERATOR));
    }
    Ok(Dh(Rc::new(Exchange::new(&prime.0, &generator.0)?)))
}

/// `dhGenerate(bits, generator)`
fn dh_generate(bits: i32, generator: i32) -> Result<Dh, CryptoError> {
    drop(ErrorStack::get());
    if bits < 2 {
        return Err(reported(DH_R_MODULUS_TOO_SMALL));
    }
    if generator < 2 {
        return Err(reported(DH_R_BAD_GENERATOR));
    }
    Exchange::generate(bits, generator)
        .map(|exchange| Dh(Rc::new(exchange)))
        .map_err(|_| CryptoError::node(ErrorClass::Type, "ERR_INVALID_ARG_VALUE", "Invalid DH parameters"))
}

fn dh_faults(dh: Dh) -> i32 {
    dh.0.faults()
}

fn dh_prime(dh: Dh) -> Option<Bytes> {
    dh.0.prime().map(Bytes)
}

fn dh_generator(dh: Dh) -> Option<Bytes> {
    dh.0.generator().map(Bytes)
}

fn dh_public_key(dh: Dh) -> Option<Bytes> {
    dh.0.public_key().map(Bytes)
}

fn dh_private_key(dh: Dh) -> Option<Bytes> {
    dh.0.private_key().map(Bytes)
}

fn dh_set_public_key(dh: Dh, key: Bytes) -> Result<(), CryptoError> {
    Ok(dh.0.set_public_key(&key.0)?)
}

fn dh_set_private_key(dh: Dh, key: Bytes) -> Result<(), CryptoError> {
    Ok(dh.0.set_private_key(&key.0)?)
}

/// The public key.
fn dh_generate_keys(dh: Dh) -> Result<Option<Bytes>, CryptoError> {
    match dh.0.generate_keys() {
        Ok(()) => Ok(dh.0.public_key().map(Bytes)),
        Err(_) => Err(operation_failed("Key generation failed")),
    }
}

fn operation_failed(message: &str) -> CryptoError {
    CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message)
}

fn dh_compute_secret(dh: Dh, key: Bytes) -> Result<Bytes, CryptoError> {
    let fault = |message| CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_KEYLEN", message);
    if dh.0.private_key().is_none() {
        return Err(operation_failed("Failed to compute shared secret"));
    }
    match dh.0.compute_secret(&key.0) {
        Ok(Some(secret)) => Ok(Bytes(secret)),
        Ok(None) => Err(operation_failed("Failed to compute shared secret")),
        Err(Fault::TooSmall) => Err(fault("Supplied key is too small")),
        Err(Fault::TooLarge) => Err(fault("Supplied key is too large")),
    }
}

/// A curve and the keys that there are so far.
struct EcdhState {
    group: EcGroup,
    keys: RefCell<EcKeys>,
}

#[derive(Default)]
struct EcKeys {
    private: Option<BigNum>,
    public: Option<EcPoint>,
}

/// `ecdhOpen(curve)`: `undefined` where there is no such curve.
fn ecdh_open(name: String) -> Option<Ecdh> {
    let group = curve::group_by_short_name(&name)?;
    Some(Ecdh(Rc::new(EcdhState { group, keys: RefCell::default() })))
}

/// The forms of points by Node's numbers, which are those of the bytes before them.
fn form(number: u32) -> PointConversionForm {
    match number {
        2 => PointConversionForm::COMPRESSED,
        6 => PointConversionForm::HYBRID,
        _ => PointConversionForm::UNCOMPRESSED,
    }
}

fn point_of(group: &EcGroup, bytes: &[u8]) -> Option<EcPoint> {
    let point = EcPoint::from_bytes(group, bytes, &mut *BigNumContext::new().ok()?).ok();
    drop(ErrorStack::get());
    point
}

fn bytes_of(group: &EcGroup, point: &EcPointRef, form: PointConversionForm) -> Result<Bytes, ErrorStack> {
    point.to_bytes(group, form, &mut *BigNumContext::new()?).map(Bytes)
}

/// The point that belongs to a private key.
fn multiply(group: &EcGroup, number: &BigNum) -> Result<EcPoint, ErrorStack> {
    let mut point = EcPoint::new(group)?;
    point.mul_generator2(group, number, &mut *BigNumContext::new()?)?;
    Ok(point)
}

fn ecdh_generate_keys(ecdh: Ecdh) -> Result<(), CryptoError> {
    let EcdhState { group, keys } = &*ecdh.0;
    let pair = EcKey::generate(group)?;
    let (number, public) = (pair.private_key().to_owned()?, pair.public_key().to_owned(group)?);
    *keys.borrow_mut() = EcKeys { private: Some(number), public: Some(public) };
    Ok(())
}

/// `ecdhPublicKey(handle, form)`
fn ecdh_public_key(ecdh: Ecdh, number: u32) -> Result<Bytes, CryptoError> {
    match &ecdh.0.keys.borrow().public {
        Some(point) => Ok(bytes_of(&ecdh.0.group, point, form(number))?),
        None => Err(operation_failed("Failed to get ECDH public key")),
    }
}

fn ecdh_private_key(ecdh: Ecdh) -> Result<Bytes, CryptoError> {
    match &ecdh.0.keys.borrow().private {
        Some(number) => Ok(Bytes(number.to_vec())),
        None => Err(operation_failed("Failed to get ECDH private key")),
    }
}

fn ecdh_set_public_key(ecdh: Ecdh, key: Bytes) -> Result<(), CryptoError> {
    match point_of(&ecdh.0.group, &key.0) {
        Some(point) => {
            ecdh.0.keys.borrow_mut().public = Some(point);
            Ok(())
        }
        None => Err(operation_failed("Failed to convert Buffer to EC_POINT")),
    }
}

/// Sets the private key and the public one that belongs to it.
fn ecdh_set_private_key(ecdh: Ecdh, key: Bytes) -> Result<(), CryptoError> {
    let EcdhState { group, keys } = &*ecdh.0;
    let number = BigNum::from_slice(&key.0)?;
    let mut order = BigNum::new()?;
    group.order(&mut order, &mut *BigNumContext::new()?)?;
    if number.num_bits() == 0 || number >= order {
        let message = "Private key is not valid for specified curve.";
        return Err(CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_KEYTYPE", message));
    }
    let public = multiply(group, &number)?;
    *keys.borrow_mut() = EcKeys { private: Some(number), public: Some(public) };
    Ok(())
}

/// The first coordinate of the point that both sides know; `undefined` where the other key is none of the curve.
fn ecdh_compute_secret(ecdh: Ecdh, other: Bytes) -> Result<Option<Bytes>, CryptoError> {
    let EcdhState { group, keys } = &*ecdh.0;
    let keys = keys.borrow();
    let Some(private) = &keys.private else { return Ok(None) };
    let mut context = BigNumContext::new()?;
    if let Some(public) = &keys.public
        && !multiply(group, private)?.eq(group, public, &mut context)?
    {
        return Err(CryptoError::node(ErrorClass::Range, "ERR_CRYPTO_INVALID_KEYPAIR", "Invalid key pair"));
    }
    let Some(other) = point_of(group, &other.0) else { return Ok(None) };
    let mut shared = EcPoint::new(group)?;
    shared.mul2(group, &other, private, &mut context)?;
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    if shared.affine_coordinates(group, &mut x, &mut y, &mut context).is_err() {
        return Ok(None);
    }
    Ok(Some(Bytes(x.to_vec_padded(group.degree().div_ceil(8) as i32)?)))
}

/// `ecdhConvertKey(curve, key, form)`: `undefined` where there is no such curve.
fn ecdh_convert_key(name: String, key: Bytes, number: u32) -> Result<Option<Bytes>, CryptoError> {
    let Some(group) = curve::group_by_short_name(&name) else { return Ok(None) };
    match point_of(&group, &key.0) {
        Some(point) => Ok(Some(bytes_of(&group, &point, form(number))?)),
        None => Err(operation_failed("Failed to convert Buffer to EC_POINT")),
    }
}
