//! HTTP/2 without I/O: the library nghttp2 as safe functions.
//!
//! A [`Session`] is given what the other side has sent and gives what is to be sent; what it finds goes to an
//! [`Observer`], which is called while the session works and must not call the session back.

mod callbacks;
mod frame;
mod memory;

use std::cell::Cell;
use std::ffi::{CStr, c_int, c_void};
use std::ptr::NonNull;
use std::rc::Rc;

use libnghttp2_sys as ng;

pub use frame::{Frame, FrameKind, HeadersKind};

use memory::Memory;

/// What the library's functions return where nothing is wrong.
pub const OK: i32 = 0;
/// An argument or a call that the state of things does not allow.
pub const ERR_INVALID_ARGUMENT: i32 = ng::NGHTTP2_ERR_INVALID_ARGUMENT;
/// The other side has broken the protocol.
pub const ERR_PROTO: i32 = ng::NGHTTP2_ERR_PROTO;
/// The stream is closed.
pub const ERR_STREAM_CLOSED: i32 = ng::NGHTTP2_ERR_STREAM_CLOSED;
/// There are no numbers of streams left.
pub const ERR_STREAM_ID_NOT_AVAILABLE: i32 = ng::NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE;
/// The session ends.
pub const ERR_SESSION_CLOSING: i32 = ng::NGHTTP2_ERR_SESSION_CLOSING;
/// A callback has given up.
pub const ERR_CALLBACK_FAILURE: i32 = ng::NGHTTP2_ERR_CALLBACK_FAILURE;

/// What to do about something that has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Accept,
    /// Reset the stream with an error code.
    Reset(u32),
    /// End the session.
    Fail,
}

/// What a stream has to send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// Nothing now; [`Session::resume`] says that there is something.
    Later,
    /// So many bytes, which [`Observer::send_data`] is asked for.
    Bytes {
        /// How many.
        count: usize,
        /// Whether there is nothing behind them.
        last: bool,
        /// Whether trailers come behind the last.
        trailers: bool,
    },
}

/// Who is told what a session finds. None of these may call the session.
pub trait Observer {
    /// A block of headers begins on a stream.
    fn headers_begin(&self, stream: i32) -> Verdict;
    /// One header of it.
    fn header(&self, stream: i32, name: &[u8], value: &[u8], sensitive: bool) -> Verdict;
    /// A frame is complete; whether the session goes on.
    fn frame(&self, frame: Frame<'_>) -> bool;
    /// A part of a stream's data.
    fn data(&self, stream: i32, bytes: &[u8]);
    /// A frame is not allowed; whether the session goes on.
    fn invalid_frame(&self, error: i32) -> bool;
    /// The other side does not speak HTTP/2.
    fn unexpected_peer(&self);
    /// A frame of ours will not be sent.
    fn frame_not_sent(&self, kind: FrameKind, stream: i32, error: i32);
    /// A frame of ours is sent.
    fn frame_sent(&self, kind: FrameKind);
    /// A stream is closed, with a code.
    fn stream_closed(&self, stream: i32, code: u32);
    /// How much a stream has to send, at most `room` bytes.
    fn pull(&self, stream: i32, room: usize) -> Pull;
    /// Takes `count` bytes of a stream and sends them behind `head` and before `padding` zeros.
    fn send_data(&self, stream: i32, head: &[u8], count: usize, padding: usize);
    /// Sends bytes.
    fn send(&self, bytes: &[u8]);
    /// The length to which a frame of `length` is padded, `most` at most.
    fn pad(&self, length: usize, most: usize) -> usize;
}

/// How a session behaves.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// How large the dynamic table for what is sent may become.
    pub max_deflate_table_size: Option<u32>,
    /// How many promised streams may be reserved.
    pub max_reserved_streams: Option<u32>,
    /// How long a block of headers that is sent may be.
    pub max_send_header_block: Option<u32>,
    /// How many streams the other side is believed to allow, until it says so.
    pub peer_max_concurrent_streams: Option<u32>,
    /// How many acknowledgements may wait to be sent.
    pub max_outbound_ack: Option<u32>,
    /// How many settings a frame may have.
    pub max_settings: Option<u32>,
    /// How many streams may be reset at once, and how many a second afterwards.
    pub reset_rate: Option<(u64, u64)>,
    /// Whether white space around values is forgiven.
    pub allows_outer_white_space: bool,
}

