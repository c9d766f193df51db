//! References: what an add-on keeps of JavaScript's values, and what it wants to be told when they are collected.
//! Wrapped objects, external values, functions and the data of an environment are kept by references as well.

use std::cell::Cell;
use std::ffi::c_void;

use super::abi::{Callback, Data, Finalize, MaybeOut, NEWEST_VERSION, Out, Param, Scope, Status, Value};
use super::addons::{self, Event};
use super::call::napi;
use super::engine::{self, Persistent};
use super::env::Env;

/// Who gives a reference back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The runtime, with the object or with the environment.
    Runtime,
    /// The add-on, by `napi_delete_reference`.
    AddOn,
}

/// What happens when the object is collected, or the environment ends before that.
#[derive(Clone, Copy)]
pub(super) enum Finish {
    /// Nothing.
    Nothing,
    /// The add-on is called.
    Call { callback: Finalize, hint: Data },
    /// Nothing: the object is what a function of this add-on knows it by.
    Function(Callback),
}

/// One reference. Its address is the add-on's `napi_ref`.
pub(super) struct Reference {
    env: *const Env,
    newer: Cell<*const Reference>,
    older: Cell<*const Reference>,
    /// Which of the lists of its environment it is in.
    list: Cell<Option<usize>>,
    value: Cell<Persistent>,
    /// Whether its value can be collected while the reference is there.
    is_holdable: bool,
    count: Cell<u32>,
    owner: Owner,
    is_queued: Cell<bool>,
    pub(super) data: Cell<Data>,
    finish: Cell<Finish>,
}

/// References of an environment, the newest first.
#[derive(Default)]
pub(super) struct List(Cell<Option<std::ptr::NonNull<Reference>>>);

const CALLING: usize = 0;
const QUIET: usize = 1;

