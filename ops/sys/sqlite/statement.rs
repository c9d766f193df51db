//! Statements: their parameters, their rows and columns.

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::rc::Rc;

use libsqlite3_sys as sq;

use super::function::value;
use super::{Connection, Failure, Value, text};

/// A prepared statement.
pub struct Statement {
    raw: NonNull<sq::sqlite3_stmt>,
    connection: Rc<Connection>,
}

/// Where a column of the result comes from.
pub struct Column {
    /// The column of the table.
    pub column: Option<String>,
    /// The name that the table's database is attached as.
    pub database: Option<String>,
    /// The name in the result.
    pub name: Option<String>,
    /// The table.
    pub table: Option<String>,
    /// The type of the table's column, as it was declared.
    pub declared: Option<String>,
}

impl Statement {
    pub(super) fn new(raw: NonNull<sq::sqlite3_stmt>, connection: &Rc<Connection>) -> Self {
        Statement { raw, connection: Rc::clone(connection) }
    }

    fn raw(&self) -> *mut sq::sqlite3_stmt {
        self.raw.as_ptr()
    }

    /// The connection that it belongs to.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    fn check(&self, code: c_int) -> Result<(), Failure> {
        self.connection.check(code)
    }

    /// How many parameters there are; they count from 1.
    pub fn parameters(&self) -> i32 {
        // SAFETY: the statement is alive.
        unsafe { sq::sqlite3_bind_parameter_count(self.raw()) }
    }

    /// The name of a parameter with what it begins with; none for a plain `?`.
    pub fn parameter_name(&self, index: i32) -> Option<&CStr> {
        // SAFETY: SQLite checks the number.
        let name = unsafe { sq::sqlite3_bind_parameter_name(self.raw(), index) };
        // SAFETY: the name ends with a zero and lives as long as the statement.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
    }

    /// The number of the parameter `name`; none where there is none.
    pub fn parameter(&self, name: &CStr) -> Option<i32> {
        // SAFETY: the name ends with a zero.
        let index = unsafe { sq::sqlite3_bind_parameter_index(self.raw(), name.as_ptr()) };
        (index > 0).then_some(index)
    }

    /// Makes all parameters NULL.
    pub fn clear(&self) {
        // SAFETY: the statement is alive.
        unsafe { sq::sqlite3_clear_bindings(self.raw()) };
    }

    /// Gives a parameter its value, which is copied.
    pub fn bind(&self, index: i32, value: &Value<'_>) -> Result<(), Failure> {
        let raw = self.raw();
        let copy = sq::SQLITE_TRANSIENT();
        let code = match value {
            // SAFETY: SQLite checks the number of the parameter.
            Value::Null => unsafe { sq::sqlite3_bind_null(raw, index) },
            // SAFETY: the same.
            Value::Integer(value) => unsafe { sq::sqlite3_bind_int64(raw, index, *value) },
            // SAFETY: the same.
            Value::Real(value) => unsafe { sq::sqlite3_bind_double(raw, index, *value) },
            Value::Text(bytes) => {
                let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
                // SAFETY: there are so many bytes, which SQLite copies.
                unsafe { sq::sqlite3_bind_text64(raw, index, start, length, copy, sq::SQLITE_UTF8 as u8) }
            }
            Value::Blob(bytes) => {
                let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
                // SAFETY: there are so many bytes, which SQLite copies.
                unsafe { sq::sqlite3_bind_blob64(raw, index, start, length, copy) }
            }
        };
        self.check(code)
    }

    /// Goes on to the next row; whether there is one.
    pub fn step(&self) -> Result<bool, Failure> {
        // SAFETY: the statement is alive.
        match unsafe { sq::sqlite3_step(self.raw()) } {
            sq::SQLITE_ROW => Ok(true),
            sq::SQLITE_DONE => Ok(false),
            _ => Err(self.connection.failure()),
        }
    }

    /// Goes back to before the first row.
    pub fn reset(&self) {
        // SAFETY: the statement is alive; what is returned is the failure of the last step once more.
        unsafe { sq::sqlite3_reset(self.raw()) };
    }

    /// How many columns the result has.
    pub fn columns(&self) -> i32 {
        // SAFETY: the statement is alive.
        unsafe { sq::sqlite3_column_count(self.raw()) }
    }

    /// The name of a column; they count from 0.
    pub fn column_name(&self, index: i32) -> Option<String> {
        // SAFETY: SQLite checks the number.
        text(unsafe { sq::sqlite3_column_name(self.raw(), index) })
    }

    /// Where a column comes from.
    pub fn column(&self, index: i32) -> Column {
        let raw = self.raw();
        Column {
            // SAFETY: SQLite checks the number.
            column: text(unsafe { sq::sqlite3_column_origin_name(raw, index) }),
            // SAFETY: the same.
            database: text(unsafe { sq::sqlite3_column_database_name(raw, index) }),
            name: self.column_name(index),
            // SAFETY: the same.
            table: text(unsafe { sq::sqlite3_column_table_name(raw, index) }),
            // SAFETY: the same.
            declared: text(unsafe { sq::sqlite3_column_decltype(raw, index) }),
        }
    }

    /// Calls `read` with a column of the row that the last step went to.
    pub fn read<R>(&self, index: i32, read: impl FnOnce(Value<'_>) -> R) -> R {
        // SAFETY: SQLite checks the number.
        let column = unsafe { sq::sqlite3_column_value(self.raw(), index) };
        // What is read is lent only until `read` returns: no other call is made about the column meanwhile.
        read(value(column))
    }

    /// The statement as it was written.
    pub fn sql(&self) -> String {
        // SAFETY: the statement is alive.
        text(unsafe { sq::sqlite3_sql(self.raw()) }).unwrap_or_default()
    }

    /// The statement with the values of its parameters; none where that is too long.
    pub fn expanded_sql(&self) -> Option<String> {
        // SAFETY: the statement is alive.
        let expanded = unsafe { sq::sqlite3_expanded_sql(self.raw()) };
        let copy = text(expanded);
        super::free(expanded.cast());
        copy
    }

    /// A counter of what the statement has cost; `reset` makes it 0 behind that.
    pub fn counter(&self, number: i32, reset: bool) -> i32 {
        // SAFETY: the statement is alive.
        unsafe { sq::sqlite3_stmt_status(self.raw(), number, c_int::from(reset)) }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: nothing else refers to the statement; what is returned is an old failure.
        unsafe { sq::sqlite3_finalize(self.raw()) };
    }
}