/// Text of headers: names and values, one behind the other.
pub struct Headers<'a> {
    /// The bytes of all of them.
    pub text: &'a [u8],
    /// Of each: the length of its name, that of its value, and whether it must never be indexed.
    pub lengths: &'a [(usize, usize, bool)],
}

impl Headers<'_> {
    /// The pairs for one call; they point into `self`.
    fn pairs(&self) -> Vec<ng::nghttp2_nv> {
        let mut rest = self.text;
        let pair = |&(name_length, value_length, sensitive): &(usize, usize, bool)| {
            let (name, behind) = rest.split_at(name_length.min(rest.len()));
            let (value, behind) = behind.split_at(value_length.min(behind.len()));
            rest = behind;
            let flags = if sensitive { ng::NGHTTP2_NV_FLAG_NO_INDEX } else { ng::NGHTTP2_NV_FLAG_NONE };
            ng::nghttp2_nv {
                name: name.as_ptr().cast_mut(),
                value: value.as_ptr().cast_mut(),
                namelen: name.len(),
                valuelen: value.len(),
                flags: flags as u8,
            }
        };
        self.lengths.iter().map(pair).collect()
    }
}

/// What the library is given as user data.
struct Shared {
    observer: Rc<dyn Observer>,
}

/// One side of a connection.
pub struct Session {
    raw: NonNull<ng::nghttp2_session>,
    shared: Box<Shared>,
    memory: Box<Memory>,
    /// Whether the library works: it must not be called meanwhile.
    busy: Cell<bool>,
}

/// Calls the library with a session as first argument.
macro_rules! call {
    ($self:ident, $function:ident $(, $arg:expr)* $(,)?) => {
        // SAFETY: the session is alive as long as `self`, and pointers among the arguments come from values
        // that outlive the call; the library keeps none of them.
        unsafe { ng::$function($self.raw.as_ptr() $(, $arg)*) }
    };
}

impl Session {
    /// A new session; `None` where there is no memory.
    pub fn new(is_server: bool, options: &Options, observer: Rc<dyn Observer>) -> Option<Session> {
        let shared = Box::new(Shared { observer });
        let memory = Memory::new();
        let callbacks = callbacks::Callbacks::new()?;
        let option = callbacks::RawOptions::new(options)?;
        let mut raw = std::ptr::null_mut();
        let user_data = (&raw const *shared).cast_mut().cast::<c_void>();
        let mut allocator = memory.interface();
        let create =
            if is_server { ng::nghttp2_session_server_new3 } else { ng::nghttp2_session_client_new3 };
        // SAFETY: all pointers are valid for the call; the library copies callbacks, options and the allocator,
        // and `shared` and `memory` live as long as the session.
        let status = unsafe {
            create(&raw mut raw, callbacks.as_ptr(), user_data, option.as_ptr(), &raw mut allocator)
        };
        let raw = NonNull::new(raw).filter(|_| status == OK)?;
        Some(Session { raw, shared, memory, busy: Cell::new(false) })
    }

    /// How many bytes the library holds.
    pub fn memory(&self) -> usize {
        self.memory.used()
    }

    /// Reads bytes: how many were used, or an error.
    pub fn receive(&self, bytes: &[u8]) -> Result<usize, i32> {
        if self.busy.replace(true) {
            return Err(ng::NGHTTP2_ERR_INVALID_STATE);
        }
        let count = call!(self, nghttp2_session_mem_recv2, bytes.as_ptr(), bytes.len());
        self.busy.set(false);
        usize::try_from(count).map_err(|_| count as i32)
    }

    /// Gives the observer the next piece of what is to be sent; whether there was one.
    pub fn send_next(&self) -> Result<bool, i32> {
        if self.busy.replace(true) {
            return Ok(false);
        }
        let mut data = std::ptr::null();
        let count = call!(self, nghttp2_session_mem_send2, &raw mut data);
        self.busy.set(false);
        let count = usize::try_from(count).map_err(|_| count as i32)?;
        if count > 0 {
            // SAFETY: the library has `count` bytes at `data` until it is called again.
            self.shared.observer.send(unsafe { std::slice::from_raw_parts(data, count) });
        }
        Ok(count > 0)
    }

