//! What JavaScript asks a connection about itself, and what it tells it before the handshake.

use std::ffi::CString;
use std::rc::Rc;

use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::X509;

use crate::bind::call;
use crate::bind::handle::This;
use crate::bind::{Bytes, Exported};
use crate::exported;
use crate::sys::tls::{Connection, Session, TmpKey};

use super::certificate::verify_code;
use super::connection::TlsHandle;
use super::context::ContextArg;
use super::notices::Answer;

/// Lists functions as methods.
macro_rules! methods {
    ($($name:ident),* $(,)?) => {
        vec![$(exported!(stringify!($name), |scope, args, rv| { call::sync($name, scope, args, rv) })),*]
    };
}

/// The methods of this file.
pub(super) fn methods() -> Vec<Exported> {
    methods![
        set_verify_mode,
        enable_session_callbacks,
        enable_hello,
        enable_keylog_callback,
        enable_trace,
        enable_cert_cb,
        enable_alpn_cb,
        enable_psk_callback,
        set_psk_identity_hint,
        set_alpn_protocols,
        request_ocsp,
        set_ocsp_response,
        load_session,
        set_context,
        set_servername,
        get_servername,
        set_session,
        get_session,
        get_tls_ticket,
        is_session_reused,
        verify_error,
        get_certificate,
        get_peer_certificates,
        get_sent_certificates,
        get_cipher,
        get_protocol,
        get_finished,
        get_peer_finished,
        get_ephemeral_key_info,
        get_shared_sigalgs,
        get_alpn_negotiated_protocol,
        export_keying_material,
        set_max_send_fragment,
        peer_identity,
    ]
}

type Handle = This<TlsHandle>;

/// The library's connection, which is there until `destroySsl()`.
fn get(this: &Handle) -> Option<Rc<Connection>> {
    this.connection()
}

/// `setVerifyMode(ask, insist)`: whether a server asks for a certificate, and whether it insists.
fn set_verify_mode(this: Handle, ask: bool, insist: bool) {
    if let Some(connection) = get(&this)
        && connection.is_server()
    {
        connection.set_verify(ask, insist);
    }
}

/// `enableSessionCallbacks()`: the event `onnewsession`.
fn enable_session_callbacks(this: Handle) {
    this.notices.sessions.set(true);
}

/// `enableHello()`: the event `onclienthello`.
fn enable_hello(this: Handle) {
    if let Some(connection) = get(&this) {
        this.notices.hello.set(Answer::Wanted);
        connection.enable_client_hello();
    }
}

fn enable_keylog_callback(this: Handle) {
    if let Some(connection) = get(&this) {
        this.notices.keylog.set(true);
        connection.enable_keylog();
    }
}

/// `enableTrace()`: the messages go to standard error, in words.
fn enable_trace(this: Handle) {
    if let Some(connection) = get(&this) {
        connection.enable_trace();
    }
}

/// `enableCertCb()`: the event `oncertcb`.
fn enable_cert_cb(this: Handle) {
    if let Some(connection) = get(&this) {
        this.notices.certificate.set(Answer::Wanted);
        connection.enable_certificate();
    }
}

/// `enableAlpnCb()`: the question `onalpn`.
fn enable_alpn_cb(this: Handle) {
    if let Some(connection) = get(&this) {
        this.notices.asks_for_protocol.set(true);
        connection.enable_protocols();
    }
}

/// `enablePskCallback()`: the question `onpskexchange`.
fn enable_psk_callback(this: Handle) {
    if let Some(connection) = get(&this) {
        connection.enable_psk();
    }
}

fn set_psk_identity_hint(this: Handle, hint: String) -> bool {
    let hint = CString::new(hint).ok();
    get(&this).zip(hint).is_some_and(|(connection, hint)| connection.set_psk_hint(&hint))
}

