//! Sessions, which record what changes, and the application of what they have recorded.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{self, NonNull};
use std::rc::Rc;

use libsqlite3_sys as sq;

use super::ffi::{self, sqlite3_changeset_iter, sqlite3_session};
use super::{Connection, Failure, free, name};

/// A recording of what changes.
pub struct Session {
    raw: NonNull<sqlite3_session>,
    connection: Rc<Connection>,
}

impl Session {
    /// Records the changes of a table, or of all, in the database that is attached as `database`.
    pub fn new(connection: &Rc<Connection>, database: &str, table: Option<&str>) -> Result<Session, Failure> {
        let database = name(database)?;
        let table = table.map(name).transpose()?;
        let mut raw = ptr::null_mut();
        // SAFETY: the name ends with a zero, and there is room for the result.
        let code = unsafe { ffi::sqlite3session_create(connection.raw(), database.as_ptr(), &mut raw) };
        connection.check(code)?;
        let Some(raw) = NonNull::new(raw) else { return Err(Failure::of_code(sq::SQLITE_NOMEM)) };
        let session = Session { raw, connection: Rc::clone(connection) };
        let table = table.as_deref().map_or(ptr::null(), CStr::as_ptr);
        // SAFETY: the name is null or ends with a zero, and is copied.
        let code = unsafe { ffi::sqlite3session_attach(session.raw.as_ptr(), table) };
        session.connection.check(code)?;
        Ok(session)
    }

    /// What has changed, with what was there before or, as a patch, without.
    pub fn changes(&self, as_patch: bool) -> Result<Vec<u8>, Failure> {
        let take = if as_patch { ffi::sqlite3session_patchset } else { ffi::sqlite3session_changeset };
        let (mut size, mut start) = (0, ptr::null_mut());
        // SAFETY: the session is alive, and there is room for the results.
        let code = unsafe { take(self.raw.as_ptr(), &mut size, &mut start) };
        if code != sq::SQLITE_OK {
            return Err(Failure::of_code(code));
        }
        let bytes = match usize::try_from(size) {
            Ok(size) if !start.is_null() => {
                // SAFETY: SQLite says that so many bytes are there.
                let bytes = unsafe { std::slice::from_raw_parts(start.cast::<u8>(), size) };
                bytes.to_vec()
            }
            _ => Vec::new(),
        };
        free(start);
        Ok(bytes)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: nothing else refers to the session, and its connection is open.
        unsafe { ffi::sqlite3session_delete(self.raw.as_ptr()) };
    }
}

/// Decides about the changes that are applied.
pub struct Applied<'a> {
    /// Whether the changes of a table are.
    pub filter: Option<&'a dyn Fn(&CStr) -> bool>,
    /// What is done about a conflict of this kind.
    pub conflict: &'a dyn Fn(i32) -> i32,
}

/// Applies what [`Session::changes`] returned. Returns SQLite's code, `ABORT` where a conflict has ended it.
pub fn apply(connection: &Connection, changes: &[u8], applied: &Applied<'_>) -> i32 {
    let Ok(size) = c_int::try_from(changes.len()) else { return sq::SQLITE_TOOBIG };
    let filter = applied.filter.is_some().then_some(on_filter as ffi::Filter);
    let conflict = Some(on_conflict as ffi::Conflict);
    let start = changes.as_ptr().cast_mut().cast();
    let data = ptr::from_ref(applied).cast_mut().cast();
    // SAFETY: there are so many bytes, which SQLite only reads; `applied` outlives the call.
    unsafe { ffi::sqlite3changeset_apply(connection.raw(), size, start, filter, conflict, data) }
}

extern "C" fn on_filter(data: *mut c_void, table: *const c_char) -> c_int {
    // SAFETY: `apply` has handed this over and is on the stack.
    let applied = unsafe { &*data.cast::<Applied<'_>>() };
    // SAFETY: the name ends with a zero and outlives the call.
    let table = unsafe { CStr::from_ptr(table) };
    c_int::from(applied.filter.is_none_or(|filter| filter(table)))
}

extern "C" fn on_conflict(data: *mut c_void, kind: c_int, _: *mut sqlite3_changeset_iter) -> c_int {
    // SAFETY: `apply` has handed this over and is on the stack.
    let applied = unsafe { &*data.cast::<Applied<'_>>() };
    (applied.conflict)(kind)
}
