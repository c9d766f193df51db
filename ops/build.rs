//! Tells the crate which C library it is built with.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=IRONODE_GLIBC_VERSION={}", glibc_version().unwrap_or_default());
}

/// The version of the GNU C library, where the machine has that one.
fn glibc_version() -> Option<String> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().strip_prefix("glibc ")?.to_owned())
}
