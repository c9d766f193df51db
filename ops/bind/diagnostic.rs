//! The names of files that tell about a program: the time, the process, the thread and a number that all of them share.

use std::path::PathBuf;

use super::Host;
use super::state::OptionValue;
use crate::sys::process::local_time;

/// A name that no other file of this process has.
pub fn file_name(host: &Host, prefix: &str, extension: &str) -> String {
    let [year, month, day, hour, minute, second] = local_time();
    let (process, thread) = (std::process::id(), host.thread());
    let number = host.config.family.next_diagnostic();
    format!(
        "{prefix}.{year}{month:02}{day:02}.{hour:02}{minute:02}{second:02}.{process}.{thread}.{number:03}.{extension}"
    )
}

/// Where such files go unless something else is said: `--diagnostic-dir` as it was given, or the working directory.
pub fn folder(host: &Host) -> PathBuf {
    match host.option("--diagnostic-dir") {
        Some(OptionValue::Text(folder)) if !folder.is_empty() => PathBuf::from(folder),
        _ => host.cwd().unwrap_or_default(),
    }
}
