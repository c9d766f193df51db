//! Compiled code that a runtime and its workers share: what one worker has compiled, the next need not compile again.
//!
//! A worker notes what it compiles. When it first has nothing to do, or ends, it leaves that to its family, with the
//! functions that have run by then.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use v8::script_compiler::{CompileOptions, Source};

use super::Host;
use super::script;
use super::task::lock;

/// How many bytes of code a family keeps.
const CAPACITY: usize = 32 << 20;

/// The compiled code of a family.
#[derive(Default)]
pub struct CodeCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    codes: HashMap<Key, Arc<Vec<u8>>>,
    size: usize,
}

/// What code was made of.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    kind: Kind,
    name: String,
    /// Stands for the text.
    hash: u64,
}

/// How a text is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file of the JavaScript layer.
    Builtin,
    /// The body of a CommonJS file.
    CommonJs,
    /// An ECMAScript module.
    Module,
    /// A script.
    Script,
}

/// What a text has been compiled to.
pub enum Compiled {
    /// A function.
    Function(v8::Global<v8::Function>),
    /// A module's script.
    Module(v8::Global<v8::UnboundModuleScript>),
    /// A script.
    Script(v8::Global<v8::UnboundScript>),
}

impl Compiled {
    /// The compiled form with the functions that have run.
    pub fn code(&self, scope: &v8::PinScope<'_, '_, ()>) -> Option<Vec<u8>> {
        let code = match self {
            Compiled::Function(function) => v8::Local::new(scope, function).create_code_cache(),
            Compiled::Module(script) => v8::Local::new(scope, script).create_code_cache(),
            Compiled::Script(script) => v8::Local::new(scope, script).create_code_cache(),
        };
        code.map(|code| code.to_vec())
    }
}

/// What a worker has compiled and not yet left to its family.
#[derive(Default)]
pub struct Fresh(RefCell<Vec<(Key, Compiled)>>);

impl CodeCache {
    fn get(&self, key: &Key) -> Option<Arc<Vec<u8>>> {
        lock(&self.0).codes.get(key).cloned()
    }

    fn forget(&self, key: &Key) {
        let mut kept = lock(&self.0);
        if let Some(code) = kept.codes.remove(key) {
            kept.size -= code.len();
        }
    }

    /// Whether there is no code for `key` and some room for it.
    fn wants(&self, key: &Key) -> bool {
        let kept = lock(&self.0);
        kept.size < CAPACITY && !kept.codes.contains_key(key)
    }

    fn keep(&self, key: Key, code: Vec<u8>) {
        let mut kept = lock(&self.0);
        let size = code.len();
        if kept.size + size <= CAPACITY && kept.codes.insert(key, Arc::new(code)).is_none() {
            kept.size += size;
        }
    }
}

/// The compilation of one text by a worker; that of a runtime which is no worker knows nothing and learns nothing.
pub struct Compilation {
    host: Rc<Host>,
    key: Option<Key>,
    code: Option<Arc<Vec<u8>>>,
}

impl Compilation {
    /// Before a file of the JavaScript layer is compiled.
    pub fn of_builtin(scope: &v8::Isolate, id: &str, length: usize) -> Self {
        let host = Host::of(scope);
        let key = || Key { kind: Kind::Builtin, name: id.to_owned(), hash: length as u64 };
        let key = host.is_worker().then(key);
        Compilation::of(host, key)
    }

    /// Before a text of the program is compiled.
    pub fn of_text(
        scope: &mut v8::PinScope<'_, '_>,
        kind: Kind,
        name: v8::Local<'_, v8::Value>,
        text: v8::Local<'_, v8::String>,
    ) -> Self {
        let host = Host::of(scope);
        let key = || Key { kind, name: name.to_rust_string_lossy(scope), hash: hash(scope, text) };
        let key = host.is_worker().then(key);
        Compilation::of(host, key)
    }

    fn of(host: Rc<Host>, key: Option<Key>) -> Self {
        let code = key.as_ref().and_then(|key| host.config.family.code.get(key));
        Compilation { host, key, code }
    }

    /// Whether another worker has compiled the text.
    pub fn has_code(&self) -> bool {
        self.code.is_some()
    }

    /// What to compile and how.
    pub fn source(
        &self,
        text: v8::Local<'_, v8::String>,
        origin: &v8::ScriptOrigin<'_>,
    ) -> (Source, CompileOptions) {
        script::source(text, origin, self.code.as_deref())
    }

    /// Takes note of what has been compiled from `source`, where nobody had done so before.
    pub fn finish(self, source: &Source, compiled: impl FnOnce() -> Compiled) {
        let Some(key) = self.key else { return };
        if self.code.is_some() {
            if !source.get_cached_data().is_some_and(|data| data.rejected()) {
                return;
            }
            self.host.config.family.code.forget(&key);
        }
        self.host.fresh_code.0.borrow_mut().push((key, compiled()));
    }
}

/// 64 bits that stand for a text.
fn hash(scope: &mut v8::PinScope<'_, '_>, text: v8::Local<'_, v8::String>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let text = v8::Local::new(scope, text);
    match v8::ValueView::new(scope, text).data() {
        v8::ValueViewData::OneByte(units) => hasher.write(units),
        v8::ValueViewData::TwoByte(units) => units.iter().for_each(|unit| hasher.write_u16(*unit)),
    }
    hasher.finish()
}

impl Fresh {
    /// Whether there is nothing to leave.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// Leaves what the runtime has compiled to its family.
pub fn leave(scope: &mut v8::PinScope<'_, '_>) {
    let host = Host::of(scope);
    let family = &host.config.family.code;
    for (key, compiled) in host.fresh_code.0.take() {
        if !family.wants(&key) {
            continue;
        }
        v8::scope!(let scope, scope);
        if let Some(code) = compiled.code(scope) {
            family.keep(key, code);
        }
    }
}
