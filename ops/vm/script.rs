//! Compiling: the class `ContextifyScript` and functions from text.

use super::{Args, Return, Scope, context, run};
use crate::bind::Exported;
use crate::bind::convert::{Bytes, IntoJs, internalized, set};
use crate::bind::{script as holder, uncaught};
use crate::exported;
use crate::trace_events::Span;
use crate::trace_events::category::VM;
use crate::trace_events::event::quoted;

use v8::script_compiler::{NoCacheReason, Source};

fn constructor() -> Exported {
    exported!("contextify_script", |scope, args, rv| {
        let _ = rv;
        construct(scope, &args);
    })
}

fn methods() -> [Exported; 2] {
    [
        exported!("create_cached_data", |scope, args, rv| { create_cached_data(scope, &args, rv) }),
        exported!("run_in_context", |scope, args, rv| { run::run_in_context(scope, &args, rv) }),
    ]
}

/// Puts the class on the binding object.
pub(super) fn install<'s>(scope: &mut Scope<'s, '_>, binding: v8::Local<'s, v8::Object>) {
    let template = holder::class_template(scope, constructor().callback);
    template.set_class_name(internalized(scope, "ContextifyScript"));
    let prototype = template.prototype_template(scope);
    for exported in methods() {
        let method = holder::method(scope, template, exported.callback);
        prototype.set(exported.key(scope).into(), method.into());
    }
    if let Some(class) = template.get_function(scope) {
        set(scope, binding, "ContextifyScript", class.into());
    }
}

/// The native addresses that the class refers to.
pub(super) fn references() -> Vec<v8::ExternalReference> {
    let functions = std::iter::once(constructor()).chain(methods());
    functions.map(|function| v8::ExternalReference { function: function.callback }).collect()
}

/// Where a text comes from, as arguments from `first`: its name, the offsets of its first line and
/// column; and, apart from them, the symbol under which its `import()` is known.
fn origin<'s>(
    scope: &mut Scope<'s, '_>,
    args: &Args<'s>,
    first: i32,
    symbol: v8::Local<'s, v8::Value>,
) -> v8::ScriptOrigin<'s> {
    let line = args.get(first + 1).int32_value(scope).unwrap_or(0);
    let column = args.get(first + 2).int32_value(scope).unwrap_or(0);
    let options = v8::Local::<v8::Symbol>::try_from(symbol).ok().map(|symbol| {
        let options = v8::PrimitiveArray::new(scope, 1);
        options.set(scope, 0, symbol.into());
        options.into()
    });
    v8::ScriptOrigin::new(scope, args.get(first), line, column, true, -1, None, false, false, false, options)
}

/// Says on `object` whether a cache was refused, and keeps a new one where it was asked for.
fn report_cache<'s>(
    scope: &mut Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    source: &Source,
    produced: Option<Option<Vec<u8>>>,
) {
    if let Some(cache) = source.get_cached_data() {
        let rejected = v8::Boolean::new(scope, cache.rejected()).into();
        set(scope, object, "cachedDataRejected", rejected);
    }
    let Some(produced) = produced else { return };
    let success = v8::Boolean::new(scope, produced.is_some()).into();
    if let Some(Ok(bytes)) = produced.map(|bytes| Bytes(bytes).into_js(scope)) {
        set(scope, object, "cachedData", bytes);
    }
    set(scope, object, "cachedDataProduced", success);
}

/// `new ContextifyScript(code, filename, line, column, cachedData, produceCachedData, symbol)`
fn construct<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let _span = Span::with_ends(&VM, "ContextifyScript::New", || {
        format!("{{\"filename\":{}}}", quoted(&args.get(1).to_rust_string_lossy(scope)))
    });
    let this = args.this();
    let origin = origin(scope, args, 1, args.get(6));
    let cache = holder::cached_data(args.get(4));
    let (mut source, options) = holder::source(text, &origin, cache.as_ref());
    let script = {
        v8::tc_scope!(let caught, scope);
        let script = v8::script_compiler::compile_unbound_script(
            caught,
            &mut source,
            options,
            NoCacheReason::NoReason,
        );
        if script.is_none() {
            uncaught::rethrow_with_place(caught);
        }
        script
    };
    let Some(script) = script else { return };
    holder::keep(this, script);
    let produced = args.get(5).is_true().then(|| script.create_code_cache().map(|cache| cache.to_vec()));
    report_cache(scope, this, &source, produced);
    let url = script.get_source_url(scope);
    set(scope, this, "sourceURL", url);
    let url = script.get_source_mapping_url(scope);
    set(scope, this, "sourceMapURL", url);
}

/// `createCachedData()`: the bytes of the compiled script.
fn create_cached_data<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: Return<'s>) {
    let Some(script) = holder::kept(scope, args.this()) else { return };
    let cache = script.create_code_cache().map(|cache| cache.to_vec()).unwrap_or_default();
    if let Ok(bytes) = Bytes(cache).into_js(scope) {
        rv.set(bytes);
    }
}

fn objects<'s>(scope: &mut Scope<'s, '_>, list: v8::Local<'s, v8::Value>) -> Vec<v8::Local<'s, v8::Value>> {
    let Ok(list) = v8::Local::<v8::Array>::try_from(list) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get_index(scope, index)).collect()
}

/// `compileFunction(code, filename, line, column, cachedData, produceCachedData, parsingContext,
/// contextExtensions, parameters, symbol)`: an object with the `function` and what became of caches.
pub(super) fn compile_function<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let origin = origin(scope, &args, 1, args.get(9));
    let cache = holder::cached_data(args.get(4));
    let (mut source, options) = holder::source(text, &origin, cache.as_ref());
    let extensions = objects(scope, args.get(7));
    let extensions: Vec<_> = extensions.into_iter().filter_map(|object| object.try_into().ok()).collect();
    let parameters = objects(scope, args.get(8));
    let parameters: Vec<_> = parameters.into_iter().filter_map(|name| name.try_into().ok()).collect();
    let parsing = context::context_of(scope, args.get(6)).unwrap_or_else(|| scope.get_current_context());
    let function = {
        let scope = &mut v8::ContextScope::new(scope, parsing);
        v8::tc_scope!(let caught, scope);
        let function = v8::script_compiler::compile_function(
            caught,
            &mut source,
            &parameters,
            &extensions,
            options,
            NoCacheReason::NoReason,
        );
        if function.is_none() {
            uncaught::rethrow_with_place(caught);
        }
        function
    };
    let Some(function) = function else { return };
    let result = v8::Object::new(scope);
    set(scope, result, "function", function.into());
    let produced = args.get(5).is_true().then(|| function.create_code_cache().map(|cache| cache.to_vec()));
    report_cache(scope, result, &source, produced);
    rv.set(result.into());
}
