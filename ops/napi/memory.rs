//! Buffers, typed arrays and data views, over memory of V8's or of the add-on's.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::sync::Arc;

use super::abi::{Data, Finalize, FinalizeAnywhere, Items, MaybeOut, Out, Scope, Status, Value};
use super::addons::{self, Event, Inbox};
use super::call::napi;
use super::env::Env;
use super::error::throw_range_error;
use super::reference::{Finish, Owner, Reference};
use super::wrap::finish;
use crate::bind::buffer::uninitialized_array_buffer;

/// The add-on's memory that buffers of JavaScript lend, by the order of its coming.
#[derive(Default)]
pub(super) struct Lent {
    last: u64,
    loans: BTreeMap<u64, Loan>,
}

/// One piece of it.
struct Loan {
    /// The buffer, weakly.
    buffer: *const Reference,
    callback: Option<Finalize>,
    data: Data,
    hint: Data,
}

/// How the memory's end finds the loan, from whatever thread.
struct Ticket {
    inbox: Arc<Inbox>,
    env: usize,
    loan: u64,
}

/// V8 has no use for the memory any more.
unsafe extern "C" fn give_back(_: *mut c_void, _: usize, ticket: *mut c_void) {
    // SAFETY: the address is that of `lend`, for this one call.
    let ticket = unsafe { Box::from_raw(ticket.cast::<Ticket>()) };
    ticket.inbox.push(Event::Returned { env: ticket.env, loan: ticket.loan });
}

/// Tells the add-on that the memory of a loan is its own again.
pub(super) fn returned(env: &Env, scope: &mut Scope<'_, '_>, loan: u64) {
    let Some(loan) = env.lent.borrow_mut().loans.remove(&loan) else { return };
    end(env, scope, loan);
}

fn end(env: &Env, scope: &mut Scope<'_, '_>, loan: Loan) {
    Reference::delete(loan.buffer);
    if let Some(callback) = loan.callback {
        addons::finalize(env, scope, callback, loan.data, loan.hint);
    }
}

/// Takes back all that is lent, the newest first: JavaScript finds its buffers empty.
pub(super) fn take_back(env: &Env, scope: &mut Scope<'_, '_>) {
    loop {
        let newest = env.lent.borrow_mut().loans.pop_last();
        let Some((_, loan)) = newest else { return };
        if let Some(buffer) = Reference::at(loan.buffer).value(scope)
            && let Ok(buffer) = v8::Local::<v8::ArrayBuffer>::try_from(buffer)
            && buffer.is_detachable()
        {
            buffer.detach(None);
        }
        end(env, scope, loan);
    }
}

/// A buffer over the add-on's memory.
fn lend<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    data: Data,
    length: usize,
    callback: Option<Finalize>,
    hint: Data,
) -> v8::Local<'s, v8::ArrayBuffer> {
    if data.is_null() || length == 0 {
        // Nothing is lent: the end of the buffer itself is told.
        let buffer = v8::ArrayBuffer::new(scope, 0);
        if data.is_null() {
            buffer.detach(None);
        }
        if callback.is_some() {
            Reference::new(env, buffer, 0, Owner::Runtime, data, finish(callback, hint));
        }
        return buffer;
    }
    let loan = {
        let mut lent = env.lent.borrow_mut();
        lent.last += 1;
        lent.last
    };
    let ticket = Ticket { inbox: env.addons().inbox(), env: env.address().expose_provenance(), loan };
    let ticket = Box::into_raw(Box::new(ticket)).cast();
    // SAFETY: the add-on keeps the memory until it is told, and `give_back` takes the ticket.
    let store = unsafe { v8::ArrayBuffer::new_backing_store_from_ptr(data, length, give_back, ticket) };
    let buffer = v8::ArrayBuffer::with_backing_store(scope, &store.make_shared());
    let weak = Reference::new(env, buffer, 0, Owner::AddOn, std::ptr::null_mut(), Finish::Nothing);
    env.lent.borrow_mut().loans.insert(loan, Loan { buffer: weak, callback, data, hint });
    buffer
}

/// Whom to tell of the end of shared memory.
struct Sharer {
    callback: FinalizeAnywhere,
    hint: Data,
}

