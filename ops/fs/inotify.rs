//! Changes of files and directories, as the system tells them: one handle watches any number of paths.

use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::os::fd::AsFd;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use super::args::retried;
use crate::bind::class::Class;
use crate::bind::convert::IntoJs;
use crate::bind::handle::{Core, Handle, This, wrap};
use crate::bind::name::Name;
use crate::bind::path::Reads;
use crate::bind::readiness::Watch;
use crate::bind::{Host, PathArg};
use crate::handle_class;

/// `Inotify`: `open()` returns 0 or a negative error number; `add(path)` the number of a watch or a
/// negative error number; `remove(watch)`. The event `onevent(watch, isRename, name)` tells of a change
/// of the entry `name` of a watched directory, one character for each byte of it; without a name the
/// change is that of the watched file or directory itself.
pub(super) const CLASS: Class = handle_class!(Inotify, construct, [open, add, remove]);

/// How many bytes of events are asked of the system at a time.
const ROOM: usize = 4096;

struct Inotify {
    core: Core,
    watch: RefCell<Option<Watch>>,
}

/// One change.
struct Change {
    watch: i32,
    is_rename: bool,
    name: Option<Vec<u8>>,
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| Inotify { core, watch: RefCell::default() });
}

fn status<T>(result: Result<T, Errno>, number: impl FnOnce(T) -> i32) -> i32 {
    result.map_or_else(|errno| -errno.raw_os_error(), number)
}

/// Makes the descriptor. It is active from now on.
fn open(this: This<Inotify>) -> i32 {
    let opened = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)
        .and_then(|fd| Watch::new(this.core(), fd));
    status(opened, |watch| {
        watch.again();
        *this.watch.borrow_mut() = Some(watch);
        this.core.set_active(true);
        0
    })
}

/// Watches a path.
fn add(this: This<Inotify>, path: PathArg<Reads>) -> i32 {
    let flags = WatchFlags::ATTRIB
        | WatchFlags::CREATE
        | WatchFlags::MODIFY
        | WatchFlags::DELETE
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF
        | WatchFlags::MOVED_FROM
        | WatchFlags::MOVED_TO;
    let watch = this.watch.borrow();
    let Some(watch) = &*watch else { return -libc::EBADF };
    status(retried(|| inotify::add_watch(watch.as_fd(), path.path(), flags)), |number| number)
}

/// Ends a watch.
fn remove(this: This<Inotify>, number: i32) {
    if let Some(watch) = &*this.watch.borrow() {
        // A watch whose file is gone has ended by itself.
        let _ = inotify::remove_watch(watch.as_fd(), number);
    }
}

impl Handle for Inotify {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.watch.borrow_mut().take();
    }

    fn on_ready(self: std::rc::Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        loop {
            let changes = self.read();
            if changes.is_empty() {
                return;
            }
            for change in changes {
                if self.core.is_closing() || Host::of(scope).is_exiting() {
                    return;
                }
                v8::scope!(let scope, scope);
                self.tell(scope, change);
            }
        }
    }
}

impl Inotify {
    /// What the system tells at once; nothing where it has no more to tell, and will say when it has.
    fn read(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let watch = self.watch.borrow();
        let Some(watch) = &*watch else { return changes };
        while changes.is_empty() {
            let Some(mut guard) = watch.readable() else { break };
            if read_some(watch, &mut changes).is_err() {
                guard.clear_ready();
            }
        }
        changes
    }

    fn tell(&self, scope: &mut v8::PinScope<'_, '_>, change: Change) {
        let watch = v8::Integer::new(scope, change.watch).into();
        let is_rename = v8::Boolean::new(scope, change.is_rename).into();
        let name = change.name.map(|bytes| Name { bytes, as_bytes: true });
        let name = name.into_js(scope).unwrap_or_else(|error| error);
        self.core.emit(scope, "onevent", &[watch, is_rename, name]);
    }
}

/// Reads what fits into the room; the error says that there is no more now.
fn read_some(watch: &Watch, changes: &mut Vec<Change>) -> Result<(), Errno> {
    let mut room = [MaybeUninit::uninit(); ROOM];
    let mut reader = Reader::new(watch.as_fd(), &mut room);
    loop {
        let event = match reader.next() {
            Err(Errno::INTR) => continue,
            event => event?,
        };
        changes.push(Change {
            watch: event.wd(),
            is_rename: !(event.events() - (ReadFlags::ATTRIB | ReadFlags::MODIFY)).is_empty(),
            name: event.file_name().map(|name| name.to_bytes().to_vec()),
        });
        if reader.is_buffer_empty() {
            return Ok(());
        }
    }
}
