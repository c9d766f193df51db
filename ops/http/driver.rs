//! Drives the parser over bytes and calls JavaScript for what it finds.

use std::cell::RefCell;
use std::rc::Rc;

use super::parser::{Answer, Event, Fault, Kind, Parser};
use super::{HttpParser, NOT_BEGUN, Scope, coarse_now};
use crate::bind::convert::internalized;
use crate::bind::view::View;
use crate::bind::{Host, IntoJs};

/// The bits of `onHead`'s first argument.
pub(super) mod flag {
    pub(crate) const UPGRADE: u32 = 1;
    pub(crate) const KEEP_ALIVE: u32 = 2;
    pub(crate) const HAS_HOST: u32 = 4;
    pub(crate) const HAS_EXPECT: u32 = 8;
    pub(crate) const HAS_CONNECTION: u32 = 16;
    /// The message ends with its header.
    pub(crate) const HAS_NO_BODY: u32 = 32;
    /// Nothing follows in what has been received.
    pub(crate) const IS_LAST: u32 = 64;
}

/// The bit of `onHead`'s answer by which JavaScript has ended the message itself.
const ENDED: i32 = 4;

/// How many fields a header has at most that is one event.
const MOST_PAIRS: usize = 31;

/// The functions of an object that are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Callback {
    Begin,
    Head,
    Body,
    End,
}

/// A way to call back.
pub(super) trait Caller {
    /// Calls the function, if there is one; `Err` if it has thrown.
    fn call<'s>(
        &mut self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        callback: Callback,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<Option<v8::Local<'s, v8::Value>>, ()>;

    /// Before a header or an end whose fields are an event of their own.
    fn separate(&mut self, _scope: &mut Scope<'_, '_>) {}
}

/// Calls what the object has under the function's name; exceptions go to the caller.
pub(super) struct ByName;

impl Caller for ByName {
    fn call<'s>(
        &mut self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        callback: Callback,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<Option<v8::Local<'s, v8::Value>>, ()> {
        let name = match callback {
            Callback::Begin => "onBegin",
            Callback::Head => "onHead",
            Callback::Body => "onBody",
            Callback::End => "onEnd",
        };
        let key = internalized(scope, name);
        let handler = object.get(scope, key.into()).ok_or(())?;
        match v8::Local::<v8::Function>::try_from(handler) {
            Ok(handler) => handler.call(scope, object.into(), args).map(Some).ok_or(()),
            Err(_) => Ok(None),
        }
    }
}

/// Where the bytes are.
pub(super) enum Input<'a, 's> {
    /// In a view of JavaScript's.
    View(&'a View, v8::Local<'s, v8::ArrayBufferView>),
    /// In memory of Rust's, of which JavaScript gets a copy.
    Bytes(&'a [u8]),
}

impl<'s> Input<'_, 's> {
    fn bytes(&self) -> &[u8] {
        match self {
            Input::View(view, _) => view.bytes(),
            Input::Bytes(bytes) => bytes,
        }
    }

    /// The buffer that has the bytes from `from` to `to`, and where in it they begin.
    pub(super) fn part(
        &self,
        scope: &mut Scope<'s, '_>,
        from: usize,
        to: usize,
    ) -> Option<(v8::Local<'s, v8::ArrayBuffer>, usize)> {
        match self {
            Input::View(_, view) => Some((view.buffer(scope)?, view.byte_offset() + from)),
            Input::Bytes(bytes) => Host::of(scope).streams.copied(scope, &bytes[from..to]),
        }
    }
}

/// Why reading has stopped.
pub(super) enum Stop {
    /// All bytes are used.
    More(usize),
    /// So many bytes are used, and the others are of another protocol.
    Upgrade(usize),
    /// The rest waits from here on.
    Paused(usize),
    Fault(Fault, usize),
    /// A function has thrown.
    Thrown,
}

impl IntoJs for Stop {
    fn into_js<'s>(
        self,
        scope: &mut Scope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Stop::More(at) | Stop::Upgrade(at) | Stop::Paused(at) => at.into_js(scope),
            Stop::Fault(fault, at) => {
                let items = [fault.code.into_js(scope)?, fault.reason.into_js(scope)?, at.into_js(scope)?];
                Ok(v8::Array::new_with_elements(scope, &items).into())
            }
            Stop::Thrown => Ok(v8::undefined(scope).into()),
        }
    }
}

/// What was read last: clients send the same again and again.
#[derive(Default)]
pub(super) struct Texts {
    url: Known,
    fields: Known,
    /// The bytes of the last request, where they were nothing but its header. Empty otherwise.
    request: Vec<u8>,
}

