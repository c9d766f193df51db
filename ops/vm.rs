//! Native half of `js/vm.js`: scripts, functions and contexts.

mod context;
mod interceptors;
mod run;
mod script;
mod watchdog;

use crate::bind::Binding;
use crate::binding;

pub(crate) use context::KnownContexts;
pub use context::context_of;
use context::{is_context, make_context};
pub use run::evaluate_module;
use script::compile_function;

/// `internalBinding('vm')`: these functions and the class `ContextifyScript`.
pub const BINDING: Binding = binding! {
    "vm",
    raw: [make_context, is_context, compile_function],
    extend: install,
    references: script::references,
};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

fn install(scope: &mut Scope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
    let binding = v8::Local::new(scope, binding);
    script::install(scope, binding);
}
