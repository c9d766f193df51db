//! What a program may do under Node's permission model (`--permission`): which files, and which of the powers of a
//! process. A runtime without the model has no [`Permissions`], and nothing here costs it more than one test.

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::convert::{Arg, internalized, set, string, string_from_bytes};
use super::state::{Config, OptionValue};
use super::{Host, IntoJs};

/// One thing that the model governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Reading and writing files, as a question alone.
    Fs,
    /// Reading files.
    FsRead,
    /// Writing files.
    FsWrite,
    /// Starting processes.
    Child,
    /// Starting workers.
    Worker,
    /// The inspector.
    Inspector,
    /// WASI.
    Wasi,
    /// Native add-ons.
    Addon,
    /// Sockets and names of hosts.
    Net,
    /// Calls of foreign functions.
    Ffi,
    /// OpenSSL's loaders of keys.
    OpensslStore,
}

/// A scope as the program and the command line write it.
struct Words {
    scope: Scope,
    /// For `process.permission.has()`.
    name: &'static str,
    /// In errors.
    title: &'static str,
    /// The switch that grants it; none where paths do.
    flag: &'static str,
}

const fn words(scope: Scope, name: &'static str, title: &'static str, flag: &'static str) -> Words {
    Words { scope, name, title, flag }
}

/// In the order of [`Scope`].
const WORDS: &[Words] = &[
    words(Scope::Fs, "fs", "FileSystem", ""),
    words(Scope::FsRead, "fs.read", "FileSystemRead", "--allow-fs-read"),
    words(Scope::FsWrite, "fs.write", "FileSystemWrite", "--allow-fs-write"),
    words(Scope::Child, "child", "ChildProcess", "--allow-child-process"),
    words(Scope::Worker, "worker", "WorkerThreads", "--allow-worker"),
    words(Scope::Inspector, "inspector", "Inspector", "--allow-inspector"),
    words(Scope::Wasi, "wasi", "WASI", "--allow-wasi"),
    words(Scope::Addon, "addon", "Addon", "--allow-addons"),
    words(Scope::Net, "net", "Net", "--allow-net"),
    words(Scope::Ffi, "ffi", "FFI", "--allow-ffi"),
    words(Scope::OpensslStore, "openssl.store", "OpenSSLStore", "--allow-openssl-store"),
];

impl Scope {
    /// The scope that `process.permission.has()` calls so.
    pub fn named(name: &str) -> Option<Scope> {
        WORDS.iter().find(|words| words.name == name).map(|words| words.scope)
    }

    fn words(self) -> &'static Words {
        &WORDS[self as usize]
    }

    /// What errors call it.
    pub fn title(self) -> &'static str {
        self.words().title
    }

    /// The first part of its name, which names the channel of `diagnostics_channel` that tells of it.
    fn channel(self) -> &'static str {
        let name = self.words().name;
        name.split_once('.').map_or(name, |(first, _)| first)
    }
}

/// The paths of one list: single ones, and those that begin with a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Paths {
    all: bool,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    text: Vec<u8>,
    /// Whether it stands for all that begins with it.
    is_prefix: bool,
}

impl Pattern {
    fn matches(&self, path: &[u8]) -> bool {
        if !self.is_prefix {
            return path == self.text;
        }
        path.starts_with(&self.text) || self.text.strip_suffix(b"/").is_some_and(|folder| path == folder)
    }
}

impl Paths {
    /// Adds what the command line grants: `*`, a text up to its first `*`, or a path; a directory with all in it.
    fn add(&mut self, given: &str, cwd: &Path) {
        if given == "*" {
            self.all = true;
            return;
        }
        let text = normalized(given.as_bytes(), cwd);
        let pattern = match memchr::memchr(b'*', &text) {
            Some(star) => Pattern { text: text[..star].to_vec(), is_prefix: true },
            None if Path::new(OsStr::from_bytes(&text)).is_dir() => folder(text),
            None => Pattern { text, is_prefix: false },
        };
        self.patterns.push(pattern);
    }

    fn allow(&self, path: &[u8]) -> bool {
        self.all || self.patterns.iter().any(|pattern| pattern.matches(path))
    }

    /// Takes back the pattern that was written so; what other patterns grant stays, and so does `*`.
    fn drop_path(&mut self, path: Vec<u8>) {
        let folder = folder(path.clone());
        self.patterns.retain(|pattern| pattern.text != path && *pattern != folder);
    }
}

