//! What certificates have that the `openssl` crate does not give: names as text, their other forms, checks.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_ulong, c_void};
use std::ptr;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::asn1::Asn1ObjectRef;
use openssl::error::ErrorStack;
use openssl::x509::{GeneralNameRef, X509NameRef, X509Ref};
use openssl_sys as ffi;

use super::pkey::{Bio, Key};

const ESCAPE_2253: c_ulong = 1;
const ESCAPE_CONTROLS: c_ulong = 2;
const ESCAPE_HIGH_BITS: c_ulong = 4;
const UTF8: c_ulong = 0x10;
const ONE_ENTRY_A_LINE: c_ulong = 4 << 16;
/// `XN_FLAG_RFC2253`, which has names backwards and between commas.
const RFC_2253: c_ulong = 0x111_0317;

#[repr(C)]
struct OtherName {
    kind: *mut ffi::ASN1_OBJECT,
    value: *mut ffi::ASN1_TYPE,
}

unsafe extern "C" {
    fn X509_NAME_print_ex(
        bio: *mut ffi::BIO,
        name: *const ffi::X509_NAME,
        indent: c_int,
        flags: c_ulong,
    ) -> c_int;
    fn X509_check_ca(certificate: *mut ffi::X509) -> c_int;
    fn X509_check_private_key(certificate: *const ffi::X509, key: *const ffi::EVP_PKEY) -> c_int;
    fn OBJ_obj2nid(object: *const ffi::ASN1_OBJECT) -> c_int;
    fn OBJ_txt2nid(text: *const c_char) -> c_int;
    fn CRYPTO_free(data: *mut c_void, file: *const c_char, line: c_int);
}

fn print_name(name: &X509NameRef, flags: c_ulong) -> Result<String, ErrorStack> {
    let bio = Bio::writing()?;
    // SAFETY: file and name are live ones.
    if unsafe { X509_NAME_print_ex(bio.as_ptr(), name.as_ptr(), 0, flags) } < 0 {
        return Err(ErrorStack::get());
    }
    Ok(String::from_utf8_lossy(&bio.contents()).into_owned())
}

/// A name with one entry a line.
pub fn name_lines(name: &X509NameRef) -> Result<String, ErrorStack> {
    print_name(name, ESCAPE_2253 | ESCAPE_CONTROLS | UTF8 | ONE_ENTRY_A_LINE)
}

/// A name in one line, from its last entry to its first, with all characters that are no part of the syntax as
/// they are.
pub fn name_line(name: &X509NameRef) -> Result<String, ErrorStack> {
    print_name(name, RFC_2253 & !ESCAPE_HIGH_BITS & !ESCAPE_CONTROLS)
}

