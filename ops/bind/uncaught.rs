//! Exceptions that nobody caught: they go to the program's handlers, and else end the runtime with
//! a report in Node's form.

use super::Host;
use super::convert::{internalized, string};
use super::state::Exit;
use crate::inspector::Inspector;

pub(super) type Caught<'pin, 'scope, 'obj, 's> =
    v8::PinnedRef<'pin, v8::TryCatch<'scope, 'obj, v8::HandleScope<'s, v8::Context>>>;

const HINT: &str = "(Use `node --trace-uncaught ...` to show where the exception was thrown)\n";

/// The exit code of a program that has removed `process._fatalException`.
const NO_HANDLER: i32 = 6;

/// What stands for an exit code where the process is to be aborted.
const ABORT: i32 = -1;

/// The exit code of a program whose `uncaughtException` handler threw.
const HANDLER_FAILED: i32 = 7;

/// Hands what `caught` holds to the handlers for uncaught exceptions.
pub fn report_caught(caught: &mut Caught<'_, '_, '_, '_>) {
    if caught.has_terminated() {
        return;
    }
    let Some(exception) = caught.exception() else { return };
    let message = caught.message();
    caught.reset();
    uncaught(caught, exception, message, false);
}

/// Reports a panic of our own on another thread.
pub fn report_internal(scope: &mut v8::PinScope<'_, '_>, panic: &str) {
    let text = string(scope, &format!("Internal error of Ironode: {panic}"));
    let error = v8::Exception::error(scope, text);
    uncaught(scope, error, None, false);
}

/// Hands an exception to the program's handlers; without one that takes it, reports it and ends the
/// runtime.
pub fn uncaught<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exception: v8::Local<'s, v8::Value>,
    message: Option<v8::Local<'s, v8::Message>>,
    from_promise: bool,
) {
    let host = Host::of(scope);
    if host.is_exiting() {
        return;
    }
    let message = message.unwrap_or_else(|| v8::Exception::create_message(scope, exception));
    let Some(hooks) = host.hooks() else {
        return end(scope, exception, message, 1);
    };
    v8::tc_scope!(let caught, scope);
    let process = v8::Local::new(caught, &hooks.process);
    let key = internalized(caught, "_fatalException").into();
    let on_uncaught = process.get(caught, key).and_then(|it| v8::Local::<v8::Function>::try_from(it).ok());
    let Some(on_uncaught) = on_uncaught else { return end(caught, exception, message, NO_HANDLER) };
    let process: v8::Local<v8::Value> = process.into();
    let from_promise = v8::Boolean::new(caught, from_promise).into();
    let verdict = on_uncaught.call(caught, process, &[exception, from_promise]);
    match verdict {
        Some(verdict) if verdict.is_true() => {}
        Some(verdict) => {
            let code = verdict.int32_value(caught).unwrap_or(1);
            end(caught, exception, message, code);
        }
        None if caught.has_terminated() => {}
        None => {
            let inner = caught.exception().unwrap_or(exception);
            let inner_message = caught.message().unwrap_or(message);
            caught.reset();
            let is_worker = host.config.seat.is_some();
            let code = match host.flag("--abort-on-uncaught-exception") {
                _ if is_worker => 1,
                true => ABORT,
                false => HANDLER_FAILED,
            };
            end(caught, inner, inner_message, code);
        }
    }
}

fn end<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exception: v8::Local<'s, v8::Value>,
    message: v8::Local<'s, v8::Message>,
    code: i32,
) {
    let host = Host::of(scope);
    if host.is_exiting() {
        return;
    }
    Inspector::tell_of_exception(scope, exception, message);
    // A worker has told the thread that started it.
    if host.config.seat.is_none() {
        let report = report(scope, exception, message);
        host.stdio.write_all(2, report.as_bytes());
    }
    host.end(if code == ABORT { Exit::Abort } else { Exit::Code(code) });
}

