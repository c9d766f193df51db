//! Finding bytes. Positions come from JavaScript resolved: `start` is where a search begins, `end`
//! where the searched range ends.

use memchr::memmem;
use v8::{ValueView, ValueViewData};

use super::encode::{utf8_from_latin1, utf8_from_utf16};
use super::{Args, Return, Scope, part, size_at, string_at, view_at};
use crate::bind::buffer::INLINE;

/// How `indexOfString` turns its string into bytes.
const UTF8: usize = 0;
const LATIN1: usize = 1;

/// `indexOfByte(view, byte, start, end, forward)`
pub(super) fn index_of_byte<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(view) = view_at(&args, 0) else { return };
    let mut inline = INLINE;
    let bytes = view.get_contents(&mut inline);
    let byte = size_at(&args, 1) as u8;
    let (start, end) = (size_at(&args, 2), size_at(&args, 3));
    set_found(&mut rv, find_byte(bytes, byte, start, end, args.get(4).is_true()));
}

/// Where `byte` is, at `start` or beyond it in the direction of the search.
pub(super) fn find_byte(bytes: &[u8], byte: u8, start: usize, end: usize, forward: bool) -> Option<usize> {
    if forward {
        memchr::memchr(byte, part(bytes, start, end)).map(|index| index + start)
    } else {
        memchr::memrchr(byte, part(bytes, 0, end.min(start.saturating_add(1))))
    }
}

/// `indexOfBytes(view, needle, start, end, wide, forward)`: if `wide`, in units of two bytes.
pub(super) fn index_of_bytes<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let (Some(view), Some(needle)) = (view_at(&args, 0), view_at(&args, 1)) else { return };
    let (mut inline, mut inline_needle) = (INLINE, INLINE);
    let bytes = part(view.get_contents(&mut inline), 0, size_at(&args, 3));
    let needle = needle.get_contents(&mut inline_needle);
    let (wide, forward) = (args.get(4).is_true(), args.get(5).is_true());
    set_found(&mut rv, find(bytes, needle, size_at(&args, 2), wide, forward));
}

/// `indexOfString(view, string, start, end, encoding, forward)`
pub(super) fn index_of_string<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let (Some(view), Some(string)) = (view_at(&args, 0), string_at(&args, 1)) else { return };
    let mut inline = INLINE;
    let bytes = part(view.get_contents(&mut inline), 0, size_at(&args, 3));
    let start = size_at(&args, 2);
    let encoding = size_at(&args, 4);
    let forward = args.get(5).is_true();
    let text = ValueView::new(scope, string);
    set_found(&mut rv, find_text(bytes, text.data(), start, encoding, forward));
}

/// Where the bytes of `text` are, at `start` or beyond it in the direction of the search.
pub(super) fn find_text(
    bytes: &[u8],
    text: ValueViewData<'_>,
    start: usize,
    encoding: usize,
    forward: bool,
) -> Option<usize> {
    match (text, encoding) {
        (ValueViewData::OneByte(text), LATIN1) => find(bytes, text, start, false, forward),
        (ValueViewData::OneByte(text), UTF8) if text.is_ascii() => find(bytes, text, start, false, forward),
        (text, _) => find(bytes, &needle(&text, encoding), start, encoding > LATIN1, forward),
    }
}

fn set_found(rv: &mut Return<'_>, found: Option<usize>) {
    match found {
        None => rv.set_int32(-1),
        Some(index) => super::set_size(rv, index),
    }
}

/// The bytes of a string in the encoding of a search.
fn needle(text: &ValueViewData<'_>, encoding: usize) -> Vec<u8> {
    match (text, encoding) {
        (ValueViewData::OneByte(text), UTF8) => {
            let mut bytes = vec![0; text.len() * 2];
            let length = utf8_from_latin1(text, &mut bytes);
            bytes.truncate(length);
            bytes
        }
        (ValueViewData::TwoByte(text), UTF8) => {
            let mut bytes = vec![0; text.len() * 3];
            let length = utf8_from_utf16(text, &mut bytes);
            bytes.truncate(length);
            bytes
        }
        (ValueViewData::OneByte(text), LATIN1) => text.to_vec(),
        (ValueViewData::TwoByte(text), LATIN1) => text.iter().map(|unit| *unit as u8).collect(),
        (ValueViewData::OneByte(text), _) => text.iter().flat_map(|code| [*code, 0]).collect(),
        (ValueViewData::TwoByte(text), _) => text.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
    }
}

/// Where `needle` begins, at `start` or beyond it in the direction of the search.
pub(super) fn find(bytes: &[u8], needle: &[u8], start: usize, wide: bool, forward: bool) -> Option<usize> {
    if needle.len() > bytes.len() || (forward && start > bytes.len() - needle.len()) {
        return None;
    }
    if wide {
        return find_units(bytes, needle, start, forward);
    }
    if forward {
        memmem::find(&bytes[start..], needle).map(|index| index + start)
    } else {
        let end = start.saturating_add(needle.len()).min(bytes.len());
        memmem::rfind(&bytes[..end], needle)
    }
}

/// The same in units of two bytes: an odd last byte does not count, nor does half a unit of `start`.
fn find_units(bytes: &[u8], needle: &[u8], start: usize, forward: bool) -> Option<usize> {
    let needle = &needle[..needle.len() & !1];
    let bytes = &bytes[..bytes.len() & !1];
    if needle.is_empty() {
        return None;
    }
    let start = start & !1;
    if forward {
        let finder = memmem::Finder::new(needle);
        let mut from = start;
        loop {
            let index = from + finder.find(bytes.get(from..)?)?;
            if index.is_multiple_of(2) {
                return Some(index);
            }
            from = index + 1;
        }
    }
    let finder = memmem::FinderRev::new(needle);
    let mut end = start.saturating_add(needle.len()).min(bytes.len());
    loop {
        let index = finder.rfind(&bytes[..end])?;
        if index.is_multiple_of(2) {
            return Some(index);
        }
        end = index + needle.len() - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn both_directions_begin_at_start() {
        assert_eq!(find(b"abcabc", b"bc", 0, false, true), Some(1));
        assert_eq!(find(b"abcabc", b"bc", 2, false, true), Some(4));
        assert_eq!(find(b"abcabc", b"bc", 5, false, true), None);
        assert_eq!(find(b"abcabc", b"bc", 99, false, false), Some(4));
        assert_eq!(find(b"abcabc", b"bc", 3, false, false), Some(1));
        assert_eq!(find(b"abcabc", b"bc", 0, false, false), None);
    }

    #[test]
    fn units_lie_at_even_positions() {
        assert_eq!(find(b"\0a\0a\0a", b"a\0", 0, true, true), None);
        assert_eq!(find(b"a\0b\0b\0", b"b\0", 3, true, true), Some(2));
        assert_eq!(find(b"a\0b\0b\0x", b"b\0", 99, true, false), Some(4));
    }
}
