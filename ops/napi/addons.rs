//! The add-ons of one runtime: their environments, what other threads bring them, and their end.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use super::abi::{CleanupHook, Data, Finalize, NEWEST_VERSION, Scope};
use super::async_work::Finished;
use super::env::Env;
use super::reference::Distant;
use super::threadsafe::Threadsafe;
use super::{cleanup, memory, reference};
use crate::bind::Host;
use crate::bind::task::{Mailbox, lock};
use crate::bind::uncaught;

/// What happens on another thread, or has been put off.
pub(super) enum Event {
    /// Memory that was lent is free again.
    Returned { env: usize, loan: u64 },
    /// Work has been done or cancelled.
    Done(Finished),
    /// A thread-safe function has been called, or released for the last time.
    Called(Arc<Threadsafe>),
    /// An asynchronous cleanup hook has done its work.
    CleanedUp,
    /// Another thread has changed the count of a reference.
    Recounted(Distant),
    /// Another thread has given a reference back.
    Deleted(Distant),
}

/// What has happened and waits for the runtime's thread.
#[derive(Default)]
pub(super) struct Inbox {
    events: Mutex<VecDeque<Event>>,
    arrival: Condvar,
    mailbox: OnceLock<Arc<Mailbox>>,
}

impl Inbox {
    /// Tells the runtime of an event, from any thread.
    pub(super) fn push(&self, event: Event) {
        let mut events = lock(&self.events);
        let was_empty = events.is_empty();
        events.push_back(event);
        drop(events);
        self.arrival.notify_one();
        if was_empty && let Some(mailbox) = self.mailbox.get() {
            mailbox.send(deliver);
        }
    }

    fn pop(&self) -> Option<Event> {
        lock(&self.events).pop_front()
    }

