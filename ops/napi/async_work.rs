//! Work of an add-on on the thread pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::abi::{Complete, Data, Execute, MaybeValue, Out, Scope, Status, Value};
use super::addons::{self, Addons, Event};
use super::async_context::{AsyncContext, addresses};
use super::call::{napi, quietly};
use super::env::Env;
use crate::bind::{Host, task};

const IDLE: u8 = 0;
const QUEUED: u8 = 1;
const RUNNING: u8 = 2;
const CANCELLED: u8 = 3;

/// What a thread has to do.
struct Job {
    env: *mut Env,
    execute: Execute,
    data: Data,
    /// Whose turn it is.
    state: AtomicU8,
}

// SAFETY: the addresses are for the add-on's function, which is made for other threads.
unsafe impl Send for Job {}
// SAFETY: as above; what changes is atomic.
unsafe impl Sync for Job {}

impl Job {
    fn go_on(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// One work: `napi_async_work`.
pub(super) struct Work {
    env: *const Env,
    job: Arc<Job>,
    complete: Option<Complete>,
    context: AsyncContext,
}

addresses!(Work);

/// The work that has been done or cancelled.
#[derive(Clone, Copy)]
pub(super) struct Finished(*const Work);

// SAFETY: the address is followed on the runtime's thread alone.
unsafe impl Send for Finished {}

impl Finished {
    /// Tells the add-on.
    pub(super) fn complete(self, scope: &mut Scope<'_, '_>) {
        Host::of(scope).extension::<Addons>().count_work(-1);
        // SAFETY: an add-on keeps its work until it has been told of its end.
        let work = unsafe { &*self.0 };
        // SAFETY: an environment stays until its runtime goes.
        let env = unsafe { &*work.env };
        let is_cancelled = work.job.state.swap(IDLE, Ordering::AcqRel) == CANCELLED;
        let status = if is_cancelled { Status::Cancelled } else { Status::Ok };
        let (Some(complete), data) = (work.complete, work.job.data) else { return };
        let context = work.context.clone();
        env.enter(scope, |scope| {
            context.run_event(scope, |scope| {
                // SAFETY: the add-on has given the function for this call. It may delete the work in it.
                env.call(scope, || unsafe { complete(env.address(), status, data) }, addons::report);
            });
        });
    }
}

napi! {
    plain napi_create_async_work(
        env, scope, resource: MaybeValue, name: Value, execute: Option<Execute>, complete: Option<Complete>,
        data: Data, result: Out<*mut Work>
    ) {
        let execute = execute.ok_or(Status::InvalidArg)?;
        let resource = match resource.0 {
            Value::NONE => None,
            resource => Some(quietly(scope, |scope| resource.to_object(scope))?),
        };
        let name = name.local(scope)?;
        let name = quietly(scope, |scope| name.to_string(scope)).ok_or(Status::StringExpected)?;
        let context = AsyncContext::new(env, scope, resource, name)?;
        let job = Arc::new(Job { env: env.address(), execute, data, state: AtomicU8::new(IDLE) });
        result.set(Box::into_raw(Box::new(Work { env, job, complete, context })));
    }

    plain napi_delete_async_work(env, scope, work: *mut Work) {
        // SAFETY: the address is that of `napi_create_async_work`, and the add-on gives it back here.
        let work = unsafe { Box::from_raw(work) };
        work.context.end(scope);
    }

    basic napi_queue_async_work(env, scope, work: *mut Work) {
        // SAFETY: the address is that of `napi_create_async_work`, and the add-on has not given it back.
        let owned = unsafe { &*work };
        if !owned.job.go_on(IDLE, QUEUED) {
            return Err(Status::GenericFailure);
        }
        let addons = env.addons();
        addons.count_work(1);
        let (job, inbox, finished) = (Arc::clone(&owned.job), addons.inbox(), Finished(work));
        let run = move || {
            if job.go_on(QUEUED, RUNNING) {
                // SAFETY: the add-on has given the function for this call on another thread.
                unsafe { (job.execute)(job.env, job.data) };
                inbox.push(Event::Done(finished));
            }
        };
        task::submit_for(&env.host, run, |_, ()| {});
    }

    basic napi_cancel_async_work(env, scope, work: *mut Work) {
        // SAFETY: the address is that of `napi_create_async_work`, and the add-on has not given it back.
        let owned = unsafe { &*work };
        if !owned.job.go_on(QUEUED, CANCELLED) {
            return Err(Status::GenericFailure);
        }
        env.addons().inbox().push(Event::Done(Finished(work)));
    }
}
