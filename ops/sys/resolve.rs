//! Names of hosts, by the system's own resolver.

use std::ffi::{CStr, CString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::datagram::write_address;

/// The addresses of a host in the resolver's order, each once. The error is a negative number of
/// libuv's.
pub fn addresses(host: &str, family: u32, flags: i32) -> Result<Vec<IpAddr>, i32> {
    let host = CString::new(host).map_err(|_| -libc::EINVAL)?;
    // SAFETY: an all-zero `addrinfo` is a valid value of that plain C structure.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_family = match family {
        4 => libc::AF_INET,
        6 => libc::AF_INET6,
        _ => libc::AF_UNSPEC,
    };
    hints.ai_socktype = libc::SOCK_STREAM;
    hints.ai_flags = flags;
    let mut list = std::ptr::null_mut();
    // SAFETY: the name ends with a NUL, the hints are whole and `list` is writable.
    let status =
        unsafe { libc::getaddrinfo(host.as_ptr(), std::ptr::null(), &raw const hints, &raw mut list) };
    if status != 0 {
        return Err(number(status));
    }
    let found = collect(list);
    // SAFETY: the list is what the call above has made, and nothing refers to it any more.
    unsafe { libc::freeaddrinfo(list) };
    Ok(found)
}

fn collect(mut entry: *const libc::addrinfo) -> Vec<IpAddr> {
    let mut found = Vec::new();
    // SAFETY: each entry is null or one of the list, which lives until the caller frees it.
    while let Some(info) = unsafe { entry.as_ref() } {
        if let Some(address) = address(info)
            && !found.contains(&address)
        {
            found.push(address);
        }
        entry = info.ai_next;
    }
    found
}

fn address(info: &libc::addrinfo) -> Option<IpAddr> {
    match info.ai_family {
        libc::AF_INET => {
            // SAFETY: the family says what the address is.
            let address = unsafe { info.ai_addr.cast::<libc::sockaddr_in>().as_ref() }?;
            Some(Ipv4Addr::from_bits(u32::from_be(address.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: the family says what the address is.
            let address = unsafe { info.ai_addr.cast::<libc::sockaddr_in6>().as_ref() }?;
            Some(Ipv6Addr::from(address.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}

/// The names of a host and of a service; a host without a name is an error. The error is a negative number of
/// libuv's.
pub fn names(address: &SocketAddr) -> Result<(String, String), i32> {
    // SAFETY: an all-zero value of this plain C structure is valid.
    let mut name: libc::sockaddr_in6 = unsafe { std::mem::zeroed() };
    let length = write_address(address, &mut name);
    let mut host = [0u8; libc::NI_MAXHOST as usize];
    let mut service = [0u8; 32];
    // SAFETY: the address is whole, and each room is writable and as large as it is said to be.
    let status = unsafe {
        libc::getnameinfo(
            (&raw const name).cast(),
            length,
            host.as_mut_ptr().cast(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr().cast(),
            service.len() as libc::socklen_t,
            libc::NI_NAMEREQD,
        )
    };
    if status != 0 {
        return Err(number(status));
    }
    let text = |room: &[u8]| {
        let name = CStr::from_bytes_until_nul(room).unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    Ok((text(&host), text(&service)))
}

/// The resolver's error by libuv's number.
fn number(status: i32) -> i32 {
    match status {
        libc::EAI_AGAIN => -3001,
        libc::EAI_BADFLAGS => -3002,
        libc::EAI_FAIL => -3004,
        libc::EAI_FAMILY => -3005,
        libc::EAI_MEMORY => -3006,
        libc::EAI_NODATA => -3007,
        libc::EAI_OVERFLOW => -3009,
        libc::EAI_SERVICE => -3010,
        libc::EAI_SOCKTYPE => -3011,
        libc::EAI_SYSTEM => -super::fd::last_errno(),
        _ => -3008,
    }
}
