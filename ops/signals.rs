//! Signals of the system, as handles that call `onsignal(number)`.

mod trace;

use std::cell::{Cell, OnceCell, RefCell};
use std::os::fd::OwnedFd;
use std::rc::{Rc, Weak};

use tokio::io::Interest;

use crate::bind::class::Class;
use crate::bind::handle::{Core, Handle, This, wrap};
use crate::bind::{Binding, Host};
use crate::sys::fd;
use crate::sys::signal::Watcher;
use crate::{binding, handle_class};

pub(crate) use trace::set_trace_sig_int;

const CLASS: Class = handle_class!(SignalHandle, construct, [start, stop]);

/// `internalBinding('signals')`: the class `SignalHandle` with `start(number)`, which returns 0 or a
/// negative error number, `stop()`, and the event `onsignal(number)`.
pub const BINDING: Binding = binding! { "signals", extend: install, references: references };

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

/// The signals of one runtime.
#[derive(Default)]
pub struct Signals {
    watcher: OnceCell<Watcher>,
    trace: trace::Trace,
    handles: RefCell<Vec<Weak<SignalHandle>>>,
}

struct SignalHandle {
    core: Core,
    signal: Cell<i32>,
}

impl Handle for SignalHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        let signal = self.signal.replace(0);
        if signal == 0 {
            return;
        }
        self.core.set_active(false);
        let signals = &self.core.host().signals;
        let handles = signals.handles.borrow();
        let others = handles.iter().filter_map(Weak::upgrade).any(|other| other.signal.get() == signal);
        if !others && let Some(watcher) = signals.watcher.get() {
            watcher.unwatch(signal);
        }
    }
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| SignalHandle { core, signal: Cell::new(0) });
}

/// Watches a signal from now on.
fn start(this: This<SignalHandle>, signal: i32) -> i32 {
    let host = Rc::clone(this.core.host());
    this.stop();
    let Some(watcher) = host.signals.watcher(&host) else { return -libc::EMFILE };
    if let Err(errno) = watcher.watch(signal) {
        return -errno;
    }
    this.signal.set(signal);
    this.core.set_active(true);
    let mut handles = host.signals.handles.borrow_mut();
    handles.retain(|handle| handle.strong_count() > 0);
    if !handles.iter().any(|handle| std::ptr::eq(handle.as_ptr(), Rc::as_ptr(&this))) {
        handles.push(Rc::downgrade(&this));
    }
    0
}

/// Watches it no longer.
fn stop(this: This<SignalHandle>) {
    Handle::stop(&**this);
}

impl Signals {
    fn watcher(&self, host: &Rc<Host>) -> Option<&Watcher> {
        if self.watcher.get().is_none() {
            let watcher = Watcher::new()?;
            let event = watcher.event().try_clone().ok()?;
            host.spawn(wake(Rc::downgrade(host), event));
            let _ = self.watcher.set(watcher);
        }
        self.watcher.get()
    }

    /// Whether a watched signal has arrived.
    pub fn has_arrived(&self) -> bool {
        self.watcher.get().is_some_and(Watcher::has_arrived) || self.trace.has_arrived()
    }

    /// Calls the handles of the signals that have arrived: a part of the poll phase.
    pub fn deliver(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.trace.has_arrived() {
            trace::idle(&Host::of(scope));
        }
        let Some(watcher) = self.watcher.get() else { return };
        for signal in watcher.take() {
            let handles: Vec<_> = self.handles.borrow().iter().filter_map(Weak::upgrade).collect();
            for handle in handles.iter().filter(|handle| handle.signal.get() == signal) {
                let number = v8::Integer::new(scope, signal).into();
                handle.core.emit(scope, "onsignal", &[number]);
            }
        }
    }
}

/// Wakes a sleeping event loop when a signal arrives.
async fn wake(host: Weak<Host>, event: OwnedFd) {
    let Ok(event) = fd::watch(event, Interest::READABLE) else { return };
    while let Ok(mut ready) = event.readable().await {
        ready.clear_ready();
        let Some(host) = host.upgrade() else { return };
        host.mailbox.wake();
    }
}
