//! What the library calls. No panic leaves these functions: the session ends instead.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use libnghttp2_sys as ng;

use super::{Frame, FrameKind, OK, Options, Pull, Shared, Verdict};

/// How the library's message begins where the other side does not speak HTTP/2.
const UNEXPECTED_PEER: &[u8] = b"Remote peer returned unexpected data while we expected SETTINGS frame";

/// A table of callbacks of the library's.
pub(super) struct Callbacks(NonNull<ng::nghttp2_session_callbacks>);

/// Sets one entry of a table.
macro_rules! set {
    ($table:ident, $($setter:ident: $function:ident),* $(,)?) => {
        // SAFETY: the table is alive, and the function has the type that its entry calls.
        $(unsafe { ng::$setter($table.as_ptr(), Some($function)) };)*
    };
}

impl Callbacks {
    /// The table of this file's functions; `None` where there is no memory.
    pub(super) fn new() -> Option<Callbacks> {
        let mut table = std::ptr::null_mut();
        // SAFETY: the pointer is to a place for the result.
        let status = unsafe { ng::nghttp2_session_callbacks_new(&raw mut table) };
        let table = NonNull::new(table).filter(|_| status == OK)?;
        set!(
            table,
            nghttp2_session_callbacks_set_on_begin_headers_callback: on_begin_headers,
            nghttp2_session_callbacks_set_on_header_callback2: on_header,
            nghttp2_session_callbacks_set_on_frame_recv_callback: on_frame_recv,
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback: on_data_chunk_recv,
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback: on_invalid_frame_recv,
            nghttp2_session_callbacks_set_on_frame_not_send_callback: on_frame_not_send,
            nghttp2_session_callbacks_set_on_frame_send_callback: on_frame_send,
            nghttp2_session_callbacks_set_on_stream_close_callback: on_stream_close,
            nghttp2_session_callbacks_set_send_data_callback: send_data,
            nghttp2_session_callbacks_set_select_padding_callback2: select_padding,
            nghttp2_session_callbacks_set_error_callback2: on_error,
        );
        Some(Callbacks(table))
    }

    pub(super) fn as_ptr(&self) -> *const ng::nghttp2_session_callbacks {
        self.0.as_ptr()
    }
}

impl Drop for Callbacks {
    fn drop(&mut self) {
        // SAFETY: this is the last use of the table; sessions have copies.
        unsafe { ng::nghttp2_session_callbacks_del(self.0.as_ptr()) };
    }
}

/// Options of the library's.
pub(super) struct RawOptions(NonNull<ng::nghttp2_option>);

/// Sets an option.
macro_rules! option {
    ($raw:ident, $setter:ident $(, $value:expr)*) => {
        // SAFETY: the options are alive, and take numbers.
        unsafe { ng::$setter($raw.as_ptr() $(, $value)*) }
    };
}

impl RawOptions {
    pub(super) fn new(options: &Options) -> Option<RawOptions> {
        let mut raw = std::ptr::null_mut();
        // SAFETY: the pointer is to a place for the result.
        let status = unsafe { ng::nghttp2_option_new(&raw mut raw) };
        let raw = NonNull::new(raw).filter(|_| status == OK)?;
        let made = RawOptions(raw);
        // Windows are opened again when the program has read.
        option!(raw, nghttp2_option_set_no_auto_window_update, 1);
        // Streams that are closed are not remembered.
        option!(raw, nghttp2_option_set_no_closed_streams, 1);
        option!(raw, nghttp2_option_set_builtin_recv_extension_type, ng::NGHTTP2_ALTSVC as u8);
        option!(raw, nghttp2_option_set_builtin_recv_extension_type, ng::NGHTTP2_ORIGIN as u8);
        if let Some(size) = options.max_deflate_table_size {
            option!(raw, nghttp2_option_set_max_deflate_dynamic_table_size, size as usize);
        }
        if let Some(count) = options.max_reserved_streams {
            option!(raw, nghttp2_option_set_max_reserved_remote_streams, count);
        }
        if let Some(length) = options.max_send_header_block {
            option!(raw, nghttp2_option_set_max_send_header_block_length, length as usize);
        }
        if let Some(count) = options.peer_max_concurrent_streams {
            option!(raw, nghttp2_option_set_peer_max_concurrent_streams, count);
        }
        if let Some(count) = options.max_outbound_ack {
            option!(raw, nghttp2_option_set_max_outbound_ack, count as usize);
        }
        if let Some(count) = options.max_settings {
            option!(raw, nghttp2_option_set_max_settings, count as usize);
        }
        if let Some((burst, rate)) = options.reset_rate {
            option!(raw, nghttp2_option_set_stream_reset_rate_limit, burst, rate);
        }
        if options.allows_outer_white_space {
            option!(raw, nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation, 1);
        }
        Some(made)
    }

