//! Functions of V8 and of the C++ library that ours stand in for, so that a start costs less: threads begin when there
//! is something for them, and the first memory of the heap and the first large blocks lie together in large pages.
//!
//! The linker leads the calls of the executable here: `build.rs` lists the functions. Other executables with the library
//! in them keep V8's own.

#![allow(unsafe_code)]

use std::ffi::c_void;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, OnceLock};

use ironode_ops::bind::task::lock;
use ironode_ops::sys::memory;

/// Makes the first memory ready, for a program of many modules where `is_large` is set: to be called before V8 makes
/// anything.
pub(crate) fn begin(is_large: bool) {
    IS_LARGE.store(is_large, Ordering::Relaxed);
    if let Some(begin) = memory::large_page() {
        NEXT_BLOCK.store(begin, Ordering::Relaxed);
        FIRST_BLOCKS.store(begin, Ordering::Release);
    }
}

/// Whether the threads that V8 begins are kept back.
static HOLDS_THREADS: AtomicBool = AtomicBool::new(false);

/// The threads of V8's platform that have not begun: each waits for a task, and many a program is over before there
/// is one.
static HELD: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// `start_held_thread`, once a thread is kept back: executables without our functions have no way to V8's own.
static START_HELD: OnceLock<fn()> = OnceLock::new();

/// Whether threads are kept back: asked for every task, without the lock.
static IS_HOLDING: AtomicBool = AtomicBool::new(false);

/// Keeps the threads back that V8 begins from here on, or no longer.
pub(crate) fn hold_threads(holds: bool) {
    HOLDS_THREADS.store(holds, Ordering::Relaxed);
}

/// Stands in for `v8::base::Thread::Start`.
#[unsafe(export_name = "__wrap__ZN2v84base6Thread5StartEv")]
extern "C" fn start_thread(thread: *mut c_void) -> bool {
    if HOLDS_THREADS.load(Ordering::Relaxed) {
        START_HELD.get_or_init(|| start_held_thread);
        lock(&HELD).push(thread as usize);
        IS_HOLDING.store(true, Ordering::Release);
        return true;
    }
    // SAFETY: the argument is that of V8's call.
    unsafe { really_start_thread(thread) }
}

/// Stands in for `v8::platform::DelayedTaskQueue::Append`, which V8 calls for each task before it looks for a thread
/// that waits.
#[unsafe(export_name = "__wrap__ZN2v88platform16DelayedTaskQueue6AppendENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEE")]
extern "C" fn append_task(queue: *mut c_void, task: *mut c_void) {
    start_held_thread();
    // SAFETY: the arguments are those of V8's call.
    unsafe { really_append_task(queue, task) };
}

/// Stands in for `v8::platform::DelayedTaskQueue::AppendDelayed`.
#[unsafe(export_name = "__wrap__ZN2v88platform16DelayedTaskQueue13AppendDelayedENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEEd")]
extern "C" fn append_delayed_task(queue: *mut c_void, task: *mut c_void, delay: f64) {
    start_held_thread();
    // SAFETY: the arguments are those of V8's call.
    unsafe { really_append_delayed_task(queue, task, delay) };
}

unsafe extern "C" {
    #[link_name = "__real__ZN2v84base6Thread5StartEv"]
    fn really_start_thread(thread: *mut c_void) -> bool;
    #[link_name = "__real__ZN2v88platform16DelayedTaskQueue6AppendENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEE"]
    fn really_append_task(queue: *mut c_void, task: *mut c_void);
    #[link_name = "__real__ZN2v88platform16DelayedTaskQueue13AppendDelayedENSt4__Cr10unique_ptrINS_4TaskENS2_14default_deleteIS4_EEEEd"]
    fn really_append_delayed_task(queue: *mut c_void, task: *mut c_void, delay: f64);
}

/// Begins all threads that are kept back: the process is one that computes.
#[allow(dead_code, reason = "the library calls it, the build script does not")]
pub(crate) fn start_threads() {
    while IS_HOLDING.load(Ordering::Acquire)
        && let Some(start) = START_HELD.get()
    {
        start();
    }
}

