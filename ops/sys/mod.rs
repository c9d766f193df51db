//! The border with the system: safe functions over libc.

#![allow(unsafe_code)]

pub mod alarm;
pub mod datagram;
pub mod dotenv;
pub mod embedded;
pub mod fd;
pub mod file;
pub mod memory;
pub mod nghttp2;
pub mod openssl;
pub mod os;
pub mod process;
pub mod random;
pub mod resolve;
pub mod signal;
pub mod spawn;
pub mod sqlite;
mod stack;
pub mod terminal;
pub mod tiering;
pub mod tls;
pub mod zlib;
