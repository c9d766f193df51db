//! Native half of `js/trace_events.js`: what happens in the process, recorded for tools that show it on a line of time.
//!
//! Where nobody asks for its category, an event costs a look at a byte.

pub mod calls;
pub mod category;
pub mod event;
mod file;
pub mod log;
mod span;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

pub use span::Span;

use crate::bind::state::{Config, OptionValue};
use crate::bind::{Binding, Host, call};
use crate::binding;
use crate::perf_hooks::Stage;
use category::{Category, ENVIRONMENT};
use event::{Event, quoted};

/// `internalBinding('trace_events')`.
pub const BINDING: Binding = binding! {
    "trace_events",
    sync: [disable, enable, enabled_categories, describe, describe_runtime],
    raw: [trace, states, is_used],
};

/// The categories that JavaScript records events of, in the order in which `states` tells of them.
static OF_JAVASCRIPT: [&Category; 7] = [
    &category::ASYNC_HOOKS,
    &category::CONSOLE,
    &category::DNS,
    &category::HTTP,
    &category::MODULES,
    &category::NET,
    &category::REJECTIONS,
];

/// What `--trace-events-enabled` asks for by itself.
const USUAL: &str = "v8,node,node.async_hooks";

/// Does what the options of the process's own runtime say, before V8 and everything else begins.
pub fn begin(config: &Config) {
    let text = |name: &str| match config.options.get(name) {
        Some(OptionValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    if let Some(pattern) = text("--trace-event-file-pattern") {
        log::name_file(pattern.to_owned());
    }
    let is_on = config.options.get("--trace-events-enabled") == Some(&OptionValue::Flag(true));
    let asked_for = text("--trace-event-categories").or(is_on.then_some(USUAL)).unwrap_or_default();
    let categories: Vec<_> =
        asked_for.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if !categories.is_empty() {
        log::enable(categories, None);
    }
}

/// What is told of a runtime is told once.
#[derive(Default)]
struct Told(Cell<bool>);

/// `describeRuntime()`: tells of the process and its threads, or on a worker's thread of the worker; returns whether
/// that is the first time.
fn describe_runtime(host: Rc<Host>) -> bool {
    if host.extension::<Told>().0.replace(true) {
        return false;
    }
    if let Some(seat) = &host.config.seat {
        let name = format!("[worker {}] {}", seat.id, seat.name);
        log::describe("thread_name", format!("{{\"name\":{}}}", quoted(&name)));
        return true;
    }
    let name = host.config.argv0.to_string_lossy();
    log::describe("process_name", format!("{{\"name\":{}}}", quoted(&name)));
    let version = crate::NODE_VERSION.trim_start_matches('v');
    log::describe("version", format!("{{\"node\":{}}}", quoted(version)));
    log::describe("thread_name", String::from("{\"name\":\"JavaScriptMainThread\"}"));
    for (thread, name) in crate::sys::process::threads() {
        if name.starts_with("V8 ") {
            log::describe_thread(thread, String::from("{\"name\":\"PlatformWorkerThread\"}"));
        }
    }
    true
}

/// The runtime and its program begin: an event that lasts until [`end_environment`].
pub fn begin_environment(host: &Host, program: Option<&str>) {
    if ENVIRONMENT.is_on() {
        let program = program.into_iter().map(Cow::Borrowed);
        let own = host.config.argv.iter().map(|arg| arg.to_string_lossy());
        let args: Vec<_> =
            std::iter::once(host.config.exec_path.to_string_lossy()).chain(program).chain(own).collect();
        let told = serde_json::json!({ "args": { "args": args, "exec_args": host.config.exec_argv } });
        log::record(
            Event::new('b', &ENVIRONMENT, "Environment").id(environment_id(host)).args(told.to_string()),
        );
    }
}

/// The runtime has ended.
pub fn end_environment(host: &Host) {
    if ENVIRONMENT.is_on() {
        log::record(Event::new('e', &ENVIRONMENT, "Environment").id(environment_id(host)));
    }
}

/// Tells runtimes apart.
fn environment_id(host: &Host) -> u64 {
    host.config.seat.as_ref().map_or(0, |seat| u64::from(seat.id)) + 1
}

/// A stage of a runtime's life has been reached.
pub fn reach(stage: Stage) {
    if category::BOOTSTRAP.is_on() {
        let name = match stage {
            Stage::NodeStart => "nodeStart",
            Stage::V8Start => "v8Start",
            Stage::Environment => "environment",
            Stage::BootstrapComplete => "bootstrapComplete",
            Stage::LoopStart => "loopStart",
            Stage::LoopExit => "loopExit",
        };
        log::record(Event::new('I', &category::BOOTSTRAP, name));
    }
}

/// Has every runtime of the process look again which events are asked for: this one now, workers in their next turn.
pub fn tell_of_change(scope: &mut v8::PinScope<'_, '_>) {
    refresh(scope);
    for mailbox in Host::of(scope).config.family.other_mailboxes() {
        mailbox.send(refresh);
    }
}

/// Has the JavaScript layer look which events are asked for.
pub fn refresh(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    let Some(hooks) = host.hooks() else { return };
    let refresh = v8::Local::new(scope, &hooks.refresh_tracing);
    let receiver = v8::undefined(scope).into();
    call::call_reporting(scope, refresh, receiver, &[]);
}

/// `enable(categories)`: asks for events, which go to the file; returns by what `disable` ends it.
fn enable(categories: Vec<String>) -> f64 {
    log::enable(categories, None) as f64
}

/// `disable(number)`
fn disable(number: f64) {
    log::disable(number as u64);
}

/// `enabledCategories()`: the names, with commas between; nothing where there are none.
fn enabled_categories() -> Option<String> {
    let names = log::enabled();
    (!names.is_empty()).then(|| names.join(","))
}

/// `describe(name, args)`: notes something about the process, `args` being JSON.
fn describe(name: String, args: String) {
    log::describe(if name == "process_name" { "process_name" } else { "node" }, args);
}

/// `isUsed()`: whether anybody has asked for events.
fn is_used<'s>(
    _: &mut v8::PinScope<'s, '_>,
    _: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    rv.set_bool(log::is_used());
}

/// `states()`: a number whose bits say which events JavaScript shall record.
fn states<'s>(
    _: &mut v8::PinScope<'s, '_>,
    _: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let bits = OF_JAVASCRIPT.iter().enumerate();
    rv.set_uint32(bits.fold(0, |bits, (index, category)| bits | u32::from(category.is_on()) << index));
}

/// `trace(phase, category, name, id, args)`: records an event of the category of that number in `OF_JAVASCRIPT`; `args`
/// is a value whose JSON says more, or undefined.
fn trace<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let category = args.get(1).uint32_value(scope).and_then(|index| OF_JAVASCRIPT.get(index as usize));
    let Some(category) = category.filter(|category| category.is_on()) else { return };
    let phase = args.get(0).to_rust_string_lossy(scope).chars().next().unwrap_or('I');
    let name = Cow::Owned(args.get(2).to_rust_string_lossy(scope));
    let mut event = Event::new(phase, category, name);
    if let Some(id) = args.get(3).integer_value(scope) {
        event = event.id(id.cast_unsigned());
    }
    if !args.get(4).is_undefined()
        && let Some(text) = v8::json::stringify(scope, args.get(4))
    {
        event = event.args(text.to_rust_string_lossy(scope));
    }
    log::record(event);
}
