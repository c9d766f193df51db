//! Facts about the machine and its users that rustix does not tell.

use std::ffi::{CStr, CString};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ptr::NonNull;

use super::fd::last_errno;

/// An entry of the table of users.
pub struct User {
    /// The user's id.
    pub uid: u32,
    /// The id of the user's first group.
    pub gid: u32,
    /// The name.
    pub name: Vec<u8>,
    /// The home directory.
    pub home: Vec<u8>,
    /// The login shell.
    pub shell: Vec<u8>,
}

/// The version of the GNU C library, if that is the one in use.
pub fn glibc_version() -> Option<String> {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: the function takes nothing and cannot fail.
        let version = unsafe { libc::gnu_get_libc_version() };
        // SAFETY: it returns a string that is there as long as the process.
        let version = unsafe { CStr::from_ptr(version) };
        Some(version.to_string_lossy().into_owned())
    }
    #[cfg(not(target_env = "gnu"))]
    None
}

/// Looks a user up; the error is the (positive) error number.
pub fn user(uid: u32) -> Result<User, i32> {
    let mut room = vec![0 as libc::c_char; 2048];
    loop {
        // SAFETY: an all-zero `passwd` is a valid value of that plain C structure.
        let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
        let mut found = std::ptr::null_mut();
        // SAFETY: all pointers are writable for the call, and the length of `room` is told.
        let status =
            unsafe { libc::getpwuid_r(uid, &raw mut entry, room.as_mut_ptr(), room.len(), &raw mut found) };
        match status {
            libc::ERANGE => room.resize(room.len() * 2, 0),
            libc::EINTR => {}
            0 if found.is_null() => return Err(libc::ENOENT),
            0 => {
                return Ok(User {
                    uid: entry.pw_uid,
                    gid: entry.pw_gid,
                    name: text(entry.pw_name),
                    home: text(entry.pw_dir),
                    shell: text(entry.pw_shell),
                });
            }
            errno => return Err(errno),
        }
    }
}

/// The bytes of a C string; none for a null pointer.
fn text(pointer: *const libc::c_char) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    // SAFETY: the callers pass strings that the system has just written, each with its NUL.
    unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec()
}

/// The scheduling priority of a process; the error is the (positive) error number.
pub fn priority(pid: i32) -> Result<i32, i32> {
    // SAFETY: the location of the thread's error number is always valid.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; the number tells a failure from the priority -1.
    unsafe { *errno = 0 };
    // SAFETY: the call takes and returns plain numbers.
    let priority = unsafe { libc::getpriority(libc::PRIO_PROCESS, pid.cast_unsigned()) };
    match last_errno() {
        errno if priority == -1 && errno != 0 => Err(errno),
        _ => Ok(priority),
    }
}

/// Sets the scheduling priority of a process; the error is the (positive) error number.
pub fn set_priority(pid: i32, priority: i32) -> Result<(), i32> {
    // SAFETY: the call takes and returns plain numbers.
    let status = unsafe { libc::setpriority(libc::PRIO_PROCESS, pid.cast_unsigned(), priority) };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// How many of the clock ticks in `/proc/stat` make a second.
pub fn clock_ticks() -> u64 {
    // SAFETY: the call takes and returns plain numbers.
    let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    u64::try_from(ticks).ok().filter(|ticks| *ticks > 0).unwrap_or(100)
}

/// An address of a network interface.
pub enum Address {
    /// Version 4.
    V4(Ipv4Addr),
    /// Version 6, with the index of its scope.
    V6(Ipv6Addr, u32),
}

/// A network interface with one of its addresses.
pub struct Interface {
    /// Such as `eth0`.
    pub name: Vec<u8>,
    /// The address.
    pub address: Address,
    /// Which part of the address is the network's.
    pub netmask: Address,
    /// The address of the hardware, zeros where there is none.
    pub mac: [u8; 6],
    /// Whether it is the machine's own loopback.
    pub internal: bool,
}

/// The list of interfaces that the system hands out, freed when dropped.
struct InterfaceList(NonNull<libc::ifaddrs>);

impl Drop for InterfaceList {
    fn drop(&mut self) {
        // SAFETY: the list came from `getifaddrs`, and nothing of it is used any more.
        unsafe { libc::freeifaddrs(self.0.as_ptr()) };
    }
}

impl InterfaceList {
    fn entries(&self) -> impl Iterator<Item = &libc::ifaddrs> {
        let mut next = self.0.as_ptr();
        std::iter::from_fn(move || {
            // SAFETY: the entries are linked up to a null pointer, and live as long as the list.
            let entry = unsafe { next.as_ref() }?;
            next = entry.ifa_next;
            Some(entry)
        })
    }
}

/// All addresses of the interfaces that are up; the error is the (positive) error number.
pub fn interfaces() -> Result<Vec<Interface>, i32> {
    let mut list = std::ptr::null_mut();
    // SAFETY: `list` is writable.
    if unsafe { libc::getifaddrs(&raw mut list) } != 0 {
        return Err(last_errno());
    }
    let Some(list) = NonNull::new(list).map(InterfaceList) else { return Ok(Vec::new()) };
    let up = (libc::IFF_UP | libc::IFF_RUNNING).cast_unsigned();
    let is_up = |entry: &&libc::ifaddrs| entry.ifa_flags & up == up;
    let mut interfaces = Vec::new();
    for entry in list.entries().filter(is_up) {
        let (Some(address), name) = (address(entry.ifa_addr), text(entry.ifa_name)) else { continue };
        let netmask = self::address(entry.ifa_netmask).unwrap_or(Address::V4(Ipv4Addr::UNSPECIFIED));
        let hardware = list.entries().filter(|other| text(other.ifa_name) == name);
        let mac = hardware.filter_map(|other| hardware_address(other.ifa_addr)).last().unwrap_or_default();
        let internal = entry.ifa_flags & libc::IFF_LOOPBACK.cast_unsigned() != 0;
        interfaces.push(Interface { name, address, netmask, mac, internal });
    }
    Ok(interfaces)
}

fn family(address: *const libc::sockaddr) -> Option<i32> {
    // SAFETY: an entry's address is null or points to what `getifaddrs` has made.
    let address = unsafe { address.as_ref() }?;
    Some(address.sa_family.into())
}

fn address(address: *const libc::sockaddr) -> Option<Address> {
    match family(address)? {
        libc::AF_INET => {
            // SAFETY: the family says that the address is of this type.
            let address = unsafe { address.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Address::V4(Ipv4Addr::from(address.sin_addr.s_addr.to_ne_bytes())))
        }
        libc::AF_INET6 => {
            // SAFETY: the family says that the address is of this type.
            let address = unsafe { address.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Address::V6(Ipv6Addr::from(address.sin6_addr.s6_addr), address.sin6_scope_id))
        }
        _ => None,
    }
}

fn hardware_address(address: *const libc::sockaddr) -> Option<[u8; 6]> {
    if family(address)? != libc::AF_PACKET {
        return None;
    }
    // SAFETY: the family says that the address is of this type.
    let address = unsafe { address.cast::<libc::sockaddr_ll>().read_unaligned() };
    address.sll_addr.first_chunk().copied()
}

/// What `uname` tells: system, host, release, version and machine.
pub fn names() -> [Vec<u8>; 5] {
    let names = rustix::system::uname();
    [names.sysname(), names.nodename(), names.release(), names.version(), names.machine()]
        .map(|name| CString::from(name).into_bytes())
}
