//! `TlsHandle`: a stream of plaintext over a stream of ciphertext. Over a stream of a descriptor the
//! ciphertext never reaches JavaScript; over one of JavaScript's, that brings it and takes it away.
//!
//! What JavaScript calls works at once as far as the library can, but tells JavaScript nothing: events,
//! plaintext and the callbacks of writes come from the event loop.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::bind::Exported;
use crate::bind::allocator::Room;
use crate::bind::call::Callback;
use crate::bind::class::Class;
use crate::bind::convert::{Bytes, FromJs, set, string};
use crate::bind::handle::{Core, Handle, This, of, wrap};
use crate::bind::reenter::Reentry;
use crate::bind::view::View;
use crate::crypto::error::CryptoError;
use crate::net::stream::{Consumer, EOF, Stream};
use crate::sys::tls::{Connection, Context, Outcome, Role};
use crate::{exported, handle_class};

use super::context::context_of;
use super::failure::Failure;
use super::inquiry;
use super::notices::{Answer, Notice, Notices};
use super::output::{Writes, shutdown, write, write_message, writev};

/// `TlsHandle(stream, context, isServer)`: beside what every stream has
/// - `start()` begins the handshake, `renegotiate()` another one, `destroySsl()` ends all;
/// - the property `writeError`, why a write has ended with EPROTO;
/// - the events `onhandshakestart()`, `onhandshakedone()`, `onerror(error)`, `onkeylog(line)`,
///   `onnewsession(id, session)`, `onocspresponse(response)`;
/// - the events `onclienthello(sessionId, hasTicket)` and `oncertcb(info)`, at which the handshake waits for
///   `endParser()` and `certCbDone()`;
/// - the questions `onalpn(offered)` and `onpskexchange(...)`, answered by what the function returns;
/// - without a stream: `receive(bytes)`, `receiveEnd(status)`, `takeOutput()`, and the event `onoutput()`.
pub(super) const CLASS: Class = handle_class!(
    TlsHandle, construct,
    [
        start, renegotiate, destroy_ssl, resume_handshake, read_start, read_stop, use_user_buffer,
        take_output, confirm_write, end_parser, cert_cb_done, new_session_done,
    ],
    methods: methods,
    getters: getters
);

/// How much plaintext a record has at most.
const LONGEST_RECORD: usize = 16 << 10;

/// A connection of TLS.
pub(crate) struct TlsHandle {
    core: Core,
    connection: RefCell<Option<Rc<Connection>>>,
    pub(super) notices: Rc<Notices>,
    /// What carries the ciphertext; `None` where JavaScript does.
    pub(super) stream: Option<Rc<Stream>>,
    pub(super) writes: Writes,
    established: Cell<bool>,
    failed: Cell<bool>,
    /// JavaScript knows that nothing more comes.
    ended: Cell<bool>,
    /// What has ended the ciphertext.
    transport_end: Cell<Option<i32>>,
    /// The loop works on this connection now.
    running: Cell<bool>,
    /// JavaScript has answered while the loop works.
    again: Cell<bool>,
    scheduled: Cell<bool>,
    /// JavaScript has called, and waits.
    nested: Cell<bool>,
    user_buffer: RefCell<Option<View>>,
    /// Takes the plaintext in the place of JavaScript.
    consumer: RefCell<Option<Rc<dyn Consumer>>>,
    bytes_read: Cell<u64>,
}

/// Takes the ciphertext of a stream.
struct Inlet(Weak<dyn Handle>);

impl Inlet {
    fn handle(&self) -> Option<Rc<TlsHandle>> {
        let handle: Rc<dyn std::any::Any> = self.0.upgrade()?;
        handle.downcast().ok()
    }
}

impl Consumer for Inlet {
    fn data(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]) {
        let Some(handle) = self.handle() else { return };
        let Some(connection) = handle.connection() else { return };
        connection.wire().lend(bytes, || handle.run(scope));
    }

    fn end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let Some(handle) = self.handle() else { return };
        handle.transport_end.set(Some(status));
        handle.run(scope);
    }
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    let stream = v8::Local::<v8::Object>::try_from(args.get(0)).ok().and_then(of::<Stream>);
    let Some(context) = context_of(scope, args.get(1)) else { panic!("the secure context is missing") };
    let role = if args.get(2).is_true() { Role::Server } else { Role::Client };
    let Some(handle) = prepare(scope, args.this(), stream, &context, role) else {
        panic!("there is no memory for a connection");
    };
    if let Some(stream) = &handle.stream {
        stream.consume(Some(Rc::new(Inlet(handle.core.itself()))));
    }
}

