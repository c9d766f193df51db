//! Removing files and whole trees of directories.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::FileType;
use rustix::io::Errno;

use super::args::{failed, failed_at, retried};
use super::directories::{DIRECTORY, joined, read_whole};
use crate::bind::path::{Removes, Writes};
use crate::bind::{PathArg, SysError};

/// `rmdir(path)`
pub(super) fn rmdir(path: PathArg<Writes>) -> Result<(), SysError> {
    retried(|| rustix::fs::rmdir(path.path())).map_err(failed_at("rmdir", &path))
}

/// How often a removal is tried again, and how much longer it waits each time.
#[derive(Clone, Copy)]
struct Patience {
    retries: u32,
    delay: Duration,
}

impl Patience {
    /// Tries again where the failure may pass.
    fn with(self, attempt: impl Fn() -> Result<(), Errno>) -> Result<(), Errno> {
        let mut tried = 0;
        loop {
            let outcome = attempt();
            let may_pass = matches!(
                outcome,
                Err(Errno::BUSY | Errno::MFILE | Errno::NFILE | Errno::NOTEMPTY | Errno::PERM)
            );
            if !may_pass || tried == self.retries {
                return outcome;
            }
            tried += 1;
            thread::sleep(self.delay * tried);
        }
    }
}

/// A file in the tree that is removed: where it is, and how an error names it.
struct Victim<'a> {
    path: &'a Path,
    given: &'a [u8],
}

impl Victim<'_> {
    fn failed(&self, syscall: &'static str) -> impl Fn(Errno) -> SysError {
        move |errno| failed(syscall)(errno).path(self.given)
    }

    /// Removes what is no directory. That it is gone already is no failure.
    fn unlink(&self, patience: Patience) -> Result<(), SysError> {
        match patience.with(|| retried(|| rustix::fs::unlink(self.path))) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(self.failed("unlink")(errno)),
        }
    }

    /// Removes a directory, after all that is in it where it is not empty.
    fn remove_tree(&self, patience: Patience) -> Result<(), SysError> {
        match retried(|| rustix::fs::rmdir(self.path)) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::PERM | Errno::BUSY) => {}
            Err(errno) => return Err(self.failed("rmdir")(errno)),
        }
        let mut entries = read_whole(self.path).map_err(self.failed("scandir"))?;
        entries.complete(self.path);
        for (name, kind) in entries.names.iter().zip(entries.types) {
            let path = self.path.join(OsStr::from_bytes(name));
            let given = joined(self.given, name);
            let victim = Victim { path: &path, given: &given };
            if kind == DIRECTORY { victim.remove_tree(patience)? } else { victim.unlink(patience)? }
        }
        match patience.with(|| retried(|| rustix::fs::rmdir(self.path))) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(self.failed("rmdir")(errno)),
        }
    }
}

/// `rm(path, force, recursive, maxRetries, retryDelay)`: returns true for a directory that may not be
/// removed because `recursive` is false.
pub(super) fn rm(
    path: PathArg<Removes>,
    force: bool,
    recursive: bool,
    max_retries: u32,
    retry_delay: u32,
) -> Result<bool, SysError> {
    let victim = Victim { path: path.path(), given: path.given() };
    let stat = match retried(|| rustix::fs::lstat(victim.path)) {
        Ok(stat) => stat,
        Err(Errno::NOENT) if force => return Ok(false),
        Err(errno) => return Err(victim.failed("lstat")(errno)),
    };
    let patience = Patience { retries: max_retries, delay: Duration::from_millis(retry_delay.into()) };
    if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
        victim.unlink(patience)?;
    } else if recursive {
        victim.remove_tree(patience)?;
    } else {
        return Ok(true);
    }
    Ok(false)
}
