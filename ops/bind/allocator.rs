//! The memory of array buffers. Blocks of sizes that recur go round: what the garbage collector's threads let go is
//! handed out again by the thread that runs JavaScript, so that its pages need not come anew from the system and no
//! lock is taken. V8 makes the buffers itself, and so collects young ones when they hold much memory.

use std::cell::{Cell, UnsafeCell};
use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// Up to this size classes are [`FINE_STEP`] apart.
const FINE: usize = 1024;
const FINE_STEP: usize = 16;
const FINE_CLASSES: usize = FINE / FINE_STEP;

/// Up to this size classes are [`COARSE_STEP`] apart.
const COARSE: usize = 4096;
const COARSE_STEP: usize = 256;
const COARSE_CLASSES: usize = (COARSE - FINE) / COARSE_STEP;

/// Sizes of slabs, and of what streams read at once.
const LARGE: [usize; 5] = [8 << 10, 16 << 10, 32 << 10, 64 << 10, 256 << 10];
const FIRST_LARGE: usize = FINE_CLASSES + COARSE_CLASSES;
const CLASSES: usize = FIRST_LARGE + LARGE.len();

/// The alignment of large blocks: a cache line. Others have that of `malloc`.
pub(super) const LARGE_ALIGNMENT: usize = 64;

/// How many bytes of one class are kept free.
const KEPT_SMALL: usize = 2 << 20;
const KEPT_LARGE: usize = 32 << 20;

/// The class of a size, if it has one.
fn class_of(size: usize) -> Option<usize> {
    match size {
        0 => None,
        1..=FINE => Some((size - 1) / FINE_STEP),
        size if size <= COARSE => Some(FINE_CLASSES + (size - FINE - 1) / COARSE_STEP),
        _ => LARGE.iter().position(|large| *large == size).map(|index| FIRST_LARGE + index),
    }
}

/// How large the blocks of a class are.
fn size_of_class(class: usize) -> usize {
    if class < FINE_CLASSES {
        (class + 1) * FINE_STEP
    } else if class < FIRST_LARGE {
        FINE + (class - FINE_CLASSES + 1) * COARSE_STEP
    } else {
        LARGE[class - FIRST_LARGE]
    }
}

/// Whether blocks of `size` bytes begin at cache lines.
pub(super) fn is_aligned(size: usize) -> bool {
    class_of(size).is_some_and(|class| class >= FIRST_LARGE)
}

/// A free block, which begins with the next one's address.
struct Free {
    next: *mut Free,
}

/// Free blocks that only one thread touches.
struct List {
    first: *mut Free,
    count: usize,
}

/// The free blocks of one size.
#[repr(align(128))]
struct Class {
    own: UnsafeCell<List>,
    /// What other threads have freed.
    returned: AtomicPtr<Free>,
    returned_count: AtomicUsize,
    limit: usize,
}

impl Class {
    fn new(class: usize) -> Class {
        let kept = if class < FIRST_LARGE { KEPT_SMALL } else { KEPT_LARGE };
        Class {
            own: UnsafeCell::new(List { first: null_mut(), count: 0 }),
            returned: AtomicPtr::new(null_mut()),
            returned_count: AtomicUsize::new(0),
            limit: kept / size_of_class(class),
        }
    }

    /// A free block, for the thread that the memory belongs to.
    ///
    /// # Safety
    /// No other thread takes or keeps blocks by this function or [`Class::keep`].
    unsafe fn take(&self) -> Option<NonNull<u8>> {
        // SAFETY: the caller's thread is the only one that touches the list.
        let own = unsafe { &mut *self.own.get() };
        if own.first.is_null() {
            if self.returned.load(Ordering::Relaxed).is_null() {
                return None;
            }
            own.first = self.returned.swap(null_mut(), Ordering::Acquire);
            own.count = self.returned_count.swap(0, Ordering::Relaxed);
        }
        let block = NonNull::new(own.first)?;
        // SAFETY: a block in a list is memory that begins with a `Free`.
        own.first = unsafe { block.as_ref() }.next;
        own.count = own.count.saturating_sub(1);
        Some(block.cast())
    }

    /// Keeps a block; whether there was room for it.
    ///
    /// # Safety
    /// As for [`Class::take`]; and the block is of this class and nobody's any more.
    unsafe fn keep(&self, block: NonNull<u8>) -> bool {
        // SAFETY: the caller's thread is the only one that touches the list.
        let own = unsafe { &mut *self.own.get() };
        if own.count >= self.limit {
            return false;
        }
        let free = block.cast::<Free>();
        // SAFETY: the block has room for a `Free` and is aligned for it.
        unsafe { free.write(Free { next: own.first }) };
        own.first = free.as_ptr();
        own.count += 1;
        true
    }

