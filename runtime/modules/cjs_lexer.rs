//! Which names a CommonJS file exports, as far as its text shows: the assignments that people write and the forms
//! that Babel, TypeScript and esbuild emit. The text is read once, without a syntax tree.

mod patterns;
mod scan;

use indexmap::IndexSet;
use std::collections::HashMap;

use scan::Scanner;

/// What was found in a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The exported names, each once, in the order of the text.
    pub(crate) exports: Vec<String>,
    /// The specifiers of modules whose exports are exported as well.
    pub(crate) reexports: Vec<String>,
}

/// Reads `source`.
pub(crate) fn parse(source: &[u8]) -> Found {
    let mut lexer = Lexer::new(source);
    lexer.run();
    let mut reexports = lexer.reexports;
    reexports.extend(lexer.assigned);
    Found { exports: lexer.exports.into_iter().collect(), reexports: reexports.into_iter().collect() }
}

/// What the last token means for a slash that follows it, and for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing or an operator: an expression follows.
    Operator,
    /// A dot: a property name follows.
    Dot,
    /// The end of an expression: an operator follows.
    Operand,
    /// A word that begins a statement's or an expression's head, such as `if` or `return`.
    Keyword,
}

/// An open bracket.
enum Open {
    /// `(`, and whether a statement follows its end, as in `if (…)`.
    Paren { is_head: bool },
    /// `{`, and whether it is a block rather than an object.
    Brace { is_block: bool },
    /// `[`.
    Bracket,
    /// `${` of a template.
    Template,
}

struct Lexer<'a> {
    scan: Scanner<'a>,
    last: Last,
    is_head: bool,
    open: Vec<Open>,
    exports: IndexSet<String>,
    reexports: IndexSet<String>,
    /// What the last `module.exports =` takes over.
    assigned: IndexSet<String>,
    /// Variables that hold required modules.
    required: HashMap<String, String>,
}

impl<'a> Lexer<'a> {
    fn new(source: &'a [u8]) -> Self {
        let mut scan = Scanner::new(source);
        scan.skip_hashbang();
        Lexer {
            scan,
            last: Last::Operator,
            is_head: false,
            open: Vec::new(),
            exports: IndexSet::new(),
            reexports: IndexSet::new(),
            assigned: IndexSet::new(),
            required: HashMap::new(),
        }
    }

    fn run(&mut self) {
        loop {
            self.scan.skip_space();
            let Some(byte) = self.scan.peek() else { return };
            if scan::is_word_start(byte) {
                self.word();
                continue;
            }
            match byte {
                b'"' | b'\'' => {
                    self.scan.skip_string(byte);
                    self.last = Last::Operand;
                }
                b'`' => {
                    self.scan.advance(1);
                    self.template();
                }
                b'0'..=b'9' => {
                    self.scan.skip_number();
                    self.last = Last::Operand;
                }
                b'/' if self.last == Last::Operand => self.operator(),
                b'/' => {
                    self.scan.skip_regular_expression();
                    self.last = Last::Operand;
                }
                b'(' | b'[' | b'{' => self.open(byte),
                b')' | b']' | b'}' => self.close(byte),
                b'.' if !self.scan.starts_with(b"...") => {
                    self.scan.advance(1);
                    self.last = Last::Dot;
                }
                b'.' => {
                    self.scan.advance(3);
                    self.last = Last::Operator;
                }
                // After an operand, `++` and `--` leave an operand.
                b'+' | b'-' if self.last == Last::Operand && self.scan.peek_at(1) == Some(byte) => {
                    self.scan.advance(2);
                }
                _ => self.operator(),
            }
        }
    }

    fn operator(&mut self) {
        self.scan.advance(1);
        self.last = Last::Operator;
    }

    fn open(&mut self, byte: u8) {
        self.scan.advance(1);
        self.open.push(match byte {
            b'(' => Open::Paren { is_head: self.is_head },
            b'[' => Open::Bracket,
            _ => Open::Brace { is_block: self.begins_block() },
        });
        self.is_head = false;
        self.last = Last::Operator;
    }

