//! Native half of `js/zlib.js`: compressors and decompressors of the deflate family, of Brotli and of
//! Zstandard, as objects that JavaScript feeds step by step, at once or on the thread pool.

mod brotli;
mod deflate;
mod zstd;

use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;
use std::rc::Rc;

use crate::bind::buffer::with_bytes;
use crate::bind::call::Callback;
use crate::bind::class::Class;
use crate::bind::convert::{Arg, FromJs};
use crate::bind::object::{self, State};
use crate::bind::permission::Denied;
use crate::bind::view::View;
use crate::bind::{Binding, Bytes, IntoJs, task};
use crate::trace_events::calls;
use crate::{binding, object_class};

const CLASS: Class = object_class!(
    Compressor, new_compressor,
    sync: [init_deflate, init_brotli, init_zstd, params, reset, close, write_sync],
    raw: [write],
);

/// `internalBinding('zlib')`: `crc32(bytes, start)` and the class `Compressor`.
///
/// `new Compressor(mode, state)` takes Node's number of the mode and a `Uint32Array(2)`, in which every step
/// leaves how many bytes of output and of input are left. `initDeflate`, `initBrotli` and `initZstd` set the
/// parameters and return `undefined` or a failure, as all methods do: `[message, errno, code]`.
/// `writeSync(flush, input, inputOffset, inputLength, output, outputOffset, outputLength)` does one step;
/// `write(..., callback)` does it on the pool and calls back with the failure, unless the object was closed
/// meanwhile. Steps do not overlap.
pub const BINDING: Binding = binding! { "zlib", raw: [crc32], extend: install, references: references };

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

/// `crc32(bytes, start)`: bytes are a string's UTF-8 or a view's.
fn crc32<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let start = args.get(1).uint32_value(scope).unwrap_or(0);
    let sum = match v8::Local::<v8::String>::try_from(args.get(0)) {
        Ok(text) => {
            let mut room = [MaybeUninit::uninit(); SHORT];
            crate::sys::zlib::crc32(start, text.to_rust_cow_lossy(scope, &mut room).as_bytes())
        }
        Err(_) => with_bytes(args.get(0), |bytes| crate::sys::zlib::crc32(start, bytes)),
    };
    rv.set_uint32(sum);
}

/// Up to how many bytes of a text are summed up without memory of their own.
const SHORT: usize = 512;

/// A failure on its way to JavaScript: `[message, errno, code]`.
#[derive(Debug)]
struct Failure {
    message: String,
    errno: i32,
    code: &'static str,
}

impl Failure {
    fn new(message: impl Into<String>, errno: i32, code: &'static str) -> Self {
        Failure { message: message.into(), errno, code }
    }

    /// The input has ended before the stream.
    fn unexpected_end() -> Self {
        Failure::new("unexpected end of file", libz_rs_sys::Z_BUF_ERROR, "Z_BUF_ERROR")
    }
}

impl IntoJs for Failure {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        let items = [self.message.into_js(scope)?, self.errno.into_js(scope)?, self.code.into_js(scope)?];
        Ok(v8::Array::new_with_elements(scope, &items).into())
    }
}

/// How far a step has come.
struct Step {
    read: usize,
    written: usize,
}

/// What does the work of one mode.
trait Engine: Send {
    /// Works until the input is used up, the output is full or the stream has ended.
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)>;

    /// Begins anew with the same parameters.
    fn reset(&mut self) -> Result<(), Failure>;

    /// Changes level and strategy, where the format has these.
    fn params(&mut self, _level: i32, _strategy: i32) -> Result<(), Failure> {
        Ok(())
    }
}

/// Node's number of each mode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Deflate = 1,
    Inflate,
    Gzip,
    Gunzip,
    DeflateRaw,
    InflateRaw,
    Unzip,
    BrotliDecode,
    BrotliEncode,
    ZstdCompress,
    ZstdDecompress,
}

impl Mode {
    fn from_number(number: u32) -> Mode {
        use Mode::*;
        let modes = [
            Deflate,
            Inflate,
            Gzip,
            Gunzip,
            DeflateRaw,
            InflateRaw,
            Unzip,
            BrotliDecode,
            BrotliEncode,
            ZstdCompress,
            ZstdDecompress,
        ];
        match modes.into_iter().find(|mode| *mode as u32 == number) {
            Some(mode) => mode,
            None => panic!("no mode of compression has the number {number}"),
        }
    }
}

struct Compressor {
    mode: Mode,
    /// Output and input left after a step.
    left: RefCell<View>,
    engine: RefCell<Option<Box<dyn Engine>>>,
    closed: Cell<bool>,
}

/// About what a compressor of the deflate family takes, so that the collector hurries when many are forgotten.
const MEMORY: usize = 256 << 10;

impl State for Compressor {
    fn memory(&self) -> usize {
        MEMORY
    }
}

fn new_compressor(mode: u32, left: View) -> Compressor {
    Compressor {
        mode: Mode::from_number(mode),
        left: RefCell::new(left),
        engine: RefCell::new(None),
        closed: Cell::new(false),
    }
}

type This = object::This<Compressor>;

