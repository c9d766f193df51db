//! The receiving side of a datagram socket.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::rc::Rc;

use rustix::io::Errno;

use super::UdpSocket;
use crate::bind::convert::string;
use crate::bind::readiness::Watch;
use crate::net::address::zoned;
use crate::sys::datagram::{BATCH, Batch};

/// How many datagrams a socket may receive in one turn of the loop, for the sake of the others.
const DATAGRAMS_A_TURN: usize = 4 * BATCH;

/// The room that all sockets of a runtime receive into.
#[derive(Default)]
struct Rooms(RefCell<Option<Box<Batch>>>);

impl UdpSocket {
    /// Receives whenever there is something.
    pub(super) fn start_receiving(&self) -> Result<(), Errno> {
        self.bind_to_any(0)?;
        if !self.receiving.replace(true) {
            self.update_activity();
            self.look_again();
        }
        Ok(())
    }

    /// Has the handle looked at if there is something for it now, and else as soon as there is.
    pub(super) fn look_again(&self) {
        if let Some(watch) = self.watch()
            && (watch.readable().is_some() || self.has_failed(&watch))
        {
            watch.again();
        }
    }

    /// Whether an error waits: what a datagram's peer has answered. The reactor tells it by the direction that
    /// is not watched otherwise, and only connected sockets learn of such errors.
    fn has_failed(&self, watch: &Watch) -> bool {
        self.connected.get() && watch.writable().is_some()
    }

    /// Receives what there is: a part of the poll phase.
    pub(super) fn receive(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        let rooms = self.core.host().extension::<Rooms>();
        let mut batch = rooms.0.take().unwrap_or_default();
        let limit = if self.shared.get() { 1 } else { BATCH };
        for _ in 0..DATAGRAMS_A_TURN / limit {
            if !self.receive_batch(scope, &mut batch, limit) {
                *rooms.0.borrow_mut() = Some(batch);
                return;
            }
        }
        *rooms.0.borrow_mut() = Some(batch);
        if let Some(watch) = self.watch() {
            watch.again();
        }
    }

    /// Receives one batch and delivers it; whether there may be more.
    fn receive_batch(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        batch: &mut Batch,
        limit: usize,
    ) -> bool {
        if !self.receiving.get() || self.core.host().is_exiting() {
            return false;
        }
        let Some(watch) = self.watch() else { return false };
        let failure = if self.connected.get() { watch.writable() } else { None };
        let has_failed = failure.is_some();
        if let Some(mut guard) = failure {
            guard.clear_ready();
        }
        let mut guard = watch.readable();
        if guard.is_none() && !has_failed {
            return false;
        }
        match batch.receive(watch.as_fd(), limit) {
            Ok(count) => {
                // With less than a full batch the socket was empty. An error that came behind it is told by the
                // other direction.
                if count < limit
                    && let Some(guard) = &mut guard
                {
                    guard.clear_ready();
                }
                self.deliver(scope, batch, count);
            }
            Err(Errno::AGAIN) => {
                if let Some(guard) = &mut guard {
                    guard.clear_ready();
                }
            }
            Err(error) => {
                v8::scope!(let scope, scope);
                let status = v8::Integer::new(scope, -error.raw_os_error()).into();
                self.core.emit(scope, "onmessage", &[status]);
            }
        }
        true
    }

    fn deliver(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, batch: &Batch, count: usize) {
        let Some((object, handler)) = self.core.handler(scope, "onmessage") else { return };
        for index in 0..count {
            if !self.receiving.get() || self.core.host().is_exiting() {
                return;
            }
            v8::scope!(let scope, scope);
            let (bytes, sender) = batch.datagram(index);
            let Some((buffer, offset)) = self.core.host().streams.copied(scope, bytes) else {
                let status = v8::Integer::new(scope, -libc::ENOBUFS).into();
                self.core.call(scope, handler, object.into(), &[status]);
                continue;
            };
            let size = v8::Integer::new_from_unsigned(scope, bytes.len() as u32).into();
            let offset = v8::Integer::new_from_unsigned(scope, offset as u32).into();
            let (address, port, family) = match sender {
                Some(sender) => {
                    let family = if sender.is_ipv6() { 6 } else { 4 };
                    (self.sender_text(scope, &sender).into(), sender.port(), family)
                }
                None => (v8::undefined(scope).into(), 0, 0),
            };
            let port = v8::Integer::new(scope, port.into()).into();
            let family = v8::Integer::new(scope, family).into();
            let args = [size, buffer.into(), offset, address, port, family];
            self.core.call(scope, handler, object.into(), &args);
        }
    }

    /// The address of a sender as text: mostly that of the sender before.
    fn sender_text<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        sender: &SocketAddr,
    ) -> v8::Local<'s, v8::String> {
        let zone = if let SocketAddr::V6(sender) = sender { sender.scope_id() } else { 0 };
        let mut last = self.sender.borrow_mut();
        if let Some((address, of_zone, text)) = &*last
            && *address == sender.ip()
            && *of_zone == zone
        {
            return v8::Local::new(scope, text);
        }
        let text = match sender {
            SocketAddr::V4(sender) => sender.ip().to_string(),
            SocketAddr::V6(sender) => zoned(sender),
        };
        let text = string(scope, &text);
        *last = Some((sender.ip(), zone, v8::Global::new(scope, text)));
        text
    }
}
