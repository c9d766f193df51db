//! New processes: started by `posix_spawn`, or by a fork where a user or group is to be changed, and
//! waited for by their own id alone.

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;

use super::fd::last_errno;

/// What to start.
#[derive(Debug, Default)]
pub struct Command {
    /// The name of the program: looked for along `PATH` unless it has a slash.
    pub file: CString,
    /// The arguments, the program's own name first.
    pub argv: Vec<CString>,
    /// The environment as `NAME=value`.
    pub env: Vec<CString>,
    /// The working directory, where it is not this process's.
    pub cwd: Option<CString>,
    /// The user, where it is to change.
    pub uid: Option<u32>,
    /// The group, where it is to change.
    pub gid: Option<u32>,
    /// Whether it begins a session of its own.
    pub detached: bool,
    /// The descriptors from 0 upwards; `None` is `/dev/null` for the first three, else nothing.
    pub stdio: Vec<Option<i32>>,
}

/// How a process has ended: its exit code, and the signal that ended it or 0.
pub type Ended = (i32, i32);

const DEFAULT_PATH: &str = "/bin:/usr/bin";
const SHELL: &CStr = c"/bin/sh";
const NULL_DEVICE: &CStr = c"/dev/null";

/// Starts a process and returns its id; the error is an error number.
pub fn spawn(command: &Command) -> Result<i32, i32> {
    let candidates = candidates(command)?;
    // A program expects standard streams that wait; one that this process uses as well waits for both.
    for fd in command.stdio.iter().take(3).flatten() {
        if let Some(flags) = super::fd::flags(*fd).filter(|flags| flags & libc::O_NONBLOCK != 0) {
            super::fd::set_flags(*fd, flags & !libc::O_NONBLOCK);
        }
    }
    let held = Descriptors::prepare(&command.stdio)?;
    if command.uid.is_some() || command.gid.is_some() {
        return fork(command, &candidates, &held);
    }
    let attributes = Attributes::new(command)?;
    let mut refusal = libc::ENOENT;
    for candidate in &candidates {
        match posix_spawn(command, candidate, &command.argv, &held, &attributes) {
            Err(libc::ENOEXEC) => {
                let argv = shell_arguments(candidate, &command.argv);
                return posix_spawn(command, SHELL, &argv, &held, &attributes);
            }
            Err(errno) if is_passed_over(errno) => {
                refusal = if refusal == libc::EACCES { refusal } else { errno };
            }
            outcome => return outcome,
        }
    }
    Err(refusal)
}

/// Whether the search along `PATH` goes on after this error.
fn is_passed_over(errno: i32) -> bool {
    [libc::EACCES, libc::ENOENT, libc::ESTALE, libc::ENOTDIR, libc::ENODEV, libc::ETIMEDOUT].contains(&errno)
}

/// A program without a format that the system knows is a script of the shell, as for `execvp`.
fn shell_arguments(file: &CStr, argv: &[CString]) -> Vec<CString> {
    [SHELL.to_owned(), file.to_owned()].into_iter().chain(argv.iter().skip(1).cloned()).collect()
}

/// The files that may be meant, those left out that are seen not to be there.
fn candidates(command: &Command) -> Result<Vec<CString>, i32> {
    let file = command.file.to_bytes();
    if file.is_empty() {
        return Err(libc::ENOENT);
    }
    if file.contains(&b'/') {
        return Ok(vec![command.file.clone()]);
    }
    let path = command.env.iter().find_map(|entry| entry.to_bytes().strip_prefix(b"PATH="));
    let path = path.unwrap_or(DEFAULT_PATH.as_bytes());
    let mut found = Vec::new();
    let mut refusal = libc::ENOENT;
    for folder in path.split(|byte| *byte == b':') {
        let mut name = folder.to_vec();
        if !folder.is_empty() {
            name.push(b'/');
        }
        name.extend_from_slice(file);
        let Ok(name) = CString::new(name) else { continue };
        match is_executable(&name, command.cwd.as_deref()) {
            Ok(()) => found.push(name),
            Err(libc::EACCES) => refusal = libc::EACCES,
            Err(_) => {}
        }
    }
    if found.is_empty() {
        return Err(command.cwd.as_deref().and_then(folder_refusal).unwrap_or(refusal));
    }
    Ok(found)
}

