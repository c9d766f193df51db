//! What an embedder asks of a runtime and its program: to import a module, to call its functions, to evaluate a text.

pub(crate) mod host_module;
pub(crate) mod remote;
pub(crate) mod thrown;
pub(crate) mod value;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use ironode_ops::bind::call;
use ironode_ops::bind::convert::{internalized, string};
use ironode_ops::bind::interrupt::Interrupter;
use ironode_ops::bind::task::Mailbox;
use ironode_ops::bind::{Binding, Exported, Host};
use ironode_ops::{binding, exported};

use crate::event_loop::{self, Progress};
use crate::{Error, Exit, Runtime, Source};
use host_module::HostModule;
use thrown::describe;
use value::{Arguments, FromJs, Function, Object, Scope, guarded};

/// `internalBinding('embed')`: `modules(define)` calls `define(name, exports)` for each module of the host's;
/// `begin(importModule, evaluate)` takes what the host calls.
pub(crate) const BINDING: Binding = binding! { "embed", raw: [modules, begin] };

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// The modules of the host's until the program's thread makes them.
#[derive(Default)]
pub(crate) struct HostModules(pub(crate) RefCell<Vec<(String, HostModule)>>);

/// The JavaScript functions that import a module and evaluate a text.
struct Entries {
    import: v8::Global<v8::Function>,
    evaluate: v8::Global<v8::Function>,
}

/// Those of a runtime, once the program has begun.
#[derive(Default)]
struct Begun(OnceCell<Entries>);

fn modules<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(define) = v8::Local::<v8::Function>::try_from(args.get(0)) else { return };
    let receiver = v8::undefined(scope).into();
    let modules = Host::of(scope).extension::<HostModules>().0.take();
    for (name, module) in modules {
        let exports = match module.make(scope) {
            Ok(exports) => exports,
            Err(thrown) => {
                let error = thrown.to_js(scope);
                scope.throw_exception(error);
                return;
            }
        };
        let name = string(scope, &name);
        if define.call(scope, receiver, &[name.into(), exports.into()]).is_none() {
            return;
        }
    }
}

fn begin<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let entry = |index| v8::Local::<v8::Function>::try_from(args.get(index));
    if let (Ok(import), Ok(evaluate)) = (entry(0), entry(1)) {
        let entries =
            Entries { import: v8::Global::new(scope, import), evaluate: v8::Global::new(scope, evaluate) };
        let _ = Host::of(scope).extension::<Begun>().0.set(entries);
    }
}

/// What is to be called.
enum Target {
    /// Imports the module of a name.
    Import,
    /// Evaluates a text.
    Evaluate,
    /// A function.
    Function(Function),
    /// A method of an object.
    Method(Object, String),
}

impl Target {
    /// Calls it, from the event loop.
    fn call<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<v8::Local<'s, v8::Value>, Error> {
        let none: v8::Local<v8::Value> = v8::undefined(scope).into();
        let (function, receiver) = match self {
            Target::Import => (entry(scope, |entries| &entries.import)?, none),
            Target::Evaluate => (entry(scope, |entries| &entries.evaluate)?, none),
            Target::Function(function) => (function.open(scope)?, none),
            Target::Method(object, name) => {
                let object = object.open(scope)?;
                (method(scope, object, name)?, object.into())
            }
        };
        guarded(scope, |scope| function.call(scope, receiver, args))
    }
}

fn entry<'s>(
    scope: &mut Scope<'s, '_>,
    choose: impl FnOnce(&Entries) -> &v8::Global<v8::Function>,
) -> Result<v8::Local<'s, v8::Function>, Error> {
    let begun = Host::of(scope).extension::<Begun>();
    match begun.0.get() {
        Some(entries) => Ok(v8::Local::new(scope, choose(entries))),
        None => Err(Error::Bootstrap(String::from("the program has not begun"))),
    }
}

fn method<'s>(
    scope: &mut Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
) -> Result<v8::Local<'s, v8::Function>, Error> {
    let key = internalized(scope, name).into();
    let value = guarded(scope, |scope| object.get(scope, key))?;
    value.try_into().map_err(|_| Error::Type(format!("{name} is no function")))
}

type Settled<'s> = Result<v8::Local<'s, v8::Value>, Error>;

