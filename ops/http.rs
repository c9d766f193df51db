//! Native half of `js/http.js`: the parser of HTTP/1 messages.

mod attachment;
mod chunks;
mod driver;
mod fields;
mod first_line;
#[cfg(test)]
mod invariants;
mod method;
mod parser;
mod url;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use rustix::time::{ClockId, clock_gettime};

use crate::bind::class::Class;
use crate::bind::convert::FromJs;
use crate::bind::handle;
use crate::bind::object::{self, State};
use crate::bind::view::View;
use crate::bind::{Binding, IntoJs};
use crate::net::stream::Stream;
use crate::tls::TlsHandle;
use crate::{binding, object_class};

use attachment::Attachment;
use driver::{Input, Stop, Texts};
use parser::{Kind, Parser};

const CLASS: Class = object_class!(
    HttpParser, new_parser,
    sync: [initialize, pause, detach],
    raw: [execute, finish, resume, attach, message_age, is_head_read],
);

/// `internalBinding('http')`: `methodNames()`, by number, and the class `HttpParser`.
///
/// `initialize(isResponse, maxHeaderSize, lenient)` begins anew. `execute(view)` reads bytes and returns how many
/// it has used, or a fault: `[code, reason, used]`. `finish()` says that there will be no more and returns a
/// fault or `undefined`. While reading it calls, where the object has them:
///
/// - `onBegin()` at the first byte of a message;
/// - `onHead(flags, method, url, fields, version, status, reason)` behind the header: `flags` are those of
///   [`driver::flag`], `method` is a number, `fields` has a line for each name and each value, `version` is ten
///   times the major version and the minor one. It returns 1 for a message without body, 2 for another
///   protocol; 4 says that `onEnd` is not to be called for this message, which has no body;
/// - `onBody(arrayBuffer, offset, length)` for a part of the body;
/// - `onEnd(trailers)` at the end of a message, `trailers` in the form of `fields`.
///
/// Within these, `pause()` keeps what has not been read until `resume()`, whose result is that of `execute`.
///
/// `attach(handle)` has the parser read what comes for the handle of a stream, until `detach()`. It then calls
/// `onStop(result, arrayBuffer, offset, length)` where `execute` would have returned a fault or ended at another
/// protocol, or where it was detached meanwhile, with the bytes that were being read, and `onQuiet()` where bytes made no other call necessary.
///
/// `messageAge()` is how long ago the message under way began, in milliseconds, -1 between messages;
/// `isHeadRead()` is whether its header was complete.
pub const BINDING: Binding =
    binding! { "http", sync: [method_names], extend: install, references: references };

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

fn method_names() -> Vec<String> {
    method::NAMES.iter().map(|name| (*name).to_owned()).collect()
}

/// No message has begun.
const NOT_BEGUN: f64 = -1.0;

/// A clock in milliseconds, some of which it may be late: enough for timeouts, and asked for every message.
fn coarse_now() -> f64 {
    let time = clock_gettime(ClockId::MonotonicCoarse);
    (time.tv_sec * 1000 + time.tv_nsec / 1_000_000) as f64
}

pub(super) struct HttpParser {
    parser: RefCell<Parser>,
    is_paused: Cell<bool>,
    /// What was not read when it was paused.
    rest: RefCell<Option<(View, usize)>>,
    /// The time at the first byte of the message.
    begun: Cell<f64>,
    is_head_read: Cell<bool>,
    /// Whether fields were an event of their own.
    has_separated: Cell<bool>,
    texts: RefCell<Texts>,
    stream: RefCell<Weak<Stream>>,
    /// The stream of plaintext that it reads instead.
    secure: RefCell<Weak<TlsHandle>>,
}

impl State for HttpParser {}

impl HttpParser {
    fn is_attached(&self) -> bool {
        self.stream.borrow().strong_count() > 0
    }
}

type This = object::This<HttpParser>;
type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

