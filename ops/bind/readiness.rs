//! Descriptors that the reactor watches for their handles. What becomes readable or writable puts its
//! handle into the runtime's queue, in the order of arrival and at most once; the poll phase of the
//! event loop takes the queue as it is and looks at each handle in it once.
//!
//! The reactor tells of changes only (it is edge-triggered): a handle works until the system says that
//! it would have to wait, or asks for another look with [`Watch::again`].

use std::cell::RefCell;
use std::os::fd::{AsFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use rustix::io::Errno;
use slab::Slab;
use tokio::io::Interest;
use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};

use super::Host;
use super::handle::{Core, Handle};
use super::task::{Mailbox, lock};
use crate::sys::fd;

/// The ready queue of one runtime and the handles that can be in it.
pub struct Readiness {
    queue: Arc<Queue>,
    handles: RefCell<Slab<Weak<dyn Handle>>>,
    /// The room of the last batch, for the next one.
    spare: RefCell<Vec<Arc<Notice>>>,
    /// The handle whose peer has been asked something in this turn.
    partner: RefCell<Option<Weak<dyn Handle>>>,
}

struct Queue {
    mailbox: Arc<Mailbox>,
    notices: Mutex<Vec<Arc<Notice>>>,
    filled: AtomicBool,
}

/// What the reactor wakes in the place of a task: one watched descriptor.
struct Notice {
    queue: Arc<Queue>,
    key: usize,
    /// Of those that other threads ring for, the handle's place in the order in which handles were made; 0 for
    /// descriptors, except [`LAST`] for those that tell of the end of something.
    order: u64,
    queued: AtomicBool,
    ended: AtomicBool,
}

/// As in libuv, the end of a child is told after what it has written.
const LAST: u64 = u64::MAX;

impl Wake for Notice {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        lock(&self.queue.notices).push(Arc::clone(self));
        if !self.queue.filled.swap(true, Ordering::AcqRel) {
            self.queue.mailbox.wake();
        }
    }
}

impl Readiness {
    /// An empty queue that wakes the runtime of `mailbox`.
    pub fn new(mailbox: &Arc<Mailbox>) -> Self {
        let queue =
            Queue { mailbox: Arc::clone(mailbox), notices: Mutex::default(), filled: AtomicBool::new(false) };
        Readiness {
            queue: Arc::new(queue),
            handles: RefCell::default(),
            spare: RefCell::default(),
            partner: RefCell::default(),
        }
    }

    /// Drops what waits: nobody looks any more.
    pub fn close(&self) {
        lock(&self.queue.notices).clear();
    }

    /// Whether a handle waits for its look.
    pub fn is_filled(&self) -> bool {
        self.queue.filled.load(Ordering::Acquire)
    }

    /// Says that the peer of a handle may answer at once, so that it is worth while to look at the handle before
    /// the runtime sleeps.
    pub fn expect_answer(&self, core: &Core) {
        *self.partner.borrow_mut() = Some(core.itself());
    }

    /// The handle that was given last in this turn.
    pub fn take_partner(&self) -> Option<Rc<dyn Handle>> {
        self.partner.take()?.upgrade()
    }

    /// Looks once at each handle that is in the queue now; returns how many there were. What comes in
    /// meanwhile waits for the next turn of the loop.
    pub fn deliver(&self, scope: &mut v8::PinScope<'_, '_>) -> usize {
        if !self.is_filled() {
            return 0;
        }
        let mut batch = self.spare.take();
        self.queue.filled.store(false, Ordering::Release);
        std::mem::swap(&mut *lock(&self.queue.notices), &mut batch);
        let host = Host::of(scope);
        let count = batch.len();
        // As in libuv, handles that other threads ring for have their turn in the order of their making.
        if count > 1 && batch.iter().any(|notice| notice.order > 0) {
            batch.sort_by_key(|notice| notice.order);
        }
        for notice in batch.drain(..) {
            notice.queued.store(false, Ordering::Release);
            if host.is_exiting() || notice.ended.load(Ordering::Acquire) {
                continue;
            }
            let handle = self.handles.borrow().get(notice.key).and_then(Weak::upgrade);
            if let Some(handle) = handle {
                v8::scope!(let scope, scope);
                handle.on_ready(scope);
            }
        }
        *self.spare.borrow_mut() = batch;
        count
    }
}

/// A descriptor that is watched for one handle. Dropping it ends the watching and closes the descriptor.
pub struct Watch {
    fd: Option<AsyncFd<OwnedFd>>,
    host: Rc<Host>,
    notice: Arc<Notice>,
    waker: Waker,
}

impl Watch {
    /// Watches `fd` for the handle of `core`; a descriptor that never has to wait, such as that of a
    /// file, gives EPERM.
    pub fn new(core: &Core, fd: OwnedFd) -> Result<Watch, Errno> {
        Watch::with_interest(core, fd, Interest::READABLE | Interest::WRITABLE)
    }

