//! JavaScript functions that are told about the lives of promises.

use std::cell::RefCell;

/// The functions for a promise's beginning, before and after its reactions, and for its end.
#[derive(Default)]
struct Hooks(RefCell<[Option<v8::Global<v8::Function>>; 4]>);

const INIT: usize = 0;
const BEFORE: usize = 1;
const AFTER: usize = 2;
const SETTLED: usize = 3;

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
    super::call::call_reporting(scope, function, receiver, if index == INIT { &args } else { &args[..1] });
}
