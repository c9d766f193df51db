//! `ChannelHandle`: the channel between a process and one that it forked. Messages are framed, written,
//! read and parsed here; descriptors travel beside them.
//!
//! In the form `json` a message is one line of JSON, in the form `advanced` its length in four bytes, the
//! highest first, and that many bytes of V8's serialisation (see `codec.rs`). Both are those of Node, so that
//! a process of either kind may be on the other side.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::rc::{Rc, Weak};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, send, sendmsg,
};
use tokio::io::Interest;

use super::codec::{self, Codec};
use crate::bind::class::Class;
use crate::bind::convert::{FromJs, string_from_bytes};
use crate::bind::handle::{Core, Handle, This, of, wrap};
use crate::bind::readiness::Watch;
use crate::bind::{Exported, Host, call, uncaught};
use crate::sys::fd;
use crate::{exported, handle_class};

/// The class `ChannelHandle`:
///
/// - `open(fd)` takes over a descriptor: 0 or a negative error number.
/// - `useAdvanced(prototype, describe, view)`: the form is `advanced`, with these answers to [`Codec`].
/// - `readStart()`, then `onmessage(message)` for each message; and `onend()` once, when the other side has
///   closed or is gone.
/// - `send(message, fd)` takes JSON, or in the form `advanced` the message itself, and a descriptor to go with
///   it or -1, which it copies. It returns how many bytes wait to be written, or a negative error number. Messages that had to wait
///   are announced by `onsent(count)` when they have gone.
/// - `takeFd()`: the next descriptor that has arrived, which JavaScript then owns, or -1.
/// - `fd`: its own descriptor.
/// - `close` still writes what waits; the runtime stays alive for it.
pub(super) const CLASS: Class = handle_class!(ChannelHandle, construct, [open, read_start, read_stop, take_fd], methods: methods, getters: getters);

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// How often a channel is read in one turn of the loop, for the sake of the others.
const READS_A_TURN: usize = 32;

/// How many descriptors may come with one read.
const FDS_A_READ: usize = 16;

/// How long the end of a runtime waits for a reader that takes nothing.
const PATIENCE: Duration = Duration::from_secs(5);

struct ChannelHandle {
    core: Core,
    codec: OnceCell<Codec>,
    reading: Cell<bool>,
    /// Watches for what can be read.
    watch: RefCell<Option<Rc<Watch>>>,
    /// A copy of the descriptor that watches for room to write, while messages wait for that.
    writing: RefCell<Option<Watch>>,
    inbox: RefCell<Inbox>,
    /// What a look has brought before the reactor told of it: it lies in the inbox.
    early: Cell<Option<Received>>,
    arrived: RefCell<VecDeque<OwnedFd>>,
    outbox: RefCell<Outbox>,
}

/// What has been read and not been delivered.
#[derive(Default)]
struct Inbox {
    /// All of it has a value, so that reading needs not clear it first.
    room: Vec<u8>,
    /// How much of the room has been read.
    filled: usize,
    /// How much of it has no end of a line.
    searched: usize,
}

/// Messages that wait to be written.
#[derive(Default)]
struct Outbox {
    messages: VecDeque<Message>,
    bytes: usize,
}

/// What one read has brought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Received {
    /// The other side has closed.
    End,
    /// All that there was.
    All,
    /// Perhaps not all.
    Some,
}

struct Message {
    bytes: Vec<u8>,
    written: usize,
    fd: Option<OwnedFd>,
}

/// The channels of one runtime, for its end.
#[derive(Default)]
struct Channels(RefCell<Vec<Weak<dyn Handle>>>);

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| ChannelHandle {
        core,
        codec: OnceCell::new(),
        reading: Cell::new(false),
        watch: RefCell::default(),
        writing: RefCell::default(),
        inbox: RefCell::default(),
        early: Cell::new(None),
        arrived: RefCell::default(),
        outbox: RefCell::default(),
    });
}

fn methods() -> Vec<Exported> {
    vec![
        exported!("send", |scope, args, rv| {
            let mut rv = rv;
            let Some(channel) = of::<ChannelHandle>(args.this()) else { return };
            let bytes = match channel.codec.get() {
                Some(codec) => codec.write(scope, args.get(0)),
                None => Some(line(scope, args.get(0))),
            };
            let Some(bytes) = bytes else { return };
            let fd = i32::from_js(scope, args.get(1));
            rv.set_double(channel.send(bytes, fd));
        }),
        exported!("use_advanced", |scope, args, rv| {
            let _ = rv;
            let Some(channel) = of::<ChannelHandle>(args.this()) else { return };
            let given = (args.get(0).try_into(), args.get(1).try_into(), args.get(2).try_into());
            if let (Ok(prototype), Ok(describe), Ok(view)) = given {
                let _ = channel.codec.set(Codec::new(scope, prototype, describe, view));
            }
        }),
    ]
}

