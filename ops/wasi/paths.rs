//! The functions of WASI that take a name beneath a directory: `path_*`.

use std::rc::Rc;

use rustix::fs::{AtFlags, OFlags};

use super::abi::{DIRECTORY_MODE, Errno, FILE_MODE, FILESTAT_SIZE, SYMLINK_FOLLOW, fdflag, oflag, right};
use super::files::{status_flags, timestamps, write_filestat};
use super::sandbox::{Slash, Walk};
use super::table::Entry;
use super::{Answer, Wasi};
use crate::bind::guest::Guest;

fn walk<'d>(entry: &'d Rc<Entry>, path: &[u8], slash: Slash) -> Result<Walk<'d>, Errno> {
    Walk::new(entry.directory()?, &entry.name, path, slash)
}

pub(crate) fn path_create_directory(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let path = guest.bytes(path, length)?;
    let entry = wasi.get(fd, right::PATH_CREATE_DIRECTORY)?;
    let place = walk(&entry, path, Slash::Goes)?.last()?;
    Ok(rustix::fs::mkdirat(place.parent(), place.name(), DIRECTORY_MODE)?)
}

pub(crate) fn path_filestat_get(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    flags: u32,
    path: u32,
    length: u32,
    out: u32,
) -> Answer {
    let path = guest.bytes(path, length)?;
    guest.check(out, FILESTAT_SIZE)?;
    let entry = wasi.get(fd, right::PATH_FILESTAT_GET)?;
    let stat = walk(&entry, path, Slash::Enters)?.describe(flags & SYMLINK_FOLLOW != 0)?;
    write_filestat(guest, out, &stat)
}

#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn path_filestat_set_times(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    flags: u32,
    path: u32,
    length: u32,
    access: u64,
    modification: u64,
    which: u32,
) -> Answer {
    let path = guest.bytes(path, length)?;
    let times = timestamps(access, modification, which)?;
    let entry = wasi.get(fd, right::PATH_FILESTAT_SET_TIMES)?;
    let mut walk = walk(&entry, path, Slash::Enters)?;
    let place = if flags & SYMLINK_FOLLOW != 0 { walk.end()? } else { walk.last()? };
    Ok(rustix::fs::utimensat(place.parent(), place.name(), &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn path_link(
    wasi: &Wasi,
    guest: &mut Guest,
    old_fd: u32,
    flags: u32,
    old_path: u32,
    old_length: u32,
    new_fd: u32,
    new_path: u32,
    new_length: u32,
) -> Answer {
    let (old_path, new_path) = (guest.bytes(old_path, old_length)?, guest.bytes(new_path, new_length)?);
    let old_entry = wasi.get(old_fd, right::PATH_LINK_SOURCE)?;
    let new_entry = wasi.get(new_fd, right::PATH_LINK_TARGET)?;
    let mut old = walk(&old_entry, old_path, Slash::Enters)?;
    let old = if flags & SYMLINK_FOLLOW != 0 { old.end()? } else { old.last()? };
    let new = walk(&new_entry, new_path, Slash::Stays)?.last()?;
    Ok(rustix::fs::linkat(old.parent(), old.name(), new.parent(), new.name(), AtFlags::empty())?)
}

/// A link is followed where the guest does not ask for it, too, as Node does; never out of the directory.
#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn path_open(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    _lookup: u32,
    path: u32,
    length: u32,
    how: u32,
    rights: u64,
    inheriting: u64,
    status: u32,
    out: u32,
) -> Answer {
    const WRITES: u64 =
        right::FD_DATASYNC | right::FD_WRITE | right::FD_ALLOCATE | right::FD_FILESTAT_SET_SIZE;
    guest.check(out, 4)?;
    let path = guest.bytes(path, length)?;
    let reads = rights & (right::FD_READDIR | right::FD_READ) != 0;
    let writes = rights & WRITES != 0;
    let mut flags = match (reads, writes) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        (_, false) => OFlags::RDONLY,
    };
    let mut needed = right::PATH_OPEN;
    let mut needed_beneath = rights | inheriting;
    for (asked, flag, right) in [
        (oflag::CREATE, OFlags::CREATE, right::PATH_CREATE_FILE),
        (oflag::DIRECTORY, OFlags::DIRECTORY, 0),
        (oflag::EXCLUSIVE, OFlags::EXCL, 0),
        (oflag::TRUNCATE, OFlags::TRUNC, right::PATH_FILESTAT_SET_SIZE),
    ] {
        if how & asked != 0 {
            flags |= flag;
            needed |= right;
        }
    }
    if status & fdflag::DSYNC != 0 {
        needed_beneath |= right::FD_DATASYNC;
    }
    if status & (fdflag::RSYNC | fdflag::SYNC) != 0 {
        needed_beneath |= right::FD_SYNC;
    }
    if writes && status & fdflag::APPEND == 0 && how & oflag::TRUNCATE == 0 {
        needed_beneath |= right::FD_SEEK;
    }
    let entry = wasi.get(fd, needed)?;
    if entry.inheriting & needed_beneath != needed_beneath {
        return Err(Errno::NOTCAPABLE);
    }
    if flags.contains(OFlags::CREATE) && path.ends_with(b"/") {
        return Err(Errno::ISDIR);
    }
    let file = walk(&entry, path, Slash::Enters)?.open(flags | status_flags(status), FILE_MODE)?;
    let opened = Entry::own(file, entry.name.join(path), rights, inheriting)?;
    let number = wasi.table.borrow_mut().add(opened);
    Ok(guest.write_u32(out, number)?)
}

/// The text is followed by a NUL, for which there must be room.
#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn path_readlink(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    path: u32,
    length: u32,
    buffer: u32,
    room: u32,
    out: u32,
) -> Answer {
    guest.check(out, 4)?;
    guest.check(buffer, room)?;
    let path = guest.bytes(path, length)?;
    let entry = wasi.get(fd, right::PATH_READLINK)?;
    let place = walk(&entry, path, Slash::Enters)?.last()?;
    let target = rustix::fs::readlinkat(place.parent(), place.name(), Vec::new())?;
    let target = target.as_bytes_with_nul();
    if target.len() > room as usize {
        return Err(Errno::NOBUFS);
    }
    guest.bytes_mut(buffer, target.len() as u32)?.copy_from_slice(target);
    Ok(guest.write_u32(out, target.len() as u32 - 1)?)
}

