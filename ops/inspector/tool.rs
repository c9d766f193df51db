//! Sessions of Ironode's own with V8's inspector, whose answers come at once: profiles and snapshots of the heap come
//! from it.

use std::cell::RefCell;
use std::rc::Rc;

use v8::inspector::{ChannelImpl, StringBuffer, StringView, V8InspectorSession};

use super::Inspector;

/// An open session; it ends when it is dropped, outside of garbage collection.
pub(crate) struct Tool {
    session: V8InspectorSession,
    received: Rc<RefCell<Vec<String>>>,
    // Ends after the session.
    _inspector: Rc<Inspector>,
}

impl Tool {
    /// Begins a session.
    pub(crate) fn open(scope: &mut v8::PinScope<'_, '_>) -> Tool {
        let inspector = Inspector::of(scope);
        let received = Rc::default();
        let session = inspector.connect(scope, Box::new(Receiver(Rc::clone(&received))));
        Tool { session, received, _inspector: inspector }
    }

    /// Carries out a command; what the engine has said meanwhile, the answer and notifications, as JSON texts.
    pub(crate) fn post(&self, message: &str) -> Vec<String> {
        self.session.dispatch_protocol_message(StringView::from(message.as_bytes()));
        self.received.take()
    }

    /// The value behind an id of the protocol.
    pub(crate) fn unwrap<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        id: &str,
    ) -> Option<v8::Local<'s, v8::Value>> {
        let found = self.session.unwrap_object(scope, StringView::from(id.as_bytes()));
        found.ok().map(|(value, _, _)| value)
    }
}

/// Keeps what the engine says.
struct Receiver(Rc<RefCell<Vec<String>>>);

impl Receiver {
    fn keep(&self, message: &StringBuffer) {
        self.0.borrow_mut().push(message.string().to_string());
    }
}

impl ChannelImpl for Receiver {
    fn send_response(&self, _: i32, message: v8::UniquePtr<StringBuffer>) {
        if let Some(message) = message.as_ref() {
            self.keep(message);
        }
    }

    fn send_notification(&self, message: v8::UniquePtr<StringBuffer>) {
        if let Some(message) = message.as_ref() {
            self.keep(message);
        }
    }

    fn flush_protocol_notifications(&self) {}
}
