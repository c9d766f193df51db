//! The memory of the process.

/// The memory of the machine, in bytes.
pub fn total() -> u64 {
    let info = rustix::system::sysinfo();
    info.totalram.saturating_mul(info.mem_unit.into())
}

/// How much memory the system may give in one piece, at a multiple of it.
pub const LARGE_PAGE: usize = 2 << 20;

/// Empty memory that the system gives in one piece, where it can: that takes it a fifth of the time that the same
/// memory takes it page by page. Children do not get it.
pub fn large_page() -> Option<usize> {
    const ROOM: usize = 2 * LARGE_PAGE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the system chooses an address where nothing is.
    let room = unsafe { libc::mmap(std::ptr::null_mut(), ROOM, access, flags, -1, 0) };
    if room == libc::MAP_FAILED {
        return None;
    }
    let (begin, end) = (room.addr(), room.addr() + ROOM);
    let page = begin.next_multiple_of(LARGE_PAGE);
    for (begin, end) in [(begin, page), (page + LARGE_PAGE, end)] {
        if begin < end {
            // SAFETY: this part of the memory above is nobody's.
            unsafe { libc::munmap(begin as *mut libc::c_void, end - begin) };
        }
    }
    for advice in [libc::MADV_HUGEPAGE, libc::MADV_DONTFORK] {
        // SAFETY: the memory is the caller's, and neither changes what is in it.
        unsafe { libc::madvise(page as *mut libc::c_void, LARGE_PAGE, advice) };
    }
    Some(page)
}

/// Gives what is free back to the system.
pub fn give_back() {
    // SAFETY: the call takes a number; it moves nothing that is in use.
    unsafe { libc::malloc_trim(0) };
}