/// `setAlpnProtocols(list)`: what a client offers, or what a server chooses from in its own order.
fn set_alpn_protocols(this: Handle, list: Bytes) {
    let Some(connection) = get(&this) else { return };
    if connection.is_server() {
        *this.notices.protocols.borrow_mut() = list.0;
        connection.enable_protocols();
    } else {
        connection.set_protocols(&list.0);
    }
}

fn request_ocsp(this: Handle) {
    if let Some(connection) = get(&this) {
        connection.request_status();
    }
}

fn set_ocsp_response(this: Handle, response: Bytes) {
    *this.notices.status.borrow_mut() = Some(response.0);
}

/// `loadSession(session)`: what the program has found for the client's session id, if anything.
fn load_session(this: Handle, session: Option<Bytes>) {
    *this.notices.found_session.borrow_mut() = session.and_then(|bytes| Session::from_der(&bytes.0));
}

/// `setContext(context)`: goes on with another one, as the client's choice of a server's name asks for.
fn set_context(this: Handle, context: ContextArg) -> bool {
    get(&this).zip(context.0).is_some_and(|(connection, context)| connection.use_context(&context))
}

fn set_servername(this: Handle, name: String) {
    if let (Some(connection), Ok(name)) = (get(&this), CString::new(name)) {
        connection.set_server_name(&name);
    }
}

fn get_servername(this: Handle) -> Option<String> {
    get(&this)?.server_name()
}

fn set_session(this: Handle, session: Bytes) -> bool {
    let session = Session::from_der(&session.0);
    get(&this).zip(session).is_some_and(|(connection, session)| connection.set_session(&session))
}

fn get_session(this: Handle) -> Option<Bytes> {
    let der = get(&this)?.session()?.to_der();
    (!der.is_empty()).then_some(Bytes(der))
}

fn get_tls_ticket(this: Handle) -> Option<Bytes> {
    let session = get(&this)?.session()?;
    Some(Bytes(session.ticket()?.to_vec()))
}

fn is_session_reused(this: Handle) -> bool {
    get(&this).is_some_and(|connection| connection.session_reused())
}

/// The library's number of TLS 1.3.
const TLS_1_3: i32 = 0x0304;

/// `verifyError()`: what is wrong with the other side's certificate, as text and as code.
fn verify_error(this: Handle) -> Option<(String, String)> {
    let connection = get(&this)?;
    let no_issuer = openssl_sys::X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT;
    let result = if connection.peer_certificate().is_some() {
        connection.verify_result()
    } else {
        let resumed = connection.session_reused()
            && connection.session().is_some_and(|session| session.version() == TLS_1_3);
        if connection.is_psk() || resumed { openssl_sys::X509_V_OK } else { no_issuer }
    };
    verify_code(result)
}

fn get_certificate(this: Handle) -> Option<Bytes> {
    get(&this)?.certificate()?.to_der().ok().map(Bytes)
}

/// `getPeerCertificates(whole)`: the encoding of the other side's certificate, and of those that lead from it to
/// the root, as far as they are known.
fn get_peer_certificates(this: Handle, whole: bool) -> Vec<Bytes> {
    let Some(connection) = get(&this) else { return Vec::new() };
    let mut certificates: Vec<_> = connection.peer_certificate().into_iter().collect();
    if whole {
        super::certificate::complete_chain(&connection, &mut certificates);
    }
    encoded(&certificates)
}

/// `getSentCertificates()`: the other side's certificate and those that it has sent to lead from it to its root.
fn get_sent_certificates(this: Handle) -> Vec<Bytes> {
    let Some(connection) = get(&this) else { return Vec::new() };
    let mut certificates: Vec<_> = connection.peer_certificate().into_iter().collect();
    super::certificate::follow_sent(&connection, &mut certificates);
    encoded(&certificates)
}

fn encoded(certificates: &[X509]) -> Vec<Bytes> {
    certificates.iter().filter_map(|certificate| certificate.to_der().ok().map(Bytes)).collect()
}

/// `getCipher()`: the library's name, that of the standard, the version.
fn get_cipher(this: Handle) -> Option<Vec<String>> {
    let (name, standard, version) = get(&this)?.cipher()?;
    Some(vec![name, standard, version])
}

