//! How a stream comes to its descriptor: by accepting connections and by connecting.

use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use rustix::io::{Errno, retry_on_intr};
use rustix::net::addr::SocketAddrArg;
use rustix::net::{SocketFlags, accept_with, connect, listen, sockopt};

use super::stream::{Completion, Descriptor, Kind, Stream};
use crate::bind::call::Callback;
use crate::bind::convert::internalized;
use crate::bind::handle::of;
use crate::bind::readiness::Watch;

/// How many connections a server may accept in one turn of the loop, for the sake of the others.
const ACCEPTS_A_TURN: usize = 128;

/// How sockets are made.
pub(super) const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

impl Stream {
    /// Keeps a socket that was just made; there is nothing to wait for before it listens or connects.
    pub(super) fn keep(&self, fd: OwnedFd) {
        *self.descriptor.borrow_mut() = Descriptor::Idle(fd);
    }

    pub(super) fn has_descriptor(&self) -> bool {
        !matches!(*self.descriptor.borrow(), Descriptor::None)
    }

    /// Has the reactor watch the socket.
    fn watch_idle(&self) -> Result<Rc<Watch>, Errno> {
        if let Some(watch) = self.watch() {
            return Ok(watch);
        }
        let Descriptor::Idle(fd) = self.descriptor.replace(Descriptor::None) else {
            return Err(Errno::BADF);
        };
        self.start(fd)?;
        self.watch().ok_or(Errno::BADF)
    }

    /// Accepts connections from now on: the event `onconnection(status, client)`.
    pub(super) fn start_listening(&self, backlog: i32) -> Result<(), Errno> {
        self.with_fd(|fd| listen(fd, backlog))?;
        let watch = self.watch_idle()?;
        self.core.host().streams.keep_reserve();
        self.listening.set(true);
        self.update_activity();
        if watch.readable().is_some() {
            watch.again();
        }
        Ok(())
    }

    /// Accepts what waits: a part of the poll phase.
    pub(super) fn accept(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        for _ in 0..ACCEPTS_A_TURN {
            if !self.listening.get() || self.core.host().is_exiting() {
                return;
            }
            let Some(watch) = self.watch() else { return };
            let Some(mut guard) = watch.readable() else { return };
            let accept = || retry_on_intr(|| accept_with(watch.as_fd(), FLAGS));
            v8::scope!(let scope, scope);
            match accept() {
                Ok(fd) => self.emit_connection(scope, fd),
                Err(Errno::AGAIN) => guard.clear_ready(),
                Err(Errno::CONNABORTED) => {}
                Err(Errno::MFILE | Errno::NFILE) => {
                    self.core.host().streams.shed(accept);
                    guard.clear_ready();
                }
                Err(error) => {
                    let status = v8::Integer::new(scope, -error.raw_os_error()).into();
                    self.core.emit(scope, "onconnection", &[status]);
                }
            }
        }
        if let Some(watch) = self.watch() {
            watch.again();
        }
    }

    fn emit_connection(&self, scope: &mut v8::PinScope<'_, '_>, fd: OwnedFd) {
        let outcome = self.new_client(scope).ok_or(Errno::NOMEM).and_then(|(client, stream)| {
            stream.start(fd)?;
            Ok(client)
        });
        let status = outcome.err().map_or(0, |error| -error.raw_os_error());
        let status = v8::Integer::new(scope, status).into();
        match outcome {
            Ok(client) => self.core.emit(scope, "onconnection", &[status, client.into()]),
            Err(_) => self.core.emit(scope, "onconnection", &[status]),
        }
    }

    /// A new handle of the server's own class.
    fn new_client<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Option<(v8::Local<'s, v8::Object>, Rc<Stream>)> {
        let server = self.core.object(scope)?;
        let key = internalized(scope, "constructor").into();
        let class = v8::Local::<v8::Function>::try_from(server.get(scope, key)?).ok()?;
        let client = class.new_instance(scope, &[])?;
        let stream = of::<Stream>(client)?;
        Some((client, stream))
    }

    /// Begins to connect; `callback(status)` tells how it went. A failure that is known at once is told
    /// just as late.
    pub(super) fn start_connecting(
        &self,
        address: &impl SocketAddrArg,
        callback: Callback,
    ) -> Result<(), Errno> {
        let mut known = match self.bind_status.get() {
            0 => None,
            status => Some(status),
        };
        if known.is_none() {
            let result = self.with_fd(|fd| retry_on_intr(|| connect(fd, address)));
            match result {
                Ok(()) | Err(Errno::INPROGRESS) => {}
                Err(error) if self.kind != Kind::Tcp || error == Errno::CONNREFUSED => {
                    known = Some(-error.raw_os_error());
                }
                Err(error) => return Err(error),
            }
        }
        let host = self.core.host();
        if let Some(status) = known {
            host.begin_request();
            *self.connect.borrow_mut() = Some(callback);
            let itself = self.core.itself();
            host.begin_request();
            host.mailbox.post(move |scope| {
                let Some(handle) = itself.upgrade() else { return };
                let handle: Rc<dyn std::any::Any> = handle;
                if let Ok(stream) = handle.downcast::<Stream>() {
                    stream.answer_connect(scope, status);
                }
            });
            return Ok(());
        }
        let watch = self.watch_idle()?;
        host.begin_request();
        *self.connect.borrow_mut() = Some(callback);
        if watch.writable().is_some() {
            watch.again();
        }
        Ok(())
    }

    /// Finds out whether the connection stands: a part of the poll phase.
    pub(super) fn finish_connect(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        let Some(watch) = self.watch() else { return };
        let Some(guard) = watch.writable() else { return };
        let outcome = sockopt::socket_error(watch.as_fd());
        drop(guard);
        let status = match outcome {
            Ok(Ok(())) => 0,
            Ok(Err(Errno::INPROGRESS)) => return watch.again(),
            Ok(Err(error)) | Err(error) => -error.raw_os_error(),
        };
        self.answer_connect(scope, status);
        self.flush(scope);
    }

    fn answer_connect(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        let callback = self.connect.take();
        if let Some(callback) = callback {
            self.core.host().end_request();
            self.answer(scope, Completion::Script(callback), status);
        }
    }
}
