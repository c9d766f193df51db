//! Objects that carry state of Rust's: hashes, decoders, streams of a compressor. The state is freed
//! when the garbage collector has found the object dead, and at the latest with the isolate.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::CStr;
use std::ops::Deref;
use std::rc::Rc;

use v8::MapFnTo;

use super::Host;
use super::call::{IllegalInvocation, Operation};
use super::convert::{Arg, FromJs, IntoJs};
use super::permission::Denied;

/// Sets our objects apart from those of other users of the collector, of whom there are none.
const TAG: u16 = 1;

/// The state of a class of objects.
pub trait State: Any {
    /// How many bytes it takes. The garbage collector hurries when objects hold many.
    fn memory(&self) -> usize {
        size_of_val(self)
    }

    /// What takes the state to another runtime in a message, where several may have it.
    fn seed(&self) -> Option<Box<dyn Seed>> {
        None
    }
}

/// A state that functions take and return by its object: what they take is a clone, which shares what is in it.
pub trait Carried: State + Clone {}

/// Another value is refused as methods refuse a receiver: JavaScript keeps these objects to itself.
impl<T: Carried> FromJs for T {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let object = v8::Local::<v8::Object>::try_from(value).ok();
        match object.and_then(|object| state::<T>(scope, object)) {
            Some(state) => (*state).clone(),
            None => std::panic::resume_unwind(Box::new(IllegalInvocation)),
        }
    }
}

impl<T: Carried> IntoJs for T {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        Ok(create(scope, self).into())
    }
}

/// A state on its way to another runtime.
pub trait Seed: Send + Sync {
    /// A new object with the same state.
    fn grow<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object>;
}

