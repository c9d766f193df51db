//! `SecureContext`: what connections have in common, as an object of JavaScript.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::rc::Rc;

use openssl::dh::Dh;
use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::x509::verify::X509VerifyFlags;
use openssl::x509::{X509, X509Crl, X509Ref, X509VerifyResult};

use crate::bind::class::Class;
use crate::bind::convert::{FromJs, string};
use crate::bind::error::ErrorClass;
use crate::bind::object::{State, This, state};
use crate::bind::{Bytes, Host};
use crate::crypto::error::CryptoError;
use crate::object_class;
use crate::sys::tls::{Context, Method, TICKET_KEYS_LENGTH, certificates_from_pem, thread_name};

use super::failure::line;
use super::roots::Roots;

/// `SecureContext()`; `init(method, min, max)` comes first (method: 0 both sides, 1 server, 2 client).
pub(super) const CLASS: Class = object_class!(
    SecureContext, new_context,
    sync: [
        init, set_key, set_cert, add_ca_cert, set_allow_partial_trust_chain, add_crl, add_root_certs,
        set_cipher_suites, set_ciphers, set_sigalgs, set_ecdh_curve, set_dh_param, set_max_proto,
        set_min_proto, get_max_proto, get_min_proto, set_options, set_session_id_context,
        set_session_timeout, close, load_pkcs12, set_ticket_keys, enable_ticket_key_callback, get_ticket_keys, get_certificate,
        get_issuer,
    ],
    raw: [external]
);

/// About what a context takes.
const MEMORY: usize = 16 << 10;

pub(super) struct SecureContext {
    context: RefCell<Option<Rc<Context>>>,
    /// Its store is the one that all contexts of the runtime share.
    shares_store: Cell<bool>,
    issuer: RefCell<Option<X509>>,
}

impl State for SecureContext {
    fn memory(&self) -> usize {
        MEMORY
    }
}

fn new_context() -> SecureContext {
    SecureContext { context: RefCell::default(), shares_store: Cell::new(false), issuer: RefCell::default() }
}

/// The context that an object stands for.
pub(super) fn context_of(
    scope: &mut v8::PinScope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
) -> Option<Rc<Context>> {
    let object = v8::Local::<v8::Object>::try_from(value).ok()?;
    state::<SecureContext>(scope, object)?.context.borrow().clone()
}

/// A context as an argument; `None` for what is no open context.
pub(super) struct ContextArg(pub(super) Option<Rc<Context>>);

impl FromJs for ContextArg {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        ContextArg(context_of(scope, value))
    }
}

type Outcome = Result<(), CryptoError>;

impl SecureContext {
    fn get(&self) -> Result<Rc<Context>, CryptoError> {
        self.context.borrow().clone().ok_or_else(|| CryptoError::plain("The context is closed"))
    }

    /// A store of its own, so that what is added is believed by this context alone.
    fn own_store(&self, context: &Context, host: &Host) -> Outcome {
        if self.shares_store.replace(false) {
            let store = Roots::of(host).new_store(host)?;
            context.set_store(&store);
        }
        Ok(())
    }
}

/// What a call without a result of its own has come to.
fn checked(done: bool) -> Outcome {
    if done { Ok(()) } else { Err(CryptoError::take("error:00000000:lib(0)::reason(0)")) }
}

/// What the library reports, as Node tells it of contexts: the oldest error, with the others beside it.
fn taken(errors: ErrorStack) -> CryptoError {
    errors.put();
    CryptoError::take("Operation failed")
}

fn text(value: String) -> Result<CString, CryptoError> {
    CString::new(value).map_err(|_| CryptoError::plain("A string has a NUL inside"))
}

fn failed(message: &str) -> CryptoError {
    // The library's own errors are not told.
    drop(ErrorStack::get());
    CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message)
}

/// `init(method, min, max)`: the versions in the library's numbers.
fn init(this: This<SecureContext>, method: u32, min: i32, max: i32) -> Outcome {
    let method = match method {
        1 => Method::Server,
        2 => Method::Client,
        _ => Method::Any,
    };
    let context = Context::new(method).ok_or_else(|| CryptoError::take("SSL_CTX_new"))?;
    checked(context.set_min_version(min))?;
    checked(context.set_max_version(max))?;
    *this.context.borrow_mut() = Some(Rc::new(context));
    Ok(())
}

/// `setKey(pem, passphrase)`
fn set_key(this: This<SecureContext>, pem: Bytes, passphrase: Option<Bytes>) -> Outcome {
    let passphrase = passphrase.unwrap_or_default().0;
    let key = PKey::private_key_from_pem_callback(&pem.0, |room| {
        let count = passphrase.len().min(room.len());
        room[..count].copy_from_slice(&passphrase[..count]);
        Ok(count)
    });
    let key = key.map_err(taken)?;
    checked(this.get()?.use_private_key(&key))
}

