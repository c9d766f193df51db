//! The form of messages under `serialization: 'advanced'`: V8's serialisation, in which buffers and views keep
//! their class and other objects of the host travel as plain ones.

use std::cell::RefCell;
use std::rc::Rc;

use v8::{ValueDeserializerHelper as _, ValueSerializerHelper as _};

use crate::bind::buffer::{copy_into, uninitialized_array_buffer, with_bytes};
use crate::bind::convert::string;

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

/// Room for the length of a message, then the tag of the format's version and Node's version of it.
const START: [u8; LENGTH + 2] = [0, 0, 0, 0, 0xff, 15];

/// The bytes of the length before a message, the highest first.
pub(super) const LENGTH: usize = 4;

/// What is written before a view and before another object.
const VIEW: u32 = 0;
const NO_VIEW: u32 = 1;

/// The number of `Buffer` among the classes of views.
const BUFFER: u32 = 10;

/// Small buffers of messages share pieces of memory of this size.
const SLAB: usize = 16 * 1024;
/// Those up to this size do.
const SMALL: usize = 1024;
/// Where each of them begins: at a multiple of this.
const STEP: usize = 8;

/// What JavaScript knows of the objects of the host.
pub(super) struct Codec(Rc<Hooks>);

struct Hooks {
    /// `Buffer.prototype`
    prototype: v8::Global<v8::Object>,
    /// `describe(object)`: the number of the class of a view, or the plain object that travels in its place.
    describe: v8::Global<v8::Function>,
    /// `view(number, arrayBuffer)`: a view over all of a buffer.
    view: v8::Global<v8::Function>,
    slab: RefCell<Option<Slab>>,
}

/// Memory that small buffers share.
struct Slab {
    buffer: v8::Global<v8::ArrayBuffer>,
    used: usize,
}

struct Writer(Rc<Hooks>);
struct Reader(Rc<Hooks>);

impl Codec {
    /// Takes `prototype`, `describe` and `view` as [`Hooks`] explains them.
    pub(super) fn new(
        scope: &mut Scope<'_, '_>,
        prototype: v8::Local<'_, v8::Object>,
        describe: v8::Local<'_, v8::Function>,
        view: v8::Local<'_, v8::Function>,
    ) -> Codec {
        Codec(Rc::new(Hooks {
            prototype: v8::Global::new(scope, prototype),
            describe: v8::Global::new(scope, describe),
            view: v8::Global::new(scope, view),
            slab: RefCell::default(),
        }))
    }

    /// A message with its length before it; `None` with an exception where it cannot be written.
    pub(super) fn write<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        message: v8::Local<'s, v8::Value>,
    ) -> Option<Vec<u8>> {
        let context = scope.get_current_context();
        let writer = v8::ValueSerializer::new(scope, Box::new(Writer(Rc::clone(&self.0))));
        writer.set_treat_array_buffer_views_as_host_objects(true);
        writer.write_raw_bytes(&START);
        writer.write_value(context, message)?;
        let mut bytes = writer.release();
        let length = u32::try_from(bytes.len() - LENGTH).unwrap_or(u32::MAX);
        bytes[..LENGTH].copy_from_slice(&length.to_be_bytes());
        Some(bytes)
    }

    /// Reads a message from behind its length; `None` with an exception where that fails.
    pub(super) fn read<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        bytes: &[u8],
    ) -> Option<v8::Local<'s, v8::Value>> {
        let context = scope.get_current_context();
        let reader = v8::ValueDeserializer::new(scope, Box::new(Reader(Rc::clone(&self.0))), bytes);
        reader.read_header(context)?;
        reader.read_value(context)
    }
}

fn refuse<'s>(scope: &mut Scope<'s, '_>, value: v8::Local<'s, v8::Value>) {
    let Some(text) = value.to_detail_string(scope) else { return };
    let text = format!("{} could not be cloned.", text.to_rust_string_lossy(scope));
    let text = string(scope, &text);
    let error = v8::Exception::error(scope, text);
    scope.throw_exception(error);
}

