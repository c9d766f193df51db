//! Modules that Rust gives a program: functions and values under a name to import or require.

use std::any::Any;
use std::cell::RefCell;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use ironode_ops::bind::call::{self, panic_text};
use ironode_ops::bind::convert::{internalized, set};
use ironode_ops::bind::{Exported, Host};
use ironode_ops::exported;

use super::thrown::Thrown;
use super::value::{FromJs, Scope, ToJs};
use crate::Error;

/// The functions and values of one module; given to the closure of [`Builder::module`](crate::Builder::module).
#[derive(Default)]
pub struct HostModule {
    members: Vec<(String, Box<dyn Member>)>,
}

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Outcome<'s> = Result<v8::Local<'s, v8::Value>, Thrown>;

/// What makes an export of a module.
trait Member {
    fn make<'s>(self: Box<Self>, scope: &mut Scope<'s, '_>, name: &str) -> Outcome<'s>;
}

/// What runs when a program calls a function of the host's.
trait Callee {
    fn call<'s>(&self, scope: &mut Scope<'s, '_>, args: &Args<'s>) -> Outcome<'s>;
}

/// The functions of a runtime's host, which JavaScript knows by their places.
#[derive(Default)]
struct Callees(RefCell<Vec<Rc<dyn Callee>>>);

/// A Rust function for programs; `Args` is the tuple of its parameters, which are [`FromJs`].
pub trait HostFunction<Args>: 'static {
    /// What it returns: [`ToJs`], or a `Result` of that with an error that becomes [`Thrown`].
    type Output;
    #[doc(hidden)]
    fn take(
        &self,
        scope: &mut Scope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
    ) -> Result<Args, Error>;
    #[doc(hidden)]
    fn run(&self, args: Args) -> Self::Output;
}

macro_rules! host_function {
    ($($arg:ident),*) => {
        #[allow(non_snake_case, reason = "one name serves as type and value")]
        #[allow(unused_variables, unused_mut, unused_assignments, clippy::unused_unit, reason = "there may be no parameter")]
        impl<Func, Out, $($arg),*> HostFunction<($($arg,)*)> for Func
        where
            Func: Fn($($arg),*) -> Out + 'static,
            $($arg: FromJs,)*
        {
            type Output = Out;
            fn take(
                &self,
                scope: &mut Scope<'_, '_>,
                args: &v8::FunctionCallbackArguments<'_>,
            ) -> Result<($($arg,)*), Error> {
                let mut index = -1;
                $(
                    index += 1;
                    let value = args.get(index);
                    let $arg = $arg::from_js(scope, value).map_err(|error| match error {
                        Error::Type(text) => Error::Type(format!("argument {}: {text}", index + 1)),
                        error => error,
                    })?;
                )*
                Ok(($($arg,)*))
            }
            fn run(&self, ($($arg,)*): ($($arg,)*)) -> Out {
                self($($arg),*)
            }
        }
    };
}

host_function!();
host_function!(A);
host_function!(A, B);
host_function!(A, B, C);
host_function!(A, B, C, D);
host_function!(A, B, C, D, E);
host_function!(A, B, C, D, E, F);

/// What a Rust function gives back to a program.
pub trait Returned {
    #[doc(hidden)]
    fn give<'s>(self, scope: &mut Scope<'s, '_>) -> Outcome<'s>;
}

impl<T: ToJs> Returned for T {
    fn give<'s>(self, scope: &mut Scope<'s, '_>) -> Outcome<'s> {
        self.to_js(scope).map_err(refusal)
    }
}

impl<T: ToJs, E: Into<Thrown>> Returned for Result<T, E> {
    fn give<'s>(self, scope: &mut Scope<'s, '_>) -> Outcome<'s> {
        self.map_err(Into::into)?.give(scope)
    }
}

/// A value that cannot cross is the program's mistake, or the host's: a `TypeError` in either case.
fn refusal(error: Error) -> Thrown {
    match error {
        Error::Type(text) => Thrown::type_error(text).code("ERR_INVALID_ARG_TYPE"),
        error => error.into(),
    }
}

impl HostModule {
    /// Adds a function, which runs at once.
    pub fn function<Args: 'static, F>(&mut self, name: impl Into<String>, function: F) -> &mut Self
    where
        F: HostFunction<Args, Output: Returned>,
    {
        let callee: Rc<dyn Callee> = Rc::new(AtOnce { function, args: PhantomData });
        self.member(name, callee)
    }

    /// Adds a function that returns a promise, which the outcome of the future settles. The future runs on the
    /// runtime's thread, beside the event loop, which it keeps alive.
    pub fn future<Args: 'static, F>(&mut self, name: impl Into<String>, function: F) -> &mut Self
    where
        F: HostFunction<Args, Output: Future<Output: Returned> + 'static>,
    {
        let callee: Rc<dyn Callee> = Rc::new(Later { function, args: PhantomData });
        self.member(name, callee)
    }

