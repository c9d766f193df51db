//! The npm client runs on Ironode: the session of `fixtures/npm/session.js` prints what it printed under real Node.
//!
//! The client is the one of the golden output; the machine's npm fetches it from the registry at the first run, into
//! `target/`. Where that fails, the test is ignored and says so.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::process::{Program, status_text};
use support::{binary, fixtures, repository};

/// The version that the golden output is of.
const VERSION: &str = "11.21.2";

fn main() {
    let arguments = Arguments::from_args();
    let client = client();
    let is_missing = client.is_none();
    let mut trial = Trial::test("npm::session", move || session(client.as_deref().unwrap_or(Path::new(""))));
    if is_missing {
        trial = trial.with_kind(format!("npm {VERSION} cannot be fetched")).with_ignored_flag(true);
    }
    libtest_mimic::run(&arguments, vec![trial]).exit();
}

/// The client's program, which is fetched where it is not there.
fn client() -> Option<PathBuf> {
    let folder = repository().join("target/npm-client").join(VERSION);
    let program = folder.join("node_modules/npm/bin/npm-cli.js");
    if !program.exists() {
        fs::create_dir_all(&folder).ok()?;
        let fetched = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&folder)
            .arg(format!("npm@{VERSION}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        fetched.ok()?;
    }
    program.exists().then_some(program)
}

fn session(client: &Path) -> Result<(), Failed> {
    let mut command = Command::new(binary());
    command.arg(fixtures().join("npm/session.js")).arg(client);
    let ended = Program::start(command, false, Duration::from_secs(300))?.finish()?;
    let printed = String::from_utf8_lossy(&ended.stdout).into_owned();
    if !ended.status.success() || !ended.stderr.is_empty() {
        let errors = String::from_utf8_lossy(&ended.stderr);
        return Err(format!("{}\n{printed}\n{errors}", status_text(ended.status)).into());
    }
    let golden = fixtures().join("golden/npm.txt");
    if std::env::var_os("IRONODE_RECORD").is_some() {
        return fs::write(golden, printed).map_err(Failed::from);
    }
    let expected = fs::read_to_string(golden)?;
    Ok(support::golden::compare(&expected, &printed)?)
}
