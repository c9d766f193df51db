//! The core of every descriptor that is a stream: TCP sockets, local sockets, pipes, terminals, the
//! channel between processes.
//!
//! # Another kind of stream
//!
//! All kinds are this one Rust type; a kind is a JavaScript class with its own way to get a descriptor:
//!
//! ```ignore
//! const CLASS: Class = handle_class!(TtyHandle, construct, [set_raw_mode],
//!     methods: stream::methods, getters: stream::getters);
//! fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
//!     wrap(scope, args.this(), |core| Stream::new(core, Kind::Tty));
//! }
//! fn set_raw_mode(this: This<Stream>, raw: bool) -> i32 { status(this.with_fd(|fd| ...)) }
//! ```
//!
//! [`Stream::start`] gives it an open descriptor, which it makes non-blocking, watches and closes.
//!
//! # What JavaScript has
//!
//! - `open(fd)` takes over a descriptor.
//! - `readStart()`, `readStop()`, and the event `onread(count, arrayBuffer, offset)`: `count` bytes of the
//!   buffer from `offset` on, which may be shared with other chunks; or a negative error number, `EOF`
//!   among them, after which reading has stopped. `useUserBuffer(view)` has all reads go into the start of
//!   `view`, with the event `onread(count)`.
//! - `takeHeld()`: what was read and not delivered when reading stopped, a `Uint8Array` or undefined; `hold(view)`
//!   has such bytes of another stream delivered before what comes.
//! - `write(data, encoding, callback)` for a view or a string (`encoding`: 0 UTF-8, 1 Latin-1, 2 UTF-16)
//!   and `writev(list, allBuffers, callback)` for views, or for `[chunk, encoding, chunk, encoding]`,
//!   and `writeMessage(head, body, encoding, callback, tail)` for a string and what comes behind it,
//!   and `writeResponse(start, fields, length, body, encoding, callback)` for a header in parts:
//!   they return 0 where the system took everything at once, a negative error number, or 1 where the
//!   rest is queued; only then `callback(status)` comes, on the handle as `this`, in the order of the writes.
//! - `shutdown(callback)` ends the writing side after what is queued.
//! - `setBlocking(on)`: writes wait instead of being queued.
//! - the getters `fd`, `bytesRead`, `bytesWritten` (queued or refused ones too) and `writeQueueSize`.
//! - `close(callback)`, `ref`, `unref`, `hasRef` as every handle. Requests that wait get ECANCELED before
//!   `callback`.
//!
//! # What Rust has
//!
//! [`Stream::consume`] sends what is read to a [`Consumer`] instead of JavaScript, from the room it was
//! read into; [`Stream::send`] writes.

use std::cell::{Cell, RefCell};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::rc::Rc;

use rustix::io::Errno;
use tokio::io::Interest;

use super::input::{Held, hold, take_held};
use super::message::{write_message, write_response};
use super::output::{Output, shutdown, write, writev};
use crate::bind::Exported;
use crate::bind::call::{self, Callback};
use crate::bind::handle::{Core, Handle, This, of};
use crate::bind::readiness::Watch;
use crate::bind::view::View;
use crate::exported;
use crate::sys::fd;

/// The end of what can be read, as libuv numbers it.
pub const EOF: i32 = -4095;

/// What a stream is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A TCP socket.
    Tcp,
    /// A local socket, a pipe, or whatever a descriptor was opened as.
    Pipe,
    /// A terminal.
    Tty,
}

/// What takes the bytes of a stream in place of JavaScript. It may call into JavaScript.
pub trait Consumer {
    /// `bytes` have been read.
    fn data(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]);
    /// Reading has ended: [`EOF`] or a negative error number.
    fn end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32);
}

/// Who is told that something is done, with 0 or a negative error number.
pub enum Completion {
    /// A function of JavaScript's, with the handle's object as receiver.
    Script(Callback),
    /// Rust. It may call into JavaScript.
    Native(NativeCompletion),
}

/// A function of Rust's that is told.
pub type NativeCompletion = Box<dyn FnOnce(&mut v8::PinScope<'_, '_>, i32)>;

/// The descriptor of a stream, closed when this is dropped.
pub(super) enum Descriptor {
    None,
    /// Made, but with nothing to wait for yet: an unconnected socket.
    Idle(OwnedFd),
    Watched(Rc<Watch>),
}

