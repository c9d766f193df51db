//! A runtime: an isolate with Node's modules in it, its event loop and its end.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use ironode_ops::bind::Host;
use ironode_ops::bind::call;
use ironode_ops::bind::code_cache;
use ironode_ops::bind::convert::string;
use ironode_ops::bind::linger::{Linger, Talk};
use ironode_ops::bind::near_heap;
use ironode_ops::bind::state::{Config, Exit, OptionValue};
use ironode_ops::child_process::flush_channels;
use ironode_ops::perf_hooks::Stage;
use ironode_ops::sys::alarm::Alarm;
use ironode_ops::trace_events::category::{ENVIRONMENT, REALM};
use ironode_ops::trace_events::{self, Span};
use tokio::task::LocalSet;

use crate::embed::HostModules;
use crate::isolate::{ForegroundTasks, Limits};
use crate::start_snapshot::blob;
use crate::{Builder, Error, Snapshot, bootstrap, event_loop, isolate, worker};

/// One JavaScript runtime. It lives on the thread that built it. Dropping it closes what it has open and gives its
/// memory back; of several on one thread, one goes when those that were built after it have gone.
pub struct Runtime {
    pub(crate) isolate: isolate::Owned,
    pub(crate) roots: Option<Roots>,
    pub(crate) host: Rc<Host>,
    pub(crate) tasks: std::sync::Arc<ForegroundTasks>,
    /// How many turns the event loop has made.
    pub(crate) turns: u32,
    /// Ends the waits of the poll phase; made at the first wait.
    pub(crate) alarm: Option<Alarm>,
    /// How the poll phase waits for requests.
    pub(crate) linger: Linger,
    /// What it has learnt from its waits for answers of other processes.
    pub(crate) talk: Talk,
    pub(crate) local: Rc<LocalSet>,
    /// Whether a program has begun.
    pub(crate) is_started: bool,
    /// How the program has ended.
    pub(crate) ended: Option<Exit>,
    is_closed: bool,
}

/// What a runtime has of JavaScript's, until it is kept in a snapshot.
pub(crate) struct Roots {
    pub(crate) context: v8::Global<v8::Context>,
    /// What the bootstrap exports.
    pub(crate) exports: v8::Global<v8::Object>,
    start: v8::Global<v8::Function>,
}

/// What a runtime stands on, before anything of its own is known: an isolate, and its context where there is a
/// snapshot to take it from.
pub(crate) struct Ground {
    /// Whether the isolate is from a snapshot.
    is_kept: bool,
    context: Option<(v8::Global<v8::Context>, v8::Global<v8::Object>)>,
    isolate: isolate::Owned,
}

impl Ground {
    fn new(limits: &Limits) -> Self {
        Ground::from(blob(), isolate::create(blob(), limits))
    }

    fn from(snapshot: Option<&[u8]>, isolate: v8::OwnedIsolate) -> Self {
        Ground { is_kept: snapshot.is_some(), context: None, isolate: isolate::Owned::new(isolate) }
    }

    /// With as much as can be made ready.
    pub(crate) fn prepared(limits: &Limits) -> Result<Self, Error> {
        let mut ground = Ground::new(limits);
        if blob().is_some() {
            v8::scope!(let scope, &mut *ground.isolate);
            let (context, exports) = bootstrap::context(scope, true).map_err(Error::Bootstrap)?;
            ground.context = Some((v8::Global::new(scope, context), v8::Global::new(scope, exports)));
        }
        Ok(ground)
    }
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, named as on the command line.
    File(String),
    /// The program is read from standard input.
    Stdin {
        /// Whether to print its value.
        print: bool,
    },
    /// A text, whose value is printed where `print` is set.
    Eval {
        /// The program.
        text: String,
        /// Whether to print its value.
        print: bool,
    },
    /// The REPL; a text is evaluated before the user's first line, and its value printed where `print` is
    /// set.
    Repl {
        /// The program to begin with.
        text: Option<String>,
        /// Whether to print its value.
        print: bool,
    },
    /// The text of an ECMAScript module. Its imports are relative to the working directory.
    Module(String),
    /// What the runtime's thread has been started for: see `js/internal/worker/main.js`.
    #[doc(hidden)]
    Worker,
    /// A file whose program is kept: see [`Runtime::build_snapshot`].
    #[doc(hidden)]
    Snapshot(String),
    /// A file whose syntax is checked and which does not run.
    Check(String),
    /// The program that the executable has been made for.
    #[doc(hidden)]
    Application,
    /// Nothing yet: the embedder says what to import and to call.
    #[doc(hidden)]
    Embedder,
}

