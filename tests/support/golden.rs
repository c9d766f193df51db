//! Golden files: what real Node printed, one file a description, one section a run.
//!
//! ```text
//! === natural
//! exit 0
//! --- stdout
//! hello
//! --- stderr
//! ```
//! A part that does not end in a line end closes with a line `\ no line end`; a line of a program's output that
//! begins with `===`, `---` or `\` has a `\` before it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Lines of each side that a diff is made of.
const LINES_SHOWN: usize = 400;

/// What a run printed, masked: the status and named parts in order.
pub(crate) struct Output {
    /// `exit 3` or `killed by SIGTERM`; empty when it does not matter.
    pub(crate) status: String,
    /// Name (`stdout`, `stderr`, a request, a file) and text.
    pub(crate) parts: Vec<(String, String)>,
}

impl Output {
    /// The output as the text that is stored and compared.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n", self.status);
        for (name, part) in &self.parts {
            let _ = writeln!(text, "--- {name}");
            for line in part.split_inclusive('\n') {
                if line.starts_with("===") || line.starts_with("---") || line.starts_with('\\') {
                    text.push('\\');
                }
                text.push_str(line);
            }
            if !part.is_empty() && !part.ends_with('\n') {
                text.push_str("\n\\ no line end\n");
            }
        }
        text
    }
}

/// The text of one run's section.
pub(crate) fn section(name: &str, text: &str) -> String {
    format!("=== {name}\n{text}")
}

/// The names of a golden file's sections.
pub(crate) fn names(file: &Path) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().filter_map(|line| line.strip_prefix("=== ")).map(str::to_owned).collect())
}

/// The recorded text of one run.
pub(crate) fn read(file: &Path, name: &str) -> Result<String, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut found: Option<String> = None;
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("=== "), &mut found) {
            (Some(_), Some(_)) => break,
            (Some(title), None) if title.trim_end() == name => found = Some(String::new()),
            (None, Some(section)) => section.push_str(line),
            _ => {}
        }
    }
    found.ok_or_else(|| format!("{} has no section `{name}`", file.display()))
}

/// Succeeds for equal texts; the error is a diff.
pub(crate) fn compare(expected: &str, actual: &str) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(diff(expected, actual)) }
}

/// A line diff: `-` is what Node prints, `+` what was printed. Only the first lines of long outputs are shown.
fn diff(expected: &str, actual: &str) -> String {
    let old: Vec<&str> = expected.lines().take(LINES_SHOWN).collect();
    let new: Vec<&str> = actual.lines().take(LINES_SHOWN).collect();
    let longest = common_lengths(&old, &new);
    let mut result = String::from("- as real Node prints\n+ as printed here\n");
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            let _ = writeln!(result, "  {}", old[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && longest[i + 1][j] >= longest[i][j + 1]) {
            let _ = writeln!(result, "- {}", old[i]);
            i += 1;
        } else {
            let _ = writeln!(result, "+ {}", new[j]);
            j += 1;
        }
    }
    result
}

/// `table[i][j]` is the length of the longest common subsequence of `old[i..]` and `new[j..]`.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] =
                if old[i] == new[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    table
}