fn is_executable(name: &CStr, cwd: Option<&CStr>) -> Result<(), i32> {
    let resolved = match cwd {
        Some(cwd) if !name.to_bytes().starts_with(b"/") => {
            CString::new([cwd.to_bytes(), b"/", name.to_bytes()].concat()).ok()
        }
        _ => None,
    };
    let name = resolved.as_deref().unwrap_or(name);
    // SAFETY: the string is terminated and lives through the call.
    let status = unsafe { libc::faccessat(libc::AT_FDCWD, name.as_ptr(), libc::X_OK, libc::AT_EACCESS) };
    if status == 0 { Ok(()) } else { Err(last_errno()) }
}

/// What is wrong with a working directory, if something is.
fn folder_refusal(folder: &CStr) -> Option<i32> {
    let flags = libc::O_PATH | libc::O_DIRECTORY | libc::O_CLOEXEC;
    // SAFETY: the string is terminated and lives through the call.
    let fd = unsafe { libc::open(folder.as_ptr(), flags) };
    if fd < 0 {
        return Some(last_errno());
    }
    // SAFETY: the descriptor was just made and belongs to nobody else.
    drop(unsafe { OwnedFd::from_raw_fd(fd) });
    None
}

/// The descriptors of a new process, moved out of each other's way: those whose number another one is
/// to take have a copy above all of them.
struct Descriptors {
    slots: Vec<Option<i32>>,
    _copies: Vec<OwnedFd>,
}

impl Descriptors {
    fn prepare(stdio: &[Option<i32>]) -> Result<Descriptors, i32> {
        let count = i32::try_from(stdio.len()).map_err(|_| libc::EMFILE)?;
        let mut slots = stdio.to_vec();
        let mut copies = Vec::new();
        for (target, slot) in (0..).zip(&mut slots) {
            let Some(fd) = slot else { continue };
            if *fd < count && *fd != target {
                // SAFETY: the call takes and returns plain numbers.
                let copy = unsafe { libc::fcntl(*fd, libc::F_DUPFD_CLOEXEC, count) };
                if copy < 0 {
                    return Err(last_errno());
                }
                // SAFETY: the descriptor was just made and belongs to nobody else.
                copies.push(unsafe { OwnedFd::from_raw_fd(copy) });
                *fd = copy;
            }
        }
        Ok(Descriptors { slots, _copies: copies })
    }
}

/// How `/dev/null` is opened in the place of a descriptor that is not given.
fn null_mode(target: i32) -> i32 {
    if target == 0 { libc::O_RDONLY } else { libc::O_RDWR }
}

/// What `posix_spawn` is told about the new process besides its descriptors.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new(command: &Command) -> Result<Attributes, i32> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the call initialises what the pointer leads to.
        check(unsafe { libc::posix_spawnattr_init(attributes.as_mut_ptr()) })?;
        // SAFETY: the call above has succeeded.
        let mut this = Attributes(unsafe { attributes.assume_init() });
        let mut flags = libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK;
        if command.detached {
            flags |= i32::from(libc::POSIX_SPAWN_SETSID);
        }
        let flags = libc::c_short::try_from(flags).map_err(|_| libc::EINVAL)?;
        // SAFETY: the attributes are initialised.
        check(unsafe { libc::posix_spawnattr_setflags(&raw mut this.0, flags) })?;
        let all = signal_set(true);
        // SAFETY: the attributes and the set are initialised.
        check(unsafe { libc::posix_spawnattr_setsigdefault(&raw mut this.0, &raw const all) })?;
        let none = signal_set(false);
        // SAFETY: as above.
        check(unsafe { libc::posix_spawnattr_setsigmask(&raw mut this.0, &raw const none) })?;
        Ok(this)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: the attributes were initialised and are used no longer.
        unsafe { libc::posix_spawnattr_destroy(&raw mut self.0) };
    }
}

fn signal_set(full: bool) -> libc::sigset_t {
    // SAFETY: an all-zero `sigset_t` is a valid value of that plain C structure.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    if full {
        // SAFETY: `set` is writable for the whole call.
        unsafe { libc::sigfillset(&raw mut set) };
    }
    set
}

fn check(status: i32) -> Result<(), i32> {
    if status == 0 { Ok(()) } else { Err(status) }
}