fn new_parser() -> HttpParser {
    HttpParser {
        parser: RefCell::new(Parser::new(Kind::Request, usize::MAX, 0)),
        is_paused: Cell::new(false),
        rest: RefCell::new(None),
        begun: Cell::new(NOT_BEGUN),
        is_head_read: Cell::new(false),
        has_separated: Cell::new(false),
        texts: RefCell::default(),
        stream: RefCell::default(),
        secure: RefCell::default(),
    }
}

fn initialize(this: This, is_response: bool, max_header_size: f64, lenient: u32) {
    let kind = if is_response { Kind::Response } else { Kind::Request };
    *this.parser.borrow_mut() = Parser::new(kind, max_header_size as usize, lenient);
    this.is_paused.set(false);
    *this.rest.borrow_mut() = None;
    this.texts.borrow_mut().clear();
    // A message that never comes is late as well.
    this.begun.set(coarse_now());
    this.is_head_read.set(false);
    this.has_separated.set(false);
}

fn pause(this: This) {
    this.is_paused.set(true);
}

fn detach(this: This) {
    let stream = this.stream.take().upgrade();
    if let Some(stream) = stream {
        stream.consume(None);
    }
    let secure = this.secure.take().upgrade();
    if let Some(secure) = secure {
        secure.consume(None);
    }
}

/// `attach(handle)`
fn attach<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return rv.set_bool(false) };
    if let Some(secure) = handle::of::<TlsHandle>(object) {
        let Some(stream) = secure.stream() else { return rv.set_bool(false) };
        *this.secure.borrow_mut() = Rc::downgrade(&secure);
        secure.consume(Some(Rc::new(Attachment::new(scope, &this, args.this(), stream))));
        return rv.set_bool(true);
    }
    let Some(stream) = handle::of::<Stream>(object) else { return rv.set_bool(false) };
    *this.stream.borrow_mut() = Rc::downgrade(&stream);
    stream.consume(Some(Rc::new(Attachment::new(scope, &this, args.this(), &stream))));
    rv.set_bool(true);
}

/// `messageAge()`
fn message_age<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let begun = this.begun.get();
    rv.set_double(if begun < 0.0 { begun } else { coarse_now() - begun });
}

/// `isHeadRead()`
fn is_head_read<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Some(this) = object::state::<HttpParser>(scope, args.this()) {
        rv.set_bool(this.is_head_read.get());
    }
}

/// `finish()`
fn finish<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let outcome = this.parser.borrow_mut().finish();
    match outcome {
        Ok(true) => driver::tell_end(scope, &this, args.this()),
        Ok(false) => {}
        Err(fault) => answer(scope, Stop::Fault(fault, 0), &mut rv),
    }
}

/// `execute(view)`
fn execute<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let view = View::from_js(scope, args.get(0));
    run(scope, &this, &args, view, 0, &mut rv);
}

/// `resume(view)`: of the same bytes that were given before.
fn resume<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    this.is_paused.set(false);
    let rest = this.rest.borrow_mut().take();
    if let Some((view, at)) = rest {
        run(scope, &this, &args, view, at, &mut rv);
    }
}

/// Reads the bytes of a view from `at` on.
fn run<'s>(
    scope: &mut Scope<'s, '_>,
    this: &Rc<HttpParser>,
    args: &Args<'s>,
    view: View,
    at: usize,
    rv: &mut Return<'_>,
) {
    let Ok(source) = v8::Local::<v8::ArrayBufferView>::try_from(args.get(0)) else { return };
    let stop = driver::drive(scope, this, args.this(), &mut driver::ByName, Input::View(&view, source), at);
    match stop {
        Stop::Paused(at) => {
            rv.set_double(view.bytes().len() as f64);
            *this.rest.borrow_mut() = Some((view, at));
        }
        stop => answer(scope, stop, rv),
    }
}

/// Returns the result of reading.
fn answer(scope: &mut Scope<'_, '_>, stop: Stop, rv: &mut Return<'_>) {
    if let Ok(result) = stop.into_js(scope) {
        rv.set(result);
    }
}
