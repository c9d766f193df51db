//! A connection: one side of TLS, fed with ciphertext and asked for plaintext, and the other way round.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_long, c_uint};
use std::ptr::NonNull;
use std::rc::{Rc, Weak};

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::pkey::{PKey, Public};
use openssl::x509::{X509, X509Ref};
use openssl_sys as sys;

use super::bio::{self, Wire};
use super::{Context, Events, Session, callbacks, ffi};

/// Which side this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It begins.
    Client,
    /// It answers.
    Server,
}

/// What the callbacks of a connection know, at one place as long as it lives.
pub(super) struct Shared {
    pub(super) wire: Wire,
    pub(super) events: Weak<dyn Events>,
    pub(super) server: bool,
    /// The context that the connection began with.
    pub(super) context: Rc<Context>,
    /// The protocol that was selected, for the library to copy.
    pub(super) protocol: RefCell<Vec<u8>>,
}

/// How a step has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// So many bytes; 0 for a handshake.
    Done(usize),
    /// Nothing more can be done before more ciphertext comes.
    Starved,
    /// A callback has suspended the handshake.
    Suspended,
    /// The other side has ended the connection in due form.
    Closed,
    /// The queue of errors says why.
    Failed,
}

/// The key that the other side has made for the key agreement.
pub enum TmpKey {
    /// A key of this type.
    Key(PKey<Public>),
    /// There is none to be had.
    None,
}

/// A connection. All its functions may be called in its callbacks, except those that do its work:
/// `handshake`, `read`, `write`, `shutdown`, `renegotiate`.
pub struct Connection {
    ssl: NonNull<sys::SSL>,
    /// Freed after `ssl`, which has pointers to it.
    shared: Box<Shared>,
}

/// # Safety
/// The pointer is a connection made by [`Connection::new`] that is alive.
pub(super) unsafe fn shared_of<'a>(ssl: *const sys::SSL) -> Option<&'a Shared> {
    // SAFETY: as the caller says.
    let data = unsafe { sys::SSL_get_ex_data(ssl, 0) };
    // SAFETY: `new` has put a `Shared` there that lives as long as the connection; names of ciphers are asked
    // for on connections without one.
    unsafe { data.cast::<Shared>().as_ref() }
}

/// Certificates are judged after the handshake.
unsafe extern "C" fn accept_any(_: c_int, _: *mut sys::X509_STORE_CTX) -> c_int {
    1
}

impl Connection {
    /// A new connection; `None` without memory.
    pub fn new(context: &Rc<Context>, role: Role, events: Weak<dyn Events>) -> Option<Connection> {
        // SAFETY: the context is alive.
        let ssl = NonNull::new(unsafe { sys::SSL_new(context.as_ptr()) })?;
        let server = role == Role::Server;
        let shared = Box::new(Shared {
            wire: Wire::default(),
            events,
            server,
            context: Rc::clone(context),
            protocol: RefCell::default(),
        });
        let connection = Connection { ssl, shared };
        let ssl = connection.as_ptr();
        // SAFETY: the box stays where it is, and is freed after the connection.
        unsafe {
            sys::SSL_set_ex_data(ssl, 0, std::ptr::from_ref::<Shared>(&connection.shared).cast_mut().cast())
        };
        // SAFETY: as above.
        let bio = unsafe { bio::over(&connection.shared.wire) }?;
        // SAFETY: the connection takes over the one reference, for both directions.
        unsafe { sys::SSL_set_bio(ssl, bio.as_ptr(), bio.as_ptr()) };
        callbacks::enable_info(ssl);
        connection.set_verify(false, false);
        let mode = sys::SSL_MODE_RELEASE_BUFFERS | sys::SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER;
        connection.control(sys::SSL_CTRL_MODE, mode, std::ptr::null_mut());
        if server {
            // SAFETY: the connection is alive.
            unsafe { sys::SSL_set_accept_state(ssl) };
        } else {
            // SAFETY: the connection is alive.
            unsafe { sys::SSL_set_connect_state(ssl) };
        }
        Some(connection)
    }

    fn as_ptr(&self) -> *mut sys::SSL {
        self.ssl.as_ptr()
    }