/// A text and the end of its line.
fn line(scope: &mut v8::PinScope<'_, '_>, text: v8::Local<'_, v8::Value>) -> Vec<u8> {
    let Ok(text) = v8::Local::<v8::String>::try_from(text) else { return vec![b'\n'] };
    let mut line = String::with_capacity(text.length() + 1);
    text.write_utf8_into(scope, &mut line);
    line.push('\n');
    line.into_bytes()
}

fn getters() -> Vec<Exported> {
    vec![exported!("fd", |scope, args, rv| {
        let _ = scope;
        let mut rv = rv;
        let channel = of::<ChannelHandle>(args.this());
        let watch = channel.and_then(|channel| channel.watch.borrow().clone());
        rv.set_int32(watch.map_or(-1, |watch| watch.as_fd().as_raw_fd()));
    })]
}

fn open(this: This<ChannelHandle>, number: i32) -> i32 {
    let Some(fd) = fd::take(number) else { return -libc::EBADF };
    fd::close_on_exec(number);
    if let Some(flags) = fd::flags(number) {
        fd::set_flags(number, flags | libc::O_NONBLOCK);
    }
    let watch = match Watch::with_interest(&this.core, fd, Interest::READABLE) {
        Ok(watch) => watch,
        Err(errno) => return -errno.raw_os_error(),
    };
    *this.watch.borrow_mut() = Some(Rc::new(watch));
    let channels = this.core.host().extension::<Channels>();
    let mut channels = channels.0.borrow_mut();
    channels.retain(|channel| channel.strong_count() > 0);
    channels.push(this.core.itself());
    0
}

fn read_start(this: This<ChannelHandle>) {
    this.reading.set(true);
    this.core.set_active(true);
    if let Some(watch) = &*this.watch.borrow()
        && (this.early.get().is_some() || watch.readable().is_some())
    {
        watch.again();
    }
}

fn read_stop(this: This<ChannelHandle>) {
    this.reading.set(false);
    this.core.set_active(false);
}

fn take_fd(this: This<ChannelHandle>) -> i32 {
    this.arrived.borrow_mut().pop_front().map_or(-1, OwnedFd::into_raw_fd)
}

impl Message {
    /// Writes what the system takes; whether that was all. Its descriptor goes with the first bytes.
    fn write(&mut self, socket: BorrowedFd<'_>) -> Result<bool, Errno> {
        while self.written < self.bytes.len() {
            let rest = &self.bytes[self.written..];
            let written = match &self.fd {
                Some(fd) => write_with(socket, rest, fd.as_fd()),
                None => send(socket, rest, SendFlags::NOSIGNAL),
            };
            match written {
                Ok(count) => self.written += count,
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => return Ok(false),
                Err(errno) => return Err(errno),
            }
            self.fd = None;
        }
        Ok(true)
    }
}

/// Writes with a descriptor beside the first byte.
fn write_with(socket: BorrowedFd<'_>, bytes: &[u8], fd: BorrowedFd<'_>) -> Result<usize, Errno> {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut room);
    let fds = [fd];
    ancillary.push(SendAncillaryMessage::ScmRights(&fds));
    sendmsg(socket, &[std::io::IoSlice::new(bytes)], &mut ancillary, SendFlags::NOSIGNAL)
}

impl Outbox {
    /// Writes what the system takes; returns how many messages have gone or been given up.
    fn flush(&mut self, socket: BorrowedFd<'_>) -> usize {
        let mut gone = 0;
        while let Some(message) = self.messages.front_mut() {
            let before = message.written;
            match message.write(socket) {
                Ok(complete) => {
                    self.bytes -= message.written - before;
                    if !complete {
                        break;
                    }
                }
                Err(_) => {
                    // Nobody will read any of it.
                    gone += self.messages.len();
                    *self = Outbox::default();
                    break;
                }
            }
            self.messages.pop_front();
            gone += 1;
        }
        gone
    }

