//! A runtime on a thread of its own, for programs of many threads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ironode_ops::bind::call;
use ironode_ops::bind::interrupt::Interrupter;
use ironode_ops::bind::task::Mailbox;
use ironode_ops::bind::{Host, task::lock};
use ironode_ops::sys::signal::block_all_on_this_thread;
use tokio::sync::{oneshot, watch};

use super::value::{Arguments, FromJs, Scope, ToJs, guarded};
use super::{Settled, Target, Waiter, follow, method};
use crate::{Builder, Error, Exit, Runtime};

/// The stack of such a thread, as the main thread of a process has it.
const STACK: usize = 8 << 20;

/// A runtime on a thread of its own. Its clones share it; any thread may have one. Calls from many tasks run side by
/// side, as requests to a server do. When the last clone has gone, the program ends as soon as it has nothing left
/// to do.
#[derive(Clone)]
pub struct Remote(Arc<Inner>);

struct Inner {
    mailbox: Arc<Mailbox>,
    interrupter: std::sync::Mutex<Interrupter>,
    ended: watch::Receiver<Option<Exit>>,
    is_released: AtomicBool,
}

impl Inner {
    /// Lets the program end by itself.
    fn release(&self) {
        if !self.is_released.swap(true, Ordering::AcqRel) {
            self.mailbox.send(|scope| Host::of(scope).end_request());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.release();
    }
}

impl Remote {
    /// Starts a thread, and on it the runtime that `build` decides about. Comes back when that has begun.
    ///
    /// # Errors
    /// Where there is no thread to be had, or the runtime does not start.
    pub fn spawn(build: impl FnOnce() -> Builder + Send + 'static) -> Result<Remote, Error> {
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = watch::channel(None);
        let live = move || {
            block_all_on_this_thread();
            let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let begun = reactor.map_err(Error::Io).and_then(|reactor| {
                let mut runtime = build().build()?;
                reactor.block_on(runtime.hold())?;
                Ok((reactor, runtime))
            });
            let (reactor, mut runtime) = match begun {
                Ok(begun) => begun,
                Err(error) => return drop(tell.send(Err(error))),
            };
            let interrupter = runtime.enter(Interrupter::new);
            if tell.send(Ok((Arc::clone(&runtime.host.mailbox), interrupter))).is_err() {
                return;
            }
            let exit = reactor.block_on(runtime.finish());
            // Whoever still waits for an answer asks next how the program has ended.
            let _ = end.send(Some(exit));
            let _inside = reactor.enter();
            drop(runtime);
        };
        let thread = std::thread::Builder::new().name("ironode".into()).stack_size(STACK);
        thread.spawn(live).map_err(Error::Io)?;
        let died = || Error::Bootstrap(String::from("its thread has died"));
        let (mailbox, interrupter) = told.recv().map_err(|_| died())??;
        Ok(Remote(Arc::new(Inner {
            mailbox,
            interrupter: interrupter.into(),
            ended,
            is_released: AtomicBool::new(false),
        })))
    }

    /// Calls a function that a module exports. The module is found as by [`Runtime::import`], once.
    ///
    /// # Errors
    /// [`Error::Js`] where importing or calling it throws, or the promise that it returns is rejected;
    /// [`Error::Type`] where arguments or result cannot cross; [`Error::Exited`] where the program ends first.
    pub async fn call<T: FromJs + Send + 'static>(
        &self,
        module: &str,
        function: &str,
        args: impl Arguments + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let (module, function) = (module.to_owned(), function.to_owned());
        self.0.mailbox.send(move |scope| {
            call_export(scope, module, Invocation { function, args, reply });
            call::drain_ticks(scope);
        });
        self.answer(answer).await
    }

