//! Functions and classes of an add-on, and calls of JavaScript's functions.

use std::ffi::c_void;

use super::abi::{
    CONFIGURABLE, Callback, Data, ENUMERABLE, Items, MaybeOut, Out, Outcome, Property, STATIC, Scope, Status,
    Value, WRITABLE, locals,
};
use super::call::napi;
use super::env::Env;
use super::property;
use super::reference::{Finish, Reference};
use super::text;
use crate::bind::outside;

/// One call of an add-on's function. Its address is the add-on's `napi_callback_info`.
pub(super) struct CallInfo<'a> {
    args: v8::FunctionCallbackArguments<'a>,
    data: Data,
}

impl CallInfo<'_> {
    fn at<'a>(address: *const c_void) -> &'a CallInfo<'a> {
        // SAFETY: it is the address that `invoke` has given the add-on, which may use it during the call.
        unsafe { &*address.cast::<CallInfo<'a>>() }
    }
}

/// What V8 calls for every function of an add-on.
unsafe extern "C" fn invoke(info: *const v8::FunctionCallbackInfo) {
    // SAFETY: V8 calls back with live information.
    let info = unsafe { &*info };
    let mut parts = info.get_parts();
    let Ok(external) = v8::Local::<v8::External>::try_from(parts.data) else { return };
    let reference = Reference::at(external.value().cast_const().cast());
    let Some(callback) = reference.function() else { return };
    let call = CallInfo {
        args: v8::FunctionCallbackArguments::from_function_callback_info_parts(info, &parts),
        data: reference.data.get(),
    };
    outside::note();
    let env = reference.env();
    // SAFETY: V8 has opened a handle scope for the call.
    v8::callback_scope!(unsafe scope, info);
    let address = std::ptr::from_ref(&call).cast_mut().cast();
    // SAFETY: the add-on has given the function for such calls.
    let into = || unsafe { callback(env.address(), address) };
    let result = env.call(scope, into, |_, scope, exception| {
        scope.throw_exception(exception);
    });
    if let Some(value) = result.optional(scope) {
        parts.return_value.set(value);
    }
}

/// The value by which a function of the add-on finds what it calls.
fn external<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    callback: Callback,
    data: Data,
) -> v8::Local<'s, v8::Value> {
    // The external value must hold the address of what watches it.
    let holder = Reference::of_environment(env, data, Finish::Function(callback));
    let external = v8::External::new(scope, holder.cast_mut().cast()).into();
    Reference::at(holder).watch(env, external);
    external
}

/// A function that calls the add-on.
pub(super) fn function<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    callback: Callback,
    data: Data,
) -> Result<v8::Local<'s, v8::Function>, Status> {
    let data = external(env, scope, callback, data);
    v8::Function::builder_raw(invoke).data(data).build(scope).ok_or(Status::GenericFailure)
}

fn template<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    callback: Callback,
    data: Data,
    signature: Option<v8::Local<'s, v8::FunctionTemplate>>,
) -> v8::Local<'s, v8::FunctionTemplate> {
    let data = external(env, scope, callback, data);
    let builder = v8::FunctionTemplate::builder_raw(invoke).data(data);
    match signature {
        Some(class) => builder.signature(v8::Signature::new(scope, class)).build(scope),
        None => builder.build(scope),
    }
}

/// The attributes in V8's terms, which name what is not allowed.
pub(super) fn attributes(property: &Property, is_accessor: bool) -> v8::PropertyAttribute {
    let mut attributes = v8::PropertyAttribute::NONE;
    for (bit, attribute) in [
        (WRITABLE, v8::PropertyAttribute::READ_ONLY),
        (ENUMERABLE, v8::PropertyAttribute::DONT_ENUM),
        (CONFIGURABLE, v8::PropertyAttribute::DONT_DELETE),
    ] {
        // An accessor is neither writable nor not.
        if property.attributes & bit == 0 && !(is_accessor && bit == WRITABLE) {
            attributes = attributes | attribute;
        }
    }
    attributes
}

