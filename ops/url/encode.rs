//! Percent-encoding with the sets of the URL standard.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

/// The C0 control percent-encode set, for opaque paths and hosts.
pub(super) const CONTROL: &AsciiSet = CONTROLS;
/// The fragment percent-encode set.
pub(super) const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
/// The query percent-encode set.
pub(super) const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
/// The special-query percent-encode set.
pub(super) const SPECIAL_QUERY: &AsciiSet = &QUERY.add(b'\'');
/// The path percent-encode set.
pub(super) const PATH: &AsciiSet = &QUERY.add(b'?').add(b'^').add(b'`').add(b'{').add(b'}');
/// The userinfo percent-encode set.
pub(super) const USERINFO: &AsciiSet =
    &PATH.add(b'/').add(b':').add(b';').add(b'=').add(b'@').add(b'[').add(b'\\').add(b']').add(b'|');

/// Whether a byte of a path is encoded or may mean something: a dot segment, a separator.
pub(super) fn needs_care_in_path(byte: u8) -> bool {
    !matches!(byte, b'!' | b'$' | b'&'..=b'-' | b'/'..=b';' | b'=' | b'@'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'|' | b'~')
}

/// Appends `input`, whose bytes in `set` are percent-encoded.
pub(super) fn append(output: &mut String, input: &str, set: &'static AsciiSet) {
    output.extend(utf8_percent_encode(input, set));
}

/// Decodes percent-encoded bytes; what is no such sequence stays.
pub(super) fn decode(input: &[u8]) -> Cow<'_, [u8]> {
    percent_decode(input).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_encode;

    #[test]
    fn only_the_set_is_encoded() {
        let mut output = String::new();
        append(&mut output, "a b\u{e9}%20", PATH);
        assert_eq!(output, "a%20b%C3%A9%20");
    }

    #[test]
    fn broken_sequences_stay() {
        assert_eq!(*decode(b"%41%4%zz%e9"), *b"A%4%zz\xe9");
    }

    #[test]
    fn what_needs_no_care_is_not_encoded() {
        for byte in 0..=255u8 {
            let text = [byte];
            let plain = !matches!(byte, b'.' | b'%' | b'\\')
                && percent_encode(&text, PATH).eq([std::str::from_utf8(&text).unwrap_or("")]);
            assert_eq!(needs_care_in_path(byte), !plain, "{byte:#x}");
        }
    }
}
