//! Native half of `js/net.js`: streams over descriptors, TCP sockets, local sockets and pipes.

mod address;
mod connections;
mod input;
mod output;
mod pipe;
mod shared;
pub mod stream;
mod tcp;

use crate::bind::Binding;
use crate::binding;

use address::{in_subnet, parse_address};

pub use shared::Shared;

/// `internalBinding('net')`: the classes `TcpHandle` and `PipeHandle`, and arithmetic of addresses.
/// Methods that can fail return 0 or a negative error number.
pub const BINDING: Binding = binding! {
    "net",
    sync: [parse_address, in_subnet],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    tcp::CLASS.install(scope, object);
    pipe::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    [tcp::CLASS.references(), pipe::CLASS.references()].concat()
}
