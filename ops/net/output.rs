//! The writing side of a stream: what the system takes is written at once, the rest is queued and
//! written when the descriptor is ready.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::IoSlice;
use std::os::fd::{AsFd, AsRawFd};
use std::rc::Rc;

use rustix::io::{Errno, retry_on_intr, write as write_any, writev as writev_once};
use rustix::net::{SendFlags, Shutdown, send};
use v8::{ValueView, ValueViewData};

use super::stream::{Completion, Kind, Stream};
use crate::bind::buffer::{latin1_to_utf8, with_bytes};
use crate::bind::call::Callback;
use crate::bind::convert::FromJs;
use crate::bind::handle::of;
use crate::bind::readiness::Watch;
use crate::bind::view::View;
use crate::buffer::utf8_from_utf16;
use crate::sys::fd;

/// Views below this size are copied beside their neighbours rather than written from where they are.
const COPY_BELOW: usize = 16 * 1024;

/// How many pieces one call to the system takes.
const PIECES_A_CALL: usize = 64;

/// How often a stream may write from its queue in one turn of the loop, for the sake of the others.
const WRITES_A_TURN: usize = 32;

/// The writing side.
#[derive(Default)]
pub(super) struct Output {
    queue: RefCell<VecDeque<Request>>,
    shutdown: RefCell<Option<Completion>>,
    /// Bytes in the queue.
    pub(super) queued: Cell<usize>,
    /// Bytes that were to be written so far.
    pub(super) accepted: Cell<u64>,
    /// Whether a write waits for the system instead of being queued.
    pub(super) blocking: Cell<bool>,
}

/// A write that waits for the system.
struct Request {
    pieces: Vec<Piece>,
    /// How many bytes of the pieces are written.
    written: usize,
    total: usize,
    callback: Option<Completion>,
}

/// Bytes to write.
pub(super) enum Piece {
    View(View),
    Bytes(Vec<u8>),
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        match self {
            Piece::View(view) => view.bytes(),
            Piece::Bytes(bytes) => bytes,
        }
    }
}

impl Output {
    /// The callbacks of all that waits, in order.
    pub(super) fn take(&self) -> Vec<Completion> {
        self.queued.set(0);
        let requests = self.queue.take();
        let callbacks = requests.into_iter().filter_map(|request| request.callback);
        callbacks.chain(self.shutdown.take()).collect()
    }

    fn is_empty(&self) -> bool {
        self.queue.borrow().is_empty()
    }

    /// Whether nothing waits for the system.
    pub(super) fn is_idle(&self) -> bool {
        self.is_empty() && self.shutdown.borrow().is_none()
    }
}

impl Stream {
    /// Writes bytes for Rust: 0 where the system took all, a negative error number, or 1 where the rest
    /// is queued and `callback` follows.
    pub fn send(&self, bytes: Vec<u8>, callback: Option<Callback>) -> i32 {
        let total = bytes.len();
        match self.try_write(|watch| self.write_once(watch, &bytes), total) {
            Ok(written) if written == total => 0,
            Ok(written) => {
                self.enqueue(vec![Piece::Bytes(bytes)], written, total, callback.map(Completion::Script))
            }
            Err(error) => -error.raw_os_error(),
        }
    }

    /// The same for a buffer that stays with the caller where the system took all of it.
    pub fn send_from(&self, bytes: &mut Vec<u8>, completion: impl FnOnce() -> Option<Completion>) -> i32 {
        let total = bytes.len();
        match self.try_write(|watch| self.write_once(watch, bytes), total) {
            Ok(written) if written == total => {
                bytes.clear();
                0
            }
            Ok(written) => {
                self.enqueue(vec![Piece::Bytes(std::mem::take(bytes))], written, total, completion())
            }
            Err(error) => -error.raw_os_error(),
        }
    }

    /// How many bytes wait for the system.
    pub fn queued_bytes(&self) -> usize {
        self.output.queued.get()
    }

