//! What can go wrong with a runtime, and with what it is asked for.

use std::fmt;

use crate::{Exception, Exit};

/// A runtime could not be made or go on, or could not do what it was asked for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The JavaScript layer of Ironode did not start; the text says why.
    Bootstrap(String),
    /// The system refused something the event loop needs.
    Io(std::io::Error),
    /// The program has thrown, or rejected a promise that was waited for.
    Js(Exception),
    /// A value cannot cross the border as what was asked for; the text says why.
    Type(String),
    /// The program has ended: by itself, by `process.exit()` or by an uncaught exception.
    Exited(Exit),
    /// The time of a call was over.
    Deadline,
    /// A promise was waited for, and nothing is left that could settle it.
    Unsettled,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Bootstrap(text) => write!(out, "Ironode did not start: {text}"),
            Error::Io(error) => write!(out, "the system refused the event loop: {error}"),
            Error::Js(exception) => write!(out, "{exception}"),
            Error::Type(text) => out.write_str(text),
            Error::Exited(exit) => write!(out, "the program has ended with exit code {}", exit.code()),
            Error::Deadline => out.write_str("the call has taken too long"),
            Error::Unsettled => out.write_str("nothing is left that could settle the promise"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(error) => Some(error),
            _ => None,
        }
    }
}
