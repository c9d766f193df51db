//! Failures of SQLite, and of what only it can judge, as Node's errors.

use crate::bind::IntoJs;
use crate::bind::convert::{internalized, set, string};
use crate::sys::sqlite::Failure;

/// The class of an error of Node's own.
#[derive(Clone, Copy)]
pub(super) enum Class {
    Error,
    Type,
    Range,
}

/// A failed operation, on its way to JavaScript.
pub(super) enum Failed {
    /// SQLite refused it.
    Sqlite(Failure),
    /// Node's own error, with its code if it has one.
    Node(Class, Option<&'static str>, String),
    /// A function of the program's threw this; nothing where the runtime ends.
    Thrown(Option<v8::Global<v8::Value>>),
}

impl Failed {
    /// What the state of things does not allow.
    pub(super) fn state(message: impl Into<String>) -> Self {
        Failed::Node(Class::Error, Some("ERR_INVALID_STATE"), message.into())
    }

    /// An argument of a wrong type.
    pub(super) fn argument(message: impl Into<String>) -> Self {
        Failed::Node(Class::Type, Some("ERR_INVALID_ARG_TYPE"), message.into())
    }

    /// Makes the error; SQLite's has the properties `code`, `errcode`, `errstr` in that order.
    pub(super) fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        let (class, code, message) = match self {
            Failed::Thrown(Some(exception)) => return v8::Local::new(scope, exception),
            Failed::Thrown(None) => return v8::undefined(scope).into(),
            Failed::Sqlite(failure) => (Class::Error, Some("ERR_SQLITE_ERROR"), &failure.message),
            Failed::Node(class, code, message) => (*class, *code, message),
        };
        let message = string(scope, message);
        let error = match class {
            Class::Error => v8::Exception::error(scope, message),
            Class::Type => v8::Exception::type_error(scope, message),
            Class::Range => v8::Exception::range_error(scope, message),
        };
        let Ok(object) = v8::Local::<v8::Object>::try_from(error) else { return error };
        if let Some(code) = code {
            let code = internalized(scope, code).into();
            set(scope, object, "code", code);
        }
        if let Failed::Sqlite(failure) = self {
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