impl Runtime {
    /// Starts to build a runtime.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(config: Config, limits: &Limits) -> Result<Runtime, Error> {
        Runtime::on(Ground::new(limits), config)
    }

    /// A runtime that goes on with a program.
    pub(crate) fn revived(kept: Snapshot, config: Config, limits: &Limits) -> Result<Runtime, Error> {
        let isolate = isolate::revive(Some(kept.0), limits);
        Runtime::on(Ground::from(Some(kept.0), isolate), config)
    }

    /// A runtime whose program is to be kept.
    pub(crate) fn to_be_kept(config: Config) -> Result<Runtime, Error> {
        Runtime::on(Ground::from(blob(), isolate::create_to_be_kept(blob())), config)
    }

    /// A runtime on what has been made ready for one.
    pub(crate) fn on(ground: Ground, config: Config) -> Result<Runtime, Error> {
        let Ground { mut isolate, context, is_kept } = ground;
        let host = Host::new(&isolate, config);
        isolate.set_slot(Rc::clone(&host));
        if let Some(seat) = &host.config.seat {
            isolate::guard_heap(&mut isolate, &seat.remote);
        }
        if let Some(OptionValue::Number(count)) = host.option("--heapsnapshot-near-heap-limit") {
            near_heap::watch(&mut isolate, *count as u32);
        }
        // Only then, for it makes every error dearer.
        if host.flag("--trace-uncaught") {
            isolate.set_capture_stack_trace_for_uncaught_exceptions(true, 10);
        }
        host.config.timing.reach(Stage::Environment);
        let tasks = isolate::tasks(&isolate);
        tasks.wake(std::sync::Arc::clone(&host.mailbox));
        let roots = {
            v8::scope!(let scope, &mut *isolate);
            let (context, exports) = match context {
                Some((context, exports)) => (v8::Local::new(scope, context), v8::Local::new(scope, exports)),
                None => bootstrap::context(scope, is_kept).map_err(Error::Bootstrap)?,
            };
            let scope = &mut v8::ContextScope::new(scope, context);
            let incomplete = || Error::Bootstrap(String::from("the bootstrap's exports are incomplete"));
            host.set_hooks(
                bootstrap::hooks(scope, exports, host.config.builds_snapshot).ok_or_else(incomplete)?,
            );
            let start = bootstrap::function(scope, exports, "start").ok_or_else(incomplete)?;
            let (context, exports) = (v8::Global::new(scope, context), v8::Global::new(scope, exports));
            Roots { context, exports, start }
        };
        if !host.config.builds_snapshot {
            isolate::make_stacks(&isolate);
        }
        host.config.timing.reach(Stage::BootstrapComplete);
        Ok(Runtime {
            isolate,
            roots: Some(roots),
            host,
            tasks,
            turns: 0,
            alarm: None,
            linger: Linger::default(),
            talk: Talk::default(),
            local: Rc::default(),
            is_started: false,
            ended: None,
            is_closed: false,
        })
    }

    /// Runs a program until its event loop has nothing left to do or it exits.
    ///
    /// # Errors
    /// Where the system refuses what the event loop needs. An exception that the program does not
    /// catch is no error here: it is reported on the runtime's standard error and gives exit code 1.
    pub async fn run(&mut self, source: Source) -> Result<Exit, Error> {
        let local = Rc::clone(&self.local);
        let exit = local
            .run_until(async {
                if matches!(source, Source::Worker) {
                    // A worker's program is a message to it.
                    self.host.config.timing.reach(Stage::LoopStart);
                }
                self.start(source);
                self.run_to_end().await
            })
            .await;
        Ok(exit)
    }

    /// Runs the event loop until the program ends, and ends what belongs to it.
    pub(crate) async fn run_to_end(&mut self) -> Exit {
        let exit = event_loop::run(self).await;
        self.clean_up();
        self.ended = Some(exit);
        exit
    }

    /// What is due when the program has ended, however it did.
    fn clean_up(&mut self) {
        let cleaning = Span::whole(&ENVIRONMENT, "RunCleanup");
        if !self.host.is_stopped() {
            self.leave_code();
        }
        self.enter(ironode_ops::inspector::finish);
        worker::stop_all(&self.host);
        let realm = Span::whole(&REALM, "RunCleanup");
        flush_channels(&self.host);
        drop((realm, cleaning));
        let ending = Span::whole(&ENVIRONMENT, "AtExit");
        self.host.stdio.restore();
        drop(ending);
        trace_events::end_environment(&self.host);
        if self.host.config.owns_process && !self.host.is_worker() {
            trace_events::log::finish();
        }
    }

    /// Runs a file: see [`Runtime::run`].
    ///
    /// # Errors
    /// As for [`Runtime::run`].
    pub async fn run_file(&mut self, file: impl AsRef<Path>) -> Result<Exit, Error> {
        self.run(Source::File(file.as_ref().to_string_lossy().into_owned())).await
    }

    /// Runs a program as the main program of the process and gives the process's exit code. The
    /// runtime is not taken down piece by piece: the process is about to end.
    ///
    /// # Errors
    /// As for [`Runtime::run`].
    pub fn run_main(self, source: Source) -> Result<ExitCode, Error> {
        ironode_ops::sys::signal::restore_defaults();
        ironode_ops::sys::signal::survive_refused_writes();
        let mut this = ManuallyDrop::new(self);
        let reactor =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Io)?;
        let exit = reactor.block_on(tokio::task::unconstrained(this.run(source)))?;
        if !matches!(exit, Exit::Abort) {
            this.enter(ironode_ops::napi::close);
        }
        std::mem::forget(reactor);
        match exit {
            Exit::Abort => ironode_ops::sys::process::abort(),
            Exit::Code(code) => Ok(ExitCode::from(code.to_le_bytes()[0])),
        }
    }

    /// Calls into the JavaScript layer to begin with `source`.
    pub(crate) fn start(&mut self, source: Source) {
        self.is_started = true;
        let has_modules = self.host.find_extension::<HostModules>().is_some();
        let start = self.roots().start.clone();
        self.grant_own_files(&source);
        trace_events::begin_environment(
            &self.host,
            match &source {
                Source::File(file) => Some(file),
                _ => None,
            },
        );
        self.enter(|scope| {
            ironode_ops::inspector::begin(scope);
            ironode_ops::inspector::await_signal(scope);
            ironode_ops::inspector::begin_recording(scope);
            let (kind, text, print) = match source {
                Source::File(file) => ("file", file, false),
                Source::Stdin { print } => ("stdin", String::new(), print),
                Source::Eval { text, print } => ("eval", text, print),
                Source::Repl { text: None, .. } => ("repl", String::new(), false),
                Source::Repl { text: Some(text), print } => ("repl-eval", text, print),
                Source::Module(text) => ("module", text, false),
                Source::Worker => ("worker", String::new(), false),
                Source::Check(file) => ("check", file, false),
                Source::Application => ("application", String::new(), false),
                Source::Embedder => ("embedder", String::new(), false),
                Source::Snapshot(file) => ("snapshot", file, false),
            };
            let args = [
                string(scope, kind).into(),
                string(scope, &text).into(),
                v8::Boolean::new(scope, print).into(),
                v8::Boolean::new(scope, has_modules).into(),
            ];
            let receiver = v8::undefined(scope).into();
            let start = v8::Local::new(scope, start);
            call::call_reporting(scope, start, receiver, &args);
            call::drain_ticks(scope);
        });
    }

    /// Under the permission model, a program may read itself and what the command line has it require.
    fn grant_own_files(&self, source: &Source) {
        let Some(permissions) = &self.host.permissions else { return };
        if let Source::File(file) = source {
            permissions.grant_reading(file);
        }
        if let (false, Some(OptionValue::List(files))) =
            (self.host.is_worker(), self.host.option("--require"))
        {
            for file in files.iter().filter(|file| file.contains('/')) {
                permissions.grant_reading(file);
            }
        }
    }

    /// Enters the runtime's context for one phase of its work.
    pub(crate) fn enter<T>(&mut self, body: impl FnOnce(&mut v8::PinScope<'_, '_>) -> T) -> T {
        let context = self.roots().context.clone();
        v8::scope!(let scope, &mut *self.isolate);
        let context = v8::Local::new(scope, &context);
        let scope = &mut v8::ContextScope::new(scope, context);
        body(scope)
    }

    fn roots(&self) -> &Roots {
        self.roots.as_ref().unwrap_or_else(|| unreachable!("only a runtime that has been kept has none"))
    }

    /// Leaves what it has compiled to its family.
    pub(crate) fn leave_code(&mut self) {
        if !self.host.fresh_code.is_empty() {
            self.enter(code_cache::leave);
        }
    }

    pub(crate) fn exit(&self) -> Option<Exit> {
        self.host.exit()
    }

    /// Closes what the program has left open. All that is left to be dropped is the isolate.
    pub(crate) fn close(&mut self) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        self.enter(|scope| Host::of(scope).abandon(scope));
        drop(std::mem::take(&mut self.local));
        self.alarm = None;
        self.host.forget();
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.close();
    }
}
