//! Statements: their parameters from JavaScript, their rows to it.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ffi::CString;
use std::rc::Rc;

use crate::bind::IntoJs;
use crate::bind::convert::{FromJs, internalized, string};
use crate::bind::object::{Carried, State};
use crate::sys::sqlite;

use super::database;
use super::failed::Failed;
use super::rows::Shape;
use super::values::{bind, integer, is_blob, to_js};

/// A statement, finalized or not.
#[derive(Clone)]
pub(super) struct Statement(pub(super) Rc<Inner>);

/// What the database knows of a statement.
pub(super) struct Inner {
    database: Rc<database::Inner>,
    statement: RefCell<Option<Rc<sqlite::Statement>>>,
    options: Cell<u32>,
    /// Whether it is on the stack, below a function of the program's.
    is_running: Cell<bool>,
    /// How often it has been started: who goes through its rows sees that somebody else has begun again.
    starts: Cell<u32>,
    /// Whether it may stand at a row, or behind the last: then it is taken back before it starts again.
    is_open: Cell<bool>,
    /// Whether all parameters are plain `?`, or numbered ones: they are given in the order of their numbers.
    is_plain: OnceCell<bool>,
    /// What its rows are like, once there has been one.
    shape: RefCell<Option<Rc<Shape>>>,
    /// The parameters by their names without what they begin with, made at the first use of one.
    bare: RefCell<Option<Rc<HashMap<String, i32>>>>,
}

/// The bits of a statement's options.
const BIG_INTS: u32 = 1;
const ARRAYS: u32 = 2;
const BARE_NAMES: u32 = 4;
const UNKNOWN_NAMES: u32 = 8;

impl State for Statement {
    fn memory(&self) -> usize {
        1024
    }
}

impl Carried for Statement {}

impl Statement {
    pub(super) fn new(database: &Rc<database::Inner>, statement: sqlite::Statement, options: u32) -> Self {
        Statement(Rc::new(Inner {
            database: Rc::clone(database),
            statement: RefCell::new(Some(Rc::new(statement))),
            options: Cell::new(options),
            is_running: Cell::default(),
            starts: Cell::default(),
            is_open: Cell::default(),
            is_plain: OnceCell::new(),
            shape: RefCell::default(),
            bare: RefCell::default(),
        }))
    }
}

/// The parameters of a call.
enum Parameters<'a, 's> {
    /// The arguments of the method; the first may hold values by their names.
    Arguments(&'a v8::FunctionCallbackArguments<'s>),
    /// An array of values.
    Values(v8::Local<'s, v8::Array>),
}

impl Parameters<'_, '_> {
    /// How many values there are without names, or none where there may be names.
    fn count(&self) -> i32 {
        match self {
            Parameters::Arguments(arguments) if arguments.length() > 0 => {
                let first = arguments.get(0);
                if first.is_object() && !is_blob(first) { 0 } else { arguments.length() }
            }
            Parameters::Arguments(_) => 0,
            Parameters::Values(values) => i32::try_from(values.length()).unwrap_or(0),
        }
    }
}

/// Takes a statement's `is_running` back.
struct Running<'a>(&'a Cell<bool>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

type Row<'s> = v8::Local<'s, v8::Value>;

impl Inner {
    pub(super) fn finalize(&self) {
        self.statement.take();
    }

    fn has(&self, option: u32) -> bool {
        self.options.get() & option != 0
    }

    fn statement(&self) -> Result<Rc<sqlite::Statement>, Failed> {
        self.statement.borrow().clone().ok_or_else(|| Failed::state("statement has been finalized"))
    }

    /// The statement, if it is not on the stack already.
    fn idle(&self) -> Result<Rc<sqlite::Statement>, Failed> {
        let statement = self.statement()?;
        if self.is_running.get() {
            return Err(Failed::state("statement is already being executed"));
        }
        Ok(statement)
    }

