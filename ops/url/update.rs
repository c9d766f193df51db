//! The setters of the URL standard's API.

use super::encode;
use super::parse::{Parser, is_drive_letter, scheme_length, split_port, without_newlines};
use super::record::{Url, default_port, is_special};

/// A part of a URL that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Protocol,
    Username,
    Password,
    Host,
    Hostname,
    Port,
    Pathname,
    Search,
    Hash,
}

impl Part {
    /// The part of the number that JavaScript knows it by.
    pub(super) fn from_number(number: u32) -> Option<Part> {
        use Part::*;
        [Protocol, Username, Password, Host, Hostname, Port, Pathname, Search, Hash]
            .get(number as usize)
            .copied()
    }
}

/// Sets one part; `None` if `value` is not valid for it or `url` cannot have it.
pub(super) fn update(url: &Url, part: Part, value: &str) -> Option<Url> {
    let text = without_newlines(value);
    match part {
        Part::Username | Part::Password => credentials(url, part, value),
        Part::Protocol => protocol(url, &text),
        Part::Host | Part::Hostname => host(url, part, &text),
        Part::Port => port(url, (!value.is_empty()).then_some(&*text)),
        Part::Pathname => pathname(url, &text),
        Part::Search => search(url, value),
        Part::Hash => hash(url, value),
    }
}

/// The parts of a URL from which another is put together.
struct Draft<'a> {
    scheme: &'a str,
    /// User name and password with their delimiters.
    credentials: &'a str,
    /// Without its port.
    host: Option<&'a str>,
    port: Option<u16>,
    url: &'a Url,
}

impl<'a> Draft<'a> {
    fn of(url: &'a Url) -> Draft<'a> {
        Draft {
            scheme: url.scheme(),
            credentials: url.credentials(),
            host: url.has_host().then(|| url.hostname()),
            port: url.port,
            url,
        }
    }

    /// Writes what comes before the path.
    fn start(&self) -> Parser {
        let mut parser = Parser { url: Url::default() };
        parser.scheme(self.scheme);
        match self.host {
            None => parser.no_authority(),
            Some(host) => {
                parser.empty_host();
                let start = parser.url.username_end;
                parser.url.href.push_str(self.credentials);
                if !self.credentials.is_empty() {
                    parser.url.username_end = start + self.url.username().len();
                    parser.url.host_start = start + self.credentials.len() - 1;
                }
                parser.url.href.push_str(host);
                parser.url.host_end = parser.url.href.len();
                parser.port(self.port);
                parser.url.pathname_start = parser.url.href.len();
            }
        }
        parser
    }

    fn finish(&self) -> Url {
        let mut parser = self.start();
        parser.url.href.push_str(self.url.pathname());
        parser.protect_path();
        parser.tail(self.url.search(), self.url.hash());
        parser.url
    }
}

impl Parser {
    /// Query and fragment as they are, with their delimiters.
    fn tail(&mut self, search: Option<&str>, hash: Option<&str>) {
        if let Some(search) = search {
            self.url.search_start = Some(self.url.href.len());
            self.url.href.push_str(search);
        }
        if let Some(hash) = hash {
            self.url.hash_start = Some(self.url.href.len());
            self.url.href.push_str(hash);
        }
    }