/// No thread has a use for the memory any more.
unsafe extern "C" fn stop_sharing(data: *mut c_void, _: usize, sharer: *mut c_void) {
    if sharer.is_null() {
        return;
    }
    // SAFETY: the address is that of `node_api_create_external_sharedarraybuffer`, for this one call.
    let sharer = unsafe { Box::from_raw(sharer.cast::<Sharer>()) };
    // SAFETY: the add-on has given the function to be called from any thread.
    unsafe { (sharer.callback)(data, sharer.hint) };
}

/// A `Buffer` over a part of an `ArrayBuffer`.
fn node_buffer<'s>(
    env: &Env,
    scope: &Scope<'s, '_>,
    memory: v8::Local<'s, v8::ArrayBuffer>,
    offset: usize,
    length: usize,
) -> Result<v8::Local<'s, v8::Uint8Array>, Status> {
    let array = v8::Uint8Array::new(scope, memory, offset, length).ok_or(Status::GenericFailure)?;
    let prototype = env.addons().buffer_prototype(scope).ok_or(Status::GenericFailure)?;
    array.set_prototype(scope, prototype.into());
    Ok(array)
}

fn address(memory: v8::Local<'_, v8::ArrayBuffer>) -> Data {
    memory.data().map_or(std::ptr::null_mut(), |data| data.as_ptr())
}

/// Memory of an `ArrayBuffer` or a `SharedArrayBuffer`, which V8 manages alike.
fn memory_of<'s>(
    scope: &Scope<'s, '_>,
    value: Value,
    otherwise: Status,
) -> Result<v8::Local<'s, v8::ArrayBuffer>, Status> {
    let value = value.local(scope)?;
    if !value.is_array_buffer() && !value.is_shared_array_buffer() {
        return Err(otherwise);
    }
    // SAFETY: both are objects of one class inside V8, and what is done with them here is the same for both.
    Ok(unsafe { v8::Local::<v8::ArrayBuffer>::cast_unchecked(value) })
}

/// `napi_typedarray_type`, and what is known of each.
const KINDS: [(&str, usize); 12] = [
    ("Int8Array", 1),
    ("Uint8Array", 1),
    ("Uint8ClampedArray", 1),
    ("Int16Array", 2),
    ("Uint16Array", 2),
    ("Int32Array", 4),
    ("Uint32Array", 4),
    ("Float32Array", 4),
    ("Float64Array", 8),
    ("BigInt64Array", 8),
    ("BigUint64Array", 8),
    ("Float16Array", 2),
];

fn kind_of(value: v8::Local<'_, v8::Value>) -> i32 {
    let tests: [fn(&v8::Value) -> bool; 12] = [
        v8::Value::is_int8_array,
        v8::Value::is_uint8_array,
        v8::Value::is_uint8_clamped_array,
        v8::Value::is_int16_array,
        v8::Value::is_uint16_array,
        v8::Value::is_int32_array,
        v8::Value::is_uint32_array,
        v8::Value::is_float32_array,
        v8::Value::is_float64_array,
        v8::Value::is_big_int64_array,
        v8::Value::is_big_uint64_array,
        v8::Value::is_float16_array,
    ];
    tests.iter().position(|test| test(&value)).map_or(-1, |kind| kind as i32)
}

fn typed_array<'s>(
    scope: &Scope<'s, '_>,
    kind: usize,
    memory: v8::Local<'s, v8::ArrayBuffer>,
    offset: usize,
    length: usize,
) -> Option<v8::Local<'s, v8::Value>> {
    macro_rules! make {
        ($($number:literal $class:ident),*) => {
            match kind {
                $($number => {
                    let array = v8::$class::new(scope, memory, offset, length)?;
                    // SAFETY: every array is a value.
                    unsafe { v8::Local::<v8::Value>::cast_unchecked(array) }
                })*
                _ => return None,
            }
        };
    }
    Some(make!(
        0 Int8Array, 1 Uint8Array, 2 Uint8ClampedArray, 3 Int16Array, 4 Uint16Array, 5 Int32Array, 6 Uint32Array,
        7 Float32Array, 8 Float64Array, 9 BigInt64Array, 10 BigUint64Array, 11 Float16Array
    ))
}

/// Where the bytes of a view are.
fn view_address<'s>(scope: &Scope<'s, '_>, view: v8::Local<'s, v8::ArrayBufferView>) -> Data {
    // V8 gives the memory of a small array an address when it is asked for its buffer.
    let buffer = view.buffer(scope);
    match buffer {
        Some(buffer) => address(buffer).wrapping_byte_add(view.byte_offset()),
        None => view.data(),
    }
}