impl v8::ValueSerializerImpl for Writer {
    fn throw_data_clone_error<'s>(&self, scope: &mut Scope<'s, '_>, message: v8::Local<'s, v8::String>) {
        let error = v8::Exception::error(scope, message);
        scope.throw_exception(error);
    }

    fn write_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        out: &dyn v8::ValueSerializerHelper,
    ) -> Option<bool> {
        let number = if self.0.is_buffer(scope, object) {
            Some(BUFFER)
        } else {
            let describe = v8::Local::new(scope, &self.0.describe);
            let receiver = v8::undefined(scope).into();
            let described = describe.call(scope, receiver, &[object.into()])?;
            if !described.is_uint32() {
                out.write_uint32(NO_VIEW);
                let context = scope.get_current_context();
                return out.write_value(context, described);
            }
            described.uint32_value(scope)
        };
        out.write_uint32(VIEW);
        out.write_uint32(number?);
        with_bytes(object.into(), |bytes| {
            out.write_uint32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            out.write_raw_bytes(bytes);
        });
        Some(true)
    }

    fn get_shared_array_buffer_id<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        buffer: v8::Local<'s, v8::SharedArrayBuffer>,
    ) -> Option<u32> {
        refuse(scope, buffer.into());
        None
    }

    fn get_wasm_module_transfer_id(
        &self,
        scope: &mut Scope<'_, '_>,
        module: v8::Local<'_, v8::WasmModuleObject>,
    ) -> Option<u32> {
        let module = v8::Local::new(scope, module);
        refuse(scope, module.into());
        None
    }
}

impl v8::ValueDeserializerImpl for Reader {
    fn read_host_object<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        input: &dyn v8::ValueDeserializerHelper,
    ) -> Option<v8::Local<'s, v8::Object>> {
        let mut kind = 0;
        let (mut number, mut length) = (0, 0);
        if !input.read_uint32(&mut kind) {
            return None;
        }
        if kind != VIEW {
            let context = scope.get_current_context();
            return input.read_value(context)?.try_into().ok();
        }
        if !input.read_uint32(&mut number) || !input.read_uint32(&mut length) {
            return None;
        }
        let bytes = input.read_raw_bytes(length as usize)?;
        if number == BUFFER {
            return self.0.buffer(scope, bytes);
        }
        let buffer = filled(scope, bytes)?;
        let number = v8::Integer::new_from_unsigned(scope, number).into();
        let receiver = v8::undefined(scope).into();
        // The engine lets no program run while it reads, but this one it has asked for.
        v8::allow_javascript_execution_scope!(let scope, scope);
        let view = v8::Local::new(scope, &self.0.view);
        view.call(scope, receiver, &[number, buffer.into()])?.try_into().ok()
    }
}

/// A buffer with a copy of `bytes`.
fn filled<'s>(scope: &mut Scope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::ArrayBuffer>> {
    let buffer = uninitialized_array_buffer(scope, bytes.len(), 0)?;
    if !bytes.is_empty() {
        copy_into(&buffer.get_backing_store(), 0, bytes);
    }
    Some(buffer)
}

impl Hooks {
    fn is_buffer<'s>(&self, scope: &mut Scope<'s, '_>, object: v8::Local<'s, v8::Object>) -> bool {
        let prototype = v8::Local::new(scope, &self.prototype);
        object.is_uint8_array()
            && object.get_prototype(scope).is_some_and(|it| it.strict_equals(prototype.into()))
    }

    /// A `Buffer` with a copy of `bytes`.
    fn buffer<'s>(&self, scope: &mut Scope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::Object>> {
        let (buffer, start) =
            if bytes.len() <= SMALL { self.place(scope, bytes)? } else { (filled(scope, bytes)?, 0) };
        let view = v8::Uint8Array::new(scope, buffer, start, bytes.len())?;
        let prototype = v8::Local::new(scope, &self.prototype);
        view.set_prototype(scope, prototype.into())?;
        Some(view.into())
    }

    /// Copies a small number of bytes into the slab and says where.
    fn place<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        bytes: &[u8],
    ) -> Option<(v8::Local<'s, v8::ArrayBuffer>, usize)> {
        let mut slab = self.slab.borrow_mut();
        if slab.as_ref().is_none_or(|slab| slab.used + bytes.len() > SLAB) {
            let buffer = uninitialized_array_buffer(scope, SLAB, 0)?;
            *slab = Some(Slab { buffer: v8::Global::new(scope, buffer), used: 0 });
        }
        let slab = slab.as_mut()?;
        let buffer = v8::Local::new(scope, &slab.buffer);
        let start = slab.used;
        slab.used = (start + bytes.len()).next_multiple_of(STEP);
        copy_into(&buffer.get_backing_store(), start, bytes);
        Some((buffer, start))
    }
}
