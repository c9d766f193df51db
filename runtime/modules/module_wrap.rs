//! ECMAScript modules as objects that JavaScript can hold. A wrap keeps V8's module in an internal field, so that
//! either lives as long as the other is needed; the loader in `js/internal/modules/esm` decides what is linked to
//! what and when it runs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ironode_ops::bind::code_cache::{Compilation, Compiled, Kind};
use ironode_ops::bind::convert::{internalized, string};
use ironode_ops::bind::{Binding, Host, script, uncaught};
use ironode_ops::binding;
use ironode_ops::vm;

use super::compile_cache::{self, Lookup};
use super::shadow_realm;

/// `internalBinding('module_wrap')`.
pub(crate) const BINDING: Binding = binding! {
    "module_wrap",
    raw: [
        compile, create_synthetic, requests, link, instantiate, evaluate, evaluate_sync, namespace, status, exception,
        is_graph_async, has_top_level_await, set_exports, stalled_awaits, source_map_url, code_cache, evaluate_in_context,
    ],
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;
type Scope<'a, 's, 'i> = &'a mut v8::PinScope<'s, 'i>;

/// The internal fields of a wrap: the module, the wraps that it is linked to, what a synthetic module runs.
const MODULE: usize = 0;
const LINKED: usize = 1;
const STEPS: usize = 2;
const FIELDS: usize = 3;

/// Import attributes stand as key, value and place in a request, as key and value in a dynamic import.
const STATIC_STRIDE: usize = 3;
const DYNAMIC_STRIDE: usize = 2;

/// The wraps of one runtime, so that V8's callbacks find them again by their module.
#[derive(Default)]
struct Wraps {
    template: RefCell<Option<v8::Global<v8::ObjectTemplate>>>,
    by_hash: RefCell<HashMap<i32, Vec<v8::Weak<v8::Object>>>>,
    /// How many wraps there may be before the dead ones are looked for.
    limit: Cell<usize>,
    /// The request that V8 asks for next: it goes through those of a module in order.
    next: Cell<(i32, usize)>,
}

impl Wraps {
    fn add(&self, scope: Scope<'_, '_, '_>, hash: i32, wrap: v8::Local<'_, v8::Object>) {
        let mut by_hash = self.by_hash.borrow_mut();
        if by_hash.len() >= self.limit.get() {
            by_hash.retain(|_, wraps| {
                wraps.retain(|wrap| !wrap.is_empty());
                !wraps.is_empty()
            });
            self.limit.set((by_hash.len() * 2).max(256));
        }
        by_hash.entry(hash).or_default().push(v8::Weak::new(scope, wrap));
    }

    fn find<'s>(
        &self,
        scope: Scope<'_, 's, '_>,
        module: v8::Local<'s, v8::Module>,
    ) -> Option<v8::Local<'s, v8::Object>> {
        let by_hash = self.by_hash.borrow();
        let candidates = by_hash.get(&module.get_identity_hash().get())?;
        for candidate in candidates {
            let Some(wrap) = candidate.to_local(scope) else { continue };
            if module_of(scope, wrap) == Some(module) {
                return Some(wrap);
            }
        }
        None
    }
}

/// Makes the object for a module and puts it on the list.
fn wrap<'s>(
    scope: Scope<'_, 's, '_>,
    module: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Object>> {
    let wraps = Host::of(scope).extension::<Wraps>();
    let template = {
        let mut cached = wraps.template.borrow_mut();
        let template = cached.get_or_insert_with(|| {
            let template = v8::ObjectTemplate::new(scope);
            template.set_internal_field_count(FIELDS);
            v8::Global::new(scope, template)
        });
        v8::Local::new(scope, &*template)
    };
    let object = template.new_instance(scope)?;
    object.set_internal_field(MODULE, module.into());
    wraps.add(scope, module.get_identity_hash().get(), object);
    Some(object)
}

fn module_of<'s>(
    scope: &v8::PinScope<'s, '_>,
    wrap: v8::Local<'s, v8::Object>,
) -> Option<v8::Local<'s, v8::Module>> {
    if wrap.internal_field_count() != FIELDS {
        return None;
    }
    wrap.get_internal_field(scope, MODULE)?.try_into().ok()
}

/// The module of the first argument.
fn module_arg<'s>(scope: &v8::PinScope<'s, '_>, args: &Args<'s>) -> Option<v8::Local<'s, v8::Module>> {
    let wrap = v8::Local::<v8::Object>::try_from(args.get(0)).ok()?;
    module_of(scope, wrap)
}

