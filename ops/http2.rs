//! Native half of `js/http2.js`: sessions of HTTP/2 over the streams of descriptors, over TLS, or over any
//! duplex stream of JavaScript.

mod arguments;
mod attachment;
mod delivery;
mod ledger;
mod methods;
mod outgoing;
mod session;

use crate::bind::Binding;
use crate::bind::class::Class;
use crate::sys::nghttp2;
use crate::{binding, object_class};

use methods::{
    altsvc, attach, close, end_stream, goaway, info, local_settings, memory_used, new_session, origin, ping,
    promise, read_start, read_stop, receive, remote_settings, request, reset_stream, respond, sent,
    set_local_window_size, set_next_stream_id, settings, shutdown_notice, state, statistics, stream_state,
    trailers, write, writev,
};

const CLASS: Class = object_class!(
    NativeSession, new_session,
    sync: [
        end_stream, goaway, local_settings, memory_used, origin, altsvc, ping, read_start, read_stop,
        remote_settings, set_local_window_size, set_next_stream_id, settings, shutdown_notice,
        state, statistics, stream_state,
    ],
    raw: [attach, close, info, promise, receive, request, reset_stream, respond, sent, trailers, write, writev],
);

/// `internalBinding('http2')`: `errorText(error)` is what the library says about an error of its own, and
/// the class `NativeSession(isServer, options)`, whose `options` are those of [`session::Settings`].
///
/// `attach(handle)` ties it to the handle of a stream, or with `null` to JavaScript, which then calls
/// `receive(view)` and is given what is to be sent by `onoutput(view)`; where a write goes on, JavaScript ends
/// it by `sent(status)`, which the object has as `onsent` for handles that need a function.
///
/// Headers are `(text, count)`: for each a name, a NUL, a value, a NUL, and `1` where it is never to be
/// indexed or `0`. The functions that submit something return 0, a stream's number, or an error of the library.
///
/// Nothing is sent within a call of JavaScript's, except by `close`. The events are methods of the object: see
/// [`delivery::Handler`].
pub const BINDING: Binding =
    binding! { "http2", sync: [error_text], extend: install, references: references };

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

fn error_text(error: i32) -> String {
    nghttp2::error_text(error)
}
