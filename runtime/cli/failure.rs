//! How the command line fails, and how errors of the system are told there.

use std::io;

use ironode::Error;

use super::args::Refusal;

/// Why nothing is run.
pub(crate) enum Failure {
    /// Something is wrong with what was asked.
    Refused(Refusal),
    /// The runtime does not start.
    Runtime(Error),
}

impl Failure {
    /// Words that stand alone.
    pub(crate) fn plain(code: u8, text: String) -> Self {
        Failure::Refused(Refusal { text, code, is_plain: true })
    }
}

/// An error of the system as libuv tells it, with its code or without.
pub(crate) fn told(error: &io::Error, with_code: bool) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    match error.kind() {
        io::ErrorKind::NotFound if with_code => format!("ENOENT: {text}"),
        io::ErrorKind::PermissionDenied if with_code => format!("EACCES: {text}"),
        io::ErrorKind::IsADirectory => String::from("illegal operation on a directory"),
        _ => text,
    }
}
