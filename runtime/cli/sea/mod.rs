//! Single executables: making one of a program, and running the program of this one.

mod config;
mod elf;

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::process::ExitCode;

use indexmap::IndexMap;
use ironode::{Application, Builder, Extension, Main, Source};

use super::args::{self, Beside, Refusal, Request};
use super::config_file::Preset;
use super::failure::{Failure, told};
use super::snapshot::{self, Kept};
use config::Settings;

/// The exit code where something cannot be read, made or written.
const GENERIC: u8 = 1;

/// Only its owner may read what is put into an executable later.
const OF_THE_OWNER: u32 = 0o600;

/// What is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// What other tools put into an executable, as the settings in a file say.
    Blob(String),
    /// The executable.
    Executable(String),
}

/// Beginning of an option among the arguments that holds options.
const OPTIONS: &[u8] = b"--node-options=";

/// Reads the command line of a program that is in this executable: its options are those that were put in with it, and
/// more from where it says. The words behind them are its arguments.
pub(crate) fn request(
    application: &Application<'_>,
    argv0: &OsString,
    mut args: Vec<OsString>,
    node_options: Option<&str>,
    preset: Option<Preset>,
) -> Result<Request, Refusal> {
    let mut words: Vec<OsString> = application.exec_argv.iter().flatten().map(OsString::from).collect();
    if application.extension == Extension::Arguments {
        let is_option = |arg: &OsString| arg.as_bytes().starts_with(OPTIONS);
        let last = args.iter().rfind(|arg| is_option(arg));
        let text = last.map(|arg| String::from_utf8_lossy(&arg.as_bytes()[OPTIONS.len()..]).into_owned());
        args.retain(|arg| !is_option(arg));
        if let Some(text) = text {
            words.extend(args::split_environment(&text)?.into_iter().map(OsString::from));
        }
    }
    words.push(argv0.clone());
    words.append(&mut args);
    let node_options = node_options.filter(|_| application.extension == Extension::Environment);
    let preset = preset.unwrap_or_default();
    args::read(words, Beside { node_options, preset, is_application: true, ..Beside::default() })
}

/// Makes what is ordered.
pub(crate) fn build(order: &Order, builder: Builder) -> Result<ExitCode, Failure> {
    let failure = |text: String| Failure::plain(GENERIC, text);
    let (Order::Blob(file) | Order::Executable(file)) = order;
    let settings = config::read(file).map_err(failure)?;
    let blob = match blob(&settings, builder)? {
        Kept::Bytes(blob) => blob,
        Kept::Exit(code) => return Ok(code),
    };
    match order {
        Order::Blob(_) => write_blob(&settings.output, &blob).map_err(failure)?,
        Order::Executable(_) => {
            let path =
                write_executable(&settings, &blob).map_err(|text| failure(format!("Error: {text}")))?;
            let text = format!("Generated single executable {path} + {file} -> {}\n", settings.output);
            // A reader that has gone is no failure of ours.
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the blob; a program that is kept in a snapshot may end the process instead.
fn blob(settings: &Settings, builder: Builder) -> Result<Kept, Failure> {
    let failure = |text: String| Failure::plain(GENERIC, text);
    let main = &settings.main;
    let cannot_read = |error| failure(format!("Cannot read main script {main}:{}", told(&error, false)));
    let text = fs::read(main).map_err(cannot_read)?;
    let mut code = None;
    let mut kept = Vec::new();
    if settings.with_snapshot {
        if settings.with_code {
            let _ = writeln!(std::io::stderr(), "\"useCodeCache\" is redundant when \"useSnapshot\" is true");
        }
        kept = match snapshot::keep(builder, snapshot::Settings::of(main))? {
            Kept::Bytes(bytes) => bytes,
            Kept::Exit(code) => return Ok(Kept::Exit(code)),
        };
    } else if settings.with_code {
        code = Some(compile(settings, &String::from_utf8_lossy(&text), builder)?);
    }
    let mut assets = Vec::new();
    for (key, path) in &settings.assets {
        let cannot_read = |error| failure(format!("Cannot read asset {path}: {}", told(&error, false)));
        assets.push((key, fs::read(path).map_err(cannot_read)?));
    }
    let is_module = settings.is_module;
    let application = Application {
        is_experimental: !settings.is_silent,
        path: main,
        main: match settings.with_snapshot {
            true => Main::Snapshot(&kept),
            false => Main::Text { text: &text, code: code.as_deref(), is_module },
        },
        assets: assets
            .iter()
            .map(|(key, bytes)| (key.as_str(), bytes.as_slice()))
            .collect::<IndexMap<_, _>>(),
        exec_argv: settings.exec_argv.as_ref().map(|words| words.iter().map(String::as_str).collect()),
        extension: settings.extension,
    };
    Ok(Kept::Bytes(application.to_blob()))
}

/// What V8 makes of the program.
fn compile(settings: &Settings, text: &str, builder: Builder) -> Result<Vec<u8>, Failure> {
    let source = Source::Eval { text: text.to_owned(), print: false };
    let mut runtime = builder.program(&source).build().map_err(Failure::Runtime)?;
    let code = runtime.compile(&settings.main, text, settings.is_module);
    code.map_err(|mistake| Failure::plain(GENERIC, format!("{mistake}\nCannot generate V8 code cache")))
}

fn write_blob(output: &str, blob: &[u8]) -> Result<(), String> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(OF_THE_OWNER).open(output);
    let written = file.and_then(|mut file| file.write_all(blob));
    written.map_err(|error| format!("Cannot write output to {output}:{}", told(&error, false)))?;
    let _ = writeln!(std::io::stderr(), "Wrote single executable preparation blob to {output}");
    Ok(())
}

/// Writes the executable; returns the path of the one that it was made of.
fn write_executable(settings: &Settings, blob: &[u8]) -> Result<String, String> {
    let Settings { output, executable, .. } = settings;
    let path = match executable {
        Some(path) => path.clone(),
        None => std::env::current_exe().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let found = fs::metadata(&path)
        .map_err(|error| format!("Couldn't stat executable {path}: {}", told(&error, false)))?;
    let file = fs::read(&path)
        .map_err(|error| format!("Couldn't read executable {path}: {}", told(&error, false)))?;
    let file = elf::insert(file, blob)?;
    fs::write(output, file)
        .and_then(|()| fs::set_permissions(output, found.permissions()))
        .map_err(|error| format!("Couldn't write output executable: {output}: {}", told(&error, false)))?;
    Ok(path)
}
