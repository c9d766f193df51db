//! What an embedder decides before a runtime starts.

use std::ffi::OsString;
use std::path::PathBuf;

use ironode_ops::bind::state::{Config, OptionValue, ReadOptions};
use ironode_ops::perf_hooks::Stage;
use ironode_ops::sea::{Application, Main};
use ironode_ops::stdio::{Capture, Sink};
use ironode_ops::trace_events;

use crate::embed::HostModules;
use crate::isolate::Limits;
use crate::{Error, HostModule, Runtime, Snapshot, Source, isolate, start_snapshot};

/// Collects the decisions; made by [`Runtime::builder`].
pub struct Builder {
    config: Config,
    stdout: Output,
    stderr: Output,
    v8_flags: Vec<String>,
    heap_limit: Option<usize>,
    is_large: bool,
    modules: Vec<(String, HostModule)>,
    snapshot: Option<Snapshot>,
}

/// Where an output stream of a runtime leads.
#[derive(Default)]
pub enum Output {
    /// Nowhere.
    #[default]
    Null,
    /// To the process's own stream.
    Inherit,
    /// Into the given memory, which the embedder reads at any time.
    Capture(Capture),
}

impl Output {
    fn sink(self, descriptor: i32) -> Sink {
        match self {
            Output::Null => Sink::Null,
            Output::Inherit => Sink::Descriptor(descriptor),
            Output::Capture(capture) => Sink::Capture(capture),
        }
    }
}

/// Takes the time zone from the environment where that is not the process's own.
fn adopt_time_zone(env: &[(OsString, OsString)]) {
    let wanted = env.iter().rfind(|(name, _)| name == "TZ").map(|(_, value)| value);
    if let Some(zone) = wanted.filter(|zone| std::env::var_os("TZ").as_ref() != Some(zone)) {
        ironode_ops::process::set_time_zone(zone);
    }
}

impl Default for Builder {
    fn default() -> Self {
        let config = Config { exec_path: std::env::current_exe().unwrap_or_default(), ..Config::default() };
        Builder {
            config,
            stdout: Output::Null,
            stderr: Output::Null,
            v8_flags: Vec::new(),
            heap_limit: None,
            is_large: false,
            modules: Vec::new(),
            snapshot: None,
        }
    }
}

