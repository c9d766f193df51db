//! Calls in both directions: JavaScript into exported Rust functions, and events of the system back
//! into JavaScript.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::convert::{Arg, FromJs, IntoJs};
use super::permission::Denied;
use super::{Host, outside, task, uncaught};
use crate::trace_events::calls::{self, Pending};

/// A Rust function that can be exported: it takes [`Arg`]s. `Args` is the tuple of its parameters.
pub trait Operation<Args> {
    /// What it returns: something JavaScript can have, or from a constructor the state of an object.
    type Output;
    /// Takes the arguments from a call, advancing `index` past what was used; the error where the program may not
    /// call with them.
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Args, Denied>;
    /// Runs it.
    fn run(&self, args: Args) -> Self::Output;
}

macro_rules! operation {
    ($($arg:ident),*) => {
        #[allow(non_snake_case, reason = "one name serves as type and value")]
        #[allow(unused_variables, clippy::unused_unit, reason = "a function without parameters uses neither")]
        impl<Func, Out, $($arg),*> Operation<($($arg,)*)> for Func
        where
            Func: Fn($($arg),*) -> Out,
            $($arg: Arg,)*
        {
            type Output = Out;
            fn take(
                scope: &mut v8::PinScope<'_, '_>,
                args: &v8::FunctionCallbackArguments<'_>,
                index: &mut i32,
            ) -> Result<($($arg,)*), Denied> {
                Ok(($($arg::take(scope, args, index)?,)*))
            }
            fn run(&self, ($($arg,)*): ($($arg,)*)) -> Out {
                self($($arg),*)
            }
        }
    };
}

operation!();
operation!(A);
operation!(A, B);
operation!(A, B, C);
operation!(A, B, C, D);
operation!(A, B, C, D, E);
operation!(A, B, C, D, E, F);
operation!(A, B, C, D, E, F, G);
operation!(A, B, C, D, E, F, G, H);

/// Takes a call of V8's to a function that is [`exported`](crate::exported).
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "only V8 makes such a pointer, for a call of its own")]
#[inline(always)]
pub fn enter<F>(info: *const v8::FunctionCallbackInfo, function: F)
where
    F: for<'s, 'i> Fn(
        &mut v8::PinScope<'s, 'i>,
        v8::FunctionCallbackArguments<'s>,
        v8::ReturnValue<'s, v8::Value>,
    ),
{
    // SAFETY: V8 passes a valid pointer.
    let info = unsafe { &*info };
    // SAFETY: V8 calls with the isolate of the call entered, and its scope ends with the call.
    v8::callback_scope!(unsafe scope, info);
    let args = v8::FunctionCallbackArguments::from_function_callback_info(info);
    let rv = v8::ReturnValue::from_function_callback_info(info);
    function(scope, args, rv);
}

/// What a method unwinds with whose receiver is of another class: no mistake of Rust's, but the program's.
pub struct IllegalInvocation;

/// Runs `body`; a panic in it becomes a JavaScript `Error`, never an unwinding into V8.
pub fn guard<'s, 'i>(scope: &mut v8::PinScope<'s, 'i>, body: impl FnOnce(&mut v8::PinScope<'s, 'i>)) {
    outside::note();
    guard_inside(scope, body);
}

/// The same where it has been decided whether the program calls [`outside`].
pub fn guard_inside<'s, 'i>(scope: &mut v8::PinScope<'s, 'i>, body: impl FnOnce(&mut v8::PinScope<'s, 'i>)) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| body(scope))) {
        if panic.is::<IllegalInvocation>() {
            let message = super::convert::string(scope, "Illegal invocation");
            let error = v8::Exception::type_error(scope, message);
            scope.throw_exception(error);
            return;
        }
        let text = format!("Internal error of Ironode: {}", panic_text(panic.as_ref()));
        let message = super::convert::string(scope, &text);
        let error = v8::Exception::error(scope, message);
        scope.throw_exception(error);
    }
}

/// The message of a caught panic.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic without a message",
    }
}

/// Runs an operation at once and returns its value or throws its error.
pub fn sync<'s, Args, Op: Operation<Args, Output: IntoJs>>(
    operation: Op,
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let taken = match Op::take(scope, &args, &mut 0) {
        Ok(taken) => taken,
        Err(denied) => return denied.throw(scope),
    };
    match operation.run(taken).into_js(scope) {
        Ok(value) => rv.set(value),
        Err(error) => {
            scope.throw_exception(error);
        }
    }
}

