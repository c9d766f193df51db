//! Messages: values on their way to another place or thread.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use v8::{ValueDeserializerHelper as _, ValueSerializerHelper as _};

use super::{Hooks, Scope};
use crate::bind::convert::string;
use crate::bind::memory::{Memory, Module};
use crate::bind::object::{self, Seed};
use crate::bind::{Host, handle};
use crate::messaging::end::{End, Travelling};
use crate::messaging::port::{self, PortHandle};

/// The bit of `transferMode` that says that an object can be handed over.
const TRANSFERABLE: i32 = 1;
/// The bit that says that it can be copied.
pub(super) const CLONEABLE: i32 = 2;

/// Added to the number of an object that only carries native state.
const NATIVE: u32 = 1 << 31;

/// A value on its way.
pub struct Message {
    body: Body,
    parts: Option<Box<Parts>>,
}

/// The value itself. The commonest ones need no format.
enum Body {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    /// In V8's format.
    Bytes(Vec<u8>),
}

/// What travels beside the bytes.
///
/// V8 lets no JavaScript run while it reads a value. So the runtime's own objects are numbers in the
/// value; they are made before it is read, and their data stands behind it.
#[derive(Default)]
struct Parts {
    transferred: Vec<Memory>,
    shared: Vec<Memory>,
    modules: Vec<Module>,
    objects: Vec<HostObject>,
    natives: Vec<Box<dyn Seed>>,
}

impl Parts {
    fn is_empty(&self) -> bool {
        self.transferred.is_empty()
            && self.shared.is_empty()
            && self.modules.is_empty()
            && self.objects.is_empty()
            && self.natives.is_empty()
    }
}

/// An object of the runtime's own.
enum HostObject {
    /// By the `deserializeInfo` of its class.
    Described(String),
    /// One end of a channel.
    Port(Travelling),
}

/// What is handed over with a value.
#[derive(Default)]
pub struct Transfers<'s> {
    /// Buffers whose memory goes along.
    buffers: Vec<v8::Local<'s, v8::ArrayBuffer>>,
    /// Objects of the runtime's own.
    objects: Vec<v8::Local<'s, v8::Value>>,
    /// The port of each of these objects that is a `MessagePort`.
    ports: Vec<Option<Rc<PortHandle>>>,
}

impl<'s> Transfers<'s> {
    /// Takes three lists of JavaScript, each of which may be undefined: buffers, objects, and for each of these
    /// its `PortHandle` or undefined.
    pub fn take(
        scope: &mut Scope<'s, '_>,
        buffers: v8::Local<'s, v8::Value>,
        objects: v8::Local<'s, v8::Value>,
        handles: v8::Local<'s, v8::Value>,
    ) -> Self {
        let buffers = items(scope, buffers).into_iter().filter_map(|item| item.try_into().ok()).collect();
        let objects = items(scope, objects);
        let handles = items(scope, handles).into_iter();
        let ports = handles.map(|item| v8::Local::<v8::Object>::try_from(item).ok().and_then(handle::of));
        Transfers { buffers, objects, ports: ports.collect() }
    }

    /// Whether the other end of the channel of `end` goes along.
    pub fn has_peer_of(&self, end: &End) -> bool {
        self.ports.iter().flatten().any(|port| port.end().is_some_and(|other| end.is_peer(&other)))
    }
}

fn items<'s>(scope: &mut Scope<'s, '_>, list: v8::Local<'s, v8::Value>) -> Vec<v8::Local<'s, v8::Value>> {
    let Ok(list) = v8::Local::<v8::Array>::try_from(list) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get_index(scope, index)).collect()
}

/// An object of the runtime's own whose place in the message is taken and whose data is still to be written.
struct Pending {
    object: v8::Global<v8::Value>,
    /// Whether it is handed over rather than copied.
    handed_over: bool,
}

struct Writer<'a, 's> {
    hooks: &'a Hooks,
    transfers: &'a Transfers<'s>,
    parts: &'a RefCell<Parts>,
    pending: &'a RefCell<VecDeque<Pending>>,
}

impl Writer<'_, '_> {
    /// The place of an object that is handed over.
    fn place(&self, object: v8::Local<'_, v8::Object>) -> Option<usize> {
        self.transfers.objects.iter().position(|it| it.strict_equals(object.into()))
    }
}

