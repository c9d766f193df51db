//! What the suites compared with real Node share: a folder of programs, a description beside each, golden
//! output, masks, and a driver with a hard time limit.
//!
//! Two variables change what a suite does:
//! - `IRONODE_UNDER_TEST=/path/to/node` runs that binary in place of Ironode;
//! - `IRONODE_RECORD=1` writes the golden output instead of comparing (`scripts/record-golden` sets both).
//!
//! A third one, `IRONODE_TEST_PACKAGES`, installs the npm packages that some programs need (see [`packages`]).

#![allow(dead_code, reason = "each test binary uses a part of these helpers")]

pub(crate) mod description;
pub(crate) mod drive;
pub(crate) mod golden;
pub(crate) mod http;
pub(crate) mod mask;
pub(crate) mod packages;
pub(crate) mod process;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};

use description::Description;

/// Node's modules that Ironode does not have yet. A run that `needs` one of them is waiting: it is run all
/// the same, and when its output equals Node's the suite fails until the module leaves this list.
pub(crate) const NOT_THERE_YET: &[&str] = &[];

/// A folder of programs and the folder of what real Node printed for them.
pub(crate) struct Suite {
    /// Folders of the programs and descriptions, below the repository.
    pub(crate) programs: &'static [&'static str],
    /// Folder of the golden output, below `fixtures/golden/`.
    pub(crate) golden: &'static str,
    /// How often each run is repeated; every repetition must print the same.
    pub(crate) repeats: usize,
    /// The same while recording from real Node.
    pub(crate) repeats_recording: usize,
    /// The npm packages of the runs whose description names none.
    pub(crate) packages: &'static [&'static str],
}

impl Suite {
    /// One trial a run; while recording, one trial a description.
    pub(crate) fn trials(&self) -> Vec<Trial> {
        let folders = self.programs.iter().map(|folder| repository().join(folder));
        let mut descriptions: Vec<Description> =
            folders.flat_map(|it| Description::read_folder(&it)).collect();
        for run in descriptions.iter_mut().flat_map(|it| &mut it.runs).filter(|it| it.packages.is_empty()) {
            run.packages = self.packages.iter().map(|&it| it.to_owned()).collect();
        }
        for run in descriptions.iter_mut().flat_map(|it| &mut it.runs).filter(|it| !it.packages.is_empty()) {
            // They read hundreds of files, several programs at a time.
            run.seconds = run.seconds.max(60);
        }
        let golden = fixtures().join("golden").join(self.golden);
        if std::env::var_os("IRONODE_RECORD").is_some() {
            fs::create_dir_all(&golden).expect("the folder of golden output can be made");
            return descriptions.into_iter().map(|it| self.recording(it, &golden)).collect();
        }
        let mut trials = vec![no_orphans(self.golden, &golden, &descriptions)];
        for description in descriptions {
            let description = Arc::new(description);
            let file = golden.join(format!("{}.txt", description.id));
            for index in 0..description.runs.len() {
                trials.push(self.comparison(Arc::clone(&description), index, file.clone()));
            }
        }
        trials
    }

    fn comparison(&self, description: Arc<Description>, index: usize, golden: PathBuf) -> Trial {
        let run = &description.runs[index];
        let name = format!("{}::{}", self.golden, description.title(run));
        let waits_for = if is_other_binary() { Vec::new() } else { run.waits_for() };
        let repeats = self.repeats;
        if let Some(missing) = run.packages.iter().find_map(|it| packages::find(it).err()) {
            return Trial::test(name, || Ok(())).with_kind(missing).with_ignored_flag(true);
        }
        let kind =
            if waits_for.is_empty() { String::new() } else { format!("waits for {}", waits_for.join(", ")) };
        let compare = move || {
            let run = &description.runs[index];
            let outcome = golden::read(&golden, &run.name).and_then(|expected| {
                (0..repeats).try_for_each(|_| golden::compare(&expected, &drive::run(&description, run)?))
            });
            match (waits_for.as_slice(), outcome) {
                ([], outcome) => outcome.map_err(Failed::from),
                (_, Err(_)) => Ok(()),
                (modules, Ok(())) => Err(Failed::from(format!(
                    "prints what Node prints although it waits for {}: take what it does not need out of the \
                     description's `needs`, or what is there now out of NOT_THERE_YET",
                    modules.join(", ")
                ))),
            }
        };
        Trial::test(name, compare).with_kind(kind)
    }

    fn recording(&self, description: Description, folder: &Path) -> Trial {
        let file = folder.join(format!("{}.txt", description.id));
        let repeats = self.repeats_recording;
        Trial::test(format!("{}::{}", self.golden, description.id), move || {
            if let Some(missing) = description.packages().find_map(|it| packages::find(it).err()) {
                return Err(missing.into());
            }
            let mut text = String::new();
            for run in &description.runs {
                let first = drive::run(&description, run)?;
                for _ in 1..repeats {
                    golden::compare(&first, &drive::run(&description, run)?)
                        .map_err(|diff| format!("{} varies from run to run:\n{diff}", run.name))?;
                }
                text.push_str(&golden::section(&run.name, &first));
            }
            fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()).into())
        })
    }
}

/// Fails when a golden file, or a section of one, belongs to no run.
fn no_orphans(suite: &str, folder: &Path, descriptions: &[Description]) -> Trial {
    let expected: BTreeSet<String> = descriptions
        .iter()
        .flat_map(|it| it.runs.iter().map(|run| format!("{}.txt: {}", it.id, run.name)))
        .collect();
    let folder = folder.to_owned();
    Trial::test(format!("{suite}::every golden section has its run"), move || {
        let mut orphans = Vec::new();
        for file in list(&folder) {
            for name in golden::names(&file)? {
                let section = format!("{}: {name}", file_name(&file));
                if !expected.contains(&section) {
                    orphans.push(section);
                }
            }
        }
        if orphans.is_empty() { Ok(()) } else { Err(format!("no run for: {}", orphans.join("; ")).into()) }
    })
}

/// Whether the binary under test is not Ironode, and so has every module.
fn is_other_binary() -> bool {
    std::env::var_os("IRONODE_UNDER_TEST").is_some()
}

/// The binary under test.
pub(crate) fn binary() -> PathBuf {
    let path =
        std::env::var_os("IRONODE_UNDER_TEST").map_or(env!("CARGO_BIN_EXE_ironode").into(), PathBuf::from);
    path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The repository's `fixtures/`, as the absolute path that programs see.
pub(crate) fn fixtures() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    fixtures().parent().expect("fixtures/ lies in the repository").to_owned()
}

/// The files of a folder, sorted by name; none when there is no such folder.
pub(crate) fn list(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The last part of a path, as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
