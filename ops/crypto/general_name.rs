//! Names in certificates as one line of text that leaves no doubt where a name ends.

use std::net::{Ipv4Addr, Ipv6Addr};

use openssl::x509::{GeneralNameRef, X509Ref};

use crate::sys::openssl::x509::{RareName, name_line, rare_name};

/// The names beside the subject, between commas.
pub fn alternative_names(certificate: &X509Ref) -> Option<String> {
    let names: Vec<String> = certificate.subject_alt_names()?.iter().map(text).collect();
    Some(names.join(", "))
}

/// Where more is to be known about a certificate, one place a line.
pub fn access(certificate: &X509Ref) -> Option<String> {
    let lines: Vec<String> = certificate
        .authority_info()?
        .iter()
        .map(|description| {
            let method = description.method();
            let method = method.nid().long_name().map_or_else(|_| method.to_string(), str::to_owned);
            let method = if method == "undefined" { description.method().to_string() } else { method };
            format!("{method} - {}", text(description.location()))
        })
        .collect();
    Some(lines.join("\n"))
}

fn text(name: &GeneralNameRef) -> String {
    if let Some(name) = name.dnsname() {
        return format!("DNS:{}", quoted("", name.as_bytes(), false));
    }
    if let Some(address) = name.ipaddress() {
        return format!("IP Address:{}", address_text(address));
    }
    if let Some(uri) = name.uri() {
        return format!("URI:{}", quoted("", uri.as_bytes(), false));
    }
    if let Some(email) = name.email() {
        return format!("email:{}", quoted("", email.as_bytes(), false));
    }
    if let Some(directory) = name.directory_name() {
        return format!("DirName:{}", quoted("", name_line(directory).unwrap_or_default().as_bytes(), true));
    }
    match rare_name(name) {
        RareName::Registered(identifier) => format!("Registered ID:{identifier}"),
        RareName::Other { kind, text, is_utf8 } => {
            format!("othername:{}", quoted(&format!("{kind}:"), &text, is_utf8))
        }
        RareName::Ascii { kind, text } => format!("{kind}:{}", quoted("", &text, false)),
        RareName::Unsupported(kind) => format!("{kind}:<unsupported>"),
    }
}

fn address_text(address: &[u8]) -> String {
    if let Ok(address) = <[u8; 4]>::try_from(address) {
        return Ipv4Addr::from(address).to_string();
    }
    if let Ok(address) = <[u8; 16]>::try_from(address) {
        let groups = Ipv6Addr::from(address).segments().map(|group| format!("{group:X}"));
        return groups.join(":");
    }
    format!("<invalid length={}>", address.len())
}

/// Whether text may stand as it is: nothing in it could be taken for the end of the name.
fn is_plain(bytes: &[u8], is_utf8: bool) -> bool {
    bytes.iter().all(|byte| match byte {
        b'"' | b'\\' | b',' | b'\'' => false,
        b' '..=b'~' => true,
        _ => is_utf8 && *byte >= 0x80,
    })
}

/// Text behind a prefix, both in quotes as JSON has them where that is needed. What is not UTF-8 has a character for
/// each byte.
fn quoted(prefix: &str, bytes: &[u8], is_utf8: bool) -> String {
    if is_plain(bytes, is_utf8) {
        return format!("{prefix}{}", String::from_utf8_lossy(bytes));
    }
    let letters: String = if is_utf8 {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    let mut text = format!("\"{prefix}");
    for letter in letters.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            ',' => text.push_str("\\u002c"),
            ' '..='~' => text.push(letter),
            _ if is_utf8 && u32::from(letter) >= 0x80 => text.push(letter),
            _ => text.push_str(&format!("\\u{:04x}", u32::from(letter))),
        }
    }
    text.push('"');
    text
}
