//! V8's platform and isolates.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Once};
use std::time::{Duration, Instant};

use ironode_ops::bind::Binding;
use ironode_ops::bind::allocator::{self, Blocks};
use ironode_ops::bind::remote::{Cause, Outcome, Remote};
use ironode_ops::bind::task::{Mailbox, lock};
use ironode_ops::sys::tiering;
use ironode_ops::task_queue::on_promise_reject;

use crate::modules::{self, module_wrap};
use crate::stand_ins;

/// Tasks that V8 wants to run on the thread of one isolate.
#[derive(Default)]
pub(crate) struct ForegroundTasks {
    state: Mutex<Waiting>,
    /// Whether there may be tasks: asked in every turn of the loop, without the lock.
    filled: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    ready: VecDeque<v8::Task>,
    delayed: Vec<(Instant, v8::Task)>,
    mailbox: Option<Arc<Mailbox>>,
    closed: bool,
}

impl ForegroundTasks {
    /// Has `mailbox` woken when a task comes.
    pub(crate) fn wake(&self, mailbox: Arc<Mailbox>) {
        lock(&self.state).mailbox = Some(mailbox);
    }

    /// Whether a task waits, due or not.
    pub(crate) fn is_filled(&self) -> bool {
        self.filled.load(Ordering::Acquire)
    }

    /// Whether a task is due.
    pub(crate) fn has_due(&self) -> bool {
        if !self.is_filled() {
            return false;
        }
        let state = lock(&self.state);
        !state.ready.is_empty() || state.delayed.iter().any(|(time, _)| *time <= Instant::now())
    }

    /// The tasks that are due.
    pub(crate) fn take(&self) -> VecDeque<v8::Task> {
        if !self.is_filled() {
            return VecDeque::new();
        }
        let mut state = lock(&self.state);
        let mut ready = std::mem::take(&mut state.ready);
        if !state.delayed.is_empty() {
            let now = Instant::now();
            let due = state.delayed.extract_if(.., |(time, _)| *time <= now);
            ready.extend(due.map(|(_, task)| task));
        }
        self.filled.store(!state.delayed.is_empty(), Ordering::Release);
        ready
    }

    /// When the next delayed task is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        if !self.is_filled() {
            return None;
        }
        lock(&self.state).delayed.iter().map(|(time, _)| *time).min()
    }

    /// Drops what is there and what comes.
    fn close(&self) {
        let mut state = lock(&self.state);
        state.closed = true;
        state.mailbox = None;
        let left = (std::mem::take(&mut state.ready), std::mem::take(&mut state.delayed));
        drop(state);
        drop(left);
    }

    fn push(&self, task: v8::Task, delay: f64) {
        let mut state = lock(&self.state);
        if state.closed {
            drop(state);
            drop(task);
            return;
        }
        if delay > 0.0 {
            state.delayed.push((Instant::now() + Duration::from_secs_f64(delay), task));
        } else {
            state.ready.push_back(task);
        }
        self.filled.store(true, Ordering::Release);
        if let Some(mailbox) = &state.mailbox {
            mailbox.wake();
        }
    }
}

type Registry = HashMap<usize, Arc<ForegroundTasks>>;

/// The task queues by the address of their isolate. V8 posts tasks from any thread and while an
/// isolate is still being made, so that a queue comes into being at the first of either.
static TASKS: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

fn tasks_at(address: usize) -> Arc<ForegroundTasks> {
    Arc::clone(lock(&TASKS).entry(address).or_default())
}

fn address(isolate: &v8::Isolate) -> usize {
    // SAFETY: only the address is used, while the isolate is alive.
    let pointer = unsafe { isolate.as_raw_isolate_ptr() };
    // SAFETY: the wrapper is one pointer wide and plain data.
    unsafe { std::mem::transmute::<v8::UnsafeRawIsolatePtr, usize>(pointer) }
}

/// The queue of the tasks of `isolate`, which is new. An isolate that was at its address before has left a closed one.
pub(crate) fn tasks(isolate: &v8::Isolate) -> Arc<ForegroundTasks> {
    let mut registry = lock(&TASKS);
    let queue = registry.entry(address(isolate)).or_default();
    if lock(&queue.state).closed {
        *queue = Arc::default();
    }
    Arc::clone(queue)
}

thread_local! {
    /// The isolates of this thread in the order of their making, each with itself once its runtime has gone.
    static ENTERED: RefCell<Vec<(usize, Option<v8::OwnedIsolate>)>> = const { RefCell::new(Vec::new()) };
    /// What other threads know of the worker whose thread this is.
    static WORKER: RefCell<Option<Arc<Remote>>> = const { RefCell::new(None) };
}

