//! Functions and aggregates that the program gives to a connection.

use std::ffi::{CString, c_int, c_void};
use std::slice;

use libsqlite3_sys as sq;

use super::{Connection, Failure, name};

/// A value of SQLite's.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// NULL
    Null,
    /// INTEGER
    Integer(i64),
    /// REAL
    Real(f64),
    /// TEXT, in UTF-8
    Text(&'a [u8]),
    /// BLOB
    Blob(&'a [u8]),
}

/// The way back of what a function returns; NULL where it is not gone.
pub struct Reply(*mut sq::sqlite3_context);

impl Reply {
    /// Returns a value, which is copied.
    pub fn give(&self, value: &Value<'_>) {
        let (context, copy) = (self.0, sq::SQLITE_TRANSIENT());
        match value {
            // SAFETY: the context is that of a call.
            Value::Null => unsafe { sq::sqlite3_result_null(context) },
            // SAFETY: the same.
            Value::Integer(value) => unsafe { sq::sqlite3_result_int64(context, *value) },
            // SAFETY: the same.
            Value::Real(value) => unsafe { sq::sqlite3_result_double(context, *value) },
            Value::Text(text) => {
                let (start, length) = (text.as_ptr().cast(), text.len() as u64);
                // SAFETY: there are so many bytes, which SQLite copies.
                unsafe { sq::sqlite3_result_text64(context, start, length, copy, sq::SQLITE_UTF8 as u8) }
            }
            Value::Blob(bytes) => {
                let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
                // SAFETY: there are so many bytes, which SQLite copies.
                unsafe { sq::sqlite3_result_blob64(context, start, length, copy) }
            }
        }
    }

    /// Has the statement fail.
    pub fn fail(&self, message: &str) {
        let length = c_int::try_from(message.len()).unwrap_or(0);
        // SAFETY: there are so many bytes, which SQLite copies.
        unsafe { sq::sqlite3_result_error(self.0, message.as_ptr().cast(), length) };
    }
}

/// What SQLite is told of a function.
#[derive(Clone, Copy)]
pub struct Flags {
    /// How many arguments it takes; -1 for any number.
    pub arguments: i32,
    /// Whether equal arguments always give the same.
    pub deterministic: bool,
    /// Whether it may only be used in statements, not in the schema.
    pub direct_only: bool,
}

impl Flags {
    fn number(self) -> c_int {
        let mut flags = sq::SQLITE_UTF8;
        if self.deterministic {
            flags |= sq::SQLITE_DETERMINISTIC;
        }
        if self.direct_only {
            flags |= sq::SQLITE_DIRECTONLY;
        }
        flags
    }
}

/// A function of one row.
pub type Function = Box<dyn Fn(&[Value<'_>], &Reply)>;

/// A function of many rows. `Err` holds the message that the statement fails with.
pub trait Aggregate {
    /// What is kept from row to row.
    type State;

    /// Before the first row.
    fn start(&self) -> Result<Self::State, String>;
    /// One row more.
    fn step(&self, state: &mut Self::State, values: &[Value<'_>]) -> Result<(), String>;
    /// One row less: the oldest of a window.
    fn inverse(&self, state: &mut Self::State, values: &[Value<'_>]) -> Result<(), String>;
    /// What the rows come to.
    fn value(&self, state: &Self::State, reply: &Reply);
}

impl Connection {
    /// Makes `function` known in statements.
    pub fn create_function(&self, name_of: &str, flags: Flags, function: Function) -> Result<(), Failure> {
        let name_of = name(name_of)?;
        let data = Box::into_raw(Box::new(function)).cast();
        let call = Some(on_call as unsafe extern "C" fn(_, _, _));
        let (name, arguments) = (name_of.as_ptr(), flags.arguments);
        let drop = Some(drop_box::<Function> as unsafe extern "C" fn(_));
        // SAFETY: SQLite takes the box over, which it hands to `call` and at the end to `drop`, also if it fails.
        let code = unsafe {
            let flags = flags.number();
            sq::sqlite3_create_function_v2(self.raw(), name, arguments, flags, data, call, None, None, drop)
        };
        self.check(code)
    }

    /// Makes `aggregate` known in statements; over windows, too, if it has an inverse.
    pub fn create_aggregate<A: Aggregate>(
        &self,
        name_of: &str,
        flags: Flags,
        aggregate: A,
        has_inverse: bool,
    ) -> Result<(), Failure> {
        let name_of: CString = name(name_of)?;
        let data = Box::into_raw(Box::new(aggregate)).cast();
        let step = Some(on_step::<A> as unsafe extern "C" fn(_, _, _));
        let last = Some(on_final::<A> as unsafe extern "C" fn(_));
        let value = has_inverse.then_some(on_value::<A> as unsafe extern "C" fn(_));
        let inverse = has_inverse.then_some(on_inverse::<A> as unsafe extern "C" fn(_, _, _));
        let drop = Some(drop_box::<A> as unsafe extern "C" fn(_));
        let (name, arguments) = (name_of.as_ptr(), flags.arguments);
        // SAFETY: SQLite takes the box over, which its calls find and at the end `drop`, also if it fails.
        let code = unsafe {
            let (db, flags) = (self.raw(), flags.number());
            sq::sqlite3_create_window_function(
                db, name, arguments, flags, data, step, last, value, inverse, drop,
            )
        };
        self.check(code)
    }
}

unsafe extern "C" fn drop_box<T>(data: *mut c_void) {
    // SAFETY: it came out of a box of this type, and SQLite drops it once.
    drop(unsafe { Box::from_raw(data.cast::<T>()) });
}

/// What a function's box holds, in a call of it.
fn data<'a, T>(context: *mut sq::sqlite3_context) -> &'a T {
    // SAFETY: the context is that of a call.
    let data = unsafe { sq::sqlite3_user_data(context) };
    // SAFETY: the function was made with a box of this type, which lives as long as the function.
    unsafe { &*data.cast::<T>() }
}

/// How many arguments are handed on without memory of their own.
const FEW: usize = 8;

/// Calls `take` with the arguments of a call.
fn with_values<R>(
    count: c_int,
    values: *mut *mut sq::sqlite3_value,
    take: impl FnOnce(&[Value<'_>]) -> R,
) -> R {
    let Ok(count @ 1..) = usize::try_from(count) else { return take(&[]) };
    // SAFETY: SQLite hands over so many pointers.
    let values = unsafe { slice::from_raw_parts(values, count) };
    let mut room = [Value::Null; FEW];
    match room.get_mut(..count) {
        Some(few) => {
            for (place, &argument) in few.iter_mut().zip(values) {
                *place = value(argument);
            }
            take(few)
        }
        None => take(&values.iter().map(|&argument| value(argument)).collect::<Vec<_>>()),
    }
}

/// An argument or a column: until the next call about it.
pub(super) fn value<'a>(value: *mut sq::sqlite3_value) -> Value<'a> {
    // SAFETY: the value is an argument of the call that is on the stack, or a column of a row.
    let kind = unsafe { sq::sqlite3_value_type(value) };
    match kind {
        // SAFETY: the same.
        sq::SQLITE_INTEGER => Value::Integer(unsafe { sq::sqlite3_value_int64(value) }),
        // SAFETY: the same.
        sq::SQLITE_FLOAT => Value::Real(unsafe { sq::sqlite3_value_double(value) }),
        // A text that is in UTF-8 already is taken as it lies: asked for as a text, it would be copied for a zero at
        // its end.
        // SAFETY: the same.
        sq::SQLITE_TEXT if unsafe { sq::sqlite3_value_encoding(value) } != sq::SQLITE_UTF8 => {
            // SAFETY: the same.
            let start = unsafe { sq::sqlite3_value_text(value) };
            Value::Text(bytes(value, start))
        }
        sq::SQLITE_TEXT | sq::SQLITE_BLOB => {
            // SAFETY: the same.
            let start = unsafe { sq::sqlite3_value_blob(value) };
            let bytes = bytes(value, start.cast());
            if kind == sq::SQLITE_TEXT { Value::Text(bytes) } else { Value::Blob(bytes) }
        }
        _ => Value::Null,
    }
}

fn bytes<'a>(value: *mut sq::sqlite3_value, start: *const u8) -> &'a [u8] {
    // SAFETY: as in `value`.
    let length = unsafe { sq::sqlite3_value_bytes(value) };
    match usize::try_from(length) {
        // SAFETY: SQLite says that so many bytes are there until the next call about the value.
        Ok(length) if length > 0 && !start.is_null() => unsafe { slice::from_raw_parts(start, length) },
        _ => &[],
    }
}

extern "C" fn on_call(context: *mut sq::sqlite3_context, count: c_int, args: *mut *mut sq::sqlite3_value) {
    with_values(count, args, |values| data::<Function>(context)(values, &Reply(context)));
}

/// What an aggregate keeps from row to row.
struct Rows<S> {
    state: S,
    /// Whether the value has been asked for: of a window, more than once, and not at the end.
    has_value: bool,
}

/// The place where an aggregate's rows are kept, which SQLite makes empty for the first of them.
fn place<'a, A: Aggregate>(
    context: *mut sq::sqlite3_context,
    size: usize,
) -> Option<&'a mut *mut Rows<A::State>>
where
    A::State: 'a,
{
    // SAFETY: the context is that of a call of an aggregate.
    let place = unsafe { sq::sqlite3_aggregate_context(context, size as c_int) };
    // SAFETY: there is room for a pointer, which is null at first and which only these calls change.
    unsafe { place.cast::<*mut Rows<A::State>>().as_mut() }
}

/// The rows, begun if there are none yet.
fn rows<'a, A: Aggregate>(context: *mut sq::sqlite3_context) -> Result<&'a mut Rows<A::State>, String> {
    let place = place::<A>(context, size_of::<*mut Rows<A::State>>()).ok_or("out of memory")?;
    if place.is_null() {
        let state = data::<A>(context).start()?;
        *place = Box::into_raw(Box::new(Rows { state, has_value: false }));
    }
    // SAFETY: it came out of a box, which `on_final` takes back as the last call.
    unsafe { place.as_mut() }.ok_or_else(|| "out of memory".to_owned())
}

extern "C" fn on_step<A: Aggregate>(
    context: *mut sq::sqlite3_context,
    count: c_int,
    args: *mut *mut sq::sqlite3_value,
) {
    let step = |rows: &mut Rows<A::State>| {
        with_values(count, args, |values| data::<A>(context).step(&mut rows.state, values))
    };
    if let Err(message) = rows::<A>(context).and_then(step) {
        Reply(context).fail(&message);
    }
}

extern "C" fn on_inverse<A: Aggregate>(
    context: *mut sq::sqlite3_context,
    count: c_int,
    args: *mut *mut sq::sqlite3_value,
) {
    let inverse = |rows: &mut Rows<A::State>| {
        with_values(count, args, |values| data::<A>(context).inverse(&mut rows.state, values))
    };
    if let Err(message) = rows::<A>(context).and_then(inverse) {
        Reply(context).fail(&message);
    }
}

extern "C" fn on_value<A: Aggregate>(context: *mut sq::sqlite3_context) {
    match rows::<A>(context) {
        Ok(rows) => {
            rows.has_value = true;
            data::<A>(context).value(&rows.state, &Reply(context));
        }
        Err(message) => Reply(context).fail(&message),
    }
}

extern "C" fn on_final<A: Aggregate>(context: *mut sq::sqlite3_context) {
    match rows::<A>(context) {
        Ok(rows) if !rows.has_value => on_value::<A>(context),
        Ok(_) => {}
        Err(message) => Reply(context).fail(&message),
    }
    if let Some(place) = place::<A>(context, 0) {
        let rows = std::mem::replace(place, std::ptr::null_mut());
        if !rows.is_null() {
            // SAFETY: it came out of a box, and the place no longer refers to it.
            drop(unsafe { Box::from_raw(rows) });
        }
    }
}
