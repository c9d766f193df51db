//! Brotli.

use brotli::enc::StandardAlloc;
use brotli::enc::encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct};
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

use super::{Engine, Failure, Mode, Step};

/// The numbers of `BROTLI_OPERATION_*`.
const FLUSH: u32 = 1;
const FINISH: u32 = 2;
const EMIT_METADATA: u32 = 3;

/// Node's default window, and its number among the parameters.
const WINDOW_BITS: (usize, u32) = (2, 22);

/// The parameters that Node has, by their numbers. Those that this library does not know change only the
/// form of the output, never what it decodes to.
const PARAMETERS: [Option<BrotliEncoderParameter>; 9] = [
    Some(BrotliEncoderParameter::BROTLI_PARAM_MODE),
    Some(BrotliEncoderParameter::BROTLI_PARAM_QUALITY),
    Some(BrotliEncoderParameter::BROTLI_PARAM_LGWIN),
    Some(BrotliEncoderParameter::BROTLI_PARAM_LGBLOCK),
    Some(BrotliEncoderParameter::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING),
    Some(BrotliEncoderParameter::BROTLI_PARAM_SIZE_HINT),
    Some(BrotliEncoderParameter::BROTLI_PARAM_LARGE_WINDOW),
    None,
    None,
];

/// The number of `BROTLI_DECODER_PARAM_LARGE_WINDOW`.
const DECODER_LARGE_WINDOW: usize = 1;

pub(super) fn engine(
    mode: Mode,
    params: Vec<f64>,
    dictionary: Option<Vec<u8>>,
) -> Result<Box<dyn Engine>, Failure> {
    let dictionary = dictionary.unwrap_or_default();
    if mode == Mode::BrotliEncode {
        let state = new_encoder(&params, &dictionary)?;
        Ok(Box::new(Encoder { state, params, dictionary }))
    } else {
        if params.iter().skip(DECODER_LARGE_WINDOW + 1).any(|value| !value.is_nan()) {
            return Err(Failure::new("Initialization failed", -1, "ERR_ZLIB_INITIALIZATION_FAILED"));
        }
        let state = new_decoder(&params, &dictionary);
        Ok(Box::new(Decoder { state, params, dictionary, is_done: false }))
    }
}

struct Encoder {
    state: BrotliEncoderStateStruct<StandardAlloc>,
    params: Vec<f64>,
    dictionary: Vec<u8>,
}

fn new_encoder(
    params: &[f64],
    dictionary: &[u8],
) -> Result<BrotliEncoderStateStruct<StandardAlloc>, Failure> {
    let mut state = BrotliEncoderStateStruct::new(StandardAlloc::default());
    state.set_parameter(BrotliEncoderParameter::BROTLI_PARAM_LGWIN, WINDOW_BITS.1);
    for (number, value) in params.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        if let Some(Some(parameter)) = PARAMETERS.get(number).copied()
            && !state.set_parameter(parameter, *value as u32)
        {
            return Err(Failure::new("Initialization failed", -1, "ERR_ZLIB_INITIALIZATION_FAILED"));
        }
    }
    if !dictionary.is_empty() {
        state.set_custom_dictionary(dictionary.len(), dictionary);
    }
    Ok(state)
}

impl Engine for Encoder {
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)> {
        let operation = match flush {
            FLUSH => BrotliEncoderOperation::BROTLI_OPERATION_FLUSH,
            FINISH => BrotliEncoderOperation::BROTLI_OPERATION_FINISH,
            EMIT_METADATA => BrotliEncoderOperation::BROTLI_OPERATION_EMIT_METADATA,
            _ => BrotliEncoderOperation::BROTLI_OPERATION_PROCESS,
        };
        let (mut available_in, mut read) = (input.len(), 0);
        let (mut available_out, mut written) = (output.len(), 0);
        let went = self.state.compress_stream(
            operation,
            &mut available_in,
            input,
            &mut read,
            &mut available_out,
            output,
            &mut written,
            &mut None,
            &mut |_, _, _, _| (),
        );
        let step = Step { read, written };
        if went {
            Ok(step)
        } else {
            Err((step, Failure::new("Compression failed", -1, "ERR_BROTLI_COMPRESSION_FAILED")))
        }
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.state = new_encoder(&self.params, &self.dictionary)?;
        Ok(())
    }
}

