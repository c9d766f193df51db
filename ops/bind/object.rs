//! Objects that carry state of Rust's: hashes, decoders, streams of a compressor. The state is freed
//! when the garbage collector has found the object dead, and at the latest with the isolate.

use std::any::Any;
use std::cell::Cell;
use std::ffi::CStr;
use std::ops::Deref;
use std::rc::Rc;

use super::call::Operation;
use super::convert::Arg;

/// Sets our objects apart from those of other users of the collector, of whom there are none.
const TAG: u16 = 1;

/// The state of a class of objects.
pub trait State: Any {
    /// How many bytes it takes. The garbage collector hurries when objects hold many.
    fn memory(&self) -> usize {
        size_of_val(self)
    }
}

/// What the collector of native memory keeps for an object.
struct Held {
    state: Rc<dyn Any>,
    memory: usize,
    freed: Rc<Cell<usize>>,
}

// SAFETY: it refers to nothing that the collector manages.
unsafe impl v8::cppgc::GarbageCollected for Held {
    fn trace(&self, _: &mut v8::cppgc::Visitor) {}

    fn get_name(&self) -> &'static CStr {
        c"NativeState"
    }
}

impl Drop for Held {
    /// May not touch the isolate: see [`Freed`].
    fn drop(&mut self) {
        self.freed.set(self.freed.get() + self.memory);
    }
}

/// The bytes of states that have been freed and of which V8 has not been told yet.
struct Freed(Rc<Cell<usize>>);

/// The body of a constructor: gives the new object the state that `operation` returns.
///
/// # Panics
/// Where it was called without `new`.
pub fn construct<Args, Op: Operation<Args, Output: State>>(
    operation: Op,
    scope: &mut v8::PinScope<'_, '_>,
    args: &v8::FunctionCallbackArguments<'_>,
) {
    assert!(args.is_construct_call(), "the constructor was called without `new`");
    let taken = Op::take(scope, args, &mut 0);
    wrap(scope, args.this(), operation.run(taken));
}

fn wrap<T: State>(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>, state: T) {
    if scope.get_slot::<Freed>().is_none() {
        scope.set_slot(Freed(Rc::default()));
    }
    let freed = scope.get_slot::<Freed>().map(|freed| Rc::clone(&freed.0)).unwrap_or_default();
    let memory = state.memory();
    let change = memory as i64 - freed.take() as i64;
    scope.adjust_amount_of_external_allocated_memory(change);

    let Some(heap) = scope.get_cpp_heap() else { panic!("the isolate has no heap for native objects") };
    // SAFETY: the pointer stays on the stack until the object refers to what it points to.
    let held =
        unsafe { v8::cppgc::make_garbage_collected(heap, Held { state: Rc::new(state), memory, freed }) };
    // SAFETY: nothing else wraps objects, so that the tag always means `Held`.
    unsafe { v8::Object::wrap::<TAG, Held>(scope, object, &held) };
}

fn held(
    scope: &mut v8::PinScope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
) -> Option<v8::cppgc::UnsafePtr<Held>> {
    if !object.is_api_wrapper() {
        return None;
    }
    // SAFETY: nothing else wraps objects, so that the tag always means `Held`; the pointer stays on the stack.
    unsafe { v8::Object::unwrap::<TAG, Held>(scope, object) }
}

/// The state of `object`; `None` where it has none or one of another type.
pub fn state<T: State>(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) -> Option<Rc<T>> {
    let held = held(scope, object)?;
    // SAFETY: `object` keeps what the pointer points to alive.
    let held = unsafe { held.as_ref() };
    Rc::clone(&held.state).downcast().ok()
}

/// The state of a method's receiver, as an argument of the Rust function.
pub struct This<T>(Rc<T>);

impl<T> Deref for This<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: State> Arg for This<T> {
    fn take(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>, _: &mut i32) -> Self {
        match state(scope, args.this()) {
            Some(state) => This(state),
            None => panic!("the receiver is of another class"),
        }
    }
}

/// Declares a class of objects with state: `object_class!(Decoder, new_decoder, sync: [reset], raw: [decode])`.
///
/// The constructor is a Rust function whose arguments implement [`Arg`](super::convert::Arg) and which
/// returns the [`State`]; the methods are those of [`binding!`](crate::binding), and take the state as
/// [`This`] or ask for it with [`state`].
#[macro_export]
macro_rules! object_class {
    ($name:ident, $construct:path
     $(, sync: [$($sync:ident),* $(,)?])?
     $(, raw: [$($raw:ident),* $(,)?])?
     $(,)?) => {
        $crate::bind::class::Class {
            name: stringify!($name),
            fields: 0,
            construct: || $crate::exported!(stringify!($name), |scope, args, rv| {
                let _ = rv;
                $crate::bind::object::construct($construct, scope, &args);
            }).callback,
            methods: || vec![
                $($($crate::exported!(stringify!($sync), |scope, args, rv| {
                    $crate::bind::call::sync($sync, scope, args, rv)
                }),)*)?
                $($($crate::exported!(stringify!($raw), |scope, args, rv| {
                    $raw(scope, args, rv)
                }),)*)?
            ],
        }
    };
}
