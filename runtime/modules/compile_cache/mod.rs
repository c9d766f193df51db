//! The native half of the compile cache: what V8 made of the text of modules, and the text that is left of TypeScript,
//! kept from one run to the next in one file (see [`pack`]).
//!
//! What is kept under a key is used only for a text with the length and the hash of the one that it was made of: V8
//! itself looks at the length alone.

pub(super) mod ahead;
pub(super) mod hash;
mod pack;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use ironode_ops::bind::code_cache::Compiled;
use ironode_ops::bind::convert::string_from_bytes;
use ironode_ops::bind::path::Names;
use ironode_ops::bind::{Binding, Bytes, Host, IntoJs, PathArg, SysError, script};
use ironode_ops::binding;
use v8::script_compiler::{CompileOptions, Source};

use super::disk::Disk;
use ahead::Ahead;
use pack::{Addition, Entry, Pack};

/// `internalBinding('compile_cache')`.
pub(crate) const BINDING: Binding = binding! {
    "compile_cache",
    sync: [open, build_tag, outcome],
    raw: [find_stripped, keep_stripped, write],
};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// What is kept of a text: the first byte of its key.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The code of a function whose body is a CommonJS file.
    CommonJs = b'C' as isize,
    /// The code of an ECMAScript module.
    Module = b'E' as isize,
    /// The text that is left of TypeScript.
    Stripped = b'T' as isize,
    /// What a program has asked of the disk: no text has a part in that.
    Used = b'R' as isize,
}

/// The name of the file in the folder of the cache.
const FILE: &str = "pack";

/// The compile cache of a runtime.
#[derive(Default)]
struct Cache {
    is_open: Cell<bool>,
    state: RefCell<State>,
    expected: RefCell<Option<Expected>>,
    outcome: Cell<Outcome>,
}

#[derive(Default)]
struct State {
    path: PathBuf,
    /// What the names of files in keys are relative to.
    base: PathBuf,
    pack: Option<Arc<Pack>>,
    /// The key of what the main program asks of the disk.
    questions: Option<Vec<u8>>,
    /// What is to be written, by its key.
    fresh: HashMap<Vec<u8>, Fresh>,
    /// The keys of it, in the order in which they came.
    order: Vec<Vec<u8>>,
}

impl State {
    /// What the program has asked of the disk, where that is to be written.
    fn list(&self, disk: &Disk) -> Option<Addition> {
        let key = self.questions.as_ref()?;
        let data = disk.ahead()?.list()?;
        let seen = self.pack.as_ref().and_then(|pack| pack.find(key));
        let text_hash = hash::hash(&data);
        Some(Addition { key: key.clone(), text_length: data.len() as u32, text_hash, data, seen })
    }
}

/// What is going to be looked for: a file of the program that was read with its entry.
struct Expected {
    name: Vec<u8>,
    string: v8::Global<v8::String>,
    text: Text,
    kept: Option<(Entry, Vec<u8>)>,
}

/// What has been made in this run and is not in the file.
struct Fresh {
    text: Text,
    made: Made,
    seen: Option<Entry>,
}

enum Made {
    Code(Compiled),
    Stripped(Vec<u8>),
}

/// What stands for a text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Text {
    length: u32,
    hash: u64,
}

/// What the last look into the cache has found.
#[derive(Clone, Copy, Default)]
enum Outcome {
    #[default]
    Nothing,
    Kept {
        length: u32,
        is_rejected: bool,
    },
    Other {
        expected: Text,
        actual: Text,
    },
    Damaged,
}

/// `open(folder, base, main)`: whether the folder is there or could be made. From now on the cache is used; names in
/// keys are relative to `base`, where they are relative. What the program `main`, if there is one, read when it ran last
/// is read ahead.
fn open(host: Rc<Host>, folder: PathArg<Names>, base: PathArg<Names>, main: Option<Bytes>) -> bool {
    if fs::create_dir_all(folder.path()).is_err() {
        return false;
    }
    let path = folder.path().join(FILE);
    let cache = host.extension::<Cache>();
    let pack = Pack::open(&path).map(Arc::new);
    // Only a program that may read everything, alone, is looked ahead for.
    let main = main.filter(|_| host.permissions.is_none() && !host.is_worker());
    let questions = main.map(|Bytes(main)| [&[Kind::Used as u8], &*main].concat());
    if let Some(key) = &questions {
        let list = pack.as_ref().and_then(|pack| pack.read(&pack.find(key)?));
        host.extension::<Disk>().look_ahead(Ahead::start(list.unwrap_or_default(), pack.clone()));
    }
    cache.state.replace(State { path, base: base.path().to_owned(), pack, questions, ..State::default() });
    cache.is_open.set(true);
    true
}

