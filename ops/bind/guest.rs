//! The memory of a WebAssembly program, as the functions that it calls see it: numbers in little-endian order, bytes,
//! and the lists of buffers that it reads into and writes from. Nothing outside the memory is ever touched.

use std::marker::PhantomData;

use crate::sys::fd::last_errno;

/// What reaches out of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfBounds;

/// The memory, for the duration of a call from the program, during which no JavaScript of this thread runs. Threads
/// that share it race as they do in JavaScript.
pub struct Guest<'m> {
    data: *mut u8,
    length: usize,
    memory: PhantomData<&'m mut [u8]>,
}

macro_rules! numbers {
    ($($type:ty, $read:ident, $write:ident;)*) => {$(
        #[doc = concat!("Reads a `", stringify!($type), "`.")]
        pub fn $read(&self, at: u32) -> Result<$type, OutOfBounds> {
            let bytes = self.bytes(at, size_of::<$type>() as u32)?;
            Ok(<$type>::from_le_bytes(bytes.try_into().map_err(|_| OutOfBounds)?))
        }

        #[doc = concat!("Writes a `", stringify!($type), "`.")]
        pub fn $write(&mut self, at: u32, value: $type) -> Result<(), OutOfBounds> {
            self.bytes_mut(at, size_of::<$type>() as u32)?.copy_from_slice(&value.to_le_bytes());
            Ok(())
        }
    )*};
}

/// A list of buffers in the memory, of which each has been checked.
pub struct Vectors<'m> {
    list: Vec<libc::iovec>,
    memory: PhantomData<&'m mut [u8]>,
}

/// How many buffers the system takes at a time.
const MOST_VECTORS: usize = 1024;

