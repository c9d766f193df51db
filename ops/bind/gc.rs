//! Watching the garbage collector at its work.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Host;
use super::task::Mailbox;

/// Numbers about the heap at one moment.
pub struct Heap {
    /// About the whole: see `statistics`.
    pub numbers: [f64; 11],
    /// The name and the four sizes of each space.
    pub spaces: Vec<(&'static str, [f64; 4])>,
}

impl Heap {
    /// Reads the numbers of now.
    fn read(isolate: &mut v8::Isolate) -> Self {
        let heap = isolate.get_heap_statistics();
        let numbers = [
            heap.total_heap_size(),
            heap.total_heap_size_executable(),
            heap.total_physical_size(),
            heap.total_available_size(),
            heap.total_global_handles_size(),
            heap.used_global_handles_size(),
            heap.used_heap_size(),
            heap.heap_size_limit(),
            heap.malloced_memory(),
            heap.external_memory(),
            heap.peak_malloced_memory(),
        ];
        let mut spaces = Vec::new();
        for index in 0..isolate.number_of_heap_spaces() {
            let Some(space) = isolate.get_heap_space_statistics(index) else { continue };
            let sizes = [
                space.space_size(),
                space.space_used_size(),
                space.space_available_size(),
                space.physical_space_size(),
            ];
            let name = space.space_name().to_str().unwrap_or_default();
            spaces.push((name, sizes.map(|size| size as f64)));
        }
        Heap { numbers: numbers.map(|number| number as f64), spaces }
    }
}

/// One collection.
pub struct Collection {
    /// The engine's name of its kind.
    pub kind: &'static str,
    /// The heap before it.
    pub before: Heap,
    /// The heap after it.
    pub after: Heap,
    /// How long it took.
    pub duration: Duration,
}

/// The collections since `start`.
#[derive(Default)]
pub struct Watch {
    running: Cell<bool>,
    begun: RefCell<Option<(Instant, Heap)>>,
    collections: RefCell<Vec<Collection>>,
}

/// Who is called before and after each collection. It may not touch what the collector manages.
trait Collector {
    fn before(&self, isolate: &mut v8::Isolate);
    fn after(&self, isolate: &mut v8::Isolate, kind: v8::GCType, flags: v8::GCCallbackFlags);
}

/// Has `collector` called from now on, until [`remove`].
fn add<C: Collector>(scope: &mut v8::PinScope<'_, '_>, collector: &Rc<C>) {
    let data = Rc::into_raw(Rc::clone(collector)).cast_mut().cast::<c_void>();
    scope.add_gc_prologue_callback(before::<C>, data, v8::GCType::kGCTypeAll);
    scope.add_gc_epilogue_callback(after::<C>, data, v8::GCType::kGCTypeAll);
}

/// Undoes one [`add`].
fn remove<C: Collector>(scope: &mut v8::PinScope<'_, '_>, collector: &Rc<C>) {
    let data = Rc::as_ptr(collector).cast_mut();
    scope.remove_gc_prologue_callback(before::<C>, data.cast());
    scope.remove_gc_epilogue_callback(after::<C>, data.cast());
    // SAFETY: `add` has made this count, and nothing calls back with the pointer any more.
    unsafe { Rc::decrement_strong_count(data.cast_const()) };
}

unsafe extern "C" fn before<C: Collector>(
    isolate: v8::UnsafeRawIsolatePtr,
    _: v8::GCType,
    _: v8::GCCallbackFlags,
    data: *mut c_void,
) {
    // SAFETY: the pointer is `add`'s, and `remove` removes this callback before it gives up the count.
    let collector = unsafe { &*data.cast::<C>() };
    // SAFETY: V8 calls back on the thread of the isolate while that is alive.
    let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(isolate) };
    collector.before(&mut isolate);
}

