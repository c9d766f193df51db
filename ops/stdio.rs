//! The standard streams of a runtime: descriptors of the process, or memory of the embedder.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::os::fd::{IntoRawFd, RawFd};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use tokio::io::Interest;

use crate::bind::call::Callback;
use crate::bind::convert::FromJs;
use crate::bind::task::lock;
use crate::bind::{Binding, Bytes, Host, SysError};
use crate::binding;
use crate::sys::fd::{self, Kind};
use crate::sys::terminal;

/// `internalBinding('stdio')`.
pub const BINDING: Binding = binding! {
    "stdio",
    sync: [isatty, window_size, kind_of, open_input, set_blocking, queued],
    raw: [write, write_buffer],
};

/// Standard input.
const INPUT: RawFd = 0;

/// Text that a runtime wrote to a captured stream.
pub type Capture = Arc<Mutex<Vec<u8>>>;

/// Where the standard streams of a runtime lead.
#[derive(Default)]
pub struct Stdio {
    /// The flags of standard input before it was made non-blocking.
    input_flags: Cell<Option<i32>>,
    outputs: [Output; 2],
}

/// Where one output stream leads.
#[derive(Default, Clone)]
pub enum Sink {
    /// Nowhere.
    #[default]
    Null,
    /// Into memory.
    Capture(Capture),
    /// Into a descriptor of the process.
    Descriptor(RawFd),
}

#[derive(Default)]
struct Output {
    sink: Sink,
    kind: Cell<Option<Kind>>,
    /// The flags of the descriptor before it was made non-blocking.
    flags: Cell<Option<i32>>,
    queue: Rc<RefCell<VecDeque<Chunk>>>,
    watching: Cell<bool>,
    /// Whether pipes take all that is written before a write returns.
    blocking: Cell<bool>,
}

struct Chunk {
    bytes: Vec<u8>,
    done: usize,
    callback: Option<Callback>,
}

impl Stdio {
    /// Streams that lead to standard output and error.
    pub fn new(sinks: [Sink; 2]) -> Self {
        let outputs = sinks.map(|sink| Output { sink, ..Output::default() });
        Stdio { input_flags: Cell::default(), outputs }
    }

    /// Where the outputs lead.
    pub fn sinks(&self) -> [Sink; 2] {
        [self.outputs[0].sink.clone(), self.outputs[1].sink.clone()]
    }

    fn output(&self, stream: i32) -> Option<&Output> {
        self.outputs.get(usize::try_from(stream - 1).ok()?)
    }

    /// Writes all of `bytes` to stream 1 or 2 before it returns, after what is queued there. What
    /// cannot be written is lost: this is for the last words of a runtime.
    pub fn write_all(&self, stream: i32, bytes: &[u8]) {
        let Some(output) = self.output(stream) else { return };
        output.flush();
        let _ = output.write_blocking(bytes);
    }

    /// Gives the descriptors back as they were found, and terminals in the mode that they had.
    pub fn restore(&self) {
        if let Some(flags) = self.input_flags.take() {
            fd::set_flags(INPUT, flags);
        }
        terminal::restore();
        for output in &self.outputs {
            if let (Sink::Descriptor(fd), Some(flags)) = (&output.sink, output.flags.take()) {
                fd::set_flags(*fd, flags);
            }
        }
    }
}

impl Output {
    fn kind(&self) -> Kind {
        let Sink::Descriptor(fd) = self.sink else { return Kind::File };
        let kind = self.kind.get().unwrap_or_else(|| fd::kind(fd));
        self.kind.set(Some(kind));
        kind
    }

    fn write_blocking(&self, bytes: &[u8]) -> Result<(), i32> {
        let fd = match &self.sink {
            Sink::Null => return Ok(()),
            Sink::Capture(capture) => {
                lock(capture).extend_from_slice(bytes);
                return Ok(());
            }
            Sink::Descriptor(fd) => *fd,
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            match fd::write(fd, rest) {
                Ok(count) => rest = &rest[count..],
                Err(libc::EAGAIN) => fd::wait_writable(fd),
                Err(errno) => return Err(errno),
            }
        }
        Ok(())
    }

    fn flush(&self) {
        while let Some(chunk) = self.queue.borrow_mut().pop_front() {
            let _ = self.write_blocking(&chunk.bytes[chunk.done..]);
        }
    }

