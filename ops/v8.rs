//! Native half of `js/v8.js`: what the engine tells about itself, and its serialized values.

mod deserialize;
mod gc;
mod heap;
mod serialize;
mod session;

use std::cell::RefCell;
use std::rc::Rc;

use crate::bind::class::Class;
use crate::bind::convert::{internalized, string, string_from_bytes};
use crate::bind::error::{ErrorClass, throw_coded};
use crate::bind::{Binding, Host, diagnostic, full_heap, near_heap, object, permission, promise_hook};
use crate::binding;

pub use heap::heap_numbers;
use heap::{heap_code_statistics, heap_space_statistics, heap_statistics};

/// `internalBinding('v8')`: these functions and the classes.
pub const BINDING: Binding = binding! {
    "v8",
    sync: [cached_data_version_tag, diagnostic_name],
    raw: [
        act_on_full_heap, heap_statistics, heap_space_statistics, heap_code_statistics, is_one_byte, set_flags, set_promise_hooks,
        snapshot_near_heap_limit, take_heap_snapshot,
    ],
    extend: install,
    references: references,
};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

const CLASSES: [&Class; 4] = [&serialize::CLASS, &deserialize::CLASS, &gc::CLASS, &session::CLASS];

fn install(scope: &mut Scope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
    for class in CLASSES {
        class.install(scope, binding);
    }
}

fn references() -> Vec<v8::ExternalReference> {
    CLASSES.into_iter().flat_map(Class::references).chain(object::references()).collect()
}

/// `takeHeapSnapshot(onChunk)`: gives the text of a snapshot, piece by piece, once it is taken.
fn take_heap_snapshot<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(on_chunk) = v8::Local::<v8::Function>::try_from(args.get(0)) else { return };
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    scope.take_heap_snapshot(|chunk| {
        if !chunk.is_empty() {
            chunks.push(chunk.to_vec());
        }
        true
    });
    let receiver = v8::undefined(scope).into();
    for chunk in chunks {
        let chunk = string_from_bytes(scope, &chunk).into();
        if on_chunk.call(scope, receiver, &[chunk]).is_none() {
            return;
        }
    }
}

/// `setPromiseHooks(init, before, after, settled)`
fn set_promise_hooks<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    promise_hook::set(scope, std::array::from_fn(|index| args.get(index as i32)));
}

/// What compiled code must have been made with to be of use here.
fn cached_data_version_tag() -> u32 {
    v8::script_compiler::cached_data_version_tag()
}

/// A name for a file that tells about the program.
fn diagnostic_name(host: Rc<Host>, prefix: String, extension: String) -> String {
    diagnostic::file_name(&host, &prefix, &extension)
}

/// Changes flags of the engine, for the whole process.
fn set_flags<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let flags = args.get(0).to_rust_string_lossy(scope);
    if is_dangerous(&flags)
        && let Err(denied) = permission::require(scope, permission::Scope::FsWrite, &flags)
    {
        return denied.throw(scope);
    }
    v8::V8::set_flags_from_string(&flags);
}

/// `snapshotNearHeapLimit(count)`: has at most so many snapshots of the heap taken when it is nearly full.
fn snapshot_near_heap_limit<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let count = args.get(0).uint32_value(scope).unwrap_or(0);
    near_heap::watch(scope, count);
}

/// `actOnFullHeap(act)`: has `act` called when the heap is full, before the process ends for it; undefined calls nothing
/// from now on.
fn act_on_full_heap<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    full_heap::act_at_end(scope, args.get(0).try_into().ok());
}

/// What is in the names of flags by which the engine writes files or gives programs its own functions.
const DANGEROUS: &[&str] = &[
    "corruption",
    "dir",
    "dump",
    "file",
    "fuzz",
    "log",
    "natives",
    "path",
    "prof",
    "redirect",
    "sandbox",
    "trace",
];

/// Whether flags undo the permission model.
fn is_dangerous(flags: &str) -> bool {
    DANGEROUS.iter().any(|word| flags.contains(word))
}

/// `isOneByte(string)`: whether the engine keeps it in Latin-1.
fn is_one_byte<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let text = v8::Local::<v8::String>::try_from(args.get(0));
    rv.set_bool(text.is_ok_and(|text| text.is_onebyte()));
}

/// The method `name` of an object; `None` with an exception where reading it threw.
fn method<'s>(
    scope: &mut Scope<'s, '_>,
    object: v8::Local<'s, v8::Object>,
    name: &str,
) -> Option<Option<v8::Local<'s, v8::Function>>> {
    let key = internalized(scope, name).into();
    let value = object.get(scope, key)?;
    Some(v8::Local::<v8::Function>::try_from(value).ok())
}

fn throw_error(scope: &mut Scope<'_, '_>, message: &str) {
    let message = string(scope, message);
    let error = v8::Exception::error(scope, message);
    scope.throw_exception(error);
}

fn throw_illegal_invocation(scope: &mut Scope<'_, '_>) {
    let message = string(scope, "Illegal invocation");
    let error = v8::Exception::type_error(scope, message);
    scope.throw_exception(error);
}

fn throw_invalid_type(scope: &mut Scope<'_, '_>, message: &str) {
    throw_coded(scope, ErrorClass::Type, "ERR_INVALID_ARG_TYPE", message);
}

/// The object that JavaScript's hooks are looked up on while the engine reads or writes a value.
#[derive(Default)]
struct Owner(RefCell<Option<v8::Global<v8::Object>>>);

impl Owner {
    fn object<'s>(&self, scope: &mut Scope<'s, '_>) -> Option<v8::Local<'s, v8::Object>> {
        self.0.borrow().as_ref().map(|object| v8::Local::new(scope, object))
    }

    /// Runs `work` with `object` as the owner.
    fn during<R>(
        &self,
        scope: &mut Scope<'_, '_>,
        object: v8::Local<'_, v8::Object>,
        work: impl FnOnce(&mut Scope<'_, '_>) -> R,
    ) -> R {
        let object = v8::Global::new(scope, object);
        let before = self.0.replace(Some(object));
        let result = work(scope);
        *self.0.borrow_mut() = before;
        result
    }
}

/// Calls the hook `_getDataCloneError` of an owner and throws what it returns.
fn throw_clone_error<'s>(
    scope: &mut Scope<'s, '_>,
    owner: v8::Local<'s, v8::Object>,
    message: v8::Local<'s, v8::String>,
) {
    let Some(make) = method(scope, owner, "_getDataCloneError") else { return };
    let error = match make {
        Some(make) => make.call(scope, owner.into(), &[message.into()]),
        None => Some(v8::Exception::error(scope, message)),
    };
    if let Some(error) = error {
        scope.throw_exception(error);
    }
}
