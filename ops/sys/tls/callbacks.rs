//! What libssl calls back: from a connection's pointer to its [`Events`].

use std::ffi::{CStr, c_char, c_int, c_uchar, c_uint, c_void};
use std::rc::Rc;

use openssl_sys as sys;

use super::connection::{Shared, shared_of};
use super::{ClientHello, Events, Protocol, Session, ffi, tickets, trace};

/// Sets the callbacks that belong to contexts. Those that only few connections want are set by
/// [`enable_client_hello`] and [`enable_keylog`].
pub(super) fn install(ctx: *mut sys::SSL_CTX) {
    // SAFETY: the context was just made; the functions have the types that the library calls.
    unsafe { ffi::SSL_CTX_sess_set_new_cb(ctx, Some(new_session)) };
    // SAFETY: as above.
    unsafe { ffi::SSL_CTX_sess_set_get_cb(ctx, Some(get_session)) };
    // SAFETY: as above.
    unsafe { ffi::SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, Some(tickets::keys)) };
    // SAFETY: as above.
    unsafe { ffi::SSL_CTX_callback_ctrl(ctx, ffi::SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, Some(status)) };
}

/// Has the connections of a context tell of clients that greet.
pub(super) fn enable_client_hello(ctx: *mut sys::SSL_CTX) {
    // SAFETY: the context is alive.
    unsafe { ffi::SSL_CTX_set_client_hello_cb(ctx, Some(client_hello), std::ptr::null_mut()) };
}

/// Has the connections of a context tell their secrets.
pub(super) fn enable_keylog(ctx: *mut sys::SSL_CTX) {
    // SAFETY: the context is alive.
    unsafe { ffi::SSL_CTX_set_keylog_callback(ctx, Some(keylog)) };
}

/// Has the connections of a context ask for application protocols.
pub(super) fn enable_alpn(ctx: *mut sys::SSL_CTX) {
    // SAFETY: the context is alive.
    unsafe { ffi::SSL_CTX_set_alpn_select_cb(ctx, Some(select_protocol), std::ptr::null_mut()) };
}

/// Has one connection ask when it needs a certificate.
pub(super) fn enable_certificate(ssl: *mut sys::SSL) {
    // SAFETY: the connection is alive.
    unsafe { ffi::SSL_set_cert_cb(ssl, Some(certificate), std::ptr::null_mut()) };
}

/// Has one connection ask for keys.
pub(super) fn enable_psk(ssl: *mut sys::SSL, server: bool) {
    if server {
        // SAFETY: the connection is alive.
        unsafe { ffi::SSL_set_psk_server_callback(ssl, Some(server_psk)) };
    } else {
        // SAFETY: the connection is alive.
        unsafe { ffi::SSL_set_psk_client_callback(ssl, Some(client_psk)) };
    }
}

/// Has one connection tell of its handshakes.
pub(super) fn enable_info(ssl: *mut sys::SSL) {
    // SAFETY: the connection is alive.
    unsafe { ffi::SSL_set_info_callback(ssl, Some(info)) };
}

/// Has one connection tell of each message, in words.
pub(super) fn enable_trace(ssl: *mut sys::SSL) {
    // SAFETY: the connection is alive.
    unsafe { ffi::SSL_set_msg_callback(ssl, Some(trace::message)) };
}

/// # Safety
/// The library calls back with a connection of ours.
pub(super) unsafe fn events(ssl: *const sys::SSL) -> Option<Rc<dyn Events>> {
    // SAFETY: as the caller says.
    let shared: Option<&Shared> = unsafe { shared_of(ssl) };
    shared?.events.upgrade()
}

unsafe extern "C" fn info(ssl: *const sys::SSL, position: c_int, _: c_int) {
    // SAFETY: the library calls back with a connection of ours.
    let Some(events) = (unsafe { events(ssl) }) else { return };
    if position & ffi::SSL_CB_HANDSHAKE_START != 0 {
        events.handshake_started();
    }
    // SAFETY: the connection is alive.
    if position & ffi::SSL_CB_HANDSHAKE_DONE != 0 && unsafe { ffi::SSL_renegotiate_pending(ssl) } == 0 {
        events.handshake_done();
    }
}

