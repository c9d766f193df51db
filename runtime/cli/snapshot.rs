//! `--build-snapshot` and `--snapshot-blob`: programs that are kept in files, and go on from there.

use std::fs;
use std::io;
use std::process::ExitCode;

use ironode::{Builder, Built, Snapshot};
use serde_json::Value;

use super::Failure;
use super::args::{self, Refusal};

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

fn failure(code: u8, text: String) -> Failure {
    Failure::Refused(Refusal { text, code, is_plain: true })
}

/// Reads what is to be kept.
pub(crate) fn settings(builder: args::Builder) -> Result<Settings, Failure> {
    let settings = match builder {
        args::Builder::File(program) => Settings { program, with_code: true },
        args::Builder::Config(file) => configured(&file).map_err(|text| failure(GENERIC, text))?,
    };
    match fs::metadata(&settings.program) {
        Err(error) if settings.program != EMPTY => {
            let (program, error) = (&settings.program, told(&error, true));
            let text = format!("Cannot read builder script {program} for building snapshot. {error}");
            Err(failure(GENERIC, text))
        }
        _ => Ok(settings),
    }
}

/// An error of the system as libuv tells it, with its code or without.
fn told(error: &io::Error, with_code: bool) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    match error.kind() {
        io::ErrorKind::NotFound if with_code => format!("ENOENT: {text}"),
        io::ErrorKind::PermissionDenied if with_code => format!("EACCES: {text}"),
        _ => text,
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

/// Runs the program and writes the snapshot.
pub(crate) fn build(builder: Builder, settings: Settings, blob: Option<&str>) -> Result<ExitCode, Failure> {
    let runtime = builder.keeps_program().build().map_err(Failure::Runtime)?;
    let built = runtime.build_snapshot(settings.program, settings.with_code).map_err(Failure::Runtime)?;
    let file = blob.unwrap_or(BLOB);
    match built {
        Built::Snapshot(bytes) => match fs::write(file, bytes) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(_) => Err(failure(GENERIC, format!("Cannot open {file} for writing a snapshot."))),
        },
        Built::Exit(code) => Ok(ExitCode::from(code.to_le_bytes()[0])),
        Built::Unkeepable(class) => {
            let text = format!("An object of the native class {class} cannot be kept in a startup snapshot.");
            Err(failure(GENERIC, text))
        }
    }
}

/// Reads a snapshot.
pub(crate) fn load(blob: &str) -> Result<Snapshot, Failure> {
    let file = fs::read(blob).map_err(|_| failure(UNFIT, format!("Cannot open {blob}")))?;
    Snapshot::from_file(file).map_err(|unfit| failure(UNFIT, unfit.to_string()))
}
