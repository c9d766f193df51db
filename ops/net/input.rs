//! The reading side of a stream.

use std::ops::Range;
use std::os::fd::AsFd;
use std::rc::Rc;

use rustix::io::{Errno, read, retry_on_intr};
use rustix::net::{RecvFlags, recv};

use super::stream::{Consumer, EOF, Kind, Stream};
use crate::bind::allocator::Room;
use crate::bind::buffer::with_bytes;
use crate::bind::handle::of;
use crate::bind::readiness::Watch;

/// How many pieces a stream may read in one turn of the loop, for the sake of the others.
const PIECES_A_TURN: usize = 32;

/// The largest piece that JavaScript gets.
const PIECE: usize = Room::SIZE;

/// What has been read and not delivered: a part of a buffer.
pub(super) struct Held {
    buffer: v8::Global<v8::ArrayBuffer>,
    rest: Range<usize>,
}

/// `takeHeld()`
pub(super) fn take_held<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(Held { buffer, rest }) = of::<Stream>(args.this()).and_then(|stream| stream.held.take()) else {
        return;
    };
    let buffer = v8::Local::new(scope, buffer);
    if let Some(view) = v8::Uint8Array::new(scope, buffer, rest.start, rest.len()) {
        rv.set(view.into());
    }
}

/// `hold(view)`
pub(super) fn hold<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let Some(stream) = of::<Stream>(args.this()) else { return };
    let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(0)) else { return };
    let Some(buffer) = view.buffer(scope) else { return };
    let rest = view.byte_offset()..view.byte_offset() + view.byte_length();
    *stream.held.borrow_mut() = Some(Held { buffer: v8::Global::new(scope, buffer), rest });
}

impl Stream {
    /// Reads whenever there is something; 0 or a negative error number.
    pub fn start_reading(&self) -> i32 {
        let Some(watch) = self.watch() else { return -libc::ENOTCONN };
        if !self.reading.replace(true) {
            self.update_activity();
            if self.held.borrow().is_some() || watch.readable().is_some() {
                watch.again();
            }
        }
        0
    }

    /// Leaves what comes where it is.
    pub fn stop_reading(&self) {
        if self.reading.replace(false) {
            self.update_activity();
        }
    }

    /// Reads what there is: a part of the poll phase.
    pub(super) fn read(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        let mut pieces = 0;
        while pieces < PIECES_A_TURN {
            if !self.reading.get() || self.core.host().is_exiting() {
                return;
            }
            let Some(watch) = self.watch() else { return };
            v8::scope!(let scope, scope);
            let held = self.held.take();
            let emptied = if let Some(Held { buffer, rest }) = held {
                let buffer = v8::Local::new(scope, buffer);
                self.deliver_pieces(scope, buffer, rest);
                false
            } else if self.user_buffer.borrow().is_some() {
                self.read_into_user_buffer(scope, &watch)
            } else {
                self.read_chunk(scope, &watch)
            };
            if emptied {
                return;
            }
            pieces += if self.is_bulk.get() { Room::BULK / PIECE } else { 1 };
        }
        if let Some(watch) = self.watch() {
            watch.again();
        }
    }

    /// One read into the room that all streams share, or a larger one where the last read has filled its own; whether there is nothing to read any more.
    fn read_chunk(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, watch: &Watch) -> bool {
        let Some(mut guard) = watch.readable() else { return true };
        let shared = &self.core.host().streams;
        let is_bulk = self.is_bulk.get() && self.consumer.borrow().is_none();
        let mut room = if is_bulk { shared.take_bulk_input() } else { shared.take_input() };
        let result = retry_on_intr(|| {
            // Sockets have a call of their own, which is the shorter way.
            if self.kind == Kind::Tcp {
                recv(watch.as_fd(), room.rest(), RecvFlags::empty()).map(|(count, _)| count)
            } else {
                read(watch.as_fd(), room.rest())
            }
        });
        match result {
            Ok(0) => {
                shared.return_input(room);
                self.end(scope, EOF);
                return true;
            }
            Ok(count) => {
                room.advance(count);
                let is_last = !room.is_full() && self.short_read_is_last.get();
                if is_last {
                    guard.clear_ready();
                }
                drop(guard);
                self.is_bulk.set(count >= Room::SIZE);
                self.deliver(scope, room);
                if is_last {
                    self.leave_rest(scope, watch);
                }
                return is_last;
            }
            Err(Errno::AGAIN) => {
                guard.clear_ready();
                shared.return_input(room);
            }
            Err(error) => {
                shared.return_input(room);
                self.end(scope, -error.raw_os_error());
                return true;
            }
        }
        false
    }

