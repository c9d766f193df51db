//! From an empty context to one in which Node's modules live: with the start-up snapshot, or, where
//! there is none (debug builds), by running the same files.

use ironode_ops::bind::convert::internalized;
use ironode_ops::bind::shared::SharedArray;
use ironode_ops::bind::state::{Config, Hooks};
use ironode_ops::bind::{Exported, Host};
use ironode_ops::exported;

use crate::isolate;
use crate::modules::builtin;

/// The place of the bootstrap's exports among the snapshot's context data.
const EXPORTS: usize = 0;

/// The place of Node's context in the snapshot, beside the default one.
const NODE_CONTEXT: usize = 0;

/// Runs the bootstrap files in a new context and returns what the last one exports.
pub(crate) fn run<'s>(scope: &mut v8::PinScope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
    let process = v8::Object::new(scope);
    run_file(scope, process, "internal/bootstrap/node")
}

/// Runs one file of a layer that is loaded anew for the current context, and returns what it exports.
pub(crate) fn run_file<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    process: v8::Local<'s, v8::Object>,
    id: &str,
) -> Option<v8::Local<'s, v8::Object>> {
    let [internal_binding, compile_builtin] = natives().map(|exported| {
        let function = v8::FunctionTemplate::builder_raw(exported.callback).build(scope).get_function(scope);
        let key = exported.key(scope);
        function.inspect(|function| function.set_name(key))
    });
    let loader = load(
        scope,
        "internal/bootstrap/realm",
        &[compile_builtin?.into(), process.into(), internal_binding?.into()],
    )?;
    let require = get(scope, loader, "requireBuiltin")?;
    let require = v8::Local::<v8::Function>::try_from(require).ok()?;
    let id = internalized(scope, id).into();
    let receiver = v8::undefined(scope).into();
    require.call(scope, receiver, &[id])?.try_into().ok()
}

/// Calls the wrapper of one file with `require`, `process` and `internalBinding` as given.
fn load<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    id: &str,
    [require, process, internal_binding]: &[v8::Local<'s, v8::Value>; 3],
) -> Option<v8::Local<'s, v8::Object>> {
    let function = builtin::compile(scope, id)?;
    let module = v8::Object::new(scope);
    let exports = v8::Object::new(scope);
    let key = internalized(scope, "exports").into();
    module.set(scope, key, exports.into())?;
    let receiver = v8::undefined(scope).into();
    let args = [exports.into(), *require, module.into(), *process, *internal_binding];
    function.call(scope, receiver, &args)?;
    get(scope, module, "exports")?.try_into().ok()
}

fn get<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    let key = internalized(scope, name).into();
    object.get(scope, key)
}

/// `internalBinding(name)` and `compileBuiltin(id)` as the loader gets them.
fn natives() -> [Exported; 2] {
    [
        exported!("internal_binding", |scope, args, rv| {
            let name = args.get(0).to_rust_string_lossy(scope);
            let mut rv = rv;
            if let Some(binding) = isolate::bindings().find(|binding| binding.name == name) {
                rv.set(binding.instantiate(scope).into());
            }
        }),
        exported!("compile_builtin", |scope, args, rv| {
            let id = args.get(0).to_rust_string_lossy(scope);
            let mut rv = rv;
            if let Some(function) = builtin::compile(scope, &id) {
                rv.set(function.into());
            }
        }),
    ]
}

/// The native addresses that the bootstrap itself leaves in a snapshot.
pub(crate) fn external_references() -> impl Iterator<Item = v8::ExternalReference> {
    natives().into_iter().map(|native| v8::ExternalReference { function: native.callback })
}

/// Makes the snapshot that release builds start from.
#[allow(dead_code, reason = "the build script calls it, the library does not")]
pub(crate) fn snapshot() -> Result<Vec<u8>, String> {
    isolate::initialize(&[], false);
    let mut creator = v8::Isolate::snapshot_creator(Some(isolate::external_references().into()), None);
    let host = Host::new(&creator, Config::default());
    creator.set_slot(host);
    if let Err(error) = fill(&mut creator) {
        // It must not be dropped before it has made a snapshot.
        std::mem::forget(creator);
        return Err(error);
    }
    let blob = creator.create_blob(v8::FunctionCodeHandling::Keep);
    blob.map(|blob| blob.to_vec()).ok_or_else(|| String::from("V8 made no snapshot"))
}

