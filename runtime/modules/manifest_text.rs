//! The text of a package.json as Node's parser takes it: strings, brackets, colons and commas have to be where an
//! object needs them, the members of objects inside are not looked at, and words are not read at all. So packages
//! with mistakes in what nobody asks for can be used.

use std::str;

/// That a text is no such object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake;

/// A member of the object.
pub(super) struct Member<'t> {
    /// Its name as it is written.
    pub(super) name: &'t [u8],
    /// Its value as it is written.
    pub(super) value: Value<'t>,
}

/// A value that was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'t> {
    /// A string, with its quotes.
    String(&'t str),
    /// An object or an array; there may be mistakes inside.
    Composite(&'t str),
    /// An object whose first name has no colon.
    Broken,
    /// A number, or a word that begins like `true`, `false` or `null`.
    Word,
    /// Nothing that a value could begin with.
    Unknown,
}

impl Value<'_> {
    /// The string that this is.
    pub(super) fn string(&self) -> Option<String> {
        match self {
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        }
    }
}

/// The members of an object, in their order.
pub(super) struct Members<'t> {
    text: &'t str,
    /// Where brackets, colons, commas, strings and words begin.
    tokens: Vec<u32>,
    next: usize,
    is_first: bool,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',')
}

/// Where the string that begins at `start` ends: behind its last quote.
fn end_of_string(bytes: &[u8], start: usize) -> Result<usize, Mistake> {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None | Some(..b' ') => return Err(Mistake),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') if bytes.get(at + 1).is_some_and(|escaped| *escaped >= b' ') => at += 2,
            Some(b'\\') => return Err(Mistake),
            Some(_) => at += 1,
        }
    }
}

/// Where the tokens of a text begin.
fn tokens(bytes: &[u8]) -> Result<Vec<u32>, Mistake> {
    let mut tokens = Vec::with_capacity(bytes.len() / 8);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if is_space(byte) {
            at += 1;
            continue;
        }
        tokens.push(at as u32);
        if byte == b'"' {
            at = end_of_string(bytes, at)?;
        } else if is_mark(byte) {
            at += 1;
        } else {
            at = end_of_word(bytes, at)?;
        }
    }
    Ok(tokens)
}

/// Where a word ends. A string that begins within it belongs to it.
fn end_of_word(bytes: &[u8], start: usize) -> Result<usize, Mistake> {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return end_of_string(bytes, at),
            b'\\' => at += 2,
            _ if is_space(byte) || is_mark(byte) => break,
            _ => at += 1,
        }
    }
    Ok(at)
}

impl<'t> Members<'t> {
    /// The members of the object that `bytes` are.
    pub(super) fn of(bytes: &'t [u8]) -> Result<Members<'t>, Mistake> {
        let text = str::from_utf8(bytes).map_err(|_| Mistake)?;
        let tokens = tokens(bytes)?;
        let members = Members { text, tokens, next: 1, is_first: true };
        let is_object = members.byte(0) == b'{' && members.byte(members.tokens.len().wrapping_sub(1)) == b'}';
        if is_object { Ok(members) } else { Err(Mistake) }
    }

    /// What a token begins with; 0 where there is none.
    fn byte(&self, token: usize) -> u8 {
        self.tokens.get(token).map_or(0, |at| self.text.as_bytes()[*at as usize])
    }

    fn take(&mut self) -> u8 {
        self.next += 1;
        self.byte(self.next - 1)
    }

    fn start(&self, token: usize) -> usize {
        self.tokens.get(token).map_or(self.text.len(), |at| *at as usize)
    }

    fn member(&mut self) -> Result<Member<'t>, Mistake> {
        let start = self.start(self.next);
        if self.take() != b'"' {
            return Err(Mistake);
        }
        let end = end_of_string(self.text.as_bytes(), start)?;
        let name = &self.text.as_bytes()[start + 1..end - 1];
        if self.take() != b':' {
            return Err(Mistake);
        }
        Ok(Member { name, value: self.value()? })
    }

    fn value(&mut self) -> Result<Value<'t>, Mistake> {
        let start = self.start(self.next);
        match self.take() {
            b'"' => {
                let end = end_of_string(self.text.as_bytes(), start)?;
                Ok(Value::String(&self.text[start..end]))
            }
            mark @ (b'{' | b'[') => {
                let is_broken =
                    mark == b'{' && self.byte(self.next) == b'"' && self.byte(self.next + 1) != b':';
                self.close()?;
                let end = self.start(self.next - 1) + 1;
                Ok(if is_broken { Value::Broken } else { Value::Composite(&self.text[start..end]) })
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Ok(Value::Word),
            _ => Ok(Value::Unknown),
        }
    }

    /// Goes behind the bracket, of either kind, that closes the one before.
    fn close(&mut self) -> Result<(), Mistake> {
        let mut depth = 1;
        while self.next < self.tokens.len() {
            match self.take() {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(Mistake)
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Result<Member<'t>, Mistake>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        if is_first && self.byte(self.next) != b'}' {
            return Some(self.member());
        }
        match self.take() {
            b'}' => None,
            b',' if !is_first => Some(self.member()),
            _ => Some(Err(Mistake)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Members, Mistake, Value};

    fn read(text: &str) -> Result<Vec<(&str, Value<'_>)>, Mistake> {
        let members = Members::of(text.as_bytes())?;
        members
            .map(|member| member.map(|member| (std::str::from_utf8(member.name).unwrap(), member.value)))
            .collect()
    }

    #[test]
    fn values_are_not_read() {
        let text = r#" { "a" : "\"b\\" , "c": {"d": [1,}] , "\u0066":nul,"g":-,"h":x,"i":{"j" 1}} more } "#;
        let members = vec![
            ("a", Value::String(r#""\"b\\""#)),
            ("c", Value::Composite(r#"{"d": [1,}]"#)),
            (r"\u0066", Value::Word),
            ("g", Value::Word),
            ("h", Value::Unknown),
            ("i", Value::Broken),
        ];
        assert_eq!(read(text), Ok(members));
        assert_eq!(read("{}"), Ok(Vec::new()));
        assert_eq!(read("{}}"), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_are_found() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[]",
            "5",
            "{,}",
            "{5:1}",
            r#"{"a"}"#,
            r#"{"a" 1}"#,
            r#"{"a":}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":1,}"#,
            r#"{"a":1,,}"#,
            r#"{"a":[}"#,
            r#"{"a":"b}"#,
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\\n\"}",
            r#"{"a":1} b"#,
            r#"{"a":"b":"c"}"#,
        ] {
            assert_eq!(read(text), Err(Mistake), "{text}");
        }
        assert!(Members::of(b"{\"a\":\"\xff\"}").is_err());
    }
}
