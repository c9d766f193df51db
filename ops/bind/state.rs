//! What belongs to one runtime: its working directory, environment, options, exit code, queues and
//! counters. Nothing here is shared with another runtime or with the process unless it was inherited.

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use indexmap::IndexMap;

use super::code_cache::Fresh;
use super::handle::{Closing, Handles};
use super::permission::{Grants, Permissions};
use super::readiness::Readiness;
use super::remote::Remote;
use super::shared::SharedArray;
use super::task::{Mailbox, Pool, lock};
use crate::messaging::family::Family;
use crate::net::Shared;
use crate::perf_hooks::Timing;
use crate::sea::Application;
use crate::signals::Signals;
use crate::stdio::{Sink, Stdio};

/// What the embedder decides before the runtime starts.
pub struct Config {
    /// `process.argv` without the first two entries' resolution: the program's own arguments.
    pub argv: Vec<OsString>,
    /// `process.argv0`: the name that the process was started under.
    pub argv0: OsString,
    /// `process.execPath`.
    pub exec_path: PathBuf,
    /// `process.execArgv`.
    pub exec_argv: Vec<String>,
    /// The command-line options by their name with dashes, such as `--trace-warnings`.
    pub options: IndexMap<String, OptionValue>,
    /// The environment that `process.env` starts from, in order.
    pub env: Vec<(OsString, OsString)>,
    /// The working directory; `None` is the process's own, which `process.chdir()` then changes.
    pub cwd: Option<PathBuf>,
    /// Whether this runtime is the process's own: it may then change the process's time zone, title,
    /// umask and ids, and die by a signal.
    pub owns_process: bool,
    /// How many threads the pool has.
    pub pool_size: usize,
    /// Where standard output and error lead.
    pub outputs: [Sink; 2],
    /// The environment of another runtime that `process.env` is, in the place of `env`.
    pub shared_env: Option<Arc<Variables>>,
    /// Reads the options that a program gives a worker.
    pub read_options: Option<ReadOptions>,
    /// What it shares with its workers.
    pub family: Arc<Family>,
    /// Its place among the workers of its family; `None` where it is no worker.
    pub seat: Option<Seat>,
    /// The way to the runtime, where others know it before it is there.
    pub mailbox: Option<Arc<Mailbox>>,
    /// The thread pool, where it is another runtime's.
    pub pool: Option<Arc<Pool>>,
    /// When the runtime began, and what its event loop has done since.
    pub timing: Timing,
    /// Whether what the program leaves is kept in a snapshot.
    pub builds_snapshot: bool,
    /// The program that the executable has been made for.
    pub application: Option<&'static Application<'static>>,
    /// What the runtime may do at most, where another one under the permission model has started it.
    pub permissions: Option<Arc<Grants>>,
}

impl Default for Config {
    /// A runtime that inherits nothing: no variables, the root as working directory, silent streams.
    fn default() -> Self {
        Config {
            argv: Vec::new(),
            argv0: OsString::from("ironode"),
            exec_path: PathBuf::from("/ironode"),
            exec_argv: Vec::new(),
            options: IndexMap::new(),
            env: Vec::new(),
            cwd: Some(PathBuf::from("/")),
            owns_process: false,
            pool_size: 4,
            outputs: <[Sink; 2]>::default(),
            shared_env: None,
            read_options: None,
            family: Arc::default(),
            seat: None,
            mailbox: None,
            pool: None,
            timing: Timing::default(),
            builds_snapshot: false,
            application: None,
            permissions: None,
        }
    }
}

/// The variables of an environment, which threads may share.
pub type Variables = Mutex<IndexMap<OsString, OsString>>;

/// Options by name.
pub type Options = Vec<(String, OptionValue)>;

/// Reads options as they stand on a command line and in an environment; the error tells those that a worker may
/// not have.
pub type ReadOptions = fn(&[String], &[(OsString, OsString)]) -> Result<Options, Vec<String>>;

/// The place of a worker.
pub struct Seat {
    /// The number by which threads are told apart.
    pub id: u32,
    /// What the program calls it.
    pub name: String,
    /// The sizes of the young and the old generation, the code range and the stack in MiB.
    pub limits: Vec<f64>,
    /// What other threads know of it.
    pub remote: Arc<Remote>,
}

/// The value of a command-line option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A switch.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A repeatable text.
    List(Vec<String>),
}

