//! What the library finds, until JavaScript is told.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use crate::sys::nghttp2::{
    ERR_PROTO, ERR_STREAM_CLOSED, Frame, FrameKind, HeadersKind, Observer, Pull, Verdict, is_fatal,
};

use super::delivery::LONGEST_HEADERS;
use super::outgoing::Outgoing;
use super::session::{Padding, Settings};

/// What a block of headers takes of the limits besides its text.
const HEADER_OVERHEAD: usize = 32;

/// The number of a frame that says goodbye.
const GOAWAY: FrameKind = FrameKind(7);

/// `ENHANCE_YOUR_CALM`
const CALM: u32 = 11;

/// The number of a frame with a promise.
const PUSH_PROMISE: i32 = 4;

/// Headers: names and values, one behind the other.
#[derive(Default)]
pub(super) struct Block {
    pub(super) text: Vec<u8>,
    pub(super) lengths: Vec<(usize, usize, bool)>,
}

/// Something for JavaScript.
pub(super) enum Event {
    /// `kind` is 0 for a request, 1 for a response, 2 for that of a promised stream, 3 for others, 4 for a promise.
    Headers {
        stream: i32,
        kind: i32,
        flags: u8,
        block: Block,
    },
    /// Where the data is in the input, or a copy.
    Data {
        stream: i32,
        place: Result<Range<usize>, Vec<u8>>,
    },
    End {
        stream: i32,
    },
    Closed {
        stream: i32,
        code: u32,
    },
    Trailers {
        stream: i32,
    },
    Priority {
        stream: i32,
        parent: i32,
        weight: i32,
        exclusive: bool,
    },
    Settings(Vec<(i32, u32)>),
    SettingsAck,
    Ping([u8; 8]),
    PingAck([u8; 8]),
    Goaway {
        last: i32,
        code: u32,
        data: Vec<u8>,
    },
    AltSvc {
        stream: i32,
        origin: Vec<u8>,
        field: Vec<u8>,
    },
    Origin(Vec<Vec<u8>>),
    FrameError {
        stream: i32,
        kind: u8,
        error: i32,
    },
    Error {
        error: i32,
        code: Option<&'static str>,
    },
}

/// What is counted for `perf_hooks`.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) bytes_read: Cell<u64>,
    pub(super) bytes_written: Cell<u64>,
    pub(super) frames_received: Cell<u64>,
    pub(super) frames_sent: Cell<u64>,
    pub(super) streams: Cell<u64>,
    pub(super) most_streams: Cell<u64>,
}

fn add(count: &Cell<u64>, more: u64) {
    count.set(count.get() + more);
}

/// What the library finds and asks for. It never calls JavaScript.
pub(super) struct Ledger {
    settings: Settings,
    pub(super) events: RefCell<VecDeque<Event>>,
    pub(super) streams: RefCell<HashMap<i32, Outgoing>>,
    /// The headers that are being read, and how long they may be.
    block: RefCell<Block>,
    block_limit: Cell<u32>,
    /// What is to be written.
    pub(super) output: RefCell<Vec<u8>>,
    /// Where the pieces of the output end that a stream of JavaScript's is given one by one.
    pub(super) ends: RefCell<Vec<usize>>,
    /// Streams whose writes are in the output.
    pub(super) written: RefCell<Vec<i32>>,
    /// Where the input is that the library reads.
    input: Cell<(usize, usize)>,
    /// How many goodbyes are asked for and not sent yet.
    pub(super) goodbyes: Cell<u32>,
    invalid_frames: Cell<u32>,
    rejected_streams: Cell<u32>,
    /// Limits that follow our settings and the library's use of memory.
    pub(super) max_streams: Cell<u32>,
    pub(super) max_header_length: Cell<u32>,
    pub(super) memory: Cell<usize>,
    pub(super) failure: Cell<Option<&'static str>>,
    pub(super) counts: Counts,
}

