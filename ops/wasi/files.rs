//! The functions of WASI that take an open descriptor: `fd_*`.

use std::mem::MaybeUninit;
use std::num::NonZeroU64;

use rustix::fs::{
    Advice, AtFlags, OFlags, RawDir, SeekFrom, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT,
};

use super::abi::{
    DIRENT_SIZE, Errno, FDSTAT_SIZE, FILESTAT_SIZE, Kind, PRESTAT_SIZE, fdflag, fstflag, kind_of, right,
};
use super::{Answer, Wasi};
use crate::bind::guest::{Guest, OutOfBounds, Position};

impl From<OutOfBounds> for Errno {
    fn from(_: OutOfBounds) -> Self {
        Errno::OVERFLOW
    }
}

/// A failure of the system, as its positive number.
fn system(errno: i32) -> Errno {
    rustix::io::Errno::from_raw_os_error(errno).into()
}

pub(crate) fn fd_advise(
    wasi: &Wasi,
    _: &mut Guest,
    fd: u32,
    offset: u64,
    length: u64,
    advice: u32,
) -> Answer {
    let advice = match advice {
        0 => Advice::Normal,
        1 => Advice::Sequential,
        2 => Advice::Random,
        3 => Advice::WillNeed,
        4 => Advice::DontNeed,
        5 => Advice::NoReuse,
        _ => return Err(Errno::INVAL),
    };
    let entry = wasi.get(fd, right::FD_ADVISE)?;
    if entry.kind == Kind::Directory {
        return Err(Errno::BADF);
    }
    entry.with(|fd| rustix::fs::fadvise(fd, offset, NonZeroU64::new(length), advice))
}

pub(crate) fn fd_allocate(wasi: &Wasi, _: &mut Guest, fd: u32, offset: u64, length: u64) -> Answer {
    let entry = wasi.get(fd, right::FD_ALLOCATE)?;
    let end = offset.checked_add(length).ok_or(Errno::INVAL)?;
    entry.with(|fd| {
        let size = rustix::fs::fstat(fd)?.st_size as u64;
        if size < end { rustix::fs::ftruncate(fd, end) } else { Ok(()) }
    })
}

pub(crate) fn fd_close(wasi: &Wasi, _: &mut Guest, fd: u32) -> Answer {
    wasi.table.borrow_mut().remove(fd)
}

pub(crate) fn fd_datasync(wasi: &Wasi, _: &mut Guest, fd: u32) -> Answer {
    wasi.get(fd, right::FD_DATASYNC)?.with(|fd| rustix::fs::fdatasync(fd))
}

pub(crate) fn fd_sync(wasi: &Wasi, _: &mut Guest, fd: u32) -> Answer {
    wasi.get(fd, right::FD_SYNC)?.with(|fd| rustix::fs::fsync(fd))
}

/// The flags are the system's own, as Node has them.
pub(crate) fn fd_fdstat_get(wasi: &Wasi, guest: &mut Guest, fd: u32, out: u32) -> Answer {
    guest.check(out, FDSTAT_SIZE)?;
    let entry = wasi.get(fd, 0)?;
    let flags = entry.with(|fd| rustix::fs::fcntl_getfl(fd))?;
    guest.write_u8(out, entry.kind as u8)?;
    guest.write_u16(out + 2, flags.bits() as u16)?;
    guest.write_u64(out + 8, entry.rights)?;
    guest.write_u64(out + 16, entry.inheriting)?;
    Ok(())
}

/// The system's flags for `fdflags`.
pub(crate) fn status_flags(flags: u32) -> OFlags {
    let table = [
        (fdflag::APPEND, OFlags::APPEND),
        (fdflag::DSYNC, OFlags::DSYNC),
        (fdflag::NONBLOCK, OFlags::NONBLOCK),
        (fdflag::RSYNC, OFlags::RSYNC),
        (fdflag::SYNC, OFlags::SYNC),
    ];
    table.iter().filter(|(flag, _)| flags & flag != 0).fold(OFlags::empty(), |all, &(_, flag)| all | flag)
}

pub(crate) fn fd_fdstat_set_flags(wasi: &Wasi, _: &mut Guest, fd: u32, flags: u32) -> Answer {
    let entry = wasi.get(fd, right::FD_FDSTAT_SET_FLAGS)?;
    entry.with(|fd| rustix::fs::fcntl_setfl(fd, status_flags(flags)))
}

