//! Random bytes from the system.

use rustix::rand::{GetRandomFlags, getrandom};

/// Fills `bytes` with what nobody can guess; where the system refuses, it returns false.
pub fn fill(bytes: &mut [u8]) -> bool {
    let mut filled = 0;
    while filled < bytes.len() {
        match getrandom(&mut bytes[filled..], GetRandomFlags::empty()) {
            Ok(count) => filled += count,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
    true
}
