//! The command line of Node: options before the script, flags of V8 among them, `NODE_OPTIONS`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use clap::{Arg, ArgAction, ArgMatches, Command};
use ironode::{OptionValue, Options, Source};

use super::config_file::Preset;
use super::options::{self, Kind, Support, TABLE};
use super::sea::Order;

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// What to run; `None` for standard input or, where that is a terminal, the REPL.
    pub(crate) action: Action,
    /// The program's own arguments.
    pub(crate) args: Vec<OsString>,
    /// The options before the script, as they were written.
    pub(crate) exec_argv: Vec<String>,
    /// The options by name.
    pub(crate) options: Vec<(String, OptionValue)>,
    /// The flags of V8.
    pub(crate) v8_flags: Vec<String>,
    /// The same as they were written, for messages.
    pub(crate) v8_written: Vec<String>,
}

impl Request {
    /// Whether the process is to keep a program running, or tests, as files change.
    pub(crate) fn watches(&self) -> bool {
        let switch = (String::from("--watch"), OptionValue::Flag(true));
        self.options.contains(&switch) || self.has_watch_paths()
    }

    /// The value of an option that takes a text.
    pub(crate) fn text_of(&self, option: &str) -> Option<&str> {
        self.options.iter().find_map(|(name, value)| match value {
            OptionValue::Text(text) if name == option => Some(text.as_str()),
            _ => None,
        })
    }

    /// How much of the memory the old generation of the heap may have, in percent, where that is said.
    pub(crate) fn heap_share(&self) -> Option<f64> {
        percentage(self.text_of("--max-old-space-size-percentage")?)
    }

    fn has_watch_paths(&self) -> bool {
        self.options.iter().any(|(name, _)| name == "--watch-path")
    }
}

/// What to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Action {
    /// Run a program.
    Run(Source),
    /// Run what standard input holds.
    #[default]
    Default,
    /// Run a program and keep it in a snapshot.
    Keep(Builder),
    /// Run a script of the package.
    Script(String),
    /// Make a single executable, or what goes into one.
    Make(Order),
    /// Print the version.
    Version,
    /// Print the options.
    Help,
    /// Print V8's flags.
    V8Options,
    /// Print what has bash complete options.
    Completion,
}

/// What names the program of a snapshot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Builder {
    /// The command line.
    File(String),
    /// A file of settings.
    Config(String),
}

/// A command line that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What is said: one line each, after the program's name.
    pub(crate) text: String,
    /// The exit code.
    pub(crate) code: u8,
    /// Whether it is said without the program's name.
    pub(crate) is_plain: bool,
}

impl Refusal {
    /// A refusal with the exit code of invalid arguments.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Refusal { text: text.into(), code: INVALID_ARGUMENT, is_plain: false }
    }
}

const INVALID_ARGUMENT: u8 = 9;
const INVALID_PROTO_MODE: u8 = 12;
const INVALID_REVERT: u8 = 12;

/// One argument of an option list, in its long form with dashes.
struct Word {
    /// As it was written, for messages.
    written: String,
    name: String,
    value: Option<String>,
}

impl Word {
    fn new(written: &str) -> Self {
        let (name, value) = match written.split_once('=') {
            Some((name, value)) if written.starts_with("--") => (name, Some(value.to_owned())),
            _ => (written, None),
        };
        let dashes = name.bytes().take(2).take_while(|byte| *byte == b'-').count();
        let name = format!("{}{}", &name[..dashes], name[dashes..].replace('_', "-"));
        Word { written: written.to_owned(), name, value }
    }
}

/// What is read beside the arguments.
#[derive(Debug, Default)]
pub(crate) struct Beside<'r> {
    /// The variable `NODE_OPTIONS`.
    pub(crate) node_options: Option<&'r str>,
    /// The options of a file.
    pub(crate) preset: Preset,
    /// Whether they are those of a worker: the engine runs already, and its flags are settled.
    pub(crate) is_worker: bool,
    /// Whether the program is the one in the executable: then the first word that is no option is an argument of its
    /// own.
    pub(crate) is_application: bool,
}

