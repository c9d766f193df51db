//! `poll_oneoff`: waits for the first of clocks, and of descriptors that can be read or written.

use std::rc::Rc;
use std::time::{Duration, Instant};

use rustix::time::ClockId;

use super::abi::{EVENT_SIZE, Errno, SUBSCRIPTION_SIZE, right};
use super::process::{clock, nanoseconds};
use super::table::Entry;
use super::{Answer, Wasi};
use crate::bind::guest::Guest;
use crate::sys::fd::wait_for_any;

/// `eventtype`.
const CLOCK: u8 = 0;
const FD_READ: u8 = 1;
const FD_WRITE: u8 = 2;
/// `subclockflags`: the time is not one from now on.
const ABSOLUTE: u16 = 1;
/// `eventrwflags`: the other side has closed.
const HANGUP: u16 = 1;

/// What the guest waits for.
struct Subscription {
    user_data: u64,
    what: What,
}

enum What {
    /// So many nanoseconds from now.
    Clock(u64),
    Descriptor {
        entry: Rc<Entry>,
        writes: bool,
    },
    /// What cannot be waited for, which is an event at once.
    Failed {
        kind: u8,
        errno: Errno,
    },
}

/// What has come of a subscription.
struct Event {
    user_data: u64,
    errno: Errno,
    kind: u8,
    flags: u16,
}

fn subscription(wasi: &Wasi, guest: &Guest, at: u32) -> Result<Subscription, Errno> {
    let user_data = guest.read_u64(at)?;
    let kind = guest.read_u8(at + 8)?;
    let failed = |errno| What::Failed { kind, errno };
    let what = match kind {
        CLOCK => time_left(guest, at + 16)?.map_or_else(failed, What::Clock),
        FD_READ | FD_WRITE => {
            let fd = guest.read_u32(at + 16)?;
            match wasi.get(fd, right::POLL_FD_READWRITE) {
                Ok(entry) => What::Descriptor { entry, writes: kind == FD_WRITE },
                Err(errno) => failed(errno),
            }
        }
        _ => return Err(Errno::INVAL),
    };
    Ok(Subscription { user_data, what })
}

/// How many nanoseconds there are until the clock of a subscription is where the guest waits for it.
fn time_left(guest: &Guest, at: u32) -> Result<Result<u64, Errno>, Errno> {
    let (id, time, flags) = (guest.read_u32(at)?, guest.read_u64(at + 8)?, guest.read_u16(at + 24)?);
    let id = match clock(id) {
        Ok(id @ (ClockId::Realtime | ClockId::Monotonic)) => id,
        Ok(_) => ClockId::Monotonic,
        Err(errno) => return Ok(Err(errno)),
    };
    let from = if flags & ABSOLUTE != 0 { nanoseconds(rustix::time::clock_gettime(id)) } else { 0 };
    Ok(Ok(time.saturating_sub(from)))
}

/// Waits for the first of the subscriptions.
fn wait(subscriptions: &[Subscription]) -> Result<Vec<Event>, Errno> {
    let begin = Instant::now();
    let mut first = None;
    let mut watched = Vec::new();
    for subscription in subscriptions {
        let left = match &subscription.what {
            What::Clock(left) => *left,
            What::Failed { .. } => 0,
            What::Descriptor { entry, writes } => {
                let events = if *writes { libc::POLLOUT } else { libc::POLLIN };
                watched.push(libc::pollfd { fd: entry.raw(), events, revents: 0 });
                continue;
            }
        };
        first = Some(first.map_or(left, |first: u64| first.min(left)));
    }
    let deadline = first.and_then(|left| begin.checked_add(Duration::from_nanos(left)));
    wait_for_any(&mut watched, deadline).map_err(rustix::io::Errno::from_raw_os_error)?;
    let passed = begin.elapsed().as_nanos();
    let mut watched = watched.iter();
    let events = subscriptions.iter().filter_map(|Subscription { user_data, what }| {
        let event = |kind, errno, flags| Event { user_data: *user_data, errno, kind, flags };
        match what {
            What::Clock(left) => (passed >= u128::from(*left)).then(|| event(CLOCK, Errno(0), 0)),
            What::Failed { kind, errno } => Some(event(*kind, *errno, 0)),
            What::Descriptor { writes, .. } => {
                let told = watched.next().map_or(0, |it| it.revents);
                let errno = if told & libc::POLLNVAL != 0 { Errno::BADF } else { Errno(0) };
                let flags = if told & libc::POLLHUP != 0 { HANGUP } else { 0 };
                (told != 0).then(|| event(if *writes { FD_WRITE } else { FD_READ }, errno, flags))
            }
        }
    });
    Ok(events.collect())
}

fn write_event(guest: &mut Guest, at: u32, event: &Event) -> Answer {
    guest.write_u64(at, event.user_data)?;
    guest.write_u16(at + 8, event.errno.0)?;
    guest.write_u8(at + 10, event.kind)?;
    if event.kind != CLOCK {
        guest.write_u64(at + 16, 0)?;
        guest.write_u16(at + 24, event.flags)?;
    }
    Ok(())
}

pub(crate) fn poll_oneoff(
    wasi: &Wasi,
    guest: &mut Guest,
    input: u32,
    output: u32,
    count: u32,
    out: u32,
) -> Answer {
    guest.check(input, count.checked_mul(SUBSCRIPTION_SIZE).ok_or(Errno::OVERFLOW)?)?;
    guest.check(output, count.checked_mul(EVENT_SIZE).ok_or(Errno::OVERFLOW)?)?;
    guest.check(out, 4)?;
    if count == 0 {
        return Err(Errno::INVAL);
    }
    let subscriptions = (0..count).map(|index| subscription(wasi, guest, input + index * SUBSCRIPTION_SIZE));
    let subscriptions = subscriptions.collect::<Result<Vec<_>, _>>()?;
    let events = wait(&subscriptions)?;
    for (index, event) in events.iter().enumerate() {
        write_event(guest, output + index as u32 * EVENT_SIZE, event)?;
    }
    Ok(guest.write_u32(out, events.len() as u32)?)
}
