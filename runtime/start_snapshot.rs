//! The start-up snapshots of release builds. There are two: a small one, and one in which what programs of many modules
//! need is loaded. V8 shares a part of the heap among the isolates of a process, so that a process has one of them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::OnceLock;

use crate::Source;

/// What Ironode starts from, and what V8 has compiled for it.
#[cfg(not(debug_assertions))]
struct Snapshot {
    blob: &'static [u8],
    /// Stands for it: what V8 makes of a text holds only for the snapshot that it was made with.
    tag: u32,
    /// The compiled form of the files of the JavaScript layer that are not in it.
    code: &'static [u8],
    /// Where that of each file begins in `code` and its size, in the order of [`ironode_js::TEXTS`].
    index: &'static [(usize, usize)],
}

/// Bytes that begin where V8 wants them to.
#[cfg(not(debug_assertions))]
#[repr(C, align(8))]
struct Aligned<T: ?Sized>(T);

/// What the build script has left under that name.
#[cfg(not(debug_assertions))]
macro_rules! snapshot {
    ($name:literal) => {{
        static CODE: &Aligned<[u8]> =
            &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".code")));
        Snapshot {
            blob: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".snapshot")),
            tag: include!(concat!(env!("OUT_DIR"), "/", $name, "_tag.rs")),
            code: &CODE.0,
            index: include!(concat!(env!("OUT_DIR"), "/", $name, "_code.rs")),
        }
    }};
}

#[cfg(not(debug_assertions))]
static SMALL: Snapshot = snapshot!("small");

#[cfg(not(debug_assertions))]
static LARGE: Snapshot = snapshot!("large");

/// Whether the process has chosen the large one.
static IS_LARGE: OnceLock<bool> = OnceLock::new();

/// Chooses for the process, where nobody has done so before.
pub(crate) fn choose(is_large: bool) {
    IS_LARGE.get_or_init(|| is_large);
}

#[cfg(not(debug_assertions))]
fn chosen() -> &'static Snapshot {
    if *IS_LARGE.get_or_init(|| false) { &LARGE } else { &SMALL }
}

/// The snapshot to start from; debug builds have none.
#[cfg(not(debug_assertions))]
pub(crate) fn blob() -> Option<&'static [u8]> {
    Some(chosen().blob)
}

#[cfg(debug_assertions)]
pub(crate) fn blob() -> Option<&'static [u8]> {
    None
}

/// Stands for the snapshot.
pub(crate) fn build_tag() -> u32 {
    #[cfg(not(debug_assertions))]
    return chosen().tag;
    #[cfg(debug_assertions)]
    0
}

/// What V8 has made of the file at `position` when Ironode was built.
#[cfg(not(debug_assertions))]
pub(crate) fn code_at(position: usize) -> Option<&'static [u8]> {
    let Snapshot { code, index, .. } = chosen();
    let (begin, size) = *index.get(position)?;
    code.get(begin..begin + size).filter(|code| !code.is_empty())
}

/// A longer text is that of a large program, whatever it says.
const LONGEST: usize = 64 << 10;

/// Modules that the large snapshot does not help: what they need is in the small one, or in neither. `vm` is not among
/// them: what programs keep of compiled code goes with the snapshot, so that all that keep some have the same.
const LIGHT: &[&str] = &[
    "assert",
    "buffer",
    "child_process",
    "console",
    "constants",
    "events",
    "module",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "string_decoder",
    "timers",
    "timers/promises",
    "v8",
    "worker_threads",
];

/// Whether a program will need what the large snapshot has, by what its text asks for.
pub(crate) fn helps(source: &Source) -> bool {
    match source {
        Source::File(file) => match fs::metadata(file) {
            // What is no plain file can be read once only.
            Ok(found) => found.is_dir() || (found.is_file() && read(file).is_ok_and(|text| is_large(&text))),
            // It lacks its extension.
            Err(_) => true,
        },
        Source::Eval { text, .. } | Source::Module(text) => is_large(text.as_bytes()),
        Source::Stdin { .. }
        | Source::Repl { .. }
        | Source::Check(_)
        | Source::Embedder
        | Source::Application
        | Source::Snapshot(_)
        | Source::Worker => false,
    }
}

/// The beginning of a file, to one byte more than `LONGEST`.
fn read(file: &str) -> io::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(4 << 10);
    File::open(file)?.take(LONGEST as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// Whether a text asks for more than light modules, as far as can be seen without understanding it. What it asks for by
/// a name that it computes is heavy.
pub(crate) fn is_large(text: &[u8]) -> bool {
    let is_heavy = |name: &str| !LIGHT.contains(&name.strip_prefix("node:").unwrap_or(name));
    text.len() > LONGEST
        || after(text, b"require").any(|rest| {
            let rest = rest.strip_prefix(b".resolve").unwrap_or(rest);
            rest.strip_prefix(b"(").is_some_and(|rest| quoted(rest).is_none_or(is_heavy))
        })
        || after(text, b"import").chain(after(text, b"from")).any(|rest| {
            let rest = rest.trim_ascii_start();
            quoted(rest.strip_prefix(b"(").unwrap_or(rest)).is_some_and(is_heavy)
        })
}

/// What follows `word`, wherever it stands.
fn after<'t>(text: &'t [u8], word: &'static [u8]) -> impl Iterator<Item = &'t [u8]> {
    memchr::memmem::find_iter(text, word).map(move |at| &text[at + word.len()..])
}

/// The string that a text begins with.
fn quoted(text: &[u8]) -> Option<&str> {
    let (quote, rest) = text.trim_ascii_start().split_first()?;
    let end = matches!(quote, b'\'' | b'"' | b'`').then(|| memchr::memchr(*quote, rest))??;
    std::str::from_utf8(&rest[..end]).ok()
}

#[cfg(test)]
mod tests {
    use super::is_large;

    #[test]
    fn one_file_with_light_modules_is_small() {
        for text in [
            "console.log('hello')",
            "require('path'); const { fork } = require( \"node:child_process\" );",
            "import os from 'os'; export * from 'node:path'; import 'events';",
            "const required = 1; // what is required is important, from here",
        ] {
            assert!(!is_large(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn packages_files_and_heavy_modules_make_a_program_large() {
        for text in [
            "require('express')",
            "require(\"./lib/cli.js\")",
            "import http from 'node:http'",
            "await import('fs')",
            "import{a}from'./a.mjs'",
            "export * from './a.mjs'",
            "import './a.mjs'",
            "require(`fs`)",
            "require(name)",
            "require(require.resolve('./a'))",
            "require.resolve('express', { paths })",
        ] {
            assert!(is_large(text.as_bytes()), "{text}");
        }
        assert!(is_large(&[b' '; 70_000]));
    }
}