pub(crate) fn fd_fdstat_set_rights(
    wasi: &Wasi,
    _: &mut Guest,
    fd: u32,
    rights: u64,
    inheriting: u64,
) -> Answer {
    wasi.table.borrow_mut().restrict(fd, rights, inheriting)
}

/// Writes what `stat` tells as a `filestat`.
pub(crate) fn write_filestat(guest: &mut Guest, out: u32, stat: &Stat) -> Answer {
    let time = |seconds: i64, nanoseconds: u64| (seconds as u64).wrapping_mul(1_000_000_000) + nanoseconds;
    guest.write_u64(out, stat.st_dev)?;
    guest.write_u64(out + 8, stat.st_ino)?;
    guest.write_u8(out + 16, kind_of(stat) as u8)?;
    guest.write_u64(out + 24, stat.st_nlink)?;
    guest.write_u64(out + 32, stat.st_size as u64)?;
    guest.write_u64(out + 40, time(stat.st_atime, stat.st_atime_nsec))?;
    guest.write_u64(out + 48, time(stat.st_mtime, stat.st_mtime_nsec))?;
    guest.write_u64(out + 56, time(stat.st_ctime, stat.st_ctime_nsec))?;
    Ok(())
}

pub(crate) fn fd_filestat_get(wasi: &Wasi, guest: &mut Guest, fd: u32, out: u32) -> Answer {
    guest.check(out, FILESTAT_SIZE)?;
    let stat = wasi.get(fd, right::FD_FILESTAT_GET)?.with(|fd| rustix::fs::fstat(fd))?;
    write_filestat(guest, out, &stat)
}

pub(crate) fn fd_filestat_set_size(wasi: &Wasi, _: &mut Guest, fd: u32, size: u64) -> Answer {
    wasi.get(fd, right::FD_FILESTAT_SET_SIZE)?.with(|fd| rustix::fs::ftruncate(fd, size))
}

/// The times that `fstflags` ask for.
pub(crate) fn timestamps(access: u64, modification: u64, flags: u32) -> Result<Timestamps, Errno> {
    if flags > 15 {
        return Err(Errno::INVAL);
    }
    let time = |at: u64, given: u32, now: u32| match (flags & given != 0, flags & now != 0) {
        (true, true) => Err(Errno::INVAL),
        (true, false) => {
            Ok(Timespec { tv_sec: (at / 1_000_000_000) as i64, tv_nsec: (at % 1_000_000_000) as i64 })
        }
        (false, true) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_NOW }),
        (false, false) => Ok(Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }),
    };
    Ok(Timestamps {
        last_access: time(access, fstflag::ACCESS, fstflag::ACCESS_NOW)?,
        last_modification: time(modification, fstflag::MODIFICATION, fstflag::MODIFICATION_NOW)?,
    })
}

pub(crate) fn fd_filestat_set_times(
    wasi: &Wasi,
    _: &mut Guest,
    fd: u32,
    access: u64,
    modification: u64,
    flags: u32,
) -> Answer {
    let times = timestamps(access, modification, flags)?;
    wasi.get(fd, right::FD_FILESTAT_SET_TIMES)?.with(|fd| rustix::fs::futimens(fd, &times))
}

/// An offset as the system takes it.
fn position(offset: u64) -> Result<Position, Errno> {
    i64::try_from(offset).map(Position::At).map_err(|_| Errno::INVAL)
}

pub(crate) fn fd_pread(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    list: u32,
    count: u32,
    offset: u64,
    out: u32,
) -> Answer {
    guest.check(out, 4)?;
    let vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_READ | right::FD_SEEK)?;
    let count = vectors.read(entry.raw(), position(offset)?).map_err(system)?;
    Ok(guest.write_u32(out, count as u32)?)
}

pub(crate) fn fd_pwrite(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    list: u32,
    count: u32,
    offset: u64,
    out: u32,
) -> Answer {
    guest.check(out, 4)?;
    let vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_WRITE | right::FD_SEEK)?;
    let count = vectors.write(entry.raw(), position(offset)?).map_err(system)?;
    Ok(guest.write_u32(out, count as u32)?)
}

pub(crate) fn fd_read(wasi: &Wasi, guest: &mut Guest, fd: u32, list: u32, count: u32, out: u32) -> Answer {
    guest.check(out, 4)?;
    let vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_READ)?;
    let count = vectors.read(entry.raw(), Position::Current).map_err(system)?;
    Ok(guest.write_u32(out, count as u32)?)
}

