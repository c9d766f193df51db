//! The event loop: libuv's phases in libuv's order.
//!
//! Between any two callbacks the tick queue and the microtasks are drained, by
//! [`call::call_back`](ironode_ops::bind::call::call_back).

use std::time::{Duration, Instant};

use ironode_ops::bind::{Host, call};

use crate::{Exit, Runtime};

/// Goes round until nothing is left to do, lets the program add work in `beforeExit`, and ends with
/// `exit`.
pub(crate) async fn run(runtime: &mut Runtime) -> Exit {
    loop {
        while runtime.exit().is_none() && is_alive(&runtime.host) {
            turn(runtime).await;
        }
        if let Some(exit) = runtime.exit() {
            return exit;
        }
        emit_before_exit(runtime);
        if runtime.exit().is_none() && !is_alive(&runtime.host) {
            return emit_exit(runtime);
        }
    }
}

/// One turn of the loop.
async fn turn(runtime: &mut Runtime) {
    run_timers(runtime);
    poll(runtime).await;
    check(runtime);
    close(runtime);
}

/// Whether a referenced timer, immediate, handle or request is left.
fn is_alive(host: &Host) -> bool {
    let [_, referenced_immediates, _] = host.immediates();
    let (_, referenced_timers) = host.timers();
    host.has_pending_work() || referenced_immediates > 0 || referenced_timers
}

/// Timers: those whose time has come, in the order of their times.
fn run_timers(runtime: &mut Runtime) {
    let (Some(next), _) = runtime.host.timers() else { return };
    let now = runtime.host.now();
    if now < next {
        return;
    }
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let Some(hooks) = host.hooks() else { return };
        let process_timers = v8::Local::new(scope, &hooks.process_timers);
        let process: v8::Local<v8::Value> = v8::Local::new(scope, &hooks.process).into();
        // A callback that throws ends the call; the other timers still have their turn.
        loop {
            let now = v8::Number::new(scope, host.now()).into();
            let result = call::call_reporting(scope, process_timers, process, &[now]);
            if result.is_some() || host.is_exiting() {
                break;
            }
        }
        call::drain_ticks(scope);
    });
}

/// Poll: finished requests and events of handles, in the order of their arrival. Waits for the first
/// of them where nothing else is to do.
async fn poll(runtime: &mut Runtime) {
    if deliver(runtime) || runtime.exit().is_some() {
        return;
    }
    match patience(runtime) {
        Patience::None => tokio::task::yield_now().await,
        Patience::Until(deadline) => {
            let arrival = runtime.host.mailbox.arrival();
            let _ = tokio::time::timeout_at(deadline.into(), arrival).await;
        }
        Patience::Endless => runtime.host.mailbox.arrival().await,
    }
    deliver(runtime);
}

enum Patience {
    None,
    Until(Instant),
    Endless,
}

/// How long the poll phase may wait.
fn patience(runtime: &Runtime) -> Patience {
    let host = &runtime.host;
    let [_, referenced_immediates, _] = host.immediates();
    let closing = !host.closing.borrow().is_empty();
    if referenced_immediates > 0 || closing || !is_alive(host) {
        return Patience::None;
    }
    let timer = host.timers().0.map(|next| host.started() + Duration::from_millis(next as u64));
    match timer.into_iter().chain(runtime.tasks.next()).min() {
        Some(deadline) => Patience::Until(deadline),
        None => Patience::Endless,
    }
}

/// Calls back for what has arrived; whether anything had.
fn deliver(runtime: &mut Runtime) -> bool {
    let tasks = runtime.tasks.take();
    let parcels = runtime.host.mailbox.take();
    let arrived = !tasks.is_empty() || !parcels.is_empty();
    runtime.enter(|scope| {
        let host = Host::of(scope);
        for task in tasks {
            task.run();
            call::drain_ticks(scope);
        }
        host.signals.deliver(scope);
        for parcel in parcels {
            if host.is_exiting() {
                break;
            }
            v8::scope!(let scope, scope);
            parcel.deliver(scope);
        }
    });
    arrived
}

/// Check: the immediates that were set before this phase.
fn check(runtime: &mut Runtime) {
    let [count, _, _] = runtime.host.immediates();
    if count == 0 {
        return;
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

/// Closing: handles that were closed, with their callbacks.
fn close(runtime: &mut Runtime) {
    if runtime.host.closing.borrow().is_empty() {
        return;
    }
    runtime.enter(|scope| {
        let host = Host::of(scope);
        let closing = std::mem::take(&mut *host.closing.borrow_mut());
        for handle in closing {
            if host.is_exiting() {
                break;
            }
            handle.finish(scope);
        }
    });
}

fn emit_before_exit(runtime: &mut Runtime) {
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