pub(crate) fn path_remove_directory(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    path: u32,
    length: u32,
) -> Answer {
    let path = guest.bytes(path, length)?;
    let entry = wasi.get(fd, right::PATH_REMOVE_DIRECTORY)?;
    let place = walk(&entry, path, Slash::Stays)?.last()?;
    Ok(rustix::fs::unlinkat(place.parent(), place.name(), AtFlags::REMOVEDIR)?)
}

#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn path_rename(
    wasi: &Wasi,
    guest: &mut Guest,
    old_fd: u32,
    old_path: u32,
    old_length: u32,
    new_fd: u32,
    new_path: u32,
    new_length: u32,
) -> Answer {
    let (old_path, new_path) = (guest.bytes(old_path, old_length)?, guest.bytes(new_path, new_length)?);
    let old_entry = wasi.get(old_fd, right::PATH_RENAME_SOURCE)?;
    let new_entry = wasi.get(new_fd, right::PATH_RENAME_TARGET)?;
    let old = walk(&old_entry, old_path, Slash::Stays)?.last()?;
    let new = walk(&new_entry, new_path, Slash::Stays)?.last()?;
    Ok(rustix::fs::renameat(old.parent(), old.name(), new.parent(), new.name())?)
}

/// The target must be beneath the directory, seen from there, as Node has it.
pub(crate) fn path_symlink(
    wasi: &Wasi,
    guest: &mut Guest,
    old_path: u32,
    old_length: u32,
    fd: u32,
    new_path: u32,
    new_length: u32,
) -> Answer {
    let (target, new_path) = (guest.bytes(old_path, old_length)?, guest.bytes(new_path, new_length)?);
    let entry = wasi.get(fd, right::PATH_SYMLINK)?;
    if target.starts_with(b"/") {
        return Err(Errno::PERM);
    }
    if target.is_empty() || target.contains(&0) {
        return Err(Errno::INVAL);
    }
    if !entry.name.is_above(&entry.name.join(target)) {
        return Err(Errno::NOTCAPABLE);
    }
    let place = walk(&entry, new_path, Slash::Stays)?.last()?;
    Ok(rustix::fs::symlinkat(target, place.parent(), place.name())?)
}

pub(crate) fn path_unlink_file(wasi: &Wasi, guest: &mut Guest, fd: u32, path: u32, length: u32) -> Answer {
    let path = guest.bytes(path, length)?;
    let entry = wasi.get(fd, right::PATH_UNLINK_FILE)?;
    let place = walk(&entry, path, Slash::Stays)?.last()?;
    Ok(rustix::fs::unlinkat(place.parent(), place.name(), AtFlags::empty())?)
}
