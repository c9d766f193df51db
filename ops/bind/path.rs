//! Names of files on their way into Rust, each with what is done to the file: under the permission model, no
//! function gets a name that it may not use.

use std::marker::PhantomData;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::convert::{Arg, FromJs};
use super::permission::{Denied, Permissions, Scope};
use super::{Bytes, Host};

/// What a function does with a file, as a type.
pub trait Access {
    /// The permissions that it needs, in the order in which they are asked for.
    const NEEDS: &'static [Scope];
    /// Whether a refusal to read is worded as Node's own JavaScript does it.
    const IS_CODED: bool = false;
}

macro_rules! accesses {
    ($($(#[$doc:meta])* $name:ident: $needs:expr, $is_coded:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name;
        impl Access for $name {
            const NEEDS: &'static [Scope] = $needs;
            const IS_CODED: bool = $is_coded;
        }
    )*};
}

accesses! {
    /// The file, or something about it, is read.
    Reads: &[Scope::FsRead], false;
    /// As [`Reads`], refused in other words.
    Looks: &[Scope::FsRead], true;
    /// The file, or something about it, is changed.
    Writes: &[Scope::FsWrite], false;
    /// Both.
    Changes: &[Scope::FsRead, Scope::FsWrite], false;
    /// The file is removed.
    Removes: &[Scope::FsRead, Scope::FsWrite], true;
    /// The name is no file that the function opens, or what it finds out is no secret.
    Names: &[], false;
}

/// A file name given as a string or as bytes: as the program wrote it, for error messages, and as it is handed to
/// the system: resolved against the runtime's own working directory.
#[derive(Debug, Clone)]
pub struct PathArg<A> {
    given: PathBuf,
    resolved: Option<PathBuf>,
    access: PhantomData<fn() -> A>,
}

impl<A: Access> PathArg<A> {
    /// The name that `value` holds, if the program may use it so.
    pub fn from_js(
        scope: &mut v8::PinScope<'_, '_>,
        value: v8::Local<'_, v8::Value>,
    ) -> Result<Self, Denied> {
        PathArg::for_needs(scope, value, A::NEEDS)
            .map_err(|denied| if A::IS_CODED { denied.coded_for_reading() } else { denied })
    }

    /// The name that `value` holds, if the program has these permissions for it.
    pub fn for_needs(
        scope: &mut v8::PinScope<'_, '_>,
        value: v8::Local<'_, v8::Value>,
        needs: &[Scope],
    ) -> Result<Self, Denied> {
        let given = PathBuf::from(std::ffi::OsString::from_vec(Bytes::from_js(scope, value).0));
        let resolved = resolved(scope, &given, needs)?;
        Ok(PathArg { given, resolved, access: PhantomData })
    }
}

impl<A> PathArg<A> {
    /// What to hand to the system.
    pub fn path(&self) -> &Path {
        self.resolved.as_deref().unwrap_or(&self.given)
    }

    /// What the program wrote, for messages and the `path` property of errors.
    pub fn given(&self) -> &[u8] {
        self.given.as_os_str().as_bytes()
    }
}

impl<A: Access> Arg for PathArg<A> {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let value = args.get(*index);
        *index += 1;
        PathArg::from_js(scope, value)
    }
}

/// The name for the system where it is another one than the program's; the error where it may not be used.
#[inline]
pub fn resolved(
    scope: &mut v8::PinScope<'_, '_>,
    given: &Path,
    needs: &[Scope],
) -> Result<Option<PathBuf>, Denied> {
    let host = Host::of(scope);
    match &host.permissions {
        Some(permissions) => checked(scope, &host, permissions, given, needs),
        None => Ok(host.resolve(given)),
    }
}

#[cold]
fn checked(
    scope: &mut v8::PinScope<'_, '_>,
    host: &Host,
    permissions: &Permissions,
    given: &Path,
    needs: &[Scope],
) -> Result<Option<PathBuf>, Denied> {
    if needs.is_empty() {
        return Ok(host.resolve(given));
    }
    permissions.require_path(scope, host, needs, given.as_os_str().as_bytes()).map(Some)
}
