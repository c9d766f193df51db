//! The events of calls of the system: `node.fs`, `node.fs_dir`, `node.dns` and `node.threadpoolwork`.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Span;
use super::category::{Category, DNS, FS_ASYNC, FS_DIR_ASYNC, FS_DIR_SYNC, FS_SYNC, POOL_ASYNC, POOL_SYNC};
use super::event::{Event, NO_ARGS, quoted};
use super::log;
use crate::bind::convert::internalized;

/// What Node calls our functions of the file system where it waits for them.
const SYNC_NAMES: &[(&str, &str)] = &[
    ("access", "fs.sync.access"),
    ("chmod", "fs.sync.chmod"),
    ("chown", "fs.sync.chown"),
    ("close", "fs.sync.close"),
    ("copy_file", "fs.sync.copyfile"),
    ("exists", "fs.sync.access"),
    ("fchmod", "fs.sync.fchmod"),
    ("fchown", "fs.sync.fchown"),
    ("fdatasync", "fs.sync.fdatasync"),
    ("fstat", "fs.sync.fstat"),
    ("fsync", "fs.sync.fsync"),
    ("ftruncate", "fs.sync.ftruncate"),
    ("futimes", "fs.sync.futimes"),
    ("lchown", "fs.sync.lchown"),
    ("link", "fs.sync.link"),
    ("lstat", "fs.sync.lstat"),
    ("lutimes", "fs.sync.lutimes"),
    ("mkdir", "fs.sync.mkdir"),
    ("mkdtemp", "fs.sync.mkdtemp"),
    ("open", "fs.sync.open"),
    ("read", "fs.sync.read"),
    ("readdir", "fs.sync.readdir"),
    ("readlink", "fs.sync.readlink"),
    ("readv", "fs.sync.read"),
    ("realpath", "fs.sync.realpath"),
    ("rename", "fs.sync.rename"),
    ("resolve_links", "fs.sync.lstat"),
    ("rm", "fs.sync.rm"),
    ("rmdir", "fs.sync.rmdir"),
    ("stat", "fs.sync.stat"),
    ("statfs", "fs.sync.statfs"),
    ("symlink", "fs.sync.symlink"),
    ("truncate", "fs.sync.ftruncate"),
    ("unlink", "fs.sync.unlink"),
    ("utimes", "fs.sync.utimes"),
    ("write", "fs.sync.write"),
    ("write_text", "fs.sync.write"),
    ("writev", "fs.sync.write"),
];

/// What it calls them otherwise, and under which names it tells their first arguments.
const ASYNC_NAMES: &[(&str, &str, &[&str])] = &[
    ("access", "access", PATH),
    ("chmod", "chmod", PATH),
    ("chown", "chown", PATH),
    ("close", "close", &[]),
    ("copy_file", "copyfile", &["src", "dest"]),
    ("fchmod", "fchmod", &[]),
    ("fchown", "fchown", &[]),
    ("fdatasync", "fdatasync", &[]),
    ("fstat", "fstat", &[]),
    ("fsync", "fsync", &[]),
    ("ftruncate", "ftruncate", &[]),
    ("futimes", "futime", &[]),
    ("lchown", "lchown", PATH),
    ("link", "link", &["src", "dest"]),
    ("lstat", "lstat", PATH),
    ("lutimes", "lutime", PATH),
    ("mkdir", "mkdir", PATH),
    ("mkdtemp", "mkdtemp", PATH),
    ("open", "open", PATH),
    ("read", "read", &[]),
    ("readdir", "scandir", PATH),
    ("readlink", "readlink", PATH),
    ("readv", "read", &[]),
    ("realpath", "realpath", PATH),
    ("rename", "rename", &["old_path", "new_path"]),
    ("rm", "rm", PATH),
    ("rmdir", "rmdir", PATH),
    ("stat", "stat", PATH),
    ("statfs", "statfs", PATH),
    ("symlink", "symlink", &["target", "path"]),
    ("truncate", "ftruncate", PATH),
    ("unlink", "unlink", PATH),
    ("utimes", "utime", PATH),
    ("write", "write", &[]),
    ("write_file", "write", &[]),
    ("write_text", "write", &[]),
    ("writev", "write", &[]),
];

