//! Native half of `js/fs.js`: files and directories. Paths come as strings or bytes, descriptors as
//! numbers; JavaScript has checked them.

mod args;
mod attributes;
mod cached;
mod chunk;
mod contents;
mod copy;
mod directories;
mod inotify;
mod links;
mod remove;
mod stats;
mod transfer;

use std::os::fd::IntoRawFd;

use crate::bind::permission::{Api, Unforbidden};
use crate::bind::{Binding, SysError};
use crate::binding;
use crate::sys::file::{self, with_fd};

use args::{Opening, failed, failed_at, open_at, retried};
use attributes::{
    access, access_sync, chmod, chown, exists, fchmod, fchown, ftruncate, futimes, lchown, lutimes, truncate,
    utimes,
};
use chunk::read_chunk;
use contents::{read_bytes, read_bytes_sync, read_text, read_text_sync, use_slab, write_file};
use copy::copy_file;
use directories::{mkdir, mkdtemp, opendir, read_entries, readdir};
use links::{follow_links, link, readlink, realpath, rename, resolve_links, symlink, unlink};
use remove::{rm, rmdir};
use stats::{fstat, fstat_into, lstat, lstat_into, lstat_sync, stat, stat_into, stat_sync, statfs};
use transfer::{read, readv, write, write_text, writev};

/// `internalBinding('fs')`.
pub const BINDING: Binding = binding! {
    "fs",
    sync: [access_sync, describe_error, follow_links, lstat_sync, stat_sync, use_slab],
    both: [
        chmod, fchmod, chown, lchown, fchown, utimes, lutimes, futimes, truncate, ftruncate,
        open, close, fsync, fdatasync, read, readv, write, write_text, writev, write_file,
        fstat, statfs,
        link, symlink, readlink, realpath, resolve_links, rename, unlink, copy_file,
        mkdir, mkdtemp, readdir, opendir, read_entries, rmdir, rm,
    ],
    raw: [
        access, exists, lstat, stat, stat_into, lstat_into, fstat_into,
        read_text_sync, read_text, read_bytes_sync, read_bytes, read_chunk,
    ],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    inotify::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    inotify::CLASS.references()
}

/// `describeError(errno)`: the system's own words for an error number.
fn describe_error(errno: i32) -> String {
    file::describe_error(errno)
}

/// `open(path, flags, mode)`: a descriptor, which JavaScript closes.
fn open(Opening { path, flags }: Opening, mode: u32) -> Result<i32, SysError> {
    open_at(path.path(), flags, mode).map(IntoRawFd::into_raw_fd).map_err(failed_at("open", &path))
}

/// `close(fd)`
fn close(descriptor: i32) -> Result<(), SysError> {
    file::close(descriptor).map_err(failed("close"))
}

/// `fsync`, which the permission model forbids.
struct Fsync;

impl Api for Fsync {
    const NAME: &'static str = "fsync";
}

/// `fsync(fd)`
fn fsync(_: Unforbidden<Fsync>, descriptor: i32) -> Result<(), SysError> {
    with_fd(descriptor, |fd| retried(|| rustix::fs::fsync(fd))).map_err(failed("fsync"))
}

/// `fdatasync`, which the permission model forbids.
struct Fdatasync;

impl Api for Fdatasync {
    const NAME: &'static str = "fdatasync";
}

/// `fdatasync(fd)`
fn fdatasync(_: Unforbidden<Fdatasync>, descriptor: i32) -> Result<(), SysError> {
    with_fd(descriptor, |fd| retried(|| rustix::fs::fdatasync(fd))).map_err(failed("fdatasync"))
}
