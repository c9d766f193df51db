//! What JavaScript gives: headers and chunks of data.

use v8::ValueView;

use crate::bind::convert::FromJs;
use crate::bind::view::View;
use crate::net::output::Encoding;
use crate::sys::nghttp2::Headers;

use super::outgoing::Chunk;

/// Headers as JavaScript has written them: see [`super::BINDING`].
pub(super) struct HeaderText {
    text: Vec<u8>,
    lengths: Vec<(usize, usize, bool)>,
}

impl HeaderText {
    /// Reads them; `None` where a name or a value has a NUL of its own.
    pub(super) fn read(
        scope: &mut v8::PinScope<'_, '_>,
        text: v8::Local<'_, v8::Value>,
        count: v8::Local<'_, v8::Value>,
    ) -> Option<HeaderText> {
        let count = u32::from_js(scope, count) as usize;
        let mut given = Vec::new();
        if let Ok(text) = v8::Local::<v8::String>::try_from(text) {
            let view = ValueView::new(scope, text);
            Encoding::Latin1.append(view.data(), &mut given);
        }
        HeaderText::split(&given, count)
    }

    fn split(given: &[u8], count: usize) -> Option<HeaderText> {
        let mut text = Vec::with_capacity(given.len());
        let mut lengths = Vec::with_capacity(count.min(given.len()));
        let mut rest = given;
        while !rest.is_empty() {
            let name = &rest[..memchr::memchr(0, rest)?];
            rest = &rest[name.len() + 1..];
            let value = &rest[..memchr::memchr(0, rest)?];
            let (flag, behind) = rest[value.len() + 1..].split_first()?;
            rest = behind;
            text.extend_from_slice(name);
            text.extend_from_slice(value);
            lengths.push((name.len(), value.len(), *flag == b'1'));
        }
        (lengths.len() == count).then_some(HeaderText { text, lengths })
    }

    pub(super) fn headers(&self) -> Headers<'_> {
        Headers { text: &self.text, lengths: &self.lengths }
    }
}

/// A chunk of data: a view, or a string with the number of its encoding.
pub(super) fn chunk(
    scope: &mut v8::PinScope<'_, '_>,
    data: v8::Local<'_, v8::Value>,
    encoding: v8::Local<'_, v8::Value>,
) -> Chunk {
    let Ok(text) = v8::Local::<v8::String>::try_from(data) else {
        return Chunk::View(View::from_js(scope, data));
    };
    let encoding = Encoding::from_js(scope, encoding);
    let mut bytes = Vec::new();
    let view = ValueView::new(scope, text);
    encoding.append(view.data(), &mut bytes);
    Chunk::Bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::HeaderText;

    #[test]
    fn headers_are_split_and_counted() {
        let headers = HeaderText::split(b":path\0/\x000a\0b\x001", 2).expect("two headers");
        assert_eq!(headers.text, b":path/ab");
        assert_eq!(headers.lengths, [(5, 1, false), (1, 1, true)]);
        assert!(HeaderText::split(b"a\0b\0x\0y\x000", 1).is_none());
        assert!(HeaderText::split(b"a\0b\0", 1).is_none());
        assert!(HeaderText::split(b"", 0).is_some());
    }
}
