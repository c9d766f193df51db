//! Rows as objects or arrays. Those of a statement that gives many come from a function that is compiled for their
//! columns: V8 makes objects of one shape then, at a small part of what an object made by hand costs.

use std::cell::{Cell, OnceCell};

use v8::script_compiler::{CompileOptions, NoCacheReason, Source};

use crate::bind::convert::{internalized, string};
use crate::sys::sqlite;

type Value<'s> = v8::Local<'s, v8::Value>;
type Scope<'s, 'i> = v8::PinScope<'s, 'i>;

/// After so many rows of a statement a function makes the others.
const RARE: u32 = 8;

/// Rows of more columns are made by hand.
const WIDE: usize = 200;

/// The counter of how often SQLite has prepared a statement again.
const REPREPARED: i32 = 5;

/// What the rows of a statement are like.
pub(super) struct Shape {
    /// How many columns there are.
    width: usize,
    /// Their names, unless rows are arrays.
    names: Vec<v8::Global<v8::Name>>,
    /// How often the statement had been prepared again when these were its columns.
    version: i32,
    /// How many rows have been made by hand.
    made: Cell<u32>,
    /// None where V8 has not compiled it.
    maker: OnceCell<Option<Maker>>,
}

/// What makes rows of some names.
struct Maker {
    /// `(...values)`: a row.
    one: v8::Global<v8::Function>,
    /// `(rows, values)`: puts rows of all of the values behind those that are there.
    many: v8::Global<v8::Function>,
}

impl Shape {
    /// For the rows of a statement as they are now.
    pub(super) fn new(scope: &mut Scope<'_, '_>, statement: &sqlite::Statement, has_names: bool) -> Shape {
        let width = statement.columns();
        let named = if has_names { width } else { 0 };
        let names = (0..named).map(|column| {
            let name = statement.column_name(column).unwrap_or_default();
            let name: v8::Local<'_, v8::Name> = internalized(scope, &name).into();
            v8::Global::new(scope, name)
        });
        let (made, maker) = (Cell::default(), OnceCell::new());
        let (width, version) = (usize::try_from(width).unwrap_or(0), statement.counter(REPREPARED, false));
        Shape { width, names: names.collect(), version, made, maker }
    }

    /// Whether neither the program nor a change of the schema has made another of it.
    pub(super) fn is_of(&self, statement: &sqlite::Statement, has_names: bool) -> bool {
        let width = usize::try_from(statement.columns()).unwrap_or(0);
        let named = if has_names { width } else { 0 };
        self.width == width
            && self.names.len() == named
            && self.version == statement.counter(REPREPARED, false)
    }

    /// The row of these values; none where V8 has been stopped.
    pub(super) fn one<'s>(&self, scope: &mut Scope<'s, '_>, values: &[Value<'s>]) -> Option<Value<'s>> {
        let Some(maker) = self.maker(scope, 1) else { return Some(self.by_hand(scope, values)) };
        let one = v8::Local::new(scope, &maker.one);
        let nothing = v8::undefined(scope).into();
        one.call(scope, nothing, values)
    }

    /// Puts the rows of these values behind those of `rows`.
    pub(super) fn many<'s>(
        &self,
        scope: &mut Scope<'s, '_>,
        rows: v8::Local<'s, v8::Array>,
        values: &[Value<'s>],
    ) -> Option<()> {
        let width = self.width.max(1);
        let count = u32::try_from(values.len() / width).unwrap_or(RARE);
        let Some(maker) = self.maker(scope, count) else {
            let more: Vec<_> = values.chunks(width).map(|row| self.by_hand(scope, row)).collect();
            for (index, row) in (rows.length()..).zip(more) {
                rows.set_index(scope, index, row)?;
            }
            return Some(());
        };
        let many = v8::Local::new(scope, &maker.many);
        let values = v8::Array::new_with_elements(scope, values);
        let nothing = v8::undefined(scope).into();
        many.call(scope, nothing, &[rows.into(), values.into()]).map(drop)
    }

    /// The functions, where there are `count` rows more and it pays to have them.
    fn maker(&self, scope: &mut Scope<'_, '_>, count: u32) -> Option<&Maker> {
        if let Some(maker) = self.maker.get() {
            return maker.as_ref();
        }
        let made = self.made.get().saturating_add(count);
        self.made.set(made);
        if made <= RARE || self.width == 0 || self.width > WIDE {
            return None;
        }
        self.maker.get_or_init(|| Maker::new(scope, self)).as_ref()
    }

    fn by_hand<'s>(&self, scope: &mut Scope<'s, '_>, values: &[Value<'s>]) -> Value<'s> {
        if self.names.is_empty() {
            return v8::Array::new_with_elements(scope, values).into();
        }
        let names: Vec<_> = self.names.iter().map(|name| v8::Local::new(scope, name)).collect();
        let null = v8::null(scope).into();
        v8::Object::with_prototype_and_properties(scope, null, &names, values).into()
    }
}

