//! What JavaScript calls.

use std::rc::Rc;

use crate::bind::Host;
use crate::bind::convert::{Bytes, FromJs};
use crate::bind::object::{self, This};
use crate::bind::view::View;
use crate::sys::nghttp2::{ERR_INVALID_ARGUMENT, ERR_SESSION_CLOSING, OK, Session};

use super::arguments::{HeaderText, chunk};
use super::outgoing::Chunk;
use super::session::{Inner, NativeSession};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// What no write is possible with.
const NO_STREAM: i32 = -libc::EBADF;

pub(super) fn new_session(host: Rc<Host>, is_server: bool, options: Vec<f64>) -> NativeSession {
    NativeSession::new(host, is_server, &options)
}

impl Inner {
    /// Submits something by way of the library, which is sent later.
    fn submit(&self, work: impl FnOnce(&Session) -> i32) -> i32 {
        let Some(library) = self.library() else { return ERR_SESSION_CLOSING };
        let result = work(&library);
        self.schedule();
        result
    }
}

fn this(scope: &mut Scope<'_, '_>, args: &Args<'_>) -> Option<Rc<Inner>> {
    object::state::<NativeSession>(scope, args.this()).map(|session| Rc::clone(session.inner()))
}

/// `attach(handle)`
pub(super) fn attach<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let (object, below) = (args.this(), args.get(0));
    this.attach(scope, object, below);
    this.schedule();
}

/// `receive(view)`
pub(super) fn receive<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let view = View::from_js(scope, args.get(0));
    this.nested(|this| this.receive(scope, view.bytes()));
}

/// `sent(status)`: the write under way is done.
pub(super) fn sent<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let status = i32::from_js(scope, args.get(0));
    this.nested(|this| this.finish_write(scope, status));
}

/// `close(code, isGone)`
pub(super) fn close<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let code = u32::from_js(scope, args.get(0));
    let is_gone = args.get(1).is_true();
    this.nested(|this| this.close(scope, code, is_gone));
}

/// The headers at `index` and their number behind them.
fn headers_at(scope: &mut Scope<'_, '_>, args: &Args<'_>, index: i32) -> Option<HeaderText> {
    HeaderText::read(scope, args.get(index), args.get(index + 1))
}

/// `request(headers, count, hasData, hasTrailers, isReading)`: the number of the stream.
pub(super) fn request<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let Some(headers) = headers_at(scope, &args, 0) else { return rv.set_int32(ERR_INVALID_ARGUMENT) };
    let has_data = args.get(2).is_true();
    let stream = this.submit(|library| library.request(&headers.headers(), has_data));
    if stream > 0 {
        this.ledger.open(stream);
        if let Some(state) = this.ledger.streams.borrow_mut().get_mut(&stream) {
            state.has_trailers = args.get(3).is_true();
            state.is_reading = args.get(4).is_true();
        }
    }
    rv.set_int32(stream);
}

/// `respond(stream, headers, count, hasData, hasTrailers)`
pub(super) fn respond<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let Some(headers) = headers_at(scope, &args, 1) else { return rv.set_int32(ERR_INVALID_ARGUMENT) };
    let has_data = args.get(3).is_true();
    if let Some(state) = this.ledger.streams.borrow_mut().get_mut(&stream) {
        state.has_trailers = args.get(4).is_true();
    }
    rv.set_int32(this.submit(|library| library.respond(stream, &headers.headers(), has_data)));
}

/// `info(stream, headers, count)`
pub(super) fn info<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let Some(headers) = headers_at(scope, &args, 1) else { return rv.set_int32(ERR_INVALID_ARGUMENT) };
    rv.set_int32(this.submit(|library| library.info(stream, &headers.headers())));
}

