//! SQLite as safe functions: connections, statements, functions of the program's own, sessions, backups.
//!
//! Everything but a [`Backup`] stays on one thread. What was made with a connection keeps it open.

mod backup;
mod ffi;
mod function;
mod session;
mod statement;

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use libsqlite3_sys as sq;

pub use backup::{Backup, Progress};
pub use function::{Aggregate, Flags, Function, Reply, Value};
pub use session::{Applied, Session, apply};
pub use statement::{Column, Statement};

/// The codes of what an operation comes to.
pub mod code {
    use libsqlite3_sys as sq;

    pub use sq::{
        SQLITE_ABORT as ABORT, SQLITE_ATTACH as ATTACH, SQLITE_DENY as DENY, SQLITE_IGNORE as IGNORE,
        SQLITE_OK as OK,
    };

    /// The answer to a conflict that ends the application of changes.
    pub const ABORT_CHANGES: i32 = 2;
}

/// A failed call.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The extended code.
    pub code: i32,
    /// What was wrong, of the connection at that time.
    pub message: String,
    /// What the code means; none where only a code was returned.
    pub text: Option<String>,
}

impl Failure {
    /// Of a call that returned a code and left nothing with the connection.
    pub fn of_code(code: i32) -> Self {
        Failure { code, message: meaning(code), text: None }
    }
}

/// What a code means.
fn meaning(code: i32) -> String {
    // SAFETY: any number is allowed.
    text(unsafe { sq::sqlite3_errstr(code) }).unwrap_or_default()
}

/// A copy of a text of SQLite's.
fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the texts that SQLite returns end with a zero and live until the next call.
    let text = unsafe { CStr::from_ptr(pointer) };
    Some(text.to_string_lossy().into_owned())
}

/// Frees what SQLite has allocated.
fn free(pointer: *mut c_void) {
    // SAFETY: callers hand over what SQLite gave them to free, once.
    unsafe { sq::sqlite3_free(pointer) };
}

/// SQLite's version.
pub fn version() -> &'static str {
    sq::SQLITE_VERSION.to_str().unwrap_or_default()
}

/// How a database is opened.
pub struct Opening<'a> {
    /// The file's name or address; `:memory:` for none.
    pub path: &'a CStr,
    /// Whether nothing may be written.
    pub read_only: bool,
}

/// The switches of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Foreign keys are enforced.
    ForeignKeys,
    /// Texts in double quotes are taken in statements that change data.
    QuotedTextInStatements,
    /// Texts in double quotes are taken in definitions.
    QuotedTextInDefinitions,
    /// What could damage the file is refused.
    Defensive,
    /// Extensions may be loaded by [`Connection::load_extension`].
    Extensions,
}

impl Switch {
    fn number(self) -> c_int {
        match self {
            Switch::ForeignKeys => sq::SQLITE_DBCONFIG_ENABLE_FKEY,
            Switch::QuotedTextInStatements => sq::SQLITE_DBCONFIG_DQS_DML,
            Switch::QuotedTextInDefinitions => sq::SQLITE_DBCONFIG_DQS_DDL,
            Switch::Defensive => sq::SQLITE_DBCONFIG_DEFENSIVE,
            Switch::Extensions => sq::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
        }
    }
}

/// Is asked about each action of a statement that is prepared: its number and its four names. The answer is
/// one of `OK`, `DENY` and `IGNORE`.
pub type Authorizer = Box<dyn Fn(i32, [Option<&CStr>; 4]) -> i32>;

/// An open database.
pub struct Connection {
    db: NonNull<sq::sqlite3>,
    // In a box of its own, whose place SQLite knows.
    authorizer: RefCell<Option<Box<Authorizer>>>,
}

impl Connection {
    /// Opens a database; a file that is not there is made.
    pub fn open(opening: &Opening<'_>) -> Result<Connection, Failure> {
        let access = if opening.read_only {
            sq::SQLITE_OPEN_READONLY
        } else {
            sq::SQLITE_OPEN_READWRITE | sq::SQLITE_OPEN_CREATE
        };
        let mut db = ptr::null_mut();
        let path = opening.path.as_ptr();
        // SAFETY: the path ends with a zero, and there is room for the result.
        let code = unsafe { sq::sqlite3_open_v2(path, &mut db, access | sq::SQLITE_OPEN_URI, ptr::null()) };
        let Some(db) = NonNull::new(db) else { return Err(Failure::of_code(sq::SQLITE_NOMEM)) };
        let connection = Connection { db, authorizer: RefCell::default() };
        connection.check(code)?;
        // SAFETY: the connection is open.
        unsafe { sq::sqlite3_extended_result_codes(connection.raw(), 1) };
        Ok(connection)
    }

