//! Asymmetric keys for JavaScript: objects without methods that stand for a key of OpenSSL's, and the functions that
//! read, make, look into and write them.

use std::ffi::CString;

use openssl::bn::BigNum;
use openssl::cipher::Cipher;
use openssl::error::{Error, ErrorStack};
use openssl::x509::X509;

use super::error::CryptoError;
use super::hash::numbered;
use crate::bind::convert::FromJs;
use crate::bind::error::ErrorClass;
use crate::bind::object::{Carried, State};
use crate::bind::{Binding, Bytes};
use crate::binding;
use crate::sys::openssl::params::{Params, Value};
use crate::sys::openssl::pkey::{self, Encoding, Key, Part, c_text};
use crate::sys::openssl::{curve, store};

/// `internalBinding('crypto_keys')`
///
/// Handles are objects that the functions here return. `params` are lists `[name, kind, value, ...]` with OpenSSL's
/// own names; the kind is `n` (bytes of a number, big-endian), `i` and `u` (a small number), `s` (text), `b`
/// (bytes). What a key does not have is `undefined`. Failures are thrown as errors of OpenSSL's.
pub const BINDING: Binding = binding! {
    "crypto_keys",
    sync: [
        parse_private, load_private, parse_public, from_params, to_public, is_private, type_name, get_number, get_bytes, get_text,
        get_int, export_key, export_seed, equals, is_valid_public, is_valid_pair, is_cipher, curves, curve_length,
        curve_key, digest_name, group_prime,
    ],
    both: [generate],
};

/// About what a key takes beside what JavaScript sees.
const MEMORY: usize = 2 << 10;

/// A key that JavaScript holds. Cloning it shares the key; it may go to another thread.
#[derive(Clone)]
pub struct KeyHandle {
    /// The key.
    pub key: Key,
    /// Which part of it JavaScript may use.
    pub part: Part,
}

impl State for KeyHandle {
    fn memory(&self) -> usize {
        MEMORY
    }
}

impl Carried for KeyHandle {}

/// # Panics
/// Where the list is none of the binding's form.
impl FromJs for Params<'_> {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let mut params = Params::default();
        let Ok(list) = v8::Local::<v8::Array>::try_from(value) else { return params };
        for start in (0..list.length()).step_by(3) {
            let items = [0, 1, 2].map(|offset| list.get_index(scope, start + offset));
            let [Some(name), Some(kind), Some(value)] = items else { panic!("a parameter is not complete") };
            let (name, kind) = (String::from_js(scope, name), String::from_js(scope, kind));
            let value = match kind.as_str() {
                "n" => match BigNum::from_slice(&Bytes::from_js(scope, value).0) {
                    Ok(number) => Value::big(&number),
                    Err(_) => panic!("there is no memory for a number"),
                },
                "i" => Value::Int(i32::from_js(scope, value)),
                "u" => Value::number(u32::from_js(scope, value).into()),
                "s" => Value::Text(c_text(&String::from_js(scope, value))),
                "b" => Value::Bytes(Bytes::from_js(scope, value).0.into()),
                _ => panic!("there is no kind {kind} of parameters"),
            };
            params.push(&name, value);
        }
        params
    }
}

fn part(private: bool) -> Part {
    if private { Part::Private } else { Part::Public }
}

fn public(key: Key) -> KeyHandle {
    KeyHandle { key, part: Part::Public }
}

fn private(key: Key) -> KeyHandle {
    KeyHandle { key, part: Part::Private }
}

const UNREADABLE: &str = "Failed to read asymmetric key";

fn read_private(data: &[u8], structure: &str, passphrase: Option<&[u8]>) -> Result<Key, ErrorStack> {
    drop(ErrorStack::get());
    match structure {
        "pem" => pkey::private_from_pem(data, passphrase),
        "pkcs8" => pkey::private_from_pkcs8(data, passphrase),
        _ => pkey::private_from_any(data),
    }
}

const ERR_LIB_SYS: i32 = 2;
const ERR_LIB_PEM: i32 = 9;
const PEM_R_BAD_PASSWORD_READ: i32 = 104;

fn is_bad_password(error: &Error) -> bool {
    error.library_code() == ERR_LIB_PEM && error.reason_code() == PEM_R_BAD_PASSWORD_READ
}

/// `parsePrivate(data, structure, passphrase)`: `pem`, or in binary form `pkcs8`, `pkcs1` or `sec1`.
fn parse_private(
    data: Bytes,
    structure: String,
    passphrase: Option<Bytes>,
) -> Result<KeyHandle, CryptoError> {
    let passphrase = passphrase.as_ref().map(|bytes| bytes.0.as_slice());
    read_private(&data.0, &structure, passphrase)
        .map(private)
        .map_err(|stack| unreadable(&stack, passphrase.is_some()))
}

