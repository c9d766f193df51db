//! The class `Serializer`: writes values in the engine's format.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use v8::ValueSerializerHelper as _;

use super::{
    Args, Owner, Return, Scope, method, throw_clone_error, throw_illegal_invocation, throw_invalid_type,
};
use crate::bind::buffer::with_bytes;
use crate::bind::class::Class;
use crate::bind::convert::{Bytes, IntoJs, string};
use crate::bind::object::{State, state};
use crate::object_class;

pub(super) const CLASS: Class = object_class!(
    Serializer,
    new,
    raw: [
        write_header, write_value, release_buffer, transfer_array_buffer, write_uint32, write_uint64,
        write_double, write_raw_bytes, set_views_are_host_objects,
    ],
);

/// The tag of the format's version, and the version.
const HEADER: [u8; 2] = [0xff, 15];

/// A writer, until its bytes are taken; the next use begins another.
struct Serializer {
    writer: RefCell<Option<Rc<v8::ValueSerializer<'static>>>>,
    owner: Rc<Owner>,
    views_are_host_objects: Cell<bool>,
}

impl State for Serializer {}

fn new() -> Serializer {
    Serializer { writer: RefCell::default(), owner: Rc::default(), views_are_host_objects: Cell::new(false) }
}

impl Serializer {
    fn writer(&self, scope: &mut Scope<'_, '_>) -> Rc<v8::ValueSerializer<'static>> {
        let mut writer = self.writer.borrow_mut();
        let writer = writer.get_or_insert_with(|| {
            let writer = v8::ValueSerializer::new(scope, Box::new(Hooks(Rc::clone(&self.owner))));
            writer.set_treat_array_buffer_views_as_host_objects(self.views_are_host_objects.get());
            Rc::new(writer)
        });
        Rc::clone(writer)
    }
}

/// What the engine asks while it writes: hooks of the JavaScript object.
struct Hooks(Rc<Owner>);

impl Hooks {
    fn refuse<'s>(&self, scope: &mut Scope<'s, '_>, value: v8::Local<'s, v8::Value>) {
        let Some(text) = value.to_detail_string(scope) else { return };
        let text = format!("{} could not be cloned.", text.to_rust_string_lossy(scope));
        let text = string(scope, &text);
        self.throw(scope, text);
    }

    fn throw<'s>(&self, scope: &mut Scope<'s, '_>, message: v8::Local<'s, v8::String>) {
        if let Some(owner) = self.0.object(scope) {
            throw_clone_error(scope, owner, message);
        }
    }
}

impl v8::ValueSerializerImpl for Hooks {
    fn throw_data_clone_error<'s>(&self, scope: &mut Scope<'s, '_>, message: v8::Local<'s, v8::String>) {
        self.throw(scope, message);
    }

    fn write_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        _: &dyn v8::ValueSerializerHelper,
    ) -> Option<bool> {
        let owner = self.0.object(scope)?;
        let Some(write) = method(scope, owner, "_writeHostObject")? else {
            self.refuse(scope, object.into());
            return None;
        };
        write.call(scope, owner.into(), &[object.into()]).map(|_| true)
    }

    fn get_shared_array_buffer_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        buffer: v8::Local<'s, v8::SharedArrayBuffer>,
    ) -> Option<u32> {
        let owner = self.0.object(scope)?;
        let Some(identify) = method(scope, owner, "_getSharedArrayBufferId")? else {
            self.refuse(scope, buffer.into());
            return None;
        };
        identify.call(scope, owner.into(), &[buffer.into()])?.uint32_value(scope)
    }

    fn get_wasm_module_transfer_id(
        &self,
        scope: &mut Scope<'_, '_>,
        module: v8::Local<'_, v8::WasmModuleObject>,
    ) -> Option<u32> {
        let module = v8::Local::new(scope, module);
        self.refuse(scope, module.into());
        None
    }
}

/// The state of the receiver and its writer; `None` where the receiver is of another class.
fn receiver(
    scope: &mut Scope<'_, '_>,
    args: &Args<'_>,
) -> Option<(Rc<Serializer>, Rc<v8::ValueSerializer<'static>>)> {
    let Some(state) = state::<Serializer>(scope, args.this()) else {
        throw_illegal_invocation(scope);
        return None;
    };
    let writer = state.writer(scope);
    Some((state, writer))
}

/// Writes the header of Node's version of the format. The engine's own is newer, but nothing that a value
/// of today consists of has changed in it.
fn write_header<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Some((_, writer)) = receiver(scope, &args) {
        writer.write_raw_bytes(&HEADER);
    }
}

fn write_value<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((state, writer)) = receiver(scope, &args) else { return };
    let context = scope.get_current_context();
    let written = state.owner.during(scope, args.this(), |_| writer.write_value(context, args.get(0)));
    if let Some(written) = written {
        rv.set_bool(written);
    }
}

fn release_buffer<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some((state, writer)) = receiver(scope, &args) else { return };
    let bytes = writer.release();
    *state.writer.borrow_mut() = None;
    if let Ok(bytes) = Bytes(bytes).into_js(scope) {
        rv.set(bytes);
    }
}

fn transfer_array_buffer<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, writer)) = receiver(scope, &args) else { return };
    let Some(id) = args.get(0).uint32_value(scope) else { return };
    match v8::Local::<v8::ArrayBuffer>::try_from(args.get(1)) {
        Ok(buffer) => writer.transfer_array_buffer(id, buffer),
        Err(_) => throw_invalid_type(scope, "arrayBuffer must be an ArrayBuffer"),
    }
}

fn write_uint32<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, writer)) = receiver(scope, &args) else { return };
    if let Some(value) = args.get(0).uint32_value(scope) {
        writer.write_uint32(value);
    }
}

fn write_uint64<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, writer)) = receiver(scope, &args) else { return };
    let Some(high) = args.get(0).uint32_value(scope) else { return };
    let Some(low) = args.get(1).uint32_value(scope) else { return };
    writer.write_uint64(u64::from(high) << 32 | u64::from(low));
}

fn write_double<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, writer)) = receiver(scope, &args) else { return };
    if let Some(value) = args.get(0).number_value(scope) {
        writer.write_double(value);
    }
}

fn write_raw_bytes<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((_, writer)) = receiver(scope, &args) else { return };
    if args.get(0).is_array_buffer_view() {
        with_bytes(args.get(0), |bytes| writer.write_raw_bytes(bytes));
    } else {
        throw_invalid_type(scope, "source must be a TypedArray or a DataView");
    }
}

fn set_views_are_host_objects<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some((state, writer)) = receiver(scope, &args) else { return };
    let mode = args.get(0).boolean_value(scope);
    state.views_are_host_objects.set(mode);
    writer.set_treat_array_buffer_views_as_host_objects(mode);
}
