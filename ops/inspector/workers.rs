//! The domains `NodeWorker` and `Target`: sessions with workers, by way of the main thread's session.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Inspector;
use super::desk::{Desk, Key};
use super::frontend::{Frontend, Recipient, Side};
use super::message::{Command, Outcome, flag_of, text_of};
use super::registry::Entry;
use crate::bind::Host;

/// What a session has with workers.
#[derive(Default)]
pub(super) struct Workers {
    /// Whether workers are attached as they come, each as a session of its own.
    attaches: Cell<bool>,
    /// Whether workers are attached as they come, as sessions that messages name; and whether they wait then.
    attaches_targets: Cell<Option<bool>>,
    last: Cell<u32>,
    attached: RefCell<Vec<Attached>>,
}

/// A session with a worker.
struct Attached {
    id: String,
    worker: u32,
    desk: Arc<Desk>,
    key: Key,
    /// Whether it is a target, whose messages name the session.
    is_target: bool,
}

impl Drop for Attached {
    fn drop(&mut self) {
        let key = self.key;
        self.desk.post(move |scope| {
            Inspector::of(scope).detach(scope, key);
        });
    }
}

/// Carries what a worker's inspector says to the session on the main thread.
struct Parent {
    main: Arc<Desk>,
    key: Key,
    session: String,
}

impl Recipient for Parent {
    fn take(&self, text: String) {
        let (key, session) = (self.key, self.session.clone());
        self.main.post(move |scope| {
            if let Some(frontend) = Inspector::of(scope).frontend(key) {
                frontend.hear_worker(&session, text);
            }
        });
    }
}

impl Frontend {
    /// The domain `NodeWorker`.
    pub(super) fn node_worker(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        command: &Command<'_>,
        name: &str,
    ) -> Option<Outcome> {
        let params = command.params();
        Some(match name {
            "enable" => flag_of(&params, "waitForDebuggerOnStart").map(|waits| {
                let host = Host::of(scope);
                // Workers are told of by the main thread alone.
                if !host.is_worker() {
                    self.workers.attaches.set(true);
                    let registry = &host.config.family.inspection;
                    registry.watch(self.key, Some(waits));
                    for entry in registry.workers() {
                        self.attach_worker(scope, &entry, false);
                    }
                }
                json!({})
            }),
            "disable" => {
                self.leave_workers(scope);
                Ok(json!({}))
            }
            "detach" => text_of(&params, "sessionId").map(|id| {
                self.detach_worker(|attached| attached.id == id);
                json!({})
            }),
            "sendMessageToWorker" => text_of(&params, "sessionId").and_then(|id| {
                let message = text_of(&params, "message")?;
                self.send_to_worker(&id, message);
                Ok(json!({}))
            }),
            _ => return None,
        })
    }

    /// The domain `Target`.
    pub(super) fn target(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        command: &Command<'_>,
        name: &str,
    ) -> Option<Outcome> {
        let params = command.params();
        Some(match name {
            "getTargets" => {
                let workers = Host::of(scope).config.family.inspection.workers();
                Ok(json!({ "targetInfos": workers.iter().map(target_info).collect::<Vec<_>>() }))
            }
            "setAutoAttach" => flag_of(&params, "autoAttach").and_then(|attaches| {
                let waits = flag_of(&params, "waitForDebuggerOnStart")?;
                self.workers.attaches_targets.set(attaches.then_some(waits));
                if attaches {
                    for entry in Host::of(scope).config.family.inspection.workers() {
                        self.attach_target(scope, &entry, waits);
                    }
                }
                Ok(json!({}))
            }),
            _ => return None,
        })
    }

    /// A worker has begun, of which targets are told.
    pub(super) fn tell_of_target(&self, scope: &mut v8::PinScope<'_, '_>, entry: &Entry) {
        if !self.side.holds() {
            return;
        }
        self.notify("Target.targetCreated", json!({ "targetInfo": target_info(entry) }));
        if let Some(waits) = self.workers.attaches_targets.get() {
            self.attach_target(scope, entry, waits);
        }
    }

