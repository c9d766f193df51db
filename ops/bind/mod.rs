//! The border between JavaScript and Rust: how functions are exported, values converted, failures
//! reported, work handed to other threads and events brought back.

#![allow(unsafe_code)]

pub mod allocator;
pub mod async_task;
pub mod binding;
pub mod buffer;
pub mod call;
pub mod class;
pub mod code_cache;
pub mod convert;
pub mod deserializer;
pub mod diagnostic;
pub mod errno;
pub mod error;
pub mod fast;
pub mod full_heap;
pub mod gc;
pub mod guest;
pub mod handle;
pub mod interrupt;
pub mod linger;
pub mod memory;
pub mod name;
pub mod near_heap;
pub mod object;
pub mod outside;
pub mod path;
pub mod permission;
pub mod promise_hook;
pub mod readiness;
pub mod reenter;
pub mod remote;
pub mod script;
pub mod shared;
pub mod state;
pub mod task;
pub mod tracing_controller;
pub mod uncaught;
pub mod view;

pub use binding::{Binding, Exported};
pub use convert::{Bytes, IntoJs};
pub use error::SysError;
pub use path::PathArg;
pub use state::Host;
