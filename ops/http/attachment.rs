//! A parser that reads what comes for a stream, so that headers never reach JavaScript as bytes.

use std::rc::{Rc, Weak};

use super::driver::{self, Callback, Caller, Input, Stop};
use super::{HttpParser, Scope};
use crate::bind::convert::internalized;
use crate::bind::{IntoJs, call};
use crate::net::stream::{Consumer, Stream};

/// What ties a parser to its stream.
pub(super) struct Attachment {
    parser: Weak<HttpParser>,
    stream: Weak<Stream>,
    object: v8::Global<v8::Object>,
    on_head: Option<v8::Global<v8::Function>>,
    on_body: Option<v8::Global<v8::Function>>,
    on_end: Option<v8::Global<v8::Function>>,
}

impl Attachment {
    pub(super) fn new(
        scope: &mut Scope<'_, '_>,
        parser: &Rc<HttpParser>,
        object: v8::Local<'_, v8::Object>,
        stream: &Rc<Stream>,
    ) -> Self {
        let object = v8::Local::new(scope, object);
        Attachment {
            parser: Rc::downgrade(parser),
            stream: Rc::downgrade(stream),
            object: v8::Global::new(scope, object),
            on_head: function(scope, object, "onHead"),
            on_body: function(scope, object, "onBody"),
            on_end: function(scope, object, "onEnd"),
        }
    }

    /// Calls a function that is needed rarely.
    fn tell<'s>(&self, scope: &mut Scope<'s, '_>, name: &str, args: &[v8::Local<'s, v8::Value>]) -> bool {
        let object = v8::Local::new(scope, &self.object);
        match function(scope, object, name) {
            Some(function) => {
                let function = v8::Local::new(scope, function);
                call::call_reporting(scope, function, object.into(), args).is_some()
            }
            None => true,
        }
    }

    /// Reads `bytes`; whether JavaScript has not thrown.
    fn read(
        &self,
        scope: &mut Scope<'_, '_>,
        parser: &Rc<HttpParser>,
        stream: &Stream,
        bytes: &[u8],
    ) -> bool {
        let object = v8::Local::new(scope, &self.object);
        let mut caller = Cached { attachment: self, stream, calls: 0 };
        match driver::drive(scope, parser, object, &mut caller, Input::Bytes(bytes), 0) {
            Stop::Thrown => {
                parser.parser.borrow_mut().abandon();
                false
            }
            Stop::More(_) | Stop::Paused(_) if caller.calls == 0 => self.tell(scope, "onQuiet", &[]),
            Stop::More(_) | Stop::Paused(_) if parser.is_attached() => true,
            stop => self.tell_stop(scope, stop, bytes),
        }
    }

    fn tell_stop(&self, scope: &mut Scope<'_, '_>, stop: Stop, bytes: &[u8]) -> bool {
        let Some((buffer, offset)) = Input::Bytes(bytes).part(scope, 0, bytes.len()) else { return true };
        let Ok(result) = stop.into_js(scope) else { return true };
        let offset = v8::Number::new(scope, offset as f64).into();
        let length = v8::Number::new(scope, bytes.len() as f64).into();
        self.tell(scope, "onStop", &[result, buffer.into(), offset, length])
    }
}

impl Consumer for Attachment {
    fn data(&self, scope: &mut Scope<'_, '_>, bytes: &[u8]) {
        let (Some(parser), Some(stream)) = (self.parser.upgrade(), self.stream.upgrade()) else { return };
        stream.in_context(scope, |scope| {
            v8::scope!(let scope, scope);
            if self.read(scope, &parser, &stream, bytes) {
                call::drain_ticks(scope);
            }
        });
    }

    fn end(&self, scope: &mut Scope<'_, '_>, status: i32) {
        if let Some(stream) = self.stream.upgrade() {
            stream.tell_end(scope, status);
        }
    }
}

/// Calls the functions that the object had when it was attached; exceptions are reported.
struct Cached<'a> {
    attachment: &'a Attachment,
    stream: &'a Stream,
    calls: u32,
}

impl Caller for Cached<'_> {
    fn call<'s>(
        &mut self,
        scope: &mut Scope<'s, '_>,
        object: v8::Local<'s, v8::Object>,
        callback: Callback,
        args: &[v8::Local<'s, v8::Value>],
    ) -> Result<Option<v8::Local<'s, v8::Value>>, ()> {
        let function = match callback {
            Callback::Begin => return Ok(None),
            Callback::Head => &self.attachment.on_head,
            Callback::Body => &self.attachment.on_body,
            Callback::End => &self.attachment.on_end,
        };
        let Some(function) = function else { return Ok(None) };
        if self.calls > 0 {
            // No message has what the listeners of another one have left.
            self.stream.enter_context(scope);
        }
        self.calls += 1;
        let function = v8::Local::new(scope, function);
        let result = call::call_reporting(scope, function, object.into(), args).ok_or(())?;
        if callback == Callback::Body {
            // Each part of a body is an event of its own; the others go together.
            call::drain_ticks(scope);
        }
        Ok(Some(result))
    }

    fn separate(&mut self, scope: &mut Scope<'_, '_>) {
        call::drain_ticks(scope);
    }
}

fn function(
    scope: &mut Scope<'_, '_>,
    object: v8::Local<'_, v8::Object>,
    name: &str,
) -> Option<v8::Global<v8::Function>> {
    let key = internalized(scope, name);
    let function = v8::Local::<v8::Function>::try_from(object.get(scope, key.into())?).ok()?;
    Some(v8::Global::new(scope, function))
}
