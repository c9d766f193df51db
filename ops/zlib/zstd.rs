//! Zstandard.

use zstd_safe::zstd_sys::ZSTD_EndDirective;
use zstd_safe::{
    CCtx, CParameter, DCtx, DParameter, ErrorCode, InBuffer, OutBuffer, ResetDirective, Strategy,
};

use super::{Engine, Failure, Mode, Step};

/// The numbers of `ZSTD_e_flush` and `ZSTD_e_end`.
const FLUSH: u32 = 1;
const END: u32 = 2;

/// The number of `ZSTD_d_windowLogMax`.
const WINDOW_LOG_MAX: usize = 100;

pub(super) fn engine(
    mode: Mode,
    params: Vec<f64>,
    pledged_size: Option<u64>,
    dictionary: Option<Vec<u8>>,
) -> Result<Box<dyn Engine>, Failure> {
    let dictionary = dictionary.unwrap_or_default();
    if mode == Mode::ZstdCompress {
        let mut encoder = Encoder { context: CCtx::create(), params, pledged_size, dictionary };
        encoder.configure()?;
        Ok(Box::new(encoder))
    } else {
        let mut decoder = Decoder { context: DCtx::create(), params, dictionary, has_ended: false };
        decoder.configure()?;
        Ok(Box::new(decoder))
    }
}

fn refused(_: ErrorCode) -> Failure {
    Failure::new("Setting parameter failed", -1, "ERR_ZLIB_INITIALIZATION_FAILED")
}

fn no_dictionary(_: ErrorCode) -> Failure {
    Failure::new("Failed to load zstd dictionary", -1, "ERR_ZLIB_DICTIONARY_LOAD_FAILED")
}

/// The parameters that are given, with their numbers.
fn given(params: &[f64]) -> impl Iterator<Item = (usize, i32)> {
    let values = params.iter().enumerate().filter(|(_, value)| !value.is_nan());
    values.map(|(number, value)| (number, *value as i32))
}

struct Encoder {
    context: CCtx<'static>,
    params: Vec<f64>,
    pledged_size: Option<u64>,
    dictionary: Vec<u8>,
}

fn strategy(value: i32) -> Option<Strategy> {
    use Strategy::*;
    let strategies = [
        ZSTD_fast,
        ZSTD_dfast,
        ZSTD_greedy,
        ZSTD_lazy,
        ZSTD_lazy2,
        ZSTD_btlazy2,
        ZSTD_btopt,
        ZSTD_btultra,
        ZSTD_btultra2,
    ];
    strategies.get(usize::try_from(value).ok()?.checked_sub(1)?).copied()
}

/// The parameter that Node knows by `number`; `None` for a value that it cannot have.
fn parameter(number: usize, value: i32) -> Option<CParameter> {
    let unsigned = u32::try_from(value).ok();
    Some(match number {
        100 => CParameter::CompressionLevel(value),
        101 => CParameter::WindowLog(unsigned?),
        102 => CParameter::HashLog(unsigned?),
        103 => CParameter::ChainLog(unsigned?),
        104 => CParameter::SearchLog(unsigned?),
        105 => CParameter::MinMatch(unsigned?),
        106 => CParameter::TargetLength(unsigned?),
        107 => CParameter::Strategy(strategy(value)?),
        160 => CParameter::EnableLongDistanceMatching(value != 0),
        161 => CParameter::LdmHashLog(unsigned?),
        162 => CParameter::LdmMinMatch(unsigned?),
        163 => CParameter::LdmBucketSizeLog(unsigned?),
        164 => CParameter::LdmHashRateLog(unsigned?),
        200 => CParameter::ContentSizeFlag(value != 0),
        201 => CParameter::ChecksumFlag(value != 0),
        202 => CParameter::DictIdFlag(value != 0),
        400 => CParameter::NbWorkers(unsigned?),
        401 => CParameter::JobSize(unsigned?),
        402 => CParameter::OverlapSizeLog(unsigned?),
        _ => return None,
    })
}

impl Encoder {
    fn configure(&mut self) -> Result<(), Failure> {
        for (number, value) in given(&self.params) {
            // Zero leaves the choice of the strategy to the level.
            if (number, value) == (107, 0) {
                continue;
            }
            let parameter = parameter(number, value).ok_or(0).map_err(refused)?;
            self.context.set_parameter(parameter).map_err(refused)?;
        }
        if let Some(size) = self.pledged_size {
            let outcome = self.context.set_pledged_src_size(Some(size));
            outcome.map_err(|_| {
                Failure::new("Could not set pledged src size", -1, "ERR_ZLIB_INITIALIZATION_FAILED")
            })?;
        }
        if !self.dictionary.is_empty() {
            self.context.load_dictionary(&self.dictionary).map_err(no_dictionary)?;
        }
        Ok(())
    }
}