unsafe extern "C" fn after<C: Collector>(
    isolate: v8::UnsafeRawIsolatePtr,
    kind: v8::GCType,
    flags: v8::GCCallbackFlags,
    data: *mut c_void,
) {
    // SAFETY: the pointer is `add`'s, and `remove` removes this callback before it gives up the count.
    let collector = unsafe { &*data.cast::<C>() };
    // SAFETY: V8 calls back on the thread of the isolate while that is alive.
    let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(isolate) };
    collector.after(&mut isolate, kind, flags);
}

impl Watch {
    /// Watches from now on.
    pub fn start(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        if !self.running.replace(true) {
            add(scope, self);
        }
    }

    /// Watches no longer; the collections that it has seen, or `None` where it has not been started.
    pub fn stop(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) -> Option<Vec<Collection>> {
        if !self.running.replace(false) {
            return None;
        }
        remove(scope, self);
        Some(self.collections.take())
    }
}

impl Collector for Watch {
    fn before(&self, isolate: &mut v8::Isolate) {
        let heap = Heap::read(isolate);
        *self.begun.borrow_mut() = Some((Instant::now(), heap));
    }

    fn after(&self, isolate: &mut v8::Isolate, gc_type: v8::GCType, _: v8::GCCallbackFlags) {
        let Some((begun, heap)) = self.begun.borrow_mut().take() else { return };
        let duration = begun.elapsed();
        let after = Heap::read(isolate);
        let collection = Collection { kind: kind(gc_type), before: heap, after, duration };
        self.collections.borrow_mut().push(collection);
    }
}

fn kind(kind: v8::GCType) -> &'static str {
    if kind == v8::GCType::kGCTypeScavenge {
        "Scavenge"
    } else if kind == v8::GCType::kGCTypeMinorMarkSweep {
        "MinorMarkSweep"
    } else if kind == v8::GCType::kGCTypeMarkSweepCompact {
        "MarkSweepCompact"
    } else if kind == v8::GCType::kGCTypeIncrementalMarking {
        "IncrementalMarking"
    } else {
        "ProcessWeakCallbacks"
    }
}

/// When a collection was and of what kind, by V8's numbers.
pub struct Seen {
    /// A bit of `v8::GCType`.
    pub kind: u32,
    /// Bits of `v8::GCCallbackFlags`.
    pub flags: u32,
    /// When it began.
    pub start: Instant,
    /// How long it took.
    pub duration: Duration,
}

/// Tells the runtime of each collection, in the event loop, while it is on.
#[derive(Default)]
pub struct Observer {
    begun: Cell<Option<Instant>>,
    callback: RefCell<Option<v8::Global<v8::Function>>>,
    mailbox: RefCell<Option<Arc<Mailbox>>>,
    seen: RefCell<Vec<Seen>>,
}

impl Observer {
    /// Tells `callback` from now on.
    pub fn start(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, callback: v8::Global<v8::Function>) {
        if self.callback.replace(Some(callback)).is_none() {
            *self.mailbox.borrow_mut() = Some(Arc::clone(&Host::of(scope).mailbox));
            add(scope, self);
        }
    }

    /// Tells nobody any more.
    pub fn stop(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        if self.callback.take().is_some() {
            remove(scope, self);
            self.seen.take();
        }
    }

    /// Who is told, and of what it has not been told yet.
    pub fn take(&self) -> Option<(v8::Global<v8::Function>, Vec<Seen>)> {
        let callback = self.callback.borrow().clone()?;
        Some((callback, self.seen.take()))
    }
}

impl Collector for Observer {
    fn before(&self, _: &mut v8::Isolate) {
        self.begun.set(Some(Instant::now()));
    }

    fn after(&self, _: &mut v8::Isolate, kind: v8::GCType, flags: v8::GCCallbackFlags) {
        let Some(start) = self.begun.take() else { return };
        let mut seen = self.seen.borrow_mut();
        seen.push(Seen { kind: kind.0, flags: flags.0, start, duration: start.elapsed() });
        if seen.len() == 1
            && let Some(mailbox) = &*self.mailbox.borrow()
        {
            mailbox.send(crate::perf_hooks::tell_of_collections);
        }
    }
}