impl v8::ValueSerializerImpl for Writer<'_, '_> {
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
        // What has a native half is no object that a copy of its properties could stand for.
        Some(object.is_api_wrapper() || self.hooks.transfer_mode(scope, object).is_some())
    }

    fn write_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        out: &dyn v8::ValueSerializerHelper,
    ) -> Option<bool> {
        if let Some(place) = self.place(object) {
            out.write_uint32(place as u32);
            return Some(true);
        }
        if let Some(seed) = object::seed(scope, object) {
            let natives = &mut self.parts.borrow_mut().natives;
            out.write_uint32(natives.len() as u32 | NATIVE);
            natives.push(seed);
            return Some(true);
        }
        let mode = self.hooks.transfer_mode(scope, object).unwrap_or(0);
        if mode & CLONEABLE != 0 {
            let objects = &mut self.parts.borrow_mut().objects;
            out.write_uint32(objects.len() as u32);
            objects.push(HostObject::Described(String::new()));
            let object = v8::Local::<v8::Value>::from(object);
            let object = v8::Global::new(scope, object);
            self.pending.borrow_mut().push_back(Pending { object, handed_over: false });
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
        let shared = &mut self.parts.borrow_mut().shared;
        shared.push(Memory::new(buffer.get_backing_store()));
        Some(shared.len() as u32 - 1)
    }

    fn get_wasm_module_transfer_id(
        &self,
        _: &mut Scope<'_, '_>,
        module: v8::Local<'_, v8::WasmModuleObject>,
    ) -> Option<u32> {
        let modules = &mut self.parts.borrow_mut().modules;
        modules.push(Module::new(module.get_compiled_module()));
        Some(modules.len() as u32 - 1)
    }
}

/// Makes a message of `value` and takes `transfers` from this runtime. `None` where an exception is pending.
pub fn serialize<'s>(
    scope: &mut Scope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
    transfers: &Transfers<'s>,
    hooks: &Hooks,
) -> Option<Message> {
    let nothing_goes_along = transfers.buffers.is_empty() && transfers.objects.is_empty();
    if nothing_goes_along && let Some(body) = simple(scope, value) {
        return Some(Message { body, parts: None });
    }
    let context = scope.get_current_context();
    let (parts, pending) = (RefCell::<Parts>::default(), RefCell::<VecDeque<Pending>>::default());
    let writer = Box::new(Writer { hooks, transfers, parts: &parts, pending: &pending });
    let serializer = v8::ValueSerializer::new(scope, writer);
    serializer.write_header();
    for (id, buffer) in transfers.buffers.iter().enumerate() {
        serializer.transfer_array_buffer(id as u32, *buffer);
    }
    // Ports are listed now and leave their place only when all else has succeeded.
    let mut described = Vec::new();
    for (object, port) in transfers.objects.iter().zip(&transfers.ports) {
        parts.borrow_mut().objects.push(HostObject::Described(String::new()));
        if port.is_none() {
            let object = v8::Global::new(scope, *object);
            pending.borrow_mut().push_back(Pending { object, handed_over: true });
            described.push(parts.borrow().objects.len() - 1);
        }
    }
    let mut places = described.into_iter().chain(transfers.objects.len()..);
    serializer.write_value(context, value)?;
    loop {
        // Data may bring further objects with data.
        let next = pending.borrow_mut().pop_front();
        let (Some(next), Some(place)) = (next, places.next()) else { break };
        let (info, data) = describe(scope, &next, hooks)?;
        if let Some(object) = parts.borrow_mut().objects.get_mut(place) {
            *object = HostObject::Described(info);
        }
        serializer.write_value(context, data)?;
    }
    for buffer in &transfers.buffers {
        let store = buffer.get_backing_store();
        buffer.detach(None)?;
        parts.borrow_mut().transferred.push(Memory::new(store));
    }
    for (place, port) in transfers.ports.iter().enumerate() {
        let Some(end) = port.as_ref().and_then(|port| port::give_away(port)) else { continue };
        parts.borrow_mut().objects[place] = HostObject::Port(Travelling::new(end));
    }
    let body = Body::Bytes(serializer.release());
    drop(serializer);
    let parts = parts.into_inner();
    Some(Message { body, parts: (!parts.is_empty()).then(|| Box::new(parts)) })
}

/// A value that is no object.
fn simple(scope: &mut Scope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Option<Body> {
    if value.is_number() {
        return value.number_value(scope).map(Body::Number);
    }
    if value.is_undefined() {
        return Some(Body::Undefined);
    }
    if value.is_null() {
        return Some(Body::Null);
    }
    value.is_boolean().then(|| Body::Boolean(value.is_true()))
}

/// Asks JavaScript what stands for an object of the runtime's own.
fn describe<'s>(
    scope: &mut Scope<'s, '_>,
    pending: &Pending,
    hooks: &Hooks,
) -> Option<(String, v8::Local<'s, v8::Value>)> {
    let receiver = v8::undefined(scope).into();
    let describe = v8::Local::new(scope, &hooks.describe);
    let object = v8::Local::new(scope, &pending.object);
    let handed_over = v8::Boolean::new(scope, pending.handed_over).into();
    let pair = describe.call(scope, receiver, &[object, handed_over])?;
    let pair = v8::Local::<v8::Array>::try_from(pair).ok()?;
    let (info, data) = (pair.get_index(scope, 0)?, pair.get_index(scope, 1)?);
    Some((info.to_rust_string_lossy(scope), data))
}

struct Reader<'a> {
    parts: Option<&'a Parts>,
    objects: &'a [v8::Local<'a, v8::Object>],
    natives: &'a [v8::Local<'a, v8::Object>],
}

