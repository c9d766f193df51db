//! The order of ticks, microtasks, timers, immediates, completions and ends is Node's, run after run.

mod support;

use libtest_mimic::Arguments;
use support::Suite;

fn main() {
    // IRONODE_REPEATS=3 is for machines that are short of time.
    let repeats = std::env::var("IRONODE_REPEATS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let suite = Suite {
        programs: &["fixtures/programs/event_loop"],
        golden: "event_loop",
        repeats,
        repeats_recording: 20,
        packages: &[],
    };
    libtest_mimic::run(&Arguments::from_args(), suite.trials()).exit();
}
