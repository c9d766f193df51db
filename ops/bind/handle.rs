//! Handles: objects of the system that live in JavaScript and call back when something happens
//! (`onsignal`, `onread`, `onconnection`), with the life that libuv gives them: active or not,
//! referenced or not, closed in the loop's closing phase.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::{Rc, Weak};

use super::convert::{Arg, internalized};
use super::permission::Denied;
use super::{Exported, Host, call};

const FIELD: i32 = 0;
const TAG: u16 = 1;

/// What all handles have in common.
pub struct Core {
    host: Rc<Host>,
    itself: Weak<dyn Handle>,
    context: Option<v8::Global<v8::Value>>,
    /// Its place among the handles of the runtime.
    number: Cell<u64>,
    object: RefCell<Option<v8::Global<v8::Object>>>,
    active: Cell<bool>,
    referenced: Cell<bool>,
    closing: Cell<bool>,
}

impl Core {
    fn new(scope: &mut v8::PinScope<'_, '_>, itself: Weak<dyn Handle>) -> Self {
        let context = scope.get_continuation_preserved_embedder_data();
        let context = (!context.is_undefined()).then(|| v8::Global::new(scope, context));
        let host = Host::of(scope);
        let number = host.handles.enrol(&itself);
        Core {
            host,
            itself,
            context,
            number: Cell::new(number),
            object: RefCell::new(None),
            active: Cell::new(false),
            referenced: Cell::new(true),
            closing: Cell::new(false),
        }
    }

    /// The runtime it belongs to.
    pub fn host(&self) -> &Rc<Host> {
        &self.host
    }

    /// Its place among the handles of the runtime, in the order in which they were made.
    pub fn number(&self) -> u64 {
        self.number.get()
    }

    /// Takes the last place among the handles: it begins to be one only now.
    pub fn enrol_again(&self) {
        let handles = &self.host.handles;
        handles.open.borrow_mut().remove(&self.number.get());
        self.number.set(handles.enrol(&self.itself));
    }

    /// The handle that this is a part of.
    pub fn itself(&self) -> Weak<dyn Handle> {
        Weak::clone(&self.itself)
    }

    /// The JavaScript object; `None` after the closing phase.
    pub fn object<'s>(&self, scope: &v8::PinScope<'s, '_, ()>) -> Option<v8::Local<'s, v8::Object>> {
        self.object.borrow().as_ref().map(|object| v8::Local::new(scope, object))
    }

    /// Whether `close` has been called.
    pub fn is_closing(&self) -> bool {
        self.closing.get()
    }

    /// Says whether events may come: an active and referenced handle keeps the loop alive.
    pub fn set_active(&self, active: bool) {
        self.update(active, self.referenced.get());
    }

    fn update(&self, active: bool, referenced: bool) {
        let before = self.active.get() && self.referenced.get();
        self.active.set(active);
        self.referenced.set(referenced);
        self.host.count_active(isize::from(active && referenced) - isize::from(before));
    }