impl Maker {
    fn new(scope: &mut Scope<'_, '_>, shape: &Shape) -> Option<Maker> {
        v8::tc_scope!(let scope, scope);
        let names: Vec<_> = shape.names.iter().map(|name| v8::Local::new(scope, name)).collect();
        let mut keys = Vec::with_capacity(names.len());
        for name in names {
            keys.push(v8::json::stringify(scope, name.into())?.to_rust_string_lossy(scope));
        }
        let nothing = v8::undefined(scope).into();
        let shape_of = match keys.is_empty() {
            true => nothing,
            false => prototypeless(scope, &keys)?,
        };
        let one = row(&keys, (0..shape.width).map(|column| format!("v{column}")));
        let many = row(&keys, (0..shape.width).map(|column| format!("v[i+{column}]")));
        let parameters: String = (0..shape.width).map(|column| format!("v{column},")).collect();
        let text = format!(
            "return[({parameters})=>{{{one}return o}},(rows,v)=>{{let n=rows.length;\
             for(let i=0;i<v.length;i+={}){{{many}rows[n++]=o}}}}]",
            shape.width
        );
        let both = compile(scope, &["shape"], &text)?.call(scope, nothing, &[shape_of])?.to_object(scope)?;
        let function = |index: u32| {
            let function: v8::Local<'_, v8::Function> = both.get_index(scope, index)?.try_into().ok()?;
            Some(v8::Global::new(scope, function))
        };
        Some(Maker { one: function(0)?, many: function(1)? })
    }
}

/// The statements that make the row `o` of values; an array where there are no keys.
fn row(keys: &[String], values: impl Iterator<Item = String>) -> String {
    if keys.is_empty() {
        return format!("const o=[{}];", values.collect::<Vec<_>>().join(","));
    }
    // Of a literal with `__proto__: null` V8 makes a dictionary; of a copy of an object without a prototype it does
    // not.
    let fields = keys.iter().zip(values).map(|(key, value)| format!("o[{key}]={value};"));
    fields.fold("const o={...shape,__proto__:null};".to_owned(), |text, field| text + &field)
}

/// An object with these keys and without a prototype.
fn prototypeless<'s>(scope: &mut Scope<'s, '_>, keys: &[String]) -> Option<Value<'s>> {
    let nothing = v8::undefined(scope).into();
    let fields: String = keys.iter().map(|key| format!("[{key}]:null,")).collect();
    let object = compile(scope, &[], &format!("return {{{fields}}}"))?.call(scope, nothing, &[])?;
    let object = object.to_object(scope)?;
    let null = v8::null(scope).into();
    object.set_prototype(scope, null)?;
    Some(object.into())
}

/// A function of these parameters with this body.
fn compile<'s>(
    scope: &mut Scope<'s, '_>,
    parameters: &[&str],
    body: &str,
) -> Option<v8::Local<'s, v8::Function>> {
    let name = internalized(scope, "node:internal/sqlite/rows").into();
    let origin = v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None);
    let mut source = Source::new(string(scope, body), Some(&origin));
    let parameters: Vec<_> = parameters.iter().map(|parameter| internalized(scope, parameter)).collect();
    let (how, reason) = (CompileOptions::NoCompileOptions, NoCacheReason::NoReason);
    v8::script_compiler::compile_function(scope, &mut source, &parameters, &[], how, reason)
}

/// What makes the objects that `run` returns.
#[derive(Default)]
pub(super) struct Outcomes(OnceCell<Option<v8::Global<v8::Function>>>);

impl Outcomes {
    /// `{ changes, lastInsertRowid }`; none where V8 has been stopped.
    pub(super) fn make<'s>(&self, scope: &mut Scope<'s, '_>, values: &[Value<'s>; 2]) -> Option<Value<'s>> {
        let maker = self.0.get_or_init(|| {
            let names = ["changes", "lastInsertRowid"];
            let maker = compile(scope, &names, "return{changes,lastInsertRowid}")?;
            Some(v8::Global::new(scope, maker))
        });
        let maker = v8::Local::new(scope, maker.as_ref()?);
        let nothing = v8::undefined(scope).into();
        maker.call(scope, nothing, values)
    }
}
