//! The sending side of a datagram socket: what the system takes is sent at once, the rest is queued and sent
//! when there is room.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{SendFlags, send as send_to_peer, sendto};
use tokio::io::Interest;
use v8::{ValueView, ValueViewData};

use super::UdpSocket;
use crate::bind::Host;
use crate::bind::buffer::{latin1_to_utf8, with_bytes};
use crate::bind::call::Callback;
use crate::bind::convert::FromJs;
use crate::bind::handle::of;
use crate::bind::permission::{self, Denied};
use crate::bind::readiness::Watch;
use crate::buffer::utf8_from_utf16;
use crate::sys::datagram::{BATCH, send_many};

/// How many batches a socket may send from its queue in one turn of the loop, for the sake of the others.
const BATCHES_A_TURN: usize = 32;

/// What waits to be sent.
#[derive(Default)]
pub(super) struct Outbox {
    queue: RefCell<VecDeque<Datagram>>,
    bytes: Cell<usize>,
    /// A copy of the descriptor that watches for room, while something waits for it.
    room: RefCell<Option<Watch>>,
    /// Where the last datagram went, as JavaScript wrote it.
    recipient: RefCell<Option<(v8::Global<v8::String>, SocketAddr)>>,
    queues_all: OnceCell<bool>,
}

struct Datagram {
    bytes: Vec<u8>,
    to: Option<SocketAddr>,
    callback: Callback,
}

