//! Signals: who wants which, and how one reaches the event loop of who wants it.
//!
//! A signal handler may do next to nothing, so ours marks the signal in the slot of each runtime that
//! watches it and writes to that runtime's event descriptor. The action of a signal is ours only while
//! somebody watches it; then the one from before is restored.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};

use super::fd::last_errno;
use crate::bind::task::lock;

const SLOTS: usize = 256;
const SIGNALS: usize = 65;

struct Slot {
    /// The event descriptor; -1 where the slot is free.
    fd: AtomicI32,
    /// The watched signals, one bit each.
    watched: AtomicU64,
    /// The signals that came and were not taken yet.
    arrived: AtomicU64,
    /// How often each of these came.
    counts: [AtomicU32; SIGNALS],
}

static TABLE: [Slot; SLOTS] = [const {
    Slot {
        fd: AtomicI32::new(-1),
        watched: AtomicU64::new(0),
        arrived: AtomicU64::new(0),
        counts: [const { AtomicU32::new(0) }; SIGNALS],
    }
}; SLOTS];

/// How many slots watch each signal, and the action it had before.
static WATCHERS: Mutex<[(usize, Option<libc::sigaction>); SIGNALS]> = Mutex::new([(0, None); SIGNALS]);

/// One runtime's place in the table of those who watch signals.
pub struct Watcher {
    slot: &'static Slot,
    event: OwnedFd,
}

impl Watcher {
    /// Takes a place; `None` where the process has no descriptor or no place left.
    pub fn new() -> Option<Watcher> {
        // SAFETY: the call takes and returns plain numbers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return None;
        }
        // SAFETY: the descriptor was just made and belongs to nobody else.
        let event = unsafe { OwnedFd::from_raw_fd(fd) };
        let free =
            |slot: &&Slot| slot.fd.compare_exchange(-1, fd, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        TABLE.iter().find(free).map(|slot| Watcher { slot, event })
    }

    /// Starts watching `signal`; the error is an error number.
    pub fn watch(&self, signal: i32) -> Result<(), i32> {
        let index = usize::try_from(signal).ok().filter(|index| (1..SIGNALS).contains(index));
        let index = index.ok_or(libc::EINVAL)?;
        let mut watchers = lock(&WATCHERS);
        let (count, before) = &mut watchers[index];
        if self.slot.watched.load(Ordering::Acquire) & bit(signal) != 0 {
            return Ok(());
        }
        if *count == 0 {
            *before = Some(install(signal, handler_action())?);
        }
        *count += 1;
        self.slot.watched.fetch_or(bit(signal), Ordering::AcqRel);
        Ok(())
    }

    /// Stops watching `signal`; the last one to do so restores the action from before.
    pub fn unwatch(&self, signal: i32) {
        let mut watchers = lock(&WATCHERS);
        if self.slot.watched.fetch_and(!bit(signal), Ordering::AcqRel) & bit(signal) == 0 {
            return;
        }
        self.slot.arrived.fetch_and(!bit(signal), Ordering::AcqRel);
        self.slot.counts[signal as usize].store(0, Ordering::Release);
        let (count, before) = &mut watchers[signal as usize];
        *count -= 1;
        if *count == 0
            && let Some(before) = before.take()
        {
            let _ = install(signal, before);
        }
    }

    /// Whether nobody else watches `signal`, if this does.
    pub fn is_alone(&self, signal: i32) -> bool {
        let watchers = lock(&WATCHERS);
        watchers.get(signal as usize).is_some_and(|(count, _)| *count == 1)
    }

    /// Whether a signal has arrived.
    pub fn has_arrived(&self) -> bool {
        self.slot.arrived.load(Ordering::Acquire) != 0
    }

    /// Takes the signals that have arrived, in ascending order and each as often as it came.
    pub fn take(&self) -> impl Iterator<Item = i32> + use<> {
        let arrived = match self.slot.arrived.load(Ordering::Acquire) {
            0 => 0,
            _ => {
                let mut count = [0; 8];
                let _ = super::fd::read(self.event.as_raw_fd(), &mut count);
                self.slot.arrived.swap(0, Ordering::AcqRel)
            }
        };
        let counts = &self.slot.counts;
        (1..SIGNALS as i32).filter(move |signal| arrived & bit(*signal) != 0).flat_map(|signal| {
            let count = counts[signal as usize].swap(0, Ordering::AcqRel);
            std::iter::repeat_n(signal, count as usize)
        })
    }

