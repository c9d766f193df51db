//! The event loop: libuv's phases in libuv's order.
//!
//! Between any two callbacks the tick queue and the microtasks are drained, by
//! [`call::call_back`](ironode_ops::bind::call::call_back).

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use ironode_ops::bind::{Host, call};
use ironode_ops::perf_hooks::Stage;
use ironode_ops::sys::alarm::Alarm;
use ironode_ops::sys::{memory, signal, tiering};
use ironode_ops::trace_events::Span;
use ironode_ops::trace_events::category::ENVIRONMENT;
use v8::MemoryPressureLevel;

use crate::{Exit, Runtime};

/// How many turns may pass without a look at the reactor while nothing is registered with it.
const IDLE_TURNS: u32 = 256;

/// How many turns may pass without a look at the reactor while answers are met before it tells of them.
const TALKING_TURNS: u32 = 8;

/// A runtime that has nothing to do for as long gives back what a burst of work has left behind.
const REST: Duration = Duration::from_millis(500);

/// Up to this size of the heap garbage is collected for that, which takes some milliseconds.
const SMALL_HEAP: usize = 128 << 20;

/// How often the pending phase runs for what poll brought about.
const PENDING_ROUNDS: u32 = 8;

/// Goes round until nothing is left to do, lets the program add work in `beforeExit`, and ends with
/// `exit`.
pub(crate) async fn run(runtime: &mut Runtime) -> Exit {
    runtime.host.config.timing.reach(Stage::LoopStart);
    tiering::end_start();
    loop {
        if let Progress::Exit(exit) = run_until(runtime, || false).await {
            return exit;
        }
        emit_before_exit(runtime);
        if runtime.exit().is_none() && !is_alive(runtime) {
            runtime.host.config.timing.reach(Stage::LoopExit);
            return emit_exit(runtime);
        }
    }
}

/// How far [`run_until`] has come.
pub(crate) enum Progress {
    /// To what it was asked for.
    Done,
    /// The program has ended.
    Exit(Exit),
    /// Nothing is left to do.
    Idle,
}

/// Goes round until `is_done`, the program ends or nothing is left to do. Who makes it done wakes the poll phase.
pub(crate) async fn run_until(runtime: &mut Runtime, is_done: impl Fn() -> bool) -> Progress {
    loop {
        if is_done() {
            return Progress::Done;
        }
        if let Some(exit) = runtime.exit() {
            return Progress::Exit(exit);
        }
        if is_alive(runtime) {
            turn(runtime).await;
        } else if runtime.tasks.has_due() {
            // What V8 has to do, such as calling what waits for an object to be collected, comes before the end; it
            // is no turn in which unreferenced immediates would run.
            deliver(runtime, false);
        } else {
            return Progress::Idle;
        }
    }
}

/// One turn of the loop.
async fn turn(runtime: &mut Runtime) {
    runtime.turns = runtime.turns.wrapping_add(1);
    runtime.host.config.timing.count_turn();
    run_timers(runtime);
    run_pending(runtime);
    if runtime.exit().is_none() {
        poll(runtime).await;
    }
    for _ in 0..PENDING_ROUNDS {
        run_pending(runtime);
    }
    if runtime.exit().is_none() {
        check(runtime);
    }
    if runtime.exit().is_none() {
        close(runtime);
    }
}

/// Whether a referenced timer, immediate, handle or request is left, or V8 compiles WebAssembly for a promise.
fn is_alive(runtime: &Runtime) -> bool {
    let host = &runtime.host;
    let [_, referenced_immediates, _] = host.immediates();
    let (_, referenced_timers) = host.timers();
    host.has_pending_work()
        || referenced_immediates > 0
        || referenced_timers
        || runtime.isolate.has_pending_background_tasks()
}

/// Timers: those whose time has come, in the order of their times.
fn run_timers(runtime: &mut Runtime) {
    let (Some(next), _) = runtime.host.timers() else { return };
    let now = runtime.host.now();
    if now < next {
        return;
    }
    let _span = Span::whole(&ENVIRONMENT, "RunTimers");
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let Some(hooks) = host.hooks() else { return };
        let process_timers = v8::Local::new(scope, &hooks.process_timers);
        let process: v8::Local<v8::Value> = v8::Local::new(scope, &hooks.process).into();
        // A callback that throws ends the call; the other timers still have their turn.
        loop {
            let now = v8::Number::new(scope, host.now()).into();
            let result = call::call_back(scope, process_timers, process, &[now]);
            if result.is_some() || host.is_exiting() {
                break;
            }
        }
    });
}

