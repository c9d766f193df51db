//! Backups: each step of one is a piece of work for the pool.

use std::sync::{Arc, Mutex};

use crate::bind::object::{Carried, State};
use crate::bind::task::lock;
use crate::sys::sqlite::{self, Failure};

use super::database::Database;
use super::failed::Failed;
use super::files::File;

/// A backup that is being made.
#[derive(Clone)]
pub(super) struct Backup(Arc<Mutex<Option<sqlite::Backup>>>);

impl State for Backup {}

impl Carried for Backup {}

/// `beginBackup(database, path, source, target)`: copies the database that is attached as `source` into a file, as
/// its database `target`.
pub(super) fn begin_backup(
    database: Database,
    file: File,
    source: String,
    target: String,
) -> Result<Backup, Failed> {
    let backup = sqlite::Backup::new(&*database.0.connection()?, &source, &file.0, &target)?;
    Ok(Backup(Arc::new(Mutex::new(Some(backup)))))
}

/// `stepBackup(backup, pages)`: `[isDone, total, remaining]` in pages. A backup that is done or has failed is closed.
pub(super) fn step_backup(backup: Backup, pages: i32) -> Result<(bool, i32, i32), Failed> {
    let mut backup = lock(&backup.0);
    let stepped = match &*backup {
        Some(backup) => backup.step(pages),
        None => Err(Failure::of_code(sqlite::code::ABORT)),
    };
    if stepped.as_ref().map_or(true, |progress| progress.is_done) {
        backup.take();
    }
    let progress = stepped?;
    Ok((progress.is_done, progress.total, progress.remaining))
}
