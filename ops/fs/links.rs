//! Names that lead to files: links, and paths without links.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::FileType;
use rustix::io::Errno;

use super::args::{failed, failed_at, failed_between, retried};
use crate::bind::name::Name;
use crate::bind::path::{Changes, Looks, Names, Reads, Writes};
use crate::bind::permission::{AllFiles, Api};
use crate::bind::{PathArg, SysError};

/// `link(existingPath, newPath)`
pub(super) fn link(existing: PathArg<Changes>, new: PathArg<Writes>) -> Result<(), SysError> {
    retried(|| rustix::fs::link(existing.path(), new.path())).map_err(failed_between(
        "link",
        existing.given(),
        new.given(),
    ))
}

/// `fs.symlink`: what a link leads to, the permission model does not follow.
pub(super) struct Symlink;

impl Api for Symlink {
    const NAME: &'static str = "fs.symlink";
}

/// `symlink(target, path)`: the target is written as it was given.
pub(super) fn symlink(
    _: AllFiles<Symlink>,
    target: PathArg<Names>,
    path: PathArg<Writes>,
) -> Result<(), SysError> {
    retried(|| rustix::fs::symlink(OsStr::from_bytes(target.given()), path.path())).map_err(failed_between(
        "symlink",
        target.given(),
        path.given(),
    ))
}

/// `rename(oldPath, newPath)`
pub(super) fn rename(old: PathArg<Changes>, new: PathArg<Writes>) -> Result<(), SysError> {
    retried(|| rustix::fs::rename(old.path(), new.path())).map_err(failed_between(
        "rename",
        old.given(),
        new.given(),
    ))
}

/// `unlink(path)`
pub(super) fn unlink(path: PathArg<Writes>) -> Result<(), SysError> {
    retried(|| rustix::fs::unlink(path.path())).map_err(failed_at("unlink", &path))
}

fn target_of(path: &Path) -> Result<Vec<u8>, Errno> {
    retried(|| rustix::fs::readlink(path, Vec::new())).map(std::ffi::CString::into_bytes)
}

/// `readlink(path, asBytes)`
pub(super) fn readlink(path: PathArg<Reads>, as_bytes: bool) -> Result<Name, SysError> {
    let bytes = target_of(path.path()).map_err(failed_at("readlink", &path))?;
    Ok(Name { bytes, as_bytes })
}

/// The path without links, by the system's own function.
fn canonical(path: &Path) -> Result<Vec<u8>, i32> {
    match std::fs::canonicalize(path) {
        Ok(path) => Ok(path.into_os_string().into_vec()),
        Err(error) => Err(error.raw_os_error().unwrap_or(libc::EIO)),
    }
}

/// `realpath(path, asBytes)`
pub(super) fn realpath(path: PathArg<Reads>, as_bytes: bool) -> Result<Name, SysError> {
    match canonical(path.path()) {
        Ok(bytes) => Ok(Name { bytes, as_bytes }),
        Err(errno) => Err(SysError::new(errno, "realpath").path(path.given())),
    }
}

/// `path` with its `.` and `..` taken away, by its names alone.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::ParentDir => {
                result.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    result
}

/// Resolves an absolute path name by name. An open pipe or socket in `/proc` has no path of its own: what
/// its link says stands for it.
fn walk(path: &Path) -> Result<PathBuf, SysError> {
    let at = |base: &Path, syscall| {
        let base = base.as_os_str().as_bytes().to_vec();
        move |errno| failed(syscall)(errno).path(&base)
    };
    let mut path = normalized(path);
    'restart: loop {
        let mut base = PathBuf::from("/");
        let mut names = path.iter().skip(1);
        while let Some(name) = names.next() {
            base.push(name);
            let stat = retried(|| rustix::fs::lstat(&base)).map_err(at(&base, "lstat"))?;
            if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
                continue;
            }
            let stat = retried(|| rustix::fs::stat(&base)).map_err(at(&base, "stat"))?;
            let target = target_of(&base).map_err(at(&base, "readlink"))?;
            base.pop();
            base.push(OsStr::from_bytes(&target));
            base.extend(names);
            path = normalized(&base);
            if matches!(FileType::from_raw_mode(stat.st_mode), FileType::Fifo | FileType::Socket) {
                return Ok(path);
            }
            continue 'restart;
        }
        return Ok(path);
    }
}

/// `resolveLinks(path, asBytes)`: an absolute path without links. It differs from `realpath` in the failures
/// that it reports, and in what it has an answer for.
pub(super) fn resolve_links(path: PathArg<Looks>, as_bytes: bool) -> Result<Name, SysError> {
    without_links(path.path(), as_bytes)
}

/// `followLinks(path, as_bytes)`: as `resolveLinksSync`. The permission model allows it for every path, as Node does: by
/// it programs find out what their own directories are called.
pub(super) fn follow_links(path: PathArg<Names>, as_bytes: bool) -> Result<Name, SysError> {
    without_links(path.path(), as_bytes)
}

fn without_links(path: &Path, as_bytes: bool) -> Result<Name, SysError> {
    let bytes = match canonical(path) {
        Ok(bytes) => bytes,
        Err(_) => walk(path)?.into_os_string().into_vec(),
    };
    Ok(Name { bytes, as_bytes })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::normalized;

    #[test]
    fn paths_are_normalized_by_their_names() {
        assert_eq!(normalized(Path::new("/a/./b/../../c//d/")), Path::new("/c/d"));
        assert_eq!(normalized(Path::new("/../..")), Path::new("/"));
    }
}