/// A stream over a descriptor.
pub struct Stream {
    pub(super) core: Core,
    pub(super) kind: Kind,
    pub(super) descriptor: RefCell<Descriptor>,
    pub(super) reading: Cell<bool>,
    pub(super) listening: Cell<bool>,
    /// Whether a read that does not fill its room has emptied the descriptor.
    pub(super) short_read_is_last: Cell<bool>,
    /// Whether so much comes that it is read in larger pieces than JavaScript gets.
    pub(super) is_bulk: Cell<bool>,
    /// What has been read before JavaScript stopped reading.
    pub(super) held: RefCell<Option<Held>>,
    pub(super) user_buffer: RefCell<Option<View>>,
    pub(super) consumer: RefCell<Option<Rc<dyn Consumer>>>,
    pub(super) bytes_read: Cell<u64>,
    pub(super) output: Output,
    pub(super) connect: RefCell<Option<Callback>>,
    /// An address that was taken is reported when the socket is used.
    pub(super) bind_status: Cell<i32>,
    /// The file of a local socket that listens.
    pub(super) file: RefCell<Option<PathBuf>>,
}

impl Stream {
    /// A stream that has no descriptor yet.
    pub fn new(core: Core, kind: Kind) -> Stream {
        Stream {
            core,
            kind,
            descriptor: RefCell::new(Descriptor::None),
            reading: Cell::new(false),
            listening: Cell::new(false),
            short_read_is_last: Cell::new(kind == Kind::Tcp),
            is_bulk: Cell::new(false),
            held: RefCell::new(None),
            user_buffer: RefCell::new(None),
            consumer: RefCell::new(None),
            bytes_read: Cell::new(0),
            output: Output::default(),
            connect: RefCell::new(None),
            bind_status: Cell::new(0),
            file: RefCell::new(None),
        }
    }

    /// Gives it a descriptor that is open and not blocking.
    pub fn start(&self, fd: OwnedFd) -> Result<(), Errno> {
        if self.core.is_closing() {
            return Err(Errno::CANCELED);
        }
        let watch = Watch::new(&self.core, fd)?;
        *self.descriptor.borrow_mut() = Descriptor::Watched(Rc::new(watch));
        Ok(())
    }

    /// Its descriptor, as long as it is open and watched.
    pub(super) fn watch(&self) -> Option<Rc<Watch>> {
        match &*self.descriptor.borrow() {
            Descriptor::Watched(watch) => Some(Rc::clone(watch)),
            Descriptor::None | Descriptor::Idle(_) => None,
        }
    }

    /// Lends the descriptor; without one there is EBADF.
    pub fn with_fd<R>(&self, work: impl FnOnce(BorrowedFd<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
        match &*self.descriptor.borrow() {
            Descriptor::None => Err(Errno::BADF),
            Descriptor::Idle(fd) => work(fd.as_fd()),
            Descriptor::Watched(watch) => work(watch.as_fd()),
        }
    }

    /// Sends what is read to `consumer` from now on, or to JavaScript again.
    pub fn consume(&self, consumer: Option<Rc<dyn Consumer>>) {
        *self.consumer.borrow_mut() = consumer;
    }

    /// Does `work`, which calls into JavaScript, in the asynchronous context of the handle.
    pub fn in_context<'s, 'i>(
        &self,
        scope: &mut v8::PinScope<'s, 'i>,
        work: impl FnOnce(&mut v8::PinScope<'s, 'i>),
    ) {
        self.core.in_context(scope, work);
    }

    /// The same for what is called from now on.
    pub fn enter_context(&self, scope: &v8::PinScope<'_, '_>) {
        self.core.enter_context(scope);
    }

    /// Tells JavaScript that reading has ended: [`EOF`] or a negative error number.
    pub fn tell_end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let status = v8::Integer::new(scope, status).into();
        self.core.emit(scope, "onread", &[status]);
    }

    /// Calls back with 0 or a negative error number: JavaScript on the handle's object.
    pub(super) fn answer(&self, scope: &mut v8::PinScope<'_, '_>, callback: Completion, status: i32) {
        let callback = match callback {
            Completion::Script(callback) => callback,
            Completion::Native(completion) => return completion(scope, status),
        };
        let status = v8::Integer::new(scope, status).into();
        match self.core.object(scope) {
            Some(object) => callback.call_on(scope, object.into(), &[status]),
            None => callback.call(scope, &[status]),
        }
    }

    pub(super) fn update_activity(&self) {
        self.core.set_active(self.reading.get() || self.listening.get());
    }
}