/// Runs an operation on the thread pool, as a request of a `kind`; the argument after its own is called with `(error)` or
/// `(null, value)` from the event loop.
pub fn pooled<'s, Args, Op>(
    operation: Op,
    kind: impl Into<Kind>,
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) where
    Args: Send + 'static,
    Op: Operation<Args, Output: IntoJs + Send + 'static> + Send + 'static,
{
    let kind = kind.into();
    let Some((taken, callback)) = taken(&operation, kind, scope, &args) else { return };
    calls::begin(scope, kind.binding, kind.function, &args);
    request(scope, kind.name, callback, move || operation.run(taken));
}

/// The arguments of an operation and the callback behind them; nothing where the program has been told what is wrong.
pub fn taken<'s, Args, Op: Operation<Args>>(
    _: &Op,
    kind: impl Into<Kind>,
    scope: &mut v8::PinScope<'s, '_>,
    args: &v8::FunctionCallbackArguments<'s>,
) -> Option<(Args, v8::Local<'s, v8::Function>)> {
    let mut index = 0;
    let taken = match Op::take(scope, args, &mut index) {
        Ok(taken) => taken,
        Err(denied) => {
            refuse(scope, kind.into(), args, &denied);
            return None;
        }
    };
    let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(index)) else {
        let message = super::convert::string(scope, "The callback of a pooled operation is missing");
        let error = v8::Exception::type_error(scope, message);
        scope.throw_exception(error);
        return None;
    };
    Some((taken, callback))
}

/// What a pooled operation is.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What Node calls the request.
    name: &'static str,
    /// The binding that it is of.
    binding: &'static str,
    /// Its name there.
    function: &'static str,
    /// Whether it throws what the program may not do, rather than telling its callback.
    throws_refusals: bool,
}

impl From<&'static str> for Kind {
    fn from(name: &'static str) -> Self {
        Kind { name, binding: "", function: "", throws_refusals: false }
    }
}

/// The kind of a function of a binding.
pub fn kind_of(binding: &'static str, name: &'static str) -> Kind {
    let throws = matches!(name, "chmod" | "lutimes" | "mkdir" | "readlink" | "rmdir" | "utimes");
    let kind = request_kind(binding, name);
    Kind { name: kind, binding, function: name, throws_refusals: binding == "fs" && throws }
}

/// Tells the callback of a pooled operation, which is its last argument, that the program may not do this.
fn refuse(
    scope: &mut v8::PinScope<'_, '_>,
    kind: Kind,
    args: &v8::FunctionCallbackArguments<'_>,
    denied: &Denied,
) {
    match v8::Local::<v8::Function>::try_from(args.get(args.length() - 1)) {
        Ok(callback) if !kind.throws_refusals => {
            let error = denied.to_js(scope);
            let error = v8::Global::new(scope, error);
            answer(scope, kind.name, callback, Thrown(error));
        }
        _ => denied.throw(scope),
    }
}

/// An error that is there already.
struct Thrown(v8::Global<v8::Value>);

impl IntoJs for Thrown {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        Err(v8::Local::new(scope, &self.0))
    }
}

/// What Node calls the requests of a function of a binding.
fn request_kind(binding: &str, name: &str) -> &'static str {
    match (binding, name) {
        ("dns", "getnameinfo") => "GetNameInfoReqWrap",
        ("dns", _) => "GetAddrInfoReqWrap",
        ("crypto_keys", "generate") => "KeyPairGenRequest",
        ("crypto_operations", "sign" | "verify") => "SignRequest",
        ("crypto_operations", "derive" | "encapsulate" | "decapsulate") => "DeriveBitsRequest",
        ("crypto_operations", _) => "CipherRequest",
        ("crypto", "pbkdf2") => "PBKDF2Request",
        ("crypto", "scrypt") => "ScryptRequest",
        ("crypto", "argon2") => "Argon2Request",
        ("crypto", "check_prime") => "CheckPrimeRequest",
        ("crypto", "generate_prime") => "RandomPrimeRequest",
        ("crypto", "extendable_whole" | "hash_whole") => "HashRequest",
        ("crypto", "hmac_whole" | "kmac_whole") => "SignRequest",
        ("crypto", "aes_ctr" | "cipher_whole") => "CipherRequest",
        ("crypto", _) => "DeriveBitsRequest",
        _ => "FSReqCallback",
    }
}

