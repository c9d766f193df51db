//! Asymmetric keys: reading them from PEM, DER and numbers, looking into them, writing them and making new ones.

use std::ffi::{CStr, CString, c_char, c_int, c_uchar, c_void};
use std::ptr;

use foreign_types::ForeignType;
use openssl::bn::BigNum;
use openssl::cipher::Cipher;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use openssl_sys as ffi;

use super::bindings;
use super::params::Params;

/// A key of any type, public or private. OpenSSL counts its owners and lets any thread use it.
pub type Key = PKey<Private>;

/// A passphrase may have that many bytes, as OpenSSL's own buffer.
pub const MAX_PASSPHRASE: usize = 1024;

/// Which part of a key is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// What may be known to all.
    Public,
    /// All of a key pair.
    Private,
}

impl Part {
    fn selection(self) -> c_int {
        match self {
            Part::Public => ffi::EVP_PKEY_PUBLIC_KEY,
            Part::Private => ffi::EVP_PKEY_KEYPAIR,
        }
    }
}

/// Takes over a key that OpenSSL has made.
pub(super) fn own(key: *mut ffi::EVP_PKEY) -> Result<Key, ErrorStack> {
    if key.is_null() {
        return Err(ErrorStack::get());
    }
    // SAFETY: the caller hands over a live key that nobody else will free.
    Ok(unsafe { Key::from_ptr(key) })
}

/// Whether a call has succeeded.
pub(super) fn check(result: c_int) -> Result<(), ErrorStack> {
    if result > 0 { Ok(()) } else { Err(ErrorStack::get()) }
}

/// A context of operations with keys.
pub(super) struct Context(*mut ffi::EVP_PKEY_CTX);

impl Context {
    pub(super) fn of_key(key: &Key) -> Result<Self, ErrorStack> {
        // SAFETY: the key is a live one; null stands for the library's own context.
        let context =
            unsafe { bindings::EVP_PKEY_CTX_new_from_pkey(ptr::null_mut(), key.as_ptr(), ptr::null()) };
        if context.is_null() { Err(ErrorStack::get()) } else { Ok(Context(context)) }
    }

    fn of_type(name: &CStr) -> Result<Self, ErrorStack> {
        super::init();
        // SAFETY: the name is a live text; null stands for the library's own context.
        let context = unsafe { ffi::EVP_PKEY_CTX_new_from_name(ptr::null_mut(), name.as_ptr(), ptr::null()) };
        if context.is_null() { Err(ErrorStack::get()) } else { Ok(Context(context)) }
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::EVP_PKEY_CTX {
        self.0
    }

    fn set(&self, params: &Params<'_>) -> Result<(), ErrorStack> {
        if params.is_empty() {
            return Ok(());
        }
        let params = params.build();
        // SAFETY: context and list are live ones.
        check(unsafe { ffi::EVP_PKEY_CTX_set_params(self.0, params.as_ptr()) })
    }

    fn generate(&self) -> Result<Key, ErrorStack> {
        let mut key = ptr::null_mut();
        // SAFETY: the context is a live one, and the key is written only on success.
        check(unsafe { ffi::EVP_PKEY_generate(self.0, &raw mut key) })?;
        own(key)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: it is a live one that nobody else frees.
        unsafe { ffi::EVP_PKEY_CTX_free(self.0) };
    }
}

/// Memory that OpenSSL reads from or writes to as a file.
pub(super) struct Bio(*mut ffi::BIO);

impl Bio {
    /// For reading `bytes`, which outlive it by the callers' order.
    pub(super) fn reading(bytes: &[u8]) -> Result<Self, ErrorStack> {
        let Ok(length) = c_int::try_from(bytes.len()) else { return Err(ErrorStack::get()) };
        // SAFETY: the callers keep the bytes until the file is gone.
        let bio = unsafe { ffi::BIO_new_mem_buf(bytes.as_ptr().cast(), length) };
        if bio.is_null() { Err(ErrorStack::get()) } else { Ok(Bio(bio)) }
    }

