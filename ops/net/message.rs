//! Messages of HTTP: a header and what comes behind it, in one write.

use v8::{ValueView, ValueViewData};

use super::output::{Encoding, Pieces};
use super::stream::Stream;
use crate::bind::handle::of;

const CONTENT_LENGTH: &[u8] = b"Content-Length: ";
const END_OF_HEADER: &[u8] = b"\r\n\r\n";

/// The most digits of a length.
const MOST_DIGITS: usize = 20;

/// `writeMessage(head, body, encoding, callback, tail)`: a string and what comes behind it, a string or a view or
/// nothing, in one write. `encoding` is that of the strings; where there is a tail, head and tail are Latin-1.
pub(super) fn write_message<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let (Some(stream), Ok(head)) =
        (of::<Stream>(args.this()), v8::Local::<v8::String>::try_from(args.get(0)))
    else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let encoding = Encoding::from_js(scope, args.get(2));
    let mut pieces = Pieces::new(&stream);
    let tail = v8::Local::<v8::String>::try_from(args.get(4)).ok();
    let frame = if tail.is_some() { Encoding::Latin1 } else { encoding };
    pieces.add_text(scope, head, frame);
    add_body(scope, &mut pieces, args.get(1), encoding);
    if let Some(tail) = tail {
        pieces.add_text(scope, tail, frame);
    }
    rv.set_int32(stream.write_pieces(scope, pieces, args.get(3)));
}

/// `writeResponse(start, fields, length, body, encoding, callback)`: a header that ends with `Content-Length`, in
/// two strings and that number, and its body as in `writeMessage`, in one write.
pub(super) fn write_response<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let (Some(stream), Ok(start), Ok(fields)) = (
        of::<Stream>(args.this()),
        v8::Local::<v8::String>::try_from(args.get(0)),
        v8::Local::<v8::String>::try_from(args.get(1)),
    ) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let encoding = Encoding::from_js(scope, args.get(4));
    let mut pieces = Pieces::new(&stream);
    pieces.add_text(scope, start, encoding);
    pieces.add_text(scope, fields, encoding);
    pieces.open.extend_from_slice(CONTENT_LENGTH);
    add_number(&mut pieces.open, args.get(2).integer_value(scope).unwrap_or(0).unsigned_abs());
    pieces.open.extend_from_slice(END_OF_HEADER);
    add_body(scope, &mut pieces, args.get(3), encoding);
    rv.set_int32(stream.write_pieces(scope, pieces, args.get(5)));
}

fn add_body(
    scope: &mut v8::PinScope<'_, '_>,
    pieces: &mut Pieces,
    body: v8::Local<'_, v8::Value>,
    encoding: Encoding,
) {
    if let Ok(text) = v8::Local::<v8::String>::try_from(body) {
        pieces.add_text(scope, text, encoding);
    } else if !body.is_undefined() {
        pieces.add(scope, body);
    }
}

/// Appends a number in decimal digits.
fn add_number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; MOST_DIGITS];
    let mut start = MOST_DIGITS;
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

impl Pieces {
    /// Nothing yet, with room of its stream's for small pieces.
    fn new(stream: &Stream) -> Pieces {
        Pieces { list: Vec::new(), open: stream.core.host().streams.take_output() }
    }

    fn add_text(
        &mut self,
        scope: &mut v8::PinScope<'_, '_>,
        text: v8::Local<'_, v8::String>,
        encoding: Encoding,
    ) {
        let view = ValueView::new(scope, text);
        match view.data() {
            ValueViewData::OneByte(bytes) if encoding != Encoding::Utf16 && bytes.is_ascii() => {
                self.open.extend_from_slice(bytes);
            }
            data => encoding.append(data, &mut self.open),
        }
    }
}
