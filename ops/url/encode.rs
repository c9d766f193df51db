//! Percent-encoding with the sets of the URL standard.

/// ASCII bytes that a part of a URL has percent-encoded. All others have them, too.
pub(super) struct Set([bool; 128]);

impl Set {
    /// What is encoded: control characters and `also`.
    const fn controls_and(also: &[u8]) -> Set {
        Set::CONTROLS.with(also)
    }

    const fn with(&self, also: &[u8]) -> Set {
        let mut table = self.0;
        let mut i = 0;
        while i < also.len() {
            table[also[i] as usize] = true;
            i += 1;
        }
        Set(table)
    }

    const CONTROLS: Set = {
        let mut table = [false; 128];
        let mut i = 0;
        while i < 0x20 {
            table[i] = true;
            i += 1;
        }
        table[0x7f] = true;
        Set(table)
    };

    fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or(true)
    }
}

/// The C0 control percent-encode set, for opaque paths and hosts.
pub(super) static CONTROL: Set = Set::CONTROLS;
/// The fragment percent-encode set.
pub(super) static FRAGMENT: Set = Set::controls_and(b" \"<>`");
/// The query percent-encode set.
pub(super) static QUERY: Set = Set::controls_and(b" \"#<>");
/// The special-query percent-encode set.
pub(super) static SPECIAL_QUERY: Set = QUERY.with(b"'");
/// The path percent-encode set.
pub(super) static PATH: Set = QUERY.with(b"?^`{}");
/// The userinfo percent-encode set.
pub(super) static USERINFO: Set = PATH.with(b"/:;=@[\\]|");

/// Appends `input`, whose bytes in `set` are percent-encoded.
pub(super) fn append(output: &mut String, input: &str, set: &Set) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let bytes = input.as_bytes();
    let mut copied = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if set.contains(byte) {
            // What is not encoded is ASCII, so a run of it begins and ends between characters.
            if copied < i {
                output.push_str(&input[copied..i]);
            }
            output.push('%');
            output.push(HEX[usize::from(byte >> 4)] as char);
            output.push(HEX[usize::from(byte & 15)] as char);
            copied = i + 1;
        }
    }
    if copied < bytes.len() {
        output.push_str(&input[copied..]);
    }
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
