//! Contexts: what connections have in common.

use std::cell::Cell;
use std::ffi::{CStr, c_int, c_long, c_uint, c_void};
use std::ptr::NonNull;

use foreign_types::{ForeignType, ForeignTypeRef};
use openssl::pkey::{PKey, PKeyRef, Params, Private};
use openssl::x509::store::{X509StoreBuilderRef, X509StoreRef};
use openssl::x509::{X509, X509CrlRef, X509Ref};
use openssl_sys as sys;

use super::{callbacks, ffi};

/// How long the keys of tickets are: a name, a key for authentication and one for encryption.
pub const TICKET_KEYS_LENGTH: usize = 48;

/// Which side a context is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Both.
    Any,
    /// The server.
    Server,
    /// The client.
    Client,
}

/// A context. Connections that exist share what is changed later where the library reads it late.
pub struct Context {
    ctx: NonNull<sys::SSL_CTX>,
    ticket_keys: Cell<[u8; TICKET_KEYS_LENGTH]>,
    asks_for_ticket_keys: Cell<bool>,
}

/// The library's sign for success.
fn done(code: impl Into<i64>) -> bool {
    code.into() == 1
}

impl Context {
    /// An empty context with random keys for tickets; `None` without memory.
    pub fn new(method: Method) -> Option<Context> {
        openssl::init();
        let method = match method {
            // SAFETY: these functions have no conditions.
            Method::Any => unsafe { sys::TLS_method() },
            // SAFETY: as above.
            Method::Server => unsafe { sys::TLS_server_method() },
            // SAFETY: as above.
            Method::Client => unsafe { sys::TLS_client_method() },
        };
        // SAFETY: the method is one of the library's.
        let ctx = NonNull::new(unsafe { sys::SSL_CTX_new(method) })?;
        let mut keys = [0; TICKET_KEYS_LENGTH];
        openssl::rand::rand_bytes(&mut keys).ok()?;
        let context = Context { ctx, ticket_keys: Cell::new(keys), asks_for_ticket_keys: Cell::new(false) };
        context.set_options(u64::from(sys::SSL_OP_NO_SSLv2 as u32) | sys::SSL_OP_NO_SSLv3);
        context.set_options(ffi::SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
        let cache = sys::SSL_SESS_CACHE_CLIENT
            | sys::SSL_SESS_CACHE_SERVER
            | sys::SSL_SESS_CACHE_NO_INTERNAL
            | sys::SSL_SESS_CACHE_NO_AUTO_CLEAR;
        context.control(sys::SSL_CTRL_SET_SESS_CACHE_MODE, cache, std::ptr::null_mut());
        callbacks::install(context.as_ptr());
        Some(context)
    }

    pub(super) fn as_ptr(&self) -> *mut sys::SSL_CTX {
        self.ctx.as_ptr()
    }

    /// Where the library has the context.
    pub fn address(&self) -> *mut c_void {
        self.ctx.as_ptr().cast()
    }

    fn control(&self, command: c_int, number: c_long, pointer: *mut c_void) -> c_long {
        // SAFETY: the context is alive; the callers of this give what each command asks for.
        unsafe { sys::SSL_CTX_ctrl(self.as_ptr(), command, number, pointer) }
    }

    /// The lowest version that may be agreed on, in the library's numbers; 0 for the lowest there is.
    pub fn set_min_version(&self, version: i32) -> bool {
        done(self.control(sys::SSL_CTRL_SET_MIN_PROTO_VERSION, version.into(), std::ptr::null_mut()))
    }

    /// The highest version; 0 for the highest there is.
    pub fn set_max_version(&self, version: i32) -> bool {
        done(self.control(sys::SSL_CTRL_SET_MAX_PROTO_VERSION, version.into(), std::ptr::null_mut()))
    }

    /// What `set_min_version` was told.
    pub fn min_version(&self) -> i32 {
        self.control(sys::SSL_CTRL_GET_MIN_PROTO_VERSION, 0, std::ptr::null_mut()) as i32
    }

    /// What `set_max_version` was told.
    pub fn max_version(&self) -> i32 {
        self.control(sys::SSL_CTRL_GET_MAX_PROTO_VERSION, 0, std::ptr::null_mut()) as i32
    }

    /// Adds options by the library's bits.
    pub fn set_options(&self, options: u64) {
        // SAFETY: the context is alive.
        unsafe { sys::SSL_CTX_set_options(self.as_ptr(), options) };
    }

    /// The ciphers up to TLS 1.2.
    pub fn set_ciphers(&self, list: &CStr) -> bool {
        // SAFETY: the context is alive, the list a string.
        done(unsafe { sys::SSL_CTX_set_cipher_list(self.as_ptr(), list.as_ptr()) })
    }

    /// The ciphers of TLS 1.3.
    pub fn set_cipher_suites(&self, list: &CStr) -> bool {
        // SAFETY: the context is alive, the list a string.
        done(unsafe { sys::SSL_CTX_set_ciphersuites(self.as_ptr(), list.as_ptr()) })
    }

    /// The algorithms of signatures.
    pub fn set_sigalgs(&self, list: &CStr) -> bool {
        done(self.control(ffi::SSL_CTRL_SET_SIGALGS_LIST, 0, list.as_ptr().cast_mut().cast()))
    }

    /// The groups of key agreement.
    pub fn set_groups(&self, list: &CStr) -> bool {
        done(self.control(sys::SSL_CTRL_SET_GROUPS_LIST, 0, list.as_ptr().cast_mut().cast()))
    }

    /// Diffie-Hellman parameters that fit the certificate's key.
    pub fn set_dh_auto(&self) -> bool {
        done(self.control(ffi::SSL_CTRL_SET_DH_AUTO, 1, std::ptr::null_mut()))
    }

    /// The program's own Diffie-Hellman parameters.
    pub fn set_dh(&self, parameters: PKey<Params>) -> bool {
        let pointer = parameters.as_ptr();
        // SAFETY: the context is alive.
        let taken = done(unsafe { sys::SSL_CTX_set0_tmp_dh_pkey(self.as_ptr(), pointer) });
        if taken {
            // The context owns them now.
            std::mem::forget(parameters);
        }
        taken
    }

    /// The certificate of this side and those that lead to its issuer.
    pub fn use_certificate(&self, certificate: &X509Ref, chain: &[X509]) -> bool {
        // SAFETY: context and certificate are alive; the context takes a reference of its own.
        if !done(unsafe { sys::SSL_CTX_use_certificate(self.as_ptr(), certificate.as_ptr()) }) {
            return false;
        }
        self.control(ffi::SSL_CTRL_CHAIN, 0, std::ptr::null_mut());
        // 1 has the context take a reference of its own.
        chain.iter().all(|link| done(self.control(ffi::SSL_CTRL_CHAIN_CERT, 1, link.as_ptr().cast())))
    }

    /// The certificate of this side.
    pub fn certificate(&self) -> Option<X509> {
        // SAFETY: the context is alive.
        let certificate = unsafe { ffi::SSL_CTX_get0_certificate(self.as_ptr()) };
        if certificate.is_null() {
            return None;
        }
        // SAFETY: the context keeps the certificate.
        Some(unsafe { X509Ref::from_ptr(certificate) }.to_owned())
    }

    /// The key that goes with the certificate.
    pub fn use_private_key(&self, key: &PKeyRef<Private>) -> bool {
        // SAFETY: context and key are alive; the context takes a reference of its own.
        done(unsafe { sys::SSL_CTX_use_PrivateKey(self.as_ptr(), key.as_ptr()) })
    }

    /// The authorities whose certificates are believed: a store that other contexts may share.
    pub fn set_store(&self, store: &X509StoreRef) {
        // SAFETY: the store is alive.
        unsafe { ffi::X509_STORE_up_ref(store.as_ptr()) };
        // SAFETY: context and store are alive; the context takes over the reference.
        unsafe { sys::SSL_CTX_set_cert_store(self.as_ptr(), store.as_ptr()) };
    }

    /// Works on the store of the context.
    pub fn with_store<R>(&self, work: impl FnOnce(&mut X509StoreBuilderRef) -> R) -> R {
        // SAFETY: the context always has a store.
        let store = unsafe { sys::SSL_CTX_get_cert_store(self.as_ptr()) };
        // SAFETY: the store lives as long as the context, and its own lock guards its contents.
        work(unsafe { X509StoreBuilderRef::from_ptr_mut(store) })
    }

    /// Adds a list of withdrawn certificates to the store and has chains checked against such lists.
    pub fn add_crl(&self, crl: &X509CrlRef) -> bool {
        // SAFETY: the context always has a store.
        let store = unsafe { sys::SSL_CTX_get_cert_store(self.as_ptr()) };
        // SAFETY: store and list are alive; the store takes a reference of its own.
        if !done(unsafe { ffi::X509_STORE_add_crl(store, crl.as_ptr()) }) {
            return false;
        }
        let flags = sys::X509_V_FLAG_CRL_CHECK | sys::X509_V_FLAG_CRL_CHECK_ALL;
        // SAFETY: the store is alive.
        done(unsafe { sys::X509_STORE_set_flags(store, flags) })
    }

    /// Names an authority to clients that are asked for a certificate.
    pub fn add_client_ca(&self, certificate: &X509Ref) -> bool {
        // SAFETY: context and certificate are alive; the name is copied.
        done(unsafe { sys::SSL_CTX_add_client_CA(self.as_ptr(), certificate.as_ptr()) })
    }

    /// Who has issued a certificate, as far as the store knows.
    pub fn issuer_of(&self, certificate: &X509Ref) -> Option<X509> {
        // SAFETY: the context always has a store.
        let store = unsafe { sys::SSL_CTX_get_cert_store(self.as_ptr()) };
        // SAFETY: no conditions.
        let work = NonNull::new(unsafe { sys::X509_STORE_CTX_new() })?;
        let mut issuer = std::ptr::null_mut();
        // SAFETY: all are alive; neither a certificate nor a chain is needed for the search.
        let ready = unsafe {
            sys::X509_STORE_CTX_init(work.as_ptr(), store, std::ptr::null_mut(), std::ptr::null_mut())
        };
        let mut found = false;
        if done(ready) {
            // SAFETY: all are alive; the result is a reference of ours.
            found = done(unsafe {
                ffi::X509_STORE_CTX_get1_issuer(&raw mut issuer, work.as_ptr(), certificate.as_ptr())
            });
        }
        // SAFETY: this is the last use.
        unsafe { sys::X509_STORE_CTX_free(work.as_ptr()) };
        // SAFETY: where it was found, the reference is ours.
        (found && !issuer.is_null()).then(|| unsafe { X509::from_ptr(issuer) })
    }

    /// What sets the sessions of this server apart.
    pub fn set_session_id_context(&self, context: &[u8]) -> bool {
        let length = c_uint::try_from(context.len()).unwrap_or(c_uint::MAX);
        // SAFETY: the context is alive; pointer and length are a slice's.
        done(unsafe { sys::SSL_CTX_set_session_id_context(self.as_ptr(), context.as_ptr(), length) })
    }

    /// How many seconds sessions may be resumed.
    pub fn set_session_timeout(&self, seconds: i32) {
        // SAFETY: the context is alive.
        unsafe { ffi::SSL_CTX_set_timeout(self.as_ptr(), seconds.into()) };
    }

    /// The keys of tickets.
    pub fn ticket_keys(&self) -> [u8; TICKET_KEYS_LENGTH] {
        self.ticket_keys.get()
    }

    /// Whether connections ask for the keys of each ticket.
    pub fn asks_for_ticket_keys(&self) -> bool {
        self.asks_for_ticket_keys.get()
    }

    /// Has connections ask for the keys of each ticket.
    pub fn ask_for_ticket_keys(&self) {
        self.asks_for_ticket_keys.set(true);
    }

    /// Changes the keys of tickets.
    pub fn set_ticket_keys(&self, keys: [u8; TICKET_KEYS_LENGTH]) {
        self.ticket_keys.set(keys);
    }

    /// The names of the ciphers that connections may use.
    pub fn cipher_names(&self) -> Vec<String> {
        // SAFETY: the context is alive.
        let Some(connection) = NonNull::new(unsafe { sys::SSL_new(self.as_ptr()) }) else {
            return Vec::new();
        };
        // SAFETY: the connection is alive, and owns the list.
        let ciphers = unsafe { ffi::SSL_get_ciphers(connection.as_ptr()) };
        let stack = ciphers.cast::<sys::OPENSSL_STACK>();
        // SAFETY: the list is null or alive, and null has a length of -1.
        let count = unsafe { sys::OPENSSL_sk_num(stack) };
        let names = (0..count).map(|index| {
            // SAFETY: the index lies in the list.
            let cipher = unsafe { sys::OPENSSL_sk_value(stack, index) };
            // SAFETY: ciphers are static.
            let name = unsafe { sys::SSL_CIPHER_get_name(cipher.cast()) };
            // SAFETY: so are their names.
            let name = unsafe { CStr::from_ptr(name) };
            name.to_string_lossy().into_owned()
        });
        let names = names.collect();
        // SAFETY: this is the last use.
        unsafe { sys::SSL_free(connection.as_ptr()) };
        names
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: this is the reference that the value owns; connections have their own.
        unsafe { sys::SSL_CTX_free(self.as_ptr()) };
    }
}
