//! Native half of `js/inspector.js`: V8's inspector, its sessions with parts of the program and with debuggers, and
//! the server that these come to.

pub(crate) mod desk;
mod frames;
mod frontend;
mod http;
mod io;
mod message;
mod network;
mod program;
mod recording;
pub(crate) mod registry;
mod server;
mod storage;
pub(crate) mod tool;
mod tracing;
mod workers;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use v8::inspector::{
    Channel, ChannelImpl, StringBuffer, StringView, V8Inspector, V8InspectorClient, V8InspectorClientImpl,
    V8InspectorClientTrustLevel, V8InspectorSession,
};

use crate::bind::convert::{internalized, string};
use crate::bind::reenter::Reentry;
use crate::bind::state::OptionValue;
use crate::bind::{Host, async_task, call};
use crate::sys::signal;
use crate::vm::KnownContexts;
use desk::{Desk, Key};
use frontend::{Frontend, Recipient, Side};
pub use program::BINDING;
pub use recording::begin as begin_recording;
use registry::Entry;
use server::{Outbox, Page, Server};

/// The group that all contexts are in.
const GROUP: i32 = 1;

const ADVICE: &str = "For help, see: https://nodejs.org/learn/getting-started/debugging\n";

/// What stands for something else in the path of a URL.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The inspector of one runtime, made at its first use.
#[derive(Default)]
pub(crate) struct Inspector {
    // Sessions end before the inspector does.
    frontends: RefCell<Vec<Rc<Frontend>>>,
    inner: OnceCell<V8Inspector>,
    contexts: RefCell<Vec<v8::Weak<v8::Context>>>,
    /// The origins of contexts by their numbers, which V8 is told without.
    origins: RefCell<HashMap<i32, String>>,
    waits: Rc<Waits>,
    desk: OnceCell<Arc<Desk>>,
    server: RefCell<Option<Server>>,
    /// How deep stacks are told, by session.
    depths: RefCell<HashMap<u64, i64>>,
    /// Is called with whether any session wants to know where asynchronous tasks began.
    on_depth: OnceCell<v8::Global<v8::Function>>,
    /// Makes the `require` that commands from a console have.
    make_require: OnceCell<v8::Global<v8::Function>>,
    /// Is called with whether any session hears of requests.
    on_network: OnceCell<v8::Global<v8::Function>>,
    hears_of_network: Cell<bool>,
    /// Gives the entries of a store as JSON, with whether it is the local one.
    on_storage: OnceCell<v8::Global<v8::Function>>,
    /// Whether the JavaScript layer is ready for sessions.
    is_prepared: Cell<bool>,
}

/// What holds the program.
#[derive(Default)]
struct Waits {
    /// The program waits for a debugger that lets it go.
    for_debugger: Cell<bool>,
    /// A debugger holds the program.
    for_resume: Cell<bool>,
    /// The program has ended, and debuggers look at it.
    for_end: Cell<bool>,
    /// Whether somebody waits already, further down the stack.
    is_running: Cell<bool>,
}

struct Client {
    waits: Rc<Waits>,
    inspector: Weak<Inspector>,
    reentry: Reentry,
}

impl V8InspectorClientImpl for Client {
    fn run_message_loop_on_pause(&self, _: i32) {
        let Some(inspector) = self.inspector.upgrade() else { return };
        self.waits.for_resume.set(true);
        self.reentry.run(|scope| inspector.wait(scope));
    }

    fn quit_message_loop_on_pause(&self) {
        self.waits.for_resume.set(false);
    }

    fn run_if_waiting_for_debugger(&self, _: i32) {
        self.waits.for_debugger.set(false);
    }

    fn resource_name_to_url(&self, name: &StringView<'_>) -> Option<v8::UniquePtr<StringBuffer>> {
        let name = name.to_string();
        if !name.starts_with('/') {
            return None;
        }
        let units: Vec<u16> = file_url(&name).encode_utf16().collect();
        Some(StringBuffer::create(StringView::from(&units[..])))
    }
}

impl Inspector {
    /// The one of this runtime.
    pub(crate) fn of(scope: &v8::PinScope<'_, '_>) -> Rc<Inspector> {
        Host::of(scope).extension::<Inspector>()
    }