/// The array that V8 keeps with a script or module and gives back at a dynamic import: it holds `symbol`.
pub(crate) fn host_options<'s>(
    scope: Scope<'_, 's, '_>,
    symbol: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Data>> {
    let symbol = v8::Local::<v8::Symbol>::try_from(symbol).ok()?;
    let options = v8::PrimitiveArray::new(scope, 1);
    options.set(scope, 0, symbol.into());
    Some(options.into())
}

/// The context that an argument stands for; the current one where there is none.
fn context_or_current<'s>(
    scope: Scope<'_, 's, '_>,
    object: v8::Local<'s, v8::Value>,
) -> v8::Local<'s, v8::Context> {
    vm::context_of(scope, object).unwrap_or_else(|| scope.get_current_context())
}

/// The context that the wrap of the first argument and its module belong to.
fn own_context<'s>(scope: Scope<'_, 's, '_>, args: &Args<'s>) -> v8::Local<'s, v8::Context> {
    let wrap = v8::Local::<v8::Object>::try_from(args.get(0)).ok();
    wrap.and_then(|wrap| wrap.get_creation_context(scope)).unwrap_or_else(|| scope.get_current_context())
}

/// `compile(source, url, symbol, line, column, cache, context)`: the wrap of a module with that text. `symbol` tells whose
/// dynamic imports and `import.meta` are its own affair; undefined for the loader's own modules. `cache` is what
/// `codeCache` gave; where V8 does not take it, the property `cacheRejected` of the wrap says so. As a string, it is a
/// key of the compile cache. `context` is an object of `node:vm`, or undefined.
fn compile<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let context = context_or_current(scope, args.get(6));
    let scope = &mut v8::ContextScope::new(scope, context);
    let options = host_options(scope, args.get(2));
    let line = args.get(3).int32_value(scope).unwrap_or(0);
    let column = args.get(4).int32_value(scope).unwrap_or(0);
    let origin =
        v8::ScriptOrigin::new(scope, args.get(1), line, column, false, 0, None, false, false, true, options);
    let cache = script::cached_data(args.get(5));
    let lookup = Lookup::new(scope, compile_cache::Kind::Module, args.get(5), text);
    let is_new = cache.is_none() && lookup.as_ref().is_none_or(Lookup::is_new);
    let compilation = is_new.then(|| Compilation::of_text(scope, Kind::Module, args.get(1), text));
    let (mut source, how) = match (&compilation, &lookup) {
        (Some(compilation), _) => compilation.source(text, &origin),
        (None, Some(lookup)) => lookup.source(text, &origin),
        (None, None) => script::source(text, &origin, cache.as_ref()),
    };
    let reason = v8::script_compiler::NoCacheReason::NoReason;
    let module = {
        v8::tc_scope!(let caught, scope);
        let module = v8::script_compiler::compile_module2(caught, &mut source, how, reason);
        if module.is_none() {
            uncaught::keep_place(caught);
        }
        module
    };
    let Some(module) = module else { return };
    let Some(object) = wrap(scope, module) else { return };
    let compiled = || Compiled::Module(v8::Global::new(scope, module.get_unbound_module_script(scope)));
    if let Some(lookup) = lookup {
        lookup.finish(&source, compiled);
    }
    if let Some(compilation) = compilation {
        compilation.finish(&source, compiled);
    } else if cache.is_some() && source.get_cached_data().is_some_and(|data| data.rejected()) {
        let key = internalized(scope, "cacheRejected").into();
        let yes = v8::Boolean::new(scope, true).into();
        object.set(scope, key, yes);
    }
    rv.set(object.into());
}

/// `createSynthetic(url, names, steps, context)`: a module with these exports; `steps` is called with the wrap when it is
/// evaluated, and sets them.
fn create_synthetic<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(url) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let Ok(list) = v8::Local::<v8::Array>::try_from(args.get(1)) else { return };
    let mut names = Vec::with_capacity(list.length() as usize);
    for index in 0..list.length() {
        let name = list.get_index(scope, index);
        let name = name.and_then(|name| v8::Local::<v8::String>::try_from(name).ok());
        names.extend(name);
    }
    let context = context_or_current(scope, args.get(3));
    let scope = &mut v8::ContextScope::new(scope, context);
    let module = v8::Module::create_synthetic_module(scope, url, &names, evaluate_synthetic);
    let Some(object) = wrap(scope, module) else { return };
    object.set_internal_field(STEPS, args.get(2).into());
    rv.set(object.into());
}

