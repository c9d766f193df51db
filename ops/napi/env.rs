//! An environment: what one loaded add-on shares with the runtime. Its address is the add-on's `napi_env`.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::ThreadId;

use super::abi::{EXPERIMENTAL, ErrorInfo, MESSAGES, NEWEST_VERSION, Outcome, Scope, Status};
use super::addons::{self, Addons, Inbox};
use super::engine::{Context, Engine};
use super::memory::Lent;
use super::reference::{List, Reference};
use crate::bind::Host;
use crate::bind::convert::string;

/// What one loaded add-on shares with the runtime.
pub(super) struct Env {
    pub(super) engine: Engine,
    context: Context,
    /// The version of Node-API that the add-on was made for.
    pub(super) version: i32,
    /// The URL of its file, empty where it has none.
    pub(super) file: CString,
    pub(super) host: Rc<Host>,
    thread: ThreadId,
    pub(super) inbox: Arc<Inbox>,
    error: Cell<ErrorInfo>,
    exception: RefCell<Option<v8::Global<v8::Value>>>,
    /// References whose end calls the add-on, and the other ones.
    pub(super) lists: [List; 2],
    /// References whose objects have been collected and whose finalizers wait.
    pub(super) collected: RefCell<VecDeque<*const Reference>>,
    /// The add-on's memory that buffers of JavaScript lend.
    pub(super) lent: RefCell<Lent>,
    pub(super) instance_data: Cell<*const Reference>,
    pub(super) open_handle_scopes: Cell<usize>,
    pub(super) open_callback_scopes: Cell<usize>,
    keys: OnceCell<[v8::Global<v8::Private>; 2]>,
    /// Whether the garbage collector waits for a finalizer.
    is_collecting: Cell<bool>,
    /// Whether the runtime's add-ons are being closed.
    is_closing: Rc<Cell<bool>>,
}

/// The private properties of objects that add-ons see.
#[derive(Clone, Copy)]
pub(super) enum Key {
    /// The reference that wraps it.
    Wrap,
    /// The type that it was tagged with.
    TypeTag,
}

impl Env {
    pub(super) fn new(scope: &mut Scope<'_, '_>, version: i32, file: CString) -> Box<Env> {
        let engine = Engine::of(scope);
        let context = scope.get_current_context();
        let host = Host::of(scope);
        let addons = host.extension::<Addons>();
        let (is_closing, inbox) = (addons.closing_flag(), addons.inbox());
        Box::new(Env {
            engine,
            context: Context::new(engine, context),
            version,
            file,
            host,
            thread: std::thread::current().id(),
            inbox,
            error: Cell::new(ErrorInfo::of(Status::Ok)),
            exception: RefCell::new(None),
            lists: Default::default(),
            collected: RefCell::default(),
            lent: RefCell::default(),
            instance_data: Cell::new(std::ptr::null()),
            open_handle_scopes: Cell::new(0),
            open_callback_scopes: Cell::new(0),
            keys: OnceCell::new(),
            is_collecting: Cell::new(false),
            is_closing,
        })
    }

    /// What the add-on knows it by.
    pub(super) fn address(&self) -> *mut Env {
        std::ptr::from_ref(self).cast_mut()
    }

    /// The environment at an address; `None` for null.
    pub(super) fn at<'a>(address: *mut Env) -> Option<&'a Env> {
        // SAFETY: an environment stays where it is until its runtime goes, and add-ons have no other addresses.
        unsafe { address.as_ref() }
    }

    /// Whether this is the runtime's thread. Some add-ons give references back on others, which Node-API does not
    /// allow and Node survives.
    pub(super) fn is_here(&self) -> bool {
        std::thread::current().id() == self.thread
    }

    /// The add-ons of the runtime.
    pub(super) fn addons(&self) -> Rc<Addons> {
        self.host.extension::<Addons>()
    }

    /// Runs `body` in the handle scope that is open, in the environment's context.
    pub(super) fn in_scope<R>(&self, body: impl FnOnce(&mut Scope<'_, '_>) -> R) -> R {
        // SAFETY: the caller is on the isolate's thread, which an add-on must be to use its environment, and a
        // handle scope is open, since the runtime or the garbage collector has called the add-on.
        v8::callback_scope!(unsafe scope, self.context.local());
        body(scope)
    }

