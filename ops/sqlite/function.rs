//! Functions and aggregates of the program's.

use std::rc::{Rc, Weak};

use crate::bind::convert::FromJs;
use crate::sys::sqlite::{Aggregate, Answer, Flags, Value};

use super::callee::{Arguments, Callee};
use super::database::{Database, Inner};
use super::failed::Failed;
use super::values::{answer, to_js};

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

/// The arguments of a call: the state of an aggregate, if there is one, and the values of a row.
fn list<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    state: Option<&Kept>,
    values: &[Value<'_>],
    big_ints: bool,
) -> Result<Arguments<'s>, Failed> {
    let mut arguments = Vec::with_capacity(values.len() + 1);
    arguments.extend(state.map(|state| v8::Local::new(scope, state)));
    for value in values {
        arguments.push(to_js(scope, *value, big_ints)?);
    }
    Ok(arguments)
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
    let function = Box::new(move |values: &[Value<'_>]| {
        let returned = callee.call(
            &weak,
            |scope| list(scope, None, values, big_ints),
            |scope, returned| Ok(answer(scope, returned)),
        );
        returned.unwrap_or_else(|| Answer::Error(THROWN.to_owned()))
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
            |scope| list(scope, Some(state), values, self.big_ints),
            |scope, next| Ok(v8::Global::new(scope, next)),
        );
        kept.ok_or_else(|| THROWN.to_owned())
    }
}

impl Aggregate for Rows {
    type State = Kept;

    fn start(&self) -> Result<Kept, String> {
        let keep = |scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>| {
            Ok(v8::Global::new(scope, value))
        };
        let start = self.functions.start.call(&self.database, |_| Ok(Vec::new()), keep);
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

    fn value(&self, state: &Kept) -> Answer {
        let take =
            |scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>| Ok(answer(scope, value));
        let value = match &self.functions.result {
            Some(result) => result.call(&self.database, |scope| Ok(vec![v8::Local::new(scope, state)]), take),
            None => self.functions.start.read(state, take),
        };
        value.unwrap_or_else(|| Answer::Error(THROWN.to_owned()))
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
