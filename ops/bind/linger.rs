//! Waiting for another thread or process: a moment without sleeping where that has paid of late, since who
//! sleeps takes longer to wake than a small request takes to run.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// How long a thread spins before it sleeps.
const MOMENT: Duration = Duration::from_micros(25);
/// A sleep as short as this says that spinning would have met what came.
const SHORT_SLEEP: Duration = Duration::from_micros(80);
/// Looks between two looks at the clock.
const LOOKS: u32 = 16;

/// On one processor nothing comes while a thread spins.
static HAS_SEVERAL_PROCESSORS: LazyLock<bool> =
    LazyLock::new(|| std::thread::available_parallelism().is_ok_and(|count| count.get() > 1));

/// What one waiting thread has learnt from its last waits.
#[derive(Default)]
pub struct Linger {
    pays: bool,
}

impl Linger {
    /// Whether it is worth while to spin before the next sleep.
    pub fn pays(&self) -> bool {
        self.pays && *HAS_SEVERAL_PROCESSORS
    }

    /// Spins until `has_come` or the moment is over, and says which.
    pub fn spin(&mut self, has_come: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        loop {
            for _ in 0..LOOKS {
                if has_come() {
                    return true;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() >= MOMENT {
                self.pays = false;
                return false;
            }
        }
    }

    /// Takes note of a sleep that began at `start` and ended with what the thread waited for.
    pub fn slept_since(&mut self, start: Instant) {
        self.pays = start.elapsed() <= SHORT_SLEEP;
    }
}

/// The most waits that go by without spinning after it has not paid.
const LONGEST_PAUSE: u32 = 8191;
/// An answer that took longer came no sooner than to one who sleeps.
const LATE: Duration = Duration::from_micros(60);
/// Looks between two looks at the clock of one who lets others run meanwhile.
const YIELDING_LOOKS: u32 = 4;

/// What one thread has learnt from its waits for answers of other processes. It lets others run while it spins,
/// since the one that is to answer may need this processor. Where many others want it too, that takes longer
/// than sleeping: so it is tried, and the more often in vain, the more seldom.
#[derive(Default)]
pub struct Talk {
    /// How many waits go by before the next try.
    left: u32,
    /// How many will after the next vain one.
    pause: u32,
}

impl Talk {
    /// Spins until `has_come` or a moment is over, where that is worth a try; says whether it has come.
    pub fn spin(&mut self, has_come: impl Fn() -> bool) -> bool {
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        let start = Instant::now();
        let found = yield_until(start, has_come);
        let time = start.elapsed();
        if found && time < LATE {
            self.pause = 0;
        } else {
            // A wait without sleeping saves a microsecond or two: as many follow as make up for the loss.
            let loss = u32::try_from(time.as_micros()).unwrap_or(LONGEST_PAUSE);
            self.left = LONGEST_PAUSE.min(self.pause.max(loss));
            self.pause = LONGEST_PAUSE.min(self.pause * 2 + 1);
        }
        found
    }
}

fn yield_until(start: Instant, has_come: impl Fn() -> bool) -> bool {
    loop {
        for _ in 0..YIELDING_LOOKS {
            std::thread::yield_now();
            if has_come() {
                return true;
            }
        }
        if start.elapsed() >= MOMENT {
            return false;
        }
    }
}
