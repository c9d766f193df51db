//! The table of error numbers, for `util.getSystemErrorMap()` and the errors that JavaScript makes.

use crate::bind::{Binding, errno};
use crate::binding;

/// `internalBinding('errno')`.
pub const BINDING: Binding = binding! { "errno", sync: [name, message, entries] };

/// The name of a negative error number; `undefined` where there is none.
fn name(number: i32) -> Option<&'static str> {
    errno::find(number).map(|row| row.1)
}

/// The description of a negative error number; `undefined` where there is none.
fn message(number: i32) -> Option<&'static str> {
    errno::find(number).map(|row| row.2)
}

/// All rows, as `[number, name, description]`.
fn entries() -> Vec<(i32, &'static str, &'static str)> {
    errno::TABLE.to_vec()
}
