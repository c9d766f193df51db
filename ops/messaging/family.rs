//! What a runtime and its workers have in common.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use super::end::Group;
use crate::bind::task::lock;

/// The state of a main runtime and of all workers that it and they have started.
#[derive(Default)]
pub struct Family {
    groups: Mutex<HashMap<String, Weak<Group>>>,
    threads: AtomicU32,
}

impl Family {
    /// The number of the next worker; the main thread has 0.
    pub fn next_thread(&self) -> u32 {
        self.threads.fetch_add(1, Ordering::Relaxed) + 1
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
