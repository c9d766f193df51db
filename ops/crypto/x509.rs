//! Native half of `js/internal/crypto/x509.js`: certificates.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::x509::{X509, X509NameRef, X509VerifyResult};

use super::error::CryptoError;
use super::general_name::{access, alternative_names};
use super::keys::KeyHandle;
use super::pkcs12::parse_pkcs12;
use crate::bind::object::{Carried, State};
use crate::bind::{Binding, Bytes, IntoJs};
use crate::binding;
use crate::sys::openssl::pkey::{self, Part};
use crate::sys::openssl::x509::{self, Match};

/// `internalBinding('crypto_x509')`: `parse(bytes)` gives a handle, of which the other functions tell. What a
/// certificate does not have is `undefined`.
pub const BINDING: Binding = binding! {
    "crypto_x509",
    sync: [
        parse, parse_pkcs12, subject, issuer, subject_entries, issuer_entries, subject_alt_name, info_access, validity, fingerprint,
        key_usage, serial_number, signature_algorithm, raw, pem, public_key, is_authority, check_host, check_email,
        check_ip, is_issued_by, belongs_to, is_signed_by,
    ],
};

/// About what a certificate takes.
const MEMORY: usize = 8 << 10;

/// A certificate that JavaScript holds.
#[derive(Clone)]
pub struct Certificate(pub X509);

impl State for Certificate {
    fn memory(&self) -> usize {
        MEMORY
    }
}

impl Carried for Certificate {}

/// `parse(bytes)`: PEM, or the binary form.
fn parse(bytes: Bytes) -> Result<Certificate, CryptoError> {
    crate::sys::openssl::init();
    drop(ErrorStack::get());
    let failure = match X509::from_pem(&bytes.0) {
        Ok(certificate) => return Ok(Certificate(certificate)),
        Err(failure) => failure,
    };
    match X509::from_der(&bytes.0) {
        Ok(certificate) => Ok(Certificate(certificate)),
        Err(_) => Err(CryptoError::taken(&failure, "Unable to parse the certificate")),
    }
}

fn subject(certificate: Certificate) -> Result<String, CryptoError> {
    Ok(x509::name_lines(certificate.0.subject_name())?)
}

fn issuer(certificate: Certificate) -> Result<String, CryptoError> {
    Ok(x509::name_lines(certificate.0.issuer_name())?)
}

/// `[key, value, ...]` of the parts of a name.
fn entries(name: &X509NameRef) -> Vec<String> {
    let mut list = Vec::new();
    for entry in name.entries() {
        let object = entry.object();
        let Ok(value) = entry.data().to_string() else { continue };
        list.push(object.nid().short_name().map_or_else(|_| object.to_string(), str::to_owned));
        list.push(value);
    }
    list
}

fn subject_entries(certificate: Certificate) -> Vec<String> {
    entries(certificate.0.subject_name())
}

fn issuer_entries(certificate: Certificate) -> Vec<String> {
    entries(certificate.0.issuer_name())
}

fn subject_alt_name(certificate: Certificate) -> Option<String> {
    alternative_names(&certificate.0)
}

fn info_access(certificate: Certificate) -> Option<String> {
    access(&certificate.0)
}

/// `[from, to]` in OpenSSL's form.
fn validity(certificate: Certificate) -> (String, String) {
    (certificate.0.not_before().to_string(), certificate.0.not_after().to_string())
}

/// `fingerprint(certificate, digest)`
fn fingerprint(certificate: Certificate, digest: String) -> Option<String> {
    let bytes = certificate.0.digest(MessageDigest::from_name(&digest)?).ok()?;
    let parts: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    Some(parts.join(":"))
}

fn key_usage(certificate: Certificate) -> Option<Vec<String>> {
    x509::extended_key_usage(&certificate.0)
}

fn serial_number(certificate: Certificate) -> Result<String, CryptoError> {
    Ok(certificate.0.serial_number().to_bn()?.to_hex_str()?.to_string())
}

/// `[name, identifier]`
fn signature_algorithm(certificate: Certificate) -> (Option<String>, String) {
    let object = certificate.0.signature_algorithm().object();
    let name = object.nid().long_name().ok().map(str::to_owned);
    (name, x509::identifier(object))
}

fn raw(certificate: Certificate) -> Result<Bytes, CryptoError> {
    Ok(Bytes(certificate.0.to_der()?))
}

fn pem(certificate: Certificate) -> Result<Bytes, CryptoError> {
    Ok(Bytes(certificate.0.to_pem()?))
}

fn public_key(certificate: Certificate) -> Result<KeyHandle, CryptoError> {
    drop(ErrorStack::get());
    Ok(KeyHandle { key: pkey::of_certificate(&certificate.0)?, part: Part::Public })
}

fn is_authority(certificate: Certificate) -> bool {
    x509::is_authority(&certificate.0)
}

/// A check's answer: the name that matched, `undefined` for none, `null` for what is no name of the kind.
struct Answer(Match, String);

impl IntoJs for Answer {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self.0 {
            Match::Found(name) => name.unwrap_or(self.1).into_js(scope),
            Match::NotFound => Ok(v8::undefined(scope).into()),
            Match::Invalid => Ok(v8::null(scope).into()),
        }
    }
}

/// `checkHost(certificate, name, flags)`
fn check_host(certificate: Certificate, name: String, flags: u32) -> Answer {
    Answer(x509::check_host(&certificate.0, &name, flags), name)
}

/// `checkEmail(certificate, name, flags)`
fn check_email(certificate: Certificate, name: String, flags: u32) -> Answer {
    Answer(x509::check_email(&certificate.0, &name, flags), name)
}

/// `checkIp(certificate, address)`
fn check_ip(certificate: Certificate, address: String) -> Answer {
    Answer(x509::check_ip(&certificate.0, &address, 0), address)
}

fn is_issued_by(certificate: Certificate, issuer: Certificate) -> bool {
    let issued = issuer.0.issued(&certificate.0) == X509VerifyResult::OK;
    drop(ErrorStack::get());
    issued
}

fn belongs_to(certificate: Certificate, key: KeyHandle) -> bool {
    x509::belongs_to(&certificate.0, &key.key)
}

fn is_signed_by(certificate: Certificate, key: KeyHandle) -> bool {
    x509::is_signed_by(&certificate.0, &key.key)
}
