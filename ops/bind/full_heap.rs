//! What a program does last when its heap is full. When V8 says that it cannot go on, nothing runs any more; so the heap
//! is given more at its limit, the program is interrupted for its last act, and then the process ends as it would have.
//! A program that has all of that memory taken by one call, without being interrupted, ends without the act.

use std::cell::Cell;
use std::ffi::c_void;
use std::rc::Rc;

use super::Host;
use super::interrupt::Interrupter;

/// How much more heap there is for the act, at least.
const EXTRA: usize = 64 << 20;

const LAST_WORDS: &[u8] =
    b"FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";

/// What the callback knows; it lives in a slot of the isolate, which takes it down after the heap.
struct Watch {
    interrupter: Interrupter,
    act: v8::Global<v8::Function>,
    is_full: Cell<bool>,
}

/// Has `act` called when the heap is full; none calls nothing from now on.
pub fn act_at_end(scope: &mut v8::PinScope<'_, '_>, act: Option<v8::Local<'_, v8::Function>>) {
    if scope.get_slot::<Rc<Watch>>().is_some() {
        scope.remove_near_heap_limit_callback(on_near_heap_limit, 0);
        scope.remove_slot::<Rc<Watch>>();
    }
    let Some(act) = act else { return };
    let watch = Rc::new(Watch {
        interrupter: Interrupter::new(scope),
        act: v8::Global::new(scope, act),
        is_full: Cell::new(false),
    });
    let data = Rc::as_ptr(&watch).cast_mut().cast();
    scope.set_slot(watch);
    scope.add_near_heap_limit_callback(on_near_heap_limit, data);
}

unsafe extern "C" fn on_near_heap_limit(data: *mut c_void, current: usize, _: usize) -> usize {
    // SAFETY: the pointer is that of `act_at_end`, and the isolate keeps what it points to.
    let watch = unsafe { &*data.cast::<Watch>() };
    if !watch.is_full.replace(true) {
        watch.interrupter.interrupt(end);
    }
    current.saturating_add(EXTRA.max(current / 2))
}

fn end(scope: &mut v8::PinScope<'_, '_>) {
    let Some(watch) = scope.get_slot::<Rc<Watch>>().cloned() else { return };
    Host::of(scope).stdio.write_all(2, LAST_WORDS);
    let act = v8::Local::new(scope, &watch.act);
    let receiver = v8::undefined(scope).into();
    act.call(scope, receiver, &[]);
    crate::sys::process::abort();
}
