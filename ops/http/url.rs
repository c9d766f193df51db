//! The target of a request: which bytes it may have. It is not taken apart, only checked.

/// Where in the target the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Start,
    Scheme,
    /// After `:`, and after `:/`.
    Colon,
    Slash,
    /// The first byte of an authority, others, and those behind an `@`.
    AuthorityStart,
    Authority,
    AuthorityAt,
    Path,
    Query,
    FragmentStart,
    Fragment,
}

/// The state of reading a target.
#[derive(Clone, Copy, Default)]
pub(super) struct Url(Part);

/// How far the target goes.
pub(super) enum Outcome {
    /// All input is used.
    More,
    /// At the space or line end behind it.
    End,
    /// At a byte that cannot be there, or behind it if `is_past`.
    Invalid { reason: &'static str, is_past: bool },
}

/// Bytes of a path: what is printed but `#` and `?`.
const CHAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        table[byte] = byte != b'#' as usize && byte != b'?' as usize;
        byte += 1;
    }
    table
};

/// Bytes of an authority.
fn is_authority(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'_'
                | b'.'
                | b'!'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'%'
                | b';'
                | b':'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'['
                | b']'
        )
}

impl Url {
    /// A target that is an authority: CONNECT's.
    pub(super) fn authority() -> Url {
        Url(Part::AuthorityStart)
    }

    /// Reads on from `*at`.
    pub(super) fn read(&mut self, input: &[u8], at: &mut usize) -> Outcome {
        loop {
            if self.0 == Part::Path {
                let rest = &input[*at..];
                *at += rest.iter().position(|byte| !CHAR[usize::from(*byte)]).unwrap_or(rest.len());
            }
            let Some(&byte) = input.get(*at) else { return Outcome::More };
            // A single slash behind a scheme is followed by another one or by nothing that is looked at.
            let is_open = self.0 != Part::Slash;
            if is_open && matches!(byte, b' ' | b'\r' | b'\n') {
                let may_end = !matches!(self.0, Part::Start | Part::Scheme | Part::Colon);
                if may_end {
                    return Outcome::End;
                }
                return Outcome::Invalid { reason: "Invalid characters in url", is_past: true };
            }
            if is_open && matches!(byte, b'\t' | 0x0c) {
                return Outcome::Invalid { reason: "Invalid characters in url", is_past: true };
            }
            match self.0.after(byte) {
                Ok(part) => self.0 = part,
                Err(reason) => {
                    return Outcome::Invalid { reason, is_past: reason == DOUBLE_AT };
                }
            }
            *at += 1;
        }
    }
}

const DOUBLE_AT: &str = "Double @ in url";

impl Part {
    fn after(self, byte: u8) -> Result<Part, &'static str> {
        match (self, byte) {
            (Part::Start, b'/' | b'*') => Ok(Part::Path),
            (Part::Start, _) if byte.is_ascii_alphabetic() => Ok(Part::Scheme),
            (Part::Start, _) => Err("Unexpected start char in url"),
            (Part::Scheme, _) if byte.is_ascii_alphabetic() => Ok(Part::Scheme),
            (Part::Scheme, b':') => Ok(Part::Colon),
            (Part::Colon, b'/') => Ok(Part::Slash),
            (Part::Slash, b'/') => Ok(Part::AuthorityStart),
            (Part::Scheme | Part::Colon | Part::Slash, _) => Err("Unexpected char in url schema"),
            (Part::AuthorityStart | Part::Authority | Part::AuthorityAt, b'/') => Ok(Part::Path),
            (Part::AuthorityStart | Part::Authority | Part::AuthorityAt, b'?') => Ok(Part::Query),
            (Part::AuthorityAt, b'@') => Err(DOUBLE_AT),
            (Part::AuthorityStart | Part::Authority, b'@') => Ok(Part::AuthorityAt),
            (Part::AuthorityStart | Part::Authority | Part::AuthorityAt, _) if is_authority(byte) => {
                Ok(Part::Authority)
            }
            (Part::AuthorityStart | Part::Authority | Part::AuthorityAt, _) => {
                Err("Unexpected char in url server")
            }
            (Part::Path, b'?') => Ok(Part::Query),
            (Part::Path | Part::Query, b'#') => Ok(Part::FragmentStart),
            (Part::Path, _) if CHAR[usize::from(byte)] => Ok(Part::Path),
            (Part::Path, _) => Err("Invalid char in url path"),
            (Part::Query, _) if byte == b'?' || CHAR[usize::from(byte)] => Ok(Part::Query),
            (Part::Query, _) => Err("Invalid char in url query"),
            (Part::FragmentStart, b'?') => Ok(Part::Fragment),
            (Part::FragmentStart, b'#') => Ok(Part::FragmentStart),
            (Part::FragmentStart, _) if CHAR[usize::from(byte)] => Ok(Part::FragmentStart),
            (Part::FragmentStart, _) => Err("Invalid char in url fragment start"),
            (Part::Fragment, b'?' | b'#') => Ok(Part::Fragment),
            (Part::Fragment, _) if CHAR[usize::from(byte)] => Ok(Part::Fragment),
            (Part::Fragment, _) => Err("Invalid char in url fragment"),
        }
    }
}
