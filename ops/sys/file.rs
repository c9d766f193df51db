//! Files by the numbers of their descriptors, which JavaScript holds, and the calls that rustix lacks.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use rustix::io::Errno;

use super::fd::last_errno;

/// Lends a descriptor that JavaScript holds to `work`; what is not open gives EBADF.
pub fn with_fd<R>(fd: RawFd, work: impl FnOnce(BorrowedFd<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
    if fd < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: the number is not -1 and is only used during the call; the system itself finds out
    // whether it is open.
    work(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Closes a descriptor that JavaScript holds. An interrupted close has closed it all the same.
pub fn close(fd: RawFd) -> Result<(), Errno> {
    // SAFETY: JavaScript owns the descriptor and gives it up.
    if unsafe { libc::close(fd) } == 0 {
        return Ok(());
    }
    match last_errno() {
        libc::EINTR | libc::EINPROGRESS => Ok(()),
        errno => Err(Errno::from_raw_os_error(errno)),
    }
}

/// Makes a directory whose name is `prefix` and six random characters; returns its whole name.
pub fn make_temporary_directory(prefix: &[u8]) -> Result<Vec<u8>, Errno> {
    let template = CString::new([prefix, b"XXXXXX"].concat()).map_err(|_| Errno::INVAL)?;
    let template = template.into_raw();
    // SAFETY: the text is writable, ends with a NUL and is nobody else's.
    let made = unsafe { libc::mkdtemp(template) };
    let errno = last_errno();
    // SAFETY: the pointer came from `into_raw`, and the call has kept the length.
    let name = unsafe { CString::from_raw(template) };
    if made.is_null() { Err(Errno::from_raw_os_error(errno)) } else { Ok(name.into_bytes()) }
}

/// What the system itself says about an error number: `Permission denied`.
pub fn describe_error(errno: i32) -> String {
    let mut text = [0 as libc::c_char; 256];
    // SAFETY: the buffer is writable and its length is told.
    let status = unsafe { libc::strerror_r(errno.abs(), text.as_mut_ptr(), text.len()) };
    if status != 0 {
        return String::from("Unknown error");
    }
    // SAFETY: the call has written a text that ends with a NUL.
    let text = unsafe { CStr::from_ptr(text.as_ptr()) };
    text.to_string_lossy().into_owned()
}

/// Reads what the system has in memory of a file, from where `bytes` end up to `end`, into their spare room; fails rather
/// than wait. Returns how many bytes came.
pub fn read_more_cached(fd: BorrowedFd<'_>, bytes: &mut Vec<u8>, end: usize) -> Result<usize, Errno> {
    let start = bytes.len();
    let room = bytes.spare_capacity_mut();
    let length = room.len().min(end - start);
    let slice = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: length };
    // SAFETY: the slice is the beginning of room that nobody else has.
    let count = unsafe { libc::preadv2(fd.as_raw_fd(), &slice, 1, start as i64, libc::RWF_NOWAIT) };
    let count = usize::try_from(count).map_err(|_| Errno::from_raw_os_error(last_errno()))?;
    // SAFETY: the system has written so many bytes behind the first `start`.
    unsafe { bytes.set_len(start + count) };
    Ok(count)
}

/// Room for what is read of a file, without the cost of clearing it first.
pub struct ReadBuffer<const N: usize> {
    room: [MaybeUninit<u8>; N],
    length: usize,
}

impl<const N: usize> ReadBuffer<N> {
    /// An empty one.
    pub const fn new() -> Self {
        ReadBuffer { room: [MaybeUninit::uninit(); N], length: 0 }
    }

    /// Reads once behind what is there; returns how many bytes came.
    pub fn read(&mut self, fd: RawFd) -> Result<usize, Errno> {
        let room = &mut self.room[self.length..];
        let count = with_fd(fd, |fd| {
            rustix::io::retry_on_intr(|| rustix::io::read(fd, &mut *room).map(|(read, _)| read.len()))
        })?;
        self.length += count;
        Ok(count)
    }

    /// Whether there is no more room.
    pub fn is_full(&self) -> bool {
        self.length == N
    }

    /// What was read.
    pub fn bytes(&self) -> &[u8] {
        let read = &self.room[..self.length];
        // SAFETY: reading has written the first `length` bytes.
        unsafe { read.assume_init_ref() }
    }
}

impl<const N: usize> Default for ReadBuffer<N> {
    fn default() -> Self {
        ReadBuffer::new()
    }
}
