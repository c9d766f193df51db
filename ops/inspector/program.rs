//! What the JavaScript layer has of the inspector: `internalBinding('inspector')`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use v8::MapFnTo;

use super::desk::{Desk, Key};
use super::frontend::{Recipient, Side};
use super::{Inspector, announce_worker, async_task, string};
use crate::bind::reenter::Reentry;
use crate::bind::{Binding, Host, permission};
use crate::binding;

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// `internalBinding('inspector')`.
pub const BINDING: Binding = binding! {
    "inspector",
    raw: [
        connect, connect_to_main_thread, dispatch, disconnect, open, close, url, port, wait_for_debugger,
        is_active, pause_on_next_statement, announce, on_async_depth, on_console_require, async_task_scheduled,
        async_task_started, async_task_finished, async_task_canceled, pair_console,
        finish_recordings, emit_protocol_event, put_resource, on_network, on_storage,
    ],
    references: references,
};

fn references() -> Vec<v8::ExternalReference> {
    vec![v8::ExternalReference { function: call_pair.map_fn_to() }]
}

/// Hands messages to a function of the program, at once.
struct Program {
    receive: v8::Global<v8::Function>,
    reentry: Reentry,
}

impl Recipient for Program {
    fn take(&self, text: String) {
        self.reentry.run(|scope| tell(scope, &self.receive, &text));
    }
}

fn tell(scope: &mut Scope<'_, '_>, receive: &v8::Global<v8::Function>, text: &str) {
    v8::scope!(let scope, scope);
    v8::tc_scope!(let scope, scope);
    let receive = v8::Local::new(scope, receive);
    let receiver = v8::undefined(scope).into();
    let text = string(scope, text).into();
    // The function reports what goes wrong in it.
    receive.call(scope, receiver, &[text]);
}

/// Writes the profiles that are being made: the program is about to kill itself.
fn finish_recordings<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, _: Return<'s>) {
    super::recording::finish(scope);
}

/// `connect(receive)`: a new session as a number; `receive` is called with each message.
fn connect<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Err(denied) = permission::require(scope, permission::Scope::Inspector, "Connect") {
        return denied.throw(scope);
    }
    let Ok(receive) = v8::Local::<v8::Function>::try_from(args.get(0)) else { return };
    let inspector = Inspector::of(scope);
    let key = inspector.desk(scope).next_key();
    let program = Program { receive: v8::Global::new(scope, receive), reentry: Reentry::new(scope) };
    inspector.attach(scope, key, Side::Program, Box::new(program));
    rv.set_double(key.0 as f64);
}

/// A worker's sessions with the main thread's inspector.
#[derive(Default)]
struct Remotes {
    open: RefCell<HashMap<u64, Distant>>,
}

/// What takes the messages of a session with the main thread, and the way there.
type Distant = (v8::Global<v8::Function>, Arc<Desk>);

/// Hands messages to a function of another thread's program, as microtasks.
struct Remote {
    desk: Arc<Desk>,
    key: u64,
}

/// A microtask: hands one message to the function.
fn deliver<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(letter) = v8::Local::<v8::Array>::try_from(args.data()) else { return };
    let (Some(receive), Some(text)) = (letter.get_index(scope, 0), letter.get_index(scope, 1)) else {
        return;
    };
    let Ok(receive) = v8::Local::<v8::Function>::try_from(receive) else { return };
    let receiver = v8::undefined(scope).into();
    receive.call(scope, receiver, &[text]);
}

impl Recipient for Remote {
    fn take(&self, text: String) {
        let key = self.key;
        self.desk.post(move |scope| {
            let remotes = Host::of(scope).extension::<Remotes>();
            let receive = remotes.open.borrow().get(&key).map(|(receive, _)| receive.clone());
            let Some(receive) = receive else { return };
            let receive = v8::Local::new(scope, receive).into();
            let text = string(scope, &text).into();
            let letter = v8::Array::new_with_elements(scope, &[receive, text]).into();
            // The program's own function is not interrupted by it.
            if let Some(deliver) = v8::Function::builder(deliver).data(letter).build(scope) {
                scope.enqueue_microtask(deliver);
            }
        });
    }
}

/// `connectToMainThread(receive)`: a worker's new session with the main thread's inspector, as a negative number.
fn connect_to_main_thread<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(receive) = v8::Local::<v8::Function>::try_from(args.get(0)) else { return };
    let host = Host::of(scope);
    let Some(main) = host.config.family.inspection.main() else { return };
    let key = main.next_key();
    let receive = v8::Global::new(scope, receive);
    host.extension::<Remotes>().open.borrow_mut().insert(key.0, (receive, Arc::clone(&main)));
    let remote = Remote { desk: Inspector::of(scope).desk(scope), key: key.0 };
    main.post(move |scope| {
        Inspector::of(scope).attach(scope, key, Side::Worker, Box::new(remote));
    });
    rv.set_double(-(key.0 as f64));
}

