//! What a runtime and its workers have in common.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use super::end::Group;
use super::locks::Locks;
use crate::bind::code_cache::CodeCache;
use crate::bind::task::{Mailbox, lock};
use crate::inspector::registry::Registry;

/// How many threads leave behind enough memory to look after.
const MANY: u32 = 32;

/// The state of a main runtime and of all workers that it and they have started.
#[derive(Default)]
pub struct Family {
    groups: Mutex<HashMap<String, Weak<Group>>>,
    threads: AtomicU32,
    /// How many files that tell about the program have got a name.
    diagnostics: AtomicU32,
    /// Threads that have ended since memory was last given back.
    ended: AtomicU32,
    /// The ways to its runtimes, by thread.
    mailboxes: Mutex<HashMap<u32, Arc<Mailbox>>>,
    /// What its workers have compiled.
    pub code: CodeCache,
    /// The locks by name that they share.
    pub locks: Locks,
    /// What debuggers find its runtimes by.
    pub(crate) inspection: Registry,
}

impl Family {
    /// The number of the next worker; the main thread has 0.
    pub fn next_thread(&self) -> u32 {
        self.threads.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The number of the next file that tells about the program.
    pub fn next_diagnostic(&self) -> u32 {
        self.diagnostics.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes the way to a thread, whose runtime may still be to come.
    pub fn enrol(&self, thread: u32, mailbox: &Arc<Mailbox>) {
        lock(&self.mailboxes).insert(thread, Arc::clone(mailbox));
    }

    /// Forgets a thread that has ended.
    pub fn leave(&self, thread: u32) {
        lock(&self.mailboxes).remove(&thread);
        self.locks.leave(thread);
    }

    /// Whether a worker that ends is the last one there is, after many others: what they have left behind is then
    /// worth giving back.
    pub fn is_last_of_many(&self) -> bool {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let is_last = ended >= MANY && lock(&self.mailboxes).keys().all(|thread| *thread == 0);
        if is_last {
            self.ended.store(0, Ordering::Relaxed);
        }
        is_last
    }

    /// The way to a thread.
    pub fn mailbox(&self, thread: f64) -> Option<Arc<Mailbox>> {
        let is_number = thread >= 0.0 && thread <= f64::from(u32::MAX) && thread.fract() == 0.0;
        is_number.then(|| lock(&self.mailboxes).get(&(thread as u32)).cloned())?
    }

    /// The ways to all of its workers.
    pub fn other_mailboxes(&self) -> Vec<Arc<Mailbox>> {
        lock(&self.mailboxes)
            .iter()
            .filter(|(thread, _)| **thread != 0)
            .map(|(_, mailbox)| Arc::clone(mailbox))
            .collect()
    }

    /// The group of a name, made where nobody is in it.
    pub fn group(&self, name: &str) -> Arc<Group> {
        let mut groups = lock(&self.groups);
        groups.retain(|_, group| group.strong_count() > 0);
        if let Some(group) = groups.get(name).and_then(Weak::upgrade) {
            return group;
        }
        let group = Arc::default();
        groups.insert(name.to_owned(), Arc::downgrade(&group));
        group
    }
}