    fn raw(&self) -> *mut sq::sqlite3 {
        self.db.as_ptr()
    }

    /// Keeps other threads out until the guard goes: the calls in between need not wait for each other.
    pub fn lock(&self) -> Locked<'_> {
        // SAFETY: the connection is open.
        let mutex = unsafe { sq::sqlite3_db_mutex(self.raw()) };
        // SAFETY: the mutex lives as long as the connection, and one thread may enter it more than once.
        unsafe { sq::sqlite3_mutex_enter(mutex) };
        Locked { mutex, _connection: PhantomData }
    }

    fn check(&self, code: c_int) -> Result<(), Failure> {
        if code == sq::SQLITE_OK { Ok(()) } else { Err(self.failure()) }
    }

    /// What the last call has failed with.
    pub fn failure(&self) -> Failure {
        // SAFETY: the connection is open.
        let code = unsafe { sq::sqlite3_extended_errcode(self.raw()) };
        // SAFETY: the same.
        let message = text(unsafe { sq::sqlite3_errmsg(self.raw()) });
        Failure { code, message: message.unwrap_or_default(), text: Some(meaning(code)) }
    }

    /// Turns a switch.
    pub fn set(&self, switch: Switch, on: bool) -> Result<(), Failure> {
        let unused = ptr::null_mut::<c_int>();
        // SAFETY: these switches take a number and a place for a result, which may be null.
        let code = unsafe { sq::sqlite3_db_config(self.raw(), switch.number(), c_int::from(on), unused) };
        self.check(code)
    }

    /// How many milliseconds a locked database is waited for.
    pub fn set_timeout(&self, milliseconds: i32) -> Result<(), Failure> {
        // SAFETY: the connection is open.
        let code = unsafe { sq::sqlite3_busy_timeout(self.raw(), milliseconds) };
        self.check(code)
    }

    /// The limit number `id`, changed to `value` first unless that is negative.
    pub fn limit(&self, id: i32, value: i32) -> i32 {
        // SAFETY: the connection is open, and SQLite checks the number.
        unsafe { sq::sqlite3_limit(self.raw(), id, value) };
        // SAFETY: the same.
        unsafe { sq::sqlite3_limit(self.raw(), id, -1) }
    }

    /// Runs statements for what they do.
    pub fn execute(&self, sql: &CStr) -> Result<(), Failure> {
        let nothing = ptr::null_mut();
        // SAFETY: the text ends with a zero; there is no callback and no place for a message.
        let code = unsafe { sq::sqlite3_exec(self.raw(), sql.as_ptr(), None, nothing, ptr::null_mut()) };
        self.check(code)
    }

    /// The first statement of `sql`; none where there is none.
    pub fn prepare(self: &Rc<Self>, sql: &[u8]) -> Result<Option<Statement>, Failure> {
        let length = c_int::try_from(sql.len()).map_err(|_| Failure::of_code(sq::SQLITE_TOOBIG))?;
        let mut statement = ptr::null_mut();
        let start = sql.as_ptr().cast();
        let rest = ptr::null_mut();
        // SAFETY: the text has `length` bytes, and there is room for the result.
        let code = unsafe { sq::sqlite3_prepare_v2(self.raw(), start, length, &mut statement, rest) };
        self.check(code)?;
        Ok(NonNull::new(statement).map(|statement| Statement::new(statement, self)))
    }

    /// How many rows the last statement has changed, and the number of the last row inserted.
    pub fn changes(&self) -> (i64, i64) {
        // SAFETY: the connection is open.
        let changes = unsafe { sq::sqlite3_changes64(self.raw()) };
        // SAFETY: the same.
        let row = unsafe { sq::sqlite3_last_insert_rowid(self.raw()) };
        (changes, row)
    }

    /// Whether a transaction has begun.
    pub fn is_in_transaction(&self) -> bool {
        // SAFETY: the connection is open.
        unsafe { sq::sqlite3_get_autocommit(self.raw()) == 0 }
    }

    /// The file of the database that is attached as `name`.
    pub fn file(&self, name: &CStr) -> Option<String> {
        // SAFETY: the name ends with a zero.
        let file = unsafe { sq::sqlite3_db_filename(self.raw(), name.as_ptr()) };
        text(file).filter(|file| !file.is_empty())
    }

    /// Loads a library of functions; `Err` says what was wrong.
    pub fn load_extension(&self, path: &CStr, entry: Option<&CStr>) -> Result<(), String> {
        let entry = entry.map_or(ptr::null(), CStr::as_ptr);
        let mut message = ptr::null_mut();
        // SAFETY: both texts end with a zero, and there is room for a message.
        let code = unsafe { sq::sqlite3_load_extension(self.raw(), path.as_ptr(), entry, &mut message) };
        if code == sq::SQLITE_OK {
            return Ok(());
        }
        let said = text(message).unwrap_or_else(|| meaning(code));
        free(message.cast());
        Err(said)
    }

    /// A copy of the database that is attached as `name`, as the bytes of a file.
    pub fn serialize(&self, name: &CStr) -> Result<Vec<u8>, Failure> {
        let mut size = 0;
        // SAFETY: the name ends with a zero, and there is room for the size.
        let start = unsafe { sq::sqlite3_serialize(self.raw(), name.as_ptr(), &mut size, 0) };
        if start.is_null() {
            return Err(self.failure());
        }
        let length = usize::try_from(size).unwrap_or(0);
        // SAFETY: SQLite says that so many bytes are there.
        let bytes = unsafe { std::slice::from_raw_parts(start, length) }.to_vec();
        free(start.cast());
        Ok(bytes)
    }

    /// Puts what [`Connection::serialize`] returned in the place of the database that is attached as `name`.
    pub fn deserialize(&self, name: &CStr, bytes: &[u8]) -> Result<(), Failure> {
        let size = i64::try_from(bytes.len()).map_err(|_| Failure::of_code(sq::SQLITE_TOOBIG))?;
        // SAFETY: any size is allowed.
        let copy = unsafe { sq::sqlite3_malloc64(bytes.len() as u64) }.cast::<u8>();
        if copy.is_null() {
            return Err(Failure::of_code(sq::SQLITE_NOMEM));
        }
        // SAFETY: the copy has room for all of the bytes, and is new.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), copy, bytes.len()) };
        let flags = sq::SQLITE_DESERIALIZE_FREEONCLOSE | sq::SQLITE_DESERIALIZE_RESIZEABLE;
        // SAFETY: SQLite takes the copy over, whatever comes of the call.
        let code = unsafe { sq::sqlite3_deserialize(self.raw(), name.as_ptr(), copy, size, size, flags) };
        self.check(code)
    }

    /// Asks `authorizer` about what is prepared from now on; nobody where there is none.
    pub fn authorize(&self, authorizer: Option<Authorizer>) -> Result<(), Failure> {
        let boxed = authorizer.map(Box::new);
        let place = boxed.as_deref().map_or(ptr::null(), ptr::from_ref).cast_mut().cast();
        let callback = boxed.is_some().then_some(on_action as _);
        // SAFETY: the place is kept until another call has taken it from SQLite.
        let code = unsafe { sq::sqlite3_set_authorizer(self.raw(), callback, place) };
        *self.authorizer.borrow_mut() = boxed;
        self.check(code)
    }
}

/// A connection that this thread has to itself.
pub struct Locked<'a> {
    mutex: *mut sq::sqlite3_mutex,
    _connection: PhantomData<&'a Connection>,
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // SAFETY: `lock` has entered it on this thread, and the connection is still borrowed.
        unsafe { sq::sqlite3_mutex_leave(self.mutex) };
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: nothing refers to the connection but a backup, until whose end SQLite keeps it.
        unsafe { ffi::sqlite3_close_v2(self.raw()) };
    }
}

/// What SQLite calls for an [`Authorizer`].
extern "C" fn on_action(
    place: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    third: *const c_char,
    fourth: *const c_char,
) -> c_int {
    // SAFETY: `authorize` gave SQLite this place, and keeps what is there.
    let authorizer = unsafe { &*place.cast::<Authorizer>() };
    let names = [first, second, third, fourth].map(|name| {
        // SAFETY: what is not null is a text that ends with a zero and outlives the call.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
    });
    authorizer(action, names)
}

/// A name for SQLite: none with a zero byte inside, which no name can have.
fn name(text: &str) -> Result<CString, Failure> {
    CString::new(text).map_err(|_| Failure::of_code(sq::SQLITE_MISUSE))
}
