//! Work on other threads: the pool that runs it and the queue that brings its outcome back.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Instant;

use super::linger::Linger;
use super::{Host, call, uncaught};
use crate::trace_events::calls::Work;

/// One request on its way through the pool: `run` happens on a pool thread, `finish` on the runtime's.
trait Request {
    fn run(&mut self);
    fn finish(self: Box<Self>, scope: &mut v8::PinScope<'_, '_>);
}

struct Job<Work, Outcome, Deliver> {
    work: Option<Work>,
    outcome: Result<Outcome, String>,
    deliver: Deliver,
}

impl<Work, Outcome, Deliver> Request for Job<Work, Outcome, Deliver>
where
    Work: FnOnce() -> Outcome,
    Deliver: FnOnce(&mut v8::PinScope<'_, '_>, Outcome),
{
    fn run(&mut self) {
        if let Some(work) = self.work.take() {
            self.outcome = catch_unwind(AssertUnwindSafe(work))
                .map_err(|panic| call::panic_text(panic.as_ref()).to_owned());
        }
    }

    fn finish(self: Box<Self>, scope: &mut v8::PinScope<'_, '_>) {
        Host::of(scope).end_request();
        match self.outcome {
            Ok(outcome) => (self.deliver)(scope, outcome),
            Err(panic) => uncaught::report_internal(scope, &panic),
        }
    }
}

/// Work that another thread sends.
struct Errand<Work>(Work);

impl<Work: FnOnce(&mut v8::PinScope<'_, '_>)> Request for Errand<Work> {
    fn run(&mut self) {}

    fn finish(self: Box<Self>, scope: &mut v8::PinScope<'_, '_>) {
        call::guard(scope, self.0);
    }
}

/// A request that crosses threads, although its delivery holds handles of V8.
pub struct Parcel(Box<dyn Request>);

// SAFETY: `submit` admits only work and outcomes that are `Send`. The delivery, which need not be,
// is neither run nor dropped away from the runtime's thread: a mailbox that nobody empties any more
// forgets what arrives.
unsafe impl Send for Parcel {}

impl Parcel {
    /// Delivers the outcome to JavaScript.
    pub fn deliver(self, scope: &mut v8::PinScope<'_, '_>) {
        self.0.finish(scope);
    }
}

/// The completion queue of one runtime: parcels in the order of their arrival.
#[derive(Default)]
pub struct Mailbox {
    letters: Mutex<Letters>,
    /// Whether there may be letters: asked in every turn of the loop, without the lock.
    filled: AtomicBool,
    /// Whether somebody has woken the runtime since it last looked for what has arrived.
    woken: AtomicBool,
    /// The runtime, where it waits.
    sleeper: Mutex<Option<Waker>>,
}

#[derive(Default)]
struct Letters {
    parcels: VecDeque<Parcel>,
    closed: bool,
}

impl Mailbox {
    /// Adds a finished request and wakes the runtime.
    pub fn push(&self, parcel: Parcel) {
        let mut letters = lock(&self.letters);
        if letters.closed {
            std::mem::forget(parcel);
            return;
        }
        letters.parcels.push_back(parcel);
        self.filled.store(true, Ordering::Release);
        drop(letters);
        self.wake();
    }

    /// Adds a callback of the runtime's own thread, for a request that `begin_request` counted.
    pub fn post(&self, deliver: impl FnOnce(&mut v8::PinScope<'_, '_>) + 'static) {
        let job = Job {
            work: None::<fn()>,
            outcome: Ok(()),
            deliver: |scope: &mut v8::PinScope<'_, '_>, ()| deliver(scope),
        };
        self.push(Parcel(Box::new(job)));
    }

    /// Adds work for the runtime's thread, from any thread; nothing waits for it.
    pub fn send(&self, work: impl FnOnce(&mut v8::PinScope<'_, '_>) + Send + 'static) {
        let mut letters = lock(&self.letters);
        if letters.closed {
            drop(letters);
            return;
        }
        letters.parcels.push_back(Parcel(Box::new(Errand(work))));
        self.filled.store(true, Ordering::Release);
        drop(letters);
        self.wake();
    }

    /// Wakes the runtime, also without a parcel.
    pub fn wake(&self) {
        // Who has woken it before this one has done it for both.
        if self.woken.swap(true, Ordering::SeqCst) {
            return;
        }
        // The lock is free again before the sleeper is up.
        let sleeper = lock(&self.sleeper).take();
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
    }

    /// Says that the runtime is about to look for what has arrived: who comes from now on wakes it again.
    pub fn look(&self) {
        self.woken.store(false, Ordering::SeqCst);
    }

    /// Whether something has arrived.
    pub fn is_filled(&self) -> bool {
        self.filled.load(Ordering::Acquire)
    }

    /// Takes all that has arrived.
    pub fn take(&self) -> VecDeque<Parcel> {
        if !self.is_filled() {
            return VecDeque::new();
        }
        let mut letters = lock(&self.letters);
        self.filled.store(false, Ordering::Release);
        std::mem::take(&mut letters.parcels)
    }

