//! `ProcessHandle`: one process that was started, and its end.

use std::cell::{Cell, RefCell};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::rc::Rc;

use super::command::{Command, Slot};

use crate::bind::class::Class;
use crate::bind::handle::{Core, Handle, This, wrap};
use crate::bind::readiness::Watch;
use crate::handle_class;
use crate::sys::{signal, spawn};

/// The class `ProcessHandle` with `spawn(command, slots)`, `kill(signal)`, `enrol()` and the event
/// `onexit(code, signal)`: `signal` is a number, 0 for a process that ended by itself.
pub(super) const CLASS: Class = handle_class!(ProcessHandle, construct, [spawn, kill, enrol]);

struct ProcessHandle {
    core: Core,
    pid: Cell<i32>,
    watch: RefCell<Option<Watch>>,
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| ProcessHandle { core, pid: Cell::new(0), watch: RefCell::default() });
}

/// Starts the process. Returns its id, or a negative error number, and for each slot that is a pipe the
/// descriptor of this end, which JavaScript then owns, else -1. The ends are there also where the process
/// is not: they read nothing and take nothing.
fn spawn(this: This<ProcessHandle>, command: Command, slots: Vec<Slot>) -> Vec<i32> {
    let mut command = command.0;
    let mut ours = Vec::with_capacity(slots.len());
    let mut theirs = Vec::new();
    for slot in slots {
        let (fd, our_end) = match slot {
            Slot::Ignore => (None, None),
            Slot::Inherit(fd) => (Some(fd), None),
            Slot::Pipe(_) => match spawn::socket_pair() {
                Ok((our_end, their_end)) => {
                    let fd = their_end.as_raw_fd();
                    theirs.push(their_end);
                    (Some(fd), Some(our_end))
                }
                Err(errno) => return vec![-errno],
            },
        };
        command.stdio.push(fd);
        ours.push(our_end);
    }
    let status = match start(&this, &command) {
        Ok(pid) => pid,
        Err(errno) => -errno,
    };
    let ours = ours.into_iter().map(|end| end.map_or(-1, OwnedFd::into_raw_fd));
    std::iter::once(status).chain(ours).collect()
}

fn start(this: &ProcessHandle, command: &spawn::Command) -> Result<i32, i32> {
    let pid = spawn::spawn(command)?;
    let watch = spawn::open_process(pid).and_then(|fd| {
        let watch = Watch::for_end(&this.core, fd);
        watch.map_err(rustix::io::Errno::raw_os_error)
    });
    let watch = watch.inspect_err(|_| {
        let _ = signal::kill(pid, libc::SIGKILL);
        spawn::wait(pid, true);
    })?;
    // Asked once, the reactor tells when the process has ended.
    if watch.readable().is_some() {
        watch.again();
    }
    this.pid.set(pid);
    *this.watch.borrow_mut() = Some(watch);
    this.core.set_active(true);
    Ok(pid)
}

/// Takes its place behind the pipes to the process: in this order programs are told of them.
fn enrol(this: This<ProcessHandle>) {
    this.core.enrol_again();
}

/// Sends a signal: 0 or a negative error number.
fn kill(this: This<ProcessHandle>, signal: i32) -> i32 {
    if this.watch.borrow().is_none() {
        return -libc::ESRCH;
    }
    signal::kill(this.pid.get(), signal).map_or_else(|errno| -errno, |()| 0)
}

impl Handle for ProcessHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.watch.take();
    }

    fn resource(&self) -> Option<&'static str> {
        self.watch.borrow().is_some().then_some("ProcessWrap")
    }

    fn on_ready(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        let ended = match &*self.watch.borrow() {
            Some(watch) => {
                let ended = spawn::wait(self.pid.get(), false);
                if ended.is_none()
                    && let Some(mut guard) = watch.readable()
                {
                    guard.clear_ready();
                    let _ = watch.readable();
                }
                ended
            }
            None => None,
        };
        let Some((code, signal)) = ended else { return };
        self.watch.take();
        self.core.set_active(false);
        let args = [v8::Integer::new(scope, code).into(), v8::Integer::new(scope, signal).into()];
        self.core.emit(scope, "onexit", &args);
    }
}