    /// An empty one for writing.
    pub(super) fn writing() -> Result<Self, ErrorStack> {
        // SAFETY: it takes nothing.
        let method = unsafe { ffi::BIO_s_mem() };
        // SAFETY: the method is a static of the library's.
        let bio = unsafe { ffi::BIO_new(method) };
        if bio.is_null() { Err(ErrorStack::get()) } else { Ok(Bio(bio)) }
    }

    pub(super) fn as_ptr(&self) -> *mut ffi::BIO {
        self.0
    }

    /// What has been written.
    pub(super) fn contents(&self) -> Vec<u8> {
        let mut data: *mut c_char = ptr::null_mut();
        // SAFETY: the file is a live one in memory.
        let length = unsafe { ffi::BIO_get_mem_data(self.0, &raw mut data) };
        match usize::try_from(length) {
            Ok(length) if length > 0 && !data.is_null() => {
                // SAFETY: the file has that many bytes there, until it is written to or freed.
                unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length) }.to_vec()
            }
            _ => Vec::new(),
        }
    }
}

impl Drop for Bio {
    fn drop(&mut self) {
        // SAFETY: it is a live one that nobody else frees.
        unsafe { ffi::BIO_free_all(self.0) };
    }
}

/// Gives OpenSSL the passphrase; there being none, or one that is too long, ends the reading.
pub(super) unsafe extern "C" fn give_passphrase(
    buffer: *mut c_char,
    size: c_int,
    _: c_int,
    passphrase: *mut c_void,
) -> c_int {
    // SAFETY: `with_passphrase` gives the address of an `Option<&[u8]>` that lives as long as the call.
    let passphrase = unsafe { *passphrase.cast::<Option<&[u8]>>() };
    match (passphrase, usize::try_from(size)) {
        (Some(passphrase), Ok(size)) if passphrase.len() <= size => {
            // SAFETY: the buffer has room for `size` bytes.
            unsafe { ptr::copy_nonoverlapping(passphrase.as_ptr(), buffer.cast::<u8>(), passphrase.len()) };
            passphrase.len() as c_int
        }
        _ => -1,
    }
}

/// The address that [`give_passphrase`] takes.
pub(super) fn user_data(passphrase: &mut Option<&[u8]>) -> *mut c_void {
    ptr::from_mut(passphrase).cast()
}

/// A private key in PEM, of whichever structure.
pub fn private_from_pem(pem: &[u8], mut passphrase: Option<&[u8]>) -> Result<Key, ErrorStack> {
    super::init();
    let bio = Bio::reading(pem)?;
    // SAFETY: the file is a live one, and callback and passphrase outlive the call.
    own(unsafe {
        ffi::PEM_read_bio_PrivateKey(
            bio.as_ptr(),
            ptr::null_mut(),
            Some(give_passphrase),
            user_data(&mut passphrase),
        )
    })
}

/// A private key in PKCS#8's binary form, encrypted or not.
pub fn private_from_pkcs8(der: &[u8], mut passphrase: Option<&[u8]>) -> Result<Key, ErrorStack> {
    super::init();
    if is_encrypted(der) {
        let bio = Bio::reading(der)?;
        // SAFETY: the file is a live one, and callback and passphrase outlive the call.
        return own(unsafe {
            ffi::d2i_PKCS8PrivateKey_bio(
                bio.as_ptr(),
                ptr::null_mut(),
                Some(give_passphrase),
                user_data(&mut passphrase),
            )
        });
    }
    let bio = Bio::reading(der)?;
    // SAFETY: the file is a live one.
    let info = unsafe { bindings::d2i_PKCS8_PRIV_KEY_INFO_bio(bio.as_ptr(), ptr::null_mut()) };
    if info.is_null() {
        return Err(ErrorStack::get());
    }
    // SAFETY: it is a live structure.
    let key = own(unsafe { ffi::EVP_PKCS82PKEY(info) });
    // SAFETY: nothing refers to the structure any more.
    unsafe { ffi::PKCS8_PRIV_KEY_INFO_free(info) };
    key
}

