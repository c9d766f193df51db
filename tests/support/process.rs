//! A child process with a hard time limit: it leads a process group of its own, which is ended with it, and its
//! output is collected while it runs.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};

/// The most that is kept of a stream; an endless writer does not fill the memory.
const LONGEST_STREAM: usize = 4 << 20;

/// How long a stream may stay open after its process and group have ended (a descendant that left the group).
const GRACE: Duration = Duration::from_secs(2);

const SIGNALS: &[(&str, Signal)] = &[
    ("SIGHUP", Signal::HUP),
    ("SIGINT", Signal::INT),
    ("SIGQUIT", Signal::QUIT),
    ("SIGILL", Signal::ILL),
    ("SIGTRAP", Signal::TRAP),
    ("SIGABRT", Signal::ABORT),
    ("SIGFPE", Signal::FPE),
    ("SIGKILL", Signal::KILL),
    ("SIGUSR1", Signal::USR1),
    ("SIGSEGV", Signal::SEGV),
    ("SIGUSR2", Signal::USR2),
    ("SIGPIPE", Signal::PIPE),
    ("SIGALRM", Signal::ALARM),
    ("SIGTERM", Signal::TERM),
    ("SIGSTOP", Signal::STOP),
    ("SIGCONT", Signal::CONT),
    ("SIGWINCH", Signal::WINCH),
];

/// A running program.
pub(crate) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Stream,
    stderr: Stream,
    ended: Receiver<()>,
    deadline: Instant,
    searched: usize,
}

/// How a program ended and what it printed.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Program {
    /// Starts a command; `stdin` says whether its standard input is a pipe or `/dev/null`.
    pub(crate) fn start(mut command: Command, stdin: bool, limit: Duration) -> Result<Program, String> {
        command.process_group(0);
        command.stdin(if stdin { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{:?}: {error}", command.get_program()))?;
        let id = pid(&child);
        let (sender, ended) = channel();
        thread::spawn(move || {
            // The process stays a zombie until `finish` has ended its group, so that the group's id is not reused.
            let _ = waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
            let _ = sender.send(());
        });
        Ok(Program {
            stdin: child.stdin.take(),
            stdout: Stream::collect(child.stdout.take().expect("stdout is a pipe")),
            stderr: Stream::collect(child.stderr.take().expect("stderr is a pipe")),
            child,
            ended,
            deadline: Instant::now() + limit,
            searched: 0,
        })
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until standard output holds a text, after the text that was waited for before.
    pub(crate) fn wait_for(&mut self, text: &str) -> Result<(), String> {
        match self.stdout.wait_for(text.as_bytes(), self.searched, self.deadline) {
            Some(end) => {
                self.searched = end;
                Ok(())
            }
            None => Err(format!("`{text}` did not appear in stdout\n{}", self.so_far())),
        }
    }

    /// Writes to standard input. A program that has closed it is not an error.
    pub(crate) fn write(&mut self, text: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush());
        }
    }

    /// Writes everything to standard input and closes it, beside whatever else happens.
    pub(crate) fn feed(&mut self, text: String) {
        if let Some(mut stdin) = self.stdin.take() {
            thread::spawn(move || stdin.write_all(text.as_bytes()));
        }
    }

    /// Closes standard input.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends a signal, by its name, to the process alone.
    pub(crate) fn kill(&self, name: &str) -> Result<(), String> {
        let (_, signal) =
            SIGNALS.iter().find(|it| it.0 == name).ok_or_else(|| format!("no signal {name}"))?;
        kill_process(pid(&self.child), *signal).map_err(|error| format!("kill {name}: {error}"))
    }

    /// Fails when the process ends within the time.
    pub(crate) fn must_live(&self, time: Duration) -> Result<(), String> {
        match self.ended.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            _ => Err(format!("ended although it should live\n{}", self.so_far())),
        }
    }

    /// Waits for the end and ends the rest of the process group.
    pub(crate) fn finish(mut self) -> Result<Ended, String> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if self.ended.recv_timeout(left).is_err() {
            return Err(format!("still running at the time limit\n{}", self.so_far()));
        }
        self.end_group();
        let status = self.child.wait().map_err(|error| error.to_string())?;
        let until = Instant::now() + GRACE;
        Ok(Ended { status, stdout: self.stdout.take(until), stderr: self.stderr.take(until) })
    }

    fn end_group(&self) {
        let _ = kill_process_group(pid(&self.child), Signal::KILL);
    }

    fn so_far(&self) -> String {
        format!("--- stdout so far\n{}\n--- stderr so far\n{}", self.stdout.text(), self.stderr.text())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.end_group();
            let _ = self.child.wait();
        }
    }
}

/// `exit 3` or `killed by SIGTERM`.
pub(crate) fn status_text(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit {code}"),
        (None, Some(number)) => match SIGNALS.iter().find(|it| it.1.as_raw() == number) {
            Some((name, _)) => format!("killed by {name}"),
            None => format!("killed by signal {number}"),
        },
        (None, None) => "ended".into(),
    }
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

/// What a pipe has carried so far, read by a thread of its own.
struct Stream {
    state: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    closed: bool,
}

impl Stream {
    fn collect(mut pipe: impl Read + Send + 'static) -> Stream {
        let state = Arc::new((Mutex::new(State::default()), Condvar::new()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            let mut chunk = [0; 1 << 14];
            loop {
                let count = pipe.read(&mut chunk).unwrap_or(0);
                let mut state = shared.0.lock().expect("no reader panics");
                if count == 0 {
                    state.closed = true;
                } else if state.bytes.len() < LONGEST_STREAM {
                    state.bytes.extend_from_slice(&chunk[..count]);
                }
                shared.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Stream { state }
    }

    /// The place after the first occurrence of `text` at or after `from`.
    fn wait_for(&self, text: &[u8], from: usize, deadline: Instant) -> Option<usize> {
        let found = |state: &State| {
            let tail = state.bytes.get(from..)?;
            let at = tail.windows(text.len().max(1)).position(|window| window == text)?;
            Some(from + at + text.len())
        };
        let state = self.wait_until(deadline, |state| state.closed || found(state).is_some());
        found(&state)
    }

    fn take(&self, deadline: Instant) -> Vec<u8> {
        std::mem::take(&mut self.wait_until(deadline, |state| state.closed).bytes)
    }

    fn wait_until(
        &self,
        deadline: Instant,
        done: impl Fn(&State) -> bool,
    ) -> std::sync::MutexGuard<'_, State> {
        let state = self.state.0.lock().expect("no reader panics");
        let left = deadline.saturating_duration_since(Instant::now());
        let (state, _) =
            self.state.1.wait_timeout_while(state, left, |state| !done(state)).expect("no reader panics");
        state
    }

    /// The first bytes, for a failure's message.
    fn text(&self) -> String {
        let state = self.state.0.lock().expect("no reader panics");
        String::from_utf8_lossy(&state.bytes[..state.bytes.len().min(2000)]).into_owned()
    }
}