/// Says whose thread this is.
pub(crate) fn on_this_thread(worker: Option<Arc<Remote>>) {
    WORKER.replace(worker);
}

/// The isolate of a runtime, which goes with it.
pub(crate) struct Owned {
    isolate: ManuallyDrop<v8::OwnedIsolate>,
    /// Whether the isolate has gone already.
    is_gone: bool,
}

impl Owned {
    pub(crate) fn new(isolate: v8::OwnedIsolate) -> Self {
        Owned { isolate: ManuallyDrop::new(isolate), is_gone: false }
    }

    /// Makes a snapshot of the isolate, which goes: nothing may reach it any more.
    #[allow(dead_code, reason = "the library calls it, the build script does not")]
    pub(crate) fn keep(&mut self, code: v8::FunctionCodeHandling) -> Option<v8::StartupData> {
        self.is_gone = true;
        // SAFETY: it is taken once, as `is_gone` tells.
        let isolate = unsafe { ManuallyDrop::take(&mut self.isolate) };
        let gone = address(&isolate);
        ENTERED.with_borrow_mut(|entered| entered.retain(|(address, _)| *address != gone));
        isolate.create_blob(code)
    }
}

impl Deref for Owned {
    type Target = v8::OwnedIsolate;
    fn deref(&self) -> &v8::OwnedIsolate {
        &self.isolate
    }
}

impl DerefMut for Owned {
    fn deref_mut(&mut self) -> &mut v8::OwnedIsolate {
        &mut self.isolate
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if !self.is_gone {
            // SAFETY: nothing reaches the isolate after this.
            dispose(unsafe { ManuallyDrop::take(&mut self.isolate) });
        }
    }
}

/// Takes an isolate down. V8 wants isolates of one thread to go in the reverse order of their making, so that one
/// below others waits for them.
fn dispose(isolate: v8::OwnedIsolate) {
    let gone = address(&isolate);
    ENTERED.with_borrow_mut(|entered| match entered.iter_mut().find(|(address, _)| *address == gone) {
        Some((_, place)) => *place = Some(isolate),
        None => std::mem::forget(isolate),
    });
    loop {
        let last = ENTERED.with_borrow_mut(|entered| match entered.last() {
            Some((_, Some(_))) => entered.pop(),
            _ => None,
        });
        let Some((address, Some(isolate))) = last else { return };
        let tasks = tasks_at(address);
        tasks.close();
        drop(isolate);
        // Another isolate may have got the same address, and a queue of its own.
        let mut registry = lock(&TASKS);
        if registry.get(&address).is_some_and(|found| Arc::ptr_eq(found, &tasks)) {
            registry.remove(&address);
        }
    }
}

struct Platform;

impl v8::PlatformImpl for Platform {
    fn post_task(&self, isolate: *mut c_void, task: v8::Task) {
        tasks_at(isolate as usize).push(task, 0.0);
    }

    fn post_non_nestable_task(&self, isolate: *mut c_void, task: v8::Task) {
        tasks_at(isolate as usize).push(task, 0.0);
    }

    fn post_delayed_task(&self, isolate: *mut c_void, task: v8::Task, delay: f64) {
        tasks_at(isolate as usize).push(task, delay);
    }

    fn post_non_nestable_delayed_task(&self, isolate: *mut c_void, task: v8::Task, delay: f64) {
        tasks_at(isolate as usize).push(task, delay);
    }
}

/// How V8 differs from what it is by itself: `v8.setFlagsFromString()` may change flags at any time; there is `import
/// source`; a start does not compile anything for the long run; and there are no gaps in read-only memory, each of
/// which costs a start a call.
const OWN_FLAGS: &str = "--no-freeze-flags-after-init --js-source-phase-imports \
    --baseline-batch-compilation-threshold=65536 --no-unmap-holes";

/// Initialises V8 once a process, with `flags` in V8's own spelling, for a program of many modules where `is_large` is
/// set. The unprotected platform lets any thread own an isolate.
pub(crate) fn initialize(flags: &[String], is_large: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        v8::V8::set_flags_from_string(OWN_FLAGS);
        if !flags.is_empty() {
            v8::V8::set_flags_from_string(&flags.join(" "));
        } else {
            tiering::begin_start();
        }
        v8::V8::set_fatal_error_handler(on_fatal_error);
        stand_ins::begin(is_large);
        v8::V8::set_entropy_source(ironode_ops::sys::random::fill);
        // Trace events tell of every thread.
        stand_ins::hold_threads(!ironode_ops::trace_events::log::is_used());
        let platform = v8::new_custom_platform(0, false, true, Platform).make_shared();
        stand_ins::hold_threads(false);
        ironode_ops::bind::tracing_controller::install(&platform);
        v8::V8::initialize_platform(platform);
        v8::V8::initialize();
    });
}

