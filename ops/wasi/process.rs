//! The functions of WASI about the program as a whole: its arguments, variables and end, clocks, signals, random
//! bytes.

use rustix::time::ClockId;

use super::abi::Errno;
use super::{Answer, Wasi};
use crate::bind::guest::Guest;
use crate::bind::state::Exit;
use crate::sys::signal;

/// Writes texts, each with a NUL at its end, and where each begins.
fn write_texts(guest: &mut Guest, texts: &[Vec<u8>], list: u32, buffer: u32) -> Answer {
    let size: usize = texts.iter().map(|text| text.len() + 1).sum();
    guest.check(list, 4 * texts.len() as u32)?;
    guest.check(buffer, size as u32)?;
    let mut at = buffer;
    for (index, text) in texts.iter().enumerate() {
        guest.write_u32(list + 4 * index as u32, at)?;
        let length = text.len() as u32;
        guest.bytes_mut(at, length)?.copy_from_slice(text);
        guest.write_u8(at + length, 0)?;
        at += length + 1;
    }
    Ok(())
}

/// Writes how many texts there are, and how many bytes they take.
fn write_sizes(guest: &mut Guest, texts: &[Vec<u8>], count: u32, size: u32) -> Answer {
    guest.check(size, 4)?;
    guest.write_u32(count, texts.len() as u32)?;
    Ok(guest.write_u32(size, texts.iter().map(|text| text.len() as u32 + 1).sum())?)
}

pub(crate) fn args_get(wasi: &Wasi, guest: &mut Guest, list: u32, buffer: u32) -> Answer {
    write_texts(guest, &wasi.args, list, buffer)
}

pub(crate) fn args_sizes_get(wasi: &Wasi, guest: &mut Guest, count: u32, size: u32) -> Answer {
    write_sizes(guest, &wasi.args, count, size)
}

pub(crate) fn environ_get(wasi: &Wasi, guest: &mut Guest, list: u32, buffer: u32) -> Answer {
    write_texts(guest, &wasi.env, list, buffer)
}

pub(crate) fn environ_sizes_get(wasi: &Wasi, guest: &mut Guest, count: u32, size: u32) -> Answer {
    write_sizes(guest, &wasi.env, count, size)
}

/// The system's clock of the guest's number.
pub(crate) fn clock(id: u32) -> Result<ClockId, Errno> {
    match id {
        0 => Ok(ClockId::Realtime),
        1 => Ok(ClockId::Monotonic),
        2 => Ok(ClockId::ProcessCPUTime),
        3 => Ok(ClockId::ThreadCPUTime),
        _ => Err(Errno::INVAL),
    }
}

/// A time in nanoseconds.
pub(crate) fn nanoseconds(time: rustix::time::Timespec) -> u64 {
    (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
}

pub(crate) fn clock_res_get(_: &Wasi, guest: &mut Guest, id: u32, out: u32) -> Answer {
    guest.check(out, 8)?;
    let resolution = rustix::time::clock_getres(clock(id)?);
    Ok(guest.write_u64(out, nanoseconds(resolution))?)
}

pub(crate) fn clock_time_get(_: &Wasi, guest: &mut Guest, id: u32, _precision: u64, out: u32) -> Answer {
    guest.check(out, 8)?;
    let time = rustix::time::clock_gettime(clock(id)?);
    Ok(guest.write_u64(out, nanoseconds(time))?)
}

/// Ends the runtime.
pub(crate) fn proc_exit(wasi: &Wasi, _: &mut Guest, code: u32) -> Answer {
    if let Some(host) = wasi.host.upgrade() {
        host.end(Exit::Code(code as i32));
    }
    Ok(())
}

/// The guest's signals, from 1 on.
const SIGNALS: [i32; 30] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGILL,
    libc::SIGTRAP,
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGKILL,
    libc::SIGUSR1,
    libc::SIGSEGV,
    libc::SIGUSR2,
    libc::SIGPIPE,
    libc::SIGALRM,
    libc::SIGTERM,
    libc::SIGCHLD,
    libc::SIGCONT,
    libc::SIGSTOP,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
    libc::SIGURG,
    libc::SIGXCPU,
    libc::SIGXFSZ,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGWINCH,
    libc::SIGPOLL,
    libc::SIGPWR,
    libc::SIGSYS,
];

pub(crate) fn proc_raise(_: &Wasi, _: &mut Guest, number: u32) -> Answer {
    let number = (number as usize).checked_sub(1).and_then(|index| SIGNALS.get(index)).ok_or(Errno::NOSYS)?;
    let own = rustix::process::getpid().as_raw_nonzero().get();
    signal::kill(own, *number).map_err(|errno| rustix::io::Errno::from_raw_os_error(errno.abs()).into())
}

pub(crate) fn random_get(_: &Wasi, guest: &mut Guest, buffer: u32, length: u32) -> Answer {
    let mut room = guest.bytes_mut(buffer, length)?;
    while !room.is_empty() {
        let count = rustix::rand::getrandom(&mut *room, rustix::rand::GetRandomFlags::empty())?;
        room = &mut room[count..];
    }
    Ok(())
}

pub(crate) fn sched_yield(_: &Wasi, _: &mut Guest) -> Answer {
    rustix::thread::sched_yield();
    Ok(())
}