/// What the new process does with descriptors and its working directory before its program begins.
struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new(command: &Command, held: &Descriptors) -> Result<Actions, i32> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: the call initialises what the pointer leads to.
        check(unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) })?;
        // SAFETY: the call above has succeeded.
        let mut this = Actions(unsafe { actions.assume_init() });
        let list = &raw mut this.0;
        for (target, slot) in (0..).zip(&held.slots) {
            match *slot {
                // SAFETY: the list is initialised.
                Some(fd) => check(unsafe { libc::posix_spawn_file_actions_adddup2(list, fd, target) })?,
                None if target <= 2 => {
                    let (path, mode) = (NULL_DEVICE.as_ptr(), null_mode(target));
                    // SAFETY: the list is initialised, the string terminated and eternal.
                    check(unsafe { libc::posix_spawn_file_actions_addopen(list, target, path, mode, 0) })?;
                }
                None => {}
            }
        }
        if let Some(cwd) = &command.cwd {
            // SAFETY: the list is initialised; it copies the terminated string.
            check(unsafe { libc::posix_spawn_file_actions_addchdir_np(list, cwd.as_ptr()) })?;
        }
        Ok(this)
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the list was initialised and is used no longer.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

/// The strings as C's lists have them: their addresses and a null pointer.
fn pointers(strings: &[CString]) -> Vec<*mut c_char> {
    strings.iter().map(|string| string.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect()
}

fn posix_spawn(
    command: &Command,
    file: &CStr,
    argv: &[CString],
    held: &Descriptors,
    attributes: &Attributes,
) -> Result<i32, i32> {
    let actions = Actions::new(command, held)?;
    let (argv, env) = (pointers(argv), pointers(&command.env));
    let mut pid = 0;
    // SAFETY: all strings are terminated, both lists end with a null pointer, actions and attributes are
    // initialised, and all of it lives through the call.
    check(unsafe {
        libc::posix_spawn(
            &raw mut pid,
            file.as_ptr(),
            &raw const actions.0,
            &raw const attributes.0,
            argv.as_ptr(),
            env.as_ptr(),
        )
    })?;
    Ok(pid)
}

/// What the child of a fork works with: made before the fork, since it may not allocate.
struct Plan<'a> {
    command: &'a Command,
    held: &'a Descriptors,
    /// Each file that may be meant, with the arguments of a shell that runs it as a script.
    files: Vec<(*const c_char, Vec<*mut c_char>)>,
    argv: Vec<*mut c_char>,
    env: Vec<*mut c_char>,
}

/// Starts a process with another user or group, which `posix_spawn` cannot.
fn fork(command: &Command, candidates: &[CString], held: &Descriptors) -> Result<i32, i32> {
    let scripts: Vec<_> = candidates.iter().map(|file| shell_arguments(file, &command.argv)).collect();
    let files = candidates.iter().zip(&scripts);
    let plan = Plan {
        command,
        held,
        files: files.map(|(file, script)| (file.as_ptr(), pointers(script))).collect(),
        argv: pointers(&command.argv),
        env: pointers(&command.env),
    };
    let (reader, writer) = pipe()?;
    let before = block_signals();
    // SAFETY: the child does only what a child of a process with threads may, until it runs its program.
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        let errno = plan.begin();
        // SAFETY: the pointer and the length are those of one number.
        unsafe { libc::write(writer.as_raw_fd(), (&raw const errno).cast(), size_of::<i32>()) };
        // SAFETY: the call ends this process, which has nothing to take down.
        unsafe { libc::_exit(127) };
    }
    let failure = (pid < 0).then(last_errno);
    // SAFETY: the set lives through the call.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut()) };
    if let Some(errno) = failure {
        return Err(errno);
    }
    drop(writer);
    let mut errno = [0; size_of::<i32>()];
    match super::fd::read(reader.as_raw_fd(), &mut errno) {
        Ok(4) => {
            let _ = wait(pid, true);
            Err(i32::from_ne_bytes(errno))
        }
        _ => Ok(pid),
    }
}

fn block_signals() -> libc::sigset_t {
    let all = signal_set(true);
    let mut before = signal_set(false);
    // SAFETY: both sets live through the call.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before) };
    before
}

