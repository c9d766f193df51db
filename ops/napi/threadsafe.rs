//! Functions of JavaScript that an add-on calls from any thread.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::abi::{CallJs, Data, Finalize, MaybeValue, Out, Param, Scope, Status, Value};
use super::addons::{self, Event, Hook, Inbox};
use super::async_context::AsyncContext;
use super::call::{napi, quietly};
use super::env::Env;
use crate::bind::Host;
use crate::bind::task::lock;

/// How many calls are made in one event of the loop.
const BATCH: usize = 1000;

/// One function: `napi_threadsafe_function`.
pub(super) struct Threadsafe {
    shared: Mutex<Shared>,
    /// There is room in the queue again, or the function is closing.
    room: Condvar,
    inbox: Arc<Inbox>,
    /// How long the queue may be; 0 for any length.
    limit: usize,
    context: usize,
    /// What only the runtime's thread touches; gone when the function has been closed.
    own: RefCell<Option<Own>>,
    is_referenced: Cell<bool>,
}

// SAFETY: what is not protected by the lock or constant is touched on the runtime's thread alone, and gone before
// another thread may drop the function.
unsafe impl Send for Threadsafe {}
// SAFETY: as above.
unsafe impl Sync for Threadsafe {}

/// What all threads use.
struct Shared {
    queue: VecDeque<usize>,
    threads: usize,
    /// Whether no more calls are taken.
    is_closing: bool,
    /// Whether the runtime has nothing to do with it any more.
    is_closed: bool,
    /// Whether the runtime has been told that there is something to do.
    is_announced: bool,
}

struct Own {
    env: *const Env,
    function: Option<v8::Global<v8::Function>>,
    call: Option<CallJs>,
    finalize: Option<Finalize>,
    finalize_data: Data,
    async_context: AsyncContext,
}

/// What an add-on knows the function by: a count of it, which goes when it is closed and no thread uses it.
pub(super) type Address = *const Threadsafe;