/// Whether PKCS#8 is encrypted: a sequence that begins with the sequence of the algorithm, not with a version.
fn is_encrypted(der: &[u8]) -> bool {
    let header = match der {
        [0x30, short, ..] if short & 0x80 == 0 => 2,
        [0x30, long, ..] => 2 + usize::from(long & 0x7f),
        _ => return false,
    };
    der.get(header) == Some(&0x30)
}

/// A private key in the binary structure of its algorithm, or whichever other is found.
pub fn private_from_any(der: &[u8]) -> Result<Key, ErrorStack> {
    super::init();
    let bio = Bio::reading(der)?;
    // SAFETY: the file is a live one.
    own(unsafe { bindings::d2i_PrivateKey_bio(bio.as_ptr(), ptr::null_mut()) })
}

/// A public key in PKCS#1's binary form.
pub fn public_from_pkcs1(der: &[u8]) -> Result<Key, ErrorStack> {
    super::init();
    let mut data = der.as_ptr();
    // SAFETY: `data` is the start of that many bytes.
    own(unsafe { bindings::d2i_PublicKey(ffi::EVP_PKEY_RSA, ptr::null_mut(), &raw mut data, der.len() as _) })
}

/// A public key as `SubjectPublicKeyInfo`.
pub fn public_from_spki(der: &[u8]) -> Result<Key, ErrorStack> {
    super::init();
    let mut data = der.as_ptr();
    // SAFETY: `data` is the start of that many bytes.
    own(unsafe { ffi::d2i_PUBKEY(ptr::null_mut(), &raw mut data, der.len() as _) })
}

/// The key that a certificate is about.
pub fn of_certificate(certificate: &X509) -> Result<Key, ErrorStack> {
    // SAFETY: the certificate is a live one; the key is counted for the caller.
    own(unsafe { ffi::X509_get_pubkey(certificate.as_ptr()) })
}

/// The contents of the first block in `pem` of that name; `None` where there is none.
pub fn pem_block(pem: &[u8], name: &CStr) -> Option<Vec<u8>> {
    super::init();
    let bio = Bio::reading(pem).ok()?;
    let (mut data, mut length) = (ptr::null_mut(), 0);
    let mut none: Option<&[u8]> = None;
    // SAFETY: the file is a live one, and the results are written only on success.
    let found = unsafe {
        bindings::PEM_bytes_read_bio(
            &raw mut data,
            &raw mut length,
            ptr::null_mut(),
            name.as_ptr(),
            bio.as_ptr(),
            Some(give_passphrase),
            user_data(&mut none),
        )
    };
    if found != 1 {
        drop(ErrorStack::get());
        return None;
    }
    // SAFETY: on success there are that many bytes.
    let contents = unsafe { std::slice::from_raw_parts(data, length as usize) }.to_vec();
    // SAFETY: the bytes were allocated for the caller.
    unsafe { ffi::OPENSSL_free(data.cast()) };
    Some(contents)
}

/// A key of the type `name` from its numbers.
pub fn from_params(name: &CStr, part: Part, params: &Params<'_>) -> Result<Key, ErrorStack> {
    let context = Context::of_type(name)?;
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_fromdata_init(context.as_ptr()) })?;
    let params = params.build();
    let mut key = ptr::null_mut();
    // SAFETY: context and list are live ones, and the key is written only on success.
    check(unsafe {
        ffi::EVP_PKEY_fromdata(context.as_ptr(), &raw mut key, part.selection(), params.as_ptr())
    })?;
    own(key)
}