/// The JavaScript functions and shared arrays that the host calls and reads.
pub struct Hooks {
    /// The process object.
    pub process: v8::Global<v8::Object>,
    /// Drains the tick queue, microtasks and rejected promises.
    pub process_ticks: v8::Global<v8::Function>,
    /// Runs expired timers; its argument is the loop's time in milliseconds.
    pub process_timers: v8::Global<v8::Function>,
    /// Runs the immediates.
    pub process_immediates: v8::Global<v8::Function>,
    /// Describes an uncaught value for the report: its `util.inspect` form.
    pub describe_uncaught: v8::Global<v8::Function>,
    /// Takes notice of a promise rejected without a handler, or handled late.
    pub on_promise_reject: v8::Global<v8::Function>,
    /// Makes the stack of an error: with `(global, error, callSites)`.
    pub prepare_stack_trace: v8::Global<v8::Function>,
    /// Answers `import()`: with `(symbol, referrer, specifier, attributes, phase)`.
    pub import_module_dynamically: v8::Global<v8::Function>,
    /// Gives V8 the bytes of a module that it compiles: with `(number, source)`.
    pub start_wasm_streaming: v8::Global<v8::Function>,
    /// Gives what a file of the JavaScript layer exports: with `(id, name)`.
    pub read_export: v8::Global<v8::Function>,
    /// Fills `import.meta`: with `(wrap, meta)`.
    pub initialize_import_meta: v8::Global<v8::Function>,
    /// Makes the JavaScript layer ready for the first session with the inspector; with `true`, opens the server for
    /// debuggers.
    pub prepare_inspection: v8::Global<v8::Function>,
    /// Looks which trace events are asked for.
    pub refresh_tracing: v8::Global<v8::Function>,
    /// The place of an error in the source of generated code, with `(file, line, column)`; undefined where that is
    /// not known.
    pub original_place: v8::Global<v8::Function>,
    /// Emits `beforeExit` and then `exit`: see `js/internal/process/lifecycle.js`.
    pub emit_before_exit: v8::Global<v8::Function>,
    /// Emits `exit` and returns the exit code.
    pub emit_exit: v8::Global<v8::Function>,
    /// Gives the function to be called in the place of a request's callback, so that `async_hooks` know of it.
    pub track_request: v8::Global<v8::Function>,
    /// Three bytes: whether a tick is queued, whether a rejection waits to be reported, whether callbacks of
    /// requests are tracked.
    pub tick_info: SharedArray<u8>,
    /// Three 32-bit counters: immediates, referenced immediates, whether some are left over from an
    /// exception.
    pub immediate_info: SharedArray<u32>,
    /// Two 64-bit floats: the loop time of the next timer (0: none), how many timers are referenced.
    pub timer_info: SharedArray<f64>,
}

/// The exit code of a process that got SIGABRT, for a runtime that has no process to abort.
const ABORTED: i32 = 134;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, by `process.exit()` or by an uncaught exception: its exit code.
    Code(i32),
    /// By `process.abort()`.
    Abort,
}

impl Exit {
    /// The exit code; 134 for an abort.
    pub fn code(self) -> i32 {
        match self {
            Exit::Code(code) => code,
            Exit::Abort => ABORTED,
        }
    }
}