    pub(super) fn as_ptr(&self) -> *const ng::nghttp2_option {
        self.0.as_ptr()
    }
}

impl Drop for RawOptions {
    fn drop(&mut self) {
        // SAFETY: this is the last use of the options; sessions have copies.
        unsafe { ng::nghttp2_option_del(self.0.as_ptr()) };
    }
}

/// Where all streams have their data from: the observer, by the number of the stream.
pub(super) fn provider() -> ng::nghttp2_data_provider2 {
    let source = ng::nghttp2_data_source { ptr: std::ptr::null_mut() };
    ng::nghttp2_data_provider2 { source, read_callback: Some(read_data) }
}

/// Does the work of a callback for the session that the user data belongs to; `failed` after a panic.
fn with<R>(user_data: *mut c_void, failed: R, work: impl FnOnce(&Shared) -> R) -> R {
    // SAFETY: the user data is the `Shared` of a session that is alive while it calls back.
    let Some(shared) = (unsafe { user_data.cast::<Shared>().as_ref() }) else { return failed };
    catch_unwind(AssertUnwindSafe(|| work(shared))).unwrap_or(failed)
}

/// What the library is told of a verdict.
fn obey(session: *mut ng::nghttp2_session, stream: i32, verdict: Verdict) -> c_int {
    match verdict {
        Verdict::Accept => OK,
        Verdict::Reset(code) => {
            // SAFETY: the library allows this call in a callback of the session.
            unsafe { ng::nghttp2_submit_rst_stream(session, 0, stream, code) };
            ng::NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE
        }
        Verdict::Fail => ng::NGHTTP2_ERR_CALLBACK_FAILURE,
    }
}

/// Borrows the frame that a callback is given.
macro_rules! frame {
    ($frame:ident) => {
        // SAFETY: the library gives a frame that lives until the callback returns.
        match unsafe { $frame.as_ref() } {
            Some(frame) => frame,
            None => return ng::NGHTTP2_ERR_CALLBACK_FAILURE,
        }
    };
}

/// The stream that a frame of headers is about: of a promise, the promised one.
fn subject(frame: &ng::nghttp2_frame) -> i32 {
    // SAFETY: every frame begins with its head.
    let head = unsafe { frame.hd };
    if u32::from(head.type_) == ng::NGHTTP2_PUSH_PROMISE {
        // SAFETY: the type says that this part of the union is set.
        return unsafe { frame.push_promise }.promised_stream_id;
    }
    head.stream_id
}

unsafe extern "C" fn on_begin_headers(
    session: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    user_data: *mut c_void,
) -> c_int {
    let stream = subject(frame!(frame));
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        obey(session, stream, shared.observer.headers_begin(stream))
    })
}

/// The bytes of a counted buffer.
fn counted<'a>(buffer: *mut ng::nghttp2_rcbuf) -> &'a [u8] {
    // SAFETY: the library gives a buffer that lives until the callback returns.
    let bytes = unsafe { ng::nghttp2_rcbuf_get_buf(buffer) };
    if bytes.base.is_null() || bytes.len == 0 {
        return &[];
    }
    // SAFETY: the buffer has so many bytes.
    unsafe { std::slice::from_raw_parts(bytes.base, bytes.len) }
}

unsafe extern "C" fn on_header(
    session: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    name: *mut ng::nghttp2_rcbuf,
    value: *mut ng::nghttp2_rcbuf,
    flags: u8,
    user_data: *mut c_void,
) -> c_int {
    let stream = subject(frame!(frame));
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        let sensitive = u32::from(flags) & ng::NGHTTP2_NV_FLAG_NO_INDEX != 0;
        let verdict = shared.observer.header(stream, counted(name), counted(value), sensitive);
        obey(session, stream, verdict)
    })
}

unsafe extern "C" fn on_frame_recv(
    _: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    user_data: *mut c_void,
) -> c_int {
    let frame = frame!(frame);
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        if shared.observer.frame(Frame::read(frame)) { OK } else { ng::NGHTTP2_ERR_CALLBACK_FAILURE }
    })
}

unsafe extern "C" fn on_data_chunk_recv(
    _: *mut ng::nghttp2_session,
    _: u8,
    stream: i32,
    data: *const u8,
    length: usize,
    user_data: *mut c_void,
) -> c_int {
    if data.is_null() || length == 0 {
        return OK;
    }
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        // SAFETY: the library gives so many bytes, until the callback returns.
        shared.observer.data(stream, unsafe { std::slice::from_raw_parts(data, length) });
        OK
    })
}

