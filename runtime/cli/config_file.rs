//! `--experimental-config-file`: options of the command line that a file of JSON holds.

use std::fs;

use super::args::Refusal;
use super::failure::{Failure, told};
use super::json::{self, Fault, Fields, Malformed};
use super::options::{self, Kind, Row};

/// The file where none is named.
const USUAL: &str = "node.config.json";

/// The options that a file holds, in their long form.
#[derive(Debug, Default)]
pub(crate) struct Preset {
    /// Those that `NODE_OPTIONS` may hold as well, which overrides them.
    pub(crate) of_environment: Vec<String>,
    /// Those that only the command line may hold otherwise.
    pub(crate) of_command_line: Vec<String>,
}

/// The group of the options that `NODE_OPTIONS` may hold.
const GENERAL: &str = "nodeOptions";

/// The other groups. Each switches on the option of its name.
const GROUPS: &[&str] = &["test", "watch", "permission"];

/// Options that do nothing any more.
const WITHOUT_EFFECT: &[&str] = &[
    "--experimental-abortcontroller",
    "--experimental-dtls",
    "--experimental-fetch",
    "--experimental-global-customevent",
    "--experimental-global-webcrypto",
    "--experimental-json-modules",
    "--experimental-modules",
    "--experimental-quic",
    "--experimental-report",
    "--experimental-specifier-resolution",
    "--experimental-top-level-await",
    "--experimental-wasi-unstable-preview1",
    "--experimental-wasm-modules",
    "--experimental-worker",
    "--http-parser",
    "--napi-modules",
    "--node-memory-debug",
];

/// Options that `NODE_OPTIONS` may hold and a file may not: other names of options, for the most part.
const ONLY_IN_ENVIRONMENT: &[&str] = &[
    "--enable-network-family-autoselection",
    "--es-module-specifier-resolution",
    "--experimental-strip-types",
    "--inspect-brk-node",
    "--prof-process",
    "--trace-events-enabled",
    "--webstorage",
];

/// Options that have the form of a text, and are numbers in a file.
const NUMBERS: &[&str] = &["--inspect-port", "--stack-trace-limit"];

/// The file that the options of the command line name.
pub(crate) fn named(exec_argv: &[String]) -> Result<Option<String>, Refusal> {
    let mut file = None;
    let mut is_wanted = false;
    for word in exec_argv {
        match word.as_str() {
            "--experimental-config-file" | "--experimental-default-config-file" => is_wanted = true,
            word if word.starts_with("--experimental-default-config-file=") => {
                let text = "--experimental-default-config-file does not take an argument";
                return Err(Refusal::new(text));
            }
            word => {
                if let Some(name) = word.strip_prefix("--experimental-config-file=") {
                    if name.is_empty() {
                        return Err(Refusal::new("--experimental-config-file= requires an argument"));
                    }
                    file = Some(name.to_owned());
                }
            }
        }
    }
    Ok(file.or_else(|| is_wanted.then(|| USUAL.to_owned())))
}

/// Reads the options of a file. What is wrong with it goes to `say`, line by line.
pub(crate) fn read(file: &str, say: impl Fn(&str)) -> Result<Preset, Failure> {
    let refused = |text: String| Failure::Refused(Refusal::new(text));
    let text = fs::read(file).map_err(|error| {
        say(&format!("Cannot read configuration from {file}: {}", told(&error, false)));
        refused(format!("{file}: not found"))
    })?;
    let mut preset = Preset::default();
    preset.take(file, &text).map_err(|mistake| {
        if let Some(mistake) = mistake {
            say(&mistake);
        }
        refused(format!("{file}: invalid content"))
    })?;
    // What stands in the environment ends at a space.
    if preset.of_environment.iter().any(|word| word.contains(' ')) {
        let text = "The number of NODE_OPTIONS doesn't match the number of flags in the config file";
        return Err(refused(text.to_owned()));
    }
    Ok(preset)
}

/// What is wrong, where there are words for it.
type Mistake = Option<String>;

impl Preset {
    fn take(&mut self, file: &str, text: &[u8]) -> Result<(), Mistake> {
        let mut fields = json::open(text).map_err(|fault| {
            Some(match fault {
                Fault::IncorrectType => format!("Root value unexpected not an object for {file}\n"),
                _ => format!("Can't parse {file}"),
            })
        })?;
        let mut given = Vec::new();
        while let Some(group) = fields.next_name().map_err(|Malformed| None)? {
            match group.as_str() {
                "$schema" => fields.skip().map_err(|Malformed| None)?,
                "testRunner" => {
                    let text = "the \"testRunner\" namespace has been removed. Use \"test\" instead.";
                    return Err(Some(text.to_owned()));
                }
                GENERAL => self.take_group(file, &group, &mut fields, &mut given)?,
                name if GROUPS.contains(&name) => self.take_group(file, &group, &mut fields, &mut given)?,
                _ => return Err(Some(format!("Unknown namespace {group}"))),
            }
        }
        Ok(())
    }

