//! Objects that stand for an add-on's own: wrapped, tagged with a type, external; and the data of an environment.

use super::abi::{Data, Finalize, Items, MaybeOut, Out, Outcome, Scope, Status, TypeTag, Value};
use super::call::napi;
use super::env::{Env, Key};
use super::error::throw_type_error;
use super::reference::{Finish, Owner, Reference};

/// What calls the add-on, if it wants to be called.
pub(super) fn finish(callback: Option<Finalize>, hint: Data) -> Finish {
    callback.map_or(Finish::Nothing, |callback| Finish::Call { callback, hint })
}

/// The reference that wraps an object.
fn wrapped<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
) -> Result<*const Reference, Status> {
    let key = env.key(scope, Key::Wrap);
    let value = object.get_private(scope, key).ok_or(Status::InvalidArg)?;
    let external = v8::Local::<v8::External>::try_from(value).map_err(|_| Status::InvalidArg)?;
    Ok(external.value().cast_const().cast())
}

fn words(tag: TypeTag) -> [u64; 2] {
    [tag.lower, tag.upper]
}

/// Calls one of the functions for tags of external values, which have no properties.
fn call_for_external<'s>(
    scope: &Scope<'s, '_>,
    function: &v8::Global<v8::Function>,
    args: &[v8::Local<'s, v8::Value>],
) -> Option<v8::Local<'s, v8::Value>> {
    let function = v8::Local::new(scope, function);
    let receiver = v8::undefined(scope).into();
    function.call(scope, receiver, args)
}

/// The tag that an object has.
fn tag_of<'s>(env: &Env, scope: &Scope<'s, '_>, object: v8::Local<'s, v8::Object>) -> Option<[u64; 2]> {
    let value = if object.is_external() {
        call_for_external(scope, &env.addons().tools().tag_of_external, &[object.into()])?
    } else {
        object.get_private(scope, env.key(scope, Key::TypeTag))?
    };
    let tag = v8::Local::<v8::BigInt>::try_from(value).ok()?;
    let mut words = [0; 2];
    tag.to_words_array(&mut words);
    Some(words)
}

fn set_instance_data(env: &Env, data: Data, finalize: Option<Finalize>, hint: Data) -> Outcome {
    let before = env.instance_data.get();
    if !before.is_null() {
        // What was there before is forgotten, not finalized.
        Reference::delete(before);
    }
    env.instance_data.set(Reference::of_environment(env, data, finish(finalize, hint)));
    Ok(())
}

napi! {
    js napi_wrap(
        env, scope, object: Value, data: Data, finalize: Option<Finalize>, hint: Data,
        result: MaybeOut<*const Reference>
    ) {
        let object = object.object(scope)?;
        let key = env.key(scope, Key::Wrap);
        // An external value has no room for one.
        if object.is_external() || object.has_private(scope, key) == Some(true) {
            return Err(Status::InvalidArg);
        }
        let owner = if result.is_wanted() { Owner::AddOn } else { Owner::Runtime };
        let reference = Reference::new(env, object, 0, owner, data, finish(finalize, hint));
        result.set(reference);
        let external = v8::External::new(scope, reference.cast_mut().cast()).into();
        object.set_private(scope, key, external).ok_or(Status::GenericFailure)?;
    }

    js napi_unwrap(env, scope, object: Value, result: Out<Data>) {
        let object = object.object(scope)?;
        result.set(Reference::at(wrapped(env, scope, object)?).data.get());
    }

    js napi_remove_wrap(env, scope, object: Value, result: MaybeOut<Data>) {
        let object = object.object(scope)?;
        let reference = wrapped(env, scope, object)?;
        result.set(Reference::at(reference).data.get());
        object.delete_private(scope, env.key(scope, Key::Wrap)).ok_or(Status::GenericFailure)?;
        Reference::disarm(reference);
    }

    js napi_type_tag_object(env, scope, object: Value, tag: Items<TypeTag>) {
        let object = object.to_object(scope).map_err(|_| Status::GenericFailure)?;
        let tag = tag.slice(1)?[0];
        if tag_of(env, scope, object).is_some() {
            return Err(Status::InvalidArg);
        }
        let tag = v8::BigInt::new_from_words(scope, false, &words(tag)).ok_or(Status::GenericFailure)?;
        let is_tagged = if object.is_external() {
            call_for_external(scope, &env.addons().tools().tag_external, &[object.into(), tag.into()]).is_some()
        } else {
            object.set_private(scope, env.key(scope, Key::TypeTag), tag.into()).is_some()
        };
        if !is_tagged {
            return Err(Status::GenericFailure);
        }
    }

    js napi_check_object_type_tag(env, scope, object: Value, tag: Items<TypeTag>, result: Out<bool>) {
        let object = object.to_object(scope).map_err(|_| Status::GenericFailure)?;
        let tag = tag.slice(1)?[0];
        result.set(tag_of(env, scope, object) == Some(words(tag)));
    }

    plain napi_add_finalizer(
        env, scope, object: Value, data: Data, finalize: Option<Finalize>, hint: Data,
        result: MaybeOut<*const Reference>
    ) {
        let object = object.object(scope).map_err(|_| Status::InvalidArg)?;
        let finalize = finalize.ok_or(Status::InvalidArg)?;
        let owner = if result.is_wanted() { Owner::AddOn } else { Owner::Runtime };
        result.set(Reference::new(env, object, 0, owner, data, finish(Some(finalize), hint)));
    }

    js napi_create_external(
        env, scope, data: Data, finalize: Option<Finalize>, hint: Data, result: Out<Value>
    ) {
        let external = v8::External::new(scope, data);
        if finalize.is_some() {
            Reference::new(env, external, 0, Owner::Runtime, data, finish(finalize, hint));
        }
        result.put(external);
    }

    plain napi_get_value_external(env, scope, value: Value, result: Out<Data>) {
        let external = v8::Local::<v8::External>::try_from(value.local(scope)?).map_err(|_| Status::InvalidArg)?;
        result.set(external.value());
    }

    js napi_instanceof(env, scope, object: Value, constructor: Value, result: Out<bool>) {
        result.set(false);
        let object = object.local(scope)?;
        let constructor = constructor.to_object(scope)?;
        if !constructor.is_function() {
            throw_type_error(env, scope, "ERR_NAPI_CONS_FUNCTION", "Constructor must be a function")?;
            return Err(Status::FunctionExpected);
        }
        result.set(object.instance_of(scope, constructor).ok_or(Status::GenericFailure)?);
    }

    basic napi_set_instance_data(env, scope, data: Data, finalize: Option<Finalize>, hint: Data) {
        set_instance_data(env, data, finalize, hint)?;
    }

    basic napi_get_instance_data(env, scope, result: Out<Data>) {
        let reference = env.instance_data.get();
        result.set(if reference.is_null() { std::ptr::null_mut() } else { Reference::at(reference).data.get() });
    }
}