fn prepare(
    scope: &mut v8::PinScope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
    stream: Option<Rc<Stream>>,
    context: &Rc<Context>,
    role: Role,
) -> Option<Rc<TlsHandle>> {
    let reentry = Reentry::new(scope);
    wrap(scope, object, |core| {
        let notices = Rc::new(Notices::new(reentry, core.itself(), role == Role::Server));
        let events: Weak<Notices> = Rc::downgrade(&notices);
        TlsHandle {
            core,
            connection: RefCell::new(Connection::new(context, role, events).map(Rc::new)),
            notices,
            stream,
            writes: Writes::default(),
            established: Cell::new(false),
            failed: Cell::new(false),
            ended: Cell::new(false),
            transport_end: Cell::new(None),
            running: Cell::new(false),
            again: Cell::new(false),
            scheduled: Cell::new(false),
            nested: Cell::new(false),
            user_buffer: RefCell::new(None),
            consumer: RefCell::new(None),
            bytes_read: Cell::new(0),
        }
    });
    of(object).filter(|handle: &Rc<TlsHandle>| handle.connection.borrow().is_some())
}

impl TlsHandle {
    /// Sends the plaintext to `consumer` from now on, or to JavaScript again; its end is told to JavaScript in
    /// any case.
    pub(crate) fn consume(&self, consumer: Option<Rc<dyn Consumer>>) {
        *self.consumer.borrow_mut() = consumer;
    }

    /// What carries the ciphertext, where JavaScript does not.
    pub(crate) fn stream(&self) -> Option<&Rc<Stream>> {
        self.stream.as_ref()
    }

    /// The library's connection; `None` once it is destroyed.
    pub(super) fn connection(&self) -> Option<Rc<Connection>> {
        self.connection.borrow().clone()
    }

    pub(super) fn itself(&self) -> Option<Rc<TlsHandle>> {
        let handle: Rc<dyn std::any::Any> = self.core.itself().upgrade()?;
        handle.downcast().ok()
    }