    fn control(&self, command: c_int, number: c_long, pointer: *mut std::ffi::c_void) -> c_long {
        // SAFETY: the connection is alive; the callers of this give what each command asks for.
        unsafe { sys::SSL_ctrl(self.as_ptr(), command, number, pointer) }
    }

    /// Whether this is the server's side.
    pub fn is_server(&self) -> bool {
        self.shared.server
    }

    /// The ciphertext.
    pub fn wire(&self) -> &Wire {
        &self.shared.wire
    }

    fn outcome(&self, code: c_int) -> Outcome {
        if code > 0 {
            return Outcome::Done(code as usize);
        }
        // SAFETY: the connection is alive, and `code` is what its last function has returned.
        match unsafe { sys::SSL_get_error(self.as_ptr(), code) } {
            sys::SSL_ERROR_WANT_READ | sys::SSL_ERROR_WANT_WRITE => Outcome::Starved,
            ffi::SSL_ERROR_WANT_X509_LOOKUP | ffi::SSL_ERROR_WANT_CLIENT_HELLO_CB => Outcome::Suspended,
            sys::SSL_ERROR_ZERO_RETURN => Outcome::Closed,
            _ => Outcome::Failed,
        }
    }

    /// Errors of earlier calls must not be taken for one of this.
    fn forget_errors() {
        // SAFETY: no conditions.
        unsafe { sys::ERR_clear_error() };
    }

    /// Goes on with the handshake.
    pub fn handshake(&self) -> Outcome {
        Self::forget_errors();
        // SAFETY: the connection is alive.
        match self.outcome(unsafe { sys::SSL_do_handshake(self.as_ptr()) }) {
            Outcome::Done(_) => Outcome::Done(0),
            other => other,
        }
    }

