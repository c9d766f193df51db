//! The `stack` of errors, as `js/internal/errors.js` makes it.

use ironode_ops::bind::Host;

use super::shadow_realm;

/// The stack of an error of the current context; without a result, an exception is pending.
pub(crate) fn prepare<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    call_sites: v8::Local<'s, v8::Array>,
) -> Option<v8::Local<'s, v8::Value>> {
    let host = Host::of(scope);
    let prepare = match shadow_realm::hook(scope, "prepareStackTrace") {
        Some(hook) => hook,
        None => v8::Local::new(scope, &host.hooks()?.prepare_stack_trace),
    };
    let realm = scope.get_current_context().global(scope).into();
    let receiver = v8::undefined(scope).into();
    prepare.call(scope, receiver, &[realm, error, call_sites.into()])
}