    /// Runs `body` as an event of the loop, in a handle scope of its own and with the context entered.
    pub(super) fn enter<R>(
        &self,
        scope: &mut Scope<'_, '_>,
        body: impl FnOnce(&mut Scope<'_, '_>) -> R,
    ) -> R {
        v8::scope!(let scope, scope);
        let context = self.context.local();
        let scope = &mut v8::ContextScope::new(scope, context);
        body(scope)
    }

    /// Notes how a function has ended.
    pub(super) fn note(&self, outcome: Outcome) -> Status {
        let status = outcome.err().unwrap_or(Status::Ok);
        self.error.set(ErrorInfo::of(status));
        status
    }

    /// How the last function has ended, in the place where the add-on may look at it.
    pub(super) fn last_error(&self) -> *const ErrorInfo {
        let mut info = self.error.get();
        info.message = MESSAGES[info.status as usize].map_or(std::ptr::null(), |text| text.as_ptr());
        self.error.set(info);
        self.error.as_ptr()
    }

    /// Whether something was thrown that has not gone on to JavaScript yet.
    pub(super) fn has_exception(&self) -> bool {
        self.exception.borrow().is_some()
    }

    /// Keeps what was thrown until the add-on returns.
    pub(super) fn set_exception(&self, scope: &Scope<'_, '_>, exception: v8::Local<'_, v8::Value>) {
        self.exception.replace(Some(v8::Global::new(scope, exception)));
    }

    pub(super) fn take_exception<'s>(&self, scope: &Scope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
        let exception = self.exception.take()?;
        Some(v8::Local::new(scope, exception))
    }

    /// Whether JavaScript may run: not any more when the runtime ends.
    pub(super) fn can_call(&self) -> bool {
        !self.is_closing.get() && !self.host.is_exiting()
    }

    /// The status of a function that would run JavaScript where that may not be.
    pub(super) fn cannot_run(&self) -> Status {
        if self.version >= NEWEST_VERSION { Status::CannotRunJs } else { Status::PendingException }
    }

    /// Whether the add-on's finalizers run while the garbage collector waits.
    pub(super) fn is_experimental(&self) -> bool {
        self.version == EXPERIMENTAL
    }

    /// Runs a finalizer while the garbage collector waits.
    pub(super) fn while_collecting(&self, finalizer: impl FnOnce()) {
        let before = self.is_collecting.replace(true);
        finalizer();
        self.is_collecting.set(before);
    }

    /// Ends the process where a finalizer does what the garbage collector does not allow.
    pub(super) fn check_heap_access(&self) {
        if self.is_collecting.get() {
            addons::fatal(
                "",
                "Finalizer is calling a function that may affect GC state.\n\
                 The finalizers are run directly from GC and must not affect GC state.\n\
                 Use `node_api_post_finalizer` from inside of the finalizer to work around this issue.\n\
                 It schedules the call as a new task in the event loop.",
            );
        }
    }

    /// Calls into the add-on. What it has thrown goes to `on_exception` when it has returned.
    pub(super) fn call<'s, R>(
        &self,
        scope: &mut Scope<'s, '_>,
        into: impl FnOnce() -> R,
        on_exception: impl FnOnce(&Env, &mut Scope<'s, '_>, v8::Local<'s, v8::Value>),
    ) -> R {
        let handle_scopes = self.open_handle_scopes.get();
        let callback_scopes = self.open_callback_scopes.get();
        self.error.set(ErrorInfo::of(Status::Ok));
        let result = into();
        if self.open_handle_scopes.get() != handle_scopes {
            addons::fatal("", "A native add-on has returned with handle scopes open, or has closed too many");
        }
        if self.open_callback_scopes.get() != callback_scopes {
            addons::fatal(
                "",
                "A native add-on has returned with callback scopes open, or has closed too many",
            );
        }
        if self.has_exception()
            && let Some(exception) = self.take_exception(scope)
        {
            on_exception(self, scope, exception);
        }
        result
    }

    /// A private key.
    pub(super) fn key<'s>(&self, scope: &Scope<'s, '_>, key: Key) -> v8::Local<'s, v8::Private> {
        let keys = self.keys.get_or_init(|| {
            ["ironode:napi.wrap", "ironode:napi.type_tag"].map(|name| {
                let name = string(scope, name);
                let key = v8::Private::for_api(scope, Some(name));
                v8::Global::new(scope, key)
            })
        });
        v8::Local::new(scope, &keys[key as usize])
    }
}

impl ErrorInfo {
    const fn of(status: Status) -> Self {
        ErrorInfo { message: std::ptr::null(), engine_reserved: std::ptr::null_mut(), engine_code: 0, status }
    }
}
