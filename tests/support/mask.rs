//! Takes out of an output what differs between machines, between runs, and between Node's inner files and ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use regex_lite::Regex;

/// A stack frame inside Node, or a line that counts such frames: dropped, but not what closes the list of frames
/// (` {`, `]`, `,`, `)`).
static INNER_FRAME: LazyLock<Regex> = LazyLock::new(|| {
    let place = r"(?:node:[^\s(),\]]+|\[(?:eval|stdin)\]-wrapper:[\d:]+)";
    let frame = format!(r"at (?:(?:async )?{place}|.* \({place}\))");
    let count = r"\.\.\. \d+ lines matching cause stack trace \.\.\.";
    regex(&format!(r"^(?:\x1b\[90m)?\s*(?:{frame}|{count})(?:\x1b\[39m)?(?<rest>(?: \{{|\]|,|\))*)$"))
});

/// A function of the language, such as `JSON.parse`; it belongs to the frame below it.
static BUILTIN_FRAME: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*at .* \(<anonymous>\)$"));

/// The place of an error inside Node; the source line and the caret follow.
static INNER_PLACE: LazyLock<Regex> = LazyLock::new(|| regex(r"^node:\S+:\d+$"));

static CARET: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*\^+\s*$"));

static GENERAL: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    vec![
        (regex(r"\(node:\d+\)"), "(node:<pid>)"),
        (regex(r"(?m)^Node\.js v\d+\.\d+\.\d+\S*$"), "Node.js <version>"),
        (regex(r"(?m)^Date: .* GMT$"), "Date: <date>"),
    ]
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

/// The folders of a run and the masks of its description.
pub(crate) struct Mask {
    folders: Vec<(String, &'static str)>,
    own: Vec<(Regex, String)>,
}

impl Mask {
    /// `folders` are replaced in the order given, so a folder stands before those that hold it.
    pub(crate) fn new(folders: &[(&Path, &'static str)], own: &BTreeMap<String, String>) -> Mask {
        Mask {
            folders: folders.iter().map(|(path, name)| (path.display().to_string(), *name)).collect(),
            own: own.iter().map(|(pattern, text)| (regex(&format!("(?m){pattern}")), text.clone())).collect(),
        }
    }

    /// The comparable text of a stream. Bytes that are not UTF-8 become `\xNN`.
    pub(crate) fn apply(&self, bytes: &[u8]) -> String {
        let mut text = without_inner_places(&readable(bytes));
        for (folder, name) in &self.folders {
            text = text.replace(folder, name);
        }
        let general = GENERAL.iter().map(|(pattern, text)| (pattern, *text));
        for (pattern, replacement) in
            general.chain(self.own.iter().map(|(pattern, text)| (pattern, text.as_str())))
        {
            text = pattern.replace_all(&text, replacement).into_owned();
        }
        text
    }
}

fn readable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

fn without_inner_places(text: &str) -> String {
    let mut result: Vec<String> = Vec::new();
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        if let Some(found) = INNER_FRAME.captures(line) {
            while result.last().is_some_and(|last| BUILTIN_FRAME.is_match(last)) {
                result.pop();
            }
            if let Some(last) = result.last_mut() {
                last.push_str(&found["rest"]);
            }
        } else if INNER_PLACE.is_match(line) {
            result.push("<a place inside node:>".into());
            let _source = lines.next();
            if lines.peek().is_some_and(|next| CARET.is_match(next)) {
                lines.next();
            }
        } else {
            result.push(line.to_owned());
        }
    }
    result.join("\n")
}