    /// Begins with everything in front of query and fragment.
    fn until_path(url: &Url) -> Parser {
        let end = url.search_start.or(url.hash_start).unwrap_or(url.href.len());
        Parser { url: Url { href: url.href[..end].to_owned(), search_start: None, hash_start: None, ..*url } }
    }
}

fn protocol(url: &Url, value: &str) -> Option<Url> {
    let length = scheme_length(value);
    if length == 0 || !matches!(value.as_bytes().get(length), None | Some(b':')) {
        return None;
    }
    let scheme = value[..length].to_ascii_lowercase();
    let to_file = scheme == "file";
    if is_special(url.scheme()) != is_special(&scheme)
        || (to_file && (url.has_credentials() || url.port.is_some()))
        || (url.scheme() == "file" && url.hostname().is_empty())
    {
        return None;
    }
    let port = url.port.filter(|&port| default_port(&scheme) != Some(port));
    Some(Draft { scheme: &scheme, port, ..Draft::of(url) }.finish())
}

fn cannot_have_credentials_or_port(url: &Url) -> bool {
    url.hostname().is_empty() || url.scheme() == "file"
}

fn credentials(url: &Url, part: Part, value: &str) -> Option<Url> {
    if cannot_have_credentials_or_port(url) {
        return None;
    }
    let mut encoded = String::new();
    encode::append(&mut encoded, value, encode::USERINFO);
    let (username, password) = match part {
        Part::Username => (&*encoded, url.password()),
        _ => (url.username(), &*encoded),
    };
    let mut parser = Parser { url: Url::default() };
    parser.scheme(url.scheme());
    parser.empty_host();
    parser.encoded_credentials(username, password);
    let new_start = parser.url.href.len();
    let start = url.host_start + usize::from(url.has_credentials());
    parser.url.href.push_str(&url.href[start..]);
    let moved = |position: usize| position - start + new_start;
    Some(Url {
        host_end: moved(url.host_end),
        port: url.port,
        pathname_start: moved(url.pathname_start),
        search_start: url.search_start.map(moved),
        hash_start: url.hash_start.map(moved),
        ..parser.url
    })
}

fn host(url: &Url, part: Part, value: &str) -> Option<Url> {
    if url.has_opaque_path() {
        return None;
    }
    let special = is_special(url.scheme());
    let end = value
        .bytes()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#') || (special && byte == b'\\'))
        .unwrap_or(value.len());
    let address = &value[..end];
    if url.scheme() == "file" {
        return file_host(url, address);
    }
    let (name, new_port) = split_port(address);
    if name.is_empty() && (special || new_port.is_some() || url.has_credentials() || url.port.is_some()) {
        return None;
    }
    if part == Part::Hostname && new_port.is_some() {
        return None;
    }
    let mut parsed = Parser { url: Url::default() };
    parsed.host(name, special)?;
    let new_port = new_port.and_then(|digits| leading_port(digits).flatten());
    let draft = Draft { host: Some(&parsed.url.href), port: new_port.or(url.port), ..Draft::of(url) };
    Some(draft.finish())
}

fn file_host(url: &Url, name: &str) -> Option<Url> {
    let mut parsed = Parser { url: Url::default() };
    if is_drive_letter(name) {
        return None;
    }
    if !name.is_empty() {
        parsed.file_name(name)?;
    }
    Some(Draft { host: Some(&parsed.url.href), ..Draft::of(url) }.finish())
}

/// The port in front of a string: `None` if it begins with something else or is too large.
fn leading_port(value: &str) -> Option<Option<u16>> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    value[..digits].parse().ok().map(Some)
}

fn port(url: &Url, value: Option<&str>) -> Option<Url> {
    if cannot_have_credentials_or_port(url) {
        return None;
    }
    let port = value.map(leading_port).unwrap_or(Some(None))?;
    Some(Draft { port, ..Draft::of(url) }.finish())
}

fn pathname(url: &Url, value: &str) -> Option<Url> {
    if url.has_opaque_path() {
        return None;
    }
    let special = is_special(url.scheme());
    let mut parser = Draft::of(url).start();
    if special || !value.is_empty() || !url.has_host() {
        parser.path(value, special);
    }
    parser.tail(url.search(), url.hash());
    Some(parser.url)
}

fn search(url: &Url, value: &str) -> Option<Url> {
    let mut parser = Parser::until_path(url);
    if !value.is_empty() {
        let query = without_newlines(value.strip_prefix('?').unwrap_or(value));
        parser.search(&query, is_special(url.scheme()));
    }
    parser.tail(None, url.hash());
    Some(parser.url)
}

fn hash(url: &Url, value: &str) -> Option<Url> {
    let mut parser = Parser::until_path(url);
    parser.tail(url.search(), None);
    if !value.is_empty() {
        parser.hash(&without_newlines(value.strip_prefix('#').unwrap_or(value)));
    }
    Some(parser.url)
}
