//! `spawnSync`: runs a process to its end while everything else of the runtime waits.

use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::command::{Command, Slot};
use crate::bind::Bytes;
use crate::sys::{fd, signal, spawn};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// What `spawnSync` returns to JavaScript: `[errno, pid, code, signal, outputs]`. `errno` is negative, or
/// 0; the code is -1 where no process was started; the outputs are those of the slots, `undefined` for
/// what is not read.
type Outcome = (i32, i32, i32, i32, Vec<Option<Bytes>>);

/// `spawnSync(command, slots, timeout, maxBuffer, killSignal)`: `timeout` in milliseconds, 0 for none;
/// `maxBuffer` in bytes.
pub(super) fn spawn_sync(
    command: Command,
    slots: Vec<Slot>,
    timeout: f64,
    max_buffer: f64,
    kill_signal: i32,
) -> Outcome {
    let deadline = (timeout > 0.0).then(|| Instant::now() + Duration::from_secs_f64(timeout / 1000.0));
    match Run::start(command.0, slots) {
        Ok(mut run) => {
            run.limits = Limits { deadline, max_buffer, kill_signal };
            run.finish()
        }
        Err(errno) => (-errno, 0, -1, 0, Vec::new()),
    }
}

#[derive(Default)]
struct Limits {
    deadline: Option<Instant>,
    max_buffer: f64,
    kill_signal: i32,
}

/// This process's end of one connection.
struct Pipe {
    /// Closed when there is nothing more to write or to read.
    fd: Option<OwnedFd>,
    input: Option<Vec<u8>>,
    written: usize,
    output: Vec<u8>,
}

struct Run {
    pid: i32,
    process: OwnedFd,
    pipes: Vec<Option<Pipe>>,
    limits: Limits,
    ended: Option<spawn::Ended>,
    killed: bool,
    errno: i32,
}

impl Run {
    fn start(mut command: spawn::Command, slots: Vec<Slot>) -> Result<Run, i32> {
        let mut pipes = Vec::with_capacity(slots.len());
        let mut theirs = Vec::new();
        for slot in slots {
            let (fd, pipe) = match slot {
                Slot::Ignore => (None, None),
                Slot::Inherit(fd) => (Some(fd), None),
                Slot::Pipe(input) => {
                    let (our_end, their_end) = spawn::socket_pair()?;
                    let fd = their_end.as_raw_fd();
                    theirs.push(their_end);
                    (Some(fd), Some(Pipe { fd: Some(our_end), input, written: 0, output: Vec::new() }))
                }
            };
            command.stdio.push(fd);
            pipes.push(pipe);
        }
        let pid = spawn::spawn(&command)?;
        drop(theirs);
        match spawn::open_process(pid) {
            Ok(process) => Ok(Run {
                pid,
                process,
                pipes,
                limits: Limits::default(),
                ended: None,
                killed: false,
                errno: 0,
            }),
            Err(errno) => {
                let _ = signal::kill(pid, libc::SIGKILL);
                spawn::wait(pid, true);
                Err(errno)
            }
        }
    }

    fn finish(mut self) -> Outcome {
        for index in 0..self.pipes.len() {
            if self.pipes[index].as_ref().is_some_and(|pipe| pipe.input.is_some()) {
                self.serve(index);
            }
        }
        while self.ended.is_none() || self.pipes.iter().flatten().any(|pipe| pipe.fd.is_some()) {
            self.step();
        }
        let (code, signal) = self.ended.unwrap_or_default();
        let outputs = self
            .pipes
            .into_iter()
            .map(|pipe| pipe.filter(|pipe| pipe.input.is_none()).map(|pipe| Bytes(pipe.output)));
        (-self.errno, self.pid, code, signal, outputs.collect())
    }

    /// Waits for something to happen and deals with it.
    fn step(&mut self) {
        let open: Vec<usize> = (0..self.pipes.len())
            .filter(|i| self.pipes[*i].as_ref().is_some_and(|p| p.fd.is_some()))
            .collect();
        let mut entries: Vec<PollFd<'_>> = Vec::with_capacity(open.len() + 1);
        for pipe in open.iter().filter_map(|i| self.pipes[*i].as_ref()) {
            let events = if pipe.input.is_some() { PollFlags::OUT } else { PollFlags::IN };
            if let Some(fd) = &pipe.fd {
                entries.push(PollFd::new(fd, events));
            }
        }
        if self.ended.is_none() {
            entries.push(PollFd::new(&self.process, PollFlags::IN));
        }
        let patience = self.limits.deadline.filter(|_| !self.killed);
        let patience = patience.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let timespec = patience.map(|patience| Timespec {
            tv_sec: patience.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: patience.subsec_nanos().into(),
        });
        let found = poll(&mut entries, timespec.as_ref());
        let ready: Vec<bool> = entries.iter().map(|entry| !entry.revents().is_empty()).collect();
        drop(entries);
        if found.is_err() {
            return;
        }
        for (index, _) in open.iter().zip(&ready).filter(|(_, ready)| **ready) {
            self.serve(*index);
        }
        if self.ended.is_none() && ready.last() == Some(&true) {
            self.ended = spawn::wait(self.pid, false);
        }
        if patience.is_some() && self.limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.kill(libc::ETIMEDOUT);
        }
    }

    /// Writes or reads what one pipe takes or has.
    fn serve(&mut self, index: usize) {
        let Some(pipe) = &mut self.pipes[index] else { return };
        let Some(fd) = &pipe.fd else { return };
        let status = match &pipe.input {
            Some(input) if pipe.written == input.len() => Ok(0),
            Some(input) => fd::write(fd.as_raw_fd(), &input[pipe.written..]).inspect(|count| {
                pipe.written += count;
            }),
            None => read_into(fd, &mut pipe.output),
        };
        match status {
            Ok(_) if pipe.input.as_ref().is_some_and(|input| pipe.written < input.len()) => {}
            Ok(count) if count > 0 && pipe.input.is_none() => {
                if self.limits.max_buffer > 0.0 && pipe.output.len() as f64 > self.limits.max_buffer {
                    self.kill(libc::ENOBUFS);
                }
            }
            Ok(_) => pipe.fd = None,
            Err(libc::EAGAIN) => {}
            Err(errno) => {
                pipe.fd = None;
                if self.errno == 0 && !(pipe.input.is_none() && errno == libc::ECONNRESET) {
                    self.errno = errno;
                }
            }
        }
    }

    /// Ends the process for `errno`; nothing more is written or read.
    fn kill(&mut self, errno: i32) {
        if std::mem::replace(&mut self.killed, true) {
            return;
        }
        self.errno = errno;
        if self.ended.is_none() {
            match signal::kill(self.pid, self.limits.kill_signal) {
                Err(refusal) if refusal != libc::ESRCH => {
                    let _ = signal::kill(self.pid, libc::SIGKILL);
                }
                _ => {}
            }
        }
        for pipe in self.pipes.iter_mut().flatten() {
            pipe.fd = None;
        }
    }
}

fn read_into(fd: &OwnedFd, output: &mut Vec<u8>) -> Result<usize, i32> {
    let start = output.len();
    output.resize(start + CHUNK, 0);
    let count = fd::read(fd.as_raw_fd(), &mut output[start..]);
    output.truncate(start + count.unwrap_or(0));
    count
}