    fn attach_target(&self, scope: &mut v8::PinScope<'_, '_>, entry: &Entry, waits: bool) {
        let Some(id) = self.begin_session(scope, entry, true) else { return };
        let params =
            json!({ "sessionId": id, "targetInfo": target_info(entry), "waitingForDebugger": waits });
        self.notify("Target.attachedToTarget", params);
    }

    /// Begins a session with a worker; returns its id, unless there is one already.
    fn begin_session(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        entry: &Entry,
        is_target: bool,
    ) -> Option<String> {
        if self.workers.attached.borrow().iter().any(|attached| attached.worker == entry.id) {
            return None;
        }
        let number = self.workers.last.get() + 1;
        self.workers.last.set(number);
        let id = number.to_string();
        let main = Inspector::of(scope).desk(scope);
        let key = entry.desk.next_key();
        let parent = Parent { main, key: self.key, session: id.clone() };
        entry.desk.post(move |scope| {
            Inspector::of(scope).attach(scope, key, Side::Debugger, Box::new(parent));
        });
        let desk = Arc::clone(&entry.desk);
        let attached = Attached { id: id.clone(), worker: entry.id, desk, key, is_target };
        self.workers.attached.borrow_mut().push(attached);
        Some(id)
    }

    /// Ends what it has with workers.
    pub(super) fn leave_workers(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.workers.attaches.replace(false) {
            Host::of(scope).config.family.inspection.watch(self.key, None);
        }
        drop(self.workers.attached.take());
    }

    /// A worker has begun.
    pub(super) fn attach_worker(&self, scope: &mut v8::PinScope<'_, '_>, entry: &Entry, waits: bool) {
        if !self.workers.attaches.get() {
            return;
        }
        let Some(id) = self.begin_session(scope, entry, false) else { return };
        let info = json!({
            "workerId": entry.id.to_string(), "type": "worker", "title": entry.title, "url": entry.url,
        });
        let params = json!({ "sessionId": id, "workerInfo": info, "waitingForDebugger": waits });
        self.notify("NodeWorker.attachedToWorker", params);
    }

    /// A worker has ended.
    pub(super) fn lose_worker(&self, worker: u32) {
        self.detach_worker(|attached| attached.worker == worker);
    }

    fn detach_worker(&self, is_it: impl Fn(&Attached) -> bool) {
        let position = self.workers.attached.borrow().iter().position(is_it);
        let Some(position) = position else { return };
        let attached = self.workers.attached.borrow_mut().remove(position);
        let domain =
            if attached.is_target { "Target.detachedFromTarget" } else { "NodeWorker.detachedFromWorker" };
        self.notify(domain, json!({ "sessionId": attached.id }));
    }

    fn send_to_worker(&self, id: &str, message: String) {
        let attached = self.workers.attached.borrow();
        let Some(Attached { desk, key, .. }) = attached.iter().find(|attached| attached.id == id) else {
            return;
        };
        let key = *key;
        desk.post(move |scope| Inspector::of(scope).dispatch(scope, key, &message));
    }

    fn hear_worker(&self, session: &str, text: String) {
        let is_target = {
            let attached = self.workers.attached.borrow();
            attached.iter().find(|attached| attached.id == session).map(|attached| attached.is_target)
        };
        // Who hears of it may open and close sessions.
        let Some(is_target) = is_target else { return };
        if is_target {
            if let Some(inner) = text.strip_suffix('}') {
                self.send(format!("{inner},\"sessionId\":{}}}", json!(session)));
            }
            return;
        }
        let params: Value = json!({ "sessionId": session, "message": text });
        self.notify("NodeWorker.receivedMessageFromWorker", params);
    }

    /// Passes a command to the session with a worker that it names; whether there is one.
    pub(super) fn send_to_target(&self, command: &Command<'_>, session: &str) -> bool {
        if !self.workers.attached.borrow().iter().any(|attached| attached.id == session) {
            return false;
        }
        let mut inner = json!({ "id": command.id, "method": command.method });
        if command.params.is_some() {
            inner["params"] = command.params().into();
        }
        self.send_to_worker(session, inner.to_string());
        true
    }
}

/// What is told of a worker.
fn target_info(entry: &Entry) -> Value {
    json!({
        "targetId": entry.id.to_string(), "type": "node_worker", "title": entry.title, "url": entry.url,
        "attached": false, "canAccessOpener": true,
    })
}