/// A directory with all that is in it.
fn folder(mut text: Vec<u8>) -> Pattern {
    if !text.ends_with(b"/") {
        text.push(b'/');
    }
    Pattern { text, is_prefix: true }
}

/// The path made absolute, with its `.` and `..` taken away by its names alone.
pub fn normalized(given: &[u8], cwd: &Path) -> Vec<u8> {
    let mut result = PathBuf::from("/");
    for component in cwd.join(OsStr::from_bytes(given)).components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::ParentDir => {
                result.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    result.into_os_string().into_vec()
}

/// What is granted. A worker has a copy of its own, and may never do more than its parent may.
#[derive(Debug, Clone)]
pub struct Grants {
    read: Paths,
    write: Paths,
    /// One bit for each other scope.
    scopes: u16,
    /// Tells what would be denied, and denies nothing.
    audits: bool,
    /// What relative paths of the command line are relative to.
    origin: PathBuf,
    /// What the parent may do.
    ceiling: Option<Arc<Grants>>,
}

impl Grants {
    /// What the options grant; `None` without the model.
    fn from_config(config: &Config) -> Option<Grants> {
        let is_on = |name: &str| matches!(config.options.get(name), Some(OptionValue::Flag(true)));
        let ceiling = config.permissions.clone();
        let is_inherited = ceiling.is_some();
        let (denies, audits) = (is_on("--permission"), is_on("--permission-audit"));
        if !denies && !audits && !is_inherited {
            return None;
        }
        if !denies && !audits {
            // A worker whose own words do not mention the model has what its parent has.
            return ceiling.map(|parent| Grants::clone(&parent));
        }
        let origin = match &ceiling {
            Some(parent) => parent.origin.clone(),
            None => config.cwd.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default(),
        };
        let mut grants = Grants {
            read: Paths::default(),
            write: Paths::default(),
            scopes: 0,
            audits: audits && !denies && ceiling.as_ref().is_none_or(|parent| parent.audits),
            origin,
            ceiling,
        };
        for words in WORDS {
            match config.options.get(words.flag) {
                Some(OptionValue::Flag(true)) => grants.scopes |= bit(words.scope),
                Some(OptionValue::List(paths)) => {
                    for path in paths {
                        let Grants { read, write, origin, .. } = &mut grants;
                        let list = if words.scope == Scope::FsRead { read } else { write };
                        list.add(path, origin);
                    }
                }
                _ => {}
            }
        }
        Some(grants)
    }

    fn allow_all(&self, scope: Scope) -> bool {
        let own = match scope {
            Scope::Fs => self.read.all && self.write.all,
            Scope::FsRead => self.read.all,
            Scope::FsWrite => self.write.all,
            _ => self.scopes & bit(scope) != 0,
        };
        own && self.ceiling.as_ref().is_none_or(|parent| parent.allow_all(scope))
    }

    /// Whether the scope is granted for an absolute path without `.` and `..`.
    fn allow_path(&self, scope: Scope, path: &[u8]) -> bool {
        let own = match scope {
            Scope::Fs => self.read.allow(path) && self.write.allow(path),
            Scope::FsRead => self.read.allow(path),
            Scope::FsWrite => self.write.allow(path),
            _ => self.scopes & bit(scope) != 0,
        };
        own && self.ceiling.as_ref().is_none_or(|parent| parent.allow_path(scope, path))
    }

    fn take_back(&mut self, scope: Scope) {
        match scope {
            Scope::Fs => (self.read, self.write) = Default::default(),
            Scope::FsRead => self.read = Paths::default(),
            Scope::FsWrite => self.write = Paths::default(),
            _ => self.scopes &= !bit(scope),
        }
    }
}

const fn bit(scope: Scope) -> u16 {
    1 << scope as u16
}

/// The permissions of one runtime.
pub struct Permissions {
    grants: RefCell<Grants>,
    audits: Cell<bool>,
    /// What is told of each refusal: `(channel, permission, resource, isDropped)`.
    listener: RefCell<Option<v8::Global<v8::Function>>>,
}

impl Permissions {
    /// Those that the options give; `None` without the model.
    pub fn from_config(config: &Config) -> Option<Permissions> {
        let grants = Grants::from_config(config)?;
        let audits = Cell::new(grants.audits);
        Some(Permissions { grants: RefCell::new(grants), audits, listener: RefCell::default() })
    }

    /// What a worker may do at most.
    pub fn for_worker(&self) -> Arc<Grants> {
        Arc::new(self.grants.borrow().clone())
    }

    /// Whether a flag of the command line grants something though there is no model to grant it under.
    pub fn is_missing(config: &Config) -> bool {
        let flags = WORDS.iter().map(|words| words.flag).chain(["--allow-fs-vfs"]);
        flags.into_iter().any(|flag| config.options.contains_key(flag))
    }

    /// Whether what is not granted is told and not refused.
    pub fn audits(&self) -> bool {
        self.audits.get()
    }

    /// Grants reading of one file or, with all in it, of one directory: the program itself.
    pub fn grant_reading(&self, given: &str) {
        let mut grants = self.grants.borrow_mut();
        let Grants { read, origin, .. } = &mut *grants;
        let text = normalized(given.as_bytes(), origin);
        let is_folder = Path::new(OsStr::from_bytes(&text)).is_dir();
        read.patterns.push(if is_folder { folder(text) } else { Pattern { text, is_prefix: false } });
    }

    /// Keeps what is to be told of refusals.
    pub fn listen(&self, listener: v8::Global<v8::Function>) {
        *self.listener.borrow_mut() = Some(listener);
    }

    /// Whether the scope is granted: for one path where it is about files and there is one.
    pub fn has(&self, host: &Host, scope: Scope, resource: &[u8]) -> bool {
        let grants = self.grants.borrow();
        if resource.is_empty() || !matches!(scope, Scope::Fs | Scope::FsRead | Scope::FsWrite) {
            return grants.allow_all(scope);
        }
        let Ok(cwd) = host.cwd() else { return grants.allow_all(scope) };
        grants.allow_path(scope, &normalized(resource, &cwd))
    }

    /// Takes a grant back, for one path where there is one.
    pub fn take_back(&self, host: &Host, scope: Scope, resource: &[u8]) {
        let mut grants = self.grants.borrow_mut();
        let Some(cwd) = host.cwd().ok().filter(|_| !resource.is_empty()) else {
            return grants.take_back(scope);
        };
        let path = normalized(resource, &cwd);
        if scope != Scope::FsWrite {
            grants.read.drop_path(path.clone());
        }
        if scope != Scope::FsRead {
            grants.write.drop_path(path);
        }
    }

    /// Tells the program's channel of a refusal, or of a grant that is taken back.
    pub fn publish(&self, scope: &mut v8::PinScope<'_, '_>, of: Scope, resource: &[u8], is_dropped: bool) {
        let Some(listener) = self.listener.borrow().clone() else { return };
        let args = [
            string(scope, of.channel()).into(),
            string(scope, of.title()).into(),
            string_from_bytes(scope, resource).into(),
            v8::Boolean::new(scope, is_dropped).into(),
        ];
        let listener = v8::Local::new(scope, &listener);
        let receiver = v8::undefined(scope).into();
        let _ = listener.call(scope, receiver, &args);
    }

    /// Whether the scope may be used; a refusal is told.
    fn check(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        needed: Scope,
        resource: &[u8],
        is_allowed: bool,
    ) -> Result<(), Denied> {
        if is_allowed {
            return Ok(());
        }
        self.publish(scope, needed, resource, false);
        if self.audits.get() { Ok(()) } else { Err(Denied::new(needed, resource)) }
    }

    /// Checks a use of a scope that is not about files.
    pub fn require(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        needed: Scope,
        resource: &[u8],
    ) -> Result<(), Denied> {
        let is_allowed = self.grants.borrow().allow_all(needed);
        self.check(scope, needed, resource, is_allowed)
    }

    /// Checks a use that JavaScript makes of a scope, for one path where it is about files and there is one.
    pub fn demand(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        host: &Host,
        needed: Scope,
        resource: &[u8],
    ) -> Result<(), Denied> {
        let is_allowed = self.has(host, needed, resource);
        self.check(scope, needed, resource, is_allowed)
    }

    /// Checks the use of a file that the program calls `given`; returns the name to be handed to the system, which
    /// leads nowhere else: it is absolute, so that a change of the working directory does not matter, and without
    /// `..`, which behind a link would lead out of what was checked.
    pub fn require_path(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        host: &Host,
        needed: &[Scope],
        given: &[u8],
    ) -> Result<PathBuf, Denied> {
        let cwd = host.cwd();
        let lexical = cwd.as_ref().map(|cwd| normalized(given, cwd)).unwrap_or_default();
        let physical = cwd.ok().map(|cwd| without_parents(given, &cwd)).unwrap_or_default();
        for &need in needed {
            let is_allowed = {
                let grants = self.grants.borrow();
                if lexical.is_empty() {
                    grants.allow_all(need)
                } else {
                    grants.allow_path(need, &lexical)
                        && (physical == lexical || grants.allow_path(need, &physical))
                }
            };
            self.check(scope, need, given, is_allowed)?;
        }
        if lexical.is_empty() || given.is_empty() {
            return Ok(PathBuf::from(OsStr::from_bytes(given)));
        }
        let mut name = physical;
        if given.ends_with(b"/") && !name.ends_with(b"/") {
            name.push(b'/');
        }
        Ok(PathBuf::from(std::ffi::OsString::from_vec(name)))
    }

    /// Checks what needs all files, to be read and to be written.
    pub fn require_all_files(&self, scope: &mut v8::PinScope<'_, '_>, api: &str) -> Result<(), Denied> {
        let is_allowed = self.grants.borrow().allow_all(Scope::Fs);
        if !is_allowed {
            self.publish(scope, Scope::Fs, &[], false);
        }
        if is_allowed || self.audits.get() {
            return Ok(());
        }
        Err(Denied::of_api(format!("{api} API requires full fs.read and fs.write permissions.")))
    }
}

/// Checks a use of a scope that is not about files, where there is a model.
pub fn require(scope: &mut v8::PinScope<'_, '_>, needed: Scope, resource: &str) -> Result<(), Denied> {
    match &Host::of(scope).permissions {
        Some(permissions) => permissions.require(scope, needed, resource.as_bytes()),
        None => Ok(()),
    }
}

/// The path made absolute, with what stands before its last `..` as the system resolves it; where there is no such
/// directory, the names alone count.
fn without_parents(given: &[u8], cwd: &Path) -> Vec<u8> {
    let whole = cwd.join(OsStr::from_bytes(given));
    let components: Vec<_> = whole.components().collect();
    let Some(last) = components.iter().rposition(|component| *component == Component::ParentDir) else {
        return normalized(given, cwd);
    };
    let (before, after) = components.split_at(last + 1);
    match before.iter().collect::<PathBuf>().canonicalize() {
        Ok(folder) => normalized(after.iter().collect::<PathBuf>().as_os_str().as_bytes(), &folder),
        Err(_) => normalized(given, cwd),
    }
}

/// A refusal, on its way to JavaScript.
#[derive(Debug)]
pub struct Denied(Box<Refusal>);

#[derive(Debug)]
struct Refusal {
    message: String,
    permission: &'static str,
    resource: Vec<u8>,
    /// Whether the stack begins with the code, as it does for errors of Node's own JavaScript.
    is_coded: bool,
}

const CODE: &str = "ERR_ACCESS_DENIED";

impl Denied {
    fn new(scope: Scope, resource: &[u8]) -> Self {
        let flag = scope.words().flag;
        Denied(Box::new(Refusal {
            message: format!("Access to this API has been restricted. Use {flag} to manage permissions."),
            permission: scope.title(),
            resource: resource.to_vec(),
            is_coded: false,
        }))
    }

    fn of_api(message: String) -> Self {
        Denied(Box::new(Refusal { message, permission: "", resource: Vec::new(), is_coded: true }))
    }

    /// A refusal to read, without advice, as errors of Node's own JavaScript have it.
    pub fn coded_for_reading(mut self) -> Self {
        if self.0.permission == Scope::FsRead.title() {
            self.0.is_coded = true;
            self.0.message = String::from("Access to this API has been restricted");
        }
        self
    }

    /// Makes the `Error`, with `code`, `permission` and `resource`.
    pub fn to_js<'s>(&self, scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
        let Refusal { message, permission, resource, is_coded } = &*self.0;
        let message = string(scope, message);
        let error = v8::Exception::error(scope, message);
        let Ok(object) = v8::Local::<v8::Object>::try_from(error) else { return error };
        if *is_coded {
            // The stack is worded when it is first asked for.
            let name = string(scope, &format!("Error [{CODE}]")).into();
            set(scope, object, "name", name);
            let stack = internalized(scope, "stack").into();
            object.get(scope, stack);
            let name = internalized(scope, "name").into();
            object.delete(scope, name);
        }
        let code = internalized(scope, CODE).into();
        set(scope, object, "code", code);
        let permission = string(scope, permission).into();
        set(scope, object, "permission", permission);
        let resource = string_from_bytes(scope, resource).into();
        set(scope, object, "resource", resource);
        error
    }

    /// Throws it.
    pub fn throw(&self, scope: &mut v8::PinScope<'_, '_>) {
        let error = self.to_js(scope);
        scope.throw_exception(error);
    }
}

