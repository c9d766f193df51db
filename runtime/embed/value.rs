//! Values that cross between Rust and a program: what Rust functions take and return, and what calls give.

use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};

use ironode_ops::bind::Host;
use ironode_ops::bind::buffer::with_bytes;
use ironode_ops::bind::convert::{internalized, uint8_array};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::thrown::exception;
use crate::Error;

pub(crate) type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

/// How deep arrays and objects may lie in one another; a value that contains itself has no end.
const MAX_DEPTH: u32 = 128;

/// `Number.MAX_SAFE_INTEGER`: beyond it, numbers stand for more than one whole number.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// A value without identity: what of a program's value can be told in Rust's own terms, and go to other threads.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `undefined`
    #[default]
    Undefined,
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A BigInt of at most 128 bits.
    BigInt(i128),
    /// A string. Surrogates that stand alone are lost: U+FFFD takes their place.
    String(String),
    /// The bytes of a `Buffer`, another view or an `ArrayBuffer`; for JavaScript, a `Uint8Array`.
    Bytes(Vec<u8>),
    /// A `Date`, in milliseconds since 1970.
    Date(f64),
    /// An array.
    Array(Vec<Value>),
    /// An object with its own enumerable properties in their order, those with symbols as keys left out.
    Object(Vec<(String, Value)>),
}

/// Bytes, which JavaScript has as a `Uint8Array`. (A `Vec<u8>` is an array of numbers to it.)
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

/// A value by way of JSON: anything that serde can write or read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

/// An object of a program, such as the namespace of a module. It belongs to the runtime that it came from.
#[derive(Clone)]
pub struct Object {
    pub(super) value: v8::Global<v8::Object>,
    owner: Weak<Host>,
}

/// A function of a program. It belongs to the runtime that it came from.
#[derive(Clone)]
pub struct Function {
    pub(super) value: v8::Global<v8::Function>,
    owner: Weak<Host>,
}

/// Refuses what another runtime has made.
fn check_owner(scope: &Scope<'_, '_>, owner: &Weak<Host>) -> Result<(), Error> {
    if Weak::ptr_eq(owner, &Rc::downgrade(&Host::of(scope))) {
        return Ok(());
    }
    Err(Error::Type(String::from("the object belongs to another runtime")))
}

impl Object {
    /// The object, in the runtime that it belongs to.
    pub(super) fn open<'s>(&self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Object>, Error> {
        check_owner(scope, &self.owner)?;
        Ok(v8::Local::new(scope, &self.value))
    }
}

impl Function {
    /// The function, in the runtime that it belongs to.
    pub(super) fn open<'s>(&self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Function>, Error> {
        check_owner(scope, &self.owner)?;
        Ok(v8::Local::new(scope, &self.value))
    }
}

/// What becomes a JavaScript value: numbers, texts, [`Bytes`], lists, maps, [`Value`], [`Json`], [`Object`],
/// [`Function`].
pub trait ToJs {
    /// Makes the value.
    #[doc(hidden)]
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error>;
}

/// What a JavaScript value becomes. `()` takes any value and looks at none; numbers are not rounded, nor texts
/// made of other values: what does not fit is an [`Error::Type`].
pub trait FromJs: Sized {
    /// Reads the value.
    #[doc(hidden)]
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error>;
}

/// The arguments of a call: a tuple of [`ToJs`], or a list of [`Value`]s.
pub trait Arguments {
    /// Makes the values.
    #[doc(hidden)]
    fn list<'s>(self, scope: &mut Scope<'s, '_>) -> Result<Vec<v8::Local<'s, v8::Value>>, Error>;
}

macro_rules! arguments {
    ($($name:ident),*) => {
        #[allow(non_snake_case, unused_variables, reason = "one name serves as type and value; () uses no scope")]
        impl<$($name: ToJs),*> Arguments for ($($name,)*) {
            fn list<'s>(self, scope: &mut Scope<'s, '_>) -> Result<Vec<v8::Local<'s, v8::Value>>, Error> {
                let ($($name,)*) = self;
                Ok(vec![$($name.to_js(scope)?),*])
            }
        }
    };
}

