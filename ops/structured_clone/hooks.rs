//! What the JavaScript half of structured clone does for the native one.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{Args, Scope};
use crate::bind::Host;
use crate::bind::convert::string;

/// The JavaScript functions that messages need, kept once a runtime.
pub struct Hooks {
    /// The private symbol under which an object tells how it travels.
    transfer_mode: v8::Global<v8::Value>,
    /// `createError(message)`: a `DataCloneError`.
    create_error: v8::Global<v8::Function>,
    /// `describe(object, handOver)`: `[deserializeInfo, data]` in place of an object of the runtime's own.
    pub(super) describe: v8::Global<v8::Function>,
    /// `create(deserializeInfo, isForeign)`: an object that waits for its data, or an error where it would belong
    /// to another context.
    pub(super) create: v8::Global<v8::Function>,
    /// `fill(object, data)`
    pub(super) fill: v8::Global<v8::Function>,
    /// `createPort(global)`: a `MessagePort` over the end of a channel that has arrived; with the global
    /// object where it belongs to another context.
    pub(super) create_port: v8::Global<v8::Function>,
    /// `receive(handle, value, ports, type)`: a message has come to a port.
    pub receive: v8::Global<v8::Function>,
    /// `receiveFromThread(value, source)`: a message has come from a thread; gives 0 where it was heard, 1 where
    /// nobody listens, 2 where the listener threw.
    pub receive_from_thread: v8::Global<v8::Function>,
}

#[derive(Default)]
struct Kept(OnceCell<Rc<Hooks>>);

/// The private symbol under which an object tells how it travels.
pub(super) fn transfer_mode<'s>(scope: &mut Scope<'s, '_>) -> v8::Local<'s, v8::Private> {
    let name = string(scope, "ironode:transferMode");
    v8::Private::for_api(scope, Some(name))
}

impl Hooks {
    /// Keeps the arguments of `setHooks`.
    pub(super) fn keep(scope: &mut Scope<'_, '_>, args: &Args<'_>) {
        let function = |index: i32| {
            let function: v8::Local<v8::Function> = args.get(index).try_into().ok()?;
            Some(v8::Global::new(scope, function))
        };
        let functions: Option<Vec<_>> = (1..=7).map(function).collect();
        let Some([create_error, describe, create, fill, create_port, receive, receive_from_thread]) =
            functions.and_then(|functions| <[_; 7]>::try_from(functions).ok())
        else {
            return;
        };
        let transfer_mode = v8::Global::new(scope, args.get(0));
        let hooks = Hooks {
            transfer_mode,
            create_error,
            describe,
            create,
            fill,
            create_port,
            receive,
            receive_from_thread,
        };
        let _ = Host::of(scope).extension::<Kept>().0.set(Rc::new(hooks));
    }

    /// The hooks of a runtime; `None` before `setHooks`.
    pub fn of(scope: &Scope<'_, '_>) -> Option<Rc<Hooks>> {
        Host::of(scope).extension::<Kept>().0.get().cloned()
    }

    /// Throws a `DataCloneError`.
    pub(super) fn throw(&self, scope: &mut Scope<'_, '_>, message: v8::Local<'_, v8::String>) {
        let receiver = v8::undefined(scope).into();
        let message = v8::Local::new(scope, message).into();
        let create = v8::Local::new(scope, &self.create_error);
        if let Some(error) = create.call(scope, receiver, &[message]) {
            scope.throw_exception(error);
        }
    }

    /// The set of bits that tells how `object` travels; `None` where it is like any other.
    pub(super) fn transfer_mode(
        &self,
        scope: &mut Scope<'_, '_>,
        object: v8::Local<'_, v8::Object>,
    ) -> Option<i32> {
        let object = v8::Local::new(scope, object);
        let key = v8::Local::new(scope, &self.transfer_mode);
        let mode = object.get(scope, key)?;
        v8::Local::<v8::Integer>::try_from(mode).ok().map(|mode| mode.value() as i32)
    }
}
