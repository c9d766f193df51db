//! Properties that get their value when they are first asked for, and look like ordinary ones before.

use std::ffi::c_void;

use v8::MapFnTo as _;

/// Defines `object[name]`; `load(name)` is called once for its value.
pub fn define<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: v8::Local<'s, v8::Name>,
    enumerable: bool,
    load: v8::Local<'s, v8::Function>,
) {
    let attributes = if enumerable { v8::PropertyAttribute::NONE } else { v8::PropertyAttribute::DONT_ENUM };
    let (getter_effect, setter_effect) =
        (v8::SideEffectType::HasSideEffect, v8::SideEffectType::HasSideEffect);
    let load = load.into();
    object.set_lazy_data_property_with_data(scope, name, get, load, attributes, getter_effect, setter_effect);
}

fn get<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    args: v8::PropertyCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'_, v8::Value>,
) {
    let Ok(load) = v8::Local::<v8::Function>::try_from(args.data()) else { return };
    let receiver = v8::undefined(scope).into();
    if let Some(value) = load.call(scope, receiver, &[name.into()]) {
        rv.set(value);
    }
}

/// The native address that such properties refer to.
pub fn reference() -> v8::ExternalReference {
    let getter: v8::AccessorNameGetterCallback = get.map_fn_to();
    v8::ExternalReference { pointer: getter as *mut c_void }
}
