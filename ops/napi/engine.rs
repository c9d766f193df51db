//! Handles of V8 whose lives follow an add-on's calls rather than Rust's scopes: persistent cells, which change
//! between strong and weak, and handle scopes that one call opens and another closes.

use std::ffi::c_void;
use std::marker::PhantomData;

use super::abi::{Scope, Value};

/// The address of a handle's slot.
type Slot = *const c_void;

/// Called by the garbage collector.
pub(super) type WeakCallback = unsafe extern "C" fn(*const c_void);

// The glue of the `v8` crate, whose own types bind these to lexical scopes.
unsafe extern "C" {
    fn v8__Global__New(isolate: *mut c_void, data: Slot) -> Slot;
    fn v8__Global__NewWeak(isolate: *mut c_void, data: Slot, parameter: Slot, callback: WeakCallback)
    -> Slot;
    fn v8__Global__Reset(cell: Slot);
    fn v8__Local__New(isolate: *mut c_void, data: Slot) -> Slot;
    fn v8__WeakCallbackInfo__GetParameter(info: Slot) -> *mut c_void;
    fn v8__HandleScope__CONSTRUCT(scope: *mut [usize; SCOPE_SIZE], isolate: *mut c_void);
    fn v8__HandleScope__DESTRUCT(scope: *mut [usize; SCOPE_SIZE]);
    fn v8__Undefined(isolate: *mut c_void) -> Slot;
}

const SCOPE_SIZE: usize = 3;

/// The isolate of an environment.
#[derive(Clone, Copy)]
pub(super) struct Engine(*mut c_void);

impl Engine {
    pub(super) fn of(isolate: &v8::Isolate) -> Self {
        // SAFETY: only the address is kept; it is used while the isolate is alive.
        let pointer = unsafe { isolate.as_raw_isolate_ptr() };
        // SAFETY: the wrapper is one pointer wide and plain data.
        Engine(unsafe { std::mem::transmute::<v8::UnsafeRawIsolatePtr, *mut c_void>(pointer) })
    }

    /// A cell that keeps `value` alive.
    pub(super) fn strong<T>(self, value: v8::Local<'_, T>) -> Persistent {
        // SAFETY: the handle is alive, and the isolate is its own.
        Persistent(unsafe { v8__Global__New(self.0, slot(value)) })
    }

    /// A cell that does not. When the value is collected, `callback` is called, which empties the cell.
    pub(super) fn weak<T>(
        self,
        value: v8::Local<'_, T>,
        parameter: *const c_void,
        callback: WeakCallback,
    ) -> Persistent {
        // SAFETY: the handle is alive, the isolate is its own, and `parameter` outlives the cell.
        Persistent(unsafe { v8__Global__NewWeak(self.0, slot(value), parameter, callback) })
    }
}

fn slot<T>(value: v8::Local<'_, T>) -> Slot {
    std::ptr::from_ref(&*value).cast()
}

/// What the garbage collector was told to call back with.
pub(super) fn parameter(info: *const c_void) -> *mut c_void {
    // SAFETY: V8 calls back with live information.
    unsafe { v8__WeakCallbackInfo__GetParameter(info) }
}

/// A persistent cell. Nothing empties it by itself: whoever has it does.
#[derive(Clone, Copy)]
pub(super) struct Persistent(Slot);

impl Persistent {
    pub(super) const EMPTY: Persistent = Persistent(std::ptr::null());

    pub(super) fn is_empty(self) -> bool {
        self.0.is_null()
    }

    /// A handle of what is in it.
    pub(super) fn get<'s>(self, engine: Engine, scope: &Scope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
        if self.is_empty() {
            return None;
        }
        // SAFETY: the cell has not been emptied, and the isolate is its own.
        Value::from_address(unsafe { v8__Local__New(engine.0, self.0) }).optional(scope)
    }

    /// Gives the cell back.
    pub(super) fn reset(self) {
        if !self.is_empty() {
            // SAFETY: it has not been given back before, since whoever resets a cell forgets it.
            unsafe { v8__Global__Reset(self.0) };
        }
    }
}

/// The context of an environment, kept alive for its life and used as a handle without making one.
pub(super) struct Context(Persistent);

impl Context {
    pub(super) fn new(engine: Engine, context: v8::Local<'_, v8::Context>) -> Self {
        Context(engine.strong(context))
    }

    /// The handle. It is good until the environment goes.
    pub(super) fn local<'a>(&'a self) -> v8::Local<'a, v8::Context> {
        // SAFETY: the cell is a slot that holds the context, as a handle's slot does, and it is not null.
        unsafe { std::mem::transmute::<Slot, v8::Local<'a, v8::Context>>(self.0.0) }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.0.reset();
    }
}

/// A handle scope that an add-on has opened. V8 knows its address.
pub(super) struct HandleScope {
    scope: [usize; SCOPE_SIZE],
    /// The slot in the scope around it that takes what escapes.
    escape: *mut Slot,
    has_escaped: bool,
    _pinned: PhantomData<std::marker::PhantomPinned>,
}

impl HandleScope {
    /// Opens one. An escapable one reserves a slot in the scope around it.
    pub(super) fn open(engine: Engine, escapable: bool) -> *mut HandleScope {
        let escape = if escapable {
            // SAFETY: the isolate is alive and current.
            let undefined = unsafe { v8__Undefined(engine.0) };
            // SAFETY: as above.
            unsafe { v8__Local__New(engine.0, undefined) }.cast_mut().cast()
        } else {
            std::ptr::null_mut()
        };
        let this = HandleScope { scope: [0; SCOPE_SIZE], escape, has_escaped: false, _pinned: PhantomData };
        let this = Box::into_raw(Box::new(this));
        // SAFETY: it was just made.
        let room = unsafe { &raw mut (*this).scope };
        // SAFETY: the room is that of V8's own class, and it stays where it is until `close`.
        unsafe { v8__HandleScope__CONSTRUCT(room, engine.0) };
        this
    }

    /// Closes one: the innermost, as Node-API asks.
    pub(super) fn close(this: *mut HandleScope) {
        // SAFETY: the pointer is that of `open`, and the caller has no use for it any more.
        let mut this = unsafe { Box::from_raw(this) };
        // SAFETY: `open` has constructed it.
        unsafe { v8__HandleScope__DESTRUCT(&raw mut this.scope) };
    }

    /// Hands a value to the scope around this one, once.
    pub(super) fn escape(this: *mut HandleScope, value: Value) -> Option<Value> {
        // SAFETY: the pointer is that of `open`, and the scope is still open.
        let this = unsafe { &mut *this };
        if std::mem::replace(&mut this.has_escaped, true) {
            return None;
        }
        // SAFETY: a handle's slot holds the address of the object.
        let object = unsafe { value.slot().read() };
        // SAFETY: the slot was reserved by `open` in a scope that is still open.
        unsafe { this.escape.write(object) };
        Some(Value::from_address(this.escape.cast_const().cast()))
    }
}

impl Value {
    fn slot(self) -> *const Slot {
        self.address().cast()
    }
}