unsafe extern "C" fn keylog(ssl: *const sys::SSL, line: *const c_char) {
    // SAFETY: the library calls back with a connection of ours.
    if let Some(events) = unsafe { events(ssl) } {
        // SAFETY: the line is a string.
        events.keylog(unsafe { CStr::from_ptr(line) }.to_bytes());
    }
}

unsafe extern "C" fn new_session(ssl: *mut sys::SSL, session: *mut sys::SSL_SESSION) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    let shared = unsafe { shared_of(ssl) };
    if let Some(shared) = shared
        && let Some(events) = shared.events.upgrade()
        // SAFETY: the session is alive.
        && let Some(session) = unsafe { Session::share(session) }
        && events.new_session(session.id(), &session)
        && !shared.server
    {
        // The program is told before the next one comes.
        shared.wire.hold();
    }
    // The reference stays with the library.
    0
}

unsafe extern "C" fn get_session(
    ssl: *mut sys::SSL,
    _: *const c_uchar,
    _: c_int,
    copy: *mut c_int,
) -> *mut sys::SSL_SESSION {
    // SAFETY: the place is the library's; 0 says that the reference becomes its own.
    unsafe { *copy = 0 };
    // SAFETY: the library calls back with a connection of ours.
    let found = unsafe { events(ssl) }.and_then(|events| events.found_session());
    found.map_or(std::ptr::null_mut(), Session::into_ptr)
}

unsafe extern "C" fn client_hello(ssl: *mut sys::SSL, _: *mut c_int, _: *mut c_void) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    let Some(events) = (unsafe { events(ssl) }) else { return ffi::SSL_CLIENT_HELLO_SUCCESS };
    let mut data = std::ptr::null();
    // SAFETY: a connection may be asked this in its callback.
    let length = unsafe { ffi::SSL_client_hello_get0_session_id(ssl, &raw mut data) };
    let session_id = if length == 0 || data.is_null() {
        &[][..]
    } else {
        // SAFETY: the id has that length and stays during the callback.
        unsafe { std::slice::from_raw_parts(data, length) }
    };
    let (mut ticket, mut length) = (std::ptr::null(), 0);
    let kind = ffi::TLSEXT_TYPE_SESSION_TICKET;
    // SAFETY: a connection may be asked this in its callback.
    let has = unsafe { ffi::SSL_client_hello_get0_ext(ssl, kind, &raw mut ticket, &raw mut length) };
    if events.client_hello(ClientHello { session_id, ticket: has == 1 && length > 0 }) {
        ffi::SSL_CLIENT_HELLO_SUCCESS
    } else {
        ffi::SSL_CLIENT_HELLO_RETRY
    }
}

unsafe extern "C" fn certificate(ssl: *mut sys::SSL, _: *mut c_void) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    match unsafe { events(ssl) } {
        Some(events) if !events.certificate_needed() => -1,
        _ => 1,
    }
}

unsafe extern "C" fn select_protocol(
    ssl: *mut sys::SSL,
    out: *mut *const c_uchar,
    out_length: *mut c_uchar,
    offered: *const c_uchar,
    length: c_uint,
    _: *mut c_void,
) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    let Some(shared) = (unsafe { shared_of(ssl) }) else { return sys::SSL_TLSEXT_ERR_NOACK };
    let Some(events) = shared.events.upgrade() else { return sys::SSL_TLSEXT_ERR_NOACK };
    // SAFETY: the offer has that length.
    let offered = unsafe { std::slice::from_raw_parts(offered, length as usize) };
    match events.select_protocol(offered) {
        Protocol::Selected(name) => {
            let mut kept = shared.protocol.borrow_mut();
            *kept = name;
            // SAFETY: the places are the library's; the name stays until the library has copied it.
            unsafe { *out = kept.as_ptr() };
            // SAFETY: as above.
            unsafe { *out_length = kept.len() as c_uchar };
            sys::SSL_TLSEXT_ERR_OK
        }
        Protocol::Ignored => sys::SSL_TLSEXT_ERR_NOACK,
        Protocol::Refused => sys::SSL_TLSEXT_ERR_ALERT_FATAL,
    }
}

