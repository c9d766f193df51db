//! Native half of `js/http.js`: the parser of HTTP/1 messages.

mod chunks;
mod fields;
mod first_line;
mod method;
mod parser;
mod url;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::bind::class::Class;
use crate::bind::convert::{FromJs, internalized};
use crate::bind::object::{self, State};
use crate::bind::view::View;
use crate::bind::{Binding, IntoJs};
use crate::{binding, object_class};

use parser::{Answer, Event, Fault, Kind, Parser};

const CLASS: Class = object_class!(
    HttpParser, new_parser,
    sync: [initialize, pause],
    raw: [execute, finish, resume],
);

/// `internalBinding('http')`: `methodNames()`, by number, and the class `HttpParser`.
///
/// `initialize(isResponse, maxHeaderSize, lenient)` begins anew. `execute(view)` reads bytes and returns how many
/// it has used, or a fault: `[code, reason, used]`. `finish()` says that there will be no more and returns a
/// fault or `undefined`. While reading it calls, where the object has them:
///
/// - `onBegin()` at the first byte of a message;
/// - `onHead(flags, method, url, fields, version, status, reason)` behind the header: `flags` are those of
///   [`flag`], `method` is a number, `fields` has a line for each name and each value, `version` is ten times the
///   major version and the minor one. It returns 1 for a message without body, 2 for another protocol;
/// - `onBody(view, from, to)` for a part of the body;
/// - `onEnd(trailers)` at the end of a message, `trailers` in the form of `fields`.
///
/// Within these, `pause()` keeps what has not been read until `resume()`, whose result is that of `execute`.
pub const BINDING: Binding =
    binding! { "http", sync: [method_names], extend: install, references: references };

/// The bits of `onHead`'s first argument.
mod flag {
    pub(super) const UPGRADE: u32 = 1;
    pub(super) const KEEP_ALIVE: u32 = 2;
    pub(super) const HAS_HOST: u32 = 4;
    pub(super) const HAS_EXPECT: u32 = 8;
    pub(super) const HAS_CONNECTION: u32 = 16;
}

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

fn method_names() -> Vec<String> {
    method::NAMES.iter().map(|name| (*name).to_owned()).collect()
}

struct HttpParser {
    parser: RefCell<Parser>,
    is_paused: Cell<bool>,
    /// What was not read when it was paused.
    rest: RefCell<Option<(View, usize)>>,
}

impl State for HttpParser {}

type This = object::This<HttpParser>;
type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

fn new_parser() -> HttpParser {
    HttpParser {
        parser: RefCell::new(Parser::new(Kind::Request, usize::MAX, 0)),
        is_paused: Cell::new(false),
        rest: RefCell::new(None),
    }
}

fn initialize(this: This, is_response: bool, max_header_size: f64, lenient: u32) {
    let kind = if is_response { Kind::Response } else { Kind::Request };
    *this.parser.borrow_mut() = Parser::new(kind, max_header_size as usize, lenient);
    this.is_paused.set(false);
    *this.rest.borrow_mut() = None;
}

fn pause(this: This) {
    this.is_paused.set(true);
}

/// A fault on its way to JavaScript: `[code, reason, used]`.
struct Report(Fault, usize);

impl IntoJs for Report {
    fn into_js<'s>(
        self,
        scope: &mut Scope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        let items = [self.0.code.into_js(scope)?, self.0.reason.into_js(scope)?, self.1.into_js(scope)?];
        Ok(v8::Array::new_with_elements(scope, &items).into())
    }
}

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// `finish()`
fn finish<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let outcome = this.parser.borrow_mut().finish();
    match outcome {
        Ok(true) => {
            let no_trailers = v8::String::empty(scope).into();
            let _ = call(scope, args.this(), "onEnd", &[no_trailers]);
        }
        Ok(false) => {}
        Err(fault) => report(scope, &mut rv, fault, 0),
    }
}

/// `execute(view)`
fn execute<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    let view = View::from_js(scope, args.get(0));
    run(scope, &this, args.this(), args.get(0), view, 0, &mut rv);
}

/// `resume(view)`: of the same bytes that were given before.
fn resume<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<HttpParser>(scope, args.this()) else { return };
    this.is_paused.set(false);
    let rest = this.rest.borrow_mut().take();
    let Some((view, at)) = rest else { return };
    run(scope, &this, args.this(), args.get(0), view, at, &mut rv);
}

