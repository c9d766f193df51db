//! The memory of the process.

/// The memory of the machine, in bytes.
pub fn total() -> u64 {
    let info = rustix::system::sysinfo();
    info.totalram.saturating_mul(info.mem_unit.into())
}

/// Gives what is free back to the system.
pub fn give_back() {
    // SAFETY: the call takes a number; it moves nothing that is in use.
    unsafe { libc::malloc_trim(0) };
}
