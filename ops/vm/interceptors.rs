//! How the global object of a context stands for an object of the program's, its sandbox: what is set
//! goes to the sandbox, what is read comes from it and otherwise from the context's own globals.

use v8::{Intercepted, PropertyAttribute};

use super::Scope;
use crate::bind::convert::internalized;

type Info<'s> = v8::PropertyCallbackArguments<'s>;
type Name<'s> = v8::Local<'s, v8::Name>;
type Value<'s> = v8::Local<'s, v8::Value>;
type Object<'s> = v8::Local<'s, v8::Object>;

/// Where the interceptors of one context find its sandbox. It is empty while V8 makes the context,
/// which must not see the sandbox's properties.
#[derive(Clone, Copy)]
pub(super) struct Holder<'s>(Object<'s>);

impl<'s> Holder<'s> {
    pub(super) fn new(scope: &mut Scope<'s, '_>) -> Option<Self> {
        let template = v8::ObjectTemplate::new(scope);
        template.set_internal_field_count(1);
        template.new_instance(scope).map(Holder)
    }

    /// Has the interceptors work from now on.
    pub(super) fn fill(self, sandbox: Object<'s>) {
        self.0.set_internal_field(0, sandbox.into());
    }
}

/// The template of a global object that stands for `sandbox`.
pub(super) fn global_template<'s>(
    scope: &mut Scope<'s, '_>,
    sandbox: Object<'s>,
    holder: Holder<'s>,
) -> v8::Local<'s, v8::ObjectTemplate> {
    let function = v8::FunctionTemplate::builder_raw(v8::MapFnTo::map_fn_to(nothing)).build(scope);
    function.set_class_name(sandbox.get_constructor_name());
    let template = function.instance_template(scope);
    let named = v8::NamedPropertyHandlerConfiguration::new()
        .getter(get)
        .setter(set)
        .query(query)
        .deleter(delete)
        .enumerator(enumerate_names)
        .definer(define)
        .descriptor(describe)
        .data(holder.0.into())
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_named_property_handler(named);
    let indexed = v8::IndexedPropertyHandlerConfiguration::new()
        .getter(get_index)
        .setter(set_index)
        .query(query_index)
        .deleter(delete_index)
        .enumerator(enumerate_indices)
        .definer(define_index)
        .descriptor(describe_index)
        .data(holder.0.into())
        .flags(v8::PropertyHandlerFlags::HAS_NO_SIDE_EFFECT);
    template.set_indexed_property_handler(indexed);
    template
}

/// Makes the interceptor for indices of the one for names.
macro_rules! by_index {
    ($name:ident = $named:ident($($arg:ident: $type:ty)?), $result:ty) => {
        fn $name<'s>(
            scope: &mut Scope<'s, '_>,
            index: u32,
            $($arg: $type,)?
            info: Info<'s>,
            rv: v8::ReturnValue<'_, $result>,
        ) -> Intercepted {
            let name = name_of(scope, index);
            $named(scope, name, $($arg,)? info, rv)
        }
    };
}

by_index!(get_index = get(), v8::Value);
by_index!(set_index = set(value: Value<'s>), v8::Boolean);
by_index!(query_index = query(), v8::Integer);
by_index!(delete_index = delete(), v8::Boolean);
by_index!(define_index = define(descriptor: &v8::PropertyDescriptor), v8::Boolean);
by_index!(describe_index = describe(), v8::Value);

fn nothing<'s>(_: &mut Scope<'s, '_>, _: super::Args<'s>, _: super::Return<'s>) {}

fn name_of<'s>(scope: &mut Scope<'s, '_>, index: u32) -> Name<'s> {
    let number: Value<'s> = v8::Integer::new_from_unsigned(scope, index).into();
    match number.to_string(scope) {
        Some(name) => name.into(),
        None => v8::String::empty(scope).into(),
    }
}

/// The sandbox of the global object that was asked; `None` while its context is being made.
fn sandbox<'s>(scope: &Scope<'s, '_>, info: &Info<'s>) -> Option<Object<'s>> {
    let holder = v8::Local::<v8::Object>::try_from(info.data()).ok()?;
    holder.get_internal_field(scope, 0)?.try_into().ok()
}

/// The attributes of a property of `object` or its prototypes; `None` where there is none.
fn attributes(scope: &mut Scope<'_, '_>, object: Object<'_>, name: Name<'_>) -> Option<PropertyAttribute> {
    object.get_real_named_property_attributes(scope, name)
}

fn get<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    info: Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Value>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    let global = info.holder();
    v8::tc_scope!(let caught, scope);
    let mut value = sandbox.get_real_named_property(caught, name);
    if value.is_none() && !caught.has_caught() {
        value = global.get_real_named_property(caught, name);
    }
    if caught.has_caught() {
        caught.rethrow();
        return Intercepted::kYes;
    }
    let Some(value) = value else { return Intercepted::kNo };
    let is_itself = value == v8::Local::<v8::Value>::from(sandbox);
    rv.set(if is_itself { global.into() } else { value });
    Intercepted::kYes
}