/// Begins one of the threads that are kept back, if there is one: a task needs no more.
fn start_held_thread() {
    if !IS_HOLDING.load(Ordering::Acquire) {
        return;
    }
    let mut held = lock(&HELD);
    let thread = held.pop();
    IS_HOLDING.store(!held.is_empty(), Ordering::Release);
    drop(held);
    if let Some(thread) = thread {
        // SAFETY: V8 has asked for this thread to begin, and keeps it as long as its platform, which stays.
        unsafe { really_start_thread(thread as *mut c_void) };
    }
    ironode_ops::sys::signal::await_debug_signal();
}

/// V8's heap comes in pieces of this size, at multiples of it.
const PIECE: usize = 256 << 10;

/// The memory for the first pieces of the process's first heap.
static FIRST_PIECES: Mutex<Pieces> = Mutex::new(Pieces { left: 0..0, pages: 0 });

/// Whether there is something left: asked for every piece, without the lock.
static HAS_FIRST_PIECES: AtomicBool = AtomicBool::new(false);

/// Large pages that pieces are cut from.
struct Pieces {
    /// What is left of the page that was taken last.
    left: Range<usize>,
    /// How many more may be taken.
    pages: usize,
}

impl Pieces {
    /// A piece, as long as there are any.
    fn take(&mut self) -> Option<usize> {
        if self.left.is_empty() {
            self.pages = self.pages.checked_sub(1)?;
            let begin = memory::large_page()?;
            self.left = begin..begin + memory::LARGE_PAGE;
        }
        let piece = self.left.start;
        self.left.start += PIECE;
        Some(piece)
    }

    fn is_empty(&self) -> bool {
        self.left.is_empty() && self.pages == 0
    }
}

/// How many large pages the start of a program fills with pieces: one line one, a program of many modules several, each
/// taken when the one before it is full.
const PAGES: [usize; 2] = [1, 8];

/// Whether the process runs a program of many modules.
static IS_LARGE: AtomicBool = AtomicBool::new(false);

/// Stands in for `v8::internal::IsolateGroup::SetupReadOnlyHeap`: what comes after it stays writable.
#[unsafe(export_name = "__wrap__ZN2v88internal12IsolateGroup17SetupReadOnlyHeapEPNS0_7IsolateEPNS0_12SnapshotDataEb")]
extern "C" fn set_up_read_only_heap(
    group: *mut c_void,
    isolate: *mut c_void,
    data: *mut c_void,
    rehashes: bool,
) {
    static ONCE: Once = Once::new();
    // SAFETY: the arguments are those of V8's call.
    unsafe { really_set_up_read_only_heap(group, isolate, data, rehashes) };
    ONCE.call_once(|| {
        lock(&FIRST_PIECES).pages = PAGES[usize::from(IS_LARGE.load(Ordering::Relaxed))];
        HAS_FIRST_PIECES.store(true, Ordering::Release);
    });
}

/// Stands in for `v8::base::OS::Allocate`.
#[unsafe(export_name = "__wrap__ZN2v84base2OS8AllocateEPvmmNS1_16MemoryPermissionENSt4__Cr8optionalINS_18SharedMemoryHandleEEE")]
extern "C" fn allocate(
    hint: *mut c_void,
    size: usize,
    alignment: usize,
    access: i32,
    shared: u64,
) -> *mut c_void {
    /// `v8::base::OS::MemoryPermission::kReadWrite`.
    const READ_WRITE: i32 = 2;
    if size == PIECE && access == READ_WRITE && HAS_FIRST_PIECES.load(Ordering::Acquire) {
        let mut pieces = lock(&FIRST_PIECES);
        let piece = pieces.take();
        HAS_FIRST_PIECES.store(!pieces.is_empty(), Ordering::Release);
        if let Some(piece) = piece {
            return piece as *mut c_void;
        }
    }
    // SAFETY: the arguments are those of V8's call.
    unsafe { really_allocate(hint, size, alignment, access, shared) }
}

unsafe extern "C" {
    #[link_name = "__real__ZN2v88internal12IsolateGroup17SetupReadOnlyHeapEPNS0_7IsolateEPNS0_12SnapshotDataEb"]
    fn really_set_up_read_only_heap(
        group: *mut c_void,
        isolate: *mut c_void,
        data: *mut c_void,
        rehashes: bool,
    );
    #[link_name = "__real__ZN2v84base2OS8AllocateEPvmmNS1_16MemoryPermissionENSt4__Cr8optionalINS_18SharedMemoryHandleEEE"]
    fn really_allocate(
        hint: *mut c_void,
        size: usize,
        alignment: usize,
        access: i32,
        shared: u64,
    ) -> *mut c_void;
}

