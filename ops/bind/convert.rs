//! Values across the border: arguments into Rust, results into JavaScript.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::rc::Rc;

use super::permission::Denied;
use super::{Host, SysError};

/// A Rust argument of an exported function. Most take the JavaScript argument at `index` and advance
/// it; some ([`Rc<Host>`]) come from the runtime and take none. JavaScript has validated before the
/// call, so that a value of another type gives the type's empty value rather than an error.
pub trait Arg: Sized {
    /// Takes this argument from the call; the error where the program may not call with it.
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied>;
}

/// A conversion of one JavaScript value.
pub trait FromJs: Sized {
    /// Converts `value`.
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self;
}

impl<T: FromJs> Arg for T {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        let value = args.get(*index);
        *index += 1;
        Ok(T::from_js(scope, value))
    }
}

impl Arg for Rc<Host> {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        _: &v8::FunctionCallbackArguments<'_>,
        _: &mut i32,
    ) -> Result<Self, Denied> {
        Ok(Host::of(scope))
    }
}

impl FromJs for bool {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        value.boolean_value(scope)
    }
}

impl FromJs for i32 {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        value.int32_value(scope).unwrap_or(0)
    }
}

impl FromJs for u32 {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        value.uint32_value(scope).unwrap_or(0)
    }
}

impl FromJs for i64 {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        match v8::Local::<v8::BigInt>::try_from(value) {
            Ok(big) => big.i64_value().0,
            Err(_) => value.integer_value(scope).unwrap_or(0),
        }
    }
}

impl FromJs for f64 {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        value.number_value(scope).unwrap_or(0.0)
    }
}

impl FromJs for String {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        value.to_rust_string_lossy(scope)
    }
}

impl<T: FromJs> FromJs for Option<T> {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        (!value.is_null_or_undefined()).then(|| T::from_js(scope, value))
    }
}

impl<T: FromJs> FromJs for Vec<T> {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let Ok(array) = v8::Local::<v8::Array>::try_from(value) else { return Vec::new() };
        let items = (0..array.length()).filter_map(|i| array.get_index(scope, i));
        let items: Vec<_> = items.collect();
        items.into_iter().map(|item| T::from_js(scope, item)).collect()
    }
}

/// Bytes given as a string (its UTF-8) or as any view of a buffer (a copy), or returned as a
/// `Uint8Array` over memory that is handed over without a copy.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl FromJs for Bytes {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        if value.is_array_buffer_view() {
            return Bytes(super::buffer::with_bytes(value, <[u8]>::to_vec));
        }
        Bytes(value.to_rust_string_lossy(scope).into_bytes())
    }
}

/// A string as JavaScript has it, also one that is no Unicode text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct CodeUnits(pub Vec<u16>);

impl FromJs for CodeUnits {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let Some(string) = value.to_string(scope) else { return Self::default() };
        let mut units = vec![0; string.length()];
        string.write_v2(scope, 0, &mut units, v8::WriteFlags::empty());
        CodeUnits(units)
    }
}

/// What an exported function returns. The error is the exception to throw.
pub trait IntoJs {
    /// Converts the value; `Err` holds a JavaScript exception.
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>;
}

type Converted<'s> = Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>;

macro_rules! into_js {
    ($($type:ty, |$scope:ident, $value:ident| $make:expr;)*) => {$(
        impl IntoJs for $type {
            fn into_js<'s>(self, $scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
                let $value = self;
                Ok($make.into())
            }
        }
    )*};
}

