//! A body in chunks: their sizes, extensions and ends.

use super::parser::{Fault, Parser, State, TOKEN, fault, is_value, lenient};

/// How many bytes of the extensions of chunks are too many.
const MAX_EXTENSIONS: usize = 16 << 10;
const INVALID_CHUNK_SIZE: Fault = fault("HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size");
const EXPECTED_LF_AFTER_CHUNK: Fault = fault("HPE_STRICT", "Expected LF after chunk data");
const INVALID_EXTENSION: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions");
const INVALID_EXTENSION_NAME: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions name");
const INVALID_EXTENSION_VALUE: Fault = fault("HPE_STRICT", "Invalid character in chunk extensions value");
const NO_CR_AFTER_NAME: &str = "Missing expected CR after chunk extension name";
const NO_CR_AFTER_VALUE: &str = "Missing expected CR after chunk extension value";
const EXTENSIONS_OVERFLOW: Fault = fault("HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow");

impl Parser {
    fn begin_chunk(&mut self) {
        self.head_size = 0;
        self.extension_size = 0;
        if self.left == 0 {
            self.is_trailer = true;
            self.fields.begin_trailers();
            self.state = State::Field;
        } else {
            self.state = State::ChunkData;
        }
    }

    pub(super) fn read_chunk_size(&mut self, state: State, byte: u8, at: &mut usize) -> Result<(), Fault> {
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
            State::AfterChunkSize => return self.end_chunk_size(byte, at),
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
                if byte == b'\n' {
                    *at += 1;
                } else if !self.allows(lenient::OPTIONAL_CRLF_AFTER_CHUNK) {
                    return Err(EXPECTED_LF_AFTER_CHUNK);
                }
                self.state = State::ChunkSize;
                return Ok(());
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
                self.state = State::AfterChunkSize;
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
                _ if is_token => self.extension_size += 1,
                b'=' => return self.go_on(State::ChunkExtensionValue, at),
                b';' => return self.go_on(State::ChunkExtension, at),
                b'\r' => return self.go_on(State::ChunkSizeLf, at),
                b'\n' => return self.end_extensions(NO_CR_AFTER_NAME, at),
                _ => {
                    *at += 1;
                    self.check_extensions()?;
                    return Err(INVALID_EXTENSION_NAME);
                }
            },
            State::ChunkExtensionValue => match byte {
                b'"' => {
                    self.extension_size += 1;
                    self.state = State::ChunkQuoted;
                }
                _ if is_token => self.extension_size += 1,
                b';' => return self.go_on(State::ChunkExtension, at),
                b'\r' => return self.go_on(State::ChunkSizeLf, at),
                b'\n' => return self.end_extensions(NO_CR_AFTER_VALUE, at),
                _ => {
                    *at += 1;
                    self.check_extensions()?;
                    return Err(INVALID_EXTENSION_VALUE);
                }
            },
            State::ChunkQuoted => match byte {
                b'"' => {
                    self.extension_size += 1;
                    return self.go_on(State::ChunkAfterQuoted, at);
                }
                b'\\' => {
                    self.extension_size += 1;
                    self.state = State::ChunkQuotedPair;
                }
                _ if is_value(byte) => self.extension_size += 1,
                _ => {
                    *at += 1;
                    self.check_extensions()?;
                    return Err(fault("HPE_STRICT", "Invalid character in chunk extensions quoted value"));
                }
            },
            State::ChunkQuotedPair => {
                if !is_value(byte) {
                    *at += 1;
                    self.check_extensions()?;
                    return Err(fault("HPE_STRICT", "Invalid quoted-pair in chunk extensions quoted value"));
                }
                self.extension_size += 1;
                self.state = State::ChunkQuoted;
            }
            _ => match byte {
                b';' => self.state = State::ChunkExtension,
                b'\r' => self.state = State::ChunkSizeLf,
                b'\n' => return self.end_extensions(NO_CR_AFTER_VALUE, at),
                _ => {
                    return Err(fault("HPE_STRICT", "Invalid character in chunk extensions quote value"));
                }
            },
        }
        *at += 1;
        Ok(())
    }

    /// Behind the byte that ends a name or a value.
    fn go_on(&mut self, state: State, at: &mut usize) -> Result<(), Fault> {
        *at += 1;
        self.state = state;
        self.check_extensions()
    }

    /// At a line feed without a CR.
    fn end_extensions(&mut self, reason: &'static str, at: &mut usize) -> Result<(), Fault> {
        self.check_extensions()?;
        if !self.allows(lenient::OPTIONAL_CR_BEFORE_LF) {
            return Err(fault("HPE_CR_EXPECTED", reason));
        }
        *at += 1;
        self.begin_chunk();
        Ok(())
    }

    /// Where a name, a value or the input ends: whether the extensions of the chunk are too long.
    pub(super) fn check_extensions(&self) -> Result<(), Fault> {
        if self.extension_size > MAX_EXTENSIONS { Err(EXTENSIONS_OVERFLOW) } else { Ok(()) }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