/// Takes note that `string`, which is the file `name`, is likely to be looked for next: what stands for it, and what is
/// kept of it.
pub(super) fn expect(
    host: &Host,
    scope: &mut v8::PinScope<'_, '_>,
    name: &Path,
    string: v8::Local<'_, v8::String>,
    text: Text,
    kept: Option<(Entry, Vec<u8>)>,
) {
    if let Some(cache) = host.find_extension::<Cache>() {
        let name = name.as_os_str().as_bytes().to_vec();
        let string = v8::Global::new(scope, string);
        cache.expected.replace(Some(Expected { name, string, text, kept }));
    }
}

/// A number for what this build makes of texts with V8's flags as they are: another one does not take it.
fn build_tag() -> u32 {
    crate::build_tag() ^ v8::script_compiler::cached_data_version_tag()
}

/// What stands for the text, as V8 has it.
fn text_of(scope: &mut v8::PinScope<'_, '_>, text: v8::Local<'_, v8::String>) -> Text {
    let length = text.length() as u32;
    let text = v8::Local::new(scope, text);
    let hash = match v8::ValueView::new(scope, text).data() {
        v8::ValueViewData::OneByte(units) => hash::hash(units),
        v8::ValueViewData::TwoByte(units) => {
            let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            !hash::hash(&bytes)
        }
    };
    Text { length, hash }
}

/// One text and what the cache keeps of it.
pub(super) struct Lookup {
    cache: Rc<Cache>,
    key: Vec<u8>,
    text: Text,
    seen: Option<Entry>,
    data: Option<Vec<u8>>,
}

impl Lookup {
    /// Looks for what is kept of `text` under `name`; `None` where there is no compile cache, or `name` is no string.
    pub(super) fn new(
        scope: &mut v8::PinScope<'_, '_>,
        kind: Kind,
        name: v8::Local<'_, v8::Value>,
        text: v8::Local<'_, v8::String>,
    ) -> Option<Lookup> {
        if !name.is_string() {
            return None;
        }
        let cache = Host::of(scope).find_extension::<Cache>().filter(|cache| cache.is_open.get())?;
        let expected = cache.expected.take().filter(|expected| expected.string == text);
        let text = expected.as_ref().map_or_else(|| text_of(scope, text), |expected| expected.text);
        let mut key = vec![kind as u8];
        key.extend(name.to_rust_string_lossy(scope).into_bytes());
        let is_kept = |expected: &Expected| matches!(kind, Kind::CommonJs) && expected.name == key[1..];
        if let Some((entry, data)) = expected.filter(is_kept).and_then(|expected| expected.kept) {
            cache.outcome.set(Outcome::Kept { length: data.len() as u32, is_rejected: false });
            return Some(Lookup { cache, key, text, seen: Some(entry), data: Some(data) });
        }
        let state = cache.state.borrow();
        let seen = state.pack.as_ref().and_then(|pack| pack.find(&key));
        let actual = seen.map(|entry| entry.text());
        let kept = seen.filter(|_| actual == Some(text));
        let data = kept.zip(state.pack.as_ref()).and_then(|(entry, pack)| pack.read(&entry));
        cache.outcome.set(match (&data, actual) {
            (Some(data), _) => Outcome::Kept { length: data.len() as u32, is_rejected: false },
            (None, None) => Outcome::Nothing,
            (None, Some(actual)) if actual == text => Outcome::Damaged,
            (None, Some(actual)) => Outcome::Other { expected: text, actual },
        });
        drop(state);
        Some(Lookup { cache, key, text, seen, data })
    }

    /// What to compile and how.
    pub(super) fn source(
        &self,
        text: v8::Local<'_, v8::String>,
        origin: &v8::ScriptOrigin<'_>,
    ) -> (Source, CompileOptions) {
        script::source(text, origin, self.data.as_ref())
    }

    /// Whether nothing is kept of the text.
    pub(super) fn is_new(&self) -> bool {
        self.data.is_none()
    }

    /// Takes note of what has been compiled, unless that is what was kept.
    pub(super) fn finish(self, source: &Source, compiled: impl FnOnce() -> Compiled) {
        if let Some(data) = &self.data {
            if !source.get_cached_data().is_some_and(|data| data.rejected()) {
                return;
            }
            self.cache.outcome.set(Outcome::Kept { length: data.len() as u32, is_rejected: true });
        }
        self.keep(Made::Code(compiled()));
    }

    fn keep(self, made: Made) {
        let mut state = self.cache.state.borrow_mut();
        let fresh = Fresh { text: self.text, made, seen: self.seen };
        if state.fresh.insert(self.key.clone(), fresh).is_none() {
            state.order.push(self.key);
        }
    }
}

