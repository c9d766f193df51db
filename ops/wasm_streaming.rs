//! `WebAssembly.compileStreaming` and `instantiateStreaming`: V8 compiles what JavaScript hands it, piece by piece.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::bind::{Binding, Host, buffer};
use crate::binding;

/// `internalBinding('wasm_streaming')`: what is done with the compilation of a number.
pub const BINDING: Binding = binding! { "wasm_streaming", sync: [set_url, finish], raw: [push, abort] };

type Scope<'a, 's, 'i> = &'a mut v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s>;

/// The compilations under way, by their numbers.
#[derive(Default)]
struct Compilations {
    last: Cell<u32>,
    open: RefCell<HashMap<u32, v8::WasmStreaming<false>>>,
}

impl Drop for Compilations {
    /// V8 has let go of them with the isolate.
    fn drop(&mut self) {
        for (_, compilation) in self.open.take() {
            std::mem::forget(compilation);
        }
    }
}

/// V8's callback: `source` is what the program has given.
pub fn begin<'s>(
    scope: Scope<'_, 's, '_>,
    source: v8::Local<'s, v8::Value>,
    compilation: v8::WasmStreaming<false>,
) {
    let host = Host::of(scope);
    let Some(hooks) = host.hooks() else { return };
    let compilations = host.extension::<Compilations>();
    let number = compilations.last.get().wrapping_add(1);
    compilations.last.set(number);
    compilations.open.borrow_mut().insert(number, compilation);
    let start = v8::Local::new(scope, &hooks.start_wasm_streaming);
    let number = v8::Integer::new_from_unsigned(scope, number).into();
    let receiver = v8::undefined(scope).into();
    start.call(scope, receiver, &[number, source]);
}

/// The address of the module in stacks.
fn set_url(host: Rc<Host>, number: u32, url: String) {
    if let Some(compilation) = host.extension::<Compilations>().open.borrow_mut().get_mut(&number) {
        compilation.set_url(&url);
    }
}

/// `push(number, bytes)`: the next bytes of the module.
fn push<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, _: Return<'s>) {
    let number = args.get(0).uint32_value(scope).unwrap_or_default();
    let compilations = Host::of(scope).extension::<Compilations>();
    if let Some(compilation) = compilations.open.borrow_mut().get_mut(&number) {
        buffer::with_bytes(args.get(1), |bytes| compilation.on_bytes_received(bytes));
    }
}

/// There are no more bytes.
fn finish(host: Rc<Host>, number: u32) {
    let compilation = host.extension::<Compilations>().open.borrow_mut().remove(&number);
    if let Some(compilation) = compilation {
        compilation.finish();
    }
}

/// `abort(number, error)`: the module cannot be read.
fn abort<'s>(scope: Scope<'_, 's, '_>, args: Args<'s>, _: Return<'s>) {
    let number = args.get(0).uint32_value(scope).unwrap_or_default();
    let compilation = Host::of(scope).extension::<Compilations>().open.borrow_mut().remove(&number);
    if let Some(compilation) = compilation {
        compilation.abort(Some(args.get(1)));
    }
}
