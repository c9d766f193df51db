//! Native half of `js/process.js`: the process, its environment, clocks and resources.

mod env;
mod env_trace;

pub use env::set_time_zone;

use std::ffi::{CString, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::rc::Rc;

use crate::bind::allocator::Blocks;
use crate::bind::convert::{set, string, string_from_bytes};
use crate::bind::error::{ErrorClass, throw_coded};
use crate::bind::path::{Names, Reads};
use crate::bind::permission::{Child, Permit};
use crate::bind::state::Exit;
use crate::bind::{Binding, Host, PathArg, SysError, errno};
use crate::binding;
use crate::sys::process::{self as sys, Id};
use crate::sys::{fd, memory, signal};

/// `internalBinding('process')`.
pub const BINDING: Binding = binding! {
    "process",
    sync: [
        cwd, chdir, set_umask, kill, really_exit, abort, parent_id, set_title, get_id, set_id, get_groups,
        set_groups, init_groups, find_id, resident_memory, cpu_usage, resource_usage, uptime,
        constrained_memory, available_memory, write_stderr, execve, active_resources,
        active_requests, handle_requests, socket_buffers, system_message,
    ],
    raw: [active_handles, open_handles, start_info, hrtime, hrtime_big_int, make_env, env_pairs, memory_usage, loop_now, refuse_proto],
    references: env::references,
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// `activeHandles()`: the handles that keep the event loop alive.
fn active_handles<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let objects = Host::of(scope).handles.objects(scope);
    let objects: Vec<_> = objects.into_iter().map(v8::Local::<v8::Value>::from).collect();
    rv.set(v8::Array::new_with_elements(scope, &objects).into());
}

/// `openHandles()`: all handles, also those of the runtime's own and those that do not keep the event loop alive.
fn open_handles<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let objects = Host::of(scope).handles.all_objects(scope);
    let objects: Vec<_> = objects.into_iter().map(v8::Local::<v8::Value>::from).collect();
    rv.set(v8::Array::new_with_elements(scope, &objects).into());
}

/// How many bytes the system keeps of what is sent and of what has come on a socket.
fn socket_buffers(number: i32) -> Option<(f64, f64)> {
    let socket = fd::duplicate(number)?;
    let sent = rustix::net::sockopt::socket_send_buffer_size(&socket).ok()?;
    let received = rustix::net::sockopt::socket_recv_buffer_size(&socket).ok()?;
    Some((sent as f64, received as f64))
}

/// `activeResources()`: the names of the kinds of what keeps the event loop alive beside timers and
/// immediates.
fn active_resources(host: Rc<Host>) -> Vec<&'static str> {
    host.handles.resources()
}

/// The kinds of the requests whose callbacks are still to come, one entry each. As in Node, the jobs of
/// cryptography are not told of.
fn active_requests(host: Rc<Host>) -> Vec<&'static str> {
    host.requests().into_iter().filter(|kind| !kind.ends_with("Request")).collect()
}

/// The requests of handles that are still to be answered: their kinds, and the kinds of their handles.
fn handle_requests(host: Rc<Host>) -> Vec<(&'static str, Option<&'static str>)> {
    host.handles.requests()
}

/// What the system says of a (positive) error number.
fn system_message(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// What the process object tells about this process: an object with `argv`, `argv0`, `execPath`,
/// `execArgv`, `pid`, `arch`, `platform`, `title`, and the versions of `v8`, `openssl` and
/// `sqlite`.
fn start_info<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let host = Host::of(scope);
    let config = &host.config;
    let info = v8::Object::new(scope);
    let argv: Vec<_> =
        config.argv.iter().map(|arg| string_from_bytes(scope, arg.as_bytes()).into()).collect();
    let argv = v8::Array::new_with_elements(scope, &argv).into();
    set(scope, info, "argv", argv);
    let exec_argv: Vec<_> = config.exec_argv.iter().map(|arg| string(scope, arg).into()).collect();
    let exec_argv = v8::Array::new_with_elements(scope, &exec_argv).into();
    set(scope, info, "execArgv", exec_argv);
    let texts = [
        ("argv0", config.argv0.as_bytes()),
        ("execPath", config.exec_path.as_os_str().as_bytes()),
        ("arch", node_arch().as_bytes()),
        ("platform", node_platform().as_bytes()),
        ("v8", v8::V8::get_version().as_bytes()),
        ("openssl", crate::sys::openssl::library::version().as_bytes()),
        ("sqlite", crate::sys::sqlite::version().as_bytes()),
    ];
    for (name, text) in texts {
        let text = string_from_bytes(scope, text).into();
        set(scope, info, name, text);
    }
    let builds_snapshot = v8::Boolean::new(scope, config.builds_snapshot).into();
    set(scope, info, "buildsSnapshot", builds_snapshot);
    let pid = v8::Number::new(scope, f64::from(std::process::id())).into();
    set(scope, info, "pid", pid);
    let is_traced = v8::Boolean::new(scope, crate::trace_events::log::is_used()).into();
    set(scope, info, "isTraced", is_traced);
    rv.set(info.into());
}