impl Compressor {
    fn set(&self, engine: Result<Box<dyn Engine>, Failure>) -> Option<Failure> {
        match engine {
            Ok(engine) => {
                *self.engine.borrow_mut() = Some(engine);
                None
            }
            Err(failure) => Some(failure),
        }
    }

    /// Notes what a step has left of the room and the input it was given.
    fn note(&self, step: &Step, input: usize, output: usize) {
        let left = [(output - step.written) as u32, (input - step.read) as u32];
        for (bytes, number) in self.left.borrow_mut().bytes_mut().chunks_exact_mut(4).zip(left) {
            bytes.copy_from_slice(&number.to_ne_bytes());
        }
    }
}

/// `initDeflate(windowBits, level, memLevel, strategy, dictionary, single)`: `single` leaves what follows the
/// first gzip member alone.
fn init_deflate(
    this: This,
    window_bits: i32,
    level: i32,
    mem_level: i32,
    strategy: i32,
    dictionary: Option<Bytes>,
    single: bool,
) -> Option<Failure> {
    let dictionary = dictionary.map(|bytes| bytes.0).unwrap_or_default();
    let options = crate::sys::zlib::DeflateOptions { level, window_bits, mem_level, strategy };
    this.set(Ok(deflate::engine(this.mode, options, dictionary, single)))
}

/// `initBrotli(params, dictionary)`: the parameters as a list of numbers by their own number, NaN for default.
fn init_brotli(this: This, params: Vec<f64>, dictionary: Option<Bytes>) -> Option<Failure> {
    this.set(brotli::engine(this.mode, params, dictionary.map(|bytes| bytes.0)))
}

/// `initZstd(params, pledgedSize, dictionary)`: the parameters as a list of numbers by their own number, NaN
/// for default.
fn init_zstd(
    this: This,
    params: Vec<f64>,
    pledged_size: Option<f64>,
    dictionary: Option<Bytes>,
) -> Option<Failure> {
    let pledged_size = pledged_size.map(|size| size as u64);
    this.set(zstd::engine(this.mode, params, pledged_size, dictionary.map(|bytes| bytes.0)))
}

fn params(this: This, level: i32, strategy: i32) -> Option<Failure> {
    this.engine.borrow_mut().as_mut()?.params(level, strategy).err()
}

fn reset(this: This) -> Option<Failure> {
    this.engine.borrow_mut().as_mut()?.reset().err()
}

fn close(this: This) {
    this.closed.set(true);
    *this.engine.borrow_mut() = None;
}

/// What one step works on.
struct Job {
    flush: u32,
    input: View,
    input_range: std::ops::Range<usize>,
    output: View,
    output_range: std::ops::Range<usize>,
}

impl Arg for Job {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let mut next = || {
            *index += 1;
            args.get(*index - 1)
        };
        let range = |scope: &mut v8::PinScope<'_, '_>, start, length| {
            let (start, length) = (f64::from_js(scope, start) as usize, f64::from_js(scope, length) as usize);
            start..start + length
        };
        let flush = u32::from_js(scope, next());
        let (input, start, length) = (next(), next(), next());
        let input_range = range(scope, start, length);
        let (output, start, length) = (next(), next(), next());
        let output_range = range(scope, start, length);
        Ok(Job {
            flush,
            input: View::from_js(scope, input),
            input_range,
            output: View::from_js(scope, output),
            output_range,
        })
    }
}

impl Job {
    fn run(&mut self, engine: &mut dyn Engine) -> Result<Step, (Step, Failure)> {
        let output = &mut self.output.bytes_mut()[self.output_range.clone()];
        engine.step(self.flush, self.input.bytes().get(self.input_range.clone()).unwrap_or_default(), output)
    }
}

fn settle(
    this: &Compressor,
    outcome: Result<Step, (Step, Failure)>,
    sizes: (usize, usize),
) -> Option<Failure> {
    let (step, failure) = match outcome {
        Ok(step) => (step, None),
        Err((step, failure)) => (step, Some(failure)),
    };
    this.note(&step, sizes.0, sizes.1);
    failure
}

fn write_sync(this: This, mut job: Job) -> Option<Failure> {
    let sizes = (job.input_range.len(), job.output_range.len());
    let outcome = job.run(this.engine.borrow_mut().as_mut()?.as_mut());
    settle(&this, outcome, sizes)
}

/// `write(..., callback)`
fn write<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(this) = object::state::<Compressor>(scope, args.this()) else { return };
    let mut index = 0;
    let Ok(mut job) = Job::take(scope, &args, &mut index) else { return };
    let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(index)) else { return };
    let callback = Callback::new(scope, callback);
    let Some(mut engine) = this.engine.borrow_mut().take() else { return };
    let sizes = (job.input_range.len(), job.output_range.len());
    let this: Rc<Compressor> = this;
    task::submit_as(
        scope,
        calls::follows_work().then_some("zlib"),
        move || {
            let outcome = job.run(engine.as_mut());
            (engine, outcome)
        },
        move |scope, (engine, outcome)| {
            if this.closed.get() {
                return;
            }
            *this.engine.borrow_mut() = Some(engine);
            let failure = settle(&this, outcome, sizes);
            match failure.map(|failure| failure.into_js(scope)) {
                Some(Ok(failure)) => callback.call(scope, &[failure]),
                _ => callback.call(scope, &[]),
            }
        },
    );
}
