//! Node's errors as Rust makes them: failures of the system, and errors with a class and a code.

use super::convert::{internalized, set, string, string_from_bytes};
use super::errno;

/// A failed call to the system, on its way to JavaScript. There is no conversion from
/// `std::io::Error`, so that none leaves without the name of its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SysError {
    /// The error number, negative as libuv has it.
    pub errno: i32,
    /// The call that failed, by libuv's name: `open`, `scandir`.
    pub syscall: &'static str,
    /// The file it was about, as the program wrote it.
    pub path: Option<Vec<u8>>,
    /// The second file of `rename`, `link`, `copyfile`.
    pub dest: Option<Vec<u8>>,
    /// Text that replaces the error number's own description.
    pub message: Option<String>,
}

impl SysError {
    /// The failure `errno` (positive, as in C, or negative, as in libuv) of `syscall`.
    pub fn new(errno: i32, syscall: &'static str) -> Self {
        SysError { errno: -errno.abs(), syscall, path: None, dest: None, message: None }
    }

    /// The failure that an I/O error of the standard library reports.
    pub fn from_io(error: &std::io::Error, syscall: &'static str) -> Self {
        let code = error.raw_os_error().unwrap_or(match error.kind() {
            std::io::ErrorKind::InvalidInput => libc::EINVAL,
            std::io::ErrorKind::OutOfMemory => libc::ENOMEM,
            _ => libc::EIO,
        });
        SysError::new(code, syscall)
    }

    /// Names the file.
    pub fn path(mut self, path: &[u8]) -> Self {
        self.path = Some(path.to_vec());
        self
    }

    /// Names the second file.
    pub fn dest(mut self, dest: &[u8]) -> Self {
        self.dest = Some(dest.to_vec());
        self
    }

    /// Makes the `Error`: message `CODE: description, syscall 'path' -> 'dest'`, then the properties
    /// `errno`, `code`, `syscall`, `path`, `dest` in that order.
    pub fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        let code = errno::name(self.errno);
        let description = self.message.as_deref().unwrap_or_else(|| errno::message(self.errno));
        let mut message = format!("{code}: {description}, {}", self.syscall).into_bytes();
        for (separator, file) in [(" '", &self.path), (" -> '", &self.dest)] {
            if let Some(file) = file {
                message.extend_from_slice(separator.as_bytes());
                message.extend_from_slice(file);
                message.push(b'\'');
            }
        }
        let message = string_from_bytes(scope, &message);
        let error = v8::Exception::error(scope, message);
        let Ok(object) = v8::Local::<v8::Object>::try_from(error) else { return error };
        let number = v8::Integer::new(scope, self.errno).into();
        set(scope, object, "errno", number);
        let code = internalized(scope, code).into();
        set(scope, object, "code", code);
        let syscall = string(scope, self.syscall).into();
        set(scope, object, "syscall", syscall);
        for (name, file) in [("path", &self.path), ("dest", &self.dest)] {
            if let Some(file) = file {
                let file = string_from_bytes(scope, file).into();
                set(scope, object, name, file);
            }
        }
        error
    }
}

/// The class of an error with a code of Node's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// `Error`
    Error,
    /// `TypeError`
    Type,
    /// `RangeError`
    Range,
}

/// An error of the current context; `code` is its property of that name, `None` where it has none.
pub fn coded<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    class: ErrorClass,
    code: Option<&str>,
    message: &str,
) -> v8::Local<'s, v8::Value> {
    let message = string(scope, message);
    let error = match class {
        ErrorClass::Error => v8::Exception::error(scope, message),
        ErrorClass::Type => v8::Exception::type_error(scope, message),
        ErrorClass::Range => v8::Exception::range_error(scope, message),
    };
    if let (Some(code), Ok(object)) = (code, v8::Local::<v8::Object>::try_from(error)) {
        let code = internalized(scope, code).into();
        set(scope, object, "code", code);
    }
    error
}

/// Throws what [`coded`] makes.
pub fn throw_coded(scope: &mut v8::PinScope<'_, '_>, class: ErrorClass, code: &str, message: &str) {
    let error = coded(scope, class, Some(code), message);
    scope.throw_exception(error);
}

/// The error for a result that would be longer than a string may be.
pub fn string_too_long<'s>(scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let message = format!("Cannot create a string longer than {:#x} characters", v8::String::MAX_LENGTH);
    coded(scope, ErrorClass::Error, Some("ERR_STRING_TOO_LONG"), &message)
}