/// Whether V8 has a flag, such as `--stack-size=2000`, before V8 is initialised.
pub fn accepts_v8_flag(flag: &str) -> bool {
    let args = vec![String::from("ironode"), flag.to_owned()];
    v8::V8::set_flags_from_command_line(args).len() == 1
}

/// Has V8 print its flags on the process's standard output.
pub fn print_v8_options() {
    v8::V8::set_flags_from_string("--help");
}

/// Every binding, in the fixed order that snapshots rely on.
pub(crate) fn bindings() -> impl Iterator<Item = &'static Binding> {
    ironode_ops::BINDINGS.iter().chain(modules::BINDINGS).chain(crate::LATE_BINDINGS)
}

/// Every native address that a snapshot may refer to, and the null that V8 wants behind them.
pub(crate) fn external_references() -> &'static [v8::ExternalReference] {
    static LIST: LazyLock<References> = LazyLock::new(|| References(list_references()));
    &LIST.0
}

/// The texts of the JavaScript layer as V8 takes them. A snapshot that has compiled them refers to them.
#[cfg(not(debug_assertions))]
pub(crate) static TEXTS: [v8::OneByteConst; ironode_js::TEXTS.len()] = {
    let mut texts = [const { v8::String::create_external_onebyte_const(b"") }; ironode_js::TEXTS.len()];
    let mut at = 0;
    while at < texts.len() {
        let text = ironode_js::TEXTS[at].as_bytes();
        // SAFETY: what makes the list refuses texts that are not ASCII.
        texts[at] = unsafe { v8::String::create_external_onebyte_const_unchecked(text) };
        at += 1;
    }
    texts
};

struct References(Vec<v8::ExternalReference>);

// SAFETY: the addresses are of functions and constants; nobody writes there.
unsafe impl Send for References {}
// SAFETY: as above.
unsafe impl Sync for References {}

fn list_references() -> Vec<v8::ExternalReference> {
    let known = ironode_ops::BINDINGS.iter().chain(modules::BINDINGS);
    let mut references: Vec<_> = known.flat_map(Binding::external_references).collect();
    references.extend(crate::bootstrap::external_references());
    references.push(v8::ExternalReference { message: on_message });
    #[cfg(not(debug_assertions))]
    references.extend(TEXTS.iter().map(|text| {
        let text = std::ptr::from_ref(text).cast_mut().cast();
        v8::ExternalReference { pointer: text }
    }));
    references.extend(crate::LATE_BINDINGS.iter().flat_map(Binding::external_references));
    references.push(v8::ExternalReference { pointer: std::ptr::null_mut() });
    references
}

/// The sizes that an isolate may reach, in bytes.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// The whole heap.
    pub(crate) heap: Option<usize>,
    /// The young generation.
    pub(crate) young: Option<usize>,
    /// What the young generation begins with.
    pub(crate) young_at_first: Option<usize>,
    /// The old generation.
    pub(crate) old: Option<usize>,
    /// Compiled code.
    pub(crate) code: Option<usize>,
    /// What JavaScript may use of the calling thread's stack from here on; V8's default where it is not told.
    pub(crate) stack: Option<usize>,
}

impl Limits {
    /// Whether the heap is as large as V8 makes it.
    pub(crate) fn is_usual(&self) -> bool {
        self.heap.is_none() && self.young.is_none() && self.old.is_none() && self.code.is_none()
    }
}

/// The sizes in the order of `resourceLimits`, before the stack: what is not limited is as large as V8 makes it.
pub(crate) fn heap_sizes(limits: &Limits) -> [usize; 3] {
    let params = with_heap_limits(v8::CreateParams::default(), limits);
    [
        params.max_young_generation_size_in_bytes(),
        params.max_old_generation_size_in_bytes(),
        params.code_range_size_in_bytes(),
    ]
}

/// The size that the young generation of a process begins with: room for what a program of some size makes as it
/// starts, which stays. Memory is taken as it is filled.
pub(crate) const YOUNG_AT_FIRST: usize = 24 << 20;

