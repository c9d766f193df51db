//! What V8's inspector is told of asynchronous tasks, so that stacks tell where they were begun.

use v8::inspector::{StringView, V8Inspector};

/// V8 uses odd numbers for its own tasks, which are promises.
fn key(id: f64) -> *const std::ffi::c_void {
    std::ptr::without_provenance((id as usize) << 1)
}

/// A task has been begun that will run later, more than once if it is `recurring`.
pub fn scheduled(inspector: &V8Inspector, name: &[u16], id: f64, recurring: bool) {
    // SAFETY: the key is a number to the inspector, which compares it.
    unsafe { inspector.async_task_scheduled(StringView::from(name), key(id), recurring) };
}

/// The task begins to run.
pub fn started(inspector: &V8Inspector, id: f64) {
    // SAFETY: as above.
    unsafe { inspector.async_task_started(key(id)) };
}

/// The task has run.
pub fn finished(inspector: &V8Inspector, id: f64) {
    // SAFETY: as above.
    unsafe { inspector.async_task_finished(key(id)) };
}

/// The task will not run any more.
pub fn canceled(inspector: &V8Inspector, id: f64) {
    // SAFETY: as above.
    unsafe { inspector.async_task_canceled(key(id)) };
}