/// What V8 calls for the evaluation of a synthetic module. The result is a promise that is settled already.
fn evaluate_synthetic<'s>(
    context: v8::Local<'s, v8::Context>,
    module: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Value>> {
    v8::callback_scope!(unsafe scope, context);
    let wraps = Host::of(scope).extension::<Wraps>();
    let wrap = wraps.find(scope, module)?;
    let steps = wrap.get_internal_field(scope, STEPS)?;
    let steps = v8::Local::<v8::Value>::try_from(steps).ok()?;
    if let Ok(steps) = v8::Local::<v8::Function>::try_from(steps) {
        let receiver = v8::undefined(scope).into();
        steps.call(scope, receiver, &[wrap.into()])?;
    }
    let resolver = v8::PromiseResolver::new(scope)?;
    let done = v8::undefined(scope).into();
    resolver.resolve(scope, done)?;
    Some(resolver.get_promise(scope).into())
}

/// Import attributes as an object without prototype; undefined where there are none.
fn attributes<'s>(
    scope: Scope<'_, 's, '_>,
    list: v8::Local<'s, v8::FixedArray>,
    stride: usize,
) -> v8::Local<'s, v8::Value> {
    if list.length() == 0 {
        return v8::undefined(scope).into();
    }
    let null = v8::null(scope).into();
    let object = v8::Object::with_prototype_and_properties(scope, null, &[], &[]);
    for index in (0..list.length()).step_by(stride) {
        let pair = [index, index + 1].map(|at| list.get(scope, at));
        let [Some(key), Some(value)] = pair.map(|item| item.and_then(|item| item.try_into().ok())) else {
            continue;
        };
        let key: v8::Local<v8::Value> = key;
        object.set(scope, key, value);
    }
    object.into()
}

fn phase_number(phase: v8::ModuleImportPhase) -> i32 {
    match phase {
        v8::ModuleImportPhase::kSource => 1,
        v8::ModuleImportPhase::kDefer => 2,
        v8::ModuleImportPhase::kEvaluation => 0,
    }
}

/// `requests(wrap)`: what the module imports, as a flat list of specifier, attributes (an object or undefined) and
/// phase (0 evaluation, 1 source, 2 defer).
fn requests<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let requests = module.get_module_requests();
    let mut items = Vec::with_capacity(requests.length() * 3);
    for index in 0..requests.length() {
        let Some(request) = request(scope, requests, index) else { continue };
        let attributes = attributes(scope, request.get_import_attributes(), STATIC_STRIDE);
        let phase = v8::Integer::new(scope, phase_number(request.get_phase()));
        items.extend([request.get_specifier().into(), attributes, phase.into()]);
    }
    rv.set(v8::Array::new_with_elements(scope, &items).into());
}

fn request<'s>(
    scope: &v8::PinScope<'s, '_>,
    requests: v8::Local<'s, v8::FixedArray>,
    index: usize,
) -> Option<v8::Local<'s, v8::ModuleRequest>> {
    requests.get(scope, index)?.try_into().ok()
}

/// `link(wrap, wraps)`: which wrap each request of the module means, in the order of `requests`; for the source
/// phase, what the import gives.
fn link<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(wrap) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    if module_of(scope, wrap).is_some() {
        wrap.set_internal_field(LINKED, args.get(1).into());
    }
}

/// `instantiate(wrap, inStack)`: connects imports and exports of the whole graph. The stack of a mistake begins with
/// its place where `inStack` is set; else the place shows in the report of the uncaught error.
fn instantiate<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let in_stack = args.get(1).is_true();
    let context = own_context(scope, &args);
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let caught, scope);
    if module.instantiate_module2(caught, resolve_module, resolve_source).is_some() {
        return;
    }
    if in_stack {
        uncaught::rethrow_link_error(caught);
    } else {
        uncaught::keep_place(caught);
    }
}

/// What the request that V8 asks for was linked to.
fn linked<'s>(
    scope: Scope<'_, 's, '_>,
    specifier: v8::Local<'s, v8::String>,
    wanted: v8::Local<'s, v8::FixedArray>,
    referrer: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Object>> {
    let wraps = Host::of(scope).extension::<Wraps>();
    let wrap = wraps.find(scope, referrer)?;
    let list = wrap.get_internal_field(scope, LINKED)?;
    let list = v8::Local::<v8::Value>::try_from(list).ok()?;
    let list = v8::Local::<v8::Array>::try_from(list).ok();
    let Some(list) = list else {
        let text = "linking error, dependency was not linked";
        let text = string(scope, text);
        let error = v8::Exception::error(scope, text);
        scope.throw_exception(error);
        return None;
    };
    let hash = referrer.get_identity_hash().get();
    let requests = referrer.get_module_requests();
    let fits = |index: usize| {
        request(scope, requests, index).is_some_and(|request| {
            request.get_specifier().strict_equals(specifier.into())
                && same_attributes(scope, request.get_import_attributes(), wanted)
        })
    };
    let start = match wraps.next.get() {
        (last, next) if last == hash => next,
        _ => 0,
    };
    let index =
        (start..requests.length()).chain(0..start.min(requests.length())).find(|index| fits(*index))?;
    wraps.next.set((hash, index + 1));
    list.get_index(scope, u32::try_from(index).ok()?)?.try_into().ok()
}

