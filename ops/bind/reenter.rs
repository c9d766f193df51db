//! The way back into JavaScript from the middle of a library's work that JavaScript or the event loop has
//! started: a callback in C's form that hands no scope on.

/// Finds a context again, on the thread of its isolate.
pub struct Reentry {
    isolate: v8::UnsafeRawIsolatePtr,
    context: v8::Global<v8::Context>,
}

impl Reentry {
    /// For the context of `scope`.
    pub fn new(scope: &mut v8::PinScope<'_, '_>) -> Self {
        let context = scope.get_current_context();
        let context = v8::Global::new(scope, context);
        // SAFETY: the pointer is only used in `run`.
        Reentry { isolate: unsafe { scope.as_raw_isolate_ptr() }, context }
    }

    /// Runs `work` in the context. It may only be called while a scope of the isolate is on the stack: in a
    /// callback of a library that was called with one.
    pub fn run<R>(&self, work: impl FnOnce(&mut v8::PinScope<'_, '_>) -> R) -> R {
        // SAFETY: `Reentry` cannot leave its thread, and a scope on the stack keeps the isolate alive.
        let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(self.isolate) };
        v8::scope!(let handles, &mut isolate);
        let context = v8::Local::new(handles, &self.context);
        let scope = &mut v8::ContextScope::new(handles, context);
        work(scope)
    }

    /// The same where the library was called by a function of the context, which V8 has entered for it.
    pub fn run_inside<R>(&self, work: impl FnOnce(&mut v8::PinScope<'_, '_>) -> R) -> R {
        // SAFETY: as in `run`.
        let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(self.isolate) };
        v8::scope!(let handles, &mut isolate);
        let context = v8::Local::new(handles, &self.context);
        // SAFETY: the context is the current one, and its handles go with the scope above.
        v8::callback_scope!(unsafe scope, context);
        work(scope)
    }
}