    /// The same from any other thread.
    ///
    /// # Safety
    /// The block is of this class and nobody's any more.
    unsafe fn keep_returned(&self, block: NonNull<u8>) -> bool {
        if self.returned_count.fetch_add(1, Ordering::Relaxed) >= self.limit {
            self.returned_count.fetch_sub(1, Ordering::Relaxed);
            return false;
        }
        let free = block.cast::<Free>();
        let mut first = self.returned.load(Ordering::Relaxed);
        loop {
            // SAFETY: the block has room for a `Free` and is aligned for it.
            unsafe { free.write(Free { next: first }) };
            // Blocks are only ever taken all at once, so that the same first one is the same list.
            let placed = self.returned.compare_exchange_weak(
                first,
                free.as_ptr(),
                Ordering::Release,
                Ordering::Relaxed,
            );
            match placed {
                Ok(_) => return true,
                Err(other) => first = other,
            }
        }
    }

    /// Lets all go.
    ///
    /// # Safety
    /// As for [`Class::take`].
    unsafe fn clear(&self) {
        // SAFETY: the promise is the caller's.
        while let Some(block) = unsafe { self.take() } {
            release(block);
        }
    }

    /// Whether there is a free block, for the thread that the memory belongs to.
    ///
    /// # Safety
    /// As for [`Class::take`].
    unsafe fn has_free(&self) -> bool {
        // SAFETY: the caller's thread is the only one that changes the list.
        let own = unsafe { &*self.own.get() };
        !own.first.is_null() || !self.returned.load(Ordering::Relaxed).is_null()
    }
}

/// A new block of the system's.
fn obtain(class: usize, zeroed: bool) -> *mut u8 {
    let size = size_of_class(class);
    if class < FIRST_LARGE {
        return obtain_any(size, zeroed);
    }
    // SAFETY: the alignment is a power of two, of which the size is a multiple.
    let block = unsafe { libc::aligned_alloc(LARGE_ALIGNMENT, size) }.cast::<u8>();
    if zeroed && !block.is_null() {
        // SAFETY: the block has that many bytes.
        unsafe { block.write_bytes(0, size) };
    }
    block
}

/// The same for a size of no class.
fn obtain_any(size: usize, zeroed: bool) -> *mut u8 {
    if zeroed {
        // SAFETY: any size may be asked for.
        unsafe { libc::calloc(1, size) }.cast()
    } else {
        // SAFETY: any size may be asked for.
        unsafe { libc::malloc(size) }.cast()
    }
}

/// Gives a block back to the system. The caller has it to itself.
fn release(block: NonNull<u8>) {
    // SAFETY: blocks come from `obtain` and `obtain_any`.
    unsafe { libc::free(block.as_ptr().cast()) };
}

/// How many bytes of large blocks JavaScript gets until its young objects should be collected: as much as the
/// processor's caches hold without effort.
const UNCOLLECTED: usize = 8 << 20;

/// What fills the young generation, in the size of the largest usual objects.
static FILLER: [u8; 100 << 10] = [0; 100 << 10];

/// Counts `size` bytes that JavaScript gets. V8 would collect the young ones among them when they hold several times
/// more than the processor's caches; where much flows through large buffers, garbage that is cheap to make brings its
/// next collection forward.
fn hand_out(scope: &v8::PinScope<'_, '_>, size: usize) {
    if size < LARGE[0] {
        return;
    }
    let uncollected = UNCOLLECTED_BYTES.get() + size;
    UNCOLLECTED_BYTES.set(uncollected);
    if uncollected > UNCOLLECTED {
        v8::String::new_from_one_byte(scope, &FILLER, v8::NewStringType::Normal);
    }
}

/// Counts from the beginning again after each collection of `isolate`.
pub fn watch_collections(isolate: &mut v8::Isolate) {
    isolate.add_gc_epilogue_callback(on_collection, null_mut(), v8::GCType::kGCTypeAll);
}

unsafe extern "C" fn on_collection(
    _: v8::UnsafeRawIsolatePtr,
    _: v8::GCType,
    _: v8::GCCallbackFlags,
    _: *mut c_void,
) {
    UNCOLLECTED_BYTES.set(0);
}

/// What the next array buffer of this thread gets.
#[derive(Default)]
enum Next {
    /// Blocks full of zeros.
    #[default]
    Zeroed,
    /// Blocks that holds anything.
    Any,
    /// A room that has been filled, and its size.
    Ready(NonNull<u8>, usize),
}

thread_local! {
    static NEXT: Cell<Next> = const { Cell::new(Next::Zeroed) };
    static BLOCKS: Arc<Blocks> = Blocks::new();
    /// The address of that memory, which tells cheaply whose thread this is.
    static UNCOLLECTED_BYTES: Cell<usize> = const { Cell::new(0) };
    static HERE: Cell<*const Blocks> = const { Cell::new(std::ptr::null()) };
}

