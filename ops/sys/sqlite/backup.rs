//! Copies of a database, made step by step while it is in use.

use std::ffi::CStr;
use std::ptr::NonNull;

use libsqlite3_sys as sq;

use super::{Connection, Failure, Opening, name};

/// A copy that is being made.
pub struct Backup {
    raw: NonNull<sq::sqlite3_backup>,
    _target: Connection,
}

// SAFETY: SQLite is compiled for use by many threads and locks both connections; nothing here is of a thread.
unsafe impl Send for Backup {}

/// How far a copy has come.
#[derive(Clone, Copy)]
pub struct Progress {
    /// Whether it is complete.
    pub is_done: bool,
    /// How many pages the source has.
    pub total: i32,
    /// How many of them are not copied yet.
    pub remaining: i32,
}

impl Backup {
    /// Begins to copy the database that is attached as `from` into the file `path`, as its database `to`.
    pub fn new(source: &Connection, from: &str, path: &CStr, to: &str) -> Result<Backup, Failure> {
        let (from, to) = (name(from)?, name(to)?);
        let target = Connection::open(&Opening { path, read_only: false })?;
        // SAFETY: both connections are open, and SQLite keeps the source until the copy is finished.
        let raw = unsafe { sq::sqlite3_backup_init(target.raw(), to.as_ptr(), source.raw(), from.as_ptr()) };
        match NonNull::new(raw) {
            Some(raw) => Ok(Backup { raw, _target: target }),
            None => Err(target.failure()),
        }
    }

    /// Copies so many pages more; a database that is busy for the moment counts as no progress.
    pub fn step(&self, pages: i32) -> Result<Progress, Failure> {
        // SAFETY: the copy is not finished.
        let code = unsafe { sq::sqlite3_backup_step(self.raw.as_ptr(), pages) };
        match code {
            sq::SQLITE_OK | sq::SQLITE_DONE | sq::SQLITE_BUSY | sq::SQLITE_LOCKED => Ok(Progress {
                is_done: code == sq::SQLITE_DONE,
                // SAFETY: the copy is not finished.
                total: unsafe { sq::sqlite3_backup_pagecount(self.raw.as_ptr()) },
                // SAFETY: the same.
                remaining: unsafe { sq::sqlite3_backup_remaining(self.raw.as_ptr()) },
            }),
            _ => {
                let failure = Failure::of_code(code);
                Err(Failure { text: Some(failure.message.clone()), ..failure })
            }
        }
    }
}

impl Drop for Backup {
    /// What is there of an incomplete copy goes.
    fn drop(&mut self) {
        // SAFETY: nothing refers to the copy any longer. A failure is that of the last step once more.
        unsafe { sq::sqlite3_backup_finish(self.raw.as_ptr()) };
    }
}