    /// The same, where it has been used.
    fn in_use(host: &Host) -> Option<Rc<Inspector>> {
        host.find_extension::<Inspector>().filter(|inspector| inspector.inner.get().is_some())
    }

    fn get(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) -> &V8Inspector {
        if self.inner.get().is_none() {
            let reentry = Reentry::new(scope);
            let client = Client { waits: Rc::clone(&self.waits), inspector: Rc::downgrade(self), reentry };
            let inner = V8Inspector::create(scope, V8InspectorClient::new(Box::new(client)));
            let _ = self.inner.set(inner);
            let context = scope.get_current_context();
            let name = main_name(&Host::of(scope));
            self.add_context(scope, context, &name, "");
            for (context, name, origin) in KnownContexts::all(scope) {
                self.add_context(scope, context, &name, &origin);
            }
        }
        self.inner.get().unwrap_or_else(|| unreachable!("it was made above"))
    }

    /// A session whose answers go to `channel`. It has to end before the inspector.
    pub(crate) fn connect(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        channel: Box<dyn ChannelImpl>,
    ) -> V8InspectorSession {
        let trust = V8InspectorClientTrustLevel::FullyTrusted;
        self.get(scope).connect(GROUP, Channel::new(channel), StringView::empty(), trust)
    }

    /// The inspector's number of a context, which it is told of at first; `name` is what it shows.
    pub(crate) fn number_of(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        context: v8::Local<'_, v8::Context>,
        name: &str,
    ) -> i32 {
        self.get(scope);
        let global = v8::Global::new(scope, context);
        let known = self.contexts.borrow().iter().position(|known| *known == global);
        match known {
            Some(index) => index as i32 + 1,
            None => self.add_context(scope, context, name, ""),
        }
    }

    /// Tells of a new context, where there is anybody to tell.
    pub(crate) fn tell_of_context(
        scope: &mut v8::PinScope<'_, '_>,
        context: v8::Local<'_, v8::Context>,
        name: &str,
        origin: &str,
    ) {
        if let Some(inspector) = Inspector::in_use(&Host::of(scope)) {
            inspector.add_context(scope, context, name, origin);
        }
    }

    fn add_context(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        context: v8::Local<'_, v8::Context>,
        name: &str,
        origin: &str,
    ) -> i32 {
        let Some(inner) = self.inner.get() else { return 0 };
        let context_handle = v8::Weak::new(scope, context);
        let mut contexts = self.contexts.borrow_mut();
        let data = if contexts.is_empty() { "{\"isDefault\":true}" } else { "{\"isDefault\":false}" };
        contexts.push(context_handle);
        let number = contexts.len() as i32;
        drop(contexts);
        if !origin.is_empty() {
            self.origins.borrow_mut().insert(number, origin.to_owned());
        }
        let name: Vec<u16> = name.encode_utf16().collect();
        inner.context_created(context, GROUP, StringView::from(&name[..]), StringView::from(data.as_bytes()));
        number
    }

    /// Puts the origin into the notification of a new context.
    fn with_origin(&self, text: String) -> String {
        let origins = self.origins.borrow();
        if origins.is_empty() {
            return text;
        }
        let Ok(mut message) = serde_json::from_str::<serde_json::Value>(&text) else { return text };
        let context = &mut message["params"]["context"];
        let origin = context["id"].as_i64().and_then(|number| origins.get(&(number as i32)));
        let Some(origin) = origin else { return text };
        context["origin"] = origin.as_str().into();
        message.to_string()
    }

    /// The way to this inspector from other threads.
    pub(crate) fn desk(&self, scope: &mut v8::PinScope<'_, '_>) -> Arc<Desk> {
        let desk = self.desk.get_or_init(|| {
            let desk = Desk::new(scope);
            let host = Host::of(scope);
            match &host.config.seat {
                Some(seat) => seat.remote.set_desk(Arc::clone(&desk)),
                None => host.config.family.inspection.set_main(&desk),
            }
            desk
        });
        Arc::clone(desk)
    }

