//! What other threads know of a runtime, and what they can do to it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::Host;
use super::call;
use super::interrupt::Interrupter;
use super::readiness::Bell;
use super::task::{Mailbox, lock};
use crate::inspector::desk::Desk;

type Task = Box<dyn FnOnce(&mut v8::PinScope<'_, '_>) + Send>;

/// Why a runtime was ended before its program had done so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Somebody has asked for it.
    Terminated,
    /// The memory that it may use is used up.
    OutOfMemory,
    /// It could not begin.
    Failed(String),
}

/// How a runtime on a thread of its own has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// Why it did not end by itself.
    pub cause: Option<Cause>,
    /// Whether its thread will never end.
    pub is_stuck: bool,
}

/// A runtime as other threads see it.
#[derive(Default)]
pub struct Remote {
    stopped: AtomicBool,
    cause: Mutex<Option<Cause>>,
    /// The runtime, as long as there is one.
    reach: Mutex<Option<Reach>>,
    tasks: Mutex<VecDeque<Task>>,
    outcome: Mutex<Option<Outcome>>,
    /// Where the runtime waits while a debugger holds it.
    desk: Mutex<Option<Arc<Desk>>>,
    /// Called when there is an outcome.
    bell: Mutex<Option<Bell>>,
}

struct Reach {
    isolate: v8::IsolateHandle,
    interrupter: Interrupter,
    mailbox: Arc<Mailbox>,
}

impl Remote {
    /// Has `bell` rung when there is an outcome.
    pub fn set_bell(&self, bell: Bell) {
        *lock(&self.bell) = Some(bell);
    }

    /// Makes the runtime of `scope`, on whose thread this is, reachable.
    pub fn attach(&self, scope: &mut v8::PinScope<'_, '_>) {
        let host = Host::of(scope);
        let isolate = scope.thread_safe_handle();
        let interrupter = Interrupter::new(scope);
        *lock(&self.reach) = Some(Reach { isolate, interrupter, mailbox: Arc::clone(&host.mailbox) });
        if self.is_stopped() {
            scope.terminate_execution();
        }
    }

    /// The runtime is about to go.
    pub fn detach(&self) {
        *lock(&self.reach) = None;
        lock(&self.tasks).clear();
    }

    /// Ends the runtime as soon as possible; only the first cause counts.
    pub fn stop(&self, cause: Cause) {
        let mut known = lock(&self.cause);
        if known.is_none() {
            *known = Some(cause);
        }
        drop(known);
        self.stopped.store(true, Ordering::SeqCst);
        if let Some(reach) = &*lock(&self.reach) {
            reach.isolate.terminate_execution();
            reach.mailbox.wake();
        }
        if let Some(desk) = &*lock(&self.desk) {
            desk.wake();
        }
    }

    /// Has `desk` woken when somebody ends the runtime.
    pub(crate) fn set_desk(&self, desk: Arc<Desk>) {
        *lock(&self.desk) = Some(desk);
    }

    /// Whether somebody has ended the runtime.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Why the runtime was ended.
    pub fn cause(&self) -> Option<Cause> {
        lock(&self.cause).clone()
    }

    /// Runs `task` on the runtime's thread, in the middle of its JavaScript if need be. Returns whether the
    /// runtime is there; when it ends before, the task is dropped.
    pub fn run(self: &Arc<Self>, task: impl FnOnce(&mut v8::PinScope<'_, '_>) + Send + 'static) -> bool {
        let reach = lock(&self.reach);
        let Some(reach) = &*reach else { return false };
        lock(&self.tasks).push_back(Box::new(task));
        let this = Arc::clone(self);
        reach.interrupter.interrupt(move |scope| this.run_tasks(scope));
        let this = Arc::clone(self);
        reach.mailbox.send(move |scope| this.run_tasks(scope));
        true
    }

    fn run_tasks(&self, scope: &mut v8::PinScope<'_, '_>) {
        loop {
            let task = lock(&self.tasks).pop_front();
            let Some(task) = task else { return };
            v8::scope!(let scope, scope);
            call::guard(scope, task);
        }
    }

    /// Tells how the runtime has ended; the first one counts.
    pub fn finish(&self, outcome: Outcome) {
        lock(&self.outcome).get_or_insert(outcome);
        if let Some(bell) = &*lock(&self.bell) {
            bell.ring();
        }
    }

    /// How the runtime has ended, if it has.
    pub fn outcome(&self) -> Option<Outcome> {
        lock(&self.outcome).clone()
    }
}
