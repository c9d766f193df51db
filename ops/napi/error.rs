//! Errors: made, thrown, asked for.

use std::ffi::c_char;

use super::abi::{ErrorInfo, Items, MaybeText, MaybeValue, Out, Scope, Status, Text, Value};
use super::addons;
use super::call::napi;
use super::env::Env;
use super::text;
use crate::bind::convert::{internalized, string};
use crate::bind::uncaught;

type Make = for<'s> fn(&Scope<'s, '_>, v8::Local<'s, v8::String>) -> v8::Local<'s, v8::Value>;

fn error<'s>(scope: &Scope<'s, '_>, message: v8::Local<'s, v8::String>) -> v8::Local<'s, v8::Value> {
    v8::Exception::error(scope, message)
}

fn type_error<'s>(scope: &Scope<'s, '_>, message: v8::Local<'s, v8::String>) -> v8::Local<'s, v8::Value> {
    v8::Exception::type_error(scope, message)
}

fn range_error<'s>(scope: &Scope<'s, '_>, message: v8::Local<'s, v8::String>) -> v8::Local<'s, v8::Value> {
    v8::Exception::range_error(scope, message)
}

fn syntax_error<'s>(scope: &Scope<'s, '_>, message: v8::Local<'s, v8::String>) -> v8::Local<'s, v8::Value> {
    v8::Exception::syntax_error(scope, message)
}

fn with_code<'s>(
    scope: &Scope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    code: Option<v8::Local<'s, v8::Value>>,
) -> Result<v8::Local<'s, v8::Value>, Status> {
    if let (Some(code), Ok(object)) = (code, v8::Local::<v8::Object>::try_from(error)) {
        let key = internalized(scope, "code").into();
        object.set(scope, key, code).ok_or(Status::GenericFailure)?;
    }
    Ok(error)
}

/// An error of a code and a message that are JavaScript's strings.
fn create<'s>(
    scope: &Scope<'s, '_>,
    make: Make,
    code: MaybeValue,
    message: Value,
) -> Result<v8::Local<'s, v8::Value>, Status> {
    let message = message.string(scope)?;
    let code = match code.0 {
        Value::NONE => None,
        code => Some(code.string(scope)?.into()),
    };
    let error = make(scope, message);
    with_code(scope, error, code)
}

/// Throws an error of a code and a message that are C's texts.
fn throw(
    env: &Env,
    scope: &Scope<'_, '_>,
    make: Make,
    code: &MaybeText,
    message: &Text,
) -> super::abi::Outcome {
    let message = text::utf8(scope, message.bytes(), v8::NewStringType::Normal)?;
    let code = match code.bytes() {
        Some(code) => Some(text::utf8(scope, code, v8::NewStringType::Normal)?.into()),
        None => None,
    };
    let error = make(scope, message);
    let error = with_code(scope, error, code)?;
    env.set_exception(scope, error);
    Ok(())
}

/// Throws a `RangeError` with a code, for a mistake in an add-on's arguments.
pub(super) fn throw_range_error(
    env: &Env,
    scope: &Scope<'_, '_>,
    code: &str,
    message: &str,
) -> super::abi::Outcome {
    let error = range_error(scope, string(scope, message));
    let code = string(scope, code).into();
    let error = with_code(scope, error, Some(code))?;
    env.set_exception(scope, error);
    Ok(())
}

/// The same with a `TypeError`.
pub(super) fn throw_type_error(
    env: &Env,
    scope: &Scope<'_, '_>,
    code: &str,
    message: &str,
) -> super::abi::Outcome {
    let error = type_error(scope, string(scope, message));
    let code = string(scope, code).into();
    let error = with_code(scope, error, Some(code))?;
    env.set_exception(scope, error);
    Ok(())
}

napi! {
    plain napi_create_error(env, scope, code: MaybeValue, message: Value, result: Out<Value>) {
        result.put(create(scope, error, code, message)?);
    }

    plain napi_create_type_error(env, scope, code: MaybeValue, message: Value, result: Out<Value>) {
        result.put(create(scope, type_error, code, message)?);
    }

    plain napi_create_range_error(env, scope, code: MaybeValue, message: Value, result: Out<Value>) {
        result.put(create(scope, range_error, code, message)?);
    }

    plain node_api_create_syntax_error(env, scope, code: MaybeValue, message: Value, result: Out<Value>) {
        result.put(create(scope, syntax_error, code, message)?);
    }

    js napi_throw(env, scope, error: Value) {
        env.set_exception(scope, error.local(scope)?);
    }

    js napi_throw_error(env, scope, code: MaybeText, message: Text) {
        throw(env, scope, error, &code, &message)?;
    }

    js napi_throw_type_error(env, scope, code: MaybeText, message: Text) {
        throw(env, scope, type_error, &code, &message)?;
    }

    js napi_throw_range_error(env, scope, code: MaybeText, message: Text) {
        throw(env, scope, range_error, &code, &message)?;
    }

    js node_api_throw_syntax_error(env, scope, code: MaybeText, message: Text) {
        throw(env, scope, syntax_error, &code, &message)?;
    }

    plain napi_is_error(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_native_error());
    }

    basic napi_is_exception_pending(env, scope, result: Out<bool>) {
        result.set(env.has_exception());
    }

    plain napi_get_and_clear_last_exception(env, scope, result: Out<Value>) {
        let exception = env.take_exception(scope);
        result.put(exception.unwrap_or_else(|| v8::undefined(scope).into()));
    }

    js napi_fatal_exception(env, scope, error: Value) {
        let error = error.local(scope)?;
        uncaught::uncaught(scope, error, None, false);
    }
}

/// How the last function has ended. It is the one that does not become the last itself.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_get_last_error_info(env: *mut Env, result: Out<*const ErrorInfo>) -> Status {
    let Some(env) = Env::at(env) else { return Status::InvalidArg };
    match super::abi::Param::check(&result) {
        Ok(()) => {
            result.set(env.last_error());
            Status::Ok
        }
        Err(status) => env.note(Err(status)),
    }
}

/// Ends the process.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_fatal_error(
    location: Items<u8>,
    location_length: usize,
    message: Items<u8>,
    message_length: usize,
) -> ! {
    let text = |items: Items<u8>, length| {
        String::from_utf8_lossy(items.text(length).unwrap_or_default()).into_owned()
    };
    addons::fatal(&text(location, location_length), &text(message, message_length))
}

/// A text of C's that never changes.
pub(super) const fn constant(text: &'static std::ffi::CStr) -> *const c_char {
    text.as_ptr()
}