/// Makes the contexts of the snapshot.
#[allow(dead_code, reason = "the build script calls it, the library does not")]
fn fill(creator: &mut v8::OwnedIsolate) -> Result<(), String> {
    v8::scope!(let scope, creator);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let Some(exports) = run(scope) else {
        let text = scope.stack_trace().or(scope.exception());
        return Err(text.map_or_else(String::new, |text| text.to_rust_string_lossy(scope)));
    };
    if call(scope, exports, "rehearse").is_none() {
        let text = scope.stack_trace().or(scope.exception());
        return Err(text.map_or_else(String::new, |text| text.to_rust_string_lossy(scope)));
    }
    keep(scope, context, exports)
}

/// Makes the contexts those of the snapshot.
pub(crate) fn keep<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    context: v8::Local<'s, v8::Context>,
    exports: v8::Local<'s, v8::Object>,
) -> Result<(), String> {
    let index = scope.add_context_data(context, exports);
    if index != EXPORTS {
        return Err(format!("the bootstrap's exports stand at {index}"));
    }
    // The default is what `node:vm` makes new contexts from: as V8 has them.
    let plain = v8::Context::new(scope, v8::ContextOptions::default());
    scope.set_default_context(plain);
    let index = scope.add_context(context);
    if index != NODE_CONTEXT {
        return Err(format!("Node's context stands at {index}"));
    }
    Ok(())
}

/// Makes of that snapshot the one that large programs start from: see `js/internal/bootstrap/large.js`.
#[allow(dead_code, reason = "the build script calls it, the library does not")]
pub(crate) fn large_snapshot(small: &'static [u8]) -> Result<Vec<u8>, String> {
    let mut creator = v8::Isolate::snapshot_creator_from_existing_snapshot(
        v8::StartupData::from(small),
        Some(isolate::external_references().into()),
        None,
    );
    let host = Host::new(&creator, Config::default());
    creator.set_slot(host);
    if let Err(error) = enlarge(&mut creator) {
        // It must not be dropped before it has made a snapshot.
        std::mem::forget(creator);
        return Err(error);
    }
    let blob = creator.create_blob(v8::FunctionCodeHandling::Keep);
    blob.map(|blob| blob.to_vec()).ok_or_else(|| String::from("V8 made no large snapshot"))
}

/// Fills the contexts of the large snapshot.
#[allow(dead_code, reason = "the build script calls it, the library does not")]
fn enlarge(creator: &mut v8::OwnedIsolate) -> Result<(), String> {
    v8::scope!(let scope, creator);
    let (context, exports) = context(scope, true)?;
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    if call(scope, exports, "enlarge").is_none() {
        let text = scope.stack_trace().or(scope.exception());
        return Err(text.map_or_else(String::new, |text| text.to_rust_string_lossy(scope)));
    }
    keep(scope, context, exports)
}

/// What V8 makes of the files, to be kept beside the snapshot that it goes with: the functions that `training.js` has
/// needed are compiled, the others will be when they are called. The order is that of their names.
#[allow(dead_code, reason = "the build script calls it, the library does not")]
pub(crate) fn code(snapshot: &'static [u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut isolate = isolate::create(Some(snapshot), &isolate::Limits::default());
    let host = Host::new(&isolate, Config::default());
    isolate.set_slot(host);
    v8::scope!(let scope, &mut isolate);
    let (context, exports) = context(scope, true)?;
    let scope = &mut v8::ContextScope::new(scope, context);
    v8::tc_scope!(let scope, scope);
    let in_snapshot =
        call(scope, exports, "loadedIds").map(|ids| ids.to_rust_string_lossy(scope)).unwrap_or_default();
    if call(scope, exports, "train").is_none() {
        let text = scope.stack_trace().or(scope.exception());
        return Err(text.map_or_else(String::new, |text| text.to_rust_string_lossy(scope)));
    }
    let mut files = Vec::new();
    for id in ironode_js::ids() {
        if in_snapshot.split(' ').any(|loaded| loaded == id) {
            files.push(Vec::new());
            continue;
        }
        // V8 still has what it has made of a text, with all that was compiled since.
        let code = builtin::compile(scope, &id).and_then(|function| function.create_code_cache());
        files.push(code.map_or_else(Vec::new, |code| code.to_vec()));
    }
    Ok(files)
}