    pub(super) fn is_established(&self) -> bool {
        self.established.get()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// Notes why the connection cannot go on.
    pub(super) fn fail(&self) {
        self.fail_with(Failure::take());
    }

    /// Who waits for a write is told by that, and nobody is told twice.
    fn fail_with(&self, failure: Failure) {
        if self.failed.replace(true) {
            return;
        }
        let waiting = self.writes.take();
        let nobody_waits = waiting.is_empty();
        for callback in waiting {
            self.notices.push(Notice::Unwritten(callback, failure.message().to_owned()));
        }
        if nobody_waits {
            self.notices.push(Notice::Failed(failure));
        }
    }

    /// Calls back on the handle's object.
    pub(super) fn answer(&self, scope: &mut v8::PinScope<'_, '_>, callback: Callback, status: i32) {
        let status = v8::Integer::new(scope, status).into();
        match self.core.object(scope) {
            Some(object) => callback.call_on(scope, object.into(), &[status]),
            None => callback.call(scope, &[status]),
        }
    }

    /// Goes on with the handshake.
    fn advance(&self, connection: &Connection) {
        if self.failed.get() {
            return;
        }
        if !self.established.get() {
            match connection.handshake() {
                Outcome::Done(_) => self.established.set(true),
                Outcome::Starved | Outcome::Suspended => {}
                Outcome::Closed => self.end_of_peer(),
                Outcome::Failed => self.fail(),
            }
        }
    }

    fn end_of_peer(&self) {
        if self.transport_end.get().is_none() {
            self.transport_end.set(Some(EOF));
        }
    }

    /// What JavaScript has called for: works at once, and has the event loop tell of it.
    pub(super) fn resume(&self) {
        if self.running.get() {
            self.again.set(true);
            return;
        }
        let Some(connection) = self.connection() else { return };
        self.advance(&connection);
        self.flush();
        self.schedule();
    }

    /// What a write before the handshake begins.
    pub(super) fn begin(&self) {
        if self.running.get() {
            return;
        }
        let Some(connection) = self.connection() else { return };
        self.advance(&connection);
        self.flush();
        if !self.notices.is_empty() {
            self.schedule();
        }
    }

    /// Has the event loop work on this connection.
    pub(super) fn schedule(&self) {
        // The loop looks again before it leaves the connection.
        if !self.running.get() {
            self.post();
        }
    }

    fn post(&self) {
        if self.scheduled.replace(true) {
            return;
        }
        let itself = self.core.itself();
        let host = self.core.host();
        host.begin_request();
        host.mailbox.post(move |scope| {
            let Some(handle) = itself.upgrade() else { return };
            let handle: Rc<dyn std::any::Any> = handle;
            if let Ok(handle) = handle.downcast::<TlsHandle>() {
                handle.scheduled.set(false);
                handle.run(scope);
            }
        });
    }

    /// The event loop's work: handshake, writes, events, plaintext.
    fn run(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.running.replace(true) {
            return;
        }
        self.work(scope);
        self.running.set(false);
    }

    fn work(&self, scope: &mut v8::PinScope<'_, '_>) {
        loop {
            let Some(connection) = self.connection() else { return };
            v8::scope!(let scope, scope);
            self.again.set(false);
            self.advance(&connection);
            if self.failed.get() {
                // The other side is told before the program is.
                self.flush_from_loop(scope);
            }
            self.tell(scope);
            if self.again.get() {
                continue;
            }
            // The program may have refused the other side in the meantime.
            if self.connection.borrow().is_none() {
                return;
            }
            if self.established.get() && !self.failed.get() {
                self.encrypt_pending(&connection);
            }
            let goes_on = self.established.get() && !self.failed.get() && self.read(scope, &connection);
            if connection.wire().release() {
                self.tell(scope);
                continue;
            }
            if !goes_on && !self.again.get() {
                break;
            }
        }
        self.flush_from_loop(scope);
        self.tell(scope);
        if let Some(status) = self.transport_end.take()
            && self.connection.borrow().is_some()
            && !(status == EOF && self.ended.replace(true))
        {
            self.emit_end(scope, status);
        }
    }

    /// Tells JavaScript what has happened.
    fn tell(&self, scope: &mut v8::PinScope<'_, '_>) {
        let mut late = Vec::new();
        while let Some(notice) = self.notices.next() {
            if self.core.host().is_exiting() {
                return;
            }
            v8::scope!(let scope, scope);
            let notice = match notice {
                Notice::Written(callback, status) if self.nested.get() => {
                    late.push(Notice::Written(callback, status));
                    continue;
                }
                Notice::Written(callback, status) => {
                    self.confirm();
                    self.answer(scope, callback, status);
                    continue;
                }
                Notice::Unwritten(callback, reason) => {
                    if let Some(object) = self.core.object(scope) {
                        let reason = string(scope, &reason).into();
                        set(scope, object, "writeError", reason);
                    }
                    self.answer(scope, callback, -libc::EPROTO);
                    continue;
                }
                other => other,
            };
            let Some(connection) = self.connection() else { continue };
            let (name, arguments) =
                notice.into_js(scope, || (connection.server_name(), connection.status_requested()));
            self.emit(scope, name, &arguments);
        }
        if !late.is_empty() {
            late.into_iter().for_each(|notice| self.notices.push(notice));
            self.post();
        }
    }

    /// Calls the handler that JavaScript has put on the object. Within a call of JavaScript's, the ticks wait
    /// for the end of that.
    fn emit<'s>(&self, scope: &mut v8::PinScope<'s, '_>, name: &str, args: &[v8::Local<'s, v8::Value>]) {
        if self.nested.get() {
            self.core.notify(scope, name, args);
        } else {
            self.core.emit(scope, name, args);
        }
    }

    /// Does the event loop's work within a call of JavaScript's, which has brought what there is to do.
    fn run_nested(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.running.get() {
            self.again.set(true);
            return;
        }
        let context = scope.get_continuation_preserved_embedder_data();
        self.nested.set(true);
        self.run(scope);
        self.nested.set(false);
        scope.set_continuation_preserved_embedder_data(context);
    }

    fn emit_end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let status = v8::Integer::new(scope, status).into();
        self.emit(scope, "onread", &[status]);
    }

    /// Decrypts what there is, once the room is full or there is no more; whether there may be more.
    fn read(&self, scope: &mut v8::PinScope<'_, '_>, connection: &Connection) -> bool {
        if self.ended.get() || self.core.host().is_exiting() {
            return false;
        }
        let outcome = if self.user_buffer.borrow().is_some() {
            self.read_into_user_buffer(scope, connection)
        } else {
            self.read_chunk(scope, connection)
        };
        match outcome {
            Outcome::Done(_) => return true,
            Outcome::Starved | Outcome::Suspended => {}
            Outcome::Closed => {
                if !self.ended.replace(true) {
                    self.emit_end(scope, EOF);
                }
            }
            Outcome::Failed if self.connection.borrow().is_some() => {
                self.fail();
                self.flush_from_loop(scope);
                self.tell(scope);
            }
            Outcome::Failed => {}
        }
        false
    }

    fn read_chunk(&self, scope: &mut v8::PinScope<'_, '_>, connection: &Connection) -> Outcome {
        let shared = &self.core.host().streams;
        let mut room = shared.take_input();
        let mut outcome = Outcome::Done(0);
        // Whole records of the greatest size are the middle of something long, and go together.
        let mut long = true;
        while long && !room.is_full() {
            outcome = connection.read(room.rest());
            if let Outcome::Done(count) = outcome {
                room.advance(count);
            }
            long = outcome == Outcome::Done(LONGEST_RECORD);
        }
        // What only JavaScript's turn may overwrite: the queue of errors.
        let failure = (outcome == Outcome::Failed).then(Failure::take);
        if room.bytes().is_empty() {
            shared.return_input(room);
        } else {
            self.tell(scope);
            self.bytes_read.set(self.bytes_read.get() + room.bytes().len() as u64);
            self.deliver(scope, room);
        }
        if let Some(failure) = failure {
            self.fail_with(failure);
        }
        outcome
    }

    fn deliver(&self, scope: &mut v8::PinScope<'_, '_>, room: Room) {
        let shared = &self.core.host().streams;
        let consumer = self.consumer.borrow().clone();
        if let Some(consumer) = consumer {
            consumer.data(scope, room.bytes());
            shared.return_input(room);
            return;
        }
        let count = v8::Integer::new_from_unsigned(scope, room.bytes().len() as u32).into();
        if let Some((buffer, offset)) = shared.chunk(scope, room) {
            let offset = v8::Integer::new_from_unsigned(scope, offset as u32).into();
            self.emit(scope, "onread", &[count, buffer.into(), offset]);
        }
    }

    fn read_into_user_buffer(&self, scope: &mut v8::PinScope<'_, '_>, connection: &Connection) -> Outcome {
        let mut buffer = self.user_buffer.borrow_mut();
        let outcome = match buffer.as_mut() {
            Some(view) if !view.bytes().is_empty() => connection.read(view.bytes_mut()),
            _ => Outcome::Starved,
        };
        drop(buffer);
        if let Outcome::Done(count) = outcome {
            self.tell(scope);
            self.bytes_read.set(self.bytes_read.get() + count as u64);
            let count = v8::Integer::new_from_unsigned(scope, count as u32).into();
            self.emit(scope, "onread", &[count]);
        }
        outcome
    }

    /// Has JavaScript take the ciphertext away, where it does that.
    fn flush_from_loop(&self, scope: &mut v8::PinScope<'_, '_>) {
        self.flush();
        if self.stream.is_none() && self.connection().is_some_and(|connection| connection.wire().has_output())
        {
            self.emit(scope, "onoutput", &[]);
        }
    }

    fn destroy(&self) {
        if let Some(stream) = &self.stream
            && self.connection.borrow().is_some()
        {
            stream.consume(None);
        }
        self.connection.take();
        self.consumer.take();
    }
}