/// Longer requests are not remembered as a whole.
const LONGEST_REQUEST: usize = 2048;

impl Texts {
    /// Forgets what the strings were made of.
    pub(super) fn clear(&mut self) {
        self.request.clear();
    }
}

/// The strings that were made last for any connection of the runtime: the clients of a server are much alike.
#[derive(Default)]
struct Latest {
    url: RefCell<Known>,
    fields: RefCell<Known>,
}

#[derive(Default, Clone)]
struct Known {
    bytes: Vec<u8>,
    string: Option<v8::Global<v8::String>>,
}

impl Known {
    fn find<'s>(&self, scope: &Scope<'s, '_>, bytes: &[u8]) -> Option<v8::Local<'s, v8::String>> {
        let string = self.string.as_ref().filter(|_| self.bytes == bytes)?;
        Some(v8::Local::new(scope, string))
    }

    /// The string of `bytes`; `latest` finds what other connections have made.
    fn get<'s>(
        &mut self,
        scope: &Scope<'s, '_>,
        bytes: &[u8],
        latest: impl Fn(&Latest) -> &RefCell<Known>,
    ) -> v8::Local<'s, v8::String> {
        if let Some(string) = self.find(scope, bytes) {
            return string;
        }
        let shared = Host::of(scope).extension::<Latest>();
        let shared = latest(&shared);
        if let Some(string) = shared.borrow().find(scope, bytes) {
            self.clone_from(&shared.borrow());
            return string;
        }
        let string = text(scope, bytes);
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.string = Some(v8::Global::new(scope, string));
        shared.borrow_mut().clone_from(self);
        string
    }
}

/// The string whose characters are `bytes`: a header is too short to be too long for one.
fn text<'s>(scope: &Scope<'s, '_>, bytes: &[u8]) -> v8::Local<'s, v8::String> {
    let text = v8::String::new_from_one_byte(scope, bytes, v8::NewStringType::Normal);
    text.unwrap_or_else(|| v8::String::empty(scope))
}

/// Reads from `at` on and calls back for what is found.
pub(super) fn drive<'s>(
    scope: &mut Scope<'s, '_>,
    this: &Rc<HttpParser>,
    object: v8::Local<'s, v8::Object>,
    caller: &mut impl Caller,
    input: Input<'_, 's>,
    mut at: usize,
) -> Stop {
    let mut is_ended = false;
    let mut is_whole = at == 0 && this.parser.borrow().is_at_start();
    let mut first = (is_whole && is_known(this, &input)).then(|| {
        this.parser.borrow_mut().repeat_head();
        at = input.bytes().len();
        Event::Begin
    });
    let is_repeated = first.is_some();
    loop {
        if this.is_paused.get() {
            return Stop::Paused(at);
        }
        let next = || this.parser.borrow_mut().next(input.bytes(), &mut at);
        let event = first.take().unwrap_or_else(next);
        let outcome = match event {
            Event::Begin => {
                this.begun.set(coarse_now());
                this.is_head_read.set(false);
                caller.call(scope, object, Callback::Begin, &[])
            }
            Event::Head => {
                this.is_head_read.set(true);
                let has_many = this.parser.borrow().fields.pairs > MOST_PAIRS;
                if has_many || this.has_separated.get() {
                    separate(scope, this, caller);
                    if this.is_paused.get() {
                        return Stop::Paused(at);
                    }
                }
                let is_at_end = at == input.bytes().len();
                let args = head(scope, this, is_at_end, is_repeated && is_at_end);
                if !is_repeated {
                    remember(this, &input, is_whole && is_at_end);
                }
                let answer = caller.call(scope, object, Callback::Head, &args);
                if let Ok(answer) = answer {
                    is_ended = take_answer(scope, this, answer);
                }
                answer
            }
            Event::Body(from, to) => {
                let Some((buffer, offset)) = input.part(scope, from, to) else { return Stop::Thrown };
                let offset = v8::Number::new(scope, offset as f64).into();
                let length = v8::Number::new(scope, (to - from) as f64).into();
                caller.call(scope, object, Callback::Body, &[buffer.into(), offset, length])
            }
            Event::End => {
                this.begun.set(NOT_BEGUN);
                // What follows is a request of its own.
                is_whole = false;
                if std::mem::take(&mut is_ended) {
                    continue;
                }
                if !this.parser.borrow().trailers().is_empty() {
                    separate(scope, this, caller);
                }
                let trailers = text(scope, this.parser.borrow().trailers()).into();
                caller.call(scope, object, Callback::End, &[trailers])
            }
            Event::Upgrade => {
                // Where nobody takes the connection over, it goes on as before.
                this.parser.borrow_mut().resume_after_upgrade();
                return Stop::Upgrade(at);
            }
            Event::More => return Stop::More(at),
            Event::Broken(fault) => return Stop::Fault(fault, at),
        };
        if outcome.is_err() {
            return Stop::Thrown;
        }
    }
}

