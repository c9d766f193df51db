//! A session over a stream: what comes goes to the library, and what the library has goes to the stream.

use std::rc::{Rc, Weak};

use crate::bind::handle;
use crate::net::stream::{Completion, Consumer, Stream};
use crate::sys::nghttp2::OK;
use crate::tls::TlsHandle;

use super::delivery::{Handler, Handlers};
use super::ledger::Event;
use super::session::{Inner, Transport};

/// How much is put together for one write.
const OUTPUT_SIZE: usize = 64 * 1024;

/// The largest room for output that is kept.
const KEPT_OUTPUT: usize = 2 * OUTPUT_SIZE;

/// Takes the bytes of a stream.
struct Attachment {
    session: Weak<Inner>,
    stream: Weak<Stream>,
}

impl Consumer for Attachment {
    fn data(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]) {
        if let Some(session) = self.session.upgrade() {
            session.receive(scope, bytes);
        }
    }

    fn end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        if let Some(stream) = self.stream.upgrade() {
            stream.tell_end(scope, status);
        }
    }
}

impl Inner {
    /// Ties the session to the handle of a stream, or to JavaScript.
    pub(super) fn attach<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        below: v8::Local<'s, v8::Value>,
    ) {
        *self.handlers.borrow_mut() = Some(Rc::new(Handlers::new(scope, object)));
        let session = Weak::clone(&self.itself);
        let below = v8::Local::<v8::Object>::try_from(below).ok();
        let transport = if let Some(secure) = below.and_then(handle::of::<TlsHandle>) {
            let stream = secure.stream().map(Rc::downgrade).unwrap_or_default();
            secure.consume(Some(Rc::new(Attachment { session, stream })));
            Transport::Secure(Rc::downgrade(&secure))
        } else if let Some(stream) = below.and_then(handle::of::<Stream>) {
            stream.consume(Some(Rc::new(Attachment { session, stream: Rc::downgrade(&stream) })));
            Transport::Stream(Rc::downgrade(&stream))
        } else {
            Transport::Script
        };
        *self.transport.borrow_mut() = transport;
    }

    /// Reads what has come, tells JavaScript, and sends what there is.
    pub(super) fn receive(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]) {
        if self.is_reading.replace(true) {
            self.backlog.borrow_mut().extend_from_slice(bytes);
            return;
        }
        self.read(scope, bytes);
        loop {
            let later = self.backlog.take();
            if later.is_empty() {
                break;
            }
            self.read(scope, &later);
        }
        self.is_reading.set(false);
        self.flush(scope);
    }

    fn read(&self, scope: &mut v8::PinScope<'_, '_>, bytes: &[u8]) {
        let read = &self.ledger.counts.bytes_read;
        read.set(read.get() + bytes.len() as u64);
        let mut rest = bytes;
        while !rest.is_empty() {
            let Some(library) = self.library().filter(|_| !self.is_closed.get() && !self.is_broken.get())
            else {
                return;
            };
            let (piece, behind) = rest.split_at(self.boundaries.borrow_mut().next(rest));
            self.ledger.set_input(piece);
            self.ledger.memory.set(library.memory());
            let outcome = library.receive(piece);
            self.deliver(scope, piece);
            if let Err(error) = outcome {
                self.is_broken.set(true);
                let code = self.ledger.failure.take();
                self.ledger.events.borrow_mut().push_back(Event::Error { error, code });
                self.deliver(scope, &[]);
                return;
            }
            rest = behind;
        }
    }

    /// Sends what there is, as long as the stream takes it.
    pub(super) fn flush(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.is_flushing.replace(true) {
            return;
        }
        while !self.is_write_pending.get() && self.fill(scope) {
            let status = self.write_output(scope);
            if status > 0 {
                let written = self.ledger.written.take();
                self.pending_writes.borrow_mut().extend(written);
                self.is_write_pending.set(true);
            } else {
                let written = self.ledger.written.take();
                self.tell_written(scope, &written, status);
            }
        }
        self.is_flushing.set(false);
        self.regulate(scope);
    }

    /// Reads nothing while a write waits, and when nothing is expected any more.
    fn regulate(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.is_closed.get() {
            return;
        }
        let Some(library) = self.library() else { return };
        self.hold(scope, self.is_write_pending.get() || !library.wants_to_read());
    }

    /// Has the stream below read no more, or again.
    fn hold(&self, scope: &mut v8::PinScope<'_, '_>, holds: bool) {
        if self.is_held.replace(holds) == holds {
            return;
        }
        if matches!(*self.transport.borrow(), Transport::Script) {
            v8::scope!(let scope, scope);
            let holds = v8::Boolean::new(scope, holds).into();
            self.emit(scope, Handler::Hold, &[holds]);
            return;
        }
        let stream = match &*self.transport.borrow() {
            Transport::Stream(stream) => stream.upgrade(),
            Transport::Secure(secure) => secure.upgrade().and_then(|secure| secure.stream().cloned()),
            Transport::None | Transport::Script => None,
        };
        let Some(stream) = stream else { return };
        if holds {
            stream.stop_reading();
        } else {
            stream.start_reading();
        }
    }

    /// Puts together what is to be written, and tells JavaScript what comes of that; whether there is anything.
    fn fill(&self, scope: &mut v8::PinScope<'_, '_>) -> bool {
        loop {
            let Some(library) = self.library() else { return false };
            if matches!(*self.transport.borrow(), Transport::None) {
                return false;
            }
            let mut outcome = Ok(true);
            while outcome == Ok(true) && self.ledger.output.borrow().len() < OUTPUT_SIZE {
                outcome = library.send_next();
            }
            if let Err(error) = outcome
                && !self.is_broken.replace(true)
            {
                self.ledger.events.borrow_mut().push_back(Event::Error { error, code: None });
            }
            let has_events = !self.ledger.events.borrow().is_empty();
            self.deliver(scope, &[]);
            // JavaScript may have had something to add, such as trailers.
            if !has_events || outcome.is_err() || self.ledger.output.borrow().len() >= OUTPUT_SIZE {
                return !self.ledger.output.borrow().is_empty();
            }
        }
    }

    /// Writes the output: 0 where all is taken, 1 where the end of it is told later, or an error number.
    fn write_output(&self, scope: &mut v8::PinScope<'_, '_>) -> i32 {
        let mut output = self.ledger.output.take();
        let ends = self.ledger.ends.take();
        let written = &self.ledger.counts.bytes_written;
        written.set(written.get() + output.len() as u64);
        let status = match &*self.transport.borrow() {
            Transport::None => -libc::ECANCELED,
            Transport::Stream(stream) => stream.upgrade().map_or(-libc::ECANCELED, |stream| {
                let session = Weak::clone(&self.itself);
                stream.send_from(&mut output, || {
                    Some(Completion::Native(Box::new(move |scope, status| {
                        if let Some(session) = session.upgrade() {
                            session.finish_write(scope, status);
                        }
                    })))
                })
            }),
            Transport::Secure(secure) => {
                secure.upgrade().map_or(-libc::ECANCELED, |secure| match self.handlers.borrow().clone() {
                    Some(handlers) => {
                        let sent = handlers.sent(scope);
                        secure.send_bytes(scope, &output, sent)
                    }
                    None => -libc::ECANCELED,
                })
            }
            Transport::Script => 2,
        };
        let status = if status == 2 { self.write_by_script(scope, &output, &ends) } else { status };
        output.clear();
        if output.capacity() <= KEPT_OUTPUT && self.ledger.output.borrow().is_empty() {
            *self.ledger.output.borrow_mut() = output;
        }
        status
    }

    fn write_by_script(&self, scope: &mut v8::PinScope<'_, '_>, output: &[u8], ends: &[usize]) -> i32 {
        v8::scope!(let scope, scope);
        let bytes = crate::bind::convert::uint8_array(scope, output.to_vec());
        // The function may end the write before it returns.
        self.is_write_pending.set(true);
        self.pending_writes.borrow_mut().append(&mut self.ledger.written.take());
        let ends: Vec<_> = ends.iter().map(|end| v8::Number::new(scope, *end as f64).into()).collect();
        let ends = v8::Array::new_with_elements(scope, &ends).into();
        self.emit(scope, Handler::Output, &[bytes.into(), ends]);
        if self.is_write_pending.get() { 1 } else { OK }
    }

    /// The stream below has ended a write.
    pub(super) fn finish_write(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        if !self.is_write_pending.replace(false) {
            return;
        }
        let written = self.pending_writes.take();
        self.tell_written(scope, &written, status.min(0));
        if self.is_closed.get() {
            self.tell_done(scope);
            return;
        }
        if status >= 0 {
            self.flush(scope);
        } else {
            self.hold(scope, false);
        }
    }

    /// Ends the session: with a word to the other side, unless the stream below is gone.
    pub(super) fn close(&self, scope: &mut v8::PinScope<'_, '_>, code: u32, is_gone: bool) {
        if self.is_closed.get() {
            return;
        }
        if let Some(library) = self.library().filter(|_| !is_gone) {
            self.ledger.goodbyes.set(self.ledger.goodbyes.get() + 1);
            library.terminate(code);
            self.flush(scope);
        }
        self.is_closed.set(true);
        if is_gone {
            self.is_write_pending.set(false);
        }
        self.later(Inner::tell_done);
    }

    /// Tells JavaScript that the session is at its end.
    fn tell_done(&self, scope: &mut v8::PinScope<'_, '_>) {
        // The end of the write comes first.
        if self.is_write_pending.get() {
            return;
        }
        v8::scope!(let scope, scope);
        // The end of the stream below is still to be seen.
        self.hold(scope, false);
        self.emit(scope, Handler::Done, &[]);
        self.release();
    }
}
