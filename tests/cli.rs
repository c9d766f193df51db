//! The command line behaves as Node's: options, entry points, exit codes, and how uncaught errors are printed.

mod support;

use libtest_mimic::Arguments;
use support::Suite;

fn main() {
    let suite = Suite {
        programs: &["fixtures/programs/cli"],
        golden: "cli",
        repeats: 1,
        repeats_recording: 3,
        packages: &[],
    };
    libtest_mimic::run(&Arguments::from_args(), suite.trials()).exit();
}