fn get_protocol(this: Handle) -> Option<String> {
    Some(get(&this)?.version())
}

fn get_finished(this: Handle) -> Option<Bytes> {
    Some(get(&this)?.finished()).filter(|message| !message.is_empty()).map(Bytes)
}

fn get_peer_finished(this: Handle) -> Option<Bytes> {
    Some(get(&this)?.peer_finished()).filter(|message| !message.is_empty()).map(Bytes)
}

/// `getEphemeralKeyInfo()`: type, size and name of the server's key for the key agreement.
fn get_ephemeral_key_info(this: Handle) -> Option<(&'static str, u32, Option<String>)> {
    let connection = get(&this)?;
    let TmpKey::Key(key) = connection.peer_tmp_key() else {
        return Some(("TLSGroup", 0, Some(connection.group()?)));
    };
    let short = |nid: Nid| nid.short_name().ok().map(str::to_owned);
    match key.id() {
        Id::DH => Some(("DH", key.bits(), None)),
        Id::EC => {
            let name = key.ec_key().ok().and_then(|key| key.group().curve_name()).and_then(short);
            Some(("ECDH", key.bits(), name))
        }
        id @ (Id::X25519 | Id::X448) => Some(("ECDH", key.bits(), short(Nid::from_raw(id.as_raw())))),
        _ => Some(("TLSGroup", 0, Some(connection.group()?))),
    }
}

/// `getSharedSigalgs()`: the algorithms by name, such as `RSA-PSS+SHA256`.
fn get_shared_sigalgs(this: Handle) -> Option<Vec<String>> {
    let name = |[sign, hash, both]: [i32; 3]| {
        let named = |number: i32, names: &[(Nid, &str)]| {
            let nid = Nid::from_raw(number);
            let known = names.iter().find(|(known, _)| *known == nid).map(|(_, name)| (*name).to_owned());
            known.or_else(|| nid.short_name().ok().map(str::to_owned))
        };
        let own = Nid::from_raw(both);
        let sign = named(
            sign,
            &[
                (Nid::RSAENCRYPTION, "RSA"),
                (Nid::RSASSAPSS, "RSA-PSS"),
                (Nid::DSA, "DSA"),
                (Nid::X9_62_ID_ECPUBLICKEY, "ECDSA"),
                (Nid::from_raw(openssl_sys::NID_ED25519), "Ed25519"),
                (Nid::from_raw(openssl_sys::NID_ED448), "Ed448"),
            ],
        );
        let hash = Nid::from_raw(hash);
        let hash = if hash == Nid::UNDEF { None } else { hash.short_name().ok() };
        let sign =
            sign.or_else(|| own.short_name().ok().map(str::to_owned)).unwrap_or_else(|| "UNDEF".into());
        format!("{sign}+{}", hash.unwrap_or("UNDEF"))
    };
    Some(get(&this)?.shared_sigalgs().into_iter().map(name).collect())
}

/// `getAlpnNegotiatedProtocol()`: undefined for none.
fn get_alpn_negotiated_protocol(this: Handle) -> Option<String> {
    let connection = get(&this)?;
    let name = connection.protocol();
    (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
}

/// `exportKeyingMaterial(length, label, context)`
fn export_keying_material(this: Handle, length: u32, label: Bytes, context: Option<Bytes>) -> Option<Bytes> {
    let context = context.as_ref().map(|context| context.0.as_slice());
    get(&this)?.export_keying_material(length as usize, &label.0, context).map(Bytes)
}

fn set_max_send_fragment(this: Handle, size: i32) -> bool {
    get(&this).is_some_and(|connection| connection.set_max_send_fragment(size))
}

/// `peerIdentity()`: whom the other side's certificate was issued for.
fn peer_identity(this: Handle) -> Option<(Vec<String>, Option<String>)> {
    Some(super::certificate::identity(&*get(&this)?.peer_certificate()?))
}
