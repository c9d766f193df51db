//! Watching the garbage collector at its work.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::time::{Duration, Instant};

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

impl Watch {
    /// Watches from now on.
    pub fn start(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        if self.running.replace(true) {
            return;
        }
        let data = Rc::into_raw(Rc::clone(self)).cast_mut().cast::<c_void>();
        scope.add_gc_prologue_callback(before, data, v8::GCType::kGCTypeAll);
        scope.add_gc_epilogue_callback(after, data, v8::GCType::kGCTypeAll);
    }

    /// Watches no longer; the collections that it has seen, or `None` where it has not been started.
    pub fn stop(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) -> Option<Vec<Collection>> {
        if !self.running.replace(false) {
            return None;
        }
        let data = Rc::as_ptr(self).cast_mut();
        scope.remove_gc_prologue_callback(before, data.cast());
        scope.remove_gc_epilogue_callback(after, data.cast());
        // SAFETY: `start` has made this count, and nothing calls back with the pointer any more.
        unsafe { Rc::decrement_strong_count(data.cast_const()) };
        Some(self.collections.take())
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

unsafe extern "C" fn before(
    isolate: v8::UnsafeRawIsolatePtr,
    _: v8::GCType,
    _: v8::GCCallbackFlags,
    data: *mut c_void,
) {
    // SAFETY: the pointer is `start`'s, and `stop` removes this callback before it gives up the count.
    let watch = unsafe { &*data.cast::<Watch>() };
    // SAFETY: V8 calls back on the thread of the isolate while that is alive.
    let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(isolate) };
    let heap = Heap::read(&mut isolate);
    *watch.begun.borrow_mut() = Some((Instant::now(), heap));
}

unsafe extern "C" fn after(
    isolate: v8::UnsafeRawIsolatePtr,
    gc_type: v8::GCType,
    _: v8::GCCallbackFlags,
    data: *mut c_void,
) {
    // SAFETY: the pointer is `start`'s, and `stop` removes this callback before it gives up the count.
    let watch = unsafe { &*data.cast::<Watch>() };
    let Some((begun, heap)) = watch.begun.borrow_mut().take() else { return };
    let duration = begun.elapsed();
    // SAFETY: V8 calls back on the thread of the isolate while that is alive.
    let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(isolate) };
    let after = Heap::read(&mut isolate);
    let collection = Collection { kind: kind(gc_type), before: heap, after, duration };
    watch.collections.borrow_mut().push(collection);
}