    /// One of the sessions.
    fn frontend(&self, key: Key) -> Option<Rc<Frontend>> {
        self.frontends.borrow().iter().find(|frontend| frontend.key == key).cloned()
    }

    fn all(&self) -> Vec<Rc<Frontend>> {
        self.frontends.borrow().clone()
    }

    /// Begins a session.
    fn attach(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        key: Key,
        side: Side,
        recipient: Box<dyn Recipient>,
    ) -> Rc<Frontend> {
        self.prepare(scope);
        let frontend = Frontend::open(self, scope, key, side, recipient);
        self.frontends.borrow_mut().push(Rc::clone(&frontend));
        self.note_debuggers(scope);
        frontend
    }

    /// Makes the JavaScript layer ready for sessions.
    fn prepare(&self, scope: &mut v8::PinScope<'_, '_>) {
        if !self.is_prepared.replace(true) {
            self.call_layer(scope, false);
        }
    }

    /// Has the JavaScript layer make itself ready, or open the server.
    fn call_layer(&self, scope: &mut v8::PinScope<'_, '_>, opens: bool) {
        let host = Host::of(scope);
        let Some(hooks) = host.hooks() else { return };
        let prepare = v8::Local::new(scope, &hooks.prepare_inspection);
        let receiver = v8::undefined(scope).into();
        let opens = v8::Boolean::new(scope, opens).into();
        call::call_reporting(scope, prepare, receiver, &[opens]);
    }

    /// Notes whether debuggers have sessions.
    fn note_debuggers(&self, scope: &v8::PinScope<'_, '_>) {
        let has_debuggers = self.frontends.borrow().iter().any(|frontend| frontend.side.holds());
        call::set_debugged(has_debuggers || expects_debuggers(&Host::of(scope)));
    }

    /// Ends a session.
    fn detach(&self, scope: &mut v8::PinScope<'_, '_>, key: Key) -> bool {
        let Some(frontend) = self.frontend(key) else { return false };
        frontend.leave_workers(scope);
        frontend.leave_tracing(scope);
        self.frontends.borrow_mut().retain(|known| known.key != key);
        self.note_debuggers(scope);
        self.note_network(scope);
        frontend.close();
        self.set_async_depth(scope, key, 0);
        true
    }

    /// Carries out a command of a session.
    fn dispatch(&self, scope: &mut v8::PinScope<'_, '_>, key: Key, text: &str) {
        if let Some(frontend) = self.frontend(key) {
            frontend.dispatch(scope, text);
        }
    }

    /// A debugger has come to the server.
    fn attach_debugger(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>, key: Key, outbox: Outbox) {
        if self.server.borrow().is_none() {
            return;
        }
        self.attach(scope, key, Side::Debugger, Box::new(Debugger(outbox)));
        say(scope, "Debugger attached.\n");
    }

    /// A debugger has gone.
    fn detach_debugger(&self, scope: &mut v8::PinScope<'_, '_>, key: Key) {
        if self.detach(scope, key)
            && let Some(url) = self.url()
        {
            say(scope, &format!("Debugger ending on {url}\n{ADVICE}"));
        }
    }

    /// Opens the server; returns whether it is there. What fails is printed.
    fn open(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        host: &str,
        port: u16,
        publish: &str,
        (title, url): (String, String),
    ) -> bool {
        let publishes = |way: &str| publish.split(',').any(|given| given == way);
        let page = Page { id: server::new_id(), title, url, is_listed: publishes("http") };
        match Server::start(host, port, self.desk(scope), page) {
            Ok(server) => {
                if publishes("stderr") {
                    say(scope, &format!("Debugger listening on {}\n{ADVICE}", server.url()));
                }
                self.server.replace(Some(server));
                self.get(scope);
                self.prepare(scope);
                true
            }
            Err(reason) => {
                say(scope, &format!("{reason}\n"));
                false
            }
        }
    }

    /// Closes the server and ends its sessions.
    fn close(&self, scope: &mut v8::PinScope<'_, '_>) {
        let Some(server) = self.server.take() else { return };
        for frontend in self.all() {
            if frontend.side == Side::Debugger {
                self.detach(scope, frontend.key);
            }
        }
        drop(server);
    }

