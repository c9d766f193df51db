//! Where the stack of the main thread is.

const PAGE: usize = 4096;

unsafe extern "C" {
    /// Where the program's own part of that stack begins, as the dynamic loader has seen it.
    static __libc_stack_end: usize;
    #[link_name = "__real_pthread_getattr_np"]
    fn really_get_attributes(thread: libc::pthread_t, attributes: *mut libc::pthread_attr_t) -> i32;
}

/// Stands in for `pthread_getattr_np` (see `runtime/build.rs`), which reads the list of all of the process's memory to
/// tell this. Rust and V8 ask for it in every start.
#[unsafe(export_name = "__wrap_pthread_getattr_np")]
extern "C" fn get_attributes(thread: libc::pthread_t, attributes: *mut libc::pthread_attr_t) -> i32 {
    if is_main(thread)
        && let Some((low, size)) = main_stack()
    {
        // SAFETY: the caller has room there for what the call makes.
        unsafe { libc::pthread_attr_init(attributes) };
        // SAFETY: the attributes are initialised.
        return unsafe { libc::pthread_attr_setstack(attributes, low as *mut libc::c_void, size) };
    }
    // SAFETY: the arguments are those of the caller.
    unsafe { really_get_attributes(thread, attributes) }
}

fn is_main(thread: libc::pthread_t) -> bool {
    // SAFETY: the call takes nothing and cannot fail.
    let this = unsafe { libc::pthread_self() };
    // SAFETY: as above.
    let id = unsafe { libc::gettid() };
    // SAFETY: as above.
    thread == this && id == unsafe { libc::getpid() }
}

/// The lowest address that the stack may reach, and its size; nothing where it has no limit.
fn main_stack() -> Option<(usize, usize)> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is writable for the whole call.
    let status = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) };
    if status != 0 || limit.rlim_cur == libc::RLIM_INFINITY {
        return None;
    }
    let size = usize::try_from(limit.rlim_cur).ok()?;
    // SAFETY: the loader has set it before anything of the program has run, and nobody changes it.
    let top = unsafe { __libc_stack_end }.next_multiple_of(PAGE);
    Some((top.checked_sub(size)?, size))
}
