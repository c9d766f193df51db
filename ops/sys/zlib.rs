//! Streams of the deflate family: zlib's interface, which `libz-rs-sys` has in C's form, as safe functions.

use std::cell::RefCell;
use std::ffi::CStr;

use libz_rs_sys as z;

/// Which way a stream goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Deflate,
    Inflate,
}

/// The parameters of a compressor, as `deflateInit2` takes them. The sign and size of `window_bits` choose
/// the wrapper: negative is none, 16 more is gzip's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeflateOptions {
    /// 0 to 9, -1 for the default.
    pub level: i32,
    /// 9 to 15.
    pub window_bits: i32,
    /// 1 to 9.
    pub mem_level: i32,
    /// 0 to 4.
    pub strategy: i32,
}

/// How many earlier places a compressor of the default level looks at for a match, and what length of one it is
/// content with. The library's own number is 128 for both, which makes data that occur in practice less than 1 %
/// smaller and takes a quarter more time; who names a level gets it as it is.
const DEFAULT_SEARCH: i32 = 48;

/// What the library takes for the other two numbers of `deflateTune` at the default level.
const GOOD_LENGTH: i32 = 8;
const MAX_LAZY: i32 = 16;

/// A compressor or a decompressor.
pub struct ZlibStream {
    stream: Box<z::z_stream>,
    direction: Direction,
    /// Whether it is a compressor of the default level.
    is_default: bool,
    /// Output of a change of parameters, which has no room of its own.
    pending: Vec<u8>,
    /// What it was made with, unless that has been changed: for whom it may be useful again.
    made: Option<Made>,
}

/// What a stream is made with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Deflate(DeflateOptions),
    Inflate(i32),
}

thread_local! {
    /// The last compressor and the last decompressor that were done with: to make one takes longer than a small
    /// piece of work.
    static RESTING: RefCell<[Option<ZlibStream>; 2]> = const { RefCell::new([None, None]) };
}

// SAFETY: the state that the stream points to belongs to it alone, and to no thread.
unsafe impl Send for ZlibStream {}

/// What one step has done.
pub struct Step {
    /// zlib's return code.
    pub code: i32,
    /// Bytes of the input used up.
    pub read: usize,
    /// Bytes of the output filled.
    pub written: usize,
}

/// Room for what a change of parameters may flush: after a flush that is at most the end of a block.
const PARAMS_ROOM: usize = 256;

const VERSION_SIZE: i32 = size_of::<z::z_stream>() as i32;

impl ZlibStream {
    /// A compressor; the error is zlib's code.
    pub fn deflate(options: DeflateOptions) -> Result<Self, i32> {
        if let Some(stream) = ZlibStream::rested(Made::Deflate(options)) {
            return Ok(stream);
        }
        let mut stream = Box::<z::z_stream>::default();
        let DeflateOptions { level, window_bits, mem_level, strategy } = options;
        // SAFETY: the stream is a default one, the version is the library's own and the size that of its type.
        let code = unsafe {
            z::deflateInit2_(
                &raw mut *stream,
                level,
                z::Z_DEFLATED,
                window_bits,
                mem_level,
                strategy,
                z::zlibVersion(),
                VERSION_SIZE,
            )
        };
        if code == z::Z_OK {
            let is_default = level == z::Z_DEFAULT_COMPRESSION && strategy == z::Z_DEFAULT_STRATEGY;
            let (direction, made) = (Direction::Deflate, Some(Made::Deflate(options)));
            let mut stream = ZlibStream { stream, direction, is_default, pending: Vec::new(), made };
            stream.tune();
            Ok(stream)
        } else {
            Err(code)
        }
    }

    /// A stream that was made alike and is done with.
    fn rested(made: Made) -> Option<Self> {
        let direction = match made {
            Made::Deflate(_) => Direction::Deflate,
            Made::Inflate(_) => Direction::Inflate,
        };
        let mut stream =
            RESTING.try_with(|resting| resting.borrow_mut()[direction as usize].take()).ok()??;
        let is_alike = stream.made.take() == Some(made);
        if !is_alike || stream.reset() != z::Z_OK {
            return None;
        }
        stream.made = Some(made);
        Some(stream)
    }

    /// Sets what a reset loses.
    fn tune(&mut self) {
        if self.is_default {
            let stream = &raw mut *self.stream;
            // SAFETY: the stream was initialised as a compressor.
            unsafe { z::deflateTune(stream, GOOD_LENGTH, MAX_LAZY, DEFAULT_SEARCH, DEFAULT_SEARCH) };
        }
    }

