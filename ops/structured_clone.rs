//! Native half of `js/web/structured_clone.js`: values made into messages, and messages into values.

use std::cell::RefCell;
use std::collections::VecDeque;

use v8::{ValueDeserializerHelper as _, ValueSerializerHelper as _};

use crate::bind::Binding;
use crate::bind::convert::{internalized, set, string};
use crate::binding;

/// `internalBinding('structured_clone')`: these functions, and the private symbol `transferMode` under
/// which an object of the runtime's own tells how it travels.
pub const BINDING: Binding = binding! { "structured_clone", raw: [clone, is_detachable], extend: install };

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// The bit of `transferMode` that says that an object can be copied.
const CLONEABLE: i32 = 2;
/// The bit that says that it can be handed over.
const TRANSFERABLE: i32 = 1;

fn install(scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    let object = v8::Local::new(scope, object);
    let key = internalized(scope, "transferMode");
    let name = string(scope, "ironode:transferMode");
    let symbol = v8::Private::for_api(scope, Some(name));
    // Only a template takes a private symbol as a value.
    let template = v8::ObjectTemplate::new(scope);
    template.set(key.into(), symbol.into());
    if let Some(holder) = template.new_instance(scope)
        && let Some(symbol) = holder.get(scope, key.into())
    {
        set(scope, object, "transferMode", symbol);
    }
}

/// What the JavaScript half gives along with a value.
#[derive(Clone, Copy)]
struct Hooks<'s> {
    /// The private symbol.
    transfer_mode: v8::Local<'s, v8::Value>,
    /// `createError(message)`: a `DataCloneError`.
    create_error: v8::Local<'s, v8::Function>,
    /// `describe(object)`: `[deserializeInfo, data]` in place of a cloneable object.
    describe: v8::Local<'s, v8::Function>,
    /// `create(deserializeInfo)`: an object that waits for its data.
    create: v8::Local<'s, v8::Function>,
    /// `fill(object, data)`
    fill: v8::Local<'s, v8::Function>,
}

impl<'s> Hooks<'s> {
    fn take(args: &Args<'s>, first: i32) -> Option<Self> {
        Some(Hooks {
            transfer_mode: args.get(first),
            create_error: args.get(first + 1).try_into().ok()?,
            describe: args.get(first + 2).try_into().ok()?,
            create: args.get(first + 3).try_into().ok()?,
            fill: args.get(first + 4).try_into().ok()?,
        })
    }

    fn throw(&self, scope: &mut Scope<'_, '_>, message: v8::Local<'_, v8::String>) {
        let receiver = v8::undefined(scope).into();
        let message = v8::Local::new(scope, message).into();
        if let Some(error) = self.create_error.call(scope, receiver, &[message]) {
            scope.throw_exception(error);
        }
    }

    fn transfer_mode(&self, scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) -> Option<i32> {
        let mode = object.get(scope, self.transfer_mode)?;
        v8::Local::<v8::Integer>::try_from(mode).ok().map(|mode| mode.value() as i32)
    }
}

/// A value on its way: bytes in V8's format and what travels beside them.
///
/// V8 lets no JavaScript run while it reads a value. So the runtime's own objects are numbers in the
/// value; they are made before it is read, and their data stands behind it.
#[derive(Default)]
struct Message {
    bytes: Vec<u8>,
    transferred: Vec<v8::SharedRef<v8::BackingStore>>,
    shared: Vec<v8::SharedRef<v8::BackingStore>>,
    modules: Vec<v8::CompiledWasmModule>,
    /// The `deserializeInfo` of each object of the runtime's own.
    objects: Vec<String>,
}

struct Writer<'a> {
    hooks: Hooks<'a>,
    message: &'a RefCell<Message>,
    /// The data of the runtime's own objects that is still to be written.
    data: &'a RefCell<VecDeque<v8::Global<v8::Value>>>,
}

impl v8::ValueSerializerImpl for Writer<'_> {
    fn throw_data_clone_error<'s>(&self, scope: &mut Scope<'s, '_>, message: v8::Local<'s, v8::String>) {
        self.hooks.throw(scope, message);
    }

    fn has_custom_host_object(&self, _: &v8::Isolate) -> bool {
        true
    }

    fn is_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
    ) -> Option<bool> {
        Some(self.hooks.transfer_mode(scope, object).is_some())
    }

    fn write_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        out: &dyn v8::ValueSerializerHelper,
    ) -> Option<bool> {
        let mode = self.hooks.transfer_mode(scope, object).unwrap_or(0);
        if mode & CLONEABLE != 0 {
            let receiver = v8::undefined(scope).into();
            let pair = self.hooks.describe.call(scope, receiver, &[object.into()])?;
            let pair = v8::Local::<v8::Array>::try_from(pair).ok()?;
            let (info, data) = (pair.get_index(scope, 0)?, pair.get_index(scope, 1)?);
            let objects = &mut self.message.borrow_mut().objects;
            out.write_uint32(objects.len() as u32);
            objects.push(info.to_rust_string_lossy(scope));
            self.data.borrow_mut().push_back(v8::Global::new(scope, data));
            return Some(true);
        }
        let message = if mode & TRANSFERABLE != 0 {
            "Object that needs transfer was found in message but not listed in transferList"
        } else {
            "Cannot clone object of unsupported type."
        };
        let message = string(scope, message);
        self.hooks.throw(scope, message);
        None
    }

    fn get_shared_array_buffer_id<'s>(
        &self,
        _: &mut Scope<'s, '_>,
        buffer: v8::Local<'s, v8::SharedArrayBuffer>,
    ) -> Option<u32> {
        let shared = &mut self.message.borrow_mut().shared;
        shared.push(buffer.get_backing_store());
        Some(shared.len() as u32 - 1)
    }

    fn get_wasm_module_transfer_id(
        &self,
        _: &mut Scope<'_, '_>,
        module: v8::Local<'_, v8::WasmModuleObject>,
    ) -> Option<u32> {
        let modules = &mut self.message.borrow_mut().modules;
        modules.push(module.get_compiled_module());
        Some(modules.len() as u32 - 1)
    }
}

