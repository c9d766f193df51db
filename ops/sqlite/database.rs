//! Databases: opening, closing, whole statements, what they are asked and told.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, CString};
use std::rc::{Rc, Weak};

use crate::bind::Host;
use crate::bind::convert::{Bytes, FromJs, string_from_bytes};
use crate::bind::error::ErrorClass;
use crate::bind::object::{Carried, State};
use crate::sys::sqlite::{Connection, Failure, Opening, Switch, code};

use super::callee::Callee;
use super::failed::Failed;
use super::files::{File, may_attach};
use super::rows::Outcomes;
use super::statement::Statement;

/// A database, open or not.
#[derive(Clone)]
pub(super) struct Database(pub(super) Rc<Inner>);

/// The databases of a runtime that may be open.
#[derive(Default)]
struct Register(RefCell<Vec<Weak<Inner>>>);

/// What its statements and sessions know of a database.
pub(super) struct Inner {
    host: Weak<Host>,
    connection: RefCell<Option<Rc<Connection>>>,
    /// How many functions of the program's are being called.
    callbacks: Cell<u32>,
    /// What the last of them has thrown: outside of it, nothing; inside, nothing where the runtime ends.
    thrown: RefCell<Option<Option<v8::Global<v8::Value>>>>,
    statements: RefCell<Vec<Weak<super::statement::Inner>>>,
    sessions: RefCell<Vec<Weak<super::session::Inner>>>,
    /// What makes the objects that its statements' `run` returns.
    pub(super) outcomes: Outcomes,
}

impl State for Database {
    fn memory(&self) -> usize {
        4096
    }
}

impl Carried for Database {}

impl Inner {
    /// The open connection.
    pub(super) fn connection(&self) -> Result<Rc<Connection>, Failed> {
        self.connection.borrow().clone().ok_or_else(|| Failed::state("database is not open"))
    }

    pub(super) fn enter_callback(&self) {
        self.callbacks.set(self.callbacks.get() + 1);
    }

    pub(super) fn leave_callback(&self) {
        self.callbacks.set(self.callbacks.get() - 1);
    }

    /// Keeps what a function has thrown for the operation that SQLite called it in.
    pub(super) fn keep_thrown(&self, exception: Option<v8::Global<v8::Value>>) {
        *self.thrown.borrow_mut() = Some(exception);
    }

    pub(super) fn has_thrown(&self) -> bool {
        self.thrown.borrow().is_some()
    }

    /// What a failure of SQLite's comes from: an exception of the program's, if there is one.
    pub(super) fn failed(&self, failure: Failure) -> Failed {
        match self.thrown.take() {
            Some(exception) => Failed::Thrown(exception),
            None => Failed::Sqlite(failure),
        }
    }

    /// What has been thrown although SQLite has reported no failure.
    pub(super) fn check_thrown(&self) -> Result<(), Failed> {
        self.thrown.take().map_or(Ok(()), |exception| Err(Failed::Thrown(exception)))
    }

    /// Has a session closed with the database.
    pub(super) fn add_session(&self, session: &Rc<super::session::Inner>) {
        let mut sessions = self.sessions.borrow_mut();
        sessions.retain(|session| session.strong_count() > 0);
        sessions.push(Rc::downgrade(session));
    }

    fn finalize_statements(&self) {
        for statement in self.statements.take() {
            if let Some(statement) = statement.upgrade() {
                statement.finalize();
            }
        }
    }

    fn close(&self) {
        for session in self.sessions.take() {
            if let Some(session) = session.upgrade() {
                session.close();
            }
        }
        self.finalize_statements();
        self.connection.take();
    }
}

/// A name of a database, a table, a file: without a zero byte inside.
pub(super) fn c_string(text: impl Into<Vec<u8>>) -> Result<CString, Failed> {
    let refuse = |_| Failed::argument("The argument must not contain null bytes.");
    CString::new(text).map_err(refuse)
}

/// Switches by the names of the options that turn them, in the order in which `open` takes them.
pub(super) struct Switches {
    read_only: bool,
    foreign_keys: bool,
    quoted_text: bool,
    extensions: bool,
    defensive: bool,
}

