//! Functions of the program's that SQLite calls.

use std::rc::Weak;

use crate::bind::convert::FromJs;
use crate::bind::reenter::Reentry;

use super::database::Inner;
use super::failed::Failed;

/// How many arguments are handed on without memory of their own.
const FEW: usize = 8;

/// A function, or another value that stands for what one would return.
pub(super) struct Callee {
    value: v8::Global<v8::Value>,
    reentry: Reentry,
}

impl FromJs for Callee {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        Callee { value: v8::Global::new(scope, value), reentry: Reentry::new(scope) }
    }
}

impl Callee {
    /// Calls the function with `count` arguments and `take` with what it returns. What is thrown is kept with the
    /// database, whose operation is on the stack, and `None` is returned.
    pub(super) fn call<R>(
        &self,
        database: &Weak<Inner>,
        count: usize,
        argument: impl for<'s> Fn(&mut v8::PinScope<'s, '_>, usize) -> Result<v8::Local<'s, v8::Value>, Failed>,
        take: impl FnOnce(&mut v8::PinScope<'_, '_>, v8::Local<'_, v8::Value>) -> Result<R, Failed>,
    ) -> Option<R> {
        let database = database.upgrade()?;
        // What has thrown before ends the operation, whatever SQLite still asks for.
        if database.has_thrown() {
            return None;
        }
        self.reentry.run_inside(|scope| {
            let value = v8::Local::new(scope, &self.value);
            let nothing = v8::undefined(scope).into();
            let mut few = [nothing; FEW];
            let mut many = Vec::new();
            let arguments = match few.get_mut(..count) {
                Some(few) => few,
                None => {
                    many.resize(count, nothing);
                    &mut many[..]
                }
            };
            for (index, place) in arguments.iter_mut().enumerate() {
                match argument(scope, index) {
                    Ok(argument) => *place = argument,
                    Err(failed) => {
                        let error = failed.to_js(scope);
                        database.keep_thrown(Some(v8::Global::new(scope, error)));
                        return None;
                    }
                }
            }
            v8::tc_scope!(let caught, scope);
            let returned = match v8::Local::<v8::Function>::try_from(value) {
                Ok(function) => {
                    database.enter_callback();
                    let returned = function.call(caught, nothing, arguments);
                    database.leave_callback();
                    returned
                }
                Err(_) => Some(value),
            };
            let Some(returned) = returned else {
                let exception = caught.exception().filter(|_| !caught.has_terminated());
                database.keep_thrown(exception.map(|exception| v8::Global::new(caught, exception)));
                return None;
            };
            match take(caught, returned) {
                Ok(taken) => Some(taken),
                Err(failed) => {
                    let error = failed.to_js(caught);
                    database.keep_thrown(Some(v8::Global::new(caught, error)));
                    None
                }
            }
        })
    }

    /// Calls `take` with a value that was kept.
    pub(super) fn read<R>(
        &self,
        value: &v8::Global<v8::Value>,
        take: impl FnOnce(&mut v8::PinScope<'_, '_>, v8::Local<'_, v8::Value>) -> Result<R, Failed>,
    ) -> Option<R> {
        self.reentry.run_inside(|scope| {
            let value = v8::Local::new(scope, value);
            take(scope, value).ok()
        })
    }
}
