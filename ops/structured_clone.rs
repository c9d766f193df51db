//! Native half of `js/web/structured_clone.js`: values made into messages, and messages into values.

mod hooks;
pub mod message;

use crate::bind::Binding;
use crate::bind::convert::{internalized, set};
use crate::binding;

pub use hooks::Hooks;
pub use message::{Message, Transfers, deserialize, serialize};

/// `internalBinding('structured_clone')`: these functions, and the private symbol `transferMode` under
/// which an object of the runtime's own tells how it travels.
pub const BINDING: Binding =
    binding! { "structured_clone", raw: [set_hooks, clone, is_detachable], extend: install };

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

fn install(scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    let object = v8::Local::new(scope, object);
    let key = internalized(scope, "transferMode");
    let symbol = hooks::transfer_mode(scope);
    // Only a template takes a private symbol as a value.
    let template = v8::ObjectTemplate::new(scope);
    template.set(key.into(), symbol.into());
    if let Some(holder) = template.new_instance(scope)
        && let Some(symbol) = holder.get(scope, key.into())
    {
        set(scope, object, "transferMode", symbol);
    }
}

/// Has copies made of an object of the runtime's own, which `describe` of `js/web/structured_clone.js` knows.
pub fn mark_cloneable(scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    let object = v8::Local::new(scope, object);
    let mode = v8::Integer::new(scope, message::CLONEABLE).into();
    let symbol = hooks::transfer_mode(scope);
    object.set_private(scope, symbol, mode);
}

/// `setHooks(transferMode, createError, describe, create, fill, createPort, receive, receiveFromThread)`: see [`Hooks`].
fn set_hooks<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    Hooks::keep(scope, &args);
}

/// `clone(value, buffers, objects, handles)`: a copy of `value`. The last three say what is handed over:
/// see [`Transfers`].
fn clone<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(hooks) = Hooks::of(scope) else { return };
    let transfers = Transfers::take(scope, args.get(1), args.get(2), args.get(3));
    let Some(message) = serialize(scope, args.get(0), &transfers, &hooks) else { return };
    if let Some((copy, _)) = deserialize(scope, &message, &hooks) {
        rv.set(copy);
    }
}

/// `isDetachable(arrayBuffer)`: whether its memory is there and can be handed over.
fn is_detachable<'s>(_: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let buffer = v8::Local::<v8::ArrayBuffer>::try_from(args.get(0));
    rv.set_bool(buffer.is_ok_and(|buffer| buffer.is_detachable() && !buffer.was_detached()));
}
