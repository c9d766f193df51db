//! Native half of `js/dgram.js`: datagram sockets.

mod options;
mod receive;
mod send;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::rc::Rc;

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    self, AddressFamily, SocketFlags, SocketType, bind as bind_socket, connect as connect_socket,
    connect_unspec, socket_with, sockopt,
};
use tokio::io::Interest;

use crate::bind::call;
use crate::bind::class::Class;
use crate::bind::handle::{Core, Handle, This, of, wrap};
use crate::bind::permission::{Net, Permit};
use crate::bind::readiness::Watch;
use crate::bind::{Binding, Exported};
use crate::net::address::{Endpoint, Out, socket_address};
use crate::net::stream::status;
use crate::{binding, exported, handle_class};

use options::{
    add_membership, add_source_specific_membership, buffer_size, drop_membership,
    drop_source_specific_membership, set_broadcast, set_multicast_interface, set_multicast_loopback,
    set_multicast_ttl, set_ttl,
};
use send::Outbox;

/// `internalBinding('dgram')`: the class `UdpHandle`.
///
/// - `new UdpHandle(family, hidden)`: 4 or 6. The system's socket is made when it is needed first. Programs are
///   not told of one that is hidden.
/// - `open(fd)` takes over a descriptor.
/// - `bind(address, port, flags)`, `connect(address, port)`, `disconnect()`.
/// - `recvStart()`, `recvStop()`, and the event `onmessage(size, arrayBuffer, offset, address, port, family)`:
///   a datagram of `size` bytes is in the buffer from `offset` on, which others share; or
///   `onmessage(error)`, a negative error number.
/// - `send(data, port, address)` takes a view, a string, or a list of both that are one datagram, for the
///   peer where there is no address. It returns the number of bytes and 1, a negative error number, or 0
///   where the system takes nothing now; then `enqueue(data, port, address, callback)` sends it when there is
///   room, with `callback(status, bytes)`.
/// - `share()`: other processes get the descriptor as well.
/// - `getSendQueueSize()`, `getSendQueueCount()`: bytes and datagrams in the queue.
/// - options of the socket, see `ops/dgram/options.rs`.
/// - `getsockname(out)`, `getpeername(out)` fill in `address`, `family` and `port`.
/// - `fd`; `close(callback)`, `ref`, `unref`, `hasRef` as every handle. What is queued gets ECANCELED.
///
/// Methods that can fail return 0 or a negative error number.
pub const BINDING: Binding = binding! {
    "dgram",
    extend: install,
    references: references,
};

const CLASS: Class = handle_class!(
    UdpHandle, construct,
    [
        open, bind, connect, disconnect, recv_start, recv_stop, share, get_send_queue_size, get_send_queue_count,
        getsockname, getpeername, buffer_size, set_broadcast, set_multicast_loopback,
        set_multicast_interface, add_membership, drop_membership, add_source_specific_membership,
        drop_source_specific_membership,
    ],
    methods: methods,
    getters: getters
);

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

fn methods() -> Vec<Exported> {
    vec![
        exported!("send", |scope, args, rv| { send::send(scope, args, rv) }),
        exported!("enqueue", |scope, args, rv| { send::enqueue(scope, args, rv) }),
        exported!("set_TTL", |scope, args, rv| { call::sync(set_ttl, scope, args, rv) }),
        exported!("set_multicast_TTL", |scope, args, rv| { call::sync(set_multicast_ttl, scope, args, rv) }),
    ]
}

fn getters() -> Vec<Exported> {
    vec![exported!("fd", |scope, args, rv| {
        let _ = scope;
        let mut rv = rv;
        if let Some(socket) = of::<UdpSocket>(args.this()) {
            rv.set_int32(socket.with_fd(|fd| Ok(fd.as_raw_fd())).unwrap_or(-libc::EBADF));
        }
    })]
}

/// Flags of `bind`, as libuv numbers them.
const IPV6_ONLY: u32 = 1;
const REUSE_ADDRESS: u32 = 4;
const REUSE_PORT: u32 = 8;

/// A datagram socket.
struct UdpSocket {
    core: Core,
    version6: Cell<bool>,
    /// Whether it is no business of the program's.
    hidden: bool,
    watch: RefCell<Option<Rc<Watch>>>,
    receiving: Cell<bool>,
    connected: Cell<bool>,
    /// Whether other processes may have the socket as well: then no datagram is taken before its turn, since
    /// this process may close before it.
    shared: Cell<bool>,
    outbox: Outbox,
    /// Who has sent last, with the address as text.
    sender: RefCell<Option<(std::net::IpAddr, u32, v8::Global<v8::String>)>>,
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    let version6 = args.get(0).int32_value(scope) == Some(6);
    let hidden = args.get(1).is_true();
    wrap(scope, args.this(), |core| UdpSocket {
        core,
        version6: Cell::new(version6),
        hidden,
        watch: RefCell::default(),
        receiving: Cell::new(false),
        connected: Cell::new(false),
        shared: Cell::new(false),
        outbox: Outbox::default(),
        sender: RefCell::default(),
    });
}

impl UdpSocket {
    fn watch(&self) -> Option<Rc<Watch>> {
        self.watch.borrow().clone()
    }

