//! The class `Deserializer`: reads values in the engine's format.

use std::cell::RefCell;
use std::rc::Rc;

use v8::ValueDeserializerHelper as _;

use super::{Args, Owner, Return, Scope, method, throw_error, throw_illegal_invocation, throw_invalid_type};
use crate::bind::class::Class;
use crate::bind::convert::string;
use crate::bind::deserializer::Deserializer as Reader;
use crate::bind::object::{State, state};
use crate::object_class;

pub(super) const CLASS: Class = object_class!(
    Deserializer,
    new,
    raw: [
        start, read_header, read_value, get_wire_format_version, transfer_array_buffer, read_uint32,
        read_uint64, read_double, read_raw_bytes,
    ],
);

/// A reader; there is none before `start`.
#[derive(Default)]
struct Deserializer {
    reader: RefCell<Option<Rc<Reader>>>,
    owner: Rc<Owner>,
}

impl State for Deserializer {}

fn new() -> Deserializer {
    Deserializer::default()
}

/// What the engine asks while it reads: hooks of the JavaScript object.
struct Hooks(Rc<Owner>);

impl v8::ValueDeserializerImpl for Hooks {
    fn read_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        _: &dyn v8::ValueDeserializerHelper,
    ) -> Option<v8::Local<'s, v8::Object>> {
        let owner = self.0.object(scope)?;
        // The engine lets no program run while it reads, but this one it has asked for.
        v8::allow_javascript_execution_scope!(let scope, scope);
        let read = method(scope, owner, "_readHostObject")??;
        let value = read.call(scope, owner.into(), &[])?;
        match v8::Local::<v8::Object>::try_from(value) {
            Ok(object) => Some(object),
            Err(_) => {
                let message = string(scope, "readHostObject must return an object");
                let error = v8::Exception::type_error(scope, message);
                scope.throw_exception(error);
                None
            }
        }
    }

    fn get_shared_array_buffer_from_id<'s>(
        &self,
        _: &mut Scope<'s, '_>,
        _: u32,
    ) -> Option<v8::Local<'s, v8::SharedArrayBuffer>> {
        None
    }

    fn get_wasm_module_from_id<'s>(
        &self,
        _: &mut Scope<'s, '_>,
        _: u32,
    ) -> Option<v8::Local<'s, v8::WasmModuleObject>> {
        None
    }
}

/// The state of the receiver and its reader; `None` where the receiver is of another class.
fn receiver(scope: &mut Scope<'_, '_>, args: &Args<'_>) -> Option<(Rc<Deserializer>, Rc<Reader>)> {
    let state = state::<Deserializer>(scope, args.this());
    let found = state.and_then(|state| {
        let reader = state.reader.borrow().clone();
        reader.map(|reader| (state, reader))
    });
    if found.is_none() {
        throw_illegal_invocation(scope);
    }
    found
}

/// `start(view)`: takes the bytes to read.
fn start<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(state) = state::<Deserializer>(scope, args.this()) else { return };
    let Ok(view) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(0)) else {
        throw_invalid_type(scope, "buffer must be a TypedArray or a DataView");
        return;
    };
    let reader = Reader::new(scope, Box::new(Hooks(Rc::clone(&state.owner))), view);
    *state.reader.borrow_mut() = Some(Rc::new(reader));
}

fn read_header<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let context = scope.get_current_context();
    if let Some(read) = reader.reader().read_header(context) {
        rv.set_bool(read);
    }
}

fn read_value<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((state, reader)) = receiver(scope, &args) else { return };
    let context = scope.get_current_context();
    let value = state.owner.during(scope, args.this(), |_| reader.reader().read_value(context));
    if let Some(value) = value {
        rv.set(value);
    }
}

fn get_wire_format_version<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Some((_, reader)) = receiver(scope, &args) {
        rv.set_uint32(reader.reader().get_wire_format_version());
    }
}

fn transfer_array_buffer<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let Some(id) = args.get(0).uint32_value(scope) else { return };
    if let Ok(buffer) = v8::Local::<v8::ArrayBuffer>::try_from(args.get(1)) {
        reader.reader().transfer_array_buffer(id, buffer);
    } else if let Ok(buffer) = v8::Local::<v8::SharedArrayBuffer>::try_from(args.get(1)) {
        reader.reader().transfer_shared_array_buffer(id, buffer);
    } else {
        throw_invalid_type(scope, "arrayBuffer must be an ArrayBuffer or SharedArrayBuffer");
    }
}

fn read_uint32<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let mut value = 0;
    if reader.reader().read_uint32(&mut value) {
        rv.set_uint32(value);
    } else {
        throw_error(scope, "ReadUint32() failed");
    }
}

/// `[high, low]`
fn read_uint64<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let mut value = 0;
    if !reader.reader().read_uint64(&mut value) {
        return throw_error(scope, "ReadUint64() failed");
    }
    let halves = [(value >> 32) as u32, value as u32];
    let halves = halves.map(|half| v8::Integer::new_from_unsigned(scope, half).into());
    rv.set(v8::Array::new_with_elements(scope, &halves).into());
}

fn read_double<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let mut value = 0.0;
    if reader.reader().read_double(&mut value) {
        rv.set_double(value);
    } else {
        throw_error(scope, "ReadDouble() failed");
    }
}

/// `readRawBytes(length)`: where they begin.
fn read_raw_bytes<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((_, reader)) = receiver(scope, &args) else { return };
    let Some(length) = args.get(0).integer_value(scope) else { return };
    match usize::try_from(length).ok().and_then(|length| reader.skip(length)) {
        Some(start) => rv.set_double(start as f64),
        None => throw_error(scope, "ReadRawBytes() failed"),
    }
}