const PATH: &[&str] = &["path"];

/// The numbers by which events of one call are known.
static LAST_ID: AtomicU64 = AtomicU64::new(0);

fn next_id() -> u64 {
    LAST_ID.fetch_add(1, Ordering::Relaxed) + 1
}

fn no_args() -> String {
    NO_ARGS.to_owned()
}

/// A call that is waited for, of the function `name` of a binding.
#[inline]
pub fn sync(binding: &'static str, name: &'static str) -> Span {
    if binding == "fs" && (FS_SYNC.is_on() || FS_DIR_SYNC.is_on()) { sync_on(name) } else { Span::unseen() }
}

fn sync_on(name: &'static str) -> Span {
    match name.strip_suffix("_sync").unwrap_or(name) {
        // It opens, writes and closes.
        "write_file" => Span::of_steps(),
        "opendir" => Span::whole(&FS_DIR_SYNC, "fs_dir.sync.opendir"),
        "read_entries" => Span::whole(&FS_DIR_SYNC, "fs_dir.sync.readdir"),
        name => match SYNC_NAMES.iter().find(|row| row.0 == name) {
            Some((_, event)) => Span::with_ends(&FS_SYNC, event, no_args),
            None => Span::unseen(),
        },
    }
}

thread_local! {
    /// Whether a call that is waited for is under way on this thread, whose steps are recorded one by one.
    static IN_STEPS: Cell<bool> = const { Cell::new(false) };
}

/// A call that is waited for and does more than one thing.
#[inline]
pub fn sync_steps() -> Span {
    if FS_SYNC.is_on() { Span::of_steps() } else { Span::unseen() }
}

/// Notes whether the steps of this thread are recorded.
pub(super) fn set_in_steps(is_in: bool) {
    IN_STEPS.set(is_in);
}

/// One thing that such a call does; nothing where it is no such call that does it.
#[inline]
pub fn step(name: &'static str) -> Span {
    if FS_SYNC.is_on() && IN_STEPS.get() { sync_on(name) } else { Span::unseen() }
}

/// A call on the thread pool whose end is still to be recorded.
#[derive(Debug)]
pub struct Pending {
    category: &'static Category,
    name: &'static str,
    id: u64,
}

thread_local! {
    /// The call whose request this thread is about to make.
    static BEGUN: Cell<Option<Box<Pending>>> = const { Cell::new(None) };
}

/// Records the beginning of a call on the thread pool, of the function `name` of a binding, whose request is made next.
#[inline]
pub fn begin(
    scope: &mut v8::PinScope<'_, '_>,
    binding: &'static str,
    name: &'static str,
    args: &v8::FunctionCallbackArguments<'_>,
) {
    if FS_ASYNC.is_on() || FS_DIR_ASYNC.is_on() || DNS.is_on() {
        let pending = pooled_on(scope, binding, name, args);
        BEGUN.set(pending.map(Box::new));
    }
}

/// The call that has just begun.
#[inline]
pub fn take_begun() -> Option<Box<Pending>> {
    if FS_ASYNC.is_on() || FS_DIR_ASYNC.is_on() || DNS.is_on() { BEGUN.take() } else { None }
}

