//! Functions and aggregates of the program's.

use std::rc::{Rc, Weak};

use crate::bind::convert::FromJs;
use crate::sys::sqlite::{Aggregate, Flags, Reply, Value};

use super::callee::Callee;
use super::database::{Database, Inner};
use super::failed::Failed;
use super::values::{reply_with, to_js};

/// What a function is like: `[arguments, deterministic, directOnly, bigInts]`.
pub(super) struct Kind {
    flags: Flags,
    big_ints: bool,
}

impl FromJs for Kind {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let facts = Vec::<i32>::from_js(scope, value);
        let fact = |index: usize| facts.get(index).copied().unwrap_or(0);
        let flags = Flags { arguments: fact(0), deterministic: fact(1) != 0, direct_only: fact(2) != 0 };
        Kind { flags, big_ints: fact(3) != 0 }
    }
}

/// What is said where the program's own exception takes the place of the failure.
const THROWN: &str = "a function has thrown";

/// `createFunction(database, name, [arguments, deterministic, directOnly, bigInts], function)`
pub(super) fn create_function(
    database: Database,
    name: String,
    kind: Kind,
    callee: Callee,
) -> Result<(), Failed> {
    let Database(inner) = database;
    let weak = Rc::downgrade(&inner);
    let Kind { flags, big_ints } = kind;
    let function = Box::new(move |values: &[Value<'_>], reply: &Reply| {
        let returned = callee.call(
            &weak,
            values.len(),
            |scope, index| to_js(scope, values[index], big_ints),
            |scope, returned| reply_with(scope, returned, reply),
        );
        if returned.is_none() {
            reply.fail(THROWN);
        }
    });
    Ok(inner.connection()?.create_function(&name, flags, function)?)
}

/// The functions of an aggregate: `[start, step, inverse, result]`.
pub(super) struct Functions {
    start: Callee,
    step: Callee,
    inverse: Option<Callee>,
    result: Option<Callee>,
}

impl FromJs for Functions {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let functions = v8::Local::<v8::Array>::try_from(value).ok();
        let mut function = |index: u32| {
            let function = functions.and_then(|functions| functions.get_index(scope, index));
            function.unwrap_or_else(|| v8::undefined(scope).into())
        };
        let [start, step, inverse, result] = [0, 1, 2, 3].map(&mut function);
        Functions {
            start: Callee::from_js(scope, start),
            step: Callee::from_js(scope, step),
            inverse: Option::from_js(scope, inverse),
            result: Option::from_js(scope, result),
        }
    }
}

struct Rows {
    database: Weak<Inner>,
    functions: Functions,
    big_ints: bool,
}

type Kept = v8::Global<v8::Value>;

impl Rows {
    /// The state after one of the functions has seen a row.
    fn next(&self, callee: &Callee, state: &Kept, values: &[Value<'_>]) -> Result<Kept, String> {
        let kept = callee.call(
            &self.database,
            values.len() + 1,
            |scope, index| match index {
                0 => Ok(v8::Local::new(scope, state)),
                _ => to_js(scope, values[index - 1], self.big_ints),
            },
            |scope, next| Ok(v8::Global::new(scope, next)),
        );
        kept.ok_or_else(|| THROWN.to_owned())
    }
}

impl Aggregate for Rows {
    type State = Kept;

    fn start(&self) -> Result<Kept, String> {
        let start = self.functions.start.call(
            &self.database,
            0,
            |scope, _| Ok(v8::undefined(scope).into()),
            |scope, value| Ok(v8::Global::new(scope, value)),
        );
        start.ok_or_else(|| THROWN.to_owned())
    }

    fn step(&self, state: &mut Kept, values: &[Value<'_>]) -> Result<(), String> {
        *state = self.next(&self.functions.step, state, values)?;
        Ok(())
    }

    fn inverse(&self, state: &mut Kept, values: &[Value<'_>]) -> Result<(), String> {
        if let Some(inverse) = &self.functions.inverse {
            *state = self.next(inverse, state, values)?;
        }
        Ok(())
    }

    fn value(&self, state: &Kept, reply: &Reply) {
        let given = match &self.functions.result {
            Some(result) => result.call(
                &self.database,
                1,
                |scope, _| Ok(v8::Local::new(scope, state)),
                |scope, value| reply_with(scope, value, reply),
            ),
            None => self.functions.start.read(state, |scope, value| reply_with(scope, value, reply)),
        };
        if given.is_none() {
            reply.fail(THROWN);
        }
    }
}

/// `createAggregate(database, name, [arguments, deterministic, directOnly, bigInts], [start, step, inverse, result])`
pub(super) fn create_aggregate(
    database: Database,
    name: String,
    kind: Kind,
    functions: Functions,
) -> Result<(), Failed> {
    let Database(inner) = database;
    let has_inverse = functions.inverse.is_some();
    let rows = Rows { database: Rc::downgrade(&inner), functions, big_ints: kind.big_ints };
    Ok(inner.connection()?.create_aggregate(&name, kind.flags, rows, has_inverse)?)
}
