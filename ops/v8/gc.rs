//! The class `GcWatch`: what the garbage collector does between `start` and `stop`.

use std::rc::Rc;

use super::{Args, Return, Scope, heap};
use crate::bind::class::Class;
use crate::bind::convert::string;
use crate::bind::gc::{Heap, Watch};
use crate::bind::object::{State, state};
use crate::object_class;

pub(super) const CLASS: Class = object_class!(GcWatch, new, raw: [start, stop]);

struct GcWatch(Rc<Watch>);

impl State for GcWatch {}

fn new() -> GcWatch {
    GcWatch(Rc::default())
}

fn start<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Some(watch) = state::<GcWatch>(scope, args.this()) {
        watch.0.start(scope);
    }
}

/// For each collection its kind, its microseconds, the heap before it and the heap after it.
fn stop<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(watch) = state::<GcWatch>(scope, args.this()) else { return };
    let Some(collections) = watch.0.stop(scope) else { return };
    let mut list = Vec::with_capacity(collections.len());
    for collection in collections {
        let kind = string(scope, collection.kind).into();
        let cost = v8::Number::new(scope, collection.duration.as_nanos() as f64 / 1e3).into();
        let before = describe(scope, &collection.before);
        let after = describe(scope, &collection.after);
        list.push(v8::Array::new_with_elements(scope, &[kind, cost, before, after]).into());
    }
    rv.set(v8::Array::new_with_elements(scope, &list).into());
}

fn describe<'s>(scope: &mut Scope<'s, '_>, heap: &Heap) -> v8::Local<'s, v8::Value> {
    let numbers = heap::numbers(scope, &heap.numbers);
    let mut spaces = Vec::with_capacity(heap.spaces.len());
    for (name, sizes) in &heap.spaces {
        let name = string(scope, name).into();
        let sizes = heap::numbers(scope, sizes);
        spaces.push(v8::Array::new_with_elements(scope, &[name, sizes]).into());
    }
    let spaces = v8::Array::new_with_elements(scope, &spaces).into();
    v8::Array::new_with_elements(scope, &[numbers, spaces]).into()
}
