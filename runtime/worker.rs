//! Workers: runtimes on threads of their own, which a program has started.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use ironode_ops::bind::call::{Callback, panic_text};
use ironode_ops::bind::class::Class;
use ironode_ops::bind::convert::string;
use ironode_ops::bind::handle::{Core, Handle, This, of, wrap};
use ironode_ops::bind::permission;
use ironode_ops::bind::readiness::Doorbell;
use ironode_ops::bind::remote::{Cause, Outcome, Remote};
use ironode_ops::bind::state::{Config, OptionValue, ReadOptions, Seat};
use ironode_ops::bind::task::lock;
use ironode_ops::bind::{Binding, Exported, Host};
use ironode_ops::messaging::end::End;
use ironode_ops::messaging::port;
use ironode_ops::sys::{fd, tiering};
use ironode_ops::{binding, exported, handle_class};

use crate::isolate::{Limits, heap_sizes, on_this_thread};
use crate::runtime::Ground;
use crate::{Error, Exit, Runtime, Source, stand_ins};

const CLASS: Class =
    handle_class!(WorkerHandle, construct, [start, terminate, id, loop_times], methods: raw_methods);

/// `internalBinding('worker')`: the class `WorkerHandle`, with the event `onexit(code, errorCode, reason)`, and
/// what a worker knows of itself.
pub(crate) const BINDING: Binding = binding! {
    "worker",
    sync: [seat, read_options, own_descriptor, disown_descriptor],
    extend: install,
    references: references,
};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;

const MIB: f64 = 1024.0 * 1024.0;

/// What JavaScript and the runtime have of a thread's stack where the program does not say.
const STACK: usize = 4 << 20;

/// The part of a thread's stack that JavaScript does not get.
const STACK_RESERVE: usize = 192 << 10;

/// What a thread's stack has beyond what JavaScript is told of.
const STACK_SLACK: usize = 2 << 20;

/// Where one worker comes this soon after another has ended, the next will be started with a spare thread.
const SUCCESSION: Duration = Duration::from_millis(50);

/// How long a spare thread waits for its worker.
const SPARE_TIME: Duration = Duration::from_millis(500);

/// How many threads may be taking down what is left of their workers.
const LEAVING: usize = 4;

/// How long the end of a runtime waits for its workers' threads.
const PATIENCE: Duration = Duration::from_secs(5);

fn install(scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

struct WorkerHandle {
    core: Core,
    id: u32,
    remote: Arc<Remote>,
    /// The worker's end of the channel between the two.
    end: RefCell<Option<Arc<End>>>,
    doorbell: RefCell<Option<Doorbell>>,
    thread: RefCell<Option<JoinHandle<()>>>,
    times: Cell<Option<Arc<ironode_ops::perf_hooks::LoopClock>>>,
}

/// The workers that a runtime has started.
#[derive(Default)]
struct Workers {
    handles: RefCell<Vec<Weak<WorkerHandle>>>,
    /// Threads whose workers have ended and which take down what is left of them.
    leaving: RefCell<VecDeque<JoinHandle<()>>>,
    spare: RefCell<Option<Spare>>,
    /// When a worker has last ended.
    last_end: Cell<Option<Instant>>,
}

/// A thread that has made ready what a worker stands on, and waits a moment for one.
struct Spare {
    place: Arc<Place>,
    thread: JoinHandle<()>,
}

/// Where a spare thread gets its worker from.
#[derive(Default)]
struct Place {
    offer: Mutex<Offer>,
    arrival: Condvar,
}

#[derive(Default)]
enum Offer {
    /// The thread takes what comes.
    #[default]
    Open,
    /// The worker to be.
    Given(Box<Seed>),
    /// Nobody takes what comes.
    Closed,
}

impl Place {
    /// Hands a worker over; gives it back where the thread has not waited that long.
    fn give(&self, seed: Box<Seed>) -> Result<(), Box<Seed>> {
        let mut offer = lock(&self.offer);
        if !matches!(*offer, Offer::Open) {
            return Err(seed);
        }
        *offer = Offer::Given(seed);
        self.arrival.notify_one();
        Ok(())
    }

    /// Waits for a worker, at most for `patience`; none comes afterwards.
    fn take(&self, patience: Duration) -> Option<Seed> {
        let is_open = |offer: &mut Offer| matches!(offer, Offer::Open);
        let waited = self.arrival.wait_timeout_while(lock(&self.offer), patience, is_open);
        let (mut offer, _) = waited.unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *offer, Offer::Closed) {
            Offer::Given(seed) => Some(*seed),
            Offer::Open | Offer::Closed => None,
        }
    }

    /// No worker comes any more.
    fn close(&self) {
        *lock(&self.offer) = Offer::Closed;
        self.arrival.notify_one();
    }
}

