//! Names that the system has in memory: they are looked up without the pool's threads, and without waiting. Handing a
//! request to another thread and its answer back takes several times as long.
//!
//! `openat2` with `RESOLVE_CACHED` follows a name through memory alone, or fails. But what file systems of other machines
//! and of other processes do to open a file takes time all the same, and a process would wait for itself where it serves
//! such a file system. So it is done only in directories of which one of the pool's threads has found out that they
//! belong to a file system of this machine; behind a symbolic link there may be another.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use super::args::{KIND, retried};
use crate::bind::task::lock;
use crate::bind::{Host, IntoJs, call};

/// For so long a directory is taken for what it was.
const TRUST: Duration = Duration::from_secs(1);

/// How many directories are remembered.
const MAX_FOLDERS: usize = 1024;

/// So many requests at once are faster done one after the other than by waking another thread. Of more, the pool has two
/// for each one that the runtime's own thread does itself, as long as it keeps up.
const FEW: u32 = 4;

/// More than so many at once would keep the loop from everything else for too long.
const MANY: u32 = 64;

/// The types of file systems, as `statfs` tells them, that keep everything on this machine.
const LOCAL_TYPES: &[i64] = &[
    0xEF53,      // ext2, ext3, ext4
    0x5846_5342, // XFS
    0x9123_683E, // Btrfs
    0x0102_1994, // tmpfs
    0xF2F5_2010, // F2FS
    0xCA45_1A4E, // bcachefs
    0x794C_7630, // overlayfs
];

/// What one runtime knows of directories.
#[derive(Default)]
struct Nearby {
    folders: Arc<Folders>,
    /// How many requests wait to be done by its own thread.
    waiting: Cell<u32>,
    /// How many the pool has instead, and has not done yet.
    shared: Arc<AtomicU32>,
}

/// What is known of directories, by their names.
#[derive(Default)]
struct Folders {
    known: Mutex<HashMap<Box<[u8]>, Folder>>,
    /// Whether the system has no such lookup, or does not allow it.
    is_useless: AtomicBool,
}

struct Folder {
    is_local: bool,
    since: Instant,
}

/// An operation on a file that can mostly be done without waiting.
pub(super) trait Quick: Sized + Send + 'static {
    /// What it finds out.
    type Outcome: IntoJs + Send + 'static;
    /// The file, where it may be done so at all.
    fn path(&self) -> Option<&Path>;
    /// Does it without waiting; nothing where that is not possible.
    fn attempt(&mut self, turn: &Turn, host: &Host) -> Option<Self::Outcome>;
    /// Does it on a thread that may wait.
    fn run(self) -> Self::Outcome;
}

/// Starts an operation whose outcome `callback` receives.
pub(super) fn start<Op: Quick>(
    scope: &mut v8::PinScope<'_, '_>,
    callback: v8::Local<'_, v8::Function>,
    mut operation: Op,
) {
    let host = Host::of(scope);
    let way = operation.path().map_or(Way::Pool, |path| Nearby::way(&host, path));
    match way {
        Way::Here(turn) => call::attempt(scope, KIND, callback, move |host| {
            operation.attempt(&turn, host).ok_or(move || operation.run())
        }),
        Way::Shared(count) => call::request(scope, KIND, callback, move || {
            let outcome = operation.run();
            count.fetch_sub(1, Ordering::Relaxed);
            outcome
        }),
        Way::Pool => call::request(scope, KIND, callback, move || operation.run()),
        Way::Learning(folders) => call::request(scope, KIND, callback, move || {
            if let Some(path) = operation.path() {
                folders.learn(path);
            }
            operation.run()
        }),
    }
}

/// How a request is done.
enum Way {
    /// At first without the pool.
    Here(Turn),
    /// By the pool.
    Pool,
    /// By the pool, since the runtime's own thread has enough to do.
    Shared(Arc<AtomicU32>),
    /// By the pool, which finds out about the directory of the file as well.
    Learning(Arc<Folders>),
}

/// The permission to do one request on the runtime's own thread.
pub(super) struct Turn {
    nearby: Rc<Nearby>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.nearby.waiting.set(self.nearby.waiting.get() - 1);
    }
}

