//! Native half of `js/child_process.js`: new processes and what is said to and heard from them.

mod command;
mod sync;

use crate::bind::Binding;
use crate::binding;
use sync::spawn_sync;

/// `internalBinding('child_process')`.
pub const BINDING: Binding = binding! { "child_process", sync: [spawn_sync] };
