//! The memory of a session, counted.

use std::alloc::Layout;
use std::cell::Cell;
use std::ffi::c_void;

use libnghttp2_sys as ng;

/// What stands before each piece of memory: its size. As long as the alignment that C expects.
const HEAD: usize = 16;

/// How many bytes a session's library holds.
pub(super) struct Memory {
    used: Cell<usize>,
}

impl Memory {
    pub(super) fn new() -> Box<Memory> {
        Box::new(Memory { used: Cell::new(0) })
    }

    pub(super) fn used(&self) -> usize {
        self.used.get()
    }

    /// What the library is given; it points to `self`.
    pub(super) fn interface(&self) -> ng::nghttp2_mem {
        ng::nghttp2_mem {
            mem_user_data: (&raw const *self).cast_mut().cast(),
            malloc: Some(malloc),
            free: Some(free),
            calloc: Some(calloc),
            realloc: Some(realloc),
        }
    }

    fn change(user_data: *mut c_void, more: usize, less: usize) {
        // SAFETY: the library hands back the pointer of `interface`, whose memory outlives the session.
        if let Some(memory) = unsafe { user_data.cast::<Memory>().as_ref() } {
            memory.used.set((memory.used.get() + more).saturating_sub(less));
        }
    }
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEAD)?, HEAD).ok()
}

/// Notes the size of a new piece of memory and returns what the library may use.
fn begin(start: *mut u8, size: usize, user_data: *mut c_void) -> *mut c_void {
    if start.is_null() {
        return std::ptr::null_mut();
    }
    Memory::change(user_data, size, 0);
    // SAFETY: the memory begins with room for its head, and is aligned for it.
    unsafe { start.cast::<usize>().write(size) };
    // SAFETY: the head lies within the memory.
    unsafe { start.add(HEAD) }.cast()
}

/// Where a piece of memory of the library's begins, and its size.
fn find(pointer: *mut c_void) -> (*mut u8, usize) {
    // SAFETY: the library gives back only what `begin` returned, which lies behind a head.
    let start = unsafe { pointer.cast::<u8>().sub(HEAD) };
    // SAFETY: `begin` has written the size there.
    (start, unsafe { start.cast::<usize>().read() })
}

unsafe extern "C" fn malloc(size: usize, user_data: *mut c_void) -> *mut c_void {
    let Some(layout) = layout(size) else { return std::ptr::null_mut() };
    // SAFETY: the size is not zero, since it has a head.
    begin(unsafe { std::alloc::alloc(layout) }, size, user_data)
}

unsafe extern "C" fn calloc(count: usize, size: usize, user_data: *mut c_void) -> *mut c_void {
    let Some(size) = count.checked_mul(size) else { return std::ptr::null_mut() };
    let Some(layout) = layout(size) else { return std::ptr::null_mut() };
    // SAFETY: the size is not zero, since it has a head.
    begin(unsafe { std::alloc::alloc_zeroed(layout) }, size, user_data)
}

unsafe extern "C" fn realloc(pointer: *mut c_void, size: usize, user_data: *mut c_void) -> *mut c_void {
    if pointer.is_null() {
        // SAFETY: it has the same contract.
        return unsafe { malloc(size, user_data) };
    }
    let (start, old) = find(pointer);
    let (Some(layout), Some(new)) = (layout(old), layout(size)) else { return std::ptr::null_mut() };
    // SAFETY: the memory was allocated with this layout, and the new size fits one.
    let moved = unsafe { std::alloc::realloc(start, layout, new.size()) };
    if !moved.is_null() {
        Memory::change(user_data, 0, old);
    }
    begin(moved, size, user_data)
}

unsafe extern "C" fn free(pointer: *mut c_void, user_data: *mut c_void) {
    if pointer.is_null() {
        return;
    }
    let (start, size) = find(pointer);
    if let Some(layout) = layout(size) {
        Memory::change(user_data, 0, size);
        // SAFETY: the memory was allocated with this layout.
        unsafe { std::alloc::dealloc(start, layout) };
    }
}
