//! Work on a runtime's own thread in the middle of its JavaScript.

use std::ffi::c_void;

use super::call;

type Work = Box<dyn FnOnce(&mut v8::PinScope<'_, '_>) + Send>;

/// The context of the isolate in which interrupting work runs.
struct Place(v8::Global<v8::Context>);

/// Forgets the context of an isolate that is to be kept in a snapshot.
pub fn forget(isolate: &mut v8::Isolate) {
    isolate.remove_slot::<Place>();
}

/// Interrupts one runtime from any thread.
pub struct Interrupter(v8::IsolateHandle);

impl Interrupter {
    /// For the runtime of `scope`.
    pub fn new(scope: &mut v8::PinScope<'_, '_>) -> Self {
        let context = scope.get_current_context();
        let context = v8::Global::new(scope, context);
        scope.set_slot(Place(context));
        Interrupter(scope.thread_safe_handle())
    }

    /// Runs `work` as soon as the JavaScript can be interrupted; where none runs, before the next.
    /// Once the runtime has ended, `work` is dropped.
    pub fn interrupt(&self, work: impl FnOnce(&mut v8::PinScope<'_, '_>) + Send + 'static) {
        let work: Box<Work> = Box::new(Box::new(work));
        let data = Box::into_raw(work);
        if !self.0.request_interrupt(run, data.cast()) {
            // SAFETY: the pointer was made above, and nobody else has got it.
            drop(unsafe { Box::from_raw(data) });
        }
    }
}

unsafe extern "C" fn run(isolate: v8::UnsafeRawIsolatePtr, data: *mut c_void) {
    // SAFETY: the pointer is that of `interrupt`, and V8 calls back once for each request.
    let work = unsafe { Box::from_raw(data.cast::<Work>()) };
    // SAFETY: V8 calls back on the thread of the isolate while that is alive.
    let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(isolate) };
    v8::callback_scope!(unsafe scope, &mut isolate);
    let Some(context) = scope.get_slot::<Place>().map(|place| v8::Local::new(scope, &place.0)) else {
        return;
    };
    let scope = &mut v8::ContextScope::new(scope, context);
    call::guard(scope, work);
}
