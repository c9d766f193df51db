//! Objects and their properties.

use super::abi::{
    CONFIGURABLE, ENUMERABLE, Items, MaybeOut, MaybeValue, Out, Outcome, Property, Scope, Status, Text,
    Value, WRITABLE, locals,
};
use super::call::napi;
use super::env::Env;
use super::{function, text};

const DEFAULT: u32 = WRITABLE | ENUMERABLE | CONFIGURABLE;

/// The name of a property that an add-on describes.
pub(super) fn name<'s>(
    scope: &Scope<'s, '_>,
    property: &Property,
) -> Result<v8::Local<'s, v8::Name>, Status> {
    match property.text.bytes() {
        Some(name) => Ok(text::utf8(scope, name, v8::NewStringType::Internalized)?.into()),
        None => match property.name {
            Value::NONE => Err(Status::NameExpected),
            name => name.name(scope),
        },
    }
}

/// Defines a property of an object.
pub(super) fn define<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    property: &Property,
) -> Outcome {
    let name = name(scope, property)?;
    let is_accessor = property.getter.is_some() || property.setter.is_some();
    let (value, failure) = if is_accessor {
        let undefined: v8::Local<v8::Value> = v8::undefined(scope).into();
        let make = |callback| match callback {
            Some(callback) => Ok(function::function(env, scope, callback, property.data)?.into()),
            None => Ok::<_, Status>(undefined),
        };
        let (getter, setter) = (make(property.getter)?, make(property.setter)?);
        let mut descriptor = v8::PropertyDescriptor::new_from_get_set(getter, setter);
        descriptor.set_enumerable(property.attributes & ENUMERABLE != 0);
        descriptor.set_configurable(property.attributes & CONFIGURABLE != 0);
        let is_defined = object.define_property(scope, name, &descriptor);
        return if is_defined == Some(true) { Ok(()) } else { Err(Status::InvalidArg) };
    } else if let Some(method) = property.method {
        (function::function(env, scope, method, property.data)?.into(), Status::GenericFailure)
    } else {
        (property.value.local(scope)?, Status::InvalidArg)
    };
    let is_defined = if property.attributes & DEFAULT == DEFAULT {
        object.create_data_property(scope, name, value)
    } else {
        let is_writable = property.attributes & WRITABLE != 0;
        let mut descriptor = v8::PropertyDescriptor::new_from_value_writable(value, is_writable);
        descriptor.set_enumerable(property.attributes & ENUMERABLE != 0);
        descriptor.set_configurable(property.attributes & CONFIGURABLE != 0);
        object.define_property(scope, name, &descriptor)
    };
    if is_defined == Some(true) { Ok(()) } else { Err(failure) }
}

/// `true` goes on, anything else is a failure.
fn require(done: Option<bool>, status: Status) -> Outcome {
    if done == Some(true) { Ok(()) } else { Err(status) }
}

/// The key of a property named in C.
fn key<'s>(scope: &Scope<'s, '_>, name: &Text) -> Result<v8::Local<'s, v8::Value>, Status> {
    Ok(text::utf8(scope, name.bytes(), v8::NewStringType::Internalized)?.into())
}

/// The bits of `napi_key_filter`, which are V8's.
fn filter(bits: u32) -> v8::PropertyFilter {
    let all = [
        v8::PropertyFilter::ONLY_WRITABLE,
        v8::PropertyFilter::ONLY_ENUMERABLE,
        v8::PropertyFilter::ONLY_CONFIGURABLE,
        v8::PropertyFilter::SKIP_STRINGS,
        v8::PropertyFilter::SKIP_SYMBOLS,
    ];
    let wanted = all.into_iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
    wanted.fold(v8::PropertyFilter::ALL_PROPERTIES, |filter, (_, bit)| filter | bit)
}

/// The names of an object's properties, by `napi_key_collection_mode`, `napi_key_filter` and `napi_key_conversion`.
fn names<'s>(
    scope: &Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    [mode, bits, conversion]: [u32; 3],
) -> Result<v8::Local<'s, v8::Array>, Status> {
    let args = v8::GetPropertyNamesArgs {
        mode: match mode {
            0 => v8::KeyCollectionMode::IncludePrototypes,
            1 => v8::KeyCollectionMode::OwnOnly,
            _ => return Err(Status::InvalidArg),
        },
        property_filter: filter(bits),
        index_filter: v8::IndexFilter::IncludeIndices,
        key_conversion: match conversion {
            0 => v8::KeyConversionMode::KeepNumbers,
            1 => v8::KeyConversionMode::ConvertToString,
            _ => return Err(Status::InvalidArg),
        },
    };
    object.get_property_names(scope, args).ok_or(Status::GenericFailure)
}

const ENUMERABLE_STRINGS: [u32; 3] = [0, 1 << 1 | 1 << 4, 1];

