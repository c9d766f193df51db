//! File descriptors that this process was started with.

use std::os::fd::{FromRawFd, OwnedFd};
use std::time::Instant;

use tokio::io::Interest;
use tokio::io::unix::{AsyncFd, AsyncFdRegisterError};

/// What a descriptor is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A terminal.
    Tty,
    /// A regular file or a device that behaves like one.
    File,
    /// A pipe or a local socket.
    Pipe,
    /// A TCP socket.
    Tcp,
    /// A datagram socket.
    Udp,
    /// Something else.
    Unknown,
    /// Not open.
    Invalid,
}

/// Finds out what `fd` is connected to.
pub fn kind(fd: i32) -> Kind {
    if fd < 0 {
        return Kind::Invalid;
    }
    if is_terminal(fd) {
        return Kind::Tty;
    }
    // SAFETY: an all-zero `stat` is a valid value of that plain C structure.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is writable for the whole call; a descriptor that is not open gives EBADF.
    if unsafe { libc::fstat(fd, &mut stat) } != 0 {
        return Kind::Invalid;
    }
    match stat.st_mode & libc::S_IFMT {
        libc::S_IFREG | libc::S_IFCHR => Kind::File,
        libc::S_IFIFO => Kind::Pipe,
        libc::S_IFSOCK => socket_kind(fd),
        _ => Kind::Unknown,
    }
}

fn socket_kind(fd: i32) -> Kind {
    match (socket_option(fd, libc::SO_DOMAIN), socket_option(fd, libc::SO_TYPE)) {
        (libc::AF_UNIX, libc::SOCK_STREAM) => Kind::Pipe,
        (libc::AF_INET | libc::AF_INET6, libc::SOCK_STREAM) => Kind::Tcp,
        (libc::AF_INET | libc::AF_INET6, libc::SOCK_DGRAM) => Kind::Udp,
        _ => Kind::Unknown,
    }
}

fn socket_option(fd: i32, name: i32) -> i32 {
    let mut value = 0i32;
    let mut length = size_of::<i32>() as libc::socklen_t;
    // SAFETY: `value` and `length` are writable and `length` says how large `value` is.
    let status =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, (&raw mut value).cast(), &raw mut length) };
    if status == 0 { value } else { -1 }
}

/// Whether `fd` is a pipe that is no socket.
pub fn is_fifo(fd: i32) -> bool {
    // SAFETY: an all-zero `stat` is a valid value of that plain C structure.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is writable for the whole call; a descriptor that is not open gives EBADF.
    let status = unsafe { libc::fstat(fd, &mut stat) };
    status == 0 && stat.st_mode & libc::S_IFMT == libc::S_IFIFO
}

/// Whether `fd` is a terminal.
pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: the call only looks at the number.
    unsafe { libc::isatty(fd) == 1 }
}

/// Columns and rows of the terminal `fd`.
pub fn window_size(fd: i32) -> Option<(u16, u16)> {
    // SAFETY: an all-zero `winsize` is a valid value of that plain C structure.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the request writes one `winsize`, which `size` is.
    let status = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (status == 0).then_some((size.ws_col, size.ws_row))
}

/// Writes once; the error is the (positive) error number.
pub fn write(fd: i32, bytes: &[u8]) -> Result<usize, i32> {
    loop {
        // SAFETY: the pointer and the length are those of one slice.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        if let Ok(written) = usize::try_from(written) {
            return Ok(written);
        }
        match last_errno() {
            libc::EINTR => {}
            errno => return Err(errno),
        }
    }
}

/// Reads once into `buffer`; the error is the (positive) error number.
pub fn read(fd: i32, buffer: &mut [u8]) -> Result<usize, i32> {
    loop {
        // SAFETY: the pointer and the length are those of one writable slice.
        let count = unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) };
        if let Ok(count) = usize::try_from(count) {
            return Ok(count);
        }
        match last_errno() {
            libc::EINTR => {}
            errno => return Err(errno),
        }
    }
}