impl FromJs for Switches {
    fn from_js(scope: &mut v8::PinScope<'_, '_>, value: v8::Local<'_, v8::Value>) -> Self {
        let flags = Vec::<bool>::from_js(scope, value);
        let flag = |index: usize| flags.get(index).copied().unwrap_or(false);
        Switches {
            read_only: flag(0),
            foreign_keys: flag(1),
            quoted_text: flag(2),
            extensions: flag(3),
            defensive: flag(4),
        }
    }
}

/// `open(path, [readOnly, foreignKeys, quotedText, extensions, defensive], timeout)`: a new database.
pub(super) fn open(host: Rc<Host>, file: File, switches: Switches, timeout: i32) -> Result<Database, Failed> {
    let File(path) = file;
    let connection = Connection::open(&Opening { path: &path, read_only: switches.read_only })?;
    connection.set(Switch::QuotedTextInStatements, switches.quoted_text)?;
    connection.set(Switch::QuotedTextInDefinitions, switches.quoted_text)?;
    connection.set(Switch::ForeignKeys, switches.foreign_keys)?;
    connection.set(Switch::Defensive, switches.defensive)?;
    connection.set(Switch::Extensions, switches.extensions)?;
    connection.set_timeout(timeout)?;
    let inner = Rc::new(Inner {
        host: Rc::downgrade(&host),
        connection: RefCell::new(Some(Rc::new(connection))),
        callbacks: Cell::default(),
        thrown: RefCell::default(),
        statements: RefCell::default(),
        sessions: RefCell::default(),
        outcomes: Outcomes::default(),
    });
    set_authorizer(&inner, None)?;
    let register = host.extension::<Register>();
    let mut databases = register.0.borrow_mut();
    databases.retain(|database| database.strong_count() > 0);
    databases.push(Rc::downgrade(&inner));
    drop(databases);
    Ok(Database(inner))
}

/// `closeAll()`: closes what the program has left open, so that nothing stays beside a file that a connection needs.
pub(super) fn close_all(host: Rc<Host>) {
    for database in host.extension::<Register>().0.take() {
        if let Some(database) = database.upgrade().filter(|database| database.callbacks.get() == 0) {
            database.close();
        }
    }
}

/// `close(database)`: with all of its statements and sessions.
pub(super) fn close(database: Database) -> Result<(), Failed> {
    let Database(inner) = database;
    if inner.callbacks.get() > 0 {
        return Err(Failed::state("database cannot be closed while in a callback"));
    }
    inner.close();
    Ok(())
}

/// `isInTransaction(database)`
pub(super) fn is_in_transaction(database: Database) -> Result<bool, Failed> {
    Ok(database.0.connection()?.is_in_transaction())
}

/// `limit(database, number, value)`: the limit of that number, which becomes `value` first unless that is negative.
pub(super) fn limit(database: Database, number: i32, value: i32) -> Result<i32, Failed> {
    Ok(database.0.connection()?.limit(number, value))
}

/// `execute(database, sql)`: runs statements.
pub(super) fn execute(database: Database, sql: Bytes) -> Result<(), Failed> {
    let Database(inner) = database;
    let connection = inner.connection()?;
    // As much as C sees of it.
    let Bytes(sql) = sql;
    let end = memchr::memchr(0, &sql).unwrap_or(sql.len());
    let sql = c_string(&sql[..end])?;
    connection.execute(&sql).map_err(|failure| inner.failed(failure))?;
    inner.check_thrown()
}

/// `prepare(database, sql, options)`: a new statement; `options` as for `setOptions`.
pub(super) fn prepare(database: Database, sql: Bytes, options: u32) -> Result<Statement, Failed> {
    let Database(inner) = database;
    let prepared = inner.connection()?.prepare(&sql.0).map_err(|failure| inner.failed(failure))?;
    inner.check_thrown()?;
    let Some(prepared) = prepared else {
        let message = "The SQL query contains no statements.".to_owned();
        return Err(Failed::Node(ErrorClass::Type, Some("ERR_INVALID_ARG_VALUE"), message));
    };
    let statement = Statement::new(&inner, prepared, options);
    let mut statements = inner.statements.borrow_mut();
    // Now and then those go that the collector has found.
    if statements.len() == statements.capacity() {
        statements.retain(|statement| statement.strong_count() > 0);
    }
    statements.push(Rc::downgrade(&statement.0));
    drop(statements);
    Ok(statement)
}

/// `location(database, name)`: the file of an attached database; null where it has none.
pub(super) fn location(database: Database, name: String) -> Result<Option<String>, Failed> {
    Ok(database.0.connection()?.file(&c_string(name)?))
}