    /// Adds a value.
    pub fn value(&mut self, name: impl Into<String>, value: impl ToJs + 'static) -> &mut Self {
        self.member(name, Constant(value))
    }

    fn member(&mut self, name: impl Into<String>, member: impl Member + 'static) -> &mut Self {
        self.members.push((name.into(), Box::new(member)));
        self
    }

    /// Makes what programs import.
    pub(super) fn make<'s>(self, scope: &mut Scope<'s, '_>) -> Result<v8::Local<'s, v8::Object>, Thrown> {
        let exports = v8::Object::new(scope);
        for (name, member) in self.members {
            let value = member.make(scope, &name)?;
            set(scope, exports, &name, value);
        }
        Ok(exports)
    }
}

struct Constant<T>(T);

impl<T: ToJs> Member for Constant<T> {
    fn make<'s>(self: Box<Self>, scope: &mut Scope<'s, '_>, _: &str) -> Outcome<'s> {
        self.0.give(scope)
    }
}

impl Member for Rc<dyn Callee> {
    fn make<'s>(self: Box<Self>, scope: &mut Scope<'s, '_>, name: &str) -> Outcome<'s> {
        let callees = Host::of(scope).extension::<Callees>();
        let place = callees.0.borrow().len();
        callees.0.borrow_mut().push(*self);
        let place = v8::Integer::new_from_unsigned(scope, place as u32);
        let Exported { callback, .. } = exported!("call", |scope, args, rv| { call(scope, &args, rv) });
        let function = v8::Function::builder_raw(callback)
            .data(place.into())
            .constructor_behavior(v8::ConstructorBehavior::Throw)
            .build(scope);
        let Some(function) = function else { return Err(Thrown::error("there is no memory for a function")) };
        let name = internalized(scope, name);
        function.set_name(name);
        Ok(function.into())
    }
}

/// What JavaScript calls, for all functions of the host.
fn call<'s>(scope: &mut Scope<'s, '_>, args: &Args<'s>, mut rv: v8::ReturnValue<'s, v8::Value>) {
    let callees = Host::of(scope).extension::<Callees>();
    let place = args.data().uint32_value(scope).unwrap_or(u32::MAX);
    let callee = callees.0.borrow().get(place as usize).cloned();
    let Some(callee) = callee else { return };
    match callee.call(scope, args) {
        Ok(value) => rv.set(value),
        Err(thrown) => {
            let error = thrown.to_js(scope);
            scope.throw_exception(error);
        }
    }
}

struct AtOnce<F, Args> {
    function: F,
    args: PhantomData<fn(Args)>,
}

impl<Args, F: HostFunction<Args, Output: Returned>> Callee for AtOnce<F, Args> {
    fn call<'s>(&self, scope: &mut Scope<'s, '_>, args: &self::Args<'s>) -> Outcome<'s> {
        let args = self.function.take(scope, args).map_err(refusal)?;
        let returned = catch_unwind(AssertUnwindSafe(|| self.function.run(args))).map_err(panicked)?;
        returned.give(scope)
    }
}

struct Later<F, Args> {
    function: F,
    args: PhantomData<fn(Args)>,
}

impl<Args, F: HostFunction<Args, Output: Future<Output: Returned> + 'static>> Callee for Later<F, Args> {
    fn call<'s>(&self, scope: &mut Scope<'s, '_>, args: &self::Args<'s>) -> Outcome<'s> {
        let args = self.function.take(scope, args).map_err(refusal)?;
        let future = catch_unwind(AssertUnwindSafe(|| self.function.run(args))).map_err(panicked)?;
        let Some(resolver) = v8::PromiseResolver::new(scope) else {
            return Err(Thrown::error("there is no memory for a promise"));
        };
        let promise = resolver.get_promise(scope);
        let resolver = v8::Global::new(scope, resolver);
        let host = Host::of(scope);
        host.begin_request();
        let mailbox = Arc::clone(&host.mailbox);
        host.spawn(async move {
            let returned = unpanicked(future).await;
            mailbox.post(move |scope| settle(scope, &resolver, returned));
        });
        Ok(promise.into())
    }
}

/// The outcome of a future; what it panics with is thrown.
async fn unpanicked<T>(future: impl Future<Output = T>) -> Result<T, Thrown> {
    let mut future = pin!(future);
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panicked(panic))),
    })
    .await
}

fn settle<T: Returned>(
    scope: &mut Scope<'_, '_>,
    resolver: &v8::Global<v8::PromiseResolver>,
    returned: Result<T, Thrown>,
) {
    let resolver = v8::Local::new(scope, resolver);
    match returned.and_then(|returned| returned.give(scope)) {
        Ok(value) => resolver.resolve(scope, value),
        Err(thrown) => {
            let error = thrown.to_js(scope);
            resolver.reject(scope, error)
        }
    };
    call::drain_ticks(scope);
}

fn panicked(panic: Box<dyn Any + Send>) -> Thrown {
    Thrown::error(format!("The host panicked: {}", panic_text(panic.as_ref())))
}