/// Runs `work` on the thread pool and calls `callback` as [`pooled`] does. `kind` is what the request is called
/// where the program lists what keeps it alive.
pub fn request<Outcome: IntoJs + Send + 'static>(
    scope: &mut v8::PinScope<'_, '_>,
    kind: &'static str,
    callback: v8::Local<'_, v8::Function>,
    work: impl FnOnce() -> Outcome + Send + 'static,
) {
    let callback = v8::Local::new(scope, callback);
    let Some(callback) = tracked(scope, kind, callback) else { return };
    let callback = Callback::of_request(scope, callback);
    Host::of(scope).count_request(kind, 1);
    let name = if calls::follows_work() { calls::work_name(kind) } else { None };
    task::submit_as(scope, name, work, move |scope, outcome| {
        callback.settle(scope, outcome);
        Host::of(scope).count_request(kind, -1);
    });
}

/// Runs `attempt` in the poll phase of the event loop and calls `callback` with its outcome, or has the thread pool
/// run what `attempt` gives back. An immediate that waits comes before, as it does where a thread takes its time.
pub fn attempt<Outcome: IntoJs + Send + 'static, Work: FnOnce() -> Outcome + Send + 'static>(
    scope: &mut v8::PinScope<'_, '_>,
    kind: &'static str,
    callback: v8::Local<'_, v8::Function>,
    attempt: impl FnOnce(&Host) -> Result<Outcome, Work> + 'static,
) {
    let callback = v8::Local::new(scope, callback);
    let Some(callback) = tracked(scope, kind, callback) else { return };
    let callback = Callback::of_request(scope, callback);
    let host = Host::of(scope);
    host.count_request(kind, 1);
    host.begin_request();
    let settle = move |scope: &mut v8::PinScope<'_, '_>, outcome: Outcome| {
        callback.settle(scope, outcome);
        Host::of(scope).count_request(kind, -1);
    };
    let run = move |scope: &mut v8::PinScope<'_, '_>| {
        let outcome = attempt(&Host::of(scope));
        match outcome {
            Ok(outcome) => settle(scope, outcome),
            Err(work) => task::submit(scope, work, settle),
        }
    };
    host.mailbox.post(move |scope| {
        let host = Host::of(scope);
        let [immediates, ..] = host.immediates();
        if immediates == 0 {
            return run(scope);
        }
        host.begin_request();
        host.mailbox.post(run);
    });
}

/// Calls `callback` with what is known already, as [`request`] does with what a thread has found out.
pub fn answer(
    scope: &mut v8::PinScope<'_, '_>,
    kind: &'static str,
    callback: v8::Local<'_, v8::Function>,
    outcome: impl IntoJs + 'static,
) {
    let callback = v8::Local::new(scope, callback);
    let Some(callback) = tracked(scope, kind, callback) else { return };
    let callback = Callback::of_request(scope, callback);
    let host = Host::of(scope);
    host.count_request(kind, 1);
    host.begin_request();
    host.mailbox.post(move |scope| {
        callback.settle(scope, outcome);
        Host::of(scope).count_request(kind, -1);
    });
}

/// The callback of a request as it is while hooks of `async_hooks` may want to know of it. None where
/// JavaScript threw.
fn tracked<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    kind: &str,
    callback: v8::Local<'s, v8::Function>,
) -> Option<v8::Local<'s, v8::Function>> {
    let host = Host::of(scope);
    let Some(hooks) = host.hooks().filter(|_| host.tracks_requests()) else { return Some(callback) };
    let track = v8::Local::new(scope, &hooks.track_request);
    let receiver = v8::undefined(scope).into();
    let kind = super::convert::string(scope, &kind.to_uppercase()).into();
    track.call(scope, receiver, &[callback.into(), kind])?.try_into().ok()
}

/// A JavaScript function kept for later, with the asynchronous context of the moment it was given.
pub struct Callback {
    function: v8::Global<v8::Function>,
    context: Option<v8::Global<v8::Value>>,
    /// The call that it answers, where trace events follow it.
    traced: Option<Box<Pending>>,
}

impl Callback {
    /// Keeps `function`.
    pub fn new(scope: &mut v8::PinScope<'_, '_>, function: v8::Local<'_, v8::Function>) -> Self {
        let context = scope.get_continuation_preserved_embedder_data();
        let context = (!context.is_undefined()).then(|| v8::Global::new(scope, context));
        Callback { function: v8::Global::new(scope, function), context, traced: None }
    }

