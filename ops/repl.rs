//! Native half of `js/repl.js`: V8's inspector evaluates what shall have no side effect and what awaits
//! at its top level, and knows the names that scripts have declared.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use v8::inspector::{ChannelImpl, StringBuffer, StringView, V8InspectorSession};

use crate::bind::call::Callback;
use crate::bind::convert::string;
use crate::bind::{Binding, Host};
use crate::binding;
use crate::inspector::Inspector;
use crate::vm::context_of;

/// `internalBinding('repl')`: `contextId(sandbox?)`, `dispatch(id, message, callback?)`, `unwrap(objectId)`
/// and `syntaxError(source)`.
pub const BINDING: Binding = binding! { "repl", raw: [context_id, dispatch, unwrap, syntax_error] };

/// The session of one runtime's REPLs, made at its first use.
#[derive(Default)]
struct Inspection {
    // Ends before the inspector does.
    session: OnceCell<(V8InspectorSession, Rc<Inspector>)>,
    answers: Rc<Answers>,
}

/// What the inspector has answered, and who waits for it.
#[derive(Default)]
struct Answers {
    arrived: Cell<Option<(i32, String)>>,
    waiting: RefCell<HashMap<i32, Callback>>,
    host: RefCell<Weak<Host>>,
}

struct Answerer(Rc<Answers>);

impl ChannelImpl for Answerer {
    fn send_response(&self, id: i32, message: v8::UniquePtr<StringBuffer>) {
        let Some(message) = message.as_ref() else { return };
        let text = message.string().to_string();
        let waiting = self.0.waiting.borrow_mut().remove(&id);
        match (waiting, self.0.host.borrow().upgrade()) {
            (Some(callback), Some(host)) => {
                host.begin_request();
                host.mailbox.post(move |scope| {
                    let text = string(scope, &text).into();
                    callback.call(scope, &[text]);
                });
            }
            _ => self.0.arrived.set(Some((id, text))),
        }
    }

    fn send_notification(&self, _: v8::UniquePtr<StringBuffer>) {}

    fn flush_protocol_notifications(&self) {}
}

impl Inspection {
    fn session(&self, scope: &mut v8::PinScope<'_, '_>) -> &V8InspectorSession {
        let (session, _) = self.session.get_or_init(|| {
            *self.answers.host.borrow_mut() = Rc::downgrade(&Host::of(scope));
            let inspector = Inspector::of(scope);
            (inspector.connect(scope, Box::new(Answerer(Rc::clone(&self.answers)))), inspector)
        });
        session
    }
}

fn inspection(scope: &v8::PinScope<'_, '_>) -> Rc<Inspection> {
    Host::of(scope).extension::<Inspection>()
}

/// `contextId(sandbox)`: the inspector's number of the context of a contextified object, or of the main
/// context.
fn context_id<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let context = match context_of(scope, args.get(0)) {
        Some(context) => context,
        None => scope.get_current_context(),
    };
    rv.set_int32(Inspector::of(scope).number_of(scope, context, ""));
}

/// `dispatch(id, message, callback)`: sends a message to the inspector and returns its answer. Where the
/// answer comes later, returns `undefined` and calls back with it.
fn dispatch<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let id = args.get(0).int32_value(scope).unwrap_or(0);
    let message = args.get(1).to_rust_string_lossy(scope);
    let inspection = inspection(scope);
    let session = inspection.session(scope);
    let units: Vec<u16> = message.encode_utf16().collect();
    session.dispatch_protocol_message(StringView::from(&units[..]));
    match inspection.answers.arrived.take() {
        Some((answered, text)) if answered == id => rv.set(string(scope, &text).into()),
        _ => {
            if let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(2)) {
                let callback = Callback::new(scope, callback);
                inspection.answers.waiting.borrow_mut().insert(id, callback);
            }
        }
    }
}

/// `unwrap(objectId)`: the value that an answer refers to.
fn unwrap<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let id = args.get(0).to_rust_string_lossy(scope);
    let inspection = inspection(scope);
    let session = inspection.session(scope);
    if let Ok((value, _, _)) = session.unwrap_object(scope, StringView::from(id.as_bytes())) {
        rv.set(value);
    }
}

/// `syntaxError(source)`: `[message, start, end]` of what keeps a script from being compiled, with places as
/// numbers of UTF-16 units; `undefined` where nothing does.
fn syntax_error<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Ok(source) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    v8::tc_scope!(let scope, scope);
    let mut source = v8::script_compiler::Source::new(source, None);
    let options = v8::script_compiler::CompileOptions::NoCompileOptions;
    let reason = v8::script_compiler::NoCacheReason::NoReason;
    if v8::script_compiler::compile_unbound_script(scope, &mut source, options, reason).is_some() {
        return;
    }
    let Some(message) = scope.message() else { return };
    let text = message.get(scope).into();
    let start = v8::Integer::new(scope, message.get_start_position()).into();
    let end = v8::Integer::new(scope, message.get_end_position()).into();
    rv.set(v8::Array::new_with_elements(scope, &[text, start, end]).into());
}