/// Reads the arguments after the program's name, and what is beside them. Of two options, the later one counts.
pub(crate) fn read(args: Vec<OsString>, beside: Beside<'_>) -> Result<Request, Refusal> {
    let mut request = Request::default();
    let mut known = Vec::new();
    let Beside { node_options, preset, is_worker, is_application } = beside;
    let mut nothing = std::iter::empty().peekable();
    for word in &preset.of_environment {
        classify(&Word::new(word), &mut nothing, &mut known, &mut request)?;
    }
    if let Some(text) = node_options {
        read_environment(text, &mut known, &mut request)?;
    }
    for word in &preset.of_command_line {
        classify(&Word::new(word), &mut nothing, &mut known, &mut request)?;
    }
    let mut args = args.into_iter().peekable();
    let mut has_stdin_mark = false;
    while let Some(arg) = args.peek().and_then(|arg| arg.to_str()).map(str::to_owned) {
        if arg == "-" {
            has_stdin_mark = true;
            break;
        }
        if !arg.starts_with('-') {
            break;
        }
        args.next();
        request.exec_argv.push(arg.clone());
        if arg == "--" {
            request.exec_argv.pop();
            break;
        }
        classify(&Word::new(&arg), &mut args, &mut known, &mut request)?;
    }
    if is_worker {
        limit_stacks(&request);
    } else {
        refuse_unknown(&request)?;
    }
    let matches = command().try_get_matches_from(known).map_err(|error| Refusal::new(error.to_string()))?;
    collect(&matches, &mut request)?;
    request.args = args.collect();
    request.action = match printed(&matches) {
        Some(action) => action,
        None if is_application => Action::Run(Source::Application),
        None => action(&matches, &mut request, has_stdin_mark)?,
    };
    Ok(request)
}

/// Options that hold for the whole process, and so for no worker alone.
const OF_THE_PROCESS: &[&str] = &[
    "--disable-proto",
    "--icu-data-dir",
    "--node-snapshot",
    "--openssl-config",
    "--openssl-legacy-provider",
    "--openssl-shared-config",
    "--secure-heap",
    "--secure-heap-min",
    "--security-revert",
    "--title",
    "--trace-event-categories",
    "--trace-event-file-pattern",
    "--use-largepages",
    "--v8-pool-size",
    "--zero-fill-buffers",
];

/// Flags of V8 that a worker may be given.
const OF_AN_ISOLATE: &[&str] = &[
    "--abort-on-uncaught-exception",
    "--interpreted-frames-native-stack",
    "--jitless",
    "--max-old-space-size",
    "--max-semi-space-size",
    "--perf-basic-prof",
    "--perf-prof",
    "--stack-trace-limit",
];

/// Variables of the environment that switch an option on.
const SWITCHES: &[(&str, &str)] = &[
    ("NODE_PENDING_DEPRECATION", "--pending-deprecation"),
    ("NODE_PRESERVE_SYMLINKS", "--preserve-symlinks"),
    ("NODE_PRESERVE_SYMLINKS_MAIN", "--preserve-symlinks-main"),
];

/// The flag of V8 that says how long stacks are told, as an option: V8 itself does not mind it where a program is kept.
pub(crate) fn stack_trace_limit(v8_flags: &[String]) -> Option<(String, OptionValue)> {
    let name = "--stack-trace-limit";
    let text = v8_flags.iter().rev().find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='))?;
    let limit = leading_number(text).unwrap_or(0.0);
    Some((name.to_owned(), OptionValue::Number(limit)))
}

/// The options that variables of the environment switch on.
pub(crate) fn switched_on(
    variable: impl Fn(&str) -> Option<OsString>,
) -> impl Iterator<Item = (&'static str, OptionValue)> {
    let is_on = move |name: &str| variable(name).is_some_and(|value| value == "1");
    let on = SWITCHES.iter().filter(move |(name, _)| is_on(name));
    on.map(|(_, option)| (*option, OptionValue::Flag(true)))
}

