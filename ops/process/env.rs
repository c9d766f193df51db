//! `process.env`: an object over the runtime's own copy of the environment, whose values are strings.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use v8::MapFnTo;

use super::env_trace;
use crate::bind::Host;
use crate::bind::convert::string_from_bytes;
use crate::bind::error::{ErrorClass, throw_coded};
use crate::bind::task::lock;
use crate::structured_clone;
use crate::sys::process::set_native_env;

type Key<'s> = v8::Local<'s, v8::Name>;
type Info<'s> = v8::PropertyCallbackArguments<'s>;

/// Makes the object.
pub(super) fn make<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
    if env_trace::is_wanted(&Host::of(scope)) { make_as::<true>(scope) } else { make_as::<false>(scope) }
}

/// Makes one that tells of its uses, or one that does not.
fn make_as<'s, const TOLD: bool>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
    let template = v8::ObjectTemplate::new(scope);
    let handlers = v8::NamedPropertyHandlerConfiguration::new()
        .getter(get::<TOLD>)
        .setter(set::<TOLD>)
        .query(query::<TOLD>)
        .deleter(delete::<TOLD>)
        .enumerator(enumerate::<TOLD>)
        .definer(define::<TOLD>)
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_named_property_handler(handlers);
    let indexed = v8::IndexedPropertyHandlerConfiguration::new()
        .getter(get_index::<TOLD>)
        .setter(set_index::<TOLD>)
        .query(query_index::<TOLD>)
        .deleter(delete_index::<TOLD>)
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_indexed_property_handler(indexed);
    let object = template.new_instance(scope)?;
    structured_clone::mark_cloneable(scope, object);
    Some(object)
}

/// The environment as `NAME=value`, in the order in which the object has it; nothing where that takes a look at each
/// variable: uses are told, an index comes first, a text has a null byte.
pub(super) fn pairs<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Array>> {
    let host = Host::of(scope);
    if env_trace::is_wanted(&host) {
        return None;
    }
    let env = lock(&host.env);
    let mut pairs: Vec<v8::Local<v8::Value>> = Vec::with_capacity(env.len());
    let mut pair = Vec::new();
    for (name, value) in &*env {
        pair.clear();
        pair.extend_from_slice(name.as_bytes());
        pair.push(b'=');
        pair.extend_from_slice(value.as_bytes());
        if pair[0].is_ascii_digit() || pair.contains(&0) {
            return None;
        }
        pairs.push(string_from_bytes(scope, &pair).into());
    }
    Some(v8::Array::new_with_elements(scope, &pairs))
}

/// The native addresses that such an object refers to.
pub(super) fn references() -> Vec<v8::ExternalReference> {
    [references_of::<false>(), references_of::<true>()].concat()
}

fn references_of<const TOLD: bool>() -> Vec<v8::ExternalReference> {
    vec![
        v8::ExternalReference { named_getter: get::<TOLD>.map_fn_to() },
        v8::ExternalReference { named_setter: set::<TOLD>.map_fn_to() },
        v8::ExternalReference { named_query: query::<TOLD>.map_fn_to() },
        v8::ExternalReference { named_deleter: delete::<TOLD>.map_fn_to() },
        v8::ExternalReference { enumerator: enumerate::<TOLD>.map_fn_to() },
        v8::ExternalReference { named_definer: define::<TOLD>.map_fn_to() },
        v8::ExternalReference { indexed_getter: get_index::<TOLD>.map_fn_to() },
        v8::ExternalReference { indexed_setter: set_index::<TOLD>.map_fn_to() },
        v8::ExternalReference { indexed_query: query_index::<TOLD>.map_fn_to() },
        v8::ExternalReference { indexed_deleter: delete_index::<TOLD>.map_fn_to() },
    ]
}

fn name(scope: &v8::PinScope<'_, '_>, key: Key<'_>) -> Option<OsString> {
    let key = v8::Local::<v8::String>::try_from(key).ok()?;
    Some(OsString::from_vec(key.to_rust_string_lossy(scope).into_bytes()))
}

fn index_name(index: u32) -> OsString {
    OsString::from(index.to_string())
}

fn read<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    name: &OsStr,
    mut rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    if TOLD {
        env_trace::tell(scope, "get", name);
    }
    let host = Host::of(scope);
    match lock(&host.env).get(name) {
        Some(value) => {
            rv.set(string_from_bytes(scope, value.as_bytes()).into());
            v8::Intercepted::kYes
        }
        None => v8::Intercepted::kNo,
    }
}

