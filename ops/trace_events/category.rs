//! Categories of trace events: what is told apart in asking for events, and whether it is asked for.

use std::sync::atomic::{AtomicU8, Ordering};

/// A group of categories, named by all of them with commas between: its events are recorded where any of them is
/// asked for.
///
/// V8 knows one by the address of its first byte, which is not 0 while its events are recorded.
#[repr(C)]
#[derive(Debug)]
pub struct Category {
    on: AtomicU8,
    /// The names, with commas between.
    pub name: &'static str,
}

impl Category {
    /// A group whose events nobody has asked for yet.
    pub(super) const fn new(name: &'static str) -> Self {
        Category { on: AtomicU8::new(0), name }
    }

    /// Whether its events are recorded: one look at a byte, which is all that an event costs that is not.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed) != 0
    }

    /// The byte that V8 looks at.
    pub fn flag(&'static self) -> *const u8 {
        self.on.as_ptr()
    }

    /// Records its events while one of its names is among those asked for.
    pub(super) fn follow(&self, asked_for: impl Fn(&str) -> bool) {
        let on = self.name.split(',').any(asked_for);
        self.on.store(u8::from(on), Ordering::Relaxed);
    }
}

/// Work that is done asynchronously, and its callbacks.
pub static ASYNC_HOOKS: Category = Category::new("node,node.async_hooks");
/// The stages of a runtime's life.
pub static BOOTSTRAP: Category = Category::new("node,node.bootstrap");
/// Times and counts of the console.
pub static CONSOLE: Category = Category::new("node,node.console");
/// Questions to the resolver.
pub static DNS: Category = Category::new("node,node.dns,node.dns.native");
/// What the event loop does.
pub static ENVIRONMENT: Category = Category::new("node,node.environment");
/// Calls of the file system that are waited for.
pub static FS_SYNC: Category = Category::new("node,node.fs,node.fs.sync");
/// Calls of the file system on the thread pool.
pub static FS_ASYNC: Category = Category::new("node,node.fs,node.fs.async");
/// Calls for directories that are waited for.
pub static FS_DIR_SYNC: Category = Category::new("node,node.fs_dir,node.fs_dir.sync");
/// Calls for directories on the thread pool.
pub static FS_DIR_ASYNC: Category = Category::new("node,node.fs_dir,node.fs_dir.async");
/// Requests of HTTP, on either side.
pub static HTTP: Category = Category::new("node,node.http");
/// Loading of CommonJS modules.
pub static MODULES: Category = Category::new("node,node.module_timer");
/// Connecting.
pub static NET: Category = Category::new("node,node.net,node.net.native");
/// The end of what belongs to a context.
pub static REALM: Category = Category::new("node,node.realm");
/// Rejected promises.
pub static REJECTIONS: Category = Category::new("node,node.promises,node.promises.rejections");
/// Work on a thread of the pool, there.
pub static POOL_SYNC: Category = Category::new("node,node.threadpoolwork,node.threadpoolwork.sync");
/// Work on a thread of the pool, from its being asked for to its answer.
pub static POOL_ASYNC: Category = Category::new("node,node.threadpoolwork,node.threadpoolwork.async");
/// Scripts that are compiled and run by `node:vm`.
pub static VM: Category = Category::new("node,node.vm,node.vm.script");

/// Those that are known from the beginning.
pub(super) static KNOWN: &[&Category] = &[
    &ASYNC_HOOKS,
    &BOOTSTRAP,
    &CONSOLE,
    &DNS,
    &ENVIRONMENT,
    &FS_SYNC,
    &FS_ASYNC,
    &FS_DIR_SYNC,
    &FS_DIR_ASYNC,
    &HTTP,
    &MODULES,
    &NET,
    &REALM,
    &REJECTIONS,
    &POOL_SYNC,
    &POOL_ASYNC,
    &VM,
];
