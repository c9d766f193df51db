//! Access rights, owners, times and lengths of files.

use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, Gid, Mode, OFlags, Timespec, Timestamps, Uid};
use rustix::io::Errno;

use super::args::{KIND, failed, failed_at, open_at, retried, with_path};
use super::cached::{self, Quick, Turn};
use crate::bind::path::{Changes, Reads, Writes};
use crate::bind::permission::{Api, Scope, Unforbidden};
use crate::bind::{Host, PathArg, SysError, call};
use crate::sys::file::with_fd;
use crate::trace_events::calls;

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

fn check(path: &Path, mode: u32) -> Result<(), Errno> {
    retried(|| rustix::fs::access(path, Access::from_bits_retain(mode)))
}

/// `accessSync(path, mode)`
pub(super) fn access_sync(path: PathArg<Reads>, mode: u32) -> Result<(), SysError> {
    check(path.path(), mode).map_err(failed_at("access", &path))
}

/// The question whether a file may be used.
struct Check {
    path: PathArg<Reads>,
    mode: u32,
}

impl Quick for Check {
    type Outcome = Result<(), SysError>;

    fn path(&self) -> Option<&Path> {
        Some(self.path.path())
    }

    fn attempt(&mut self, turn: &Turn, _: &Host) -> Option<Self::Outcome> {
        match turn.open(self.path.path(), OFlags::PATH) {
            // What has been found once is found again.
            Ok(_) => Some(check(self.path.path(), self.mode).map_err(failed_at("access", &self.path))),
            Err(Errno::NOENT) => Some(Err(failed_at("access", &self.path)(Errno::NOENT))),
            Err(_) => None,
        }
    }

    fn run(self) -> Self::Outcome {
        access_sync(self.path, self.mode)
    }
}

/// `access(path, mode, callback)`
pub(super) fn access<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let operation = |path: PathArg<Reads>, mode: u32| Check { path, mode };
    if let Some(((path, mode), callback)) = call::taken(&operation, KIND, scope, &args) {
        calls::begin(scope, "fs", "access", &args);
        cached::start(scope, callback, operation(path, mode));
    }
}

/// `exists(path)`: whether something is there that can be reached.
pub(super) fn exists<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let _span = calls::sync("fs", "exists");
    match with_path(scope, args.get(0), &[Scope::FsRead], |path, _| check(path, 0).is_ok()) {
        Ok(exists) => rv.set_bool(exists),
        Err(denied) => denied.throw(scope),
    }
}

/// `chmod(path, mode)`
pub(super) fn chmod(path: PathArg<Writes>, mode: u32) -> Result<(), SysError> {
    retried(|| rustix::fs::chmod(path.path(), Mode::from_bits_retain(mode)))
        .map_err(failed_at("chmod", &path))
}

/// `fchmod`, which the permission model forbids.
pub(super) struct Fchmod;

impl Api for Fchmod {
    const NAME: &'static str = "fchmod";
}

/// `fchmod(fd, mode)`
pub(super) fn fchmod(_: Unforbidden<Fchmod>, descriptor: i32, mode: u32) -> Result<(), SysError> {
    with_fd(descriptor, |fd| retried(|| rustix::fs::fchmod(fd, Mode::from_bits_retain(mode))))
        .map_err(failed("fchmod"))
}

/// An id for the system; -1, which is the largest number too, leaves the owner as it is.
fn id(number: f64) -> Option<u32> {
    let number = number as i64;
    u32::try_from(number).ok().filter(|id| *id != u32::MAX)
}

fn change_owner(path: &Path, uid: f64, gid: f64, flags: AtFlags) -> Result<(), Errno> {
    let (uid, gid) = (id(uid).map(Uid::from_raw), id(gid).map(Gid::from_raw));
    retried(|| rustix::fs::chownat(CWD, path, uid, gid, flags))
}

/// `chown(path, uid, gid)`
pub(super) fn chown(path: PathArg<Writes>, uid: f64, gid: f64) -> Result<(), SysError> {
    change_owner(path.path(), uid, gid, AtFlags::empty()).map_err(failed_at("chown", &path))
}

