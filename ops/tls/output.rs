//! The writing side of a connection: plaintext is encrypted at once where the handshake allows it, and waits
//! otherwise; ciphertext goes to the stream.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use v8::ValueView;

use crate::bind::buffer::with_bytes;
use crate::bind::call::Callback;
use crate::bind::handle::of;
use crate::net::output::Encoding;
use crate::net::stream::Completion;
use crate::sys::tls::{Connection, Outcome};

use super::connection::TlsHandle;
use super::notices::Notice;

/// Plaintext that waits for the handshake, with the callback of its write.
struct Pending {
    bytes: Vec<u8>,
    callback: Option<Callback>,
}

/// The writing side.
#[derive(Default)]
pub(super) struct Writes {
    pending: RefCell<VecDeque<Pending>>,
    pending_bytes: Cell<usize>,
    accepted: Cell<u64>,
    /// Bytes that are sent, and JavaScript does not know yet.
    unconfirmed: Cell<usize>,
    /// Room for the plaintext of several chunks.
    room: RefCell<Vec<u8>>,
}

impl Writes {
    /// Bytes that were accepted so far.
    pub(super) fn accepted(&self) -> u64 {
        self.accepted.get()
    }

    /// The callbacks of all that waits, in order.
    pub(super) fn take(&self) -> Vec<Callback> {
        self.pending_bytes.set(0);
        self.pending.take().into_iter().filter_map(|pending| pending.callback).collect()
    }
}

impl TlsHandle {
    pub(super) fn write_queue_size(&self) -> f64 {
        let queued = self.stream.as_ref().map_or(0, |stream| stream.queued_bytes());
        (self.writes.pending_bytes.get() + self.writes.unconfirmed.get() + queued) as f64
    }

    /// Sends the ciphertext that there is; JavaScript fetches it where there is no stream.
    pub(super) fn flush(&self) {
        self.flush_with(|| None);
    }

    /// The same with the one who is told where the system did not take all at once: 0, 1 where `completion`
    /// follows, or a negative error number.
    fn flush_with(&self, completion: impl FnOnce() -> Option<Completion>) -> i32 {
        let (Some(stream), Some(connection)) = (&self.stream, self.connection()) else { return 0 };
        // A client may use its session at once, so that the program has to have kept it before.
        if self.notices.session_pending.get() || !connection.wire().has_output() {
            return 0;
        }
        let mut output = connection.wire().take_output();
        let status = stream.send_from(&mut output, completion);
        connection.wire().reuse(output);
        status
    }

    /// Encrypts what has waited.
    pub(super) fn encrypt_pending(&self, connection: &Connection) {
        loop {
            if self.notices.session_pending.get() {
                return;
            }
            let mut queue = self.writes.pending.borrow_mut();
            let Some(front) = queue.front() else { return };
            if !front.bytes.is_empty() {
                match connection.write(&front.bytes) {
                    Outcome::Done(_) => {}
                    Outcome::Starved | Outcome::Suspended => return,
                    Outcome::Closed | Outcome::Failed => return self.fail(),
                }
            }
            let Some(done) = queue.pop_front() else { return };
            drop(queue);
            self.writes.pending_bytes.set(self.writes.pending_bytes.get() - done.bytes.len());
            let callback = RefCell::new(done.callback);
            let status = self.flush_with(|| self.completion(callback.take()?));
            if let Some(callback) = callback.into_inner() {
                self.notices.push(Notice::Written(callback, status.min(0)));
            }
        }
    }

    /// Sends what was encrypted of one write. Its callback comes from the event loop in any case: the writes
    /// that a program makes meanwhile are then one.
    fn send(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        length: usize,
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        let callback = RefCell::new(callback_of(scope, callback));
        let status = self.flush_with(|| self.completion(callback.take()?));
        if status != 0 {
            return status;
        }
        self.writes.unconfirmed.set(self.writes.unconfirmed.get() + length);
        let Some(callback) = callback.into_inner().filter(|_| self.stream.is_some()) else { return 0 };
        self.notices.push(Notice::Written(callback, 0));
        self.schedule();
        1
    }

    /// Nothing that was sent waits to be told of any more.
    pub(super) fn confirm(&self) {
        self.writes.unconfirmed.set(0);
    }

    /// Tells JavaScript of the end of a write.
    fn completion(&self, callback: Callback) -> Option<Completion> {
        let handle = self.itself()?;
        Some(Completion::Native(Box::new(move |scope, status| handle.answer(scope, callback, status))))
    }

    /// Writes bytes for Rust: 0 where they are on their way, 1 where the function `callback` follows, or a
    /// negative error number.
    pub(crate) fn send_bytes(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        bytes: &[u8],
        callback: v8::Local<'_, v8::Value>,
    ) -> i32 {
        self.write_bytes(scope, bytes, callback, true)
    }