    /// After a read that has left nothing: as in libuv, the end of one direction is told in the next turn, and that of
    /// both at once, without a look whether it was a reset.
    fn leave_rest(&self, scope: &mut v8::PinScope<'_, '_>, watch: &Watch) {
        if watch.readable().is_none() {
            return;
        }
        if watch.has_hung_up() && self.reading.get() {
            self.end(scope, EOF);
        } else {
            watch.again();
        }
    }

    fn deliver(&self, scope: &mut v8::PinScope<'_, '_>, room: Room) {
        let consumer = self.consumer.borrow().clone();
        let shared = &self.core.host().streams;
        let count = room.bytes().len();
        if let Some(consumer) = consumer {
            self.count_read(count);
            consumer.data(scope, room.bytes());
            shared.return_input(room);
            return;
        }
        match shared.chunk(scope, room) {
            Some((buffer, start)) => self.deliver_pieces(scope, buffer, start..start + count),
            None => self.end(scope, -libc::ENOBUFS),
        }
    }

    /// Delivers a part of `buffer`, and holds what JavaScript does not want now.
    fn deliver_pieces<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        buffer: v8::Local<'s, v8::ArrayBuffer>,
        mut rest: Range<usize>,
    ) {
        while !rest.is_empty() && !self.core.is_closing() {
            if !self.reading.get() {
                *self.held.borrow_mut() = Some(Held { buffer: v8::Global::new(scope, buffer), rest });
                return;
            }
            let consumer = self.consumer.borrow().clone();
            if let Some(consumer) = consumer {
                self.count_read(rest.len());
                // JavaScript, which may change the buffer, runs meanwhile.
                let bytes = with_bytes(buffer.into(), |bytes| bytes[rest].to_vec());
                consumer.data(scope, &bytes);
                return;
            }
            let length = rest.len().min(PIECE);
            self.count_read(length);
            let count = v8::Integer::new_from_unsigned(scope, length as u32).into();
            let offset = v8::Integer::new_from_unsigned(scope, rest.start as u32).into();
            self.core.emit(scope, "onread", &[count, buffer.into(), offset]);
            rest.start += length;
        }
    }

    fn count_read(&self, count: usize) {
        self.bytes_read.set(self.bytes_read.get() + count as u64);
    }

    /// One read into the program's own buffer; whether there is nothing to read any more.
    fn read_into_user_buffer(&self, scope: &mut v8::PinScope<'_, '_>, watch: &Watch) -> bool {
        let Some(mut guard) = watch.readable() else { return true };
        let mut buffer = self.user_buffer.borrow_mut();
        let room = buffer.as_mut().map_or(&mut [][..], |view| view.bytes_mut());
        let capacity = room.len();
        let result = retry_on_intr(|| read(watch.as_fd(), &mut *room));
        drop(buffer);
        match result {
            Ok(0) => {
                self.end(scope, if capacity == 0 { -libc::ENOBUFS } else { EOF });
                return true;
            }
            Ok(count) => {
                let is_last = count < capacity && self.short_read_is_last.get();
                if is_last {
                    guard.clear_ready();
                }
                drop(guard);
                self.bytes_read.set(self.bytes_read.get() + count as u64);
                let count = v8::Integer::new_from_unsigned(scope, count as u32).into();
                self.core.emit(scope, "onread", &[count]);
                if is_last {
                    self.leave_rest(scope, watch);
                }
                return is_last;
            }
            Err(Errno::AGAIN) => guard.clear_ready(),
            Err(error) => {
                self.end(scope, -error.raw_os_error());
                return true;
            }
        }
        false
    }

    /// Stops reading and says why.
    fn end(&self, scope: &mut v8::PinScope<'_, '_>, status: i32) {
        self.stop_reading();
        let consumer: Option<Rc<dyn Consumer>> = self.consumer.borrow().clone();
        if let Some(consumer) = consumer {
            consumer.end(scope, status);
            return;
        }
        self.tell_end(scope, status);
    }
}