impl Builder {
    /// Adds an argument: `process.argv` is the executable, the script, then these.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.config.argv.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.config.argv.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets one variable of `process.env`.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.config.env.push((name.into(), value.into()));
        self
    }

    /// Sets the working directory, an absolute path. It belongs to this runtime alone.
    #[must_use]
    pub fn cwd(mut self, cwd: impl Into<PathBuf>) -> Self {
        self.config.cwd = Some(cwd.into());
        self
    }

    /// Sets where `process.stdout` leads.
    #[must_use]
    pub fn stdout(mut self, output: Output) -> Self {
        self.stdout = output;
        self
    }

    /// Sets where `process.stderr` leads.
    #[must_use]
    pub fn stderr(mut self, output: Output) -> Self {
        self.stderr = output;
        self
    }

    /// Limits the JavaScript heap, in bytes.
    #[must_use]
    pub fn heap_limit(mut self, bytes: usize) -> Self {
        self.heap_limit = Some(bytes);
        self
    }

    /// Sets a command-line option of Node by its name with dashes, such as `--trace-warnings`.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: OptionValue) -> Self {
        self.config.options.insert(name.into(), value);
        self
    }

    /// Gives programs a module of Rust functions and values under `name`, such as `host:db`, to import and to require.
    /// Workers do not have it. A name of Node's own modules, and `node:` in front, is refused when the program begins.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>, fill: impl FnOnce(&mut HostModule)) -> Self {
        let mut module = HostModule::default();
        fill(&mut module);
        self.modules.push((name.into(), module));
        self
    }

    /// Has the runtime go on with a program that has been kept.
    #[must_use]
    pub fn snapshot(mut self, snapshot: Snapshot) -> Self {
        self.snapshot = Some(snapshot);
        self
    }

    /// Has the runtime run the program that the executable has been made for: [`Source::Application`].
    #[must_use]
    pub fn application(mut self, application: &'static Application<'static>) -> Self {
        self.config.application = Some(application);
        match application.main {
            Main::Text { text, .. } => self.is_large = start_snapshot::is_large(text),
            Main::Snapshot(snapshot) => self.snapshot = Some(Snapshot(snapshot)),
        }
        self
    }

    /// Has the runtime's program kept: it is run by [`Runtime::build_snapshot`].
    #[must_use]
    pub fn keeps_program(mut self) -> Self {
        self.config.builds_snapshot = true;
        self
    }

    /// Passes a flag to V8, such as `--stack-size=2000`. V8's flags belong to the process: the first
    /// runtime to be built decides.
    #[must_use]
    pub fn v8_flag(mut self, flag: impl Into<String>) -> Self {
        self.v8_flags.push(flag.into());
        self
    }

    /// Limits the old generation of the heap to a share of the memory that the process may use, in percent. This is
    /// a flag of V8, and wins over one that was passed before.
    #[must_use]
    pub fn heap_share(self, percent: f64) -> Self {
        let memory = ironode_ops::process::memory_limit() as f64;
        let size = (memory * percent / 100.0) as u64 >> 20;
        self.v8_flag(format!("--max-old-space-size={}", size.max(1)))
    }

    /// Sets `process.execArgv`.
    #[must_use]
    pub fn exec_argv(mut self, args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.config.exec_argv = args.into_iter().map(Into::into).collect();
        self
    }

    /// Sets `process.argv0`.
    #[must_use]
    pub fn argv0(mut self, argv0: impl Into<OsString>) -> Self {
        self.config.argv0 = argv0.into();
        self
    }

    /// Sets what reads the options that a program gives its workers as `execArgv` and in `NODE_OPTIONS`. Without
    /// it, workers have the options of the runtime.
    #[must_use]
    pub fn read_options(mut self, read: ReadOptions) -> Self {
        self.config.read_options = Some(read);
        self
    }

    /// Takes over the process: its environment (before variables that were set already), working
    /// directory and standard streams. One runtime of a process may do so; it may then also change the
    /// process's ids, umask, title and time zone.
    #[must_use]
    pub fn inherit(mut self) -> Self {
        let mut env: Vec<_> = std::env::vars_os().collect();
        env.append(&mut self.config.env);
        self.config.env = env;
        self.config.cwd = None;
        self.config.owns_process = true;
        self.stdout = Output::Inherit;
        self.stderr = Output::Inherit;
        let pool = std::env::var("UV_THREADPOOL_SIZE").ok().and_then(|size| size.parse().ok());
        self.config.pool_size = pool.unwrap_or(4).clamp(1, 1024);
        self
    }

    /// Says what the runtime will run, so that one which suits it is made ready. The first runtime of a process decides
    /// for all of them.
    #[must_use]
    pub fn program(mut self, source: &Source) -> Self {
        self.is_large = start_snapshot::helps(source);
        self
    }

    /// Makes the runtime.
    ///
    /// # Errors
    /// Where the JavaScript layer does not start.
    pub fn build(self) -> Result<Runtime, Error> {
        let mut config = self.config;
        if config.owns_process {
            trace_events::begin(&config);
        }
        config.timing.reach(Stage::NodeStart);
        if config.owns_process {
            adopt_time_zone(&config.env);
        }
        start_snapshot::choose(self.is_large);
        isolate::initialize(&self.v8_flags, self.is_large);
        config.timing.reach(Stage::V8Start);
        let young = config.owns_process.then_some(isolate::YOUNG_AT_FIRST);
        config.outputs = [self.stdout.sink(1), self.stderr.sink(2)];
        if config.builds_snapshot {
            return Runtime::to_be_kept(config);
        }
        let limits = Limits { heap: self.heap_limit, young_at_first: young, ..Limits::default() };
        let runtime = match self.snapshot {
            Some(snapshot) => Runtime::revived(snapshot, config, &limits)?,
            None => Runtime::new(config, &limits)?,
        };
        if !self.modules.is_empty() {
            runtime.host.extension::<HostModules>().0.replace(self.modules);
        }
        Ok(runtime)
    }
}
