//! Native half of `js/perf_hooks.js`: the clock of `performance`, and when the stages of a runtime's
//! life began.

mod estimates;
mod export;
pub mod histogram;
mod special;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use v8::fast_api::{CFunction, CFunctionInfo, CTypeInfo, Int64Representation, Type};

use self::histogram::Histogram;
use crate::bind::call::Callback;
use crate::bind::fast::install;
use crate::bind::gc::{Observer, Seen};
use crate::bind::{Binding, Exported, Host, IntoJs};
use crate::{binding, exported, trace_events};

/// `internalBinding('perf_hooks')`. Times other than the clock's are in milliseconds with a fraction.
pub const BINDING: Binding = binding! {
    "perf_hooks",
    sync: [clock_origin, time_origin, stage, loop_idle_time, loop_metrics],
    raw: [observe_collections],
    extend: extend,
    references: references,
};

/// A stage of a runtime's life.
#[derive(Debug, Clone, Copy)]
pub enum Stage {
    /// The runtime is being built.
    NodeStart,
    /// V8 is being initialised.
    V8Start,
    /// The runtime has its state, and its JavaScript layer is being loaded.
    Environment,
    /// The JavaScript layer is there.
    BootstrapComplete,
    /// The event loop has begun.
    LoopStart,
    /// The event loop has ended.
    LoopExit,
}

/// How many [`Stage`]s there are.
const STAGES: usize = Stage::LoopExit as usize + 1;

/// The times of one runtime.
#[derive(Debug)]
pub struct Timing {
    origin: Instant,
    epoch: SystemTime,
    stages: [Cell<Option<Duration>>; STAGES],
    loop_clock: Arc<LoopClock>,
    turns: Cell<u32>,
    events: Cell<u32>,
    waiting: Cell<u32>,
    monitors: RefCell<Vec<TurnMonitor>>,
}

/// A histogram of the time from one wait of the event loop to the next.
#[derive(Debug)]
struct TurnMonitor {
    histogram: Histogram,
    /// When the last wait ended.
    began: Cell<Option<Instant>>,
}

impl Default for Timing {
    /// Begins now.
    fn default() -> Self {
        Timing {
            origin: Instant::now(),
            epoch: SystemTime::now(),
            stages: Default::default(),
            loop_clock: Arc::default(),
            turns: Cell::default(),
            events: Cell::default(),
            waiting: Cell::default(),
            monitors: RefCell::default(),
        }
    }
}

impl Timing {
    /// The times of a worker: its clock begins where that of its process does.
    pub fn for_worker(&self) -> Self {
        Timing { origin: self.origin, epoch: self.epoch, ..Timing::default() }
    }

    /// Notes that `stage` has been reached; only the first time counts.
    pub fn reach(&self, stage: Stage) {
        let time = &self.stages[stage as usize];
        if time.get().is_none() {
            time.set(Some(self.origin.elapsed()));
            trace_events::reach(stage);
            if matches!(stage, Stage::LoopStart) {
                self.loop_clock.start.store(clock(), Ordering::Release);
            }
        }
    }

    /// Counts a turn of the event loop.
    pub fn count_turn(&self) {
        self.turns.set(self.turns.get().wrapping_add(1));
    }

    /// Counts events that the event loop found, after a wait if `waited`.
    pub fn count_events(&self, count: usize, waited: bool) {
        self.events.set(self.events.get().wrapping_add(count as u32));
        if !waited {
            self.waiting.set(self.waiting.get().wrapping_add(count as u32));
        }
    }

    fn monitor_turns(&self, histogram: Histogram) {
        self.monitors.borrow_mut().push(TurnMonitor { histogram, began: Cell::default() });
    }

    fn forget_turns(&self, histogram: &Histogram) {
        self.monitors.borrow_mut().retain(|it| !Arc::ptr_eq(&it.histogram.0, &histogram.0));
    }

    /// Says that the event loop is about to look for events.
    pub fn end_turn(&self) {
        for monitor in &*self.monitors.borrow() {
            if let Some(began) = monitor.began.take() {
                monitor.histogram.record_time(began.elapsed());
            }
        }
    }

    /// Says that the event loop has looked for events.
    pub fn begin_turn(&self) {
        for monitor in &*self.monitors.borrow() {
            monitor.began.set(Some(Instant::now()));
        }
    }

    /// Says that the event loop begins to wait.
    pub fn begin_idle(&self) {
        self.loop_clock.waiting.store(clock(), Ordering::Relaxed);
    }

    /// Counts the time that the event loop has waited since `start`.
    pub fn count_idle(&self, start: Instant) {
        self.loop_clock.waiting.store(0, Ordering::Relaxed);
        self.loop_clock.idle.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
    }

    /// What other threads may ask of the event loop.
    pub fn loop_clock(&self) -> Arc<LoopClock> {
        Arc::clone(&self.loop_clock)
    }
}

