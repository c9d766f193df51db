//! Popular npm packages do under Ironode what they do under real Node: `tests/packages/NAME.js` uses one in
//! earnest, `NAME.toml` runs tools as their users do. `support/packages.rs` says how they are installed; without
//! them every trial is ignored.

mod support;

use libtest_mimic::Arguments;
use support::Suite;

fn main() {
    let suite = Suite {
        programs: &["tests/packages"],
        golden: "packages",
        repeats: 1,
        repeats_recording: 2,
        packages: &["*"],
    };
    libtest_mimic::run(&Arguments::from_args(), suite.trials()).exit();
}