/// Reads the `execArgv` and the environment of a worker; the error tells those options that it may not have.
pub(crate) fn for_worker(words: &[String], env: &[(OsString, OsString)]) -> Result<Options, Vec<String>> {
    let variable = |name: &str| {
        let found = env.iter().find(|(variable, _)| variable == name);
        found.map(|(_, value)| value.clone())
    };
    let node_options = variable("NODE_OPTIONS").map(|text| text.to_string_lossy().into_owned());
    let node_options = node_options.filter(|text| !text.is_empty());
    let name = |word: &String| Word::new(word).name;
    let of_the_process = words.iter().filter(|word| OF_THE_PROCESS.contains(&name(word).as_str()));
    let refused: Vec<_> = of_the_process.cloned().collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    let args = words.iter().map(OsString::from).collect();
    let beside = Beside { node_options: node_options.as_deref(), is_worker: true, ..Beside::default() };
    let request = read(args, beside).map_err(|refusal| {
        refusal
            .text
            .lines()
            .map(|line| line.trim_start_matches("bad option: ").to_owned())
            .collect::<Vec<_>>()
    })?;
    let foreign = request.v8_written.iter().filter(|word| !OF_AN_ISOLATE.contains(&name(word).as_str()));
    let foreign: Vec<_> = foreign.filter(|word| words.contains(*word)).cloned().collect();
    if !foreign.is_empty() {
        return Err(foreign);
    }
    let mut options = request.options;
    options.extend(switched_on(variable).map(|(name, value)| (name.to_owned(), value)));
    Ok(options)
}

/// The files of variables that the options name, in order, each with whether it must be there.
pub(crate) fn env_files(exec_argv: &[String]) -> Vec<(bool, String)> {
    let mut files = Vec::new();
    let mut words = exec_argv.iter();
    while let Some(written) = words.next() {
        let Word { name, value, .. } = Word::new(written);
        if name == "--env-file" || name == "--env-file-if-exists" {
            files.extend(value.or_else(|| words.next().cloned()).map(|file| (name == "--env-file", file)));
        }
    }
    files
}

/// Sorts one option: to clap if it is Node's, to V8 if it is V8's.
fn classify(
    word: &Word,
    rest: &mut std::iter::Peekable<impl Iterator<Item = OsString>>,
    known: &mut Vec<String>,
    request: &mut Request,
) -> Result<(), Refusal> {
    if word.name == "-pe" {
        known.push("--print=true".into());
        return take_value(&Word::new("--eval"), "-pe", rest, known, request);
    }
    let positive = word.name.strip_prefix("--no-").map(|name| format!("--{name}"));
    if let Some(row) = positive.as_deref().and_then(options::find) {
        if !matches!(row.kind, Kind::On | Kind::Off) {
            let text = "is an invalid negation because it is not a boolean option";
            return Err(Refusal::new(format!("{} {text}", word.written)));
        }
        known.push(format!("{}=false", row.name));
        return Ok(());
    }
    if matches!(word.name.as_str(), "--debug" | "--debug-brk") {
        let text = "[DEP0062]: `node --debug` and `node --debug-brk` are invalid. Please use `node --inspect` and `node --inspect-brk` instead.";
        return Err(Refusal::new(text));
    }
    let Some(row) = options::find(&word.name) else {
        v8_flag(word, request);
        return Ok(());
    };
    if row.support == Support::Later {
        return Err(Refusal::new(format!("{} is not supported by Ironode yet", word.written)));
    }
    if let Some(value) = &word.value
        && options::WITH_ADDRESS.contains(&row.name)
    {
        if value.is_empty() {
            return Err(Refusal::new(format!("{} requires an argument", word.written)));
        }
        known.push(format!("--inspect-port={value}"));
    }
    match row.kind {
        Kind::On | Kind::Off => {
            known.push(format!("{}=true", row.name));
            if row.name == "--print"
                && rest.peek().is_some_and(|next| !next.to_string_lossy().starts_with('-'))
            {
                return take_value(&Word::new("--eval"), "--print", rest, known, request);
            }
            Ok(())
        }
        _ => take_value(
            &Word { name: row.name.into(), written: word.written.clone(), value: word.value.clone() },
            &word.written,
            rest,
            known,
            request,
        ),
    }
}