impl Handle for WorkerHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.doorbell.take();
        if let Some(thread) = self.thread.take() {
            self.remote.stop(Cause::Terminated);
            self.join(thread, PATIENCE);
        }
        self.core.set_active(false);
    }

    /// The worker has ended.
    fn on_ready(self: Rc<Self>, scope: &mut Scope<'_, '_>) {
        let Some(outcome) = self.remote.outcome() else { return };
        let Some(thread) = self.thread.take() else { return };
        let workers = self.core.host().extension::<Workers>();
        workers.last_end.set(Some(Instant::now()));
        if !outcome.is_stuck {
            workers.leave(thread);
        }
        self.core.set_active(false);
        let (code, reason) = match &outcome.cause {
            None | Some(Cause::Terminated) => (None, String::new()),
            Some(Cause::OutOfMemory) => {
                (Some("ERR_WORKER_OUT_OF_MEMORY"), String::from("JS heap out of memory"))
            }
            Some(Cause::Failed(reason)) => (Some("ERR_WORKER_INIT_FAILED"), reason.clone()),
        };
        let exit_code = v8::Integer::new(scope, outcome.code).into();
        let code = match code {
            Some(code) => string(scope, code).into(),
            None => v8::undefined(scope).into(),
        };
        let reason = string(scope, &reason).into();
        self.core.emit(scope, "onexit", &[exit_code, code, reason]);
    }
}