    /// Resets the statement and gives it its parameters.
    fn start(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        statement: &sqlite::Statement,
        parameters: &Parameters<'_, '_>,
    ) -> Result<(), Failed> {
        if self.is_open.replace(false) {
            statement.reset();
        }
        self.starts.set(self.starts.get().wrapping_add(1));
        let is_plain = *self.is_plain.get_or_init(|| is_plain(statement));
        if !(is_plain && parameters.count() >= statement.parameters()) {
            statement.clear();
        }
        let mut position = Position { statement, is_plain, next: 1 };
        match parameters {
            Parameters::Arguments(arguments) => {
                let count = arguments.length();
                let mut from = 0;
                if count > 0 {
                    let first = arguments.get(0);
                    if first.is_object() && !is_blob(first) {
                        self.bind_names(scope, statement, first)?;
                        from = 1;
                    }
                }
                for index in from..count {
                    position.bind(scope, arguments.get(index))?;
                }
            }
            Parameters::Values(values) => {
                for index in 0..values.length() {
                    let Some(value) = values.get_index(scope, index) else {
                        return Err(Failed::Thrown(None));
                    };
                    position.bind(scope, value)?;
                }
            }
        }
        Ok(())
    }

    fn bind_names(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        statement: &sqlite::Statement,
        values: v8::Local<'_, v8::Value>,
    ) -> Result<(), Failed> {
        let Ok(object) = v8::Local::<v8::Object>::try_from(values) else { return Ok(()) };
        let object = v8::Local::new(scope, object);
        let names = object.get_own_property_names(scope, v8::GetPropertyNamesArgs::default());
        let Some(names) = names else { return Err(Failed::Thrown(None)) };
        for index in 0..names.length() {
            let Some(key) = names.get_index(scope, index) else { continue };
            let name = key.to_rust_string_lossy(scope);
            let Some(parameter) = self.parameter(statement, &name)? else {
                if self.has(UNKNOWN_NAMES) {
                    continue;
                }
                return Err(Failed::state(format!("Unknown named parameter '{name}'")));
            };
            let Some(value) = object.get(scope, key) else { return Err(Failed::Thrown(None)) };
            bind(scope, statement, parameter, value)?;
        }
        Ok(())
    }

    /// The number of the parameter `name`.
    fn parameter(&self, statement: &sqlite::Statement, name: &str) -> Result<Option<i32>, Failed> {
        let Ok(full) = CString::new(name) else { return Ok(None) };
        if let Some(parameter) = statement.parameter(&full) {
            return Ok(Some(parameter));
        }
        if !self.has(BARE_NAMES) {
            return Ok(None);
        }
        let known = self.bare.borrow().clone();
        let known = match known {
            Some(known) => known,
            None => {
                let known = Rc::new(bare_names(statement)?);
                *self.bare.borrow_mut() = Some(Rc::clone(&known));
                known
            }
        };
        Ok(known.get(name).copied())
    }

    /// Goes on to the next row; whether there is one.
    fn step(&self, statement: &sqlite::Statement) -> Result<bool, Failed> {
        self.is_running.set(true);
        let running = Running(&self.is_running);
        let stepped = statement.step();
        drop(running);
        match stepped {
            Ok(is_row) => {
                self.database.check_thrown()?;
                Ok(is_row)
            }
            Err(failure) => Err(self.database.failed(failure)),
        }
    }

    /// Goes back to before the first row.
    fn reset(&self, statement: &sqlite::Statement) {
        self.is_open.set(false);
        statement.reset();
    }

    /// Reads the columns of the row that the last step went to, behind what is in `values`.
    fn read<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        statement: &sqlite::Statement,
        values: &mut Vec<Row<'s>>,
    ) -> Result<(), Failed> {
        let big = self.has(BIG_INTS);
        for column in 0..statement.columns() {
            values.push(statement.read(column, |value| to_js(scope, value, big))?);
        }
        Ok(())
    }

