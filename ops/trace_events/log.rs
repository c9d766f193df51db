//! What is recorded: who asks for which categories, the events that wait for being written, and where they go.
//!
//! V8 has one place for its events in a process, and so have we: the events of all runtimes and of V8's own threads
//! come together here.

use std::collections::BTreeSet;
use std::ffi::CStr;
use std::sync::{LazyLock, Mutex};

use super::category::{Category, KNOWN};
use super::event::Event;
use super::file::File;
use crate::bind::task::lock;

/// How many events may wait.
const ROOM: usize = 4096;

/// Takes events: each text is a JSON object.
pub type Listener = Box<dyn Fn(&[String]) + Send>;

/// Who asks for events.
struct Client {
    number: u64,
    categories: Vec<String>,
    /// Where its events go; to the file where it has none.
    listener: Option<Listener>,
}

#[derive(Default)]
struct Log {
    clients: Vec<Client>,
    last: u64,
    /// The groups of categories that V8 and programs have named, beside those that are known.
    named: Vec<&'static Category>,
    events: Vec<Event>,
    /// How many events have been written before the first that waits.
    written: u64,
    /// What is told of the process and its threads.
    metadata: Vec<Event>,
    file: Option<File>,
    pattern: Option<String>,
}

static LOG: LazyLock<Mutex<Log>> = LazyLock::new(Mutex::default);

/// Which events go where, for metadata: every one.
static METADATA: Category = Category::new("__metadata");

/// Sets how the file is to be named.
pub(super) fn name_file(pattern: String) {
    lock(&LOG).pattern = Some(pattern);
}

/// Asks for events of `categories`: for the file, or for a listener. Returns by what that is ended.
pub fn enable(categories: Vec<String>, listener: Option<Listener>) -> u64 {
    let mut log = lock(&LOG);
    if listener.is_none() && log.file.is_none() {
        log.file = Some(File::new(log.pattern.clone()));
    }
    log.last += 1;
    let number = log.last;
    log.clients.push(Client { number, categories, listener });
    log.follow();
    number
}

/// Ends what `enable` has begun. What has been recorded is written first.
pub fn disable(number: u64) {
    let mut log = lock(&LOG);
    log.flush();
    let Some(index) = log.clients.iter().position(|client| client.number == number) else { return };
    let client = log.clients.remove(index);
    if let Some(listener) = client.listener {
        listener(&log.metadata_texts());
    }
    log.follow();
}

/// The categories that are asked for, in order.
pub(super) fn enabled() -> Vec<String> {
    lock(&LOG).asked_for().into_iter().map(str::to_owned).collect()
}

/// Whether anybody has asked for events, now or before.
pub fn is_used() -> bool {
    lock(&LOG).last > 0
}

/// Writes what waits, and the end of the file.
pub fn finish() {
    let mut log = lock(&LOG);
    log.flush();
    let texts = log.metadata_texts();
    let file = log.file.take();
    drop(log);
    if let Some(mut file) = file {
        file.write(&texts);
        file.finish();
    }
}

/// Notes something about the process or a thread, whoever asks for events later.
pub(super) fn describe(name: &'static str, args: String) {
    lock(&LOG).metadata.push(Event::new('M', &METADATA, name).args(args));
}

/// The same of another thread.
pub(super) fn describe_thread(thread: i32, args: String) {
    lock(&LOG).metadata.push(Event::new('M', &METADATA, "thread_name").of_thread(thread).args(args));
}

/// Records an event; the caller has looked whether its category is on. Returns the number by which [`end`] knows it.
pub fn record(event: Event) -> u64 {
    let mut log = lock(&LOG);
    if log.events.len() >= ROOM {
        log.flush();
    }
    log.events.push(event);
    log.written + log.events.len() as u64
}

/// What the event of that number tells of ends now. One that has been written is left as it is.
pub fn end(number: u64) {
    let mut log = lock(&LOG);
    let index = number.checked_sub(log.written + 1).and_then(|index| usize::try_from(index).ok());
    if let Some(event) = index.and_then(|index| log.events.get_mut(index)) {
        event.end();
    }
}

/// The group of categories of a name, which may be V8's.
pub fn category(name: &CStr) -> &'static Category {
    let name = name.to_str().unwrap_or_default();
    let mut log = lock(&LOG);
    let known = KNOWN.iter().chain(&log.named).copied().find(|category| category.name == name);
    if let Some(known) = known {
        return known;
    }
    // There is one for each place in the code that names one, and they are asked for as long as the process lives.
    let category: &'static Category = Box::leak(Box::new(Category::new(String::from(name).leak())));
    log.named.push(category);
    log.follow();
    category
}

impl Log {
    fn asked_for(&self) -> BTreeSet<&str> {
        self.clients.iter().flat_map(|client| &client.categories).map(String::as_str).collect()
    }

    /// Says in each category whether it is asked for.
    fn follow(&self) {
        let asked_for = self.asked_for();
        for category in KNOWN.iter().chain(&self.named) {
            category.follow(|name| asked_for.contains(name));
        }
    }

    /// Writes what waits.
    fn flush(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let texts = texts_of(&self.events);
        self.written += self.events.len() as u64;
        self.events.clear();
        for listener in self.clients.iter().filter_map(|client| client.listener.as_ref()) {
            listener(&texts);
        }
        if let Some(file) = &mut self.file {
            file.write(&texts);
        }
    }

    fn metadata_texts(&self) -> Vec<String> {
        texts_of(&self.metadata)
    }
}

fn texts_of(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| {
        let mut text = String::with_capacity(256);
        event.write(&mut text);
        text
    };
    events.iter().map(text).collect()
}
