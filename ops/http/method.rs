//! The methods of requests: their names, numbers and protocols.

/// The names by number, as `HTTPParser` reports them.
pub(super) const NAMES: [&str; 47] = [
    "DELETE",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "COPY",
    "LOCK",
    "MKCOL",
    "MOVE",
    "PROPFIND",
    "PROPPATCH",
    "SEARCH",
    "UNLOCK",
    "BIND",
    "REBIND",
    "UNBIND",
    "ACL",
    "REPORT",
    "MKACTIVITY",
    "CHECKOUT",
    "MERGE",
    "M-SEARCH",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "PATCH",
    "PURGE",
    "MKCALENDAR",
    "LINK",
    "UNLINK",
    "SOURCE",
    "PRI",
    "DESCRIBE",
    "ANNOUNCE",
    "SETUP",
    "PLAY",
    "PAUSE",
    "TEARDOWN",
    "GET_PARAMETER",
    "SET_PARAMETER",
    "REDIRECT",
    "RECORD",
    "FLUSH",
    "QUERY",
];

/// The longest name has this many bytes.
pub(super) const LONGEST: usize = 13;

pub(super) const GET: u8 = 1;
const POST: u8 = 3;
pub(super) const CONNECT: u8 = 5;
const OPTIONS: u8 = 6;
const SOURCE: u8 = 33;
pub(super) const PRI: u8 = 34;
const DESCRIBE: u8 = 35;
const FLUSH: u8 = 45;
const QUERY: u8 = 46;

/// The method with this name.
pub(super) fn find(name: &[u8]) -> Option<u8> {
    NAMES.iter().position(|known| known.as_bytes() == name).map(|number| number as u8)
}

/// Whether some method's name begins so.
pub(super) fn has_prefix(prefix: &[u8]) -> bool {
    NAMES.iter().any(|known| known.as_bytes().starts_with(prefix))
}

/// A protocol of which HTTP is one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http,
    Rtsp,
    Ice,
}

impl Protocol {
    /// Its name, behind which a slash and the version stand.
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Protocol::Http => b"HTTP",
            Protocol::Rtsp => b"RTSP",
            Protocol::Ice => b"ICE",
        }
    }

    /// The protocol whose name begins with `byte`.
    pub(super) fn starting_with(byte: u8) -> Option<Protocol> {
        [Protocol::Http, Protocol::Rtsp, Protocol::Ice].into_iter().find(|one| one.name()[0] == byte)
    }

    /// Why a request of it cannot have this method.
    pub(super) fn refuses(self, method: u8) -> Option<&'static str> {
        match self {
            Protocol::Http if method > PRI && method != QUERY => Some("Invalid method for HTTP/x.x request"),
            Protocol::Rtsp if !matches!(method, GET | POST | OPTIONS | DESCRIBE..=FLUSH) => {
                Some("Invalid method for RTSP/x.x request")
            }
            Protocol::Ice if method != SOURCE => Some("Expected SOURCE method for ICE/x.x request"),
            _ => None,
        }
    }
}
