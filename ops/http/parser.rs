//! HTTP/1 messages out of bytes that come in pieces of any size: a state machine without I/O and without
//! JavaScript. Strictness, error codes and the number of bytes used are those of Node's parser, byte for byte.

use super::fields::{Connection, Fields, Special};
use super::method::{self, Protocol};
use super::url::{self, Url};

/// What the messages are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Request,
    Response,
}

/// What is accepted beyond the standard: bits of `HTTPParser.kLenient*`.
pub(crate) mod lenient {
    pub(crate) const HEADERS: u32 = 1;
    pub(crate) const CHUNKED_LENGTH: u32 = 1 << 1;
    pub(crate) const KEEP_ALIVE: u32 = 1 << 2;
    pub(crate) const TRANSFER_ENCODING: u32 = 1 << 3;
    pub(crate) const VERSION: u32 = 1 << 4;
    pub(crate) const DATA_AFTER_CLOSE: u32 = 1 << 5;
    pub(crate) const OPTIONAL_LF_AFTER_CR: u32 = 1 << 6;
    pub(crate) const OPTIONAL_CRLF_AFTER_CHUNK: u32 = 1 << 7;
    pub(crate) const OPTIONAL_CR_BEFORE_LF: u32 = 1 << 8;
    pub(crate) const SPACES_AFTER_CHUNK_SIZE: u32 = 1 << 9;
    pub(crate) const HEADER_VALUE_RELAXED: u32 = 1 << 10;
}

/// Why bytes are no message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) reason: &'static str,
}

const fn fault(code: &'static str, reason: &'static str) -> Fault {
    Fault { code, reason }
}

/// What has been found next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The first byte of a message.
    Begin,
    /// The end of the header: [`Parser::head`] and [`Parser::fields`] tell what it says. The answer goes to
    /// [`Parser::answer_head`].
    Head,
    /// A part of the body: from, to.
    Body(usize, usize),
    /// The end of a message; [`Parser::fields`] has its trailers.
    End,
    /// What follows is of another protocol.
    Upgrade,
    /// All input is used.
    More,
    /// The message is broken at this byte.
    Broken(Fault),
}

/// What stands before the fields.
#[derive(Default, Clone, Debug)]
pub(crate) struct Head {
    pub(crate) method: u8,
    pub(crate) url: Vec<u8>,
    pub(crate) version: (u8, u8),
    pub(crate) status: u16,
    pub(crate) reason: Vec<u8>,
    pub(crate) is_upgrade: bool,
    pub(crate) keeps_alive: bool,
}

/// How a header is to be gone on with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By what the message says.
    Normal,
    /// Without a body: it answers a HEAD request.
    SkipBody,
    /// As another protocol.
    Upgrade,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Start,
    Method,
    SpacesBeforeUrl,
    Url,
    /// After the CR of a line without a version.
    UrlCr,
    SpacesBeforeProtocol,
    Protocol,
    Major,
    Dot,
    Minor,
    AfterRequestVersion,
    RequestLineLf,
    Preface,
    AfterResponseVersion,
    Status,
    AfterStatus,
    Reason,
    ReasonLf,
    FirstField,
    Field,
    FieldName,
    SpaceAfterName,
    BeforeValue,
    EmptyValueLf,
    AfterEmptyValue,
    Value,
    ValueLf,
    AfterValue,
    HeadLf,
    HeadEnd,
    AwaitAnswer,
    ChunkSize,
    ChunkSizeMore,
    ChunkExtension,
    ChunkExtensionName,
    ChunkExtensionValue,
    ChunkQuoted,
    ChunkQuotedPair,
    ChunkAfterQuoted,
    ChunkSizeLf,
    ChunkData,
    AfterChunkData,
    ChunkDataLf,
    FixedBody,
    BodyUntilEnd,
    MessageEnd,
    Closed,
    Upgraded,
    Broken,
}

