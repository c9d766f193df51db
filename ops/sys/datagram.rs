//! Datagrams: many in one call to the system, and options of their sockets.

use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::io::Errno;

/// How many datagrams one call takes or brings.
pub const BATCH: usize = 32;

/// As large as any datagram.
const ROOM: usize = 64 * 1024;

const NAME_LENGTH: libc::socklen_t = size_of::<libc::sockaddr_in6>() as libc::socklen_t;

/// Room for the datagrams of one call. Memory that no datagram has reached is not occupied.
pub struct Batch {
    rooms: Vec<MaybeUninit<u8>>,
    names: Box<[libc::sockaddr_in6; BATCH]>,
    /// Where each datagram goes: the headers point there, and into the rooms and the names.
    _pieces: Box<[libc::iovec; BATCH]>,
    headers: Box<[libc::mmsghdr; BATCH]>,
}

impl Default for Batch {
    fn default() -> Self {
        let mut rooms = Vec::with_capacity(BATCH * ROOM);
        // SAFETY: the elements need no value, and there is capacity for them.
        unsafe { rooms.set_len(BATCH * ROOM) };
        // SAFETY: all-zero values of this plain C structure are valid.
        let mut names: Box<[libc::sockaddr_in6; BATCH]> = Box::new(unsafe { std::mem::zeroed() });
        // SAFETY: as above.
        let mut pieces: Box<[libc::iovec; BATCH]> = Box::new(unsafe { std::mem::zeroed() });
        // SAFETY: as above.
        let mut headers: Box<[libc::mmsghdr; BATCH]> = Box::new(unsafe { std::mem::zeroed() });
        let room_of_each = rooms.chunks_exact_mut(ROOM);
        for (index, room) in room_of_each.enumerate() {
            let room: &mut [MaybeUninit<u8>] = room;
            pieces[index] = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: ROOM };
            let header = &mut headers[index].msg_hdr;
            header.msg_name = (&raw mut names[index]).cast();
            header.msg_namelen = NAME_LENGTH;
            header.msg_iov = &raw mut pieces[index];
            header.msg_iovlen = 1;
        }
        Batch { rooms, names, _pieces: pieces, headers }
    }
}

impl Batch {
    /// Receives what there is, at most `limit` datagrams and a batch; how many there were.
    pub fn receive(&mut self, fd: BorrowedFd<'_>, limit: usize) -> Result<usize, Errno> {
        for header in &mut *self.headers {
            header.msg_hdr.msg_namelen = NAME_LENGTH;
        }
        loop {
            // SAFETY: each header refers to a writable name and to a writable room of its own, which live
            // as long as the batch.
            let count = unsafe {
                libc::recvmmsg(
                    fd.as_raw_fd(),
                    self.headers.as_mut_ptr(),
                    limit.min(BATCH) as libc::c_uint,
                    libc::MSG_DONTWAIT,
                    std::ptr::null_mut(),
                )
            };
            if let Ok(count) = usize::try_from(count) {
                return Ok(count);
            }
            match last_error() {
                Errno::INTR => {}
                error => return Err(error),
            }
        }
    }

    /// A datagram of those that were received last, and who sent it.
    pub fn datagram(&self, index: usize) -> (&[u8], Option<SocketAddr>) {
        let header = &self.headers[index];
        let room = &self.rooms[index * ROOM..(index + 1) * ROOM];
        let length = room.len().min(header.msg_len as usize);
        // SAFETY: the system has written that many bytes to the beginning of the room.
        let bytes = unsafe { std::slice::from_raw_parts(room.as_ptr().cast::<u8>(), length) };
        (bytes, address_of(&self.names[index], header.msg_hdr.msg_namelen))
    }
}

/// The address that the system has written.
fn address_of(name: &libc::sockaddr_in6, length: libc::socklen_t) -> Option<SocketAddr> {
    if length == 0 {
        return None;
    }
    match i32::from(name.sin6_family) {
        libc::AF_INET => {
            // SAFETY: an address of that family is such a structure, which is the shorter one.
            let name = unsafe { &*std::ptr::from_ref(name).cast::<libc::sockaddr_in>() };
            let address = Ipv4Addr::from_bits(u32::from_be(name.sin_addr.s_addr));
            Some(SocketAddrV4::new(address, u16::from_be(name.sin_port)).into())
        }
        libc::AF_INET6 => {
            let address = Ipv6Addr::from(name.sin6_addr.s6_addr);
            let port = u16::from_be(name.sin6_port);
            Some(SocketAddrV6::new(address, port, name.sin6_flowinfo, name.sin6_scope_id).into())
        }
        _ => None,
    }
}

/// Writes an address as the system reads it; its length.
pub(super) fn write_address(address: &SocketAddr, name: &mut libc::sockaddr_in6) -> libc::socklen_t {
    match address {
        SocketAddr::V4(address) => {
            // SAFETY: an all-zero value of this plain C structure is valid.
            let mut short: libc::sockaddr_in = unsafe { std::mem::zeroed() };
            short.sin_family = libc::AF_INET as libc::sa_family_t;
            short.sin_port = address.port().to_be();
            short.sin_addr.s_addr = address.ip().to_bits().to_be();
            // SAFETY: the room is larger than what is written and as strictly aligned.
            unsafe { std::ptr::from_mut(name).cast::<libc::sockaddr_in>().write(short) };
            size_of::<libc::sockaddr_in>() as libc::socklen_t
        }
        SocketAddr::V6(address) => {
            name.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            name.sin6_port = address.port().to_be();
            name.sin6_addr.s6_addr = address.ip().octets();
            name.sin6_flowinfo = address.flowinfo();
            name.sin6_scope_id = address.scope_id();
            size_of::<libc::sockaddr_in6>() as libc::socklen_t
        }
    }
}