/// The memory of the array buffers that one thread makes. Any thread may free it.
pub struct Blocks {
    classes: [Class; CLASSES],
    /// The bytes of array buffers, as the thread that the memory belongs to counts them: nobody else writes here.
    own_bytes: AtomicUsize,
    /// What other threads have added to that, and taken away.
    other_bytes: AtomicUsize,
}

// SAFETY: all that other threads reach of a class are its atomic numbers: see `Blocks::is_here`.
unsafe impl Send for Blocks {}
// SAFETY: as above.
unsafe impl Sync for Blocks {}

impl Blocks {
    fn new() -> Arc<Blocks> {
        let blocks = Arc::new(Blocks {
            classes: std::array::from_fn(Class::new),
            own_bytes: AtomicUsize::new(0),
            other_bytes: AtomicUsize::new(0),
        });
        HERE.set(Arc::as_ptr(&blocks));
        blocks
    }

    /// That of the calling thread.
    pub fn of_this_thread() -> Arc<Blocks> {
        BLOCKS.with(Arc::clone)
    }

    /// Whether this is the memory of the calling thread, the only one that touches the lists of its own.
    fn is_here(&self) -> bool {
        std::ptr::eq(HERE.get(), self)
    }

    fn allocate(&self, size: usize, zeroed: bool) -> *mut u8 {
        let Some(class) = class_of(size) else { return obtain_any(size, zeroed) };
        if self.is_here() {
            // SAFETY: this is the thread that the memory belongs to.
            if let Some(block) = unsafe { self.classes[class].take() } {
                if zeroed {
                    // SAFETY: blocks of the class are at least so long.
                    unsafe { block.write_bytes(0, size) };
                }
                return block.as_ptr();
            }
        }
        obtain(class, zeroed)
    }

    /// Takes back a block of `size` bytes, which the caller had to itself.
    fn free(&self, block: NonNull<u8>, size: usize) {
        let kept = class_of(size).is_some_and(|class| {
            let class = &self.classes[class];
            if self.is_here() {
                // SAFETY: this is the thread that the memory belongs to; the block is of that size.
                unsafe { class.keep(block) }
            } else {
                // SAFETY: the block is of that size.
                unsafe { class.keep_returned(block) }
            }
        });
        if !kept {
            release(block);
        }
    }

    /// Counts the bytes of an array buffer that comes, or of one that goes as its complement.
    fn count(&self, bytes: usize) {
        if self.is_here() {
            let counted = self.own_bytes.load(Ordering::Relaxed).wrapping_add(bytes);
            self.own_bytes.store(counted, Ordering::Relaxed);
        } else {
            self.other_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// How many bytes the array buffers have.
    pub fn array_buffers(&self) -> usize {
        self.own_bytes.load(Ordering::Relaxed).wrapping_add(self.other_bytes.load(Ordering::Relaxed))
    }

    /// Whether much memory is kept free: asked by the thread that it belongs to.
    pub fn has_leftovers(&self) -> bool {
        // SAFETY: this is the thread that the memory belongs to.
        self.is_here() && self.classes[FIRST_LARGE..].iter().any(|class| unsafe { class.has_free() })
    }

    /// Lets go of what is kept free.
    pub fn clear(&self) {
        if self.is_here() {
            for class in &self.classes {
                // SAFETY: this is the thread that the memory belongs to.
                unsafe { class.clear() };
            }
        }
    }

    /// What V8 allocates by.
    pub fn allocator(self: Arc<Self>) -> v8::UniqueRef<v8::Allocator> {
        // SAFETY: the functions of the table take these blocks, and the last one takes back the count of this pointer.
        unsafe { v8::new_rust_allocator(Arc::into_raw(self), &TABLE) }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        for class in &self.classes {
            // SAFETY: nobody else has the memory any more.
            unsafe { class.clear() };
        }
    }
}

static TABLE: v8::RustAllocatorVtable<Blocks> = v8::RustAllocatorVtable {
    allocate: allocate_next,
    allocate_uninitialized,
    free: free_block,
    drop: drop_blocks,
};

unsafe extern "C" fn allocate_next(blocks: &Blocks, size: usize) -> *mut c_void {
    blocks.count(size);
    match NEXT.take() {
        Next::Zeroed => blocks.allocate(size, true).cast(),
        Next::Any => blocks.allocate(size, false).cast(),
        Next::Ready(block, room) if size == room => block.as_ptr().cast(),
        Next::Ready(..) => null_mut(),
    }
}

unsafe extern "C" fn allocate_uninitialized(blocks: &Blocks, size: usize) -> *mut c_void {
    blocks.count(size);
    blocks.allocate(size, false).cast()
}

unsafe extern "C" fn free_block(blocks: &Blocks, block: *mut c_void, size: usize) {
    if let Some(block) = NonNull::new(block.cast()) {
        blocks.count(size.wrapping_neg());
        blocks.free(block, size);
    }
}

unsafe extern "C" fn drop_blocks(blocks: *const Blocks) {
    // SAFETY: the pointer is that of `Blocks::allocator`, which counted it for this call.
    drop(unsafe { Arc::from_raw(blocks) });
}

/// An `ArrayBuffer` of `size` bytes that hold anything. Running out of memory ends the process: for sizes that
/// are small in comparison with the heap.
pub(super) fn uninitialized<'s>(scope: &v8::PinScope<'s, '_>, size: usize) -> v8::Local<'s, v8::ArrayBuffer> {
    hand_out(scope, size);
    NEXT.set(Next::Any);
    let buffer = v8::ArrayBuffer::new(scope, size);
    NEXT.set(Next::Zeroed);
    buffer
}

/// Room for what is read, which becomes a buffer without being copied.
pub struct Room {
    block: NonNull<u8>,
    size: usize,
    filled: usize,
    blocks: Arc<Blocks>,
}

impl Room {
    /// How large rooms usually are.
    pub const SIZE: usize = 64 << 10;

    /// How large they are where much is to be read.
    pub const BULK: usize = 256 << 10;

    /// An empty room.
    pub fn new(blocks: &Arc<Blocks>, size: usize) -> Room {
        let Some(block) = NonNull::new(blocks.allocate(size, false)) else {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; Room::SIZE]>())
        };
        Room { block, size, filled: 0, blocks: Arc::clone(blocks) }
    }

