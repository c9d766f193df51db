//! Waiting for another thread: a moment without sleeping where that has paid of late, since a thread that
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