fn with_heap_limits(mut params: v8::CreateParams, limits: &Limits) -> v8::CreateParams {
    params = match limits.heap {
        Some(limit) => params.heap_limits(0, limit),
        None => params.heap_limits_from_system_memory(ironode_ops::process::memory_limit(), 0),
    };
    if let Some(young) = limits.young_at_first {
        params = params.set_initial_young_generation_size_in_bytes(young);
    }
    if let Some(young) = limits.young {
        params = params.set_max_young_generation_size_in_bytes(young);
    }
    if let Some(old) = limits.old {
        params = params.set_max_old_generation_size_in_bytes(old);
    }
    if let Some(code) = limits.code {
        params = params.set_code_range_size_in_bytes(code);
    }
    params
}

/// Makes an isolate that is kept in a snapshot in the end.
#[allow(dead_code, reason = "the library calls it, the build script does not")]
pub(crate) fn create_to_be_kept(snapshot: Option<&'static [u8]>) -> v8::OwnedIsolate {
    let references = Some(external_references().into());
    let params = v8::CreateParams::default().array_buffer_allocator(Blocks::of_this_thread().allocator());
    let mut isolate = match snapshot {
        Some(snapshot) => v8::Isolate::snapshot_creator_from_existing_snapshot(
            v8::StartupData::from(snapshot),
            references,
            Some(params),
        ),
        None => v8::Isolate::snapshot_creator(references, Some(params)),
    };
    configure(&mut isolate);
    isolate.add_message_listener(on_message);
    ENTERED.with_borrow_mut(|entered| entered.push((address(&isolate), None)));
    isolate
}

/// Makes an isolate for a runtime.
pub(crate) fn create(snapshot: Option<&'static [u8]>, limits: &Limits) -> v8::OwnedIsolate {
    let mut isolate = revive(snapshot, limits);
    isolate.add_message_listener(on_message);
    isolate
}

/// Makes an isolate from a snapshot that [`create_to_be_kept`] was the beginning of, which has kept the listener.
pub(crate) fn revive(snapshot: Option<&'static [u8]>, limits: &Limits) -> v8::OwnedIsolate {
    let mut params = v8::CreateParams::default()
        .external_references(external_references().into())
        .array_buffer_allocator(Blocks::of_this_thread().allocator());
    if let Some(snapshot) = snapshot {
        params = params.snapshot_blob(v8::StartupData::from(snapshot));
    }
    params = with_heap_limits(params, limits);
    let mut isolate = v8::Isolate::new(params);
    allocator::watch_collections(&mut isolate);
    configure(&mut isolate);
    if let Some(stack) = limits.stack {
        let here = std::ptr::from_ref(&stack).addr();
        // SAFETY: the isolate is new and this thread's; the stack reaches that far, since whoever sets the limit has
        // made it larger.
        unsafe { set_stack_limit(address(&isolate), here.saturating_sub(stack)) };
    }
    ENTERED.with_borrow_mut(|entered| entered.push((address(&isolate), None)));
    isolate
}

unsafe extern "C" {
    /// `v8::Isolate::SetStackLimit`, for which the crate has no name: the lowest address that JavaScript may use.
    #[link_name = "_ZN2v87Isolate13SetStackLimitEm"]
    fn set_stack_limit(isolate: usize, limit: usize);

    /// `v8::Isolate::SetPrepareStackTraceCallback`: the crate's takes callbacks that cannot throw.
    #[link_name = "v8__Isolate__SetPrepareStackTraceCallback"]
    fn set_prepare_stack_trace_callback(isolate: usize, callback: PrepareStackTrace);
}

type PrepareStackTrace = for<'s> unsafe extern "C" fn(
    v8::Local<'s, v8::Context>,
    v8::Local<'s, v8::Value>,
    v8::Local<'s, v8::Array>,
) -> *const v8::Value;

/// Has Node's rules make the stacks of errors, in every context of the isolate. Its hooks must be there.
pub(crate) fn make_stacks(isolate: &v8::OwnedIsolate) {
    // SAFETY: the isolate is this thread's, and the callback has the signature that V8 calls.
    unsafe { set_prepare_stack_trace_callback(address(isolate), on_stack) };
}

/// The first use of the stack of an error, which was made in `context`.
unsafe extern "C" fn on_stack(
    context: v8::Local<'_, v8::Context>,
    error: v8::Local<'_, v8::Value>,
    call_sites: v8::Local<'_, v8::Array>,
) -> *const v8::Value {
    // SAFETY: V8 calls this with the live context of the error.
    v8::callback_scope!(unsafe scope, context);
    let context = v8::Local::new(scope, context);
    let scope = &mut v8::ContextScope::new(scope, context);
    let (error, call_sites) = (v8::Local::new(scope, error), v8::Local::new(scope, call_sites));
    // Neither scope has handles of its own: the result lives in the caller's.
    modules::stack::prepare(scope, error, call_sites)
        .map_or(std::ptr::null(), |stack| std::ptr::from_ref(&*stack))
}

