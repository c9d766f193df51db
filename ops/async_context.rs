//! The asynchronous context that V8 carries through promises.

use crate::bind::Binding;
use crate::bind::convert::{internalized, set};
use crate::binding;

/// `internalBinding('async_context')`: `get()`, the context of the running code, and `set(context)`.
pub const BINDING: Binding = binding! { "async_context", extend: extend };

/// Both are V8's own, which optimised code need not leave its frame for.
fn extend(scope: &mut v8::PinScope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
    let binding = v8::Local::new(scope, binding);
    let context = scope.get_current_context();
    let extras = context.get_extras_binding_object(scope);
    for (name, of_v8) in
        [("get", "getContinuationPreservedEmbedderData"), ("set", "setContinuationPreservedEmbedderData")]
    {
        let key = internalized(scope, of_v8);
        if let Some(function) = extras.get(scope, key.into()) {
            set(scope, binding, name, function);
        }
    }
}