arguments!();
arguments!(A);
arguments!(A, B);
arguments!(A, B, C);
arguments!(A, B, C, D);
arguments!(A, B, C, D, E);
arguments!(A, B, C, D, E, F);

impl Arguments for Vec<Value> {
    fn list<'s>(self, scope: &mut Scope<'s, '_>) -> Result<Vec<v8::Local<'s, v8::Value>>, Error> {
        self.into_iter().map(|value| value.to_js(scope)).collect()
    }
}

fn mismatch<T>(scope: &Scope<'_, '_>, value: v8::Local<'_, v8::Value>, wanted: &str) -> Result<T, Error> {
    let kind = value.type_of(scope).to_rust_string_lossy(scope);
    let kind = if value.is_null() { "null" } else { &kind };
    Err(Error::Type(format!("a value of type {kind} is no {wanted}")))
}

fn too_large() -> Error {
    Error::Type(String::from("the value is too large for JavaScript"))
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl ToJs for $type {
            fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
                let number = self as f64;
                if number.abs() > MAX_SAFE {
                    return Err(Error::Type(format!("{self} is no number that JavaScript can hold")));
                }
                Ok(v8::Number::new(scope, number).into())
            }
        }

        impl FromJs for $type {
            fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
                let wanted = concat!("number that fits ", stringify!($type));
                let Ok(number) = v8::Local::<v8::Number>::try_from(value) else {
                    return mismatch(scope, value, wanted);
                };
                let number = number.value();
                let whole = number as $type;
                if whole as f64 != number || number.abs() > MAX_SAFE {
                    return Err(Error::Type(format!("{number} is no {wanted}")));
                }
                Ok(whole)
            }
        }
    )*};
}

numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl ToJs for f64 {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        Ok(v8::Number::new(scope, self).into())
    }
}

impl FromJs for f64 {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        match v8::Local::<v8::Number>::try_from(value) {
            Ok(number) => Ok(number.value()),
            Err(_) => mismatch(scope, value, "number"),
        }
    }
}

impl ToJs for bool {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        Ok(v8::Boolean::new(scope, self).into())
    }
}

impl FromJs for bool {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        if value.is_boolean() { Ok(value.is_true()) } else { mismatch(scope, value, "boolean") }
    }
}

impl ToJs for &str {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        let text = v8::String::new(scope, self);
        text.map(Into::into).ok_or_else(too_large)
    }
}

impl ToJs for String {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        self.as_str().to_js(scope)
    }
}

impl FromJs for String {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        match v8::Local::<v8::String>::try_from(value) {
            Ok(text) => Ok(text.to_rust_string_lossy(scope)),
            Err(_) => mismatch(scope, value, "string"),
        }
    }
}

impl ToJs for () {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        Ok(v8::undefined(scope).into())
    }
}

impl FromJs for () {
    fn from_js(_: &mut Scope<'_, '_>, _: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        Ok(())
    }
}

impl<T: ToJs> ToJs for Option<T> {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        match self {
            Some(value) => value.to_js(scope),
            None => ().to_js(scope),
        }
    }
}

impl<T: FromJs> FromJs for Option<T> {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        if value.is_null_or_undefined() { Ok(None) } else { T::from_js(scope, value).map(Some) }
    }
}

impl<T: ToJs> ToJs for Vec<T> {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        let items = self.into_iter().map(|item| item.to_js(scope)).collect::<Result<Vec<_>, _>>()?;
        Ok(v8::Array::new_with_elements(scope, &items).into())
    }
}

impl<T: FromJs> FromJs for Vec<T> {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        let Ok(array) = v8::Local::<v8::Array>::try_from(value) else {
            return mismatch(scope, value, "array");
        };
        let mut items = Vec::new();
        for index in 0..array.length() {
            v8::scope!(let scope, scope);
            let item = guarded(scope, |scope| array.get_index(scope, index))?;
            items.push(T::from_js(scope, item)?);
        }
        Ok(items)
    }
}

