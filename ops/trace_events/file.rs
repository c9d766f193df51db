//! The file of trace events, written by a thread of its own.

use std::fs;
use std::io::{self, Write as _};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// Where events go unless the command line says otherwise.
const PATTERN: &str = "node_trace.${rotation}.log";

/// How many events a file has before the next one is begun.
const EVENTS_A_FILE: usize = 1 << 19;

/// A file, or one after the other.
pub(super) struct File {
    pattern: String,
    writer: Option<Writer>,
}

struct Writer {
    sender: Sender<Vec<String>>,
    thread: JoinHandle<()>,
}

impl File {
    /// One that is made when there is something to be written.
    pub(super) fn new(pattern: Option<String>) -> Self {
        File { pattern: pattern.unwrap_or_else(|| PATTERN.to_owned()), writer: None }
    }

    /// Has events written.
    pub(super) fn write(&mut self, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        if self.writer.is_none() {
            let (sender, receiver) = channel::<Vec<String>>();
            let mut files = Files { pattern: self.pattern.clone(), rotation: 0, count: 0, file: None };
            let builder = std::thread::Builder::new().name("ironode-trace".into());
            let thread = builder.spawn(move || {
                crate::sys::signal::block_all_on_this_thread();
                for texts in receiver {
                    files.write(&texts);
                }
                files.close();
            });
            self.writer = thread.ok().map(|thread| Writer { sender, thread });
        }
        if let Some(writer) = &self.writer {
            let _ = writer.sender.send(texts.to_vec());
        }
    }

    /// Waits until all is written.
    pub(super) fn finish(self) {
        if let Some(Writer { sender, thread }) = self.writer {
            drop(sender);
            let _ = thread.join();
        }
    }
}

/// What the thread has.
struct Files {
    pattern: String,
    rotation: u32,
    /// How many events are in the file.
    count: usize,
    file: Option<fs::File>,
}

impl Files {
    fn write(&mut self, texts: &[String]) {
        for texts in texts.chunks(EVENTS_A_FILE) {
            if self.rotation == 0 || self.count + texts.len() > EVENTS_A_FILE {
                self.open_next();
            }
            let Some(file) = &mut self.file else { continue };
            let mut text = String::from(if self.count == 0 { "{\"traceEvents\":[" } else { "," });
            text.push_str(&texts.join(","));
            self.count += texts.len();
            // Where it cannot be written, nobody is left to be told.
            let _ = file.write_all(text.as_bytes());
        }
    }

    fn open_next(&mut self) {
        self.close();
        self.rotation += 1;
        self.count = 0;
        let name = self.pattern.replace("${pid}", &std::process::id().to_string());
        let name = name.replace("${rotation}", &self.rotation.to_string());
        match fs::File::create(&name) {
            Ok(file) => self.file = Some(file),
            Err(error) => say_failed(&name, &error),
        }
    }

    fn close(&mut self) {
        if let Some(mut file) = self.file.take() {
            let _ = file.write_all(b"]}");
        }
    }
}

fn say_failed(name: &str, error: &io::Error) {
    let number = error.raw_os_error().map_or(0, |number| -number);
    let text = crate::sys::file::describe_error(number);
    let _ = crate::sys::fd::write(2, format!("Could not open trace file {name}: {text}\n").as_bytes());
}
