//! Options of datagram sockets: methods of `UdpHandle` that return 0 or a negative error number.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::BorrowedFd;

use rustix::io::Errno;
use rustix::net::sockopt;

use super::{REUSE_ADDRESS, UdpSocket};
use crate::bind::handle::This;
use crate::net::address::socket_address;
use crate::net::stream::status;
use crate::sys::datagram::{set_number, set_source_membership};

impl UdpSocket {
    /// Sets the option that has one name for each version.
    fn set_for_version(&self, version4: i32, version6: i32, value: i32) -> Result<(), Errno> {
        self.with_fd(|fd| match self.version6.get() {
            true => set_number(fd, libc::IPPROTO_IPV6, version6, value),
            false => set_number(fd, libc::IPPROTO_IP, version4, value),
        })
    }
}

/// `setTTL(hops)`
pub(super) fn set_ttl(this: This<UdpSocket>, hops: i32) -> i32 {
    if !(1..=255).contains(&hops) {
        return -libc::EINVAL;
    }
    status(this.set_for_version(libc::IP_TTL, libc::IPV6_UNICAST_HOPS, hops))
}

/// `setMulticastTTL(hops)`
pub(super) fn set_multicast_ttl(this: This<UdpSocket>, hops: i32) -> i32 {
    if !(0..=255).contains(&hops) {
        return -libc::EINVAL;
    }
    status(this.set_for_version(libc::IP_MULTICAST_TTL, libc::IPV6_MULTICAST_HOPS, hops))
}

/// `setMulticastLoopback(on)`
pub(super) fn set_multicast_loopback(this: This<UdpSocket>, on: bool) -> i32 {
    status(this.set_for_version(libc::IP_MULTICAST_LOOP, libc::IPV6_MULTICAST_LOOP, on.into()))
}

/// `setBroadcast(on)`
pub(super) fn set_broadcast(this: This<UdpSocket>, on: bool) -> i32 {
    status(this.with_fd(|fd| sockopt::set_socket_broadcast(fd, on)))
}

/// `bufferSize(size, receiving)`: sets the size of a buffer of the system's, or returns it where `size` is 0.
pub(super) fn buffer_size(this: This<UdpSocket>, size: f64, receiving: bool) -> i32 {
    if size > f64::from(i32::MAX) {
        return -libc::EINVAL;
    }
    let name = if receiving { libc::SO_RCVBUF } else { libc::SO_SNDBUF };
    let result = this.with_fd(|fd| match (size, receiving) {
        (0.0, true) => sockopt::socket_recv_buffer_size(fd),
        (0.0, false) => sockopt::socket_send_buffer_size(fd),
        _ => set_number(fd, libc::SOL_SOCKET, name, size as i32).map(|()| 0),
    });
    result.map_or_else(|error| -error.raw_os_error(), |size| size as i32)
}

/// `setMulticastInterface(address)`
pub(super) fn set_multicast_interface(this: This<UdpSocket>, address: String) -> i32 {
    let result = match interface_of(&address) {
        Some(Interface::Version4(address)) => this.with_fd(|fd| sockopt::set_ip_multicast_if(fd, &address)),
        Some(Interface::Version6(index)) => this.with_fd(|fd| sockopt::set_ipv6_multicast_if(fd, index)),
        None => Err(Errno::INVAL),
    };
    status(result)
}

/// A network interface, as a program names it.
enum Interface {
    Version4(Ipv4Addr),
    /// The number of the zone.
    Version6(u32),
}

fn interface_of(text: &str) -> Option<Interface> {
    Some(match socket_address(text, 0)? {
        std::net::SocketAddr::V4(address) => Interface::Version4(*address.ip()),
        std::net::SocketAddr::V6(address) => Interface::Version6(address.scope_id()),
    })
}