    /// A decompressor; the error is zlib's code. 32 more than the window's bits tells zlib from gzip by itself.
    pub fn inflate(window_bits: i32) -> Result<Self, i32> {
        if let Some(stream) = ZlibStream::rested(Made::Inflate(window_bits)) {
            return Ok(stream);
        }
        let mut stream = Box::<z::z_stream>::default();
        // SAFETY: as in `deflate`.
        let code = unsafe { z::inflateInit2_(&raw mut *stream, window_bits, z::zlibVersion(), VERSION_SIZE) };
        if code == z::Z_OK {
            let (direction, made) = (Direction::Inflate, Some(Made::Inflate(window_bits)));
            Ok(ZlibStream { stream, direction, is_default: false, pending: Vec::new(), made })
        } else {
            Err(code)
        }
    }

    /// Works until the input is used up, the output is full or the stream has ended.
    pub fn step(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Step {
        let early = self.pending.len().min(output.len());
        output[..early].copy_from_slice(&self.pending[..early]);
        self.pending.drain(..early);
        let mut step = self.work(flush, input, &mut output[early..]);
        step.written += early;
        step
    }

    fn work(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Step {
        let stream = &mut *self.stream;
        stream.next_in = input.as_ptr().cast_mut();
        stream.avail_in = u32::try_from(input.len()).unwrap_or(u32::MAX);
        stream.next_out = output.as_mut_ptr();
        stream.avail_out = u32::try_from(output.len()).unwrap_or(u32::MAX);
        let (given, room) = (stream.avail_in, stream.avail_out);
        let code = match self.direction {
            // SAFETY: the stream was initialised for this direction, and its pointers were just set from slices.
            Direction::Deflate => unsafe { z::deflate(stream, flush) },
            // SAFETY: as above.
            Direction::Inflate => unsafe { z::inflate(stream, flush) },
        };
        let step = Step {
            code,
            read: (given - stream.avail_in) as usize,
            written: (room - stream.avail_out) as usize,
        };
        self.forget();
        step
    }

    /// Leaves no pointer to memory that others own.
    fn forget(&mut self) {
        self.stream.next_in = std::ptr::null_mut();
        self.stream.avail_in = 0;
        self.stream.next_out = std::ptr::null_mut();
        self.stream.avail_out = 0;
    }

    /// What the library says about the last error.
    pub fn message(&self) -> Option<String> {
        let message = self.stream.msg.cast_const();
        if message.is_null() {
            return None;
        }
        // SAFETY: the library's messages are static strings with an end.
        Some(unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned())
    }

    /// Gives the preset dictionary; returns zlib's code.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> i32 {
        let length = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
        let stream = &raw mut *self.stream;
        match self.direction {
            // SAFETY: the stream was initialised for this direction; the slice lives through the call.
            Direction::Deflate => unsafe { z::deflateSetDictionary(stream, dictionary.as_ptr(), length) },
            // SAFETY: as above.
            Direction::Inflate => unsafe { z::inflateSetDictionary(stream, dictionary.as_ptr(), length) },
        }
    }

    /// Changes level and strategy of a compressor between two steps; returns zlib's code.
    pub fn params(&mut self, level: i32, strategy: i32) -> i32 {
        if self.direction == Direction::Inflate {
            return z::Z_OK;
        }
        let mut room = [0; PARAMS_ROOM];
        self.stream.next_out = room.as_mut_ptr();
        self.stream.avail_out = PARAMS_ROOM as u32;
        // SAFETY: the stream was initialised as a compressor, and has room for what it flushes.
        let code = unsafe { z::deflateParams(&raw mut *self.stream, level, strategy) };
        self.is_default = false;
        self.made = None;
        let written = PARAMS_ROOM - self.stream.avail_out as usize;
        self.pending.extend_from_slice(&room[..written]);
        self.forget();
        code
    }

    /// Begins anew with the same parameters; returns zlib's code.
    pub fn reset(&mut self) -> i32 {
        self.pending.clear();
        let stream = &raw mut *self.stream;
        let code = match self.direction {
            // SAFETY: the stream was initialised for this direction.
            Direction::Deflate => unsafe { z::deflateReset(stream) },
            // SAFETY: as above.
            Direction::Inflate => unsafe { z::inflateReset(stream) },
        };
        self.tune();
        code
    }
}

impl ZlibStream {
    /// Is done with: the next stream that is made alike takes this one's place.
    pub fn rest(self) {
        let place = self.direction as usize;
        let before = RESTING.try_with(|resting| resting.borrow_mut()[place].replace(self));
        drop(before);
    }
}

impl Drop for ZlibStream {
    fn drop(&mut self) {
        let stream = &raw mut *self.stream;
        match self.direction {
            // SAFETY: the stream was initialised for this direction, and this is the last use of it.
            Direction::Deflate => unsafe { z::deflateEnd(stream) },
            // SAFETY: as above.
            Direction::Inflate => unsafe { z::inflateEnd(stream) },
        };
    }
}

/// The CRC-32 of `bytes` that go on from those of which `start` is the sum.
pub fn crc32(start: u32, bytes: &[u8]) -> u32 {
    // SAFETY: the pointer and the length are a slice's.
    unsafe { z::crc32_z(start.into(), bytes.as_ptr(), bytes.len()) as u32 }
}