fn missing_passphrase() -> CryptoError {
    CryptoError::node(ErrorClass::Type, "ERR_MISSING_PASSPHRASE", "Passphrase required for encrypted key")
}

/// Why a private key could not be read: perhaps nobody has given a passphrase.
fn unreadable(stack: &ErrorStack, has_passphrase: bool) -> CryptoError {
    match stack.errors().first() {
        Some(first) if !has_passphrase && is_bad_password(first) => missing_passphrase(),
        _ => CryptoError::from_stack(stack, UNREADABLE),
    }
}

/// `loadPrivate(uri, passphrase)`: the private key behind a URI.
fn load_private(uri: String, passphrase: Option<Bytes>) -> Result<KeyHandle, CryptoError> {
    drop(ErrorStack::get());
    let passphrase = passphrase.as_ref().map(|bytes| bytes.0.as_slice());
    let nothing = || {
        let message = "Failed to load private key through an OpenSSL STORE loader";
        CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message)
    };
    match store::private_key(&c_text(&uri), passphrase) {
        Ok(Some(key)) => Ok(private(key)),
        Ok(None) => Err(nothing()),
        Err(stack) if passphrase.is_none() && stack.errors().iter().any(is_bad_password) => {
            Err(missing_passphrase())
        }
        Err(stack) if stack.errors().iter().any(|error| error.library_code() == ERR_LIB_SYS) => {
            Err(nothing())
        }
        Err(stack) => Err(CryptoError::from_stack(&stack, UNREADABLE)),
    }
}

/// `parsePublic(data, structure, passphrase)`: `pem` of a public key, a certificate or a private key, or in binary
/// form `spki`, `pkcs1` or a private key's `pkcs8` or `sec1`.
fn parse_public(data: Bytes, structure: String, passphrase: Option<Bytes>) -> Result<KeyHandle, CryptoError> {
    drop(ErrorStack::get());
    let found = match structure.as_str() {
        "spki" => pkey::public_from_spki(&data.0),
        "pkcs1" => pkey::public_from_pkcs1(&data.0),
        "pem" => {
            if let Some(block) = pkey::pem_block(&data.0, c"PUBLIC KEY") {
                pkey::public_from_spki(&block)
            } else if let Some(block) = pkey::pem_block(&data.0, c"RSA PUBLIC KEY") {
                pkey::public_from_pkcs1(&block)
            } else if let Some(block) = pkey::pem_block(&data.0, c"CERTIFICATE") {
                X509::from_der(&block).and_then(|certificate| pkey::of_certificate(&certificate))
            } else {
                return parse_private(data, structure, passphrase).map(|handle| public(handle.key));
            }
        }
        _ => return parse_private(data, structure, passphrase).map(|handle| public(handle.key)),
    };
    found.map(public).map_err(|stack| CryptoError::with_message(&stack, UNREADABLE))
}

/// `fromParams(type, isPrivate, params)`: `undefined` where there is no such key.
fn from_params(kind: String, is_private: bool, params: Params<'static>) -> Option<KeyHandle> {
    let part = part(is_private);
    let key = pkey::from_params(&c_text(&kind), part, &params);
    drop(ErrorStack::get());
    Some(KeyHandle { key: key.ok()?, part })
}

fn to_public(handle: KeyHandle) -> KeyHandle {
    public(handle.key)
}

fn is_private(handle: KeyHandle) -> bool {
    handle.part == Part::Private
}

fn type_name(handle: KeyHandle) -> String {
    pkey::type_name(&handle.key)
}

/// `getNumber(handle, name, length)`: big-endian, with zeroes in front up to `length`.
fn get_number(handle: KeyHandle, name: String, length: u32) -> Option<Bytes> {
    let number = pkey::number(&handle.key, &c_text(&name))?;
    number.to_vec_padded(i32::try_from(length).ok()?.max(number.num_bytes())).ok().map(Bytes)
}

fn get_bytes(handle: KeyHandle, name: String) -> Option<Bytes> {
    pkey::bytes(&handle.key, &c_text(&name)).map(Bytes)
}

fn get_text(handle: KeyHandle, name: String) -> Option<String> {
    pkey::text(&handle.key, &c_text(&name))
}

fn get_int(handle: KeyHandle, name: String) -> Option<i32> {
    pkey::small_number(&handle.key, &c_text(&name))
}

const EXPORT_FAILED: &str = "Failed to encode private key";

