//! The notes' programs, and programs for what the notes claim, print what they print under real Node.

mod support;

use std::fs;

use libtest_mimic::{Arguments, Trial};
use support::{Suite, fixtures};

fn main() {
    let programs = &["fixtures/notes", "fixtures/programs/notes"];
    let suite = Suite { programs, golden: "notes", repeats: 1, repeats_recording: 3, packages: &[] };
    let mut trials = suite.trials();
    trials.extend(verbatim());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// One trial a program: it equals, byte for byte, the lines of the note that the manifest names.
fn verbatim() -> Vec<Trial> {
    let folder = fixtures().join("notes");
    let manifest = fs::read_to_string(folder.join("manifest.txt")).expect("fixtures/notes/manifest.txt");
    let trial = |line: &str| {
        let fields: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let [program, note, first, last] =
            fields.try_into().unwrap_or_else(|_| panic!("manifest.txt: {line}"));
        let folder = folder.clone();
        Trial::test(format!("verbatim::{program}"), move || {
            let note = fs::read(folder.join("source").join(note))?;
            let (first, last): (usize, usize) = (first.parse()?, last.parse()?);
            let lines: Vec<&[u8]> = note.split_inclusive(|byte| *byte == b'\n').collect();
            if fs::read(folder.join(&program))? == lines[first - 1..last].concat() {
                Ok(())
            } else {
                Err(format!("{program} differs from lines {first} to {last}").into())
            }
        })
    };
    manifest.lines().map(trial).collect()
}