fn same_attributes<'s>(
    scope: &v8::PinScope<'s, '_>,
    one: v8::Local<'s, v8::FixedArray>,
    other: v8::Local<'s, v8::FixedArray>,
) -> bool {
    one.length() == other.length()
        && (0..one.length()).filter(|index| index % STATIC_STRIDE != 2).all(|index| {
            let [one, other] = [one, other].map(|list| {
                list.get(scope, index).and_then(|item| v8::Local::<v8::Value>::try_from(item).ok())
            });
            matches!((one, other), (Some(one), Some(other)) if one.strict_equals(other))
        })
}

fn resolve_module<'s>(
    context: v8::Local<'s, v8::Context>,
    specifier: v8::Local<'s, v8::String>,
    attributes: v8::Local<'s, v8::FixedArray>,
    referrer: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Module>> {
    v8::callback_scope!(unsafe scope, context);
    let wrap = linked(scope, specifier, attributes, referrer)?;
    module_of(scope, wrap)
}

fn resolve_source<'s>(
    context: v8::Local<'s, v8::Context>,
    specifier: v8::Local<'s, v8::String>,
    attributes: v8::Local<'s, v8::FixedArray>,
    referrer: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Object>> {
    v8::callback_scope!(unsafe scope, context);
    linked(scope, specifier, attributes, referrer)
}

/// `evaluate(wrap)`: runs the graph; a promise that is settled when all of it is done.
fn evaluate<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    if let Some(promise) = module.evaluate(scope) {
        rv.set(promise);
    }
}

/// `evaluateInContext(wrap, timeout, breakOnSigint)`: as `evaluate`, in the context of the module and for at most so
/// many milliseconds; -1 is no limit.
fn evaluate_in_context<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let context = own_context(scope, &args);
    let timeout = u64::try_from(args.get(1).integer_value(scope).unwrap_or(-1)).ok();
    if let Some(promise) = vm::evaluate_module(scope, context, module, timeout, args.get(2).is_true()) {
        rv.set(promise);
    }
}

/// `evaluateSync(wrap)`: runs a graph that awaits nothing, and throws what it throws.
fn evaluate_sync<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let Some(promise) = module.evaluate(scope) else { return };
    if module.get_status() == v8::ModuleStatus::Errored {
        if let Ok(promise) = v8::Local::<v8::Promise>::try_from(promise) {
            promise.mark_as_handled();
        }
        return uncaught::throw_from_its_place(scope, module.get_exception());
    }
    rv.set(promise);
}

/// `namespace(wrap)`: the module namespace, of a module that is instantiated.
fn namespace<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    rv.set(module.get_module_namespace());
}

/// `status(wrap)`: 0 uninstantiated, 1 instantiating, 2 instantiated, 3 evaluating, 4 evaluated, 5 errored.
fn status<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    rv.set_int32(match module.get_status() {
        v8::ModuleStatus::Uninstantiated => 0,
        v8::ModuleStatus::Instantiating => 1,
        v8::ModuleStatus::Instantiated => 2,
        v8::ModuleStatus::Evaluating => 3,
        v8::ModuleStatus::Evaluated => 4,
        v8::ModuleStatus::Errored => 5,
    });
}

/// `exception(wrap)`: what a module with status 5 has thrown.
fn exception<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    if module.get_status() == v8::ModuleStatus::Errored {
        rv.set(module.get_exception());
    }
}

/// `isGraphAsync(wrap)`: whether the module or one that it needs awaits; the module is instantiated.
fn is_graph_async<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    rv.set_bool(module.is_graph_async());
}

/// `hasTopLevelAwait(wrap)`: whether the module itself awaits.
fn has_top_level_await<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    rv.set_bool(module.is_source_text_module() && module.has_top_level_await());
}