/// `exportKey(handle, isPrivate, format, structure, cipher, passphrase)`: format `PEM` or `DER`, structure by
/// OpenSSL's name.
fn export_key(
    handle: KeyHandle,
    is_private: bool,
    format: String,
    structure: String,
    cipher: Option<String>,
    passphrase: Option<Bytes>,
) -> Result<Bytes, CryptoError> {
    drop(ErrorStack::get());
    let (format, structure) = (c_text(&format), c_text(&structure));
    if let Some(cipher) = &cipher
        && structure.as_c_str() == c"type-specific"
    {
        let plain = Encoding { format: c"DER", structure: &structure, encryption: None };
        let is_curve = pkey::type_name(&handle.key) == "EC";
        let name = if is_curve { c"EC PRIVATE KEY" } else { c"RSA PRIVATE KEY" };
        let passphrase = passphrase.unwrap_or_default();
        return pkey::encode(&handle.key, part(is_private), &plain)
            .and_then(|der| pkey::encode_traditional(name, &der, cipher, &passphrase.0))
            .map(Bytes)
            .map_err(|stack| CryptoError::from_stack(&stack, EXPORT_FAILED));
    }
    let cipher: Option<CString> = cipher.map(|name| c_text(&name));
    let passphrase = passphrase.unwrap_or_default();
    let encryption = cipher.as_deref().map(|cipher| (cipher, passphrase.0.as_slice()));
    let encoding = Encoding { format: &format, structure: &structure, encryption };
    pkey::encode(&handle.key, part(is_private), &encoding)
        .map(Bytes)
        .map_err(|stack| CryptoError::from_stack(&stack, EXPORT_FAILED))
}

/// `exportSeed(info, isPem, cipher, passphrase)`: PKCS#8 made by JavaScript, written as it is or encrypted.
fn export_seed(
    info: Bytes,
    is_pem: bool,
    cipher: Option<String>,
    passphrase: Option<Bytes>,
) -> Result<Bytes, CryptoError> {
    let passphrase = passphrase.unwrap_or_default();
    let cipher = cipher.as_ref().map(|name| (name.as_str(), passphrase.0.as_slice()));
    pkey::encode_info(&info.0, is_pem, cipher)
        .map(Bytes)
        .map_err(|stack| CryptoError::from_stack(&stack, EXPORT_FAILED))
}

fn equals(left: KeyHandle, right: KeyHandle) -> bool {
    pkey::equal(&left.key, &right.key)
}

fn is_valid_public(handle: KeyHandle) -> bool {
    pkey::is_valid_public(&handle.key)
}

fn is_valid_pair(handle: KeyHandle) -> bool {
    pkey::is_valid_pair(&handle.key)
}

/// Whether there is a cipher of that name.
fn is_cipher(name: String) -> bool {
    let found = Cipher::fetch(None, &name.replace('\0', ""), None).is_ok();
    drop(ErrorStack::get());
    found
}

/// The names of the elliptic curves.
fn curves() -> Vec<String> {
    curve::names()
}

/// How many bytes a coordinate on a curve takes; 0 where there is no curve of that name.
fn curve_length(name: String) -> u32 {
    curve::group(&name).map_or(0, |group| group.degree().div_ceil(8))
}

/// `curveKey(curve, number)`: the private key that is that number; `undefined` where it is none.
fn curve_key(name: String, number: Bytes) -> Option<KeyHandle> {
    let key = curve::private_key(&name, &number.0);
    drop(ErrorStack::get());
    key.map(private)
}

/// OpenSSL's own name of the digest of a number that `digestOf` has given.
fn digest_name(number: u32) -> String {
    numbered(number).name()
}

/// The prime of the group for Diffie-Hellman that has so many bits; empty where there is none.
fn group_prime(bits: u32) -> Bytes {
    let prime = match bits {
        768 => BigNum::get_rfc2409_prime_768(),
        1024 => BigNum::get_rfc2409_prime_1024(),
        1536 => BigNum::get_rfc3526_prime_1536(),
        2048 => BigNum::get_rfc3526_prime_2048(),
        3072 => BigNum::get_rfc3526_prime_3072(),
        4096 => BigNum::get_rfc3526_prime_4096(),
        6144 => BigNum::get_rfc3526_prime_6144(),
        _ => BigNum::get_rfc3526_prime_8192(),
    };
    Bytes(prime.map(|prime| prime.to_vec()).unwrap_or_default())
}

/// `generate(type, params, how, domain)`: `how` is `key` for a key pair of `params`, `new domain` for one in domain
/// parameters that are made of `domain` first, `domain` for one in the domain parameters `domain` themselves.
fn generate(
    kind: String,
    params: Params<'static>,
    how: String,
    domain: Params<'static>,
) -> Result<KeyHandle, CryptoError> {
    drop(ErrorStack::get());
    let name = c_text(&kind);
    let key = match how.as_str() {
        "key" => pkey::generate(&name, &params),
        "new domain" => pkey::generate_domain(&name, &domain).and_then(|domain| pkey::generate_in(&domain)),
        _ => pkey::domain_from_params(&name, &domain).and_then(|domain| pkey::generate_in(&domain)),
    };
    key.map(private).map_err(|stack| CryptoError::taken(&stack, "Key generation job failed"))
}
