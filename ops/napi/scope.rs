//! Handle scopes that an add-on opens and closes.

use super::abi::{Out, Outcome, Param, Status, Value};
use super::call::napi;
use super::engine::HandleScope;
use super::env::Env;

impl Param for *mut HandleScope {
    fn check(&self) -> Outcome {
        if self.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

fn open(env: &Env, escapable: bool) -> *mut HandleScope {
    env.open_handle_scopes.set(env.open_handle_scopes.get() + 1);
    HandleScope::open(env.engine, escapable)
}

fn close(env: &Env, scope: *mut HandleScope) -> Outcome {
    let open = env.open_handle_scopes.get().checked_sub(1).ok_or(Status::HandleScopeMismatch)?;
    env.open_handle_scopes.set(open);
    HandleScope::close(scope);
    Ok(())
}

napi! {
    plain napi_open_handle_scope(env, scope, result: Out<*mut HandleScope>) {
        result.set(open(env, false));
    }

    plain napi_close_handle_scope(env, scope, handles: *mut HandleScope) {
        close(env, handles)?;
    }

    plain napi_open_escapable_handle_scope(env, scope, result: Out<*mut HandleScope>) {
        result.set(open(env, true));
    }

    plain napi_close_escapable_handle_scope(env, scope, handles: *mut HandleScope) {
        close(env, handles)?;
    }

    plain napi_escape_handle(env, scope, handles: *mut HandleScope, value: Value, result: Out<Value>) {
        result.set(HandleScope::escape(handles, value).ok_or(Status::EscapeCalledTwice)?);
    }
}
