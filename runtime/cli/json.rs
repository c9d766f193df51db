//! JSON of settings, read field by field: what nobody asks for is passed over without a look at what it is. The
//! mistakes are those that Node's parser tells, in the same order.

/// What is wrong with a text as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Empty,
    NotUtf8,
    UnclosedString,
    UnescapedCharacters,
    Incomplete,
    IncorrectType,
    TrailingContent,
}

impl Fault {
    /// Its name and what it means.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Fault::Empty => "EMPTY: no JSON found",
            Fault::NotUtf8 => "UTF8_ERROR: The input is not valid UTF-8",
            Fault::UnclosedString => "UNCLOSED_STRING: A string is opened, but never closed.",
            Fault::UnescapedCharacters => {
                "UNESCAPED_CHARS: Within strings, some characters must be escaped, we found unescaped characters"
            }
            Fault::Incomplete => {
                "INCOMPLETE_ARRAY_OR_OBJECT: JSON document ended early in the middle of an object or array. This is \
                 a fatal and unrecoverable error."
            }
            Fault::IncorrectType => "INCORRECT_TYPE: The JSON element does not have the requested type.",
            Fault::TrailingContent => "TRAILING_CONTENT: Unexpected trailing content in the JSON input.",
        }
    }
}

/// What does not have the form that it should have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The fields of an object, one after another.
#[derive(Debug)]
pub(crate) struct Fields<'t> {
    text: &'t str,
    at: usize,
    is_first: bool,
}

/// Begins with the object that a text holds.
pub(crate) fn open(bytes: &[u8]) -> Result<Fields<'_>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::NotUtf8)?;
    check_strings(text)?;
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    let (Some(first), Some(last)) = (trimmed.chars().next(), trimmed.chars().next_back()) else {
        return Err(Fault::Empty);
    };
    match (first, last) {
        ('{', '}') => Ok(Fields { text, at: text.find('{').map_or(0, |at| at + 1), is_first: true }),
        ('{', _) => Err(Fault::Incomplete),
        ('[', last) if last != ']' && last != '}' => Err(Fault::Incomplete),
        _ => Err(Fault::IncorrectType),
    }
}

/// Strings are looked at before anything else.
fn check_strings(text: &str) -> Result<(), Fault> {
    let mut in_string = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            0..0x20 if in_string => return Err(Fault::UnescapedCharacters),
            _ => {}
        }
    }
    if in_string { Err(Fault::UnclosedString) } else { Ok(()) }
}