    /// `at_once` has the result say that the system has taken all, rather than the callback.
    fn write_bytes(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        bytes: &[u8],
        callback: v8::Local<'_, v8::Value>,
        at_once: bool,
    ) -> i32 {
        let Some(connection) = self.connection() else { return -libc::EPROTO };
        if self.has_failed() {
            return -libc::EPROTO;
        }
        self.writes.accepted.set(self.writes.accepted.get() + bytes.len() as u64);
        let waits = !self.writes.pending.borrow().is_empty()
            || self.notices.session_pending.get()
            || !self.is_established();
        let outcome = match (waits, bytes) {
            (true, _) => Outcome::Starved,
            (false, []) => Outcome::Done(0),
            (false, _) => connection.write(bytes),
        };
        match outcome {
            Outcome::Done(_) if at_once => self.flush_with(|| self.completion(callback_of(scope, callback)?)),
            Outcome::Done(_) => self.send(scope, bytes.len(), callback),
            Outcome::Starved | Outcome::Suspended => {
                let callback = callback_of(scope, callback);
                self.writes.pending_bytes.set(self.writes.pending_bytes.get() + bytes.len());
                let pending = Pending { bytes: bytes.to_vec(), callback };
                self.writes.pending.borrow_mut().push_back(pending);
                self.begin();
                1
            }
            Outcome::Closed | Outcome::Failed => {
                self.fail();
                self.flush();
                self.schedule();
                -libc::EPROTO
            }
        }
    }
}

fn callback_of(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Callback> {
    v8::Local::<v8::Function>::try_from(value).ok().map(|function| Callback::new(scope, function))
}

/// The plaintext of one write in the making: chunks one behind the other, so that small ones share a record.
struct Gathering(Vec<u8>);

impl Gathering {
    fn new(handle: &TlsHandle) -> Self {
        let mut room = handle.writes.room.take();
        room.clear();
        Gathering(room)
    }

    /// Adds a string or a view.
    fn add(
        &mut self,
        scope: &mut v8::PinScope<'_, '_>,
        chunk: v8::Local<'_, v8::Value>,
        encoding: impl FnOnce(&mut v8::PinScope<'_, '_>) -> Encoding,
    ) {
        let Ok(text) = v8::Local::<v8::String>::try_from(chunk) else {
            with_bytes(chunk, |bytes| self.0.extend_from_slice(bytes));
            return;
        };
        let encoding = encoding(scope);
        let view = ValueView::new(scope, text);
        encoding.append(view.data(), &mut self.0);
    }

    /// Writes what was added, and gives the room back.
    fn write(
        self,
        scope: &mut v8::PinScope<'_, '_>,
        handle: &TlsHandle,
        callback: v8::Local<'_, v8::Value>,
        at_once: bool,
    ) -> i32 {
        let status = handle.write_bytes(scope, &self.0, callback, at_once);
        handle.writes.room.replace(self.0);
        status
    }
}

/// `write(data, encoding, callback)`
pub(super) fn write<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(handle) = of::<TlsHandle>(args.this()) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let (data, callback) = (args.get(0), args.get(2));
    let status = if data.is_string() {
        let mut text = Gathering::new(&handle);
        text.add(scope, data, |scope| Encoding::from_js(scope, args.get(1)));
        text.write(scope, &handle, callback, false)
    } else {
        with_bytes(data, |bytes| handle.write_bytes(scope, bytes, callback, false))
    };
    rv.set_int32(status);
}

/// `writev(list, allBuffers, callback)`: one write.
pub(super) fn writev<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let (Some(handle), Ok(list)) =
        (of::<TlsHandle>(args.this()), v8::Local::<v8::Array>::try_from(args.get(0)))
    else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let step = if args.get(1).is_true() { 1 } else { 2 };
    let mut chunks = Gathering::new(&handle);
    for index in (0..list.length()).step_by(step) {
        let Some(chunk) = list.get_index(scope, index) else { continue };
        chunks.add(scope, chunk, |scope| {
            let encoding = list.get_index(scope, index + 1).unwrap_or_else(|| v8::undefined(scope).into());
            Encoding::from_js(scope, encoding)
        });
    }
    rv.set_int32(chunks.write(scope, &handle, args.get(2), false));
}

/// `writeMessage(head, body, encoding, callback, tail)`: a string and what comes behind it, a string or a view
/// or nothing, in one record. `encoding` is that of the strings; where there is a tail, head and tail are
/// Latin-1. The callback comes only after 1.
pub(super) fn write_message<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(handle) = of::<TlsHandle>(args.this()).filter(|_| args.get(0).is_string()) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    let (head, body, tail) = (args.get(0), args.get(1), args.get(4));
    let encoding = Encoding::from_js(scope, args.get(2));
    let has_tail = tail.is_string();
    let frame = if has_tail { Encoding::Latin1 } else { encoding };
    let mut message = Gathering::new(&handle);
    message.add(scope, head, |_| frame);
    if !body.is_undefined() {
        message.add(scope, body, |_| encoding);
    }
    if has_tail {
        message.add(scope, tail, |_| frame);
    }
    rv.set_int32(message.write(scope, &handle, args.get(3), true));
}

/// `shutdown(callback)`: says goodbye and ends the stream; 0, or a negative error number.
pub(super) fn shutdown<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(handle) = of::<TlsHandle>(args.this()) else {
        rv.set_int32(-libc::EBADF);
        return;
    };
    if let Some(connection) = handle.connection() {
        connection.shutdown();
        handle.flush();
    }
    let Some(stream) = handle.stream.as_ref().map(Rc::clone) else {
        rv.set_int32(0);
        return;
    };
    let completion = callback_of(scope, args.get(0)).and_then(|callback| handle.completion(callback));
    let status = completion.map_or(-libc::EINVAL, |completion| stream.end_writing(completion));
    rv.set_int32(status);
}
