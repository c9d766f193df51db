//! Native half of `js/net.js`: streams over descriptors, TCP sockets, local sockets and pipes.

pub(crate) mod address;
mod block_list;
mod connections;
mod input;
mod message;
pub mod output;
mod pipe;
mod shared;
pub mod stream;
mod tcp;

use crate::bind::Binding;
use crate::binding;
use crate::sys::fd::{self, Kind};

use address::parse_address;

pub use shared::Shared;

/// `internalBinding('net')`: the classes `TcpHandle` and `PipeHandle`, `BlockListRules`, and what
/// is known of descriptors and addresses.
/// Methods that can fail return 0 or a negative error number.
pub const BINDING: Binding = binding! {
    "net",
    sync: [kind_of, parse_address],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    tcp::CLASS.install(scope, object);
    pipe::CLASS.install(scope, object);
    block_list::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    [tcp::CLASS.references(), pipe::CLASS.references(), block_list::CLASS.references()].concat()
}

/// `kindOf(fd)`: what the descriptor is connected to.
fn kind_of(number: i32) -> &'static str {
    match fd::kind(number) {
        Kind::Tty => "TTY",
        Kind::File => "FILE",
        Kind::Pipe => "PIPE",
        Kind::Tcp => "TCP",
        Kind::Udp => "UDP",
        Kind::Unknown => "UNKNOWN",
        Kind::Invalid => "INVALID",
    }
}
