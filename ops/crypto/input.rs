//! What goes in and out: bytes of a string or of a buffer, results as buffers or as text.

use v8::{ValueView, ValueViewData, simdutf};

use super::{Args, Return, Scope};
use crate::bind::buffer::{base64_encode, base64_length, with_bytes};
use crate::buffer::{encoded, latin1, utf8_from_latin1, utf8_from_utf16};

/// Text up to this length is converted on the stack.
const SHORT: usize = 512;

/// Lends the bytes of a string, in UTF-8, or those of a buffer or a view of one.
pub(super) fn with_input<R>(
    scope: &mut Scope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    read: impl FnOnce(&[u8]) -> R,
) -> R {
    let Ok(text) = v8::Local::<v8::String>::try_from(value) else { return with_bytes(value, read) };
    match ValueView::new(scope, text).data() {
        ValueViewData::OneByte(text) if simdutf::validate_ascii(text) => read(text),
        ValueViewData::OneByte(text) => converted(2 * text.len(), |room| utf8_from_latin1(text, room), read),
        ValueViewData::TwoByte(text) => converted(3 * text.len(), |room| utf8_from_utf16(text, room), read),
    }
}

fn converted<R>(length: usize, write: impl FnOnce(&mut [u8]) -> usize, read: impl FnOnce(&[u8]) -> R) -> R {
    if length <= SHORT {
        let mut room = [0; SHORT];
        let written = write(&mut room);
        return read(&room[..written]);
    }
    let mut room = vec![0; length];
    let written = write(&mut room);
    read(&room[..written])
}

/// In what form JavaScript wants a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A `Uint8Array`.
    Bytes,
    Hex,
    Base64,
    Base64Url,
    /// A string with a character for each byte.
    Latin1,
}

impl Encoding {
    /// The argument at `index`: the number of an encoding.
    pub(super) fn at(args: &Args<'_>, index: i32) -> Self {
        match super::size_at(args, index) {
            1 => Encoding::Hex,
            2 => Encoding::Base64,
            3 => Encoding::Base64Url,
            4 => Encoding::Latin1,
            _ => Encoding::Bytes,
        }
    }
}

/// Returns `bytes` in a form. As bytes they are an `ArrayBuffer`.
pub(super) fn output<'s>(scope: &mut Scope<'s, '_>, bytes: &[u8], encoding: Encoding, mut rv: Return<'s>) {
    let text = match encoding {
        Encoding::Bytes => {
            let store = v8::ArrayBuffer::new_backing_store_from_vec(bytes.to_vec()).make_shared();
            rv.set(v8::ArrayBuffer::with_backing_store(scope, &store).into());
            return;
        }
        Encoding::Hex => encoded(scope, 2 * bytes.len(), |room| {
            faster_hex::hex_encode(bytes, room).map_or(0, |digits| digits.len())
        }),
        Encoding::Base64 | Encoding::Base64Url => {
            let url = encoding == Encoding::Base64Url;
            encoded(scope, base64_length(bytes.len(), url), |room| base64_encode(bytes, room, url))
        }
        Encoding::Latin1 => latin1(scope, bytes),
    };
    match text {
        Some(text) => rv.set(text.into()),
        None => {
            let error = crate::bind::error::string_too_long(scope);
            scope.throw_exception(error);
        }
    }
}