fn pooled_on(
    scope: &mut v8::PinScope<'_, '_>,
    binding: &'static str,
    name: &'static str,
    args: &v8::FunctionCallbackArguments<'_>,
) -> Option<Pending> {
    let (category, event, text) = match (binding, name) {
        ("dns", "getaddrinfo") => {
            let family = match args.get(1).uint32_value(scope) {
                Some(4) => "ipv4",
                Some(6) => "ipv6",
                _ => "unspec",
            };
            let host = quoted(&args.get(0).to_rust_string_lossy(scope));
            (&DNS, "lookup", format!("{{\"hostname\":{host},\"family\":\"{family}\"}}"))
        }
        ("dns", "getnameinfo") => {
            let address = quoted(&args.get(0).to_rust_string_lossy(scope));
            let port = args.get(1).uint32_value(scope).unwrap_or(0);
            (&DNS, "lookupService", format!("{{\"ip\":{address},\"port\":{port}}}"))
        }
        ("fs", "opendir") => (&FS_DIR_ASYNC, "opendir", told(scope, args, PATH)),
        ("fs", "read_entries") => (&FS_DIR_ASYNC, "readdir", no_args()),
        ("fs", _) => {
            let (_, event, names) = ASYNC_NAMES.iter().find(|row| row.0 == name)?;
            (&FS_ASYNC, *event, told(scope, args, names))
        }
        _ => return None,
    };
    if !category.is_on() {
        return None;
    }
    let id = next_id();
    log::record(Event::new('b', category, event).id(id).args(text));
    Some(Pending { category, name: event, id })
}

/// The first arguments of a call under their names, as a JSON object.
fn told(
    scope: &mut v8::PinScope<'_, '_>,
    args: &v8::FunctionCallbackArguments<'_>,
    names: &[&str],
) -> String {
    let pairs = names.iter().zip(0..).filter(|(_, index)| args.get(*index).is_string());
    let pairs: Vec<_> = pairs
        .map(|(name, index)| format!("\"{name}\":{}", quoted(&args.get(index).to_rust_string_lossy(scope))))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

impl Pending {
    /// Records its end, with what it came to: a value or an error.
    pub fn end<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        outcome: Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>,
    ) {
        let number = match outcome {
            Ok(value) => match v8::Local::<v8::Array>::try_from(value) {
                Ok(list) => i64::from(list.length()),
                Err(_) => value.integer_value(scope).unwrap_or(0),
            },
            Err(error) => number_of(scope, error),
        };
        let args = match self.name {
            "lookup" => format!("{{\"count\":{},\"order\":0}}", number.max(0)),
            "lookupService" => no_args(),
            _ => format!("{{\"result\":{number}}}"),
        };
        log::record(Event::new('e', self.category, self.name).id(self.id).args(args));
    }
}

fn number_of(scope: &mut v8::PinScope<'_, '_>, error: v8::Local<'_, v8::Value>) -> i64 {
    let key = internalized(scope, "errno").into();
    let number = v8::Local::<v8::Object>::try_from(error).ok().and_then(|error| error.get(scope, key));
    number.and_then(|number| number.integer_value(scope)).unwrap_or(0)
}

/// What Node calls the work of a request on the thread pool.
pub fn work_name(kind: &str) -> Option<&'static str> {
    match kind {
        "GetNameInfoReqWrap" | "GetAddrInfoReqWrap" | "FSReqCallback" => None,
        _ => Some("crypto"),
    }
}

/// Whether anybody asks for the events of work on the thread pool.
#[inline]
pub fn follows_work() -> bool {
    POOL_SYNC.is_on() || POOL_ASYNC.is_on()
}

/// Work on the thread pool that is followed.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    name: &'static str,
    id: u64,
}

impl Work {
    /// Is being handed to the pool.
    pub fn begin(name: &'static str) -> Work {
        let id = next_id();
        if POOL_ASYNC.is_on() {
            log::record(Event::new('b', &POOL_ASYNC, name).id(id));
        }
        Work { name, id }
    }

    /// Is being done, on a thread of the pool.
    pub fn run(self) -> Span {
        Span::with_ends(&POOL_SYNC, self.name, no_args)
    }

    /// Is done, and the runtime hears of it.
    pub fn end(self) {
        if POOL_ASYNC.is_on() {
            log::record(Event::new('e', &POOL_ASYNC, self.name).id(self.id).args("{\"result\":0}"));
        }
    }
}
