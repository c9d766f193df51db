//! `--trace-env` and its kin: each use of `process.env` on standard error, with the stacks that are asked for.

use std::backtrace::Backtrace;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;

use crate::bind::Host;

/// How many frames of JavaScript are shown.
const FRAMES: usize = 10;

const WITH_JS: &str = "--trace-env-js-stack";
const WITH_NATIVE: &str = "--trace-env-native-stack";

/// Whether uses are told.
pub(super) fn is_wanted(host: &Host) -> bool {
    ["--trace-env", WITH_JS, WITH_NATIVE].into_iter().any(|flag| host.flag(flag))
}

/// Tells of a use of one variable.
pub(super) fn tell(scope: &mut v8::PinScope<'_, '_>, verb: &str, name: &OsStr) {
    let name = String::from_utf8_lossy(name.as_bytes()).into_owned();
    say(scope, &format!("{verb} \"{name}\""));
}

/// Tells of a use of all of them.
pub(super) fn tell_enumeration(scope: &mut v8::PinScope<'_, '_>) {
    say(scope, "enumerate environment variables");
}

fn say(scope: &mut v8::PinScope<'_, '_>, what: &str) {
    let host = Host::of(scope);
    let mut text = format!("[--trace-env] {what}\n");
    if host.flag(WITH_NATIVE) {
        let _ = write!(text, "\n----- Native stack trace -----\n\n{}\n", Backtrace::force_capture());
    }
    if host.flag(WITH_JS) {
        add_frames(scope, &mut text);
    }
    host.stdio.write_all(2, text.as_bytes());
}

fn add_frames(scope: &mut v8::PinScope<'_, '_>, text: &mut String) {
    let Some(stack) = v8::StackTrace::current_stack_trace(scope, FRAMES) else { return };
    text.push_str("\n----- JavaScript stack trace -----\n\n");
    for index in 0..stack.get_frame_count() {
        let Some(frame) = stack.get_frame(scope, index) else { continue };
        let script = frame.get_script_name_or_source_url(scope);
        let script = script.map_or_else(String::new, |name| name.to_rust_string_lossy(scope));
        let place = format!("{script}:{}:{}", frame.get_line_number(), frame.get_column());
        let function = frame.get_function_name(scope).map(|name| name.to_rust_string_lossy(scope));
        let _ = match function.filter(|name| !name.is_empty()) {
            Some(function) => writeln!(text, "{}: {function} ({place})", index + 1),
            None => writeln!(text, "{}: {place}", index + 1),
        };
    }
    text.push_str("\n\n");
}
