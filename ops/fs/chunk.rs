//! Reading a chunk of a file: what the system has in memory comes without the pool's threads.

use std::io::IoSliceMut;

use rustix::fs::FileType;
use rustix::io::{ReadWriteFlags, preadv2};

use super::args::{KIND, retried};
use super::transfer::{Position, range, read};
use crate::bind::call;
use crate::bind::convert::FromJs;
use crate::sys::file::with_fd;

/// Larger chunks take long enough to be read by another thread.
const LARGEST: f64 = 128.0 * 1024.0;

/// What the system calls the position where a descriptor stands.
const CURRENT: u64 = u64::MAX;

/// `readChunk(fd, view, offset, length, position, callback, later)`: as `read`, whose callback comes just as late. What
/// need not be waited for has been read when this returns, or is read at the time of the callback if `later`, while
/// other threads write what has been read before.
pub(super) fn read_chunk<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    rv: v8::ReturnValue<'s, v8::Value>,
) {
    if f64::from_js(scope, args.get(3)) > LARGEST {
        return call::pooled(read, KIND, scope, args, rv);
    }
    let Some((taken, callback)) = call::taken(&read, KIND, scope, &args) else { return };
    let (descriptor, mut view, offset, length, position) = taken;
    let attempt = move || {
        let count = match read_cached(descriptor, &mut view.bytes_mut()[range(offset, length)], &position) {
            Cached::All(count) => return Ok(Ok(count)),
            Cached::Part(count) => count,
        };
        Err(move || {
            let done = count as f64;
            let rest = read(descriptor, view, offset + done, length - done, position.after(count));
            if count > 0 { Ok(count + rest.unwrap_or(0)) } else { rest }
        })
    };
    if args.get(6).is_true() {
        return call::attempt(scope, KIND, callback, |_| attempt());
    }
    match attempt() {
        Ok(outcome) => call::answer(scope, KIND, callback, outcome),
        Err(work) => call::request(scope, KIND, callback, work),
    }
}

/// How many bytes were there.
enum Cached {
    /// All that there are.
    All(usize),
    /// A part, and the rest has to be waited for.
    Part(usize),
}

/// Fills `room` with what can be had without waiting.
fn read_cached(descriptor: i32, room: &mut [u8], position: &Position) -> Cached {
    let mut filled = 0;
    loop {
        let offset = position.after(filled).0.unwrap_or(CURRENT);
        let read = with_fd(descriptor, |fd| {
            retried(|| {
                preadv2(fd, &mut [IoSliceMut::new(&mut room[filled..])], offset, ReadWriteFlags::NOWAIT)
            })
        });
        match read {
            Ok(0) => return Cached::All(filled),
            Ok(count) => filled += count,
            Err(_) => return Cached::Part(filled),
        }
        // Of what is no file, what there is now is all.
        if filled == room.len() || !is_file(descriptor) {
            return Cached::All(filled);
        }
    }
}

/// Whether a descriptor is that of a file, which has all its bytes from the beginning.
fn is_file(descriptor: i32) -> bool {
    let stat = with_fd(descriptor, |fd| rustix::fs::fstat(fd));
    stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
}
