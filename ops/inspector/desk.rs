//! The way to a runtime's inspector from other threads: work that is done in the middle of JavaScript if need be,
//! and also while a debugger holds the program.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::bind::Host;
use crate::bind::call;
use crate::bind::interrupt::Interrupter;
use crate::bind::task::{Mailbox, lock};

type Task = Box<dyn FnOnce(&mut v8::PinScope<'_, '_>) + Send>;

/// Where other threads leave work for one runtime's inspector.
pub(crate) struct Desk {
    letters: Mutex<Letters>,
    arrival: Condvar,
    interrupter: Interrupter,
    mailbox: Arc<Mailbox>,
    keys: AtomicU64,
    is_busy: AtomicBool,
}

/// Tells the sessions with one inspector apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) u64);

#[derive(Default)]
struct Letters {
    tasks: VecDeque<Task>,
    /// Whether who waits shall look around.
    woken: bool,
    closed: bool,
}

impl Desk {
    pub(crate) fn new(scope: &mut v8::PinScope<'_, '_>) -> Arc<Desk> {
        Arc::new(Desk {
            letters: Mutex::default(),
            arrival: Condvar::new(),
            interrupter: Interrupter::new(scope),
            mailbox: Arc::clone(&Host::of(scope).mailbox),
            keys: AtomicU64::new(0),
            is_busy: AtomicBool::new(false),
        })
    }

    /// The key of a new session.
    pub(crate) fn next_key(&self) -> Key {
        Key(self.keys.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Has `task` done on the runtime's thread; it is dropped where the runtime has gone.
    pub(crate) fn post(self: &Arc<Self>, task: impl FnOnce(&mut v8::PinScope<'_, '_>) + Send + 'static) {
        let mut letters = lock(&self.letters);
        if letters.closed {
            return;
        }
        letters.tasks.push_back(Box::new(task));
        drop(letters);
        self.arrival.notify_all();
        let this = Arc::clone(self);
        self.interrupter.interrupt(move |scope| this.run_outermost(scope));
        let this = Arc::clone(self);
        self.mailbox.send(move |scope| {
            this.run_outermost(scope);
            call::drain_ticks(scope);
        });
    }

    /// Does what has been left, on the runtime's thread, unless that is under way further down the stack: one thing comes
    /// to its end before the next begins.
    fn run_outermost(&self, scope: &mut v8::PinScope<'_, '_>) {
        if !self.is_busy.load(Ordering::Relaxed) {
            self.run(scope);
        }
    }

    /// Does what has been left, on the runtime's thread. What is under way further down the stack waits for a debugger.
    pub(crate) fn run(&self, scope: &mut v8::PinScope<'_, '_>) {
        let was_busy = self.is_busy.swap(true, Ordering::Relaxed);
        loop {
            let Some(task) = lock(&self.letters).tasks.pop_front() else { break };
            v8::scope!(let scope, scope);
            call::guard(scope, task);
        }
        self.is_busy.store(was_busy, Ordering::Relaxed);
    }

    /// Waits until there is something to do or somebody wakes the thread.
    pub(crate) fn wait(&self) {
        let is_idle = |letters: &mut Letters| letters.tasks.is_empty() && !letters.woken && !letters.closed;
        let waited = self.arrival.wait_while(lock(&self.letters), is_idle);
        waited.unwrap_or_else(PoisonError::into_inner).woken = false;
    }

    /// Has a thread that waits look around.
    pub(crate) fn wake(&self) {
        lock(&self.letters).woken = true;
        self.arrival.notify_all();
    }

    /// Nothing more is done.
    pub(crate) fn close(&self) {
        let mut letters = lock(&self.letters);
        letters.closed = true;
        let tasks = std::mem::take(&mut letters.tasks);
        drop(letters);
        drop(tasks);
        self.arrival.notify_all();
    }
}
