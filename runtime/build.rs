//! Makes the start-up snapshot of release builds.

use std::path::Path;
use std::{env, fs, io};

#[path = "bootstrap.rs"]
#[allow(dead_code, reason = "the snapshot needs a part of it")]
mod bootstrap;
#[path = "isolate.rs"]
#[allow(dead_code, unreachable_pub, reason = "the snapshot needs a part of it")]
mod isolate;
#[path = "modules/mod.rs"]
mod modules;

/// What only the library has.
const LATE_BINDINGS: &[ironode_ops::bind::Binding] = &[];

fn main() -> io::Result<()> {
    for file in ["build.rs", "bootstrap.rs", "isolate.rs", "modules"] {
        println!("cargo::rerun-if-changed={file}");
    }
    // An executable at a fixed address needs no relocations at start-up, as the official build of Node.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let file = Path::new(&out).join("snapshot.bin");
    if env::var("CARGO_CFG_DEBUG_ASSERTIONS").is_ok() {
        return fs::write(file, []);
    }
    let snapshot = bootstrap::snapshot().map_err(io::Error::other)?;
    fs::write(file, snapshot)
}
