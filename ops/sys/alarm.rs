//! Waiting for a moment with the precision of the system's clock. The reactor's own timers are a
//! millisecond coarse, which would double the time of the shortest JavaScript timer.

use std::cell::Cell;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A timer of the system, registered with the reactor of the thread that made it.
pub struct Alarm {
    timer: AsyncFd<OwnedFd>,
    /// When it will ring, or has rung unheard.
    set_for: Cell<Option<Instant>>,
}

impl Alarm {
    /// Makes an alarm that is not set.
    ///
    /// # Errors
    /// Where the system has no descriptor left.
    pub fn new() -> std::io::Result<Alarm> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        Ok(Alarm { timer: super::fd::watch(timer, Interest::READABLE)?, set_for: Cell::new(None) })
    }

    /// Resolves after `duration`, or sooner: an earlier moment that it was set for stays, since most waits end
    /// before their time and setting the clock for each would cost more than to wait once again. Only one wait at
    /// a time.
    pub async fn after(&self, duration: Duration) {
        let moment = Instant::now().checked_add(duration);
        let rings_in_time =
            self.set_for.get().is_some_and(|set_for| moment.is_none_or(|moment| set_for <= moment));
        if !rings_in_time {
            if self.set(duration).is_err() {
                tokio::time::sleep(duration).await;
                return;
            }
            self.set_for.set(moment);
        }
        loop {
            let Ok(mut ready) = self.timer.readable().await else { return };
            let mut count = [0; 8];
            if rustix::io::read(self.timer.get_ref(), &mut count).is_ok() {
                self.set_for.set(None);
                return;
            }
            ready.clear_ready();
        }
    }

    fn set(&self, duration: Duration) -> rustix::io::Result<()> {
        let nanoseconds = i64::from(duration.subsec_nanos()).max(i64::from(duration.is_zero()));
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        let value =
            Itimerspec { it_interval: zero, it_value: Timespec { tv_sec: seconds, tv_nsec: nanoseconds } };
        timerfd_settime(self.timer.get_ref(), TimerfdTimerFlags::empty(), &value).map(drop)
    }
}