    /// Whether a `{` here begins a block: after `)`, `;`, `}`, `=>`, `else` and the like.
    fn begins_block(&self) -> bool {
        match self.last {
            Last::Operand => true,
            Last::Dot => false,
            Last::Keyword => !self.scan.ends_with_any(&[b"return", b"typeof", b"in", b"of", b"case"]),
            Last::Operator => {
                self.scan.last_visible().is_none_or(|byte| matches!(byte, b';' | b'{' | b'}' | b'>'))
            }
        }
    }

    fn close(&mut self, byte: u8) {
        self.scan.advance(1);
        self.last = match self.open.pop() {
            Some(Open::Template) if byte == b'}' => return self.template(),
            Some(Open::Paren { is_head: true } | Open::Brace { is_block: true }) => Last::Operator,
            _ => Last::Operand,
        };
    }

    /// Reads on in a template, up to its end or the next `${`.
    fn template(&mut self) {
        if self.scan.skip_template() {
            self.open.push(Open::Template);
            self.last = Last::Operator;
        } else {
            self.last = Last::Operand;
        }
    }

    fn word(&mut self) {
        let after_dot = self.last == Last::Dot;
        let word = self.scan.word();
        self.is_head = !after_dot && matches!(word, b"if" | b"while" | b"for" | b"with");
        self.last = if !after_dot && scan::is_keyword(word) { Last::Keyword } else { Last::Operand };
        if matches!(word, b"__export" | b"__exportStar") {
            self.attempt(Self::export_star);
        } else if after_dot {
            return;
        }
        match word {
            b"exports" => self.attempt(Self::member_assignment),
            b"module" => self.attempt(Self::module_exports),
            b"Object" => self.attempt(Self::object_call),
            b"var" | b"let" | b"const" => self.attempt(Self::required_variable),
            _ => {}
        }
    }

    /// Tries a pattern after a word; the text is read on as if it had not been looked at.
    fn attempt(&mut self, pattern: fn(&mut Self) -> Option<()>) {
        let start = self.scan.position();
        let _ = pattern(self);
        self.scan.go_back(start);
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(source: &str, exports: &[&str], reexports: &[&str]) {
        let found = parse(source.as_bytes());
        assert_eq!(found.exports, exports, "{source}");
        assert_eq!(found.reexports, reexports, "{source}");
    }

    #[test]
    fn assignments() {
        check("exports.a = 1; module.exports.b = 2; exports['c d'] = 3", &["a", "b", "c d"], &[]);
        check("exports.a = exports.b = void 0", &["a", "b"], &[]);
        check("x.exports.a = 1; exports.b; 'exports.c = 1'; /exports.d = 1/; `exports.e = 1`", &[], &[]);
        check("`${exports.a = 1}`; a / exports.b = 1 / c", &["a", "b"], &[]);
        check("if (x) /exports.a = 1/.test(y); exports.b = 1", &["b"], &[]);
    }

    #[test]
    fn literals() {
        check("module.exports = { a, 'b': c, ...require('d'), e }", &["a", "b", "e"], &["d"]);
        check("0 && (module.exports = { a, b });", &["a", "b"], &[]);
        check("module.exports = require('a'); module.exports = require('b')", &[], &["b"]);
    }

    #[test]
    fn definitions() {
        check("Object.defineProperty(exports, '__esModule', { value: true })", &["__esModule"], &[]);
        check(
            "Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return b.a; } });",
            &["a"],
            &[],
        );
        check("Object.defineProperty(exports, 'a', { enumerable: true, get() { return f(); } });", &[], &[]);
    }

    #[test]
    fn stars() {
        check(
            "__exportStar(require('a'), exports); tslib.__exportStar(require('b'), exports)",
            &[],
            &["a", "b"],
        );
        check(
            "var _x = _interopRequireWildcard(require('x')); Object.keys(_x).forEach(function (key) { \
             if (key === \"default\" || key === \"__esModule\") return; exports[key] = _x[key]; });",
            &[],
            &["x"],
        );
    }
}