type DecoderState = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

struct Decoder {
    state: DecoderState,
    params: Vec<f64>,
    dictionary: Vec<u8>,
    is_done: bool,
}

fn new_decoder(params: &[f64], dictionary: &[u8]) -> DecoderState {
    let alloc = StandardAlloc::default;
    let mut state = if params.get(DECODER_LARGE_WINDOW).is_some_and(|value| *value > 0.0) {
        BrotliState::new(alloc(), alloc(), alloc())
    } else {
        BrotliState::new_strict(alloc(), alloc(), alloc())
    };
    if !dictionary.is_empty() {
        state.attach_dictionary(dictionary.to_vec().into());
    }
    state
}

impl Engine for Decoder {
    fn step(&mut self, flush: u32, input: &[u8], output: &mut [u8]) -> Result<Step, (Step, Failure)> {
        if self.is_done {
            return Ok(Step { read: 0, written: 0 });
        }
        let (mut available_in, mut read) = (input.len(), 0);
        let (mut available_out, mut written, mut total) = (output.len(), 0, 0);
        let result = BrotliDecompressStream(
            &mut available_in,
            &mut read,
            input,
            &mut available_out,
            &mut written,
            output,
            &mut total,
            &mut self.state,
        );
        let step = Step { read, written };
        match result {
            BrotliResult::ResultSuccess => self.is_done = true,
            BrotliResult::NeedsMoreInput if flush == FINISH => return Err((step, Failure::unexpected_end())),
            BrotliResult::ResultFailure => {
                let code = self.state.error_code as i32;
                return Err((step, Failure::new("Decompression failed", code, error_name(code))));
            }
            _ => {}
        }
        Ok(step)
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.state = new_decoder(&self.params, &self.dictionary);
        self.is_done = false;
        Ok(())
    }
}

/// The `code` of a decoder's error, with the two underscores that Node's has.
fn error_name(code: i32) -> &'static str {
    match code {
        -1 => "ERR__ERROR_FORMAT_EXUBERANT_NIBBLE",
        -2 => "ERR__ERROR_FORMAT_RESERVED",
        -3 => "ERR__ERROR_FORMAT_EXUBERANT_META_NIBBLE",
        -4 => "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_ALPHABET",
        -5 => "ERR__ERROR_FORMAT_SIMPLE_HUFFMAN_SAME",
        -6 => "ERR__ERROR_FORMAT_CL_SPACE",
        -7 => "ERR__ERROR_FORMAT_HUFFMAN_SPACE",
        -8 => "ERR__ERROR_FORMAT_CONTEXT_MAP_REPEAT",
        -9 => "ERR__ERROR_FORMAT_BLOCK_LENGTH_1",
        -10 => "ERR__ERROR_FORMAT_BLOCK_LENGTH_2",
        -11 => "ERR__ERROR_FORMAT_TRANSFORM",
        -12 => "ERR__ERROR_FORMAT_DICTIONARY",
        -13 => "ERR__ERROR_FORMAT_WINDOW_BITS",
        -14 => "ERR__ERROR_FORMAT_PADDING_1",
        -15 => "ERR__ERROR_FORMAT_PADDING_2",
        -16 => "ERR__ERROR_FORMAT_DISTANCE",
        -18 => "ERR__ERROR_COMPOUND_DICTIONARY",
        -19 => "ERR__ERROR_DICTIONARY_NOT_SET",
        -20 => "ERR__ERROR_INVALID_ARGUMENTS",
        -21 => "ERR__ERROR_ALLOC_CONTEXT_MODES",
        -22 => "ERR__ERROR_ALLOC_TREE_GROUPS",
        -25 => "ERR__ERROR_ALLOC_CONTEXT_MAP",
        -26 => "ERR__ERROR_ALLOC_RING_BUFFER_1",
        -27 => "ERR__ERROR_ALLOC_RING_BUFFER_2",
        -30 => "ERR__ERROR_ALLOC_BLOCK_TYPE_TREES",
        _ => "ERR__ERROR_UNREACHABLE",
    }
}