pub(crate) fn fd_write(wasi: &Wasi, guest: &mut Guest, fd: u32, list: u32, count: u32, out: u32) -> Answer {
    guest.check(out, 4)?;
    let vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_WRITE)?;
    let count = vectors.write(entry.raw(), Position::Current).map_err(system)?;
    Ok(guest.write_u32(out, count as u32)?)
}

pub(crate) fn fd_prestat_get(wasi: &Wasi, guest: &mut Guest, fd: u32, out: u32) -> Answer {
    guest.check(out, PRESTAT_SIZE)?;
    let entry = wasi.get(fd, 0)?;
    let name = entry.preopen.as_ref().ok_or(Errno::INVAL)?;
    guest.write_u8(out, 0)?;
    Ok(guest.write_u32(out + 4, name.len() as u32)?)
}

pub(crate) fn fd_prestat_dir_name(wasi: &Wasi, guest: &mut Guest, fd: u32, out: u32, length: u32) -> Answer {
    guest.check(out, length)?;
    let entry = wasi.get(fd, 0)?;
    let name = entry.preopen.as_ref().ok_or(Errno::BADF)?;
    if name.len() > length as usize {
        return Err(Errno::NOBUFS);
    }
    guest.bytes_mut(out, name.len() as u32)?.copy_from_slice(name);
    Ok(())
}

/// The cookie of an entry is the system's, so that each call goes on where the guest says.
pub(crate) fn fd_readdir(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    buffer: u32,
    length: u32,
    cookie: u64,
    out: u32,
) -> Answer {
    guest.check(out, 4)?;
    let room = guest.bytes_mut(buffer, length)?;
    let entry = wasi.get(fd, right::FD_READDIR)?;
    if entry.kind != Kind::Directory {
        return Err(Errno::NOTDIR);
    }
    let mut used = 0;
    entry.with(|fd| {
        rustix::fs::seek(fd, SeekFrom::Start(cookie))?;
        let mut entries = [MaybeUninit::uninit(); 8192];
        let mut entries = RawDir::new(fd, &mut entries);
        while used < room.len() {
            let Some(entry) = entries.next() else { break };
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let mut fixed = [0; DIRENT_SIZE];
            fixed[..8].copy_from_slice(&entry.next_entry_cookie().to_le_bytes());
            fixed[8..16].copy_from_slice(&entry.ino().to_le_bytes());
            fixed[16..20].copy_from_slice(&(name.len() as u32).to_le_bytes());
            fixed[20] = kind_in(fd, &entry)? as u8;
            for part in [&fixed[..], name] {
                let count = part.len().min(room.len() - used);
                room[used..used + count].copy_from_slice(&part[..count]);
                used += count;
            }
        }
        Ok(())
    })?;
    Ok(guest.write_u32(out, used as u32)?)
}

/// The kind of an entry; not every file system tells it with the name.
fn kind_in(
    folder: std::os::fd::BorrowedFd<'_>,
    entry: &rustix::fs::RawDirEntry<'_>,
) -> Result<Kind, rustix::io::Errno> {
    match Kind::from(entry.file_type()) {
        Kind::Unknown => {
            let stat = rustix::fs::statat(folder, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW);
            Ok(stat.map_or(Kind::Unknown, |stat| kind_of(&stat)))
        }
        kind => Ok(kind),
    }
}

pub(crate) fn fd_renumber(wasi: &Wasi, _: &mut Guest, from: u32, to: u32) -> Answer {
    wasi.table.borrow_mut().renumber(from, to)
}

pub(crate) fn fd_seek(wasi: &Wasi, guest: &mut Guest, fd: u32, offset: u64, whence: u32, out: u32) -> Answer {
    guest.check(out, 8)?;
    let entry = wasi.get(fd, right::FD_SEEK)?;
    let offset = offset as i64;
    let to = match whence {
        0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::INVAL)?),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(Errno::INVAL),
    };
    let at = entry.with(|fd| rustix::fs::seek(fd, to))?;
    Ok(guest.write_u64(out, at)?)
}

pub(crate) fn fd_tell(wasi: &Wasi, guest: &mut Guest, fd: u32, out: u32) -> Answer {
    guest.check(out, 8)?;
    let at = wasi.get(fd, right::FD_TELL)?.with(|fd| rustix::fs::seek(fd, SeekFrom::Current(0)))?;
    Ok(guest.write_u64(out, at)?)
}
