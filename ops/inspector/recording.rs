//! `--cpu-prof` and `--heap-prof`: profiles of a program from its beginning to its end, in files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use super::say;
use super::tool::Tool;
use crate::bind::permission::Scope;
use crate::bind::state::OptionValue;
use crate::bind::{Host, diagnostic, errno};

/// A kind of profile.
struct Kind {
    /// The switch of the command line that asks for it; `-dir`, `-interval` and `-name` follow it.
    option: &'static str,
    prefix: &'static str,
    extension: &'static str,
    /// What messages call it.
    name: &'static str,
    /// The switch's usual interval: microseconds, or bytes.
    interval: f64,
    /// The commands that begin it, each with the parameter that is the interval.
    begin: &'static [(&'static str, Option<&'static str>)],
    end: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        option: "--cpu-prof",
        prefix: "CPU",
        extension: "cpuprofile",
        name: "CPU",
        interval: 1000.0,
        begin: &[
            ("Profiler.enable", None),
            ("Profiler.setSamplingInterval", Some("interval")),
            ("Profiler.start", None),
        ],
        end: "Profiler.stop",
    },
    Kind {
        option: "--heap-prof",
        prefix: "Heap",
        extension: "heapprofile",
        name: "heap",
        interval: 524_288.0,
        begin: &[("HeapProfiler.enable", None), ("HeapProfiler.startSampling", Some("samplingInterval"))],
        end: "HeapProfiler.stopSampling",
    },
];

/// A profile that is being made.
struct Recording {
    kind: &'static Kind,
    tool: Tool,
    /// Where it is not absolute, it will be where the program is then.
    folder: PathBuf,
    file: String,
}

/// Those of one runtime.
#[derive(Default)]
struct Recordings(RefCell<Vec<Recording>>);

/// Begins what the command line asks for.
pub fn begin(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    if host.config.builds_snapshot || !KINDS.iter().any(|kind| host.flag(kind.option)) {
        return;
    }
    // The permission model takes the inspector away.
    if host.permissions.is_some() && !host.flag("--allow-inspector") {
        return;
    }
    let wanted = KINDS.iter().filter(|kind| host.flag(kind.option));
    let begun = wanted.map(|kind| Recording::begin(scope, &host, kind)).collect();
    host.extension::<Recordings>().0.replace(begun);
}

/// Writes what has been recorded; nothing is recorded afterwards.
pub(super) fn finish(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    let Some(recordings) = host.find_extension::<Recordings>() else { return };
    for recording in recordings.0.take() {
        if let Err(message) = recording.finish(&host) {
            say(scope, &format!("{message}\n"));
        }
    }
}

impl Recording {
    fn begin(scope: &mut v8::PinScope<'_, '_>, host: &Host, kind: &'static Kind) -> Recording {
        let option = |suffix: &str| host.option(&format!("{}-{suffix}", kind.option));
        let text = |suffix: &str| match option(suffix) {
            Some(OptionValue::Text(text)) => Some(text),
            _ => None,
        };
        let folder = match text("dir") {
            Some(folder) => PathBuf::from(folder),
            None => diagnostic::folder(host),
        };
        let file = match text("name") {
            Some(name) => name.replace("${pid}", &std::process::id().to_string()),
            None => diagnostic::file_name(host, kind.prefix, kind.extension),
        };
        let interval = match option("interval") {
            Some(OptionValue::Number(interval)) => *interval,
            _ => kind.interval,
        };
        let tool = Tool::open(scope);
        for (index, (method, parameter)) in kind.begin.iter().enumerate() {
            let params =
                parameter.map_or_else(String::new, |name| format!(r#","params":{{"{name}":{interval}}}"#));
            tool.post(&format!(r#"{{"id":{},"method":"{method}"{params}}}"#, index + 1));
        }
        Recording { kind, tool, folder, file }
    }

    /// Writes the file; the error is what to say.
    fn finish(&self, host: &Host) -> Result<(), String> {
        let answers = self.tool.post(&format!(
            r#"{{"id":{},"method":"{}"}}"#,
            self.kind.begin.len() + 1,
            self.kind.end
        ));
        let answer = answers.last().map_or("", String::as_str);
        let Some(profile) = profile_in(answer) else {
            return Err(format!(
                "Failed to get 'result' from {} profile response:\n{answer}",
                self.kind.name
            ));
        };
        let folder = host.cwd().unwrap_or_default().join(&self.folder);
        let file = folder.join(self.file.trim_start_matches('/'));
        if let Some(permissions) = &host.permissions
            && !permissions.has(host, Scope::FsWrite, file.as_os_str().as_encoded_bytes())
        {
            return Ok(());
        }
        let told = |what: &str, path: &Path| {
            let (what, path) = (what.to_owned(), path.display().to_string());
            move |error: std::io::Error| {
                let code = errno::name(-error.raw_os_error().unwrap_or(0));
                format!("{code}: Failed to {what} {path}")
            }
        };
        let create = format!("create {} profile directory", self.kind.name);
        fs::create_dir_all(&folder).map_err(told(&create, &folder))?;
        fs::write(&file, profile).map_err(told("write file", &file))
    }
}

/// The text of the profile in an answer of the engine.
fn profile_in(answer: &str) -> Option<&str> {
    let answer: HashMap<&str, &RawValue> = serde_json::from_str(answer).ok()?;
    let result: HashMap<&str, &RawValue> = serde_json::from_str(answer.get("result")?.get()).ok()?;
    result.get("profile").map(|profile| profile.get())
}
