//! Native half of `js/internal/messaging.js`: channels between threads, and within one.

pub mod end;
pub mod family;
pub mod locks;
pub mod port;
mod threads;

use std::rc::Rc;

use crate::bind::call::Callback;
use crate::bind::convert::CodeUnits;
use crate::bind::{Binding, Host};
use crate::binding;

use end::End;
use locks::{Answer, Wanted};
use threads::post_to_thread;

/// `internalBinding('messaging')`: the class `PortHandle`. A new one takes over the end that has come with a
/// message or that one of these functions has made.
pub const BINDING: Binding = binding! {
    "messaging",
    sync: [join, open_channel, request_lock, release_lock, cancel_lock, list_locks],
    raw: [post_to_thread],
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

/// Asks for a lock: gives its number, 0 where it waits, 1 where it is granted, 2 where it is not available, and the
/// numbers of requests of this thread that it is stolen from.
fn request_lock(
    host: Rc<Host>,
    name: CodeUnits,
    shared: bool,
    only_if_available: bool,
    steal: bool,
    granted: Callback,
    stolen: Callback,
) -> (u32, u32, Vec<u32>) {
    let mailbox = std::sync::Arc::clone(&host.mailbox);
    let wanted = Wanted { name, shared, thread: host.thread(), mailbox, granted: Some(granted), stolen };
    let (id, answer, stolen) = host.config.family.locks.request(wanted, only_if_available, steal);
    let answer = match answer {
        Answer::Pending => 0,
        Answer::Granted => 1,
        Answer::Unavailable => 2,
    };
    (id, answer, stolen)
}

/// Gives a lock back: the requests of this thread that are granted now, or null if it was not held any more.
fn release_lock(host: Rc<Host>, id: u32) -> Option<Vec<u32>> {
    host.config.family.locks.release(id)
}

/// Takes a request back: the requests of this thread that are granted now, or null if it was not waiting.
fn cancel_lock(host: Rc<Host>, id: u32) -> Option<Vec<u32>> {
    host.config.family.locks.cancel(id)
}

type Listed = Vec<(CodeUnits, bool, u32)>;

/// The locks that are held and those that are waited for: names, whether they are shared, and threads.
fn list_locks(host: Rc<Host>) -> (Listed, Listed) {
    host.config.family.locks.list()
}