fn query<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    info: Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Integer>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    match sandbox.has_own_property(scope, name) {
        Some(true) => {}
        Some(false) => return Intercepted::kNo,
        None => return Intercepted::kYes,
    }
    let Some(found) = sandbox.get_property_attributes(scope, name.into()) else { return Intercepted::kYes };
    rv.set_uint32(found.as_u32());
    Intercepted::kYes
}

fn set<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    value: Value<'s>,
    info: Info<'s>,
    _: v8::ReturnValue<'_, v8::Boolean>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    let on_sandbox = attributes(scope, sandbox, name);
    let on_global = attributes(scope, info.holder(), name);
    let is_read_only =
        |found: &Option<PropertyAttribute>| found.as_ref().is_some_and(PropertyAttribute::is_read_only);
    if is_read_only(&on_sandbox) || (on_sandbox.is_none() && is_read_only(&on_global)) {
        return Intercepted::kNo;
    }
    if sandbox.set(scope, name.into(), value).is_none() {
        return Intercepted::kYes;
    }
    // What a setter has taken must not become a property of the global object as well.
    match is_own_accessor(scope, sandbox, name) {
        Some(false) => Intercepted::kNo,
        _ => Intercepted::kYes,
    }
}

/// Whether `object` has an accessor of that name; `None` where it threw.
fn is_own_accessor<'s>(scope: &mut Scope<'s, '_>, object: Object<'s>, name: Name<'s>) -> Option<bool> {
    let descriptor = object.get_own_property_descriptor(scope, name)?;
    let Ok(descriptor) = v8::Local::<v8::Object>::try_from(descriptor) else { return Some(false) };
    for key in ["get", "set"] {
        let key = internalized(scope, key);
        if descriptor.has_own_property(scope, key.into())? {
            return Some(true);
        }
    }
    Some(false)
}

fn delete<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    info: Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Boolean>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    match sandbox.delete(scope, name.into()) {
        Some(true) => Intercepted::kNo,
        Some(false) => {
            rv.set_bool(false);
            Intercepted::kYes
        }
        None => Intercepted::kYes,
    }
}

fn define<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    descriptor: &v8::PropertyDescriptor,
    info: Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Boolean>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    match sandbox.define_property(scope, name, descriptor) {
        // V8 says why it is refused.
        Some(false) => Intercepted::kNo,
        Some(true) => {
            rv.set_bool(true);
            Intercepted::kYes
        }
        None => Intercepted::kYes,
    }
}

fn describe<'s>(
    scope: &mut Scope<'s, '_>,
    name: Name<'s>,
    info: Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Value>,
) -> Intercepted {
    let Some(sandbox) = sandbox(scope, &info) else { return Intercepted::kNo };
    if sandbox.has_own_property(scope, name) != Some(true) {
        return Intercepted::kNo;
    }
    let Some(descriptor) = sandbox.get_own_property_descriptor(scope, name) else { return Intercepted::kYes };
    rv.set(descriptor);
    Intercepted::kYes
}

fn enumerate_names<'s>(scope: &mut Scope<'s, '_>, info: Info<'s>, rv: v8::ReturnValue<'_, v8::Array>) {
    enumerate(scope, &info, rv, v8::IndexFilter::SkipIndices, |key| key.is_name());
}

fn enumerate_indices<'s>(scope: &mut Scope<'s, '_>, info: Info<'s>, rv: v8::ReturnValue<'_, v8::Array>) {
    enumerate(scope, &info, rv, v8::IndexFilter::IncludeIndices, |key| key.is_number());
}

fn enumerate<'s>(
    scope: &mut Scope<'s, '_>,
    info: &Info<'s>,
    mut rv: v8::ReturnValue<'_, v8::Array>,
    index_filter: v8::IndexFilter,
    wanted: impl Fn(&Value<'_>) -> bool,
) {
    let Some(sandbox) = sandbox(scope, info) else { return };
    let args = v8::GetPropertyNamesArgs {
        mode: v8::KeyCollectionMode::OwnOnly,
        property_filter: v8::PropertyFilter::ALL_PROPERTIES,
        index_filter,
        key_conversion: v8::KeyConversionMode::KeepNumbers,
    };
    let Some(keys) = sandbox.get_property_names(scope, args) else { return };
    let keys: Vec<_> = (0..keys.length()).filter_map(|index| keys.get_index(scope, index)).collect();
    let keys: Vec<_> = keys.into_iter().filter(wanted).collect();
    rv.set(v8::Array::new_with_elements(scope, &keys));
}
