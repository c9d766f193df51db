//! `--heapsnapshot-near-heap-limit`: snapshots of the heap in files when it is nearly full.

use std::cell::Cell;
use std::ffi::c_void;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::rc::Rc;

use super::permission::Scope;
use super::{Host, diagnostic};

/// How much more heap there is while a snapshot is taken, and after it, at least.
const EXTRA: usize = 64 << 20;

/// What the callback knows; it lives in a slot of the isolate, which takes it down after the heap.
struct Watch {
    isolate: v8::UnsafeRawIsolatePtr,
    allowed: u32,
    taken: Cell<u32>,
    is_busy: Cell<bool>,
}

/// Begins to watch: at most so many snapshots are taken. Only the first call counts.
pub fn watch(isolate: &mut v8::Isolate, allowed: u32) {
    if allowed == 0 || isolate.get_slot::<Rc<Watch>>().is_some() {
        return;
    }
    // SAFETY: the pointer is used only while the isolate calls back.
    let raw = unsafe { isolate.as_raw_isolate_ptr() };
    let watch = Rc::new(Watch { isolate: raw, allowed, taken: Cell::new(0), is_busy: Cell::new(false) });
    let data = Rc::as_ptr(&watch).cast_mut().cast();
    isolate.set_slot(watch);
    isolate.add_near_heap_limit_callback(on_near_heap_limit, data);
}

unsafe extern "C" fn on_near_heap_limit(data: *mut c_void, current: usize, _: usize) -> usize {
    // SAFETY: the pointer is that of `watch`, and the isolate keeps what it points to.
    let watch = unsafe { &*data.cast::<Watch>() };
    let more = current.saturating_add(EXTRA.max(current / 2));
    // A snapshot takes memory itself.
    if watch.is_busy.replace(true) {
        return more;
    }
    let mut raw = watch.isolate;
    // SAFETY: the isolate is the one that calls, on its own thread.
    let isolate = unsafe { v8::Isolate::ref_from_raw_isolate_ptr_mut(&mut raw) };
    watch.taken.set(watch.taken.get() + 1);
    take(isolate);
    watch.is_busy.set(false);
    if watch.taken.get() >= watch.allowed {
        isolate.remove_near_heap_limit_callback(on_near_heap_limit, 0);
    }
    more
}

/// Writes a snapshot into a file, if the program may.
fn take(isolate: &mut v8::Isolate) {
    let host = Host::of(isolate);
    let name = diagnostic::file_name(&host, "Heap", "heapsnapshot");
    let file = host.cwd().unwrap_or_default().join(diagnostic::folder(&host)).join(name);
    if let Some(permissions) = &host.permissions
        && !permissions.has(&host, Scope::FsWrite, file.as_os_str().as_encoded_bytes())
    {
        return;
    }
    let message = match write(isolate, &file) {
        Ok(()) => format!("Wrote snapshot to {}\n", file.display()),
        Err(error) => format!("Failed to write snapshot to {}: {error}\n", file.display()),
    };
    host.stdio.write_all(2, message.as_bytes());
}

fn write(isolate: &mut v8::Isolate, file: &std::path::Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut outcome = Ok(());
    isolate.take_heap_snapshot(|chunk| {
        outcome = out.write_all(chunk);
        outcome.is_ok()
    });
    outcome.and_then(|()| out.flush())
}
