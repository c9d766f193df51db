//! How a function of Node-API is entered and left.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::abi::{Outcome, Scope, Status};
use super::env::Env;

/// Exports functions of Node-API: `plain name(env, scope, argument: type, ...) { body }`. What comes before the
/// name says how it is entered, which is the function of that name in this file. Every parameter is checked before
/// the body, which may end early with `?` and a [`Status`]; a panic in it becomes `napi_generic_failure`.
macro_rules! napi {
    ($($kind:ident $name:ident($env:ident, $scope:ident $(, $arg:ident: $type:ty)* $(,)?) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        pub(super) extern "C" fn $name(env: *mut $crate::napi::env::Env $(, $arg: $type)*) -> $crate::napi::abi::Status {
            $crate::napi::call::$kind(env, |$env, $scope| {
                let _ = (&$env, &$scope);
                $($crate::napi::abi::Param::check(&$arg)?;)*
                $body
                Ok(())
            })
        }
    )*};
}

pub(super) use napi;

/// A function that neither runs JavaScript nor makes values: finalizers may call it while the garbage collector
/// waits.
pub(super) fn basic(env: *mut Env, body: impl FnOnce(&Env, ()) -> Outcome) -> Status {
    let Some(env) = Env::at(env) else { return Status::InvalidArg };
    env.note(guarded(|| body(env, ())))
}

/// A function that makes or reads values.
pub(super) fn plain(env: *mut Env, body: impl FnOnce(&Env, &mut Scope<'_, '_>) -> Outcome) -> Status {
    let Some(env) = Env::at(env) else { return Status::InvalidArg };
    env.check_heap_access();
    env.note(guarded(|| env.in_scope(|scope| body(env, scope))))
}

/// A function that may run JavaScript: not while something thrown is on its way. What is thrown in it waits until the
/// add-on returns.
pub(super) fn js(env: *mut Env, body: impl FnOnce(&Env, &mut Scope<'_, '_>) -> Outcome) -> Status {
    let Some(env) = Env::at(env) else { return Status::InvalidArg };
    env.check_heap_access();
    if env.has_exception() {
        return env.note(Err(Status::PendingException));
    }
    if !env.can_call() {
        return env.note(Err(env.cannot_run()));
    }
    env.note(guarded(|| {
        env.in_scope(|scope| {
            v8::tc_scope!(let caught, scope);
            let outcome = body(env, caught);
            if !caught.has_caught() {
                return outcome;
            }
            if !caught.has_terminated()
                && let Some(exception) = caught.exception()
            {
                env.set_exception(caught, exception);
            }
            // What was found out about an argument says more than that something was thrown.
            Err(match outcome {
                Ok(()) | Err(Status::GenericFailure | Status::InvalidArg) => Status::PendingException,
                Err(status) => status,
            })
        })
    }))
}

fn guarded(body: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(Status::GenericFailure))
}

/// Runs what may throw where nothing thrown is to be kept.
pub(super) fn quietly<'s, R>(scope: &mut Scope<'s, '_>, body: impl FnOnce(&mut Scope<'s, '_>) -> R) -> R {
    v8::tc_scope!(let caught, scope);
    body(caught)
}
