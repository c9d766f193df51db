//! A session: the library, the stream below it, and the object that JavaScript has.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::{Rc, Weak};

use crate::bind::Host;
use crate::bind::object::State;
use crate::net::stream::Stream;
use crate::sys::nghttp2::{Options, Session};
use crate::tls::TlsHandle;

use super::delivery::Handlers;
use super::ledger::Ledger;

/// How frames are padded.
#[derive(Clone, Copy, Default)]
pub(super) enum Padding {
    #[default]
    None,
    Aligned,
    Most,
}

/// What a session is told beside the library's options.
#[derive(Clone, Copy, Default)]
pub(super) struct Settings {
    pub(super) padding: Padding,
    pub(super) max_header_pairs: usize,
    pub(super) max_memory: usize,
    pub(super) max_invalid_frames: u32,
    pub(super) max_rejected_streams: u32,
}

/// The numbers that JavaScript gives, in their order; what is negative is not given.
pub(super) fn read_options(numbers: &[f64]) -> (Options, Settings) {
    let given = |at: usize| numbers.get(at).copied().filter(|number| *number >= 0.0);
    let number = |at: usize| given(at).map(|number| number as u32);
    let options = Options {
        max_deflate_table_size: number(0),
        max_reserved_streams: number(1),
        max_send_header_block: number(2),
        peer_max_concurrent_streams: number(3),
        max_outbound_ack: number(4),
        max_settings: number(5),
        reset_rate: given(6).zip(given(7)).map(|(burst, rate)| (burst as u64, rate as u64)),
        allows_outer_white_space: given(8).is_some_and(|flag| flag > 0.0),
    };
    let settings = Settings {
        padding: match number(9) {
            Some(1) => Padding::Aligned,
            Some(2) => Padding::Most,
            _ => Padding::None,
        },
        max_header_pairs: given(10).unwrap_or(128.0) as usize,
        max_memory: given(11).unwrap_or(10e6) as usize,
        max_invalid_frames: number(12).unwrap_or(1000),
        max_rejected_streams: number(13).unwrap_or(100),
    };
    (options, settings)
}

/// What carries the bytes.
#[derive(Default)]
pub(super) enum Transport {
    #[default]
    None,
    Stream(Weak<Stream>),
    Secure(Weak<TlsHandle>),
    /// JavaScript.
    Script,
}

/// Where the frames of the input end: the library is given one at a time, and JavaScript is told of it before
/// the next.
pub(super) struct Boundaries {
    /// What is missing of the preface.
    preface: usize,
    head: [u8; 9],
    head_read: usize,
    payload_left: usize,
}

/// The length of what a client begins with.
const PREFACE: usize = 24;

impl Boundaries {
    fn new(is_server: bool) -> Boundaries {
        let preface = if is_server { PREFACE } else { 0 };
        Boundaries { preface, head: [0; 9], head_read: 0, payload_left: 0 }
    }

    /// How many of the bytes belong to the frame under way.
    pub(super) fn next(&mut self, bytes: &[u8]) -> usize {
        if self.preface > 0 {
            let count = self.preface.min(bytes.len());
            self.preface -= count;
            return count;
        }
        let mut used = 0;
        if self.head_read < self.head.len() {
            used = (self.head.len() - self.head_read).min(bytes.len());
            self.head[self.head_read..self.head_read + used].copy_from_slice(&bytes[..used]);
            self.head_read += used;
            if self.head_read < self.head.len() {
                return used;
            }
            let [high, middle, low, ..] = self.head;
            self.payload_left = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        }
        let count = self.payload_left.min(bytes.len() - used);
        self.payload_left -= count;
        if self.payload_left == 0 {
            self.head_read = 0;
        }
        used + count
    }
}

/// What JavaScript's object has.
pub(super) struct NativeSession(Rc<Inner>);

impl State for NativeSession {}

