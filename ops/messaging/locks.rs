//! The locks of `navigator.locks`, which all threads of a family share.

use std::sync::{Arc, Mutex};

use crate::bind::call::Callback;
use crate::bind::convert::CodeUnits;
use crate::bind::task::{Mailbox, lock};

/// What a request asks for.
pub struct Wanted {
    /// What is locked.
    pub name: CodeUnits,
    /// Whether others may share it.
    pub shared: bool,
    /// The thread that asks.
    pub thread: u32,
    /// The way to that thread.
    pub mailbox: Arc<Mailbox>,
    /// Called when it is granted after a wait.
    pub granted: Option<Callback>,
    /// Called when somebody steals it.
    pub stolen: Callback,
}

/// What becomes of a request at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It waits.
    Pending,
    /// It is granted.
    Granted,
    /// Somebody else has the lock.
    Unavailable,
}

/// The locks of a family.
#[derive(Default)]
pub struct Locks(Mutex<Table>);

#[derive(Default)]
struct Table {
    /// The number of the last request.
    last: u32,
    held: Vec<(u32, Wanted)>,
    pending: Vec<(u32, Wanted)>,
}

impl Table {
    fn is_free(&self, wanted: &Wanted) -> bool {
        self.held
            .iter()
            .filter(|(_, held)| held.name == wanted.name)
            .all(|(_, held)| held.shared && wanted.shared)
    }

    /// Grants what can be granted of a name, in the order of the requests. Gives the numbers of those of the thread
    /// on which this is; other threads are told.
    fn grant(&mut self, name: &CodeUnits, thread: u32) -> Vec<u32> {
        let mut own = Vec::new();
        while let Some(index) = self.pending.iter().position(|(_, wanted)| wanted.name == *name) {
            if !self.is_free(&self.pending[index].1) {
                break;
            }
            let (id, mut wanted) = self.pending.remove(index);
            if wanted.thread == thread {
                own.push(id);
            } else if let Some(granted) = wanted.granted.take() {
                wanted.mailbox.send(move |scope| granted.call(scope, &[]));
            }
            self.held.push((id, wanted));
        }
        own
    }
}

impl Locks {
    /// Asks for a lock: gives its number, what becomes of the request, and the numbers of those of the same thread
    /// that it is stolen from; other threads are told.
    pub fn request(&self, wanted: Wanted, only_if_available: bool, steal: bool) -> (u32, Answer, Vec<u32>) {
        let mut table = lock(&self.0);
        table.last += 1;
        let id = table.last;
        let mut own = Vec::new();
        if steal {
            let name = wanted.name.clone();
            for (other, held) in table.held.extract_if(.., |(_, held)| held.name == name) {
                if held.thread == wanted.thread {
                    own.push(other);
                    continue;
                }
                let (stolen, mailbox) = (held.stolen, held.mailbox);
                mailbox.send(move |scope| stolen.call(scope, &[]));
            }
        }
        let is_first = steal || !table.pending.iter().any(|(_, other)| other.name == wanted.name);
        if is_first && table.is_free(&wanted) {
            table.held.push((id, wanted));
            return (id, Answer::Granted, own);
        }
        if only_if_available {
            return (id, Answer::Unavailable, own);
        }
        table.pending.push((id, wanted));
        (id, Answer::Pending, own)
    }

    /// Gives a lock back: the numbers of requests of its thread that are granted now, unless it was not held any more.
    pub fn release(&self, id: u32) -> Option<Vec<u32>> {
        let mut table = lock(&self.0);
        let index = table.held.iter().position(|(held, _)| *held == id)?;
        let (_, released) = table.held.remove(index);
        Some(table.grant(&released.name, released.thread))
    }

    /// Takes a request back: the numbers of requests of its thread that are granted now, unless it did not wait.
    pub fn cancel(&self, id: u32) -> Option<Vec<u32>> {
        let mut table = lock(&self.0);
        let index = table.pending.iter().position(|(pending, _)| *pending == id)?;
        let (_, canceled) = table.pending.remove(index);
        Some(table.grant(&canceled.name, canceled.thread))
    }

    /// The locks that are held and those that are waited for: names, whether they are shared, and threads.
    pub fn list(&self) -> (super::Listed, super::Listed) {
        let table = lock(&self.0);
        let list = |locks: &[(u32, Wanted)]| {
            locks.iter().map(|(_, it)| (it.name.clone(), it.shared, it.thread)).collect()
        };
        // As in Node, the lock that was granted last comes first.
        let mut held: super::Listed = list(&table.held);
        held.reverse();
        (held, list(&table.pending))
    }

    /// Gives back all that a thread holds and takes its requests back.
    pub fn leave(&self, thread: u32) {
        let mut table = lock(&self.0);
        table.pending.retain(|(_, wanted)| wanted.thread != thread);
        let released: Vec<_> = table.held.extract_if(.., |(_, held)| held.thread == thread).collect();
        for (_, lock) in &released {
            table.grant(&lock.name, thread);
        }
    }
}