/// `lchown(path, uid, gid)`: of a symbolic link itself.
pub(super) fn lchown(path: PathArg<Writes>, uid: f64, gid: f64) -> Result<(), SysError> {
    change_owner(path.path(), uid, gid, AtFlags::SYMLINK_NOFOLLOW).map_err(failed_at("lchown", &path))
}

/// `fchown`, which the permission model forbids.
pub(super) struct Fchown;

impl Api for Fchown {
    const NAME: &'static str = "fchown";
}

/// `fchown(fd, uid, gid)`
pub(super) fn fchown(_: Unforbidden<Fchown>, descriptor: i32, uid: f64, gid: f64) -> Result<(), SysError> {
    let (uid, gid) = (id(uid).map(Uid::from_raw), id(gid).map(Gid::from_raw));
    with_fd(descriptor, |fd| retried(|| rustix::fs::fchown(fd, uid, gid))).map_err(failed("fchown"))
}

/// Seconds as the system has them; the part below a second is rounded towards the past.
fn timespec(seconds: f64) -> Timespec {
    let whole = seconds as i64;
    let nanoseconds = ((seconds - whole as f64) * 1e9) as i64;
    match nanoseconds {
        ..0 => Timespec { tv_sec: whole.saturating_sub(1), tv_nsec: nanoseconds + 1_000_000_000 },
        0.. => Timespec { tv_sec: whole, tv_nsec: nanoseconds },
    }
}

fn timestamps(atime: f64, mtime: f64) -> Timestamps {
    Timestamps { last_access: timespec(atime), last_modification: timespec(mtime) }
}

fn change_times(path: &Path, atime: f64, mtime: f64, flags: AtFlags) -> Result<(), Errno> {
    retried(|| rustix::fs::utimensat(CWD, path, &timestamps(atime, mtime), flags))
}

/// `utimes(path, atime, mtime)`, in seconds.
pub(super) fn utimes(path: PathArg<Writes>, atime: f64, mtime: f64) -> Result<(), SysError> {
    change_times(path.path(), atime, mtime, AtFlags::empty()).map_err(failed_at("utime", &path))
}

/// `lutimes(path, atime, mtime)`: of a symbolic link itself.
pub(super) fn lutimes(path: PathArg<Writes>, atime: f64, mtime: f64) -> Result<(), SysError> {
    change_times(path.path(), atime, mtime, AtFlags::SYMLINK_NOFOLLOW).map_err(failed_at("lutime", &path))
}

/// `futimes`, which the permission model forbids.
pub(super) struct Futimes;

impl Api for Futimes {
    const NAME: &'static str = "futimes";
}

/// `futimes(fd, atime, mtime)`
pub(super) fn futimes(
    _: Unforbidden<Futimes>,
    descriptor: i32,
    atime: f64,
    mtime: f64,
) -> Result<(), SysError> {
    with_fd(descriptor, |fd| retried(|| rustix::fs::futimens(fd, &timestamps(atime, mtime))))
        .map_err(failed("futime"))
}

/// `ftruncate(fd, length)`
pub(super) fn ftruncate(descriptor: i32, length: f64) -> Result<(), SysError> {
    with_fd(descriptor, |fd| retried(|| rustix::fs::ftruncate(fd, length as u64)))
        .map_err(failed("ftruncate"))
}

/// `truncate(path, length)`
pub(super) fn truncate(path: PathArg<Changes>, length: f64) -> Result<(), SysError> {
    let fd = open_at(path.path(), libc::O_RDWR, 0o666).map_err(failed_at("open", &path))?;
    retried(|| rustix::fs::ftruncate(&fd, length as u64)).map_err(failed("ftruncate"))
}

#[cfg(test)]
mod tests {
    use super::timespec;

    #[test]
    fn times_before_the_epoch_count_nanoseconds_forwards() {
        let time = timespec(-1.5);
        assert_eq!((time.tv_sec, time.tv_nsec), (-2, 500_000_000));
        let time = timespec(1000.25);
        assert_eq!((time.tv_sec, time.tv_nsec), (1000, 250_000_000));
        let time = timespec(-1.0);
        assert_eq!((time.tv_sec, time.tv_nsec), (-1, 0));
    }
}