    /// Whether anything is expected of the other side.
    pub fn wants_to_read(&self) -> bool {
        call!(self, nghttp2_session_want_read) != 0
    }

    /// A request: the number of its stream, or an error. `has_data` is whether a body follows.
    pub fn request(&self, headers: &Headers<'_>, has_data: bool) -> i32 {
        let pairs = headers.pairs();
        let provider = callbacks::provider();
        let provider = if has_data { &raw const provider } else { std::ptr::null() };
        let (pairs, count) = (pairs.as_ptr(), pairs.len());
        let none = std::ptr::null();
        call!(self, nghttp2_submit_request2, none, pairs, count, provider, std::ptr::null_mut())
    }

    /// A response.
    pub fn respond(&self, stream: i32, headers: &Headers<'_>, has_data: bool) -> i32 {
        let pairs = headers.pairs();
        let provider = callbacks::provider();
        let provider = if has_data { &raw const provider } else { std::ptr::null() };
        call!(self, nghttp2_submit_response2, stream, pairs.as_ptr(), pairs.len(), provider)
    }

    /// Headers of information before a response.
    pub fn info(&self, stream: i32, headers: &Headers<'_>) -> i32 {
        let pairs = headers.pairs();
        let (none, nobody) = (std::ptr::null(), std::ptr::null_mut());
        call!(self, nghttp2_submit_headers, 0, stream, none, pairs.as_ptr(), pairs.len(), nobody)
    }

    /// Headers behind the data, which end the stream.
    pub fn trailers(&self, stream: i32, headers: &Headers<'_>) -> i32 {
        let pairs = headers.pairs();
        call!(self, nghttp2_submit_trailer, stream, pairs.as_ptr(), pairs.len())
    }

    /// Ends a stream with an empty frame of data.
    pub fn end_empty(&self, stream: i32) -> i32 {
        let provider = callbacks::provider();
        let flags = ng::NGHTTP2_FLAG_END_STREAM as u8;
        call!(self, nghttp2_submit_data2, flags, stream, &raw const provider)
    }

    /// Promises a response: the number of its stream, or an error.
    pub fn promise(&self, stream: i32, headers: &Headers<'_>) -> i32 {
        let pairs = headers.pairs();
        let nobody = std::ptr::null_mut();
        call!(self, nghttp2_submit_push_promise, 0, stream, pairs.as_ptr(), pairs.len(), nobody)
    }

    /// Says that a stream has something to send.
    pub fn resume(&self, stream: i32) -> i32 {
        call!(self, nghttp2_session_resume_data, stream)
    }

    /// Resets a stream.
    pub fn reset(&self, stream: i32, code: u32) -> i32 {
        call!(self, nghttp2_submit_rst_stream, 0, stream, code)
    }

    /// Sends settings: numbers and values.
    pub fn settings(&self, entries: &[(i32, u32)]) -> i32 {
        let entry = |&(settings_id, value): &(i32, u32)| ng::nghttp2_settings_entry { settings_id, value };
        let entries: Vec<_> = entries.iter().map(entry).collect();
        call!(self, nghttp2_submit_settings, 0, entries.as_ptr(), entries.len())
    }

    /// Asks for an echo.
    pub fn ping(&self, payload: [u8; 8]) -> i32 {
        call!(self, nghttp2_submit_ping, 0, payload.as_ptr())
    }

    /// Says goodbye. The last stream that was worked on is named where `last` is not positive.
    pub fn goaway(&self, code: u32, last: i32, data: &[u8]) -> i32 {
        let last = if last > 0 { last } else { self.last_stream() };
        call!(self, nghttp2_submit_goaway, 0, last, code, data.as_ptr(), data.len())
    }

    /// Says that no new streams should come.
    pub fn shutdown_notice(&self) -> i32 {
        call!(self, nghttp2_submit_shutdown_notice)
    }

    /// Ends the session; what is to be sent about that is.
    pub fn terminate(&self, code: u32) -> i32 {
        call!(self, nghttp2_session_terminate_session, code)
    }