fn take_value(
    word: &Word,
    written: &str,
    rest: &mut std::iter::Peekable<impl Iterator<Item = OsString>>,
    known: &mut Vec<String>,
    request: &mut Request,
) -> Result<(), Refusal> {
    let missing = || Refusal::new(format!("{written} requires an argument"));
    let value = match &word.value {
        Some(value) if value.is_empty() => return Err(missing()),
        Some(value) => value.clone(),
        None => {
            let next = rest.next().ok_or_else(missing)?;
            let next = String::from_utf8_lossy(&next.into_vec()).into_owned();
            if next.starts_with('-') && next.len() > 1 && word.name != "--eval" {
                return Err(missing());
            }
            request.exec_argv.push(next.clone());
            next.strip_prefix("\\-").map_or(next.clone(), |rest| format!("-{rest}"))
        }
    };
    known.push(format!("{}={value}", word.name));
    Ok(())
}

/// Takes what is no option of Node's for a flag of V8.
fn v8_flag(word: &Word, request: &mut Request) {
    let name = match word.name.as_str() {
        "--experimental-shadow-realm" => "--harmony-shadow-realm",
        "--no-experimental-shadow-realm" => "--no-harmony-shadow-realm",
        name => name,
    };
    request.v8_flags.push(match &word.value {
        Some(value) => format!("{name}={value}"),
        None => name.to_owned(),
    });
    request.v8_written.push(word.written.clone());
}

/// Tells V8 the one flag that it reads anew for each worker. Any other would change the engine under those that run.
fn limit_stacks(request: &Request) {
    for flag in request.v8_flags.iter().filter(|flag| flag.starts_with("--stack-trace-limit=")) {
        ironode::accepts_v8_flag(flag);
    }
}

/// Checks with V8 that the flags are its own: each one that is not gets a line.
fn refuse_unknown(request: &Request) -> Result<(), Refusal> {
    let flags = request.v8_flags.iter().zip(&request.v8_written);
    let unknown = flags.filter(|(flag, _)| !flag.starts_with("--") || !ironode::accepts_v8_flag(flag));
    let lines: Vec<_> = unknown.map(|(_, written)| format!("bad option: {written}")).collect();
    if lines.is_empty() { Ok(()) } else { Err(Refusal::new(lines.join("\n"))) }
}

/// The clap command with all options in their long form with a value.
fn command() -> Command {
    let args = TABLE.iter().map(|row| {
        let long = row.name.trim_start_matches('-');
        let action = if row.kind == Kind::List { ArgAction::Append } else { ArgAction::Set };
        let arg = Arg::new(row.name).long(long).action(action).require_equals(true).num_args(1);
        match row.kind {
            Kind::On | Kind::Off => arg.value_parser(clap::value_parser!(bool)).overrides_with(row.name),
            Kind::Number if row.name.starts_with("--test-") => {
                arg.value_parser(leading_unsigned).overrides_with(row.name)
            }
            Kind::Number => arg.value_parser(leading_number).overrides_with(row.name),
            Kind::Text => arg.overrides_with(row.name),
            Kind::List => arg,
        }
    });
    Command::new("ironode").no_binary_name(true).disable_help_flag(true).disable_version_flag(true).args(args)
}

/// The number that a text begins with; 0 where it begins with none, as in Node.
fn leading_number(text: &str) -> Result<f64, std::convert::Infallible> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Ok(text[..end].parse().unwrap_or(0.0))
}