impl Handle for TlsHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.destroy();
    }

    fn finish(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        while let Some(notice) = self.notices.next() {
            match notice {
                Notice::Written(callback, status) => self.answer(scope, callback, status),
                Notice::Unwritten(callback, _) => self.answer(scope, callback, -libc::ECANCELED),
                _ => {}
            }
        }
        // What waited for the end of the handshake comes too late, or not at all.
        let status = if self.is_established() { -libc::EBADF } else { -libc::ECANCELED };
        for callback in self.writes.take() {
            self.answer(scope, callback, status);
        }
    }
}

/// The methods that are in files of their own.
fn methods() -> Vec<Exported> {
    let mut methods = vec![
        exported!("write", |scope, args, rv| { write(scope, args, rv) }),
        exported!("writev", |scope, args, rv| { writev(scope, args, rv) }),
        exported!("write_message", |scope, args, rv| { write_message(scope, args, rv) }),
        exported!("shutdown", |scope, args, rv| { shutdown(scope, args, rv) }),
        exported!("receive", |scope, args, rv| {
            let _ = rv;
            receive(scope, &args);
        }),
        exported!("receive_end", |scope, args, rv| {
            let _ = rv;
            receive_end(scope, &args);
        }),
    ];
    methods.extend(inquiry::methods());
    methods
}