    /// Waits for an event where the event loop goes round no more.
    fn wait(&self) -> Event {
        let mut events = lock(&self.events);
        loop {
            match events.pop_front() {
                Some(event) => return event,
                None => events = self.arrival.wait(events).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// Handles what has arrived, as an event of the loop.
fn deliver(scope: &mut Scope<'_, '_>) {
    let inbox = Host::of(scope).extension::<Addons>().inbox();
    // What arrives meanwhile has its own turn.
    let mut left = lock(&inbox.events).len();
    while left > 0
        && !Host::of(scope).is_exiting()
        && let Some(event) = inbox.pop()
    {
        handle(scope, event);
        left -= 1;
    }
    if left == 0
        && !lock(&inbox.events).is_empty()
        && let Some(mailbox) = inbox.mailbox.get()
    {
        mailbox.send(deliver);
    }
}

fn handle(scope: &mut Scope<'_, '_>, event: Event) {
    v8::scope!(let scope, scope);
    match event {
        Event::Returned { env, loan } => {
            if let Some(env) = Env::at(std::ptr::with_exposed_provenance_mut(env)) {
                env.enter(scope, |scope| memory::returned(env, scope, loan));
            }
        }
        Event::Done(work) => work.complete(scope),
        Event::Called(function) => function.dispatch(scope),
        Event::Recounted(reference) => reference.recount(),
        Event::Deleted(reference) => reference.delete(),
        Event::CleanedUp => Host::of(scope).extension::<Addons>().count_cleanup(-1),
    }
}

/// What runs when the runtime ends, the last one first.
pub(super) enum Hook {
    /// An environment goes: it was there before the hooks that its add-on has set.
    Env(*const Env),
    Call(CleanupHook, Data),
    /// A hook that tells its end later.
    Async(*mut cleanup::AsyncHook),
    /// A thread-safe function is closed.
    Threadsafe(Arc<Threadsafe>),
}

/// The JavaScript functions and objects that add-ons need.
pub(super) struct Tools {
    /// `Buffer.prototype`.
    pub(super) buffer_prototype: v8::Global<v8::Object>,
    /// Begins an asynchronous resource: with `(resource, type)`, gives its two ids.
    pub(super) begin: v8::Global<v8::Function>,
    /// A callback of it begins: with the two ids and the resource.
    pub(super) before: v8::Global<v8::Function>,
    /// The callback has ended: with the id.
    pub(super) after: v8::Global<v8::Function>,
    /// The resource has ended: with the id.
    pub(super) end: v8::Global<v8::Function>,
    /// Tags an external value with a type: with `(external, tag)`.
    pub(super) tag_external: v8::Global<v8::Function>,
    /// The tag of an external value, if it has one.
    pub(super) tag_of_external: v8::Global<v8::Function>,
    /// Warns of an exception that is not reported.
    pub(super) warn: v8::Global<v8::Function>,
}

/// The add-ons of one runtime.
#[derive(Default)]
pub(crate) struct Addons {
    hooks: RefCell<Vec<Hook>>,
    inbox: Arc<Inbox>,
    tools: OnceCell<Tools>,
    is_closing: Rc<Cell<bool>>,
    /// Asynchronous cleanup hooks that have not told their end.
    cleanups: Cell<isize>,
    /// Works that a thread has or may get.
    works: Cell<usize>,
    #[expect(clippy::vec_box, reason = "add-ons know the addresses")]
    envs: RefCell<Vec<Box<Env>>>,
}

impl Addons {
    pub(super) fn inbox(&self) -> Arc<Inbox> {
        Arc::clone(&self.inbox)
    }

    pub(super) fn closing_flag(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.is_closing)
    }

    pub(super) fn is_closing(&self) -> bool {
        self.is_closing.get()
    }

    pub(super) fn set_tools(&self, host: &Host, tools: Tools) {
        let _ = self.tools.set(tools);
        let _ = self.inbox.mailbox.set(Arc::clone(&host.mailbox));
    }

    /// # Panics
    /// Before the first add-on is loaded.
    pub(super) fn tools(&self) -> &Tools {
        match self.tools.get() {
            Some(tools) => tools,
            None => unreachable!("the tools come before the first add-on"),
        }
    }

    pub(super) fn buffer_prototype<'s>(&self, scope: &Scope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
        self.tools.get().map(|tools| v8::Local::new(scope, &tools.buffer_prototype))
    }

    /// Keeps an environment until the runtime goes.
    pub(super) fn keep(&self, env: Box<Env>) -> *const Env {
        let address: *const Env = &raw const *env;
        self.envs.borrow_mut().push(env);
        self.add_hook(Hook::Env(address));
        address
    }

    pub(super) fn add_hook(&self, hook: Hook) {
        self.hooks.borrow_mut().push(hook);
    }

    /// Removes the last hook that is meant.
    pub(super) fn remove_hook(&self, is_meant: impl Fn(&Hook) -> bool) -> Option<Hook> {
        let mut hooks = self.hooks.borrow_mut();
        let index = hooks.iter().rposition(is_meant)?;
        Some(hooks.remove(index))
    }

    /// Whether a hook is there.
    pub(super) fn has_hook(&self, is_meant: impl Fn(&Hook) -> bool) -> bool {
        self.hooks.borrow().iter().any(is_meant)
    }

    /// Counts asynchronous cleanup hooks whose end is awaited.
    pub(super) fn count_cleanup(&self, difference: isize) {
        self.cleanups.set(self.cleanups.get() + difference);
    }

    /// Counts works that a thread has or may get.
    pub(super) fn count_work(&self, difference: isize) {
        self.works.set(self.works.get().wrapping_add_signed(difference));
    }

    /// Has the finalizers of an environment run soon, as an event of the loop.
    pub(super) fn expect_finalizers(&self, env: &Env) {
        if env.collected.borrow().len() != 1 || self.is_closing() {
            return;
        }
        let address = env.address();
        env.host.begin_request();
        env.host.mailbox.post(move |scope| {
            if let Some(env) = Env::at(address) {
                env.enter(scope, |scope| drain(env, scope));
            }
        });
    }
}

/// Runs the finalizers of what has been collected.
fn drain(env: &Env, scope: &mut Scope<'_, '_>) {
    loop {
        let next = env.collected.borrow_mut().pop_front();
        let Some(reference) = next else { return };
        reference::Reference::finalize(reference, scope);
    }
}

/// Calls a finalizer. What it throws is reported.
pub(super) fn finalize(env: &Env, scope: &mut Scope<'_, '_>, callback: Finalize, data: Data, hint: Data) {
    v8::scope!(let scope, scope);
    env.call(scope, || call_finalizer(env, callback, data, hint), report);
}

/// Calls a finalizer and no more.
pub(super) fn call_finalizer(env: &Env, callback: Finalize, data: Data, hint: Data) {
    // SAFETY: the add-on has given the function for this call.
    unsafe { callback(env.address(), data, hint) };
}

/// Hands what an add-on has thrown outside of any JavaScript to the handlers of uncaught exceptions.
pub(super) fn report(env: &Env, scope: &mut Scope<'_, '_>, exception: v8::Local<'_, v8::Value>) {
    if env.addons().is_closing() {
        return;
    }
    let exception = v8::Local::new(scope, exception);
    uncaught::uncaught(scope, exception, None, false);
}

/// The same for thread-safe functions, where the first versions of Node-API have kept silent: an
/// add-on for them gets a warning unless the command line asks for more.
pub(super) fn report_late(env: &Env, scope: &mut Scope<'_, '_>, exception: v8::Local<'_, v8::Value>) {
    let host = &env.host;
    if host.is_exiting() || env.addons().is_closing() {
        return;
    }
    if env.version >= NEWEST_VERSION || host.flag("--force-node-api-uncaught-exceptions-policy") {
        report(env, scope, exception);
        return;
    }
    let addons = env.addons();
    let warn = v8::Local::new(scope, &addons.tools().warn);
    let receiver = v8::undefined(scope).into();
    v8::tc_scope!(let caught, scope);
    if warn.call(caught, receiver, &[]).is_none() {
        uncaught::report_caught(caught);
    }
}

/// Ends the process, as V8 and Node do where nothing else is safe.
pub(super) fn fatal(location: &str, message: &str) -> ! {
    let place = if location.is_empty() { String::new() } else { format!("{location} ") };
    let text = format!("FATAL ERROR: {place}{message}\n");
    crate::sys::process::write_last_words(text.as_bytes());
    crate::sys::process::abort()
}

/// Ends all add-ons of the runtime: what they have asked to be told of its end runs, the last first, and all that
/// they keep goes. No JavaScript runs any more.
pub fn close(scope: &mut Scope<'_, '_>) {
    let addons = Host::of(scope).extension::<Addons>();
    if addons.hooks.borrow().is_empty() || addons.is_closing.replace(true) {
        return;
    }
    v8::scope!(let scope, scope);
    loop {
        let hook = addons.hooks.borrow_mut().pop();
        match hook {
            Some(Hook::Call(callback, data)) => {
                // SAFETY: the add-on has given the function for this call.
                unsafe { callback(data) };
            }
            Some(Hook::Async(hook)) => {
                addons.count_cleanup(1);
                cleanup::run(hook);
            }
            Some(Hook::Threadsafe(function)) => function.close(scope),
            Some(Hook::Env(env)) => {
                settle(&addons, scope);
                if let Some(env) = Env::at(env.cast_mut()) {
                    env.enter(scope, |scope| {
                        memory::take_back(env, scope);
                        reference::finalize_all(env, scope);
                    });
                }
            }
            // What runs may add more.
            None => break,
        }
    }
    settle(&addons, scope);
}

/// Waits for threads that work for an add-on, and for asynchronous hooks.
fn settle(addons: &Addons, scope: &mut Scope<'_, '_>) {
    while addons.cleanups.get() > 0 || addons.works.get() > 0 {
        let event = addons.inbox.wait();
        handle(scope, event);
    }
}