impl Ledger {
    pub(super) fn new(settings: Settings) -> Ledger {
        Ledger {
            settings,
            events: RefCell::default(),
            streams: RefCell::default(),
            block: RefCell::default(),
            block_limit: Cell::default(),
            output: RefCell::default(),
            ends: RefCell::default(),
            written: RefCell::default(),
            input: Cell::default(),
            goodbyes: Cell::default(),
            invalid_frames: Cell::default(),
            rejected_streams: Cell::default(),
            max_streams: Cell::new(u32::MAX),
            max_header_length: Cell::new(LONGEST_HEADERS),
            memory: Cell::default(),
            failure: Cell::default(),
            counts: Counts::default(),
        }
    }

    fn push(&self, event: Event) {
        self.events.borrow_mut().push_back(event);
    }

    /// Says where the input is.
    pub(super) fn set_input(&self, bytes: &[u8]) {
        self.input.set((bytes.as_ptr().addr(), bytes.len()));
    }

    /// Enters a stream.
    pub(super) fn open(&self, stream: i32) {
        let mut streams = self.streams.borrow_mut();
        streams.insert(stream, Outgoing::new(self.max_header_length.get()));
        add(&self.counts.streams, 1);
        self.counts.most_streams.set(self.counts.most_streams.get().max(streams.len() as u64));
    }

    /// How many bytes the session holds.
    pub(super) fn held(&self) -> usize {
        let streams = self.streams.borrow();
        let waiting: usize = streams.values().map(|stream| stream.waiting).sum();
        self.memory.get() + self.output.borrow().capacity() + waiting
    }

    /// Counts a frame that makes no sense; whether there were not too many of them.
    fn tolerate_invalid_frame(&self) -> bool {
        let count = self.invalid_frames.get();
        self.invalid_frames.set(count + 1);
        let is_tolerable = count <= self.settings.max_invalid_frames;
        if !is_tolerable {
            self.failure.set(Some("ERR_HTTP2_TOO_MANY_INVALID_FRAMES"));
        }
        is_tolerable
    }

    fn has_room_for_a_stream(&self) -> bool {
        (self.streams.borrow().len() as u64) < u64::from(self.max_streams.get())
            && self.held() < self.settings.max_memory
    }
}

impl Observer for Ledger {
    fn headers_begin(&self, stream: i32) -> Verdict {
        *self.block.borrow_mut() = Block::default();
        if let Some(state) = self.streams.borrow().get(&stream) {
            self.block_limit.set(state.max_header_length);
            return Verdict::Accept;
        }
        if !self.has_room_for_a_stream() {
            let rejected = self.rejected_streams.get();
            self.rejected_streams.set(rejected + 1);
            return if rejected > self.settings.max_rejected_streams {
                Verdict::Fail
            } else {
                Verdict::Reset(CALM)
            };
        }
        self.block_limit.set(self.max_header_length.get());
        self.open(stream);
        Verdict::Accept
    }

    fn header(&self, _: i32, name: &[u8], value: &[u8], sensitive: bool) -> Verdict {
        let mut block = self.block.borrow_mut();
        let size = block.text.len() + name.len() + value.len();
        let total = size + (block.lengths.len() + 1) * HEADER_OVERHEAD;
        if block.lengths.len() >= self.settings.max_header_pairs || total > self.block_limit.get() as usize {
            return Verdict::Reset(CALM);
        }
        block.text.extend_from_slice(name);
        block.text.extend_from_slice(value);
        block.lengths.push((name.len(), value.len(), sensitive));
        Verdict::Accept
    }

    fn frame(&self, frame: Frame<'_>) -> bool {
        add(&self.counts.frames_received, 1);
        let event = match frame {
            Frame::Headers { stream, kind, flags } => {
                let kind = match kind {
                    HeadersKind::Request => 0,
                    HeadersKind::Response => 1,
                    HeadersKind::PushResponse => 2,
                    HeadersKind::Later => 3,
                };
                Event::Headers { stream, kind, flags, block: self.block.take() }
            }
            Frame::PushPromise { promised, flags } => {
                Event::Headers { stream: promised, kind: PUSH_PROMISE, flags, block: self.block.take() }
            }
            Frame::Data { stream, is_last: true, .. } => Event::End { stream },
            Frame::Priority { stream, parent, weight, exclusive } => {
                Event::Priority { stream, parent, weight, exclusive }
            }
            Frame::Settings(entries) => Event::Settings(entries),
            Frame::SettingsAck => Event::SettingsAck,
            Frame::Ping(payload) => Event::Ping(payload),
            Frame::PingAck(payload) => Event::PingAck(payload),
            Frame::Goaway { last, code, data } => Event::Goaway { last, code, data: data.to_vec() },
            Frame::AltSvc { stream, origin, field } => {
                Event::AltSvc { stream, origin: origin.to_vec(), field: field.to_vec() }
            }
            Frame::Origin(origins) => Event::Origin(origins.into_iter().map(<[u8]>::to_vec).collect()),
            // Frames without data or end are work for nothing.
            Frame::Data { is_empty: true, .. } => return self.tolerate_invalid_frame(),
            Frame::Data { .. } | Frame::Other(_) => return true,
        };
        self.push(event);
        true
    }

