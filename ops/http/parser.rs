//! HTTP/1 messages out of bytes that come in pieces of any size: a state machine without I/O and without
//! JavaScript. Strictness, error codes and the number of bytes used are those of Node's parser, byte for byte.

use super::fields::{Connection, Fields, Special};
use super::method::{self, Protocol};
use super::url::Url;

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

pub(super) const fn fault(code: &'static str, reason: &'static str) -> Fault {
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
pub(super) enum State {
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
    /// In the spaces behind a size.
    AfterChunkSize,
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
    pub(super) kind: Kind,
    lenient: u32,
    pub(super) state: State,
    /// What is being matched: how far in `Protocol` and `Preface`, digits of a status.
    pub(super) matched: usize,
    pub(super) protocol: Protocol,
    pub(super) token: Vec<u8>,
    pub(super) url: Url,
    pub(crate) head: Head,
    pub(crate) fields: Fields,
    /// Bytes of the header, of the extensions of chunks, and how many are too many.
    pub(super) head_size: usize,
    pub(super) extension_size: usize,
    max_head_size: usize,
    /// Of the body or the chunk.
    pub(super) left: u64,
    pub(super) is_trailer: bool,
    /// Whether the message has no body whatever its fields say.
    skips_body: bool,
    fault: Option<Fault>,
}

const INVALID_FIELD: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header token");
const INVALID_FIELD_CHAR: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header field char");
const INVALID_VALUE: Fault = fault("HPE_INVALID_HEADER_TOKEN", "Invalid header value char");
pub(super) const EXPECTED_LF_AFTER_CR: Fault = fault("HPE_STRICT", "Expected LF after CR");
const HEADER_OVERFLOW: Fault = fault("HPE_HEADER_OVERFLOW", "Header overflow");

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
pub(super) fn is_value(byte: u8) -> bool {
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

    pub(super) fn allows(&self, bits: u32) -> bool {
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

    /// Whether the next byte begins a message.
    pub(crate) fn is_at_start(&self) -> bool {
        self.state == State::Start
    }

    /// Goes on behind a header that is the same as the last one, byte for byte: what that one said holds again.
    pub(crate) fn repeat_head(&mut self) {
        self.state = State::HeadEnd;
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
        self.state = if skips || self.kind == Kind::Response && never_has_body(self.head.status) {
            State::MessageEnd
        } else if special.is_chunked {
            State::ChunkSize
        } else if special.has_transfer_encoding {
            State::BodyUntilEnd
        } else if let Some(length) = special.content_length {
            self.left = length;
            if length == 0 { State::MessageEnd } else { State::FixedBody }
        } else if self.kind == Kind::Request || needs_no_body(self.head.status) {
            State::MessageEnd
        } else {
            State::BodyUntilEnd
        };
    }

    /// A function that was called back has failed: there is no way on.
    pub(crate) fn abandon(&mut self) {
        self.fault = Some(match self.state {
            State::AwaitAnswer => fault("HPE_CB_HEADERS_COMPLETE", "User callback error"),
            _ => fault("HPE_JS_EXCEPTION", "JS Exception"),
        });
        self.state = State::Broken;
    }

    /// After [`Event::Upgrade`]: reads on as if the protocol had not changed.
    pub(crate) fn resume_after_upgrade(&mut self) {
        self.state = State::Start;
    }

    /// The connection has ended: whether that ends a message whose length only its end tells.
    pub(crate) fn finish(&mut self) -> Result<bool, Fault> {
        match self.state {
            // That it is broken has been said.
            State::Broken => Ok(false),
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
            let Some(&byte) = input.get(*at) else { return self.check_extensions().map(|()| Event::More) };
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
                State::Reason => self.read_reason(input, at)?,
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
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), Fault> {
        self.head_size += bytes;
        if self.head_size >= self.max_head_size { Err(HEADER_OVERFLOW) } else { Ok(()) }
    }

    /// After a CR: takes the LF, or does without where that is allowed.
    pub(super) fn expect_lf(
        &mut self,
        byte: u8,
        at: &mut usize,
        then: State,
        otherwise: Fault,
    ) -> Result<(), Fault> {
        if byte == b'\n' {
            *at += 1;
        } else if !self.allows(lenient::OPTIONAL_LF_AFTER_CR) {
            return Err(otherwise);
        }
        self.state = then;
        Ok(())
    }

    fn read_name(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let start = *at;
        loop {
            let rest = &input[*at..];
            let length = rest.iter().position(|byte| !TOKEN[usize::from(*byte)]).unwrap_or(rest.len());
            self.fields.push_name(&rest[..length]);
            *at += length;
            match rest.get(length) {
                None => return self.count(*at - start),
                Some(b':') => {
                    let size = *at - start;
                    *at += 1;
                    self.count(size)?;
                    return self.end_name();
                }
                // Behind the name of a field that the parser reads a space is another mistake than elsewhere.
                Some(b' ') if self.fields.is_read_name() => {
                    *at += 1;
                    self.fields.push_name(b" ");
                    if !self.allows(lenient::HEADERS) {
                        return Err(INVALID_FIELD_CHAR);
                    }
                }
                Some(_) => return Err(INVALID_FIELD),
            }
        }
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
        let takes_nul = self.allows(lenient::HEADERS) || self.fields.current() == Special::ContentLength;
        let end = rest.iter().position(|byte| {
            let byte = *byte;
            match byte {
                b'\r' | b'\n' => true,
                0 => !takes_nul,
                _ => !is_loose && !is_value(byte),
            }
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
        if self.allows(lenient::HEADERS) {
            self.fields.note_odd_bytes(&rest[..length]);
        }
        *at += length;
        match rest.get(length) {
            None => self.count(length),
            Some(b'\r') => {
                *at += 1;
                self.state = State::ValueLf;
                self.count(length)
            }
            Some(b'\n') => {
                self.count(length)?;
                // Who takes any byte looks for nothing but the end of the line behind the first odd one.
                let is_opaque = self.allows(lenient::HEADERS) && self.fields.is_opaque();
                if !is_opaque && !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
                    return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after header value"));
                }
                *at += 1;
                self.state = State::AfterValue;
                Ok(())
            }
            Some(_) => {
                self.count(length)?;
                Err(INVALID_VALUE)
            }
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
        if self.kind == Kind::Request || self.skips_body || needs_no_body(self.head.status) {
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
fn never_has_body(status: u16) -> bool {
    matches!(status, 100..=103 | 204 | 304)
}

/// Whether responses of this status have no body where no field tells of one.
fn needs_no_body(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}
