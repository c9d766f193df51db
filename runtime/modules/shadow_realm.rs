//! `ShadowRealm` (`--experimental-shadow-realm`): contexts with the JavaScript layer loaded anew, whose modules are
//! their own.

use ironode_ops::bind::Host;
use ironode_ops::bind::convert::{internalized, string};

use crate::bootstrap;

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

/// Marks that the runtime has had such a realm.
#[derive(Default)]
struct Any(std::cell::Cell<bool>);

/// The private property of a realm's global object: what its bootstrap exports. The realm lives no longer for it.
fn key<'s>(scope: &mut Scope<'s, '_>) -> v8::Local<'s, v8::Private> {
    let name = string(scope, "ironode:shadow realm");
    v8::Private::for_api(scope, Some(name))
}

/// V8's callback for `new ShadowRealm()`; without a result, an exception is pending.
pub(crate) fn create<'s>(scope: &mut Scope<'s, '_>) -> Option<v8::Local<'s, v8::Context>> {
    let host = Host::of(scope);
    let process = v8::Local::new(scope, &host.hooks()?.process);
    let token = scope.get_current_context().get_security_token(scope);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    context.set_security_token(token);
    let entered = &mut v8::ContextScope::new(scope, context);
    let exports = bootstrap::run_file(entered, process, "internal/bootstrap/shadow_realm")?;
    let key = key(entered);
    context.global(entered).set_private(entered, key, exports.into());
    host.extension::<Any>().0.set(true);
    Some(context)
}

/// A hook of the realm that is running; `None` in a program's own.
pub(crate) fn hook<'s>(scope: &mut Scope<'s, '_>, name: &str) -> Option<v8::Local<'s, v8::Function>> {
    if !Host::of(scope).extension::<Any>().0.get() {
        return None;
    }
    let key = key(scope);
    let exports = scope.get_current_context().global(scope).get_private(scope, key)?;
    let exports = v8::Local::<v8::Object>::try_from(exports).ok()?;
    let name = internalized(scope, name).into();
    exports.get(scope, name)?.try_into().ok()
}