/// `trailers(stream, headers, count)`: without any, the stream just ends.
pub(super) fn trailers<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let Some(headers) = headers_at(scope, &args, 1) else { return rv.set_int32(ERR_INVALID_ARGUMENT) };
    let headers = headers.headers();
    if let Some(state) = this.ledger.streams.borrow_mut().get_mut(&stream) {
        state.has_trailers = false;
    }
    rv.set_int32(this.submit(|library| {
        if headers.lengths.is_empty() {
            library.end_empty(stream)
        } else {
            library.trailers(stream, &headers)
        }
    }));
}

/// `promise(stream, headers, count)`: the number of the promised stream.
pub(super) fn promise<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let Some(headers) = headers_at(scope, &args, 1) else { return rv.set_int32(ERR_INVALID_ARGUMENT) };
    let promised = this.submit(|library| library.promise(stream, &headers.headers()));
    if promised > 0 {
        this.ledger.open(promised);
    }
    rv.set_int32(promised);
}

/// Gives a stream chunks to send, whose end `onwritten` tells.
fn enqueue(this: &Inner, stream: i32, chunks: impl Iterator<Item = Chunk>, is_last: bool) -> i32 {
    let mut streams = this.ledger.streams.borrow_mut();
    let Some(state) = streams.get_mut(&stream) else { return NO_STREAM };
    chunks.for_each(|chunk| state.push(chunk));
    let is_empty = state.waiting == 0;
    state.is_writing = !is_empty;
    state.is_ended |= is_last;
    drop(streams);
    this.submit(|library| {
        // Where nothing waits for data yet, the library asks by itself.
        library.resume(stream);
        OK
    });
    i32::from(!is_empty)
}

/// `write(stream, data, encoding, isLast)`: 1 where `onwritten` follows, 0 where there was nothing to write, or a
/// negative error number.
pub(super) fn write<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let data = chunk(scope, args.get(1), args.get(2));
    rv.set_int32(enqueue(&this, stream, std::iter::once(data), args.get(3).is_true()));
}

/// `writev(stream, list, isLast)`: chunks and the numbers of their encodings in turn.
pub(super) fn writev<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let stream = i32::from_js(scope, args.get(0));
    let Ok(list) = v8::Local::<v8::Array>::try_from(args.get(1)) else { return rv.set_int32(NO_STREAM) };
    let mut chunks = Vec::with_capacity(list.length() as usize / 2);
    for index in (0..list.length()).step_by(2) {
        let (Some(data), Some(encoding)) = (list.get_index(scope, index), list.get_index(scope, index + 1))
        else {
            continue;
        };
        chunks.push(chunk(scope, data, encoding));
    }
    rv.set_int32(enqueue(&this, stream, chunks.into_iter(), args.get(2).is_true()));
}

/// `endStream(stream)`: nothing follows what was written.
pub(super) fn end_stream(this: This<NativeSession>, stream: i32) -> i32 {
    if let Some(state) = this.ledger.streams.borrow_mut().get_mut(&stream) {
        state.is_ended = true;
    }
    this.submit(|library| {
        library.resume(stream);
        OK
    })
}

/// `readStart(stream)`
pub(super) fn read_start(this: This<NativeSession>, stream: i32) {
    let mut streams = this.ledger.streams.borrow_mut();
    let Some(state) = streams.get_mut(&stream) else { return };
    state.is_reading = true;
    let unread = std::mem::take(&mut state.unread);
    drop(streams);
    if unread > 0 {
        this.submit(|library| library.consume_stream(stream, unread));
    }
}

/// `readStop(stream)`
pub(super) fn read_stop(this: This<NativeSession>, stream: i32) {
    if let Some(state) = this.ledger.streams.borrow_mut().get_mut(&stream) {
        state.is_reading = false;
    }
}

/// `resetStream(stream, code)`: what was given before is sent first, as far as that is possible now.
pub(super) fn reset_stream<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = this(scope, &args) else { return };
    let (stream, code) = (i32::from_js(scope, args.get(0)), u32::from_js(scope, args.get(1)));
    this.nested(|this| this.flush(scope));
    rv.set_int32(this.submit(|library| library.reset(stream, code)));
}

