//! The URL parser of the URL standard. It writes the serialisation from left to right as it reads.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::record::{Url, default_port, is_special};
use super::{encode, host};

/// Parses `input`, relative to `base` if there is one; `None` if it is not valid.
pub(super) fn parse(input: &str, base: Option<&Url>) -> Option<Url> {
    let input = input.trim_matches(|c| c <= ' ');
    let input = without_newlines(input);
    let (rest, fragment) = match input.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (&*input, None),
    };
    let mut parser = Parser { url: Url { href: String::with_capacity(input.len() + 8), ..Url::default() } };
    match split_scheme(rest) {
        Some((scheme, rest)) => parser.with_scheme(scheme, rest, base)?,
        None => parser.without_scheme(rest, fragment.is_some(), base?)?,
    }
    if let Some(fragment) = fragment {
        parser.hash(fragment);
    }
    Some(parser.url)
}

/// Leaves out tabs and newlines.
pub(super) fn without_newlines(input: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'\t', b'\n', b'\r', input.as_bytes()).is_none() {
        return Cow::Borrowed(input);
    }
    Cow::Owned(input.replace(['\t', '\n', '\r'], ""))
}

/// Splits at the colon behind a scheme.
pub(super) fn split_scheme(input: &str) -> Option<(&str, &str)> {
    let length = scheme_length(input);
    if length == 0 || input.as_bytes().get(length) != Some(&b':') {
        return None;
    }
    Some((&input[..length], &input[length + 1..]))
}

/// How many bytes at the start can be a scheme.
pub(super) fn scheme_length(input: &str) -> usize {
    if !input.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    input.bytes().take_while(is_scheme).count()
}

