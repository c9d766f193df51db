//! What can go wrong with a runtime as a whole.

use std::fmt;

/// A runtime could not be made or could not go on.
#[derive(Debug)]
pub enum Error {
    /// The JavaScript layer of Ironode did not start; the text says why.
    Bootstrap(String),
    /// The system refused something the event loop needs.
    Io(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Bootstrap(text) => write!(out, "Ironode did not start: {text}"),
            Error::Io(error) => write!(out, "the system refused the event loop: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Bootstrap(_) => None,
            Error::Io(error) => Some(error),
        }
    }
}
