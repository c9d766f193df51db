//! Running a compiled script in a context, with what may cut it short.

use super::context::{OwnQueue, context_of};
use super::watchdog::{Interruption, Watchdog};
use super::{Args, Return, Scope};
use crate::bind::error::{ErrorClass, throw_coded};
use crate::bind::{Host, script as holder, uncaught};
use crate::trace_events::Span;
use crate::trace_events::category::VM;

/// `runInContext(contextObject | null, timeout, displayErrors, breakOnSigint)`: the script's value. A
/// timeout of -1 is none.
pub(super) fn run_in_context<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: Return<'s>) {
    let Some(script) = holder::kept(scope, args.this()) else { return };
    let _span = Span::whole(&VM, "RunInContext");
    let main = scope.get_current_context();
    let context = if args.get(0).is_null() { Some(main) } else { context_of(scope, args.get(0)) };
    let Some(context) = context else { return };
    let timeout = u64::try_from(args.get(1).integer_value(scope).unwrap_or(-1)).ok();
    let display_errors = args.get(2).is_true();
    let watchdog = Watchdog::start(scope, timeout, args.get(3).is_true());
    let interruption = {
        let scope = &mut v8::ContextScope::new(scope, context);
        v8::tc_scope!(let caught, scope);
        let script = script.bind_to_current_context(caught);
        let value = script.run(caught);
        if value.is_some()
            && let Some(queue) = context.get_slot::<OwnQueue>()
        {
            queue.0.perform_checkpoint(caught);
        }
        let interruption = watchdog.and_then(Watchdog::stop);
        if interruption.is_some() && !Host::of(caught).is_exiting() {
            caught.cancel_terminate_execution();
            caught.reset();
        } else if caught.has_terminated() {
            return;
        } else if caught.has_caught() {
            if display_errors {
                uncaught::rethrow_with_place(caught);
            } else {
                caught.rethrow();
            }
        } else if let Some(value) = value {
            rv.set(value);
        }
        interruption
    };
    if let Some(interruption) = interruption {
        throw_interruption(scope, &interruption);
    }
}

fn throw_interruption(scope: &mut Scope<'_, '_>, interruption: &Interruption) {
    match interruption {
        Interruption::Timeout(milliseconds) => {
            let message = format!("Script execution timed out after {milliseconds}ms");
            throw_coded(scope, ErrorClass::Error, "ERR_SCRIPT_EXECUTION_TIMEOUT", &message);
        }
        Interruption::Signal => {
            let message = "Script execution was interrupted by `SIGINT`";
            throw_coded(scope, ErrorClass::Error, "ERR_SCRIPT_EXECUTION_INTERRUPTED", message);
        }
    }
}

/// Evaluates a module in `context`, for at most `timeout` milliseconds: the promise of its end. Where the context
/// has microtasks of its own, they are run, and the promise is one of the current context.
pub fn evaluate_module<'s>(
    scope: &mut Scope<'s, '_>,
    context: v8::Local<'s, v8::Context>,
    module: v8::Local<'s, v8::Module>,
    timeout: Option<u64>,
    break_on_sigint: bool,
) -> Option<v8::Local<'s, v8::Value>> {
    let queue = context.get_slot::<OwnQueue>();
    let outer = if queue.is_some() { v8::PromiseResolver::new(scope) } else { None };
    let watchdog = Watchdog::start(scope, timeout, break_on_sigint);
    let (value, interruption) = {
        let inner = &mut v8::ContextScope::new(scope, context);
        v8::tc_scope!(let caught, inner);
        let value = module.evaluate(caught);
        if let (Some(value), Some(outer), Some(queue)) = (value, outer, queue) {
            outer.resolve(caught, value);
            queue.0.perform_checkpoint(caught);
        }
        let interruption = watchdog.and_then(Watchdog::stop);
        if interruption.is_some() && !Host::of(caught).is_exiting() {
            caught.cancel_terminate_execution();
            caught.reset();
        } else if caught.has_terminated() {
            return None;
        } else if caught.has_caught() {
            caught.rethrow();
            return None;
        }
        (value, interruption)
    };
    if let Some(interruption) = interruption {
        throw_interruption(scope, &interruption);
        return None;
    }
    outer.map(|outer| outer.get_promise(scope).into()).or(value)
}