    /// Calls the handler that JavaScript has put on the object under `name`, in the asynchronous context
    /// in which the object was made.
    pub fn emit<'s>(&self, scope: &mut v8::PinScope<'s, '_>, name: &str, args: &[v8::Local<'s, v8::Value>]) {
        self.emit_by(scope, name, args, |scope, handler, receiver, args| {
            call::call_back(scope, handler, receiver, args);
        });
    }

    /// The same for one of several events at once: the ticks and microtasks wait until the caller drains
    /// them.
    pub fn notify<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        name: &str,
        args: &[v8::Local<'s, v8::Value>],
    ) {
        self.emit_by(scope, name, args, |scope, handler, receiver, args| {
            call::call_reporting(scope, handler, receiver, args);
        });
    }

    fn emit_by<'s, 'i>(
        &self,
        scope: &mut v8::PinScope<'s, 'i>,
        name: &str,
        args: &[v8::Local<'s, v8::Value>],
        by: impl FnOnce(
            &mut v8::PinScope<'s, 'i>,
            v8::Local<'s, v8::Function>,
            v8::Local<'s, v8::Value>,
            &[v8::Local<'s, v8::Value>],
        ),
    ) {
        let Some((object, handler)) = self.handler(scope, name) else { return };
        self.in_context(scope, |scope| by(scope, handler, object.into(), args));
    }

    /// The object and the handler that JavaScript has put on it under `name`: for many events in a row, which
    /// [`Core::call`] tells.
    pub fn handler<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        name: &str,
    ) -> Option<(v8::Local<'s, v8::Object>, v8::Local<'s, v8::Function>)> {
        let object = self.object(scope)?;
        let key = internalized(scope, name);
        let handler = object.get(scope, key.into())?.try_into().ok()?;
        Some((object, handler))
    }

    /// Calls `function` from the event loop in the asynchronous context in which the handle was made.
    pub fn call<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        function: v8::Local<'s, v8::Function>,
        receiver: v8::Local<'s, v8::Value>,
        args: &[v8::Local<'s, v8::Value>],
    ) {
        self.in_context(scope, |scope| {
            call::call_back(scope, function, receiver, args);
        });
    }

    /// Does `work` in the asynchronous context in which the handle was made.
    pub fn in_context<'s, 'i>(
        &self,
        scope: &mut v8::PinScope<'s, 'i>,
        work: impl FnOnce(&mut v8::PinScope<'s, 'i>),
    ) {
        self.enter_context(scope);
        work(scope);
        let none = v8::undefined(scope).into();
        scope.set_continuation_preserved_embedder_data(none);
    }

    /// What is called from now on runs in the asynchronous context in which the handle was made.
    pub fn enter_context(&self, scope: &v8::PinScope<'_, '_>) {
        // Also without one: the callback before may have left its own.
        let none = v8::undefined(scope).into();
        let context = self.context.as_ref().map_or(none, |context| v8::Local::new(scope, context));
        scope.set_continuation_preserved_embedder_data(context);
    }
}

/// A kind of handle.
pub trait Handle: Any {
    /// The common part.
    fn core(&self) -> &Core;
    /// Gives up the object of the system; no event comes afterwards.
    fn stop(&self);
    /// Its watched descriptor may be ready: a part of the poll phase.
    fn on_ready(self: Rc<Self>, _: &mut v8::PinScope<'_, '_>) {}
    /// Whether something has come that the reactor need not tell of: asked again and again while the runtime
    /// waits for an answer without sleeping.
    fn look(&self) -> bool {
        false
    }
    /// What `process.getActiveResourcesInfo()` calls it; nothing where it is not told of.
    fn resource(&self) -> Option<&'static str> {
        None
    }
    /// What it calls a request of this handle that waits.
    fn request(&self) -> Option<&'static str> {
        None
    }
    /// It has been closed: a part of the closing phase, before the callback of `close`. What still waits
    /// for an answer gets ECANCELED.
    fn finish(self: Rc<Self>, _: &mut v8::PinScope<'_, '_>) {}
}

/// The handles of one runtime, in the order in which they were made.
#[derive(Default)]
pub struct Handles {
    made: Cell<u64>,
    /// How many have been made or closed since the runtime last tidied up.
    changes: Cell<u32>,
    open: RefCell<BTreeMap<u64, Weak<dyn Handle>>>,
}

impl Handles {
    fn enrol(&self, handle: &Weak<dyn Handle>) -> u64 {
        let number = self.made.get();
        self.made.set(number + 1);
        self.note_change();
        self.open.borrow_mut().insert(number, Weak::clone(handle));
        number
    }

    /// How many have been made or closed since `forget_changes`.
    pub(super) fn changes(&self) -> u32 {
        self.changes.get()
    }

    /// Counts from zero again.
    pub(super) fn forget_changes(&self) {
        self.changes.set(0);
    }

    fn note_change(&self) {
        self.changes.set(self.changes.get().saturating_add(1));
    }

    /// Gives up all handles of a runtime that has ended: nobody is called back.
    pub fn abandon(&self, scope: &mut v8::PinScope<'_, '_>) {
        let open = std::mem::take(&mut *self.open.borrow_mut());
        for handle in open.values().filter_map(Weak::upgrade) {
            if !handle.core().closing.replace(true) {
                handle.stop();
            }
            let object = handle.core().object.borrow_mut().take();
            if let Some(object) = object {
                let object = v8::Local::new(scope, object);
                free(object);
            }
        }
    }

