//! `util.setTraceSigInt`: SIGINT, before it ends the process, has the stack of what was running printed.
//!
//! The program may never come back to its event loop, so that a thread of its own waits for the signal
//! and interrupts the JavaScript. While the program listens to SIGINT itself, there is nothing to print.

use std::cell::OnceCell;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use crate::bind::Host;
use crate::bind::interrupt::Interrupter;
use crate::bind::task::Mailbox;
use crate::bind::uncaught::frames;
use crate::sys::fd;
use crate::sys::signal::{Watcher, block_all_on_this_thread, die_of};

const HEADING: &str = "KEYBOARD_INTERRUPT: Script execution was interrupted by `SIGINT`";
const FRAMES: usize = 10;

/// What one runtime needs to trace SIGINT.
#[derive(Default)]
pub(super) struct Trace {
    shared: OnceCell<Arc<Shared>>,
}

struct Shared {
    watcher: Watcher,
    arrived: AtomicBool,
    mailbox: Arc<Mailbox>,
    interrupter: Interrupter,
}

impl Trace {
    /// Whether the signal has arrived and the event loop has to deliver it.
    pub(super) fn has_arrived(&self) -> bool {
        self.shared.get().is_some_and(|shared| shared.arrived.load(Ordering::Acquire))
    }

    fn start(&self, scope: &mut v8::PinScope<'_, '_>, mailbox: &Arc<Mailbox>) -> Option<&Shared> {
        if self.shared.get().is_none() {
            let watcher = Watcher::new()?;
            let event = watcher.event().try_clone().ok()?;
            let shared = Arc::new(Shared {
                watcher,
                arrived: AtomicBool::new(false),
                mailbox: Arc::clone(mailbox),
                interrupter: Interrupter::new(scope),
            });
            let thread = std::thread::Builder::new().name("ironode-sigint".into());
            let weak = Arc::downgrade(&shared);
            thread.spawn(move || wait(&event, &weak)).ok()?;
            let _ = self.shared.set(shared);
        }
        self.shared.get().map(Arc::as_ref)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            let event = shared.watcher.event().try_clone();
            drop(shared);
            // The thread wakes, finds nothing left and ends.
            let _ = event.map(|event| fd::write(event.as_raw_fd(), &1u64.to_ne_bytes()));
        }
    }
}

/// `setTraceSigInt(enable)`: `false` where the process is not the runtime's own.
pub(crate) fn set_trace_sig_int<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let host = Host::of(scope);
    rv.set_bool(host.config.owns_process);
    if !host.config.owns_process {
        return;
    }
    let trace = &host.signals.trace;
    if args.get(0).is_true() {
        if let Some(shared) = trace.start(scope, &host.mailbox) {
            let _ = shared.watcher.watch(libc::SIGINT);
        }
    } else if let Some(shared) = trace.shared.get() {
        shared.watcher.unwatch(libc::SIGINT);
    }
}

/// The life of the thread.
fn wait(event: &OwnedFd, shared: &Weak<Shared>) {
    block_all_on_this_thread();
    loop {
        fd::wait_readable(event.as_raw_fd());
        let _ = fd::read(event.as_raw_fd(), &mut [0; 8]);
        let Some(shared) = shared.upgrade() else { return };
        let has_come = shared.watcher.take().next().is_some();
        if has_come && shared.watcher.is_alone(libc::SIGINT) {
            shared.arrived.store(true, Ordering::Release);
            shared.interrupter.interrupt(interrupted);
            shared.mailbox.wake();
        }
    }
}

/// Prints the stack of the running JavaScript and ends the process.
fn interrupted(scope: &mut v8::PinScope<'_, '_>) {
    let stack = v8::StackTrace::current_stack_trace(scope, FRAMES);
    let stack = stack.map_or_else(String::new, |stack| frames(scope, stack));
    end(&Host::of(scope), &format!("{HEADING}\n{stack}\n"));
}

/// Says, where no JavaScript runs, that the signal has come, and ends the process.
pub(super) fn idle(host: &Host) {
    end(host, &format!("{HEADING}\n"));
}

fn end(host: &Host, report: &str) {
    host.stdio.write_all(2, report.as_bytes());
    host.stdio.restore();
    die_of(libc::SIGINT);
}
