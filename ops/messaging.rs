//! Native half of `js/internal/messaging.js`: channels between threads, and within one.

pub mod end;
pub mod family;
pub mod port;

use std::rc::Rc;

use crate::bind::{Binding, Host};
use crate::binding;

use end::End;

/// `internalBinding('messaging')`: the class `PortHandle`. A new one takes over the end that has come with a
/// message or that one of these functions has made.
pub const BINDING: Binding = binding! {
    "messaging",
    sync: [join, open_channel],
    extend: install,
    references: references,
};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

fn install(scope: &mut Scope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    port::CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    port::CLASS.references()
}

/// `openChannel()`: makes a channel, whose ends the next two handles take over.
fn open_channel(host: Rc<Host>) {
    let (first, second) = End::pair();
    port::expect(&host, first);
    port::expect(&host, second);
}

/// Joins the group of a name: the next handle is its member.
fn join(host: Rc<Host>, name: String) {
    let end = End::member(&host.config.family.group(&name));
    port::expect(&host, end);
}
