//! The native half of module loading: Ironode's own files, the program's files, and package.json.

pub(crate) mod builtin;
mod cjs;
mod cjs_lexer;
mod compile_cache;
mod disk;
mod files;
mod manifest_text;
pub(crate) mod module_wrap;
mod package_json;
mod resolve;
pub(crate) mod shadow_realm;
pub(crate) mod stack;

use ironode_ops::bind::Binding;

/// The bindings of this crate.
pub(crate) const BINDINGS: &[Binding] =
    &[builtin::BINDING, cjs::BINDING, compile_cache::BINDING, module_wrap::BINDING];