    /// Whether the handshake is done.
    pub fn is_established(&self) -> bool {
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_is_init_finished(self.as_ptr()) == 1 }
    }

    /// Plaintext into `room`.
    pub fn read(&self, room: &mut [u8]) -> Outcome {
        Self::forget_errors();
        let length = c_int::try_from(room.len()).unwrap_or(c_int::MAX);
        // SAFETY: the connection is alive; pointer and length are a slice's.
        self.outcome(unsafe { sys::SSL_read(self.as_ptr(), room.as_mut_ptr().cast(), length) })
    }

    /// Plaintext out; all of it or nothing.
    pub fn write(&self, bytes: &[u8]) -> Outcome {
        Self::forget_errors();
        let length = c_int::try_from(bytes.len()).unwrap_or(c_int::MAX);
        // SAFETY: the connection is alive; pointer and length are a slice's.
        self.outcome(unsafe { sys::SSL_write(self.as_ptr(), bytes.as_ptr().cast(), length) })
    }

    /// Tells the other side that nothing more comes.
    pub fn shutdown(&self) {
        Self::forget_errors();
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_shutdown(self.as_ptr()) };
    }

    /// Whether the other side has said that nothing more comes.
    pub fn peer_has_ended(&self) -> bool {
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_get_shutdown(self.as_ptr()) & sys::SSL_RECEIVED_SHUTDOWN != 0 }
    }

    /// Begins another handshake.
    pub fn renegotiate(&self) -> bool {
        Self::forget_errors();
        // SAFETY: the connection is alive.
        unsafe { ffi::SSL_renegotiate(self.as_ptr()) == 1 }
    }

    /// Whether a server asks for a certificate, and whether it insists.
    pub fn set_verify(&self, ask: bool, insist: bool) {
        let mode = match (ask, insist) {
            (false, _) => sys::SSL_VERIFY_NONE,
            (true, false) => sys::SSL_VERIFY_PEER,
            (true, true) => sys::SSL_VERIFY_PEER | sys::SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
        };
        // SAFETY: the connection is alive.
        unsafe { ffi::SSL_set_verify(self.as_ptr(), mode, Some(accept_any)) };
    }

    /// Adds options by the library's bits.
    pub fn set_options(&self, options: u64) {
        // SAFETY: the connection is alive.
        unsafe { ffi::SSL_set_options(self.as_ptr(), options) };
    }

    /// Has `Events::client_hello` called; all connections of the context ask from then on.
    pub fn enable_client_hello(&self) {
        callbacks::enable_client_hello(self.shared.context.as_ptr());
    }

    /// Has `Events::keylog` called; all connections of the context tell from then on.
    pub fn enable_keylog(&self) {
        callbacks::enable_keylog(self.shared.context.as_ptr());
    }

    /// Has `Events::trace` called.
    pub fn enable_trace(&self) {
        callbacks::enable_trace(self.as_ptr());
    }

    /// Has `Events::select_protocol` called; all connections of the context ask from then on.
    pub fn enable_protocols(&self) {
        callbacks::enable_alpn(self.shared.context.as_ptr());
    }

    /// Has `Events::certificate_needed` called.
    pub fn enable_certificate(&self) {
        callbacks::enable_certificate(self.as_ptr());
    }

    /// Has `Events::server_psk` or `Events::client_psk` called.
    pub fn enable_psk(&self) {
        callbacks::enable_psk(self.as_ptr(), self.shared.server);
    }

    /// What helps the client choose its identity.
    pub fn set_psk_hint(&self, hint: &CStr) -> bool {
        // SAFETY: the connection is alive, the hint a string.
        unsafe { ffi::SSL_use_psk_identity_hint(self.as_ptr(), hint.as_ptr()) == 1 }
    }

    /// The protocols that a client offers, each with its length before it.
    pub fn set_protocols(&self, protocols: &[u8]) {
        let length = c_uint::try_from(protocols.len()).unwrap_or(0);
        // SAFETY: the connection is alive; pointer and length are a slice's.
        unsafe { sys::SSL_set_alpn_protos(self.as_ptr(), protocols.as_ptr(), length) };
    }

    /// The protocol that was agreed on.
    pub fn protocol(&self) -> &[u8] {
        let (mut data, mut length) = (std::ptr::null(), 0);
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_get0_alpn_selected(self.as_ptr(), &raw mut data, &raw mut length) };
        if data.is_null() {
            return &[];
        }
        // SAFETY: the name has that length and lives as long as the connection.
        unsafe { std::slice::from_raw_parts(data, length as usize) }
    }

    /// Has a client ask for an OCSP response.
    pub fn request_status(&self) {
        let command = ffi::SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE;
        self.control(command, ffi::TLSEXT_STATUSTYPE_OCSP, std::ptr::null_mut());
    }

    /// Whether the client has asked for one.
    pub fn status_requested(&self) -> bool {
        let command = ffi::SSL_CTRL_GET_TLSEXT_STATUS_REQ_TYPE;
        self.control(command, 0, std::ptr::null_mut()) == ffi::TLSEXT_STATUSTYPE_OCSP
    }

    /// The name of the server that a client wants.
    pub fn set_server_name(&self, name: &CStr) {
        let kind = c_long::from(ffi::TLSEXT_NAMETYPE_HOST_NAME);
        self.control(ffi::SSL_CTRL_SET_TLSEXT_HOSTNAME, kind, name.as_ptr().cast_mut().cast());
    }

    /// The name of the server that the client wants.
    pub fn server_name(&self) -> Option<String> {
        // SAFETY: the connection is alive.
        let name = unsafe { sys::SSL_get_servername(self.as_ptr(), ffi::TLSEXT_NAMETYPE_HOST_NAME) };
        if name.is_null() {
            return None;
        }
        // SAFETY: the name is a string that lives as long as the connection.
        Some(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
    }

    /// Goes on with another context: its certificate, key and authorities.
    pub fn use_context(&self, context: &Context) -> bool {
        // SAFETY: connection and context are alive.
        if unsafe { sys::SSL_set_SSL_CTX(self.as_ptr(), context.as_ptr()) }.is_null() {
            return false;
        }
        // SAFETY: a context always has a store.
        let store = unsafe { sys::SSL_CTX_get_cert_store(context.as_ptr()) };
        // 1 has the connection take a reference of its own.
        if self.control(ffi::SSL_CTRL_SET_VERIFY_CERT_STORE, 1, store.cast()) != 1 {
            return false;
        }
        // SAFETY: the context is alive.
        let names = unsafe { ffi::SSL_CTX_get_client_CA_list(context.as_ptr()) };
        if !names.is_null() {
            // SAFETY: the list is alive.
            let names = unsafe { ffi::SSL_dup_CA_list(names) };
            // SAFETY: the connection takes over the copy.
            unsafe { sys::SSL_set_client_CA_list(self.as_ptr(), names) };
        }
        true
    }

    /// The session that may be resumed later.
    pub fn session(&self) -> Option<Session> {
        // SAFETY: the connection is alive.
        let session = unsafe { ffi::SSL_get1_session(self.as_ptr()) };
        // SAFETY: the reference is ours.
        unsafe { Session::from_owned(session) }
    }

    /// Has a client resume a session.
    pub fn set_session(&self, session: &Session) -> bool {
        // SAFETY: both are alive; the connection takes a reference of its own.
        unsafe { sys::SSL_set_session(self.as_ptr(), session.as_ptr()) == 1 }
    }

    /// Whether a session was resumed.
    pub fn session_reused(&self) -> bool {
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_session_reused(self.as_ptr()) == 1 }
    }

    /// The certificate of this side.
    pub fn certificate(&self) -> Option<X509> {
        // SAFETY: the connection is alive.
        let certificate = unsafe { sys::SSL_get_certificate(self.as_ptr()) };
        if certificate.is_null() {
            return None;
        }
        // SAFETY: the connection keeps the certificate.
        Some(unsafe { X509Ref::from_ptr(certificate) }.to_owned())
    }

    /// The certificate of the other side.
    pub fn peer_certificate(&self) -> Option<X509> {
        // SAFETY: the connection is alive; the reference is ours.
        let certificate = unsafe { sys::SSL_get1_peer_certificate(self.as_ptr()) };
        // SAFETY: a certificate that is not null is alive, and ours.
        (!certificate.is_null()).then(|| unsafe { X509::from_ptr(certificate) })
    }

    /// The certificates that the other side has sent.
    pub fn peer_chain(&self) -> Vec<X509> {
        // SAFETY: the connection is alive.
        let chain = unsafe { sys::SSL_get_peer_cert_chain(self.as_ptr()) };
        if chain.is_null() {
            return Vec::new();
        }
        // SAFETY: the list lives as long as the session.
        let chain = unsafe { openssl::stack::StackRef::<X509>::from_ptr(chain) };
        chain.iter().map(ToOwned::to_owned).collect()
    }

    /// Who has issued a certificate, as far as this side knows.
    pub fn issuer_of(&self, certificate: &X509Ref) -> Option<X509> {
        self.shared.context.issuer_of(certificate)
    }

    /// What the library thinks of the other side's certificate: 0 for nothing wrong.
    pub fn verify_result(&self) -> i32 {
        // SAFETY: the connection is alive.
        unsafe { sys::SSL_get_verify_result(self.as_ptr()) as i32 }
    }

    /// Whether the other side has shown by a shared key who it is.
    pub fn is_psk(&self) -> bool {
        // SAFETY: the connection is alive.
        let cipher = unsafe { sys::SSL_get_current_cipher(self.as_ptr()) };
        // SAFETY: ciphers are static.
        !cipher.is_null() && unsafe { ffi::SSL_CIPHER_get_auth_nid(cipher) } == ffi::NID_AUTH_PSK
    }

    /// The cipher: the library's name, that of the standard, and the version.
    pub fn cipher(&self) -> Option<(String, String, String)> {
        // SAFETY: the connection is alive.
        let cipher = unsafe { sys::SSL_get_current_cipher(self.as_ptr()) };
        if cipher.is_null() {
            return None;
        }
        // SAFETY: ciphers are static.
        let name = unsafe { sys::SSL_CIPHER_get_name(cipher) };
        // SAFETY: as above.
        let standard = unsafe { sys::SSL_CIPHER_standard_name(cipher) };
        // SAFETY: as above.
        let version = unsafe { sys::SSL_CIPHER_get_version(cipher) };
        // SAFETY: the name is null or a static string.
        let name = unsafe { text(name) };
        // SAFETY: as above.
        let standard = unsafe { text(standard) };
        // SAFETY: as above.
        let version = unsafe { text(version) };
        Some((name, standard, version))
    }

    /// The version of the protocol.
    pub fn version(&self) -> String {
        // SAFETY: the connection is alive.
        let version = unsafe { sys::SSL_get_version(self.as_ptr()) };
        // SAFETY: versions are static strings.
        unsafe { text(version) }
    }

    /// The key that the other side has made for this connection.
    pub fn peer_tmp_key(&self) -> TmpKey {
        let mut key: *mut sys::EVP_PKEY = std::ptr::null_mut();
        self.control(sys::SSL_CTRL_GET_PEER_TMP_KEY, 0, (&raw mut key).cast());
        if key.is_null() {
            return TmpKey::None;
        }
        // SAFETY: the reference is ours.
        TmpKey::Key(unsafe { PKey::from_ptr(key) })
    }

    /// The name of the group of the key agreement.
    pub fn group(&self) -> Option<String> {
        // The library looks into the session, which there is from the handshake on.
        self.session()?;
        // SAFETY: the connection is alive.
        let name = unsafe { ffi::SSL_get0_group_name(self.as_ptr()) };
        // SAFETY: names of groups live as long as the connection.
        let name = unsafe { text(name) };
        (!name.is_empty()).then_some(name)
    }

    /// What this side has said last in the handshake.
    pub fn finished(&self) -> Vec<u8> {
        // SAFETY: the connection is alive.
        Self::message(|data, length| unsafe { sys::SSL_get_finished(self.as_ptr(), data, length) })
    }

    /// What the other side has said last in the handshake.
    pub fn peer_finished(&self) -> Vec<u8> {
        // SAFETY: the connection is alive.
        Self::message(|data, length| unsafe { sys::SSL_get_peer_finished(self.as_ptr(), data, length) })
    }

    fn message(get: impl Fn(*mut std::ffi::c_void, usize) -> usize) -> Vec<u8> {
        let mut room = vec![0; openssl::hash::MessageDigest::sha512().size()];
        let length = get(room.as_mut_ptr().cast(), room.len());
        room.truncate(length);
        room
    }

    /// Bytes that both sides can derive and nobody else; `None` where the library refuses.
    pub fn export_keying_material(
        &self,
        length: usize,
        label: &[u8],
        context: Option<&[u8]>,
    ) -> Option<Vec<u8>> {
        let mut room = vec![0; length];
        let (data, data_length) =
            context.map_or((std::ptr::null(), 0), |bytes| (bytes.as_ptr(), bytes.len()));
        // SAFETY: the connection is alive; the pointers and lengths are those of slices.
        let code = unsafe {
            sys::SSL_export_keying_material(
                self.as_ptr(),
                room.as_mut_ptr(),
                room.len(),
                label.as_ptr().cast::<c_char>(),
                label.len(),
                data,
                data_length,
                c_int::from(context.is_some()),
            )
        };
        (code == 1).then_some(room)
    }

    /// How long records may be.
    pub fn set_max_send_fragment(&self, size: i32) -> bool {
        self.control(ffi::SSL_CTRL_SET_MAX_SEND_FRAGMENT, size.into(), std::ptr::null_mut()) == 1
    }

    /// The algorithms of signatures that both sides know: for each the numbers of the signature, of the hash
    /// and of both together.
    pub fn shared_sigalgs(&self) -> Vec<[i32; 3]> {
        let null = std::ptr::null_mut();
        // SAFETY: the connection is alive; without places to write there is only the count.
        let count = unsafe {
            ffi::SSL_get_shared_sigalgs(self.as_ptr(), 0, null, null, null, null.cast(), null.cast())
        };
        let algorithm = |index| {
            let [mut sign, mut hash, mut both] = [0; 3];
            // SAFETY: as above, with three places.
            unsafe {
                ffi::SSL_get_shared_sigalgs(
                    self.as_ptr(),
                    index,
                    &raw mut sign,
                    &raw mut hash,
                    &raw mut both,
                    null.cast(),
                    null.cast(),
                )
            };
            [sign, hash, both]
        };
        (0..count).map(algorithm).collect()
    }
}

/// # Safety
/// The pointer is null or a string with an end.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: as the caller says.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: this is the reference that the value owns.
        unsafe { sys::SSL_free(self.as_ptr()) };
    }
}