/// What the collector of native memory keeps for an object.
struct Held {
    state: Rc<dyn Any>,
    seed: fn(&dyn Any) -> Option<Box<dyn Seed>>,
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

/// The objects with a state of a program that is to be kept in a snapshot.
#[derive(Default)]
struct Stateful(RefCell<Vec<v8::Weak<v8::Object>>>);

/// The name of the class of an object whose state would be lost in a snapshot, if there is one.
pub fn unkeepable(scope: &mut v8::PinScope<'_, '_>) -> Option<String> {
    let stateful = Host::of(scope).find_extension::<Stateful>()?;
    let objects = stateful.0.take();
    let object = objects.iter().find_map(|object| object.to_local(scope))?;
    Some(object.get_constructor_name().to_rust_string_lossy(scope))
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
    let taken = match Op::take(scope, args, &mut 0) {
        Ok(taken) => taken,
        Err(denied) => return denied.throw(scope),
    };
    wrap(scope, args.this(), operation.run(taken));
}

fn wrap<T: State>(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>, state: T) {
    assert!(object.is_api_wrapper(), "the object has no room for a state");
    if scope.get_slot::<Freed>().is_none() {
        scope.set_slot(Freed(Rc::default()));
    }
    let freed = scope.get_slot::<Freed>().map(|freed| Rc::clone(&freed.0)).unwrap_or_default();
    let memory = state.memory();
    let change = memory as i64 - freed.take() as i64;
    scope.adjust_amount_of_external_allocated_memory(change);

    let Some(heap) = scope.get_cpp_heap() else { panic!("the isolate has no heap for native objects") };
    let seed = |state: &dyn Any| state.downcast_ref::<T>().and_then(State::seed);
    let held = Held { state: Rc::new(state), seed, memory, freed };
    // SAFETY: the pointer stays on the stack until the object refers to what it points to.
    let held = unsafe { v8::cppgc::make_garbage_collected(heap, held) };
    // SAFETY: nothing else wraps objects, so that the tag always means `Held`.
    unsafe { v8::Object::wrap::<TAG, Held>(scope, object, &held) };
    let host = scope.get_slot::<Rc<Host>>().filter(|host| host.config.builds_snapshot);
    if let Some(host) = host.cloned() {
        host.extension::<Stateful>().0.borrow_mut().push(v8::Weak::new(scope, object));
    }
}

/// What objects that Rust makes by itself are made from, once a runtime.
#[derive(Default)]
struct Template(OnceCell<v8::Global<v8::ObjectTemplate>>);

/// JavaScript never sees the function whose instances the objects are.
fn constructor(
    _: &mut v8::PinScope<'_, '_>,
    _: v8::FunctionCallbackArguments<'_>,
    _: v8::ReturnValue<'_, v8::Value>,
) {
}

/// The native address that objects of [`create`] refer to.
pub fn references() -> Vec<v8::ExternalReference> {
    vec![v8::ExternalReference { function: constructor.map_fn_to() }]
}

/// A new object without methods that carries `state`, for functions that take it as an argument.
pub fn create<'s, T: State>(scope: &mut v8::PinScope<'s, '_>, state: T) -> v8::Local<'s, v8::Object> {
    let template = Host::of(scope).extension::<Template>();
    let template = template.0.get_or_init(|| {
        // Only instances of a function have room for a state.
        let function = v8::FunctionTemplate::new(scope, constructor);
        let template = function.instance_template(scope);
        v8::Global::new(scope, template)
    });
    let template = v8::Local::new(scope, template);
    match template.new_instance(scope) {
        Some(object) => {
            wrap(scope, object, state);
            object
        }
        None => panic!("there is no memory for an object"),
    }
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

/// What takes the state of `object` to another runtime; `None` where it has none or only one may have it.
pub fn seed(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) -> Option<Box<dyn Seed>> {
    let held = held(scope, object)?;
    // SAFETY: `object` keeps what the pointer points to alive.
    let held = unsafe { held.as_ref() };
    (held.seed)(&*held.state)
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
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        _: &mut i32,
    ) -> Result<Self, Denied> {
        match state(scope, args.this()) {
            Some(state) => Ok(This(state)),
            None => std::panic::resume_unwind(Box::new(IllegalInvocation)),
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
            getters: Vec::new,
        }
    };
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::sync::Once;

    use super::{State, This, state};
    use crate::bind::class::Class;

    thread_local! {
        static ALIVE: Cell<usize> = const { Cell::new(0) };
    }

    struct Counter {
        value: Cell<u32>,
    }

    impl State for Counter {
        fn memory(&self) -> usize {
            1 << 10
        }
    }

    impl Drop for Counter {
        fn drop(&mut self) {
            ALIVE.set(ALIVE.get() - 1);
        }
    }

    fn new_counter(start: u32) -> Counter {
        ALIVE.set(ALIVE.get() + 1);
        Counter { value: Cell::new(start) }
    }

    fn next(this: This<Counter>) -> u32 {
        this.value.set(this.value.get() + 1);
        this.value.get()
    }

    const CLASS: Class = object_class!(Counter, new_counter, sync: [next]);

    fn isolate() -> v8::OwnedIsolate {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let platform = v8::new_unprotected_default_platform(0, false).make_shared();
            v8::V8::initialize_platform(platform);
            v8::V8::initialize();
        });
        v8::Isolate::new(v8::CreateParams::default())
    }

    /// Runs a program in a new context and gives `finish` its value or exception.
    fn run<T>(
        isolate: &mut v8::OwnedIsolate,
        program: &str,
        finish: impl FnOnce(&mut v8::PinScope<'_, '_>, v8::Local<'_, v8::Value>) -> T,
    ) -> Option<T> {
        v8::scope!(let scope, isolate);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        let global = context.global(scope);
        CLASS.install(scope, global);
        v8::tc_scope!(let scope, scope);
        let source = crate::bind::convert::string(scope, program);
        let value = v8::Script::compile(scope, source, None).and_then(|script| script.run(scope));
        value.or(scope.exception()).map(|value| finish(scope, value))
    }

    fn evaluate(isolate: &mut v8::OwnedIsolate, program: &str) -> String {
        run(isolate, program, |scope, value| value.to_rust_string_lossy(scope)).unwrap_or_default()
    }

    #[test]
    fn methods_reach_the_state() {
        let mut isolate = isolate();
        let text = evaluate(
            &mut isolate,
            "const c = new Counter(5); c.next(); `${c.next()} ${new Counter(1).next()}`",
        );
        assert_eq!(text, "7 2");
    }

    #[test]
    fn wrong_receivers_are_refused() {
        let mut isolate = isolate();
        let refused = "TypeError: Illegal invocation";
        for receiver in
            ["{}", "1", "null", "globalThis", "Counter.prototype", "new Proxy(new Counter(1), {})"]
        {
            let text = evaluate(&mut isolate, &format!("Counter.prototype.next.call({receiver})"));
            assert_eq!(text, refused, "{receiver}");
        }
        let text = evaluate(&mut isolate, "Counter(1)");
        assert_eq!(text, "Error: Internal error of Ironode: the constructor was called without `new`");
    }

    #[test]
    fn states_go_with_their_objects_or_with_the_isolate() {
        let mut isolate = isolate();
        evaluate(&mut isolate, "for (let i = 0; i < 1000; i++) new Counter(i);");
        assert!(ALIVE.get() > 0);
        for _ in 0..3 {
            isolate.low_memory_notification();
        }
        assert_eq!(ALIVE.get(), 0);
        evaluate(&mut isolate, "globalThis.kept = [new Counter(1), new Counter(2)];");
        assert_eq!(ALIVE.get(), 2);
        drop(isolate);
        assert_eq!(ALIVE.get(), 0);
    }

    #[test]
    fn memory_makes_the_collector_hurry() {
        let mut isolate = isolate();
        evaluate(&mut isolate, "for (let i = 0; i < 400_000; i++) new Counter(i);");
        assert!(ALIVE.get() < 400_000, "{} states are alive", ALIVE.get());
        drop(isolate);
        assert_eq!(ALIVE.get(), 0);
    }

    #[test]
    fn a_shared_state_outlives_its_object() {
        let mut isolate = isolate();
        let state = run(&mut isolate, "new Counter(7)", |scope, value| {
            v8::Local::<v8::Object>::try_from(value).ok().and_then(|object| state::<Counter>(scope, object))
        });
        let state = state.flatten();
        drop(isolate);
        assert_eq!(state.as_ref().map(|state| state.value.get()), Some(7));
        assert_eq!(state.as_ref().map(Rc::strong_count), Some(1));
    }
}
