//! Names of hosts, by the system's own resolver.

use std::ffi::CString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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