    /// Writes everything, waiting for the reader as long as it takes something now and then.
    fn flush_patiently(&mut self, socket: BorrowedFd<'_>) {
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        loop {
            self.flush(socket);
            if self.messages.is_empty() {
                return;
            }
            match poll(&mut [PollFd::new(&socket, PollFlags::OUT)], Some(&patience)) {
                Ok(0) => return,
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }
}

/// Writes what the channels of a runtime that ends have accepted.
pub fn flush_channels(host: &Host) {
    for channel in host.extension::<Channels>().0.take() {
        let channel: Option<Rc<dyn std::any::Any>> = channel.upgrade().map(|channel| channel as _);
        let Some(Ok(channel)) = channel.map(|channel| channel.downcast::<ChannelHandle>()) else { continue };
        if let Some(watch) = &*channel.watch.borrow() {
            channel.outbox.borrow_mut().flush_patiently(watch.as_fd());
        }
    }
}

/// Writes what a closed channel had accepted, beside the event loop, which stays alive for it.
async fn drain(socket: OwnedFd, mut outbox: Outbox) {
    let Ok(socket) = fd::watch(socket, Interest::WRITABLE) else { return };
    while !outbox.messages.is_empty() {
        let Ok(mut guard) = socket.writable().await else { return };
        outbox.flush(socket.get_ref().as_fd());
        guard.clear_ready();
    }
}

impl ChannelHandle {
    /// Writes a message or keeps it until there is room; returns how many bytes wait.
    fn send(&self, bytes: Vec<u8>, fd: i32) -> f64 {
        let Some(watch) = self.watch.borrow().clone() else { return f64::from(-libc::EBADF) };
        let fd = match fd {
            0.. => match fd::duplicate(fd) {
                Some(copy) => Some(copy),
                None => return f64::from(-fd::last_errno()),
            },
            _ => None,
        };
        let mut outbox = self.outbox.borrow_mut();
        let mut message = Message { bytes, written: 0, fd };
        if outbox.messages.is_empty() {
            match message.write(watch.as_fd()) {
                Ok(true) => {
                    if self.reading.get() {
                        self.core.host().readiness.expect_answer(&self.core);
                    }
                    return 0.0;
                }
                Ok(false) => {}
                Err(errno) => return f64::from(-errno.raw_os_error()),
            }
            if self.wait_for_room(&watch).is_err() {
                // Without another descriptor this process itself waits: half a message cannot be taken back.
                outbox.bytes = message.bytes.len() - message.written;
                outbox.messages.push_back(message);
                outbox.flush_patiently(watch.as_fd());
                *outbox = Outbox::default();
                return 0.0;
            }
            // Until it is written, the runtime stays alive.
            self.core.host().begin_request();
        }
        outbox.bytes += message.bytes.len() - message.written;
        outbox.messages.push_back(message);
        outbox.bytes as f64
    }

    fn close_now(&self) {
        let Some(watch) = self.watch.take() else { return };
        self.writing.take();
        let outbox = self.outbox.take();
        if !outbox.messages.is_empty() {
            let host = self.core.host();
            match fd::duplicate(watch.as_fd().as_raw_fd()) {
                Some(socket) => {
                    let mailbox = std::sync::Arc::clone(&host.mailbox);
                    // The request that was counted for the outbox ends with the post.
                    host.spawn(async move {
                        drain(socket, outbox).await;
                        mailbox.post(|_| {});
                    });
                }
                None => host.end_request(),
            }
        }
        self.arrived.take();
    }

    /// Has the reactor tell when more can be written.
    fn wait_for_room(&self, watch: &Watch) -> Result<(), Errno> {
        let copy = rustix::io::fcntl_dupfd_cloexec(watch.as_fd(), 3)?;
        let watch = Watch::with_interest(&self.core, copy, Interest::WRITABLE)?;
        if watch.writable().is_some() {
            watch.again();
        }
        *self.writing.borrow_mut() = Some(watch);
        Ok(())
    }

    /// Writes what waits.
    fn write(&self, scope: &mut v8::PinScope<'_, '_>) {
        let Some(watch) = self.watch.borrow().clone() else { return };
        let mut outbox = self.outbox.borrow_mut();
        if outbox.messages.is_empty() {
            return;
        }
        let gone = outbox.flush(watch.as_fd());
        if outbox.messages.is_empty() {
            self.writing.take();
            self.core.host().end_request();
        } else if let Some(writing) = &*self.writing.borrow() {
            while let Some(mut guard) = writing.writable() {
                guard.clear_ready();
            }
        }
        drop(outbox);
        if gone > 0 {
            let count = v8::Integer::new_from_unsigned(scope, u32::try_from(gone).unwrap_or(u32::MAX)).into();
            self.core.emit(scope, "onsent", &[count]);
        }
    }

    /// Reads and delivers what there is.
    fn read(&self, scope: &mut v8::PinScope<'_, '_>) {
        for _ in 0..READS_A_TURN {
            let Some(watch) = self.watch.borrow().clone() else { return };
            if !self.reading.get() {
                return;
            }
            let early = self.early.take();
            let mut guard = match early {
                Some(_) => None,
                None => match watch.readable() {
                    Some(guard) => Some(guard),
                    None => return,
                },
            };
            match early.map_or_else(|| self.receive(watch.as_fd()), Ok) {
                Ok(Received::End) => return self.end(scope),
                Ok(received) => {
                    if received == Received::All
                        && let Some(guard) = &mut guard
                    {
                        guard.clear_ready();
                    }
                    v8::scope!(let scope, scope);
                    self.deliver(scope);
                }
                Err(Errno::AGAIN) => {
                    if let Some(guard) = &mut guard {
                        guard.clear_ready();
                    }
                }
                Err(Errno::INTR) => {}
                Err(_) => return self.end(scope),
            }
        }
        if let Some(watch) = &*self.watch.borrow() {
            watch.again();
        }
    }

    /// Reads once into the inbox.
    fn receive(&self, socket: BorrowedFd<'_>) -> Result<Received, Errno> {
        let mut inbox = self.inbox.borrow_mut();
        let inbox = &mut *inbox;
        if inbox.room.len() - inbox.filled < CHUNK {
            // A long message is read in ever larger pieces.
            inbox.room.resize(inbox.filled * 2 + CHUNK, 0);
        }
        let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FDS_A_READ))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut room);
        let free = &mut inbox.room[inbox.filled..];
        let size = free.len();
        let mut slices = [std::io::IoSliceMut::new(free)];
        let count = recvmsg(socket, &mut slices, &mut ancillary, RecvFlags::CMSG_CLOEXEC)?.bytes;
        inbox.filled += count;
        let mut arrived = self.arrived.borrow_mut();
        let before = arrived.len();
        for message in ancillary.drain() {
            if let RecvAncillaryMessage::ScmRights(fds) = message {
                arrived.extend(fds);
            }
        }
        // A read ends early where there is nothing more, or after a descriptor.
        Ok(match count {
            0 => Received::End,
            _ if count < size && arrived.len() == before => Received::All,
            _ => Received::Some,
        })
    }

    /// Hands over the whole messages of the inbox. All of one read come before the ticks and microtasks
    /// that they cause, as in Node.
    fn deliver(&self, scope: &mut v8::PinScope<'_, '_>) {
        let mut inbox = self.inbox.take();
        let mut start = 0;
        while let Some((from, to)) = self.next(&mut inbox, start) {
            v8::scope!(let scope, scope);
            self.deliver_one(scope, &inbox.room[from..to]);
            start = if self.codec.get().is_some() { to } else { to + 1 };
            if self.core.host().is_exiting() {
                return;
            }
        }
        inbox.room.copy_within(start..inbox.filled, 0);
        inbox.filled -= start;
        inbox.searched = inbox.searched.saturating_sub(start);
        if inbox.filled == 0 && inbox.room.len() > 2 * CHUNK {
            inbox.room = Vec::new();
        }
        *self.inbox.borrow_mut() = inbox;
        call::drain_ticks(scope);
    }

    /// Where the message lies that begins at `start`; `None` where it has not come completely.
    fn next(&self, inbox: &mut Inbox, start: usize) -> Option<(usize, usize)> {
        let read = &inbox.room[..inbox.filled];
        if self.codec.get().is_none() {
            let from = inbox.searched.max(start);
            let found = memchr::memchr(b'\n', &read[from..]).map(|length| from + length);
            inbox.searched = found.map_or(inbox.filled, |end| end + 1);
            return found.map(|end| (start, end));
        }
        let header = read.get(start..start + codec::LENGTH)?;
        let length = u32::from_be_bytes(header.try_into().ok()?) as usize;
        let from = start + codec::LENGTH;
        (read.len() - from >= length).then_some((from, from + length))
    }

    fn deliver_one(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]) {
        v8::tc_scope!(let caught, scope);
        let message = match self.codec.get() {
            Some(codec) => codec.read(caught, bytes),
            None => {
                let text = string_from_bytes(caught, bytes);
                v8::json::parse(caught, text)
            }
        };
        match message {
            Some(message) => self.core.notify(caught, "onmessage", &[message]),
            None => uncaught::report_caught(caught),
        }
    }

    fn end(&self, scope: &mut v8::PinScope<'_, '_>) {
        self.reading.set(false);
        self.core.set_active(false);
        self.core.emit(scope, "onend", &[]);
    }
}

impl Handle for ChannelHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.close_now();
    }

    fn resource(&self) -> Option<&'static str> {
        self.watch.borrow().is_some().then_some("PipeWrap")
    }

    fn look(&self) -> bool {
        let Some(watch) = self.watch.borrow().clone() else { return false };
        if !self.reading.get() || self.early.get().is_some() {
            return false;
        }
        // What has gone wrong is seen when the reactor tells of it.
        let Ok(received) = self.receive(watch.as_fd()) else { return false };
        self.early.set(Some(received));
        watch.again();
        true
    }

    fn on_ready(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        self.write(scope);
        self.read(scope);
    }
}
