//! Removing files and whole trees of directories.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::fs::FileType;
use rustix::io::Errno;

use super::args::{failed, failed_at, retried};
use super::directories::{joined, read_whole};
use crate::bind::{PathArg, SysError};

/// `rmdir(path)`
pub(super) fn rmdir(path: PathArg) -> Result<(), SysError> {
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
        match patience_for_files(patience).with(|| retried(|| rustix::fs::rmdir(self.path))) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            Err(Errno::NOTEMPTY | Errno::EXIST) => {}
            Err(errno) => return Err(self.failed("rmdir")(errno)),
        }
        let entries = read_whole(self.path).map_err(self.failed("scandir"))?;
        for (name, kind) in entries.with_types(self.path) {
            let path = self.path.join(OsStr::from_bytes(&name));
            let given = joined(self.given, &name);
            let victim = Victim { path: &path, given: &given };
            if kind == FileType::Directory { victim.remove_tree(patience)? } else { victim.unlink(patience)? }
        }
        match patience.with(|| retried(|| rustix::fs::rmdir(self.path))) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(errno) => Err(self.failed("rmdir")(errno)),
        }
    }
}
