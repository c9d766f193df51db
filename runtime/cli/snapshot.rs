//! `--build-snapshot` and `--snapshot-blob`: programs that are kept in files, and go on from there.

use std::fs;
use std::process::ExitCode;

use ironode::{Builder, Built, Snapshot};
use serde_json::Value;

use super::args;
use super::failure::{Failure, told};

/// Where a snapshot goes that is given no name.
const BLOB: &str = "snapshot.blob";

/// Stands for a program without any text.
const EMPTY: &str = "node:embedded_snapshot_main";

/// The exit code where a snapshot cannot be made or used.
const GENERIC: u8 = 1;
const UNFIT: u8 = 14;

/// What is to be kept.
pub(crate) struct Settings {
    program: String,
    with_code: bool,
}

impl Settings {
    /// A program with what it has compiled.
    pub(crate) fn of(program: &str) -> Self {
        Settings { program: program.to_owned(), with_code: true }
    }
}

/// Reads what is to be kept.
pub(crate) fn settings(builder: args::Builder) -> Result<Settings, Failure> {
    let settings = match builder {
        args::Builder::File(program) => Settings::of(&program),
        args::Builder::Config(file) => configured(&file).map_err(|text| Failure::plain(GENERIC, text))?,
    };
    match fs::metadata(&settings.program) {
        Err(error) if settings.program != EMPTY => {
            let (program, error) = (&settings.program, told(&error, true));
            let text = format!("Cannot read builder script {program} for building snapshot. {error}");
            Err(Failure::plain(GENERIC, text))
        }
        _ => Ok(settings),
    }
}

/// Reads a file of settings.
fn configured(file: &str) -> Result<Settings, String> {
    let text = fs::read(file).map_err(|error| {
        format!("Cannot read snapshot configuration from {file}: {}", told(&error, false))
    })?;
    let value: Value =
        serde_json::from_slice(&text).map_err(|error| format!("Cannot parse JSON from {file}: {error}"))?;
    let Value::Object(fields) = value else {
        return Err(format!("Cannot parse JSON from {file}: it holds no object"));
    };
    let program = fields.get("builder").and_then(Value::as_str).filter(|program| !program.is_empty());
    let program =
        program.ok_or_else(|| format!("\"builder\" field of {file} is not a non-empty string"))?.to_owned();
    let with_code = match fields.get("withoutCodeCache") {
        None => true,
        Some(Value::Bool(without)) => !without,
        Some(_) => return Err(format!("\"withoutCodeCache\" field of {file} is not a boolean")),
    };
    Ok(Settings { program, with_code })
}

/// What is left of a program that was to be kept.
pub(crate) enum Kept {
    /// The bytes of its file.
    Bytes(Vec<u8>),
    /// How it has ended instead.
    Exit(ExitCode),
}

/// Runs the program and keeps it.
pub(crate) fn keep(builder: Builder, settings: Settings) -> Result<Kept, Failure> {
    let runtime = builder.keeps_program().build().map_err(Failure::Runtime)?;
    let built = runtime.build_snapshot(settings.program, settings.with_code).map_err(Failure::Runtime)?;
    match built {
        Built::Snapshot(bytes) => Ok(Kept::Bytes(bytes)),
        Built::Exit(code) => Ok(Kept::Exit(ExitCode::from(code.to_le_bytes()[0]))),
        Built::Unkeepable(class) => {
            let text = format!("An object of the native class {class} cannot be kept in a startup snapshot.");
            Err(Failure::plain(GENERIC, text))
        }
    }
}

/// Runs the program and writes the snapshot.
pub(crate) fn build(builder: Builder, settings: Settings, blob: Option<&str>) -> Result<ExitCode, Failure> {
    let bytes = match keep(builder, settings)? {
        Kept::Bytes(bytes) => bytes,
        Kept::Exit(code) => return Ok(code),
    };
    let file = blob.unwrap_or(BLOB);
    match fs::write(file, bytes) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(_) => Err(Failure::plain(GENERIC, format!("Cannot open {file} for writing a snapshot."))),
    }
}

/// Reads a snapshot.
pub(crate) fn load(blob: &str) -> Result<Snapshot, Failure> {
    let file = fs::read(blob).map_err(|_| Failure::plain(UNFIT, format!("Cannot open {blob}")))?;
    Snapshot::from_file(file).map_err(|unfit| Failure::plain(UNFIT, unfit.to_string()))
}
