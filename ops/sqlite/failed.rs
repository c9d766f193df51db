//! Failures of SQLite, and of what only it can judge, as Node's errors.

use crate::bind::IntoJs;
use crate::bind::convert::{set, string};
use crate::bind::error::{ErrorClass, coded};
use crate::sys::sqlite::Failure;

/// A failed operation, on its way to JavaScript.
pub(super) enum Failed {
    /// SQLite refused it.
    Sqlite(Failure),
    /// Node's own error, with its code if it has one.
    Node(ErrorClass, Option<&'static str>, String),
    /// A function of the program's threw this; nothing where the runtime ends.
    Thrown(Option<v8::Global<v8::Value>>),
}

impl Failed {
    /// What the state of things does not allow.
    pub(super) fn state(message: impl Into<String>) -> Self {
        Failed::Node(ErrorClass::Error, Some("ERR_INVALID_STATE"), message.into())
    }

    /// An argument of a wrong type.
    pub(super) fn argument(message: impl Into<String>) -> Self {
        Failed::Node(ErrorClass::Type, Some("ERR_INVALID_ARG_TYPE"), message.into())
    }

    /// Makes the error; SQLite's has the properties `code`, `errcode`, `errstr` in that order.
    pub(super) fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        let (class, code, message) = match self {
            Failed::Thrown(Some(exception)) => return v8::Local::new(scope, exception),
            Failed::Thrown(None) => return v8::undefined(scope).into(),
            Failed::Sqlite(failure) => (ErrorClass::Error, Some("ERR_SQLITE_ERROR"), &failure.message),
            Failed::Node(class, code, message) => (*class, *code, message),
        };
        let error = coded(scope, class, code, message);
        if let (Failed::Sqlite(failure), Ok(object)) = (self, v8::Local::<v8::Object>::try_from(error)) {
            let number = v8::Integer::new(scope, failure.code).into();
            set(scope, object, "errcode", number);
            if let Some(text) = &failure.text {
                let text = string(scope, text).into();
                set(scope, object, "errstr", text);
            }
        }
        error
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Failed::Sqlite(failure)
    }
}

impl<T: IntoJs> IntoJs for Result<T, Failed> {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Ok(value) => value.into_js(scope),
            Err(failed) => Err(failed.to_js(scope)),
        }
    }
}
