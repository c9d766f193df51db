//! SQLite's values as JavaScript's and back.

use std::mem::MaybeUninit;

use crate::bind::buffer::{uninitialized_array_buffer, with_bytes, with_bytes_mut};
use crate::bind::convert::{string_from_bytes, uint8_array};
use crate::bind::error::ErrorClass;
use crate::sys::sqlite::{Reply, Statement, Value};

use super::failed::Failed;

/// Up to how many bytes a text is given to SQLite without memory of its own.
const SHORT: usize = 512;

/// The largest integer below which all are numbers, too.
const MAX_SAFE: i64 = (1 << 53) - 1;

/// An integer: a number, or a BigInt where that is asked for.
pub(super) fn integer<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: i64,
    big: bool,
) -> Result<v8::Local<'s, v8::Value>, Failed> {
    if big {
        return Ok(v8::BigInt::new_from_i64(scope, value).into());
    }
    if let Ok(small) = i32::try_from(value) {
        return Ok(v8::Integer::new(scope, small).into());
    }
    if value.abs() <= MAX_SAFE {
        return Ok(v8::Number::new(scope, value as f64).into());
    }
    let message = format!("Value is too large to be represented as a JavaScript number: {value}");
    Err(Failed::Node(ErrorClass::Range, Some("ERR_OUT_OF_RANGE"), message))
}

/// A column or an argument for JavaScript.
pub(super) fn to_js<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    value: Value<'_>,
    big: bool,
) -> Result<v8::Local<'s, v8::Value>, Failed> {
    Ok(match value {
        Value::Null => v8::null(scope).into(),
        Value::Integer(value) => return integer(scope, value, big),
        Value::Real(value) => v8::Number::new(scope, value).into(),
        Value::Text(bytes) if bytes.is_ascii() => {
            let text = v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal);
            text.unwrap_or_else(|| v8::String::empty(scope)).into()
        }
        Value::Text(bytes) => string_from_bytes(scope, bytes).into(),
        Value::Blob(bytes) => copied(scope, bytes).into(),
    })
}

/// A `Uint8Array` of the same bytes.
fn copied<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: &[u8]) -> v8::Local<'s, v8::Uint8Array> {
    let buffer = uninitialized_array_buffer(scope, bytes.len(), 0);
    let array = buffer.and_then(|buffer| v8::Uint8Array::new(scope, buffer, 0, bytes.len()));
    let Some(array) = array else { return uint8_array(scope, bytes.to_vec()) };
    with_bytes_mut(array.into(), |room| room.copy_from_slice(bytes));
    array
}

/// Whether a value is taken for its bytes.
pub(super) fn is_blob(value: v8::Local<'_, v8::Value>) -> bool {
    value.is_array_buffer_view() || value.is_array_buffer()
}

/// Gives the parameter `index` a value of JavaScript's.
pub(super) fn bind(
    scope: &mut v8::PinScope<'_, '_>,
    statement: &Statement,
    index: i32,
    value: v8::Local<'_, v8::Value>,
) -> Result<(), Failed> {
    if value.is_number() {
        let number = value.number_value(scope).unwrap_or(f64::NAN);
        statement.bind(index, &Value::Real(number))?;
    } else if let Ok(text) = v8::Local::<v8::String>::try_from(value) {
        let mut room = [MaybeUninit::uninit(); SHORT];
        let text = text.to_rust_cow_lossy(scope, &mut room);
        statement.bind(index, &Value::Text(text.as_bytes()))?;
    } else if value.is_null_or_undefined() {
        statement.bind(index, &Value::Null)?;
    } else if value.is_boolean() {
        statement.bind(index, &Value::Integer(i64::from(value.is_true())))?;
    } else if let Ok(big) = v8::Local::<v8::BigInt>::try_from(value) {
        let (number, true) = big.i64_value() else {
            let message = "BigInt value is too large to bind.".to_owned();
            return Err(Failed::Node(ErrorClass::Type, Some("ERR_INVALID_ARG_VALUE"), message));
        };
        statement.bind(index, &Value::Integer(number))?;
    } else if is_blob(value) {
        with_bytes(value, |bytes| statement.bind(index, &Value::Blob(bytes)))?;
    } else {
        let message = format!("Provided value cannot be bound to SQLite parameter {index}.");
        return Err(Failed::argument(message));
    }
    Ok(())
}

/// Gives SQLite what a function of the program's has returned.
pub(super) fn reply_with(
    scope: &mut v8::PinScope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    reply: &Reply,
) -> Result<(), Failed> {
    if value.is_null_or_undefined() {
        reply.give(&Value::Null);
    } else if value.is_number() {
        reply.give(&Value::Real(value.number_value(scope).unwrap_or(f64::NAN)));
    } else if let Ok(text) = v8::Local::<v8::String>::try_from(value) {
        let mut room = [MaybeUninit::uninit(); SHORT];
        let text = text.to_rust_cow_lossy(scope, &mut room);
        reply.give(&Value::Text(text.as_bytes()));
    } else if let Ok(big) = v8::Local::<v8::BigInt>::try_from(value) {
        match big.i64_value() {
            (number, true) => reply.give(&Value::Integer(number)),
            _ => reply.fail("BigInt value is too large for SQLite"),
        }
    } else if is_blob(value) {
        with_bytes(value, |bytes| reply.give(&Value::Blob(bytes)));
    } else if value.is_promise() {
        reply.fail("Asynchronous user-defined functions are not supported");
    } else {
        reply.fail("Returned JavaScript value cannot be converted to a SQLite value");
    }
    Ok(())
}