/// Pending: what was postponed until the events before it are told.
fn run_pending(runtime: &mut Runtime) {
    if !runtime.host.has_postponed() || runtime.exit().is_some() {
        return;
    }
    runtime.enter(|scope| {
        let host = Host::of(scope);
        for work in host.take_postponed() {
            if host.is_exiting() {
                break;
            }
            v8::scope!(let scope, scope);
            work(scope);
        }
    });
}

/// Poll: finished requests and events of handles, in the order of their arrival. Waits for the first
/// of them where nothing else is to do.
async fn poll(runtime: &mut Runtime) {
    runtime.host.config.timing.end_turn();
    let mut patience = if has_arrivals(runtime) { Patience::None } else { patience(runtime) };
    let waits = !matches!(patience, Patience::None);
    if waits {
        runtime.leave_code();
        runtime.host.config.timing.begin_idle();
    }
    let start = waits.then(Instant::now);
    let awaits_thread = start.filter(|_| runtime.host.has_requests() || runtime.host.is_listening());
    let host = Rc::clone(&runtime.host);
    // Only messages of other threads come to handles while this one spins: the system's events wait for the reactor.
    let has_come = || host.mailbox.is_filled() || host.is_listening() && host.readiness.is_filled();
    if awaits_thread.is_some() && runtime.linger.pays() && runtime.linger.spin(has_come) {
        patience = Patience::None;
    }
    let partner = runtime.host.readiness.take_partner().filter(|_| start.is_some());
    if let Some(partner) = &partner
        && runtime.talk.spin(|| partner.look() || has_come())
    {
        patience = if runtime.turns.is_multiple_of(TALKING_TURNS) { Patience::None } else { Patience::Met };
    }
    let rests = has_time(&patience, REST) && runtime.host.has_leftovers();
    if rests {
        patience = Patience::For(REST);
    }
    match patience {
        Patience::Met => {}
        // Without sources of events the reactor has nothing to tell; it is still asked now and then,
        // for the sake of whatever else an embedder runs on it.
        Patience::None if runtime.host.has_sources() || runtime.turns.is_multiple_of(IDLE_TURNS) => {
            tokio::task::yield_now().await;
        }
        Patience::None => {}
        Patience::For(duration) => {
            signal::await_debug_signal();
            wait(runtime, duration).await;
        }
        Patience::Endless => {
            signal::await_debug_signal();
            runtime.host.mailbox.arrival().await;
        }
    }
    if let Some(start) = start {
        runtime.host.config.timing.count_idle(start);
    }
    runtime.host.config.timing.begin_turn();
    if let Some(start) = awaits_thread
        && has_come()
    {
        runtime.linger.slept_since(start);
    }
    if rests && !has_arrivals(runtime) {
        tidy(runtime);
    }
    deliver(runtime, start.is_some());
}

/// Whether a wait may be longer than `duration`.
fn has_time(patience: &Patience, duration: Duration) -> bool {
    match patience {
        Patience::Endless => true,
        Patience::For(wait) => *wait > duration,
        Patience::None | Patience::Met => false,
    }
}

/// Gives memory back that a burst of work has left behind.
fn tidy(runtime: &mut Runtime) {
    if runtime.host.drop_leftovers() {
        runtime.enter(|scope| {
            if scope.get_heap_statistics().used_heap_size() < SMALL_HEAP {
                scope.memory_pressure_notification(MemoryPressureLevel::Critical);
                scope.memory_pressure_notification(MemoryPressureLevel::None);
            }
        });
    }
    memory::give_back();
}

/// Whether something has arrived and waits to be delivered.
fn has_arrivals(runtime: &Runtime) -> bool {
    let host = &runtime.host;
    host.mailbox.look();
    host.is_stopped()
        || host.mailbox.is_filled()
        || host.readiness.is_filled()
        || runtime.tasks.has_due()
        || host.signals.has_arrived()
}

/// Waits for an arrival, at most for `duration`.
async fn wait(runtime: &mut Runtime, duration: Duration) {
    if runtime.alarm.is_none() {
        runtime.alarm = Alarm::new().ok();
    }
    let mut arrival = pin!(runtime.host.mailbox.arrival());
    let Some(alarm) = &runtime.alarm else {
        let _ = tokio::time::timeout(duration, arrival).await;
        return;
    };
    let mut ring = pin!(alarm.after(duration));
    poll_fn(|context| {
        if arrival.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        ring.as_mut().poll(context)
    })
    .await;
}

