//! The files of the JavaScript layer as functions.

use ironode_ops::bind::Binding;
use ironode_ops::bind::code_cache::{Compilation, Compiled};
use ironode_ops::bind::convert::{internalized, string};
use ironode_ops::binding;
use v8::script_compiler::{CachedData, CompileOptions, Source};

/// `internalBinding('builtins')`.
pub(crate) const BINDING: Binding = binding! { "builtins", sync: [ids, has_typescript] };

const PARAMETERS: [&str; 5] = ["exports", "require", "module", "process", "internalBinding"];

/// Files that the snapshot holds and of which every program, or every server, needs nearly all functions: they are
/// compiled at once.
const WHOLE: [&str; 4] =
    ["internal/main", "internal/process/exit", "internal/process/ticks", "internal/timers"];

/// The names of all files of the JavaScript layer.
fn ids() -> Vec<String> {
    ironode_js::ids().map(std::borrow::Cow::into_owned).collect()
}

/// Whether TypeScript can be run.
fn has_typescript() -> bool {
    cfg!(feature = "typescript")
}

/// The text of the file `id`, and what V8 has made of it when Ironode was built.
type Found<'s> = (v8::Local<'s, v8::String>, Option<&'static [u8]>);

#[cfg(debug_assertions)]
fn find<'s>(scope: &mut v8::PinScope<'s, '_>, id: &str) -> Option<Found<'s>> {
    v8::String::new(scope, &ironode_js::source(id)?).map(|text| (text, None))
}

#[cfg(not(debug_assertions))]
fn find<'s>(scope: &mut v8::PinScope<'s, '_>, id: &str) -> Option<Found<'s>> {
    let position = ironode_js::position(id)?;
    let text = v8::String::new_from_onebyte_const(scope, &crate::isolate::TEXTS[position])?;
    Some((text, crate::code_at(position)))
}

/// Compiles the file `id` as `node:id`; without such a file, or with a mistake in it, an exception is
/// pending.
pub(crate) fn compile<'s>(scope: &mut v8::PinScope<'s, '_>, id: &str) -> Option<v8::Local<'s, v8::Function>> {
    let Some((text, code)) = find(scope, id) else {
        let message = string(scope, &format!("Ironode has no file {id}.js"));
        let error = v8::Exception::error(scope, message);
        scope.throw_exception(error);
        return None;
    };
    let compilation = Compilation::of_builtin(scope, id, text.length());
    let name = internalized(scope, &format!("node:{id}")).into();
    let origin = v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None);
    let (mut source, how) = match code {
        Some(code) if !compilation.has_code() => {
            let code = CachedData::new(code);
            (Source::new_with_cached_data(text, Some(&origin), code), CompileOptions::ConsumeCodeCache)
        }
        None if WHOLE.contains(&id) => (Source::new(text, Some(&origin)), CompileOptions::EagerCompile),
        _ => compilation.source(text, &origin),
    };
    let parameters = PARAMETERS.map(|parameter| internalized(scope, parameter));
    let reason = v8::script_compiler::NoCacheReason::NoReason;
    let function = v8::script_compiler::compile_function(scope, &mut source, &parameters, &[], how, reason)?;
    compilation.finish(&source, || Compiled::Function(v8::Global::new(scope, function)));
    Some(function)
}