/// Domain parameters alone, of which keys can be made.
pub fn domain_from_params(name: &CStr, params: &Params<'_>) -> Result<Key, ErrorStack> {
    let context = Context::of_type(name)?;
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_fromdata_init(context.as_ptr()) })?;
    let params = params.build();
    let mut key = ptr::null_mut();
    let selection = ffi::EVP_PKEY_KEY_PARAMETERS;
    // SAFETY: context and list are live ones, and the key is written only on success.
    check(unsafe { ffi::EVP_PKEY_fromdata(context.as_ptr(), &raw mut key, selection, params.as_ptr()) })?;
    own(key)
}

/// New domain parameters of the type `name`.
pub fn generate_domain(name: &CStr, params: &Params<'_>) -> Result<Key, ErrorStack> {
    let context = Context::of_type(name)?;
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_paramgen_init(context.as_ptr()) })?;
    context.set(params)?;
    context.generate()
}

/// A new key pair in a domain.
pub fn generate_in(domain: &Key) -> Result<Key, ErrorStack> {
    let context = Context::of_key(domain)?;
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_keygen_init(context.as_ptr()) })?;
    context.generate()
}

/// A new key pair of the type `name`.
pub fn generate(name: &CStr, params: &Params<'_>) -> Result<Key, ErrorStack> {
    let context = Context::of_type(name)?;
    // SAFETY: the context is a live one.
    check(unsafe { ffi::EVP_PKEY_keygen_init(context.as_ptr()) })?;
    context.set(params)?;
    context.generate()
}

/// OpenSSL's name of the key's type, such as `RSA` or `ML-DSA-44`.
pub fn type_name(key: &Key) -> String {
    // SAFETY: the key is a live one.
    let name = unsafe { bindings::EVP_PKEY_get0_type_name(key.as_ptr()) };
    if name.is_null() {
        return String::new();
    }
    // SAFETY: the name is a text that lives as long as the key.
    unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
}

/// A parameter that is a number; `None` where the key has none of that name.
pub fn number(key: &Key, name: &CStr) -> Option<BigNum> {
    let mut number = ptr::null_mut();
    // SAFETY: key and name are live ones, and the number is made for the caller.
    let found = unsafe { ffi::EVP_PKEY_get_bn_param(key.as_ptr(), name.as_ptr(), &raw mut number) };
    if found != 1 || number.is_null() {
        drop(ErrorStack::get());
        return None;
    }
    // SAFETY: the number is a live one that nobody else frees.
    Some(unsafe { BigNum::from_ptr(number) })
}

/// A parameter that is a small number.
pub fn small_number(key: &Key, name: &CStr) -> Option<i32> {
    let mut number = 0;
    // SAFETY: key and name are live ones.
    let found = unsafe { ffi::EVP_PKEY_get_int_param(key.as_ptr(), name.as_ptr(), &raw mut number) };
    if found != 1 {
        drop(ErrorStack::get());
        return None;
    }
    Some(number)
}