    /// What the rows are like now.
    fn shape(&self, scope: &mut v8::PinScope<'_, '_>, statement: &sqlite::Statement) -> Rc<Shape> {
        let has_names = !self.has(ARRAYS);
        let mut shape = self.shape.borrow_mut();
        match &*shape {
            Some(shape) if shape.is_of(statement, has_names) => Rc::clone(shape),
            _ => Rc::clone(shape.insert(Rc::new(Shape::new(scope, statement, has_names)))),
        }
    }

    /// The row that the last step went to.
    fn row<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        statement: &sqlite::Statement,
    ) -> Result<Row<'s>, Failed> {
        let mut values = Vec::with_capacity(usize::try_from(statement.columns()).unwrap_or(0));
        self.read(scope, statement, &mut values)?;
        self.shape(scope, statement).one(scope, &values).ok_or(Failed::Thrown(None))
    }

    fn get<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        parameters: &Parameters<'_, 's>,
    ) -> Result<Row<'s>, Failed> {
        let statement = self.idle()?;
        let _locked = statement.connection().lock();
        self.start(scope, &statement, parameters)?;
        let row = match self.step(&statement) {
            Ok(true) => self.row(scope, &statement),
            Ok(false) => Ok(v8::undefined(scope).into()),
            Err(failed) => Err(failed),
        };
        self.reset(&statement);
        row
    }

    fn all<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        parameters: &Parameters<'_, 's>,
    ) -> Result<Row<'s>, Failed> {
        let statement = self.idle()?;
        let _locked = statement.connection().lock();
        self.start(scope, &statement, parameters)?;
        let rows = self.every(scope, &statement);
        self.reset(&statement);
        rows
    }

    /// All rows, from the first.
    fn every<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        statement: &sqlite::Statement,
    ) -> Result<Row<'s>, Failed> {
        let mut first = Vec::new();
        loop {
            if !self.step(statement)? {
                return Ok(v8::Array::new_with_elements(scope, &first).into());
            }
            if first.len() == FIRST {
                break;
            }
            v8::escapable_handle_scope!(let inner, scope);
            let row = self.row(inner, statement)?;
            first.push(inner.escape(row));
        }
        let rows = v8::Array::new_with_elements(scope, &first);
        let shape = self.shape(scope, statement);
        let columns = usize::try_from(statement.columns()).unwrap_or(0).max(1);
        let chunk = (CHUNK / columns).max(1);
        let mut is_row = true;
        while is_row {
            v8::scope!(let inner, scope);
            let mut values = Vec::with_capacity(chunk * columns);
            let mut count = 0;
            while is_row && count < chunk {
                self.read(inner, statement, &mut values)?;
                count += 1;
                is_row = self.step(statement)?;
            }
            shape.many(inner, rows, &values).ok_or(Failed::Thrown(None))?;
        }
        Ok(rows.into())
    }

    fn run<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        parameters: &Parameters<'_, 's>,
    ) -> Result<Row<'s>, Failed> {
        let statement = self.idle()?;
        let _locked = statement.connection().lock();
        self.start(scope, &statement, parameters)?;
        let stepped = self.step(&statement);
        self.reset(&statement);
        stepped?;
        let (changes, row) = statement.connection().changes();
        let big = self.has(BIG_INTS);
        let values = [integer(scope, changes, big)?, integer(scope, row, big)?];
        self.database.outcomes.make(scope, &values).ok_or(Failed::Thrown(None))
    }

    /// Starts going through the rows; returns the number of the start.
    fn begin<'s>(
        &self,
        scope: &mut v8::PinScope<'s, '_>,
        parameters: &Parameters<'_, 's>,
    ) -> Result<Row<'s>, Failed> {
        let statement = self.idle()?;
        self.start(scope, &statement, parameters)?;
        self.is_open.set(true);
        Ok(v8::Integer::new_from_unsigned(scope, self.starts.get()).into())
    }

    /// The next row of a start; undefined behind the last.
    fn next<'s>(&self, scope: &mut v8::PinScope<'s, '_>, start: u32) -> Result<Row<'s>, Failed> {
        let statement = self.idle()?;
        if self.starts.get() != start {
            return Err(Failed::state("iterator was invalidated"));
        }
        let _locked = statement.connection().lock();
        let row = match self.step(&statement) {
            Ok(true) => return self.row(scope, &statement),
            Ok(false) => Ok(v8::undefined(scope).into()),
            Err(failed) => Err(failed),
        };
        self.reset(&statement);
        row
    }
}