    /// Keeps that of a request.
    fn of_request(scope: &mut v8::PinScope<'_, '_>, function: v8::Local<'_, v8::Function>) -> Self {
        Callback { traced: calls::take_begun(), ..Callback::new(scope, function) }
    }

    /// Calls it once from the event loop with `args` on an undefined receiver.
    pub fn call<'s>(self, scope: &mut v8::PinScope<'s, '_>, args: &[v8::Local<'s, v8::Value>]) {
        let receiver = v8::undefined(scope).into();
        self.call_on(scope, receiver, args);
    }

    /// Calls it once from the event loop as a method of `receiver`.
    pub fn call_on<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
        receiver: v8::Local<'s, v8::Value>,
        args: &[v8::Local<'s, v8::Value>],
    ) {
        let function = v8::Local::new(scope, &self.function);
        let none = v8::undefined(scope).into();
        // Also without one: the callback before may have left its own.
        let context = self.context.map_or(none, |context| v8::Local::new(scope, &context));
        scope.set_continuation_preserved_embedder_data(context);
        call_back(scope, function, receiver, args);
        scope.set_continuation_preserved_embedder_data(none);
    }

    /// Calls it with `(error)`, with `(null, value)`, or with `(null)` where there is no value.
    pub fn settle(self, scope: &mut v8::PinScope<'_, '_>, outcome: impl IntoJs) {
        let outcome = outcome.into_js(scope);
        if let Some(pending) = &self.traced {
            pending.end(scope, outcome);
        }
        match outcome {
            Ok(value) => {
                let null = v8::null(scope).into();
                let args = [null, value];
                self.call(scope, if value.is_undefined() { &args[..1] } else { &args });
            }
            Err(error) => self.call(scope, &[error]),
        }
    }
}

/// The callback that a function is given as an argument, which JavaScript has checked.
///
/// # Panics
/// Where the argument is no function.
impl FromJs for Callback {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        match v8::Local::<v8::Function>::try_from(value) {
            Ok(function) => Callback::new(scope, function),
            Err(_) => panic!("the callback is no function"),
        }
    }
}

/// Calls into JavaScript from the event loop. Afterwards the tick queue and the microtasks are drained;
/// what is thrown goes to the uncaught-exception handlers instead, and the ticks wait for the next
/// callback, as in Node.
pub fn call_back<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    function: v8::Local<'s, v8::Function>,
    receiver: v8::Local<'s, v8::Value>,
    args: &[v8::Local<'s, v8::Value>],
) -> Option<v8::Local<'s, v8::Value>> {
    let result = call_reporting(scope, function, receiver, args);
    if result.is_some() {
        drain_ticks(scope);
    }
    result
}

/// Calls into JavaScript and reports what it throws, without draining ticks.
pub fn call_reporting<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    function: v8::Local<'s, v8::Function>,
    receiver: v8::Local<'s, v8::Value>,
    args: &[v8::Local<'s, v8::Value>],
) -> Option<v8::Local<'s, v8::Value>> {
    outside::note();
    v8::tc_scope!(let caught, scope);
    let is_debugged = IS_DEBUGGED.get();
    // V8 reports what is thrown by itself then, and tells debuggers beforehand that nobody will catch it.
    caught.set_verbose(is_debugged);
    let result = function.call(caught, receiver, args);
    if result.is_none() && !is_debugged {
        uncaught::report_caught(caught);
    }
    result
}

thread_local! {
    /// Whether debuggers have sessions with a runtime of this thread.
    static IS_DEBUGGED: Cell<bool> = const { Cell::new(false) };
}

/// Notes whether debuggers have sessions with a runtime of this thread.
pub(crate) fn set_debugged(is_debugged: bool) {
    IS_DEBUGGED.set(is_debugged);
}

/// Runs everything of `process.nextTick` and all microtasks until both are empty: what happens
/// between any two callbacks of the event loop.
pub fn drain_ticks(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    if host.is_exiting() {
        return;
    }
    if !host.has_ticks() {
        scope.perform_microtask_checkpoint();
        if !host.has_ticks() || host.is_exiting() {
            return;
        }
    }
    let Some(hooks) = host.hooks() else { return };
    let process_ticks = v8::Local::new(scope, &hooks.process_ticks);
    let receiver: v8::Local<v8::Value> = v8::Local::new(scope, &hooks.process).into();
    let complete = call_reporting(scope, process_ticks, receiver, &[]).is_some();
    host.set_ticks_interrupted(!complete);
}