impl Outbox {
    /// Whether nothing is to be sent at once: for tests of the queue.
    fn queues_all(&self, host: &Host) -> bool {
        *self.queues_all.get_or_init(|| host.flag("--test-udp-no-try-send"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.borrow().is_empty()
    }

    /// How many bytes wait.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// How many datagrams wait.
    pub(super) fn count(&self) -> usize {
        self.queue.borrow().len()
    }

    /// Waits for room no longer.
    pub(super) fn stop(&self) {
        self.room.replace(None);
    }
}

impl UdpSocket {
    /// Sends a datagram at once: the number of bytes and 1, or 0 where the system takes nothing now.
    fn send(&self, bytes: &[u8], to: Option<SocketAddr>) -> Result<i32, Errno> {
        self.bind_to_any(0)?;
        if !self.outbox.is_empty() || self.outbox.queues_all(self.core.host()) {
            return Ok(0);
        }
        let sent = self.with_fd(|fd| {
            retry_on_intr(|| match &to {
                Some(to) => sendto(fd, bytes, SendFlags::empty(), to),
                None => send_to_peer(fd, bytes, SendFlags::empty()),
            })
        });
        match sent {
            Ok(count) => Ok(count as i32 + 1),
            Err(Errno::AGAIN | Errno::NOBUFS) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Sends a datagram when there is room.
    fn enqueue(&self, bytes: Vec<u8>, to: Option<SocketAddr>, callback: Callback) -> Result<i32, Errno> {
        if self.outbox.room.borrow().is_none() {
            let copy = self.with_fd(|fd| rustix::io::fcntl_dupfd_cloexec(fd, 3))?;
            let room = Watch::with_interest(&self.core, copy, Interest::WRITABLE)?;
            room.again();
            self.outbox.room.replace(Some(room));
        }
        self.core.host().begin_request();
        self.outbox.bytes.set(self.outbox.bytes.get() + bytes.len());
        self.outbox.queue.borrow_mut().push_back(Datagram { bytes, to, callback });
        self.update_activity();
        Ok(0)
    }

    /// Sends from the queue as much as the system takes: a part of the poll phase.
    pub(super) fn flush(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        for _ in 0..BATCHES_A_TURN {
            if self.outbox.is_empty() {
                self.outbox.stop();
                return;
            }
            match self.send_batch() {
                Ok(count) => {
                    for _ in 0..count {
                        self.complete_front(scope, 0);
                    }
                }
                Err(Errno::AGAIN | Errno::NOBUFS) => {
                    if self.wait_for_room() {
                        return;
                    }
                }
                Err(error) => self.complete_front(scope, -error.raw_os_error()),
            }
        }
        if let Some(room) = &*self.outbox.room.borrow() {
            room.again();
        }
    }

    fn send_batch(&self) -> Result<usize, Errno> {
        let queue = self.outbox.queue.borrow();
        let datagrams = queue.iter().take(BATCH).map(|datagram| (&datagram.bytes[..], datagram.to));
        self.with_fd(|fd| send_many(fd, datagrams))
    }

    /// Whether the handle will be looked at when there is room; else there is some again.
    fn wait_for_room(&self) -> bool {
        let room = self.outbox.room.borrow();
        let Some(room) = &*room else { return true };
        if let Some(mut guard) = room.writable() {
            guard.clear_ready();
        }
        room.writable().is_none()
    }

    fn complete_front(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let Some(datagram) = self.outbox.queue.borrow_mut().pop_front() else { return };
        let length = datagram.bytes.len();
        self.outbox.bytes.set(self.outbox.bytes.get() - length);
        self.core.host().end_request();
        self.update_activity();
        v8::scope!(let scope, scope);
        let status = v8::Integer::new(scope, status).into();
        let length = v8::Integer::new_from_unsigned(scope, length as u32).into();
        datagram.callback.call(scope, &[status, length]);
    }

    /// Tells those who wait that their datagrams are not sent.
    pub(super) fn cancel(&self, scope: &mut v8::PinScope<'_, '_>) {
        while !self.outbox.is_empty() {
            self.complete_front(scope, -libc::ECANCELED);
        }
    }

    /// The address that `text` stands for: mostly that of the datagram before.
    fn recipient(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        text: v8::Local<'_, v8::Value>,
        port: u16,
    ) -> Result<Option<SocketAddr>, Errno> {
        let Ok(text) = v8::Local::<v8::String>::try_from(text) else { return Ok(None) };
        let mut last = self.outbox.recipient.borrow_mut();
        if let Some((known, address)) = &mut *last
            && *known == text
        {
            address.set_port(port);
            return Ok(Some(*address));
        }
        let address = self.address(&text.to_rust_string_lossy(scope), port)?;
        *last = Some((v8::Global::new(scope, text), address));
        Ok(Some(address))
    }
}

/// Appends the UTF-8 of a string.
fn append_text(scope: &mut v8::PinScope<'_, '_>, text: v8::Local<'_, v8::String>, out: &mut Vec<u8>) {
    let start = out.len();
    match ValueView::new(scope, text).data() {
        ValueViewData::OneByte(text) => {
            out.resize(start + 2 * text.len(), 0);
            let count = latin1_to_utf8(text, &mut out[start..]).unwrap_or(0);
            out.truncate(start + count);
        }
        ValueViewData::TwoByte(text) => {
            out.resize(start + 3 * text.len(), 0);
            let count = utf8_from_utf16(text, &mut out[start..]);
            out.truncate(start + count);
        }
    }
}

/// Appends the bytes of a view or of a string.
fn append(scope: &mut v8::PinScope<'_, '_>, data: v8::Local<'_, v8::Value>, out: &mut Vec<u8>) {
    match v8::Local::<v8::String>::try_from(data) {
        Ok(text) => append_text(scope, text, out),
        Err(_) => with_bytes(data, |bytes| out.extend_from_slice(bytes)),
    }
}

/// The bytes of a list of views and strings, or of one string.
fn gather(scope: &mut v8::PinScope<'_, '_>, data: v8::Local<'_, v8::Value>, out: &mut Vec<u8>) {
    let Ok(list) = v8::Local::<v8::Array>::try_from(data) else {
        append(scope, data, out);
        return;
    };
    for index in 0..list.length() {
        if let Some(piece) = list.get_index(scope, index) {
            append(scope, piece, out);
        }
    }
}

/// Whether the program may send to an address, or to the peer that it was allowed to connect to.
fn allowed(scope: &mut v8::PinScope<'_, '_>, address: v8::Local<'_, v8::Value>) -> Result<(), Denied> {
    if Host::of(scope).permissions.is_none() || !address.is_string() {
        return Ok(());
    }
    let address = address.to_rust_string_lossy(scope);
    permission::require(scope, permission::Scope::Net, &address)
}

/// Calls `work` with the socket and the recipient of a call of `send` or `enqueue`; returns its result.
fn with_recipient<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: &v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
    work: impl FnOnce(&mut v8::PinScope<'s, '_>, &UdpSocket, Option<SocketAddr>) -> Result<i32, Errno>,
) {
    let Some(socket) = of::<UdpSocket>(args.this()) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    if let Err(denied) = allowed(scope, args.get(2)) {
        return denied.throw(scope);
    }
    let port = args.get(1).uint32_value(scope).unwrap_or(0) as u16;
    let result = socket.recipient(scope, args.get(2), port).and_then(|to| work(scope, &socket, to));
    rv.set_int32(result.unwrap_or_else(|error| -error.raw_os_error()));
}

/// `send(data, port, address)`
pub(super) fn send<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    rv: v8::ReturnValue<'s, v8::Value>,
) {
    with_recipient(scope, &args, rv, |scope, socket, to| {
        let data = args.get(0);
        if data.is_array_buffer_view() {
            return with_bytes(data, |bytes| socket.send(bytes, to));
        }
        let shared = &socket.core.host().streams;
        let mut room = shared.take_output();
        gather(scope, data, &mut room);
        let result = socket.send(&room, to);
        shared.return_output(room);
        result
    });
}

/// `enqueue(data, port, address, callback)`
pub(super) fn enqueue<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    rv: v8::ReturnValue<'s, v8::Value>,
) {
    with_recipient(scope, &args, rv, |scope, socket, to| {
        let mut bytes = Vec::new();
        gather(scope, args.get(0), &mut bytes);
        let callback = Callback::from_js(scope, args.get(3));
        socket.enqueue(bytes, to, callback)
    });
}