/// How many rows of a result are made one by one: most results are no longer.
const FIRST: usize = 4;

/// How many values are kept until rows are made of them.
const CHUNK: usize = 1024;

/// The next parameter without a name.
struct Position<'a> {
    statement: &'a sqlite::Statement,
    is_plain: bool,
    next: i32,
}

impl Position<'_> {
    fn bind(
        &mut self,
        scope: &mut v8::PinScope<'_, '_>,
        value: v8::Local<'_, v8::Value>,
    ) -> Result<(), Failed> {
        while !self.is_plain && is_named(self.statement, self.next) {
            self.next += 1;
        }
        bind(scope, self.statement, self.next, value)?;
        self.next += 1;
        Ok(())
    }
}

/// Whether a parameter has a name; a number is none.
fn is_named(statement: &sqlite::Statement, parameter: i32) -> bool {
    statement.parameter_name(parameter).is_some_and(|name| !name.to_bytes().starts_with(b"?"))
}

/// Whether no parameter has a name.
fn is_plain(statement: &sqlite::Statement) -> bool {
    (1..=statement.parameters()).all(|parameter| !is_named(statement, parameter))
}

/// The parameters by their names without what they begin with.
fn bare_names(statement: &sqlite::Statement) -> Result<HashMap<String, i32>, Failed> {
    let mut names: HashMap<String, i32> = HashMap::new();
    for parameter in 1..=statement.parameters() {
        let Some(full) = statement.parameter_name(parameter) else { continue };
        let full = full.to_string_lossy();
        let mut letters = full.chars();
        letters.next();
        let bare = letters.as_str();
        if let Some(other) = names.insert(bare.to_owned(), parameter) {
            let other = statement.parameter_name(other).unwrap_or_default().to_string_lossy();
            return Err(Failed::state(format!(
                "Cannot create bare named parameter '{bare}' because of conflicting names '{other}' and '{full}'."
            )));
        }
    }
    Ok(names)
}

/// The body of a method that runs a statement: `$first` says where the parameters are.
macro_rules! method {
    ($(#[$doc:meta])* $name:ident, $of:ident, $inner:ident) => {
        $(#[$doc])*
        pub(super) fn $name<'s>(
            scope: &mut v8::PinScope<'s, '_>,
            args: v8::FunctionCallbackArguments<'s>,
            rv: v8::ReturnValue<'s, v8::Value>,
        ) {
            let Statement(statement) = Statement::from_js(scope, args.this().into());
            let outcome = statement.$inner(scope, &Parameters::Arguments(&args));
            give(scope, rv, outcome);
        }

        /// The same for a statement and an array of values.
        pub(super) fn $of<'s>(
            scope: &mut v8::PinScope<'s, '_>,
            args: v8::FunctionCallbackArguments<'s>,
            rv: v8::ReturnValue<'s, v8::Value>,
        ) {
            let Statement(statement) = Statement::from_js(scope, args.get(0));
            let Ok(values) = v8::Local::<v8::Array>::try_from(args.get(1)) else { return };
            let outcome = statement.$inner(scope, &Parameters::Values(values));
            give(scope, rv, outcome);
        }
    };
}

method! {
    /// `statement.get(...parameters)`: the first row; undefined where there is none.
    get, get_of, get
}
method! {
    /// `statement.all(...parameters)`: all rows.
    all, all_of, all
}
method! {
    /// `statement.run(...parameters)`: `{ changes, lastInsertRowid }`.
    run, run_of, run
}
method! {
    /// `statement.begin(...parameters)`: the number of a new start, for `step`.
    begin, begin_of, begin
}