/// `outcome()`: what the last look into the cache has found: undefined for nothing; how many bytes, and whether V8 did
/// not take them; or what of the text was expected and found, length and hash; or nothing usable.
fn outcome(host: Rc<Host>) -> Option<Vec<String>> {
    match host.extension::<Cache>().outcome.get() {
        Outcome::Nothing => None,
        Outcome::Kept { length, is_rejected } => {
            let state = if is_rejected { "rejected" } else { "accepted" };
            Some(vec![state.to_owned(), length.to_string()])
        }
        Outcome::Other { expected, actual } if expected.length != actual.length => {
            Some(vec![String::from("size"), expected.length.to_string(), actual.length.to_string()])
        }
        Outcome::Other { expected, actual } => {
            let [expected, actual] = [expected, actual].map(|text| format!("{:016x}", text.hash));
            Some(vec![String::from("hash"), expected, actual])
        }
        Outcome::Damaged => Some(vec![String::from("damaged")]),
    }
}

/// `findStripped(source, name)`: what is left of that TypeScript without its types; undefined where it is not kept.
fn find_stripped<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    if let Some(Lookup { data: Some(data), .. }) = Lookup::new(scope, Kind::Stripped, args.get(1), text) {
        rv.set(string_from_bytes(scope, &data).into());
    }
}

/// `keepStripped(source, name, stripped)`
fn keep_stripped<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Ok(text) = v8::Local::<v8::String>::try_from(args.get(0)) else { return };
    let stripped = args.get(2).to_rust_string_lossy(scope).into_bytes();
    if let Some(lookup) = Lookup::new(scope, Kind::Stripped, args.get(1), text) {
        lookup.keep(Made::Stripped(stripped));
    }
}

/// What `write` has written: names with their kinds before them, and how many bytes each has.
type Written = Vec<(String, u32)>;

/// `write()`: writes what is not in the file yet.
fn write<'s>(scope: &mut v8::PinScope<'s, '_>, _: Args<'s>, mut rv: Return<'s>) {
    match write_fresh(scope).into_js(scope) {
        Ok(written) => rv.set(written),
        Err(exception) => {
            scope.throw_exception(exception);
        }
    }
}

fn write_fresh(scope: &mut v8::PinScope<'_, '_>) -> Result<Written, SysError> {
    let host = Host::of(scope);
    let Some(cache) = host.find_extension::<Cache>() else { return Ok(Vec::new()) };
    let disk = host.extension::<Disk>();
    let (path, base, additions) = {
        let mut state = cache.state.borrow_mut();
        let order = std::mem::take(&mut state.order);
        let mut additions = Vec::with_capacity(order.len());
        for key in order {
            let Some(Fresh { text, made, seen }) = state.fresh.remove(&key) else { continue };
            let data = match made {
                Made::Code(compiled) => compiled.code(scope),
                Made::Stripped(text) => Some(text),
            };
            let Some(data) = data else { continue };
            additions.push(Addition { key, text_length: text.length, text_hash: text.hash, data, seen });
        }
        additions.extend(state.list(&disk));
        (state.path.clone(), state.base.clone(), additions)
    };
    if additions.is_empty() {
        return Ok(Vec::new());
    }
    let add = || pack::add(&path, &additions, &|key| is_needed(&base, key));
    add()
        .or_else(|error| {
            // The folder may have been removed in the meantime.
            let folder =
                path.parent().filter(|_| error.kind() == std::io::ErrorKind::NotFound).ok_or(error)?;
            fs::create_dir_all(folder)?;
            add()
        })
        .map_err(|error| SysError::from_io(&error, "open").path(path.as_os_str().as_bytes()))?;
    cache.state.borrow_mut().pack = Pack::open(&path).map(Arc::new);
    let written = additions.iter();
    let written = written.map(|new| (String::from_utf8_lossy(&new.key).into_owned(), new.data.len() as u32));
    Ok(written.collect())
}

/// Whether the file that a key is about is there.
fn is_needed(base: &Path, key: &[u8]) -> bool {
    let name = key.get(1..).unwrap_or_default();
    match name.strip_prefix(b"file://") {
        Some(path) => path_of_url(path).exists(),
        None => base.join(OsStr::from_bytes(name)).exists(),
    }
}

/// The path of a `file:` URL without its beginning.
fn path_of_url(path: &[u8]) -> PathBuf {
    let path = path.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default();
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path;
    while let [first, others @ ..] = rest {
        let escaped = std::str::from_utf8(others.get(..2).unwrap_or_default()).ok();
        match escaped.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &others[2..];
            }
            None => {
                decoded.push(*first);
                rest = others;
            }
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(decoded))
}