impl Reference {
    /// Makes a reference, weak where `count` is 0.
    pub(super) fn new<'s, T>(
        env: &Env,
        value: v8::Local<'s, T>,
        count: u32,
        owner: Owner,
        data: Data,
        finish: Finish,
    ) -> *const Reference
    where
        v8::Local<'s, T>: Into<v8::Local<'s, v8::Value>>,
    {
        let value = value.into();
        let this = Self::allocate(
            env,
            value.is_object() || value.is_symbol() || value.is_external(),
            owner,
            data,
            finish,
        );
        // SAFETY: it was just made.
        let reference = unsafe { &*this };
        reference.count.set(count);
        reference.hold(env, value);
        this
    }

    /// Makes one without a value, for what is told the end of the environment alone.
    pub(super) fn of_environment(env: &Env, data: Data, finish: Finish) -> *const Reference {
        Self::allocate(env, false, Owner::Runtime, data, finish)
    }

    fn allocate(env: &Env, is_holdable: bool, owner: Owner, data: Data, finish: Finish) -> *const Reference {
        let list = if matches!(finish, Finish::Call { .. }) { CALLING } else { QUIET };
        let older = env.lists[list].0.get();
        let this = Box::into_raw(Box::new(Reference {
            env,
            newer: Cell::new(std::ptr::null()),
            older: Cell::new(older.map_or(std::ptr::null(), |older| older.as_ptr().cast_const())),
            list: Cell::new(Some(list)),
            value: Cell::new(Persistent::EMPTY),
            is_holdable,
            count: Cell::new(0),
            owner,
            is_queued: Cell::new(false),
            data: Cell::new(data),
            finish: Cell::new(finish),
        }));
        if let Some(older) = older {
            // SAFETY: what is in a list is alive.
            unsafe { older.as_ref() }.newer.set(this);
        }
        env.lists[list].0.set(std::ptr::NonNull::new(this));
        this
    }

    /// The reference at an address that an add-on or V8 has kept.
    pub(super) fn at<'a>(address: *const Reference) -> &'a Reference {
        // SAFETY: the address is that of a reference which its owner has not given back.
        unsafe { &*address }
    }

    pub(super) fn env<'a>(&self) -> &'a Env {
        // SAFETY: an environment outlives its references.
        unsafe { &*self.env }
    }

    /// The function that an external value stands for.
    pub(super) fn function(&self) -> Option<Callback> {
        match self.finish.get() {
            Finish::Function(callback) => Some(callback),
            _ => None,
        }
    }

    /// Holds a value as strongly as the count says.
    fn hold(&self, env: &Env, value: v8::Local<'_, v8::Value>) {
        let cell = match self.count.get() {
            0 if !self.is_holdable => Persistent::EMPTY,
            0 => env.engine.weak(value, std::ptr::from_ref(self).cast(), on_collected),
            _ => env.engine.strong(value),
        };
        self.value.replace(cell).reset();
    }

    /// Watches a value that goes on living without the reference.
    pub(super) fn watch(&self, env: &Env, value: v8::Local<'_, v8::Value>) {
        let cell = env.engine.weak(value, std::ptr::from_ref(self).cast(), on_collected);
        self.value.replace(cell).reset();
    }

    /// Its value, if that is still there.
    pub(super) fn value<'s>(&self, scope: &Scope<'s, '_>) -> Option<v8::Local<'s, v8::Value>> {
        self.value.get().get(self.env().engine, scope)
    }

    fn set_count(&self, count: u32) {
        let before = self.count.replace(count);
        if (before == 0) == (count == 0) {
            return;
        }
        let env = self.env();
        if env.is_here() {
            self.recount();
        } else {
            env.inbox.push(Event::Recounted(Distant(self)));
        }
    }

    /// Holds its value as strongly as the count says now.
    fn recount(&self) {
        let env = self.env();
        env.in_scope(|scope| {
            v8::scope!(let scope, scope);
            if let Some(value) = self.value(scope) {
                self.hold(env, value);
            }
        });
    }

    /// Takes it out of its list.
    fn unlink(&self) {
        let Some(list) = self.list.take() else { return };
        let (newer, older) = (self.newer.take_pointer(), self.older.take_pointer());
        match std::ptr::NonNull::new(newer.cast_mut()) {
            // SAFETY: what is in a list is alive.
            Some(newer) => unsafe { newer.as_ref() }.older.set(older),
            None => self.env().lists[list].0.set(std::ptr::NonNull::new(older.cast_mut())),
        }
        // SAFETY: as above.
        if let Some(older) = unsafe { older.as_ref() } {
            older.newer.set(newer);
        }
    }

    /// Gives a reference back.
    pub(super) fn delete(this: *const Reference) {
        let reference = Self::at(this);
        reference.unlink();
        reference.value.replace(Persistent::EMPTY).reset();
        if reference.is_queued.get() {
            reference.env().collected.borrow_mut().retain(|queued| *queued != this);
        }
        // SAFETY: `allocate` made it, its owner has no use for it any more, and nothing else knows it.
        drop(unsafe { Box::from_raw(this.cast_mut()) });
    }

    /// Forgets whom to call. Returns whether the reference is the add-on's.
    pub(super) fn disarm(this: *const Reference) {
        let reference = Self::at(this);
        match reference.owner {
            Owner::Runtime => Self::delete(this),
            Owner::AddOn => reference.finish.set(Finish::Nothing),
        }
    }

    /// Calls the add-on, if it wants to be called, and gives back what is the runtime's.
    pub(super) fn finalize(this: *const Reference, scope: &mut Scope<'_, '_>) {
        let reference = Self::at(this);
        let env = reference.env();
        reference.unlink();
        reference.is_queued.set(false);
        reference.value.replace(Persistent::EMPTY).reset();
        let (finish, data, owner) =
            (reference.finish.replace(Finish::Nothing), reference.data.get(), reference.owner);
        if owner == Owner::Runtime {
            Self::delete(this);
        }
        // From here on a reference of the add-on may be gone, for the add-on may give it back.
        if let Finish::Call { callback, hint } = finish {
            addons::finalize(env, scope, callback, data, hint);
        }
    }

    /// The object has been collected.
    fn collected(this: *const Reference) {
        let reference = Self::at(this);
        let env = reference.env();
        reference.value.replace(Persistent::EMPTY).reset();
        match reference.finish.get() {
            Finish::Call { callback, hint } if env.is_experimental() => {
                reference.unlink();
                reference.finish.set(Finish::Nothing);
                let (data, owner) = (reference.data.get(), reference.owner);
                if owner == Owner::Runtime {
                    Self::delete(this);
                }
                env.while_collecting(|| addons::call_finalizer(env, callback, data, hint));
            }
            Finish::Call { .. } => {
                reference.is_queued.set(true);
                env.collected.borrow_mut().push_back(this);
                env.addons().expect_finalizers(env);
            }
            Finish::Nothing | Finish::Function(_) => {
                if reference.owner == Owner::Runtime {
                    Self::delete(this);
                }
            }
        }
    }
}

