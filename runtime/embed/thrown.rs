//! What is thrown: by a program, for Rust; and by Rust, for a program.

use std::fmt::{self, Display};

use ironode_ops::bind::Host;
use ironode_ops::bind::convert::internalized;
use ironode_ops::bind::error::{ErrorClass, coded};

use super::value::Scope;
use crate::Error;

/// What a program has thrown, or rejected a promise with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The `name` of an error, such as `TypeError`; empty for a value that is no object.
    pub name: String,
    /// The `message` of an error; the text of another value.
    pub message: String,
    /// The `code` of an error of Node's, such as `ENOENT`.
    pub code: Option<String>,
    /// The `stack` of an error.
    pub stack: Option<String>,
}

impl Display for Exception {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.stack {
            Some(stack) => out.write_str(stack),
            None if self.name.is_empty() => write!(out, "uncaught {}", self.message),
            None => write!(out, "{}: {}", self.name, self.message),
        }
    }
}

/// What a Rust function throws into a program: anything with a text becomes an `Error` with that message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    class: ErrorClass,
    code: Option<&'static str>,
    message: String,
}

impl Thrown {
    /// An `Error`.
    pub fn error(message: impl Into<String>) -> Self {
        Thrown { class: ErrorClass::Error, code: None, message: message.into() }
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Thrown { class: ErrorClass::Type, ..Thrown::error(message) }
    }

    /// A `RangeError`.
    pub fn range_error(message: impl Into<String>) -> Self {
        Thrown { class: ErrorClass::Range, ..Thrown::error(message) }
    }

    /// The same with the property `code`.
    #[must_use]
    pub fn code(self, code: &'static str) -> Self {
        Thrown { code: Some(code), ..self }
    }

    pub(super) fn to_js<'s>(&self, scope: &mut Scope<'s, '_>) -> v8::Local<'s, v8::Value> {
        coded(scope, self.class, self.code, &self.message)
    }
}

impl<E: Display> From<E> for Thrown {
    fn from(error: E) -> Self {
        Thrown::error(error.to_string())
    }
}

/// Why a call has given no value: it has thrown, or execution was ended.
pub(super) fn exception(
    caught: &mut v8::PinnedRef<'_, v8::TryCatch<'_, '_, v8::HandleScope<'_, v8::Context>>>,
) -> Error {
    match caught.exception() {
        Some(thrown) if !caught.has_terminated() => {
            caught.reset();
            describe(caught, thrown)
        }
        _ => Host::of(caught).exit().map_or(Error::Deadline, Error::Exited),
    }
}

/// The error for what was thrown.
pub(super) fn describe(scope: &mut Scope<'_, '_>, thrown: v8::Local<'_, v8::Value>) -> Error {
    let Ok(object) = v8::Local::<v8::Object>::try_from(thrown) else {
        let message = text_of(scope, thrown);
        return Error::Js(Exception { name: String::new(), message, code: None, stack: None });
    };
    let mut property = |name| {
        v8::tc_scope!(let caught, scope);
        let key = internalized(caught, name).into();
        let value = object.get(caught, key).filter(|value| value.is_string())?;
        Some(value.to_rust_string_lossy(caught))
    };
    let [name, message, code, stack] = ["name", "message", "code", "stack"].map(&mut property);
    let message = message.unwrap_or_else(|| text_of(scope, thrown));
    Error::Js(Exception { name: name.unwrap_or_default(), message, code, stack })
}

/// The text of a value, as far as it can be had.
fn text_of(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> String {
    v8::tc_scope!(let caught, scope);
    let text = value.to_detail_string(caught);
    text.map_or_else(|| String::from("a value without a text"), |text| text.to_rust_string_lossy(caught))
}