/// Calls an export of the bootstrap.
fn call<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exports: v8::Local<'s, v8::Object>,
    name: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    let function = function(scope, exports, name)?;
    let function = v8::Local::new(scope, function);
    let receiver = v8::undefined(scope).into();
    function.call(scope, receiver, &[])
}

/// The context of a runtime: from the snapshot, or made here.
pub(crate) fn context<'s>(
    scope: &mut v8::PinScope<'s, '_, ()>,
    from_snapshot: bool,
) -> Result<(v8::Local<'s, v8::Context>, v8::Local<'s, v8::Object>), String> {
    let options = v8::ContextOptions::default();
    let context = if from_snapshot {
        let context = v8::Context::from_snapshot(scope, NODE_CONTEXT, options);
        context.ok_or_else(|| String::from("the snapshot has no context"))?
    } else {
        v8::Context::new(scope, options)
    };
    let entered = &mut v8::ContextScope::new(scope, context);
    if from_snapshot {
        let exports = entered.get_context_data_from_snapshot_once::<v8::Object>(EXPORTS);
        return exports.map(|exports| (context, exports)).map_err(|error| error.to_string());
    }
    v8::tc_scope!(let entered, entered);
    // Scripts of a snapshot are shown to every debugger; these are to be shown too.
    ironode_ops::inspector::begin(entered);
    if let Some(exports) = run(entered) {
        return Ok((context, exports));
    }
    let text = entered.stack_trace().or(entered.exception());
    Err(text.map_or_else(String::new, |text| text.to_rust_string_lossy(entered)))
}

/// Takes from the bootstrap's exports what the host calls and reads; of a program that is to be kept where `is_kept`
/// is set.
pub(crate) fn hooks<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exports: v8::Local<'s, v8::Object>,
    is_kept: bool,
) -> Option<Hooks> {
    let process: v8::Local<v8::Object> = get(scope, exports, "process")?.try_into().ok()?;
    Some(Hooks {
        process: v8::Global::new(scope, process),
        process_ticks: function(scope, exports, "processTicks")?,
        process_timers: function(scope, exports, "processTimers")?,
        process_immediates: function(scope, exports, "processImmediates")?,
        describe_uncaught: function(scope, exports, "describeUncaught")?,
        on_promise_reject: function(scope, exports, "onPromiseReject")?,
        prepare_stack_trace: function(scope, exports, "prepareStackTrace")?,
        import_module_dynamically: function(scope, exports, "importModuleDynamically")?,
        start_wasm_streaming: function(scope, exports, "startWasmStreaming")?,
        initialize_import_meta: function(scope, exports, "initializeImportMeta")?,
        prepare_inspection: function(scope, exports, "prepareInspection")?,
        refresh_tracing: function(scope, exports, "refreshTracing")?,
        original_place: function(scope, exports, "originalPlace")?,
        read_export: function(scope, exports, "readExport")?,
        emit_before_exit: function(scope, exports, "emitBeforeExit")?,
        track_request: function(scope, exports, "trackRequest")?,
        // A program that is kept does not end here.
        emit_exit: function(scope, exports, if is_kept { "keep" } else { "emitExit" })?,
        tick_info: SharedArray::new(array(scope, exports, "tickInfo")?),
        immediate_info: SharedArray::new(array(scope, exports, "immediateInfo")?),
        timer_info: SharedArray::new(array(scope, exports, "timerInfo")?),
    })
}

/// A function that the bootstrap exports.
pub(crate) fn function<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exports: v8::Local<'s, v8::Object>,
    name: &str,
) -> Option<v8::Global<v8::Function>> {
    let function: v8::Local<v8::Function> = get(scope, exports, name)?.try_into().ok()?;
    Some(v8::Global::new(scope, function))
}

fn array<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    exports: v8::Local<'s, v8::Object>,
    name: &str,
) -> Option<v8::SharedRef<v8::BackingStore>> {
    let view: v8::Local<v8::ArrayBufferView> = get(scope, exports, name)?.try_into().ok()?;
    view.get_backing_store()
}