    fn url(&self) -> Option<String> {
        self.server.borrow().as_ref().map(Server::url)
    }

    /// Whether the program waits for a debugger.
    fn is_waiting(&self) -> bool {
        self.waits.for_debugger.get()
    }

    /// Waits until a debugger lets the program go.
    fn wait_for_debugger(self: &Rc<Self>, scope: &mut v8::PinScope<'_, '_>) {
        self.get(scope);
        self.waits.for_debugger.set(true);
        self.wait_on(scope);
    }

    /// Goes on waiting for a debugger, which may have let the program go already.
    fn wait_on(&self, scope: &mut v8::PinScope<'_, '_>) {
        if !self.is_waiting() {
            return;
        }
        for frontend in self.all() {
            frontend.tell_of_waiting();
        }
        self.wait(scope);
    }

    fn holds(&self, host: &Host) -> bool {
        let waits = &self.waits;
        if waits.for_end.get() {
            let is_held = |frontend: &Rc<Frontend>| match host.is_worker() {
                true => frontend.holds_end(),
                false => frontend.side.holds(),
            };
            return !host.is_stopped() && self.frontends.borrow().iter().any(is_held);
        }
        if host.is_exiting() {
            return false;
        }
        let is_held = || self.frontends.borrow().iter().any(|frontend| frontend.side.holds());
        waits.for_debugger.get() || waits.for_resume.get() && is_held()
    }

    /// Does what debuggers ask for as long as something holds the program.
    fn wait(&self, scope: &mut v8::PinScope<'_, '_>) {
        if self.waits.is_running.replace(true) {
            return;
        }
        let host = Host::of(scope);
        let desk = self.desk(scope);
        while self.holds(&host) {
            desk.wait();
            desk.run(scope);
        }
        self.waits.is_running.set(false);
    }

    /// Tells debuggers of an exception that nobody caught.
    pub(crate) fn tell_of_exception(
        scope: &mut v8::PinScope<'_, '_>,
        exception: v8::Local<'_, v8::Value>,
        message: v8::Local<'_, v8::Message>,
    ) {
        let Some(inspector) = Inspector::in_use(&Host::of(scope)) else { return };
        if inspector.frontends.borrow().is_empty() {
            return;
        }
        let Some(inner) = inspector.inner.get() else { return };
        let context = scope.get_current_context();
        let stack = message.get_stack_trace(scope);
        let script = message.get_script_resource_name(scope);
        let url = script.map_or_else(String::new, |name| name.to_rust_string_lossy(scope));
        let url: Vec<u16> = url.encode_utf16().collect();
        let detail: Vec<u16> = message.get(scope).to_rust_string_lossy(scope).encode_utf16().collect();
        let line = message.get_line_number(scope).unwrap_or(0) as u32;
        let column = message.get_start_column() as u32 + 1;
        inner.exception_thrown(
            context,
            StringView::from(&b"Uncaught"[..]),
            exception,
            StringView::from(&detail[..]),
            StringView::from(&url[..]),
            line,
            column,
            inner.create_stack_trace(stack),
            0,
        );
    }

    /// Lets debuggers look at a program that has ended, and ends all sessions.
    fn finish(scope: &mut v8::PinScope<'_, '_>) {
        let host = Host::of(scope);
        recording::finish(scope);
        program::leave_main_thread(&host);
        if let Some(inspector) = Inspector::in_use(&host) {
            inspector.end(scope, &host);
        }
        if host.is_worker()
            && (host.config.family.inspection.remove(host.thread()) || host.flag(frontend::TARGETS))
            && let Some(main) = host.config.family.inspection.main()
        {
            let id = host.thread();
            main.post(move |scope| {
                for frontend in Inspector::of(scope).all() {
                    frontend.lose_worker(id);
                }
            });
        }
        if let Some(inspector) = host.find_extension::<Inspector>()
            && let Some(desk) = inspector.desk.get()
        {
            desk.close();
        }
    }