impl Param for Address {
    fn check(&self) -> super::abi::Outcome {
        if self.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

/// The function at an address, kept for the time of a call.
fn at(address: Address) -> Option<Arc<Threadsafe>> {
    if address.is_null() {
        return None;
    }
    // SAFETY: an add-on uses the address only on threads that are counted, or before the function is closed.
    unsafe { Arc::increment_strong_count(address) };
    // SAFETY: the count that was just added is this one's.
    Some(unsafe { Arc::from_raw(address) })
}

impl Threadsafe {
    /// Gives up the add-on's count when nobody can use it any more.
    fn release_if_unused(&self, shared: &Shared) {
        if shared.is_closed && shared.threads == 0 {
            // SAFETY: the count is that of `napi_create_threadsafe_function`; this state is reached once.
            unsafe { Arc::decrement_strong_count(std::ptr::from_ref(self)) };
        }
    }

    fn announce(self: &Arc<Self>, shared: &mut Shared) {
        if !std::mem::replace(&mut shared.is_announced, true) {
            self.inbox.push(Event::Called(Arc::clone(self)));
        }
    }

    fn call(self: &Arc<Self>, data: Data, may_wait: bool) -> Status {
        let mut shared = lock(&self.shared);
        while self.limit > 0 && shared.queue.len() >= self.limit && !shared.is_closing {
            if !may_wait {
                return Status::QueueFull;
            }
            shared = self.room.wait(shared).unwrap_or_else(PoisonError::into_inner);
        }
        if !shared.is_closing {
            shared.queue.push_back(data.expose_provenance());
            self.announce(&mut shared);
            return Status::Ok;
        }
        // Who is told that it closes has no more to do with it.
        let Some(threads) = shared.threads.checked_sub(1) else { return Status::InvalidArg };
        shared.threads = threads;
        self.release_if_unused(&shared);
        Status::Closing
    }

    fn acquire(&self) -> Status {
        let mut shared = lock(&self.shared);
        if shared.is_closing {
            return Status::Closing;
        }
        shared.threads += 1;
        Status::Ok
    }

    fn release(self: &Arc<Self>, abort: bool) -> Status {
        let mut shared = lock(&self.shared);
        let Some(threads) = shared.threads.checked_sub(1) else { return Status::InvalidArg };
        shared.threads = threads;
        if (threads == 0 || abort) && !shared.is_closing {
            shared.is_closing = abort;
            if abort {
                self.room.notify_all();
            }
            self.announce(&mut shared);
        }
        self.release_if_unused(&shared);
        Status::Ok
    }

    /// Makes the calls that wait, as events of the loop.
    pub(super) fn dispatch(self: &Arc<Self>, scope: &mut Scope<'_, '_>) {
        lock(&self.shared).is_announced = false;
        for _ in 0..BATCH {
            if Host::of(scope).is_exiting() {
                return;
            }
            let mut shared = lock(&self.shared);
            if shared.is_closed {
                return;
            }
            let was_full = self.limit > 0 && shared.queue.len() == self.limit;
            let next = if shared.is_closing { None } else { shared.queue.pop_front() };
            let Some(data) = next else {
                let ends = shared.is_closing || shared.threads == 0;
                drop(shared);
                if ends {
                    self.close(scope);
                }
                return;
            };
            drop(shared);
            if was_full {
                self.room.notify_one();
            }
            self.call_one(scope, std::ptr::with_exposed_provenance_mut(data));
        }
        let mut shared = lock(&self.shared);
        self.announce(&mut shared);
    }

    fn call_one(&self, scope: &mut Scope<'_, '_>, data: Data) {
        let own = self.own.borrow();
        let Some(Own { env, function, call, async_context, .. }) = &*own else { return };
        // SAFETY: an environment stays until its runtime goes.
        let env = unsafe { &**env };
        let (function, call, async_context) = (function.clone(), *call, async_context.clone());
        drop(own);
        env.enter(scope, |scope| {
            async_context.run_event(scope, |scope| {
                let function = function.map(|function| v8::Local::new(scope, function));
                match (call, function) {
                    (Some(call), function) => {
                        let function = function.map_or(Value::NONE, Value::from);
                        let context = std::ptr::with_exposed_provenance_mut(self.context);
                        // SAFETY: the add-on has given the function for such calls.
                        let into = || unsafe { call(env.address(), function, context, data) };
                        env.call(scope, into, addons::report_late);
                    }
                    (None, Some(function)) => call_plainly(env, scope, function),
                    (None, None) => {}
                }
            });
        });
    }

    /// Ends the function: the add-on is told, and gets back what was in the queue.
    pub(super) fn close(self: &Arc<Self>, scope: &mut Scope<'_, '_>) {
        let mut shared = lock(&self.shared);
        if shared.is_closed {
            return;
        }
        shared.is_closing = true;
        self.room.notify_all();
        drop(shared);
        let own = self.own.borrow_mut().take();
        if let Some(own) = own {
            // SAFETY: an environment stays until its runtime goes.
            let env = unsafe { &*own.env };
            self.set_referenced(&env.host, false);
            let is_this =
                |hook: &Hook| matches!(hook, Hook::Threadsafe(function) if Arc::ptr_eq(function, self));
            env.addons().remove_hook(is_this);
            let context: Data = std::ptr::with_exposed_provenance_mut(self.context);
            let queue = std::mem::take(&mut lock(&self.shared).queue);
            for data in queue {
                let data = std::ptr::with_exposed_provenance_mut(data);
                if let Some(call) = own.call {
                    // SAFETY: without an environment the add-on only gives the data back.
                    unsafe { call(std::ptr::null_mut(), Value::NONE, context, data) };
                }
            }
            env.enter(scope, |scope| {
                own.async_context.run_event(scope, |scope| {
                    if let Some(finalize) = own.finalize {
                        addons::finalize(env, scope, finalize, own.finalize_data, context);
                    }
                });
                if !env.host.is_exiting() {
                    own.async_context.end(scope);
                }
            });
        }
        let mut shared = lock(&self.shared);
        shared.is_closed = true;
        self.release_if_unused(&shared);
    }

    /// Says whether it keeps the event loop alive.
    fn set_referenced(&self, host: &Host, is_referenced: bool) {
        let before = self.is_referenced.replace(is_referenced);
        host.count_active(isize::from(is_referenced) - isize::from(before));
    }
}

/// Calls a function of JavaScript with nothing.
fn call_plainly<'s>(env: &Env, scope: &mut Scope<'s, '_>, function: v8::Local<'s, v8::Function>) {
    let receiver = v8::undefined(scope).into();
    let thrown = {
        v8::tc_scope!(let caught, scope);
        match function.call(caught, receiver, &[]) {
            None if !caught.has_terminated() => caught.exception(),
            _ => None,
        }
    };
    if let Some(exception) = thrown {
        addons::report_late(env, scope, exception);
    }
}

napi! {
    plain napi_create_threadsafe_function(
        env, scope, function: MaybeValue, resource: MaybeValue, name: Value, limit: usize, threads: usize,
        finalize_data: Data, finalize: Option<Finalize>, context: Data, call: Option<CallJs>, result: Out<Address>
    ) {
        if threads == 0 {
            return Err(Status::InvalidArg);
        }
        let function = match function.0 {
            Value::NONE if call.is_none() => return Err(Status::InvalidArg),
            Value::NONE => None,
            function => Some(function.function(scope)?),
        };
        let resource = match resource.0 {
            Value::NONE => None,
            resource => Some(quietly(scope, |scope| resource.to_object(scope))?),
        };
        let name = name.local(scope)?;
        let name = quietly(scope, |scope| name.to_string(scope)).ok_or(Status::StringExpected)?;
        let async_context = AsyncContext::new(env, scope, resource, name)?;
        let function = function.map(|function| v8::Global::new(scope, function));
        let addons = env.addons();
        let made = Arc::new(Threadsafe {
            shared: Mutex::new(Shared {
                queue: VecDeque::new(),
                threads,
                is_closing: false,
                is_closed: false,
                is_announced: false,
            }),
            room: Condvar::new(),
            inbox: addons.inbox(),
            limit,
            context: context.expose_provenance(),
            own: RefCell::new(Some(Own { env, function, call, finalize, finalize_data, async_context })),
            is_referenced: Cell::new(false),
        });
        made.set_referenced(&env.host, true);
        addons.add_hook(Hook::Threadsafe(Arc::clone(&made)));
        result.set(Arc::into_raw(made));
    }

    basic napi_ref_threadsafe_function(env, scope, function: Address) {
        set_referenced(env, function, true);
    }

    basic napi_unref_threadsafe_function(env, scope, function: Address) {
        set_referenced(env, function, false);
    }
}

fn set_referenced(env: &Env, function: Address, is_referenced: bool) {
    if let Some(function) = at(function)
        && function.own.borrow().is_some()
    {
        function.set_referenced(&env.host, is_referenced);
    }
}

/// What the function was made with.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_get_threadsafe_function_context(
    function: Address,
    result: Out<Data>,
) -> Status {
    match (at(function), result.check()) {
        (Some(function), Ok(())) => {
            result.set(std::ptr::with_exposed_provenance_mut(function.context));
            Status::Ok
        }
        _ => Status::InvalidArg,
    }
}

/// Has the function called, from any thread.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_call_threadsafe_function(function: Address, data: Data, mode: i32) -> Status {
    at(function).map_or(Status::InvalidArg, |function| function.call(data, mode != 0))
}

/// One more thread uses the function.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_acquire_threadsafe_function(function: Address) -> Status {
    at(function).map_or(Status::InvalidArg, |function| function.acquire())
}

/// A thread uses the function no more, or none may from now on.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_release_threadsafe_function(function: Address, mode: i32) -> Status {
    at(function).map_or(Status::InvalidArg, |function| function.release(mode != 0))
}