/// `settings(entries)`: numbers and values in turn.
pub(super) fn settings(this: This<NativeSession>, entries: Vec<f64>) -> i32 {
    let entries: Vec<_> = entries.chunks_exact(2).map(|pair| (pair[0] as i32, pair[1] as u32)).collect();
    this.submit(|library| library.settings(&entries))
}

/// `ping(payload)`
pub(super) fn ping(this: This<NativeSession>, payload: Bytes) -> i32 {
    let Ok(payload) = <[u8; 8]>::try_from(payload.0) else { return ERR_INVALID_ARGUMENT };
    this.submit(|library| library.ping(payload))
}

/// `goaway(code, last, data)`
pub(super) fn goaway(this: This<NativeSession>, code: u32, last: i32, data: Option<Bytes>) -> i32 {
    let data = data.unwrap_or_default();
    this.ledger.goodbyes.set(this.ledger.goodbyes.get() + 1);
    this.submit(|library| library.goaway(code, last, &data.0))
}

/// `shutdownNotice()`
pub(super) fn shutdown_notice(this: This<NativeSession>) -> i32 {
    this.ledger.goodbyes.set(this.ledger.goodbyes.get() + 1);
    this.submit(Session::shutdown_notice)
}

/// `altsvc(stream, origin, field)`
pub(super) fn altsvc(this: This<NativeSession>, stream: i32, origin: String, field: String) -> i32 {
    this.submit(|library| library.altsvc(stream, origin.as_bytes(), field.as_bytes()))
}

/// `origin(origins)`
pub(super) fn origin(this: This<NativeSession>, origins: Vec<String>) -> i32 {
    let origins: Vec<&[u8]> = origins.iter().map(String::as_bytes).collect();
    this.submit(|library| library.origins(&origins))
}

/// `setLocalWindowSize(size)`: of the connection.
pub(super) fn set_local_window_size(this: This<NativeSession>, size: i32) -> i32 {
    this.submit(|library| library.set_local_window(0, size))
}

/// `setNextStreamId(stream)`
pub(super) fn set_next_stream_id(this: This<NativeSession>, stream: i32) -> i32 {
    this.submit(|library| library.set_next_stream(stream))
}

/// `state()`
pub(super) fn state(this: This<NativeSession>) -> Option<Vec<f64>> {
    Some(this.library()?.state().to_vec())
}

/// `streamState(stream)`
pub(super) fn stream_state(this: This<NativeSession>, stream: i32) -> Option<Vec<f64>> {
    Some(this.library()?.stream_state(stream)?.map(f64::from).to_vec())
}

/// The numbers of the settings that [`local_settings`] and [`remote_settings`] give, in their order.
const SHOWN_SETTINGS: [u32; 7] = [1, 2, 3, 4, 5, 6, 8];

/// `localSettings()`
pub(super) fn local_settings(this: This<NativeSession>) -> Option<Vec<f64>> {
    let library = this.library()?;
    Some(SHOWN_SETTINGS.map(|number| f64::from(library.local_setting(number))).to_vec())
}

/// `remoteSettings()`
pub(super) fn remote_settings(this: This<NativeSession>) -> Option<Vec<f64>> {
    let library = this.library()?;
    Some(SHOWN_SETTINGS.map(|number| f64::from(library.remote_setting(number))).to_vec())
}

/// `memoryUsed()`: in bytes.
pub(super) fn memory_used(this: This<NativeSession>) -> f64 {
    this.ledger.held() as f64
}

/// `statistics()`: bytes read and written, frames received and sent, streams and most of them at once.
pub(super) fn statistics(this: This<NativeSession>) -> Vec<f64> {
    let counts = &this.ledger.counts;
    let all = [
        &counts.bytes_read,
        &counts.bytes_written,
        &counts.frames_received,
        &counts.frames_sent,
        &counts.streams,
        &counts.most_streams,
    ];
    all.iter().map(|count| count.get() as f64).collect()
}