/// Puts a property of the instances into the template of a class.
fn add_to_prototype<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    class: v8::Local<'s, v8::FunctionTemplate>,
    property: &Property,
) -> Outcome {
    let name = property::name(scope, property)?;
    let prototype = class.prototype_template(scope);
    if property.getter.is_some() || property.setter.is_some() {
        let [getter, setter] = [property.getter, property.setter]
            .map(|callback| callback.map(|callback| template(env, scope, callback, property.data, None)));
        prototype.set_accessor_property(name, getter, setter, attributes(property, true));
    } else if let Some(method) = property.method {
        let method = template(env, scope, method, property.data, Some(class));
        prototype.set_with_attr(name, method.into(), attributes(property, false));
    } else {
        let value = property.value.local(scope)?;
        prototype.set_with_attr(name, value.into(), attributes(property, false));
    }
    Ok(())
}

napi! {
    js napi_create_function(
        env, scope, name: Items<u8>, length: usize, callback: Option<Callback>, data: Data, result: Out<Value>
    ) {
        let function = function(env, scope, callback.ok_or(Status::InvalidArg)?, data)?;
        if !name.is_null() {
            function.set_name(text::utf8(scope, name.text(length)?, v8::NewStringType::Internalized)?);
        }
        result.put(function);
    }

    plain napi_get_cb_info(
        env, scope, info: *const c_void, count: MaybeOut<usize>, args: MaybeOut<Value>, this: MaybeOut<Value>,
        data: MaybeOut<Data>
    ) {
        if info.is_null() {
            return Err(Status::InvalidArg);
        }
        let info = CallInfo::at(info);
        if args.is_wanted() {
            let wanted = count.get().ok_or(Status::InvalidArg)?;
            for (index, room) in args.slice(wanted).iter_mut().enumerate() {
                *room = Value::from(info.args.get(index as i32));
            }
        }
        count.set(info.args.length() as usize);
        this.set(Value::from(info.args.this()));
        data.set(info.data);
    }

    plain napi_get_new_target(env, scope, info: *const c_void, result: Out<Value>) {
        if info.is_null() {
            return Err(Status::InvalidArg);
        }
        let info = CallInfo::at(info);
        result.set(if info.args.is_construct_call() { Value::from(info.args.new_target()) } else { Value::NONE });
    }

    js napi_call_function(
        env, scope, receiver: Value, function: Value, count: usize, args: Items<Value>,
        result: MaybeOut<Value>
    ) {
        let args = locals(scope, args.slice(count)?)?;
        let function = function.function(scope)?;
        let receiver = receiver.local(scope)?;
        let value = function.call(scope, receiver, args).ok_or(Status::GenericFailure)?;
        result.set(Value::from(value));
    }

    js napi_new_instance(
        env, scope, constructor: Value, count: usize, args: Items<Value>, result: Out<Value>
    ) {
        let args = locals(scope, args.slice(count)?)?;
        let constructor = constructor.function(scope)?;
        result.put(constructor.new_instance(scope, args).ok_or(Status::PendingException)?);
    }

    js napi_define_class(
        env, scope, name: Items<u8>, length: usize, constructor: Option<Callback>, data: Data, count: usize,
        properties: Items<Property>, result: Out<Value>
    ) {
        let constructor = constructor.ok_or(Status::InvalidArg)?;
        if name.is_null() {
            return Err(Status::InvalidArg);
        }
        let properties = properties.slice(count)?;
        let class = template(env, scope, constructor, data, None);
        class.set_class_name(text::utf8(scope, name.text(length)?, v8::NewStringType::Internalized)?);
        for property in properties.iter().filter(|property| property.attributes & STATIC == 0) {
            add_to_prototype(env, scope, class, property)?;
        }
        let class = class.get_function(scope).ok_or(Status::GenericFailure)?;
        for property in properties.iter().filter(|property| property.attributes & STATIC != 0) {
            property::define(env, scope, class.into(), property)?;
        }
        result.put(class);
    }
}
