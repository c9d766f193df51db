//! The domain `NodeTracing`: trace events for a session.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::Inspector;
use super::frontend::Frontend;
use super::message::{Command, Failure, Outcome};
use crate::bind::Host;
use crate::bind::task::lock;
use crate::trace_events::{self, log};

/// What a session may ask for.
const CATEGORIES: [&str; 20] = [
    "node",
    "node.async_hooks",
    "node.bootstrap",
    "node.console",
    "node.dns.native",
    "node.environment",
    "node.fs.async",
    "node.fs.sync",
    "node.fs_dir.async",
    "node.fs_dir.sync",
    "node.http",
    "node.net.native",
    "node.perf",
    "node.perf.timerify",
    "node.perf.usertiming",
    "node.promises.rejections",
    "node.threadpoolwork.async",
    "node.threadpoolwork.sync",
    "node.vm.script",
    "v8",
];

const INVALID_REQUEST: i32 = -32600;
const SERVER_ERROR: i32 = -32000;

/// Events that a session has not been told of: lists of JSON objects, from any thread.
type Waiting = Arc<Mutex<Vec<Vec<String>>>>;

/// The trace events of one session.
#[derive(Default)]
pub(super) struct Tracing(RefCell<Option<Recording>>);

struct Recording {
    number: u64,
    waiting: Waiting,
}

impl Drop for Recording {
    fn drop(&mut self) {
        log::disable(self.number);
    }
}

impl Frontend {
    /// The domain `NodeTracing`.
    pub(super) fn node_tracing(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        command: &Command<'_>,
        name: &str,
    ) -> Option<Outcome> {
        Some(match name {
            "getCategories" => Ok(json!({ "categories": CATEGORIES })),
            "start" => self.start_tracing(scope, command),
            "stop" => {
                self.stop_tracing(scope);
                self.notify("NodeTracing.tracingComplete", json!({}));
                Ok(json!({}))
            }
            _ => return None,
        })
    }

    fn start_tracing(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, command: &Command<'_>) -> Outcome {
        let params = command.params();
        let list = params.get("traceConfig").and_then(|config| config.get("includedCategories"));
        let list = list.and_then(Value::as_array).ok_or_else(Failure::params)?;
        let name = |name: &Value| name.as_str().map(str::to_owned).ok_or_else(Failure::params);
        let categories = list.iter().map(name).collect::<Result<Vec<_>, _>>()?;
        if self.tracing.0.borrow().is_some() {
            let text = "Call NodeTracing::end to stop tracing before updating the config";
            return Err(Failure::new(INVALID_REQUEST, text));
        }
        if categories.is_empty() {
            return Err(Failure::new(INVALID_REQUEST, "At least one category should be enabled"));
        }
        if Host::of(scope).is_worker() {
            let text = "Tracing properties can only be changed through main thread sessions";
            return Err(Failure::new(SERVER_ERROR, text));
        }
        let waiting = Waiting::default();
        let desk = Inspector::of(scope).desk(scope);
        let (key, arriving) = (self.key, Arc::clone(&waiting));
        let listener = move |events: &[String]| {
            lock(&arriving).push(events.to_vec());
            desk.post(move |scope| {
                if let Some(frontend) = Inspector::of(scope).frontend(key) {
                    frontend.tell_of_events();
                }
            });
        };
        let number = log::enable(categories, Some(Box::new(listener)));
        self.tracing.0.replace(Some(Recording { number, waiting }));
        trace_events::tell_of_change(scope);
        Ok(json!({}))
    }

    /// Ends the recording; what has been recorded is told first.
    fn stop_tracing(&self, scope: &mut v8::PinScope<'_, '_>) {
        let Some(recording) = self.tracing.0.take() else { return };
        let waiting = Arc::clone(&recording.waiting);
        drop(recording);
        self.tell_all(&waiting);
        trace_events::tell_of_change(scope);
    }

    fn tell_of_events(&self) {
        let waiting = self.tracing.0.borrow().as_ref().map(|recording| Arc::clone(&recording.waiting));
        if let Some(waiting) = waiting {
            self.tell_all(&waiting);
        }
    }

    fn tell_all(&self, waiting: &Waiting) {
        for events in std::mem::take(&mut *lock(waiting)) {
            let list = events.join(",");
            self.send(format!(r#"{{"method":"NodeTracing.dataCollected","params":{{"value":[{list}]}}}}"#));
        }
    }

    /// Ends the recording of a session that ends.
    pub(super) fn leave_tracing(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.tracing.0.take().is_some() {
            trace_events::tell_of_change(scope);
        }
    }
}
