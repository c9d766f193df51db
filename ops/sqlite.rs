//! Native half of `js/sqlite.js`: databases, statements, sessions and backups of SQLite.

mod backup;
mod callee;
mod database;
mod failed;
mod files;
mod function;
mod rows;
mod session;
mod statement;
mod values;

use crate::bind::Binding;
use crate::binding;

use backup::{begin_backup, step_backup};
use database::{
    authorize, close, close_all, deserialize, execute, is_in_transaction, limit, load_extension, location,
    open, prepare, serialize, set_defensive, set_extensions,
};
use function::{create_aggregate, create_function};
use session::{apply_changes, changes, close_session, create_session};
use statement::{
    all, all_of, begin, begin_of, columns, counter, end, expanded_sql, finalize, get, get_of, reset_counters,
    run, run_of, set_options, source_sql, step,
};

/// `internalBinding('sqlite')`. The functions that take a database, a statement or a session take it first, except
/// `get`, `all`, `run` and `begin`: these are methods of statements.
pub const BINDING: Binding = binding! {
    "sqlite",
    sync: [
        open, close, close_all, is_in_transaction, limit, execute, prepare, location, load_extension, set_extensions,
        set_defensive, serialize, deserialize, authorize, create_function, create_aggregate,
        columns, counter, reset_counters, expanded_sql, source_sql, finalize, set_options, end,
        create_session, changes, close_session, apply_changes, begin_backup
    ],
    both: [step_backup],
    raw: [get, all, run, begin, step, get_of, all_of, run_of, begin_of]
};