/// The interface of version 4 that `text` names, or any.
fn interface4(text: Option<&String>) -> Result<Ipv4Addr, Errno> {
    match text.map(|text| interface_of(text)) {
        None => Ok(Ipv4Addr::UNSPECIFIED),
        Some(Some(Interface::Version4(address))) => Ok(address),
        Some(_) => Err(Errno::INVAL),
    }
}

/// The interface of version 6 that `text` names, or any.
fn interface6(text: Option<&String>) -> Result<u32, Errno> {
    match text.map(|text| interface_of(text)) {
        None => Ok(0),
        Some(Some(Interface::Version6(index))) => Ok(index),
        Some(_) => Err(Errno::INVAL),
    }
}

/// A multicast group.
enum Group {
    Version4(Ipv4Addr),
    Version6(Ipv6Addr),
}

fn group_of(text: &str) -> Result<Group, Errno> {
    match socket_address(text, 0) {
        Some(std::net::SocketAddr::V4(address)) => Ok(Group::Version4(*address.ip())),
        Some(std::net::SocketAddr::V6(address)) => Ok(Group::Version6(*address.ip())),
        None => Err(Errno::INVAL),
    }
}

impl UdpSocket {
    /// Joins or leaves a group. A socket that is not bound yet is bound first.
    fn set_membership(&self, group: &str, interface: Option<&String>, join: bool) -> Result<(), Errno> {
        let group = group_of(group)?;
        self.bind_to_any(REUSE_ADDRESS)?;
        let set = |fd: BorrowedFd<'_>| match (group, join) {
            (Group::Version4(group), true) => {
                sockopt::set_ip_add_membership(fd, &group, &interface4(interface)?)
            }
            (Group::Version4(group), false) => {
                sockopt::set_ip_drop_membership(fd, &group, &interface4(interface)?)
            }
            (Group::Version6(group), true) => {
                sockopt::set_ipv6_add_membership(fd, &group, interface6(interface)?)
            }
            (Group::Version6(group), false) => {
                sockopt::set_ipv6_drop_membership(fd, &group, interface6(interface)?)
            }
        };
        self.with_fd(set)
    }

    /// Joins or leaves a group for what one source sends to it.
    fn set_source_membership(
        &self,
        source: &str,
        group: &str,
        interface: Option<&String>,
        join: bool,
    ) -> Result<(), Errno> {
        let group = group_of(group)?;
        self.bind_to_any(REUSE_ADDRESS)?;
        let source = group_of(source)?;
        self.with_fd(|fd| match (group, source, join) {
            (Group::Version4(group), Group::Version4(source), true) => {
                sockopt::set_ip_add_source_membership(fd, &group, &interface4(interface)?, &source)
            }
            (Group::Version4(group), Group::Version4(source), false) => {
                sockopt::set_ip_drop_source_membership(fd, &group, &interface4(interface)?, &source)
            }
            (Group::Version6(group), Group::Version6(source), join) => {
                set_source_membership(fd, group, source, interface6(interface)?, join)
            }
            _ => Err(Errno::INVAL),
        })
    }
}

/// `addMembership(group, interface)`
pub(super) fn add_membership(this: This<UdpSocket>, group: String, interface: Option<String>) -> i32 {
    status(this.set_membership(&group, interface.as_ref(), true))
}

/// `dropMembership(group, interface)`
pub(super) fn drop_membership(this: This<UdpSocket>, group: String, interface: Option<String>) -> i32 {
    status(this.set_membership(&group, interface.as_ref(), false))
}

/// `addSourceSpecificMembership(source, group, interface)`
pub(super) fn add_source_specific_membership(
    this: This<UdpSocket>,
    source: String,
    group: String,
    interface: Option<String>,
) -> i32 {
    status(this.set_source_membership(&source, &group, interface.as_ref(), true))
}

/// `dropSourceSpecificMembership(source, group, interface)`
pub(super) fn drop_source_specific_membership(
    this: This<UdpSocket>,
    source: String,
    group: String,
    interface: Option<String>,
) -> i32 {
    status(this.set_source_membership(&source, &group, interface.as_ref(), false))
}