    /// The descriptor that becomes readable when a signal arrives.
    pub fn event(&self) -> &OwnedFd {
        &self.event
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        for signal in 1..SIGNALS as i32 {
            self.unwatch(signal);
        }
        self.slot.fd.store(-1, Ordering::Release);
    }
}

fn bit(signal: i32) -> u64 {
    1u64.checked_shl(signal as u32 - 1).unwrap_or(0)
}

fn handler_action() -> libc::sigaction {
    // SAFETY: an all-zero `sigaction` is a valid value of that plain C structure.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = on_signal as *const () as usize;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: the set is a field of `action`, writable for the whole call.
    unsafe { libc::sigfillset(&raw mut action.sa_mask) };
    action
}

fn install(signal: i32, action: libc::sigaction) -> Result<libc::sigaction, i32> {
    // SAFETY: an all-zero `sigaction` is a valid value of that plain C structure.
    let mut before: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: both structures live through the call; the handler they may name is `on_signal`, which
    // does only what a signal handler may, or one that was installed before.
    let status = unsafe { libc::sigaction(signal, &raw const action, &raw mut before) };
    if status == 0 { Ok(before) } else { Err(last_errno()) }
}

extern "C" fn on_signal(signal: i32) {
    // SAFETY: the location of the thread's error number is always valid.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; it is saved because the write below may change it under the interrupted code.
    let saved = unsafe { *errno };
    for slot in &TABLE {
        let fd = slot.fd.load(Ordering::Acquire);
        if fd < 0 {
            continue;
        }
        if slot.watched.load(Ordering::Acquire) & bit(signal) != 0 {
            slot.counts[signal as usize].fetch_add(1, Ordering::AcqRel);
            slot.arrived.fetch_or(bit(signal), Ordering::AcqRel);
            let one = 1u64.to_ne_bytes();
            // SAFETY: `write` may be called in a signal handler; the pointer and length are of `one`.
            unsafe { libc::write(fd, one.as_ptr().cast(), one.len()) };
        }
    }
    // SAFETY: as above.
    unsafe { *errno = saved };
}

/// Keeps signals away from the calling thread, so that the runtime's own thread receives them. Those that a thread
/// raises itself, and that of V8's profiler, which is sent to one thread, still come.
pub fn block_all_on_this_thread() {
    // SAFETY: an all-zero `sigset_t` is a valid value of that plain C structure.
    let mut all: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `all` is writable for the whole call.
    unsafe { libc::sigfillset(&raw mut all) };
    for own in [libc::SIGPROF, libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP] {
        // SAFETY: `all` is a set that has been filled.
        unsafe { libc::sigdelset(&raw mut all, own) };
    }
    // SAFETY: `all` lives through the call; the old mask is not asked for.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, std::ptr::null_mut()) };
}

/// Keeps one signal away from the calling thread until the returned function is called.
pub fn block_on_this_thread(signal: i32) -> impl FnOnce() {
    // SAFETY: an all-zero `sigset_t` is a valid value of that plain C structure.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: as above.
    let mut before: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: `set` is writable for the whole call.
    unsafe { libc::sigaddset(&raw mut set, signal) };
    // SAFETY: both sets live through the call.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, &raw mut before) };
    move || {
        // SAFETY: `before` lives through the call; the mask of now is not asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut()) };
    }
}

/// Where the handler of the signal for debuggers writes; -1 where nobody waits for that signal.
static DEBUG_EVENT: AtomicI32 = AtomicI32::new(-1);

/// What is to be done when that signal comes, until there is a thread for it.
static DEBUG_ACTION: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);

/// Whether there is something in `DEBUG_ACTION`: asked often, without the lock.
static LACKS_DEBUG_THREAD: AtomicBool = AtomicBool::new(false);

/// Calls `act` on a thread of its own as often as somebody sends SIGUSR1, which asks for the server for debuggers.
/// A program that watches the signal itself gets it instead. The thread begins by [`await_debug_signal`].
pub fn on_debug_signal(act: impl Fn() + Send + 'static) {
    // SAFETY: the call takes and returns plain numbers.
    let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC) };
    if fd < 0 || DEBUG_EVENT.swap(fd, Ordering::AcqRel) >= 0 {
        return;
    }
    *lock(&DEBUG_ACTION) = Some(Box::new(act));
    LACKS_DEBUG_THREAD.store(true, Ordering::Release);
    // SAFETY: an all-zero `sigaction` is a valid value of that plain C structure.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = on_debug as *const () as usize;
    action.sa_flags = libc::SA_RESTART;
    let _ = install(libc::SIGUSR1, action);
}