macro_rules! maps {
    ($($map:ident),*) => {$(
        impl<T: ToJs> ToJs for $map<String, T> {
            fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
                object_of(scope, self)
            }
        }

        impl<T: FromJs> FromJs for $map<String, T> {
            fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
                properties(scope, value, |scope, value| T::from_js(scope, value)).map(Self::from_iter)
            }
        }
    )*};
}

maps!(BTreeMap, HashMap);

impl ToJs for Bytes {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        Ok(uint8_array(scope, self.0).into())
    }
}

impl FromJs for Bytes {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        if !is_bytes(value) {
            return mismatch(scope, value, "Buffer, view or ArrayBuffer");
        }
        Ok(Bytes(with_bytes(value, <[u8]>::to_vec)))
    }
}

fn is_bytes(value: v8::Local<'_, v8::Value>) -> bool {
    value.is_array_buffer_view() || value.is_array_buffer() || value.is_shared_array_buffer()
}

impl<T: Serialize> ToJs for Json<T> {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        let text = serde_json::to_string(&self.0).map_err(|error| Error::Type(error.to_string()))?;
        let text = v8::String::new(scope, &text).ok_or_else(too_large)?;
        guarded(scope, |scope| v8::json::parse(scope, text))
    }
}

impl<T: DeserializeOwned> FromJs for Json<T> {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        let text = guarded(scope, |scope| v8::json::stringify(scope, value))?.to_rust_string_lossy(scope);
        serde_json::from_str(&text).map(Json).map_err(|error| Error::Type(error.to_string()))
    }
}

impl ToJs for Object {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        self.open(scope).map(Into::into)
    }
}

impl FromJs for Object {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        match v8::Local::<v8::Object>::try_from(value) {
            Ok(object) => Ok(Object { value: v8::Global::new(scope, object), owner: owner(scope) }),
            Err(_) => mismatch(scope, value, "object"),
        }
    }
}

impl ToJs for Function {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        self.open(scope).map(Into::into)
    }
}

impl FromJs for Function {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        match v8::Local::<v8::Function>::try_from(value) {
            Ok(function) => Ok(Function { value: v8::Global::new(scope, function), owner: owner(scope) }),
            Err(_) => mismatch(scope, value, "function"),
        }
    }
}

fn owner(scope: &Scope<'_, '_>) -> Weak<Host> {
    Rc::downgrade(&Host::of(scope))
}

impl ToJs for Value {
    fn to_js<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Value>, Error> {
        match self {
            Value::Undefined => ().to_js(scope),
            Value::Null => Ok(v8::null(scope).into()),
            Value::Bool(value) => value.to_js(scope),
            Value::Number(value) => value.to_js(scope),
            Value::BigInt(value) => {
                let size = value.unsigned_abs();
                let words = [size as u64, (size >> 64) as u64];
                v8::BigInt::new_from_words(scope, value < 0, &words).map(Into::into).ok_or_else(too_large)
            }
            Value::String(value) => value.to_js(scope),
            Value::Bytes(value) => Bytes(value).to_js(scope),
            Value::Date(time) => v8::Date::new(scope, time).map(Into::into).ok_or_else(too_large),
            Value::Array(items) => items.to_js(scope),
            Value::Object(entries) => object_of(scope, entries),
        }
    }
}

impl FromJs for Value {
    fn from_js(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Result<Self, Error> {
        tell(scope, value, MAX_DEPTH)
    }
}

fn object_of<'s, T: ToJs>(
    scope: &mut Scope<'s, '_>,
    entries: impl IntoIterator<Item = (String, T)>,
) -> Result<v8::Local<'s, v8::Value>, Error> {
    let object = v8::Object::new(scope);
    for (name, value) in entries {
        let value = value.to_js(scope)?;
        let key: v8::Local<v8::Name> = internalized(scope, &name).into();
        // A property of its own, whatever its name is.
        object.create_data_property(scope, key, value);
    }
    Ok(object.into())
}

