//! The pages that a debugger asks a server for, and the beginning of a WebSocket, as Node words them.

use std::net::{Ipv4Addr, Ipv6Addr};

use openssl::base64;
use openssl::sha::Sha1;

use super::server::Page;

/// What RFC 6455 has every server add to the client's key.
const KEY_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The head of a request may be as long.
pub(super) const HEAD_LIMIT: usize = 64 << 10;

/// The domains of the protocol, with their commands, events and types by name, without descriptions.
const PROTOCOL: &str = include_str!("protocol.json");

const REFUSAL: &str = "HTTP/1.0 400 Bad Request\r\nContent-Type: text/html; charset=UTF-8\r\n\r\nWebSockets request was expected\r\n";

/// The head of a request, as far as it counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request<'a> {
    path: &'a str,
    host: Option<&'a str>,
    key: Option<&'a str>,
    is_upgrade: bool,
}

/// What a request gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A page; more requests may follow.
    Page(String),
    /// A refusal, after which the connection ends.
    Refusal(&'static str),
    /// The beginning of a WebSocket.
    WebSocket(String),
}

impl Answer {
    pub(super) fn refusal() -> Self {
        Answer::Refusal(REFUSAL)
    }
}

impl<'a> Request<'a> {
    /// Reads a head without its empty line; `None` where it is none, or no `GET`.
    pub(super) fn parse(head: &'a str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, path, version) = (words.next()?, words.next()?, words.next()?);
        if method != "GET" || !version.starts_with("HTTP/1.") || words.next().is_some() {
            return None;
        }
        let mut request = Request { path, ..Request::default() };
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("host") {
                request.host = Some(value);
            } else if name.eq_ignore_ascii_case("sec-websocket-key") {
                request.key = Some(value);
            } else if name.eq_ignore_ascii_case("upgrade") {
                request.is_upgrade = value.eq_ignore_ascii_case("websocket");
            }
        }
        Some(request)
    }

    /// Whether the request names this machine: a page of somewhere else has made a browser ask otherwise, under a
    /// name that has come to stand for this machine's address.
    fn is_for_this_machine(&self) -> bool {
        let Some(host) = self.host else { return true };
        let name = match host.rfind(':') {
            Some(colon) if !host[colon..].contains(']') => &host[..colon],
            _ => host,
        };
        let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        name.is_empty()
            || name.eq_ignore_ascii_case("localhost")
            || name.parse::<Ipv4Addr>().is_ok()
            || inner.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok())
    }

    /// What it gets from the server of `page`, which `address` names where the request does not.
    pub(super) fn answer(&self, page: &Page, address: &str) -> Answer {
        let refusal = Answer::refusal();
        if !self.is_for_this_machine() {
            return refusal;
        }
        if self.is_upgrade {
            return match self.key {
                Some(key) if self.path.strip_prefix('/') == Some(&page.id) => Answer::WebSocket(accept(key)),
                _ => refusal,
            };
        }
        match self.path {
            "/json" | "/json/list" if page.is_listed => json(200, &list(page, self.host.unwrap_or(address))),
            "/json" | "/json/list" => json(404, ""),
            "/json/version" => json(200, &version()),
            "/json/protocol" => json(200, PROTOCOL),
            _ => refusal,
        }
    }
}

/// The answer that opens a WebSocket.
fn accept(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(KEY_SUFFIX);
    let accept = base64::encode_block(&hash.finish());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    )
}

fn json(status: u16, body: &str) -> Answer {
    Answer::Page(format!(
        "HTTP/1.0 {status} OK\r\nContent-Type: application/json; charset=UTF-8\r\nCache-Control: no-cache\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

fn version() -> String {
    format!("{{\n  \"Browser\": \"node.js/{}\",\n  \"Protocol-Version\": \"1.1\"\n}} ", crate::NODE_VERSION)
}

fn list(page: &Page, address: &str) -> String {
    let Page { id, title, url, .. } = page;
    let front_end = |file: &str| {
        format!("devtools://devtools/bundled/{file}.html?experiments=true&v8only=true&ws={address}/{id}")
    };
    let rows = [
        ("description", String::from("node.js instance")),
        ("devtoolsFrontendUrl", front_end("js_app")),
        ("devtoolsFrontendUrlCompat", front_end("inspector")),
        ("faviconUrl", String::from("https://nodejs.org/static/images/favicons/favicon.ico")),
        ("id", id.clone()),
        ("title", title.clone()),
        ("type", String::from("node")),
        ("url", url.clone()),
        ("webSocketDebuggerUrl", format!("ws://{address}/{id}")),
    ];
    let rows = rows.map(|(name, value)| format!("  \"{name}\": {}", serde_json::Value::String(value)));
    format!("[ {{\n{}\n}} ]\n\n", rows.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_for_this_machine(host: &str) -> bool {
        Request { host: Some(host), ..Request::default() }.is_for_this_machine()
    }

    #[test]
    fn names_that_stand_for_other_machines_are_refused() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:9229", "10.1.2.3", "[::1]", "[::1]:80", ""] {
            assert!(is_for_this_machine(host), "{host}");
        }
        for host in ["evil.com", "localhost6:80", "1.2.3.4.5", "[::1", "localhost.evil.com:9229"] {
            assert!(!is_for_this_machine(host), "{host}");
        }
    }

    #[test]
    fn the_key_of_the_rfc_gets_its_answer() {
        assert!(accept("dGhlIHNhbXBsZSBub25jZQ==").contains("Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    }
}