    fn open(&self) -> Vec<Rc<dyn Handle>> {
        let open = self.open.borrow().values().filter_map(Weak::upgrade).collect::<Vec<_>>();
        open.into_iter().filter(|handle| !handle.core().closing.get()).collect()
    }

    /// The objects of the handles that programs are told of and that keep the event loop alive.
    pub fn objects<'s>(&self, scope: &v8::PinScope<'s, '_, ()>) -> Vec<v8::Local<'s, v8::Object>> {
        let told = |handle: &Rc<dyn Handle>| handle.resource().is_some() && handle.core().referenced.get();
        let open = self.open().into_iter().filter(told);
        open.filter_map(|handle| handle.core().object(scope)).collect()
    }

    /// The objects of all handles.
    pub fn all_objects<'s>(&self, scope: &v8::PinScope<'s, '_, ()>) -> Vec<v8::Local<'s, v8::Object>> {
        self.open().into_iter().filter_map(|handle| handle.core().object(scope)).collect()
    }

    /// The requests of handles, each with the name of its handle.
    pub fn requests(&self) -> Vec<(&'static str, Option<&'static str>)> {
        let request = |handle: Rc<dyn Handle>| handle.request().map(|name| (name, handle.resource()));
        self.open().into_iter().filter_map(request).collect()
    }

    /// What keeps the event loop alive: requests of handles, then handles, by their names.
    pub fn resources(&self) -> Vec<&'static str> {
        let open = self.open();
        let requests = open.iter().filter_map(|handle| handle.request());
        let referenced = open.iter().filter(|handle| handle.core().referenced.get());
        requests.chain(referenced.filter_map(|handle| handle.resource())).collect()
    }
}

/// The receiver of a handle's method, as an argument of the Rust function.
pub struct This<T>(Rc<T>);

impl<T> Deref for This<T> {
    type Target = Rc<T>;
    fn deref(&self) -> &Rc<T> {
        &self.0
    }
}

impl<T: Handle> Arg for This<T> {
    fn take(
        _: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        _: &mut i32,
    ) -> Result<Self, Denied> {
        match of(args.this()) {
            Some(handle) => Ok(This(handle)),
            None => panic!("the receiver is closed or of another class"),
        }
    }
}

/// The handle that `object` stands for; `None` where it is closed or of another class.
pub fn of<T: Handle>(object: v8::Local<'_, v8::Object>) -> Option<Rc<T>> {
    let handle: Rc<dyn Any> = unwrap(object)?;
    handle.downcast().ok()
}

/// Adds what every class of handles has, `close`, `ref`, `unref` and `hasRef`, to its own methods.
pub fn with_common_methods(mut methods: Vec<Exported>) -> Vec<Exported> {
    methods.push(crate::exported!("close", |scope, args, rv| {
        let _ = rv;
        close(scope, &args);
    }));
    methods.push(crate::exported!("ref", |scope, args, rv| {
        let _ = (scope, rv);
        refer(&args, true);
    }));
    methods.push(crate::exported!("unref", |scope, args, rv| {
        let _ = (scope, rv);
        refer(&args, false);
    }));
    methods.push(crate::exported!("has_ref", |scope, args, rv| {
        let _ = scope;
        let mut rv = rv;
        rv.set_bool(unwrap(args.this()).is_some_and(|handle| handle.core().referenced.get()));
    }));
    methods
}

/// Ties a new handle to the object that `new` has made.
pub fn wrap<T: Handle>(
    scope: &mut v8::PinScope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
    make: impl FnOnce(Core) -> T,
) {
    let handle: Rc<dyn Handle> = Rc::new_cyclic(|itself: &Weak<T>| {
        let itself: Weak<dyn Handle> = Weak::clone(itself) as _;
        make(Core::new(scope, itself))
    });
    *handle.core().object.borrow_mut() = Some(v8::Global::new(scope, object));
    let pointer = Box::into_raw(Box::new(handle));
    object.set_aligned_pointer_in_internal_field(FIELD, pointer.cast(), TAG);
}

