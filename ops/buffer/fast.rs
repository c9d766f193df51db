//! `internalBinding('buffer_fast')`: those functions of `internalBinding('buffer')` that take and
//! return nothing but views, one-byte strings and numbers, callable from optimised code directly.

use std::ffi::c_void;

use v8::fast_api::{CFunction, CFunctionInfo, CTypeInfo, FastApiOneByteString, Int64Representation, Type};
use v8::{ValueViewData, simdutf};

use super::base64::{base64_write, bytes_from_base64};
use super::encode::{
    byte_length_utf8, bytes_from_hex, copy, hex_write, latin1_write, utf8_from_latin1, utf8_write, with_room,
};
use super::search::{find, find_byte, find_text, index_of_byte, index_of_bytes, index_of_string};
use super::{View, compare, part};
use crate::bind::buffer::INLINE;
use crate::bind::fast::{guard, install, with_text};
use crate::bind::{Binding, Exported};
use crate::{binding, exported};

/// `internalBinding('buffer_fast')`.
pub const BINDING: Binding = binding! { "buffer_fast", extend: extend, references: references };

type Value<'s> = v8::Local<'s, v8::Value>;
type Text = *const FastApiOneByteString;

const RECEIVER: CTypeInfo = Type::V8Value.as_info();
const VIEW: CTypeInfo = Type::V8Value.as_info();
const TEXT: CTypeInfo = Type::SeqOneByteString.as_info();
const SIZE: CTypeInfo = Type::Float64.as_info();
const NUMBER: CTypeInfo = Type::Int32.as_info();
const FLAG: CTypeInfo = Type::Bool.as_info();

macro_rules! fast {
    ($function:ident ($($arg:expr),*) -> $result:expr) => {{
        const TYPES: &[CTypeInfo] = &[RECEIVER, $($arg),*];
        const INFO: &CFunctionInfo = &CFunctionInfo::new($result, TYPES, Int64Representation::Number);
        const FUNCTIONS: &[CFunction] = &[CFunction::new($function as *const c_void, INFO)];
        FUNCTIONS
    }};
}

/// The function that is called everywhere else.
macro_rules! slow {
    ($function:ident) => {
        exported!(stringify!($function), |scope, args, rv| { $function(scope, args, rv) })
    };
}

fn functions() -> [(Exported, &'static [CFunction]); 9] {
    [
        (slow!(utf8_write), fast!(utf8_write_fast(VIEW, TEXT, SIZE, SIZE) -> NUMBER)),
        (slow!(latin1_write), fast!(latin1_write_fast(VIEW, TEXT, SIZE, SIZE) -> NUMBER)),
        (slow!(hex_write), fast!(hex_write_fast(VIEW, TEXT, SIZE, SIZE) -> NUMBER)),
        (slow!(base64_write), fast!(base64_write_fast(VIEW, TEXT, SIZE, SIZE) -> NUMBER)),
        (slow!(byte_length_utf8), fast!(byte_length_utf8_fast(TEXT) -> NUMBER)),
        (slow!(compare), fast!(compare_fast(VIEW, VIEW) -> NUMBER)),
        (slow!(index_of_byte), fast!(index_of_byte_fast(VIEW, NUMBER, SIZE, SIZE, FLAG) -> SIZE)),
        (slow!(index_of_string), fast!(index_of_string_fast(VIEW, TEXT, SIZE, SIZE, NUMBER, FLAG) -> SIZE)),
        (slow!(index_of_bytes), fast!(index_of_bytes_fast(VIEW, VIEW, SIZE, SIZE, FLAG, FLAG) -> SIZE)),
    ]
}

fn extend(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    for (exported, fast) in functions() {
        install(scope, object, exported, fast);
    }
}

/// What programs that are kept in a snapshot refer to.
fn references() -> Vec<v8::ExternalReference> {
    functions().map(|(exported, _)| v8::ExternalReference { function: exported.callback }).to_vec()
}

fn view(value: Value<'_>) -> Option<View<'_>> {
    value.try_into().ok()
}

/// What all functions that write a string do.
fn write(
    view: Value<'_>,
    text: Text,
    offset: f64,
    length: f64,
    write: impl FnOnce(&[u8], &mut [u8]) -> usize,
) -> i32 {
    guard(|| {
        let Ok(view) = View::try_from(view) else { return 0 };
        with_text(text, |text| {
            with_room(view, offset as usize, length as usize, |room| write(text, room)) as i32
        })
    })
}

extern "C" fn utf8_write_fast(_: Value<'_>, view: Value<'_>, text: Text, offset: f64, length: f64) -> i32 {
    write(view, text, offset, length, utf8_from_latin1)
}

extern "C" fn latin1_write_fast(_: Value<'_>, view: Value<'_>, text: Text, offset: f64, length: f64) -> i32 {
    write(view, text, offset, length, copy)
}

extern "C" fn hex_write_fast(_: Value<'_>, view: Value<'_>, text: Text, offset: f64, length: f64) -> i32 {
    write(view, text, offset, length, bytes_from_hex)
}

extern "C" fn base64_write_fast(_: Value<'_>, view: Value<'_>, text: Text, offset: f64, length: f64) -> i32 {
    write(view, text, offset, length, bytes_from_base64)
}

extern "C" fn byte_length_utf8_fast(_: Value<'_>, text: Text) -> i32 {
    guard(|| with_text(text, |text| simdutf::utf8_length_from_latin1(text) as i32))
}

extern "C" fn compare_fast(_: Value<'_>, a: Value<'_>, b: Value<'_>) -> i32 {
    guard(|| {
        let (Some(a), Some(b)) = (view(a), view(b)) else { return 0 };
        let (mut inline_a, mut inline_b) = (INLINE, INLINE);
        a.get_contents(&mut inline_a).cmp(b.get_contents(&mut inline_b)) as i32
    })
}

extern "C" fn index_of_byte_fast(
    _: Value<'_>,
    haystack: Value<'_>,
    byte: i32,
    start: f64,
    end: f64,
    forward: bool,
) -> f64 {
    guard(|| {
        let Some(haystack) = view(haystack) else { return -1.0 };
        let mut inline = INLINE;
        let bytes = haystack.get_contents(&mut inline);
        find_byte(bytes, byte as u8, start as usize, end as usize, forward).map_or(-1.0, |index| index as f64)
    })
}

extern "C" fn index_of_bytes_fast(
    _: Value<'_>,
    haystack: Value<'_>,
    needle: Value<'_>,
    start: f64,
    end: f64,
    wide: bool,
    forward: bool,
) -> f64 {
    guard(|| {
        let (Some(haystack), Some(needle)) = (view(haystack), view(needle)) else { return -1.0 };
        let (mut inline, mut inline_needle) = (INLINE, INLINE);
        let bytes = part(haystack.get_contents(&mut inline), 0, end as usize);
        let needle = needle.get_contents(&mut inline_needle);
        find(bytes, needle, start as usize, wide, forward).map_or(-1.0, |index| index as f64)
    })
}

extern "C" fn index_of_string_fast(
    _: Value<'_>,
    haystack: Value<'_>,
    text: Text,
    start: f64,
    end: f64,
    encoding: i32,
    forward: bool,
) -> f64 {
    guard(|| {
        let Some(haystack) = view(haystack) else { return -1.0 };
        let mut inline = INLINE;
        let bytes = part(haystack.get_contents(&mut inline), 0, end as usize);
        let found = with_text(text, |text| {
            find_text(bytes, ValueViewData::OneByte(text), start as usize, encoding as usize, forward)
        });
        found.map_or(-1.0, |index| index as f64)
    })
}
