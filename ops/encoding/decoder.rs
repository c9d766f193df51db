//! Decoding that goes on from one call to the next.

use std::cell::RefCell;

use encoding_rs::{CoderResult, DecoderResult, Encoding};

use super::{Args, Return, Scope, set_text};
use crate::bind::buffer::with_bytes;
use crate::bind::class::Class;
use crate::bind::object::{self, State};
use crate::buffer::{latin1, two_byte};
use crate::object_class;

/// `new Decoder(name, keepBom, fatal)`, whose `decode(input, isLast)` gives the text of what has come
/// so far, or `undefined` for invalid bytes if `fatal`.
pub(super) const CLASS: Class = object_class!(Decoder, new_decoder, raw: [decode]);

struct Decoder {
    decoder: RefCell<encoding_rs::Decoder>,
    fatal: bool,
}

impl State for Decoder {}

fn new_decoder(name: String, keep_bom: bool, fatal: bool) -> Decoder {
    let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    Decoder { decoder: RefCell::new(start(encoding, keep_bom)), fatal }
}

/// A decoder at the beginning of its input.
pub(super) fn start(encoding: &'static Encoding, keep_bom: bool) -> encoding_rs::Decoder {
    if keep_bom {
        encoding.new_decoder_without_bom_handling()
    } else {
        encoding.new_decoder_with_bom_removal()
    }
}

/// `decode(input, isLast)`
fn decode<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<Decoder>(scope, args.this()) else { return };
    let is_last = args.get(1).is_true();
    let mut decoder = this.decoder.borrow_mut();
    with_bytes(args.get(0), |bytes| {
        if decoder.latin1_byte_compatible_up_to(bytes) == Some(bytes.len()) {
            let text = latin1(scope, bytes);
            return set_text(scope, &mut rv, text);
        }
        if let Some(units) = decode_units(&mut decoder, bytes, is_last, this.fatal) {
            let text = two_byte(scope, units);
            set_text(scope, &mut rv, text);
        }
    });
}

/// The UTF-16 of what `bytes` add; `None` for invalid bytes if `fatal`.
pub(super) fn decode_units(
    decoder: &mut encoding_rs::Decoder,
    bytes: &[u8],
    is_last: bool,
    fatal: bool,
) -> Option<Vec<u16>> {
    let mut units = vec![0; decoder.max_utf16_buffer_length(bytes.len())?];
    let written = if fatal {
        match decoder.decode_to_utf16_without_replacement(bytes, &mut units, is_last) {
            (DecoderResult::InputEmpty, _, written) => written,
            _ => return None,
        }
    } else {
        match decoder.decode_to_utf16(bytes, &mut units, is_last) {
            (CoderResult::InputEmpty, _, written, _) => written,
            (CoderResult::OutputFull, ..) => unreachable!("the room is for the longest result"),
        }
    };
    units.truncate(written);
    Some(units)
}