fn report(scope: &mut Scope<'_, '_>, rv: &mut Return<'_>, fault: Fault, used: usize) {
    if let Ok(report) = Report(fault, used).into_js(scope) {
        rv.set(report);
    }
}

/// Reads from `at` on and calls back for what is found.
fn run<'s>(
    scope: &mut Scope<'s, '_>,
    this: &Rc<HttpParser>,
    object: v8::Local<'s, v8::Object>,
    source: v8::Local<'s, v8::Value>,
    view: View,
    mut at: usize,
    rv: &mut Return<'_>,
) {
    loop {
        if this.is_paused.get() {
            rv.set_double(view.bytes().len() as f64);
            *this.rest.borrow_mut() = Some((view, at));
            return;
        }
        let event = this.parser.borrow_mut().next(view.bytes(), &mut at);
        let went_on = match event {
            Event::Begin => call(scope, object, "onBegin", &[]).is_ok(),
            Event::Head => tell_head(scope, this, object).is_ok(),
            Event::Body(from, to) => {
                let from = v8::Number::new(scope, from as f64).into();
                let to = v8::Number::new(scope, to as f64).into();
                call(scope, object, "onBody", &[source, from, to]).is_ok()
            }
            Event::End => {
                let trailers = text(scope, this.parser.borrow().trailers()).into();
                call(scope, object, "onEnd", &[trailers]).is_ok()
            }
            Event::Upgrade | Event::More => {
                rv.set_double(at as f64);
                return;
            }
            Event::Broken(fault) => return report(scope, rv, fault, at),
        };
        if !went_on {
            return;
        }
    }
}

/// The string whose characters are `bytes`: a header is too short to be too long for one.
fn text<'s>(scope: &Scope<'s, '_>, bytes: &[u8]) -> v8::Local<'s, v8::String> {
    let text = v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal);
    text.unwrap_or_else(|| v8::String::empty(scope))
}

/// Calls `onHead` and hands its answer to the parser.
fn tell_head<'s>(
    scope: &mut Scope<'s, '_>,
    this: &HttpParser,
    object: v8::Local<'s, v8::Object>,
) -> Result<(), ()> {
    let args: [v8::Local<v8::Value>; 7] = {
        let parser = this.parser.borrow();
        let (head, special) = (&parser.head, &parser.fields.special);
        let flags = [
            (head.is_upgrade, flag::UPGRADE),
            (head.keeps_alive, flag::KEEP_ALIVE),
            (special.has_host, flag::HAS_HOST),
            (special.has_expect, flag::HAS_EXPECT),
            (special.connection.is_given(), flag::HAS_CONNECTION),
        ];
        let flags = flags.into_iter().filter(|(is_set, _)| *is_set).fold(0, |flags, (_, bit)| flags | bit);
        let version = u32::from(head.version.0) * 10 + u32::from(head.version.1);
        [
            v8::Integer::new_from_unsigned(scope, flags).into(),
            v8::Integer::new_from_unsigned(scope, head.method.into()).into(),
            text(scope, &head.url).into(),
            text(scope, &parser.fields.text).into(),
            v8::Integer::new_from_unsigned(scope, version).into(),
            v8::Integer::new_from_unsigned(scope, head.status.into()).into(),
            text(scope, &head.reason).into(),
        ]
    };
    let answer = call(scope, object, "onHead", &args)?;
    let answer = match answer.and_then(|answer| answer.int32_value(scope)) {
        Some(1) => Answer::SkipBody,
        Some(2) => Answer::Upgrade,
        _ => Answer::Normal,
    };
    this.parser.borrow_mut().answer_head(answer);
    Ok(())
}

/// Calls a handler of the object's, if it has one; `Err` if it has thrown.
fn call<'s>(
    scope: &mut Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
    args: &[v8::Local<'s, v8::Value>],
) -> Result<Option<v8::Local<'s, v8::Value>>, ()> {
    let key = internalized(scope, name);
    let handler = object.get(scope, key.into()).ok_or(())?;
    match v8::Local::<v8::Function>::try_from(handler) {
        Ok(handler) => handler.call(scope, object.into(), args).map(Some).ok_or(()),
        Err(_) => Ok(None),
    }
}
