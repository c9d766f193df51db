//! Microtasks and the promises that nobody handles.

use crate::bind::{Binding, Host, uncaught};
use crate::binding;

/// `internalBinding('task_queue')`.
pub const BINDING: Binding =
    binding! { "task_queue", raw: [run_microtasks, enqueue_microtask, trigger_uncaught, describe] };

/// Runs the microtasks until there are none.
fn run_microtasks<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    _: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    scope.perform_microtask_checkpoint();
}

/// `enqueueMicrotask(function)`.
fn enqueue_microtask<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) {
        scope.enqueue_microtask(function);
    }
}

/// `triggerUncaught(error, fromPromise)`: what happens when nobody caught `error`.
fn trigger_uncaught<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let from_promise = args.get(1).is_true();
    uncaught::uncaught(scope, args.get(0), None, from_promise);
}

/// `describe(value)`: a text for any value, made without running any of the program's code.
fn describe<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    if let Some(text) = args.get(0).to_detail_string(scope) {
        rv.set(text.into());
    }
}

/// V8's callback for promises rejected without a handler and handled late.
pub extern "C" fn on_promise_reject(message: v8::PromiseRejectMessage<'_>) {
    v8::callback_scope!(unsafe scope, &message);
    let host = Host::of(scope);
    let Some(hooks) = host.hooks() else { return };
    let event = message.get_event() as i32;
    let promise = message.get_promise();
    let value = message.get_value().unwrap_or_else(|| v8::undefined(scope).into());
    let event = v8::Integer::new(scope, event).into();
    let receiver = v8::undefined(scope).into();
    v8::tc_scope!(let caught, scope);
    let handler = v8::Local::new(caught, &hooks.on_promise_reject);
    handler.call(caught, receiver, &[event, promise.into(), value]);
    // Such as where the stack has no room for it.
    if let (false, Some(exception), Some(message)) =
        (caught.has_terminated(), caught.exception(), caught.message())
    {
        let place = uncaught::place(caught, message);
        let text = exception.to_detail_string(caught).map(|text| text.to_rust_string_lossy(caught));
        let text = format!("Exception in PromiseRejectCallback:\n{place}\n{}\n\n", text.unwrap_or_default());
        host.stdio.write_all(2, text.as_bytes());
    }
}
