//! Percent-encoding with the sets of the URL standard.

/// The bytes that a part of a URL has percent-encoded, among them all that are not ASCII.
pub(super) struct Set([bool; 256]);

impl Set {
    /// Control characters and what is not ASCII.
    const CONTROLS: Set = {
        let mut table = [true; 256];
        let mut i = 0x20;
        while i < 0x7f {
            table[i] = false;
            i += 1;
        }
        Set(table)
    };

    const fn with(&self, also: &[u8]) -> Set {
        let mut table = self.0;
        let mut i = 0;
        while i < also.len() {
            table[also[i] as usize] = true;
            i += 1;
        }
        Set(table)
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// The C0 control percent-encode set, for opaque paths and hosts.
pub(super) static CONTROL: Set = Set::CONTROLS;
/// The fragment percent-encode set.
pub(super) static FRAGMENT: Set = Set::CONTROLS.with(b" \"<>`");
/// The query percent-encode set.
pub(super) static QUERY: Set = Set::CONTROLS.with(b" \"#<>");
/// The special-query percent-encode set.
pub(super) static SPECIAL_QUERY: Set = QUERY.with(b"'");
/// The path percent-encode set.
pub(super) static PATH: Set = QUERY.with(b"?^`{}");
/// The userinfo percent-encode set.
pub(super) static USERINFO: Set = PATH.with(b"/:;=@[\\]|");

/// Bytes of a path that are encoded or may mean something: a dot segment, a separator.
pub(super) static PATH_CARE: Set = PATH.with(b".%\\");

/// Appends `input`, whose bytes in `set` are percent-encoded.
pub(super) fn append(output: &mut String, input: &str, set: &Set) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = input;
    while let Some(clean) = rest.bytes().position(|byte| set.contains(byte)) {
        // What is not in a set is ASCII, so a run of it ends between characters.
        let (run, encoded) = rest.split_at(clean);
        output.push_str(run);
        let length = encoded.chars().next().map_or(1, char::len_utf8);
        for &byte in &encoded.as_bytes()[..length] {
            output.push('%');
            output.push(HEX[usize::from(byte >> 4)] as char);
            output.push(HEX[usize::from(byte & 15)] as char);
        }
        rest = &encoded[length..];
    }
    output.push_str(rest);
}

/// Decodes percent-encoded bytes; what is no such sequence stays.
pub(super) fn decode(input: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(input.len());
    let mut rest = input;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail) {
            (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                output.push(hex(*high) << 4 | hex(*low));
                rest = tail;
            }
            _ => output.push(byte),
        }
    }
    output
}

fn hex(digit: u8) -> u8 {
    (digit as char).to_digit(16).unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_set_is_encoded() {
        let mut output = String::new();
        append(&mut output, "a b\u{e9}%20", &PATH);
        assert_eq!(output, "a%20b%C3%A9%20");
    }

    #[test]
    fn broken_sequences_stay() {
        assert_eq!(decode(b"%41%4%zz%e9"), b"A%4%zz\xe9");
    }
}
