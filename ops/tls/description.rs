//! A certificate as `tlsSocket.getPeerCertificate()` shows it: the facts, which `js/internal/tls/certificates.js`
//! puts together.

use std::net::IpAddr;

use openssl::ec::PointConversionForm;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Public};
use openssl::x509::{GeneralNameRef, X509, X509NameRef, X509Ref};

use crate::bind::Bytes;
use crate::crypto::error::CryptoError;
use crate::sys::tls::{extended_key_usage, is_authority};

type Entries = Vec<(String, String)>;
type Names = (Entries, Entries, Option<String>, Option<Entries>);
/// Modulus, exponent, public key, length in bits; the curve of an elliptic key.
type Key = (Option<String>, Option<String>, Option<Bytes>, Option<u32>, Option<String>);
type Dates = (String, String, String);
type Fingerprints = (String, String, String);
type Rest = (bool, Dates, Fingerprints, Option<Vec<String>>);

/// `describeCertificate(der)`
pub(super) fn describe_certificate(der: Bytes) -> Result<(Names, Key, Rest), CryptoError> {
    let certificate = X509::from_der(&der.0)?;
    let names = (
        entries(certificate.subject_name()),
        entries(certificate.issuer_name()),
        alternative_names(&certificate),
        access(&certificate),
    );
    let key = match certificate.public_key() {
        Ok(key) => describe_key(&key),
        Err(_) => (None, None, None, None, None),
    };
    let serial = certificate.serial_number().to_bn()?.to_hex_str()?.to_string();
    let dates = (certificate.not_before().to_string(), certificate.not_after().to_string(), serial);
    let fingerprint = |digest| -> Result<String, CryptoError> {
        let parts: Vec<String> =
            certificate.digest(digest)?.iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(parts.join(":"))
    };
    let fingerprints = (
        fingerprint(MessageDigest::sha1())?,
        fingerprint(MessageDigest::sha256())?,
        fingerprint(MessageDigest::sha512())?,
    );
    let rest = (is_authority(&certificate), dates, fingerprints, extended_key_usage(&certificate));
    drop(openssl::error::ErrorStack::get());
    Ok((names, key, rest))
}

fn entries(name: &X509NameRef) -> Entries {
    let entry = |entry: &openssl::x509::X509NameEntryRef| {
        let object = entry.object();
        let key = object.nid().short_name().map_or_else(|_| object.to_string(), str::to_owned);
        Some((key, entry.data().to_string().ok()?))
    };
    name.entries().filter_map(entry).collect()
}

/// The names beside the subject, in one line.
pub(super) fn alternative_names(certificate: &X509Ref) -> Option<String> {
    let names = certificate.subject_alt_names()?;
    let names: Vec<String> = names.iter().map(|name| general_name(name, true)).collect();
    Some(names.join(", "))
}

/// Where more is to be known about a certificate.
fn access(certificate: &X509Ref) -> Option<Entries> {
    let descriptions = certificate.authority_info()?;
    let entry = |description: &openssl::x509::AccessDescriptionRef| {
        let method = description.method();
        let method = method.nid().long_name().map_or_else(|_| method.to_string(), str::to_owned);
        let location = general_name(description.location(), false);
        let (kind, value) = location.split_once(':')?;
        Some((format!("{method} - {kind}"), value.to_owned()))
    };
    Some(descriptions.iter().filter_map(entry).collect())
}

fn general_name(name: &GeneralNameRef, quotes: bool) -> String {
    let value = |text: &str| if quotes { quoted(text) } else { text.to_owned() };
    if let Some(name) = name.dnsname() {
        return format!("DNS:{}", value(name));
    }
    if let Some(address) = name.ipaddress() {
        return match (<[u8; 4]>::try_from(address), <[u8; 16]>::try_from(address)) {
            (Ok(bytes), _) => format!("IP Address:{}", IpAddr::from(bytes)),
            (_, Ok(bytes)) => format!("IP Address:{}", sixteen_bytes(bytes)),
            _ => format!("IP Address:<invalid length={}>", address.len()),
        };
    }
    if let Some(uri) = name.uri() {
        return format!("URI:{}", value(uri));
    }
    if let Some(email) = name.email() {
        return format!("email:{}", value(email));
    }
    if let Some(directory) = name.directory_name() {
        // As RFC 2253 has it: the last part first.
        let parts: Vec<String> = entries(directory)
            .into_iter()
            .rev()
            .map(|(key, value)| format!("{key}={}", escaped(&value)))
            .collect();
        return format!("DirName:{}", value(&parts.join(",")));
    }
    String::from("othername:<unsupported>")
}

/// The library's own form: groups without leading zeros, none left out.
fn sixteen_bytes(bytes: [u8; 16]) -> String {
    let groups: Vec<String> =
        bytes.chunks(2).map(|pair| format!("{:X}", u16::from(pair[0]) << 8 | u16::from(pair[1]))).collect();
    groups.join(":")
}

/// With a backslash before what RFC 2253 takes for its own.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        if matches!(letter, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// In quotes, as JSON has it, where the name could be taken for several.
fn quoted(name: &str) -> String {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b',' | b'\'');
    if name.bytes().all(is_plain) {
        return name.to_owned();
    }
    let mut text = String::from("\"");
    for letter in name.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            ',' => text.push_str("\\u002c"),
            '\0'..' ' | '\x7f'..='\u{ff}' => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text.push('"');
    text
}

fn describe_key(key: &PKey<Public>) -> Key {
    match key.id() {
        Id::RSA | Id::RSA_PSS => {
            let Ok(rsa) = key.rsa() else { return (None, None, None, None, None) };
            let modulus = rsa.n().to_hex_str().ok().map(|text| text.to_string());
            let exponent = rsa.e().to_dec_str().ok().and_then(|text| text.parse::<u64>().ok());
            let exponent = exponent.map(|number| format!("{number:#x}"));
            let encoded = rsa.public_key_to_der().ok().map(Bytes);
            (modulus, exponent, encoded, Some(rsa.n().num_bits() as u32), None)
        }
        Id::EC => {
            let Ok(ec) = key.ec_key() else { return (None, None, None, None, None) };
            let group = ec.group();
            let curve = group.curve_name().and_then(|nid| nid.short_name().ok()).map(str::to_owned);
            let point = openssl::bn::BigNumContext::new().and_then(|mut work| {
                ec.public_key().to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut work)
            });
            (None, None, point.ok().map(Bytes), Some(group.order_bits()), curve)
        }
        _ => (None, None, None, None, None),
    }
}
