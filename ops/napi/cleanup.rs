//! What an add-on wants to be told when its environment ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::abi::{AsyncCleanupHook, CleanupHook, Data, MaybeOut, Status};
use super::addons::{self, Event, Hook, Inbox};
use super::call::napi;
use super::env::Env;

/// A hook whose work ends later: `napi_async_cleanup_hook_handle`.
pub(super) struct AsyncHook {
    env: *const Env,
    inbox: Arc<Inbox>,
    callback: AsyncCleanupHook,
    data: Data,
    has_begun: AtomicBool,
}

/// Begins the work of an asynchronous hook.
pub(super) fn run(hook: *mut AsyncHook) {
    // SAFETY: the add-on gives the hook back when its work is done, and not before it has begun.
    let begun = unsafe { &*hook };
    begun.has_begun.store(true, Ordering::Release);
    // SAFETY: the add-on has given the function for this call.
    unsafe { (begun.callback)(hook.cast(), begun.data) };
}

fn is_call(hook: &Hook, callback: CleanupHook, data: Data) -> bool {
    matches!(hook, Hook::Call(known, known_data)
        if std::ptr::fn_addr_eq(*known, callback) && *known_data == data)
}

napi! {
    basic napi_add_env_cleanup_hook(env, scope, callback: Option<CleanupHook>, data: Data) {
        let callback = callback.ok_or(Status::InvalidArg)?;
        let addons = env.addons();
        if addons.has_hook(|hook| is_call(hook, callback, data)) {
            addons::fatal("napi_add_env_cleanup_hook", "The same hook was added before");
        }
        addons.add_hook(Hook::Call(callback, data));
    }

    basic napi_remove_env_cleanup_hook(env, scope, callback: Option<CleanupHook>, data: Data) {
        let callback = callback.ok_or(Status::InvalidArg)?;
        env.addons().remove_hook(|hook| is_call(hook, callback, data));
    }

    basic napi_add_async_cleanup_hook(
        env, scope, callback: Option<AsyncCleanupHook>, data: Data, handle: MaybeOut<*mut AsyncHook>
    ) {
        let callback = callback.ok_or(Status::InvalidArg)?;
        let addons = env.addons();
        let inbox = addons.inbox();
        let has_begun = AtomicBool::new(false);
        let hook = Box::into_raw(Box::new(AsyncHook { env, inbox, callback, data, has_begun }));
        addons.add_hook(Hook::Async(hook));
        handle.set(hook);
    }
}

/// Takes an asynchronous hook back, or says that its work is done, which any thread may do.
#[unsafe(no_mangle)]
pub(super) extern "C" fn napi_remove_async_cleanup_hook(handle: *mut AsyncHook) -> Status {
    if handle.is_null() {
        return Status::InvalidArg;
    }
    // SAFETY: the address is that of `napi_add_async_cleanup_hook`, and the add-on gives it back here.
    let hook = unsafe { Box::from_raw(handle) };
    if hook.has_begun.load(Ordering::Acquire) {
        hook.inbox.push(Event::CleanedUp);
    } else if let Some(env) = Env::at(hook.env.cast_mut()) {
        env.addons().remove_hook(|known| matches!(known, Hook::Async(known) if *known == handle));
    }
    Status::Ok
}