/// The same for options without negative numbers: these are counted down from the largest, as in Node.
fn leading_unsigned(text: &str) -> Result<f64, std::convert::Infallible> {
    let Some(rest) = text.strip_prefix('-') else { return leading_number(text) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Ok(rest[..end].parse::<u64>().map_or(0.0, |number| number.wrapping_neg() as f64))
}

fn collect(matches: &ArgMatches, request: &mut Request) -> Result<(), Refusal> {
    for row in TABLE {
        let value = match row.kind {
            Kind::On => Some(OptionValue::Flag(matches.get_one(row.name).copied().unwrap_or(true))),
            Kind::Off => matches.get_one::<bool>(row.name).map(|value| OptionValue::Flag(*value)),
            Kind::Number => matches.get_one::<f64>(row.name).map(|value| OptionValue::Number(*value)),
            Kind::Text => matches.get_one::<String>(row.name).map(|value| OptionValue::Text(value.clone())),
            Kind::List => matches
                .get_many::<String>(row.name)
                .map(|values| OptionValue::List(values.cloned().collect())),
        };
        if let Some(value) = value {
            check_value(row.name, &value)?;
            request.options.push((row.name.to_owned(), value));
        }
    }
    check_together(request)
}

/// What only all options together tell: those that exclude each other, and the sizes of the memory for secrets,
/// which are powers of two. Each fault gets a line.
fn check_together(request: &Request) -> Result<(), Refusal> {
    let is_on = |name: &str| {
        request.options.iter().any(|(given, value)| given == name && *value == OptionValue::Flag(true))
    };
    let conflict = |one: &str, other: &str| {
        (is_on(one) && is_on(other)).then(|| format!("either {one} or {other} can be used, not both"))
    };
    let is_power = |value: &OptionValue| matches!(value, OptionValue::Number(number) if (*number as u64).is_power_of_two());
    let is_wrong = |name: &&str| {
        request
            .options
            .iter()
            .any(|(given, value)| given == name && !is_power(value) && *value != OptionValue::Number(0.0))
    };
    let is_given = |name: &str| request.options.iter().any(|(given, _)| given == name);
    let alone =
        ["--cpu-prof", "--heap-prof"].into_iter().filter(|switch| !is_on(switch)).flat_map(|switch| {
            let names = ["name", "dir", "interval"].map(|part| format!("{switch}-{part}"));
            let given = names.into_iter().filter(|name| is_given(name));
            given.map(move |name| format!("{name} must be used with {switch}"))
        });
    let wrong = ["--secure-heap", "--secure-heap-min"].into_iter().filter(is_wrong);
    let lines: Vec<String> = conflict("--use-openssl-ca", "--use-bundled-ca")
        .into_iter()
        .chain(conflict("--use-openssl-ca", "--use-system-ca"))
        .chain(wrong.map(|name| format!("{name} must be a power of 2")))
        .chain(conflict("--tls-min-v1.3", "--tls-max-v1.2"))
        .chain(alone)
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(Refusal::new(lines.join("\n"))) }
}

fn check_value(name: &str, value: &OptionValue) -> Result<(), Refusal> {
    if let ("--inspect-port", OptionValue::Text(text)) = (name, value) {
        return check_port(text);
    }
    if let ("--inspect-publish-uid", OptionValue::Text(text)) = (name, value) {
        let is_known = text.split(',').all(|way| matches!(way, "stderr" | "http"));
        let refusal = || Refusal::new("--inspect-publish-uid destination can be stderr or http");
        return is_known.then_some(()).ok_or_else(refusal);
    }
    if let ("--security-revert", OptionValue::List(reverts)) = (name, value) {
        // There is nothing to revert: Ironode has had none of the faults that Node can bring back.
        let text = format!("Error: Attempt to revert an unknown CVE [{}]", reverts[0]);
        return Err(Refusal { code: INVALID_REVERT, ..Refusal::new(text) });
    }
    if let ("--max-old-space-size-percentage", OptionValue::Text(text)) = (name, value) {
        let refusal = || Refusal::new(format!("{name} must be greater than 0 and up to 100. Got: {text}"));
        return percentage(text).map(|_| ()).ok_or_else(refusal);
    }
    let allowed: &[&str] = match name {
        "--use-largepages" => &["off", "on", "silent"],
        "--unhandled-rejections" => &["warn-with-error-code", "throw", "strict", "warn", "none"],
        "--disable-proto" => &["delete", "throw"],
        "--test-isolation" => &["process", "none"],
        "--trace-require-module" => &["all", "no-node-modules"],
        "--input-type" => &["commonjs", "module", "module-typescript", "commonjs-typescript"],
        _ => return Ok(()),
    };
    let OptionValue::Text(text) = value else { return Ok(()) };
    if allowed.contains(&text.as_str()) {
        return Ok(());
    }
    Err(match name {
        "--disable-proto" => {
            Refusal { code: INVALID_PROTO_MODE, ..Refusal::new("invalid mode passed to --disable-proto") }
        }
        "--input-type" => {
            let forms = r#""module","commonjs", "module-typescript" or "commonjs-typescript""#;
            Refusal::new(format!("--input-type must be {forms}"))
        }
        _ => Refusal::new(format!("invalid value for {name}")),
    })
}

