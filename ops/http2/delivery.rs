//! Tells JavaScript what the library has found.

use std::rc::Rc;

use crate::bind::convert::{internalized, uint8_array};
use crate::bind::{Host, call};

use super::ledger::{Block, Event};
use super::session::Inner;

/// What no block of headers may be longer than, whatever our settings say.
pub(super) const LONGEST_HEADERS: u32 = (1 << 24) - 1;

/// The methods of the object that are called.
#[derive(Clone, Copy)]
pub(super) enum Handler {
    /// `onheaders(stream, kind, flags, fields, sensitive)`: `fields` has names and values in turn.
    Headers,
    /// `ondata(stream, arrayBuffer, offset, length)`
    Data,
    /// `onend(stream)`: no more data comes.
    End,
    /// `onclosed(stream, code)`
    Closed,
    /// `onwritten(stream, status)`: the write of a stream is done.
    Written,
    /// `ontrailers(stream)`: the data of a stream is sent.
    Trailers,
    /// `onpriority(stream, parent, weight, exclusive)`
    Priority,
    /// `onsettings(entries)`: numbers and values in turn.
    Settings,
    /// `onsettingsack()`
    SettingsAck,
    /// `onping(payload)`
    Ping,
    /// `onpingack(payload)`
    PingAck,
    /// `ongoaway(code, last, data)`
    Goaway,
    /// `onaltsvc(stream, origin, field)`
    AltSvc,
    /// `onorigin(origins)`
    Origin,
    /// `onframeerror(stream, kind, error)`: a frame was not sent.
    FrameError,
    /// `onerror(error, code)`: the session is broken.
    Error,
    /// `onoutput(view, ends)`: something is to be written, in pieces that end there.
    Output,
    /// `onhold(holds)`: JavaScript is to give no more for now, or goes on.
    Hold,
    /// `ondone()`: after `close`.
    Done,
    /// `onsent(status)`: given to handles as the function that ends a write.
    Sent,
}

/// Their names, in the order of the numbers.
const NAMES: [&str; 20] = [
    "onheaders",
    "ondata",
    "onend",
    "onclosed",
    "onwritten",
    "ontrailers",
    "onpriority",
    "onsettings",
    "onsettingsack",
    "onping",
    "onpingack",
    "ongoaway",
    "onaltsvc",
    "onorigin",
    "onframeerror",
    "onerror",
    "onoutput",
    "onhold",
    "ondone",
    "onsent",
];

/// The object of a session and its methods.
pub(super) struct Handlers {
    object: v8::Global<v8::Object>,
    functions: [Option<v8::Global<v8::Function>>; NAMES.len()],
    context: Option<v8::Global<v8::Value>>,
}

impl Handlers {
    pub(super) fn new<'s>(scope: &mut v8::PinScope<'s, '_>, object: v8::Local<'s, v8::Object>) -> Handlers {
        let functions = NAMES.map(|name| {
            let key = internalized(scope, name);
            let function = v8::Local::<v8::Function>::try_from(object.get(scope, key.into())?).ok()?;
            Some(v8::Global::new(scope, function))
        });
        let context = scope.get_continuation_preserved_embedder_data();
        let context = (!context.is_undefined()).then(|| v8::Global::new(scope, context));
        Handlers { object: v8::Global::new(scope, object), functions, context }
    }

    /// The function for handles.
    pub(super) fn sent<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        match &self.functions[Handler::Sent as usize] {
            Some(function) => v8::Local::new(scope, function).into(),
            None => v8::undefined(scope).into(),
        }
    }
}

fn number<'s>(scope: &v8::PinScope<'s, '_>, number: i32) -> v8::Local<'s, v8::Value> {
    v8::Integer::new(scope, number).into()
}

fn unsigned<'s>(scope: &v8::PinScope<'s, '_>, number: u32) -> v8::Local<'s, v8::Value> {
    v8::Integer::new_from_unsigned(scope, number).into()
}

/// The string whose characters are `bytes`; what is too long for one is empty.
fn text<'s>(scope: &v8::PinScope<'s, '_>, bytes: &[u8], kind: v8::NewStringType) -> v8::Local<'s, v8::Value> {
    let text = v8::String::new_from_one_byte(scope, bytes, kind);
    text.unwrap_or_else(|| v8::String::empty(scope)).into()
}

