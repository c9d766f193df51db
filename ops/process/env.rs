//! `process.env`: an object over the runtime's own copy of the environment, whose values are strings.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::bind::Host;
use crate::bind::convert::string_from_bytes;
use crate::bind::task::lock;
use crate::structured_clone;
use crate::sys::process::set_native_env;

type Key<'s> = v8::Local<'s, v8::Name>;
type Info<'s> = v8::PropertyCallbackArguments<'s>;

/// Makes the object.
pub(super) fn make<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
    let template = v8::ObjectTemplate::new(scope);
    let handlers = v8::NamedPropertyHandlerConfiguration::new()
        .getter(get)
        .setter(set)
        .query(query)
        .deleter(delete)
        .enumerator(enumerate)
        .definer(define)
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_named_property_handler(handlers);
    let indexed = v8::IndexedPropertyHandlerConfiguration::new()
        .getter(get_index)
        .setter(set_index)
        .query(query_index)
        .deleter(delete_index)
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_indexed_property_handler(indexed);
    let object = template.new_instance(scope)?;
    structured_clone::mark_cloneable(scope, object);
    Some(object)
}

fn name(scope: &v8::PinScope<'_, '_>, key: Key<'_>) -> Option<OsString> {
    let key = v8::Local::<v8::String>::try_from(key).ok()?;
    Some(OsString::from_vec(key.to_rust_string_lossy(scope).into_bytes()))
}

fn index_name(index: u32) -> OsString {
    OsString::from(index.to_string())
}

fn read<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: &OsStr,
    mut rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    let host = Host::of(scope);
    match lock(&host.env).get(name) {
        Some(value) => {
            rv.set(string_from_bytes(scope, value.as_bytes()).into());
            v8::Intercepted::kYes
        }
        None => v8::Intercepted::kNo,
    }
}

fn write<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: OsString,
    value: v8::Local<'s, v8::Value>,
) -> v8::Intercepted {
    let Some(value) = value.to_string(scope) else { return v8::Intercepted::kYes };
    let value = OsString::from_vec(value.to_rust_string_lossy(scope).into_bytes());
    let host = Host::of(scope);
    notice_time_zone(scope, &host, &name, Some(&value));
    lock(&host.env).insert(name, value);
    v8::Intercepted::kYes
}

fn erase(
    scope: &mut v8::PinScope<'_, '_>,
    name: &OsStr,
    mut rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    let host = Host::of(scope);
    let removed = lock(&host.env).shift_remove(name);
    if removed.is_some() {
        notice_time_zone(scope, &host, name, None);
    }
    rv.set_bool(true);
    v8::Intercepted::kYes
}

/// Sets the time zone of the process before a runtime is there to be told.
pub fn set_time_zone(value: &OsStr) {
    if let Ok(value) = CString::new(value.as_bytes()) {
        set_native_env(c"TZ", Some(&value));
    }
}

/// A new `TZ` holds for `Date` at once.
fn notice_time_zone(scope: &mut v8::PinScope<'_, '_>, host: &Host, name: &OsStr, value: Option<&OsStr>) {
    if name != "TZ" || !host.config.owns_process {
        return;
    }
    let value = value.and_then(|value| CString::new(value.as_bytes()).ok());
    set_native_env(c"TZ", value.as_deref());
    scope.date_time_configuration_change_notification(v8::TimeZoneDetection::Redetect);
}

fn get<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => read(scope, &name, rv),
        None => v8::Intercepted::kNo,
    }
}

fn set<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    value: v8::Local<'s, v8::Value>,
    _: Info<'s>,
    _: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => write(scope, name, value),
        None => refuse_symbol(scope),
    }
}

fn refuse_symbol(scope: &mut v8::PinScope<'_, '_>) -> v8::Intercepted {
    let message = crate::bind::convert::string(scope, "Cannot convert a Symbol value to a string");
    let error = v8::Exception::type_error(scope, message);
    scope.throw_exception(error);
    v8::Intercepted::kYes
}

fn query<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    mut rv: v8::ReturnValue<v8::Integer>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) if lock(&Host::of(scope).env).contains_key(&name) => {
            rv.set_int32(0);
            v8::Intercepted::kYes
        }
        _ => v8::Intercepted::kNo,
    }
}

fn delete<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    mut rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => erase(scope, &name, rv),
        None => {
            rv.set_bool(true);
            v8::Intercepted::kYes
        }
    }
}

fn enumerate<'s>(scope: &mut v8::PinScope<'s, '_>, _: Info<'s>, mut rv: v8::ReturnValue<v8::Array>) {
    let host = Host::of(scope);
    let names: Vec<v8::Local<v8::Value>> = {
        let env = lock(&host.env);
        env.keys().map(|name| string_from_bytes(scope, name.as_bytes()).into()).collect()
    };
    rv.set(v8::Array::new_with_elements(scope, &names));
}

fn define<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    descriptor: &v8::PropertyDescriptor,
    _: Info<'s>,
    _: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    if descriptor.has_get() || descriptor.has_set() {
        return refuse(scope, "'process.env' does not accept an accessor(getter/setter) descriptor");
    }
    let all_true = descriptor.has_configurable()
        && descriptor.configurable()
        && descriptor.has_writable()
        && descriptor.writable()
        && descriptor.has_enumerable()
        && descriptor.enumerable();
    if !descriptor.has_value() || !all_true {
        let text = "'process.env' only accepts a configurable, writable, and enumerable data descriptor";
        return refuse(scope, text);
    }
    let value = descriptor.value();
    let value = v8::Local::new(scope, value);
    match name(scope, key) {
        Some(name) => write(scope, name, value),
        None => refuse_symbol(scope),
    }
}

fn refuse(scope: &mut v8::PinScope<'_, '_>, text: &str) -> v8::Intercepted {
    let message = crate::bind::convert::string(scope, text);
    let error = v8::Exception::type_error(scope, message);
    if let Ok(object) = v8::Local::<v8::Object>::try_from(error) {
        let code = crate::bind::convert::string(scope, "ERR_INVALID_OBJECT_DEFINE_PROPERTY").into();
        crate::bind::convert::set(scope, object, "code", code);
    }
    scope.throw_exception(error);
    v8::Intercepted::kYes
}

fn get_index<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    read(scope, &index_name(index), rv)
}

fn set_index<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    value: v8::Local<'s, v8::Value>,
    _: Info<'s>,
    _: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    write(scope, index_name(index), value)
}

fn query_index<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    mut rv: v8::ReturnValue<v8::Integer>,
) -> v8::Intercepted {
    if !lock(&Host::of(scope).env).contains_key(&index_name(index)) {
        return v8::Intercepted::kNo;
    }
    rv.set_int32(0);
    v8::Intercepted::kYes
}

fn delete_index<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    erase(scope, &index_name(index), rv)
}