/// The key of a session, and the way to the main thread where it is there.
fn session<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>) -> (Key, Option<Arc<Desk>>) {
    let number = args.get(0).number_value(scope).unwrap_or(0.0);
    let key = Key(number.abs() as u64);
    if number >= 0.0 {
        return (key, None);
    }
    let remotes = Host::of(scope).extension::<Remotes>();
    let desk = remotes.open.borrow().get(&key.0).map(|(_, desk)| Arc::clone(desk));
    (key, desk)
}

/// `dispatch(session, message)`
fn dispatch<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let message = args.get(1).to_rust_string_lossy(scope);
    match session(scope, &args) {
        (key, Some(main)) => main.post(move |scope| Inspector::of(scope).dispatch(scope, key, &message)),
        (key, None) => Inspector::of(scope).dispatch(scope, key, &message),
    }
}

/// Ends what a worker has with the main thread's inspector.
pub(super) fn leave_main_thread(host: &Host) {
    let Some(remotes) = host.find_extension::<Remotes>() else { return };
    for (key, (_, main)) in remotes.open.take() {
        main.post(move |scope| {
            Inspector::of(scope).detach(scope, Key(key));
        });
    }
}

/// `disconnect(session)`
fn disconnect<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    match session(scope, &args) {
        (key, Some(main)) => {
            Host::of(scope).extension::<Remotes>().open.borrow_mut().remove(&key.0);
            main.post(move |scope| {
                Inspector::of(scope).detach(scope, key);
            });
        }
        (key, None) => {
            Inspector::of(scope).detach(scope, key);
        }
    }
}

/// `open(host, port, publish, title, url)`: opens the server; returns whether it is there.
fn open<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Err(denied) = permission::require(scope, permission::Scope::Inspector, "Open") {
        return denied.throw(scope);
    }
    let host = args.get(0).to_rust_string_lossy(scope);
    let port = args.get(1).uint32_value(scope).unwrap_or(0) as u16;
    let publish = args.get(2).to_rust_string_lossy(scope);
    let shown = (args.get(3).to_rust_string_lossy(scope), args.get(4).to_rust_string_lossy(scope));
    rv.set_bool(Inspector::of(scope).open(scope, &host, port, &publish, shown));
}

/// `close()`: closes the server.
fn close<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, _: Return<'s>) {
    Inspector::of(scope).close(scope);
}

/// `url()`: of the server's WebSocket; `undefined` where there is no server.
fn url<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    if let Some(url) = Inspector::of(scope).url() {
        rv.set(string(scope, &url).into());
    }
}

/// `port()`: of the server; `undefined` where there is none.
fn port<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    if let Some(server) = &*Inspector::of(scope).server.borrow() {
        rv.set_uint32(u32::from(server.port));
    }
}

/// `waitForDebugger(isAnnounced)`: until one lets the program go. A worker that has been announced may have been let go
/// already.
fn wait_for_debugger<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let inspector = Inspector::of(scope);
    match args.get(0).is_true() {
        true => inspector.wait_on(scope),
        false => inspector.wait_for_debugger(scope),
    }
}

/// `isActive()`: whether there is a session or a server.
fn is_active<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    let inspector = Inspector::of(scope);
    rv.set_bool(!inspector.frontends.borrow().is_empty() || inspector.server.borrow().is_some());
}

const BREAK_ON_START: &str = "Break on start";

/// `pauseOnNextStatement()`: has debuggers hold the program at the next statement.
fn pause_on_next_statement<'s>(scope: &mut Scope<'s, '_>, _: Args<'s>, _: Return<'s>) {
    for frontend in Inspector::of(scope).all() {
        frontend.break_next(BREAK_ON_START);
    }
}

/// `announce(file)`: notes this worker, which has begun; returns whether it shall wait for a debugger. Without a file
/// its program is a text.
fn announce<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let file = args.get(0).to_rust_string_lossy(scope);
    rv.set_bool(announce_worker(scope, &file));
}

/// `onAsyncDepth(function)`: is called with whether any session wants to know where asynchronous tasks began.
fn on_async_depth<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) {
        let _ = Inspector::of(scope).on_depth.set(v8::Global::new(scope, function));
    }
}