/// Where the memory begins for the first large blocks that V8 and its libraries make by `new`; 0 before there is some.
/// What an isolate makes stays as long as it, so that they are not used again.
static FIRST_BLOCKS: AtomicUsize = AtomicUsize::new(0);

/// What of that memory is not used yet.
static NEXT_BLOCK: AtomicUsize = AtomicUsize::new(0);

/// Blocks from this size are large.
const LARGE_BLOCK: usize = 4096;

/// A large block of that memory.
fn first_block(size: usize) -> Option<*mut c_void> {
    let end = FIRST_BLOCKS.load(Ordering::Acquire).checked_add(memory::LARGE_PAGE)?;
    let size = size.checked_next_multiple_of(64)?;
    let fits = |next: usize| next.checked_add(size).filter(|behind| *behind <= end);
    let block =
        NEXT_BLOCK.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| fits(next).filter(|_| next > 0));
    block.ok().map(|block| block as *mut c_void)
}

/// Whether a block is of that memory.
fn is_first_block(block: *mut c_void) -> bool {
    block.addr().wrapping_sub(FIRST_BLOCKS.load(Ordering::Relaxed)) < memory::LARGE_PAGE
}

/// Gives `new` and the forms of `delete` that go with it, for single objects or arrays.
macro_rules! stand_in_for_new {
    ($new:ident $really_new:ident $new_name:literal $new_real:literal,
     $delete:ident $really_delete:ident $delete_name:literal $delete_real:literal,
     $delete_sized:ident $really_delete_sized:ident $sized_name:literal $sized_real:literal) => {
        unsafe extern "C" {
            #[link_name = $new_real]
            fn $really_new(size: usize) -> *mut c_void;
            #[link_name = $delete_real]
            fn $really_delete(block: *mut c_void);
            #[link_name = $sized_real]
            fn $really_delete_sized(block: *mut c_void, size: usize);
        }

        /// Stands in for `new`.
        #[unsafe(export_name = $new_name)]
        extern "C" fn $new(size: usize) -> *mut c_void {
            if size >= LARGE_BLOCK
                && let Some(block) = first_block(size)
            {
                return block;
            }
            // SAFETY: the argument is the caller's.
            unsafe { $really_new(size) }
        }

        /// Stands in for `delete`.
        #[unsafe(export_name = $delete_name)]
        extern "C" fn $delete(block: *mut c_void) {
            if !is_first_block(block) {
                // SAFETY: the argument is the caller's.
                unsafe { $really_delete(block) }
            }
        }

        /// Stands in for the `delete` that is told the size.
        #[unsafe(export_name = $sized_name)]
        extern "C" fn $delete_sized(block: *mut c_void, size: usize) {
            if !is_first_block(block) {
                // SAFETY: the arguments are the caller's.
                unsafe { $really_delete_sized(block, size) }
            }
        }
    };
}

stand_in_for_new!(
    new_object really_new_object "__wrap__Znwm" "__real__Znwm",
    delete_object really_delete_object "__wrap__ZdlPv" "__real__ZdlPv",
    delete_object_of really_delete_object_of "__wrap__ZdlPvm" "__real__ZdlPvm"
);
stand_in_for_new!(
    new_array really_new_array "__wrap__Znam" "__real__Znam",
    delete_array really_delete_array "__wrap__ZdaPv" "__real__ZdaPv",
    delete_array_of really_delete_array_of "__wrap__ZdaPvm" "__real__ZdaPvm"
);

/// Stands in for `absl::base_internal::NominalCPUFrequency`, which sleeps for milliseconds to measure how fast the
/// processor counts. What is asked is how many counts a second has, by who waits for a lock, to look at most that often
/// what priority its thread has: any number of the right size will do.
#[unsafe(export_name = "__wrap__ZN4absl13base_internal19NominalCPUFrequencyEv")]
extern "C" fn nominal_cpu_frequency() -> f64 {
    2e9
}
