//! TLS without I/O: libssl's contexts, connections and sessions as safe types.

mod bio;
mod callbacks;
mod connection;
mod context;
mod ffi;
mod session;
mod tickets;
mod trace;

use std::ffi::c_int;

use foreign_types::ForeignType;
use openssl::error::ErrorStack;
use openssl::x509::X509;

pub use connection::{Connection, Outcome, Role, TmpKey};
pub use context::{Context, Method, TICKET_KEYS_LENGTH};
pub use session::Session;
pub use tickets::{PART, TicketKeys};

/// What libssl asks and tells while a connection works. It is called in the middle of the library's work:
/// the connection may be asked about itself then, but not be told to read, write or shake hands.
pub trait Events {
    /// A handshake begins, the first or a later one.
    fn handshake_started(&self);
    /// A handshake is done.
    fn handshake_done(&self);
    /// A line for the file of secrets that Wireshark reads.
    fn keylog(&self, line: &[u8]);
    /// The server has made a session, or the client has got one; whether anybody wants to know.
    fn new_session(&self, id: &[u8], session: &Session) -> bool;
    /// The session that the program has found for the client's id.
    fn found_session(&self) -> Option<Session>;
    /// A client greets; false suspends the handshake until it is called again.
    fn client_hello(&self, hello: ClientHello<'_>) -> bool;
    /// A certificate is needed; false suspends the handshake until it is called again.
    fn certificate_needed(&self) -> bool;
    /// The client offers application protocols, each with its length before it.
    fn select_protocol(&self, offered: &[u8]) -> Protocol;
    /// The key that a client's identity stands for.
    fn server_psk(&self, identity: &[u8], longest: usize) -> Option<Vec<u8>>;
    /// Identity and key for a server's hint.
    fn client_psk(
        &self,
        hint: Option<&[u8]>,
        longest_identity: usize,
        longest_key: usize,
    ) -> Option<(Vec<u8>, Vec<u8>)>;
    /// The server's OCSP response has come, or none.
    fn status_received(&self, response: Option<&[u8]>);
    /// The OCSP response that the server is to send.
    fn status_to_send(&self) -> Option<Vec<u8>>;
    /// The keys of a ticket, to make one or for that which has this name and initialization vector; none to fail.
    fn ticket_keys(&self, name: &[u8; PART], iv: &[u8; PART], is_new: bool) -> Option<TicketKeys>;
    /// A message in words.
    fn trace(&self, words: &[u8]);
}

/// What a client says first.
pub struct ClientHello<'a> {
    /// The session that it would resume; empty for none.
    pub session_id: &'a [u8],
    /// Whether it has a ticket.
    pub ticket: bool,
}

/// The answer to an offer of application protocols.
pub enum Protocol {
    /// This one.
    Selected(Vec<u8>),
    /// None, and the handshake goes on.
    Ignored,
    /// None will do: the handshake fails.
    Refused,
}

/// The number of this thread as the library prints it.
pub fn thread_name() -> String {
    // SAFETY: no conditions.
    let number = unsafe { libc::pthread_self() };
    number.to_ne_bytes().iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The library's text for a verdict on a certificate.
pub fn verdict(result: i32) -> String {
    // SAFETY: no conditions.
    let text = unsafe { openssl_sys::X509_verify_cert_error_string(result.into()) };
    // SAFETY: the texts are static strings.
    let text = unsafe { std::ffi::CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

/// PEM's error for a text without a beginning, in the library's numbers.
const NO_START_LINE: (c_int, c_int) = (9, 108);

/// The certificates in a PEM text, those with remarks on what they are trusted for included; none is no error.
pub fn certificates_from_pem(pem: &[u8]) -> Result<Vec<X509>, ErrorStack> {
    openssl::init();
    let length = c_int::try_from(pem.len()).unwrap_or(c_int::MAX);
    // SAFETY: the text lives longer than what reads it here.
    let bio = unsafe { openssl_sys::BIO_new_mem_buf(pem.as_ptr().cast(), length) };
    if bio.is_null() {
        return Err(ErrorStack::get());
    }
    let mut certificates = Vec::new();
    // Without a callback the password is a string: the empty one, so that nobody is asked.
    let password = c"".as_ptr().cast_mut().cast();
    let failure = loop {
        // SAFETY: the source is alive, the password static; the result is ours.
        let next = unsafe { ffi::PEM_read_bio_X509_AUX(bio, std::ptr::null_mut(), None, password) };
        if next.is_null() {
            break ErrorStack::get();
        }
        // SAFETY: the certificate is alive and ours.
        certificates.push(unsafe { X509::from_ptr(next) });
    };
    // SAFETY: this is the last use.
    unsafe { openssl_sys::BIO_free_all(bio) };
    let is_end = failure
        .errors()
        .last()
        .is_some_and(|error| (error.library_code(), error.reason_code()) == NO_START_LINE);
    if is_end { Ok(certificates) } else { Err(failure) }
}