/// Two characters, the second a colon or a bar.
pub(super) fn is_drive_letter(segment: &str) -> bool {
    matches!(segment.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

fn starts_with_drive_letter(input: &str) -> bool {
    match input.as_bytes() {
        [letter, b':' | b'|'] => letter.is_ascii_alphabetic(),
        [letter, b':' | b'|', b'/' | b'\\' | b'?' | b'#', ..] => letter.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The drive letter in front of a serialised path, with the slash before it.
fn drive_letter_of(path: &str) -> Option<&str> {
    match path.as_bytes() {
        [b'/', letter, b':'] | [b'/', letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => {
            Some(&path[..3])
        }
        _ => None,
    }
}

/// Where the first of the characters that end a part is.
fn end_of(input: &str, is_end: impl Fn(u8) -> bool) -> usize {
    input.bytes().position(is_end).unwrap_or(input.len())
}

/// A URL whose serialisation is being written.
pub(super) struct Parser {
    pub(super) url: Url,
}

impl Parser {
    fn with_scheme(&mut self, scheme: &str, rest: &str, base: Option<&Url>) -> Option<()> {
        self.scheme(scheme);
        let base = base.filter(|base| base.scheme() == self.url.scheme());
        if self.url.scheme() == "file" {
            return self.file(rest, base);
        }
        if is_special(self.url.scheme()) {
            match base {
                Some(base) if !rest.starts_with("//") => self.relative(rest, base),
                _ => self.authority_and_path(rest.trim_start_matches(['/', '\\']), true),
            }
        } else if let Some(rest) = rest.strip_prefix("//") {
            self.authority_and_path(rest, false)
        } else {
            self.no_authority();
            if rest.starts_with('/') {
                self.path_and_query(rest, false);
            } else {
                self.opaque_path(rest);
            }
            Some(())
        }
    }

    fn without_scheme(&mut self, rest: &str, has_fragment: bool, base: &Url) -> Option<()> {
        if base.has_opaque_path() {
            if !rest.is_empty() || !has_fragment {
                return None;
            }
            self.copy_until(base, base.hash_start.unwrap_or(base.href.len()));
            return Some(());
        }
        self.scheme(base.scheme());
        if base.scheme() == "file" { self.file(rest, Some(base)) } else { self.relative(rest, base) }
    }

    /// Takes over the base's serialisation up to `end` and the parts in it.
    fn copy_until(&mut self, base: &Url, end: usize) {
        let mut href = std::mem::take(&mut self.url.href);
        href.clear();
        href.push_str(&base.href[..end]);
        let within = |start: &usize| *start < end;
        self.url = Url { href, search_start: base.search_start.filter(within), hash_start: None, ..*base };
    }

    pub(super) fn scheme(&mut self, scheme: &str) {
        self.url.href.push_str(scheme);
        self.url.href.make_ascii_lowercase();
        self.url.href.push(':');
        self.url.protocol_end = self.url.href.len();
    }

    /// The rest of a reference to something beside `base`, which is no file.
    fn relative(&mut self, rest: &str, base: &Url) -> Option<()> {
        let special = is_special(base.scheme());
        let is_slash = |c: char| c == '/' || (special && c == '\\');
        if let Some(after) = rest.strip_prefix(is_slash) {
            if after.starts_with(is_slash) {
                let after = if special { after.trim_start_matches(['/', '\\']) } else { &after[1..] };
                return self.authority_and_path(after, special);
            }
            self.copy_authority(base);
            self.path_and_query(rest, special);
            return Some(());
        }
        self.copy_until(base, base.search_start.or(base.hash_start).unwrap_or(base.href.len()));
        if rest.is_empty() {
            self.search_as(base.search());
            return Some(());
        }
        if !rest.starts_with('?') {
            self.shorten();
        }
        self.path_and_query(rest, special);
        Some(())
    }

    fn search_as(&mut self, search: Option<&str>) {
        if let Some(search) = search {
            self.url.search_start = Some(self.url.href.len());
            self.url.href.push_str(search);
        }
    }

    fn copy_authority(&mut self, base: &Url) {
        // What stands between authority and path can be the "/." that keeps a path from looking like a host.
        let port_end = if base.has_host() { base.pathname_start } else { base.host_end };
        self.copy_until(base, port_end);
        self.url.pathname_start = port_end;
    }

    pub(super) fn no_authority(&mut self) {
        let end = self.url.href.len();
        (self.url.username_end, self.url.host_start, self.url.host_end, self.url.pathname_start) =
            (end, end, end, end);
    }

    pub(super) fn empty_host(&mut self) {
        self.url.href.push_str("//");
        self.no_authority();
    }

    /// The rest of a URL behind two slashes.
    fn authority_and_path(&mut self, rest: &str, special: bool) -> Option<()> {
        let end = end_of(rest, |byte| matches!(byte, b'/' | b'?') || (special && byte == b'\\'));
        let (authority, rest) = rest.split_at(end);
        self.url.href.push_str("//");
        let address = match memchr::memrchr(b'@', authority.as_bytes()) {
            Some(at) if at + 1 == authority.len() => return None,
            Some(at) => {
                let (userinfo, address) = (&authority[..at], &authority[at + 1..]);
                let (username, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
                self.credentials(username, password);
                address
            }
            None => {
                self.encoded_credentials("", "");
                authority
            }
        };
        let (name, port) = split_port(address);
        self.host(name, special)?;
        if let Some(port) = port {
            if name.is_empty() {
                return None;
            }
            self.port(parse_port(port)?);
        }
        self.url.pathname_start = self.url.href.len();
        self.path_and_query(rest, special);
        Some(())
    }

    fn credentials(&mut self, username: &str, password: &str) {
        let mut encoded = [String::new(), String::new()];
        encode::append(&mut encoded[0], username, encode::USERINFO);
        encode::append(&mut encoded[1], password, encode::USERINFO);
        self.encoded_credentials(&encoded[0], &encoded[1]);
    }

    /// User name and password with what is between and behind them.
    pub(super) fn encoded_credentials(&mut self, username: &str, password: &str) {
        let href = &mut self.url.href;
        href.push_str(username);
        self.url.username_end = href.len();
        if !password.is_empty() {
            href.push(':');
            href.push_str(password);
        }
        self.url.host_start = href.len();
        if !username.is_empty() || !password.is_empty() {
            href.push('@');
        }
    }

    pub(super) fn host(&mut self, name: &str, special: bool) -> Option<()> {
        if !name.is_empty() {
            host::append(&mut self.url.href, name, special)?;
        } else if special {
            return None;
        }
        self.url.host_end = self.url.href.len();
        Some(())
    }

    /// The port, unless it is the default one.
    pub(super) fn port(&mut self, port: Option<u16>) {
        self.url.port = port.filter(|&port| default_port(self.url.scheme()) != Some(port));
        if let Some(port) = self.url.port {
            let _ = write!(self.url.href, ":{port}");
        }
    }

    fn file(&mut self, rest: &str, base: Option<&Url>) -> Option<()> {
        let is_slash = |c: char| c == '/' || c == '\\';
        if let Some(after) = rest.strip_prefix(is_slash) {
            if let Some(after) = after.strip_prefix(is_slash) {
                return self.file_host(after);
            }
            match base {
                Some(base) => {
                    self.copy_authority(base);
                    if !starts_with_drive_letter(after) {
                        self.url.href.push_str(drive_letter_of(base.pathname()).unwrap_or(""));
                    }
                }
                None => self.empty_host(),
            }
        } else {
            match base {
                Some(base) if starts_with_drive_letter(rest) => self.copy_authority(base),
                Some(base) => return self.relative(rest, base),
                None => self.empty_host(),
            }
        }
        self.path_and_query(rest, true);
        Some(())
    }

    /// The rest of a file URL behind two slashes.
    fn file_host(&mut self, rest: &str) -> Option<()> {
        let (name, after) = rest.split_at(end_of(rest, |byte| matches!(byte, b'/' | b'\\' | b'?')));
        self.empty_host();
        if is_drive_letter(name) {
            self.path_and_query(rest, true);
            return Some(());
        }
        if !name.is_empty() {
            self.file_name(name)?;
        }
        self.url.pathname_start = self.url.href.len();
        self.path_and_query(after, true);
        Some(())
    }

    /// The host of a file, which is left out if it is this machine.
    pub(super) fn file_name(&mut self, name: &str) -> Option<()> {
        let start = self.url.href.len();
        host::append(&mut self.url.href, name, true)?;
        if &self.url.href[start..] == "localhost" {
            self.url.href.truncate(start);
        }
        self.url.host_end = self.url.href.len();
        Some(())
    }

    /// A path of segments, added to the path that is there, and what is behind it.
    fn path_and_query(&mut self, rest: &str, special: bool) {
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        let is_path_there = self.url.href.len() > self.url.pathname_start;
        if !path.is_empty() || (special && !is_path_there) {
            self.path(path, special);
        }
        if let Some(query) = query {
            self.search(query, special);
        }
    }

    /// Adds the segments of `path` to the path that is there.
    pub(super) fn path(&mut self, path: &str, special: bool) {
        if self.url.has_host() && is_clean_path(path) && self.url.scheme() != "file" {
            self.url.href.push_str(path);
            return;
        }
        let is_slash = |c: char| c == '/' || (special && c == '\\');
        let is_file = special && self.url.scheme() == "file";
        let mut segments = path.strip_prefix(is_slash).unwrap_or(path).split(is_slash).peekable();
        while let Some(segment) = segments.next() {
            let is_last = segments.peek().is_none();
            match dots(segment) {
                Some(count) => {
                    if count == 2 {
                        self.shorten();
                    }
                    if is_last {
                        self.url.href.push('/');
                    }
                }
                None => self.segment(segment, is_file),
            }
        }
        self.protect_path();
    }

    fn segment(&mut self, segment: &str, is_file: bool) {
        let is_first = self.url.href.len() == self.url.pathname_start;
        self.url.href.push('/');
        if is_file && is_first && is_drive_letter(segment) {
            self.url.href.push_str(&segment[..1]);
            self.url.href.push(':');
        } else {
            encode::append(&mut self.url.href, segment, encode::PATH);
        }
    }

    /// Removes the last segment of the path, but not the drive of a file.
    fn shorten(&mut self) {
        let path = &self.url.href[self.url.pathname_start..];
        if self.url.scheme() == "file" && path.len() == 3 && drive_letter_of(path).is_some() {
            return;
        }
        let kept = path.rfind('/').unwrap_or(0);
        self.url.href.truncate(self.url.pathname_start + kept);
    }

    /// Keeps a path that begins with two slashes from being read as a host.
    pub(super) fn protect_path(&mut self) {
        let start = self.url.host_end;
        if self.url.has_host() {
            return;
        }
        let is_protected = self.url.pathname_start > start;
        let is_ambiguous = self.url.href[self.url.pathname_start..].starts_with("//");
        if is_ambiguous && !is_protected {
            self.url.href.insert_str(start, "/.");
            self.url.pathname_start = start + 2;
        } else if is_protected && !is_ambiguous {
            self.url.href.replace_range(start..start + 2, "");
            self.url.pathname_start = start;
        }
    }

    fn opaque_path(&mut self, rest: &str) {
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        encode::append(&mut self.url.href, path, encode::CONTROL);
        if let Some(query) = query {
            self.encode_trailing_space();
            self.search(query, false);
        }
    }

    /// A space before a query or fragment would be lost if that is removed later.
    pub(super) fn encode_trailing_space(&mut self) {
        if self.url.href.ends_with(' ') {
            self.url.href.pop();
            self.url.href.push_str("%20");
        }
    }

    pub(super) fn search(&mut self, query: &str, special: bool) {
        self.url.search_start = Some(self.url.href.len());
        self.url.href.push('?');
        let set = if special { encode::SPECIAL_QUERY } else { encode::QUERY };
        encode::append(&mut self.url.href, query, set);
    }

    pub(super) fn hash(&mut self, fragment: &str) {
        if self.url.search_start.is_none() && self.url.has_opaque_path() {
            self.encode_trailing_space();
        }
        self.url.hash_start = Some(self.url.href.len());
        self.url.href.push('#');
        encode::append(&mut self.url.href, fragment, encode::FRAGMENT);
    }
}

/// Whether a path has a slash in front and nothing to encode or resolve.
fn is_clean_path(path: &str) -> bool {
    let mut previous = 0;
    for byte in path.bytes() {
        if encode::needs_care_in_path(byte) && (byte != b'.' || previous == b'/') {
            return false;
        }
        previous = byte;
    }
    path.starts_with('/')
}

/// How many dots a segment stands for, some of which may be percent-encoded.
fn dots(segment: &str) -> Option<usize> {
    let mut rest = segment.as_bytes();
    let mut count = 0;
    loop {
        rest = match rest {
            [] => return (count == 1 || count == 2).then_some(count),
            [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => rest,
            _ => return None,
        };
        count += 1;
    }
}

/// Splits at the colon of a port, which is not within brackets.
pub(super) fn split_port(address: &str) -> (&str, Option<&str>) {
    let mut is_in_brackets = false;
    let colon = memchr::memchr3_iter(b'[', b']', b':', address.as_bytes()).find(|&i| {
        match address.as_bytes()[i] {
            b'[' => is_in_brackets = true,
            b']' => is_in_brackets = false,
            _ => return !is_in_brackets,
        }
        false
    });
    match colon {
        Some(colon) => (&address[..colon], Some(&address[colon + 1..])),
        None => (address, None),
    }
}

/// Parses a port, of which nothing may be there.
fn parse_port(port: &str) -> Option<Option<u16>> {
    if port.is_empty() {
        return Some(None);
    }
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    port.parse().ok().map(Some)
}