impl<'m> Guest<'m> {
    /// The memory behind a `WebAssembly.Memory`.
    pub fn new(memory: v8::Local<'m, v8::WasmMemoryObject>) -> Guest<'m> {
        let buffer = memory.buffer();
        let data = buffer.data().map_or(std::ptr::dangling_mut(), |data| data.as_ptr().cast());
        Guest { data, length: buffer.byte_length(), memory: PhantomData }
    }

    /// Whether `length` bytes from `at` on are in the memory.
    pub fn check(&self, at: u32, length: u32) -> Result<(), OutOfBounds> {
        if u64::from(at) + u64::from(length) > self.length as u64 { Err(OutOfBounds) } else { Ok(()) }
    }

    /// Bytes to be read.
    pub fn bytes(&self, at: u32, length: u32) -> Result<&[u8], OutOfBounds> {
        self.check(at, length)?;
        // SAFETY: the place has just been checked.
        let data = unsafe { self.data.add(at as usize) };
        // SAFETY: the memory has these bytes, and lives as long as the handle that `self` came from.
        Ok(unsafe { std::slice::from_raw_parts(data, length as usize) })
    }

    /// Bytes to be written.
    pub fn bytes_mut(&mut self, at: u32, length: u32) -> Result<&mut [u8], OutOfBounds> {
        self.check(at, length)?;
        // SAFETY: the place has just been checked.
        let data = unsafe { self.data.add(at as usize) };
        // SAFETY: the memory has these bytes, lives as long as the handle that `self` came from, and `self` lends no
        // other slice meanwhile.
        Ok(unsafe { std::slice::from_raw_parts_mut(data, length as usize) })
    }

    numbers! {
        u8, read_u8, write_u8;
        u16, read_u16, write_u16;
        u32, read_u32, write_u32;
        u64, read_u64, write_u64;
    }

    /// The list of `count` buffers at `at`: pairs of an address and a length.
    pub fn vectors(&mut self, at: u32, count: u32) -> Result<Vectors<'_>, OutOfBounds> {
        let size = count.checked_mul(8).ok_or(OutOfBounds)?;
        let mut list = Vec::with_capacity((count as usize).min(MOST_VECTORS));
        for pair in self.bytes(at, size)?.chunks_exact(8) {
            let (start, length) = (number(&pair[..4]), number(&pair[4..]));
            self.check(start, length)?;
            // SAFETY: the place has just been checked.
            let data = unsafe { self.data.add(start as usize) };
            list.push(libc::iovec { iov_base: data.cast(), iov_len: length as usize });
        }
        Ok(Vectors { list, memory: PhantomData })
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

/// Where in a file something is read or written.
#[derive(Debug, Clone, Copy)]
pub enum Position {
    /// Where the file stands, which moves on.
    Current,
    /// At this offset; where the file stands does not change.
    At(i64),
}

impl Vectors<'_> {
    /// Reads once into the buffers; the error is the (positive) error number.
    pub fn read(&self, fd: i32, position: Position) -> Result<usize, i32> {
        let list = &self.list[..self.list.len().min(MOST_VECTORS)];
        retry(|| match position {
            // SAFETY: every buffer is in the guest's memory, which is there for the call, and the count is the list's.
            Position::Current => unsafe { libc::readv(fd, list.as_ptr(), list.len() as i32) },
            // SAFETY: as above.
            Position::At(at) => unsafe { libc::preadv(fd, list.as_ptr(), list.len() as i32, at) },
        })
    }

    /// Writes the buffers, until one is not taken whole; the error is the (positive) error number.
    pub fn write(&self, fd: i32, position: Position) -> Result<usize, i32> {
        let mut written = 0;
        if self.list.is_empty() {
            return self.write_some(fd, position, &self.list);
        }
        for list in self.list.chunks(MOST_VECTORS) {
            let position = match position {
                Position::Current => Position::Current,
                Position::At(at) => Position::At(at + written as i64),
            };
            match self.write_some(fd, position, list) {
                Ok(count) => {
                    written += count;
                    if count < list.iter().map(|vector| vector.iov_len).sum() {
                        break;
                    }
                }
                Err(_) if written > 0 => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(written)
    }

    fn write_some(&self, fd: i32, position: Position, list: &[libc::iovec]) -> Result<usize, i32> {
        retry(|| match position {
            // SAFETY: every buffer is in the guest's memory, which is there for the call, and the count is the list's.
            Position::Current => unsafe { libc::writev(fd, list.as_ptr(), list.len() as i32) },
            // SAFETY: as above.
            Position::At(at) => unsafe { libc::pwritev(fd, list.as_ptr(), list.len() as i32, at) },
        })
    }

    /// Receives once from a socket; returns the count and the system's flags of the message.
    pub fn receive(&mut self, fd: i32, flags: i32) -> Result<(usize, i32), i32> {
        let mut message = self.message();
        // SAFETY: the message refers to the list and to nothing else, and its buffers are in the guest's memory.
        let count = retry(|| unsafe { libc::recvmsg(fd, &raw mut message, flags) })?;
        Ok((count, message.msg_flags))
    }

    /// Sends once to a socket.
    pub fn send(&mut self, fd: i32) -> Result<usize, i32> {
        let message = self.message();
        // SAFETY: the message refers to the list and to nothing else, and its buffers are in the guest's memory.
        retry(|| unsafe { libc::sendmsg(fd, &raw const message, libc::MSG_NOSIGNAL) })
    }

    fn message(&mut self) -> libc::msghdr {
        // SAFETY: an all-zero `msghdr` is a valid value of that plain C structure.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_iov = self.list.as_mut_ptr();
        message.msg_iovlen = self.list.len().min(MOST_VECTORS);
        message
    }
}

/// Calls again where a signal has interrupted the call.
fn retry(mut call: impl FnMut() -> isize) -> Result<usize, i32> {
    loop {
        if let Ok(count) = usize::try_from(call()) {
            return Ok(count);
        }
        match last_errno() {
            libc::EINTR => {}
            errno => return Err(errno),
        }
    }
}
