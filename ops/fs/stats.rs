//! `stat`, `lstat`, `fstat` and `statfs`: the numbers of which JavaScript makes its `Stats`.

use std::cell::OnceCell;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, OFlags, Statx, StatxAttributes, StatxFlags, StatxTimestamp};
use rustix::io::Errno;

use super::args::{KIND, failed, failed_at, retried, with_path};
use super::cached::{self, Quick, Turn};
use crate::bind::buffer::with_bytes_mut;
use crate::bind::convert::IntoJs;
use crate::bind::path::{Access, Looks, Reads};
use crate::bind::permission::Scope;
use crate::bind::{Host, PathArg, SysError, call};
use crate::sys::file::with_fd;
use crate::trace_events::calls;

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type Converted<'s> = Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>;

/// How many numbers make one `Stats`.
const STATS: usize = 18;

/// Numbers of the system, each with 64 bits.
type Values<const N: usize> = [u64; N];

/// Numbers for JavaScript: a `Float64Array`, or a `BigInt64Array` where they must be exact.
pub(super) struct Numbers<const N: usize> {
    values: Values<N>,
    bigint: bool,
}

/// The bytes of a typed array that holds `values`: as doubles, or as integers.
fn bytes_of(values: &[u64], bigint: bool) -> impl Iterator<Item = [u8; 8]> {
    values.iter().map(
        move |&value| {
            if bigint { value.to_ne_bytes() } else { (value.cast_signed() as f64).to_ne_bytes() }
        },
    )
}

impl<const N: usize> IntoJs for Numbers<N> {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        let Some(array) = new_array(scope, N, self.bigint) else { return Ok(v8::undefined(scope).into()) };
        fill(array, &self.values);
        Ok(array.into())
    }
}

fn new_array<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    length: usize,
    bigint: bool,
) -> Option<v8::Local<'s, v8::ArrayBufferView>> {
    let buffer = v8::ArrayBuffer::new(scope, length * size_of::<u64>());
    if bigint {
        v8::BigInt64Array::new(scope, buffer, 0, length).map(Into::into)
    } else {
        v8::Float64Array::new(scope, buffer, 0, length).map(Into::into)
    }
}

/// What one `Stats` is made of. The array is that of every other one too, so that it is good only until the function
/// that receives it returns.
pub(super) struct Status(Numbers<STATS>);

/// The arrays of [`Status`], for doubles and for integers.
#[derive(Default)]
struct Arrays([OnceCell<v8::Global<v8::ArrayBufferView>>; 2]);

impl IntoJs for Status {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        let Status(Numbers { values, bigint }) = self;
        let arrays = Host::of(scope).extension::<Arrays>();
        let cell = &arrays.0[usize::from(bigint)];
        if cell.get().is_none()
            && let Some(array) = new_array(scope, STATS, bigint)
        {
            let _ = cell.set(v8::Global::new(scope, array));
        }
        let Some(array) = cell.get() else { return Ok(v8::undefined(scope).into()) };
        let array = v8::Local::new(scope, array);
        fill(array, &values);
        Ok(array.into())
    }
}

fn seconds(time: &StatxTimestamp) -> u64 {
    time.tv_sec.cast_unsigned()
}

/// Asks the system; an empty path means the file `at` itself.
fn query(at: impl AsFd, path: &Path, flags: AtFlags) -> Result<Values<STATS>, Errno> {
    ask(at, path, flags).map(|stats| values_of(&stats))
}

fn ask(at: impl AsFd, path: &Path, flags: AtFlags) -> Result<Statx, Errno> {
    let at = at.as_fd();
    retried(|| rustix::fs::statx(at, path, flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME))
}

fn values_of(stats: &Statx) -> Values<STATS> {
    [
        rustix::fs::makedev(stats.stx_dev_major, stats.stx_dev_minor),
        stats.stx_mode.into(),
        stats.stx_nlink.into(),
        stats.stx_uid.into(),
        stats.stx_gid.into(),
        rustix::fs::makedev(stats.stx_rdev_major, stats.stx_rdev_minor),
        stats.stx_blksize.into(),
        stats.stx_ino,
        stats.stx_size,
        stats.stx_blocks,
        seconds(&stats.stx_atime),
        stats.stx_atime.tv_nsec.into(),
        seconds(&stats.stx_mtime),
        stats.stx_mtime.tv_nsec.into(),
        seconds(&stats.stx_ctime),
        stats.stx_ctime.tv_nsec.into(),
        seconds(&stats.stx_btime),
        stats.stx_btime.tv_nsec.into(),
    ]
}

fn query_fd(descriptor: i32) -> Result<Values<STATS>, Errno> {
    with_fd(descriptor, |fd| query(fd, Path::new(""), AtFlags::EMPTY_PATH))
}

/// A question about the file of a name.
struct Query<Access> {
    path: PathArg<Access>,
    bigint: bool,
    syscall: &'static str,
    /// Whether a symbolic link itself is meant.
    of_link: bool,
}

impl<Access: 'static> Query<Access> {
    fn status(&self, values: Values<STATS>) -> Status {
        Status(Numbers { values, bigint: self.bigint })
    }
}