fn getters() -> Vec<Exported> {
    vec![
        exported!("bytes_read", |scope, args, rv| {
            get(scope, &args, rv, |handle| handle.bytes_read.get() as f64)
        }),
        exported!("bytes_written", |scope, args, rv| {
            get(scope, &args, rv, |handle| handle.writes.accepted() as f64)
        }),
        exported!("write_queue_size", |scope, args, rv| {
            get(scope, &args, rv, TlsHandle::write_queue_size)
        }),
    ]
}

/// A getter; what is closed, and the class's prototype, have nothing.
fn get<'s>(
    _: &mut v8::PinScope<'s, '_>,
    args: &v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
    read: fn(&TlsHandle) -> f64,
) {
    if let Some(handle) = of::<TlsHandle>(args.this()) {
        rv.set_double(read(&handle));
    }
}

fn start(this: This<TlsHandle>) {
    let Some(connection) = this.connection() else { return };
    if connection.is_server() {
        // The client speaks first, and may have done so already.
        if connection.wire().has_input() {
            this.schedule();
        }
        return;
    }
    this.advance(&connection);
    this.flush();
    if !this.notices.is_empty() || connection.wire().has_input() {
        this.schedule();
    }
}

fn resume_handshake(this: This<TlsHandle>) {
    this.resume();
}

/// `renegotiate()`: throws where the version has no such thing.
fn renegotiate(this: This<TlsHandle>) -> Result<(), CryptoError> {
    let Some(connection) = this.connection() else { return Ok(()) };
    if !connection.renegotiate() {
        return Err(CryptoError::peek("Renegotiation failed"));
    }
    // Reading goes on with it.
    connection.handshake();
    this.flush();
    this.schedule();
    Ok(())
}

fn destroy_ssl(this: This<TlsHandle>) {
    this.destroy();
}

fn read_start(this: This<TlsHandle>) -> i32 {
    match &this.stream {
        // The end of one that is closed comes all the same.
        Some(stream) if !stream.core().is_closing() => stream.start_reading(),
        _ => 0,
    }
}

fn read_stop(this: This<TlsHandle>) -> i32 {
    if let Some(stream) = &this.stream {
        stream.stop_reading();
    }
    0
}

fn use_user_buffer(this: This<TlsHandle>, buffer: View) {
    *this.user_buffer.borrow_mut() = Some(buffer);
}

/// `receive(bytes)`: ciphertext that came another way than through the stream.
fn receive(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    let Some(handle) = of::<TlsHandle>(args.this()) else { return };
    let Some(connection) = handle.connection() else { return };
    let bytes = Bytes::from_js(scope, args.get(0));
    connection.wire().lend(&bytes.0, || handle.run_nested(scope));
}

/// `receiveEnd(status)`: no more ciphertext comes.
fn receive_end(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    let Some(handle) = of::<TlsHandle>(args.this()) else { return };
    handle.transport_end.set(Some(i32::from_js(scope, args.get(0))));
    handle.run_nested(scope);
}

/// `takeOutput()`: the ciphertext that JavaScript has to take away, if there is any.
fn take_output(this: This<TlsHandle>) -> Option<Bytes> {
    let connection = this.connection()?;
    if this.notices.session_pending.get() {
        return None;
    }
    let output = connection.wire().take_output();
    (!output.is_empty()).then_some(Bytes(output))
}

/// `confirmWrite()`: what was taken last is written.
fn confirm_write(this: This<TlsHandle>) {
    this.confirm();
}

fn end_parser(this: This<TlsHandle>) {
    if this.notices.hello.replace(Answer::Given) == Answer::Awaited {
        this.resume();
    }
}

fn cert_cb_done(this: This<TlsHandle>) {
    if this.notices.certificate.replace(Answer::Given) == Answer::Awaited {
        this.resume();
    }
}

fn new_session_done(this: This<TlsHandle>) {
    if this.notices.session_pending.replace(false) {
        this.resume();
    }
}