/// Names and values in turn, and the names of those that are sensitive, if there are any.
fn fields<'s>(scope: &v8::PinScope<'s, '_>, block: &Block) -> [v8::Local<'s, v8::Value>; 2] {
    let mut rest = &block.text[..];
    let mut items = Vec::with_capacity(2 * block.lengths.len());
    let mut secrets = Vec::new();
    for &(name_length, value_length, sensitive) in &block.lengths {
        let (name, behind) = rest.split_at(name_length);
        let (value, behind) = behind.split_at(value_length);
        rest = behind;
        let name = text(scope, name, v8::NewStringType::Internalized);
        items.push(name);
        items.push(text(scope, value, v8::NewStringType::Normal));
        if sensitive {
            secrets.push(name);
        }
    }
    let sensitive = if secrets.is_empty() {
        v8::undefined(scope).into()
    } else {
        v8::Array::new_with_elements(scope, &secrets).into()
    };
    [v8::Array::new_with_elements(scope, &items).into(), sensitive]
}

impl Inner {
    /// Calls a method of the object. Where JavaScript waits for the call that led to it, its ticks wait as well.
    pub(super) fn emit<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        handler: Handler,
        args: &[v8::Local<'s, v8::Value>],
    ) {
        let handlers = self.handlers.borrow().clone();
        let Some(handlers) = handlers.filter(|_| !self.host.is_exiting()) else { return };
        let Some(function) = &handlers.functions[handler as usize] else { return };
        let function = v8::Local::new(scope, function);
        let object = v8::Local::new(scope, &handlers.object).into();
        let before = scope.get_continuation_preserved_embedder_data();
        let none = v8::undefined(scope).into();
        let context = handlers.context.as_ref().map_or(none, |context| v8::Local::new(scope, context));
        scope.set_continuation_preserved_embedder_data(context);
        if self.is_nested.get() {
            call::call_reporting(scope, function, object, args);
        } else {
            call::call_back(scope, function, object, args);
        }
        scope.set_continuation_preserved_embedder_data(before);
    }

    /// Tells of all that has been found; data lies in `input`.
    pub(super) fn deliver(&self, scope: &mut v8::PinScope<'_, '_>, input: &[u8]) {
        loop {
            // What comes of telling is not of this input.
            let events = self.ledger.events.take();
            if events.is_empty() {
                return;
            }
            for event in events {
                v8::scope!(let scope, scope);
                self.tell(scope, event, input);
            }
        }
    }

    fn tell(&self, scope: &mut v8::PinScope<'_, '_>, event: Event, input: &[u8]) {
        match event {
            Event::Headers { stream, kind, flags, block } => {
                let [fields, sensitive] = fields(scope, &block);
                let (stream, kind) = (number(scope, stream), number(scope, kind));
                let flags = number(scope, flags.into());
                self.emit(scope, Handler::Headers, &[stream, kind, flags, fields, sensitive]);
            }
            Event::Data { stream, place: Ok(range) } => {
                self.tell_data(scope, stream, input.get(range).unwrap_or_default());
            }
            Event::Data { stream, place: Err(bytes) } => self.tell_data(scope, stream, &bytes),
            Event::End { stream } => {
                let stream = number(scope, stream);
                self.emit(scope, Handler::End, &[stream]);
            }
            Event::Closed { stream, code } => self.tell_closed(scope, stream, code),
            Event::Trailers { stream } => {
                let stream = number(scope, stream);
                self.emit(scope, Handler::Trailers, &[stream]);
            }
            Event::Priority { stream, parent, weight, exclusive } => {
                let exclusive = v8::Boolean::new(scope, exclusive).into();
                let args = [number(scope, stream), number(scope, parent), number(scope, weight), exclusive];
                self.emit(scope, Handler::Priority, &args);
            }
            Event::FrameError { stream, kind, error } => {
                let args = [number(scope, stream), number(scope, kind.into()), number(scope, error)];
                self.emit(scope, Handler::FrameError, &args);
            }
            Event::Error { error, code } => {
                let none = v8::undefined(scope).into();
                let code = code.map_or(none, |code| internalized(scope, code).into());
                let error = number(scope, error);
                self.emit(scope, Handler::Error, &[error, code]);
            }
            other => self.tell_of_connection(scope, other),
        }
    }

