//! The command line: the first embedder, on the public API alone.

mod args;
mod config_file;
mod failure;
mod help;
mod json;
mod options;
mod script;
mod sea;
mod snapshot;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use args::{Action, Beside, Refusal, Request};
use config_file::Preset;
use failure::Failure;
use ironode::{Application, Runtime, Source};

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    let argv0 = args.next().unwrap_or_else(|| OsString::from("ironode"));
    let program = String::from_utf8_lossy(argv0.as_bytes()).into_owned();
    match start(argv0, args.collect()) {
        Ok(code) => code,
        Err(Failure::Refused(Refusal { text, code, is_plain: true })) => {
            say(&text);
            ExitCode::from(code)
        }
        Err(Failure::Refused(Refusal { text, code, .. })) => {
            for line in text.split('\n') {
                say(&if line.is_empty() { String::new() } else { format!("{program}: {line}") });
            }
            ExitCode::from(code)
        }
        Err(Failure::Runtime(error)) => {
            say(&format!("{program}: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line, the files of variables that it names, and `NODE_OPTIONS` of either.
fn start(argv0: OsString, args: Vec<OsString>) -> Result<ExitCode, Failure> {
    let own_options = std::env::var("NODE_OPTIONS").ok().filter(|options| !options.trim().is_empty());
    let application = ironode::application();
    let request = |args, options: Option<&str>, preset| match application {
        Some(application) => {
            sea::request(application, &argv0, args, options, preset).map_err(Failure::Refused)
        }
        None => request(args, options, preset).map_err(Failure::Refused),
    };
    let first = request(args.clone(), own_options.as_deref(), None)?;
    let variables = env_files(&first.exec_argv)?;
    let file = config_file::named(&first.exec_argv).map_err(Failure::Refused)?;
    let preset = file.map(|file| config_file::read(&file, say)).transpose()?;
    let later_options = variables.iter().rfind(|(name, _)| name == "NODE_OPTIONS");
    let later_options = later_options.filter(|_| std::env::var_os("NODE_OPTIONS").is_none());
    let later_options = later_options.map(|(_, options)| options.as_str());
    let own_args = args.iter().skip_while(|arg| *arg != "--").skip(1).cloned().collect();
    let mut request = match (later_options, preset) {
        (None, None) => first,
        (options, preset) => request(args, options.or(own_options.as_deref()), preset)?,
    };
    if matches!(request.action, Action::Script(_)) {
        request.args = own_args;
    }
    run(argv0, request, variables, application)
}

/// Runs a script of the package.
fn run_script(name: &str, args: &[OsString], variables: Vec<(String, String)>) -> ExitCode {
    match script::run(name, args, variables) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(text) => {
            say(&text);
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line; a plain `ironode script args` needs no look at the table of options.
fn request(
    args: Vec<OsString>,
    node_options: Option<&str>,
    preset: Option<Preset>,
) -> Result<Request, Refusal> {
    let is_plain = args.first().is_some_and(|first| !first.is_empty() && !first.as_bytes().starts_with(b"-"));
    if is_plain && node_options.is_none() {
        let mut args = args.into_iter();
        let file = args.next().unwrap_or_default().to_string_lossy().into_owned();
        let action = Action::Run(Source::File(file));
        return Ok(Request { action, args: args.collect(), ..Request::default() });
    }
    let preset = preset.unwrap_or_default();
    args::read(args, Beside { node_options, preset, ..Beside::default() })
}

fn run(
    argv0: OsString,
    mut request: Request,
    variables: Vec<(String, String)>,
    application: Option<&'static Application<'static>>,
) -> Result<ExitCode, Failure> {
    let watches = request.watches();
    let blob = request.text_of("--snapshot-blob").map(str::to_owned);
    let share = request.heap_share();
    if request.text_of("--use-largepages") == Some("on") {
        say(&format!("{}: --use-largepages is no longer supported.", argv0.to_string_lossy()));
    }
    let mut kept = None;
    let mut order = None;
    let source = match request.action {
        Action::Version => return Ok(print(&format!("{}\n", ironode::NODE_VERSION))),
        Action::Help => return Ok(print(&help::text())),
        Action::Completion => return Ok(print(&help::completion())),
        Action::V8Options => {
            ironode::print_v8_options();
            return Ok(ExitCode::SUCCESS);
        }
        Action::Script(name) => return Ok(run_script(&name, &request.args, variables)),
        Action::Keep(builder) => {
            kept = Some(snapshot::settings(builder)?);
            request.options.extend(args::stack_trace_limit(&request.v8_flags));
            Source::Stdin { print: false }
        }
        Action::Make(wanted) => {
            order = Some(wanted);
            Source::Stdin { print: false }
        }
        // A program from a snapshot may take its input itself.
        Action::Default if blob.is_some() => Source::Stdin { print: false },
        Action::Default if std::io::stdin().is_terminal() => Source::Repl { text: None, print: false },
        Action::Default => Source::Stdin { print: false },
        Action::Run(source) => source,
    };
    let mut builder = Runtime::builder()
        .inherit()
        .read_options(args::for_worker)
        .argv0(argv0)
        .args(request.args)
        .exec_argv(request.exec_argv);
    // A program that is watched reads the files of variables itself, and anew each time.
    let variables = if watches { Vec::new() } else { variables };
    for (name, value) in variables {
        if std::env::var_os(&name).is_none() {
            builder = builder.env(name, value);
        }
    }
    for (name, value) in request.options {
        builder = builder.option(name, value);
    }
    for (option, value) in args::switched_on(|name| std::env::var_os(name)) {
        builder = builder.option(option, value);
    }
    for flag in request.v8_flags {
        builder = builder.v8_flag(flag);
    }
    if let Some(share) = share {
        builder = builder.heap_share(share);
    }
    if let Some(settings) = kept {
        return snapshot::build(builder, settings, blob.as_deref());
    }
    if let Some(order) = order {
        return sea::build(&order, builder);
    }
    builder = match (application, blob) {
        (Some(application), _) => builder.application(application),
        (None, Some(blob)) => builder.snapshot(snapshot::load(&blob)?),
        (None, None) => builder.program(&source),
    };
    let runtime = builder.build().map_err(Failure::Runtime)?;
    runtime.run_main(source).map_err(Failure::Runtime)
}

/// The variables of `--env-file` and `--env-file-if-exists`; a later file wins.
fn env_files(exec_argv: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let mut variables = Vec::new();
    for (is_required, file) in args::env_files(exec_argv) {
        match std::fs::read_to_string(&file) {
            Ok(text) => variables.extend(ironode::parse_env(&text)),
            Err(_) if is_required => {
                return Err(Failure::Refused(Refusal::new(format!("{file}: not found"))));
            }
            Err(_) => say(&format!("{file} not found. Continuing without it.")),
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