fn node_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "x86" => "ia32",
        other => other,
    }
}

fn node_platform() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// The environment as an object whose properties are strings, in the order in which they were set.
fn make_env<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    if let Some(object) = env::make(scope) {
        rv.set(object.into());
    }
}

/// `envPairs()`: the environment as `NAME=value`, where it can be told without a look at each variable.
fn env_pairs<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    if let Some(pairs) = env::pairs(scope) {
        rv.set(pairs.into());
    }
}

fn cwd(host: Rc<Host>) -> Result<std::path::PathBuf, SysError> {
    host.cwd().map_err(|error| {
        let mut failure = SysError::from_io(&error, "uv_cwd");
        failure.message = Some(format!(
            "process.cwd failed with error {}, the current working directory was likely removed without \
             changing the working directory",
            errno::message(failure.errno)
        ));
        failure
    })
}

fn chdir(host: Rc<Host>, path: PathArg<Reads>) -> Result<(), SysError> {
    host.chdir(path.path()).map_err(|error| {
        let cwd = host.cwd().unwrap_or_default();
        SysError::from_io(&error, "chdir").path(cwd.as_os_str().as_bytes()).dest(path.given())
    })
}

/// Sets the umask and returns the old one; without an argument only tells it.
fn set_umask(mask: Option<u32>) -> u32 {
    match mask {
        Some(mask) => sys::set_umask(mask),
        None => {
            let old = sys::set_umask(0);
            sys::set_umask(old);
            old
        }
    }
}

/// Sends a signal; 0 or a negative error number.
fn kill(pid: i32, number: i32) -> i32 {
    signal::kill(pid, number).map_or_else(|errno| -errno, |()| 0)
}

/// Ends the runtime with an exit code.
fn really_exit(host: Rc<Host>, code: i32) {
    host.end(Exit::Code(code));
}

fn abort(host: Rc<Host>) {
    host.end(Exit::Abort);
}

fn parent_id() -> u32 {
    sys::parent_id()
}

fn set_title(host: Rc<Host>, title: String) {
    if host.config.owns_process {
        sys::set_title(&title);
    }
}

fn which_id(name: &str) -> Id {
    match name {
        "uid" => Id::User,
        "euid" => Id::EffectiveUser,
        "gid" => Id::Group,
        _ => Id::EffectiveGroup,
    }
}

/// `getId('uid' | 'euid' | 'gid' | 'egid')`.
fn get_id(which: String) -> u32 {
    sys::id(which_id(&which))
}

/// `setId(which, id)`: 0 or a negative error number.
fn set_id(which: String, id: u32) -> i32 {
    sys::set_id(which_id(&which), id).map_or_else(|errno| -errno, |()| 0)
}

fn get_groups() -> Result<Vec<u32>, SysError> {
    sys::groups().map_err(|errno| SysError::new(errno, "getgroups"))
}

fn set_groups(groups: Vec<u32>) -> i32 {
    sys::set_groups(&groups).map_or_else(|errno| -errno, |()| 0)
}

fn init_groups(user: String, group: u32) -> i32 {
    let Ok(user) = CString::new(user) else { return -libc::EINVAL };
    sys::init_groups(&user, group).map_or_else(|errno| -errno, |()| 0)
}

/// The id of a user name, or of a group name; `undefined` where it is unknown.
fn find_id(name: String, group: bool) -> Option<u32> {
    CString::new(name).ok().and_then(|name| sys::find_id(&name, group))
}

/// The resident memory in bytes; the engine's own numbers come from `internalBinding('v8')`.
fn resident_memory() -> u64 {
    sys::resident_memory()
}

/// `[rss, heapTotal, heapUsed, external, arrayBuffers]` in bytes.
fn memory_usage<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let heap = scope.get_heap_statistics();
    let numbers = [
        sys::resident_memory() as usize,
        heap.total_heap_size(),
        heap.used_heap_size(),
        heap.external_memory(),
        Blocks::of_this_thread().array_buffers(),
    ];
    let numbers: Vec<_> =
        numbers.into_iter().map(|number| v8::Number::new(scope, number as f64).into()).collect();
    rv.set(v8::Array::new_with_elements(scope, &numbers).into());
}

