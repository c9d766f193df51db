//! What this runtime needs of libssl's interface and `openssl-sys` does not declare.

use std::ffi::{c_char, c_int, c_long, c_uchar, c_uint, c_void};

use openssl_sys::{
    EVP_CIPHER_CTX, OSSL_PARAM, SSL, SSL_CTX, SSL_SESSION, stack_st_SSL_CIPHER, stack_st_X509_NAME,
};

/// Context of a message authentication code.
pub(super) enum EvpMacCtx {}

pub(super) const SSL_CTRL_SET_MAX_SEND_FRAGMENT: c_int = 52;
pub(super) const SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP: c_int = 70;
pub(super) const SSL_CTRL_GET_TLSEXT_STATUS_REQ_TYPE: c_int = 127;
pub(super) const SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE: c_int = 65;
pub(super) const SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB: c_int = 63;
pub(super) const SSL_CTRL_SET_TLSEXT_HOSTNAME: c_int = 55;
pub(super) const SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP: c_int = 71;
pub(super) const SSL_CTRL_CHAIN: c_int = 88;
pub(super) const SSL_CTRL_CHAIN_CERT: c_int = 89;
pub(super) const SSL_CTRL_SET_SIGALGS_LIST: c_int = 98;
pub(super) const SSL_CTRL_SET_VERIFY_CERT_STORE: c_int = 106;
pub(super) const SSL_CTRL_SET_DH_AUTO: c_int = 118;

pub(super) const SSL_CB_HANDSHAKE_START: c_int = 0x10;
pub(super) const SSL_CB_HANDSHAKE_DONE: c_int = 0x20;

pub(super) const SSL_ERROR_WANT_X509_LOOKUP: c_int = 4;
pub(super) const SSL_ERROR_WANT_CLIENT_HELLO_CB: c_int = 11;
pub(super) const SSL_CLIENT_HELLO_SUCCESS: c_int = 1;
pub(super) const SSL_CLIENT_HELLO_RETRY: c_int = -1;

pub(super) const TLSEXT_TYPE_SESSION_TICKET: c_uint = 35;
pub(super) const TLSEXT_NAMETYPE_HOST_NAME: c_int = 0;
pub(super) const TLSEXT_STATUSTYPE_OCSP: c_long = 1;

/// The number of authentication by a shared key.
pub(super) const NID_AUTH_PSK: c_int = 1048;

pub(super) const SSL_OP_ALLOW_CLIENT_RENEGOTIATION: u64 = 1 << 8;