    /// Tells of what is about no stream.
    fn tell_of_connection(&self, scope: &mut v8::PinScope<'_, '_>, event: Event) {
        match event {
            Event::Settings(entries) => {
                let pairs =
                    entries.iter().flat_map(|&(id, value)| [number(scope, id), unsigned(scope, value)]);
                let pairs: Vec<_> = pairs.collect();
                let pairs = v8::Array::new_with_elements(scope, &pairs).into();
                self.emit(scope, Handler::Settings, &[pairs]);
            }
            Event::SettingsAck => {
                self.follow_settings();
                self.emit(scope, Handler::SettingsAck, &[]);
            }
            Event::Ping(payload) => {
                let payload = uint8_array(scope, payload.to_vec()).into();
                self.emit(scope, Handler::Ping, &[payload]);
            }
            Event::PingAck(payload) => {
                let payload = uint8_array(scope, payload.to_vec()).into();
                self.emit(scope, Handler::PingAck, &[payload]);
            }
            Event::Goaway { last, code, data } => {
                let none = v8::undefined(scope).into();
                let data = if data.is_empty() { none } else { uint8_array(scope, data).into() };
                let args = [unsigned(scope, code), number(scope, last), data];
                self.emit(scope, Handler::Goaway, &args);
            }
            Event::AltSvc { stream, origin, field } => {
                let origin = text(scope, &origin, v8::NewStringType::Normal);
                let field = text(scope, &field, v8::NewStringType::Normal);
                let stream = number(scope, stream);
                self.emit(scope, Handler::AltSvc, &[stream, origin, field]);
            }
            Event::Origin(origins) => {
                let names = origins.iter().map(|origin| text(scope, origin, v8::NewStringType::Normal));
                let names: Vec<_> = names.collect();
                let names = v8::Array::new_with_elements(scope, &names).into();
                self.emit(scope, Handler::Origin, &[names]);
            }
            _ => {}
        }
    }

    fn tell_data(&self, scope: &mut v8::PinScope<'_, '_>, stream: i32, bytes: &[u8]) {
        if let Some(library) = self.library() {
            library.consume_connection(bytes.len());
        }
        let Some((buffer, offset)) = Host::of(scope).streams.copied(scope, bytes) else { return };
        let offset = v8::Number::new(scope, offset as f64).into();
        let length = v8::Number::new(scope, bytes.len() as f64).into();
        let id = number(scope, stream);
        self.emit(scope, Handler::Data, &[id, buffer.into(), offset, length]);
        let mut streams = self.ledger.streams.borrow_mut();
        let Some(state) = streams.get_mut(&stream) else { return };
        if state.is_reading {
            if let Some(library) = self.library() {
                library.consume_stream(stream, bytes.len());
            }
        } else {
            state.unread += bytes.len();
        }
    }

    fn tell_closed(&self, scope: &mut v8::PinScope<'_, '_>, stream: i32, code: u32) {
        self.ledger.streams.borrow_mut().remove(&stream);
        let args = [number(scope, stream), unsigned(scope, code)];
        self.emit(scope, Handler::Closed, &args);
    }

    /// Tells of the end of writes.
    pub(super) fn tell_written(&self, scope: &mut v8::PinScope<'_, '_>, streams: &[i32], status: i32) {
        for stream in streams {
            v8::scope!(let scope, scope);
            let args = [number(scope, *stream), number(scope, status)];
            self.emit(scope, Handler::Written, &args);
        }
    }

    /// The limits are those that the other side knows of.
    fn follow_settings(&self) {
        const MAX_CONCURRENT_STREAMS: u32 = 3;
        const MAX_HEADER_LIST_SIZE: u32 = 6;
        if let Some(library) = self.library() {
            self.ledger.max_streams.set(library.local_setting(MAX_CONCURRENT_STREAMS));
            let length = library.local_setting(MAX_HEADER_LIST_SIZE).min(LONGEST_HEADERS);
            self.ledger.max_header_length.set(length);
        }
    }

    /// Does `work` while JavaScript waits.
    pub(super) fn nested<R>(self: &Rc<Self>, work: impl FnOnce(&Self) -> R) -> R {
        let before = self.is_nested.replace(true);
        let result = work(self);
        self.is_nested.set(before);
        result
    }
}