/// Sends datagrams, up to the size of a batch, each to its address or to the peer; how many the system took.
/// An error is that of the first one.
pub fn send_many<'a>(
    fd: BorrowedFd<'_>,
    datagrams: impl Iterator<Item = (&'a [u8], Option<SocketAddr>)>,
) -> Result<usize, Errno> {
    // SAFETY: all-zero values of these plain C structures are valid.
    let mut names: [libc::sockaddr_in6; BATCH] = unsafe { std::mem::zeroed() };
    // SAFETY: as above.
    let mut pieces: [libc::iovec; BATCH] = unsafe { std::mem::zeroed() };
    // SAFETY: as above.
    let mut headers: [libc::mmsghdr; BATCH] = unsafe { std::mem::zeroed() };
    let mut count = 0;
    for (bytes, address) in datagrams.take(BATCH) {
        pieces[count] = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        let header = &mut headers[count].msg_hdr;
        if let Some(address) = address {
            header.msg_namelen = write_address(&address, &mut names[count]);
            header.msg_name = (&raw mut names[count]).cast();
        }
        header.msg_iov = &raw mut pieces[count];
        header.msg_iovlen = 1;
        count += 1;
    }
    loop {
        // SAFETY: each header refers to a name and to bytes that live through the call and are only read.
        let sent = unsafe {
            libc::sendmmsg(fd.as_raw_fd(), headers.as_mut_ptr(), count as libc::c_uint, libc::MSG_DONTWAIT)
        };
        if let Ok(sent) = usize::try_from(sent) {
            return Ok(sent);
        }
        match last_error() {
            Errno::INTR => {}
            error => return Err(error),
        }
    }
}

/// Sets an option that is a number, as it is: which numbers are good, the system knows.
pub fn set_number(fd: BorrowedFd<'_>, level: i32, name: i32, value: i32) -> Result<(), Errno> {
    // SAFETY: a number has any value.
    unsafe { set(fd, level, name, &value) }
}

/// Joins or leaves the group of IPv6 for what one source sends to it.
pub fn set_source_membership(
    fd: BorrowedFd<'_>,
    group: Ipv6Addr,
    source: Ipv6Addr,
    interface: u32,
    join: bool,
) -> Result<(), Errno> {
    /// `struct group_source_req`
    #[repr(C)]
    struct Request {
        interface: u32,
        group: libc::sockaddr_storage,
        source: libc::sockaddr_storage,
    }
    // SAFETY: an all-zero value of this plain C structure is valid.
    let mut request: Request = unsafe { std::mem::zeroed() };
    request.interface = interface;
    for (room, address) in [(&mut request.group, group), (&mut request.source, source)] {
        // SAFETY: the room is larger than what is written and as strictly aligned.
        let name = unsafe { &mut *std::ptr::from_mut(room).cast::<libc::sockaddr_in6>() };
        write_address(&SocketAddrV6::new(address, 0, 0, 0).into(), name);
    }
    let option = if join { libc::MCAST_JOIN_SOURCE_GROUP } else { libc::MCAST_LEAVE_SOURCE_GROUP };
    // SAFETY: the structure is the one of this option.
    unsafe { set(fd, libc::IPPROTO_IPV6, option, &request) }
}

/// # Safety
/// `value` must be what the option takes.
unsafe fn set<T>(fd: BorrowedFd<'_>, level: i32, name: i32, value: &T) -> Result<(), Errno> {
    let length = size_of::<T>() as libc::socklen_t;
    // SAFETY: the pointer and the length are those of one value, which is only read.
    let status =
        unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, std::ptr::from_ref(value).cast(), length) };
    if status == 0 { Ok(()) } else { Err(last_error()) }
}

fn last_error() -> Errno {
    Errno::from_raw_os_error(super::fd::last_errno())
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::os::fd::AsFd;

    use super::{BATCH, Batch, send_many};

    #[test]
    fn datagrams_go_and_come_in_batches() {
        let receiver = UdpSocket::bind("127.0.0.1:0").expect("a socket can be bound");
        let sender = UdpSocket::bind("127.0.0.1:0").expect("a socket can be bound");
        let address = receiver.local_addr().expect("a bound socket has an address");
        let texts: Vec<String> = (0..BATCH + 8).map(|index| "x".repeat(index)).collect();
        let mut left = texts.iter().map(|text| (text.as_bytes(), Some(address)));
        assert_eq!(send_many(sender.as_fd(), left.by_ref().take(BATCH)), Ok(BATCH));
        assert_eq!(send_many(sender.as_fd(), left), Ok(8));
        let mut batch = Batch::default();
        let mut received = Vec::new();
        for expected in [BATCH, 8] {
            assert_eq!(batch.receive(receiver.as_fd(), BATCH), Ok(expected));
            for index in 0..expected {
                let (bytes, from) = batch.datagram(index);
                assert_eq!(from, sender.local_addr().ok());
                received.push(String::from_utf8_lossy(bytes).into_owned());
            }
        }
        assert_eq!(received, texts);
        assert_eq!(batch.receive(receiver.as_fd(), BATCH), Err(rustix::io::Errno::AGAIN));
    }
}
