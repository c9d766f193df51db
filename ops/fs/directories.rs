//! Directories: making them, and reading them as a whole or piece by piece.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, IntoRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, RawDir};
use rustix::io::Errno;

use super::args::{failed, failed_at, open_at, retried};
use crate::bind::convert::{Arg, FromJs};
use crate::bind::name::Name;
use crate::bind::path::{Access, resolved};
use crate::bind::path::{Reads, Writes};
use crate::bind::permission::Denied;
use crate::bind::{Bytes, IntoJs, PathArg, SysError};
use crate::sys::file;

/// How many bytes of entries are asked of the system at a time.
const ENTRIES_ROOM: usize = 32 * 1024;

/// The directory that holds what `path` names, as the text up to its last slash.
fn parent(path: &[u8]) -> Option<&[u8]> {
    let slash = memchr::memrchr(b'/', path)?;
    (slash > 0).then(|| &path[..slash])
}

fn is_directory(path: &Path) -> Result<bool, Errno> {
    let stat = retried(|| rustix::fs::stat(path))?;
    Ok(FileType::from_raw_mode(stat.st_mode) == FileType::Directory)
}

fn make(path: &Path, mode: u32) -> Result<(), Errno> {
    retried(|| rustix::fs::mkdir(path, Mode::from_bits_retain(mode)))
}

/// Makes `path` and the directories above it that are missing; returns the length of the first that
/// was made.
fn make_with_parents(path: &[u8], mode: u32) -> Result<Option<usize>, Errno> {
    let as_path = Path::new(OsStr::from_bytes(path));
    let first = match make(as_path, mode) {
        Ok(()) => return Ok(Some(path.len())),
        Err(Errno::NOENT) => {
            let above = parent(path).ok_or(Errno::NOENT)?;
            make_with_parents(above, mode).map_err(|errno| {
                // What is no directory above the path is in its way.
                if errno == Errno::EXIST { Errno::NOTDIR } else { errno }
            })?
        }
        Err(errno) => return existing(as_path, errno),
    };
    match make(as_path, mode) {
        Ok(()) => Ok(first.or(Some(path.len()))),
        Err(Errno::EXIST) => existing(as_path, Errno::EXIST).map(|_| first),
        Err(errno) => Err(errno),
    }
}

/// No failure where a directory is there already.
fn existing(path: &Path, errno: Errno) -> Result<Option<usize>, Errno> {
    match is_directory(path) {
        Ok(true) => Ok(None),
        Err(Errno::NOENT) if errno == Errno::EXIST => Err(Errno::NOENT),
        _ => Err(errno),
    }
}

/// `mkdir(path, mode, recursive)`: with `recursive` returns the first directory that was made.
pub(super) fn mkdir(path: PathArg<Writes>, mode: u32, recursive: bool) -> Result<Option<Name>, SysError> {
    if !recursive {
        return make(path.path(), mode).map(|()| None).map_err(failed_at("mkdir", &path));
    }
    let resolved = path.path().as_os_str().as_bytes();
    let first = make_with_parents(resolved, mode).map_err(failed_at("mkdir", &path))?;
    // The answer is written as the path was given, where that is the end of what it stands for.
    let is_end = resolved.ends_with(path.given());
    let above = if is_end { resolved.len() - path.given().len() } else { 0 };
    let written = if is_end { path.given() } else { resolved };
    Ok(first.map(|length| Name::text(written[..length.saturating_sub(above)].to_vec())))
}

/// What stands for the characters that the system chooses in the name of a temporary directory.
const CHOSEN: &[u8] = b"XXXXXX";

/// The beginning of the name of a temporary directory: the name with [`CHOSEN`] is what the program needs to be
/// allowed to write.
pub(super) struct Template {
    given: Vec<u8>,
    resolved: Option<PathBuf>,
}

impl Arg for Template {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let mut given = Bytes::from_js(scope, args.get(*index)).0;
        *index += 1;
        given.extend_from_slice(CHOSEN);
        let resolved = resolved(scope, Path::new(OsStr::from_bytes(&given)), Writes::NEEDS)?;
        Ok(Template { given, resolved })
    }
}

fn without_chosen(name: &[u8]) -> &[u8] {
    &name[..name.len() - CHOSEN.len()]
}

