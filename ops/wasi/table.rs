//! The descriptors of the guest: what each means to the system, and what may be done with it.

use std::ffi::OsStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use rustix::fs::{Mode, OFlags};

use super::abi::{Errno, Kind, kind_of, right};
use super::sandbox::Name;
use crate::sys::fd::{self, is_terminal};
use crate::sys::file::with_fd;

/// A descriptor of the system.
#[derive(Debug)]
enum Handle {
    /// One that the process has given, and keeps.
    Lent(RawFd),
    Own(OwnedFd),
}

/// What a descriptor of the guest is.
#[derive(Debug)]
pub(crate) struct Entry {
    handle: Handle,
    /// The kind of file.
    pub kind: Kind,
    /// What may be done with it.
    pub rights: u64,
    /// What may be done with what is opened beneath it.
    pub inheriting: u64,
    /// What the guest calls the directory.
    pub name: Name,
    /// The name of a directory that the guest was given, as it was given.
    pub preopen: Option<Vec<u8>>,
}

impl Entry {
    /// One of the standard streams.
    fn lent(fd: RawFd) -> Result<Entry, Errno> {
        let kind = open_kind(fd)?;
        let (rights, inheriting) = right::of(kind, kind == Kind::CharacterDevice && is_terminal(fd));
        Ok(Entry { handle: Handle::Lent(fd), kind, rights, inheriting, name: Name::new(b""), preopen: None })
    }

    /// A file that the guest has opened, with no more rights than its kind has.
    pub(crate) fn own(fd: OwnedFd, name: Name, rights: u64, inheriting: u64) -> Result<Entry, Errno> {
        let kind = open_kind(fd.as_raw_fd())?;
        let (most, most_inheriting) =
            right::of(kind, kind == Kind::CharacterDevice && is_terminal(fd.as_raw_fd()));
        Ok(Entry {
            handle: Handle::Own(fd),
            kind,
            rights: rights & most,
            inheriting: inheriting & most_inheriting,
            name,
            preopen: None,
        })
    }

    fn preopened(name: &[u8], path: &Path) -> Result<Entry, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())?;
        let mut entry = Entry::own(fd, Name::new(name), u64::MAX, u64::MAX)?;
        entry.preopen = Some(name.to_vec());
        Ok(entry)
    }

    /// Its number for the system.
    pub(crate) fn raw(&self) -> RawFd {
        match &self.handle {
            Handle::Lent(fd) => *fd,
            Handle::Own(fd) => fd.as_raw_fd(),
        }
    }

    /// The error where some of `rights` are not there.
    pub(crate) fn require(&self, rights: u64) -> Result<(), Errno> {
        if self.rights & rights == rights { Ok(()) } else { Err(Errno::NOTCAPABLE) }
    }

    /// Lends the descriptor to `work`.
    pub(crate) fn with<R>(
        &self,
        work: impl FnOnce(BorrowedFd<'_>) -> Result<R, rustix::io::Errno>,
    ) -> Result<R, Errno> {
        Ok(with_fd(self.raw(), work)?)
    }

    /// The descriptor of a directory, which is one of its own.
    pub(crate) fn directory(&self) -> Result<BorrowedFd<'_>, Errno> {
        match &self.handle {
            Handle::Own(fd) => Ok(fd.as_fd()),
            Handle::Lent(_) => Err(Errno::NOTDIR),
        }
    }
}

fn open_kind(fd: RawFd) -> Result<Kind, Errno> {
    match kind_of(&with_fd(fd, |fd| rustix::fs::fstat(fd))?) {
        Kind::SocketStream if fd::kind(fd) == fd::Kind::Udp => Ok(Kind::SocketDatagram),
        kind => Ok(kind),
    }
}

/// The descriptors by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Option<Rc<Entry>>>);

impl Table {
    /// A table of the standard streams, and of directories: pairs of the guest's name and the path, seen from `cwd`.
    pub(crate) fn new(stdio: [i32; 3], cwd: &Path, preopens: &[(Vec<u8>, Vec<u8>)]) -> Result<Table, Errno> {
        let mut entries = Vec::with_capacity(stdio.len() + preopens.len());
        for fd in stdio {
            entries.push(Some(Rc::new(Entry::lent(fd)?)));
        }
        for (name, path) in preopens {
            if path.is_empty() {
                return Err(Errno::NOENT);
            }
            let path = cwd.join(OsStr::from_bytes(path));
            entries.push(Some(Rc::new(Entry::preopened(name, &path)?)));
        }
        Ok(Table(entries))
    }

    /// The descriptor `fd`, if all of `rights` are there.
    pub(crate) fn get(&self, fd: u32, rights: u64) -> Result<Rc<Entry>, Errno> {
        let entry = self.0.get(fd as usize).and_then(Option::as_ref).ok_or(Errno::BADF)?;
        entry.require(rights)?;
        Ok(Rc::clone(entry))
    }

    /// Adds a descriptor; returns its number, the lowest that is free.
    pub(crate) fn add(&mut self, entry: Entry) -> u32 {
        let free = self.0.iter().position(Option::is_none).unwrap_or(self.0.len());
        if free == self.0.len() {
            self.0.push(None);
        }
        self.0[free] = Some(Rc::new(entry));
        free as u32
    }

    /// Takes a descriptor out.
    pub(crate) fn remove(&mut self, fd: u32) -> Result<(), Errno> {
        let slot = self.0.get_mut(fd as usize).ok_or(Errno::BADF)?;
        slot.take().map(drop).ok_or(Errno::BADF)
    }

    /// Gives the descriptor `from` the number `to`, whose own is closed.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.get(to, 0)?;
        let entry = self.get(from, 0)?;
        if from != to {
            self.0[from as usize] = None;
            self.0[to as usize] = Some(entry);
        }
        Ok(())
    }

    /// Leaves a descriptor no rights but these.
    pub(crate) fn restrict(&mut self, fd: u32, rights: u64, inheriting: u64) -> Result<(), Errno> {
        let entry = self.0.get_mut(fd as usize).and_then(Option::as_mut).ok_or(Errno::BADF)?;
        if rights & !entry.rights != 0 || inheriting & !entry.inheriting != 0 {
            return Err(Errno::NOTCAPABLE);
        }
        let entry = Rc::get_mut(entry).ok_or(Errno::BUSY)?;
        entry.rights = rights;
        entry.inheriting = inheriting;
        Ok(())
    }
}
