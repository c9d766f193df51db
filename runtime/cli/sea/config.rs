//! The file of settings that says what a single executable is made of.

use std::fs;

use ironode::Extension;

use crate::failure::told;
use crate::json::{self, Fields, Malformed};

/// What an executable is made of.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The program.
    pub(super) main: String,
    /// What is written.
    pub(super) output: String,
    /// The executable that the program goes into; this one where nothing is said.
    pub(super) executable: Option<String>,
    /// Whether nothing is said of the experiment.
    pub(super) is_silent: bool,
    /// Whether a snapshot of the program is kept.
    pub(super) with_snapshot: bool,
    /// Whether what V8 compiles is kept.
    pub(super) with_code: bool,
    /// Whether the program is an ECMAScript module.
    pub(super) is_module: bool,
    /// Files that go along, by their keys.
    pub(super) assets: Vec<(String, String)>,
    /// Options of the command line.
    pub(super) exec_argv: Option<Vec<String>>,
    /// Where more options come from.
    pub(super) extension: Extension,
}

/// Reads the file.
pub(super) fn read(file: &str) -> Result<Settings, String> {
    let text = fs::read(file).map_err(|error| {
        format!("Cannot read single executable configuration from {file}: {}", told(&error, false))
    })?;
    let cannot_parse = |fault: json::Fault| format!("Cannot parse JSON from {file}: {}", fault.text());
    let mut fields = json::open(&text).map_err(cannot_parse)?;
    let mut settings = Settings::default();
    let cannot_read = |_| format!("Cannot read key from {file}");
    while let Some(name) = fields.next_name().map_err(cannot_read)? {
        settings.take(&name, &mut fields).map_err(|mistake| mistake.told(&name, file))?;
    }
    fields.end().map_err(cannot_parse)?;
    for (name, value) in [("main", &settings.main), ("output", &settings.output)] {
        if value.is_empty() {
            return Err(Mistake::Is("not a non-empty string").told(name, file));
        }
    }
    if settings.is_module && settings.with_snapshot {
        return Err(String::from(r#""mainFormat": "module" is not supported when "useSnapshot" is true"#));
    }
    Ok(settings)
}

/// What is wrong with a field.
enum Mistake {
    /// What it is, or is not.
    Is(&'static str),
    /// What it must be.
    MustBe(&'static str),
    /// Its value has no form.
    Unreadable,
    /// Ironode does not have it.
    NotThere,
}

impl Mistake {
    fn told(&self, name: &str, file: &str) -> String {
        match self {
            Mistake::Is(what) => format!("\"{name}\" field of {file} is {what}"),
            Mistake::MustBe(what) => format!("\"{name}\" field of {file} must be {what}"),
            Mistake::Unreadable => format!("Cannot read key from {file}"),
            Mistake::NotThere => format!("\"{name}\" field of {file} is not there yet in Ironode"),
        }
    }
}

fn boolean(fields: &mut Fields<'_>) -> Result<bool, Mistake> {
    fields.boolean().map_err(|Malformed| Mistake::Is("not a Boolean"))
}

fn text(fields: &mut Fields<'_>) -> Result<String, Mistake> {
    let text = fields.string().ok().filter(|text| !text.is_empty());
    text.ok_or(Mistake::Is("not a non-empty string"))
}

fn word(fields: &mut Fields<'_>) -> Result<String, Mistake> {
    fields.string().map_err(|Malformed| Mistake::Is("not a string"))
}

impl Settings {
    /// Takes the value of a field.
    fn take(&mut self, name: &str, fields: &mut Fields<'_>) -> Result<(), Mistake> {
        match name {
            "main" => self.main = text(fields)?,
            "output" => self.output = text(fields)?,
            "executable" => self.executable = Some(text(fields)?),
            "disableExperimentalSEAWarning" => self.is_silent = boolean(fields)?,
            "useSnapshot" => self.with_snapshot = boolean(fields)?,
            "useCodeCache" => self.with_code = boolean(fields)?,
            "useVfs" => {
                if boolean(fields)? {
                    return Err(Mistake::NotThere);
                }
            }
            "assets" => {
                let assets = fields.string_map();
                self.assets = assets.map_err(|Malformed| Mistake::Is("not a map of strings"))?;
            }
            "execArgv" => {
                let words = fields.strings();
                self.exec_argv = Some(words.map_err(|Malformed| Mistake::Is("not an array of strings"))?);
            }
            "execArgvExtension" => {
                self.extension = match word(fields)?.as_str() {
                    "none" => Extension::None,
                    "env" => Extension::Environment,
                    "cli" => Extension::Arguments,
                    _ => return Err(Mistake::MustBe(r#"one of "none", "env", or "cli""#)),
                };
            }
            "mainFormat" => {
                self.is_module = match word(fields)?.as_str() {
                    "commonjs" => false,
                    "module" => true,
                    _ => return Err(Mistake::MustBe(r#"one of "commonjs" or "module""#)),
                };
            }
            _ => fields.skip().map_err(|Malformed| Mistake::Unreadable)?,
        }
        Ok(())
    }
}
