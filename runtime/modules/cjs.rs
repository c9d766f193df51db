//! What the CommonJS loader asks of the host: files, package.json and compiled functions.

use std::fs;
use std::io::Read;
use std::rc::Rc;

use ironode_ops::bind::code_cache::{Compilation, Compiled, Kind};
use ironode_ops::bind::convert::internalized;
use ironode_ops::bind::path::Names;
use ironode_ops::bind::permission::Scope;
use ironode_ops::bind::{Binding, Host, IntoJs, PathArg, script, uncaught};
use ironode_ops::binding;

use super::cjs_lexer;
use super::compile_cache::{self, Lookup};
use super::files::{probe, read_text_file, realpath, stat};
use super::package_json::{self, Manifest};
use super::resolve::{find_plainly, scope_type};

/// `internalBinding('modules')`.
pub(crate) const BINDING: Binding = binding! {
    "modules",
    sync: [stat, probe, realpath, read_package_json, is_wasm_file],
    raw: [
        compile_function, run_in_this_context, read_text_file, needs_module_syntax, lex, hide_place, source_map_url,
        find_plainly, scope_type,
    ],
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// See [`package_json::read`]: `undefined` without a file, a string with the mistake of a bad one,
/// else `[name, main, type, imports, exports]`, the last two as JSON text. One that the program may not read is as good
/// as none.
fn read_package_json(host: Rc<Host>, path: PathArg<Names>) -> Option<Manifest> {
    if let Some(permissions) = &host.permissions
        && !permissions.has(&host, Scope::FsRead, path.given())
    {
        return None;
    }
    package_json::read(&host, path.path())
}

fn origin<'s>(scope: &mut v8::PinScope<'s, '_>, name: v8::Local<'s, v8::Value>) -> v8::ScriptOrigin<'s> {
    v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None)
}

/// `compileFunction(source, filename, key)`: the function `(exports, require, module, __filename, __dirname)`
/// whose body is the file. The stack of a syntax error begins with the place of the mistake. With `key`, the compile
/// cache has its say.
fn compile_function<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let origin = origin(scope, args.get(1));
    let lookup = Lookup::new(scope, compile_cache::Kind::CommonJs, args.get(2), text);
    let compilation = lookup.as_ref().is_none_or(Lookup::is_new);
    let compilation = compilation.then(|| Compilation::of_text(scope, Kind::CommonJs, args.get(1), text));
    let (mut source, how) = match (&compilation, &lookup) {
        (None, Some(lookup)) => lookup.source(text, &origin),
        (Some(compilation), _) => compilation.source(text, &origin),
        (None, None) => script::source(text, &origin, None),
    };
    v8::tc_scope!(let caught, scope);
    let Some(function) = compile_wrapper(caught, &mut source, how) else {
        return uncaught::rethrow_with_place(caught);
    };
    rv.set(function.into());
    let compiled = || Compiled::Function(v8::Global::new(caught, function));
    if let Some(lookup) = lookup {
        lookup.finish(&source, compiled);
    }
    if let Some(compilation) = compilation {
        compilation.finish(&source, compiled);
    }
}

/// Whether the file begins as WebAssembly does.
fn is_wasm_file(path: PathArg<Names>) -> bool {
    let mut start = [0; 4];
    let read = fs::File::open(path.path()).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"\0asm"
}

const NO_OPTIONS: v8::script_compiler::CompileOptions = v8::script_compiler::CompileOptions::NoCompileOptions;

/// What V8 says of ECMAScript syntax in CommonJS.
const ONLY_IN_MODULES: &[&str] = &[
    "Cannot use import statement outside a module",
    "Unexpected token 'export'",
    "Cannot use 'import.meta' outside a module",
];

/// What V8 says of texts that may be correct as modules.
const PERHAPS_IN_MODULES: &[&str] = &[
    "Identifier '__filename' has already been declared",
    "Identifier '__dirname' has already been declared",
    "Identifier 'exports' has already been declared",
    "Identifier 'module' has already been declared",
    "Identifier 'require' has already been declared",
    "await is only valid in async functions and the top level bodies of modules",
    "Unexpected reserved word",
    "missing ) after argument list",
];