/// `setCert(pem)`: the certificate, and those that lead from it towards its root.
fn set_cert(this: This<SecureContext>, pem: Bytes) -> Outcome {
    let context = this.get()?;
    let mut certificates = certificates_from_pem(&pem.0).map_err(taken)?.into_iter();
    let Some(certificate) = certificates.next() else {
        X509::from_pem(&pem.0).map_err(taken)?;
        return Ok(());
    };
    let chain: Vec<X509> = certificates.collect();
    use_certificate(&this, &context, &certificate, &chain)
}

fn use_certificate(
    this: &SecureContext,
    context: &Context,
    certificate: &X509Ref,
    chain: &[X509],
) -> Outcome {
    checked(context.use_certificate(certificate, chain))?;
    let issuer = chain.iter().find(|link| link.issued(certificate) == X509VerifyResult::OK);
    let issuer = issuer.cloned().or_else(|| context.issuer_of(certificate));
    *this.issuer.borrow_mut() = issuer;
    Ok(())
}

/// `addCaCert(pem)`: what is no certificate is passed over.
fn add_ca_cert(host: Rc<Host>, this: This<SecureContext>, pem: Bytes) -> Outcome {
    let context = this.get()?;
    let certificates = certificates_from_pem(&pem.0).unwrap_or_default();
    for certificate in certificates {
        this.own_store(&context, &host)?;
        context.add_client_ca(&certificate);
        // One that is known already does no harm.
        let _ = context.with_store(|store| store.add_cert(certificate));
    }
    Ok(())
}

fn set_allow_partial_trust_chain(host: Rc<Host>, this: This<SecureContext>) -> Outcome {
    let context = this.get()?;
    this.own_store(&context, &host)?;
    context.with_store(|store| store.set_flags(X509VerifyFlags::PARTIAL_CHAIN))?;
    Ok(())
}

/// `addCrl(pem)`
fn add_crl(host: Rc<Host>, this: This<SecureContext>, pem: Bytes) -> Outcome {
    let context = this.get()?;
    let list = X509Crl::from_pem(&pem.0).map_err(|_| failed("Failed to parse CRL"))?;
    this.own_store(&context, &host)?;
    checked(context.add_crl(&list))
}

fn add_root_certs(host: Rc<Host>, this: This<SecureContext>) -> Outcome {
    let context = this.get()?;
    let store = Roots::of(&host).shared_store(&host)?;
    context.set_store(&store);
    this.shares_store.set(true);
    Ok(())
}

fn set_cipher_suites(this: This<SecureContext>, list: String) -> Outcome {
    checked(this.get()?.set_cipher_suites(&text(list)?))
}

fn set_ciphers(this: This<SecureContext>, list: String) -> Outcome {
    let none = list.is_empty();
    let done = this.get()?.set_ciphers(&text(list)?);
    // The ciphers of TLS 1.3 are left.
    if none {
        drop(ErrorStack::get());
        return Ok(());
    }
    checked(done)
}

fn set_sigalgs(this: This<SecureContext>, list: String) -> Outcome {
    checked(this.get()?.set_sigalgs(&text(list)?))
}

fn set_ecdh_curve(this: This<SecureContext>, curve: String) -> Outcome {
    if curve != "auto" && !this.get()?.set_groups(&text(curve)?) {
        return Err(failed("Failed to set ECDH curve"));
    }
    Ok(())
}

/// The shortest Diffie-Hellman parameters that are taken, and taken without a warning, in bits.
const LEAST_DH_BITS: i32 = 1024;
const GOOD_DH_BITS: i32 = 2048;

/// `setDhParam(pem)`, or without parameters for such as fit the key; returns a warning.
fn set_dh_param(this: This<SecureContext>, pem: Option<Bytes>) -> Result<Option<&'static str>, CryptoError> {
    let context = this.get()?;
    let Some(pem) = pem else {
        context.set_dh_auto();
        return Ok(None);
    };
    // What is no set of parameters leaves ephemeral Diffie-Hellman off.
    let Ok(parameters) = Dh::params_from_pem(&pem.0) else { return Ok(None) };
    let bits = parameters.prime_p().num_bits();
    if bits < LEAST_DH_BITS {
        let message = "DH parameter is less than 1024 bits";
        return Err(CryptoError::node(ErrorClass::Type, "ERR_INVALID_ARG_VALUE", message));
    }
    let parameters = PKey::from_dh(parameters)?;
    if !context.set_dh(parameters) {
        return Err(failed("Error setting temp DH parameter"));
    }
    Ok((bits < GOOD_DH_BITS).then_some("DH parameter is less than 2048 bits"))
}

fn set_min_proto(this: This<SecureContext>, version: i32) -> Outcome {
    checked(this.get()?.set_min_version(version))
}

fn set_max_proto(this: This<SecureContext>, version: i32) -> Outcome {
    checked(this.get()?.set_max_version(version))
}

fn get_min_proto(this: This<SecureContext>) -> Result<i32, CryptoError> {
    Ok(this.get()?.min_version())
}

fn get_max_proto(this: This<SecureContext>) -> Result<i32, CryptoError> {
    Ok(this.get()?.max_version())
}

fn set_options(this: This<SecureContext>, options: f64) -> Outcome {
    this.get()?.set_options(options as i64 as u64);
    Ok(())
}