/// What waits for a promise.
trait Waiter {
    fn settled(self: Box<Self>, scope: &mut Scope<'_, '_>, outcome: Settled<'_>);
}

/// What waits for promises, by its number.
#[derive(Default)]
struct Waiters {
    last: Cell<u32>,
    waiting: RefCell<HashMap<u32, Box<dyn Waiter>>>,
}

/// Tells `waiter` the value; where that is a promise, what it is settled with.
fn follow<'s>(scope: &mut Scope<'s, '_>, outcome: Settled<'s>, waiter: Box<dyn Waiter>) {
    let promise = outcome.as_ref().ok().and_then(|value| v8::Local::<v8::Promise>::try_from(*value).ok());
    let Some(promise) = promise else { return waiter.settled(scope, outcome) };
    let waiters = Host::of(scope).extension::<Waiters>();
    let number = waiters.last.get().wrapping_add(1);
    waiters.last.set(number);
    let number = (number, v8::Integer::new_from_unsigned(scope, number));
    let [fulfilled, rejected] = [
        exported!("fulfilled", |scope, args, _rv| { tell(scope, &args, true) }),
        exported!("rejected", |scope, args, _rv| { tell(scope, &args, false) }),
    ]
    .map(|Exported { callback, .. }| v8::Function::builder_raw(callback).data(number.1.into()).build(scope));
    waiters.waiting.borrow_mut().insert(number.0, waiter);
    if let (Some(fulfilled), Some(rejected)) = (fulfilled, rejected) {
        promise.then2(scope, fulfilled, rejected);
    }
}

/// A promise that somebody waits for has been settled.
fn tell<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, is_fulfilled: bool) {
    let number = args.data().uint32_value(scope).unwrap_or(0);
    let waiter = Host::of(scope).extension::<Waiters>().waiting.borrow_mut().remove(&number);
    let Some(waiter) = waiter else { return };
    let value = args.get(0);
    let outcome = if is_fulfilled { Ok(value) } else { Err(describe(scope, value)) };
    waiter.settled(scope, outcome);
}

/// Where the outcome of a call arrives.
type Slot = Rc<RefCell<Option<Result<v8::Global<v8::Value>, Error>>>>;

/// The event loop waits for the slot to be filled.
struct Here(Slot);

impl Waiter for Here {
    fn settled(self: Box<Self>, scope: &mut Scope<'_, '_>, outcome: Settled<'_>) {
        *self.0.borrow_mut() = Some(outcome.map(|value| v8::Global::new(scope, value)));
        wake(&Host::of(scope).mailbox);
    }
}

/// Has the poll phase of a runtime come back.
fn wake(mailbox: &Mailbox) {
    mailbox.send(|_| {});
}

/// How long JavaScript may go on after the deadline of a call before it is cut: what the call does not wait for is
/// let finish.
const GRACE: Duration = Duration::from_millis(50);

/// Watches the deadline of a call, from a thread of its own; ends with it.
struct Watch {
    has_expired: Arc<AtomicBool>,
    is_over: Arc<AtomicBool>,
    _stop: mpsc::Sender<()>,
}

impl Watch {
    fn start(runtime: &mut Runtime, deadline: Duration) -> Result<Self, Error> {
        let (stop, stopped) = mpsc::channel::<()>();
        let watch = Watch { has_expired: Arc::default(), is_over: Arc::default(), _stop: stop };
        let (has_expired, is_over) = (Arc::clone(&watch.has_expired), Arc::clone(&watch.is_over));
        let mailbox = Arc::clone(&runtime.host.mailbox);
        let interrupter = runtime.enter(Interrupter::new);
        let has_time = move |time| stopped.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout);
        let wait = move || {
            if !has_time(deadline) {
                return;
            }
            has_expired.store(true, Ordering::Release);
            wake(&mailbox);
            if has_time(GRACE) {
                interrupter.interrupt(move |scope| {
                    if !is_over.load(Ordering::Acquire) {
                        scope.terminate_execution();
                    }
                });
            }
        };
        std::thread::Builder::new().name("ironode-deadline".into()).spawn(wait).map_err(Error::Io)?;
        Ok(watch)
    }

    fn has_expired(&self) -> bool {
        self.has_expired.load(Ordering::Acquire)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// Arguments of any type.
trait List {
    fn list_boxed<'s>(
        self: Box<Self>,
        scope: &mut Scope<'s, '_>,
    ) -> Result<Vec<v8::Local<'s, v8::Value>>, Error>;
}

impl<A: Arguments> List for A {
    fn list_boxed<'s>(
        self: Box<Self>,
        scope: &mut Scope<'s, '_>,
    ) -> Result<Vec<v8::Local<'s, v8::Value>>, Error> {
        self.list(scope)
    }
}

/// A call that begins when it is awaited, and runs the event loop until there is a result: where the function
/// returns a promise, what that is fulfilled with.
#[must_use = "a call begins when it is awaited"]
pub struct Call<'r, T> {
    runtime: &'r mut Runtime,
    target: Target,
    args: Box<dyn List + 'r>,
    deadline: Option<Duration>,
    result: PhantomData<fn() -> T>,
}

