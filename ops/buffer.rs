//! Native half of `js/buffer.js`: text to bytes and back, comparing and searching bytes, and memory
//! that is not zeroed.

mod base64;
mod decode;
mod encode;
mod fast;
mod search;

use v8::simdutf;

use crate::bind::Binding;
use crate::bind::buffer::{INLINE, uninitialized_array_buffer, with_bytes_mut};
use crate::binding;

use base64::{atob, base64_slice, base64_write, base64url_slice, btoa};
use decode::{ascii_slice, hex_slice, latin1_slice, ucs2_slice, utf8_slice};
use encode::{byte_length_utf8, hex_write, latin1_write, ucs2_write, utf8_write};
use search::{index_of_byte, index_of_bytes, index_of_string};

pub(crate) use decode::{encoded, latin1, two_byte, utf8};
pub(crate) use encode::{utf8_from_latin1, utf8_from_utf16};

/// `internalBinding('buffer')`. All are called so often that each takes its arguments itself.
pub const BINDING: Binding = binding! {
    "buffer",
    raw: [
        utf8_slice, latin1_slice, ascii_slice, ucs2_slice, hex_slice, base64_slice, base64url_slice,
        utf8_write, latin1_write, ucs2_write, hex_write, base64_write, byte_length_utf8,
        index_of_byte, index_of_bytes, index_of_string,
        compare, compare_ranges, swap, is_utf8, is_ascii, atob, btoa,
        create_unsafe_array_buffer, forbid_detach,
    ],
};

pub use fast::BINDING as FAST_BINDING;

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type View<'s> = v8::Local<'s, v8::ArrayBufferView>;

/// The view at `index`.
fn view_at<'s>(args: &Args<'s>, index: i32) -> Option<View<'s>> {
    args.get(index).try_into().ok()
}

/// The string at `index`.
fn string_at<'s>(args: &Args<'s>, index: i32) -> Option<v8::Local<'s, v8::String>> {
    args.get(index).try_into().ok()
}

/// The length or position at `index`; 0 for everything that is none.
fn size_at(args: &Args<'_>, index: i32) -> usize {
    match v8::Local::<v8::Number>::try_from(args.get(index)) {
        Ok(number) => number.value() as usize,
        Err(_) => 0,
    }
}

/// What lies between `start` and `end`, as far as it exists.
fn part(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    let end = end.min(bytes.len());
    &bytes[start.min(end)..end]
}

fn set_size(rv: &mut Return<'_>, size: usize) {
    match u32::try_from(size) {
        Ok(size) => rv.set_uint32(size),
        Err(_) => rv.set_double(size as f64),
    }
}

/// `compare(a, b)`: -1, 0 or 1.
fn compare<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let (Some(a), Some(b)) = (view_at(&args, 0), view_at(&args, 1)) else { return };
    let (mut inline_a, mut inline_b) = (INLINE, INLINE);
    let order = a.get_contents(&mut inline_a).cmp(b.get_contents(&mut inline_b));
    rv.set_int32(order as i32);
}

/// `compareRanges(a, aStart, aEnd, b, bStart, bEnd)`: -1, 0 or 1.
fn compare_ranges<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let (Some(a), Some(b)) = (view_at(&args, 0), view_at(&args, 3)) else { return };
    let (mut inline_a, mut inline_b) = (INLINE, INLINE);
    let a = part(a.get_contents(&mut inline_a), size_at(&args, 1), size_at(&args, 2));
    let b = part(b.get_contents(&mut inline_b), size_at(&args, 4), size_at(&args, 5));
    rv.set_int32(a.cmp(b) as i32);
}

/// `swap(view, width)`: reverses each unit of 2, 4 or 8 bytes.
fn swap<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let width = size_at(&args, 1);
    with_bytes_mut(view, |bytes| match width {
        2 => swap_units(bytes, |unit| u16::from_ne_bytes(unit).swap_bytes().to_ne_bytes()),
        4 => swap_units(bytes, |unit| u32::from_ne_bytes(unit).swap_bytes().to_ne_bytes()),
        _ => swap_units(bytes, |unit| u64::from_ne_bytes(unit).swap_bytes().to_ne_bytes()),
    });
}

/// Many units at once, where the compiler finds instructions for that.
fn swap_units<const SIZE: usize>(bytes: &mut [u8], swap: impl Fn([u8; SIZE]) -> [u8; SIZE]) {
    for unit in bytes.as_chunks_mut().0 {
        *unit = swap(*unit);
    }
}

/// `isUtf8(view)`
fn is_utf8<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    rv.set_bool(simdutf::validate_utf8(view.get_contents(&mut inline)));
}

/// `isAscii(view)`
fn is_ascii<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    rv.set_bool(simdutf::validate_ascii(view.get_contents(&mut inline)));
}

/// `createUnsafeArrayBuffer(size, alignment)`: memory that holds anything; `undefined` where there is
/// none left.
fn create_unsafe_array_buffer<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Some(buffer) = uninitialized_array_buffer(scope, size_at(&args, 0), size_at(&args, 1)) {
        rv.set(buffer.into());
    }
}

/// `forbidDetach(arrayBuffer)`: nobody has the key that detaching it asks for from now on.
fn forbid_detach<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(buffer) = v8::Local::<v8::ArrayBuffer>::try_from(args.get(0)) else { return };
    let key = v8::Symbol::new(scope, None);
    buffer.set_detach_key(key.into());
}