/// Whether V8's mistake may be that of an `await` inside an expression, which it tells as what follows that name.
fn is_await_perhaps(mistake: &str, text: &str) -> bool {
    mistake.starts_with("Unexpected ") && text.contains("await")
}

/// `needsModuleSyntax(source, filename, mistake)`: whether the text is an ECMAScript module rather than CommonJS.
/// `mistake` is what V8 said of it as CommonJS; undefined where it has not been asked.
fn needs_module_syntax<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    v8::tc_scope!(let caught, scope);
    let mistake = if args.get(2).is_undefined() {
        let origin = origin(caught, args.get(1));
        let mut source = v8::script_compiler::Source::new(text, Some(&origin));
        if compile_wrapper(caught, &mut source, NO_OPTIONS).is_some() {
            return rv.set_bool(false);
        }
        let mistake = caught.message().map(|message| message.get(caught).to_rust_string_lossy(caught));
        caught.reset();
        mistake.unwrap_or_default()
    } else {
        args.get(2).to_rust_string_lossy(caught)
    };
    let mistake = mistake.trim_start_matches("Uncaught ").trim_start_matches("SyntaxError: ");
    if ONLY_IN_MODULES.contains(&mistake) {
        return rv.set_bool(true);
    }
    let is_perhaps = PERHAPS_IN_MODULES.contains(&mistake)
        || is_await_perhaps(mistake, &text.to_rust_string_lossy(caught));
    if !is_perhaps {
        return rv.set_bool(false);
    }
    let name = args.get(1);
    let origin = v8::ScriptOrigin::new(caught, name, 0, 0, false, 0, None, false, false, true, None);
    let mut source = v8::script_compiler::Source::new(text, Some(&origin));
    rv.set_bool(v8::script_compiler::compile_module(caught, &mut source).is_some());
}

/// The function whose body is a CommonJS file.
fn compile_wrapper<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    source: &mut v8::script_compiler::Source,
    how: v8::script_compiler::CompileOptions,
) -> Option<v8::Local<'s, v8::Function>> {
    let parameters = ["exports", "require", "module", "__filename", "__dirname"];
    let parameters = parameters.map(|parameter| internalized(scope, parameter));
    v8::script_compiler::compile_function(
        scope,
        source,
        &parameters,
        &[],
        how,
        v8::script_compiler::NoCacheReason::NoReason,
    )
}

/// `sourceMapUrl(function)`: what the comment `//# sourceMappingURL=` of its script says; undefined without one.
fn source_map_url<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    if let Ok(function) = v8::Local::<v8::Function>::try_from(args.get(0))
        && let Some(url) = function.get_script_origin(scope).source_map_url()
    {
        rv.set(url);
    }
}

/// `hidePlace(error)`: the stack of the error tells its place; the report adds none.
fn hide_place<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    if let Ok(error) = v8::Local::<v8::Object>::try_from(args.get(0)) {
        uncaught::hide_place(scope, error);
    }
}

/// `lex(source)`: `[names, specifiers]`, what a CommonJS file exports by itself and from other modules.
fn lex<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let found = cjs_lexer::parse(text.to_rust_string_lossy(scope).as_bytes());
    if let Ok(lists) = (found.exports, found.reexports).into_js(scope) {
        rv.set(lists);
    }
}

/// `runInThisContext(source, filename, justCompile)`: the value of a script in the global scope.
fn run_in_this_context<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let origin = origin(scope, args.get(1));
    let script = {
        let compilation = Compilation::of_text(scope, Kind::Script, args.get(1), text);
        let (mut source, how) = compilation.source(text, &origin);
        let reason = v8::script_compiler::NoCacheReason::NoReason;
        v8::tc_scope!(let caught, scope);
        let script = v8::script_compiler::compile(caught, &mut source, how, reason);
        match script {
            Some(script) => compilation.finish(&source, || {
                let unbound = script.get_unbound_script(caught);
                Compiled::Script(v8::Global::new(caught, unbound))
            }),
            None => uncaught::rethrow_with_place(caught),
        }
        script
    };
    let Some(script) = script else { return };
    if args.get(2).is_true() {
        return;
    }
    v8::tc_scope!(let caught, scope);
    match script.run(caught) {
        Some(value) => rv.set(value),
        None => uncaught::keep_place(caught),
    }
}
