//! Native half of `js/child_process.js`: new processes and what is said to and heard from them.

mod channel;
mod codec;
mod command;
mod process;
mod sync;

use crate::bind::Binding;
use crate::binding;
pub use channel::flush_channels;
use sync::spawn_sync;

/// `internalBinding('child_process')`: `spawnSync` and the classes [`ProcessHandle`](process::CLASS) and
/// [`ChannelHandle`](channel::CLASS).
pub const BINDING: Binding =
    binding! { "child_process", sync: [spawn_sync], extend: install, references: references };

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    channel::CLASS.install(scope, object);
    process::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    channel::CLASS.references().into_iter().chain(process::CLASS.references()).collect()
}