    /// Lends the descriptor; without one there is EBADF.
    fn with_fd<R>(&self, work: impl FnOnce(BorrowedFd<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
        match &*self.watch.borrow() {
            Some(watch) => work(watch.as_fd()),
            None => Err(Errno::BADF),
        }
    }

    /// The address of that text; it must be of the socket's own version.
    fn address(&self, text: &str, port: u16) -> Result<SocketAddr, Errno> {
        let address = socket_address(text, port.into()).filter(|it| it.is_ipv6() == self.version6.get());
        address.ok_or(Errno::INVAL)
    }

    /// Makes the socket where there is none yet.
    fn make_socket(&self) -> Result<(), Errno> {
        if self.core.is_closing() {
            return Err(Errno::BADF);
        }
        if self.watch.borrow().is_none() {
            let family = if self.version6.get() { AddressFamily::INET6 } else { AddressFamily::INET };
            let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
            self.keep(socket_with(family, SocketType::DGRAM, flags, None)?)?;
        }
        Ok(())
    }

    /// Watches for datagrams only: room for sending is there nearly always, and becoming free it would wake
    /// the runtime after each of them.
    fn keep(&self, fd: OwnedFd) -> Result<(), Errno> {
        let watch = Watch::with_interest(&self.core, fd, Interest::READABLE)?;
        *self.watch.borrow_mut() = Some(Rc::new(watch));
        Ok(())
    }

    fn bind(&self, address: &SocketAddr, flags: u32) -> Result<(), Errno> {
        self.make_socket()?;
        self.with_fd(|fd| {
            if flags & REUSE_ADDRESS != 0 {
                sockopt::set_socket_reuseaddr(fd, true)?;
            }
            if flags & REUSE_PORT != 0 {
                sockopt::set_socket_reuseport(fd, true)?;
            }
            if flags & IPV6_ONLY != 0 {
                sockopt::set_ipv6_v6only(fd, true)?;
            }
            bind_socket(fd, address)
        })
        .map_err(|error| if error == Errno::AFNOSUPPORT { Errno::INVAL } else { error })
    }

    /// Binds a socket that is not yet to any free port, as its first use does.
    fn bind_to_any(&self, flags: u32) -> Result<(), Errno> {
        if self.watch.borrow().is_some() {
            return Ok(());
        }
        let any = if self.version6.get() { "::" } else { "0.0.0.0" };
        self.bind(&self.address(any, 0)?, flags)
    }

    fn connect(&self, address: &SocketAddr) -> Result<(), Errno> {
        self.bind_to_any(0)?;
        self.with_fd(|fd| retry_on_intr(|| connect_socket(fd, address)))?;
        self.connected.set(true);
        self.look_again();
        Ok(())
    }

    fn disconnect(&self) -> Result<(), Errno> {
        self.with_fd(|fd| connect_unspec(fd))?;
        self.connected.set(false);
        Ok(())
    }

    fn update_activity(&self) {
        self.core.set_active(self.receiving.get() || !self.outbox.is_empty());
    }
}

impl Handle for UdpSocket {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.receiving.set(false);
        self.outbox.stop();
        self.watch.replace(None);
    }

    fn on_ready(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        self.flush(scope);
        self.receive(scope);
    }

    fn resource(&self) -> Option<&'static str> {
        (!self.hidden).then_some("UDPWrap")
    }

    fn request(&self) -> Option<&'static str> {
        (!self.outbox.is_empty()).then_some("UDPSendWrap")
    }

    fn finish(self: Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        self.cancel(scope);
    }
}

fn open(this: This<UdpSocket>, number: i32) -> i32 {
    let watch = Watch::of_number(&this.core, number, Interest::READABLE);
    let result = watch.and_then(|watch| {
        sockopt::set_socket_reuseaddr(watch.as_fd(), true)?;
        this.shared.set(true);
        this.version6.set(sockopt::socket_domain(watch.as_fd())? == AddressFamily::INET6);
        this.connected.set(matches!(net::getpeername(watch.as_fd()), Ok(Some(_))));
        *this.watch.borrow_mut() = Some(Rc::new(watch));
        Ok(())
    });
    status(result)
}

fn bind(this: This<UdpSocket>, _: Permit<Net>, address: String, port: u32, flags: u32) -> i32 {
    status(this.address(&address, port as u16).and_then(|address| this.bind(&address, flags)))
}

fn connect(this: This<UdpSocket>, _: Permit<Net>, address: String, port: u32) -> i32 {
    status(this.address(&address, port as u16).and_then(|address| this.connect(&address)))
}

fn disconnect(this: This<UdpSocket>) -> i32 {
    status(this.disconnect())
}

fn share(this: This<UdpSocket>) {
    this.shared.set(true);
}

fn recv_start(this: This<UdpSocket>) -> i32 {
    status(this.start_receiving())
}

fn recv_stop(this: This<UdpSocket>) -> i32 {
    this.receiving.set(false);
    this.update_activity();
    0
}

fn get_send_queue_size(this: This<UdpSocket>) -> usize {
    this.outbox.bytes()
}

fn get_send_queue_count(this: This<UdpSocket>) -> usize {
    this.outbox.count()
}

fn getsockname(this: This<UdpSocket>, out: Out) -> Endpoint {
    out.fill(this.with_fd(|fd| net::getsockname(fd)).and_then(SocketAddr::try_from))
}

fn getpeername(this: This<UdpSocket>, out: Out) -> Endpoint {
    let peer = this.with_fd(|fd| net::getpeername(fd)).and_then(|address| address.ok_or(Errno::NOTCONN));
    out.fill(peer.and_then(SocketAddr::try_from))
}
