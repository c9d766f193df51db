//! A thread that ends a script's execution when its time is over or SIGINT comes.

use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Scope;
use crate::sys::fd;
use crate::sys::signal::{Watcher, block_all_on_this_thread};

/// Why an execution was ended.
pub(super) enum Interruption {
    /// Its time was over, after so many milliseconds.
    Timeout(u64),
    /// SIGINT came.
    Signal,
}

const NONE: u8 = 0;
const TIMEOUT: u8 = 1;
const SIGNAL: u8 = 2;

/// The thread of one execution.
pub(super) struct Watchdog {
    shared: Arc<Shared>,
    stop: OwnedFd,
    timeout: Option<u64>,
    thread: JoinHandle<()>,
}

struct Shared {
    watcher: Watcher,
    /// What has happened first.
    fired: AtomicU8,
}

impl Watchdog {
    /// Watches the execution that is about to begin; `None` where there is nothing to watch for, or the
    /// system has no thread or descriptor left.
    pub(super) fn start(
        scope: &mut Scope<'_, '_>,
        timeout: Option<u64>,
        on_signal: bool,
    ) -> Option<Watchdog> {
        if timeout.is_none() && !on_signal {
            return None;
        }
        let watcher = Watcher::new()?;
        let stop = watcher.event().try_clone().ok()?;
        if on_signal {
            let _ = watcher.watch(libc::SIGINT);
        }
        let shared = Arc::new(Shared { watcher, fired: AtomicU8::new(NONE) });
        let isolate = scope.thread_safe_handle();
        let for_thread = Arc::clone(&shared);
        let deadline = timeout.map(|timeout| Instant::now() + Duration::from_millis(timeout));
        let thread = std::thread::Builder::new().name("ironode-watchdog".into());
        let thread = thread.spawn(move || wait(&isolate, &for_thread, deadline)).ok()?;
        Some(Watchdog { shared, stop, timeout, thread })
    }

    /// Ends the watch; what has ended the execution, if it was this thread.
    pub(super) fn stop(self) -> Option<Interruption> {
        let nothing = self.shared.fired.compare_exchange(NONE, u8::MAX, Ordering::AcqRel, Ordering::Acquire);
        let _ = fd::write(self.stop.as_raw_fd(), &1u64.to_ne_bytes());
        let _ = self.thread.join();
        match nothing {
            Err(TIMEOUT) => Some(Interruption::Timeout(self.timeout.unwrap_or(0))),
            Err(SIGNAL) => Some(Interruption::Signal),
            _ => None,
        }
    }
}

/// The life of the thread: until the time is over, the signal comes or the script has ended.
fn wait(isolate: &v8::IsolateHandle, shared: &Shared, deadline: Option<Instant>) {
    block_all_on_this_thread();
    let woken = fd::wait_readable_until(shared.watcher.event().as_raw_fd(), deadline);
    let reason = if woken { SIGNAL } else { TIMEOUT };
    // Whoever is first decides: the end of the script or this.
    let first = shared.fired.compare_exchange(NONE, reason, Ordering::AcqRel, Ordering::Acquire);
    if first.is_ok() {
        isolate.terminate_execution();
    }
}
