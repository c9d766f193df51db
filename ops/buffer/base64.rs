//! Base64 in both directions: `Buffer`'s, which skips what it does not know, and the web's, which
//! refuses it.

use v8::simdutf::ErrorCode;
use v8::{ValueView, ValueViewData};

use super::decode::{encoded, latin1};
use super::encode::write_string;
use super::{Args, Return, Scope, part, size_at, string_at, view_at};
use crate::bind::buffer::{INLINE, base64_decode, base64_encode, base64_length};

/// What `atob` returns instead of a string: a character is not one of base64's, or there are too few.
const INVALID_CHARACTER: i32 = 1;
const NOT_WELL_ENCODED: i32 = 2;

/// From this length on the strict decoder is tried first, which is faster on what it accepts.
const STRICT_FROM: usize = 64;

/// Stands in [`VALUES`] for characters that are not of base64, and for the padding.
const SKIPPED: u8 = 0xff;
const PADDING: u8 = 0xfe;

/// The six bits of each character of either alphabet.
const VALUES: [u8; 256] = {
    let mut values = [SKIPPED; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        values[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values[b'=' as usize] = PADDING;
    values
};

/// `base64Slice(view, start, end)`
pub(super) fn base64_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    slice(scope, &args, rv, false);
}

/// `base64urlSlice(view, start, end)`: in the alphabet of URLs, without padding.
pub(super) fn base64url_slice<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    slice(scope, &args, rv, true);
}

fn slice<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: Return<'s>, url: bool) {
    let Some(view) = view_at(args, 0) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), size_at(args, 1), size_at(args, 2));
    let length = base64_length(bytes.len(), url);
    if let Some(text) = encoded(scope, length, |text| base64_encode(bytes, text, url)) {
        rv.set(text.into());
    }
}

/// `base64Write(view, string, offset, length)`: accepts both alphabets, skips other characters and
/// ends at the first padding. Of characters beyond Latin-1 the low byte counts.
pub(super) fn base64_write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    write_string(scope, &args, &mut rv, |text, room| match text {
        ValueViewData::OneByte(text) => bytes_from_base64(text, room),
        ValueViewData::TwoByte(text) => decode_leniently(text.iter().map(|unit| *unit as u8), room),
    });
}

/// Decodes as much as there is room for.
pub(super) fn bytes_from_base64(text: &[u8], room: &mut [u8]) -> usize {
    if text.len() >= STRICT_FROM
        && let Some(result) = base64_decode(text, room)
        && result.is_ok()
    {
        return result.count;
    }
    decode_leniently(text.iter().copied(), room)
}

fn decode_leniently(text: impl Iterator<Item = u8>, room: &mut [u8]) -> usize {
    let mut room = room.iter_mut();
    let available = room.len();
    let mut bits = 0_u32;
    let mut count = 0;
    for code in text {
        match VALUES[usize::from(code)] {
            SKIPPED => continue,
            PADDING => break,
            value => bits = bits << 6 | u32::from(value),
        }
        count += 6;
        if count >= 8 {
            count -= 8;
            let Some(byte) = room.next() else { break };
            *byte = (bits >> count) as u8;
        }
    }
    available - room.len()
}

/// `btoa(string)`: base64 of the characters; `undefined` where one is beyond U+00FF.
pub(super) fn btoa<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(string) = string_at(&args, 0) else { return };
    let Some(bytes) = low_bytes(scope, string) else { return };
    let length = base64_length(bytes.len(), false);
    if let Some(text) = encoded(scope, length, |text| base64_encode(&bytes, text, false)) {
        rv.set(text.into());
    }
}

/// `atob(string)`: the decoded bytes as characters, or the number of an error.
pub(super) fn atob<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(string) = string_at(&args, 0) else { return };
    let Some(text) = low_bytes(scope, string) else { return rv.set_int32(INVALID_CHARACTER) };
    let mut bytes = vec![0; text.len()];
    match base64_decode(&text, &mut bytes) {
        Some(result) if result.is_ok() => {
            if let Some(decoded) = latin1(scope, &bytes[..result.count]) {
                rv.set(decoded.into());
            }
        }
        Some(result) if result.error == ErrorCode::InvalidBase64Character => {
            rv.set_int32(INVALID_CHARACTER);
        }
        _ => rv.set_int32(NOT_WELL_ENCODED),
    }
}

/// The characters as bytes; `None` where one does not fit into a byte.
fn low_bytes(scope: &mut Scope<'_, '_>, string: v8::Local<'_, v8::String>) -> Option<Vec<u8>> {
    match ValueView::new(scope, string).data() {
        ValueViewData::OneByte(text) => Some(text.to_vec()),
        ValueViewData::TwoByte(text) => text.iter().map(|unit| u8::try_from(*unit).ok()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::decode_leniently;

    fn decode(text: &str, room: usize) -> Vec<u8> {
        let mut bytes = vec![0; room];
        let written = decode_leniently(text.bytes(), &mut bytes);
        bytes.truncate(written);
        bytes
    }

    #[test]
    fn other_characters_are_skipped_and_padding_ends() {
        assert_eq!(decode("YW*Jj\n", 9), b"abc");
        assert_eq!(decode("YW=Jj", 9), b"a");
        assert_eq!(decode("-_+/", 9), b"\xfb\xff\xbf");
        assert_eq!(decode("A", 9), b"");
    }

    #[test]
    fn the_room_is_the_limit() {
        assert_eq!(decode("YWJjYWJj", 4), b"abca");
        assert_eq!(decode("YWJj", 0), b"");
    }
}