/// A share of a hundred that is not nothing.
fn percentage(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| *share > 0.0 && *share <= 100.0)
}

/// Checks the port of `[host:]port`: the host may stand in brackets.
fn check_port(text: &str) -> Result<(), Refusal> {
    let after_host = text.rsplit_once(']').map_or(text, |(_, rest)| rest);
    let port = match after_host.rsplit_once(':') {
        Some((_, port)) => port,
        None if after_host.bytes().all(|byte| byte.is_ascii_digit()) && !after_host.is_empty() => after_host,
        None => return Ok(()),
    };
    match leading_number(port) {
        Ok(port) if port == 0.0 || (1024.0..=65535.0).contains(&port) => Ok(()),
        _ => Err(Refusal::new("must be 0 or in range 1024 to 65535.")),
    }
}

/// What is printed in the place of a program.
fn printed(matches: &ArgMatches) -> Option<Action> {
    let all = [
        ("--version", Action::Version),
        ("--completion-bash", Action::Completion),
        ("--help", Action::Help),
        ("--v8-options", Action::V8Options),
    ];
    let mut all = all.into_iter();
    all.find(|(name, _)| matches.get_one(name).copied().unwrap_or(false)).map(|(_, action)| action)
}

fn action(matches: &ArgMatches, request: &mut Request, has_stdin_mark: bool) -> Result<Action, Refusal> {
    let on = |name: &str| matches.get_one(name).copied().unwrap_or(false);
    let text_of = |name: &str| matches.get_one::<String>(name).cloned();
    if let Some(name) = text_of("--run") {
        return Ok(Action::Script(name));
    }
    if let Some(config) = text_of("--experimental-sea-config") {
        return Ok(Action::Make(Order::Blob(config)));
    }
    if let Some(config) = text_of("--build-sea") {
        return Ok(Action::Make(Order::Executable(config)));
    }
    if let Some(config) = matches.get_one::<String>("--build-snapshot-config") {
        return Ok(Action::Keep(Builder::Config(config.clone())));
    }
    if on("--build-snapshot") {
        if request.args.is_empty() {
            let text = "--build-snapshot must be used with an entry point script.\n\
                        Usage: node --build-snapshot /path/to/entry.js";
            return Err(Refusal { is_plain: true, ..Refusal::new(text) });
        }
        return Ok(Action::Keep(Builder::File(lossy(request.args.remove(0)))));
    }
    let text = text_of("--eval");
    if request.watches() {
        let other =
            [("--check", on("--check")), ("--eval", text.is_some()), ("--interactive", on("--interactive"))];
        if let Some((other, _)) = other.iter().find(|(_, given)| *given) {
            return Err(Refusal::new(format!("either --watch or {other} can be used, not both")));
        }
        if on("--test") && request.has_watch_paths() {
            return Err(Refusal::new("--watch-path cannot be used in combination with --test"));
        }
        // The program is run by a child process: all words are arguments.
        return Ok(Action::Run(Source::Stdin { print: false }));
    }
    if on("--check") {
        if text.is_some() {
            return Err(Refusal::new("either --check or --eval can be used, not both"));
        }
        let file = if request.args.is_empty() { "-".into() } else { request.args.remove(0) };
        return Ok(Action::Run(Source::Check(lossy(file))));
    }
    // The files are looked for by the runtime: all words are arguments.
    if on("--test") {
        return Ok(Action::Run(Source::Stdin { print: false }));
    }
    if on("--interactive") && (text.is_some() || request.args.is_empty()) {
        return Ok(Action::Run(Source::Repl { text, print: on("--print") }));
    }
    if let Some(text) = text {
        return Ok(Action::Run(Source::Eval { text, print: on("--print") }));
    }
    if has_stdin_mark {
        return Ok(Action::Run(Source::Stdin { print: on("--print") }));
    }
    if request.args.is_empty() {
        return Ok(if on("--print") { Action::Run(Source::Stdin { print: true }) } else { Action::Default });
    }
    // A program without a name is none.
    if request.args.first().is_some_and(|name| name.is_empty()) {
        return Ok(Action::Default);
    }
    Ok(Action::Run(Source::File(lossy(request.args.remove(0)))))
}

