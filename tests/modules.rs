//! Every program of `tests/modules/` ends with status 0. A first line `// Flags: --name` gives options.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::process::{Program, status_text};
use support::{binary, file_name, list, repository};

const TIME_LIMIT: Duration = Duration::from_secs(60);

fn main() {
    let programs = list(&repository().join("tests/modules"));
    let trials = programs
        .into_iter()
        .filter(|path| is_program(path))
        .map(|path| Trial::test(file_name(&path.with_extension("")), move || passes(&path)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn is_program(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "js" || it == "mjs")
}

fn passes(path: &PathBuf) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let flags = text.lines().find_map(|line| line.strip_prefix("// Flags: ")).unwrap_or_default();
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(binary());
    command.args(flags.split_whitespace()).arg(path);
    command.current_dir(folder.path()).env("TMPDIR", folder.path()).env_remove("NODE_OPTIONS");
    let ended = Program::start(command, false, TIME_LIMIT)?.finish()?;
    if ended.status.success() {
        return Ok(());
    }
    let (stdout, stderr) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    Err(format!("{}\n--- stdout\n{stdout}\n--- stderr\n{stderr}", status_text(ended.status)).into())
}