fn micros(time: libc::timeval) -> f64 {
    time.tv_sec as f64 * 1e6 + time.tv_usec as f64
}

/// The user and system time of the calling thread, in microseconds.
pub fn thread_cpu_usage() -> (f64, f64) {
    cpu_usage(true)
}

/// `cpuUsage(thread)`: user and system time in microseconds.
fn cpu_usage(thread: bool) -> (f64, f64) {
    let usage = sys::resource_usage(thread);
    (micros(usage.ru_utime), micros(usage.ru_stime))
}

/// The sixteen fields of `process.resourceUsage()` in their order.
fn resource_usage() -> Vec<f64> {
    let usage = sys::resource_usage(false);
    let counters = [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ];
    let counters = counters.map(|counter| counter as f64);
    [micros(usage.ru_utime), micros(usage.ru_stime)].into_iter().chain(counters).collect()
}

/// Seconds since the runtime started.
fn uptime(host: Rc<Host>) -> f64 {
    host.started().elapsed().as_secs_f64()
}

/// The time of the event loop in whole milliseconds.
fn loop_now<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    rv.set_double(Host::of(scope).now());
}

/// The accessor of `__proto__` under `--disable-proto=throw`.
fn refuse_proto<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, _: Return<'s>) {
    let text = "Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw";
    throw_coded(scope, ErrorClass::Error, "ERR_PROTO_ACCESS", text);
}

/// `[seconds, nanoseconds]` of the monotonic clock.
fn hrtime<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let (seconds, nanoseconds) = sys::monotonic();
    let seconds = v8::Number::new(scope, seconds as f64).into();
    let nanoseconds = v8::Integer::new_from_unsigned(scope, nanoseconds).into();
    rv.set(v8::Array::new_with_elements(scope, &[seconds, nanoseconds]).into());
}

/// The monotonic clock in nanoseconds, as a BigInt.
fn hrtime_big_int<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let (seconds, nanoseconds) = sys::monotonic();
    rv.set(v8::BigInt::new_from_u64(scope, seconds * 1_000_000_000 + u64::from(nanoseconds)).into());
}

fn cgroup_limit() -> Option<u64> {
    let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let text = files.iter().find_map(|file| std::fs::read_to_string(file).ok())?;
    match text.trim() {
        "max" => Some(u64::MAX),
        text => text.parse().ok().map(|limit| if limit >= UNLIMITED { u64::MAX } else { limit }),
    }
}

/// From here on a number says that the system sets no limit: the largest count of pages, in bytes.
const UNLIMITED: u64 = i64::MAX as u64 & !0xFFF;

/// The memory limit that the system sets this process, in bytes: the largest number where it sets none, 0 where it
/// says nothing of limits.
fn constrained_memory() -> u64 {
    cgroup_limit().unwrap_or(0)
}

/// The memory that this process may use at most: the machine's, or less where the system says so.
pub fn memory_limit() -> u64 {
    let total = memory::total();
    cgroup_limit().map_or(total, |limit| limit.min(total))
}

fn memory_information(name: &str) -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// The memory that is still free for this process, in bytes.
fn available_memory() -> u64 {
    let used = sys::resident_memory();
    let free = memory_information("MemAvailable:").unwrap_or(0);
    cgroup_limit().map_or(free, |limit| free.min(limit.saturating_sub(used)))
}

/// Writes text to the runtime's standard error at once.
fn write_stderr(host: Rc<Host>, text: String) {
    host.stdio.write_all(2, text.as_bytes());
}

/// `execve(file, argv, env)` with `env` as `NAME=value` strings: returns a negative error number only
/// where the program could not be replaced.
fn execve(
    host: Rc<Host>,
    _: Permit<Child>,
    file: PathArg<Names>,
    argv: Vec<String>,
    env: Vec<String>,
) -> i32 {
    let strings = |list: Vec<String>| -> Vec<CString> {
        list.into_iter().filter_map(|text| CString::new(text).ok()).collect()
    };
    let Ok(file) = CString::new(OsString::from(file.path()).into_vec()) else { return -libc::EINVAL };
    host.stdio.restore();
    for descriptor in 0..=2 {
        if fd::kind(descriptor) != fd::Kind::Invalid {
            sys::keep_on_exec(descriptor);
        }
    }
    -sys::exec(&file, &strings(argv), &strings(env))
}