    /// Ends the writing side after what is queued; 0 where `completion` follows, or a negative error number.
    pub fn end_writing(&self, completion: Completion) -> i32 {
        if self.watch().is_none() {
            return -libc::ENOTCONN;
        }
        let host = self.core.host();
        host.begin_request();
        *self.output.shutdown.borrow_mut() = Some(completion);
        if self.output.is_empty() {
            // As in libuv, it is done once the events of this turn are told.
            let itself = self.core.itself();
            host.postpone(move |scope| {
                let Some(handle) = itself.upgrade() else { return };
                let handle: Rc<dyn std::any::Any> = handle;
                let Ok(stream) = handle.downcast::<Stream>() else { return };
                if let Some(watch) = stream.watch() {
                    stream.finish_shutdown(scope, &watch);
                }
            });
        }
        0
    }

    /// One call to the system. Sockets have one of their own, which is the shorter way.
    fn write_once(&self, watch: &Watch, bytes: &[u8]) -> Result<usize, Errno> {
        if self.kind == Kind::Tcp {
            send(watch.as_fd(), bytes, SendFlags::NOSIGNAL)
        } else {
            write_any(watch.as_fd(), bytes)
        }
    }

    /// Tries to write `total` bytes at once: how many the system took. Nothing overtakes the queue.
    fn try_write(
        &self,
        mut write: impl FnMut(&Watch) -> Result<usize, Errno>,
        total: usize,
    ) -> Result<usize, Errno> {
        let Some(watch) = self.watch() else { return Err(Errno::BADF) };
        self.count_bytes(total);
        if !self.output.is_empty() || self.connect.borrow().is_some() {
            return Ok(0);
        }
        loop {
            match retry_on_intr(|| write(&watch)) {
                Err(Errno::AGAIN) if self.output.blocking.get() => {
                    fd::wait_writable(watch.as_fd().as_raw_fd())
                }
                Err(Errno::AGAIN) => return Ok(0),
                outcome => return outcome,
            }
        }
    }

    fn count_bytes(&self, count: usize) {
        self.output.accepted.set(self.output.accepted.get() + count as u64);
    }

    /// Queues what is left of `total` bytes; returns 1.
    fn enqueue(&self, pieces: Vec<Piece>, written: usize, total: usize, callback: Option<Completion>) -> i32 {
        let output = &self.output;
        let was_empty = output.is_empty();
        output.queued.set(output.queued.get() + total - written);
        if callback.is_some() {
            self.core.host().begin_request();
        }
        output.queue.borrow_mut().push_back(Request { pieces, written, total, callback });
        if was_empty
            && let Some(watch) = self.watch()
            && watch.writable().is_some()
        {
            watch.again();
        }
        1
    }

    /// Writes from the queue as much as the system takes: a part of the poll phase.
    pub(super) fn flush(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        for _ in 0..WRITES_A_TURN {
            let Some(watch) = self.watch() else { return };
            if self.output.is_empty() {
                self.finish_shutdown(scope, &watch);
                return;
            }
            let Some(mut guard) = watch.writable() else { return };
            let status = match self.write_front(&watch) {
                Ok(false) => continue,
                Ok(true) => 0,
                Err(Errno::AGAIN) => {
                    guard.clear_ready();
                    continue;
                }
                Err(error) => -error.raw_os_error(),
            };
            drop(guard);
            self.complete_front(scope, status);
        }
        if let Some(watch) = self.watch() {
            watch.again();
        }
    }

    /// Writes from the first request once; whether it is done.
    fn write_front(&self, watch: &Watch) -> Result<bool, Errno> {
        let mut queue = self.output.queue.borrow_mut();
        let Some(request) = queue.front_mut() else { return Ok(true) };
        let mut skip = request.written;
        let mut slices: [IoSlice<'_>; PIECES_A_CALL] = std::array::from_fn(|_| IoSlice::new(&[]));
        let mut count = 0;
        for piece in &request.pieces {
            let bytes = piece.bytes();
            if skip >= bytes.len() {
                skip -= bytes.len();
                continue;
            }
            if count == PIECES_A_CALL {
                break;
            }
            slices[count] = IoSlice::new(&bytes[skip..]);
            skip = 0;
            count += 1;
        }
        let written = retry_on_intr(|| writev_once(watch.as_fd(), &slices[..count]))?;
        request.written += written;
        self.output.queued.set(self.output.queued.get() - written);
        Ok(request.written == request.total)
    }

    fn complete_front(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let Some(request) = self.output.queue.borrow_mut().pop_front() else { return };
        self.output.queued.set(self.output.queued.get() - (request.total - request.written));
        let Some(callback) = request.callback else { return };
        self.core.host().end_request();
        self.answer(scope, callback, status);
    }

    /// Ends the writing side after the queue.
    fn finish_shutdown(&self, scope: &mut v8::PinScope<'_, '_>, watch: &Watch) {
        let Some(callback) = self.output.shutdown.take() else { return };
        let result = rustix::net::shutdown(watch.as_fd(), Shutdown::Write);
        self.core.host().end_request();
        self.answer(scope, callback, super::stream::status(result));
    }
}

/// Which bytes stand for a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8
    Utf8,
    /// One byte a character.
    Latin1,
    /// Two bytes a unit, the low one first.
    Utf16,
}

