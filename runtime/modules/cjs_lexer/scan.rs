//! Steps through the text of a program without understanding it: words, strings, comments.

/// A place in a text.
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    /// The end of the last thing that was neither space nor comment.
    visible: usize,
}

/// Whether a word may begin with this byte; what is not ASCII may.
pub(super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'\\') || byte >= 0x80
}

fn is_word_part(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit()
}

/// Whether an expression or a statement follows this word.
pub(super) fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"await"
            | b"case"
            | b"delete"
            | b"do"
            | b"else"
            | b"extends"
            | b"finally"
            | b"in"
            | b"instanceof"
            | b"new"
            | b"of"
            | b"return"
            | b"throw"
            | b"try"
            | b"typeof"
            | b"void"
            | b"yield"
    )
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Scanner { text, at: 0, visible: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn go_back(&mut self, position: usize) {
        self.at = position;
        self.visible = position;
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, distance: usize) -> Option<u8> {
        self.text.get(self.at + distance).copied()
    }

    pub(super) fn starts_with(&self, prefix: &[u8]) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    /// Goes on by `count` bytes that are neither space nor comment.
    pub(super) fn advance(&mut self, count: usize) {
        self.at = (self.at + count).min(self.text.len());
        self.visible = self.at;
    }

    /// The last byte that was neither space nor comment.
    pub(super) fn last_visible(&self) -> Option<u8> {
        self.visible.checked_sub(1).map(|at| self.text[at])
    }

    /// Whether the last word is one of these.
    pub(super) fn ends_with_any(&self, words: &[&[u8]]) -> bool {
        words.iter().any(|word| self.text[..self.visible].ends_with(word))
    }

    pub(super) fn skip_hashbang(&mut self) {
        let text = self.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.text);
        self.text = text;
        if text.starts_with(b"#!") {
            self.skip_line();
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    }

    /// Skips space, line ends and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.peek_at(1) == Some(b'/') => self.skip_line(),
                b'/' if self.peek_at(1) == Some(b'*') => {
                    let rest = &self.text[self.at + 2..];
                    let end = rest.windows(2).position(|pair| pair == b"*/");
                    self.at = end.map_or(self.text.len(), |end| self.at + 2 + end + 2);
                }
                // A no-break space and a byte order mark.
                0xc2 if self.peek_at(1) == Some(0xa0) => self.at += 2,
                0xef if self.starts_with(b"\xef\xbb\xbf") => self.at += 3,
                _ => return,
            }
        }
    }

    /// The word that begins here; empty where none does.
    pub(super) fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        if self.peek().is_some_and(is_word_start) {
            let rest = &self.text[start..];
            let length = rest.iter().position(|byte| !is_word_part(*byte)).unwrap_or(rest.len());
            self.advance(length);
        }
        &self.text[start..self.at]
    }

    pub(super) fn skip_number(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|byte| !(is_word_part(*byte) || *byte == b'.')).unwrap_or(rest.len());
        self.advance(end);
    }

    /// Skips a string that begins here with `quote`; a line end ends a broken one.
    pub(super) fn skip_string(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' => break,
                _ if byte == quote => break,
                _ => {}
            }
        }
        self.at = self.at.min(self.text.len());
        self.visible = self.at;
    }

    /// Skips a template's text. Whether it ended with `${`.
    pub(super) fn skip_template(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.advance(2),
                b'`' => {
                    self.advance(1);
                    return false;
                }
                b'$' if self.peek_at(1) == Some(b'{') => {
                    self.advance(2);
                    return true;
                }
                _ => self.at += 1,
            }
        }
        self.visible = self.at;
        false
    }

    pub(super) fn skip_regular_expression(&mut self) {
        self.at += 1;
        let mut in_class = false;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                b'\n' => break,
                _ => {}
            }
        }
        self.at = self.at.min(self.text.len());
        self.visible = self.at;
        self.word();
    }

    /// Takes `token` after space; whether it was there.
    pub(super) fn take(&mut self, token: &[u8]) -> bool {
        self.skip_space();
        let is_there = self.starts_with(token)
            && !(token.last().is_some_and(|byte| is_word_part(*byte))
                && self.peek_at(token.len()).is_some_and(is_word_part));
        if is_there {
            self.advance(token.len());
        }
        is_there
    }

    /// Takes a word after space.
    pub(super) fn take_word(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let word = self.word();
        (!word.is_empty()).then_some(word)
    }

    /// Takes a string after space: its value, where it is well formed and no lone surrogate is in it.
    pub(super) fn take_string(&mut self) -> Option<String> {
        self.skip_space();
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let start = self.at + 1;
        self.skip_string(quote);
        let body = self.text.get(start..self.at.checked_sub(1)?)?;
        if self.text[self.at - 1] != quote {
            return None;
        }
        let body = std::str::from_utf8(body).ok()?;
        if body.contains('\\') { unescape(body) } else { Some(body.to_owned()) }
    }
}

/// The value of a string's text with its escapes.
fn unescape(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut buffer = [0; 2];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        let escaped = chars.next()?;
        let code = match escaped {
            'n' => 10,
            't' => 9,
            'r' => 13,
            'b' => 8,
            'f' => 12,
            'v' => 11,
            '0' if !chars.peek().is_some_and(char::is_ascii_digit) => 0,
            'x' => hex(&mut chars, 2)?,
            'u' if chars.peek() == Some(&'{') => {
                chars.next();
                let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
                u32::from_str_radix(&digits, 16).ok()?
            }
            'u' => hex(&mut chars, 4)?,
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                continue;
            }
            '\n' | '\u{2028}' | '\u{2029}' => continue,
            other => u32::from(other),
        };
        match u16::try_from(code) {
            Ok(unit) => units.push(unit),
            Err(_) => units.extend_from_slice(char::from_u32(code)?.encode_utf16(&mut buffer)),
        }
    }
    String::from_utf16(&units).ok()
}

fn hex(chars: &mut impl Iterator<Item = char>, count: usize) -> Option<u32> {
    let digits: String = chars.take(count).collect();
    if digits.len() == count { u32::from_str_radix(&digits, 16).ok() } else { None }
}
