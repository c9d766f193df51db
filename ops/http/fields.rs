//! The fields of a header: their text, and those that say how the message goes on.

use super::parser::{Fault, Rules, is_value};

/// Fields whose value the parser reads.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Special {
    #[default]
    None,
    Connection,
    ContentLength,
    TransferEncoding,
    Upgrade,
    Host,
    Expect,
}

/// What the fields say about the connection.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Connection(u8);

impl Connection {
    pub(crate) const KEEP_ALIVE: u8 = 1;
    pub(crate) const CLOSE: u8 = 2;
    pub(crate) const UPGRADE: u8 = 4;

    /// Whether anything was said.
    pub(crate) fn is_given(self) -> bool {
        self.0 != 0
    }

    /// Whether all of `bits` were said.
    pub(crate) fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }
}

/// What the special fields have said.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Specials {
    pub(crate) connection: Connection,
    pub(crate) content_length: Option<u64>,
    pub(crate) has_transfer_encoding: bool,
    pub(crate) is_chunked: bool,
    pub(crate) has_upgrade: bool,
    pub(crate) has_host: bool,
    pub(crate) has_expect: bool,
}

/// Where in the value of `Content-Length` the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Length {
    #[default]
    Digits,
    Spaces,
}

/// Names and values, one after the other, with a line feed behind each: no name or value has one.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) text: Vec<u8>,
    pub(crate) special: Specials,
    /// How many there are.
    pub(crate) pairs: usize,
    current: Special,
    name_start: usize,
    value_start: usize,
    length: Length,
    /// The element of a list that is being read, without spaces around it.
    element: Vec<u8>,
    /// Behind a byte that is in no value by the standard the rest of the line is not looked at.
    is_opaque: bool,
}

const DUPLICATE: Fault = Fault { code: "HPE_UNEXPECTED_CONTENT_LENGTH", reason: "Duplicate Content-Length" };
const INVALID_LENGTH: Fault =
    Fault { code: "HPE_INVALID_CONTENT_LENGTH", reason: "Invalid character in Content-Length" };
const LENGTH_OVERFLOW: Fault =
    Fault { code: "HPE_INVALID_CONTENT_LENGTH", reason: "Content-Length overflow" };
const INVALID_ENCODING: Fault =
    Fault { code: "HPE_INVALID_TRANSFER_ENCODING", reason: "Invalid `Transfer-Encoding` header value" };

/// What no element that matters begins with.
const SPOILT: u8 = b'?';

/// Longer elements of a list are none that matters.
const LONGEST_ELEMENT: usize = 16;

