//! What a program needs and how it is driven: `X.toml` beside `X.js`.
//!
//! ```toml
//! about = "what the program shows"
//! needs = ["http"]                      # Node's modules beyond the ground floor
//! packages = ["express@4.22.3"]         # npm packages, see `packages::find`; `["*"]` is all of them
//! args = ["--no-warnings", "{program}"] # this is the default without the flag
//! shell = "node - < in.js; echo $?"     # in place of args: a line for sh, with `node` in PATH
//! stdin = "text"                        # nothing (/dev/null) by default
//! env = { NAME = "value" }              # added to a small fixed environment
//! files = { "in.js" = "text" }          # written into the run's folder
//! copy = { "child.js" = "E06-forkedChild.js" } # the same, copied from beside the description
//! steps = [                             # done in order while the program runs
//!   { wait = "ready" },                 #   until stdout has this text (after the text waited for before)
//!   { request = "GET http://127.0.0.1:3000/" }, # its answer is part of the output; a list is sent at once
//!   { write = "line\n" }, { close = "stdin" },
//!   { alive = 300 },                    #   milliseconds during which the program must not end
//!   { shell = "kill -HUP {pid}" },
//!   { kill = "SIGINT" },
//! ]
//! show = ["out.txt"]                    # files that are part of the output
//! mask = { 'pid \d+' = "pid <n>" }      # regular expressions over each stream
//! ignore = ["stderr"]                   # streams (or "status") that may differ
//! sorted = true                         # compare stdout's lines sorted: processes write at the same time
//! alone = true                          # uses a fixed port: no other such program at the same time
//! seconds = 20                          # time limit
//!
//! [[run]]                               # optional: several runs, each with a name and its own fields;
//! name = "natural"                      # tables are merged with those above, everything else replaces them
//! ```
//!
//! A run has a folder of its own, its working directory, with a copy of the program in it. In arguments, shell
//! lines, environment and files `{program}`, `{folder}` and, in steps, `{pid}` stand for what they say. A program
//! without a description has the defaults.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{NOT_THERE_YET, file_name, list};

/// A program with the ways in which it is run.
pub(crate) struct Description {
    /// The file's name without its ending.
    pub(crate) id: String,
    /// The folder of the description.
    pub(crate) folder: PathBuf,
    /// The program beside the description, if there is one.
    pub(crate) program: Option<PathBuf>,
    /// At least one.
    pub(crate) runs: Vec<Run>,
}

/// One way to run a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) needs: Vec<String>,
    pub(crate) packages: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) shell: Option<String>,
    pub(crate) stdin: Option<String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) copy: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) show: Vec<String>,
    pub(crate) mask: BTreeMap<String, String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) sorted: bool,
    pub(crate) alone: bool,
    pub(crate) seconds: u64,
}

impl Default for Run {
    fn default() -> Self {
        Run {
            name: "run".into(),
            about: String::new(),
            needs: Vec::new(),
            packages: Vec::new(),
            args: vec!["{program}".into()],
            shell: None,
            stdin: None,
            env: BTreeMap::new(),
            files: BTreeMap::new(),
            copy: BTreeMap::new(),
            steps: Vec::new(),
            show: Vec::new(),
            mask: BTreeMap::new(),
            ignore: Vec::new(),
            sorted: false,
            alone: false,
            seconds: 20,
        }
    }
}

/// Something done to a running program.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Step {
    Wait(String),
    Request(Requests),
    Write(String),
    Close(String),
    Alive(u64),
    Shell(String),
    Kill(String),
}

/// One request, or several sent at once.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Requests {
    One(String),
    Together(Vec<String>),
}

impl Requests {
    /// The requests' lines, in the order written.
    pub(crate) fn lines(&self) -> &[String] {
        match self {
            Requests::One(line) => std::slice::from_ref(line),
            Requests::Together(lines) => lines,
        }
    }
}

impl Run {
    /// The modules it needs which are not there yet.
    pub(crate) fn waits_for(&self) -> Vec<String> {
        self.needs.iter().filter(|it| NOT_THERE_YET.contains(&it.as_str())).cloned().collect()
    }
}

impl Description {
    /// Every program and every description without a program in a folder.
    pub(crate) fn read_folder(folder: &Path) -> Vec<Description> {
        let files = list(folder);
        let mut descriptions = Vec::new();
        for file in &files {
            let described = file.with_extension("toml");
            match file.extension().and_then(|it| it.to_str()) {
                Some("toml") => descriptions.push(Description::read(file, &files)),
                Some("js" | "mjs") if !files.contains(&described) => {
                    descriptions.push(Description::new(&described, Some(file.clone()), vec![Run::default()]));
                }
                _ => {}
            }
        }
        descriptions
    }

    fn read(file: &Path, siblings: &[PathBuf]) -> Description {
        let fail = |error: &dyn std::fmt::Display| -> ! { panic!("{}: {error}", file.display()) };
        let text = fs::read_to_string(file).unwrap_or_else(|error| fail(&error));
        let mut shared: Table = text.parse().unwrap_or_else(|error| fail(&error));
        let variants = match shared.remove("run") {
            None => vec![Value::Table(Table::new())],
            Some(Value::Array(variants)) => variants,
            Some(_) => fail(&"`run` is not a list"),
        };
        let runs = variants.into_iter().map(|variant| {
            let Value::Table(variant) = variant else { fail(&"a `run` is not a table") };
            merged(&shared, variant).try_into().unwrap_or_else(|error| fail(&error))
        });
        let program = siblings.iter().find(|it| *it != file && it.file_stem() == file.file_stem()).cloned();
        Description::new(file, program, runs.collect())
    }

    fn new(file: &Path, program: Option<PathBuf>, runs: Vec<Run>) -> Description {
        Description {
            id: file_name(&file.with_extension("")),
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            program,
            runs,
        }
    }

    /// A run's name in the list of trials.
    pub(crate) fn title(&self, run: &Run) -> String {
        if self.runs.len() == 1 { self.id.clone() } else { format!("{}::{}", self.id, run.name) }
    }

    /// The npm packages that its runs need.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &String> {
        self.runs.iter().flat_map(|run| &run.packages)
    }
}

/// A run's fields laid over the shared ones.
fn merged(shared: &Table, variant: Table) -> Table {
    let mut result = shared.clone();
    for (name, value) in variant {
        match (result.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => below.extend(above),
            (_, value) => {
                result.insert(name, value);
            }
        }
    }
    result
}
