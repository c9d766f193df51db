//! Primitive values, what is read from them, conversions, dates, promises and scripts.

use super::abi::{MaybeOut, Out, Param, Scope, Status, Value};
use super::call::napi;

/// `napi_valuetype`.
#[repr(i32)]
#[derive(Clone, Copy)]
pub(super) enum Type {
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Symbol,
    Object,
    Function,
    External,
    Bigint,
}

fn number(value: v8::Local<'_, v8::Value>) -> Result<v8::Local<'_, v8::Number>, Status> {
    value.try_into().map_err(|_| Status::NumberExpected)
}

fn bigint<'s>(scope: &Scope<'s, '_>, value: Value) -> Result<v8::Local<'s, v8::BigInt>, Status> {
    value.local(scope)?.try_into().map_err(|_| Status::BigintExpected)
}

/// The end of a promise: `napi_deferred`.
pub(super) type Deferred = *mut v8::Global<v8::PromiseResolver>;

impl Param for Deferred {
    fn check(&self) -> super::abi::Outcome {
        if self.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

/// Takes the end of a promise from the add-on, which uses it once.
fn conclude<'s>(scope: &Scope<'s, '_>, deferred: Deferred) -> v8::Local<'s, v8::PromiseResolver> {
    // SAFETY: the address is that of `napi_create_promise`, and the add-on gives it back here.
    let resolver = unsafe { Box::from_raw(deferred) };
    v8::Local::new(scope, *resolver)
}

/// A number of JavaScript's as V8 makes it an integer, which for one that is none or endless is 0.
fn finite(number: v8::Local<'_, v8::Number>) -> Option<f64> {
    Some(number.value()).filter(|value| value.is_finite())
}

napi! {
    plain napi_get_undefined(env, scope, result: Out<Value>) {
        result.put(v8::undefined(scope));
    }

    plain napi_get_null(env, scope, result: Out<Value>) {
        result.put(v8::null(scope));
    }

    plain napi_get_global(env, scope, result: Out<Value>) {
        result.put(scope.get_current_context().global(scope));
    }

    plain napi_get_boolean(env, scope, value: bool, result: Out<Value>) {
        result.put(v8::Boolean::new(scope, value));
    }

    plain napi_create_double(env, scope, value: f64, result: Out<Value>) {
        result.put(v8::Number::new(scope, value));
    }

    plain napi_create_int32(env, scope, value: i32, result: Out<Value>) {
        result.put(v8::Integer::new(scope, value));
    }

    plain napi_create_uint32(env, scope, value: u32, result: Out<Value>) {
        result.put(v8::Integer::new_from_unsigned(scope, value));
    }

    plain napi_create_int64(env, scope, value: i64, result: Out<Value>) {
        result.put(v8::Number::new(scope, value as f64));
    }

    plain napi_create_bigint_int64(env, scope, value: i64, result: Out<Value>) {
        result.put(v8::BigInt::new_from_i64(scope, value));
    }

    plain napi_create_bigint_uint64(env, scope, value: u64, result: Out<Value>) {
        result.put(v8::BigInt::new_from_u64(scope, value));
    }

    js napi_create_bigint_words(
        env, scope, sign: i32, count: usize, words: super::abi::Items<u64>, result: Out<Value>
    ) {
        if words.is_null() || count > i32::MAX as usize {
            return Err(Status::InvalidArg);
        }
        let words = words.slice(count)?;
        result.put(v8::BigInt::new_from_words(scope, sign != 0, words).ok_or(Status::GenericFailure)?);
    }

    plain napi_typeof(env, scope, value: Value, result: Out<Type>) {
        let value = value.local(scope)?;
        result.set(if value.is_number() {
            Type::Number
        } else if value.is_big_int() {
            Type::Bigint
        } else if value.is_string() {
            Type::String
        } else if value.is_function() {
            Type::Function
        } else if value.is_external() {
            Type::External
        } else if value.is_object() {
            Type::Object
        } else if value.is_boolean() {
            Type::Boolean
        } else if value.is_undefined() {
            Type::Undefined
        } else if value.is_symbol() {
            Type::Symbol
        } else if value.is_null() {
            Type::Null
        } else {
            return Err(Status::InvalidArg);
        });
    }

    plain napi_get_value_double(env, scope, value: Value, result: Out<f64>) {
        result.set(number(value.local(scope)?)?.value());
    }

    plain napi_get_value_int32(env, scope, value: Value, result: Out<i32>) {
        let number = number(value.local(scope)?)?;
        result.set(match finite(number) {
            Some(_) => number.int32_value(scope).unwrap_or(0),
            None => 0,
        });
    }

    plain napi_get_value_uint32(env, scope, value: Value, result: Out<u32>) {
        let number = number(value.local(scope)?)?;
        result.set(number.uint32_value(scope).unwrap_or(0));
    }

    plain napi_get_value_int64(env, scope, value: Value, result: Out<i64>) {
        let number = number(value.local(scope)?)?;
        result.set(finite(number).map_or(0, |value| value as i64));
    }

    plain napi_get_value_bool(env, scope, value: Value, result: Out<bool>) {
        let value = value.local(scope)?;
        if !value.is_boolean() {
            return Err(Status::BooleanExpected);
        }
        result.set(value.is_true());
    }

    plain napi_get_value_bigint_int64(env, scope, value: Value, result: Out<i64>, is_lossless: Out<bool>) {
        let (value, lossless) = bigint(scope, value)?.i64_value();
        result.set(value);
        is_lossless.set(lossless);
    }

    plain napi_get_value_bigint_uint64(env, scope, value: Value, result: Out<u64>, is_lossless: Out<bool>) {
        let (value, lossless) = bigint(scope, value)?.u64_value();
        result.set(value);
        is_lossless.set(lossless);
    }

    plain napi_get_value_bigint_words(
        env, scope, value: Value, sign: MaybeOut<i32>, count: MaybeOut<usize>, words: MaybeOut<u64>
    ) {
        let room = count.get().ok_or(Status::InvalidArg)?;
        let value = bigint(scope, value)?;
        if !sign.is_wanted() && !words.is_wanted() {
            count.set(value.word_count());
            return Ok(());
        }
        if !sign.is_wanted() || !words.is_wanted() {
            return Err(Status::InvalidArg);
        }
        let (is_negative, _) = value.to_words_array(words.slice(room));
        sign.set(i32::from(is_negative));
        // What does not fit is told as well.
        count.set(value.word_count());
    }

    js napi_coerce_to_bool(env, scope, value: Value, result: Out<Value>) {
        result.put(v8::Boolean::new(scope, value.local(scope)?.boolean_value(scope)));
    }

    js napi_coerce_to_number(env, scope, value: Value, result: Out<Value>) {
        result.put(value.local(scope)?.to_number(scope).ok_or(Status::NumberExpected)?);
    }

    js napi_coerce_to_object(env, scope, value: Value, result: Out<Value>) {
        result.put(value.to_object(scope)?);
    }

    js napi_coerce_to_string(env, scope, value: Value, result: Out<Value>) {
        result.put(value.local(scope)?.to_string(scope).ok_or(Status::StringExpected)?);
    }

    js napi_strict_equals(env, scope, left: Value, right: Value, result: Out<bool>) {
        result.set(left.local(scope)?.strict_equals(right.local(scope)?));
    }

    js napi_create_date(env, scope, time: f64, result: Out<Value>) {
        result.put(v8::Date::new(scope, time).ok_or(Status::GenericFailure)?);
    }

    plain napi_is_date(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_date());
    }

    js napi_get_date_value(env, scope, value: Value, result: Out<f64>) {
        let date = v8::Local::<v8::Date>::try_from(value.local(scope)?).map_err(|_| Status::DateExpected)?;
        result.set(date.value_of());
    }

    js napi_create_promise(env, scope, deferred: Out<Deferred>, promise: Out<Value>) {
        let resolver = v8::PromiseResolver::new(scope).ok_or(Status::GenericFailure)?;
        promise.put(resolver.get_promise(scope));
        deferred.set(Box::into_raw(Box::new(v8::Global::new(scope, resolver))));
    }

    js napi_resolve_deferred(env, scope, deferred: Deferred, value: Value) {
        let value = value.local(scope)?;
        conclude(scope, deferred).resolve(scope, value).ok_or(Status::GenericFailure)?;
    }

    js napi_reject_deferred(env, scope, deferred: Deferred, value: Value) {
        let value = value.local(scope)?;
        conclude(scope, deferred).reject(scope, value).ok_or(Status::GenericFailure)?;
    }

    plain napi_is_promise(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_promise());
    }

    js napi_run_script(env, scope, script: Value, result: Out<Value>) {
        let source = script.string(scope)?;
        v8::tc_scope!(let caught, scope);
        let script = v8::Script::compile(caught, source, None);
        match script.and_then(|script| script.run(caught)) {
            Some(value) => result.put(value),
            None => {
                // The exception is kept here, so that the status stays what it is.
                if !caught.has_terminated() && let Some(exception) = caught.exception() {
                    env.set_exception(caught, exception);
                }
                caught.reset();
                return Err(Status::GenericFailure);
            }
        }
    }
}
