//! The class `PortHandle`: an end of a channel in the hands of one runtime.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use super::end::{End, Letter};
use super::{Args, Return, Scope};
use crate::bind::class::Class;
use crate::bind::handle::{Core, Handle, This, of, wrap};
use crate::bind::readiness::Doorbell;
use crate::bind::{Exported, Host};
use crate::structured_clone::{Hooks, Message, Transfers, deserialize, serialize};
use crate::{exported, handle_class};

pub(super) const CLASS: Class =
    handle_class!(PortHandle, construct, [start, stop, is_attached, release], methods: raw_methods);

/// How many messages one look at a port delivers at least, where as many wait.
const BATCH: usize = 1000;

/// An end of a channel that is open in this runtime.
pub struct PortHandle {
    core: Core,
    end: RefCell<Option<Arc<End>>>,
    /// The end of a port that is closed: the other one learns of it in the closing phase.
    leaving: RefCell<Option<Arc<End>>>,
    doorbell: RefCell<Option<Doorbell>>,
    /// Whether messages are delivered as they come.
    receiving: Cell<bool>,
    /// Whether messages are being delivered.
    delivering: Cell<bool>,
    /// The context in which messages are made, where it is not the main one.
    context: RefCell<Option<v8::Global<v8::Context>>>,
}

/// The ends that the next new handles take over.
#[derive(Default)]
struct Expected(RefCell<VecDeque<Arc<End>>>);

/// The next handle that JavaScript makes takes over `end`.
pub fn expect(host: &Host, end: Arc<End>) {
    host.extension::<Expected>().0.borrow_mut().push_back(end);
}

impl Handle for PortHandle {
    fn core(&self) -> &Core {
        &self.core
    }

    fn stop(&self) {
        self.listen(false);
        self.doorbell.take();
        // A port that is closed by a message still hears those that have come with it.
        if self.delivering.get() {
            if let Some(end) = &*self.end.borrow() {
                end.hang_up();
            }
            return;
        }
        if let Some(end) = self.end.take() {
            end.set_bell(None);
            self.leaving.replace(Some(end));
        }
    }

    fn finish(self: Rc<Self>, _: &mut Scope<'_, '_>) {
        if let Some(end) = self.leaving.take() {
            end.close();
        }
    }

    fn resource(&self) -> Option<&'static str> {
        Some("MessagePort")
    }

    fn on_ready(self: Rc<Self>, scope: &mut Scope<'_, '_>) {
        let receiving = self.receiving.get();
        self.deliver(scope, receiving);
    }
}

impl PortHandle {
    /// Says whether messages are delivered as they come.
    fn listen(&self, receiving: bool) {
        if self.receiving.replace(receiving) != receiving {
            self.core.host().count_listening(if receiving { 1 } else { -1 });
        }
    }

    /// Its end, as long as it has one.
    pub fn end(&self) -> Option<Arc<End>> {
        self.end.borrow().clone()
    }

    /// Calls back for the messages that wait; without `wants_messages` only for the closing.
    fn deliver(&self, scope: &mut Scope<'_, '_>, wants_messages: bool) {
        let (Some(end), Some(hooks)) = (self.end(), Hooks::of(scope)) else { return };
        if self.delivering.replace(true) {
            return self.deliver_from(scope, &end, &hooks, wants_messages);
        }
        self.deliver_from(scope, &end, &hooks, wants_messages);
        self.delivering.set(false);
        if self.core.is_closing() {
            self.stop();
        }
    }

    fn deliver_from(&self, scope: &mut Scope<'_, '_>, end: &Arc<End>, hooks: &Hooks, wants_messages: bool) {
        let host = Host::of(scope);
        for _ in 0..end.len().max(BATCH) {
            let Some(letter) = end.take(wants_messages || self.receiving.get()) else { return };
            v8::scope!(let scope, scope);
            match letter {
                Letter::Close => {
                    self.core.emit(scope, "onclose", &[]);
                    return;
                }
                Letter::Message(message) => self.receive(scope, &message, hooks),
                Letter::Shared(message) => self.receive(scope, &message, hooks),
            }
            if self.end.borrow().is_none() || host.is_exiting() {
                return;
            }
        }
        // Others have their turn before the rest.
        if let Some(doorbell) = &*self.doorbell.borrow()
            && !end.is_empty()
        {
            doorbell.bell().ring();
        }
    }