/// The state of one runtime, reachable from every exported function through [`Host::of`].
pub struct Host {
    /// What the embedder decided.
    pub config: Config,
    /// What the program may do; `None` where it may do all.
    pub permissions: Option<Permissions>,
    /// The environment as the program sees it.
    pub env: Arc<Variables>,
    /// Where the standard streams lead.
    pub stdio: Stdio,
    /// The signals that it watches.
    pub signals: Signals,
    /// Work that other threads have finished, or that outside events bring.
    pub mailbox: Arc<Mailbox>,
    /// Handles whose descriptors are ready.
    pub readiness: Readiness,
    /// Handles that exist.
    pub handles: Handles,
    /// What the streams of this runtime share.
    pub streams: Shared,
    /// What a worker has compiled and not yet left to its family.
    pub fresh_code: Fresh,
    /// Handles that wait for the closing phase.
    pub closing: RefCell<VecDeque<Closing>>,
    postponed: RefCell<Vec<Postponed>>,
    pool: OnceCell<Arc<Pool>>,
    cwd: RefCell<Option<PathBuf>>,
    hooks: OnceCell<Hooks>,
    exit: Cell<Option<Exit>>,
    pending: Cell<usize>,
    requests: RefCell<Vec<(&'static str, usize)>>,
    active: Cell<usize>,
    listening: Cell<usize>,
    sources: Rc<Cell<usize>>,
    ticks_interrupted: Cell<bool>,
    started: Instant,
    isolate: v8::IsolateHandle,
    extensions: RefCell<HashMap<TypeId, Rc<dyn Any>, BuildHasherDefault<OwnHash>>>,
}

/// Takes the number that tells a type from others for its own hash.
#[derive(Default)]
struct OwnHash(u64);

impl Hasher for OwnHash {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// After so many new or closed handles it is worth while to tidy up.
const BURST: u32 = 1000;

/// What a request leaves to the pending phase of the event loop.
pub type Postponed = Box<dyn FnOnce(&mut v8::PinScope<'_, '_>)>;

impl Host {
    /// Makes the state for an isolate that has just been created.
    pub fn new(isolate: &v8::Isolate, mut config: Config) -> Rc<Host> {
        let own = Mutex::new(std::mem::take(&mut config.env).into_iter().collect());
        let env = config.shared_env.take().unwrap_or_else(|| Arc::new(own));
        let pool = config.pool.take().map_or_else(OnceCell::new, OnceCell::from);
        let stdio = Stdio::new(std::mem::take(&mut config.outputs));
        let cwd = config.cwd.clone();
        let mailbox = config.mailbox.take().unwrap_or_default();
        config.family.enrol(config.seat.as_ref().map_or(0, |seat| seat.id), &mailbox);
        Rc::new(Host {
            permissions: Permissions::from_config(&config),
            config,
            env,
            stdio,
            signals: Signals::default(),
            readiness: Readiness::new(&mailbox),
            handles: Handles::default(),
            streams: Shared::default(),
            mailbox,
            fresh_code: Fresh::default(),
            closing: RefCell::default(),
            postponed: RefCell::default(),
            pool,
            cwd: RefCell::new(cwd),
            hooks: OnceCell::new(),
            exit: Cell::new(None),
            pending: Cell::new(0),
            requests: RefCell::default(),
            active: Cell::new(0),
            listening: Cell::new(0),
            sources: Rc::default(),
            ticks_interrupted: Cell::new(false),
            started: Instant::now(),
            isolate: isolate.thread_safe_handle(),
            extensions: RefCell::default(),
        })
    }

    /// The state of the runtime that `isolate` belongs to.
    ///
    /// # Panics
    /// Where the isolate was not made by a runtime.
    pub fn of(isolate: &v8::Isolate) -> Rc<Host> {
        match isolate.get_slot::<Rc<Host>>() {
            Some(host) => Rc::clone(host),
            None => panic!("the isolate has no runtime"),
        }
    }

    /// State of another crate that belongs to this runtime, made at its first use.
    pub fn extension<T: Default + 'static>(&self) -> Rc<T> {
        let mut extensions = self.extensions.borrow_mut();
        let entry = extensions.entry(TypeId::of::<T>()).or_insert_with(|| Rc::new(T::default()));
        match Rc::clone(entry).downcast::<T>() {
            Ok(extension) => extension,
            Err(_) => unreachable!("the key is the type"),
        }
    }

    /// The same, where it has been made.
    pub fn find_extension<T: 'static>(&self) -> Option<Rc<T>> {
        let extension = self.extensions.borrow().get(&TypeId::of::<T>()).cloned();
        extension.and_then(|extension| extension.downcast::<T>().ok())
    }

    /// What JavaScript gave the host at start-up; `None` before that.
    pub fn hooks(&self) -> Option<&Hooks> {
        self.hooks.get()
    }

    /// Keeps what JavaScript gives at start-up.
    pub fn set_hooks(&self, hooks: Hooks) {
        let _ = self.hooks.set(hooks);
    }

    /// The value of a command-line option.
    pub fn option(&self, name: &str) -> Option<&OptionValue> {
        self.config.options.get(name)
    }