/// `step(statement, start)`: the next row; undefined behind the last.
pub(super) fn step<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    rv: v8::ReturnValue<'s, v8::Value>,
) {
    let Statement(statement) = Statement::from_js(scope, args.get(0));
    let start = u32::from_js(scope, args.get(1));
    let outcome = statement.next(scope, start);
    give(scope, rv, outcome);
}

fn give<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    mut rv: v8::ReturnValue<'s, v8::Value>,
    outcome: Result<Row<'s>, Failed>,
) {
    match outcome {
        Ok(value) => rv.set(value),
        // What stops the runtime, or a getter of the program's has thrown, is under way already.
        Err(Failed::Thrown(None)) => {}
        Err(failed) => {
            let error = failed.to_js(scope);
            scope.throw_exception(error);
        }
    }
}

/// `end(statement, start)`: nobody goes on through the rows of a start.
pub(super) fn end(statement: Statement, start: u32) -> Result<(), Failed> {
    let Statement(inner) = statement;
    let statement = inner.idle()?;
    if inner.starts.get() == start {
        inner.reset(&statement);
    }
    Ok(())
}

/// `finalize(statement)`
pub(super) fn finalize(statement: Statement) -> Result<(), Failed> {
    statement.0.idle()?;
    statement.0.finalize();
    Ok(())
}

/// `setOptions(statement, mask, options)`: changes the options of the mask. Bit 0: integers are BigInts; 1: rows are
/// arrays; 2: names may be given without what they begin with; 3: unknown names are passed over.
pub(super) fn set_options(statement: Statement, mask: u32, options: u32) -> Result<(), Failed> {
    let Statement(inner) = statement;
    inner.statement()?;
    inner.options.set(inner.options.get() & !mask | options & mask);
    Ok(())
}

/// `sourceSql(statement)`: the statement as it was written.
pub(super) fn source_sql(statement: Statement) -> Result<String, Failed> {
    Ok(statement.0.statement()?.sql())
}

/// `expandedSql(statement)`: with the values of its parameters; undefined where that is too long.
pub(super) fn expanded_sql(statement: Statement) -> Result<Option<String>, Failed> {
    Ok(statement.0.statement()?.expanded_sql())
}

/// `counter(statement, number)`: one of SQLite's counters of what the statement has cost.
pub(super) fn counter(statement: Statement, number: i32) -> Result<i32, Failed> {
    Ok(statement.0.statement()?.counter(number, false))
}

/// `resetCounters(statement, numbers)`
pub(super) fn reset_counters(statement: Statement, numbers: Vec<i32>) -> Result<(), Failed> {
    let statement = statement.0.statement()?;
    for number in numbers {
        statement.counter(number, true);
    }
    Ok(())
}

/// A column of a result as `columns()` tells it.
pub(super) struct Columns(Vec<sqlite::Column>);

/// `columns(statement)`: for each column `{ column, database, name, table, type }`.
pub(super) fn columns(statement: Statement) -> Result<Columns, Failed> {
    let statement = statement.0.statement()?;
    Ok(Columns((0..statement.columns()).map(|index| statement.column(index)).collect()))
}

impl IntoJs for Columns {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        let names = ["column", "database", "name", "table", "type"];
        let names = names.map(|name| v8::Local::<v8::Name>::from(internalized(scope, name)));
        let null: v8::Local<'_, v8::Value> = v8::null(scope).into();
        let mut columns = Vec::with_capacity(self.0.len());
        for column in self.0 {
            let facts = [column.column, column.database, column.name, column.table, column.declared];
            let facts = facts.map(|fact| match fact {
                Some(fact) => string(scope, &fact).into(),
                None => null,
            });
            columns.push(v8::Object::with_prototype_and_properties(scope, null, &names, &facts).into());
        }
        Ok(v8::Array::new_with_elements(scope, &columns).into())
    }
}
