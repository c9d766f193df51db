//! The deflate family: zlib's and gzip's wrappers, and none.

use libz_rs_sys as z;

use super::{Engine, Failure, Mode, Step};
use crate::sys::zlib::{DeflateOptions, ZlibStream};

/// Added to the window's bits for gzip's wrapper.
const GZIP: i32 = 16;
/// Added to the window's bits for either wrapper, as the data have it.
const EITHER: i32 = 32;
/// The first byte of gzip data.
const GZIP_MAGIC: u8 = 0x1f;

struct Deflate {
    mode: Mode,
    options: DeflateOptions,
    dictionary: Vec<u8>,
    /// Whether the data are one gzip member, with nothing behind it.
    single: bool,
    /// Made at the first use: an object that is only made takes little memory.
    stream: Option<ZlibStream>,
    /// Whether a compressor has written the end of its data: whoever flushes then flushes nothing.
    has_ended: bool,
    /// The first byte of the input, which tells what an unzipping stream reads.
    first: Option<u8>,
}

pub(super) fn engine(
    mode: Mode,
    options: DeflateOptions,
    dictionary: Vec<u8>,
    single: bool,
) -> Box<dyn Engine> {
    Box::new(Deflate { mode, options, dictionary, single, stream: None, has_ended: false, first: None })
}

fn code_name(code: i32) -> &'static str {
    match code {
        z::Z_NEED_DICT => "Z_NEED_DICT",
        z::Z_STREAM_ERROR => "Z_STREAM_ERROR",
        z::Z_DATA_ERROR => "Z_DATA_ERROR",
        z::Z_MEM_ERROR => "Z_MEM_ERROR",
        z::Z_BUF_ERROR => "Z_BUF_ERROR",
        z::Z_VERSION_ERROR => "Z_VERSION_ERROR",
        _ => "Z_ERRNO",
    }
}

fn failure(stream: Option<&ZlibStream>, code: i32, text: &str) -> Failure {
    let message = stream.and_then(ZlibStream::message).unwrap_or_else(|| text.to_owned());
    Failure::new(message, code, code_name(code))
}

impl Deflate {
    fn compresses(&self) -> bool {
        matches!(self.mode, Mode::Deflate | Mode::Gzip | Mode::DeflateRaw)
    }

    fn start(&mut self) -> Result<&mut ZlibStream, Failure> {
        if self.stream.is_none() {
            self.stream = Some(self.make()?);
        }
        match &mut self.stream {
            Some(stream) => Ok(stream),
            None => Err(failure(None, z::Z_STREAM_ERROR, "Init error")),
        }
    }

    fn make(&self) -> Result<ZlibStream, Failure> {
        let bits = self.options.window_bits;
        let stream = match self.mode {
            Mode::Deflate => ZlibStream::deflate(self.options),
            Mode::Gzip => ZlibStream::deflate(DeflateOptions { window_bits: bits + GZIP, ..self.options }),
            Mode::DeflateRaw => ZlibStream::deflate(DeflateOptions { window_bits: -bits, ..self.options }),
            Mode::Gunzip => ZlibStream::inflate(bits + GZIP),
            Mode::InflateRaw => ZlibStream::inflate(-bits),
            Mode::Unzip => ZlibStream::inflate(bits + EITHER),
            _ => ZlibStream::inflate(bits),
        };
        let mut stream = stream.map_err(|code| failure(None, code, "Init error"))?;
        self.preset(&mut stream)?;
        Ok(stream)
    }

    /// Gives the dictionary where the format does not say when it is needed.
    fn preset(&self, stream: &mut ZlibStream) -> Result<(), Failure> {
        let is_early = matches!(self.mode, Mode::Deflate | Mode::DeflateRaw | Mode::InflateRaw);
        if self.dictionary.is_empty() || !is_early {
            return Ok(());
        }
        match stream.set_dictionary(&self.dictionary) {
            z::Z_OK => Ok(()),
            code => Err(failure(Some(stream), code, "Failed to set dictionary")),
        }
    }

    /// Steps until the data or the room are at an end: over the members of gzip data, and over the point
    /// where the dictionary is asked for.
    fn inflate(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<(i32, Step), Failure> {
        self.first = self.first.or(input.first().copied());
        let is_gzip = self.mode == Mode::Gunzip || self.mode == Mode::Unzip && self.first == Some(GZIP_MAGIC);
        let has_members = is_gzip && !self.single;
        self.start()?;
        let dictionary = std::mem::take(&mut self.dictionary);
        let stream = self.start()?;
        let mut total = Step { read: 0, written: 0 };
        let code = loop {
            let step = stream.step(flush, &input[total.read..], &mut output[total.written..]);
            total.read += step.read;
            total.written += step.written;
            match step.code {
                z::Z_NEED_DICT if !dictionary.is_empty() => {
                    if stream.set_dictionary(&dictionary) != z::Z_OK {
                        break z::Z_NEED_DICT;
                    }
                }
                // Zeros after the last member are padding; anything else is another member.
                z::Z_STREAM_END if has_members && input.get(total.read).is_some_and(|byte| *byte != 0) => {
                    stream.reset();
                }
                code => break code,
            }
        };
        self.dictionary = dictionary;
        Ok((code, total))
    }
}

impl Drop for Deflate {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            stream.rest();
        }
    }
}

impl Engine for Deflate {
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)> {
        let flush = flush as i32;
        let none = Step { read: 0, written: 0 };
        let outcome = if self.has_ended {
            return Ok(none);
        } else if self.compresses() {
            self.start()
                .map(|stream| stream.step(flush, input, output))
                .map(|step| (step.code, Step { read: step.read, written: step.written }))
        } else {
            self.inflate(flush, input, output)
        };
        let (code, step) = match outcome {
            Ok(outcome) => outcome,
            Err(failure) => return Err((none, failure)),
        };
        self.has_ended = self.compresses() && code == z::Z_STREAM_END;
        let text = match code {
            z::Z_OK | z::Z_BUF_ERROR if flush == z::Z_FINISH && step.written < output.len() => {
                return Err((step, Failure::unexpected_end()));
            }
            z::Z_OK | z::Z_BUF_ERROR | z::Z_STREAM_END => return Ok(step),
            z::Z_NEED_DICT if self.dictionary.is_empty() => "Missing dictionary",
            z::Z_NEED_DICT => "Bad dictionary",
            _ => "Zlib error",
        };
        Err((step, failure(self.stream.as_ref(), code, text)))
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.first = None;
        self.has_ended = false;
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        match stream.reset() {
            z::Z_OK => {}
            code => return Err(failure(Some(&stream), code, "Failed to reset stream")),
        }
        self.preset(&mut stream)?;
        self.stream = Some(stream);
        Ok(())
    }

    fn params(&mut self, level: i32, strategy: i32) -> Result<(), Failure> {
        let stream = self.start()?;
        match stream.params(level, strategy) {
            z::Z_OK | z::Z_BUF_ERROR => Ok(()),
            code => Err(failure(Some(stream), code, "Failed to set parameters")),
        }
    }
}
