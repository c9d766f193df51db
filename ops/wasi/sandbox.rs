//! Names of files beneath a directory of the guest. No name leads out of it: the names between `/`s are walked one by
//! one, from one descriptor to the next, and none of them is ever handed to the system as a symbolic link to follow.
//! Links are read and walked here, so that what another process changes meanwhile cannot lead out either.
//!
//! The directory has a name of its own in the guest's eyes, and `..` is first taken away by the names alone: beneath
//! `/home/me`, `../me/file` is `file`, and so is a link to `/home/me/file`.

use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{Mode, OFlags, Stat};
use rustix::io::Errno as System;

use super::abi::{Errno, Kind, kind_of};

/// How many links one name may lead through.
const MOST_LINKS: u32 = 40;
/// How long a name may be.
const MOST_BYTES: usize = 4096;

/// Takes the names of `path` apart: `.` and empty ones are left out, and `..` takes away the name before it.
pub(crate) fn normalized(path: &[u8]) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for name in names_of(path) {
        match name {
            b".." if names.last().is_some_and(|last| last != b"..") => drop(names.pop()),
            b".." if path.starts_with(b"/") => {}
            name => names.push(name.to_vec()),
        }
    }
    names
}

fn names_of(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}

/// The guest's name of a directory.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    is_absolute: bool,
    names: Vec<Vec<u8>>,
}

impl Name {
    /// The name that a directory is given.
    pub(crate) fn new(path: &[u8]) -> Name {
        Name { is_absolute: path.starts_with(b"/"), names: normalized(path) }
    }

    /// Whether `other` is this name or one beneath it.
    pub(crate) fn is_above(&self, other: &Name) -> bool {
        self.is_absolute == other.is_absolute && other.names.starts_with(&self.names)
    }

    /// The name of what `path` means beneath it.
    pub(crate) fn join(&self, path: &[u8]) -> Name {
        let mut joined = if self.is_absolute { vec![b'/'] } else { Vec::new() };
        joined.extend(self.names.join(&b'/'));
        joined.push(b'/');
        joined.extend_from_slice(path);
        if !self.is_absolute {
            joined.drain(..usize::from(self.names.is_empty()));
        }
        Name { is_absolute: self.is_absolute, names: normalized(&joined) }
    }
}

/// A name beneath a directory whose path the system can be asked about: one name without `/`, which it must not follow.
pub(crate) struct Place<'d> {
    parent: Parent<'d>,
    name: CString,
}

enum Parent<'d> {
    Root(BorrowedFd<'d>),
    Beneath(OwnedFd),
}

impl Place<'_> {
    /// The directory.
    pub(crate) fn parent(&self) -> BorrowedFd<'_> {
        match &self.parent {
            Parent::Root(root) => *root,
            Parent::Beneath(fd) => fd.as_fd(),
        }
    }

    /// The name in it; `.` for the directory itself.
    pub(crate) fn name(&self) -> &CString {
        &self.name
    }
}

/// What a `/` at the end of a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slash {
    /// The name is that of a directory, or of a link to one: the last name is entered.
    Enters,
    /// The system is told of it. Only for calls that look at the entry and never follow it.
    Stays,
    /// Nothing.
    Goes,
}

/// A walk from a directory of the guest.
pub(crate) struct Walk<'d> {
    root: BorrowedFd<'d>,
    name: &'d Name,
    /// The directories that have been entered.
    entered: Vec<OwnedFd>,
    /// How many names of the root's own are to come before the walk is beneath the root again.
    above: usize,
    /// The names to come, the next one last.
    pending: Vec<Vec<u8>>,
    links: u32,
    ends_with_slash: bool,
}