/// `mkdtemp(prefix, asBytes)`: the name of the new directory.
pub(super) fn mkdtemp(template: Template, as_bytes: bool) -> Result<Name, SysError> {
    let Template { given, resolved } = template;
    let name = resolved.as_ref().map_or(given.as_slice(), |path| path.as_os_str().as_bytes());
    match file::make_temporary_directory(without_chosen(name)) {
        Ok(made) => {
            let random = &made[made.len() - CHOSEN.len()..];
            Ok(Name { bytes: [without_chosen(&given), random].concat(), as_bytes })
        }
        Err(errno) => Err(failed("mkdtemp")(errno).path(&given)),
    }
}

/// Entries of directories: names, and types as libuv numbers them.
#[derive(Default)]
pub(super) struct Entries {
    /// The names, without `.` and `..`.
    pub(super) names: Vec<Vec<u8>>,
    /// A type for each name.
    pub(super) types: Vec<u8>,
}

impl Entries {
    /// Adds what one call to the system gives; returns whether there may be more.
    fn add_some(&mut self, directory: &mut RawDir<'_, impl AsFd>) -> Result<bool, Errno> {
        loop {
            let Some(entry) = directory.next() else { return Ok(false) };
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                self.names.push(name.to_vec());
                self.types.push(number_of(entry.file_type()));
            }
            if directory.is_buffer_empty() && !self.names.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Sorts by the bytes of the names.
    fn sort(&mut self) {
        let mut both: Vec<_> = std::mem::take(&mut self.names).into_iter().zip(&self.types).collect();
        both.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let (names, types) = both.into_iter().map(|(name, kind)| (name, *kind)).unzip();
        self.names = names;
        self.types = types;
    }

    /// Finds out the types that the file system does not tell with the names.
    pub(super) fn complete(&mut self, directory: &Path) {
        for (name, kind) in self.names.iter().zip(&mut self.types) {
            if *kind == UNKNOWN
                && let Ok(stat) = retried(|| rustix::fs::lstat(directory.join(OsStr::from_bytes(name))))
            {
                *kind = number_of(FileType::from_raw_mode(stat.st_mode));
            }
        }
    }
}

const UNKNOWN: u8 = 0;
/// The type of directories.
pub(super) const DIRECTORY: u8 = 2;
const LINK: u8 = 3;

/// libuv's number of a type: see `UV_DIRENT_...` in `constants`.
fn number_of(kind: FileType) -> u8 {
    match kind {
        FileType::RegularFile => 1,
        FileType::Directory => DIRECTORY,
        FileType::Symlink => LINK,
        FileType::Fifo => 4,
        FileType::Socket => 5,
        FileType::CharacterDevice => 6,
        FileType::BlockDevice => 7,
        FileType::Unknown => UNKNOWN,
    }
}

fn open_directory(path: &Path) -> Result<OwnedFd, Errno> {
    open_at(path, OFlags::DIRECTORY.bits().cast_signed(), 0)
}

/// All entries of one directory, sorted.
pub(super) fn read_whole(path: &Path) -> Result<Entries, Errno> {
    let fd = open_directory(path)?;
    let mut room = [MaybeUninit::uninit(); ENTRIES_ROOM];
    let mut directory = RawDir::new(fd, &mut room);
    let mut entries = Entries::default();
    while entries.add_some(&mut directory)? {}
    entries.sort();
    Ok(entries)
}

/// The name of what lies in a directory.
pub(super) fn joined(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let separator: &[u8] = if directory.is_empty() || directory.ends_with(b"/") { b"" } else { b"/" };
    [directory, separator, name].concat()
}

/// All entries of a directory and of those below it, level by level; links to directories are followed.
/// Names are relative to the first directory.
fn read_below(path: &PathArg<Reads>, with_types: bool) -> Result<Entries, SysError> {
    let mut all = Entries::default();
    let mut waiting = VecDeque::from([Vec::new()]);
    while let Some(below) = waiting.pop_front() {
        let directory: PathBuf = match below.as_slice() {
            [] => path.path().to_owned(),
            below => path.path().join(OsStr::from_bytes(below)),
        };
        let mut entries = read_whole(&directory)
            .map_err(|errno| failed("scandir")(errno).path(&joined_given(path.given(), &below)))?;
        entries.complete(&directory);
        for (name, kind) in entries.names.into_iter().zip(entries.types) {
            let name = joined(&below, &name);
            let is_directory = kind == DIRECTORY
                || (kind == LINK && is_directory(&path.path().join(OsStr::from_bytes(&name))) == Ok(true));
            if is_directory {
                waiting.push_back(name.clone());
            }
            all.names.push(name);
            if with_types {
                all.types.push(kind);
            }
        }
    }
    Ok(all)
}

/// How an error names a directory below the one that was given.
fn joined_given(given: &[u8], below: &[u8]) -> Vec<u8> {
    if below.is_empty() { given.to_vec() } else { joined(given, below) }
}

/// What `readdir` returns: a list of names, or a list of names and the types.
pub(super) enum Listing {
    /// Names alone.
    Names(Vec<Name>),
    /// Names, and a type for each.
    Typed(Vec<Name>, Bytes),
}

impl IntoJs for Listing {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Listing::Names(names) => names.into_js(scope),
            Listing::Typed(names, types) => (names, types).into_js(scope),
        }
    }
}