pub(crate) struct Parser {
    kind: Kind,
    lenient: u32,
    state: State,
    /// What is being matched: how far in `Protocol` and `Preface`, digits of a status.
    matched: usize,
    protocol: Protocol,
    token: Vec<u8>,
    url: Url,
    pub(crate) head: Head,
    pub(crate) fields: Fields,
    /// Bytes of the header, of the extensions of chunks, and how many are too many.
    head_size: usize,
    extension_size: usize,
    max_head_size: usize,
    /// Of the body or the chunk.
    left: u64,
    is_trailer: bool,
    /// Whether the message has no body whatever its fields say.
    skips_body: bool,
    fault: Option<Fault>,
}

/// How many bytes of the extensions of chunks are too many.
const MAX_EXTENSIONS: usize = 16 << 10;

const EXPECTED_PROTOCOL: Fault = fault("HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/");
const INVALID_FIELD: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header token");
const INVALID_FIELD_CHAR: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header field char");
const INVALID_VALUE: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header value char");
const INVALID_STATUS: Fault = fault("HPE_INVALID_STATUS", "Invalid status code");
const INVALID_RESPONSE_STATUS: Fault = fault("HPE_INVALID_STATUS", "Invalid response status");
const EXPECTED_LF_AFTER_CR: Fault = fault("HPE_STRICT", "Expected LF after CR");
const EXPECTED_CRLF_AFTER_VERSION: &str = "Expected CRLF after version";
const INVALID_CHUNK_SIZE: Fault = fault("HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size");
const EXPECTED_LF_AFTER_CHUNK: Fault = fault("HPE_STRICT", "Expected LF after chunk data");
const INVALID_EXTENSION: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions");
const INVALID_EXTENSION_NAME: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions name");
const INVALID_EXTENSION_VALUE: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions value");
const HEADER_OVERFLOW: Fault = fault("HPE_HEADER_OVERFLOW", "Header overflow");
const EXTENSIONS_OVERFLOW: Fault = fault("HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow");
const PREFACE: &[u8] = b"\r\n\r\nSM\r\n\r\n";

/// Bytes of field names and of chunk extensions: the standard's tokens.
pub(super) const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let one = byte as u8;
        table[byte] = one.is_ascii_alphanumeric()
            || matches!(
                one,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        byte += 1;
    }
    table
};

/// Whether a byte may stand in a field's value.
fn is_value(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || byte == b'\t'
}

impl Parser {
    pub(crate) fn new(kind: Kind, max_head_size: usize, lenient: u32) -> Self {
        Parser {
            kind,
            lenient,
            state: State::Start,
            matched: 0,
            protocol: Protocol::Http,
            token: Vec::new(),
            url: Url::default(),
            head: Head::default(),
            fields: Fields::default(),
            head_size: 0,
            extension_size: 0,
            max_head_size,
            left: 0,
            is_trailer: false,
            skips_body: false,
            fault: None,
        }
    }

    fn allows(&self, bits: u32) -> bool {
        self.lenient & bits != 0
    }

    /// The fields behind the body, at [`Event::End`].
    pub(crate) fn trailers(&self) -> &[u8] {
        if self.is_trailer { &self.fields.text } else { &[] }
    }

    /// Goes on at `*at`; the position moves behind what the event is about, and for a fault to the byte that
    /// is reported.
    pub(crate) fn next(&mut self, input: &[u8], at: &mut usize) -> Event {
        match self.advance(input, at) {
            Ok(event) => event,
            Err(fault) => {
                self.state = State::Broken;
                self.fault = Some(fault);
                Event::Broken(fault)
            }
        }
    }

    /// Says how to go on after [`Event::Head`].
    pub(crate) fn answer_head(&mut self, answer: Answer) {
        if self.state != State::AwaitAnswer {
            return;
        }
        let special = &self.fields.special;
        let has_length = special.content_length.is_some_and(|length| length > 0);
        let skips = answer == Answer::SkipBody;
        self.skips_body = skips;
        if answer == Answer::Upgrade {
            self.head.is_upgrade = true;
        }
        let is_connect = self.kind == Kind::Request && self.head.method == method::CONNECT;
        let no_body = skips || !has_length && !special.is_chunked;
        if self.head.is_upgrade && (answer == Answer::Upgrade || is_connect || no_body) {
            self.state = State::Upgraded;
            self.matched = 1;
            return;
        }
        let is_loose = self.allows(lenient::TRANSFER_ENCODING | lenient::CHUNKED_LENGTH);
        let has_other_encoding = special.has_transfer_encoding && !special.is_chunked;
        if self.kind == Kind::Request && has_other_encoding && !skips && !is_loose {
            let reason = "Request has invalid `Transfer-Encoding`";
            self.fault = Some(fault("HPE_INVALID_TRANSFER_ENCODING", reason));
            self.state = State::Broken;
            return;
        }
        self.state = if skips || self.kind == Kind::Response && without_body(self.head.status) {
            State::MessageEnd
        } else if special.is_chunked {
            State::ChunkSize
        } else if special.has_transfer_encoding {
            State::BodyUntilEnd
        } else if let Some(length) = special.content_length {
            self.left = length;
            if length == 0 { State::MessageEnd } else { State::FixedBody }
        } else if self.kind == Kind::Request {
            State::MessageEnd
        } else {
            State::BodyUntilEnd
        };
    }