fn write<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    name: OsString,
    value: v8::Local<'s, v8::Value>,
) -> v8::Intercepted {
    if TOLD {
        env_trace::tell(scope, "set", &name);
    }
    let Some(value) = value.to_string(scope) else { return v8::Intercepted::kYes };
    let value = OsString::from_vec(value.to_rust_string_lossy(scope).into_bytes());
    let host = Host::of(scope);
    notice_time_zone(scope, &host, &name, Some(&value));
    lock(&host.env).insert(name, value);
    v8::Intercepted::kYes
}

fn erase<const TOLD: bool>(
    scope: &mut v8::PinScope<'_, '_>,
    name: &OsStr,
    mut rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    if TOLD {
        env_trace::tell(scope, "delete", name);
    }
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

fn get<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => read::<TOLD>(scope, &name, rv),
        None => v8::Intercepted::kNo,
    }
}

fn set<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    value: v8::Local<'s, v8::Value>,
    _: Info<'s>,
    _: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    match name(scope, key) {
        // The system has no variable without a name.
        Some(name) if name.is_empty() => v8::Intercepted::kYes,
        Some(name) => write::<TOLD>(scope, name, value),
        None => refuse_symbol(scope),
    }
}

fn refuse_symbol(scope: &mut v8::PinScope<'_, '_>) -> v8::Intercepted {
    let message = crate::bind::convert::string(scope, "Cannot convert a Symbol value to a string");
    let error = v8::Exception::type_error(scope, message);
    scope.throw_exception(error);
    v8::Intercepted::kYes
}

fn query<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Integer>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => look_for::<TOLD>(scope, &name, rv),
        None => v8::Intercepted::kNo,
    }
}

fn look_for<const TOLD: bool>(
    scope: &mut v8::PinScope<'_, '_>,
    name: &OsStr,
    mut rv: v8::ReturnValue<v8::Integer>,
) -> v8::Intercepted {
    if TOLD {
        env_trace::tell(scope, "query", name);
    }
    if !lock(&Host::of(scope).env).contains_key(name) {
        return v8::Intercepted::kNo;
    }
    rv.set_int32(0);
    v8::Intercepted::kYes
}

fn delete<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    key: Key<'s>,
    _: Info<'s>,
    mut rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    match name(scope, key) {
        Some(name) => erase::<TOLD>(scope, &name, rv),
        None => {
            rv.set_bool(true);
            v8::Intercepted::kYes
        }
    }
}

fn enumerate<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    _: Info<'s>,
    mut rv: v8::ReturnValue<v8::Array>,
) {
    if TOLD {
        env_trace::tell_enumeration(scope);
    }
    let host = Host::of(scope);
    let names: Vec<v8::Local<v8::Value>> = {
        let env = lock(&host.env);
        env.keys().map(|name| string_from_bytes(scope, name.as_bytes()).into()).collect()
    };
    rv.set(v8::Array::new_with_elements(scope, &names));
}

fn define<'s, const TOLD: bool>(
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
        Some(name) => write::<TOLD>(scope, name, value),
        None => refuse_symbol(scope),
    }
}

fn refuse(scope: &mut v8::PinScope<'_, '_>, text: &str) -> v8::Intercepted {
    throw_coded(scope, ErrorClass::Type, "ERR_INVALID_OBJECT_DEFINE_PROPERTY", text);
    v8::Intercepted::kYes
}

fn get_index<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Value>,
) -> v8::Intercepted {
    read::<TOLD>(scope, &index_name(index), rv)
}

fn set_index<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    value: v8::Local<'s, v8::Value>,
    _: Info<'s>,
    _: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    write::<TOLD>(scope, index_name(index), value)
}

fn query_index<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Integer>,
) -> v8::Intercepted {
    look_for::<TOLD>(scope, &index_name(index), rv)
}

fn delete_index<'s, const TOLD: bool>(
    scope: &mut v8::PinScope<'s, '_>,
    index: u32,
    _: Info<'s>,
    rv: v8::ReturnValue<v8::Boolean>,
) -> v8::Intercepted {
    erase::<TOLD>(scope, &index_name(index), rv)
}
