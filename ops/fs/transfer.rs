//! Bytes between open files and buffers.

use std::io::{IoSlice, IoSliceMut};

use rustix::io::Errno;

use super::args::{failed, retried};
use crate::bind::convert::FromJs;
use crate::bind::view::View;
use crate::bind::{Bytes, SysError};
use crate::sys::file::with_fd;

/// How many buffers the system takes at once.
const MAX_VECTORS: usize = 1024;

/// A position in a file; negative ones mean where the descriptor stands.
pub(super) struct Position(pub(super) Option<u64>);

impl Position {
    /// The position so many bytes further on.
    pub(super) fn after(&self, bytes: usize) -> Position {
        Position(self.0.map(|start| start + bytes as u64))
    }
}

impl FromJs for Position {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        Position(u64::try_from(i64::from_js(scope, value)).ok())
    }
}

/// The bytes of a view from `offset` on.
pub(super) fn range(offset: f64, length: f64) -> std::ops::Range<usize> {
    let start = offset as usize;
    start..start + length as usize
}

/// `read(fd, view, offset, length, position)`: reads once; returns how many bytes came.
pub(super) fn read(
    descriptor: i32,
    mut view: View,
    offset: f64,
    length: f64,
    position: Position,
) -> Result<usize, SysError> {
    let room = &mut view.bytes_mut()[range(offset, length)];
    let read = with_fd(descriptor, |fd| {
        retried(|| match position.0 {
            None => rustix::io::read(fd, &mut *room),
            Some(position) => rustix::io::pread(fd, &mut *room, position),
        })
    });
    read.map_err(failed("read"))
}

/// `readv(fd, views, position)`: fills buffers one after the other; returns how many bytes came.
pub(super) fn readv(descriptor: i32, mut views: Vec<View>, position: Position) -> Result<usize, SysError> {
    if views.is_empty() {
        return Err(failed("read")(Errno::INVAL));
    }
    let mut slices: Vec<_> =
        views.iter_mut().take(MAX_VECTORS).map(|view| IoSliceMut::new(view.bytes_mut())).collect();
    let read = with_fd(descriptor, |fd| {
        retried(|| match position.0 {
            None => rustix::io::readv(fd, &mut slices),
            Some(position) => rustix::io::preadv(fd, &mut slices, position),
        })
    });
    read.map_err(failed("read"))
}

/// Writes all of `bytes`, unless an error comes after a part of them; returns how many were written.
pub(super) fn write_all(fd: i32, bytes: &[u8], position: Option<u64>) -> Result<usize, Errno> {
    let mut done = 0;
    loop {
        let rest = &bytes[done..];
        let written = with_fd(fd, |fd| {
            retried(|| match position {
                None => rustix::io::write(fd, rest),
                Some(position) => rustix::io::pwrite(fd, rest, position + done as u64),
            })
        });
        match written {
            Ok(count) => done += count,
            Err(errno) if done == 0 => return Err(errno),
            Err(_) => return Ok(done),
        }
        if written == Ok(0) || done == bytes.len() {
            return Ok(done);
        }
    }
}

/// `write(fd, view, offset, length, position)`: returns how many bytes were written.
pub(super) fn write(
    descriptor: i32,
    view: View,
    offset: f64,
    length: f64,
    position: Position,
) -> Result<usize, SysError> {
    write_all(descriptor, &view.bytes()[range(offset, length)], position.0).map_err(failed("write"))
}

/// `writeText(fd, text, position)`: the UTF-8 of a string; returns how many bytes were written.
pub(super) fn write_text(descriptor: i32, text: Bytes, position: Position) -> Result<usize, SysError> {
    write_all(descriptor, &text.0, position.0).map_err(failed("write"))
}

/// `writev(fd, views, position)`: writes buffers one after the other; returns how many bytes were written.
pub(super) fn writev(descriptor: i32, views: Vec<View>, position: Position) -> Result<usize, SysError> {
    let mut slices: Vec<_> = views.iter().map(|view| IoSlice::new(view.bytes())).collect();
    let mut rest = slices.as_mut_slice();
    let mut done = 0;
    while !rest.is_empty() {
        let batch = &rest[..rest.len().min(MAX_VECTORS)];
        let written = with_fd(descriptor, |fd| {
            retried(|| match position.0 {
                None => rustix::io::writev(fd, batch),
                Some(position) => rustix::io::pwritev(fd, batch, position + done as u64),
            })
        });
        match written {
            Ok(0) => break,
            Ok(count) => {
                done += count;
                IoSlice::advance_slices(&mut rest, count);
            }
            Err(errno) if done == 0 => return Err(failed("write")(errno)),
            Err(_) => break,
        }
    }
    Ok(done)
}