    /// Whether a switch of the command line is on.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.option(name), Some(OptionValue::Flag(true)))
    }

    /// The working directory.
    pub fn cwd(&self) -> std::io::Result<PathBuf> {
        match &*self.cwd.borrow() {
            Some(cwd) => Ok(cwd.clone()),
            None => std::env::current_dir(),
        }
    }

    /// Changes the working directory of this runtime.
    pub fn chdir(&self, path: &Path) -> std::io::Result<()> {
        let mut cwd = self.cwd.borrow_mut();
        match cwd.as_mut() {
            Some(cwd) => {
                let target = cwd.join(path).canonicalize()?;
                std::fs::read_dir(&target)?;
                *cwd = target;
                Ok(())
            }
            None => std::env::set_current_dir(path),
        }
    }

    /// `path` made absolute where this runtime has a working directory of its own; `None` where the
    /// system resolves it by itself.
    pub fn resolve(&self, path: &Path) -> Option<PathBuf> {
        match &*self.cwd.borrow() {
            Some(cwd) if path.is_relative() => Some(cwd.join(path)),
            _ => None,
        }
    }

    /// The thread pool, started at its first use.
    pub fn pool(&self) -> &Arc<Pool> {
        self.pool.get_or_init(|| Pool::new(self.config.pool_size))
    }

    /// The time of the event loop, in whole milliseconds since the runtime was made.
    pub fn now(&self) -> f64 {
        let elapsed = self.started.elapsed();
        (elapsed.as_secs() * 1000 + u64::from(elapsed.subsec_millis())) as f64
    }

    /// When the runtime was made: the origin of `process.uptime()` and of timers.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Ends the runtime: JavaScript stops at once and `run()` returns.
    pub fn end(&self, exit: Exit) {
        if self.exit.get().is_none() {
            self.exit.set(Some(exit));
        }
        self.isolate.terminate_execution();
    }

    /// How the runtime has been ended, if it has.
    pub fn exit(&self) -> Option<Exit> {
        self.exit.get().or_else(|| self.is_stopped().then_some(Exit::Code(1)))
    }

    /// Whether no JavaScript may run any more.
    pub fn is_exiting(&self) -> bool {
        self.exit.get().is_some() || self.is_stopped()
    }

    /// Whether another thread has ended the runtime.
    pub fn is_stopped(&self) -> bool {
        self.config.seat.as_ref().is_some_and(|seat| seat.remote.is_stopped())
    }

    /// Whether another runtime has started this one on a thread of its own.
    pub fn is_worker(&self) -> bool {
        self.config.seat.is_some()
    }

    /// The number by which threads are told apart: 0 for the one that is no worker.
    pub fn thread(&self) -> u32 {
        self.config.seat.as_ref().map_or(0, |seat| seat.id)
    }

    /// The environment as it is now.
    pub fn variables(&self) -> Vec<(OsString, OsString)> {
        lock(&self.env).iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Closes what the program has left open: its runtime has ended and is about to go.
    pub fn abandon(&self, scope: &mut v8::PinScope<'_, '_>) {
        crate::napi::close(scope);
        self.config.family.leave(self.thread());
        self.mailbox.close();
        self.handles.abandon(scope);
        drop(self.closing.take());
        drop(self.postponed.take());
        self.readiness.close();
        if let Some(pool) = self.pool.get()
            && self.config.seat.is_none()
        {
            pool.close();
        }
    }

    /// Drops what others keep for this runtime: the last that happens to it.
    pub fn forget(&self) {
        drop(self.extensions.take());
    }

    /// What a worker inherits.
    pub fn config_for_worker(&self) -> Config {
        Config {
            argv0: self.config.argv0.clone(),
            exec_path: self.config.exec_path.clone(),
            cwd: self.cwd.borrow().clone(),
            pool_size: self.config.pool_size,
            outputs: self.stdio.sinks(),
            read_options: self.config.read_options,
            family: Arc::clone(&self.config.family),
            pool: Some(Arc::clone(self.pool())),
            timing: self.config.timing.for_worker(),
            application: self.config.application,
            permissions: self.permissions.as_ref().map(Permissions::for_worker),
            ..Config::default()
        }
    }

    /// Runs `work` on the reactor of this runtime's thread, beside the event loop.
    pub fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        let sources = Rc::clone(&self.sources);
        sources.set(sources.get() + 1);
        tokio::task::spawn_local(async move {
            work.await;
            sources.set(sources.get() - 1);
        });
    }

    /// Counts ports that deliver messages as they come.
    pub(crate) fn count_listening(&self, difference: isize) {
        self.listening.set(self.listening.get().wrapping_add_signed(difference));
    }

    /// Whether other threads may send messages.
    pub fn is_listening(&self) -> bool {
        self.listening.get() > 0
    }

    /// Counts a descriptor that the reactor watches.
    pub(super) fn add_source(&self) {
        self.sources.set(self.sources.get() + 1);
    }

    /// Counts it no longer.
    pub(super) fn remove_source(&self) {
        self.sources.set(self.sources.get() - 1);
    }

    /// Whether work on the reactor may bring events.
    pub fn has_sources(&self) -> bool {
        self.sources.get() > 0
    }

    /// The kinds of the pooled requests whose callbacks are still to come, one entry each.
    pub fn requests(&self) -> Vec<&'static str> {
        let counts = self.requests.borrow();
        counts.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).collect()
    }

    /// Counts a pooled request of a kind, or counts it as answered.
    pub(super) fn count_request(&self, kind: &'static str, difference: isize) {
        let mut counts = self.requests.borrow_mut();
        match counts.iter_mut().find(|(name, _)| *name == kind) {
            Some((_, count)) => *count = count.wrapping_add_signed(difference),
            None => counts.push((kind, difference.unsigned_abs())),
        }
    }

    /// Counts a request whose callback is still to come.
    pub fn begin_request(&self) {
        self.pending.set(self.pending.get() + 1);
    }

    /// Counts a request as answered.
    pub fn end_request(&self) {
        self.pending.set(self.pending.get() - 1);
    }

    /// Whether the callback of a request is still to come.
    pub fn has_requests(&self) -> bool {
        self.pending.get() > 0
    }

    /// Leaves work to the pending phase.
    pub fn postpone(&self, work: impl FnOnce(&mut v8::PinScope<'_, '_>) + 'static) {
        self.postponed.borrow_mut().push(Box::new(work));
    }

    /// Whether there is work for the pending phase.
    pub fn has_postponed(&self) -> bool {
        !self.postponed.borrow().is_empty()
    }

    /// Takes the work of the pending phase.
    pub fn take_postponed(&self) -> Vec<Postponed> {
        self.postponed.take()
    }

    /// Whether a burst of work has left memory behind that a runtime with nothing to do gives back.
    pub fn has_leftovers(&self) -> bool {
        self.handles.changes() >= BURST || self.streams.has_leftovers()
    }

    /// Gives back what this side keeps for more work. Returns whether the garbage collector may have more.
    pub fn drop_leftovers(&self) -> bool {
        self.streams.drop_leftovers();
        let had_burst = self.handles.changes() >= BURST;
        self.handles.forget_changes();
        had_burst
    }

    /// Counts handles that are active and referenced.
    pub(crate) fn count_active(&self, difference: isize) {
        self.active.set(self.active.get().wrapping_add_signed(difference));
    }

    /// Whether requests or referenced handles keep the event loop alive.
    pub fn has_pending_work(&self) -> bool {
        self.pending.get() > 0 || self.active.get() > 0 || !self.closing.borrow().is_empty()
    }

    /// Whether the tick queue or the list of rejections has something.
    pub fn has_ticks(&self) -> bool {
        self.hooks().is_some_and(|hooks| hooks.tick_info.get(0) != 0 || hooks.tick_info.get(1) != 0)
    }

    /// Whether the callbacks of requests are tracked for `async_hooks`.
    pub fn tracks_requests(&self) -> bool {
        self.hooks().is_some_and(|hooks| hooks.tick_info.get(2) != 0)
    }

    /// Whether an exception has ended the last drain of the ticks before its end: the rest waits for the
    /// next callback of the program.
    pub fn ticks_interrupted(&self) -> bool {
        self.ticks_interrupted.get()
    }

    /// Notes how the last drain of the ticks has ended.
    pub(super) fn set_ticks_interrupted(&self, interrupted: bool) {
        self.ticks_interrupted.set(interrupted);
    }

    /// How many immediates there are, how many are referenced, whether some are left over.
    pub fn immediates(&self) -> [u32; 3] {
        self.hooks().map_or([0; 3], |hooks| std::array::from_fn(|i| hooks.immediate_info.get(i)))
    }

    /// The loop time of the next timer, if there is one, and whether a referenced one exists.
    pub fn timers(&self) -> (Option<f64>, bool) {
        let Some(hooks) = self.hooks() else { return (None, false) };
        let next = hooks.timer_info.get(0);
        ((next > 0.0).then_some(next), hooks.timer_info.get(1) > 0.0)
    }
}