/// When an event loop began and how long it has waited, in nanoseconds.
#[derive(Debug, Default)]
pub struct LoopClock {
    /// On `clock()`; 0 before it has begun.
    start: AtomicU64,
    idle: AtomicU64,
    /// When the wait of now began; 0 where there is none.
    waiting: AtomicU64,
}

impl LoopClock {
    /// How long the event loop has waited, in nanoseconds.
    fn idle(&self) -> u64 {
        let waiting = self.waiting.load(Ordering::Relaxed);
        let now = if waiting > 0 { clock().saturating_sub(waiting) } else { 0 };
        self.idle.load(Ordering::Relaxed) + now
    }

    /// For how long the event loop has run and how long it has waited, in milliseconds; `None` before it has begun.
    pub fn read(&self) -> Option<(f64, f64)> {
        let start = self.start.load(Ordering::Acquire);
        let idle = self.idle();
        (start > 0).then(|| ((clock() - start) as f64 / 1e6, idle as f64 / 1e6))
    }
}

/// Nanoseconds since the clock began.
fn clock() -> u64 {
    BEGINNING.elapsed().as_nanos() as u64
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

/// Where the clock begins: near the time at which the process does, so that nanoseconds since then are
/// exact in JavaScript's numbers.
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

extern "C" fn clock_fast(_: v8::Local<'_, v8::Value>) -> f64 {
    BEGINNING.elapsed().as_nanos() as f64
}

/// Adds `clock()`, which gives nanoseconds.
fn extend(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    const TYPES: &[CTypeInfo] = &[Type::V8Value.as_info()];
    const INFO: &CFunctionInfo =
        &CFunctionInfo::new(Type::Float64.as_info(), TYPES, Int64Representation::Number);
    const FAST: &[CFunction] = &[CFunction::new(clock_fast as *const c_void, INFO)];
    install(scope, object, slow_clock(), FAST);
}

/// `clock()` where code is not optimised.
fn slow_clock() -> Exported {
    exported!("clock", |scope, args, rv| {
        let _ = scope;
        let mut rv = rv;
        rv.set_double(clock_fast(args.this().into()));
    })
}

/// What programs that are kept in a snapshot refer to.
fn references() -> Vec<v8::ExternalReference> {
    vec![v8::ExternalReference { function: slow_clock().callback }]
}

/// What `clock()` was when the runtime began.
fn clock_origin(host: Rc<Host>) -> f64 {
    let (beginning, origin) = (*BEGINNING, host.config.timing.origin);
    match origin.checked_duration_since(beginning) {
        Some(later) => later.as_nanos() as f64,
        None => -(beginning.duration_since(origin).as_nanos() as f64),
    }
}

/// When the runtime began, since 1970 and to the microsecond.
fn time_origin(host: Rc<Host>) -> f64 {
    let since = host.config.timing.epoch.duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_micros() as f64 / 1e3)
}

/// When the [`Stage`] of that number began, since the origin; -1 where it has not.
fn stage(host: Rc<Host>, index: u32) -> f64 {
    let time = host.config.timing.stages.get(index as usize).and_then(Cell::get);
    time.map_or(-1.0, milliseconds)
}

/// How long the event loop has waited for events.
fn loop_idle_time(host: Rc<Host>) -> f64 {
    host.config.timing.loop_clock.idle() as f64 / 1e6
}

/// How many turns the event loop has made, how many events it has had, and how many of these it did
/// not wait for.
fn loop_metrics(host: Rc<Host>) -> (u32, u32, u32) {
    let timing = &host.config.timing;
    (timing.turns.get(), timing.events.get(), timing.waiting.get())
}

/// `observeCollections(callback)`: has it called with a list of the collections of garbage that there have been,
/// four numbers for each: V8's for its kind and its flags, its start since the origin and its duration, both in
/// milliseconds. Nothing instead of a function ends it.
fn observe_collections<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let observer = Host::of(scope).extension::<Collections>();
    match v8::Local::<v8::Function>::try_from(args.get(0)) {
        Ok(callback) => {
            let callback = v8::Global::new(scope, callback);
            observer.0.start(scope, callback);
        }
        Err(_) => observer.0.stop(scope),
    }
}

#[derive(Default)]
struct Collections(Rc<Observer>);

/// Tells the program of the collections since the last time.
pub fn tell_of_collections(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    let Some((callback, seen)) = host.extension::<Collections>().0.take() else { return };
    let origin = host.config.timing.origin;
    let numbers = seen.iter().flat_map(|Seen { kind, flags, start, duration }| {
        let start = milliseconds(start.saturating_duration_since(origin));
        [f64::from(*kind), f64::from(*flags), start, milliseconds(*duration)]
    });
    let Ok(list) = numbers.collect::<Vec<_>>().into_js(scope) else { return };
    let callback = v8::Local::new(scope, callback);
    Callback::new(scope, callback).call(scope, &[list]);
}