unsafe extern "C" {
    pub(super) fn SSL_CTX_set_timeout(ctx: *mut SSL_CTX, seconds: c_long) -> c_long;
    pub(super) fn SSL_get_ciphers(ssl: *const SSL) -> *mut stack_st_SSL_CIPHER;
    pub(super) fn SSL_CTX_set_tlsext_ticket_key_evp_cb(
        ctx: *mut SSL_CTX,
        callback: Option<
            unsafe extern "C" fn(
                *mut SSL,
                *mut c_uchar,
                *mut c_uchar,
                *mut EVP_CIPHER_CTX,
                *mut EvpMacCtx,
                c_int,
            ) -> c_int,
        >,
    ) -> c_int;
    pub(super) fn EVP_MAC_CTX_set_params(ctx: *mut EvpMacCtx, params: *const OSSL_PARAM) -> c_int;
    pub(super) fn SSL_set_cert_cb(
        ssl: *mut SSL,
        callback: Option<unsafe extern "C" fn(*mut SSL, *mut c_void) -> c_int>,
        argument: *mut c_void,
    );
    pub(super) fn SSL_CTX_set_client_hello_cb(
        ctx: *mut SSL_CTX,
        callback: Option<unsafe extern "C" fn(*mut SSL, *mut c_int, *mut c_void) -> c_int>,
        argument: *mut c_void,
    );
    pub(super) fn SSL_client_hello_get0_session_id(ssl: *mut SSL, out: *mut *const c_uchar) -> usize;
    pub(super) fn SSL_client_hello_get0_ext(
        ssl: *mut SSL,
        kind: c_uint,
        out: *mut *const c_uchar,
        length: *mut usize,
    ) -> c_int;
    pub(super) fn SSL_CTX_set_alpn_select_cb(
        ctx: *mut SSL_CTX,
        callback: Option<
            unsafe extern "C" fn(
                *mut SSL,
                *mut *const c_uchar,
                *mut c_uchar,
                *const c_uchar,
                c_uint,
                *mut c_void,
            ) -> c_int,
        >,
        argument: *mut c_void,
    );
    pub(super) fn SSL_CTX_callback_ctrl(
        ctx: *mut SSL_CTX,
        command: c_int,
        function: Option<StatusCallback>,
    ) -> c_long;
    pub(super) fn SSL_get1_session(ssl: *mut SSL) -> *mut SSL_SESSION;
    pub(super) fn SSL_SESSION_get0_ticket(
        session: *const SSL_SESSION,
        ticket: *mut *const c_uchar,
        length: *mut usize,
    );
    pub(super) fn SSL_SESSION_get_protocol_version(session: *const SSL_SESSION) -> c_int;
    pub(super) fn SSL_renegotiate(ssl: *mut SSL) -> c_int;
    pub(super) fn SSL_renegotiate_pending(ssl: *const SSL) -> c_int;
    pub(super) fn SSL_get_shared_sigalgs(
        ssl: *mut SSL,
        index: c_int,
        sign: *mut c_int,
        hash: *mut c_int,
        signhash: *mut c_int,
        raw_sign: *mut c_uchar,
        raw_hash: *mut c_uchar,
    ) -> c_int;
    pub(super) fn SSL_set_info_callback(
        ssl: *mut SSL,
        callback: Option<unsafe extern "C" fn(*const SSL, c_int, c_int)>,
    );
    pub(super) fn SSL_set_msg_callback(ssl: *mut SSL, callback: Option<MessageCallback>);
    pub(super) fn SSL_trace(
        is_sent: c_int,
        version: c_int,
        kind: c_int,
        data: *const c_void,
        length: usize,
        ssl: *mut SSL,
        bio: *mut c_void,
    );
    pub(super) fn SSL_set_psk_client_callback(
        ssl: *mut SSL,
        callback: Option<
            unsafe extern "C" fn(
                *mut SSL,
                *const c_char,
                *mut c_char,
                c_uint,
                *mut c_uchar,
                c_uint,
            ) -> c_uint,
        >,
    );
    pub(super) fn SSL_set_psk_server_callback(
        ssl: *mut SSL,
        callback: Option<unsafe extern "C" fn(*mut SSL, *const c_char, *mut c_uchar, c_uint) -> c_uint>,
    );
    pub(super) fn SSL_use_psk_identity_hint(ssl: *mut SSL, hint: *const c_char) -> c_int;
    pub(super) fn SSL_CIPHER_get_auth_nid(cipher: *const openssl_sys::SSL_CIPHER) -> c_int;
    pub(super) fn SSL_set_verify(
        ssl: *mut SSL,
        mode: c_int,
        callback: Option<unsafe extern "C" fn(c_int, *mut openssl_sys::X509_STORE_CTX) -> c_int>,
    );
    pub(super) fn SSL_CTX_get0_certificate(ctx: *const SSL_CTX) -> *mut openssl_sys::X509;
    pub(super) fn SSL_CTX_set_keylog_callback(
        ctx: *mut SSL_CTX,
        callback: Option<unsafe extern "C" fn(*const SSL, *const c_char)>,
    );
    pub(super) fn SSL_CTX_sess_set_new_cb(
        ctx: *mut SSL_CTX,
        callback: Option<unsafe extern "C" fn(*mut SSL, *mut SSL_SESSION) -> c_int>,
    );
    pub(super) fn SSL_CTX_sess_set_get_cb(
        ctx: *mut SSL_CTX,
        callback: Option<
            unsafe extern "C" fn(*mut SSL, *const c_uchar, c_int, *mut c_int) -> *mut SSL_SESSION,
        >,
    );
    pub(super) fn SSL_get0_group_name(ssl: *mut SSL) -> *const c_char;
    pub(super) fn SSL_set_options(ssl: *mut SSL, options: u64) -> u64;
    pub(super) fn SSL_CTX_get_client_CA_list(ctx: *const SSL_CTX) -> *mut stack_st_X509_NAME;
    pub(super) fn SSL_dup_CA_list(names: *const stack_st_X509_NAME) -> *mut stack_st_X509_NAME;
    pub(super) fn OSSL_PARAM_construct_utf8_string(
        key: *const c_char,
        value: *mut c_char,
        size: usize,
    ) -> OSSL_PARAM;
    pub(super) fn PEM_read_bio_X509_AUX(
        bio: *mut openssl_sys::BIO,
        out: *mut *mut openssl_sys::X509,
        callback: Option<unsafe extern "C" fn(*mut c_char, c_int, c_int, *mut c_void) -> c_int>,
        password: *mut c_void,
    ) -> *mut openssl_sys::X509;
    pub(super) fn X509_STORE_up_ref(store: *mut openssl_sys::X509_STORE) -> c_int;
    pub(super) fn X509_STORE_add_crl(
        store: *mut openssl_sys::X509_STORE,
        crl: *mut openssl_sys::X509_CRL,
    ) -> c_int;
    pub(super) fn X509_STORE_CTX_get1_issuer(
        issuer: *mut *mut openssl_sys::X509,
        ctx: *mut openssl_sys::X509_STORE_CTX,
        certificate: *mut openssl_sys::X509,
    ) -> c_int;
}

/// Called about an OCSP response: for the server to give one, for the client to look at it.
pub(super) type StatusCallback = unsafe extern "C" fn(*mut SSL, *mut c_void) -> c_int;

/// Called about each message: whether it is sent, version, kind, bytes, connection and argument.
pub(super) type MessageCallback =
    unsafe extern "C" fn(c_int, c_int, c_int, *const c_void, usize, *mut SSL, *mut c_void);