fn lossy(text: OsString) -> String {
    String::from_utf8_lossy(&text.into_vec()).into_owned()
}

/// Splits `NODE_OPTIONS` at spaces; double quotes hold spaces, a backslash in them the next character.
pub(crate) fn split_environment(text: &str) -> Result<Vec<String>, Refusal> {
    let mut words: Vec<String> = Vec::new();
    let (mut in_quotes, mut begins) = (false, true);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' if in_quotes => {
                chars.next().ok_or_else(|| Refusal::new("invalid value for NODE_OPTIONS (invalid escape)"))?
            }
            ' ' if !in_quotes => {
                begins = true;
                continue;
            }
            '"' => {
                in_quotes = !in_quotes;
                continue;
            }
            c => c,
        };
        if begins {
            words.push(String::new());
            begins = false;
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    if in_quotes {
        return Err(Refusal::new("invalid value for NODE_OPTIONS (unterminated string)\n"));
    }
    Ok(words)
}

/// Reads the options of `NODE_OPTIONS`; what is no option there is passed over, as Node does.
fn read_environment(text: &str, known: &mut Vec<String>, request: &mut Request) -> Result<(), Refusal> {
    let mut words = split_environment(text)?.into_iter().map(OsString::from).peekable();
    let exec_argv = std::mem::take(&mut request.exec_argv);
    while let Some(word) = words.next() {
        let word = lossy(word);
        if word.starts_with('-') {
            let word = Word::new(&word);
            check_environment(&word)?;
            classify(&word, &mut words, known, request)?;
        }
    }
    request.exec_argv = exec_argv;
    Ok(())
}

fn check_environment(word: &Word) -> Result<(), Refusal> {
    let positive = word.name.strip_prefix("--no-").map(|name| format!("--{name}"));
    let row = positive.as_deref().and_then(options::find).or_else(|| options::find(&word.name));
    let allowed = match row {
        Some(row) => row.in_environment,
        None => options::V8_IN_ENVIRONMENT.contains(&word.name.as_str()),
    };
    if allowed {
        return Ok(());
    }
    let equals = if word.value.is_some() { "=" } else { "" };
    Err(Refusal::new(format!("{}{equals} is not allowed in NODE_OPTIONS", word.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Request, Refusal> {
        read(args.iter().map(OsString::from).collect(), Beside::default())
    }

    #[test]
    fn the_script_ends_the_options() -> Result<(), Refusal> {
        let request = parse(&["--no_warnings", "a.js", "-e", "x"])?;
        assert_eq!(request.action, Action::Run(Source::File("a.js".into())));
        assert_eq!(request.args, ["-e", "x"]);
        assert!(request.options.contains(&("--warnings".into(), OptionValue::Flag(false))));
        Ok(())
    }

    #[test]
    fn evaluation_forms() -> Result<(), Refusal> {
        let eval = |print| Action::Run(Source::Eval { text: "1".into(), print });
        assert_eq!(parse(&["-e", "1"])?.action, eval(false));
        assert_eq!(parse(&["--eval=1"])?.action, eval(false));
        assert_eq!(parse(&["-p", "1"])?.action, eval(true));
        assert_eq!(parse(&["-pe", "1"])?.action, eval(true));
        assert_eq!(parse(&["-p", "-e", "1", "arg"])?.args, ["arg"]);
        Ok(())
    }

    #[test]
    fn refusals_have_nodes_words() {
        let text = |args: &[&str]| parse(args).map_err(|refusal| refusal.text).err();
        assert_eq!(text(&["-r"]), Some("-r requires an argument".into()));
        assert!(text(&["--no-eval"]).is_some_and(|t| t.contains("invalid negation")));
        assert_eq!(text(&["-x"]), Some("bad option: -x".into()));
        assert_eq!(
            text(&["--unhandled-rejections=no"]),
            Some("invalid value for --unhandled-rejections".into())
        );
    }

    #[test]
    fn the_environment_has_quotes() -> Result<(), Refusal> {
        let words = split_environment(r#"--require "a b.js" --title="x \" y""#)?;
        assert_eq!(words, ["--require", "a b.js", r#"--title=x " y"#]);
        Ok(())
    }
}
