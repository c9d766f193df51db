//! A session: what V8's inspector and our own domains have with one debugger, or with one part of the program.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use serde_json::{Value, json};
use v8::inspector::{ChannelImpl, StringBuffer, StringView, V8InspectorSession};

use super::Inspector;
use super::desk::Key;
use super::io::Streams;
use super::message::{Command, Outcome, flag_of, notification};
use super::network::Network;
use super::storage::Storage;
use super::tracing::Tracing;
use super::workers::Workers;
use crate::bind::Host;

/// Where what the inspector says goes.
pub(super) trait Recipient {
    /// Takes one message.
    fn take(&self, text: String);
}

/// Who is on the other side of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The program of this thread.
    Program,
    /// The program of a worker of this one.
    Worker,
    /// A debugger, perhaps by way of the main thread.
    Debugger,
}

impl Side {
    /// Whether it can let a program go on that is held.
    pub(super) fn holds(self) -> bool {
        self != Side::Program
    }
}

/// One session.
pub(crate) struct Frontend {
    pub(super) key: Key,
    pub(super) side: Side,
    session: RefCell<Option<Rc<V8InspectorSession>>>,
    outlet: Rc<Outlet>,
    inspector: Weak<Inspector>,
    hears_of_waiting: Cell<bool>,
    hears_of_end: Cell<bool>,
    pub(super) workers: Workers,
    pub(super) tracing: Tracing,
    pub(super) network: Network,
    pub(super) storage: Storage,
    pub(super) streams: Streams,
}

/// Commands that are for a context, with the parameter that names it; without one they are for the main context.
const OF_A_CONTEXT: [(&str, &str); 4] = [
    ("Runtime.evaluate", "contextId"),
    ("Runtime.compileScript", "executionContextId"),
    ("Runtime.globalLexicalScopeNames", "executionContextId"),
    ("Runtime.runScript", "executionContextId"),
];

const MAIN_CONTEXT: i32 = 1;

/// Carries what V8 says to the recipient.
struct Outlet {
    recipient: Box<dyn Recipient>,
    inspector: Weak<Inspector>,
}

impl Outlet {
    fn send(&self, message: &v8::UniquePtr<StringBuffer>) {
        let Some(message) = message.as_ref() else { return };
        let text = message.string().to_string();
        let is_context = text.starts_with(r#"{"method":"Runtime.executionContextCreated""#);
        let inspector = self.inspector.upgrade().filter(|_| is_context);
        self.recipient.take(match inspector {
            Some(inspector) => inspector.with_origin(text),
            None => text,
        });
    }
}

struct Channel(Rc<Outlet>);

impl ChannelImpl for Channel {
    fn send_response(&self, _: i32, message: v8::UniquePtr<StringBuffer>) {
        self.0.send(&message);
    }

    fn send_notification(&self, message: v8::UniquePtr<StringBuffer>) {
        self.0.send(&message);
    }

    fn flush_protocol_notifications(&self) {}
}

/// Whether a command is one from a console, which has more than programs have.
fn wants_console(command: &Command<'_>) -> bool {
    matches!(command.method.as_str(), "Runtime.evaluate" | "Debugger.evaluateOnCallFrame")
        && command.params().get("includeCommandLineAPI") == Some(&Value::Bool(true))
}

impl Frontend {
    /// A session whose messages `recipient` takes.
    pub(super) fn open(
        inspector: &Rc<Inspector>,
        scope: &mut v8::PinScope<'_, '_>,
        key: Key,
        side: Side,
        recipient: Box<dyn Recipient>,
    ) -> Rc<Frontend> {
        let outlet = Rc::new(Outlet { recipient, inspector: Rc::downgrade(inspector) });
        let session = inspector.connect(scope, Box::new(Channel(Rc::clone(&outlet))));
        Rc::new(Frontend {
            key,
            side,
            session: RefCell::new(Some(Rc::new(session))),
            outlet,
            inspector: Rc::downgrade(inspector),
            hears_of_waiting: Cell::new(false),
            hears_of_end: Cell::new(false),
            workers: Workers::default(),
            tracing: Tracing::default(),
            network: Network::default(),
            storage: Storage::default(),
            streams: Streams::default(),
        })
    }

    /// Ends the session. What is being dispatched still comes to its end.
    pub(super) fn close(&self) {
        drop(self.session.take());
    }

    /// Sends a notification of our own.
    pub(super) fn notify(&self, method: &str, params: Value) {
        self.send(notification(method, params));
    }

    /// Hands on a message that is complete.
    pub(super) fn send(&self, text: String) {
        self.outlet.recipient.take(text);
    }

    /// The program waits for a debugger.
    pub(super) fn tell_of_waiting(&self) {
        if self.hears_of_waiting.get() {
            self.notify("NodeRuntime.waitingForDebugger", json!({}));
        }
    }