impl Listing {
    fn new(entries: Entries, as_bytes: bool, with_types: bool) -> Self {
        let names = entries.names.into_iter().map(|bytes| Name { bytes, as_bytes }).collect();
        if with_types { Listing::Typed(names, Bytes(entries.types)) } else { Listing::Names(names) }
    }
}

/// `readdir(path, asBytes, withTypes, recursive)`: names, or `[names, types]`.
pub(super) fn readdir(
    path: PathArg<Reads>,
    as_bytes: bool,
    with_types: bool,
    recursive: bool,
) -> Result<Listing, SysError> {
    let entries = if recursive {
        read_below(&path, with_types)?
    } else {
        let mut entries = read_whole(path.path()).map_err(failed_at("scandir", &path))?;
        if with_types {
            entries.complete(path.path());
        }
        entries
    };
    Ok(Listing::new(entries, as_bytes, with_types))
}

/// `opendir(path, named)`: a descriptor for `readEntries` and `close`. A failure names the path if `named`.
pub(super) fn opendir(path: PathArg<Reads>, named: bool) -> Result<i32, SysError> {
    match open_directory(path.path()) {
        Ok(fd) => Ok(fd.into_raw_fd()),
        Err(errno) if named => Err(failed_at("opendir", &path)(errno)),
        Err(errno) => Err(failed("opendir")(errno)),
    }
}

/// `readEntries(fd, asBytes)`: `[names, types]` of the next entries, in the order of the file system; none
/// at the end.
pub(super) fn read_entries(descriptor: i32, as_bytes: bool) -> Result<Listing, SysError> {
    let mut entries = Entries::default();
    let mut room = [MaybeUninit::uninit(); ENTRIES_ROOM];
    let read = file::with_fd(descriptor, |fd| entries.add_some(&mut RawDir::new(fd, &mut room)));
    read.map_err(failed("scandir"))?;
    Ok(Listing::new(entries, as_bytes, true))
}

#[cfg(test)]
mod tests {
    use super::{joined, make_with_parents, parent};

    #[test]
    fn the_parent_is_what_stands_before_the_last_slash() {
        assert_eq!(parent(b"a/b//c"), Some(&b"a/b/"[..]));
        assert_eq!(parent(b"a/b/"), Some(&b"a/b"[..]));
        assert_eq!(parent(b"/a"), None);
        assert_eq!(parent(b"a"), None);
        assert_eq!(joined(b"a/", b"b"), b"a/b");
        assert_eq!(joined(b"", b"b"), b"b");
    }

    #[test]
    fn making_directories_tells_the_first_one() {
        let root = std::env::temp_dir().join(format!("ironode-mkdir-{}", std::process::id()));
        let root = root.to_str().map(str::to_owned).unwrap_or_default();
        let path = format!("{root}/b//c/");
        assert_eq!(make_with_parents(path.as_bytes(), 0o755), Ok(Some(root.len())));
        assert_eq!(make_with_parents(path.as_bytes(), 0o755), Ok(None));
        assert!(std::fs::remove_dir_all(&root).is_ok());
    }
}