impl<Access: 'static> Quick for Query<Access> {
    type Outcome = Result<Status, SysError>;

    fn path(&self) -> Option<&Path> {
        Some(self.path.path())
    }

    fn attempt(&mut self, turn: &Turn, _: &Host) -> Option<Self::Outcome> {
        let link = if self.of_link { OFlags::NOFOLLOW } else { OFlags::empty() };
        let file = match turn.open(self.path.path(), OFlags::PATH | link) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Some(Err(failed_at(self.syscall, &self.path)(Errno::NOENT))),
            Err(_) => return None,
        };
        let stats = ask(&file, Path::new(""), AtFlags::EMPTY_PATH).ok()?;
        // What is mounted there may be of another machine.
        let is_local = !stats.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        is_local.then(|| Ok(self.status(values_of(&stats))))
    }

    fn run(self) -> Self::Outcome {
        let flags = if self.of_link { AtFlags::SYMLINK_NOFOLLOW } else { AtFlags::empty() };
        let values = query(CWD, self.path.path(), flags).map_err(failed_at(self.syscall, &self.path))?;
        Ok(self.status(values))
    }
}

fn start_query<'s, A: Access + 'static>(
    scope: &mut v8::PinScope<'s, '_>,
    args: &Args<'s>,
    syscall: &'static str,
    of_link: bool,
) {
    let operation = |path: PathArg<A>, bigint: bool| Query { path, bigint, syscall, of_link };
    if let Some(((path, bigint), callback)) = call::taken(&operation, KIND, scope, args) {
        calls::begin(scope, "fs", syscall, args);
        cached::start(scope, callback, operation(path, bigint));
    }
}

/// `stat(path, bigint, callback)`: a [`Status`].
pub(super) fn stat<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    start_query::<Reads>(scope, &args, "stat", false);
}

/// `lstat(path, bigint, callback)`: a [`Status`].
pub(super) fn lstat<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    start_query::<Looks>(scope, &args, "lstat", true);
}

/// `statSync(path, bigint)`
pub(super) fn stat_sync(path: PathArg<Reads>, bigint: bool) -> Result<Numbers<STATS>, SysError> {
    let values = query(CWD, path.path(), AtFlags::empty()).map_err(failed_at("stat", &path))?;
    Ok(Numbers { values, bigint })
}

/// `lstatSync(path, bigint)`
pub(super) fn lstat_sync(path: PathArg<Looks>, bigint: bool) -> Result<Numbers<STATS>, SysError> {
    let values = query(CWD, path.path(), AtFlags::SYMLINK_NOFOLLOW).map_err(failed_at("lstat", &path))?;
    Ok(Numbers { values, bigint })
}

/// `fstat(fd, bigint, callback)`
pub(super) fn fstat(descriptor: i32, bigint: bool) -> Result<Status, SysError> {
    let values = query_fd(descriptor).map_err(failed("fstat"))?;
    Ok(Status(Numbers { values, bigint }))
}

/// Puts the values into the typed array at `index`.
fn fill_argument(args: &Args<'_>, index: i32, values: &Values<STATS>) {
    if let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(index)) {
        fill(view, values);
    }
}

/// Puts the values into a typed array; `BigInt64Array`s get integers.
fn fill(view: v8::Local<'_, v8::ArrayBufferView>, values: &[u64]) {
    let bigint = view.is_big_int64_array();
    with_bytes_mut(view, |bytes| {
        for (slot, value) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(bytes_of(values, bigint)) {
            *slot = value;
        }
    });
}

/// `statInto(path, values, throwIfMissing)`: fills `values` and returns whether something is there.
pub(super) fn stat_into<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let is_missing = |errno| matches!(errno, Errno::NOENT | Errno::NOTDIR);
    path_into(scope, args, rv, "stat", AtFlags::empty(), is_missing);
}

/// `lstatInto(path, values, throwIfMissing)`: as `statInto`, of a symbolic link itself.
pub(super) fn lstat_into<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    path_into(scope, args, rv, "lstat", AtFlags::SYMLINK_NOFOLLOW, |errno| errno == Errno::NOENT);
}

fn path_into<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: Args<'s>,
    mut rv: Return<'s>,
    syscall: &'static str,
    flags: AtFlags,
    is_missing: impl Fn(Errno) -> bool,
) {
    let _span = calls::sync("fs", syscall);
    let outcome = with_path(scope, args.get(0), &[Scope::FsRead], |path, given| {
        query(CWD, path, flags).map_err(|errno| (errno, failed(syscall)(errno).path(given)))
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(denied) if syscall == "lstat" => return denied.coded_for_reading().throw(scope),
        Err(denied) => return denied.throw(scope),
    };
    match outcome {
        Ok(values) => {
            fill_argument(&args, 1, &values);
            rv.set_bool(true);
        }
        Err((errno, _)) if args.get(2).is_false() && is_missing(errno) => rv.set_bool(false),
        Err((_, error)) => {
            let error = error.to_js(scope);
            scope.throw_exception(error);
        }
    }
}

/// `fstatInto(fd, values)`: fills `values`.
pub(super) fn fstat_into<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let _span = calls::sync("fs", "fstat");
    match query_fd(args.get(0).int32_value(scope).unwrap_or(-1)) {
        Ok(values) => fill_argument(&args, 1, &values),
        Err(errno) => {
            let error = failed("fstat")(errno).to_js(scope);
            scope.throw_exception(error);
        }
    }
}

/// `statfs(path, bigint)`: type, block size, fragment size, blocks, free blocks, available blocks, files,
/// free files.
pub(super) fn statfs(path: PathArg<Reads>, bigint: bool) -> Result<Numbers<8>, SysError> {
    let stats = retried(|| rustix::fs::statfs(path.path())).map_err(failed_at("statfs", &path))?;
    let values = [
        stats.f_type.cast_unsigned(),
        stats.f_bsize.cast_unsigned(),
        stats.f_frsize.cast_unsigned(),
        stats.f_blocks,
        stats.f_bfree,
        stats.f_bavail,
        stats.f_files,
        stats.f_ffree,
    ];
    Ok(Numbers { values, bigint })
}
