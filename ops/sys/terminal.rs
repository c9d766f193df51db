//! The mode of terminals, which outlives a process: what was changed is changed back, even where a
//! signal ends the process.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::Mutex;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, tcgetattr,
    tcsetattr,
};

use super::fd;
use crate::bind::task::lock;

/// A terminal whose mode was changed, and the mode from before.
struct Saved {
    terminal: OwnedFd,
    mode: Termios,
}

static CHANGED: Mutex<Vec<Saved>> = Mutex::new(Vec::new());

/// Opens the terminal `number` once more, not blocking and closed on exec: a descriptor whose flags are
/// not shared with other processes. Where that is impossible there is another descriptor of the same
/// open file.
pub fn open_again(number: i32) -> Result<OwnedFd, Errno> {
    if !fd::is_terminal(number) {
        return Err(Errno::INVAL);
    }
    let flags = fd::flags(number).ok_or(Errno::BADF)?;
    // The master of a pseudoterminal would be the master of another one.
    if !is_master(number) {
        let access = OFlags::from_bits_retain((flags & libc::O_ACCMODE) as u32);
        let flags = access | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        if let Ok(again) = rustix::fs::open(format!("/proc/self/fd/{number}"), flags, Mode::empty()) {
            return Ok(again);
        }
    }
    let copy = fd::duplicate(number).ok_or(Errno::MFILE)?;
    fd::set_flags(copy.as_raw_fd(), flags | libc::O_NONBLOCK);
    Ok(copy)
}

fn is_master(number: i32) -> bool {
    let mut index = 0u32;
    // SAFETY: the request writes one number, which `index` is; other descriptors give ENOTTY.
    unsafe { libc::ioctl(number, libc::TIOCGPTN, &raw mut index) == 0 }
}

/// How a terminal treats what goes through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// As it did before: by lines, which the user can edit.
    Normal,
    /// Each key at once and uninterpreted; what is written is still made into lines.
    Raw,
    /// Neither input nor output is changed.
    Io,
}

/// Sets how a terminal treats what goes through it.
pub fn treat(terminal: BorrowedFd<'_>, treatment: Treatment) -> Result<(), Errno> {
    let mut changed = lock(&CHANGED);
    let name = |fd: BorrowedFd<'_>| rustix::fs::fstat(fd).map(|stat| stat.st_rdev).ok();
    let this = name(terminal);
    let known = changed.iter().position(|saved| name(saved.terminal.as_fd()) == this);
    if treatment == Treatment::Normal {
        if let Some(index) = known {
            tcsetattr(terminal, OptionalActions::Drain, &changed[index].mode)?;
            changed.swap_remove(index);
        }
        return Ok(());
    }
    let before = tcgetattr(terminal)?;
    let mut mode = before.clone();
    if treatment == Treatment::Io {
        mode.make_raw();
    } else {
        make_uninterpreted(&mut mode);
    }
    if known.is_none() {
        let copy = rustix::io::fcntl_dupfd_cloexec(terminal, 3)?;
        changed.push(Saved { terminal: copy, mode: before });
        super::signal::restore_terminals_on_death();
    }
    tcsetattr(terminal, OptionalActions::Drain, &mode)
}

fn make_uninterpreted(mode: &mut Termios) {
    mode.input_modes -=
        InputModes::BRKINT | InputModes::ICRNL | InputModes::INPCK | InputModes::ISTRIP | InputModes::IXON;
    mode.output_modes |= OutputModes::ONLCR;
    mode.control_modes |= ControlModes::CS8;
    mode.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN | LocalModes::ISIG;
    mode.special_codes[SpecialCodeIndex::VMIN] = 1;
    mode.special_codes[SpecialCodeIndex::VTIME] = 0;
}

/// Changes back the mode of every terminal. May be called by a signal handler; where the handler has
/// interrupted a change, that terminal is left as it is.
pub fn restore() {
    let Ok(changed) = CHANGED.try_lock() else { return };
    if changed.is_empty() {
        return;
    }
    // A process in the background would be stopped instead.
    let unblock = super::signal::block_on_this_thread(libc::SIGTTOU);
    for saved in changed.iter() {
        let _ = tcsetattr(&saved.terminal, OptionalActions::Now, &saved.mode);
    }
    unblock();
}