impl Fields {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.special = Specials::default();
        self.pairs = 0;
    }

    /// Forgets the fields of the header, for those behind the body.
    pub(super) fn begin_trailers(&mut self) {
        self.text.clear();
    }

    pub(super) fn current(&self) -> Special {
        self.current
    }

    pub(super) fn begin(&mut self) {
        self.name_start = self.text.len();
        self.current = Special::None;
    }

    pub(super) fn push_name(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }

    /// Whether the name so far is that of a field whose value says how the message goes on.
    pub(super) fn is_read_name(&self) -> bool {
        !matches!(
            special(self.text[self.name_start..].trim_ascii_end()),
            Special::None | Special::Host | Special::Expect
        )
    }

    pub(super) fn end_name(&mut self) {
        self.current = special(self.text[self.name_start..].trim_ascii_end());
        self.text.push(b'\n');
        self.value_start = self.text.len();
        self.element.clear();
        match self.current {
            Special::Host => self.special.has_host = true,
            Special::Expect => self.special.has_expect = true,
            _ => {}
        }
    }

    /// At a line that goes on with the value of the last.
    pub(super) fn fold(&mut self) -> Result<(), Fault> {
        match self.current {
            Special::Connection => self.end_connection_element(),
            // The spaces that the line begins with spoil what follows.
            Special::TransferEncoding => {
                self.element.clear();
                self.element.push(SPOILT);
            }
            _ => {}
        }
        self.begin_value()
    }

    /// Where a value may have any byte: whether those that are in none by the standard have come.
    pub(super) fn note_odd_bytes(&mut self, bytes: &[u8]) {
        self.is_opaque |= bytes.iter().any(|byte| !is_value(*byte));
    }

    pub(super) fn is_opaque(&self) -> bool {
        self.is_opaque
    }

    /// At the first byte of a value.
    pub(super) fn begin_value(&mut self) -> Result<(), Fault> {
        self.is_opaque = false;
        match self.current {
            Special::ContentLength if self.special.content_length.is_some() => Err(DUPLICATE),
            Special::ContentLength => {
                self.special.content_length = Some(0);
                self.length = Length::Digits;
                Ok(())
            }
            Special::TransferEncoding => {
                self.special.has_transfer_encoding = true;
                Ok(())
            }
            Special::Upgrade => {
                self.special.has_upgrade = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes bytes of a value. A fault comes with its distance from their beginning.
    pub(super) fn push_value(&mut self, bytes: &[u8], rules: Rules) -> Result<(), (usize, Fault)> {
        match self.current {
            Special::ContentLength => {
                for (offset, byte) in bytes.iter().enumerate() {
                    self.push_length(*byte).map_err(|(more, fault)| (offset + more, fault))?;
                }
            }
            Special::TransferEncoding => {
                for (offset, byte) in bytes.iter().enumerate() {
                    self.push_encoding(*byte, rules).map_err(|fault| (offset + 1, fault))?;
                }
            }
            Special::Connection => {
                for byte in bytes {
                    if *byte == b',' && !self.is_opaque {
                        self.end_connection_element();
                    } else {
                        self.push_element(*byte);
                    }
                }
            }
            _ => {}
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn end_value(&mut self) {
        let end = self.text.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
        self.text.truncate(end.map_or(0, |end| end + 1).max(self.value_start));
        self.text.push(b'\n');
        self.pairs += 1;
        match self.current {
            Special::Connection => self.end_connection_element(),
            Special::TransferEncoding => self.special.is_chunked = self.is_element(b"chunked"),
            _ => {}
        }
    }

    fn push_length(&mut self, byte: u8) -> Result<(), (usize, Fault)> {
        match byte {
            b'0'..=b'9' if self.length == Length::Digits => {
                let length = self.special.content_length.unwrap_or(0);
                let longer = length.checked_mul(10).and_then(|ten| ten.checked_add((byte - b'0').into()));
                self.special.content_length = Some(longer.ok_or((1, LENGTH_OVERFLOW))?);
                Ok(())
            }
            b' ' | b'\t' => {
                self.length = Length::Spaces;
                Ok(())
            }
            _ => Err((0, INVALID_LENGTH)),
        }
    }

    fn push_encoding(&mut self, byte: u8, rules: Rules) -> Result<(), Fault> {
        let is_strict = rules.is_request && !rules.any_transfer_encoding;
        if self.special.is_chunked {
            // An encoding before this one was already the last.
            if is_strict {
                return Err(INVALID_ENCODING);
            }
            self.special.is_chunked = false;
        }
        if byte == b',' && !self.is_opaque {
            if is_strict && self.is_element(b"chunked") {
                return Err(INVALID_ENCODING);
            }
            self.element.clear();
        } else {
            self.push_element(byte);
        }
        Ok(())
    }

    /// Adds to the element: spaces before it do not count, spaces in it spoil it.
    fn push_element(&mut self, byte: u8) {
        let is_space = matches!(byte, b' ' | b'\t');
        if !is_value(byte) {
            self.is_opaque = true;
            self.element.clear();
            self.element.push(SPOILT);
        }
        if self.element.len() > LONGEST_ELEMENT || self.element.is_empty() && is_space {
            return;
        }
        self.element.push(byte.to_ascii_lowercase());
    }

    /// Whether the element of `Transfer-Encoding` is this one, behind which there may be spaces and no tab.
    fn is_element(&self, name: &[u8]) -> bool {
        trim_end(&self.element, b" ") == name
    }

    fn end_connection_element(&mut self) {
        let bit = match trim_end(&self.element, b" \t") {
            b"keep-alive" => Connection::KEEP_ALIVE,
            b"close" => Connection::CLOSE,
            b"upgrade" => Connection::UPGRADE,
            _ => 0,
        };
        self.special.connection.0 |= bit;
        self.element.clear();
    }
}

/// `bytes` without those of `spaces` at their end.
fn trim_end<'a>(bytes: &'a [u8], spaces: &[u8]) -> &'a [u8] {
    let end = bytes.iter().rposition(|byte| !spaces.contains(byte)).map_or(0, |last| last + 1);
    &bytes[..end]
}

/// Which field a name stands for, in any case.
fn special(name: &[u8]) -> Special {
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    match name.len() {
        4 if is("host") => Special::Host,
        6 if is("expect") => Special::Expect,
        7 if is("upgrade") => Special::Upgrade,
        10 if is("connection") => Special::Connection,
        14 if is("content-length") => Special::ContentLength,
        16 if is("proxy-connection") => Special::Connection,
        17 if is("transfer-encoding") => Special::TransferEncoding,
        _ => Special::None,
    }
}
