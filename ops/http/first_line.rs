//! The first line of a message: method, target and version, or version, status and reason.

use super::method::{self, Protocol};
use super::parser::{EXPECTED_LF_AFTER_CR, Fault, Kind, Parser, State, fault, lenient};
use super::url::{self, Url};

const EXPECTED_PROTOCOL: Fault = fault("HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/");
const INVALID_STATUS: Fault = fault("HPE_INVALID_STATUS", "Invalid status code");
const INVALID_RESPONSE_STATUS: Fault = fault("HPE_INVALID_STATUS", "Invalid response status");
const EXPECTED_CRLF_AFTER_VERSION: &str = "Expected CRLF after version";
const PREFACE: &[u8] = b"\r\n\r\nSM\r\n\r\n";

impl Parser {
    pub(super) fn read_first_line(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
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
            _ => return self.expect_lf(byte, at, State::FirstField, EXPECTED_LF_AFTER_CR),
        }
        *at += 1;
        Ok(())
    }

    pub(super) fn read_reason(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let rest = &input[*at..];
        let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        self.head.reason.extend_from_slice(&rest[..length]);
        *at += length;
        let Some(end) = rest.get(length) else { return self.count(length) };
        *at += 1;
        self.count(length)?;
        self.state = if *end == b'\r' {
            State::ReasonLf
        } else if self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
            State::FirstField
        } else {
            return Err(fault("HPE_CR_EXPECTED", "Missing expected CR after response line"));
        };
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

    pub(super) fn read_url(&mut self, input: &[u8], at: &mut usize) -> Result<(), Fault> {
        let start = *at;
        let outcome = self.url.read(input, at);
        self.head.url.extend_from_slice(&input[start..*at]);
        let size = *at - start;
        match outcome {
            url::Outcome::More => self.count(size),
            url::Outcome::Invalid { reason, is_past } => {
                *at += usize::from(is_past);
                Err(fault("HPE_INVALID_URL", reason))
            }
            url::Outcome::End => {
                self.count(size)?;
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
}

fn digit(byte: u8, reason: &'static str) -> Result<u8, Fault> {
    if byte.is_ascii_digit() { Ok(byte - b'0') } else { Err(fault("HPE_INVALID_VERSION", reason)) }
}