impl IntoJs for Denied {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        Err(self.to_js(scope))
    }
}

/// A scope that a function needs, as a type: see [`Permit`].
pub trait Power {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! powers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name;
        impl Power for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )*};
}

powers! {
    /// Starting processes.
    Child;
    /// Native add-ons.
    Addon;
    /// Sockets and names of hosts.
    Net;
}

/// An argument that takes nothing from the call: without the permission the function does not run. The text that
/// is the next argument is the resource.
pub struct Permit<P>(std::marker::PhantomData<fn() -> P>);

impl<P: Power> Arg for Permit<P> {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        args: &v8::FunctionCallbackArguments<'_>,
        index: &mut i32,
    ) -> Result<Self, Denied> {
        if let Some(permissions) = &Host::of(scope).permissions {
            let next = args.get(*index);
            let resource = if next.is_string() { next.to_rust_string_lossy(scope) } else { String::new() };
            permissions.require(scope, P::SCOPE, resource.as_bytes())?;
        }
        Ok(Permit(std::marker::PhantomData))
    }
}

/// An argument that takes nothing from the call: under the model the function needs all files, to be read and to be
/// written.
pub struct AllFiles<A>(std::marker::PhantomData<fn() -> A>);

impl<A: Api> Arg for AllFiles<A> {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        _: &v8::FunctionCallbackArguments<'_>,
        _: &mut i32,
    ) -> Result<Self, Denied> {
        if let Some(permissions) = &Host::of(scope).permissions {
            permissions.require_all_files(scope, A::NAME)?;
        }
        Ok(AllFiles(std::marker::PhantomData))
    }
}