impl<T> Call<'_, T> {
    /// Gives up after this time with [`Error::Deadline`]. JavaScript that runs without a pause is cut; a promise that
    /// is merely not settled is no longer waited for.
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = Some(time);
        self
    }
}

impl<'r, T: FromJs + 'r> IntoFuture for Call<'r, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + 'r>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Call { runtime, target, args, deadline, .. } = self;
            let local = Rc::clone(&runtime.local);
            local.run_until(runtime.perform(&target, args, deadline)).await
        })
    }
}

impl Runtime {
    /// Imports a module, as `import()` in a file of the working directory does: an ECMAScript module, a CommonJS one,
    /// JSON, a package, one of Node's or of the host's. Its namespace has `default` and the exports by their names.
    pub fn import<'r>(&'r mut self, specifier: &'r str) -> Call<'r, Object> {
        self.begin(Target::Import, (specifier,))
    }

    /// Evaluates the text of a script in the global scope; its result is that of its last expression.
    pub fn eval<'r, T: FromJs>(&'r mut self, text: &'r str) -> Call<'r, T> {
        self.begin(Target::Evaluate, (text,))
    }

    /// Calls a function.
    pub fn call<'r, T: FromJs>(&'r mut self, function: &Function, args: impl Arguments + 'r) -> Call<'r, T> {
        self.begin(Target::Function(function.clone()), args)
    }

    /// Calls a method of an object, or a function that a module exports.
    pub fn call_method<'r, T: FromJs>(
        &'r mut self,
        object: &Object,
        name: &str,
        args: impl Arguments + 'r,
    ) -> Call<'r, T> {
        self.begin(Target::Method(object.clone(), name.to_owned()), args)
    }

    /// The property of an object, or what a module exports.
    ///
    /// # Errors
    /// [`Error::Type`] where it is no `T`; [`Error::Js`] where reading it throws.
    pub async fn get<T: FromJs>(&mut self, object: &Object, name: &str) -> Result<T, Error> {
        let local = Rc::clone(&self.local);
        let read = async {
            self.enter(|scope| {
                let object = object.open(scope)?;
                let key = internalized(scope, name).into();
                let value = guarded(scope, |scope| object.get(scope, key))?;
                T::from_js(scope, value)
            })
        };
        local.run_until(read).await
    }

    /// Runs the event loop until nothing is left to do, as at the end of a program, and gives the exit code. The
    /// runtime is then over.
    pub async fn finish(&mut self) -> Exit {
        if let Some(exit) = self.ended {
            return exit;
        }
        let local = Rc::clone(&self.local);
        let end = async {
            // A program that has exited already still has its end.
            let _ = self.prepare();
            self.run_to_end().await
        };
        local.run_until(end).await
    }

    fn begin<'r, T>(&'r mut self, target: Target, args: impl Arguments + 'r) -> Call<'r, T> {
        Call { runtime: self, target, args: Box::new(args), deadline: None, result: PhantomData }
    }

    /// Begins the program, where it has not begun.
    pub(crate) fn prepare(&mut self) -> Result<(), Error> {
        if !self.is_started && self.ended.is_none() {
            self.start(Source::Embedder);
        }
        match self.ended.or(self.exit()) {
            Some(exit) => Err(Error::Exited(exit)),
            None => Ok(()),
        }
    }

    async fn perform<T: FromJs>(
        &mut self,
        target: &Target,
        args: Box<dyn List + '_>,
        deadline: Option<Duration>,
    ) -> Result<T, Error> {
        self.prepare()?;
        let watch = deadline.map(|deadline| Watch::start(self, deadline)).transpose()?;
        let has_expired = || watch.as_ref().is_some_and(Watch::has_expired);
        let slot = Slot::default();
        self.enter(|scope| {
            let outcome = args.list_boxed(scope).and_then(|args| target.call(scope, &args));
            follow(scope, outcome, Box::new(Here(Rc::clone(&slot))));
            call::drain_ticks(scope);
        });
        let progress = event_loop::run_until(self, || slot.borrow().is_some() || has_expired()).await;
        if has_expired() {
            self.isolate.cancel_terminate_execution();
        }
        let outcome = slot.take();
        match (outcome, progress) {
            (Some(outcome), _) => self.enter(|scope| {
                let value = v8::Local::new(scope, outcome?);
                T::from_js(scope, value)
            }),
            (None, Progress::Done) => Err(Error::Deadline),
            (None, Progress::Exit(exit)) => Err(Error::Exited(exit)),
            (None, Progress::Idle) => Err(Error::Unsettled),
        }
    }
}