napi! {
    plain napi_create_object(env, scope, result: Out<Value>) {
        result.put(v8::Object::new(scope));
    }

    js node_api_create_object_with_properties(
        env, scope, prototype: MaybeValue, keys: Items<Value>, values: Items<Value>, count: usize, result: Out<Value>
    ) {
        let prototype = match prototype.0.optional(scope) {
            Some(prototype) if !prototype.is_null() => prototype.to_object(scope).ok_or(Status::ObjectExpected)?.into(),
            _ => v8::null(scope).into(),
        };
        let (keys, values) = (keys.slice(count)?, locals(scope, values.slice(count)?)?);
        let keys = keys.iter().map(|key| key.name(scope)).collect::<Result<Vec<_>, _>>()?;
        let object = v8::Object::with_prototype_and_properties(scope, prototype, &[], &[]);
        for (key, value) in keys.into_iter().zip(values) {
            require(object.create_data_property(scope, key, *value), Status::GenericFailure)?;
        }
        result.put(object);
    }

    js napi_get_prototype(env, scope, object: Value, result: Out<Value>) {
        result.put(object.to_object(scope)?.get_prototype(scope).ok_or(Status::GenericFailure)?);
    }

    js node_api_set_prototype(env, scope, object: Value, prototype: Value) {
        let object = object.to_object(scope)?;
        let prototype = prototype.local(scope)?;
        require(object.set_prototype(scope, prototype), Status::GenericFailure)?;
    }

    js napi_get_property_names(env, scope, object: Value, result: Out<Value>) {
        result.put(names(scope, object.to_object(scope)?, ENUMERABLE_STRINGS)?);
    }

    js napi_get_all_property_names(
        env, scope, object: Value, mode: u32, filter: u32, conversion: u32, result: Out<Value>
    ) {
        result.put(names(scope, object.to_object(scope)?, [mode, filter, conversion])?);
    }

    js napi_set_property(env, scope, object: Value, key: Value, value: Value) {
        let object = object.to_object(scope)?;
        let (key, value) = (key.local(scope)?, value.local(scope)?);
        require(object.set(scope, key, value), Status::InvalidArg)?;
    }

    js napi_has_property(env, scope, object: Value, key: Value, result: Out<bool>) {
        let object = object.to_object(scope)?;
        let key = key.local(scope)?;
        result.set(object.has(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_get_property(env, scope, object: Value, key: Value, result: Out<Value>) {
        let key = key.local(scope)?;
        let object = object.to_object(scope)?;
        result.put(object.get(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_delete_property(env, scope, object: Value, key: Value, result: MaybeOut<bool>) {
        let key = key.local(scope)?;
        let object = object.to_object(scope)?;
        result.set(object.delete(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_has_own_property(env, scope, object: Value, key: Value, result: Out<bool>) {
        let object = object.to_object(scope)?;
        let key = key.name(scope)?;
        result.set(object.has_own_property(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_set_named_property(env, scope, object: Value, name: Text, value: Value) {
        let object = object.to_object(scope)?;
        let (key, value) = (key(scope, &name)?, value.local(scope)?);
        require(object.set(scope, key, value), Status::InvalidArg)?;
    }

    js napi_has_named_property(env, scope, object: Value, name: Text, result: Out<bool>) {
        let object = object.to_object(scope)?;
        let key = key(scope, &name)?;
        result.set(object.has(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_get_named_property(env, scope, object: Value, name: Text, result: Out<Value>) {
        let object = object.to_object(scope)?;
        let key = key(scope, &name)?;
        result.put(object.get(scope, key).ok_or(Status::GenericFailure)?);
    }

    js napi_set_element(env, scope, object: Value, index: u32, value: Value) {
        let object = object.to_object(scope)?;
        let value = value.local(scope)?;
        require(object.set_index(scope, index, value), Status::InvalidArg)?;
    }

    js napi_has_element(env, scope, object: Value, index: u32, result: Out<bool>) {
        let object = object.to_object(scope)?;
        result.set(object.has_index(scope, index).ok_or(Status::GenericFailure)?);
    }

    js napi_get_element(env, scope, object: Value, index: u32, result: Out<Value>) {
        let object = object.to_object(scope)?;
        result.put(object.get_index(scope, index).ok_or(Status::GenericFailure)?);
    }

    js napi_delete_element(env, scope, object: Value, index: u32, result: MaybeOut<bool>) {
        let object = object.to_object(scope)?;
        result.set(object.delete_index(scope, index).ok_or(Status::GenericFailure)?);
    }

    js napi_define_properties(env, scope, object: Value, count: usize, properties: Items<Property>) {
        let properties = properties.slice(count)?;
        let object = object.to_object(scope)?;
        for property in properties {
            define(env, scope, object, property)?;
        }
    }

    js napi_object_freeze(env, scope, object: Value) {
        let object = object.to_object(scope)?;
        require(object.set_integrity_level(scope, v8::IntegrityLevel::Frozen), Status::GenericFailure)?;
    }

    js napi_object_seal(env, scope, object: Value) {
        let object = object.to_object(scope)?;
        require(object.set_integrity_level(scope, v8::IntegrityLevel::Sealed), Status::GenericFailure)?;
    }

    plain napi_create_array(env, scope, result: Out<Value>) {
        result.put(v8::Array::new(scope, 0));
    }

    plain napi_create_array_with_length(env, scope, length: usize, result: Out<Value>) {
        result.put(v8::Array::new(scope, length as i32));
    }

    plain napi_is_array(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_array());
    }

    plain napi_get_array_length(env, scope, value: Value, result: Out<u32>) {
        let array = v8::Local::<v8::Array>::try_from(value.local(scope)?).map_err(|_| Status::ArrayExpected)?;
        result.set(array.length());
    }

}