enum Patience {
    /// What was waited for is there.
    Met,
    None,
    For(Duration),
    Endless,
}

/// How long the poll phase may wait.
fn patience(runtime: &Runtime) -> Patience {
    let host = &runtime.host;
    let [_, referenced_immediates, _] = host.immediates();
    let closing = !host.closing.borrow().is_empty();
    if referenced_immediates > 0 || closing || host.has_postponed() || !is_alive(runtime) {
        return Patience::None;
    }
    // The loop's time is cut to whole milliseconds; a wait is counted from the moment it begins, so that
    // no timer fires early.
    let timer = host.timers().0.map(|next| Duration::from_millis((next - host.now()).max(0.0) as u64));
    let task = runtime.tasks.next().map(|time| time.saturating_duration_since(Instant::now()));
    match timer.into_iter().chain(task).min() {
        Some(duration) => Patience::For(duration),
        None => Patience::Endless,
    }
}

/// Calls back for what has arrived, after a wait if `waited`.
fn deliver(runtime: &mut Runtime, waited: bool) {
    if !has_arrivals(runtime) {
        return;
    }
    let tasks = runtime.tasks.take();
    let parcels = runtime.host.mailbox.take();
    runtime.enter(|scope| {
        let host = Host::of(scope);
        for task in tasks {
            task.run();
            if !host.ticks_interrupted() {
                call::drain_ticks(scope);
            }
        }
        host.signals.deliver(scope);
        let mut events = parcels.len();
        for parcel in parcels {
            if host.is_exiting() {
                break;
            }
            v8::scope!(let scope, scope);
            parcel.deliver(scope);
        }
        events += host.readiness.deliver(scope);
        host.config.timing.count_events(events, waited);
    });
}

/// Check: the immediates that were set before this phase.
fn check(runtime: &mut Runtime) {
    let [count, _, _] = runtime.host.immediates();
    if count == 0 {
        return;
    }
    let _span = Span::whole(&ENVIRONMENT, "CheckImmediate");
    if ENVIRONMENT.is_on() {
        // Node asks here for what we have done as postponed work.
        drop(Span::whole(&ENVIRONMENT, "RunAndClearNativeImmediates"));
    }
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let Some(hooks) = host.hooks() else { return };
        let process_immediates = v8::Local::new(scope, &hooks.process_immediates);
        let process: v8::Local<v8::Value> = v8::Local::new(scope, &hooks.process).into();
        // A callback that throws leaves the rest of this phase outstanding.
        loop {
            call::call_back(scope, process_immediates, process, &[]);
            let [_, _, outstanding] = host.immediates();
            if outstanding == 0 || host.is_exiting() {
                break;
            }
        }
    });
}

/// Closing: handles that were closed, with their callbacks, the last one first as in libuv.
fn close(runtime: &mut Runtime) {
    if runtime.host.closing.borrow().is_empty() {
        return;
    }
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let closing = std::mem::take(&mut *host.closing.borrow_mut());
        for handle in closing.into_iter().rev() {
            if host.is_exiting() {
                break;
            }
            handle.finish(scope);
        }
    });
}

fn emit_before_exit(runtime: &mut Runtime) {
    let _span = Span::whole(&ENVIRONMENT, "BeforeExit");
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let Some(hooks) = host.hooks() else { return };
        let emit = v8::Local::new(scope, &hooks.emit_before_exit);
        let receiver = v8::undefined(scope).into();
        call::call_back(scope, emit, receiver, &[]);
    });
}

/// Emits `exit`; its handlers' microtasks still run, their ticks and timers do not.
fn emit_exit(runtime: &mut Runtime) -> Exit {
    let code = runtime.enter(|scope| {
        let host = Host::of(scope);
        let hooks = host.hooks()?;
        let emit = v8::Local::new(scope, &hooks.emit_exit);
        let receiver = v8::undefined(scope).into();
        let code = call::call_reporting(scope, emit, receiver, &[])?.int32_value(scope);
        scope.perform_microtask_checkpoint();
        code
    });
    runtime.exit().unwrap_or(Exit::Code(code.unwrap_or(0)))
}