impl v8::ValueDeserializerImpl for Reader<'_> {
    fn read_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        input: &dyn v8::ValueDeserializerHelper,
    ) -> Option<v8::Local<'s, v8::Object>> {
        let mut id = 0;
        if !input.read_uint32(&mut id) {
            return None;
        }
        let list = if id & NATIVE == 0 { self.objects } else { self.natives };
        let object = list.get((id & !NATIVE) as usize)?;
        Some(v8::Local::new(scope, *object))
    }

    fn get_shared_array_buffer_from_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        id: u32,
    ) -> Option<v8::Local<'s, v8::SharedArrayBuffer>> {
        let memory = self.parts?.shared.get(id as usize)?;
        Some(v8::SharedArrayBuffer::with_backing_store(scope, memory.store()))
    }

    fn get_wasm_module_from_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        id: u32,
    ) -> Option<v8::Local<'s, v8::WasmModuleObject>> {
        let module = self.parts?.modules.get(id as usize)?;
        v8::WasmModuleObject::from_compiled_module(scope, module.compiled())
    }
}

/// The ports that have come with a message.
pub type Ports<'s> = Vec<v8::Local<'s, v8::Value>>;

/// Makes the value of a message, and gives the ports that came with it. `None` where an exception is pending.
pub fn deserialize<'s>(
    scope: &mut Scope<'s, '_>,
    message: &Message,
    hooks: &Hooks,
) -> Option<(v8::Local<'s, v8::Value>, Ports<'s>)> {
    let bytes = match &message.body {
        Body::Undefined => return Some((v8::undefined(scope).into(), Ports::new())),
        Body::Null => return Some((v8::null(scope).into(), Ports::new())),
        Body::Boolean(value) => return Some((v8::Boolean::new(scope, *value).into(), Ports::new())),
        Body::Number(value) => return Some((v8::Number::new(scope, *value).into(), Ports::new())),
        Body::Bytes(bytes) => bytes,
    };
    let context = scope.get_current_context();
    let Some(parts) = message.parts.as_deref() else {
        let deserializer = v8::ValueDeserializer::new(
            scope,
            Box::new(Reader { parts: None, objects: &[], natives: &[] }),
            bytes,
        );
        deserializer.read_header(context)?;
        return Some((deserializer.read_value(context)?, Ports::new()));
    };
    let (objects, ports) = create(scope, parts, hooks)?;
    let natives: Vec<_> = parts.natives.iter().map(|seed| seed.grow(scope)).collect();
    let reader = Box::new(Reader { parts: Some(parts), objects: &objects, natives: &natives });
    let deserializer = v8::ValueDeserializer::new(scope, reader, bytes);
    for (id, memory) in parts.transferred.iter().enumerate() {
        let buffer = v8::ArrayBuffer::with_backing_store(scope, memory.store());
        deserializer.transfer_array_buffer(id as u32, buffer);
    }
    deserializer.read_header(context)?;
    let value = deserializer.read_value(context)?;
    let receiver = v8::undefined(scope).into();
    let fill = v8::Local::new(scope, &hooks.fill);
    for (object, kind) in objects.iter().zip(&parts.objects) {
        if let HostObject::Described(_) = kind {
            let data = deserializer.read_value(context)?;
            fill.call(scope, receiver, &[(*object).into(), data])?;
        }
    }
    Some((value, ports))
}

/// Makes the objects of the runtime's own that a message brings, still without their data, and tells which of
/// them are ports.
fn create<'s>(
    scope: &mut Scope<'s, '_>,
    parts: &Parts,
    hooks: &Hooks,
) -> Option<(Vec<v8::Local<'s, v8::Object>>, Ports<'s>)> {
    let receiver = v8::undefined(scope).into();
    let (mut objects, mut ports) = (Vec::with_capacity(parts.objects.len()), Ports::new());
    for object in &parts.objects {
        let object = match object {
            HostObject::Described(info) => {
                let info = string(scope, info).into();
                let create = v8::Local::new(scope, &hooks.create);
                let foreign = create.get_creation_context(scope) != Some(scope.get_current_context());
                let foreign = v8::Boolean::new(scope, foreign).into();
                create.call(scope, receiver, &[info, foreign])?
            }
            HostObject::Port(travelling) => {
                let port = adopt(scope, travelling.arrive(), hooks)?;
                ports.push(port);
                port
            }
        };
        objects.push(object.try_into().ok()?);
    }
    Some((objects, ports))
}

/// A `MessagePort` over an end of a channel.
fn adopt<'s>(scope: &mut Scope<'s, '_>, end: Arc<End>, hooks: &Hooks) -> Option<v8::Local<'s, v8::Value>> {
    let receiver = v8::undefined(scope).into();
    port::expect(&Host::of(scope), end);
    let create_port = v8::Local::new(scope, &hooks.create_port);
    let context = scope.get_current_context();
    if create_port.get_creation_context(scope) == Some(context) {
        return create_port.call(scope, receiver, &[]);
    }
    let global = context.global(scope).into();
    create_port.call(scope, receiver, &[global])
}
