//! SQLite's values as JavaScript's and back.

use std::mem::MaybeUninit;

use crate::bind::buffer::with_bytes;
use crate::bind::convert::{string_from_bytes, uint8_array};
use crate::bind::error::ErrorClass;
use crate::sys::sqlite::{Answer, Statement, Value};

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
        Value::Text(bytes) => string_from_bytes(scope, bytes).into(),
        Value::Blob(bytes) => uint8_array(scope, bytes.to_vec()).into(),
    })
}

/// The bytes of a buffer or of a view of one.
fn blob(value: v8::Local<'_, v8::Value>) -> Option<Vec<u8>> {
    is_blob(value).then(|| with_bytes(value, <[u8]>::to_vec))
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

/// What a function of the program's has returned, for SQLite.
pub(super) fn answer(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Answer {
    if value.is_null_or_undefined() {
        Answer::Null
    } else if value.is_number() {
        Answer::Real(value.number_value(scope).unwrap_or(f64::NAN))
    } else if value.is_string() {
        Answer::Text(value.to_rust_string_lossy(scope))
    } else if let Ok(big) = v8::Local::<v8::BigInt>::try_from(value) {
        match big.i64_value() {
            (number, true) => Answer::Integer(number),
            _ => Answer::Error("BigInt value is too large for SQLite".to_owned()),
        }
    } else if let Some(bytes) = blob(value) {
        Answer::Blob(bytes)
    } else if value.is_promise() {
        Answer::Error("Asynchronous user-defined functions are not supported".to_owned())
    } else {
        Answer::Error("Returned JavaScript value cannot be converted to a SQLite value".to_owned())
    }
}
