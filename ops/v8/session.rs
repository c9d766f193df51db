//! The class `Session`: the engine's protocol for tools, on the runtime's own thread. Profiles and snapshots
//! of the heap come from it.

use std::cell::RefCell;
use std::rc::Rc;

use v8::inspector::{ChannelImpl, StringBuffer, StringView, V8InspectorSession};

use super::{Args, Return, Scope};
use crate::bind::class::Class;
use crate::bind::convert::string;
use crate::bind::object::{State, state};
use crate::inspector::Inspector;
use crate::object_class;

pub(super) const CLASS: Class = object_class!(Session, new, raw: [open, post, unwrap, close]);

/// A session that is open between `open` and `close`.
#[derive(Default)]
struct Session {
    parts: RefCell<Option<Parts>>,
    received: Rc<RefCell<Vec<String>>>,
}

struct Parts {
    session: V8InspectorSession,
    // Ends after the session.
    _inspector: Rc<Inspector>,
}

impl State for Session {}

impl Drop for Session {
    fn drop(&mut self) {
        // The garbage collector, which finds this dead, allows no work of the engine.
        std::mem::forget(self.parts.take());
    }
}

fn new() -> Session {
    Session::default()
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

fn open<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let inspector = Inspector::of(scope);
    let session = inspector.connect(scope, Box::new(Receiver(Rc::clone(&this.received))));
    *this.parts.borrow_mut() = Some(Parts { session, _inspector: inspector });
}

/// `post(message)`: what the engine has said meanwhile, the answer and notifications, as JSON texts.
fn post<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let message = args.get(0).to_rust_string_lossy(scope);
    if let Some(parts) = this.parts.borrow().as_ref() {
        parts.session.dispatch_protocol_message(StringView::from(message.as_bytes()));
    }
    let received = this.received.take();
    let received: Vec<_> = received.iter().map(|message| string(scope, message).into()).collect();
    rv.set(v8::Array::new_with_elements(scope, &received).into());
}

/// `unwrap(objectId)`: the value behind an id of the protocol.
fn unwrap<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let id = args.get(0).to_rust_string_lossy(scope);
    if let Some(parts) = this.parts.borrow().as_ref()
        && let Ok((value, _, _)) = parts.session.unwrap_object(scope, StringView::from(id.as_bytes()))
    {
        rv.set(value);
    }
}

fn close<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    drop(this.parts.take());
}
