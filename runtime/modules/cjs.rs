//! What the CommonJS loader asks of the host: files, package.json and compiled functions.

use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use ironode_ops::bind::convert::internalized;
use ironode_ops::bind::error::string_too_long;
use ironode_ops::bind::{Binding, Host, PathArg, SysError, uncaught};
use ironode_ops::binding;

use super::package_json::{self, Manifest};

/// `internalBinding('modules')`.
pub(crate) const BINDING: Binding = binding! {
    "modules",
    sync: [stat, realpath, read_package_json],
    raw: [compile_function, run_in_this_context, read_text_file, is_module_syntax],
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// 0 for a file, 1 for a directory, else a negative error number.
fn stat(path: PathArg) -> i32 {
    match fs::metadata(path.path()) {
        Ok(metadata) => i32::from(metadata.is_dir()),
        Err(error) => SysError::from_io(&error, "stat").errno,
    }
}

/// The file's name without links.
fn realpath(path: PathArg) -> Result<PathBuf, SysError> {
    fs::canonicalize(path.path()).map_err(|error| SysError::from_io(&error, "lstat").path(path.given()))
}

/// See [`package_json::read`]: `undefined` without a file, a string with the mistake of a bad one,
/// else `[name, main, type, imports, exports]`, the last two as JSON text.
fn read_package_json(host: Rc<Host>, path: PathArg) -> Option<Manifest> {
    package_json::read(&host, path.path())
}

/// `readTextFile(path)`: a text file as a string, invalid UTF-8 replaced.
fn read_text_file<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let path = <PathArg as ironode_ops::bind::convert::FromJs>::from_js(scope, args.get(0));
    let failed = |error: &std::io::Error| {
        let directory = error.raw_os_error() == Some(libc::EISDIR);
        let failure = SysError::from_io(error, if directory { "read" } else { "open" });
        if directory { failure } else { failure.path(path.given()) }
    };
    let exception = match fs::read(path.path()) {
        Ok(bytes) => match text(scope, bytes) {
            Some(text) => return rv.set(text.into()),
            None => string_too_long(scope),
        },
        Err(error) => failed(&error).to_js(scope),
    };
    scope.throw_exception(exception);
}

/// A string of `bytes`: where they are ASCII and many, V8 takes the memory over.
fn text<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: Vec<u8>) -> Option<v8::Local<'s, v8::String>> {
    if bytes.len() > 64 * 1024 && bytes.is_ascii() {
        return v8::String::new_external_onebyte(scope, bytes.into_boxed_slice());
    }
    v8::String::new_from_utf8(scope, &bytes, v8::NewStringType::Normal)
}

fn origin<'s>(scope: &mut v8::PinScope<'s, '_>, name: v8::Local<'s, v8::Value>) -> v8::ScriptOrigin<'s> {
    v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None)
}

/// `compileFunction(source, filename)`: the function `(exports, require, module, __filename, __dirname)`
/// whose body is the file. The stack of a syntax error begins with the place of the mistake.
fn compile_function<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let origin = origin(scope, args.get(1));
    let mut source = v8::script_compiler::Source::new(text, Some(&origin));
    let parameters = ["exports", "require", "module", "__filename", "__dirname"];
    let parameters = parameters.map(|parameter| internalized(scope, parameter));
    v8::tc_scope!(let caught, scope);
    let function = v8::script_compiler::compile_function(
        caught,
        &mut source,
        &parameters,
        &[],
        v8::script_compiler::CompileOptions::NoCompileOptions,
        v8::script_compiler::NoCacheReason::NoReason,
    );
    match function {
        Some(function) => rv.set(function.into()),
        None => uncaught::rethrow_with_place(caught),
    }
}

/// `isModuleSyntax(source)`: whether the text is a correct ECMAScript module.
fn is_module_syntax<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let name = v8::String::empty(scope).into();
    let origin = v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, true, None);
    let mut source = v8::script_compiler::Source::new(text, Some(&origin));
    v8::tc_scope!(let caught, scope);
    rv.set_bool(v8::script_compiler::compile_module(caught, &mut source).is_some());
}

/// `runInThisContext(source, filename, justCompile)`: the value of a script in the global scope.
fn run_in_this_context<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let origin = origin(scope, args.get(1));
    let script = {
        v8::tc_scope!(let caught, scope);
        let script = v8::Script::compile(caught, text, Some(&origin));
        if script.is_none() {
            uncaught::rethrow_with_place(caught);
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
