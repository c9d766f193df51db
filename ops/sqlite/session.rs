//! Sessions and the application of changes.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use crate::bind::convert::{Bytes, string_from_bytes};
use crate::bind::object::{Carried, State};
use crate::sys::sqlite::{self, Applied, Failure, code};

use super::callee::Callee;
use super::database::{self, Database};
use super::failed::Failed;

/// A session, open or not.
#[derive(Clone)]
pub(super) struct Session(Rc<Inner>);

/// What the database knows of a session.
pub(super) struct Inner {
    database: Rc<database::Inner>,
    session: RefCell<Option<sqlite::Session>>,
}

impl Inner {
    pub(super) fn close(&self) {
        self.session.take();
    }
}

impl State for Session {}

impl Carried for Session {}

/// `createSession(database, name, table)`: records the changes of a table, of all where it is undefined.
pub(super) fn create_session(
    database: Database,
    name: String,
    table: Option<String>,
) -> Result<Session, Failed> {
    let Database(database) = database;
    let session = sqlite::Session::new(&database.connection()?, &name, table.as_deref())?;
    let inner = Rc::new(Inner { database: Rc::clone(&database), session: RefCell::new(Some(session)) });
    database.add_session(&inner);
    Ok(Session(inner))
}

/// `changes(session, asPatch)`: what it has recorded.
pub(super) fn changes(session: Session, as_patch: bool) -> Result<Bytes, Failed> {
    let Session(inner) = session;
    inner.database.connection()?;
    match &*inner.session.borrow() {
        Some(session) => Ok(Bytes(session.changes(as_patch)?)),
        None => Err(Failed::state("session is not open")),
    }
}

/// `closeSession(session)`
pub(super) fn close_session(session: Session) -> Result<(), Failed> {
    let Session(inner) = session;
    inner.database.connection()?;
    match inner.session.take() {
        Some(_) => Ok(()),
        None => Err(Failed::state("session is not open")),
    }
}

/// `applyChanges(database, changes, filter, onConflict)`: whether all of the changes have been applied. Without
/// `filter` all tables are meant, and without `onConflict` the first conflict ends it.
pub(super) fn apply_changes(
    database: Database,
    changes: Bytes,
    filter: Option<Callee>,
    on_conflict: Option<Callee>,
) -> Result<bool, Failed> {
    let Database(inner) = database;
    let connection = inner.connection()?;
    let weak = Rc::downgrade(&inner);
    let filter = filter.map(|callee| {
        let weak = weak.clone();
        move |table: &CStr| {
            let wanted = callee.call(
                &weak,
                1,
                |scope, _| Ok(string_from_bytes(scope, table.to_bytes()).into()),
                |scope, wanted| Ok(wanted.boolean_value(scope)),
            );
            wanted.unwrap_or(false)
        }
    });
    let conflict = |kind: i32| {
        let Some(callee) = &on_conflict else { return code::ABORT_CHANGES };
        let verdict = callee.call(
            &weak,
            1,
            |scope, _| Ok(v8::Integer::new(scope, kind).into()),
            |scope, verdict| Ok(if verdict.is_int32() { verdict.int32_value(scope) } else { None }),
        );
        match verdict {
            Some(Some(verdict)) => verdict,
            // No answer that SQLite knows, which it says.
            Some(None) => -1,
            None => code::ABORT_CHANGES,
        }
    };
    let filter = filter.as_ref().map(|filter| filter as &dyn Fn(&CStr) -> bool);
    let outcome = sqlite::apply(&connection, &changes.0, &Applied { filter, conflict: &conflict });
    inner.check_thrown()?;
    match outcome {
        code::OK => Ok(true),
        code::ABORT => Ok(false),
        other => Err(Failed::Sqlite(Failure::of_code(other))),
    }
}