impl WorkerHandle {
    /// Waits for the thread, but not longer than `patience`.
    fn join(&self, thread: JoinHandle<()>, patience: Duration) {
        let deadline = Instant::now() + patience;
        while !thread.is_finished() {
            if Instant::now() >= deadline || self.remote.outcome().is_some_and(|outcome| outcome.is_stuck) {
                return;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ = thread.join();
    }
}

impl Workers {
    fn add(&self, worker: &Rc<WorkerHandle>) {
        let mut handles = self.handles.borrow_mut();
        handles.retain(|worker| worker.strong_count() > 0);
        handles.push(Rc::downgrade(worker));
    }

    /// Lets a thread end by itself; waits for the first one of too many.
    fn leave(&self, thread: JoinHandle<()>) {
        let mut leaving = self.leaving.borrow_mut();
        leaving.retain(|thread| !thread.is_finished());
        leaving.push_back(thread);
        if leaving.len() > LEAVING
            && let Some(first) = leaving.pop_front()
        {
            let _ = first.join();
        }
    }

    /// Whether workers are started one after another.
    fn has_succession(&self) -> bool {
        self.last_end.get().is_some_and(|end| end.elapsed() < SUCCESSION)
    }
}

/// Ends all workers of a runtime that is about to end.
pub(crate) fn stop_all(host: &Host) {
    let workers = host.extension::<Workers>();
    let handles: Vec<_> = workers.handles.take().iter().filter_map(Weak::upgrade).collect();
    for worker in &handles {
        worker.remote.stop(Cause::Terminated);
    }
    for worker in handles {
        worker.stop();
    }
    if let Some(Spare { place, thread }) = workers.spare.take() {
        place.close();
        workers.leaving.borrow_mut().push_back(thread);
    }
    for thread in workers.leaving.take() {
        let _ = thread.join();
    }
}

fn construct(scope: &mut Scope<'_, '_>, args: &Args<'_>) {
    if let Err(denied) = permission::require(scope, permission::Scope::Worker, "") {
        return denied.throw(scope);
    }
    let host = Host::of(scope);
    let id = host.config.family.next_thread();
    let (ours, theirs) = End::pair();
    port::expect(&host, ours);
    // JavaScript makes a port of our end next.
    wrap(scope, args.this(), |core| WorkerHandle {
        core,
        id,
        remote: Arc::default(),
        end: RefCell::new(Some(theirs)),
        doorbell: RefCell::default(),
        thread: RefCell::default(),
        times: Cell::default(),
    });
    if let Some(worker) = of::<WorkerHandle>(args.this()) {
        worker.doorbell.replace(Some(Doorbell::new(&worker.core)));
        host.extension::<Workers>().add(&worker);
    }
}

/// What a new thread takes along.
struct Seed {
    config: Config,
    remote: Arc<Remote>,
    end: Arc<End>,
    limits: Limits,
    stack: usize,
    /// Whether all limits are the usual ones.
    is_usual: bool,
}

/// Starts the thread. `limits` are the sizes of the young and the old generation, the code range and the stack in
/// MiB; a negative one stands for the default. Returns whether the system had a thread to give.
fn start(
    this: This<WorkerHandle>,
    name: String,
    argv: Vec<String>,
    exec_argv: Option<Vec<String>>,
    env: Option<Vec<String>>,
    share_env: bool,
    limits: Vec<f64>,
) -> bool {
    let host = this.core.host();
    let Some(end) = this.end.take() else { return false };
    let limit = |index: usize| {
        let size = limits.get(index).copied().unwrap_or(-1.0);
        (size > 0.0).then_some((size * MIB) as usize)
    };
    let stack = limit(3).unwrap_or(STACK);
    let sizes = Limits { young: limit(0), old: limit(1), code: limit(2), ..Limits::default() };
    let reads_options = exec_argv.is_some() || env.is_some();
    let env = match env {
        Some(pairs) => pairs_of(pairs),
        None => host.variables(),
    };
    let options = match host.config.read_options {
        Some(read) if reads_options => {
            let words = exec_argv.as_ref().unwrap_or(&host.config.exec_argv);
            options_of(read, words, &env)
        }
        _ => host.config.options.clone(),
    };
    let known = heap_sizes(&sizes).into_iter().chain([stack]).map(|size| size as f64 / MIB).collect();
    let seat = Seat { id: this.id, name, limits: known, remote: Arc::clone(&this.remote) };
    let mailbox = Arc::default();
    host.config.family.enrol(this.id, &mailbox);
    let config = Config {
        argv: argv.into_iter().map(OsString::from).collect(),
        exec_argv: exec_argv.unwrap_or_else(|| host.config.exec_argv.clone()),
        options,
        env: if share_env { Vec::new() } else { env },
        shared_env: share_env.then(|| Arc::clone(&host.env)),
        seat: Some(seat),
        mailbox: Some(Arc::clone(&mailbox)),
        ..host.config_for_worker()
    };
    let family = Arc::clone(&config.family);
    this.times.set(Some(config.timing.loop_clock()));
    if let Some(doorbell) = &*this.doorbell.borrow() {
        this.remote.set_bell(doorbell.bell().clone());
    }
    let is_usual = sizes.is_usual() && stack == STACK;
    let seed = Seed { config, remote: Arc::clone(&this.remote), end, limits: sizes, stack, is_usual };
    match settle(&host.extension::<Workers>(), seed) {
        Ok(thread) => {
            this.thread.replace(Some(thread));
            this.core.set_active(true);
            true
        }
        Err(_) => {
            family.leave(this.id);
            false
        }
    }
}

/// Gives a worker a thread: the spare one, or one of its own.
fn settle(workers: &Workers, seed: Seed) -> std::io::Result<JoinHandle<()>> {
    // A program with workers computes more than it starts: V8 is to compile for the long run at once.
    stand_ins::start_threads();
    tiering::end_start();
    let mut seed = Box::new(seed);
    if seed.is_usual {
        let spare = workers.spare.take();
        // As many will follow as there were.
        if workers.has_succession() {
            workers.spare.replace(make_spare().ok());
        }
        if let Some(Spare { place, thread }) = spare {
            match place.give(seed) {
                Ok(()) => return Ok(thread),
                // It has waited long enough.
                Err(refused) => seed = refused,
            }
        }
    }
    spawn(seed.stack, move || live(*seed, None))
}

/// A new thread for a worker.
fn spawn(stack: usize, life: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name("ironode-worker".into()).stack_size(stack + STACK_SLACK);
    thread.spawn(life)
}

fn make_spare() -> std::io::Result<Spare> {
    let place = Arc::<Place>::default();
    let ours = Arc::clone(&place);
    let thread = spawn(STACK, move || {
        ironode_ops::sys::signal::block_all_on_this_thread();
        let limits = Limits { stack: Some(STACK - STACK_RESERVE), ..Limits::default() };
        let ground = catch_unwind(|| Ground::prepared(&limits)).ok().and_then(Result::ok);
        let patience = if ground.is_some() { SPARE_TIME } else { Duration::ZERO };
        if let Some(seed) = ours.take(patience) {
            live(seed, ground);
        }
    })?;
    Ok(Spare { place, thread })
}

/// The options of a worker that has its own words or its own environment.
fn options_of(
    read: ReadOptions,
    words: &[String],
    env: &[(OsString, OsString)],
) -> IndexMap<String, OptionValue> {
    let options = read(words, env).or_else(|refused| {
        // What its parent has of the whole process is not the worker's.
        let words: Vec<_> = words.iter().filter(|word| !refused.contains(word)).cloned().collect();
        read(&words, env)
    });
    options.map(|options| options.into_iter().collect()).unwrap_or_default()
}

fn pairs_of(flat: Vec<String>) -> Vec<(OsString, OsString)> {
    let mut flat = flat.into_iter();
    let mut pairs = Vec::with_capacity(flat.len() / 2);
    while let (Some(name), Some(value)) = (flat.next(), flat.next()) {
        pairs.push((name.into(), value.into()));
    }
    pairs
}

/// The life of a worker's thread; with the ground that has been made ready on it.
fn live(seed: Seed, ground: Option<Ground>) {
    let remote = Arc::clone(&seed.remote);
    ironode_ops::sys::signal::block_all_on_this_thread();
    on_this_thread(Some(Arc::clone(&remote)));
    let (family, id) = (Arc::clone(&seed.config.family), seed.config.seat.as_ref().map_or(0, |seat| seat.id));
    let lived = catch_unwind(AssertUnwindSafe(|| run(seed, ground)));
    remote.detach();
    family.leave(id);
    let (outcome, rest) = match lived {
        Ok(Ok((exit, rest))) => {
            (Outcome { code: exit.code(), cause: remote.cause(), is_stuck: false }, Some(rest))
        }
        Ok(Err(error)) => (failed(error.to_string()), None),
        Err(panic) => (failed(format!("Internal error of Ironode: {}", panic_text(panic.as_ref()))), None),
    };
    // Nobody has to wait for the heap to be given back.
    remote.finish(outcome);
    let is_last_of_many = family.is_last_of_many();
    if let Some(mut rest) = rest {
        if is_last_of_many {
            // V8 keeps the pages of heaps that have gone until one of its heaps is in need.
            rest.isolate.memory_pressure_notification(v8::MemoryPressureLevel::Critical);
        }
        drop(rest);
    }
    if is_last_of_many {
        ironode_ops::sys::process::give_memory_back();
    }
    on_this_thread(None);
}

fn failed(reason: String) -> Outcome {
    Outcome { code: 1, cause: Some(Cause::Failed(reason)), is_stuck: false }
}

/// Runs a worker; gives how it has ended and what is left of its runtime.
fn run(seed: Seed, ground: Option<Ground>) -> Result<(Exit, Runtime), Error> {
    let Seed { config, remote, end, mut limits, stack, .. } = seed;
    limits.stack = Some(stack - STACK_RESERVE.min(stack / 2));
    let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Io)?;
    let mut runtime = match ground {
        Some(ground) => Runtime::on(ground, config)?,
        None => Runtime::new(config, &limits)?,
    };
    port::expect(&runtime.host, end);
    runtime.enter(|scope| remote.attach(scope));
    let exit = reactor.block_on(tokio::task::unconstrained(runtime.run(Source::Worker)))?;
    remote.detach();
    // Descriptors that are watched are given up while the reactor is there.
    let _entered = reactor.enter();
    runtime.close();
    Ok((exit, runtime))
}

/// Ends the worker as soon as possible.
fn terminate(this: This<WorkerHandle>) {
    this.remote.stop(Cause::Terminated);
}

/// The number by which threads are told apart.
fn id(this: This<WorkerHandle>) -> u32 {
    this.id
}

/// When the worker's event loop began, on the clock of `performance.now()` before the origin is taken off, and how
/// long it has waited, in milliseconds; `undefined` before it has begun.
fn loop_times(this: This<WorkerHandle>) -> Option<(f64, f64)> {
    let clock = this.times.take()?;
    this.times.set(Some(Arc::clone(&clock)));
    clock.read()
}

fn raw_methods() -> Vec<Exported> {
    vec![
        exported!("cpu_usage", |scope, args, rv| {
            let mut rv = rv;
            let started = ask(scope, &args, |_| ironode_ops::process::thread_cpu_usage());
            rv.set_bool(started);
        }),
        exported!("heap_statistics", |scope, args, rv| {
            let mut rv = rv;
            rv.set_bool(ask(scope, &args, ironode_ops::v8::heap_numbers));
        }),
        exported!("heap_snapshot", |scope, args, rv| {
            let mut rv = rv;
            rv.set_bool(ask(scope, &args, |scope| {
                let mut bytes = Vec::new();
                scope.take_heap_snapshot(|chunk| {
                    bytes.extend_from_slice(chunk);
                    true
                });
                ironode_ops::bind::Bytes(bytes)
            }));
        }),
    ]
}

/// Asks the worker's thread for something and hands the answer to the callback, the first argument. Returns whether
/// the worker is there.
fn ask<T: ironode_ops::bind::IntoJs + Send + 'static>(
    scope: &mut Scope<'_, '_>,
    args: &Args<'_>,
    question: impl FnOnce(&mut Scope<'_, '_>) -> T + Send + 'static,
) -> bool {
    let Some(worker) = of::<WorkerHandle>(args.this()) else { return false };
    let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(0)) else { return false };
    let callback = Callback::new(scope, callback);
    let mailbox = Arc::clone(&Host::of(scope).mailbox);
    worker.remote.run(move |scope| {
        let answer = question(scope);
        mailbox.send(move |scope| callback.settle(scope, answer));
    })
}