napi! {
    plain napi_is_arraybuffer(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_array_buffer());
    }

    js napi_create_arraybuffer(env, scope, length: usize, data: MaybeOut<Data>, result: Out<Value>) {
        let buffer = v8::ArrayBuffer::new(scope, length);
        data.set(address(buffer));
        result.put(buffer);
    }

    js napi_create_external_arraybuffer(
        env, scope, data: Data, length: usize, finalize: Option<Finalize>, hint: Data, result: Out<Value>
    ) {
        result.put(lend(env, scope, data, length, finalize, hint));
    }

    plain napi_get_arraybuffer_info(
        env, scope, buffer: Value, data: MaybeOut<Data>, length: MaybeOut<usize>
    ) {
        let buffer = memory_of(scope, buffer, Status::InvalidArg)?;
        data.set(address(buffer));
        length.set(buffer.byte_length());
    }

    plain napi_detach_arraybuffer(env, scope, buffer: Value) {
        let buffer = v8::Local::<v8::ArrayBuffer>::try_from(buffer.local(scope)?)
            .map_err(|_| Status::ArraybufferExpected)?;
        if !buffer.is_detachable() {
            return Err(Status::DetachableArraybufferExpected);
        }
        buffer.detach(None).ok_or(Status::GenericFailure)?;
    }

    plain napi_is_detached_arraybuffer(env, scope, buffer: Value, result: Out<bool>) {
        let buffer = v8::Local::<v8::ArrayBuffer>::try_from(buffer.local(scope)?);
        result.set(buffer.is_ok_and(|buffer| buffer.was_detached()));
    }

    plain node_api_is_sharedarraybuffer(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_shared_array_buffer());
    }

    js node_api_create_sharedarraybuffer(env, scope, length: usize, data: MaybeOut<Data>, result: Out<Value>) {
        let buffer = v8::SharedArrayBuffer::new(scope, length).ok_or(Status::GenericFailure)?;
        let store = buffer.get_backing_store();
        data.set(store.data().map_or(std::ptr::null_mut(), |data| data.as_ptr()));
        result.put(buffer);
    }

    js node_api_create_external_sharedarraybuffer(
        env, scope, data: Data, length: usize, finalize: Option<FinalizeAnywhere>, hint: Data, result: Out<Value>
    ) {
        let sharer = finalize.map(|callback| Box::into_raw(Box::new(Sharer { callback, hint })).cast());
        let sharer = sharer.unwrap_or(std::ptr::null_mut());
        // SAFETY: the add-on keeps the memory until it is told, and `stop_sharing` takes the sharer.
        let store = unsafe {
            v8::SharedArrayBuffer::new_backing_store_from_ptr(data, length, stop_sharing, sharer)
        };
        result.put(v8::SharedArrayBuffer::with_backing_store(scope, &store.make_shared()));
    }

    plain napi_is_typedarray(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_typed_array());
    }

    js napi_create_typedarray(
        env, scope, kind: i32, length: usize, buffer: Value, offset: usize, result: Out<Value>
    ) {
        let buffer = memory_of(scope, buffer, Status::InvalidArg)?;
        let kind = kind as usize;
        let (name, size) = *KINDS.get(kind).ok_or(Status::InvalidArg)?;
        if !offset.is_multiple_of(size) {
            let message = format!("start offset of {name} should be a multiple of {size}");
            throw_range_error(env, scope, "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT", &message)?;
            return Err(Status::GenericFailure);
        }
        let end = length.checked_mul(size).and_then(|bytes| bytes.checked_add(offset));
        if end.is_none_or(|end| end > buffer.byte_length()) {
            let message = "Invalid typed array length";
            throw_range_error(env, scope, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH", message)?;
            return Err(Status::GenericFailure);
        }
        result.put(typed_array(scope, kind, buffer, offset, length).ok_or(Status::GenericFailure)?);
    }

    plain napi_get_typedarray_info(
        env, scope, array: Value, kind: MaybeOut<i32>, length: MaybeOut<usize>, data: MaybeOut<Data>,
        buffer: MaybeOut<Value>, offset: MaybeOut<usize>
    ) {
        let array = v8::Local::<v8::TypedArray>::try_from(array.local(scope)?).map_err(|_| Status::InvalidArg)?;
        if kind.is_wanted() {
            kind.set(kind_of(array.into()));
        }
        length.set(array.length());
        if data.is_wanted() {
            data.set(view_address(scope, array.into()));
        }
        if buffer.is_wanted() {
            buffer.set(array.buffer(scope).map_or(Value::NONE, Value::from));
        }
        offset.set(array.byte_offset());
    }

    js napi_create_dataview(env, scope, length: usize, buffer: Value, offset: usize, result: Out<Value>) {
        let buffer = memory_of(scope, buffer, Status::InvalidArg)?;
        if length.checked_add(offset).is_none_or(|end| end > buffer.byte_length()) {
            let message = "byte_offset + byte_length should be less than or equal to the size in bytes of the array \
                           passed in";
            throw_range_error(env, scope, "ERR_NAPI_INVALID_DATAVIEW_ARGS", message)?;
            return Err(Status::PendingException);
        }
        result.put(v8::DataView::new(scope, buffer, offset, length));
    }

    plain napi_is_dataview(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_data_view());
    }

    plain napi_get_dataview_info(
        env, scope, view: Value, length: MaybeOut<usize>, data: MaybeOut<Data>, buffer: MaybeOut<Value>,
        offset: MaybeOut<usize>
    ) {
        let view = v8::Local::<v8::DataView>::try_from(view.local(scope)?).map_err(|_| Status::InvalidArg)?;
        length.set(view.byte_length());
        if data.is_wanted() {
            data.set(view_address(scope, view.into()));
        }
        if buffer.is_wanted() {
            buffer.set(view.buffer(scope).map_or(Value::NONE, Value::from));
        }
        offset.set(view.byte_offset());
    }

    js napi_create_buffer(env, scope, length: usize, data: MaybeOut<Data>, result: Out<Value>) {
        let memory = uninitialized_array_buffer(scope, length, 0).ok_or(Status::GenericFailure)?;
        data.set(address(memory));
        result.put(node_buffer(env, scope, memory, 0, length)?);
    }

    js napi_create_buffer_copy(
        env, scope, length: usize, bytes: Items<u8>, data: MaybeOut<Data>, result: Out<Value>
    ) {
        let bytes = bytes.slice(length)?;
        let memory = uninitialized_array_buffer(scope, length, 0).ok_or(Status::GenericFailure)?;
        if let Some(room) = memory.data() {
            // SAFETY: the memory was just made with room for as many bytes, and nobody else knows it.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), room.as_ptr().cast(), length) };
        }
        data.set(address(memory));
        result.put(node_buffer(env, scope, memory, 0, length)?);
    }

    js napi_create_external_buffer(
        env, scope, length: usize, data: Data, finalize: Option<Finalize>, hint: Data, result: Out<Value>
    ) {
        let memory = lend(env, scope, data, length, finalize, hint);
        let length = memory.byte_length();
        result.put(node_buffer(env, scope, memory, 0, length)?);
    }

    js node_api_create_buffer_from_arraybuffer(
        env, scope, buffer: Value, offset: usize, length: usize, result: Out<Value>
    ) {
        let memory = v8::Local::<v8::ArrayBuffer>::try_from(buffer.local(scope)?)
            .map_err(|_| Status::InvalidArg)?;
        if length.checked_add(offset).is_none_or(|end| end > memory.byte_length()) {
            throw_range_error(env, scope, "ERR_OUT_OF_RANGE", "The byte offset + length is out of range")?;
            // What is thrown is the only sign of it.
            return Ok(());
        }
        result.put(node_buffer(env, scope, memory, offset, length)?);
    }

    plain napi_is_buffer(env, scope, value: Value, result: Out<bool>) {
        result.set(value.local(scope)?.is_array_buffer_view());
    }

    plain napi_get_buffer_info(env, scope, value: Value, data: MaybeOut<Data>, length: MaybeOut<usize>) {
        let view = v8::Local::<v8::ArrayBufferView>::try_from(value.local(scope)?).map_err(|_| Status::InvalidArg)?;
        if data.is_wanted() {
            data.set(view_address(scope, view));
        }
        length.set(view.byte_length());
    }

    basic napi_adjust_external_memory(env, scope, change: i64, result: Out<i64>) {
        result.set(env.in_scope(|scope| scope.adjust_amount_of_external_allocated_memory(change)));
    }
}