/// The value in Rust's own terms.
fn tell(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>, depth: u32) -> Result<Value, Error> {
    if value.is_undefined() {
        return Ok(Value::Undefined);
    }
    if value.is_null() {
        return Ok(Value::Null);
    }
    if value.is_boolean() {
        return Ok(Value::Bool(value.is_true()));
    }
    if value.is_number() {
        return f64::from_js(scope, value).map(Value::Number);
    }
    if value.is_string() {
        return String::from_js(scope, value).map(Value::String);
    }
    if let Ok(number) = v8::Local::<v8::BigInt>::try_from(value) {
        return big(number);
    }
    if is_bytes(value) {
        return Bytes::from_js(scope, value).map(|bytes| Value::Bytes(bytes.0));
    }
    if let Ok(date) = v8::Local::<v8::Date>::try_from(value) {
        return Ok(Value::Date(date.value_of()));
    }
    if value.is_function() || value.is_symbol() || value.is_promise() || value.is_proxy() {
        return mismatch(scope, value, "value without identity");
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::Type(String::from("the value lies too deep, or contains itself")));
    };
    if let Ok(array) = v8::Local::<v8::Array>::try_from(value) {
        let mut items = Vec::new();
        for index in 0..array.length() {
            v8::scope!(let scope, scope);
            let item = guarded(scope, |scope| array.get_index(scope, index))?;
            items.push(tell(scope, item, depth)?);
        }
        return Ok(Value::Array(items));
    }
    properties(scope, value, |scope, value| tell(scope, value, depth)).map(Value::Object)
}

fn big(number: v8::Local<'_, v8::BigInt>) -> Result<Value, Error> {
    let too_large = || Error::Type(String::from("the BigInt has more than 128 bits"));
    if number.word_count() > 2 {
        return Err(too_large());
    }
    let mut words = [0; 2];
    let (is_negative, _) = number.to_words_array(&mut words);
    let size = u128::from(words[0]) | u128::from(words[1]) << 64;
    if is_negative && size == i128::MIN.unsigned_abs() {
        return Ok(Value::BigInt(i128::MIN));
    }
    let size = i128::try_from(size).map_err(|_| too_large())?;
    Ok(Value::BigInt(if is_negative { -size } else { size }))
}

/// The own enumerable properties of an object in their order.
fn properties<T>(
    scope: &mut Scope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    mut read: impl FnMut(&mut Scope<'_, '_>, v8::Local<'_, v8::Value>) -> Result<T, Error>,
) -> Result<Vec<(String, T)>, Error> {
    let Ok(object) = v8::Local::<v8::Object>::try_from(value) else {
        return mismatch(scope, value, "object");
    };
    let filter = v8::PropertyFilter::ONLY_ENUMERABLE | v8::PropertyFilter::SKIP_SYMBOLS;
    let names = guarded(scope, |scope| {
        let args = v8::GetPropertyNamesArgs {
            mode: v8::KeyCollectionMode::OwnOnly,
            property_filter: filter,
            key_conversion: v8::KeyConversionMode::ConvertToString,
            ..v8::GetPropertyNamesArgs::default()
        };
        object.get_own_property_names(scope, args)
    })?;
    let mut entries = Vec::new();
    for index in 0..names.length() {
        v8::scope!(let scope, scope);
        let name = guarded(scope, |scope| names.get_index(scope, index))?;
        let value = guarded(scope, |scope| object.get(scope, name))?;
        entries.push((name.to_rust_string_lossy(scope), read(scope, value)?));
    }
    Ok(entries)
}

/// Runs what may call into the program, and gives what it threw as an error.
pub(super) fn guarded<'s, T>(
    scope: &mut Scope<'s, '_>,
    body: impl FnOnce(&mut Scope<'s, '_>) -> Option<v8::Local<'s, T>>,
) -> Result<v8::Local<'s, T>, Error> {
    v8::tc_scope!(let caught, scope);
    match body(caught) {
        Some(value) => Ok(value),
        None => Err(exception(caught)),
    }
}
