//! Asynchronous resources of an add-on, and callbacks in them: what `async_hooks` and `AsyncLocalStorage` follow.

use super::abi::{Items, MaybeOut, MaybeValue, Out, Param, Scope, Status, Value, locals};
use super::addons::Addons;
use super::call::{napi, quietly};
use super::env::Env;
use crate::bind::call::drain_ticks;
use crate::bind::{Host, uncaught};

/// An asynchronous resource: `napi_async_context`.
#[derive(Clone)]
pub(super) struct AsyncContext {
    /// What JavaScript knows of it: see `js/internal/napi.js`.
    tracker: v8::Global<v8::Value>,
    /// The asynchronous context of the moment when it was made.
    stored: v8::Global<v8::Value>,
}

impl AsyncContext {
    /// Begins one. Without an object it has one of its own.
    pub(super) fn new<'s>(
        env: &Env,
        scope: &Scope<'s, '_>,
        resource: Option<v8::Local<'s, v8::Object>>,
        kind: v8::Local<'s, v8::String>,
    ) -> Result<Self, Status> {
        let addons = env.addons();
        let undefined: v8::Local<v8::Value> = v8::undefined(scope).into();
        let begin = v8::Local::new(scope, &addons.tools().begin);
        let resource = resource.map_or(undefined, Into::into);
        let tracker = begin.call(scope, undefined, &[resource, kind.into()]).ok_or(Status::GenericFailure)?;
        let stored = scope.get_continuation_preserved_embedder_data();
        Ok(AsyncContext { tracker: v8::Global::new(scope, tracker), stored: v8::Global::new(scope, stored) })
    }

    /// Ends it.
    pub(super) fn end(&self, scope: &mut Scope<'_, '_>) {
        let addons = Host::of(scope).extension::<Addons>();
        self.tell(scope, &addons.tools().end);
    }

    fn tell(&self, scope: &mut Scope<'_, '_>, what: &v8::Global<v8::Function>) {
        let what = v8::Local::new(scope, what);
        let tracker = v8::Local::new(scope, &self.tracker);
        let receiver = v8::undefined(scope).into();
        v8::tc_scope!(let caught, scope);
        if what.call(caught, receiver, &[tracker]).is_none() {
            uncaught::report_caught(caught);
        }
    }

    /// Enters it; the result is what [`AsyncContext::leave`] wants.
    fn enter(&self, scope: &mut Scope<'_, '_>) -> v8::Global<v8::Value> {
        let before = scope.get_continuation_preserved_embedder_data();
        let before = v8::Global::new(scope, before);
        let stored = v8::Local::new(scope, &self.stored);
        scope.set_continuation_preserved_embedder_data(stored);
        let host = Host::of(scope);
        if host.tracks_requests() {
            self.tell(scope, &host.extension::<Addons>().tools().before);
        }
        before
    }

    fn leave(&self, scope: &mut Scope<'_, '_>, before: &v8::Global<v8::Value>) {
        let host = Host::of(scope);
        if host.tracks_requests() && !host.is_exiting() {
            self.tell(scope, &host.extension::<Addons>().tools().after);
        }
        let before = v8::Local::new(scope, before);
        scope.set_continuation_preserved_embedder_data(before);
    }

    /// Runs `body` in it, in the middle of other JavaScript.
    fn run<R>(&self, scope: &mut Scope<'_, '_>, body: impl FnOnce(&mut Scope<'_, '_>) -> R) -> R {
        let before = self.enter(scope);
        let result = body(scope);
        self.leave(scope, &before);
        result
    }

    /// Runs `body` in it as an event of the loop, then the ticks and microtasks.
    pub(super) fn run_event(&self, scope: &mut Scope<'_, '_>, body: impl FnOnce(&mut Scope<'_, '_>)) {
        let host = Host::of(scope);
        if host.extension::<Addons>().is_closing() {
            return body(scope);
        }
        self.run(scope, body);
        drain_ticks(scope);
    }
}

/// A callback scope that an add-on has opened: `napi_callback_scope`.
pub(super) struct CallbackScope {
    context: *const AsyncContext,
    before: v8::Global<v8::Value>,
}

macro_rules! addresses {
    ($($type:ty),*) => {
        $(impl $crate::napi::abi::Param for *mut $type {
            fn check(&self) -> $crate::napi::abi::Outcome {
                if self.is_null() { Err($crate::napi::abi::Status::InvalidArg) } else { Ok(()) }
            }
        })*
    };
}

pub(super) use addresses;

addresses!(AsyncContext, CallbackScope);
impl Param for *const AsyncContext {}

fn at<'a>(context: *const AsyncContext) -> Option<&'a AsyncContext> {
    // SAFETY: the address is that of `napi_async_init`, and the add-on has not destroyed the context.
    unsafe { context.as_ref() }
}

napi! {
    plain napi_async_init(
        env, scope, resource: MaybeValue, name: Value, result: Out<*mut AsyncContext>
    ) {
        let resource = match resource.0 {
            Value::NONE => None,
            resource => Some(quietly(scope, |scope| resource.to_object(scope))?),
        };
        let name = name.local(scope)?;
        let name = quietly(scope, |scope| name.to_string(scope)).ok_or(Status::StringExpected)?;
        result.set(Box::into_raw(Box::new(AsyncContext::new(env, scope, resource, name)?)));
    }

    plain napi_async_destroy(env, scope, context: *mut AsyncContext) {
        // SAFETY: the address is that of `napi_async_init`, and the add-on gives it back here.
        let context = unsafe { Box::from_raw(context) };
        context.end(scope);
    }

    js napi_make_callback(
        env, scope, context: *const AsyncContext, receiver: Value, function: Value, count: usize,
        args: Items<Value>, result: MaybeOut<Value>
    ) {
        let args = locals(scope, args.slice(count)?)?;
        let receiver = receiver.to_object(scope)?;
        let function = function.function(scope)?;
        let value = match at(context) {
            Some(context) => {
                let before = context.enter(scope);
                let value = function.call(scope, receiver.into(), args);
                context.leave(scope, &before);
                value
            }
            None => function.call(scope, receiver.into(), args),
        };
        match value {
            Some(value) => result.set(Value::from(value)),
            None => return Err(Status::PendingException),
        }
    }

    plain napi_open_callback_scope(
        env, scope, resource: MaybeValue, context: *const AsyncContext, result: Out<*mut CallbackScope>
    ) {
        let entered = at(context).ok_or(Status::InvalidArg)?;
        let before = entered.enter(scope);
        env.open_callback_scopes.set(env.open_callback_scopes.get() + 1);
        result.set(Box::into_raw(Box::new(CallbackScope { context, before })));
    }

    plain napi_close_callback_scope(env, scope, callbacks: *mut CallbackScope) {
        let open = env.open_callback_scopes.get().checked_sub(1).ok_or(Status::CallbackScopeMismatch)?;
        env.open_callback_scopes.set(open);
        // SAFETY: the address is that of `napi_open_callback_scope`, and the add-on gives it back here.
        let callbacks = unsafe { Box::from_raw(callbacks) };
        if let Some(context) = at(callbacks.context) {
            context.leave(scope, &callbacks.before);
        }
    }
}
