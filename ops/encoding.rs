//! Native half of `js/web/encoding.js`: text to UTF-8, and bytes of any encoding of the web to text.

mod decoder;

use encoding_rs::Encoding;
use v8::{ValueView, ValueViewData, simdutf};

use crate::bind::Binding;
use crate::bind::buffer::{utf16_to_utf8, with_bytes, with_bytes_mut};
use crate::bind::convert::uint8_array;
use crate::bind::error::string_too_long;
use crate::binding;
use crate::buffer::{latin1, two_byte, utf8, utf8_from_latin1, utf8_from_utf16};

/// `internalBinding('encoding')`: these functions and the class `Decoder`.
pub const BINDING: Binding = binding! {
    "encoding",
    sync: [find_encoding],
    raw: [encode_utf8, encode_utf8_into, decode_utf8, decode],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    decoder::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    decoder::CLASS.references()
}

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The name in lower case of the encoding that a label stands for.
fn find_encoding(label: String) -> Option<String> {
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(encoding.name().to_ascii_lowercase())
}

/// `encodeUtf8(text)`: a `Uint8Array` with a buffer of its own, U+FFFD for lone surrogates.
fn encode_utf8<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let bytes = match ValueView::new(scope, text).data() {
        ValueViewData::OneByte(text) => {
            let mut bytes = vec![0; simdutf::utf8_length_from_latin1(text)];
            utf8_from_latin1(text, &mut bytes);
            bytes
        }
        ValueViewData::TwoByte(text) => {
            let mut bytes = vec![0; simdutf::utf8_length_from_utf16le(text)];
            if utf16_to_utf8(text, &mut bytes) == Some(bytes.len()) { bytes } else { encode_repaired(text) }
        }
    };
    rv.set(uint8_array(scope, bytes).into());
}

/// The UTF-8 of text in which there are lone surrogates.
fn encode_repaired(text: &[u16]) -> Vec<u8> {
    let characters = char::decode_utf16(text.iter().copied());
    let lengths = characters.map(|character| character.map_or(3, char::len_utf8));
    let mut bytes = vec![0; lengths.sum()];
    utf8_from_utf16(text, &mut bytes);
    bytes
}

/// `encodeUtf8Into(text, destination, counts)`: writes as many whole characters as there is room for,
/// and how many UTF-16 units they have and bytes they take into the two 32-bit numbers of `counts`.
fn encode_utf8_into<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let Ok(destination) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(1)) else { return };
    let Ok(counts) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(2)) else { return };
    let [read, written] = with_bytes_mut(destination, |room| {
        let (units, written) = match ValueView::new(scope, text).data() {
            ValueViewData::OneByte(text) => (text.len(), utf8_from_latin1(text, room)),
            ValueViewData::TwoByte(text) => (text.len(), utf8_from_utf16(text, room)),
        };
        let fits_surely = room.len() / 3 >= units;
        let read = if fits_surely { units } else { simdutf::utf16_length_from_utf8(&room[..written]) };
        [read as u32, written as u32]
    });
    with_bytes_mut(counts, |counts| {
        counts[..4].copy_from_slice(&read.to_ne_bytes());
        counts[4..8].copy_from_slice(&written.to_ne_bytes());
    });
}

/// `decodeUtf8(input, keepBom, fatal)`: the text, or `undefined` for invalid bytes if `fatal`.
fn decode_utf8<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let (keep_bom, fatal) = (args.get(1).is_true(), args.get(2).is_true());
    with_bytes(args.get(0), |mut bytes| {
        if !keep_bom && let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
            bytes = rest;
        }
        if fatal && !simdutf::validate_utf8(bytes) {
            return;
        }
        let text = utf8(scope, bytes);
        set_text(scope, &mut rv, text);
    });
}

/// `decode(name, input, keepBom, fatal)`: the same for the encoding `name`.
fn decode<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let name = args.get(0).to_rust_string_lossy(scope);
    let Some(encoding) = Encoding::for_label(name.as_bytes()) else { return };
    let (keep_bom, fatal) = (args.get(2).is_true(), args.get(3).is_true());
    with_bytes(args.get(1), |bytes| {
        if encoding.is_ascii_compatible() && simdutf::validate_ascii(bytes) {
            let text = latin1(scope, bytes);
            return set_text(scope, &mut rv, text);
        }
        let mut decoder = decoder::start(encoding, keep_bom);
        if let Some(units) = decoder::decode_units(&mut decoder, bytes, true, fatal) {
            let text = two_byte(scope, units);
            set_text(scope, &mut rv, text);
        }
    });
}

/// Returns `text`; where there is none, it would be longer than V8 allows.
fn set_text<'s>(scope: &mut Scope<'s, '_>, rv: &mut Return<'s>, text: Option<v8::Local<'s, v8::String>>) {
    match text {
        Some(text) => rv.set(text.into()),
        None => {
            let error = string_too_long(scope);
            scope.throw_exception(error);
        }
    }
}