impl Nearby {
    /// How a request for a file is done.
    fn way(host: &Host, path: &Path) -> Way {
        // What a pool of one thread does, it does in order.
        if host.config.pool_size == 1 {
            return Way::Pool;
        }
        let nearby = host.extension::<Nearby>();
        if nearby.folders.is_useless.load(Ordering::Relaxed) {
            return Way::Pool;
        }
        let Some(folder) = folder_of(path) else { return Way::Pool };
        match nearby.folders.is_local(folder) {
            Some(true) if nearby.has_enough() => {
                nearby.shared.fetch_add(1, Ordering::Relaxed);
                Way::Shared(Arc::clone(&nearby.shared))
            }
            Some(true) => {
                nearby.waiting.set(nearby.waiting.get() + 1);
                Way::Here(Turn { nearby })
            }
            Some(false) => Way::Pool,
            None => Way::Learning(Arc::clone(&nearby.folders)),
        }
    }

    /// Whether the pool is to have the next request.
    fn has_enough(&self) -> bool {
        let waiting = self.waiting.get();
        waiting >= MANY || self.shared.load(Ordering::Relaxed) < 2 * waiting.saturating_sub(FEW)
    }
}

impl Turn {
    /// Opens a file whose name is in memory.
    pub(super) fn open(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
        let opened = open_cached(path, flags);
        if let Err(Errno::NOSYS | Errno::INVAL | Errno::PERM | Errno::TOOBIG) = opened {
            self.nearby.folders.is_useless.store(true, Ordering::Relaxed);
        }
        opened
    }
}

fn open_cached(path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let how = ResolveFlags::CACHED | ResolveFlags::NO_SYMLINKS;
    retried(|| rustix::fs::openat2(CWD, path, flags | OFlags::CLOEXEC, Mode::empty(), how))
}

impl Folders {
    /// Whether a directory is known to be of this machine; nothing where somebody is to find out.
    fn is_local(&self, name: &[u8]) -> Option<bool> {
        let now = Instant::now();
        let mut known = lock(&self.known);
        if let Some(folder) = known.get(name)
            && now.duration_since(folder.since) < TRUST
        {
            return Some(folder.is_local);
        }
        if known.len() >= MAX_FOLDERS {
            known.clear();
        }
        known.insert(name.into(), Folder { is_local: false, since: now });
        None
    }

    /// Finds out whether the directory of a file is of this machine, which may take time.
    fn learn(&self, path: &Path) {
        let Some(name) = folder_of(path) else { return };
        let folder = if name.is_empty() { Path::new(".") } else { Path::new(OsStr::from_bytes(name)) };
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened =
            retried(|| rustix::fs::openat2(CWD, folder, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS));
        if opened.is_ok_and(|folder| is_local(&folder)) {
            let folder = Folder { is_local: true, since: Instant::now() };
            lock(&self.known).insert(name.into(), folder);
        }
    }
}

/// Whether a file is of a file system that keeps everything on this machine.
pub(super) fn is_local(file: &OwnedFd) -> bool {
    rustix::fs::fstatfs(file).is_ok_and(|stat| LOCAL_TYPES.contains(&stat.f_type))
}

/// The name of the directory in which a file is, with the slash behind it; nothing where the last part of a name leads
/// elsewhere.
fn folder_of(path: &Path) -> Option<&[u8]> {
    let name = path.as_os_str().as_bytes();
    let (folder, file) = name.split_at(memchr::memrchr(b'/', name).map_or(0, |slash| slash + 1));
    (file != b"." && file != b"..").then_some(folder)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::folder_of;

    #[test]
    fn a_file_is_in_the_directory_before_its_last_slash() {
        let folder = |path| folder_of(Path::new(path)).map(String::from_utf8_lossy);
        assert_eq!(folder("/a/b").as_deref(), Some("/a/"));
        assert_eq!(folder("/a").as_deref(), Some("/"));
        assert_eq!(folder("a").as_deref(), Some(""));
        assert_eq!(folder("/a/b/").as_deref(), Some("/a/b/"));
        assert_eq!(folder("/a/.."), None);
        assert_eq!(folder("."), None);
    }
}