/// Ends the event so far. A connection on which this was needed once does so for each message.
fn separate(scope: &mut Scope<'_, '_>, this: &HttpParser, caller: &mut impl Caller) {
    this.has_separated.set(true);
    caller.separate(scope);
}

/// Whether bytes are those of the request before, whose header is the last one that was read.
fn is_known(this: &HttpParser, input: &Input<'_, '_>) -> bool {
    match input {
        Input::Bytes(bytes) => !bytes.is_empty() && *bytes == this.texts.borrow().request,
        Input::View(..) => false,
    }
}

/// Remembers the bytes of a request, which are its header if `is_whole`.
fn remember(this: &HttpParser, input: &Input<'_, '_>, is_whole: bool) {
    let request = &mut this.texts.borrow_mut().request;
    request.clear();
    if let Input::Bytes(bytes) = input
        && is_whole
        && bytes.len() <= LONGEST_REQUEST
        && has_no_body(&this.parser.borrow())
    {
        request.extend_from_slice(bytes);
    }
}

/// The arguments of `onHead`; `is_repeated` says that its strings are those of the header before.
fn head<'s>(
    scope: &mut Scope<'s, '_>,
    this: &HttpParser,
    is_at_end: bool,
    is_repeated: bool,
) -> [v8::Local<'s, v8::Value>; 7] {
    let parser = this.parser.borrow();
    let mut texts = this.texts.borrow_mut();
    let known = match (&texts.url.string, &texts.fields.string) {
        (Some(url), Some(fields)) if is_repeated => {
            Some((v8::Local::new(scope, url), v8::Local::new(scope, fields)))
        }
        _ => None,
    };
    let (url, fields) = known.unwrap_or_else(|| {
        let url = texts.url.get(scope, &parser.head.url, |latest| &latest.url);
        (url, texts.fields.get(scope, &parser.fields.text, |latest| &latest.fields))
    });
    let (head, flags) = (&parser.head, flags_of(&parser, is_at_end));
    let version = u32::from(head.version.0) * 10 + u32::from(head.version.1);
    [
        v8::Integer::new_from_unsigned(scope, flags).into(),
        v8::Integer::new_from_unsigned(scope, head.method.into()).into(),
        url.into(),
        fields.into(),
        v8::Integer::new_from_unsigned(scope, version).into(),
        v8::Integer::new_from_unsigned(scope, head.status.into()).into(),
        text(scope, &head.reason).into(),
    ]
}

fn flags_of(parser: &Parser, is_at_end: bool) -> u32 {
    let (head, special) = (&parser.head, &parser.fields.special);
    let flags = [
        (head.is_upgrade, flag::UPGRADE),
        (head.keeps_alive, flag::KEEP_ALIVE),
        (special.has_host, flag::HAS_HOST),
        (special.has_expect, flag::HAS_EXPECT),
        (special.connection.is_given(), flag::HAS_CONNECTION),
        (has_no_body(parser), flag::HAS_NO_BODY),
        (is_at_end, flag::IS_LAST),
    ];
    flags.into_iter().filter(|(is_set, _)| *is_set).fold(0, |flags, (_, bit)| flags | bit)
}

/// Whether a request ends with its header.
fn has_no_body(parser: &Parser) -> bool {
    let special = &parser.fields.special;
    let has_body = special.content_length.is_some_and(|length| length > 0) || special.has_transfer_encoding;
    parser.kind == Kind::Request && !parser.head.is_upgrade && !has_body
}

/// Hands the answer of `onHead` to the parser; whether the message is ended as far as JavaScript goes.
fn take_answer(
    scope: &mut Scope<'_, '_>,
    this: &HttpParser,
    answer: Option<v8::Local<'_, v8::Value>>,
) -> bool {
    let answer = answer.and_then(|answer| answer.int32_value(scope)).unwrap_or(0);
    this.parser.borrow_mut().answer_head(match answer {
        1 => Answer::SkipBody,
        2 => Answer::Upgrade,
        _ => Answer::Normal,
    });
    answer & ENDED != 0
}

/// The end of a message that only the end of the connection tells.
pub(super) fn tell_end<'s>(scope: &mut Scope<'s, '_>, this: &HttpParser, object: v8::Local<'s, v8::Object>) {
    this.begun.set(NOT_BEGUN);
    let no_trailers = v8::String::empty(scope).into();
    let _ = ByName.call(scope, object, Callback::End, &[no_trailers]);
}
