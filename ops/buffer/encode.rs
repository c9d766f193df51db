//! Strings to bytes. Each function takes `(view, string, offset, length)` and returns how many bytes
//! it wrote: whole characters, as many as fit into `length` bytes.

use v8::{ValueView, ValueViewData, simdutf};

use super::{Args, Return, Scope, View, set_size, size_at, string_at, view_at};
use crate::bind::buffer::{latin1_to_utf8, utf16_to_utf8, with_bytes_mut};

/// U+FFFD, which takes the place of unpaired surrogates.
const REPLACEMENT: [u8; 3] = [0xef, 0xbf, 0xbd];

/// Calls `write` with the characters and the room for them.
pub(super) fn write_string<'s>(
    scope: &mut Scope<'s, '_>,
    args: &Args<'s>,
    rv: &mut Return<'s>,
    write: impl FnOnce(ValueViewData<'_>, &mut [u8]) -> usize,
) {
    let (Some(view), Some(string)) = (view_at(args, 0), string_at(args, 1)) else { return };
    let (offset, length) = (size_at(args, 2), size_at(args, 3));
    let written = with_room(view, offset, length, |room| write(ValueView::new(scope, string).data(), room));
    set_size(rv, written);
}

/// Lends the `length` bytes from `offset` on, as far as they exist.
pub(super) fn with_room<R>(
    view: View<'_>,
    offset: usize,
    length: usize,
    write: impl FnOnce(&mut [u8]) -> R,
) -> R {
    with_bytes_mut(view, |bytes| {
        let end = offset.saturating_add(length).min(bytes.len());
        write(&mut bytes[offset.min(end)..end])
    })
}

/// `utf8Write(view, string, offset, length)`
pub(super) fn utf8_write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    write_string(scope, &args, &mut rv, |text, room| match text {
        ValueViewData::OneByte(text) => utf8_from_latin1(text, room),
        ValueViewData::TwoByte(text) => utf8_from_utf16(text, room),
    });
}

/// `latin1Write(view, string, offset, length)`: of each character the low byte.
pub(super) fn latin1_write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    write_string(scope, &args, &mut rv, |text, room| match text {
        ValueViewData::OneByte(text) => copy(text, room),
        ValueViewData::TwoByte(text) => {
            room.iter_mut().zip(text).for_each(|(byte, unit)| *byte = *unit as u8);
            text.len().min(room.len())
        }
    });
}

/// `ucs2Write(view, string, offset, length)`
pub(super) fn ucs2_write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    write_string(scope, &args, &mut rv, |text, room| {
        let (room, _) = room.as_chunks_mut::<2>();
        match text {
            ValueViewData::OneByte(text) => {
                room.iter_mut().zip(text).for_each(|(bytes, code)| *bytes = [*code, 0]);
                2 * text.len().min(room.len())
            }
            ValueViewData::TwoByte(text) => {
                room.iter_mut().zip(text).for_each(|(bytes, unit)| *bytes = unit.to_le_bytes());
                2 * text.len().min(room.len())
            }
        }
    });
}

/// `hexWrite(view, string, offset, length)`: ends before the first pair that is not hexadecimal.
pub(super) fn hex_write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    write_string(scope, &args, &mut rv, |text, room| match text {
        ValueViewData::OneByte(text) => bytes_from_hex(text, room),
        ValueViewData::TwoByte(text) => {
            let low: Vec<u8> = text.iter().map(|unit| *unit as u8).collect();
            bytes_from_hex(&low, room)
        }
    });
}

/// `byteLengthUtf8(string)`
pub(super) fn byte_length_utf8<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(string) = string_at(&args, 0) else { return };
    let length = if string.is_onebyte() {
        match ValueView::new(scope, string).data() {
            ValueViewData::OneByte(text) => simdutf::utf8_length_from_latin1(text),
            ValueViewData::TwoByte(_) => string.utf8_length(scope),
        }
    } else {
        string.utf8_length(scope)
    };
    set_size(&mut rv, length);
}

/// Writes Latin-1 as it is.
pub(super) fn copy(text: &[u8], room: &mut [u8]) -> usize {
    let count = text.len().min(room.len());
    room[..count].copy_from_slice(&text[..count]);
    count
}

/// Writes Latin-1 as UTF-8.
pub(crate) fn utf8_from_latin1(text: &[u8], room: &mut [u8]) -> usize {
    if let Some(written) = latin1_to_utf8(text, room) {
        return written;
    }
    let mut filled = 0;
    for &code in text {
        let width = if code < 0x80 { 1 } else { 2 };
        let Some(bytes) = room.get_mut(filled..filled + width) else { break };
        if let [byte] = bytes {
            *byte = code;
        } else {
            bytes.copy_from_slice(&[0xc0 | code >> 6, 0x80 | code & 0x3f]);
        }
        filled += width;
    }
    filled
}

/// Writes UTF-16 as UTF-8, U+FFFD for unpaired surrogates.
pub(crate) fn utf8_from_utf16(mut text: &[u16], room: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        let checked = simdutf::validate_utf16le_with_errors(text);
        let valid = if checked.is_ok() { text.len() } else { checked.count };
        match utf16_to_utf8(&text[..valid], &mut room[filled..]) {
            Some(written) => filled += written,
            None => return filled + utf8_prefix(&text[..valid], &mut room[filled..]),
        }
        if checked.is_ok() {
            return filled;
        }
        let Some(bytes) = room.get_mut(filled..filled + 3) else { return filled };
        bytes.copy_from_slice(&REPLACEMENT);
        filled += 3;
        text = &text[valid + 1..];
    }
}

/// Writes as many characters of valid UTF-16 as fit.
fn utf8_prefix(text: &[u16], room: &mut [u8]) -> usize {
    let mut filled = 0;
    for character in char::decode_utf16(text.iter().copied()).map_while(Result::ok) {
        let Some(bytes) = room.get_mut(filled..filled + character.len_utf8()) else { break };
        filled += character.encode_utf8(bytes).len();
    }
    filled
}

/// Decodes pairs of digits up to the first that is none.
pub(super) fn bytes_from_hex(text: &[u8], room: &mut [u8]) -> usize {
    let count = (text.len() / 2).min(room.len());
    let text = &text[..2 * count];
    if faster_hex::hex_decode(text, &mut room[..count]).is_ok() {
        return count;
    }
    let digit = |code: u8| char::from(code).to_digit(16).map(|digit| digit as u8);
    let mut filled = 0;
    for pair in text.as_chunks::<2>().0 {
        let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else { break };
        room[filled] = high << 4 | low;
        filled += 1;
    }
    filled
}