unsafe extern "C" fn server_psk(
    ssl: *mut sys::SSL,
    identity: *const c_char,
    key: *mut c_uchar,
    longest: c_uint,
) -> c_uint {
    // SAFETY: the library calls back with a connection of ours.
    let Some(events) = (unsafe { events(ssl) }) else { return 0 };
    // SAFETY: the identity is a string.
    let identity = unsafe { CStr::from_ptr(identity) }.to_bytes();
    let Some(given) = events.server_psk(identity, longest as usize) else { return 0 };
    if given.len() > longest as usize {
        return 0;
    }
    // SAFETY: the room has `longest` bytes.
    unsafe { std::ptr::copy_nonoverlapping(given.as_ptr(), key, given.len()) };
    given.len() as c_uint
}

unsafe extern "C" fn client_psk(
    ssl: *mut sys::SSL,
    hint: *const c_char,
    identity: *mut c_char,
    longest_identity: c_uint,
    key: *mut c_uchar,
    longest_key: c_uint,
) -> c_uint {
    // SAFETY: the library calls back with a connection of ours.
    let Some(events) = (unsafe { events(ssl) }) else { return 0 };
    // SAFETY: the hint is null or a string.
    let hint = (!hint.is_null()).then(|| unsafe { CStr::from_ptr(hint) }.to_bytes());
    // One byte is for the end of the string.
    let room = (longest_identity as usize).saturating_sub(1);
    let Some((name, given)) = events.client_psk(hint, room, longest_key as usize) else { return 0 };
    if name.len() > room || given.len() > longest_key as usize {
        return 0;
    }
    // SAFETY: the room has one byte more than that.
    unsafe { std::ptr::copy_nonoverlapping(name.as_ptr(), identity.cast(), name.len()) };
    // SAFETY: as above.
    let end = unsafe { identity.add(name.len()) };
    // SAFETY: as above.
    unsafe { *end = 0 };
    // SAFETY: the room has `longest_key` bytes.
    unsafe { std::ptr::copy_nonoverlapping(given.as_ptr(), key, given.len()) };
    given.len() as c_uint
}

unsafe extern "C" fn status(ssl: *mut sys::SSL, _: *mut c_void) -> c_int {
    // SAFETY: the library calls back with a connection of ours.
    let Some(shared) = (unsafe { shared_of(ssl) }) else { return sys::SSL_TLSEXT_ERR_NOACK };
    let Some(events) = shared.events.upgrade() else { return sys::SSL_TLSEXT_ERR_NOACK };
    if !shared.server {
        let mut data: *const c_uchar = std::ptr::null();
        let command = ffi::SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP;
        // SAFETY: the command writes a pointer to the response.
        let length = unsafe { sys::SSL_ctrl(ssl, command, 0, (&raw mut data).cast()) };
        let response = usize::try_from(length).ok().filter(|_| !data.is_null());
        // SAFETY: the response has that length and stays during the callback.
        let response = response.map(|length| unsafe { std::slice::from_raw_parts(data, length) });
        events.status_received(response);
        // The program judges it.
        return 1;
    }
    let Some(response) = events.status_to_send() else { return sys::SSL_TLSEXT_ERR_NOACK };
    // SAFETY: no conditions.
    let copy = unsafe { sys::OPENSSL_malloc(response.len()) }.cast::<u8>();
    if copy.is_null() {
        return sys::SSL_TLSEXT_ERR_NOACK;
    }
    // SAFETY: the room was just made with this size.
    unsafe { std::ptr::copy_nonoverlapping(response.as_ptr(), copy, response.len()) };
    let command = ffi::SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP;
    // SAFETY: the connection takes over the room.
    unsafe { sys::SSL_ctrl(ssl, command, response.len() as _, copy.cast()) };
    sys::SSL_TLSEXT_ERR_OK
}
