//! `copyFile`: one file to another.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::args::{failed_between, open_at, retried};
use crate::bind::path::{Reads, Writes};
use crate::bind::{PathArg, SysError};

/// Fails where there is a destination already.
const EXCL: u32 = 1;
/// Shares the blocks on disk where the file system can.
const FICLONE: u32 = 2;
/// Fails where the file system cannot.
const FICLONE_FORCE: u32 = 4;

fn errno_of(error: &io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

/// Copies the bytes between two open files.
fn copy_bytes(src: OwnedFd, dest: OwnedFd, mode: u32) -> Result<(), Errno> {
    if mode & (FICLONE | FICLONE_FORCE) != 0 {
        match rustix::fs::ioctl_ficlone(&dest, &src) {
            Ok(()) => return Ok(()),
            Err(errno) if mode & FICLONE_FORCE != 0 => return Err(errno),
            Err(_) => {}
        }
    }
    io::copy(&mut File::from(src), &mut File::from(dest)).map_err(|error| errno_of(&error))?;
    Ok(())
}

fn copy(src: &Path, dest: &Path, mode: u32) -> Result<(), Errno> {
    let src = open_at(src, 0, 0)?;
    let src_stat = rustix::fs::fstat(&src)?;
    let permissions = Mode::from_raw_mode(src_stat.st_mode);
    let exclusive = if mode & EXCL != 0 { OFlags::EXCL } else { OFlags::empty() };
    let flags = OFlags::WRONLY | OFlags::CREATE | exclusive;
    let out = open_at(dest, flags.bits().cast_signed(), permissions.bits())?;
    let out_stat = rustix::fs::fstat(&out)?;
    if (src_stat.st_dev, src_stat.st_ino) == (out_stat.st_dev, out_stat.st_ino) {
        return Ok(());
    }
    let copied = if FileType::from_raw_mode(src_stat.st_mode) == FileType::Directory {
        Err(Errno::ISDIR)
    } else {
        fill(src, out, permissions, mode)
    };
    if copied.is_err() {
        // What is there is no copy.
        let _ = rustix::fs::unlink(dest);
    }
    copied
}

/// Makes an open file a copy of another, with its permissions.
fn fill(src: OwnedFd, out: OwnedFd, permissions: Mode, mode: u32) -> Result<(), Errno> {
    let is_regular = FileType::from_raw_mode(rustix::fs::fstat(&out)?.st_mode) == FileType::RegularFile;
    if is_regular {
        retried(|| rustix::fs::ftruncate(&out, 0))?;
    }
    match rustix::fs::fchmod(&out, permissions) {
        // Some file systems of other kinds have no permissions to set.
        Ok(()) | Err(Errno::PERM) => {}
        Err(errno) => return Err(errno),
    }
    copy_bytes(src, out, mode)
}

/// `copyFile(src, dest, mode)`
pub(super) fn copy_file(src: PathArg<Reads>, dest: PathArg<Writes>, mode: u32) -> Result<(), SysError> {
    copy(src.path(), dest.path(), mode).map_err(failed_between("copyfile", src.given(), dest.given()))
}