impl Plan<'_> {
    /// In the child: becomes the program; returns an error number where that fails.
    fn begin(&self) -> i32 {
        match self.prepare() {
            Ok(()) => self.exec(),
            Err(errno) => errno,
        }
    }

    fn prepare(&self) -> Result<(), i32> {
        let called = |status: i32| if status < 0 { Err(last_errno()) } else { Ok(()) };
        for signal in 1..=64 {
            // SAFETY: restoring a default action installs no handler; what has none is left alone.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        if self.command.detached {
            // SAFETY: the call takes nothing.
            unsafe { libc::setsid() };
        }
        for (target, slot) in (0..).zip(&self.held.slots) {
            match *slot {
                // SAFETY: the call takes and returns plain numbers.
                Some(fd) if fd == target => called(unsafe { libc::fcntl(fd, libc::F_SETFD, 0) })?,
                // SAFETY: as above.
                Some(fd) => called(unsafe { libc::dup2(fd, target) })?,
                None if target <= 2 => self.open_null(target)?,
                None => {}
            }
        }
        if let Some(cwd) = &self.command.cwd {
            // SAFETY: the string is terminated and lives through the call.
            called(unsafe { libc::chdir(cwd.as_ptr()) })?;
        }
        // SAFETY: with a count of zero nothing is read. Only a process that may change its groups can.
        unsafe { libc::setgroups(0, ptr::null()) };
        if let Some(gid) = self.command.gid {
            // SAFETY: the call takes and returns plain numbers.
            called(unsafe { libc::setgid(gid) })?;
        }
        if let Some(uid) = self.command.uid {
            // SAFETY: as above.
            called(unsafe { libc::setuid(uid) })?;
        }
        let none = signal_set(false);
        // SAFETY: the set lives through the call.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut()) };
        Ok(())
    }

    fn open_null(&self, target: i32) -> Result<(), i32> {
        // SAFETY: the string is terminated and eternal.
        let fd = unsafe { libc::open(NULL_DEVICE.as_ptr(), null_mode(target)) };
        if fd < 0 {
            return Err(last_errno());
        }
        if fd != target {
            // SAFETY: the call takes and returns plain numbers.
            unsafe { libc::dup2(fd, target) };
            // SAFETY: as above; the descriptor was just made and belongs to nobody else.
            unsafe { libc::close(fd) };
        }
        Ok(())
    }

    fn exec(&self) -> i32 {
        let mut refusal = libc::ENOENT;
        for (file, script) in &self.files {
            match self.exec_one(*file, &self.argv) {
                libc::ENOEXEC => return self.exec_one(SHELL.as_ptr(), script),
                errno if is_passed_over(errno) => {
                    refusal = if refusal == libc::EACCES { refusal } else { errno };
                }
                errno => return errno,
            }
        }
        refusal
    }

    fn exec_one(&self, file: *const c_char, argv: &[*mut c_char]) -> i32 {
        // SAFETY: all strings are terminated, both lists end with a null pointer.
        unsafe { libc::execve(file, argv.as_ptr().cast(), self.env.as_ptr().cast()) };
        last_errno()
    }
}

/// A pipe whose two ends are closed on exec: what is read from, what is written to.
pub fn pipe() -> Result<(OwnedFd, OwnedFd), i32> {
    let mut fds = [-1; 2];
    // SAFETY: the array has room for two descriptors.
    if unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(last_errno());
    }
    // SAFETY: the descriptors were just made and belong to nobody else.
    Ok(fds.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }).into())
}

/// Two connected sockets that are closed on exec: the first does not block, the second does.
pub fn socket_pair() -> Result<(OwnedFd, OwnedFd), i32> {
    let mut fds = [-1; 2];
    let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC;
    // SAFETY: the array has room for two descriptors.
    if unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, fds.as_mut_ptr()) } != 0 {
        return Err(last_errno());
    }
    // SAFETY: the descriptors were just made and belong to nobody else.
    let (ours, theirs) = fds.map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }).into();
    if let Some(flags) = super::fd::flags(ours.as_raw_fd()) {
        super::fd::set_flags(ours.as_raw_fd(), flags | libc::O_NONBLOCK);
    }
    Ok((ours, theirs))
}

/// A descriptor that becomes readable when the process `pid`, a child, has ended.
pub fn open_process(pid: i32) -> Result<OwnedFd, i32> {
    // SAFETY: the call takes and returns plain numbers.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    match i32::try_from(fd) {
        // SAFETY: the descriptor was just made and belongs to nobody else.
        Ok(fd) if fd >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        _ => Err(last_errno()),
    }
}

/// Takes the end of the child `pid` from the system, waiting for it if `patient`; `None` where it has
/// not come.
pub fn wait(pid: i32, patient: bool) -> Option<Ended> {
    let mut status = 0;
    let options = if patient { 0 } else { libc::WNOHANG };
    loop {
        // SAFETY: `status` is writable for the whole call.
        let found = unsafe { libc::waitpid(pid, &raw mut status, options) };
        if found == pid {
            break;
        }
        if found == 0 || last_errno() != libc::EINTR {
            return None;
        }
    }
    if libc::WIFSIGNALED(status) {
        return Some((0, libc::WTERMSIG(status)));
    }
    Some((libc::WEXITSTATUS(status), 0))
}