/// `setExports(wrap, names, values)`: the values of exports of a synthetic module that is instantiated.
fn set_exports<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let Ok(names) = v8::Local::<v8::Array>::try_from(args.get(1)) else { return };
    let Ok(values) = v8::Local::<v8::Array>::try_from(args.get(2)) else { return };
    for index in 0..names.length() {
        let Some(name) = names.get_index(scope, index) else { return };
        let Ok(name) = v8::Local::<v8::String>::try_from(name) else { return };
        let Some(value) = values.get_index(scope, index) else { return };
        if module.set_synthetic_module_export(scope, name, value).is_none() {
            return;
        }
    }
}

/// `stalledAwaits(wrap)`: for each `await` that the graph has come to and not past, its place and source line in
/// the form of an uncaught error.
fn stalled_awaits<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    let mut places = Vec::new();
    for (_, message) in module.get_stalled_top_level_await_message(scope) {
        let place = uncaught::place(scope, message);
        places.push(string(scope, &place).into());
    }
    rv.set(v8::Array::new_with_elements(scope, &places).into());
}

/// `sourceMapUrl(wrap)`: what the comment `//# sourceMappingURL=` says; undefined without one.
fn source_map_url<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    if module.is_source_text_module() && module.get_status() != v8::ModuleStatus::Errored {
        let script = module.get_unbound_module_script(scope);
        rv.set(script.get_source_mapping_url(scope));
    }
}

/// `codeCache(wrap)`: the compiled form of the module, for `compile`.
fn code_cache<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(module) = module_arg(scope, &args) else { return };
    if !module.is_source_text_module() || module.get_status() == v8::ModuleStatus::Errored {
        return;
    }
    let script = module.get_unbound_module_script(scope);
    if let Some(cache) = script.create_code_cache() {
        rv.set(ironode_ops::bind::convert::uint8_array(scope, cache.to_vec()).into());
    }
}

/// V8's callback for `import()`: the loader makes the promise.
pub(crate) fn import_dynamically<'s>(
    scope: Scope<'_, 's, '_>,
    options: v8::Local<'s, v8::Data>,
    referrer: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let phase = v8::ModuleImportPhase::kEvaluation;
    import_with_phase(scope, options, referrer, specifier, phase, attributes)
}

/// V8's callback for `import.source()` and `import.defer()`.
pub(crate) fn import_with_phase<'s>(
    scope: Scope<'_, 's, '_>,
    options: v8::Local<'s, v8::Data>,
    referrer: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    phase: v8::ModuleImportPhase,
    list: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let host = Host::of(scope);
    let hooks = host.hooks()?;
    let import = match shadow_realm::hook(scope, "importModuleDynamically") {
        Some(import) => import,
        None => v8::Local::new(scope, &hooks.import_module_dynamically),
    };
    let symbol = symbol_of(scope, options);
    let attributes = attributes(scope, list, DYNAMIC_STRIDE);
    let phase = v8::Integer::new(scope, phase_number(phase)).into();
    let receiver = v8::undefined(scope).into();
    let promise = import.call(scope, receiver, &[symbol, referrer, specifier.into(), attributes, phase])?;
    let promise = v8::Local::<v8::Promise>::try_from(promise).ok()?;
    let context = scope.get_current_context();
    if promise.get_creation_context(scope) == Some(context) {
        return Some(promise);
    }
    // Code in another context gets a promise of its own world.
    let resolver = v8::PromiseResolver::new(scope)?;
    resolver.resolve(scope, promise.into())?;
    Some(resolver.get_promise(scope))
}

/// The symbol of [`host_options`]; undefined where there are none.
fn symbol_of<'s>(scope: Scope<'_, 's, '_>, options: v8::Local<'s, v8::Data>) -> v8::Local<'s, v8::Value> {
    let list = v8::Local::<v8::FixedArray>::try_from(options).ok().filter(|list| list.length() > 0);
    let symbol = list.and_then(|list| list.get(scope, 0)).and_then(|item| item.try_into().ok());
    symbol.unwrap_or_else(|| v8::undefined(scope).into())
}

/// V8's callback for the first use of `import.meta` in a module.
pub(crate) fn initialize_import_meta<'s>(
    scope: Scope<'_, 's, '_>,
    module: v8::Local<'s, v8::Module>,
    meta: v8::Local<'s, v8::Object>,
) {
    let host = Host::of(scope);
    let Some(hooks) = host.hooks() else { return };
    let Some(wrap) = host.extension::<Wraps>().find(scope, module) else { return };
    let initialize = match shadow_realm::hook(scope, "initializeImportMeta") {
        Some(initialize) => initialize,
        None => v8::Local::new(scope, &hooks.initialize_import_meta),
    };
    let receiver = v8::undefined(scope).into();
    initialize.call(scope, receiver, &[wrap.into(), meta.into()]);
}