impl Fields<'_> {
    fn next_byte(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blank;
        rest.get(blank).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.next_byte() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// The name of the next field, whose value is read or passed over next; nothing at the end of the object.
    pub(crate) fn next_name(&mut self) -> Result<Option<String>, Malformed> {
        let is_first = std::mem::take(&mut self.is_first);
        if self.take(b'}') {
            return Ok(None);
        }
        if !is_first && !self.take(b',') {
            return Err(Malformed);
        }
        let name = self.string()?;
        if self.take(b':') { Ok(Some(name)) } else { Err(Malformed) }
    }

    /// Whether nothing follows the object.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        if self.next_byte().is_none() { Ok(()) } else { Err(Fault::TrailingContent) }
    }

    /// A string.
    pub(crate) fn string(&mut self) -> Result<String, Malformed> {
        if !self.take(b'"') {
            return Err(Malformed);
        }
        let begin = self.at - 1;
        let mut bytes = self.text.as_bytes()[self.at..].iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => break,
                b'\\' => {
                    bytes.next();
                }
                _ => {}
            }
        }
        self.at = self.text.len() - bytes.as_slice().len();
        serde_json::from_str(&self.text[begin..self.at]).map_err(|_| Malformed)
    }

    /// What is neither a string nor an array nor an object.
    fn word(&mut self) -> &str {
        self.next_byte();
        let begin = self.at;
        let is_inside =
            |byte: &u8| !matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"') && *byte > b' ';
        self.at += self.text.as_bytes()[begin..].iter().take_while(|byte| is_inside(byte)).count();
        &self.text[begin..self.at]
    }

    /// A boolean.
    pub(crate) fn boolean(&mut self) -> Result<bool, Malformed> {
        self.word().parse().map_err(|_| Malformed)
    }

    /// A number without sign and fraction.
    pub(crate) fn unsigned(&mut self) -> Result<u64, Malformed> {
        self.word().parse().map_err(|_| Malformed)
    }

    /// Whether an array comes next.
    pub(crate) fn is_array(&mut self) -> bool {
        self.next_byte() == Some(b'[')
    }

    /// Begins with the object that comes next: its fields follow, and after them those of the object around it.
    pub(crate) fn enter(&mut self) -> Result<(), Malformed> {
        if !self.take(b'{') {
            return Err(Malformed);
        }
        self.is_first = true;
        Ok(())
    }

    /// An array of strings.
    pub(crate) fn strings(&mut self) -> Result<Vec<String>, Malformed> {
        if !self.take(b'[') {
            return Err(Malformed);
        }
        let mut strings = Vec::new();
        while !self.take(b']') {
            if !strings.is_empty() && !self.take(b',') {
                return Err(Malformed);
            }
            strings.push(self.string()?);
        }
        Ok(strings)
    }

    /// An object whose values are strings.
    pub(crate) fn string_map(&mut self) -> Result<Vec<(String, String)>, Malformed> {
        self.enter()?;
        let mut pairs = Vec::new();
        while let Some(name) = self.next_name()? {
            pairs.push((name, self.string()?));
        }
        Ok(pairs)
    }

    /// Passes over a value.
    pub(crate) fn skip(&mut self) -> Result<(), Malformed> {
        let mut depth = 0_usize;
        loop {
            match self.next_byte().ok_or(Malformed)? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or(Malformed)?;
                    self.at += 1;
                }
                b',' | b':' => {
                    if depth == 0 {
                        return Err(Malformed);
                    }
                    self.at += 1;
                }
                _ => {
                    self.word();
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_one_by_one() {
        let text = br#" {"a": "x\u0041", "b": [1, {"c": tru}], "d":["p","q"], "e":{"f":"g"}, "h":true} "#;
        let mut fields = open(text).unwrap_or_else(|fault| panic!("{}", fault.text()));
        assert_eq!(fields.next_name(), Ok(Some("a".into())));
        assert_eq!(fields.string(), Ok("xA".into()));
        assert_eq!(fields.next_name(), Ok(Some("b".into())));
        assert_eq!(fields.skip(), Ok(()));
        assert_eq!(fields.next_name(), Ok(Some("d".into())));
        assert_eq!(fields.strings(), Ok(vec!["p".into(), "q".into()]));
        assert_eq!(fields.next_name(), Ok(Some("e".into())));
        assert_eq!(fields.string_map(), Ok(vec![("f".into(), "g".into())]));
        assert_eq!(fields.next_name(), Ok(Some("h".into())));
        assert_eq!(fields.boolean(), Ok(true));
        assert_eq!(fields.next_name(), Ok(None));
        assert_eq!(fields.end(), Ok(()));
    }

    #[test]
    fn a_text_that_is_no_object_is_told_so() {
        let fault = |text: &[u8]| open(text).err();
        assert_eq!(fault(b" "), Some(Fault::Empty));
        assert_eq!(fault(b"{\"a\""), Some(Fault::Incomplete));
        assert_eq!(fault(b"[]"), Some(Fault::IncorrectType));
        assert_eq!(fault(b"{\"a"), Some(Fault::UnclosedString));
        assert_eq!(fault(b"{\"a\n\"}"), Some(Fault::UnescapedCharacters));
        assert_eq!(fault(b"{\"\xff\"}"), Some(Fault::NotUtf8));
    }
}
