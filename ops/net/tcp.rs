//! TCP sockets.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketType, bind as bind_socket, socket_with, sockopt};

use super::address::{Endpoint, Out, socket_address};
use super::connections::FLAGS;
use super::stream::{Kind, Stream, getters, methods, status};
use crate::bind::call::Callback;
use crate::bind::class::Class;
use crate::bind::handle::{This, wrap};
use crate::bind::permission::{Net, Permit};
use crate::handle_class;

/// `TcpHandle`: beside the methods of all streams
/// - `bind(address, port, flags)`, `listen(backlog)`, and the event `onconnection(status, client)`;
/// - `connect(address, port, callback)` with `callback(status)`;
/// - `setNoDelay(on)`, `setKeepAlive(on, seconds, interval, count)`, `setTypeOfService(value)`,
///   `getTypeOfService()`;
/// - `resetOnClose()`: closing will break the connection off rather than end it;
/// - `getsockname(out)` and `getpeername(out)` fill in `address`, `family` and `port`.
pub(super) const CLASS: Class = handle_class!(
    TcpHandle, construct,
    [
        bind, listen, connect, set_no_delay, set_keep_alive, set_type_of_service, get_type_of_service,
        reset_on_close, getsockname, getpeername,
    ],
    methods: methods,
    getters: getters
);

/// The socket is for IPv6 alone.
const IPV6_ONLY: u32 = 1;
/// Several sockets share the port, and the system shares the connections out.
const REUSE_PORT: u32 = 2;

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| Stream::new(core, Kind::Tcp));
}

impl Stream {
    /// Makes the socket where there is none yet.
    fn make_socket(&self, address: &SocketAddr) -> Result<(), Errno> {
        if self.has_descriptor() {
            return Ok(());
        }
        let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        self.keep(socket_with(family, SocketType::STREAM, FLAGS, None)?);
        Ok(())
    }

    fn bind_tcp(&self, address: &SocketAddr, flags: u32) -> Result<(), Errno> {
        self.make_socket(address)?;
        self.with_fd(|fd| {
            sockopt::set_socket_reuseaddr(fd, true)?;
            if flags & REUSE_PORT != 0 {
                sockopt::set_socket_reuseport(fd, true)?;
            }
            if address.is_ipv6() {
                sockopt::set_ipv6_v6only(fd, flags & IPV6_ONLY != 0)?;
            }
            match bind_socket(fd, address) {
                // Told when the socket is used, as libuv does.
                Err(Errno::ADDRINUSE) => {
                    self.bind_status.set(-libc::EADDRINUSE);
                    Ok(())
                }
                Err(Errno::AFNOSUPPORT) => Err(Errno::INVAL),
                other => other,
            }
        })
    }
}

fn bind(this: This<Stream>, address: String, port: i32, flags: u32, _: Permit<Net>) -> i32 {
    let Some(address) = socket_address(&address, port) else { return -libc::EINVAL };
    status(this.bind_tcp(&address, flags))
}

fn listen(this: This<Stream>, backlog: i32) -> i32 {
    match this.bind_status.replace(0) {
        0 => status(this.start_listening(backlog)),
        known => known,
    }
}

fn connect(this: This<Stream>, _: Permit<Net>, address: String, port: i32, callback: Callback) -> i32 {
    let Some(address) = socket_address(&address, port) else { return -libc::EINVAL };
    let result = this.make_socket(&address).and_then(|()| this.start_connecting(&address, callback));
    status(result)
}

fn set_no_delay(this: This<Stream>, on: bool) -> i32 {
    status(this.with_fd(|fd| sockopt::set_tcp_nodelay(fd, on)))
}

fn set_keep_alive(this: This<Stream>, on: bool, seconds: u32, interval: u32, count: u32) -> i32 {
    let result = this.with_fd(|fd| {
        sockopt::set_socket_keepalive(fd, on)?;
        if on && seconds > 0 {
            sockopt::set_tcp_keepidle(fd, Duration::from_secs(seconds.into()))?;
            sockopt::set_tcp_keepintvl(fd, Duration::from_secs(interval.into()))?;
            sockopt::set_tcp_keepcnt(fd, count)?;
        }
        Ok(())
    });
    status(result)
}

fn set_type_of_service(this: This<Stream>, value: u32) -> i32 {
    let result = this.with_fd(|fd| match sockopt::socket_domain(fd)? {
        AddressFamily::INET6 => sockopt::set_ipv6_tclass(fd, value),
        _ => sockopt::set_ip_tos(fd, value as u8),
    });
    status(result)
}

fn get_type_of_service(this: This<Stream>) -> i32 {
    let result = this.with_fd(|fd| match sockopt::socket_domain(fd)? {
        AddressFamily::INET6 => sockopt::ipv6_tclass(fd).map(|value| value as i32),
        _ => sockopt::ip_tos(fd).map(i32::from),
    });
    result.unwrap_or_else(|error| -error.raw_os_error())
}

fn reset_on_close(this: This<Stream>) -> i32 {
    status(this.with_fd(|fd| sockopt::set_socket_linger(fd, Some(Duration::ZERO))))
}

fn getsockname(this: This<Stream>, out: Out) -> Endpoint {
    out.fill(this.with_fd(|fd| net::getsockname(fd)).and_then(SocketAddr::try_from))
}

fn getpeername(this: This<Stream>, out: Out) -> Endpoint {
    let peer = this.with_fd(|fd| net::getpeername(fd)).and_then(|address| address.ok_or(Errno::NOTCONN));
    out.fill(peer.and_then(SocketAddr::try_from))
}