/// Begins the thread that waits for the signal for debuggers, where there is none yet. It is called when a program
/// turns out not to be over at once: when its event loop waits, and when V8 gives a task to another thread, which it
/// does for one that does nothing but run.
pub fn await_debug_signal() {
    if !LACKS_DEBUG_THREAD.load(Ordering::Acquire) {
        return;
    }
    let Some(act) = lock(&DEBUG_ACTION).take() else { return };
    LACKS_DEBUG_THREAD.store(false, Ordering::Release);
    let fd = DEBUG_EVENT.load(Ordering::Acquire);
    let builder = std::thread::Builder::new().name("ironode-sigusr1".into()).stack_size(DEBUG_STACK);
    // Without a thread, there is no server for debuggers either.
    let _ = builder.spawn(move || {
        block_all_on_this_thread();
        let mut count = [0; 8];
        while super::fd::read(fd, &mut count).is_ok() {
            act();
        }
    });
}

/// What the thread needs that waits for the signal for debuggers.
const DEBUG_STACK: usize = 128 << 10;

extern "C" fn on_debug(_: i32) {
    // SAFETY: the location of the thread's error number is always valid.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above; it is saved because the write below may change it under the interrupted code.
    let saved = unsafe { *errno };
    let one = 1u64.to_ne_bytes();
    // SAFETY: `write` may be called in a signal handler; the pointer and length are of `one`.
    unsafe { libc::write(DEBUG_EVENT.load(Ordering::Acquire), one.as_ptr().cast(), one.len()) };
    // SAFETY: as above.
    unsafe { *errno = saved };
}

/// The signals by which a user or a system usually ends a process.
const DEADLY: [i32; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGQUIT, libc::SIGHUP];

/// From now on, where one of these signals ends the process, the mode of terminals is changed back first.
pub fn restore_terminals_on_death() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // SAFETY: an all-zero `sigaction` is a valid value of that plain C structure.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = on_deadly_signal as *const () as usize;
        action.sa_flags = libc::SA_RESETHAND;
        let mut watchers = lock(&WATCHERS);
        for signal in DEADLY {
            let (count, before) = &mut watchers[signal as usize];
            if *count == 0 {
                let _ = install(signal, action);
            } else {
                *before = Some(action);
            }
        }
    });
}

extern "C" fn on_deadly_signal(signal: i32) {
    super::terminal::restore();
    // SAFETY: the call takes and returns plain numbers. The action is the default one again, and the signal
    // comes when this handler has returned.
    unsafe { libc::raise(signal) };
}

/// Sends `signal` to a process or group; the error is an error number.
pub fn kill(pid: i32, signal: i32) -> Result<(), i32> {
    // SAFETY: the call takes and returns plain numbers.
    let status = unsafe { libc::kill(pid, signal) };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// Ends the process by `signal`, whatever its action was.
pub fn die_of(signal: i32) -> ! {
    super::terminal::restore();
    // SAFETY: restoring a default action installs no handler.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
    // SAFETY: the call takes and returns plain numbers.
    unsafe { libc::raise(signal) };
    super::process::abort();
}

/// Gives all signals their default action but SIGPIPE, which stays ignored: a parent's choices do not
/// reach the program, as in Node.
pub fn restore_defaults() {
    for signal in 1..32 {
        if ![libc::SIGKILL, libc::SIGSTOP, libc::SIGPIPE, libc::SIGPROF].contains(&signal) {
            // SAFETY: restoring a default action installs no handler.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
}

/// Has writes that the system refuses fail instead of killing the process: to a closed pipe with EPIPE,
/// past the largest size of a file with EFBIG.
pub fn survive_refused_writes() {
    // SAFETY: ignoring a signal installs no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    let mut action = handler_action();
    // A handler, unlike ignoring, does not reach the programs that this one starts.
    action.sa_sigaction = on_refused_write as *const () as usize;
    // A process that cannot have it dies of such a write, as it would have without.
    let _ = install(libc::SIGXFSZ, action);
}

/// Does nothing: the write fails by itself.
extern "C" fn on_refused_write(_: libc::c_int) {}