    /// The last stream of the other side that was worked on.
    pub fn last_stream(&self) -> i32 {
        call!(self, nghttp2_session_get_last_proc_stream_id)
    }

    /// Names another service for an origin.
    pub fn altsvc(&self, stream: i32, origin: &[u8], field: &[u8]) -> i32 {
        let (origin, origin_length) = (origin.as_ptr(), origin.len());
        call!(self, nghttp2_submit_altsvc, 0, stream, origin, origin_length, field.as_ptr(), field.len())
    }

    /// Names the origins that are served.
    pub fn origins(&self, origins: &[&[u8]]) -> i32 {
        let entry =
            |it: &&[u8]| ng::nghttp2_origin_entry { origin: it.as_ptr().cast_mut(), origin_len: it.len() };
        let entries: Vec<_> = origins.iter().map(entry).collect();
        call!(self, nghttp2_submit_origin, 0, entries.as_ptr(), entries.len())
    }

    /// Sets the window for what may come: of a stream, or with 0 of the connection.
    pub fn set_local_window(&self, stream: i32, size: i32) -> i32 {
        call!(self, nghttp2_session_set_local_window_size, 0, stream, size)
    }

    /// So much of the connection's window is free again.
    pub fn consume_connection(&self, count: usize) -> i32 {
        call!(self, nghttp2_session_consume_connection, count)
    }

    /// So much of a stream's window is free again.
    pub fn consume_stream(&self, stream: i32, count: usize) -> i32 {
        call!(self, nghttp2_session_consume_stream, stream, count)
    }

    /// Chooses the number of the next stream.
    pub fn set_next_stream(&self, stream: i32) -> i32 {
        call!(self, nghttp2_session_set_next_stream_id, stream)
    }

    /// One of our settings that the other side has acknowledged.
    pub fn local_setting(&self, number: u32) -> u32 {
        call!(self, nghttp2_session_get_local_settings, number)
    }

    /// One of the other side's settings.
    pub fn remote_setting(&self, number: u32) -> u32 {
        call!(self, nghttp2_session_get_remote_settings, number)
    }

    /// What `http2session.state` shows, in its order.
    pub fn state(&self) -> [f64; 9] {
        [
            f64::from(call!(self, nghttp2_session_get_effective_local_window_size)),
            f64::from(call!(self, nghttp2_session_get_effective_recv_data_length)),
            f64::from(call!(self, nghttp2_session_get_next_stream_id)),
            f64::from(call!(self, nghttp2_session_get_local_window_size)),
            f64::from(self.last_stream()),
            f64::from(call!(self, nghttp2_session_get_remote_window_size)),
            call!(self, nghttp2_session_get_outbound_queue_size) as f64,
            call!(self, nghttp2_session_get_hd_deflate_dynamic_table_size) as f64,
            call!(self, nghttp2_session_get_hd_inflate_dynamic_table_size) as f64,
        ]
    }

    /// What `http2stream.state` shows of a stream, in its order, without the weights; `None` where there is
    /// no such stream.
    pub fn stream_state(&self, stream: i32) -> Option<[i32; 4]> {
        let raw = NonNull::new(call!(self, nghttp2_session_find_stream, stream))?;
        // SAFETY: the stream was found in this session just now.
        let state = unsafe { ng::nghttp2_stream_get_state(raw.as_ptr()) };
        Some([
            state as i32,
            call!(self, nghttp2_session_get_stream_local_close, stream),
            call!(self, nghttp2_session_get_stream_remote_close, stream),
            call!(self, nghttp2_session_get_stream_effective_local_window_size, stream),
        ])
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: this is the last use of the session, and the library does not work now: an observer cannot
        // drop the session that calls it, which is borrowed meanwhile.
        unsafe { ng::nghttp2_session_del(self.raw.as_ptr()) };
    }
}

/// What the library says about an error of its own.
pub fn error_text(error: i32) -> String {
    // SAFETY: the library returns a static string for every number.
    let text = unsafe { ng::nghttp2_strerror(error as c_int) };
    // SAFETY: as above, with an end.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// Whether an error leaves a session unusable.
pub fn is_fatal(error: i32) -> bool {
    // SAFETY: it takes a number and reads nothing else.
    (unsafe { ng::nghttp2_is_fatal(error) }) != 0
}