/// What a worker knows of itself: its number, its name and its limits in MiB; `undefined` in the main thread.
fn seat(host: Rc<Host>) -> Option<(u32, String, Vec<f64>)> {
    let seat = host.config.seat.as_ref()?;
    Some((seat.id, seat.name.clone(), seat.limits.clone()))
}

/// Of the given options of the command line and, where `node_options` is given, of `NODE_OPTIONS`: those that a
/// worker may not have.
fn read_options(host: Rc<Host>, words: Vec<String>, node_options: Option<String>) -> Vec<String> {
    let env = node_options.map(|text| (OsString::from("NODE_OPTIONS"), OsString::from(text)));
    match host.config.read_options {
        Some(read) => read(&words, env.as_slice()).err().unwrap_or_default(),
        None => Vec::new(),
    }
}

/// The descriptors that go with the worker.
#[derive(Default)]
struct Descriptors(RefCell<BTreeSet<i32>>);

impl Drop for Descriptors {
    fn drop(&mut self) {
        for fd in self.0.take() {
            drop(fd::take(fd));
        }
    }
}

/// Notes a descriptor; returns whether it is new.
fn own_descriptor(host: Rc<Host>, fd: i32) -> bool {
    host.extension::<Descriptors>().0.borrow_mut().insert(fd)
}

/// Forgets a descriptor; returns whether it was known.
fn disown_descriptor(host: Rc<Host>, fd: i32) -> bool {
    host.extension::<Descriptors>().0.borrow_mut().remove(&fd)
}
