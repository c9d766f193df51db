//! Native half of `js/internal/process/permission.js`: `process.permission`. What is refused, each function finds out by
//! itself: see `ops/bind/permission.rs`.

use std::rc::Rc;

use crate::bind::convert::FromJs;
use crate::bind::permission::{Permissions, Scope};
use crate::bind::{Binding, Bytes, Host};
use crate::binding;

/// `internalBinding('permission')`.
pub const BINDING: Binding =
    binding! { "permission", sync: [mode], raw: [demand, is_granted, has, drop, listen] };

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// `mode()`: 0 without the permission model, 1 under it, 2 where it only tells what it would refuse, 3 where the command
/// line grants something without asking for the model.
fn mode(host: Rc<Host>) -> u32 {
    match &host.permissions {
        Some(permissions) => 1 + u32::from(permissions.audits()),
        None => 3 * u32::from(Permissions::is_missing(&host.config)),
    }
}

/// `demand(scope, resource)`: throws where it is not granted.
fn demand<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let host = Host::of(scope);
    let Some(permissions) = &host.permissions else { return };
    let Some((of, resource)) = question(scope, &args) else { return };
    if let Err(denied) = permissions.demand(scope, &host, of, &resource) {
        denied.throw(scope);
    }
}

/// The scope and the resource of a call, the latter empty where there is none.
fn question(scope: &mut v8::PinScope<'_, '_>, args: &Args<'_>) -> Option<(Scope, Vec<u8>)> {
    let name = args.get(0).to_rust_string_lossy(scope);
    let resource = Option::<Bytes>::from_js(scope, args.get(1));
    Some((Scope::named(&name)?, resource.unwrap_or_default().0))
}

/// `isGranted(scope, resource)`: as `has`, and nobody is told.
fn is_granted<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let host = Host::of(scope);
    let Some(permissions) = &host.permissions else { return rv.set_bool(true) };
    let granted = question(scope, &args).is_some_and(|(of, resource)| permissions.has(&host, of, &resource));
    rv.set_bool(granted);
}

/// `has(scope, resource)`: whether it is granted; for a scope that there is not it is not. That it is not is told.
fn has<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let host = Host::of(scope);
    let Some(permissions) = &host.permissions else { return rv.set_bool(true) };
    let Some((of, resource)) = question(scope, &args) else { return rv.set_bool(false) };
    let is_granted = permissions.has(&host, of, &resource);
    if !is_granted {
        permissions.publish(scope, of, &resource, false);
    }
    rv.set_bool(is_granted);
}

/// `drop(scope, resource)`: takes a grant back for good.
fn drop<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let host = Host::of(scope);
    let Some(permissions) = &host.permissions else { return };
    if let Some((of, resource)) = question(scope, &args) {
        permissions.take_back(&host, of, &resource);
        permissions.publish(scope, of, &resource, true);
    }
}

/// `listen(callback)`: what is called with `(channel, permission, resource, isDropped)` of each refusal.
fn listen<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let host = Host::of(scope);
    if let (Some(permissions), Ok(callback)) =
        (&host.permissions, v8::Local::<v8::Function>::try_from(args.get(0)))
    {
        permissions.listen(v8::Global::new(scope, callback));
    }
}