/// The report of an uncaught exception: where it was thrown, with the source line underlined, the
/// stack or the inspected value, and the version.
pub fn report<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exception: v8::Local<'s, v8::Value>,
    message: v8::Local<'s, v8::Message>,
) -> String {
    let stored = stored_place(scope, exception);
    let is_stored = stored.is_some();
    let place = stored.unwrap_or_else(|| place(scope, message));
    let trace_uncaught = Host::of(scope).flag("--trace-uncaught");
    let is_error = exception.is_native_error();
    let text = if exception.is_object() { describe(scope, exception) } else { None };
    let mut text = match text {
        Some(text) if place.is_empty() => format!("{text}\n"),
        Some(text) if is_error || is_stored => format!("{place}\n{text}\n"),
        Some(text) => format!("\n{place}{text}\n"),
        None => {
            // The stack of an error cannot be read; its name and message perhaps can.
            let value = to_text(scope, exception);
            let hint = if trace_uncaught { "" } else { HINT };
            match value {
                Some(value) if is_error => format!("{place}\n{value}\n{hint}"),
                None if is_error => format!("\n{hint}"),
                value => format!("\n{place}{}\n{hint}", value.unwrap_or_default()),
            }
        }
    };
    if trace_uncaught && let Some(stack) = message.get_stack_trace(scope) {
        text.push_str("Thrown at:\n");
        text.push_str(&frames(scope, stack));
        text.push('\n');
    }
    text.push_str(&format!("\nNode.js {}\n", crate::NODE_VERSION));
    text
}

/// The lines of a stack, innermost first, up to the first that runs in `eval`.
pub(crate) fn frames(scope: &mut v8::PinScope<'_, '_>, stack: v8::Local<'_, v8::StackTrace>) -> String {
    let mut text = String::new();
    for index in 0..stack.get_frame_count() {
        let Some(frame) = stack.get_frame(scope, index) else { continue };
        let script = frame.get_script_name_or_source_url(scope);
        let script = script.map_or_else(String::new, |name| name.to_rust_string_lossy(scope));
        let function = frame.get_function_name(scope).map(|name| name.to_rust_string_lossy(scope));
        let position = format!("{script}:{}:{}", frame.get_line_number(), frame.get_column());
        if frame.is_eval() {
            text.push_str(&format!("    at [eval] ({position})\n"));
            break;
        }
        match function.filter(|name| !name.is_empty()) {
            Some(function) => text.push_str(&format!("    at {function} ({position})\n")),
            None => text.push_str(&format!("    at {position}\n")),
        }
    }
    text
}

/// `file:line`, the source line and the carets below it, each with its line end; empty where the source
/// is not known.
pub fn place(scope: &mut v8::PinScope<'_, '_>, message: v8::Local<'_, v8::Message>) -> String {
    let file = match message.get_script_resource_name(scope) {
        Some(name) if !name.is_undefined() => name.to_rust_string_lossy(scope),
        _ => String::from("<anonymous_script>"),
    };
    let Some(line) = message.get_line_number(scope) else { return String::new() };
    let Some(source) = message.get_source_line(scope) else { return String::new() };
    let source = source.to_rust_string_lossy(scope);
    // In the first line V8 counts the column offset of the script, which the text does not contain.
    let position = usize::try_from(message.get_start_position()).unwrap_or(usize::MAX);
    let column = message.get_start_column();
    let width = message.get_end_column().saturating_sub(column);
    let start = column.min(position);
    if let Some(place) = original_place(scope, &file, line, start) {
        return place;
    }
    let end = start + width;
    let mut text = format!("{file}:{line}\n{source}\n");
    let units: Vec<u16> = source.encode_utf16().collect();
    // What begins where the line ends, such as the missing rest of a JSON text, is not underlined.
    if end > units.len() {
        return text;
    }
    for unit in units.iter().take(start) {
        text.push(if *unit == u16::from(b'\t') { '\t' } else { ' ' });
    }
    text.extend(std::iter::repeat_n('^', end - start));
    text.push('\n');
    text
}

/// The place in the source of generated code, where source maps are in use and know it.
fn original_place(
    scope: &mut v8::PinScope<'_, '_>,
    file: &str,
    line: usize,
    column: usize,
) -> Option<String> {
    let host = Host::of(scope);
    let hooks = host.hooks()?;
    v8::tc_scope!(let caught, scope);
    let ask = v8::Local::new(caught, &hooks.original_place);
    let receiver = v8::undefined(caught).into();
    let line = v8::Number::new(caught, line as f64).into();
    let column = v8::Number::new(caught, column as f64).into();
    let file = string(caught, file).into();
    let place = ask.call(caught, receiver, &[file, line, column])?;
    place.is_string().then(|| place.to_rust_string_lossy(caught))
}