    /// Takes the options of one group; `given` names those that were there before.
    fn take_group(
        &mut self,
        file: &str,
        group: &str,
        fields: &mut Fields<'_>,
        given: &mut Vec<String>,
    ) -> Result<(), Mistake> {
        let no_object =
            |Malformed| Some(format!("\"{group}\" value unexpected for {file} (should be an object)"));
        fields.enter().map_err(no_object)?;
        while let Some(field) = fields.next_name().map_err(|Malformed| None)? {
            let name = format!("--{field}");
            let unknown = || Some(format!("Unknown or not allowed option {field} for namespace {group}"));
            if group == GENERAL && is_of_v8(&name) {
                return Err(Some(format!("V8 flag {name} is currently not supported")));
            }
            if group == GENERAL && WITHOUT_EFFECT.contains(&name.as_str()) {
                return Err(Some(format!("No-op flag {name} is currently not supported")));
            }
            let kind = kind(group, &name).ok_or_else(unknown)?;
            if given.contains(&name) {
                return Err(Some(format!("Option {name} is already defined")));
            }
            let words = words(kind, &name, fields);
            let words = words.map_err(|Malformed| Some(format!("Invalid value for {name}")))?;
            given.push(name);
            self.list(group).extend(words);
        }
        let switch = format!("--{group}");
        if group != GENERAL && !given.contains(&switch) {
            self.list(group).push(switch);
        }
        Ok(())
    }

    fn list(&mut self, group: &str) -> &mut Vec<String> {
        if group == GENERAL { &mut self.of_environment } else { &mut self.of_command_line }
    }
}

/// Whether an option of that name is a flag of V8.
fn is_of_v8(name: &str) -> bool {
    name == "--abort-on-uncaught-exception"
        || (options::V8_IN_ENVIRONMENT.contains(&name)
            && !matches!(name, "--stack-trace-limit" | "--experimental-shadow-realm"))
}

/// What an option takes; nothing where the group does not have it.
fn kind(group: &str, name: &str) -> Option<Kind> {
    if group == GENERAL && name == "--stack-trace-limit" {
        return Some(Kind::Number);
    }
    if group == GENERAL && name == "--experimental-shadow-realm" {
        return Some(Kind::Off);
    }
    let row: &Row = options::find(name).filter(|row| row.name == name)?;
    let is_there = match group {
        "test" => {
            (name.starts_with("--test") && name != "--test-udp-no-try-send")
                || name.starts_with("--experimental-test-")
        }
        "watch" => name.starts_with("--watch"),
        "permission" => name.starts_with("--allow-") || name == "--permission",
        _ => row.in_environment && !ONLY_IN_ENVIRONMENT.contains(&name),
    };
    is_there.then_some(if NUMBERS.contains(&name) { Kind::Number } else { row.kind })
}

/// The words that give an option the value that comes next.
fn words(kind: Kind, name: &str, fields: &mut Fields<'_>) -> Result<Vec<String>, Malformed> {
    let with_value = |value: String| format!("{name}={value}");
    Ok(match kind {
        Kind::On | Kind::Off if fields.boolean()? => vec![name.to_owned()],
        Kind::On | Kind::Off => vec![format!("--no-{}", name.trim_start_matches('-'))],
        Kind::Number => vec![with_value(fields.unsigned()?.to_string())],
        Kind::Text => vec![with_value(fields.string()?)],
        Kind::List if fields.is_array() => fields.strings()?.into_iter().map(with_value).collect(),
        Kind::List => vec![with_value(fields.string()?)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(text: &str) -> Result<Preset, Mistake> {
        let mut preset = Preset::default();
        preset.take("c.json", text.as_bytes()).map(|()| preset)
    }

    #[test]
    fn options_of_all_kinds_are_words() {
        let text = r#"{"$schema":"x","nodeOptions":{"warnings":false,"import":["a","b"],"max-http-header-size":5},
            "test":{"test-isolation":"none"}}"#;
        let Preset { of_environment, of_command_line } = preset(text).unwrap_or_default();
        assert_eq!(of_environment, ["--no-warnings", "--import=a", "--import=b", "--max-http-header-size=5"]);
        assert_eq!(of_command_line, ["--test-isolation=none", "--test"]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, mistake) in [
            (r#"{"foo":{}}"#, "Unknown namespace foo"),
            (r#"{"test":1}"#, "\"test\" value unexpected for c.json (should be an object)"),
            (r#"{"nodeOptions":{"title":1}}"#, "Invalid value for --title"),
            (
                r#"{"nodeOptions":{"test":true}}"#,
                "Unknown or not allowed option test for namespace nodeOptions",
            ),
        ] {
            assert_eq!(preset(text).err().flatten().as_deref(), Some(mistake));
        }
    }
}
