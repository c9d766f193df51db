//! Strings and symbols.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use super::abi::{Data, Finalize, Items, MaybeOut, MaybeValue, Out, Outcome, Scope, Status, Value};
use super::addons;
use super::call::napi;
use super::env::Env;
use crate::bind::task::lock;

type Made<'s> = Result<v8::Local<'s, v8::String>, Status>;

pub(super) fn utf8<'s>(scope: &Scope<'s, '_>, text: &[u8], kind: v8::NewStringType) -> Made<'s> {
    v8::String::new_from_utf8(scope, text, kind).ok_or(Status::GenericFailure)
}

fn latin1<'s>(scope: &Scope<'s, '_>, text: &[u8], kind: v8::NewStringType) -> Made<'s> {
    v8::String::new_from_one_byte(scope, text, kind).ok_or(Status::GenericFailure)
}

fn utf16<'s>(scope: &Scope<'s, '_>, text: &[u16], kind: v8::NewStringType) -> Made<'s> {
    v8::String::new_from_two_byte(scope, text, kind).ok_or(Status::GenericFailure)
}

/// Writes the characters of a string with a zero behind them, as many as fit, or tells how many there are where
/// the caller has no room for any.
fn read<T: Copy + Default>(
    room: &MaybeOut<T>,
    size: usize,
    result: &MaybeOut<usize>,
    length: impl FnOnce() -> usize,
    write: impl FnOnce(&mut [T]) -> usize,
) -> Outcome {
    if !room.is_wanted() {
        if !result.is_wanted() {
            return Err(Status::InvalidArg);
        }
        result.set(length());
    } else if size == 0 {
        result.set(0);
    } else {
        let room = room.slice(size);
        let written = write(&mut room[..size - 1]);
        room[written] = T::default();
        result.set(written);
    }
    Ok(())
}

/// Whom to tell when V8 lets go of an add-on's text: V8 itself keeps only its address.
struct Tenant {
    env: usize,
    callback: Option<Finalize>,
    hint: usize,
}

/// By the address of the text; several strings may have the same.
static TENANTS: LazyLock<Mutex<HashMap<usize, Vec<Tenant>>>> = LazyLock::new(Mutex::default);

fn move_in<T>(env: &Env, text: *mut T, callback: Option<Finalize>, hint: Data) {
    let tenant = Tenant { env: env.address().addr(), callback, hint: hint.expose_provenance() };
    lock(&TENANTS).entry(text.expose_provenance()).or_default().push(tenant);
}

/// Tells the add-on that its text is free again. V8 calls this on the thread of the isolate.
unsafe extern "C" fn move_out<T>(text: *mut T, _: usize) {
    let mut tenants = lock(&TENANTS);
    let Some(list) = tenants.get_mut(&text.addr()) else { return };
    let tenant = list.pop();
    if list.is_empty() {
        tenants.remove(&text.addr());
    }
    drop(tenants);
    if let Some(Tenant { env, callback: Some(callback), hint }) = tenant {
        let hint = std::ptr::with_exposed_provenance_mut(hint);
        if let Some(env) = Env::at(std::ptr::with_exposed_provenance_mut(env)) {
            env.while_collecting(|| addons::call_finalizer(env, callback, text.cast(), hint));
        }
    }
}

/// Tells the add-on at once: an empty text is not kept.
fn unused(env: &Env, is_copy: &MaybeOut<bool>, callback: Option<Finalize>, text: Data, hint: Data) {
    is_copy.set(false);
    if let Some(callback) = callback {
        addons::call_finalizer(env, callback, text, hint);
    }
}