/// Ends the worker of `remote` when its heap is nearly full. The isolate must not outlive `remote`.
pub(crate) fn guard_heap(isolate: &mut v8::OwnedIsolate, remote: &Arc<Remote>) {
    isolate.add_near_heap_limit_callback(on_near_heap_limit, Arc::as_ptr(remote).cast_mut().cast());
}

/// How much more an ending worker may take: what runs until V8 next looks whether it shall stop.
const EXTRA_HEAP: usize = 64 << 20;

unsafe extern "C" fn on_near_heap_limit(data: *mut c_void, current: usize, _: usize) -> usize {
    // SAFETY: the pointer is that of `guard_heap`, which outlives the isolate.
    let remote = unsafe { &*data.cast::<Remote>() };
    remote.stop(Cause::OutOfMemory);
    current.saturating_add(EXTRA_HEAP.max(current / 2))
}

/// The settings of every isolate that runs programs.
pub(crate) fn configure(isolate: &mut v8::OwnedIsolate) {
    isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
    isolate.set_promise_reject_callback(on_promise_reject);
    isolate.set_oom_error_handler(on_out_of_memory);
    isolate.set_host_import_module_dynamically_callback(module_wrap::import_dynamically);
    isolate.set_host_import_module_with_phase_dynamically_callback(module_wrap::import_with_phase);
    isolate.set_host_initialize_import_meta_object_callback(on_import_meta);
    isolate.set_host_create_shadow_realm_context_callback(crate::modules::shadow_realm::create);
    isolate.set_wasm_streaming_callback(ironode_ops::wasm_streaming::begin);
}

/// An exception that V8 reports by itself: one that escaped from a microtask.
extern "C" fn on_message(message: v8::Local<'_, v8::Message>, exception: v8::Local<'_, v8::Value>) {
    // SAFETY: V8 calls the listener with a live message of a current isolate.
    v8::callback_scope!(unsafe scope, message);
    // SAFETY: the isolate of a runtime has its context entered while JavaScript runs.
    let context = scope.get_current_context();
    let scope = &mut v8::ContextScope::new(scope, context);
    ironode_ops::bind::uncaught::uncaught(scope, exception, Some(message), false);
}

/// The first use of `import.meta` in a module.
unsafe extern "C" fn on_import_meta(
    context: v8::Local<'_, v8::Context>,
    module: v8::Local<'_, v8::Module>,
    meta: v8::Local<'_, v8::Object>,
) {
    // SAFETY: V8 calls this with the live context of the module.
    v8::callback_scope!(unsafe scope, context);
    let (module, meta) = (v8::Local::new(scope, module), v8::Local::new(scope, meta));
    module_wrap::initialize_import_meta(scope, module, meta);
}

/// The engine cannot go on: Node's words, then SIGABRT.
unsafe extern "C" fn on_out_of_memory(location: *const std::ffi::c_char, details: &v8::OomDetails) {
    let heap = if details.is_heap_oom { "JavaScript heap out of memory" } else { "out of memory" };
    let place = if location.is_null() {
        String::new()
    } else {
        // SAFETY: V8 passes a terminated string that lives through the call.
        unsafe { std::ffi::CStr::from_ptr(location) }.to_string_lossy().into_owned()
    };
    stop_worker();
    let text = format!("FATAL ERROR: {place} Allocation failed - {heap}\n");
    let _ = ironode_ops::sys::fd::write(2, text.as_bytes());
    ironode_ops::sys::process::abort();
}

/// What V8 says of a table or an array that has outgrown what an object can hold.
const OUTGROWN: &str = "Fatal JavaScript invalid size error";

/// The engine has found a mistake; where this returns, the process ends.
fn on_fatal_error(_: &str, _: i32, message: &str) {
    if message.starts_with(OUTGROWN) {
        stop_worker();
    }
}

/// Ends the worker whose thread this is for want of memory. The engine takes no answer, and only this thread may not
/// go on. Returns where this is no worker's thread.
fn stop_worker() {
    if let Some(remote) = WORKER.with_borrow(Option::clone) {
        remote.stop(Cause::OutOfMemory);
        remote.finish(Outcome { code: 1, cause: Some(Cause::OutOfMemory), is_stuck: true });
        loop {
            std::thread::park();
        }
    }
}
