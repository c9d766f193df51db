//! Functions that optimised JavaScript calls without leaving its own frame. V8 does not allow them in
//! a start-up snapshot, so a binding of them is asked for when the program runs, and a program that is kept in
//! a snapshot has only the slow ones.

use std::panic::{AssertUnwindSafe, catch_unwind};

use v8::fast_api::{CFunction, FastApiOneByteString};

use super::{Exported, Host};

/// Adds a function to a binding object: V8 calls `fast` where the types of the arguments are known to
/// be its own, and `exported` everywhere else.
pub fn install(
    scope: &mut v8::PinScope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
    exported: Exported,
    fast: &'static [CFunction],
) {
    let key = exported.key(scope);
    let builder = v8::FunctionTemplate::builder_raw(exported.callback);
    let template = match Host::of(scope).config.builds_snapshot {
        true => builder.build(scope),
        false => builder.build_fast(scope, fast),
    };
    if let Some(function) = template.get_function(scope) {
        function.set_name(key);
        object.create_data_property(scope, key.into(), function.into());
    }
}

/// Runs the body of a fast function, which has nowhere to report a panic to: it gives `R`'s default.
pub fn guard<R: Default>(body: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_default()
}

/// The characters of a string argument, for the duration of the call.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "only V8 makes such a pointer, for a call of its own")]
pub fn with_text<R>(text: *const FastApiOneByteString, read: impl FnOnce(&[u8]) -> R) -> R {
    // SAFETY: V8 passes a valid pointer, and no garbage collection moves the string meanwhile.
    read(unsafe { &*text }.as_bytes())
}
