//! Bytes to strings. Each function takes `(view, start, end)` and returns the string, or `undefined`
//! where it would be longer than V8 allows.

use v8::simdutf;

use super::{Args, Return, Scope, part, size_at, view_at};
use crate::bind::buffer::{INLINE, utf8_to_latin1, utf8_to_utf16};

/// From here on V8 refers to memory outside its heap instead of copying once more.
const EXTERNAL_FROM: usize = 1 << 20;

/// Text up to this size is converted on the stack.
const SHORT: usize = 128;

/// Results up to this size are made on the stack.
pub(super) const STACK_ROOM: usize = 1024;

/// `utf8Slice(view, start, end)`: invalid sequences become U+FFFD.
pub(super) fn utf8_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(&args, 1), size_at(&args, 2));
    if let Some(text) = utf8(scope, bytes) {
        rv.set(text.into());
    }
}

/// `latin1Slice(view, start, end)`
pub(super) fn latin1_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(&args, 1), size_at(&args, 2));
    if let Some(text) = latin1(scope, bytes) {
        rv.set(text.into());
    }
}

/// `asciiSlice(view, start, end)`: the high bit of each byte is ignored.
pub(super) fn ascii_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(&args, 1), size_at(&args, 2));
    if bytes.len() > v8::String::MAX_LENGTH {
        return;
    }
    let text = if simdutf::validate_ascii(bytes) {
        latin1(scope, bytes)
    } else {
        one_byte(scope, bytes.iter().map(|byte| byte & 0x7f).collect())
    };
    if let Some(text) = text {
        rv.set(text.into());
    }
}

/// `ucs2Slice(view, start, end)`: an odd last byte is left out.
pub(super) fn ucs2_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(&args, 1), size_at(&args, 2));
    if bytes.len() / 2 > v8::String::MAX_LENGTH {
        return;
    }
    let units: Vec<u16> = bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    if let Some(text) = two_byte(scope, units) {
        rv.set(text.into());
    }
}

/// `hexSlice(view, start, end)`
pub(super) fn hex_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(&args, 1), size_at(&args, 2));
    let text = encoded(scope, bytes.len() * 2, |digits| {
        faster_hex::hex_encode(bytes, digits).map_or(0, |digits| digits.len())
    });
    if let Some(text) = text {
        rv.set(text.into());
    }
}

/// A string of the ASCII characters that `write` puts into a slice of `length` bytes.
pub(crate) fn encoded<'s>(
    scope: &Scope<'s, '_>,
    length: usize,
    write: impl FnOnce(&mut [u8]) -> usize,
) -> Option<v8::Local<'s, v8::String>> {
    if length > v8::String::MAX_LENGTH {
        return None;
    }
    if length <= SHORT {
        let mut room = [0; SHORT];
        let written = write(&mut room[..length]);
        return v8::String::new_from_one_byte(scope, &room[..written], v8::NewStringType::Normal);
    }
    if length <= STACK_ROOM {
        let mut room = [0; STACK_ROOM];
        let written = write(&mut room[..length]);
        return v8::String::new_from_one_byte(scope, &room[..written], v8::NewStringType::Normal);
    }
    let mut room = vec![0; length];
    let written = write(&mut room);
    room.truncate(written);
    one_byte(scope, room)
}

/// The text of UTF-8, U+FFFD for what is invalid.
pub(crate) fn utf8<'s>(scope: &Scope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::String>> {
    if simdutf::validate_ascii(bytes) {
        return latin1(scope, bytes);
    }
    // Converted before V8 sees it, which then need not decode it.
    if bytes.len() <= SHORT {
        let mut characters = [0; SHORT];
        if let Some(written @ 1..) = utf8_to_latin1(bytes, &mut characters) {
            return v8::String::new_from_one_byte(scope, &characters[..written], v8::NewStringType::Normal);
        }
        let mut units = [0; SHORT];
        if let Some(written @ 1..) = utf8_to_utf16(bytes, &mut units) {
            return v8::String::new_from_two_byte(scope, &units[..written], v8::NewStringType::Normal);
        }
    } else {
        let mut characters = vec![0; bytes.len()];
        if let Some(written @ 1..) = utf8_to_latin1(bytes, &mut characters) {
            characters.truncate(written);
            return one_byte(scope, characters);
        }
        let mut units = vec![0; bytes.len()];
        if let Some(written @ 1..) = utf8_to_utf16(bytes, &mut units) {
            units.truncate(written);
            return two_byte(scope, units);
        }
    }
    v8::String::new_from_utf8(scope, bytes, v8::NewStringType::Normal)
}

/// The string of the UTF-16 `units`.
pub(crate) fn two_byte<'s>(scope: &Scope<'s, '_>, units: Vec<u16>) -> Option<v8::Local<'s, v8::String>> {
    if units.len() > v8::String::MAX_LENGTH {
        return None;
    }
    if units.len() >= EXTERNAL_FROM {
        return v8::String::new_external_twobyte(scope, units.into());
    }
    v8::String::new_from_two_byte(scope, &units, v8::NewStringType::Normal)
}

/// The string whose characters are `bytes`.
pub(crate) fn latin1<'s>(scope: &Scope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::String>> {
    if bytes.len() >= EXTERNAL_FROM {
        return external(scope, bytes.into());
    }
    v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal)
}

/// The same for bytes that need not be copied.
pub(super) fn one_byte<'s>(scope: &Scope<'s, '_>, bytes: Vec<u8>) -> Option<v8::Local<'s, v8::String>> {
    if bytes.len() >= EXTERNAL_FROM {
        return external(scope, bytes.into());
    }
    v8::String::new_from_one_byte(scope, &bytes, v8::NewStringType::Normal)
}

fn external<'s>(scope: &Scope<'s, '_>, bytes: Box<[u8]>) -> Option<v8::Local<'s, v8::String>> {
    if bytes.len() > v8::String::MAX_LENGTH {
        return None;
    }
    v8::String::new_external_onebyte(scope, bytes)
}