unsafe extern "C" fn on_invalid_frame_recv(
    _: *mut ng::nghttp2_session,
    _: *const ng::nghttp2_frame,
    error: c_int,
    user_data: *mut c_void,
) -> c_int {
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        if shared.observer.invalid_frame(error) { OK } else { ng::NGHTTP2_ERR_CALLBACK_FAILURE }
    })
}

unsafe extern "C" fn on_frame_not_send(
    _: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    error: c_int,
    user_data: *mut c_void,
) -> c_int {
    let frame = frame!(frame);
    // SAFETY: every frame begins with its head.
    let head = unsafe { frame.hd };
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        shared.observer.frame_not_sent(FrameKind(head.type_), head.stream_id, error);
        OK
    })
}

unsafe extern "C" fn on_frame_send(
    _: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    user_data: *mut c_void,
) -> c_int {
    let frame = frame!(frame);
    // SAFETY: every frame begins with its head.
    let head = unsafe { frame.hd };
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        shared.observer.frame_sent(FrameKind(head.type_));
        OK
    })
}

unsafe extern "C" fn on_stream_close(
    _: *mut ng::nghttp2_session,
    stream: i32,
    code: u32,
    user_data: *mut c_void,
) -> c_int {
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        shared.observer.stream_closed(stream, code);
        OK
    })
}

/// How many bytes there are; [`send_data`] fetches them, so that nothing is copied twice.
unsafe extern "C" fn read_data(
    _: *mut ng::nghttp2_session,
    stream: i32,
    _: *mut u8,
    room: usize,
    flags: *mut u32,
    _: *mut ng::nghttp2_data_source,
    user_data: *mut c_void,
) -> ng::nghttp2_ssize {
    let failed = ng::NGHTTP2_ERR_CALLBACK_FAILURE as isize;
    // SAFETY: the library gives a place for the flags.
    let Some(flags) = (unsafe { flags.as_mut() }) else { return failed };
    with(user_data, failed, |shared| match shared.observer.pull(stream, room) {
        Pull::Later => ng::NGHTTP2_ERR_DEFERRED as isize,
        Pull::Bytes { count, last, trailers } => {
            *flags |= ng::NGHTTP2_DATA_FLAG_NO_COPY;
            if last {
                *flags |= ng::NGHTTP2_DATA_FLAG_EOF;
            }
            if trailers {
                *flags |= ng::NGHTTP2_DATA_FLAG_NO_END_STREAM;
            }
            count as isize
        }
    })
}

/// The length of the head of a frame.
const HEAD: usize = 9;

unsafe extern "C" fn send_data(
    _: *mut ng::nghttp2_session,
    frame: *mut ng::nghttp2_frame,
    head: *const u8,
    count: usize,
    _: *mut ng::nghttp2_data_source,
    user_data: *mut c_void,
) -> c_int {
    let frame = frame!(frame);
    // SAFETY: the library calls this for frames of data alone.
    let data = unsafe { frame.data };
    with(user_data, ng::NGHTTP2_ERR_CALLBACK_FAILURE, |shared| {
        // SAFETY: the library gives the head of a frame.
        let head = unsafe { std::slice::from_raw_parts(head, HEAD) };
        shared.observer.send_data(data.hd.stream_id, head, count, data.padlen);
        OK
    })
}

unsafe extern "C" fn select_padding(
    _: *mut ng::nghttp2_session,
    frame: *const ng::nghttp2_frame,
    most: usize,
    user_data: *mut c_void,
) -> ng::nghttp2_ssize {
    // SAFETY: the library gives a frame that lives until the callback returns.
    let Some(frame) = (unsafe { frame.as_ref() }) else { return ng::NGHTTP2_ERR_CALLBACK_FAILURE as isize };
    // SAFETY: every frame begins with its head.
    let length = unsafe { frame.hd }.length;
    with(user_data, length as isize, |shared| shared.observer.pad(length, most) as isize)
}

unsafe extern "C" fn on_error(
    _: *mut ng::nghttp2_session,
    _: c_int,
    message: *const c_char,
    _: usize,
    user_data: *mut c_void,
) -> c_int {
    if message.is_null() {
        return OK;
    }
    with(user_data, OK, |shared| {
        // SAFETY: the library gives a text with an end, until the callback returns.
        if unsafe { CStr::from_ptr(message) }.to_bytes().starts_with(UNEXPECTED_PEER) {
            shared.observer.unexpected_peer();
        }
        OK
    })
}