/// A function that the model does not allow as others, as a type: see [`AllFiles`] and [`Unforbidden`].
pub trait Api {
    /// What errors call it.
    const NAME: &'static str;
}

/// An argument that takes nothing from the call: under the model the function does not run.
pub struct Unforbidden<A>(std::marker::PhantomData<fn() -> A>);

impl<A: Api> Arg for Unforbidden<A> {
    fn take(
        scope: &mut v8::PinScope<'_, '_>,
        _: &v8::FunctionCallbackArguments<'_>,
        _: &mut i32,
    ) -> Result<Self, Denied> {
        if Host::of(scope).permissions.is_some() {
            return Err(Denied::of_api(format!(
                "{} API is disabled when Permission Model is enabled.",
                A::NAME
            )));
        }
        Ok(Unforbidden(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Paths, Scope, WORDS, normalized};

    fn granted(pattern: &str, path: &str) -> bool {
        let mut paths = Paths::default();
        paths.add(pattern, Path::new("/home/me"));
        paths.allow(path.as_bytes())
    }

    #[test]
    fn the_table_follows_the_scopes() {
        for (index, words) in WORDS.iter().enumerate() {
            assert_eq!(words.scope as usize, index);
            assert_eq!(Scope::named(words.name), Some(words.scope));
        }
    }

    #[test]
    fn a_star_stands_for_all_that_follows() {
        assert!(granted("*", "/etc"));
        assert!(granted("/x/ok*", "/x/okay/a"));
        assert!(granted("/x/ok/*", "/x/ok"));
        assert!(!granted("/x/ok/*", "/x/okay"));
        assert!(granted("/x/*/y", "/x/z"));
        assert!(granted("a*", "/home/me/ab"));
    }

    #[test]
    fn what_is_no_directory_stands_for_itself() {
        assert!(granted("/nowhere/a", "/nowhere/a"));
        assert!(!granted("/nowhere/a", "/nowhere/a/b"));
        assert!(!granted("/nowhere/a", "/nowhere/ab"));
        assert!(granted("/", "/etc"));
    }

    #[test]
    fn paths_are_normalized_by_their_names() {
        assert_eq!(normalized(b"../a/./b//c/", Path::new("/x/y")), b"/x/a/b/c");
        assert_eq!(normalized(b"/../..", Path::new("/x")), b"/");
    }
}