/// Another descriptor of the same open file, closed on exec.
pub fn duplicate(fd: i32) -> Option<OwnedFd> {
    // SAFETY: the call takes and returns plain numbers.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) };
    // SAFETY: the descriptor was just made and belongs to nobody else.
    (copy >= 0).then(|| unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Takes over a descriptor that JavaScript holds and gives up.
pub fn take(fd: i32) -> Option<OwnedFd> {
    // SAFETY: an open descriptor whose owner, JavaScript, hands it over.
    flags(fd).map(|_| unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Keeps a descriptor from the programs that this process starts.
pub fn close_on_exec(fd: i32) {
    // SAFETY: the call takes and returns plain numbers.
    unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
}

/// The number of a network interface; 0 where there is none of that name.
pub fn interface_index(name: &str) -> u32 {
    let Ok(name) = std::ffi::CString::new(name) else { return 0 };
    // SAFETY: the name ends with a NUL.
    unsafe { libc::if_nametoindex(name.as_ptr()) }
}

/// The name of the network interface with that number.
pub fn interface_name(index: u32) -> Option<String> {
    let mut name = [0 as libc::c_char; libc::IF_NAMESIZE];
    // SAFETY: the room is as large as any name.
    if unsafe { libc::if_indextoname(index, name.as_mut_ptr()) }.is_null() {
        return None;
    }
    // SAFETY: the call has written a name that ends with a NUL.
    let name = unsafe { std::ffi::CStr::from_ptr(name.as_ptr()) };
    Some(name.to_string_lossy().into_owned())
}

/// Registers a descriptor with the reactor of the calling thread; gives it back where that fails.
pub fn watch(fd: OwnedFd, interest: Interest) -> Result<AsyncFd<OwnedFd>, AsyncFdRegisterError<OwnedFd>> {
    // SAFETY: an owned descriptor is open for as long as the registration, which owns it, lives.
    unsafe { AsyncFd::register_with_interest(fd, interest) }
}

/// Waits until `fd` takes more bytes.
pub fn wait_writable(fd: i32) {
    wait_for(fd, libc::POLLOUT);
}

/// Waits until `fd` has bytes to read.
pub fn wait_readable(fd: i32) {
    wait_for(fd, libc::POLLIN);
}

fn wait_for(fd: i32, events: i16) {
    let mut poll = libc::pollfd { fd, events, revents: 0 };
    // SAFETY: `poll` is one writable entry, as the count says.
    unsafe { libc::poll(&raw mut poll, 1, -1) };
}

/// Waits until `fd` has bytes to read, at most until `deadline`; whether it has.
pub fn wait_readable_until(fd: i32, deadline: Option<Instant>) -> bool {
    let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let time = left.map(|left| libc::timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: left.subsec_nanos().into(),
        });
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: `poll` is one writable entry, as the count says; the time is null or lives through the call.
        let count = unsafe { libc::ppoll(&raw mut poll, 1, time, std::ptr::null()) };
        if count >= 0 || last_errno() != libc::EINTR {
            return count > 0;
        }
    }
}

/// Waits until one of the descriptors is ready, at most until `deadline`; the error is the (positive) error number.
pub fn wait_for_any(list: &mut [libc::pollfd], deadline: Option<Instant>) -> Result<(), i32> {
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let time = left.map(|left| libc::timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: left.subsec_nanos().into(),
        });
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: the list has as many writable entries as the count says; the time is null or lives through the call.
        let count =
            unsafe { libc::ppoll(list.as_mut_ptr(), list.len() as libc::nfds_t, time, std::ptr::null()) };
        match (count, last_errno()) {
            (0.., _) => return Ok(()),
            (_, libc::EINTR) => {}
            (_, errno) => return Err(errno),
        }
    }
}

/// The status flags of `fd`.
pub fn flags(fd: i32) -> Option<i32> {
    // SAFETY: the call takes and returns plain numbers.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    (flags >= 0).then_some(flags)
}

/// Sets the status flags of `fd`.
pub fn set_flags(fd: i32, flags: i32) {
    // SAFETY: the call takes and returns plain numbers.
    unsafe { libc::fcntl(fd, libc::F_SETFL, flags) };
}

/// The error number that the last failed call left on this thread.
pub fn last_errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)
}