/// `onConsoleRequire(function)`: makes the `require` that commands from a console have.
fn on_console_require<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) {
        let _ = Inspector::of(scope).make_require.set(v8::Global::new(scope, function));
    }
}

/// `onNetwork(function)`: is called with whether any session hears of requests.
fn on_network<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) {
        let _ = Inspector::of(scope).on_network.set(v8::Global::new(scope, function));
    }
}

/// `onStorage(function)`: gives the entries of a store as JSON, with whether it is the local one.
fn on_storage<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0)) {
        let _ = Inspector::of(scope).on_storage.set(v8::Global::new(scope, function));
    }
}

/// `emitProtocolEvent(domain, name, params, data)`: tells the sessions of an event; `params` is JSON, and `data` bytes or
/// undefined. Returns what is missing in it.
fn emit_protocol_event<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let domain = args.get(0).to_rust_string_lossy(scope);
    let name = args.get(1).to_rust_string_lossy(scope);
    let params = args.get(2).to_rust_string_lossy(scope);
    let params = serde_json::from_str(&params).unwrap_or_default();
    let data = v8::Local::<v8::ArrayBufferView>::try_from(args.get(3)).ok().map(|view| {
        let mut bytes = vec![0; view.byte_length()];
        view.copy_contents(&mut bytes);
        bytes
    });
    let inspector = Inspector::of(scope);
    if let Err(missing) = inspector.tell_of_event(scope, (&domain, &name), &params, data.as_deref()) {
        rv.set(string(scope, &missing).into());
    }
}

/// `putResource(url, text)`: sets what stands for what is behind a URL.
fn put_resource<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let url = args.get(0).to_rust_string_lossy(scope);
    let text = args.get(1).to_rust_string_lossy(scope);
    Host::of(scope).config.family.inspection.put_resource(url, text);
}

/// `asyncTaskScheduled(name, id, recurring)`
fn async_task_scheduled<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let inspector = Inspector::of(scope);
    let Some(inner) = inspector.inner.get() else { return };
    let name: Vec<u16> = args.get(0).to_rust_string_lossy(scope).encode_utf16().collect();
    let id = args.get(1).number_value(scope).unwrap_or(0.0);
    async_task::scheduled(inner, &name, id, args.get(2).is_true());
}

/// `asyncTaskStarted(id)`
fn async_task_started<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    of_task(scope, &args, async_task::started);
}

/// `asyncTaskFinished(id)`
fn async_task_finished<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    of_task(scope, &args, async_task::finished);
}

/// `asyncTaskCanceled(id)`
fn async_task_canceled<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    of_task(scope, &args, async_task::canceled);
}

fn of_task(scope: &mut Scope<'_, '_>, args: &Args<'_>, tell: fn(&v8::inspector::V8Inspector, f64)) {
    let id = args.get(0).number_value(scope).unwrap_or(0.0);
    if let Some(inner) = Inspector::of(scope).inner.get() {
        tell(inner, id);
    }
}

/// Whether the console is telling inspectors.
#[derive(Default)]
struct Console {
    is_telling: Cell<bool>,
}

/// `pairConsole(engines, nodes)`: a function that calls the engine's method of the console, which tells inspectors,
/// and then Node's. It is no JavaScript function, so that inspectors show its caller as the innermost one.
fn pair_console<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let pair = v8::Array::new_with_elements(scope, &[args.get(0), args.get(1)]);
    let function = v8::Function::builder(call_pair).data(pair.into());
    let function = function.constructor_behavior(v8::ConstructorBehavior::Throw).build(scope);
    if let Some(function) = function {
        rv.set(function.into());
    }
}

fn call_pair<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(pair) = v8::Local::<v8::Array>::try_from(args.data()) else { return };
    let given: Vec<_> = (0..args.length()).map(|index| args.get(index)).collect();
    let console = Rc::clone(&Host::of(scope).extension::<Console>());
    let method = |scope: &mut Scope<'s, '_>, index| {
        let method = pair.get_index(scope, index)?;
        v8::Local::<v8::Function>::try_from(method).ok()
    };
    let (engines, nodes) = (method(scope, 0), method(scope, 1));
    // What an inspector's listener prints is not told again.
    if !console.is_telling.replace(true) {
        let told = engines.map(|engines| engines.call(scope, args.this().into(), &given));
        console.is_telling.set(false);
        if told == Some(None) {
            return;
        }
    }
    if let Some(result) = nodes.and_then(|nodes| nodes.call(scope, args.this().into(), &given)) {
        rv.set(result);
    }
}
