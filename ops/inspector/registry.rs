//! The runtimes of a family, as debuggers of the main one find them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::desk::{Desk, Key};
use crate::bind::task::lock;

/// What a family's inspectors know of each other.
#[derive(Default)]
pub(crate) struct Registry {
    /// The way to the main thread.
    main: Mutex<Option<Arc<Desk>>>,
    workers: Mutex<BTreeMap<u32, Entry>>,
    /// The texts that stand for what is behind URLs.
    resources: Mutex<BTreeMap<String, String>>,
    /// The sessions of the main thread that want to know of workers, and whether these shall wait for them.
    watchers: Mutex<Vec<(Key, bool)>>,
}

/// A worker that runs.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) desk: Arc<Desk>,
}

impl Registry {
    /// Sets the way to the main thread.
    pub(crate) fn set_main(&self, desk: &Arc<Desk>) {
        *lock(&self.main) = Some(Arc::clone(desk));
    }

    /// The way to the main thread, where that has workers or an inspector.
    pub(crate) fn main(&self) -> Option<Arc<Desk>> {
        lock(&self.main).clone()
    }

    /// Notes what a session wants to know of workers: nothing, or whether they shall wait for it.
    pub(crate) fn watch(&self, key: Key, wish: Option<bool>) {
        let mut watchers = lock(&self.watchers);
        watchers.retain(|(known, _)| *known != key);
        watchers.extend(wish.map(|waits| (key, waits)));
    }

    /// Adds a worker. Returns whether anybody wants to know of it, and whether it shall wait.
    pub(crate) fn add(&self, entry: Entry) -> (bool, bool) {
        lock(&self.workers).insert(entry.id, entry);
        let watchers = lock(&self.watchers);
        (!watchers.is_empty(), watchers.iter().any(|(_, waits)| *waits))
    }

    /// Forgets a worker. Returns whether anybody wants to know of that.
    pub(crate) fn remove(&self, id: u32) -> bool {
        lock(&self.workers).remove(&id);
        !lock(&self.watchers).is_empty()
    }

    /// Sets the text that stands for what is behind a URL.
    pub(crate) fn put_resource(&self, url: String, text: String) {
        lock(&self.resources).insert(url, text);
    }

    /// The text that stands for what is behind a URL.
    pub(crate) fn resource(&self, url: &str) -> Option<String> {
        lock(&self.resources).get(url).cloned()
    }

    /// The workers that run, in the order of their numbers.
    pub(crate) fn workers(&self) -> Vec<Entry> {
        lock(&self.workers).values().cloned().collect()
    }
}