    /// Writes what the descriptor takes at once. Pipes and sockets then keep the rest in a queue, as
    /// Node's do; everything else takes it all.
    fn write(&self, bytes: &[u8]) -> Result<usize, i32> {
        let Sink::Descriptor(fd) = self.sink else {
            return self.write_blocking(bytes).map(|()| bytes.len());
        };
        if self.blocking.get() || !matches!(self.kind(), Kind::Pipe | Kind::Tcp) {
            self.flush();
            return self.write_blocking(bytes).map(|()| bytes.len());
        }
        if self.flags.get().is_none()
            && let Some(flags) = fd::flags(fd)
        {
            self.flags.set(Some(flags));
            fd::set_flags(fd, flags | libc::O_NONBLOCK);
        }
        if !self.queue.borrow().is_empty() {
            return Ok(0);
        }
        let mut done = 0;
        while done < bytes.len() {
            match fd::write(fd, &bytes[done..]) {
                Ok(count) => done += count,
                Err(libc::EAGAIN) => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(done)
    }

    fn enqueue(&self, host: &Rc<Host>, stream: i32, chunk: Chunk) {
        host.begin_request();
        self.queue.borrow_mut().push_back(chunk);
        if let Sink::Descriptor(fd) = self.sink
            && !self.watching.replace(true)
        {
            host.spawn(drain(Rc::clone(host), stream, fd));
        }
    }
}

/// Writes the queue of one stream as the descriptor takes it, until it is empty.
async fn drain(host: Rc<Host>, stream: i32, fd: RawFd) {
    let Some(output) = host.stdio.output(stream) else { return };
    let watched = fd::duplicate(fd).and_then(|fd| fd::watch(fd, Interest::WRITABLE).ok());
    loop {
        let Some((chunk_bytes, done)) = output.queue.borrow().front().map(|c| (c.bytes.len(), c.done)) else {
            break;
        };
        let attempt = {
            let queue = output.queue.borrow();
            queue.front().map_or(Ok(0), |chunk| fd::write(fd, &chunk.bytes[chunk.done..]))
        };
        match attempt {
            Ok(count) if done + count < chunk_bytes => {
                if let Some(chunk) = output.queue.borrow_mut().front_mut() {
                    chunk.done += count;
                }
            }
            Ok(_) => finish(&host, output, 0),
            Err(libc::EAGAIN) => match &watched {
                Some(watched) => {
                    if let Ok(mut ready) = watched.writable().await {
                        ready.clear_ready();
                    }
                }
                None => fd::wait_writable(fd),
            },
            Err(errno) => finish(&host, output, errno),
        }
    }
    output.watching.set(false);
}

/// Takes the finished first chunk from the queue and has its callback called from the loop.
fn finish(host: &Rc<Host>, output: &Output, errno: i32) {
    let chunk = output.queue.borrow_mut().pop_front();
    match chunk.and_then(|chunk| chunk.callback) {
        Some(callback) => host.mailbox.post(move |scope| {
            let outcome = if errno == 0 { Ok(()) } else { Err(SysError::new(errno, "write")) };
            callback.settle(scope, outcome);
        }),
        None => {
            host.end_request();
            host.mailbox.wake();
        }
    }
}

/// Whether a descriptor is a terminal.
fn isatty(descriptor: i32) -> bool {
    fd::is_terminal(descriptor)
}

/// Columns and rows of the terminal behind a descriptor; `undefined` where it is none.
fn window_size(descriptor: i32) -> Option<(u32, u32)> {
    fd::window_size(descriptor).map(|(columns, rows)| (columns.into(), rows.into()))
}

/// What standard stream 0, 1 or 2 leads to, in Node's words. A runtime that does not own the process has
/// no input.
fn kind_of(host: Rc<Host>, stream: i32) -> &'static str {
    let kind = match host.stdio.output(stream) {
        Some(output) => output.kind(),
        None if host.config.owns_process => fd::kind(INPUT),
        None => Kind::Unknown,
    };
    match kind {
        Kind::Tty => "TTY",
        Kind::File => "FILE",
        Kind::Pipe => "PIPE",
        Kind::Tcp => "TCP",
        Kind::Udp => "UDP",
        Kind::Unknown => "UNKNOWN",
        Kind::Invalid => "INVALID",
    }
}

/// Another descriptor of standard input, for a stream that reads without blocking; -1 where there is none.
fn open_input(host: Rc<Host>) -> i32 {
    let stdio = &host.stdio;
    if stdio.input_flags.get().is_none() {
        stdio.input_flags.set(fd::flags(INPUT));
    }
    fd::duplicate(INPUT).map_or(-1, IntoRawFd::into_raw_fd)
}

/// Has writes to a pipe wait for the reader, or not; returns whether that stream exists.
fn set_blocking(host: Rc<Host>, stream: i32, blocking: bool) -> bool {
    let Some(output) = host.stdio.output(stream) else { return false };
    output.blocking.set(blocking);
    true
}

/// How many bytes wait to be written to stream 1 or 2.
fn queued(host: Rc<Host>, stream: i32) -> f64 {
    let Some(output) = host.stdio.output(stream) else { return 0.0 };
    output.queue.borrow().iter().map(|chunk| chunk.bytes.len() - chunk.done).sum::<usize>() as f64
}

/// `write(stream, string)`: the UTF-8 of a string to stream 1 or 2. Returns 0, or the negative error
/// number; what a pipe does not take at once is written later.
fn write<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let stream = args.get(0).int32_value(scope).unwrap_or(0);
    let host = Host::of(scope);
    let Some(output) = host.stdio.output(stream) else { return rv.set_int32(-libc::EBADF) };
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(1)) else { return };
    let mut buffer = [std::mem::MaybeUninit::uninit(); 8192];
    let text = text.to_rust_cow_lossy(scope, &mut buffer);
    match output.write(text.as_bytes()) {
        Ok(done) if done < text.len() => {
            let bytes = text.as_bytes()[done..].to_vec();
            output.enqueue(&host, stream, Chunk { bytes, done: 0, callback: None });
            rv.set_int32(0);
        }
        Ok(_) => rv.set_int32(0),
        Err(errno) => rv.set_int32(-errno),
    }
}

/// `writeBuffer(stream, bytes, callback)`: returns 0 when all is written, the negative error number
/// when it failed, and 1 when the rest is queued: then `callback(error)` follows.
fn write_buffer<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let stream = args.get(0).int32_value(scope).unwrap_or(0);
    let host = Host::of(scope);
    let Some(output) = host.stdio.output(stream) else { return rv.set_int32(-libc::EBADF) };
    let mut bytes = Bytes::from_js(scope, args.get(1)).0;
    match output.write(&bytes) {
        Ok(done) if done < bytes.len() => {
            bytes.drain(..done);
            let callback = v8::Local::<v8::Function>::try_from(args.get(2)).ok();
            let callback = callback.map(|callback| Callback::new(scope, callback));
            output.enqueue(&host, stream, Chunk { bytes, done: 0, callback });
            rv.set_int32(1);
        }
        Ok(_) => rv.set_int32(0),
        Err(errno) => rv.set_int32(-errno),
    }
}
