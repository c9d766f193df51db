//! The asynchronous context that V8 carries through promises.

use crate::bind::Binding;
use crate::binding;

/// `internalBinding('async_context')`.
pub const BINDING: Binding = binding! { "async_context", raw: [get, set] };

/// The context of the running code.
fn get<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    rv.set(scope.get_continuation_preserved_embedder_data());
}

/// `set(context)`.
fn set<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    scope.set_continuation_preserved_embedder_data(args.get(0));
}