/// Puts the place of a syntax error before its stack, as Node does, and throws it on.
pub fn rethrow_with_place(caught: &mut Caught<'_, '_, '_, '_>) {
    rethrow_after_place(caught, "\n");
}

/// The same for an error in linking modules, whose stack follows the carets without an empty line.
pub fn rethrow_link_error(caught: &mut Caught<'_, '_, '_, '_>) {
    rethrow_after_place(caught, "");
}

fn rethrow_after_place(caught: &mut Caught<'_, '_, '_, '_>, separator: &str) {
    if let (Some(exception), Some(message)) = (caught.exception(), caught.message())
        && let Ok(object) = v8::Local::<v8::Object>::try_from(exception)
    {
        let place = place(caught, message);
        let key = internalized(caught, "stack");
        let stack = object.get(caught, key.into());
        let stack = stack.map_or_else(String::new, |stack| stack.to_rust_string_lossy(caught));
        let stack = string(caught, &format!("{place}{separator}{stack}"));
        object.set(caught, key.into(), stack.into());
        hide_place(caught, object);
    }
    caught.rethrow();
}

/// Notes that the stack of an error tells its place, so that the report adds none.
pub fn hide_place<'s>(scope: &mut v8::PinScope<'s, '_>, error: v8::Local<'s, v8::Object>) {
    let key = place_key(scope);
    let empty = v8::String::empty(scope).into();
    error.set_private(scope, key, empty);
}

/// The private property that holds the place of an error where the message does not know it.
fn place_key<'s>(scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Private> {
    let name = string(scope, "ironode:place");
    v8::Private::for_api(scope, Some(name))
}

fn stored_place<'s>(scope: &mut v8::PinScope<'s, '_>, exception: v8::Local<'s, v8::Value>) -> Option<String> {
    let object = v8::Local::<v8::Object>::try_from(exception).ok()?;
    if object.is_proxy() {
        return None;
    }
    let key = place_key(scope);
    let place = object.get_private(scope, key)?;
    place.is_string().then(|| place.to_rust_string_lossy(scope))
}

/// The inspected form of an object; `None` where it cannot be read.
fn describe<'s>(scope: &mut v8::PinScope<'s, '_>, exception: v8::Local<'s, v8::Value>) -> Option<String> {
    let host = Host::of(scope);
    let hooks = host.hooks()?;
    v8::tc_scope!(let caught, scope);
    let describe = v8::Local::new(caught, &hooks.describe_uncaught);
    let receiver = v8::undefined(caught).into();
    let text = describe.call(caught, receiver, &[exception])?;
    text.is_string().then(|| text.to_rust_string_lossy(caught))
}

/// The value as `String(value)` gives it; `None` where that throws.
fn to_text<'s>(scope: &mut v8::PinScope<'s, '_>, value: v8::Local<'s, v8::Value>) -> Option<String> {
    v8::tc_scope!(let caught, scope);
    let text = value.to_string(caught)?;
    Some(text.to_rust_string_lossy(caught))
}

/// Throws again what was thrown elsewhere; its report shows that place.
pub fn throw_from_its_place<'s>(scope: &mut v8::PinScope<'s, '_>, exception: v8::Local<'s, v8::Value>) {
    if let Ok(object) = v8::Local::<v8::Object>::try_from(exception)
        && !object.is_proxy()
    {
        let message = v8::Exception::create_message(scope, exception);
        let place = place(scope, message);
        let place = string(scope, &place).into();
        let key = place_key(scope);
        object.set_private(scope, key, place);
    }
    scope.throw_exception(exception);
}

/// Keeps on an object, for its report, where it was thrown.
pub fn keep_place(caught: &mut Caught<'_, '_, '_, '_>) {
    if let (Some(exception), Some(message)) = (caught.exception(), caught.message())
        && let Ok(object) = v8::Local::<v8::Object>::try_from(exception)
        && !object.is_proxy()
    {
        let place = place(caught, message);
        let place = string(caught, &place).into();
        let key = place_key(caught);
        object.set_private(caught, key, place);
    }
    caught.rethrow();
}