    /// The same for one direction only: what happens in the other one does not wake the runtime.
    pub fn with_interest(core: &Core, fd: OwnedFd, interest: Interest) -> Result<Watch, Errno> {
        Watch::try_new(core, fd, interest, 0).map_err(|(_, error)| error)
    }

    /// Watches for the end of something, which is told after whatever else has come at the same time.
    pub fn for_end(core: &Core, fd: OwnedFd) -> Result<Watch, Errno> {
        Watch::try_new(core, fd, Interest::READABLE, LAST).map_err(|(_, error)| error)
    }

    /// The same for the descriptor of that number, which JavaScript gives up only where this works.
    pub fn of_number(core: &Core, number: i32, interest: Interest) -> Result<Watch, Errno> {
        let flags = fd::flags(number).ok_or(Errno::BADF)?;
        if flags & libc::O_NONBLOCK == 0 {
            fd::set_flags(number, flags | libc::O_NONBLOCK);
        }
        let owned = fd::take(number).ok_or(Errno::BADF)?;
        Watch::try_new(core, owned, interest, 0).map_err(|(fd, error)| {
            let _ = fd.into_raw_fd();
            error
        })
    }

    fn try_new(core: &Core, fd: OwnedFd, interest: Interest, order: u64) -> Result<Watch, (OwnedFd, Errno)> {
        let host = Rc::clone(core.host());
        let fd = fd::watch(fd, interest).map_err(|error| {
            let (fd, error) = error.into_parts();
            (fd, Errno::from_io_error(&error).unwrap_or(Errno::IO))
        })?;
        let key = host.readiness.handles.borrow_mut().insert(core.itself());
        host.add_source();
        let queue = Arc::clone(&host.readiness.queue);
        let notice = Arc::new(Notice {
            queue,
            key,
            order,
            queued: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let waker = Waker::from(Arc::clone(&notice));
        Ok(Watch { fd: Some(fd), host, notice, waker })
    }

    /// Whether the descriptor may have something to read: before each try to read. `None` puts the
    /// handle into the queue as soon as there is something. After a try that would have to wait,
    /// the guard is cleared.
    pub fn readable(&self) -> Option<AsyncFdReadyGuard<'_, OwnedFd>> {
        let mut context = Context::from_waker(&self.waker);
        ready(self.fd.as_ref()?.poll_read_ready(&mut context))
    }

    /// The same for writing.
    pub fn writable(&self) -> Option<AsyncFdReadyGuard<'_, OwnedFd>> {
        let mut context = Context::from_waker(&self.waker);
        ready(self.fd.as_ref()?.poll_write_ready(&mut context))
    }

    /// Whether the other end is gone, in both directions.
    pub fn has_hung_up(&self) -> bool {
        self.writable().is_some_and(|guard| guard.ready().is_write_closed())
    }

    /// Asks for another look at the handle in the next turn of the loop.
    pub fn again(&self) {
        self.notice.wake_by_ref();
    }
}

/// Has a handle looked at, from any thread.
#[derive(Clone)]
pub struct Bell(Arc<Notice>);

impl Bell {
    /// Asks for a look at the handle.
    pub fn ring(&self) {
        self.0.wake_by_ref();
    }
}

/// The place of a handle without a descriptor among those that can be ready. Dropping it ends the calls.
pub struct Doorbell {
    host: Rc<Host>,
    bell: Bell,
}

impl Doorbell {
    /// A bell for the handle of `core`.
    pub fn new(core: &Core) -> Doorbell {
        let host = Rc::clone(core.host());
        let key = host.readiness.handles.borrow_mut().insert(core.itself());
        let queue = Arc::clone(&host.readiness.queue);
        let order = core.number() + 1;
        let (queued, ended) = (AtomicBool::new(false), AtomicBool::new(false));
        let notice = Notice { queue, key, order, queued, ended };
        Doorbell { host, bell: Bell(Arc::new(notice)) }
    }

    /// The bell itself.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        self.bell.0.ended.store(true, Ordering::Release);
        self.host.readiness.handles.borrow_mut().try_remove(self.bell.0.key);
    }
}

fn ready<T>(poll: Poll<std::io::Result<T>>) -> Option<T> {
    match poll {
        Poll::Ready(Ok(guard)) => Some(guard),
        Poll::Ready(Err(_)) | Poll::Pending => None,
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.fd {
            Some(fd) => fd.get_ref().as_fd(),
            None => unreachable!("only dropping takes the descriptor away"),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.notice.ended.store(true, Ordering::Release);
        // The slab refers to the handle, so the descriptor goes last: nothing may come for it any more.
        self.host.readiness.handles.borrow_mut().try_remove(self.notice.key);
        self.host.remove_source();
        self.fd = None;
    }
}