    /// Hands one message to JavaScript.
    fn receive(&self, scope: &mut Scope<'_, '_>, message: &Message, hooks: &Hooks) {
        let main = scope.get_current_context();
        let context = self.context.borrow().as_ref().map(|context| v8::Local::new(scope, context));
        let scope = &mut v8::ContextScope::new(scope, context.unwrap_or(main));
        let Some(object) = self.core.object(scope) else { return };
        let received = {
            v8::tc_scope!(let caught, scope);
            match deserialize(caught, message, hooks) {
                Some((value, ports)) => {
                    let ports = v8::Array::new_with_elements(caught, &ports);
                    Ok((value, ports))
                }
                None if caught.has_terminated() => return,
                None => Err(caught.exception()),
            }
        };
        let is_error = received.is_err();
        let (value, ports) = match received {
            Ok(received) => received,
            Err(exception) => {
                let exception = exception.unwrap_or_else(|| v8::undefined(scope).into());
                (exception, v8::Array::new(scope, 0))
            }
        };
        let receive = v8::Local::new(scope, &hooks.receive);
        let receiver = v8::undefined(scope).into();
        let is_error = v8::Boolean::new(scope, is_error).into();
        self.core.call(scope, receive, receiver, &[object.into(), value, ports.into(), is_error]);
    }
}

/// Takes the end away from a handle, which JavaScript then closes.
pub fn give_away(port: &PortHandle) -> Option<Arc<End>> {
    port.listen(false);
    port.doorbell.take();
    let end = port.end.take()?;
    end.set_bell(None);
    Some(end)
}

fn construct(scope: &mut Scope<'_, '_>, args: &Args<'_>) {
    let end = Host::of(scope).extension::<Expected>().0.borrow_mut().pop_front();
    wrap(scope, args.this(), |core| PortHandle {
        core,
        end: RefCell::new(end),
        leaving: RefCell::default(),
        doorbell: RefCell::default(),
        receiving: Cell::new(false),
        delivering: Cell::new(false),
        context: RefCell::default(),
    });
    if let Some(port) = of::<PortHandle>(args.this()) {
        let doorbell = Doorbell::new(&port.core);
        if let Some(end) = port.end() {
            end.set_bell(Some(doorbell.bell().clone()));
            port.core.set_active(true);
        }
        port.doorbell.replace(Some(doorbell));
    }
}

/// Delivers messages from now on.
fn start(this: This<PortHandle>) {
    this.listen(true);
    if let Some(doorbell) = &*this.doorbell.borrow()
        && this.end().is_some_and(|end| !end.is_empty())
    {
        doorbell.bell().ring();
    }
}

/// Delivers no messages until `start`.
fn stop(this: This<PortHandle>) {
    this.listen(false);
}

/// Gives its end to the next handle that is made.
fn release(this: This<PortHandle>) {
    if let Some(end) = give_away(&this) {
        expect(this.core.host(), end);
    }
}

/// Whether it has an end: whether it has been neither closed nor handed over.
fn is_attached(this: This<PortHandle>) -> bool {
    this.end.borrow().is_some()
}

fn raw_methods() -> Vec<Exported> {
    vec![
        exported!("post", |scope, args, rv| { post(scope, &args, rv) }),
        exported!("receive", |scope, args, rv| { receive(scope, &args, rv) }),
        exported!("drain", |scope, args, rv| {
            let _ = rv;
            if let Some(port) = of::<PortHandle>(args.this()) {
                port.deliver(scope, true);
            }
        }),
        exported!("move_to", |scope, args, rv| { move_to(scope, &args, rv) }),
    ]
}

/// `post(value, buffers, objects, handles)`: sends a message. Returns whether the other end is among what goes
/// with it, so that nobody will ever hear it; undefined where an exception is pending.
fn post<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: Return<'s>) {
    let Some(hooks) = Hooks::of(scope) else { return };
    let end = of::<PortHandle>(args.this()).and_then(|port| port.end());
    let transfers = match args.length() {
        1 => Transfers::default(),
        _ => Transfers::take(scope, args.get(1), args.get(2), args.get(3)),
    };
    let to_itself = end.as_ref().is_some_and(|end| transfers.has_peer_of(end));
    let Some(message) = serialize(scope, args.get(0), &transfers, &hooks) else { return };
    if let Some(end) = end {
        if to_itself {
            end.close();
        } else {
            end.post(message);
        }
    }
    rv.set_bool(to_itself);
}

/// `receive(missing)`: the next message that waits, or `missing` where none does.
fn receive<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: Return<'s>) {
    rv.set(args.get(0));
    let end = of::<PortHandle>(args.this()).and_then(|port| port.end());
    let (Some(hooks), Some(letter)) = (Hooks::of(scope), end.and_then(|end| end.take_message())) else {
        return;
    };
    let received = match letter {
        Letter::Close => None,
        Letter::Message(message) => deserialize(scope, &message, &hooks),
        Letter::Shared(message) => deserialize(scope, &message, &hooks),
    };
    if let Some((value, _)) = received {
        rv.set(value);
    }
}

/// `moveTo(object)`: messages are made in the context of `object` from now on.
fn move_to<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, _: Return<'s>) {
    let Ok(object) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    if let Some(port) = of::<PortHandle>(args.this())
        && let Some(context) = object.get_creation_context(scope)
    {
        port.context.replace(Some(v8::Global::new(scope, context)));
    }
}
