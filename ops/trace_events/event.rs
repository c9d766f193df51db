//! One trace event, and its JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

use rustix::time::{ClockId, clock_gettime};

use super::category::Category;

/// One event, as it waits for being written.
#[derive(Debug, Clone)]
pub struct Event {
    /// What part of something it is, as a letter.
    pub phase: char,
    /// The names of its categories.
    pub category: &'static str,
    /// What happens.
    pub name: Cow<'static, str>,
    /// By which events that belong together are known.
    pub id: Option<u64>,
    /// More about it: a JSON object.
    pub args: String,
    /// When, in microseconds.
    pub time: u64,
    /// How long, in microseconds.
    pub duration: u64,
    thread: i32,
    cpu_time: u64,
    cpu_duration: u64,
}

/// Without anything more about it.
pub const NO_ARGS: &str = "{}";

impl Event {
    /// One that happens now, on this thread.
    pub fn new(phase: char, category: &Category, name: impl Into<Cow<'static, str>>) -> Self {
        Event {
            phase,
            category: category.name,
            name: name.into(),
            id: None,
            args: String::from(NO_ARGS),
            time: micros(ClockId::Monotonic),
            duration: 0,
            thread: rustix::thread::gettid().as_raw_nonzero().get(),
            cpu_time: micros(ClockId::ThreadCPUTime),
            cpu_duration: 0,
        }
    }

    /// The same with an id.
    #[must_use]
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// The same with a JSON object that says more.
    #[must_use]
    pub fn args(mut self, args: impl Into<String>) -> Self {
        self.args = args.into();
        self
    }

    /// The same of another thread, where there is one.
    pub(super) fn of_thread(mut self, thread: i32) -> Self {
        self.thread = thread;
        self
    }

    /// What it tells of ends now, on the thread on which it began.
    pub(super) fn end(&mut self) {
        self.duration = micros(ClockId::Monotonic).saturating_sub(self.time);
        self.cpu_duration = micros(ClockId::ThreadCPUTime).saturating_sub(self.cpu_time);
    }

    /// Appends its JSON.
    pub(super) fn write(&self, out: &mut String) {
        let Event { thread, time, cpu_time, phase, category, duration, cpu_duration, .. } = self;
        let pid = std::process::id();
        let category = quoted(category);
        let name = quoted(&self.name);
        let _ = write!(
            out,
            "{{\"pid\":{pid},\"tid\":{thread},\"ts\":{time},\"tts\":{cpu_time},\"ph\":\"{phase}\",\"cat\":{category},\
             \"name\":{name},\"dur\":{duration},\"tdur\":{cpu_duration}"
        );
        if let Some(id) = self.id {
            let _ = write!(out, ",\"id\":\"0x{id:x}\"");
        }
        let _ = write!(out, ",\"args\":{}}}", self.args);
    }
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn micros(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec.cast_unsigned() * 1_000_000 + time.tv_nsec.cast_unsigned() / 1000
}
