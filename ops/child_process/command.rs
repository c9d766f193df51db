//! What a program asks for when it starts a process, as JavaScript hands it over.

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt;

use crate::bind::convert::{Arg, FromJs, internalized};
use crate::bind::permission::{Denied, Scope};
use crate::bind::{Bytes, Host};
use crate::sys::spawn;

/// A property of an options object.
fn property<T: FromJs>(
    scope: &mut v8::PinScope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
    name: &str,
) -> Option<T> {
    let key = internalized(scope, name).into();
    let value = v8::Local::new(scope, object).get(scope, key)?;
    Option::from_js(scope, value)
}

/// The options `file`, `args`, `envPairs`, `cwd`, `uid`, `gid` and `detached`. JavaScript has refused
/// texts with a null byte.
pub(super) struct Command(pub spawn::Command);

impl Arg for Command {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let value = args.get(*index);
        *index += 1;
        let command = Command::from_js(scope, value);
        if let Some(permissions) = &Host::of(scope).permissions {
            permissions.require(scope, Scope::Child, command.0.file.as_bytes())?;
        }
        Ok(command)
    }
}

impl Command {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let Ok(options) = v8::Local::<v8::Object>::try_from(value) else {
            return Command(spawn::Command::default());
        };
        let text = |bytes: Bytes| CString::new(bytes.0).unwrap_or_default();
        let texts = |list: Option<Vec<Bytes>>| list.unwrap_or_default().into_iter().map(text).collect();
        let host = Host::of(scope);
        let cwd = property::<Bytes>(scope, options, "cwd").filter(|cwd| !cwd.0.is_empty());
        let cwd = cwd.map(|Bytes(cwd)| {
            let given = std::path::PathBuf::from(std::ffi::OsString::from_vec(cwd));
            host.resolve(&given).unwrap_or(given)
        });
        let cwd = cwd.or_else(|| host.config.cwd.as_ref().and_then(|_| host.cwd().ok()));
        Command(spawn::Command {
            file: property(scope, options, "file").map(text).unwrap_or_default(),
            argv: texts(property(scope, options, "args")),
            env: texts(property(scope, options, "envPairs")),
            cwd: cwd.map(|cwd| text(Bytes(cwd.into_os_string().into_vec()))),
            uid: property(scope, options, "uid"),
            gid: property(scope, options, "gid"),
            detached: property(scope, options, "detached").unwrap_or(false),
            stdio: Vec::new(),
        })
    }
}

/// One of a new process's descriptors.
pub(super) enum Slot {
    /// None of this process's: JavaScript's `null`.
    Ignore,
    /// A descriptor of this process: its number.
    Inherit(i32),
    /// One end of a connection whose other end stays here: `{ input }`. `input` is what the process
    /// reads from it, `undefined` where this process reads what it writes.
    Pipe(Option<Vec<u8>>),
}

impl FromJs for Slot {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        if let Ok(pipe) = v8::Local::<v8::Object>::try_from(value) {
            return Slot::Pipe(property::<Bytes>(scope, pipe, "input").map(|input| input.0));
        }
        match Option::<i32>::from_js(scope, value) {
            Some(fd) => Slot::Inherit(fd),
            None => Slot::Ignore,
        }
    }
}