into_js! {
    (), |scope, _value| v8::undefined(scope);
    bool, |scope, value| v8::Boolean::new(scope, value);
    i32, |scope, value| v8::Integer::new(scope, value);
    u32, |scope, value| v8::Integer::new_from_unsigned(scope, value);
    f64, |scope, value| v8::Number::new(scope, value);
    i64, |scope, value| v8::Number::new(scope, value as f64);
    u64, |scope, value| v8::Number::new(scope, value as f64);
    usize, |scope, value| v8::Number::new(scope, value as f64);
    &str, |scope, value| string(scope, value);
    String, |scope, value| string(scope, &value);
    Bytes, |scope, value| uint8_array(scope, value.0);
    CodeUnits, |scope, value| {
        v8::String::new_from_two_byte(scope, &value.0, v8::NewStringType::Normal)
            .unwrap_or_else(|| v8::String::empty(scope))
    };
    PathBuf, |scope, value| string_from_bytes(scope, value.as_os_str().as_bytes());
    &OsStr, |scope, value| string_from_bytes(scope, value.as_bytes());
}

impl<T: IntoJs> IntoJs for Option<T> {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        match self {
            Some(value) => value.into_js(scope),
            None => Ok(v8::undefined(scope).into()),
        }
    }
}

impl<T: IntoJs> IntoJs for Vec<T> {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        let mut items = Vec::with_capacity(self.len());
        for item in self {
            items.push(item.into_js(scope)?);
        }
        Ok(v8::Array::new_with_elements(scope, &items).into())
    }
}

impl<T: IntoJs> IntoJs for Result<T, SysError> {
    fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
        match self {
            Ok(value) => value.into_js(scope),
            Err(error) => Err(error.to_js(scope)),
        }
    }
}

macro_rules! tuple_into_js {
    ($($item:ident),*) => {
        #[allow(non_snake_case, reason = "one name serves as type and value")]
        impl<$($item: IntoJs),*> IntoJs for ($($item,)*) {
            fn into_js<'s>(self, scope: &mut v8::PinScope<'s, '_>) -> Converted<'s> {
                let ($($item,)*) = self;
                let items = [$($item.into_js(scope)?),*];
                Ok(v8::Array::new_with_elements(scope, &items).into())
            }
        }
    };
}

tuple_into_js!(A, B);
tuple_into_js!(A, B, C);
tuple_into_js!(A, B, C, D);
tuple_into_js!(A, B, C, D, E);

/// A JavaScript string with the text of `value`; the empty string where it is too long for V8.
pub fn string<'s>(scope: &v8::PinScope<'s, '_, ()>, value: &str) -> v8::Local<'s, v8::String> {
    v8::String::new(scope, value).unwrap_or_else(|| v8::String::empty(scope))
}

/// A JavaScript string from UTF-8 with invalid sequences replaced.
pub fn string_from_bytes<'s>(scope: &v8::PinScope<'s, '_, ()>, value: &[u8]) -> v8::Local<'s, v8::String> {
    v8::String::new_from_utf8(scope, value, v8::NewStringType::Normal)
        .unwrap_or_else(|| v8::String::empty(scope))
}

/// A property name, stored once per isolate.
pub fn internalized<'s>(scope: &v8::PinScope<'s, '_, ()>, value: &str) -> v8::Local<'s, v8::String> {
    v8::String::new_from_utf8(scope, value.as_bytes(), v8::NewStringType::Internalized)
        .unwrap_or_else(|| v8::String::empty(scope))
}

/// A `Uint8Array` that takes over `bytes` without a copy.
pub fn uint8_array<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: Vec<u8>) -> v8::Local<'s, v8::Uint8Array> {
    let length = bytes.len();
    let store = v8::ArrayBuffer::new_backing_store_from_vec(bytes).make_shared();
    let buffer = v8::ArrayBuffer::with_backing_store(scope, &store);
    match v8::Uint8Array::new(scope, buffer, 0, length) {
        Some(array) => array,
        None => unreachable!("a view over a whole buffer is always possible"),
    }
}

/// Sets `object[name] = value`, for objects that Rust has just made.
pub fn set<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
    value: v8::Local<'s, v8::Value>,
) {
    let key = internalized(scope, name);
    object.create_data_property(scope, key.into(), value);
}
