//! The process: its ids, resources and title.

use super::fd::last_errno;

/// The threads of the process with their names.
pub fn threads() -> Vec<(i32, String)> {
    let Ok(entries) = std::fs::read_dir("/proc/self/task") else { return Vec::new() };
    let named = entries.flatten().filter_map(|entry| {
        let thread = entry.file_name().to_str()?.parse().ok()?;
        let name = std::fs::read_to_string(entry.path().join("comm")).ok()?;
        Some((thread, name.trim_end().to_owned()))
    });
    named.collect()
}

/// User and group ids by the name of the call that reads them.
pub fn id(which: Id) -> u32 {
    match which {
        // SAFETY: the call takes nothing and cannot fail.
        Id::User => unsafe { libc::getuid() },
        // SAFETY: as above.
        Id::EffectiveUser => unsafe { libc::geteuid() },
        // SAFETY: as above.
        Id::Group => unsafe { libc::getgid() },
        // SAFETY: as above.
        Id::EffectiveGroup => unsafe { libc::getegid() },
    }
}

/// Which id of the process.
#[derive(Debug, Clone, Copy)]
pub enum Id {
    /// The real user.
    User,
    /// The effective user.
    EffectiveUser,
    /// The real group.
    Group,
    /// The effective group.
    EffectiveGroup,
}

/// Sets an id; the error is an error number.
pub fn set_id(which: Id, value: u32) -> Result<(), i32> {
    let status = match which {
        // SAFETY: the call takes and returns plain numbers.
        Id::User => unsafe { libc::setuid(value) },
        // SAFETY: as above.
        Id::EffectiveUser => unsafe { libc::seteuid(value) },
        // SAFETY: as above.
        Id::Group => unsafe { libc::setgid(value) },
        // SAFETY: as above.
        Id::EffectiveGroup => unsafe { libc::setegid(value) },
    };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// The supplementary groups, the effective group among them.
pub fn groups() -> Result<Vec<u32>, i32> {
    // SAFETY: with a count of zero nothing is written.
    let count = unsafe { libc::getgroups(0, std::ptr::null_mut()) };
    let Ok(length) = usize::try_from(count) else { return Err(last_errno()) };
    let mut groups = vec![0; length];
    // SAFETY: `groups` has room for `count` ids.
    let count = unsafe { libc::getgroups(count, groups.as_mut_ptr()) };
    let Ok(length) = usize::try_from(count) else { return Err(last_errno()) };
    groups.truncate(length);
    let effective = id(Id::EffectiveGroup);
    if !groups.contains(&effective) {
        groups.push(effective);
    }
    Ok(groups)
}

/// Sets the supplementary groups; the error is an error number.
pub fn set_groups(groups: &[u32]) -> Result<(), i32> {
    // SAFETY: the pointer and the count are those of one slice.
    let status = unsafe { libc::setgroups(groups.len(), groups.as_ptr()) };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// Sets the groups of a user from the system's database; the error is an error number.
pub fn init_groups(user: &std::ffi::CStr, group: u32) -> Result<(), i32> {
    // SAFETY: `user` is a terminated string that lives through the call.
    let status = unsafe { libc::initgroups(user.as_ptr(), group) };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// The id of a user or group name in the system's database.
pub fn find_id(name: &std::ffi::CStr, group: bool) -> Option<u32> {
    let mut buffer = vec![0; 16 * 1024];
    if group {
        // SAFETY: an all-zero `group` is a valid value of that plain C structure.
        let mut entry: libc::group = unsafe { std::mem::zeroed() };
        let mut found = std::ptr::null_mut();
        let (pointer, length) = (buffer.as_mut_ptr(), buffer.len());
        // SAFETY: all pointers are to live locals, and the length is the buffer's.
        unsafe { libc::getgrnam_r(name.as_ptr(), &raw mut entry, pointer, length, &raw mut found) };
        return (!found.is_null()).then_some(entry.gr_gid);
    }
    // SAFETY: an all-zero `passwd` is a valid value of that plain C structure.
    let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
    let mut found = std::ptr::null_mut();
    let (pointer, length) = (buffer.as_mut_ptr(), buffer.len());
    // SAFETY: all pointers are to live locals, and the length is the buffer's.
    unsafe { libc::getpwnam_r(name.as_ptr(), &raw mut entry, pointer, length, &raw mut found) };
    (!found.is_null()).then_some(entry.pw_uid)
}

/// Sets the file mode creation mask and returns the old one.
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: the call takes and returns plain numbers and cannot fail.
    unsafe { libc::umask(mask) }
}

/// What the process, or the calling thread, has used.
pub fn resource_usage(thread: bool) -> libc::rusage {
    // SAFETY: an all-zero `rusage` is a valid value of that plain C structure.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    let who = if thread { libc::RUSAGE_THREAD } else { libc::RUSAGE_SELF };
    // SAFETY: `usage` is writable for the whole call.
    unsafe { libc::getrusage(who, &raw mut usage) };
    usage
}

/// The resident memory of the process in bytes.
pub fn resident_memory() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = statm.split(' ').nth(1).and_then(|field| field.parse().ok()).unwrap_or(0);
    pages * page_size()
}

/// The size of a memory page in bytes.
pub fn page_size() -> u64 {
    // SAFETY: the call takes and returns plain numbers.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    u64::try_from(size).unwrap_or(4096)
}

/// The monotonic clock: seconds and nanoseconds.
pub fn monotonic() -> (u64, u32) {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is writable for the whole call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    (time.tv_sec as u64, time.tv_nsec as u32)
}

/// The id of the parent process.
pub fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// Names the process: its main thread, and its arguments as `ps` shows them, as far as they have room.
pub fn set_title(title: &str) {
    let name: Vec<u8> = title.bytes().filter(|byte| *byte != 0).collect();
    let mut short = name[..name.len().min(15)].to_vec();
    short.push(0);
    // SAFETY: the string is terminated and lives through the call.
    unsafe { libc::prctl(libc::PR_SET_NAME, short.as_ptr()) };
    let Some((start, end)) = argument_area() else { return };
    let length = end - start;
    let mut area = vec![0; length];
    let kept = name.len().min(length - 1);
    area[..kept].copy_from_slice(&name[..kept]);
    let target = start as *mut u8;
    // SAFETY: the kernel says that the process's arguments lie between `start` and `end`: writable memory
    // of the stack, which is read only at the start of the process, and of which the last byte stays zero.
    unsafe { std::ptr::copy_nonoverlapping(area.as_ptr(), target, length) };
}

/// Where the arguments of the process lie in its memory: fields 48 and 49 of its `stat`.
fn argument_area() -> Option<(usize, usize)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(45);
    let start = fields.next()?.parse().ok()?;
    let end = fields.next()?.trim().parse().ok()?;
    (start > 0 && end > start).then_some((start, end))
}