napi! {
    plain napi_create_string_latin1(env, scope, text: Items<u8>, length: usize, result: Out<Value>) {
        result.put(latin1(scope, text.text(length)?, v8::NewStringType::Normal)?);
    }

    plain napi_create_string_utf8(env, scope, text: Items<u8>, length: usize, result: Out<Value>) {
        result.put(utf8(scope, text.text(length)?, v8::NewStringType::Normal)?);
    }

    plain napi_create_string_utf16(env, scope, text: Items<u16>, length: usize, result: Out<Value>) {
        result.put(utf16(scope, text.text(length)?, v8::NewStringType::Normal)?);
    }

    plain node_api_create_property_key_latin1(env, scope, text: Items<u8>, length: usize, result: Out<Value>) {
        result.put(latin1(scope, text.text(length)?, v8::NewStringType::Internalized)?);
    }

    plain node_api_create_property_key_utf8(env, scope, text: Items<u8>, length: usize, result: Out<Value>) {
        result.put(utf8(scope, text.text(length)?, v8::NewStringType::Internalized)?);
    }

    plain node_api_create_property_key_utf16(env, scope, text: Items<u16>, length: usize, result: Out<Value>) {
        result.put(utf16(scope, text.text(length)?, v8::NewStringType::Internalized)?);
    }

    plain node_api_create_external_string_latin1(
        env, scope, text: Items<u8>, length: usize, finalize: Option<Finalize>, hint: Data, result: Out<Value>,
        is_copy: MaybeOut<bool>
    ) {
        let characters = text.text(length)?;
        let address = text.address();
        if characters.is_empty() {
            result.put(v8::String::empty(scope));
            unused(env, &is_copy, finalize, address.cast(), hint);
            return Ok(());
        }
        move_in(env, address, finalize, hint);
        // SAFETY: the add-on leaves the text as it is until it is told that it is free.
        let string = unsafe {
            v8::String::new_external_onebyte_raw(scope, address.cast(), characters.len(), move_out)
        };
        result.put(string.ok_or(Status::GenericFailure)?);
        is_copy.set(false);
    }

    plain node_api_create_external_string_utf16(
        env, scope, text: Items<u16>, length: usize, finalize: Option<Finalize>, hint: Data, result: Out<Value>,
        is_copy: MaybeOut<bool>
    ) {
        let characters = text.text(length)?;
        let address = text.address();
        if characters.is_empty() {
            result.put(v8::String::empty(scope));
            unused(env, &is_copy, finalize, address.cast(), hint);
            return Ok(());
        }
        move_in(env, address, finalize, hint);
        // SAFETY: the add-on leaves the text as it is until it is told that it is free.
        let string = unsafe {
            v8::String::new_external_twobyte_raw(scope, address, characters.len(), move_out)
        };
        result.put(string.ok_or(Status::GenericFailure)?);
        is_copy.set(false);
    }

    plain napi_get_value_string_latin1(
        env, scope, value: Value, room: MaybeOut<u8>, size: usize, result: MaybeOut<usize>
    ) {
        let string = value.string(scope)?;
        read(&room, size, &result, || string.length(), |room| {
            string.write_one_byte_v2(scope, 0, room, v8::WriteFlags::empty());
            string.length().min(room.len())
        })?;
    }

    plain napi_get_value_string_utf8(
        env, scope, value: Value, room: MaybeOut<u8>, size: usize, result: MaybeOut<usize>
    ) {
        let string = value.string(scope)?;
        read(&room, size, &result, || string.utf8_length(scope), |room| {
            string.write_utf8_v2(scope, room, v8::WriteFlags::kReplaceInvalidUtf8, None)
        })?;
    }

    plain napi_get_value_string_utf16(
        env, scope, value: Value, room: MaybeOut<u16>, size: usize, result: MaybeOut<usize>
    ) {
        let string = value.string(scope)?;
        read(&room, size, &result, || string.length(), |room| {
            string.write_v2(scope, 0, room, v8::WriteFlags::empty());
            string.length().min(room.len())
        })?;
    }

    plain napi_create_symbol(env, scope, description: MaybeValue, result: Out<Value>) {
        let description = match description.0 {
            Value::NONE => None,
            description => Some(description.string(scope)?),
        };
        result.put(v8::Symbol::new(scope, description));
    }

    plain node_api_symbol_for(env, scope, description: Items<u8>, length: usize, result: Out<Value>) {
        let description = utf8(scope, description.text(length)?, v8::NewStringType::Normal)?;
        result.put(v8::Symbol::for_key(scope, description));
    }
}
