//! What the streams of one runtime share: rooms for reading and writing, so that an idle connection
//! holds no buffer, and a descriptor in reserve.

use std::cell::RefCell;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::bind::allocator::{Blocks, Room};
use crate::bind::buffer::{copy_into, uninitialized_array_buffer};

/// The largest room for encoding that is kept.
const OUTPUT_SIZE: usize = 64 * 1024;

/// From how many bytes on a read gets a buffer of its own.
const HAND_OVER: usize = 16 * 1024;

/// The size of the buffers that smaller reads share.
const SLAB_SIZE: usize = 64 * 1024;

/// Where chunks begin in a slab: typed arrays of any kind can be laid over them.
const ALIGNMENT: usize = 8;

/// What the streams of one runtime share.
pub struct Shared {
    input: RefCell<Option<Room>>,
    blocks: Arc<Blocks>,
    output: RefCell<Vec<u8>>,
    slab: RefCell<Option<Slab>>,
    reserve: RefCell<Option<OwnedFd>>,
}

impl Default for Shared {
    fn default() -> Self {
        Shared {
            input: RefCell::default(),
            blocks: Blocks::of_this_thread(),
            output: RefCell::default(),
            slab: RefCell::default(),
            reserve: RefCell::default(),
        }
    }
}

/// A buffer that is being filled with chunks.
struct Slab {
    buffer: v8::Global<v8::ArrayBuffer>,
    store: v8::SharedRef<v8::BackingStore>,
    filled: usize,
}

impl Shared {
    /// Takes the room for one read: an empty one.
    pub fn take_input(&self) -> Room {
        let Some(mut room) = self.input.take() else { return Room::new(&self.blocks, Room::SIZE) };
        room.clear();
        room
    }

    /// The same with more room.
    pub(super) fn take_bulk_input(&self) -> Room {
        Room::new(&self.blocks, Room::BULK)
    }

    /// Whether much memory of buffers is kept free.
    pub(crate) fn has_leftovers(&self) -> bool {
        self.blocks.has_leftovers()
    }

    /// Lets go of it.
    pub(crate) fn drop_leftovers(&self) {
        self.blocks.clear();
    }

    /// Gives the room back.
    pub fn return_input(&self, room: Room) {
        if room.size() == Room::SIZE {
            *self.input.borrow_mut() = Some(room);
        }
    }

    /// Makes what was read into `room` a buffer for JavaScript: the buffer and where in it the bytes are.
    pub fn chunk<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        room: Room,
    ) -> Option<(v8::Local<'s, v8::ArrayBuffer>, usize)> {
        // A room that is mostly filled is handed over as it is, also a large one that a usual one is too small for.
        if room.bytes().len() * 2 > Room::SIZE.max(room.size() / 2) {
            return Some((room.into_array_buffer(scope), 0));
        }
        let copied = self.copied(scope, room.bytes());
        self.return_input(room);
        copied
    }

    /// Makes a copy of `bytes` for JavaScript: the buffer and where in it they are.
    pub(crate) fn copied<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        bytes: &[u8],
    ) -> Option<(v8::Local<'s, v8::ArrayBuffer>, usize)> {
        if bytes.len() < HAND_OVER {
            return self.place(scope, bytes);
        }
        // Blocks of the sizes of slabs go round.
        let size = if bytes.len() <= Room::SIZE { bytes.len().next_power_of_two() } else { bytes.len() };
        let buffer = uninitialized_array_buffer(scope, size, 0)?;
        copy_into(&buffer.get_backing_store(), 0, bytes);
        Some((buffer, 0))
    }

    /// Copies `bytes` to the end of the slab.
    fn place<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        bytes: &[u8],
    ) -> Option<(v8::Local<'s, v8::ArrayBuffer>, usize)> {
        let mut current = self.slab.borrow_mut();
        if current.as_ref().is_none_or(|slab| SLAB_SIZE - slab.filled < bytes.len()) {
            let buffer = uninitialized_array_buffer(scope, SLAB_SIZE, 0)?;
            let store = buffer.get_backing_store();
            *current = Some(Slab { buffer: v8::Global::new(scope, buffer), store, filled: 0 });
        }
        let slab = current.as_mut()?;
        let start = slab.filled;
        copy_into(&slab.store, start, bytes);
        slab.filled = (start + bytes.len()).next_multiple_of(ALIGNMENT).min(SLAB_SIZE);
        Some((v8::Local::new(scope, &slab.buffer), start))
    }

    /// Takes the room for encoding what is written.
    pub(crate) fn take_output(&self) -> Vec<u8> {
        let mut room = self.output.take();
        room.clear();
        room
    }

    /// Gives it back; a large one is let go.
    pub(crate) fn return_output(&self, room: Vec<u8>) {
        if room.capacity() <= OUTPUT_SIZE {
            *self.output.borrow_mut() = room;
        }
    }

    /// Opens the descriptor in reserve.
    pub(super) fn keep_reserve(&self) {
        let mut reserve = self.reserve.borrow_mut();
        if reserve.is_none() {
            *reserve = rustix::fs::open("/", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok();
        }
    }

    /// Where there is no descriptor left for the connections that wait to be accepted: accepts each by
    /// means of the one in reserve and closes it, so that the other side learns of it.
    pub(super) fn shed(&self, mut accept: impl FnMut() -> Result<OwnedFd, Errno>) {
        if self.reserve.take().is_none() {
            return;
        }
        while accept().is_ok() {}
        self.keep_reserve();
    }
}