fn set_session_id_context(this: This<SecureContext>, context: Bytes) -> Outcome {
    if this.get()?.set_session_id_context(&context.0) {
        return Ok(());
    }
    let thread = thread_name();
    let errors = ErrorStack::get();
    let message = errors.errors().iter().map(|error| line(&thread, error)).collect();
    Err(CryptoError::Node { class: ErrorClass::Type, code: None, message })
}

fn set_session_timeout(this: This<SecureContext>, seconds: i32) -> Outcome {
    this.get()?.set_session_timeout(seconds);
    Ok(())
}

fn close(this: This<SecureContext>) {
    this.context.take();
    this.issuer.take();
}

/// `loadPkcs12(pfx, passphrase)`: key, certificate and authorities in one.
fn load_pkcs12(host: Rc<Host>, this: This<SecureContext>, pfx: Bytes, passphrase: Option<Bytes>) -> Outcome {
    let context = this.get()?;
    let outcome = crate::sys::openssl::pkcs12::decode(&pfx.0).and_then(|archive| {
        let passphrase = String::from_utf8_lossy(&passphrase.unwrap_or_default().0).into_owned();
        archive.parse2(&passphrase)
    });
    let archive = outcome.map_err(|errors| pkcs12_error(&errors))?;
    let key = archive.pkey.ok_or_else(|| CryptoError::plain("Unable to load private key from PFX data"))?;
    let certificate = archive.cert.ok_or_else(|| CryptoError::plain("Unable to load PFX certificate"))?;
    let mut authorities: Vec<X509> = archive.ca.into_iter().flatten().collect();
    authorities.reverse();
    use_certificate(&this, &context, &certificate, &authorities)?;
    checked(context.use_private_key(&key))?;
    for authority in authorities {
        this.own_store(&context, &host)?;
        context.add_client_ca(&authority);
        let _ = context.with_store(|store| store.add_cert(authority));
    }
    Ok(())
}

/// The oldest error's reason alone; what an old archive is encrypted with may be gone from the library.
fn pkcs12_error(errors: &ErrorStack) -> CryptoError {
    let Some(first) = errors.errors().first() else { return CryptoError::plain("Unknown error") };
    let reason = first.reason().unwrap_or("Unknown error");
    if reason == "unsupported" {
        let message = "Unsupported PKCS12 PFX data";
        return CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_UNSUPPORTED_OPERATION", message);
    }
    CryptoError::plain(reason)
}

fn set_ticket_keys(this: This<SecureContext>, keys: Bytes) -> Outcome {
    let keys: Result<[u8; TICKET_KEYS_LENGTH], _> = keys.0.try_into();
    if let Ok(keys) = keys {
        this.get()?.set_ticket_keys(keys);
    }
    Ok(())
}

/// `enableTicketKeyCallback()`: connections ask `onticketkey` of their handle for the keys of each ticket.
fn enable_ticket_key_callback(this: This<SecureContext>) -> Outcome {
    this.get()?.ask_for_ticket_keys();
    Ok(())
}

fn get_ticket_keys(this: This<SecureContext>) -> Result<Bytes, CryptoError> {
    Ok(Bytes(this.get()?.ticket_keys().to_vec()))
}

/// `getCertificate()`: the encoding of this side's certificate.
fn get_certificate(this: This<SecureContext>) -> Result<Option<Bytes>, CryptoError> {
    match this.get()?.certificate() {
        Some(certificate) => Ok(Some(Bytes(certificate.to_der()?))),
        None => Ok(None),
    }
}

/// `external()`: the library's own context, for add-ons.
fn external<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    match context_of(scope, args.this().into()) {
        Some(context) => rv.set(v8::External::new(scope, context.address()).into()),
        None => {
            let message = string(scope, "Illegal invocation");
            let error = v8::Exception::type_error(scope, message);
            scope.throw_exception(error);
        }
    }
}

fn get_issuer(this: This<SecureContext>) -> Result<Option<Bytes>, CryptoError> {
    match &*this.issuer.borrow() {
        Some(certificate) => Ok(Some(Bytes(certificate.to_der()?))),
        None => Ok(None),
    }
}

/// The suites of TLS 1.3 that nobody gets who does not ask for them.
const RARE_SUITES: [&str; 2] = ["TLS_AES_128_CCM_8_SHA256", "TLS_AES_128_CCM_SHA256"];

/// `cipherNames()`: the library's own choice of ciphers, in its order, and all suites of TLS 1.3.
pub(super) fn cipher_names() -> Vec<String> {
    let Some(context) = Context::new(Method::Any) else { return Vec::new() };
    let mut names = context.cipher_names();
    names.extend(RARE_SUITES.map(str::to_owned));
    names
}

/// How much of a digest sets the sessions of servers apart, in hexadecimal digits.
const SESSION_ID_CONTEXT_LENGTH: usize = 32;

/// `defaultSessionIdContext(text)`: by what the process was started with.
pub(super) fn default_session_id_context(text: String) -> String {
    let digest = openssl::sha::sha1(text.as_bytes());
    let mut digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(SESSION_ID_CONTEXT_LENGTH);
    digits
}
