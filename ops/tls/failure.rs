//! What went wrong in a connection, as Node tells it.

use openssl::error::{Error, ErrorStack};

use crate::bind::convert::{internalized, set, string};
use crate::sys::tls::thread_name;

/// What the library's queue of errors held when a connection failed.
pub(super) struct Failure {
    message: String,
    library: Option<String>,
    reason: Option<String>,
}

impl Failure {
    /// Takes the queue of this thread.
    pub(super) fn take() -> Failure {
        let stack = ErrorStack::get();
        let thread = thread_name();
        let first = stack.errors().first();
        Failure {
            message: stack.errors().iter().map(|error| line(&thread, error)).collect(),
            library: first.and_then(Error::library).map(str::to_owned),
            reason: first.and_then(Error::reason).map(str::to_owned),
        }
    }

    /// The library's text.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The error with `library`, `reason` and `code`, in that order, as far as they are known.
    pub(super) fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        let message = string(scope, &self.message);
        let error = v8::Exception::error(scope, message);
        let Ok(object) = v8::Local::<v8::Object>::try_from(error) else { return error };
        if let Some(library) = &self.library {
            let library = internalized(scope, library).into();
            set(scope, object, "library", library);
        }
        if let Some(reason) = &self.reason {
            let code = format!("ERR_SSL_{}", reason.to_ascii_uppercase().replace(' ', "_"));
            let reason = internalized(scope, reason).into();
            set(scope, object, "reason", reason);
            let code = internalized(scope, &code).into();
            set(scope, object, "code", code);
        }
        error
    }
}

/// An error as the library prints it, with its place in the library's source.
pub(super) fn line(thread: &str, error: &Error) -> String {
    let library = error.library().map_or_else(|| format!("lib({})", error.library_code()), str::to_owned);
    let reason = error.reason().map_or_else(|| format!("reason({})", error.reason_code()), str::to_owned);
    let function = error.function().unwrap_or_default();
    let data = error.data().unwrap_or_default();
    format!(
        "{thread}:error:{:08X}:{library}:{function}:{reason}:{}:{}:{data}\n",
        error.code(),
        error.file(),
        error.line()
    )
}