/// A parameter that is text.
pub fn text(key: &Key, name: &CStr) -> Option<String> {
    let mut buffer = [0u8; 128];
    let mut length = 0;
    // SAFETY: key and name are live ones, and the buffer has that many bytes.
    let found = unsafe {
        ffi::EVP_PKEY_get_utf8_string_param(
            key.as_ptr(),
            name.as_ptr(),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &raw mut length,
        )
    };
    if found != 1 {
        drop(ErrorStack::get());
        return None;
    }
    Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// A parameter that is bytes.
pub fn bytes(key: &Key, name: &CStr) -> Option<Vec<u8>> {
    let mut length = 0;
    // SAFETY: key and name are live ones; without a buffer the length is asked for.
    let found = unsafe {
        ffi::EVP_PKEY_get_octet_string_param(key.as_ptr(), name.as_ptr(), ptr::null_mut(), 0, &raw mut length)
    };
    if found != 1 {
        drop(ErrorStack::get());
        return None;
    }
    let mut buffer = vec![0; length];
    // SAFETY: key and name are live ones, and the buffer has that many bytes.
    let found = unsafe {
        ffi::EVP_PKEY_get_octet_string_param(
            key.as_ptr(),
            name.as_ptr(),
            buffer.as_mut_ptr(),
            buffer.len(),
            &raw mut length,
        )
    };
    if found != 1 {
        drop(ErrorStack::get());
        return None;
    }
    buffer.truncate(length);
    Some(buffer)
}

/// Whether two keys have the same public half.
pub fn equal(left: &Key, right: &Key) -> bool {
    // SAFETY: both are live ones.
    let equal = unsafe { ffi::EVP_PKEY_eq(left.as_ptr(), right.as_ptr()) } == 1;
    drop(ErrorStack::get());
    equal
}

/// Whether the public half of a key is one that its algorithm allows.
pub fn is_valid_public(key: &Key) -> bool {
    let valid = Context::of_key(key).is_ok_and(|context| {
        // SAFETY: the context is a live one.
        unsafe { ffi::EVP_PKEY_public_check(context.as_ptr()) == 1 }
    });
    drop(ErrorStack::get());
    valid
}

/// Whether the two halves of a key belong together.
pub fn is_valid_pair(key: &Key) -> bool {
    let valid = Context::of_key(key).is_ok_and(|context| {
        // SAFETY: the context is a live one.
        unsafe { bindings::EVP_PKEY_pairwise_check(context.as_ptr()) == 1 }
    });
    drop(ErrorStack::get());
    valid
}

/// How a key is written.
pub struct Encoding<'a> {
    /// `PEM` or `DER`
    pub format: &'a CStr,
    /// `PrivateKeyInfo`, `EncryptedPrivateKeyInfo`, `SubjectPublicKeyInfo` or `type-specific`
    pub structure: &'a CStr,
    /// The cipher and the passphrase, where it is to be encrypted.
    pub encryption: Option<(&'a CStr, &'a [u8])>,
}

struct Encoder(*mut ffi::OSSL_ENCODER_CTX);

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: it is a live one or null.
        unsafe { ffi::OSSL_ENCODER_CTX_free(self.0) };
    }
}

/// Writes a part of a key.
pub fn encode(key: &Key, part: Part, encoding: &Encoding<'_>) -> Result<Vec<u8>, ErrorStack> {
    // SAFETY: the key and the names are live ones.
    let encoder = Encoder(unsafe {
        ffi::OSSL_ENCODER_CTX_new_for_pkey(
            key.as_ptr(),
            part.selection(),
            encoding.format.as_ptr(),
            encoding.structure.as_ptr(),
            ptr::null(),
        )
    });
    if encoder.0.is_null() {
        return Err(ErrorStack::get());
    }
    if let Some((cipher, passphrase)) = encoding.encryption {
        // SAFETY: encoder and name are live ones.
        check(unsafe { ffi::OSSL_ENCODER_CTX_set_cipher(encoder.0, cipher.as_ptr(), ptr::null()) })?;
        // SAFETY: the encoder is a live one and copies the passphrase.
        check(unsafe {
            ffi::OSSL_ENCODER_CTX_set_passphrase(encoder.0, passphrase.as_ptr(), passphrase.len())
        })?;
    }
    let bio = Bio::writing()?;
    // SAFETY: encoder and file are live ones.
    check(unsafe { ffi::OSSL_ENCODER_to_bio(encoder.0, bio.as_ptr()) })?;
    Ok(bio.contents())
}