impl Engine for Encoder {
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)> {
        let directive = match flush {
            FLUSH => ZSTD_EndDirective::ZSTD_e_flush,
            END => ZSTD_EndDirective::ZSTD_e_end,
            _ => ZSTD_EndDirective::ZSTD_e_continue,
        };
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        // Told to end with the first input, the library would take that input's size for the promised one.
        let is_promised = self.pledged_size.is_some() && flush == END && !input.is_empty();
        let early = if is_promised { ZSTD_EndDirective::ZSTD_e_continue } else { directive };
        let mut outcome = self.context.compress_stream2(&mut to, &mut from, early);
        if is_promised && outcome.is_ok() && from.pos() == input.len() {
            outcome = self.context.compress_stream2(&mut to, &mut from, directive);
        }
        let step = Step { read: from.pos(), written: to.pos() };
        match outcome {
            Ok(_) => Ok(step),
            Err(code) => Err((step, failure(code))),
        }
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.context.reset(ResetDirective::SessionAndParameters).map_err(failure)?;
        self.configure()
    }
}

struct Decoder {
    context: DCtx<'static>,
    params: Vec<f64>,
    dictionary: Vec<u8>,
    /// Whether a frame has ended and no other has begun.
    has_ended: bool,
}

/// Whether the bytes go on with another frame: by the first byte of the magic numbers.
fn begins_frame(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x28 | 0x50..=0x5f))
}

impl Decoder {
    fn configure(&mut self) -> Result<(), Failure> {
        for (number, value) in given(&self.params) {
            let size = u32::try_from(value).ok().filter(|_| number == WINDOW_LOG_MAX);
            let size = size.ok_or(0).map_err(refused)?;
            self.context.set_parameter(DParameter::WindowLogMax(size)).map_err(refused)?;
        }
        if !self.dictionary.is_empty() {
            self.context.load_dictionary(&self.dictionary).map_err(no_dictionary)?;
        }
        Ok(())
    }
}

impl Engine for Decoder {
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)> {
        if self.has_ended && !begins_frame(input) {
            return Ok(Step { read: 0, written: 0 });
        }
        let room = output.len();
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(output);
        let mut outcome = self.context.decompress_stream(&mut to, &mut from);
        // One frame may follow the other; what is no frame stays unread.
        while outcome == Ok(0) && to.pos() < room && begins_frame(&input[from.pos()..]) {
            outcome = self.context.decompress_stream(&mut to, &mut from);
        }
        self.has_ended = outcome == Ok(0);
        let step = Step { read: from.pos(), written: to.pos() };
        match outcome {
            Ok(0) => Ok(step),
            Ok(_) if flush == END && step.written < room && step.read == input.len() => {
                Err((step, Failure::unexpected_end()))
            }
            Ok(_) => Ok(step),
            Err(code) => Err((step, failure(code))),
        }
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.has_ended = false;
        self.context.reset(ResetDirective::SessionAndParameters).map_err(failure)?;
        self.configure()
    }
}

fn failure(code: ErrorCode) -> Failure {
    // The library returns its errors as the last numbers of a `size_t`.
    let number = (code as isize).wrapping_neg() as i32;
    Failure::new(zstd_safe::get_error_name(code), number, error_name(number))
}

fn error_name(number: i32) -> &'static str {
    match number {
        10 => "ZSTD_error_prefix_unknown",
        12 => "ZSTD_error_version_unsupported",
        14 => "ZSTD_error_frameParameter_unsupported",
        16 => "ZSTD_error_frameParameter_windowTooLarge",
        20 => "ZSTD_error_corruption_detected",
        22 => "ZSTD_error_checksum_wrong",
        24 => "ZSTD_error_literals_headerWrong",
        30 => "ZSTD_error_dictionary_corrupted",
        32 => "ZSTD_error_dictionary_wrong",
        34 => "ZSTD_error_dictionaryCreation_failed",
        40 => "ZSTD_error_parameter_unsupported",
        41 => "ZSTD_error_parameter_combination_unsupported",
        42 => "ZSTD_error_parameter_outOfBound",
        44 => "ZSTD_error_tableLog_tooLarge",
        46 => "ZSTD_error_maxSymbolValue_tooLarge",
        48 => "ZSTD_error_maxSymbolValue_tooSmall",
        50 => "ZSTD_error_stabilityCondition_notRespected",
        60 => "ZSTD_error_stage_wrong",
        62 => "ZSTD_error_init_missing",
        64 => "ZSTD_error_memory_allocation",
        66 => "ZSTD_error_workSpace_tooSmall",
        70 => "ZSTD_error_dstSize_tooSmall",
        72 => "ZSTD_error_srcSize_wrong",
        74 => "ZSTD_error_dstBuffer_null",
        80 => "ZSTD_error_noForwardProgress_destFull",
        82 => "ZSTD_error_noForwardProgress_inputEmpty",
        _ => "ZSTD_error_GENERIC",
    }
}