impl Encoding {
    /// By its number.
    pub fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        match value.int32_value(scope) {
            Some(1) => Encoding::Latin1,
            Some(2) => Encoding::Utf16,
            _ => Encoding::Utf8,
        }
    }

    /// The bytes of a string where they are what the engine has in memory.
    fn as_stored(self, text: ValueViewData<'_>) -> Option<&[u8]> {
        match (self, text) {
            (Encoding::Latin1, ValueViewData::OneByte(text)) => Some(text),
            (Encoding::Utf8, ValueViewData::OneByte(text)) if text.is_ascii() => Some(text),
            _ => None,
        }
    }

    /// Appends the bytes of a string.
    pub fn append(self, text: ValueViewData<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        match (self, text) {
            (Encoding::Utf8, ValueViewData::OneByte(text)) => {
                out.resize(start + 2 * text.len(), 0);
                let count = latin1_to_utf8(text, &mut out[start..]).unwrap_or(0);
                out.truncate(start + count);
            }
            (Encoding::Utf8, ValueViewData::TwoByte(text)) => {
                out.resize(start + 3 * text.len(), 0);
                let count = utf8_from_utf16(text, &mut out[start..]);
                out.truncate(start + count);
            }
            (Encoding::Latin1, ValueViewData::OneByte(text)) => out.extend_from_slice(text),
            (Encoding::Latin1, ValueViewData::TwoByte(text)) => {
                out.extend(text.iter().map(|unit| *unit as u8));
            }
            (Encoding::Utf16, ValueViewData::OneByte(text)) => {
                out.extend(text.iter().flat_map(|code| [*code, 0]));
            }
            (Encoding::Utf16, ValueViewData::TwoByte(text)) => {
                out.extend(text.iter().flat_map(|unit| unit.to_le_bytes()));
            }
        }
    }
}

/// `write(data, encoding, callback)`
pub(super) fn write<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(stream) = of::<Stream>(args.this()) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let data = args.get(0);
    let status = match v8::Local::<v8::String>::try_from(data) {
        Ok(text) => {
            let encoding = Encoding::from_js(scope, args.get(1));
            stream.write_text(scope, text, encoding, args.get(2))
        }
        Err(_) => stream.write_view(scope, data, args.get(2)),
    };
    rv.set_int32(status);
}

impl Stream {
    fn write_view(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        data: v8::Local<'_, v8::Value>,
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        let attempt = with_bytes(data, |bytes| {
            let attempt = self.try_write(|watch| self.write_once(watch, bytes), bytes.len());
            attempt.map(|written| (written, bytes.len()))
        });
        match attempt {
            Ok((written, total)) if written == total => 0,
            Ok((written, total)) => {
                let piece = Piece::View(View::from_js(scope, data));
                let callback = callback_of(scope, callback);
                self.enqueue(vec![piece], written, total, callback)
            }
            Err(error) => -error.raw_os_error(),
        }
    }

    fn write_text(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        text: v8::Local<'_, v8::String>,
        encoding: Encoding,
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        let shared = &self.core.host().streams;
        let mut room = shared.take_output();
        let view = ValueView::new(scope, text);
        let bytes = if let Some(bytes) = encoding.as_stored(view.data()) {
            bytes
        } else {
            encoding.append(view.data(), &mut room);
            &room
        };
        let total = bytes.len();
        let attempt = self.try_write(|watch| self.write_once(watch, bytes), total);
        let rest = match attempt {
            Ok(written) if written < total => Some(bytes[written..].to_vec()),
            _ => None,
        };
        drop(view);
        shared.return_output(room);
        match (attempt, rest) {
            (Err(error), _) => -error.raw_os_error(),
            (Ok(_), None) => 0,
            (Ok(_), Some(rest)) => {
                let length = rest.len();
                let callback = callback_of(scope, callback);
                self.enqueue(vec![Piece::Bytes(rest)], 0, length, callback)
            }
        }
    }
}

