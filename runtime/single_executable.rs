//! Programs in one executable with Ironode: finding the program, and compiling it beforehand.

use std::sync::OnceLock;

use ironode_ops::bind::convert::{internalized, string};
use ironode_ops::sea::{Application, Main};
use ironode_ops::sys::embedded;

use crate::{Runtime, Snapshot};

static APPLICATION: OnceLock<Option<Application<'static>>> = OnceLock::new();

/// The program that this executable has been made for; nothing where it is Ironode alone.
pub fn application() -> Option<&'static Application<'static>> {
    let find = || {
        let application = Application::read(embedded::note()?)?;
        let Main::Snapshot(file) = application.main else { return Some(application) };
        let Snapshot(data) = Snapshot::from_file(file.to_vec()).ok()?;
        Some(Application { main: Main::Snapshot(data), ..application })
    };
    APPLICATION.get_or_init(find).as_ref()
}

impl Runtime {
    /// What V8 has made of a program, to be kept beside it.
    ///
    /// # Errors
    /// What is wrong with the text, with the place of it.
    pub fn compile(&mut self, path: &str, text: &str, is_module: bool) -> Result<Vec<u8>, String> {
        self.enter(|scope| {
            v8::tc_scope!(let caught, scope);
            let code = code_of(caught, path, text, is_module);
            code.ok_or_else(|| mistake(caught).unwrap_or_default())
        })
    }
}

fn code_of(scope: &mut v8::PinScope<'_, '_>, path: &str, text: &str, is_module: bool) -> Option<Vec<u8>> {
    let name = string(scope, path).into();
    let origin = v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, is_module, None);
    let mut source = v8::script_compiler::Source::new(string(scope, text), Some(&origin));
    if is_module {
        let module = v8::script_compiler::compile_module(scope, &mut source)?;
        return module.get_unbound_module_script(scope).create_code_cache().map(|code| code.to_vec());
    }
    let parameters = ["exports", "require", "module", "__filename", "__dirname"];
    let parameters = parameters.map(|parameter| internalized(scope, parameter));
    let function = v8::script_compiler::compile_function(
        scope,
        &mut source,
        &parameters,
        &[],
        v8::script_compiler::CompileOptions::NoCompileOptions,
        v8::script_compiler::NoCacheReason::NoReason,
    )?;
    function.create_code_cache().map(|code| code.to_vec())
}

type Caught<'pin, 'scope, 'obj, 's> =
    v8::PinnedRef<'pin, v8::TryCatch<'scope, 'obj, v8::HandleScope<'s, v8::Context>>>;

/// The place of a mistake, the line with a mark below it, and the mistake.
fn mistake(caught: &mut Caught<'_, '_, '_, '_>) -> Option<String> {
    let message = caught.message()?;
    let name = message.get_script_resource_name(caught)?.to_rust_string_lossy(caught);
    let number = message.get_line_number(caught)?;
    let line = message.get_source_line(caught)?.to_rust_string_lossy(caught);
    let (begin, end) = (message.get_start_column(), message.get_end_column());
    let mark = format!("{}{}", " ".repeat(begin), "^".repeat(end.saturating_sub(begin)));
    let text = caught.stack_trace().or(caught.exception())?.to_rust_string_lossy(caught);
    Some(format!("{name}:{number}\n{line}\n{mark}\n\n{text}\n"))
}