impl Deref for NativeSession {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// A session.
pub(super) struct Inner {
    pub(super) host: Rc<Host>,
    pub(super) itself: Weak<Inner>,
    library: RefCell<Option<Rc<Session>>>,
    pub(super) ledger: Rc<Ledger>,
    pub(super) boundaries: RefCell<Boundaries>,
    pub(super) transport: RefCell<Transport>,
    /// The object and what it is called for, from `attach` to the end of `close`.
    pub(super) handlers: RefCell<Option<Rc<Handlers>>>,
    /// JavaScript waits: what it is told now is no event of its own.
    pub(super) is_nested: Cell<bool>,
    pub(super) is_reading: Cell<bool>,
    pub(super) is_flushing: Cell<bool>,
    pub(super) is_scheduled: Cell<bool>,
    /// Whether the stream below works on a write.
    pub(super) is_write_pending: Cell<bool>,
    /// The streams whose writes that is.
    pub(super) pending_writes: RefCell<Vec<i32>>,
    /// What came while JavaScript was told of something else.
    pub(super) backlog: RefCell<Vec<u8>>,
    /// Whether the stream below was told not to read.
    pub(super) is_held: Cell<bool>,
    pub(super) is_closed: Cell<bool>,
    /// Nothing more is read.
    pub(super) is_broken: Cell<bool>,
}

impl NativeSession {
    pub(super) fn new(host: Rc<Host>, is_server: bool, numbers: &[f64]) -> NativeSession {
        let (options, settings) = read_options(numbers);
        let ledger = Rc::new(Ledger::new(settings));
        let observer: Rc<Ledger> = Rc::clone(&ledger);
        let Some(library) = Session::new(is_server, &options, observer) else {
            panic!("there is no memory for a session");
        };
        NativeSession(Rc::new_cyclic(|itself| Inner {
            host,
            itself: Weak::clone(itself),
            library: RefCell::new(Some(Rc::new(library))),
            ledger,
            boundaries: RefCell::new(Boundaries::new(is_server)),
            transport: RefCell::default(),
            handlers: RefCell::default(),
            is_nested: Cell::default(),
            is_reading: Cell::default(),
            is_flushing: Cell::default(),
            is_scheduled: Cell::default(),
            is_write_pending: Cell::default(),
            pending_writes: RefCell::default(),
            backlog: RefCell::default(),
            is_held: Cell::default(),
            is_closed: Cell::default(),
            is_broken: Cell::default(),
        }))
    }

    pub(super) fn inner(&self) -> &Rc<Inner> {
        &self.0
    }
}

impl Inner {
    /// The library's session, until the end.
    pub(super) fn library(&self) -> Option<Rc<Session>> {
        self.library.borrow().clone()
    }

    /// Frees what is not needed any more.
    pub(super) fn release(&self) {
        self.library.take();
        self.handlers.take();
        self.transport.take();
        self.ledger.streams.take();
    }

    /// Does `work` once the events before are told; the loop lives until then.
    pub(super) fn later(&self, work: impl FnOnce(&Inner, &mut v8::PinScope<'_, '_>) + 'static) {
        let Some(session) = self.itself.upgrade() else { return };
        self.host.begin_request();
        self.host.postpone(move |scope| {
            session.host.end_request();
            work(&session, scope);
        });
    }

    /// Sends what there is, once the events before are told.
    pub(super) fn schedule(&self) {
        if self.is_scheduled.replace(true) || self.is_closed.get() {
            return;
        }
        self.later(|session, scope| {
            session.is_scheduled.set(false);
            session.flush(scope);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Boundaries;

    #[test]
    fn frames_are_told_apart_wherever_they_are_cut() {
        let mut input = vec![7; 24];
        for length in [0, 3, 300] {
            input.extend_from_slice(&[0, (length >> 8) as u8, length as u8, 0, 0, 0, 0, 0, 1]);
            input.resize(input.len() + length, 9);
        }
        let ends = [24, 33, 45, 354];
        for step in 1..input.len() {
            let mut boundaries = Boundaries::new(true);
            let (mut at, mut found) = (0, Vec::new());
            for piece in input.chunks(step) {
                let mut rest = piece;
                while !rest.is_empty() {
                    let count = boundaries.next(rest);
                    assert!(count > 0);
                    at += count;
                    rest = &rest[count..];
                    if ends.contains(&at) {
                        found.push(at);
                    }
                }
            }
            assert_eq!(found, ends, "in steps of {step}");
        }
    }
}