    /// The program has ended; returns whether the session wants to look at it nevertheless.
    pub(super) fn tell_of_end(&self) -> bool {
        if self.hears_of_end.get() {
            self.notify("NodeRuntime.waitingForDisconnect", json!({}));
        }
        self.hears_of_end.get()
    }

    /// Whether it looks at a program that has ended.
    pub(super) fn holds_end(&self) -> bool {
        self.hears_of_end.get()
    }

    /// Has the next statement held.
    pub(super) fn break_next(&self, reason: &str) {
        if let Some(session) = self.session.borrow().as_ref() {
            let (reason, detail) = (StringView::from(reason.as_bytes()), StringView::from(&b"{}"[..]));
            session.schedule_pause_on_next_statement(reason, detail);
        }
    }

    /// Carries out a command.
    pub(super) fn dispatch(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, text: &str) {
        let Ok(command) = serde_json::from_str::<Command<'_>>(text) else { return self.pass_on(text) };
        // What names no session that there is is for this one.
        if let Some(session) = &command.session
            && self.send_to_target(&command, session)
        {
            return;
        }
        let (domain, name) = command.method.split_once('.').unwrap_or_default();
        let outcome = match domain {
            "DOMStorage" if has_storage(scope) => self.dom_storage(scope, &command, name),
            "IO" if Host::of(scope).flag("--experimental-inspector-network-resource") => {
                self.io(&command, name)
            }
            "Network" => self.network(scope, &command, name),
            "NodeRuntime" => self.node_runtime(&command, name),
            "NodeTracing" => self.node_tracing(scope, &command, name),
            "Storage" if has_storage(scope) => self.storage_key(scope, name),
            "Target" if Host::of(scope).flag(TARGETS) => self.target(scope, &command, name),
            "NodeWorker" => self.node_worker(scope, &command, name),
            _ => None,
        };
        match outcome {
            Some(outcome) => self.send(command.answer(outcome)),
            None if wants_console(&command) => {
                let undo = self.inspector.upgrade().and_then(|inspector| inspector.lend_require(scope));
                self.pass_on_command(&command, text);
                if let Some(undo) = undo {
                    undo(scope);
                }
            }
            None => self.pass_on_command(&command, text),
        }
        if command.method == "Debugger.setAsyncCallStackDepth" || command.method == "Debugger.disable" {
            self.set_async_depth(scope, &command);
        }
    }

    fn pass_on_command(&self, command: &Command<'_>, text: &str) {
        let Some((_, parameter)) = OF_A_CONTEXT.iter().find(|(method, _)| *method == command.method) else {
            return self.pass_on(text);
        };
        let mut params = command.params();
        if params.contains_key(*parameter) || params.contains_key("uniqueContextId") {
            return self.pass_on(text);
        }
        params.insert((*parameter).to_owned(), json!(MAIN_CONTEXT));
        self.pass_on(&json!({ "id": command.id, "method": command.method, "params": params }).to_string());
    }

    /// Has V8 carry out a command.
    fn pass_on(&self, text: &str) {
        // The command may end the session.
        let Some(session) = self.session.borrow().clone() else { return };
        if text.is_ascii() {
            session.dispatch_protocol_message(StringView::from(text.as_bytes()));
        } else {
            let units: Vec<u16> = text.encode_utf16().collect();
            session.dispatch_protocol_message(StringView::from(&units[..]));
        }
    }

    fn node_runtime(&self, command: &Command<'_>, name: &str) -> Option<Outcome> {
        Some(match name {
            "enable" => {
                self.hears_of_waiting.set(true);
                if self.inspector.upgrade().is_some_and(|inspector| inspector.is_waiting()) {
                    self.tell_of_waiting();
                }
                Ok(json!({}))
            }
            "disable" => {
                self.hears_of_waiting.set(false);
                Ok(json!({}))
            }
            "notifyWhenWaitingForDisconnect" => flag_of(&command.params(), "enabled").map(|enabled| {
                self.hears_of_end.set(enabled);
                json!({})
            }),
            _ => return None,
        })
    }

    fn set_async_depth(&self, scope: &mut v8::PinScope<'_, '_>, command: &Command<'_>) {
        let depth = command.params().get("maxDepth").and_then(Value::as_i64).unwrap_or(0);
        if let Some(inspector) = self.inspector.upgrade() {
            inspector.set_async_depth(scope, self.key, depth);
        }
    }
}

/// The switch by which sessions hear of workers as targets.
pub(super) const TARGETS: &str = "--experimental-worker-inspection";

/// Whether sessions may look at what the program keeps.
fn has_storage(scope: &v8::PinScope<'_, '_>) -> bool {
    Host::of(scope).flag("--experimental-storage-inspection")
}