fn unwrap(object: v8::Local<'_, v8::Object>) -> Option<Rc<dyn Handle>> {
    if object.internal_field_count() == 0 {
        return None;
    }
    // SAFETY: only `wrap` and `Closing::finish` write the field of objects with one, with this tag.
    let pointer = unsafe { object.get_aligned_pointer_from_internal_field(FIELD, TAG) };
    // SAFETY: the pointer is null or a box of `wrap`'s that `Closing::finish` has not taken back.
    let handle = unsafe { pointer.cast::<Rc<dyn Handle>>().as_ref() };
    handle.cloned()
}

fn refer(args: &v8::FunctionCallbackArguments<'_>, referenced: bool) {
    if let Some(handle) = unwrap(args.this()) {
        let core = handle.core();
        core.update(core.active.get(), referenced);
    }
}

fn close(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    let Some(handle) = unwrap(args.this()) else { return };
    let core = handle.core();
    if core.closing.replace(true) {
        return;
    }
    handle.stop();
    core.set_active(false);
    let callback = v8::Local::<v8::Function>::try_from(args.get(0)).ok();
    let callback = callback.map(|callback| v8::Global::new(scope, callback));
    let closing = Closing { handle: Rc::clone(&handle), callback };
    core.host.closing.borrow_mut().push_back(closing);
}

/// A handle on its way out: closed, with its callback still to come.
pub struct Closing {
    handle: Rc<dyn Handle>,
    callback: Option<v8::Global<v8::Function>>,
}

/// Takes the handle from the object of an open one.
fn free(object: v8::Local<'_, v8::Object>) {
    // SAFETY: the field was written by `wrap` with this tag.
    let pointer = unsafe { object.get_aligned_pointer_from_internal_field(FIELD, TAG) };
    object.set_aligned_pointer_in_internal_field(FIELD, std::ptr::null(), TAG);
    // SAFETY: the pointer is `wrap`'s box, and the field that led to it has just been cleared.
    drop(unsafe { Box::from_raw(pointer.cast::<Rc<dyn Handle>>().cast_mut()) });
}

impl Closing {
    /// Frees the handle and calls back, in the closing phase.
    pub fn finish(self, scope: &mut v8::PinScope<'_, '_>) {
        Rc::clone(&self.handle).finish(scope);
        let core = self.handle.core();
        let handles = &core.host.handles;
        handles.open.borrow_mut().remove(&core.number.get());
        handles.note_change();
        let object = core.object.borrow_mut().take();
        let Some(object) = object else { return };
        let object = v8::Local::new(scope, object);
        free(object);
        if let Some(callback) = self.callback {
            let callback = v8::Local::new(scope, callback);
            self.handle.core().call(scope, callback, object.into(), &[]);
        }
    }
}

/// Declares a class of handles: `handle_class! { SignalHandle, construct, [start, stop] }`. What a family
/// of classes shares is added with `methods: function` and `getters: function`.
#[macro_export]
macro_rules! handle_class {
    ($name:ident, $construct:path, [$($method:ident),* $(,)?]
     $(, methods: $methods:path)? $(, getters: $getters:path)?) => {
        $crate::bind::class::Class {
            name: stringify!($name),
            fields: 1,
            construct: || {
                fn entry<'s>(
                    scope: &mut v8::PinScope<'s, '_>,
                    args: v8::FunctionCallbackArguments<'s>,
                    _: v8::ReturnValue<'s, v8::Value>,
                ) {
                    $crate::bind::call::guard(scope, move |scope| $construct(scope, &args));
                }
                v8::MapFnTo::map_fn_to(entry)
            },
            methods: || {
                #[allow(unused_mut, reason = "a class may have no family")]
                let mut methods = vec![
                    $($crate::exported!(stringify!($method), |scope, args, rv| {
                        $crate::bind::call::sync($method, scope, args, rv)
                    })),*
                ];
                $(methods.extend($methods());)?
                $crate::bind::handle::with_common_methods(methods)
            },
            getters: $crate::handle_class!(@getters $($getters)?),
        }
    };
    (@getters $getters:path) => { $getters };
    (@getters) => {
        Vec::new
    };
}