    /// How much there is room for.
    pub fn size(&self) -> usize {
        self.size
    }

    /// What has been read.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the block has so many bytes that have been written, and `self` has it alone.
        unsafe { std::slice::from_raw_parts(self.block.as_ptr(), self.filled) }
    }

    /// Where the next read goes.
    pub fn rest(&mut self) -> &mut [u8] {
        let rest = self.block.as_ptr().wrapping_add(self.filled);
        // SAFETY: the block has that size, and `self` has it alone.
        unsafe { std::slice::from_raw_parts_mut(rest, self.size - self.filled) }
    }

    /// Counts what a read has written to the beginning of [`Room::rest`].
    pub fn advance(&mut self, count: usize) {
        self.filled = (self.filled + count).min(self.size);
    }

    /// Whether nothing more can be read into it.
    pub fn is_full(&self) -> bool {
        self.filled == self.size
    }

    /// Forgets what has been read.
    pub fn clear(&mut self) {
        self.filled = 0;
    }

    /// Makes it a buffer, which is as large as the room.
    pub fn into_array_buffer<'s>(self, scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::ArrayBuffer> {
        hand_out(scope, self.size);
        let room = std::mem::ManuallyDrop::new(self);
        NEXT.set(Next::Ready(room.block, room.size));
        // SAFETY: the field is not looked at again, since the room is not dropped.
        drop(unsafe { std::ptr::read(&raw const room.blocks) });
        let buffer = v8::ArrayBuffer::new(scope, room.size);
        assert!(matches!(NEXT.take(), Next::Zeroed), "the isolate has another allocator");
        buffer
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.blocks.free(self.block, self.size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_their_sizes() {
        for size in 1..=Room::BULK {
            let Some(class) = class_of(size) else { continue };
            assert!(size_of_class(class) >= size);
            assert!(class == 0 || size_of_class(class - 1) < size);
        }
        assert_eq!(class_of(COARSE + 1), None);
        assert_eq!(class_of(Room::BULK), Some(CLASSES - 1));
        assert!(class_of(Room::SIZE).is_some());
    }

    #[test]
    fn what_is_freed_goes_round_and_is_zeroed() {
        let blocks = Blocks::of_this_thread();
        for (size, elsewhere) in [(8, false), (8, true), (3000, true), (Room::SIZE, true)] {
            let block = NonNull::new(blocks.allocate(size, false)).unwrap();
            // SAFETY: the block has that many bytes.
            unsafe { block.write_bytes(0xff, size) };
            let address = block.addr();
            if elsewhere {
                let blocks = Arc::clone(&blocks);
                let address = block.as_ptr().expose_provenance();
                let free = move || {
                    blocks.free(NonNull::new(std::ptr::with_exposed_provenance_mut(address)).unwrap(), size)
                };
                std::thread::spawn(free).join().unwrap();
            } else {
                blocks.free(block, size);
            }
            let again = NonNull::new(blocks.allocate(size, true)).unwrap();
            assert_eq!(again.addr(), address);
            // SAFETY: the block has that many bytes, which have been written.
            let bytes = unsafe { std::slice::from_raw_parts(again.as_ptr(), size) };
            assert!(bytes.iter().all(|byte| *byte == 0));
            blocks.free(again, size);
        }
        blocks.clear();
        assert!(!blocks.has_leftovers());
    }
}