/// Text without zeroes for OpenSSL; what is after one is left out.
pub fn c_text(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// Writes a `PrivateKeyInfo` in PEM or DER, encrypted where there are a cipher and a passphrase.
pub fn encode_info(
    info: &[u8],
    is_pem: bool,
    encryption: Option<(&str, &[u8])>,
) -> Result<Vec<u8>, ErrorStack> {
    super::init();
    let Some((cipher, passphrase)) = encryption else {
        return if is_pem { write_pem(c"PRIVATE KEY", info) } else { Ok(info.to_vec()) };
    };
    let cipher = Cipher::fetch(None, cipher, None)?;
    let mut data = info.as_ptr();
    // SAFETY: `data` is the start of that many bytes.
    let parsed = unsafe { ffi::d2i_PKCS8_PRIV_KEY_INFO(ptr::null_mut(), &raw mut data, info.len() as _) };
    if parsed.is_null() {
        return Err(ErrorStack::get());
    }
    // SAFETY: structure, cipher and passphrase are live ones; -1 chooses PBES2, 0 the usual number of rounds.
    let signature = unsafe {
        bindings::PKCS8_encrypt(
            -1,
            cipher.as_ptr(),
            passphrase.as_ptr().cast(),
            passphrase.len() as c_int,
            ptr::null_mut(),
            0,
            0,
            parsed,
        )
    };
    // SAFETY: nothing refers to the structure any more.
    unsafe { ffi::PKCS8_PRIV_KEY_INFO_free(parsed) };
    if signature.is_null() {
        return Err(ErrorStack::get());
    }
    let mut bytes = ptr::null_mut();
    // SAFETY: the structure is a live one; the bytes are allocated for the caller.
    let length = unsafe { bindings::i2d_X509_SIG(signature, &raw mut bytes) };
    // SAFETY: nothing refers to the structure any more.
    unsafe { bindings::X509_SIG_free(signature) };
    let Some(length) = usize::try_from(length).ok().filter(|length| *length > 0) else {
        return Err(ErrorStack::get());
    };
    // SAFETY: there are that many bytes.
    let encrypted = unsafe { std::slice::from_raw_parts(bytes, length) }.to_vec();
    // SAFETY: the bytes were allocated for the caller.
    unsafe { ffi::OPENSSL_free(bytes.cast()) };
    if is_pem { write_pem(c"ENCRYPTED PRIVATE KEY", &encrypted) } else { Ok(encrypted) }
}

/// Writes the binary structure of a single algorithm in PEM, encrypted as that was done before PKCS#8.
pub fn encode_traditional(
    name: &CStr,
    der: &[u8],
    cipher: &str,
    passphrase: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    /// Gives what is to be encrypted, which `encode_traditional` has as it is wanted.
    unsafe extern "C" fn copy(source: *const c_void, target: *mut *mut c_uchar) -> c_int {
        // SAFETY: `encode_traditional` gives the address of a slice that lives as long as the call.
        let source = unsafe { *source.cast::<&[u8]>() };
        if !target.is_null() {
            // SAFETY: the caller gives the address of a pointer.
            let target = unsafe { &mut *target };
            // SAFETY: the caller has made room for as many bytes as it was told.
            unsafe { ptr::copy_nonoverlapping(source.as_ptr(), *target, source.len()) };
            // SAFETY: the room ends there.
            *target = unsafe { target.add(source.len()) };
        }
        source.len() as c_int
    }
    let cipher = Cipher::fetch(None, cipher, None)?;
    let bio = Bio::writing()?;
    // SAFETY: all are live ones, and `copy` fits what it is given. The passphrase's own address tells that there
    // is one, even an empty one.
    check(unsafe {
        bindings::PEM_ASN1_write_bio(
            copy,
            name.as_ptr(),
            bio.as_ptr(),
            (&raw const der).cast(),
            cipher.as_ptr(),
            passphrase.as_ptr(),
            passphrase.len() as c_int,
            None,
            ptr::null_mut(),
        )
    })?;
    Ok(bio.contents())
}

fn write_pem(name: &CStr, data: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let bio = Bio::writing()?;
    let length = data.len() as _;
    // SAFETY: file, name and bytes are live ones; there is no header.
    check(unsafe {
        bindings::PEM_write_bio(bio.as_ptr(), name.as_ptr(), c"".as_ptr(), data.as_ptr(), length)
    })?;
    Ok(bio.contents())
}