    /// Evaluates the text of a script in the global scope, as [`Runtime::eval`].
    ///
    /// # Errors
    /// As for [`Remote::call`].
    pub async fn eval<T: FromJs + Send + 'static>(&self, text: &str) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let text = text.to_owned();
        self.0.mailbox.send(move |scope| {
            let outcome = text.to_js(scope).and_then(|text| Target::Evaluate.call(scope, &[text]));
            follow(scope, outcome, Box::new(Reply(reply)));
            call::drain_ticks(scope);
        });
        self.answer(answer).await
    }

    async fn answer<T>(&self, answer: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
        match answer.await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::Exited(self.ended().await)),
        }
    }

    /// Lets the program end when it has nothing left to do, and waits for that. Calls that have begun are finished.
    pub async fn close(&self) -> Exit {
        self.0.release();
        self.ended().await
    }

    /// Ends the program at once, whatever it does; calls that wait get [`Error::Exited`].
    pub fn terminate(&self) {
        let end = |scope: &mut Scope<'_, '_>| Host::of(scope).end(Exit::Code(1));
        lock(&self.0.interrupter).interrupt(end);
        self.0.mailbox.send(end);
    }

    /// Waits until the program has ended. The wait does not keep it from ending.
    pub fn ended(&self) -> impl Future<Output = Exit> + Send + use<> {
        let mut ended = self.0.ended.clone();
        async move {
            let exit = ended.wait_for(Option::is_some).await;
            exit.ok().and_then(|exit| *exit).unwrap_or(Exit::Code(1))
        }
    }
}

impl Runtime {
    /// Begins the program, and keeps it from ending until `end_request`.
    async fn hold(&mut self) -> Result<(), Error> {
        let local = std::rc::Rc::clone(&self.local);
        local.run_until(async { self.prepare() }).await?;
        self.host.begin_request();
        Ok(())
    }
}

/// The namespaces of modules that have been asked for, by specifier.
#[derive(Default)]
struct Namespaces(RefCell<HashMap<String, v8::Global<v8::Object>>>);

/// A function to be called when its module is there.
struct Invocation<T, A> {
    function: String,
    args: A,
    reply: oneshot::Sender<Result<T, Error>>,
}

fn call_export<T, A>(scope: &mut Scope<'_, '_>, module: String, invocation: Invocation<T, A>)
where
    T: FromJs + Send + 'static,
    A: Arguments + Send + 'static,
{
    let namespaces = Host::of(scope).extension::<Namespaces>();
    let known = namespaces.0.borrow().get(&module).map(|namespace| v8::Local::new(scope, namespace));
    if let Some(namespace) = known {
        return invocation.invoke(scope, namespace);
    }
    let outcome = module.as_str().to_js(scope).and_then(|name| Target::Import.call(scope, &[name]));
    follow(scope, outcome, Box::new(Imported { module, invocation }));
}

impl<T, A> Invocation<T, A>
where
    T: FromJs + Send + 'static,
    A: Arguments + Send + 'static,
{
    fn invoke(self, scope: &mut Scope<'_, '_>, namespace: v8::Local<'_, v8::Object>) {
        let namespace = v8::Local::new(scope, namespace);
        let outcome = self.args.list(scope).and_then(|args| {
            let function = method(scope, namespace, &self.function)?;
            guarded(scope, |scope| function.call(scope, namespace.into(), &args))
        });
        follow(scope, outcome, Box::new(Reply(self.reply)));
    }
}

/// Waits for a module, and calls its function.
struct Imported<T, A> {
    module: String,
    invocation: Invocation<T, A>,
}

impl<T, A> Waiter for Imported<T, A>
where
    T: FromJs + Send + 'static,
    A: Arguments + Send + 'static,
{
    fn settled(self: Box<Self>, scope: &mut Scope<'_, '_>, outcome: Settled<'_>) {
        let namespace = outcome.and_then(|value| match v8::Local::<v8::Object>::try_from(value) {
            Ok(namespace) => Ok(namespace),
            Err(_) => Err(Error::Type(String::from("the module has no namespace"))),
        });
        match namespace {
            Ok(namespace) => {
                let kept = v8::Global::new(scope, namespace);
                Host::of(scope).extension::<Namespaces>().0.borrow_mut().insert(self.module, kept);
                self.invocation.invoke(scope, namespace);
            }
            Err(error) => drop(self.invocation.reply.send(Err(error))),
        }
    }
}

/// Waits for the result of a call, and sends it to who asked.
struct Reply<T>(oneshot::Sender<Result<T, Error>>);

impl<T: FromJs + Send + 'static> Waiter for Reply<T> {
    fn settled(self: Box<Self>, scope: &mut Scope<'_, '_>, outcome: Settled<'_>) {
        let outcome = outcome.and_then(|value| T::from_js(scope, value));
        let _ = self.0.send(outcome);
    }
}
