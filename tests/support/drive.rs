//! Runs a described program: makes its folder, starts it, takes the steps, and returns its masked output.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use tempfile::TempDir;

use super::description::{Description, Run, Step};
use super::golden::Output;
use super::mask::Mask;
use super::process::{Program, status_text};
use super::{binary, file_name, http, packages};

/// Held by the program that uses a fixed port.
static ALONE: Mutex<()> = Mutex::new(());

/// The folders of one run; they vanish with it.
struct Place {
    root: PathBuf,
    /// The working directory.
    folder: PathBuf,
    /// The binary under test, under the name `node`.
    node: PathBuf,
    _guard: TempDir,
}

/// Runs a program once; the error is a failure to drive it.
pub(crate) fn run(description: &Description, run: &Run) -> Result<String, String> {
    let _alone = run.alone.then(|| ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    let place = Place::new().map_err(|error| format!("no temporary folder: {error}"))?;
    let program = description.program.as_deref().map(file_name).unwrap_or_default();
    let fill = |text: &str| {
        text.replace("{program}", &place.folder.join(&program).display().to_string())
            .replace("{folder}", &place.folder.display().to_string())
    };
    furnish(&place, description, run, &fill).map_err(|error| format!("the run's files: {error}"))?;

    let interactive = run.steps.iter().any(|step| matches!(step, Step::Write(_) | Step::Close(_)));
    let limit = Duration::from_secs(run.seconds);
    let mut program = Program::start(command(&place, run, &fill), interactive || run.stdin.is_some(), limit)?;
    if let Some(text) = &run.stdin {
        if interactive { program.write(text) } else { program.feed(text.clone()) }
    }
    let answers = take_steps(&mut program, &run.steps, &place, &fill)?;
    program.close_stdin();
    let ended = program.finish()?;

    let binary = binary();
    let mut folders: Vec<(&Path, &str)> = vec![
        (&place.folder, "<folder>"),
        (&place.node, "<node>"),
        (&place.root, "<root>"),
        (&binary, "<execPath>"),
    ];
    let installed = if run.packages.is_empty() { None } else { packages::installed().as_ref().ok() };
    // Some tools name files by the way from where they run.
    let way = installed.map(|it| relative(&place.folder, it));
    folders.extend(way.iter().chain(installed).map(|it| (it.as_path(), "<packages>")));
    let mask = Mask::new(&folders, &run.mask);
    let shown = run.show.iter().map(|name| {
        let bytes = fs::read(place.folder.join(name)).unwrap_or_else(|_| b"(no such file)\n".to_vec());
        (name.as_str(), bytes)
    });
    let mut parts = vec![("stdout", ended.stdout), ("stderr", ended.stderr)];
    parts.extend(answers.iter().map(|(request, answer)| (request.as_str(), answer.clone().into_bytes())));
    parts.extend(shown);
    parts.retain(|(name, _)| !run.ignore.iter().any(|it| it == name));
    let finished = |(name, bytes): (&str, Vec<u8>)| {
        let text = mask.apply(&bytes);
        (name.to_owned(), if run.sorted && name == "stdout" { sorted(&text) } else { text })
    };
    let ignored = run.ignore.iter().any(|it| it == "status");
    let status = if ignored { "any status".into() } else { status_text(ended.status) };
    Ok(Output { status, parts: parts.into_iter().map(finished).collect() }.text())
}

/// The way from one absolute folder to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(ours, theirs)| ours == theirs).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

impl Place {
    fn new() -> std::io::Result<Place> {
        // Not TMPDIR: how objects are printed depends on the length of the paths in them.
        let guard = TempDir::with_prefix_in("ironode-", "/tmp")?;
        let root = guard.path().canonicalize()?;
        for name in ["bin", "folder", "home", "tmp"] {
            fs::create_dir(root.join(name))?;
        }
        let node = root.join("bin/node");
        std::os::unix::fs::symlink(binary(), &node)?;
        Ok(Place { folder: root.join("folder"), node, root, _guard: guard })
    }
}

fn furnish(
    place: &Place,
    description: &Description,
    run: &Run,
    fill: &dyn Fn(&str) -> String,
) -> std::io::Result<()> {
    for (name, text) in &run.files {
        let path = place.folder.join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder"))?;
        fs::write(path, fill(text))?;
    }
    if let Some(program) = &description.program {
        copy(program, &place.folder.join(file_name(program)))?;
    }
    for (name, source) in &run.copy {
        copy(&description.folder.join(source), &place.folder.join(name))?;
    }
    let modules = place.folder.join("node_modules");
    for package in &run.packages {
        let link = packages::find(package).map_err(std::io::Error::other)?;
        match link.name {
            None => std::os::unix::fs::symlink(link.target, &modules)?,
            Some(name) => {
                fs::create_dir_all(&modules)?;
                std::os::unix::fs::symlink(link.target, modules.join(name))?;
            }
        }
    }
    Ok(())
}

/// Copies a file, or a folder with what is in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().expect("a file lies in a folder"))?;
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn command(place: &Place, run: &Run, fill: &dyn Fn(&str) -> String) -> Command {
    let mut command = match &run.shell {
        Some(line) => shell(place, &fill(line)),
        None => {
            let mut command = Command::new(&place.node);
            command.args(run.args.iter().map(|arg| fill(arg)));
            surround(&mut command, place);
            command
        }
    };
    command.envs(run.env.iter().map(|(name, value)| (name, fill(value))));
    command
}

fn shell(place: &Place, line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]);
    surround(&mut command, place);
    command
}

/// The same few variables for everybody, and the run's folder.
fn surround(command: &mut Command, place: &Place) {
    let path = format!("{}:/usr/bin:/bin", place.root.join("bin").display());
    command.current_dir(&place.folder).env_clear().env("PATH", path).env("HOME", place.root.join("home"));
    command
        .env("TMPDIR", place.root.join("tmp"))
        .env("TZ", "UTC")
        .env("LANG", "C.UTF-8")
        .env("USER", "tester");
}

/// The answers to the requests.
fn take_steps(
    program: &mut Program,
    steps: &[Step],
    place: &Place,
    fill: &dyn Fn(&str) -> String,
) -> Result<Vec<(String, String)>, String> {
    let mut answers = Vec::new();
    for step in steps {
        match step {
            Step::Wait(text) => program.wait_for(text)?,
            Step::Write(text) => program.write(text),
            Step::Close(_) => program.close_stdin(),
            Step::Kill(signal) => program.kill(signal)?,
            Step::Alive(milliseconds) => program.must_live(Duration::from_millis(*milliseconds))?,
            Step::Request(requests) => answers.extend(http::together(requests.lines())),
            Step::Shell(line) => {
                let line = fill(line).replace("{pid}", &program.id().to_string());
                shell(place, &line).output().map_err(|error| format!("{line}: {error}"))?;
            }
        }
    }
    Ok(answers)
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.sort_unstable();
    lines.concat()
}