impl<'d> Walk<'d> {
    /// Begins a walk to `path`.
    pub(crate) fn new(
        root: BorrowedFd<'d>,
        name: &'d Name,
        path: &[u8],
        slash: Slash,
    ) -> Result<Self, Errno> {
        if path.is_empty() || path.contains(&0) {
            return Err(Errno::INVAL);
        }
        if path.starts_with(b"/") {
            return Err(Errno::NOTCAPABLE);
        }
        if path.len() >= MOST_BYTES {
            return Err(Errno::NAMETOOLONG);
        }
        let mut pending = normalized(path);
        pending.reverse();
        let ends_with_slash = path.ends_with(b"/");
        if ends_with_slash && slash == Slash::Enters {
            pending.insert(0, b".".to_vec());
        }
        let ends_with_slash = ends_with_slash && slash == Slash::Stays;
        Ok(Walk { root, name, entered: Vec::new(), above: 0, pending, links: 0, ends_with_slash })
    }

    fn here(&self) -> BorrowedFd<'_> {
        self.entered.last().map_or(self.root, AsFd::as_fd)
    }

    /// Walks to the directory of the last name, which may be a link.
    pub(crate) fn last(&mut self) -> Result<Place<'d>, Errno> {
        while let Some(name) = self.pending.pop() {
            if name == b".." {
                self.leave()?;
            } else if self.above > 0 {
                self.come_back(&name)?;
            } else if self.pending.is_empty() && name != b"." {
                return self.place(name);
            } else if name != b"." {
                self.enter(name)?;
            }
        }
        if self.above > 0 {
            return Err(Errno::NOTCAPABLE);
        }
        self.place(b".".to_vec())
    }

    fn place(&mut self, mut name: Vec<u8>) -> Result<Place<'d>, Errno> {
        if self.ends_with_slash && name != b"." {
            name.push(b'/');
        }
        let name = CString::new(name).map_err(|_| Errno::INVAL)?;
        let parent = match self.entered.last() {
            Some(fd) => Parent::Beneath(fd.try_clone().map_err(|_| Errno::MFILE)?),
            None => Parent::Root(self.root),
        };
        Ok(Place { parent, name })
    }

    fn leave(&mut self) -> Result<(), Errno> {
        if self.entered.pop().is_some() {
            return Ok(());
        }
        if self.above < self.name.names.len() {
            self.above += 1;
        } else if !self.name.is_absolute {
            return Err(Errno::NOTCAPABLE);
        }
        Ok(())
    }

    /// Takes a name that is above the root: it must be the root's own.
    fn come_back(&mut self, name: &[u8]) -> Result<(), Errno> {
        let names = &self.name.names;
        if names.get(names.len() - self.above).is_none_or(|own| own != name) {
            return Err(Errno::NOTCAPABLE);
        }
        self.above -= 1;
        Ok(())
    }

    fn enter(&mut self, name: Vec<u8>) -> Result<(), Errno> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(self.here(), &*name, flags, Mode::empty()) {
            Ok(fd) => self.entered.push(fd),
            Err(error @ (System::NOTDIR | System::LOOP)) => {
                let Ok(target) = rustix::fs::readlinkat(self.here(), &*name, Vec::new()) else {
                    return Err(error.into());
                };
                self.follow(target.as_bytes())?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Goes on with the target of a link that is where the walk is.
    fn follow(&mut self, target: &[u8]) -> Result<(), Errno> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP);
        }
        if target.starts_with(b"/") {
            if !self.name.is_absolute {
                return Err(Errno::NOTCAPABLE);
            }
            self.entered.clear();
            self.above = self.name.names.len();
        }
        if target.ends_with(b"/") && self.pending.is_empty() {
            self.pending.push(b".".to_vec());
        }
        self.pending.extend(names_of(target).rev().map(<[u8]>::to_vec));
        Ok(())
    }

    /// Goes on where the last name turned out to be a link; whether it was one.
    pub(crate) fn follow_last(&mut self, place: &Place<'_>) -> Result<bool, Errno> {
        match rustix::fs::readlinkat(place.parent(), place.name(), Vec::new()) {
            Ok(target) => self.follow(target.as_bytes()).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    /// Walks to the end, through links.
    pub(crate) fn end(&mut self) -> Result<Place<'d>, Errno> {
        loop {
            let place = self.last()?;
            if !self.follow_last(&place)? {
                return Ok(place);
            }
        }
    }

    /// Walks to the end and describes what is there.
    pub(crate) fn describe(&mut self, follows: bool) -> Result<Stat, Errno> {
        loop {
            let place = self.last()?;
            let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
            let stat = rustix::fs::statat(place.parent(), place.name(), flags)?;
            if !follows || kind_of(&stat) != Kind::SymbolicLink || !self.follow_last(&place)? {
                return Ok(stat);
            }
        }
    }

    /// Walks to the end and opens what is there, or makes it.
    pub(crate) fn open(&mut self, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
        loop {
            let place = self.last()?;
            let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NOCTTY;
            match rustix::fs::openat(place.parent(), place.name(), flags, mode) {
                Ok(fd) => return Ok(fd),
                Err(error @ (System::LOOP | System::NOTDIR)) => {
                    if !self.follow_last(&place)? {
                        return Err(error.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn outcome(root: &OwnedFd, name: &Name, path: &str) -> Result<Kind, Errno> {
        Walk::new(root.as_fd(), name, path.as_bytes(), Slash::Enters)?
            .describe(true)
            .map(|stat| kind_of(&stat))
    }

    #[test]
    fn nothing_leads_out() -> std::io::Result<()> {
        let folder = std::env::temp_dir().join(format!("ironode-sandbox-{}", std::process::id()));
        let inner = folder.join("in");
        fs::create_dir_all(inner.join("sub"))?;
        fs::write(folder.join("secret"), "")?;
        fs::write(inner.join("file"), "")?;
        for (target, link) in [
            ("../secret", "out"),
            ("..", "up"),
            ("/file", "root"),
            ("/in/file", "own"),
            ("../in/file", "back"),
            ("loop", "loop"),
            ("sub/..", "self"),
            ("../..", "sub/upup"),
            ("file/", "slash"),
        ] {
            symlink(target, inner.join(link))?;
        }
        let root = OwnedFd::from(fs::File::open(&inner)?);
        let name = Name::new(b"/in");
        for path in [
            "../secret",
            "..",
            "/file",
            "out",
            "up",
            "up/secret",
            "root",
            "sub/upup",
            "sub/upup/secret",
            "sub/../../secret",
        ] {
            assert_eq!(outcome(&root, &name, path), Err(Errno::NOTCAPABLE), "{path}");
        }
        for path in
            ["file", "own", "back", "self/file", "sub/../file", "../in/file", "up/in/file", "sub/upup/in/own"]
        {
            assert_eq!(outcome(&root, &name, path), Ok(Kind::RegularFile), "{path}");
        }
        assert_eq!(outcome(&root, &name, "self/"), Ok(Kind::Directory));
        assert_eq!(outcome(&root, &name, "."), Ok(Kind::Directory));
        assert_eq!(outcome(&root, &name, "loop"), Err(Errno::LOOP));
        for path in ["file/", "slash", "file/x"] {
            assert_eq!(outcome(&root, &name, path), Err(Errno::NOTDIR), "{path}");
        }
        assert_eq!(outcome(&root, &Name::new(b"."), "own"), Err(Errno::NOTCAPABLE));
        fs::remove_dir_all(folder)
    }

    #[test]
    fn names_are_joined_by_their_words() {
        assert_eq!(Name::new(b"/a").join(b"b/../c").names, [b"a".to_vec(), b"c".to_vec()]);
        assert_eq!(Name::new(b".").join(b"b").names, [b"b".to_vec()]);
        assert_eq!(Name::new(b"x").join(b"b").names, [b"x".to_vec(), b"b".to_vec()]);
    }
}
