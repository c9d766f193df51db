//! The functions of WASI about sockets, which the guest has where a standard stream is one.

use rustix::net::{Shutdown, SocketFlags};

use super::abi::{Errno, fdflag, right};
use super::sandbox::Name;
use super::table::Entry;
use super::{Answer, Wasi};
use crate::bind::guest::Guest;

/// `riflags`.
const RECEIVE_PEEK: u32 = 1;
const RECEIVE_WAIT_ALL: u32 = 2;
/// `roflags`.
const DATA_TRUNCATED: u16 = 1;
/// `sdflags`.
const SHUT_READ: u32 = 1;
const SHUT_WRITE: u32 = 2;

fn system(errno: i32) -> Errno {
    rustix::io::Errno::from_raw_os_error(errno).into()
}

pub(crate) fn sock_accept(wasi: &Wasi, guest: &mut Guest, fd: u32, flags: u32, out: u32) -> Answer {
    guest.check(out, 4)?;
    let entry = wasi.get(fd, right::SOCK_ACCEPT)?;
    let mut how = SocketFlags::CLOEXEC;
    if flags & fdflag::NONBLOCK != 0 {
        how |= SocketFlags::NONBLOCK;
    }
    let socket = entry.with(|fd| rustix::net::accept_with(fd, how))?;
    let accepted = Entry::own(socket, Name::new(b""), u64::MAX, u64::MAX)?;
    let number = wasi.table.borrow_mut().add(accepted);
    Ok(guest.write_u32(out, number)?)
}

#[expect(clippy::too_many_arguments, reason = "the function of WASI has as many")]
pub(crate) fn sock_recv(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    list: u32,
    count: u32,
    flags: u32,
    out: u32,
    out_flags: u32,
) -> Answer {
    guest.check(out, 4)?;
    guest.check(out_flags, 2)?;
    let mut vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_READ | right::SOCK_SHUTDOWN)?;
    let mut how = 0;
    if flags & RECEIVE_PEEK != 0 {
        how |= libc::MSG_PEEK;
    }
    if flags & RECEIVE_WAIT_ALL != 0 {
        how |= libc::MSG_WAITALL;
    }
    let (count, told) = vectors.receive(entry.raw(), how).map_err(system)?;
    guest.write_u32(out, count as u32)?;
    let truncated = told & libc::MSG_TRUNC != 0;
    Ok(guest.write_u16(out_flags, if truncated { DATA_TRUNCATED } else { 0 })?)
}

pub(crate) fn sock_send(
    wasi: &Wasi,
    guest: &mut Guest,
    fd: u32,
    list: u32,
    count: u32,
    _flags: u32,
    out: u32,
) -> Answer {
    guest.check(out, 4)?;
    let mut vectors = guest.vectors(list, count)?;
    let entry = wasi.get(fd, right::FD_WRITE | right::SOCK_SHUTDOWN)?;
    let count = vectors.send(entry.raw()).map_err(system)?;
    Ok(guest.write_u32(out, count as u32)?)
}

pub(crate) fn sock_shutdown(wasi: &Wasi, _: &mut Guest, fd: u32, how: u32) -> Answer {
    let how = match how {
        SHUT_READ => Shutdown::Read,
        SHUT_WRITE => Shutdown::Write,
        3 => Shutdown::Both,
        _ => return Err(Errno::INVAL),
    };
    let entry = wasi.get(fd, 0)?;
    if entry.require(right::SOCK_SHUTDOWN).is_err() {
        return Err(Errno::NOTSUP);
    }
    entry.with(|fd| rustix::net::shutdown(fd, how))
}