    /// The connection has ended: whether that ends a message whose length only its end tells.
    pub(crate) fn finish(&mut self) -> Result<bool, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        match self.state {
            State::BodyUntilEnd => {
                self.state = State::Closed;
                Ok(true)
            }
            State::Start | State::Closed => Ok(false),
            State::Upgraded if self.head.is_upgrade => Ok(false),
            _ => Err(fault("HPE_INVALID_EOF_STATE", "Invalid EOF state")),
        }
    }

    fn advance(&mut self, input: &[u8], at: &mut usize) -> Result<Event, Fault> {
        loop {
            // States that need no byte.
            match self.state {
                State::HeadEnd => return self.end_head(),
                State::AwaitAnswer => return Ok(Event::More),
                State::MessageEnd => return Ok(self.end_message()),
                State::Upgraded if self.matched == 1 => {
                    self.matched = 0;
                    return Ok(Event::End);
                }
                State::Upgraded => return Ok(Event::Upgrade),
                State::Broken => {
                    return Err(self.fault.unwrap_or(fault("HPE_INTERNAL", "Broken before")));
                }
                _ => {}
            }
            let Some(&byte) = input.get(*at) else { return Ok(Event::More) };
            match self.state {
                State::Start => match byte {
                    b'\r' | b'\n' => *at += 1,
                    _ => {
                        self.begin();
                        return Ok(Event::Begin);
                    }
                },
                State::Closed => match byte {
                    b'\r' | b'\n' => *at += 1,
                    _ if self.allows(lenient::DATA_AFTER_CLOSE) => *at = input.len(),
                    _ => {
                        *at += 1;
                        return Err(fault("HPE_CLOSED_CONNECTION", "Data after `Connection: close`"));
                    }
                },
                State::FixedBody | State::BodyUntilEnd | State::ChunkData => {
                    return Ok(self.take_body(input, at));
                }
                State::Value => self.read_value(input, at)?,
                State::FieldName => self.read_name(input, at)?,
                State::Url => self.read_url(input, at)?,
                state if state < State::FirstField => self.read_first_line(state, byte, at)?,
                state if state < State::HeadEnd => self.read_field(state, byte, at)?,
                state => self.read_chunk_size(state, byte, at)?,
            }
        }
    }

    fn begin(&mut self) {
        self.head.method = 0;
        self.head.url.clear();
        self.head.status = 0;
        self.head.reason.clear();
        self.head.is_upgrade = false;
        self.fields.clear();
        self.token.clear();
        self.url = Url::default();
        self.head_size = 0;
        self.extension_size = 0;
        self.matched = 0;
        self.is_trailer = false;
        self.skips_body = false;
        self.state = match self.kind {
            Kind::Request => State::Method,
            Kind::Response => State::Protocol,
        };
    }

    /// Counts bytes of the header.
    fn count(&mut self, bytes: usize) -> Result<(), Fault> {
        self.head_size += bytes;
        if self.head_size >= self.max_head_size { Err(HEADER_OVERFLOW) } else { Ok(()) }
    }

    fn read_first_line(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
        match state {
            State::Method => return self.read_method(byte, at),
            State::SpacesBeforeUrl => {
                if byte != b' ' {
                    let is_connect = self.head.method == method::CONNECT;
                    self.url = if is_connect { Url::authority() } else { Url::default() };
                    self.state = State::Url;
                    return Ok(());
                }
            }
            State::UrlCr => {
                self.head.version = (0, 9);
                if byte != b'\n' {
                    return Err(fault("HPE_INVALID_URL", "Expected CRLF"));
                }
                self.state = State::FirstField;
            }
            State::SpacesBeforeProtocol => {
                if matches!(byte, b'\t' | 0x0c) {
                    *at += 1;
                    return Err(fault("HPE_INVALID_URL", "Invalid characters in url"));
                }
                if byte != b' ' {
                    self.matched = 0;
                    self.state = State::Protocol;
                    return Ok(());
                }
            }
            State::Protocol => return self.read_protocol(byte, at),
            State::Major => {
                self.head.version.0 = digit(byte, "Invalid major version")?;
                self.state = State::Dot;
            }
            State::Dot => {
                if byte != b'.' {
                    return Err(fault("HPE_INVALID_VERSION", "Expected dot"));
                }
                self.state = State::Minor;
            }
            State::Minor => {
                self.head.version.1 = digit(byte, "Invalid minor version")?;
                let is_known = matches!(self.head.version, (0, 9) | (1, 0 | 1) | (2, 0));
                if !is_known && !self.allows(lenient::VERSION) {
                    *at += 1;
                    return Err(fault("HPE_INVALID_VERSION", "Invalid HTTP version"));
                }
                self.matched = 0;
                self.state = match self.kind {
                    Kind::Request if self.head.method == method::PRI => State::Preface,
                    Kind::Request => State::AfterRequestVersion,
                    Kind::Response => State::AfterResponseVersion,
                };
            }
            State::Preface => {
                if PREFACE[self.matched] != byte {
                    return Err(fault("HPE_INVALID_VERSION", "Expected HTTP/2 Connection Preface"));
                }
                self.matched += 1;
                if self.matched == PREFACE.len() {
                    *at += 1;
                    return Err(fault("HPE_PAUSED_H2_UPGRADE", "Pause on PRI/Upgrade"));
                }
            }
            State::AfterRequestVersion => match byte {
                b'\r' => self.state = State::RequestLineLf,
                b'\n' if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) => self.state = State::RequestLineLf,
                _ => {
                    *at += usize::from(byte == b'\n');
                    return Err(fault("HPE_INVALID_VERSION", EXPECTED_CRLF_AFTER_VERSION));
                }
            },
            State::RequestLineLf => {
                let strict = fault("HPE_STRICT", EXPECTED_CRLF_AFTER_VERSION);
                return self.expect_lf(byte, at, State::FirstField, strict);
            }
            State::AfterResponseVersion => {
                if byte != b' ' {
                    return Err(fault("HPE_INVALID_VERSION", "Expected space after version"));
                }
                self.state = State::Status;
            }
            State::Status => {
                if !byte.is_ascii_digit() {
                    return Err(INVALID_STATUS);
                }
                self.head.status = self.head.status * 10 + u16::from(byte - b'0');
                self.matched += 1;
                if self.matched == 3 {
                    self.state = State::AfterStatus;
                }
            }
            State::AfterStatus => match byte {
                b' ' => self.state = State::Reason,
                b'\r' => self.state = State::ReasonLf,
                b'\n' if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) => self.state = State::FirstField,
                _ => {
                    *at += usize::from(byte == b'\n');
                    return Err(INVALID_RESPONSE_STATUS);
                }
            },
            State::Reason => match byte {
                b'\r' => self.state = State::ReasonLf,
                b'\n' => {
                    if !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
                        *at += 1;
                        return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after response line"));
                    }
                    self.state = State::FirstField;
                }
                _ => {
                    self.head.reason.push(byte);
                    self.count(1)?;
                }
            },
            _ => return self.expect_lf(byte, at, State::FirstField, EXPECTED_LF_AFTER_CR),
        }
        *at += 1;
        Ok(())
    }

    /// After a CR: takes the LF, or does without where that is allowed.
    fn expect_lf(&mut self, byte: u8, at: &mut usize, then: State, otherwise: Fault) -> Result<(), Fault> {
        if byte == b'\n' {
            *at += 1;
        } else if !self.allows(lenient::OPTIONAL_LF_AFTER_CR) {
            return Err(otherwise);
        }
        self.state = then;
        Ok(())
    }

    fn read_method(&mut self, byte: u8, at: &mut usize) -> Result<(), Fault> {
        if byte == b' '
            && let Some(number) = method::find(&self.token)
        {
            self.head.method = number;
            self.state = State::SpacesBeforeUrl;
            *at += 1;
            return Ok(());
        }
        self.token.push(byte);
        if self.token.len() <= method::LONGEST && method::has_prefix(&self.token) {
            *at += 1;
            return Ok(());
        }
        self.token.pop();
        let is_method = method::find(&self.token).is_some();
        let reason = if is_method { "Expected space after method" } else { "Invalid method encountered" };
        Err(fault("HPE_INVALID_METHOD", reason))
    }

    fn read_url(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let start = *at;
        let outcome = self.url.read(input, at);
        self.head.url.extend_from_slice(&input[start..*at]);
        self.count(*at - start)?;
        match outcome {
            url::Outcome::More => Ok(()),
            url::Outcome::Invalid { reason, is_past } => {
                *at += usize::from(is_past);
                Err(fault("HPE_INVALID_URL", reason))
            }
            url::Outcome::End => {
                match input[*at] {
                    b' ' => self.state = State::SpacesBeforeProtocol,
                    b'\r' => self.state = State::UrlCr,
                    _ => {
                        self.head.version = (0, 9);
                        self.state = State::FirstField;
                    }
                }
                *at += 1;
                Ok(())
            }
        }
    }

    fn read_protocol(&mut self, byte: u8, at: &mut usize) -> Result<(), Fault> {
        if self.matched == 0 {
            self.protocol = Protocol::starting_with(byte).ok_or(EXPECTED_PROTOCOL)?;
        }
        let name = self.protocol.name();
        if name.get(self.matched).copied().unwrap_or(b'/') != byte {
            return Err(EXPECTED_PROTOCOL);
        }
        self.matched += 1;
        *at += 1;
        if self.matched > name.len() {
            self.matched = 0;
            self.state = State::Major;
        } else if self.matched == name.len()
            && self.kind == Kind::Request
            && let Some(reason) = self.protocol.refuses(self.head.method)
        {
            return Err(fault("HPE_INVALID_CONSTANT", reason));
        }
        Ok(())
    }

    fn read_name(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let rest = &input[*at..];
        let length = rest.iter().position(|byte| !TOKEN[usize::from(*byte)]).unwrap_or(rest.len());
        self.fields.push_name(&rest[..length]);
        *at += length;
        self.count(length)?;
        match rest.get(length) {
            None => Ok(()),
            Some(b':') => {
                *at += 1;
                self.end_name()
            }
            Some(b' ') if self.fields.is_read_name() => {
                *at += 1;
                self.fields.push_name(b" ");
                self.state = State::SpaceAfterName;
                self.refuse_space()
            }
            Some(_) => Err(INVALID_FIELD),
        }
    }

    /// Behind the name of a field that the parser reads a space is another mistake than elsewhere.
    fn refuse_space(&self) -> Result<(), Fault> {
        if self.allows(lenient::HEADERS) { Ok(()) } else { Err(INVALID_FIELD_CHAR) }
    }

    /// Behind the colon: some fields exclude each other.
    fn end_name(&mut self) -> Result<(), Fault> {
        self.fields.end_name();
        self.state = State::BeforeValue;
        let special = &self.fields.special;
        let is_loose = self.allows(lenient::CHUNKED_LENGTH);
        match self.fields.current() {
            Special::ContentLength if special.has_transfer_encoding && !is_loose => Err(fault(
                "HPE_INVALID_CONTENT_LENGTH",
                "Content-Length can't be present with Transfer-Encoding",
            )),
            Special::TransferEncoding if special.content_length.is_some() && !is_loose => Err(fault(
                "HPE_INVALID_TRANSFER_ENCODING",
                "Transfer-Encoding can't be present with Content-Length",
            )),
            _ => Ok(()),
        }
    }

    fn read_value(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let rest = &input[*at..];
        let is_loose = self.allows(lenient::HEADERS | lenient::HEADER_VALUE_RELAXED)
            || self.fields.current() == Special::ContentLength;
        let end = rest.iter().position(|byte| {
            let byte = *byte;
            byte == b'\r' || byte == b'\n' || !is_loose && !is_value(byte)
        });
        let length = end.unwrap_or(rest.len());
        let rules = Rules {
            is_request: self.kind == Kind::Request,
            any_transfer_encoding: self.allows(lenient::TRANSFER_ENCODING),
        };
        if let Err((offset, fault)) = self.fields.push_value(&rest[..length], rules) {
            *at += offset;
            return Err(fault);
        }
        *at += length;
        self.count(length)?;
        match rest.get(length) {
            None => Ok(()),
            Some(b'\r') => {
                *at += 1;
                self.state = State::ValueLf;
                Ok(())
            }
            Some(b'\n') if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) => {
                *at += 1;
                self.state = State::AfterValue;
                Ok(())
            }
            Some(b'\n') => Err(fault("HPE_CR_EXPECTED", "Missing expected CR after header value")),
            Some(_) => Err(INVALID_VALUE),
        }
    }

    fn read_field(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
        match state {
            State::FirstField => {
                if byte == b' ' {
                    *at += 1;
                    if !self.allows(lenient::HEADERS) {
                        return Err(fault("HPE_UNEXPECTED_SPACE", "Unexpected space after start line"));
                    }
                } else {
                    self.state = State::Field;
                }
                return Ok(());
            }
            State::Field => match byte {
                b'\r' => self.state = State::HeadLf,
                b'\n' if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) => self.state = State::HeadEnd,
                b'\n' => {
                    *at += 1;
                    return Err(INVALID_FIELD_CHAR);
                }
                b':' => return Err(INVALID_FIELD),
                _ => {
                    self.fields.begin();
                    self.state = State::FieldName;
                    return Ok(());
                }
            },
            State::SpaceAfterName => match byte {
                b' ' => self.fields.push_name(b" "),
                b':' => {
                    *at += 1;
                    return self.end_name();
                }
                _ => return Err(INVALID_FIELD),
            },
            State::BeforeValue => match byte {
                b' ' | b'\t' => {}
                b'\r' => self.state = State::EmptyValueLf,
                b'\n' => {
                    *at += 1;
                    if !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
                        return Err(INVALID_VALUE);
                    }
                    self.state = State::AfterEmptyValue;
                    return Ok(());
                }
                _ => {
                    self.state = State::Value;
                    return self.fields.begin_value();
                }
            },
            State::EmptyValueLf => {
                self.state = State::AfterEmptyValue;
                if byte != b'\n' {
                    return if self.allows(lenient::HEADERS) { Ok(()) } else { Err(EXPECTED_LF_AFTER_CR) };
                }
            }
            State::AfterEmptyValue => {
                if byte == b' ' || byte == b'\t' {
                    *at += 1;
                    if !self.allows(lenient::HEADERS) {
                        return Err(INVALID_VALUE);
                    }
                    self.state = State::BeforeValue;
                    return Ok(());
                }
                match self.fields.current() {
                    Special::ContentLength => {
                        return Err(fault("HPE_INVALID_CONTENT_LENGTH", "Empty Content-Length"));
                    }
                    Special::TransferEncoding => {
                        return Err(fault("HPE_INVALID_TRANSFER_ENCODING", "Empty Transfer-Encoding"));
                    }
                    _ => {}
                }
                self.fields.end_value();
                self.state = State::Field;
                return Ok(());
            }
            State::ValueLf => {
                if byte != b'\n' {
                    return Err(fault("HPE_LF_EXPECTED", "Missing expected LF after header value"));
                }
                self.state = State::AfterValue;
            }
            State::AfterValue => {
                if byte == b' ' || byte == b'\t' {
                    if !self.allows(lenient::HEADERS) {
                        let reason = "Unexpected whitespace after header value";
                        return Err(fault("HPE_INVALID_HEADER_TOKEN", reason));
                    }
                    self.state = State::Value;
                    return self.fields.fold();
                }
                self.fields.end_value();
                self.state = State::Field;
                return Ok(());
            }
            _ => {
                let missing = fault("HPE_STRICT", "Expected LF after headers");
                return self.expect_lf(byte, at, State::HeadEnd, missing);
            }
        }
        *at += 1;
        Ok(())
    }

    fn end_head(&mut self) -> Result<Event, Fault> {
        if self.is_trailer {
            self.state = State::MessageEnd;
            return Ok(self.end_message());
        }
        let special = &self.fields.special;
        let connection = special.connection;
        let is_request = self.kind == Kind::Request;
        let asks_upgrade = special.has_upgrade && connection.has(Connection::UPGRADE);
        self.head.is_upgrade = if is_request {
            asks_upgrade || self.head.method == method::CONNECT
        } else {
            asks_upgrade && self.head.status == 101
        };
        self.head.keeps_alive = self.keeps_alive();
        self.state = State::AwaitAnswer;
        Ok(Event::Head)
    }

    fn keeps_alive(&self) -> bool {
        let special = &self.fields.special;
        let wishes = if self.head.version.0 > 0 && self.head.version.1 > 0 {
            !special.connection.has(Connection::CLOSE)
        } else {
            special.connection.has(Connection::KEEP_ALIVE)
        };
        wishes && !self.needs_end()
    }

    /// Whether only the end of the connection ends the message.
    fn needs_end(&self) -> bool {
        let special = &self.fields.special;
        if self.kind == Kind::Request || self.skips_body || without_body(self.head.status) {
            return false;
        }
        if special.has_transfer_encoding && !special.is_chunked {
            return true;
        }
        !special.is_chunked && special.content_length.is_none()
    }

    /// Whether a response changes the protocol, whatever its fields say.
    fn switches(&self) -> bool {
        self.kind == Kind::Response && self.head.status == 101
    }

    fn end_message(&mut self) -> Event {
        let goes_on = self.keeps_alive() || self.allows(lenient::KEEP_ALIVE);
        if self.head.is_upgrade || self.switches() {
            self.state = State::Upgraded;
            self.matched = 0;
        } else {
            self.state = if goes_on { State::Start } else { State::Closed };
        }
        Event::End
    }

    fn take_body(&mut self, input: &[u8], at: &mut usize) -> Event {
        let start = *at;
        let available = (input.len() - start) as u64;
        if self.state == State::BodyUntilEnd {
            *at = input.len();
            return Event::Body(start, *at);
        }
        let taken = available.min(self.left);
        self.left -= taken;
        *at += taken as usize;
        if self.left == 0 {
            self.state =
                if self.state == State::FixedBody { State::MessageEnd } else { State::AfterChunkData };
        }
        Event::Body(start, *at)
    }

    fn begin_chunk(&mut self) {
        self.head_size = 0;
        if self.left == 0 {
            self.is_trailer = true;
            self.fields.begin_trailers();
            self.state = State::Field;
        } else {
            self.state = State::ChunkData;
        }
    }

    fn read_chunk_size(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
        match state {
            State::ChunkSize => {
                self.left = u64::from(hex(byte).ok_or(INVALID_CHUNK_SIZE)?);
                self.state = State::ChunkSizeMore;
            }
            State::ChunkSizeMore => match hex(byte) {
                Some(digit) => {
                    if self.left >> 60 != 0 {
                        *at += 1;
                        return Err(fault("HPE_INVALID_CHUNK_SIZE", "Chunk size overflow"));
                    }
                    self.left = self.left << 4 | u64::from(digit);
                }
                None => return self.end_chunk_size(byte, at),
            },
            State::ChunkSizeLf => {
                let missing = fault("HPE_STRICT", "Expected LF after chunk size");
                self.expect_lf(byte, at, State::ChunkData, missing)?;
                self.begin_chunk();
                return Ok(());
            }
            State::AfterChunkData => match byte {
                b'\r' => self.state = State::ChunkDataLf,
                b'\n' if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) => self.state = State::ChunkSize,
                b'\n' => {
                    *at += 1;
                    return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after chunk data"));
                }
                _ if self.allows(lenient::OPTIONAL_CRLF_AFTER_CHUNK) => {
                    self.state = State::ChunkSize;
                    return Ok(());
                }
                _ => return Err(EXPECTED_LF_AFTER_CHUNK),
            },
            State::ChunkDataLf => {
                return self.expect_lf(byte, at, State::ChunkSize, EXPECTED_LF_AFTER_CHUNK);
            }
            _ => return self.read_extension(state, byte, at),
        }
        *at += 1;
        Ok(())
    }

    /// What may follow the size of a chunk.
    fn end_chunk_size(&mut self, byte: u8, at: &mut usize) -> Result<(), Fault> {
        match byte {
            b'\r' => self.state = State::ChunkSizeLf,
            b';' => self.state = State::ChunkExtension,
            b'\n' => {
                *at += 1;
                if !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
                    return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after chunk size"));
                }
                self.state = State::ChunkSizeLf;
                return Ok(());
            }
            b' ' | b'\t' => {
                if !self.allows(lenient::SPACES_AFTER_CHUNK_SIZE) {
                    *at += 1;
                    return Err(INVALID_CHUNK_SIZE);
                }
            }
            _ => return Err(INVALID_CHUNK_SIZE),
        }
        *at += 1;
        Ok(())
    }

    fn read_extension(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
        let is_token = TOKEN[usize::from(byte)];
        match state {
            State::ChunkExtension => {
                if matches!(byte, b' ' | b'\r') {
                    *at += 1;
                    return Err(INVALID_EXTENSION);
                }
                self.state = State::ChunkExtensionName;
                return Ok(());
            }
            State::ChunkExtensionName => match byte {
                _ if is_token => self.count_extension()?,
                b'=' => self.state = State::ChunkExtensionValue,
                b';' => self.state = State::ChunkExtension,
                b'\r' => self.state = State::ChunkSizeLf,
                b'\n' => return self.end_extensions(at),
                _ => {
                    *at += 1;
                    return Err(INVALID_EXTENSION_NAME);
                }
            },
            State::ChunkExtensionValue => match byte {
                b'"' => self.state = State::ChunkQuoted,
                _ if is_token => self.count_extension()?,
                b';' => self.state = State::ChunkExtension,
                b'\r' => self.state = State::ChunkSizeLf,
                b'\n' => return self.end_extensions(at),
                _ => {
                    *at += 1;
                    return Err(INVALID_EXTENSION_VALUE);
                }
            },
            State::ChunkQuoted => match byte {
                b'"' => self.state = State::ChunkAfterQuoted,
                b'\\' => self.state = State::ChunkQuotedPair,
                _ if is_value(byte) => self.count_extension()?,
                _ => {
                    *at += 1;
                    return Err(fault("HPE_STRICT", "Invalid character in chunk extensions quoted value"));
                }
            },
            State::ChunkQuotedPair => {
                if !is_value(byte) {
                    return Err(fault("HPE_STRICT", "Invalid quoted-pair in chunk extensions quoted value"));
                }
                self.count_extension()?;
                self.state = State::ChunkQuoted;
            }
            _ => match byte {
                b';' => self.state = State::ChunkExtension,
                b'\r' => self.state = State::ChunkSizeLf,
                b'\n' => return self.end_extensions(at),
                _ => {
                    return Err(fault("HPE_STRICT", "Invalid character in chunk extensions quote value"));
                }
            },
        }
        *at += 1;
        Ok(())
    }

    fn end_extensions(&mut self, at: &mut usize) -> Result<(), Fault> {
        *at += 1;
        if !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
            return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after chunk extension"));
        }
        self.begin_chunk();
        Ok(())
    }

    fn count_extension(&mut self) -> Result<(), Fault> {
        self.extension_size += 1;
        if self.extension_size > MAX_EXTENSIONS { Err(EXTENSIONS_OVERFLOW) } else { Ok(()) }
    }
}

impl PartialOrd for State {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (*self as u8).partial_cmp(&(*other as u8))
    }
}

/// What [`Fields`] must know of the parser.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) is_request: bool,
    pub(super) any_transfer_encoding: bool,
}

/// Whether responses of this status never have a body.
fn without_body(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}

fn digit(byte: u8, reason: &'static str) -> Result<u8, Fault> {
    if byte.is_ascii_digit() { Ok(byte - b'0') } else { Err(fault("HPE_INVALID_VERSION", reason)) }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