/// A name of one of the rarer kinds.
pub enum RareName {
    /// The object identifier by its name or in numbers.
    Registered(String),
    /// A kind that has a name, and its text. `is_utf8` tells of what the text may consist.
    Other {
        /// The name of the kind.
        kind: &'static str,
        /// Its text.
        text: Vec<u8>,
        /// Whether that is UTF-8 and not ASCII.
        is_utf8: bool,
    },
    /// One of the usual kinds with text that is no UTF-8.
    Ascii {
        /// The name of the kind.
        kind: &'static str,
        /// Its text.
        text: Vec<u8>,
    },
    /// One of which nothing more is known: the name of its kind.
    Unsupported(&'static str),
}

const UTF8_STRING: c_int = 12;
const IA5_STRING: c_int = 22;

/// The other names whose text is understood, by their object identifiers: name, type of the text.
const OTHER_NAMES: [(&CStr, &str, c_int); 5] = [
    (c"1.3.6.1.5.5.7.8.9", "SmtpUTF8Mailbox", UTF8_STRING),
    (c"1.3.6.1.5.5.7.8.5", "XmppAddr", UTF8_STRING),
    (c"1.3.6.1.5.5.7.8.7", "SRVName", IA5_STRING),
    (c"1.3.6.1.4.1.311.20.2.3", "UPN", UTF8_STRING),
    (c"1.3.6.1.5.5.7.8.8", "NAIRealm", UTF8_STRING),
];

/// What a name is that has none of the usual kinds.
pub fn rare_name(name: &GeneralNameRef) -> RareName {
    let raw = name.as_ptr();
    // SAFETY: the name is a live one.
    let kind = unsafe { (*raw).type_ };
    // SAFETY: as above.
    let data = unsafe { (*raw).d };
    let ascii = |kind| RareName::Ascii { kind, text: string_bytes(data.cast()) };
    match kind {
        ffi::GEN_DNS => ascii("DNS"),
        ffi::GEN_EMAIL => ascii("email"),
        ffi::GEN_URI => ascii("URI"),
        ffi::GEN_RID => RareName::Registered(object_text(data.cast())),
        ffi::GEN_OTHERNAME => other_name(data.cast()),
        ffi::GEN_X400 => RareName::Unsupported("X400Name"),
        ffi::GEN_EDIPARTY => RareName::Unsupported("EdiPartyName"),
        _ => RareName::Unsupported("othername"),
    }
}

fn other_name(other: *const OtherName) -> RareName {
    // SAFETY: a name of this kind has such a structure.
    let &OtherName { kind: object, value } = unsafe { &*other };
    // SAFETY: the object is a live one.
    let found = unsafe { OBJ_obj2nid(object) };
    let known = OTHER_NAMES.iter().find(|(identifier, ..)| {
        // SAFETY: the identifier is a live text.
        found != ffi::NID_undef && unsafe { OBJ_txt2nid(identifier.as_ptr()) } == found
    });
    let Some((_, kind, string)) = known else { return RareName::Unsupported("othername") };
    // SAFETY: the value is a live one.
    let value = unsafe { &*value };
    if value.type_ != *string {
        return RareName::Unsupported("othername");
    }
    // SAFETY: a value of these types is a string.
    let text: *mut ffi::ASN1_STRING = unsafe { value.value.asn1_string };
    RareName::Other { kind, text: string_bytes(text), is_utf8: *string == UTF8_STRING }
}

fn string_bytes(string: *const ffi::ASN1_STRING) -> Vec<u8> {
    // SAFETY: the callers have a live one.
    let data = unsafe { ffi::ASN1_STRING_get0_data(string) };
    // SAFETY: as above.
    let length = unsafe { ffi::ASN1_STRING_length(string) };
    if data.is_null() || length <= 0 {
        return Vec::new();
    }
    // SAFETY: the string has that many bytes.
    unsafe { std::slice::from_raw_parts(data, length as usize) }.to_vec()
}

fn object_text(object: *const ffi::ASN1_OBJECT) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: the object is a live one, and the buffer has that many bytes; 1 asks for numbers.
    unsafe { ffi::OBJ_obj2txt(buffer.as_mut_ptr().cast(), buffer.len() as c_int, object, 1) };
    CStr::from_bytes_until_nul(&buffer).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

/// An object identifier in numbers.
pub fn identifier(object: &Asn1ObjectRef) -> String {
    object_text(object.as_ptr())
}

/// Whether a certificate may sign others.
pub fn is_authority(certificate: &X509Ref) -> bool {
    // SAFETY: it is a live one.
    let found = unsafe { X509_check_ca(certificate.as_ptr()) };
    drop(ErrorStack::get());
    found == 1
}

/// Whether a certificate is about the public half of a key.
pub fn belongs_to(certificate: &X509Ref, key: &Key) -> bool {
    // SAFETY: both are live ones.
    let belongs = unsafe { X509_check_private_key(certificate.as_ptr(), key.as_ptr()) };
    drop(ErrorStack::get());
    belongs == 1
}

/// What a check of a name has found.
pub enum Match {
    /// It is one of the certificate's, which has it in this form where that is known.
    Found(Option<String>),
    /// It is not.
    NotFound,
    /// It is no name of the kind.
    Invalid,
}

fn verdict(result: c_int, name: Option<String>) -> Match {
    drop(ErrorStack::get());
    match result {
        1 => Match::Found(name),
        0 => Match::NotFound,
        _ => Match::Invalid,
    }
}

/// Whether a host has a certificate; the flags are OpenSSL's.
pub fn check_host(certificate: &X509Ref, name: &str, flags: c_uint) -> Match {
    let mut found: *mut c_char = ptr::null_mut();
    // SAFETY: certificate and name are live ones; the name that is found is allocated for the caller.
    let result = unsafe {
        ffi::X509_check_host(certificate.as_ptr(), name.as_ptr().cast(), name.len(), flags, &raw mut found)
    };
    let mut matched = None;
    if !found.is_null() {
        // SAFETY: it is a text.
        matched = Some(unsafe { CStr::from_ptr(found) }.to_string_lossy().into_owned());
        // SAFETY: it was allocated for the caller.
        unsafe { CRYPTO_free(found.cast(), ptr::null(), 0) };
    }
    verdict(result, matched)
}

/// Whether an address of mail has a certificate.
pub fn check_email(certificate: &X509Ref, name: &str, flags: c_uint) -> Match {
    // SAFETY: certificate and name are live ones.
    let result =
        unsafe { ffi::X509_check_email(certificate.as_ptr(), name.as_ptr().cast(), name.len(), flags) };
    verdict(result, None)
}

/// Whether an address of the network has a certificate.
pub fn check_ip(certificate: &X509Ref, address: &str, flags: c_uint) -> Match {
    let Ok(address) = CString::new(address) else { return Match::Invalid };
    // SAFETY: certificate and address are live ones.
    let result = unsafe { ffi::X509_check_ip_asc(certificate.as_ptr(), address.as_ptr(), flags) };
    verdict(result, None)
}

/// Whether a key has signed a certificate.
pub fn is_signed_by(certificate: &X509Ref, key: &Key) -> bool {
    // SAFETY: both are live ones.
    let result = unsafe { ffi::X509_verify(certificate.as_ptr(), key.as_ptr()) };
    drop(ErrorStack::get());
    result == 1
}

/// What a certificate may be used for besides: object identifiers in numbers.
pub fn extended_key_usage(certificate: &X509Ref) -> Option<Vec<String>> {
    // SAFETY: the certificate is a live one; the list is made for the caller.
    let list = unsafe {
        ffi::X509_get_ext_d2i(certificate.as_ptr(), ffi::NID_ext_key_usage, ptr::null_mut(), ptr::null_mut())
    };
    if list.is_null() {
        drop(ErrorStack::get());
        return None;
    }
    let list: *mut ffi::stack_st_ASN1_OBJECT = list.cast();
    // SAFETY: the list is one of objects that nobody else frees.
    let list: openssl::stack::Stack<openssl::asn1::Asn1Object> = unsafe { ForeignType::from_ptr(list) };
    Some(list.iter().map(|object| object_text(object.as_ptr())).collect())
}