impl Stream {
    /// Writes what is in a room of [`Shared`](super::shared::Shared), which is given back.
    fn write_room(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        room: Vec<u8>,
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        let total = room.len();
        let shared = &self.core.host().streams;
        match self.try_write(|watch| self.write_once(watch, &room), total) {
            Ok(written) if written == total => {
                shared.return_output(room);
                0
            }
            Ok(written) => {
                let callback = callback_of(scope, callback);
                self.enqueue(vec![Piece::Bytes(room)], written, total, callback)
            }
            Err(error) => {
                shared.return_output(room);
                -error.raw_os_error()
            }
        }
    }
}

fn callback_of(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Completion> {
    let function = v8::Local::<v8::Function>::try_from(value).ok()?;
    Some(Completion::Script(Callback::new(scope, function)))
}

/// `writev(list, allBuffers, callback)`
pub(super) fn writev<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let (Some(stream), Ok(list)) = (of::<Stream>(args.this()), v8::Local::<v8::Array>::try_from(args.get(0)))
    else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let all_buffers = args.get(1).is_true();
    let mut pieces = Pieces { list: Vec::new(), open: stream.core.host().streams.take_output() };
    let step = if all_buffers { 1 } else { 2 };
    for index in (0..list.length()).step_by(step) {
        let Some(chunk) = list.get_index(scope, index) else { continue };
        if let Ok(text) = v8::Local::<v8::String>::try_from(chunk) {
            let encoding = list.get_index(scope, index + 1).unwrap_or_else(|| v8::undefined(scope).into());
            let encoding = Encoding::from_js(scope, encoding);
            let view = ValueView::new(scope, text);
            encoding.append(view.data(), &mut pieces.open);
        } else {
            pieces.add(scope, chunk);
        }
    }
    rv.set_int32(stream.write_pieces(scope, pieces, args.get(2)));
}

/// The pieces of one write; small neighbours are one piece.
pub(super) struct Pieces {
    pub(super) list: Vec<Piece>,
    pub(super) open: Vec<u8>,
}

impl Pieces {
    pub(super) fn add(&mut self, scope: &mut v8::PinScope<'_, '_>, chunk: v8::Local<'_, v8::Value>) {
        let length = with_bytes(chunk, <[u8]>::len);
        if length < COPY_BELOW {
            with_bytes(chunk, |bytes| self.open.extend_from_slice(bytes));
            return;
        }
        self.seal();
        self.list.push(Piece::View(View::from_js(scope, chunk)));
    }

    fn seal(&mut self) {
        if !self.open.is_empty() {
            self.list.push(Piece::Bytes(std::mem::take(&mut self.open)));
        }
    }
}

impl Stream {
    pub(super) fn write_pieces(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        mut pieces: Pieces,
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        if pieces.list.is_empty() {
            return self.write_room(scope, pieces.open, callback);
        }
        pieces.seal();
        let pieces = pieces.list;
        let total = pieces.iter().map(|piece| piece.bytes().len()).sum();
        let slices: Vec<_> =
            pieces.iter().take(PIECES_A_CALL).map(|piece| IoSlice::new(piece.bytes())).collect();
        let attempt = self.try_write(|watch| writev_once(watch.as_fd(), &slices), total);
        drop(slices);
        match attempt {
            Ok(written) if written == total => {
                if let Some(Piece::Bytes(room)) = pieces.into_iter().next() {
                    self.core.host().streams.return_output(room);
                }
                0
            }
            Ok(written) => {
                let callback = callback_of(scope, callback);
                self.enqueue(pieces, written, total, callback)
            }
            Err(error) => -error.raw_os_error(),
        }
    }
}

/// `shutdown(callback)`: 0, or a negative error number where there is nothing to shut down.
pub(super) fn shutdown<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(stream) = of::<Stream>(args.this()) else {
        rv.set_int32(-libc::ENOTCONN);
        return;
    };
    let Some(callback) = callback_of(scope, args.get(0)) else {
        rv.set_int32(-libc::EINVAL);
        return;
    };
    rv.set_int32(stream.end_writing(callback));
}
