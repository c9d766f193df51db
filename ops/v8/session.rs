//! The class `Session`: the engine's protocol for tools, on the runtime's own thread.

use std::cell::RefCell;

use super::{Args, Return, Scope};
use crate::bind::class::Class;
use crate::bind::convert::string;
use crate::bind::object::{State, state};
use crate::inspector::tool::Tool;
use crate::object_class;

pub(super) const CLASS: Class = object_class!(Session, new, raw: [open, post, unwrap, close]);

/// A session that is open between `open` and `close`.
#[derive(Default)]
struct Session(RefCell<Option<Tool>>);

impl State for Session {}

impl Drop for Session {
    fn drop(&mut self) {
        // The garbage collector, which finds this dead, allows no work of the engine.
        std::mem::forget(self.0.take());
    }
}

fn new() -> Session {
    Session::default()
}

fn open<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let tool = Tool::open(scope);
    *this.0.borrow_mut() = Some(tool);
}

/// `post(message)`: what the engine has said meanwhile, the answer and notifications, as JSON texts.
fn post<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let message = args.get(0).to_rust_string_lossy(scope);
    let received = this.0.borrow().as_ref().map_or_else(Vec::new, |tool| tool.post(&message));
    let received: Vec<_> = received.iter().map(|message| string(scope, message).into()).collect();
    rv.set(v8::Array::new_with_elements(scope, &received).into());
}

/// `unwrap(objectId)`: the value behind an id of the protocol.
fn unwrap<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    let id = args.get(0).to_rust_string_lossy(scope);
    if let Some(tool) = this.0.borrow().as_ref()
        && let Some(value) = tool.unwrap(scope, &id)
    {
        rv.set(value);
    }
}

fn close<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = state::<Session>(scope, args.this()) else { return };
    drop(this.0.take());
}