struct Reader<'a> {
    message: &'a Message,
    objects: &'a [v8::Local<'a, v8::Object>],
}

impl v8::ValueDeserializerImpl for Reader<'_> {
    fn read_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        input: &dyn v8::ValueDeserializerHelper,
    ) -> Option<v8::Local<'s, v8::Object>> {
        let mut id = 0;
        let object = input.read_uint32(&mut id).then(|| self.objects.get(id as usize))??;
        Some(v8::Local::new(scope, *object))
    }

    fn get_shared_array_buffer_from_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        id: u32,
    ) -> Option<v8::Local<'s, v8::SharedArrayBuffer>> {
        let store = self.message.shared.get(id as usize)?;
        Some(v8::SharedArrayBuffer::with_backing_store(scope, store))
    }

    fn get_wasm_module_from_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        id: u32,
    ) -> Option<v8::Local<'s, v8::WasmModuleObject>> {
        let module = self.message.modules.get(id as usize)?;
        v8::WasmModuleObject::from_compiled_module(scope, module)
    }
}

/// Makes a message of `value` and detaches `buffers`, whose memory goes with it. `None` where an
/// exception is pending.
fn serialize<'s>(
    scope: &mut Scope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    buffers: &[v8::Local<'s, v8::ArrayBuffer>],
    hooks: Hooks<'s>,
) -> Option<Message> {
    let context = scope.get_current_context();
    let (message, data) = (RefCell::default(), RefCell::default());
    let writer = Box::new(Writer { hooks, message: &message, data: &data });
    let serializer = v8::ValueSerializer::new(scope, writer);
    serializer.write_header();
    for (id, buffer) in buffers.iter().enumerate() {
        serializer.transfer_array_buffer(id as u32, *buffer);
    }
    serializer.write_value(context, value)?;
    loop {
        // Data may bring further objects with data.
        let next = data.borrow_mut().pop_front();
        let Some(next) = next else { break };
        let next = v8::Local::new(scope, next);
        serializer.write_value(context, next)?;
    }
    for buffer in buffers {
        let store = buffer.get_backing_store();
        buffer.detach(None)?;
        message.borrow_mut().transferred.push(store);
    }
    message.borrow_mut().bytes = serializer.release();
    drop(serializer);
    Some(message.into_inner())
}

/// Makes the value of a message. `None` where an exception is pending.
fn deserialize<'s>(
    scope: &mut Scope<'s, '_>,
    message: &Message,
    hooks: Hooks<'s>,
) -> Option<v8::Local<'s, v8::Value>> {
    let context = scope.get_current_context();
    let receiver = v8::undefined(scope).into();
    let mut objects = Vec::with_capacity(message.objects.len());
    for info in &message.objects {
        let info = string(scope, info).into();
        let object = hooks.create.call(scope, receiver, &[info])?;
        objects.push(object.try_into().ok()?);
    }
    let reader = Box::new(Reader { message, objects: &objects });
    let deserializer = v8::ValueDeserializer::new(scope, reader, &message.bytes);
    for (id, store) in message.transferred.iter().enumerate() {
        let buffer = v8::ArrayBuffer::with_backing_store(scope, store);
        deserializer.transfer_array_buffer(id as u32, buffer);
    }
    deserializer.read_header(context)?;
    let value = deserializer.read_value(context)?;
    for object in &objects {
        let data = deserializer.read_value(context)?;
        hooks.fill.call(scope, receiver, &[(*object).into(), data])?;
    }
    Some(value)
}

/// `clone(value, buffers, transferMode, createError, describe, create, fill)`: a copy of `value`, with
/// the memory of the list `buffers`, if there is one, handed over.
fn clone<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(hooks) = Hooks::take(&args, 2) else { return };
    let mut buffers = Vec::new();
    if let Ok(list) = v8::Local::<v8::Array>::try_from(args.get(1)) {
        let items = (0..list.length()).filter_map(|index| list.get_index(scope, index));
        buffers.extend(items.filter_map(|item| v8::Local::<v8::ArrayBuffer>::try_from(item).ok()));
    }
    let Some(message) = serialize(scope, args.get(0), &buffers, hooks) else { return };
    if let Some(copy) = deserialize(scope, &message, hooks) {
        rv.set(copy);
    }
}

/// `isDetachable(arrayBuffer)`: whether its memory is there and can be handed over.
fn is_detachable<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let buffer = v8::Local::<v8::ArrayBuffer>::try_from(args.get(0));
    rv.set_bool(buffer.is_ok_and(|buffer| buffer.is_detachable() && !buffer.was_detached()));
}
