//! The command line: the first embedder, on the public API alone.

mod args;
mod help;
mod options;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use args::{Action, Refusal, Request};
use ironode::{Error, OptionValue, Runtime, Source};

/// The exit code of a command line that is refused.
const INVALID_ARGUMENT: u8 = 9;

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    let argv0 = args.next().unwrap_or_else(|| OsString::from("ironode"));
    let program = String::from_utf8_lossy(argv0.as_bytes()).into_owned();
    match request(args.collect()).map(|request| run(argv0, request)) {
        Ok(Ok(code)) => code,
        Ok(Err(Failure::Refused(Refusal(text)))) | Err(Refusal(text)) => {
            say(&format!("{program}: {text}"));
            ExitCode::from(INVALID_ARGUMENT)
        }
        Ok(Err(Failure::Runtime(error))) => {
            say(&format!("{program}: {error}"));
            ExitCode::FAILURE
        }
    }
}

enum Failure {
    Refused(Refusal),
    Runtime(Error),
}

/// Reads the command line; a plain `ironode script args` needs no look at the table of options.
fn request(args: Vec<OsString>) -> Result<Request, Refusal> {
    let node_options = std::env::var("NODE_OPTIONS").ok().filter(|options| !options.trim().is_empty());
    let is_plain = args.first().is_some_and(|first| !first.as_bytes().starts_with(b"-"));
    if is_plain && node_options.is_none() {
        let mut args = args.into_iter();
        let file = args.next().unwrap_or_default().to_string_lossy().into_owned();
        let action = Action::Run(Source::File(file));
        return Ok(Request { action, args: args.collect(), ..Request::default() });
    }
    args::read(args, node_options.as_deref())
}

fn run(argv0: OsString, request: Request) -> Result<ExitCode, Failure> {
    let source = match request.action {
        Action::Version => return Ok(print(&format!("{}\n", ironode::NODE_VERSION))),
        Action::Help => return Ok(print(&help::text())),
        Action::V8Options => {
            ironode::print_v8_options();
            return Ok(ExitCode::SUCCESS);
        }
        Action::Default if std::io::stdin().is_terminal() => {
            return Err(Failure::Refused(Refusal("the REPL is not there yet: name a script".into())));
        }
        Action::Default => Source::Stdin { print: false },
        Action::Run(source) => source,
    };
    let files = env_files(&request.options)?;
    let mut builder = Runtime::builder().inherit().argv0(argv0).args(request.args).exec_argv(request.exec_argv);
    for (name, value) in files {
        if std::env::var_os(&name).is_none() {
            builder = builder.env(name, value);
        }
    }
    for (name, value) in request.options {
        builder = builder.option(name, value);
    }
    for flag in request.v8_flags {
        builder = builder.v8_flag(flag);
    }
    let runtime = builder.build().map_err(Failure::Runtime)?;
    runtime.run_main(source).map_err(Failure::Runtime)
}

/// The variables of `--env-file` and `--env-file-if-exists`; a later file wins.
fn env_files(options: &[(String, OptionValue)]) -> Result<Vec<(String, String)>, Failure> {
    let mut variables = Vec::new();
    for (name, value) in options {
        let OptionValue::List(files) = value else { continue };
        let required = name == "--env-file";
        if !required && name != "--env-file-if-exists" {
            continue;
        }
        for file in files {
            match std::fs::read_to_string(file) {
                Ok(text) => variables.extend(ironode::parse_env(&text)),
                Err(_) if required => {
                    return Err(Failure::Refused(Refusal(format!("{file}: not found"))));
                }
                Err(_) => say(&format!("{file} not found. Continuing without it.")),
            }
        }
    }
    Ok(variables)
}

/// Prints to standard output; a reader that has gone is no failure of ours.
fn print(text: &str) -> ExitCode {
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