/// A reference that another thread has changed.
pub(super) struct Distant(*const Reference);

// SAFETY: the address is followed on the runtime's thread alone.
unsafe impl Send for Distant {}

impl Distant {
    pub(super) fn recount(&self) {
        Reference::at(self.0).recount();
    }

    pub(super) fn delete(&self) {
        Reference::delete(self.0);
    }
}

trait TakePointer {
    fn take_pointer(&self) -> *const Reference;
}

impl TakePointer for Cell<*const Reference> {
    fn take_pointer(&self) -> *const Reference {
        self.replace(std::ptr::null())
    }
}

/// Called by the garbage collector, which allows little: the cell must be emptied.
unsafe extern "C" fn on_collected(info: *const c_void) {
    let this = engine::parameter(info).cast_const().cast::<Reference>();
    // A panic here would end the process: there is nothing in it that does.
    Reference::collected(this);
}

/// Ends all references of an environment: those that call the add-on before the others, which it may give back then.
pub(super) fn finalize_all(env: &Env, scope: &mut Scope<'_, '_>) {
    for list in [CALLING, QUIET] {
        while let Some(newest) = env.lists[list].0.get() {
            Reference::finalize(newest.as_ptr(), scope);
        }
    }
}

impl Param for *const Reference {
    fn check(&self) -> super::abi::Outcome {
        if self.is_null() { Err(Status::InvalidArg) } else { Ok(()) }
    }
}

napi! {
    plain napi_create_reference(env, scope, value: Value, count: u32, result: Out<*const Reference>) {
        let value = value.local(scope)?;
        // Other values could not be referred to in the beginning.
        if env.version < NEWEST_VERSION && !(value.is_object() || value.is_symbol()) {
            return Err(Status::InvalidArg);
        }
        result.set(Reference::new(env, value, count, Owner::AddOn, std::ptr::null_mut(), Finish::Nothing));
    }

    basic napi_delete_reference(env, scope, reference: *const Reference) {
        if env.is_here() {
            Reference::delete(reference);
        } else {
            env.inbox.push(Event::Deleted(Distant(reference)));
        }
    }

    basic napi_reference_ref(env, scope, reference: *const Reference, result: MaybeOut<u32>) {
        env.check_heap_access();
        let reference = Reference::at(reference);
        // What has been collected stays so.
        let count = if reference.value.get().is_empty() { 0 } else { reference.count.get() + 1 };
        reference.set_count(count);
        result.set(count);
    }

    basic napi_reference_unref(env, scope, reference: *const Reference, result: MaybeOut<u32>) {
        env.check_heap_access();
        let reference = Reference::at(reference);
        let count = reference.count.get().checked_sub(1).ok_or(Status::GenericFailure)?;
        reference.set_count(count);
        result.set(count);
    }

    plain napi_get_reference_value(env, scope, reference: *const Reference, result: Out<Value>) {
        result.set(Reference::at(reference).value(scope).map_or(Value::NONE, Value::from));
    }
}
