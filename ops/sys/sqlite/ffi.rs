//! Functions of SQLite's that `libsqlite3-sys` does not declare: those of the session extension, which it knows
//! only where it makes its declarations itself, and another.

use std::ffi::{c_char, c_int, c_void};

use libsqlite3_sys::sqlite3;

/// A session.
#[allow(non_camel_case_types, reason = "it is the name in C")]
pub(super) enum sqlite3_session {}

/// A place in a set of changes.
#[allow(non_camel_case_types, reason = "it is the name in C")]
pub(super) enum sqlite3_changeset_iter {}

/// Whether the changes of a table are applied.
pub(super) type Filter = unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int;

/// What is done about a conflict.
pub(super) type Conflict = unsafe extern "C" fn(*mut c_void, c_int, *mut sqlite3_changeset_iter) -> c_int;

unsafe extern "C" {
    pub(super) fn sqlite3_close_v2(db: *mut sqlite3) -> c_int;
    pub(super) fn sqlite3session_create(
        db: *mut sqlite3,
        name: *const c_char,
        session: *mut *mut sqlite3_session,
    ) -> c_int;
    pub(super) fn sqlite3session_attach(session: *mut sqlite3_session, table: *const c_char) -> c_int;
    pub(super) fn sqlite3session_delete(session: *mut sqlite3_session);
    pub(super) fn sqlite3session_changeset(
        session: *mut sqlite3_session,
        size: *mut c_int,
        start: *mut *mut c_void,
    ) -> c_int;
    pub(super) fn sqlite3session_patchset(
        session: *mut sqlite3_session,
        size: *mut c_int,
        start: *mut *mut c_void,
    ) -> c_int;
    pub(super) fn sqlite3changeset_apply(
        db: *mut sqlite3,
        size: c_int,
        start: *mut c_void,
        filter: Option<Filter>,
        conflict: Option<Conflict>,
        data: *mut c_void,
    ) -> c_int;
}
