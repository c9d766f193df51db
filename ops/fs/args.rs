//! Arguments and failures of the functions of `fs`.

use std::mem::MaybeUninit;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::bind::convert::{Arg, FromJs};
use crate::bind::path::{Names, resolved};
use crate::bind::permission::{Denied, Scope};
use crate::bind::view::View;
use crate::bind::{Bytes, PathArg, SysError};

/// What Node calls the requests of `fs`.
pub(super) const KIND: &str = "FSReqCallback";

/// Paths up to this length are converted on the stack.
const PATH_ROOM: usize = 1024;

/// The failure of a system call that is about no file by name.
pub(super) fn failed(syscall: &'static str) -> impl Fn(Errno) -> SysError {
    move |errno| SysError::new(errno.raw_os_error(), syscall)
}

/// The failure of a system call on `path`.
pub(super) fn failed_at<'a, A>(
    syscall: &'static str,
    path: &'a PathArg<A>,
) -> impl Fn(Errno) -> SysError + 'a {
    move |errno| failed(syscall)(errno).path(path.given())
}

/// The failure of a system call on two files.
pub(super) fn failed_between<'a>(
    syscall: &'static str,
    path: &'a [u8],
    dest: &'a [u8],
) -> impl Fn(Errno) -> SysError + 'a {
    move |errno| failed(syscall)(errno).path(path).dest(dest)
}

/// Calls again while a signal interrupts.
pub(super) fn retried<R>(call: impl FnMut() -> Result<R, Errno>) -> Result<R, Errno> {
    rustix::io::retry_on_intr(call)
}

/// Opens a file for this process alone, and not for its children.
pub(super) fn open_at(path: &Path, flags: i32, mode: u32) -> Result<std::os::fd::OwnedFd, Errno> {
    let flags = OFlags::from_bits_retain(flags.cast_unsigned()) | OFlags::CLOEXEC;
    retried(|| rustix::fs::open(path, flags, Mode::from_bits_retain(mode)))
}

/// The permissions that opening a file so needs.
pub(super) fn needs_of(flags: i32) -> &'static [Scope] {
    let writes = libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND | libc::O_TMPFILE & !libc::O_DIRECTORY;
    match (flags & libc::O_ACCMODE, flags & writes != 0) {
        (libc::O_RDONLY, false) => &[Scope::FsRead],
        (libc::O_WRONLY, _) => &[Scope::FsWrite],
        _ => &[Scope::FsRead, Scope::FsWrite],
    }
}

/// A file that is opened, and the flags to do it with: two arguments.
pub(super) struct Opening {
    pub(super) path: PathArg<Names>,
    pub(super) flags: i32,
}

impl Arg for Opening {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let (path, flags) = (args.get(*index), i32::from_js(scope, args.get(*index + 1)));
        *index += 2;
        Ok(Opening { path: PathArg::for_needs(scope, path, needs_of(flags))?, flags })
    }
}

/// A file given by its path or by its descriptor, and the flags to open it with: two arguments.
pub(super) enum Target {
    /// A file to open.
    Path(Opening),
    /// An open file.
    Descriptor(i32),
}

impl Arg for Target {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        match v8::Local::<v8::Number>::try_from(args.get(*index)) {
            Ok(number) => {
                *index += 2;
                Ok(Target::Descriptor(number.value() as i32))
            }
            Err(_) => Opening::take(scope, args, index).map(Target::Path),
        }
    }
}

/// What is written to a file: text as UTF-8, or the bytes of a buffer.
pub(super) enum Data {
    /// The UTF-8 of a text.
    Text(Vec<u8>),
    /// A buffer of JavaScript's.
    View(View),
}

impl Data {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Data::Text(text) => text,
            Data::View(view) => view.bytes(),
        }
    }
}

impl FromJs for Data {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        if value.is_string() {
            Data::Text(Bytes::from_js(scope, value).0)
        } else {
            Data::View(View::from_js(scope, value))
        }
    }
}

/// Lends a path to `work`, resolved for the system and as the program wrote it, if the program has these permissions
/// for it.
#[inline]
pub(super) fn with_path<R>(
    scope: &mut v8::PinScope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    needs: &[Scope],
    work: impl FnOnce(&Path, &[u8]) -> R,
) -> Result<R, Denied> {
    let Ok(text) = v8::Local::<v8::String>::try_from(value) else {
        let path = PathArg::<Names>::for_needs(scope, value, needs)?;
        return Ok(work(path.path(), path.given()));
    };
    let mut room = [MaybeUninit::uninit(); PATH_ROOM];
    let text = text.to_rust_cow_lossy(scope, &mut room);
    let given = Path::new(text.as_ref());
    let resolved = resolved(scope, given, needs)?;
    Ok(work(resolved.as_deref().unwrap_or(given), text.as_bytes()))
}
