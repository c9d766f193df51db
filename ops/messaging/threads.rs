//! Messages from one thread to another that need no channel: `postMessageToThread()`.

use std::sync::Arc;

use super::{Args, Return, Scope};
use crate::bind::Host;
use crate::bind::call::{self, Callback};
use crate::bind::task::Mailbox;
use crate::structured_clone::{Hooks, Transfers, deserialize, serialize};

/// What the sender learns where a listener has heard the message.
const HEARD: i32 = 0;
/// What the sender learns where the thread or its listener is not there.
const FAILED: i32 = 1;
/// What the sender learns where the listener threw.
const ERRORED: i32 = 2;

/// What the sender of a message waits for. Dropped without an answer, it says that the message has failed.
struct Reply {
    mailbox: Arc<Mailbox>,
    callback: Option<Callback>,
}

impl Reply {
    fn send(&mut self, code: i32) {
        let Some(callback) = self.callback.take() else { return };
        self.mailbox.send(move |scope| {
            Host::of(scope).end_request();
            let code = v8::Integer::new(scope, code).into();
            callback.call(scope, &[code]);
        });
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.send(FAILED);
    }
}

/// `postToThread(thread, callback, value, buffers, objects, handles)`: sends a message. The callback gets 0, or
/// 1 where nobody has heard it, or 2 where its listener threw. Returns whether the thread is there; undefined where
/// an exception is pending.
pub(super) fn post_to_thread<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let host = Host::of(scope);
    let thread = args.get(0).number_value(scope).unwrap_or(-1.0);
    let Some(hooks) = Hooks::of(scope) else { return };
    let Some(target) = host.config.family.mailbox(thread) else { return rv.set_bool(false) };
    let Ok(callback) = v8::Local::<v8::Function>::try_from(args.get(1)) else { return };
    let transfers = Transfers::take(scope, args.get(3), args.get(4), args.get(5));
    let Some(message) = serialize(scope, args.get(2), &transfers, &hooks) else { return };
    let callback = Some(Callback::new(scope, callback));
    let mut reply = Reply { mailbox: Arc::clone(&host.mailbox), callback };
    let source = host.config.seat.as_ref().map_or(0, |seat| seat.id);
    host.begin_request();
    target.send(move |scope| {
        let Some(hooks) = Hooks::of(scope) else { return };
        let code = {
            v8::tc_scope!(let caught, scope);
            deserialize(caught, &message, &hooks).map(|(value, _)| value)
        };
        let Some(value) = code else { return reply.send(ERRORED) };
        let source = v8::Number::new(scope, f64::from(source)).into();
        let receive = v8::Local::new(scope, &hooks.receive_from_thread);
        let receiver = v8::undefined(scope).into();
        let code = call::call_back(scope, receive, receiver, &[value, source]);
        // A listener that has ended its thread has heard the message.
        let otherwise = if Host::of(scope).is_exiting() { HEARD } else { ERRORED };
        reply.send(code.and_then(|code| code.int32_value(scope)).unwrap_or(otherwise));
    });
    rv.set_bool(true);
}