    fn data(&self, stream: i32, bytes: &[u8]) {
        let (start, length) = self.input.get();
        let from = bytes.as_ptr().addr().wrapping_sub(start);
        let is_inside = from <= length && bytes.len() <= length - from;
        let place = if is_inside { Ok(from..from + bytes.len()) } else { Err(bytes.to_vec()) };
        self.push(Event::Data { stream, place });
    }

    fn invalid_frame(&self, error: i32) -> bool {
        if !self.tolerate_invalid_frame() {
            return false;
        }
        if is_fatal(error) || error == ERR_STREAM_CLOSED || error == ERR_PROTO {
            self.push(Event::Error { error, code: None });
        }
        true
    }

    fn unexpected_peer(&self) {
        self.push(Event::Error { error: ERR_PROTO, code: None });
    }

    fn frame_not_sent(&self, kind: FrameKind, stream: i32, error: i32) {
        self.push(Event::FrameError { stream, kind: kind.0, error });
    }

    fn frame_sent(&self, kind: FrameKind) {
        add(&self.counts.frames_sent, 1);
        // A goodbye that nobody has asked for is the library's: the other side has broken the protocol.
        if kind == GOAWAY {
            let asked = self.goodbyes.get();
            self.goodbyes.set(asked.saturating_sub(1));
            if asked == 0 {
                self.push(Event::Error { error: ERR_PROTO, code: None });
            }
        }
    }

    fn stream_closed(&self, stream: i32, code: u32) {
        self.push(Event::Closed { stream, code });
    }

    fn pull(&self, stream: i32, room: usize) -> Pull {
        let streams = self.streams.borrow();
        let Some(outgoing) = streams.get(&stream) else {
            return Pull::Bytes { count: 0, last: true, trailers: false };
        };
        let count = outgoing.waiting.min(room);
        let last = outgoing.is_ended && count == outgoing.waiting;
        if count == 0 && !last {
            return Pull::Later;
        }
        let trailers = last && outgoing.has_trailers;
        if trailers {
            self.push(Event::Trailers { stream });
        }
        Pull::Bytes { count, last, trailers }
    }

    fn send_data(&self, stream: i32, head: &[u8], count: usize, padding: usize) {
        let mut output = self.output.borrow_mut();
        let mut ends = self.ends.borrow_mut();
        output.extend_from_slice(head);
        ends.push(output.len());
        if padding > 0 {
            output.push((padding - 1) as u8);
            ends.push(output.len());
        }
        if let Some(outgoing) = self.streams.borrow_mut().get_mut(&stream)
            && outgoing.take(count, &mut output)
        {
            self.written.borrow_mut().push(stream);
        }
        if ends.last() != Some(&output.len()) {
            ends.push(output.len());
        }
        if padding > 1 {
            let length = output.len() + padding - 1;
            output.resize(length, 0);
        }
        if ends.last() != Some(&output.len()) {
            ends.push(output.len());
        }
    }

    fn send(&self, bytes: &[u8]) {
        let mut output = self.output.borrow_mut();
        output.extend_from_slice(bytes);
        self.ends.borrow_mut().push(output.len());
    }

    fn pad(&self, length: usize, most: usize) -> usize {
        match self.settings.padding {
            Padding::None => length,
            Padding::Most => most,
            Padding::Aligned => {
                // The head of a frame has nine bytes.
                let rest = (length + 9) % 8;
                if rest == 0 { length } else { most.min(length + 8 - rest) }
            }
        }
    }
}