impl Handle for Stream {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.reading.set(false);
        self.listening.set(false);
        self.consume(None);
        self.held.take();
        if let Some(file) = self.file.take() {
            let _ = rustix::fs::unlink(&file);
        }
        self.descriptor.replace(Descriptor::None);
    }

    fn on_ready(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        if self.connect.borrow().is_some() {
            self.finish_connect(scope);
        } else if self.listening.get() {
            self.accept(scope);
        } else {
            if self.reading.get() {
                self.read(scope);
            }
            if !self.output.is_idle() {
                self.flush(scope);
            }
        }
    }

    fn resource(&self) -> Option<&'static str> {
        Some(match self.kind {
            Kind::Tcp if self.listening.get() => "TCPServerWrap",
            Kind::Tcp => "TCPSocketWrap",
            Kind::Pipe => "PipeWrap",
            Kind::Tty => "TTYWrap",
        })
    }

    fn request(&self) -> Option<&'static str> {
        if self.connect.borrow().is_some() {
            return Some("ConnectWrap");
        }
        (self.output.queued.get() > 0).then_some("WriteWrap")
    }

    fn finish(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        let connect = self.connect.take().map(Completion::Script);
        for callback in connect.into_iter().chain(self.output.take()) {
            self.core.host().end_request();
            self.answer(scope, callback, -libc::ECANCELED);
        }
    }
}

/// 0 or a negative error number.
pub fn status(result: Result<(), Errno>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => -error.raw_os_error(),
    }
}

/// The methods of every class of streams.
pub fn methods() -> Vec<Exported> {
    vec![
        exported!("open", |scope, args, rv| { call::sync(open, scope, args, rv) }),
        exported!("read_start", |scope, args, rv| { call::sync(read_start, scope, args, rv) }),
        exported!("read_stop", |scope, args, rv| { call::sync(read_stop, scope, args, rv) }),
        exported!("use_user_buffer", |scope, args, rv| { call::sync(use_user_buffer, scope, args, rv) }),
        exported!("take_held", |scope, args, rv| { take_held(scope, args, rv) }),
        exported!("hold", |scope, args, rv| { hold(scope, args, rv) }),
        exported!("set_blocking", |scope, args, rv| { call::sync(set_blocking, scope, args, rv) }),
        exported!("write", |scope, args, rv| { write(scope, args, rv) }),
        exported!("write_message", |scope, args, rv| { write_message(scope, args, rv) }),
        exported!("write_response", |scope, args, rv| { write_response(scope, args, rv) }),
        exported!("writev", |scope, args, rv| { writev(scope, args, rv) }),
        exported!("shutdown", |scope, args, rv| { shutdown(scope, args, rv) }),
    ]
}

/// The getters of every class of streams.
pub fn getters() -> Vec<Exported> {
    vec![
        exported!("fd", |scope, args, rv| { get(scope, &args, rv, number_of) }),
        exported!("bytes_read", |scope, args, rv| {
            get(scope, &args, rv, |stream| stream.bytes_read.get() as f64)
        }),
        exported!("bytes_written", |scope, args, rv| {
            get(scope, &args, rv, |stream| stream.output.accepted.get() as f64)
        }),
        exported!("write_queue_size", |scope, args, rv| {
            get(scope, &args, rv, |stream| stream.output.queued.get() as f64)
        }),
    ]
}

/// A getter; what is closed, and the class's prototype, have nothing.
fn get<'s>(
    _: &mut v8::PinScope<'s, '_>,
    args: &v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
    read: fn(&Stream) -> f64,
) {
    if let Some(stream) = of::<Stream>(args.this()) {
        rv.set_double(read(&stream));
    }
}

fn number_of(stream: &Stream) -> f64 {
    stream.with_fd(|fd| Ok(fd.as_raw_fd())).map_or(-1.0, f64::from)
}

/// `open(fd)`
fn open(this: This<Stream>, number: i32) -> i32 {
    if this.core.is_closing() {
        return -libc::ECANCELED;
    }
    if this.kind == Kind::Pipe {
        this.short_read_is_last.set(fd::is_fifo(number));
    }
    let watch = Watch::of_number(&this.core, number, Interest::READABLE | Interest::WRITABLE);
    status(watch.map(|watch| {
        *this.descriptor.borrow_mut() = Descriptor::Watched(Rc::new(watch));
    }))
}

/// `readStart()`
fn read_start(this: This<Stream>) -> i32 {
    this.start_reading()
}

/// `readStop()`
fn read_stop(this: This<Stream>) -> i32 {
    this.stop_reading();
    0
}

/// `useUserBuffer(view)`
fn use_user_buffer(this: This<Stream>, buffer: View) {
    *this.user_buffer.borrow_mut() = Some(buffer);
}

/// `setBlocking(on)`
fn set_blocking(this: This<Stream>, blocking: bool) -> i32 {
    this.output.blocking.set(blocking);
    0
}