    fn end(&self, scope: &mut v8::PinScope<'_, '_>, host: &Host) {
        for frontend in self.all() {
            // Programs hear nothing any more.
            if frontend.side != Side::Debugger {
                self.detach(scope, frontend.key);
            }
        }
        let is_held = !self.frontends.borrow().is_empty() && !host.is_stopped();
        if is_held {
            scope.cancel_terminate_execution();
            if !host.is_worker() {
                say(scope, "Waiting for the debugger to disconnect...\n");
            }
            let mut looks_on = self.all().iter().filter(|frontend| frontend.tell_of_end()).count() > 0;
            let context = scope.get_current_context();
            let tell_of_end = || self.inner.get().map(|inner| inner.context_destroyed(context));
            if !looks_on {
                tell_of_end();
            }
            if let Some(server) = &*self.server.borrow() {
                server.stop_accepting();
            }
            self.waits.for_end.set(true);
            let desk = self.desk(scope);
            while self.holds(host) {
                desk.wait();
                desk.run(scope);
                if looks_on && !self.all().iter().any(|frontend| frontend.holds_end()) {
                    looks_on = false;
                    tell_of_end();
                }
            }
        }
        for frontend in self.all() {
            self.detach(scope, frontend.key);
        }
        drop(self.server.take());
    }

    /// Gives the global object a `require` where it has none; what is returned takes it away.
    fn lend_require(&self, scope: &mut v8::PinScope<'_, '_>) -> Option<fn(&mut v8::PinScope<'_, '_>)> {
        let make = v8::Local::new(scope, self.make_require.get()?);
        let global = scope.get_current_context().global(scope);
        let key = internalized(scope, "require");
        v8::tc_scope!(let scope, scope);
        if global.has(scope, key.into())? {
            return None;
        }
        let receiver = v8::undefined(scope).into();
        let require = make.call(scope, receiver, &[])?;
        global.define_own_property(scope, key.into(), require, v8::PropertyAttribute::DONT_ENUM)?;
        Some(|scope| {
            let global = scope.get_current_context().global(scope);
            let key = internalized(scope, "require").into();
            global.delete(scope, key);
        })
    }

    /// Tells the JavaScript layer whether any session hears of requests.
    fn note_network(&self, scope: &mut v8::PinScope<'_, '_>) {
        let hears = self.frontends.borrow().iter().any(|frontend| frontend.hears_of_network());
        if self.hears_of_network.replace(hears) == hears {
            return;
        }
        let Some(function) = self.on_network.get() else { return };
        let function = v8::Local::new(scope, function);
        let receiver = v8::undefined(scope).into();
        let hears = v8::Boolean::new(scope, hears).into();
        call::call_reporting(scope, function, receiver, &[hears]);
    }

    /// The entries of one of the program's stores.
    fn stored_entries(&self, scope: &mut v8::PinScope<'_, '_>, is_local: bool) -> serde_json::Value {
        let none = serde_json::Value::Array(Vec::new());
        let Some(function) = self.on_storage.get() else { return none };
        let function = v8::Local::new(scope, function);
        let receiver = v8::undefined(scope).into();
        let is_local = v8::Boolean::new(scope, is_local).into();
        v8::tc_scope!(let scope, scope);
        let text = function.call(scope, receiver, &[is_local]).map(|text| text.to_rust_string_lossy(scope));
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(none)
    }

    /// Tells the sessions of an event of the program's or of our own; the error is what is missing in it.
    fn tell_of_event(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        (domain, name): (&str, &str),
        params: &serde_json::Map<String, serde_json::Value>,
        data: Option<&[u8]>,
    ) -> Result<(), String> {
        for frontend in self.all() {
            if domain == "DOMStorage" {
                frontend.hear_of_storage(name, params)?;
            } else if frontend.hears_of_network() {
                frontend.hear_of_request(scope, name, params, data)?;
            }
        }
        Ok(())
    }

    /// Notes how deep one session wants stacks to be told.
    fn set_async_depth(&self, scope: &mut v8::PinScope<'_, '_>, key: Key, depth: i64) {
        let mut depths = self.depths.borrow_mut();
        let was_on = !depths.is_empty();
        if depth > 0 {
            depths.insert(key.0, depth);
        } else {
            depths.remove(&key.0);
        }
        let is_on = !depths.is_empty();
        drop(depths);
        if was_on == is_on || self.waits.for_end.get() {
            return;
        }
        let Some(on_depth) = self.on_depth.get() else { return };
        v8::tc_scope!(let scope, scope);
        let on_depth = v8::Local::new(scope, on_depth);
        let receiver = v8::undefined(scope).into();
        let is_on = v8::Boolean::new(scope, is_on).into();
        on_depth.call(scope, receiver, &[is_on]);
    }
}