/// `loadExtension(database, path, entry)`
pub(super) fn load_extension(
    host: Rc<Host>,
    database: Database,
    path: String,
    entry: Option<String>,
) -> Result<(), Failed> {
    if host.permissions.is_some() {
        let message = "Cannot load SQLite extensions when the permission model is enabled.".to_owned();
        return Err(Failed::Node(ErrorClass::Error, Some("ERR_LOAD_SQLITE_EXTENSION"), message));
    }
    let path = c_string(path)?;
    let entry = entry.map(c_string).transpose()?;
    let connection = database.0.connection()?;
    connection
        .load_extension(&path, entry.as_deref())
        .map_err(|message| Failed::Node(ErrorClass::Error, Some("ERR_LOAD_SQLITE_EXTENSION"), message))
}

/// `setExtensions(database, allowed)`: whether `loadExtension` may be called.
pub(super) fn set_extensions(database: Database, allowed: bool) -> Result<(), Failed> {
    Ok(database.0.connection()?.set(Switch::Extensions, allowed)?)
}

/// `setDefensive(database, on)`
pub(super) fn set_defensive(database: Database, on: bool) -> Result<(), Failed> {
    Ok(database.0.connection()?.set(Switch::Defensive, on)?)
}

/// `serialize(database, name)`: the bytes of an attached database.
pub(super) fn serialize(database: Database, name: String) -> Result<Bytes, Failed> {
    Ok(Bytes(database.0.connection()?.serialize(&c_string(name)?)?))
}

/// `deserialize(database, name, bytes)`: what `serialize` returned takes the place of an attached database; all
/// statements are finalized.
pub(super) fn deserialize(database: Database, name: String, bytes: Bytes) -> Result<(), Failed> {
    let Database(inner) = database;
    let connection = inner.connection()?;
    inner.finalize_statements();
    Ok(connection.deserialize(&c_string(name)?, &bytes.0)?)
}

/// `authorize(database, callback)`: asks `callback(action, first, second, third, fourth)` about what is prepared;
/// nobody where it is null.
pub(super) fn authorize(database: Database, callback: Option<Callee>) -> Result<(), Failed> {
    set_authorizer(&database.0, callback)
}

/// What is prepared is judged by the permission model, if there is one, and by the program.
fn set_authorizer(database: &Rc<Inner>, callback: Option<Callee>) -> Result<(), Failed> {
    let connection = database.connection()?;
    let host = database.host.upgrade().filter(|host| host.permissions.is_some());
    if host.is_none() && callback.is_none() {
        return Ok(connection.authorize(None)?);
    }
    let host = host.as_ref().map(Rc::downgrade);
    let weak = Rc::downgrade(database);
    let authorizer = move |action: i32, names: [Option<&CStr>; 4]| {
        if action == code::ATTACH
            && let Some(host) = host.as_ref().and_then(Weak::upgrade)
            && let Some(permissions) = &host.permissions
            && !may_attach(permissions, &host, names[0])
        {
            return code::DENY;
        }
        callback.as_ref().map_or(code::OK, |callee| ask(callee, &weak, action, names))
    };
    Ok(connection.authorize(Some(Box::new(authorizer)))?)
}

fn ask(callee: &Callee, database: &Weak<Inner>, action: i32, names: [Option<&CStr>; 4]) -> i32 {
    let verdict = callee.call(
        database,
        names.len() + 1,
        |scope, index| {
            let Some(index) = index.checked_sub(1) else { return Ok(v8::Integer::new(scope, action).into()) };
            Ok(match names[index] {
                Some(name) => string_from_bytes(scope, name.to_bytes()).into(),
                None => v8::null(scope).into(),
            })
        },
        |scope, verdict| {
            if !verdict.is_int32() {
                let message = "Authorizer callback must return an integer authorization code".to_owned();
                return Err(Failed::Node(ErrorClass::Type, None, message));
            }
            let verdict = verdict.int32_value(scope).unwrap_or(code::DENY);
            if ![code::OK, code::DENY, code::IGNORE].contains(&verdict) {
                let message = "Authorizer callback returned a invalid authorization code".to_owned();
                return Err(Failed::Node(ErrorClass::Range, None, message));
            }
            Ok(verdict)
        },
    );
    verdict.unwrap_or(code::DENY)
}