/// Year, month, day, hour, minute and second as the clock on the wall has them.
pub fn local_time() -> [i32; 6] {
    let mut parts = std::mem::MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: without a place to put it, the time is only returned.
    let now = unsafe { libc::time(std::ptr::null_mut()) };
    // SAFETY: both pointers are to live values of these types.
    unsafe { libc::localtime_r(&raw const now, parts.as_mut_ptr()) };
    // SAFETY: zeroes are valid for all fields, filled in or not.
    let parts = unsafe { parts.assume_init() };
    [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
}

/// Changes the process's own environment, which the C library's time zone functions read.
pub fn set_native_env(name: &std::ffi::CStr, value: Option<&std::ffi::CStr>) {
    match value {
        // SAFETY: both strings are terminated; the runtime that owns the process is the only one that
        // changes the environment, from its own thread.
        Some(value) => unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) },
        // SAFETY: as above.
        None => unsafe { libc::unsetenv(name.as_ptr()) },
    };
}

/// Writes to the process's standard error what it says before it ends.
pub fn write_last_words(text: &[u8]) {
    // There is nobody left to tell that it could not be written.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), text);
}

/// Ends the process by SIGABRT, as `process.abort()` asks.
pub fn abort() -> ! {
    super::terminal::restore();
    // SAFETY: restoring a default action installs no handler.
    unsafe { libc::signal(libc::SIGABRT, libc::SIG_DFL) };
    std::process::abort()
}

/// Replaces the process by another program; returns the error number only on failure.
pub fn exec(file: &std::ffi::CStr, argv: &[std::ffi::CString], env: &[std::ffi::CString]) -> i32 {
    let pointers = |strings: &[std::ffi::CString]| -> Vec<*const libc::c_char> {
        strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
    };
    let (argv, env) = (pointers(argv), pointers(env));
    // SAFETY: all strings are terminated, both lists end with a null pointer, all live through the call.
    unsafe { libc::execve(file.as_ptr(), argv.as_ptr(), env.as_ptr()) };
    last_errno()
}

/// Forgets the close-on-exec flag of a descriptor, for `exec`.
pub fn keep_on_exec(fd: i32) {
    // SAFETY: the call takes and returns plain numbers.
    unsafe { libc::fcntl(fd, libc::F_SETFD, 0) };
}

/// Gives the memory that is allocated but free back to the system.
pub fn give_memory_back() {
    #[cfg(target_env = "gnu")]
    // SAFETY: the function may be called at any time, on any thread.
    unsafe {
        libc::malloc_trim(0)
    };
}