    /// Resolves when somebody has woken the runtime since its last look.
    pub async fn arrival(&self) {
        poll_fn(|context| {
            if self.woken.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            *lock(&self.sleeper) = Some(context.waker().clone());
            // Who came meanwhile has found no sleeper.
            if self.woken.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Refuses what arrives from now on and drops what is there, on the runtime's own thread.
    pub fn close(&self) {
        let mut letters = lock(&self.letters);
        letters.closed = true;
        let parcels = std::mem::take(&mut letters.parcels);
        drop(letters);
        drop(parcels);
    }
}

/// Runs `work` on the pool and `deliver` with its outcome in the poll phase of the event loop.
pub fn submit<Outcome: Send + 'static>(
    scope: &mut v8::PinScope<'_, '_>,
    work: impl FnOnce() -> Outcome + Send + 'static,
    deliver: impl FnOnce(&mut v8::PinScope<'_, '_>, Outcome) + 'static,
) {
    submit_for(&Host::of(scope), work, deliver);
}

/// The same, of work that trace events follow under a name.
pub fn submit_as<Outcome: Send + 'static>(
    scope: &mut v8::PinScope<'_, '_>,
    name: Option<&'static str>,
    work: impl FnOnce() -> Outcome + Send + 'static,
    deliver: impl FnOnce(&mut v8::PinScope<'_, '_>, Outcome) + 'static,
) {
    let Some(name) = name else { return submit(scope, work, deliver) };
    let followed = Work::begin(name);
    let work = move || {
        let _span = followed.run();
        work()
    };
    submit(scope, work, move |scope, outcome| {
        followed.end();
        deliver(scope, outcome);
    });
}

/// The same on behalf of a runtime on whose thread this is.
pub fn submit_for<Outcome: Send + 'static>(
    host: &Host,
    work: impl FnOnce() -> Outcome + Send + 'static,
    deliver: impl FnOnce(&mut v8::PinScope<'_, '_>, Outcome) + 'static,
) {
    host.begin_request();
    let job = Job { work: Some(work), outcome: Err(String::new()), deliver };
    host.pool().push(Parcel(Box::new(job)), &host.mailbox);
}

/// What native add-ons expect of a thread's stack.
const STACK: usize = 8 << 20;

/// A pool of threads that are started as work comes and wait for more.
pub struct Pool {
    size: usize,
    queue: Mutex<Queue>,
    arrival: Condvar,
    /// Whether there may be jobs: what a thread that spins looks at.
    filled: AtomicBool,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<(Parcel, Arc<Mailbox>)>,
    threads: usize,
    /// Threads that sleep and that nobody has woken yet.
    asleep: usize,
    /// Threads that somebody has woken and that have not come yet.
    woken: usize,
    /// Whether a thread spins: one at a time, and it takes the next job without being woken.
    has_spinner: bool,
    closed: bool,
}

impl Queue {
    /// Whether a thread shall be woken for the jobs that wait. One that is on its way wakes the next.
    fn wake_one(&mut self) -> bool {
        if self.asleep == 0 || self.woken > 0 || self.has_spinner {
            return false;
        }
        self.asleep -= 1;
        self.woken += 1;
        true
    }
}

impl Pool {
    /// A pool of at most `size` threads, at least one.
    pub fn new(size: usize) -> Arc<Pool> {
        Arc::new(Pool {
            size: size.max(1),
            queue: Mutex::default(),
            arrival: Condvar::new(),
            filled: AtomicBool::new(false),
        })
    }

    fn push(self: &Arc<Self>, parcel: Parcel, mailbox: &Arc<Mailbox>) {
        let mut queue = lock(&self.queue);
        queue.jobs.push_back((parcel, Arc::clone(mailbox)));
        self.filled.store(true, Ordering::Release);
        let waiting = queue.asleep + queue.woken + usize::from(queue.has_spinner);
        if queue.jobs.len() > waiting && queue.threads < self.size {
            let pool = Arc::clone(self);
            let builder = std::thread::Builder::new().name("ironode-pool".into()).stack_size(STACK);
            queue.threads += usize::from(builder.spawn(move || pool.work()).is_ok());
        }
        let must_run_here = queue.threads == 0;
        let must_wake = queue.wake_one();
        drop(queue);
        if must_run_here {
            self.run_one();
        } else if must_wake {
            self.arrival.notify_one();
        }
    }

    /// Runs a job on the calling thread: the system had no thread to give.
    fn run_one(&self) {
        let job = lock(&self.queue).jobs.pop_front();
        if let Some((mut parcel, mailbox)) = job {
            parcel.0.run();
            mailbox.push(parcel);
        }
    }

    /// The life of a pool thread, until the pool is closed and its queue is empty.
    fn work(&self) {
        crate::sys::signal::block_all_on_this_thread();
        let mut linger = Linger::default();
        while let Some((mut parcel, mailbox)) = self.next(&mut linger) {
            parcel.0.run();
            mailbox.push(parcel);
        }
    }

    fn next(&self, linger: &mut Linger) -> Option<(Parcel, Arc<Mailbox>)> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                self.filled.store(!queue.jobs.is_empty(), Ordering::Release);
                let must_wake = !queue.jobs.is_empty() && queue.wake_one();
                drop(queue);
                if must_wake {
                    self.arrival.notify_one();
                }
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            if linger.pays() && !queue.has_spinner {
                queue.has_spinner = true;
                drop(queue);
                linger.spin(|| self.filled.load(Ordering::Acquire));
                queue = lock(&self.queue);
                queue.has_spinner = false;
                continue;
            }
            queue.asleep += 1;
            let start = Instant::now();
            queue = self.arrival.wait(queue).unwrap_or_else(PoisonError::into_inner);
            linger.slept_since(start);
            // A thread may also wake by itself.
            if queue.woken > 0 {
                queue.woken -= 1;
            } else {
                queue.asleep -= 1;
            }
        }
    }

    /// Lets the threads end when they have nothing left to do.
    pub fn close(&self) {
        lock(&self.queue).closed = true;
        self.arrival.notify_all();
    }
}

/// Locks a mutex whose data stays good although a holder has panicked.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
