//! JavaScript functions that are told about the lives of promises.

use std::cell::RefCell;

use super::uncaught::{Caught, report_caught};

/// The functions for a promise's beginning, before and after its reactions, and for its end.
#[derive(Default)]
struct Hooks(RefCell<[Option<v8::Global<v8::Function>>; 4]>);

const INIT: usize = 0;
const BEFORE: usize = 1;
const AFTER: usize = 2;
const SETTLED: usize = 3;

/// Forgets the functions of an isolate that is to be kept in a snapshot.
pub fn forget(isolate: &mut v8::Isolate) {
    isolate.remove_slot::<Hooks>();
}

/// Sets the four functions; what is no function is none.
pub fn set(scope: &mut v8::PinScope<'_, '_>, functions: [v8::Local<'_, v8::Value>; 4]) {
    let functions = functions.map(|function| {
        let function = v8::Local::<v8::Function>::try_from(function).ok()?;
        Some(v8::Global::new(scope, function))
    });
    if let Some(hooks) = scope.get_slot::<Hooks>() {
        hooks.0.replace(functions);
    } else {
        scope.set_slot(Hooks(RefCell::new(functions)));
        scope.set_promise_hook(on_promise);
    }
}

extern "C" fn on_promise(
    kind: v8::PromiseHookType,
    promise: v8::Local<'_, v8::Promise>,
    parent: v8::Local<'_, v8::Value>,
) {
    let index = match kind {
        v8::PromiseHookType::Init => INIT,
        v8::PromiseHookType::Before => BEFORE,
        v8::PromiseHookType::After => AFTER,
        v8::PromiseHookType::Resolve => SETTLED,
    };
    // SAFETY: V8 calls back with a live promise of the current isolate.
    v8::callback_scope!(unsafe scope, promise);
    let function = scope.get_slot::<Hooks>().and_then(|hooks| hooks.0.borrow()[index].clone());
    let Some(function) = function else { return };
    let context = scope.get_current_context();
    let scope = &mut v8::ContextScope::new(scope, context);
    let function = v8::Local::new(scope, function);
    let receiver = v8::undefined(scope).into();
    let promise = v8::Local::new(scope, promise).into();
    let parent = v8::Local::new(scope, parent);
    let args = [promise, parent];
    v8::tc_scope!(let caught, scope);
    let result = function.call(caught, receiver, if index == INIT { &args } else { &args[..1] });
    // Where there is no room for a hook, the program has the same error at its next call, and can catch it.
    if result.is_none() && !has_full_stack(caught) {
        report_caught(caught);
    }
}

/// Whether an exception is V8's for a full stack. Nothing can be called to find out.
fn has_full_stack(caught: &mut Caught<'_, '_, '_, '_>) -> bool {
    let Some(exception) = caught.exception().filter(|exception| exception.is_native_error()) else {
        return false;
    };
    let (Some(error), Some(key)) = (exception.to_object(caught), v8::String::new(caught, "message")) else {
        return false;
    };
    let text = error.get(caught, key.into()).filter(|text| text.is_string());
    text.is_some_and(|text| text.to_rust_string_lossy(caught) == "Maximum call stack size exceeded")
}
