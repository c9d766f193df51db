//! Native half of `js/inspector.js`: V8's inspector, and sessions with it in the thread that it inspects.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use v8::inspector::{
    Channel, ChannelImpl, StringBuffer, StringView, V8Inspector, V8InspectorClient, V8InspectorClientImpl,
    V8InspectorClientTrustLevel, V8InspectorSession,
};

use crate::bind::call::call_back;
use crate::bind::convert::string;
use crate::bind::{Binding, Host, permission};
use crate::binding;

/// `internalBinding('inspector')`: `connect(name, receive)`, `dispatch(session, message)` and
/// `disconnect(session)`.
pub const BINDING: Binding = binding! { "inspector", raw: [connect, dispatch, disconnect] };

/// The group that all contexts are in.
const GROUP: i32 = 1;

struct Client;

impl V8InspectorClientImpl for Client {}

/// The inspector of one runtime, made at its first use.
#[derive(Default)]
pub(crate) struct Inspector {
    inspector: OnceCell<V8Inspector>,
    contexts: RefCell<Vec<v8::Global<v8::Context>>>,
}

impl Inspector {
    /// The one of this runtime.
    pub(crate) fn of(scope: &v8::PinScope<'_, '_>) -> Rc<Inspector> {
        Host::of(scope).extension::<Inspector>()
    }

    fn get(&self, scope: &mut v8::PinScope<'_, '_>) -> &V8Inspector {
        self.inspector.get_or_init(|| V8Inspector::create(scope, V8InspectorClient::new(Box::new(Client))))
    }

    /// A session whose answers go to `channel`. It has to end before the inspector.
    pub(crate) fn connect(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        channel: Box<dyn ChannelImpl>,
    ) -> V8InspectorSession {
        let trust = V8InspectorClientTrustLevel::FullyTrusted;
        self.get(scope).connect(GROUP, Channel::new(channel), StringView::empty(), trust)
    }

    /// The inspector's number of a context, which it is told of at first; `name` is what it shows.
    pub(crate) fn number_of(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        context: v8::Local<'_, v8::Context>,
        name: &str,
    ) -> i32 {
        let global = v8::Global::new(scope, context);
        let known = self.contexts.borrow().iter().position(|known| *known == global);
        let index = known.unwrap_or_else(|| {
            let is_first = self.contexts.borrow().is_empty();
            let data = if is_first { "{\"isDefault\":true}" } else { "{\"isDefault\":false}" };
            let name: Vec<u16> = name.encode_utf16().collect();
            let (name, data) = (StringView::from(&name[..]), StringView::from(data.as_bytes()));
            self.get(scope).context_created(context, GROUP, name, data);
            let mut contexts = self.contexts.borrow_mut();
            contexts.push(global);
            contexts.len() - 1
        });
        index as i32 + 1
    }
}

/// The sessions that programs have opened.
#[derive(Default)]
struct Sessions {
    open: RefCell<HashMap<i32, Session>>,
    last: Cell<i32>,
}

#[derive(Clone)]
struct Session {
    // Ends before the inspector does.
    inner: Rc<V8InspectorSession>,
    letters: Rc<Letters>,
    _inspector: Rc<Inspector>,
}

/// What the inspector has sent and JavaScript has not received.
struct Letters {
    arrived: RefCell<Vec<String>>,
    /// Whether JavaScript waits for them on the stack; otherwise a turn of the loop brings them.
    is_awaited: Cell<bool>,
    is_posted: Cell<bool>,
    receive: v8::Global<v8::Function>,
    host: Weak<Host>,
}

struct Letterbox(Rc<Letters>);

impl Letterbox {
    fn take_in(&self, message: &v8::UniquePtr<StringBuffer>) {
        let Some(message) = message.as_ref() else { return };
        let letters = &self.0;
        letters.arrived.borrow_mut().push(message.string().to_string());
        if letters.is_awaited.get() || letters.is_posted.replace(true) {
            return;
        }
        let Some(host) = letters.host.upgrade() else { return };
        let letters = Rc::clone(letters);
        host.begin_request();
        host.mailbox.post(move |scope| {
            letters.is_posted.set(false);
            let receive = v8::Local::new(scope, &letters.receive);
            let receiver = v8::undefined(scope).into();
            for text in letters.arrived.take() {
                let text = string(scope, &text).into();
                call_back(scope, receive, receiver, &[text]);
            }
        });
    }
}

impl ChannelImpl for Letterbox {
    fn send_response(&self, _: i32, message: v8::UniquePtr<StringBuffer>) {
        self.take_in(&message);
    }

    fn send_notification(&self, message: v8::UniquePtr<StringBuffer>) {
        self.take_in(&message);
    }

    fn flush_protocol_notifications(&self) {}
}

fn sessions(scope: &v8::PinScope<'_, '_>) -> Rc<Sessions> {
    Host::of(scope).extension::<Sessions>()
}

/// `connect(name, receive)`: a new session as a number. `name` is what the main context is shown as;
/// `receive` is called with messages that come while nothing is being dispatched.
fn connect<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    if let Err(denied) = permission::require(scope, permission::Scope::Inspector, "Connect") {
        return denied.throw(scope);
    }
    let Ok(receive) = v8::Local::<v8::Function>::try_from(args.get(1)) else { return };
    let name = args.get(0).to_rust_string_lossy(scope);
    let inspector = Inspector::of(scope);
    let context = scope.get_current_context();
    inspector.number_of(scope, context, &name);
    let letters = Rc::new(Letters {
        arrived: RefCell::default(),
        is_awaited: Cell::new(false),
        is_posted: Cell::new(false),
        receive: v8::Global::new(scope, receive),
        host: Rc::downgrade(&Host::of(scope)),
    });
    let inner = inspector.connect(scope, Box::new(Letterbox(Rc::clone(&letters))));
    let session = Session { inner: Rc::new(inner), letters, _inspector: inspector };
    let sessions = sessions(scope);
    let number = sessions.last.get() + 1;
    sessions.last.set(number);
    sessions.open.borrow_mut().insert(number, session);
    rv.set_int32(number);
}

/// `dispatch(session, message)`: sends a message to the inspector and returns what has come of it, an array
/// of texts.
fn dispatch<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let number = args.get(0).int32_value(scope).unwrap_or(0);
    let message = args.get(1).to_rust_string_lossy(scope);
    // A copy: the message may run a program that disconnects the session.
    let Some(session) = sessions(scope).open.borrow().get(&number).cloned() else { return };
    let units: Vec<u16> = message.encode_utf16().collect();
    let was_awaited = session.letters.is_awaited.replace(true);
    session.inner.dispatch_protocol_message(StringView::from(&units[..]));
    session.letters.is_awaited.set(was_awaited);
    rv.set(hand_over(scope, &session.letters));
}

/// `disconnect(session)`: ends it and returns its last answers, to what would have been answered later.
fn disconnect<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let number = args.get(0).int32_value(scope).unwrap_or(0);
    let ended = sessions(scope).open.borrow_mut().remove(&number);
    let Some(Session { inner, letters, _inspector }) = ended else { return };
    letters.is_awaited.set(true);
    drop(inner);
    rv.set(hand_over(scope, &letters));
}

fn hand_over<'s>(scope: &mut v8::PinScope<'s, '_>, letters: &Letters) -> v8::Local<'s, v8::Value> {
    let texts: Vec<v8::Local<'_, v8::Value>> =
        letters.arrived.take().iter().map(|text| string(scope, text).into()).collect();
    v8::Array::new_with_elements(scope, &texts).into()
}
