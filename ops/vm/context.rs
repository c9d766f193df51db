//! Contexts: a global object of their own, by itself or behind an object of the program's.

use std::cell::RefCell;
use std::rc::Rc;

use super::interceptors;
use super::{Args, Return, Scope};
use crate::bind::Host;
use crate::bind::convert::{internalized, string};
use crate::inspector::Inspector;

/// The microtasks of a context that does not share the main one's queue. V8 reads the queue as long as
/// there is the context.
pub(super) struct OwnQueue(pub(super) v8::MicrotaskQueueHandle);

/// The contexts that there are, for an inspector that comes later.
#[derive(Default)]
pub(crate) struct KnownContexts(RefCell<Vec<Known>>);

struct Known {
    context: v8::Weak<v8::Context>,
    name: String,
    origin: String,
}

/// After so many contexts those that have gone are forgotten.
const MANY: usize = 64;

impl KnownContexts {
    fn add(scope: &mut Scope<'_, '_>, context: v8::Local<'_, v8::Context>, args: &Args<'_>) {
        let name = args.get(4).to_rust_string_lossy(scope);
        let origin = args.get(5);
        let origin = if origin.is_undefined() { String::new() } else { origin.to_rust_string_lossy(scope) };
        Inspector::tell_of_context(scope, context, &name, &origin);
        let context = v8::Weak::new(scope, context);
        let known = Host::of(scope).extension::<KnownContexts>();
        let mut known = known.0.borrow_mut();
        if known.len() >= MANY && known.len().is_power_of_two() {
            known.retain(|known| !known.context.is_empty());
        }
        known.push(Known { context, name, origin });
    }

    /// All that there are, with their names and origins.
    pub(crate) fn all<'s>(scope: &mut Scope<'s, '_>) -> Vec<(v8::Local<'s, v8::Context>, String, String)> {
        let known = Host::of(scope).extension::<KnownContexts>();
        let known = known.0.borrow();
        let living = known.iter().filter_map(|Known { context, name, origin }| {
            Some((context.to_local(scope)?, name.clone(), origin.clone()))
        });
        living.collect()
    }
}

/// Marks a context in which WebAssembly may not be compiled.
struct NoWasm;

/// The private property of an object that has become a context's: the context's global object.
fn contextified_key<'s>(scope: &mut Scope<'s, '_>) -> v8::Local<'s, v8::Private> {
    let name = string(scope, "ironode:contextified");
    v8::Private::for_api(scope, Some(name))
}

/// The context behind a contextified object, or of the global object of one that is not.
pub fn context_of<'s>(
    scope: &mut Scope<'s, '_>,
    object: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Context>> {
    let object = v8::Local::<v8::Object>::try_from(object).ok()?;
    let key = contextified_key(scope);
    let global = v8::Local::<v8::Object>::try_from(object.get_private(scope, key)?).ok()?;
    global.get_creation_context(scope)
}

/// `isContext(object)`
pub(super) fn is_context<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    rv.set_bool(context_of(scope, args.get(0)).is_some());
}

/// `makeContext(contextObject, strings, wasm, ownQueue, name, origin)`: ties a new context to the object; without an
/// object, returns the global object of an ordinary one. Inspectors show the name and the origin.
pub(super) fn make_context<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let sandbox = v8::Local::<v8::Object>::try_from(args.get(0)).ok();
    let queue = args.get(3).is_true();
    let queue = queue.then(|| v8::MicrotaskQueue::new(scope, v8::MicrotasksPolicy::Explicit));
    let holder = if sandbox.is_some() { interceptors::Holder::new(scope) } else { None };
    let template = sandbox.zip(holder);
    let template = template.map(|(sandbox, holder)| interceptors::global_template(scope, sandbox, holder));
    let options = v8::ContextOptions {
        global_template: template,
        global_object: None,
        microtask_queue: queue.as_ref().map(|queue| std::ptr::from_ref(&**queue).cast_mut()),
    };
    let context = v8::Context::new(scope, options);
    if let Some(queue) = queue {
        context.set_slot(Rc::new(OwnQueue(queue)));
    }
    let token = scope.get_current_context().get_security_token(scope);
    context.set_security_token(token);
    if args.get(1).is_false() {
        context.set_allow_generation_from_strings(false);
    }
    if args.get(2).is_false() {
        scope.set_allow_wasm_code_generation_callback(may_compile_wasm);
        context.set_slot(Rc::new(NoWasm));
    }
    let global = context.global(scope);
    prepare(scope, context);
    KnownContexts::add(scope, context, &args);
    let key = contextified_key(scope);
    sandbox.unwrap_or(global).set_private(scope, key, global.into());
    match sandbox.zip(holder) {
        Some((sandbox, holder)) => holder.fill(sandbox),
        None => rv.set(global.into()),
    }
}

/// What V8 gives a context and Node takes away.
fn prepare(scope: &mut Scope<'_, '_>, context: v8::Local<'_, v8::Context>) {
    let context = v8::Local::new(scope, context);
    let scope = &mut v8::ContextScope::new(scope, context);
    let global = context.global(scope);
    let key = internalized(scope, "Intl");
    let Some(intl) = global.get_real_named_property(scope, key.into()) else { return };
    if let Ok(intl) = v8::Local::<v8::Object>::try_from(intl) {
        let key = internalized(scope, "v8BreakIterator");
        intl.delete(scope, key.into());
    }
}

extern "C" fn may_compile_wasm(context: v8::Local<'_, v8::Context>, _: v8::Local<'_, v8::String>) -> bool {
    context.get_slot::<NoWasm>().is_none()
}