/// Makes the inspector before there are scripts: V8 shows it none that were compiled in a context that it does not know.
/// A program that is to be kept has none, for it gives the console functions that a snapshot cannot hold.
pub fn begin(scope: &mut v8::PinScope<'_, '_>) {
    if Host::of(scope).config.builds_snapshot {
        return;
    }
    Inspector::of(scope).get(scope);
    call::set_debugged(expects_debuggers(&Host::of(scope)));
}

/// Whether there is one, with what it has given the program.
pub fn is_in_use(scope: &v8::PinScope<'_, '_>) -> bool {
    Inspector::in_use(&Host::of(scope)).is_some()
}

/// Whether the command line says that debuggers will come.
fn expects_debuggers(host: &Host) -> bool {
    ["--inspect", "--inspect-brk", "--inspect-wait", "--inspect-brk-node"].iter().any(|name| host.flag(name))
}

/// Has SIGUSR1 open the server for debuggers, where the process is this runtime's.
pub fn await_signal(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    let is_allowed = !host.flag("--permission") || host.flag("--allow-inspector");
    if host.config.owns_process && !host.is_worker() && is_allowed && !host.flag("--disable-sigusr1") {
        let desk = Inspector::of(scope).desk(scope);
        let open = |scope: &mut v8::PinScope<'_, '_>| Inspector::of(scope).call_layer(scope, true);
        signal::on_debug_signal(move || desk.post(open));
    }
}

/// Lets debuggers look at a runtime whose program has ended, and ends what they have with it.
pub fn finish(scope: &mut v8::PinScope<'_, '_>) {
    Inspector::finish(scope);
}

/// The URL of a file.
fn file_url(path: &str) -> String {
    format!("file://{}", utf8_percent_encode(path, NOT_IN_PATH))
}

/// What the main context is called.
fn main_name(host: &Host) -> String {
    if host.is_worker() {
        return format!("Worker[{}]", host.thread());
    }
    let title = match host.option("--title") {
        Some(OptionValue::Text(title)) => title.clone(),
        _ => host.config.argv0.to_string_lossy().into_owned(),
    };
    format!("{title}[{}]", std::process::id())
}

/// Prints to standard error.
fn say(scope: &v8::PinScope<'_, '_>, text: &str) {
    Host::of(scope).stdio.write_all(2, text.as_bytes());
}

/// Hands messages to a debugger's connection.
struct Debugger(Outbox);

impl Recipient for Debugger {
    fn take(&self, text: String) {
        self.0.send(text);
    }
}

/// Notes a worker, which has begun. Returns whether it shall wait for a debugger.
fn announce_worker(scope: &mut v8::PinScope<'_, '_>, file: &str) -> bool {
    let host = Host::of(scope);
    let name = host.config.seat.as_ref().map_or("", |seat| &seat.name);
    let title = format!("[worker {}] {name}", host.thread());
    let url = if file.is_empty() { String::new() } else { file_url(file) };
    let desk = Inspector::of(scope).desk(scope);
    let entry = Entry { id: host.thread(), title, url, desk };
    let registry = &host.config.family.inspection;
    let (is_wanted, waits) = registry.add(entry.clone());
    let tells_targets = host.flag(frontend::TARGETS);
    // Who debugs the program from its first statement may attach to its workers late.
    let waits = waits || tells_targets && host.flag("--inspect-brk");
    // Debuggers may let it go before it has come to wait.
    Inspector::of(scope).waits.for_debugger.set(waits);
    if (is_wanted || tells_targets)
        && let Some(main) = registry.main()
    {
        main.post(move |scope| {
            for frontend in Inspector::of(scope).all() {
                if tells_targets {
                    frontend.tell_of_target(scope, &entry);
                }
                frontend.attach_worker(scope, &entry, waits);
            }
        });
    }
    waits
}
