//! The plain ways from a request to a file. Whatever else there is, mistakes among them, is left to
//! `js/internal/modules/resolve.js`, which begins anew.

use std::cell::{OnceCell, RefCell};
use std::path::Path;
use std::rc::Rc;

use ironode_ops::bind::Host;
use ironode_ops::bind::state::OptionValue;
use serde_json::Value;

use super::disk::{ByName, Disk, Kind};
use super::files::RealFolders;
use super::package_json::{self, Manifest};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// The conditions that hold for `require` where no option says otherwise.
const CONDITIONS: [&str; 5] = ["require", "node", "node-addons", "module-sync", "default"];

/// Options with which nothing is plain, and what they are then.
const UNUSUAL: [(&str, bool); 4] = [
    ("--preserve-symlinks", true),
    ("--addons", false),
    ("--require-module", false),
    ("--experimental-require-module", false),
];

/// What a runtime has found.
#[derive(Default)]
struct Finder {
    /// Files by what was looked for and where. As in Node, they stay what they are.
    found: RefCell<ByName<Box<str>>>,
    /// Folders that there are.
    folders: RefCell<ByName<()>>,
    /// The packages that folders belong to.
    scopes: RefCell<ByName<Option<Rc<Manifest>>>>,
    is_usual: OnceCell<bool>,
}

/// `findPlainly(request, filename, paths)`: the file that `request` means in the file `filename`, whose folders of
/// packages are `paths`; undefined where that is not plain.
pub(super) fn find_plainly<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let mut key = String::with_capacity(512);
    if append(scope, args.get(1), &mut key).is_none() {
        return;
    }
    // Which file of its folder asks makes no difference.
    let folder = key.rfind('/').unwrap_or(0);
    key.replace_range(folder.., "\0");
    let Some(request) = append(scope, args.get(0), &mut key) else { return };
    key.push('\0');
    let mut ends = Vec::new();
    if !key[folder + 1..request].starts_with(['.', '/']) {
        let Ok(paths) = v8::Local::<v8::Array>::try_from(args.get(2)) else { return };
        for at in 0..paths.length() {
            let end = paths.get_index(scope, at).and_then(|path| append(scope, path, &mut key));
            let Some(end) = end else { return };
            key.push('\0');
            ends.push(end);
        }
    }
    let host = Host::of(scope);
    let finder = host.extension::<Finder>();
    if !finder.is_usual(&host) {
        return;
    }
    let known = finder.found.borrow().get(key.as_bytes()).and_then(|file| text(scope, file));
    if let Some(known) = known {
        return rv.set(known.into());
    }
    let disk = host.extension::<Disk>();
    let looking = Looking {
        host: &host,
        finder: &finder,
        disk: &disk,
        folder: &key[..folder],
        request: &key[folder + 1..request],
    };
    let begins = std::iter::once(request).chain(ends.iter().copied());
    let paths = begins.zip(&ends).map(|(before, end)| &key[before + 1..*end]);
    let Ok(Some(file)) = looking.find(paths) else { return };
    if let Some(file) = text(scope, &file) {
        rv.set(file.into());
    }
    finder.found.borrow_mut().insert(key.into_bytes(), file.into());
}

/// Appends a string, if it is one of ASCII characters and names nothing odd; where it ends then.
fn append(
    scope: &mut v8::PinScope<'_, '_>,
    value: v8::Local<'_, v8::Value>,
    to: &mut String,
) -> Option<usize> {
    let string = v8::Local::<v8::String>::try_from(value).ok()?;
    let view = v8::ValueView::new(scope, string);
    let v8::ValueViewData::OneByte(units) = view.data() else { return None };
    if units.is_empty() || !units.is_ascii() || units.contains(&0) {
        return None;
    }
    to.push_str(std::str::from_utf8(units).ok()?);
    Some(to.len())
}

/// A name of a file as modules are found by it.
fn text<'s>(scope: &mut v8::PinScope<'s, '_>, name: &str) -> Option<v8::Local<'s, v8::String>> {
    v8::String::new_from_utf8(scope, name.as_bytes(), v8::NewStringType::Internalized)
}

/// `scopeType(filename)`: the `type` of the package that a file belongs to, 'none' where it has none or there is no
/// package; undefined where its package.json is bad.
pub(super) fn scope_type<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let mut name = String::with_capacity(128);
    let host = Host::of(scope);
    if host.permissions.is_some() || append(scope, args.get(0), &mut name).is_none() || !name.starts_with('/')
    {
        return;
    }
    let folder = &name[..name.rfind('/').unwrap_or(0)];
    let found = host.extension::<Finder>().scope(&host, folder);
    let kind = match found.as_deref() {
        None => "none",
        Some(Manifest::Fields(fields)) => fields[2].as_deref().unwrap_or("none"),
        Some(_) => return,
    };
    if let Some(kind) = text(scope, kind) {
        rv.set(kind.into());
    }
}

impl Finder {
    fn is_usual(&self, host: &Host) -> bool {
        *self.is_usual.get_or_init(|| {
            let is_set = |(name, value): &(&str, bool)| {
                matches!(host.option(name), Some(OptionValue::Flag(flag)) if flag == value)
            };
            host.permissions.is_none() && host.option("--conditions").is_none() && !UNUSUAL.iter().any(is_set)
        })
    }

    fn is_folder(&self, disk: &Disk, name: &str) -> bool {
        if self.folders.borrow().contains_key(name.as_bytes()) {
            return true;
        }
        let is_folder = matches!(disk.kind(Path::new(name)), Kind::Folder { .. });
        if is_folder {
            self.folders.borrow_mut().insert(name.as_bytes().to_vec(), ());
        }
        is_folder
    }

    /// The package.json of the package that the files of a folder belong to.
    fn scope(&self, host: &Rc<Host>, folder: &str) -> Option<Rc<Manifest>> {
        if folder.ends_with("/node_modules") {
            return None;
        }
        if let Some(known) = self.scopes.borrow().get(folder.as_bytes()) {
            return known.clone();
        }
        let found = manifest(host, folder)
            .or_else(|| folder.rsplit_once('/').and_then(|(parent, _)| self.scope(host, parent)));
        self.scopes.borrow_mut().insert(folder.as_bytes().to_vec(), found.clone());
        found
    }
}

fn manifest(host: &Rc<Host>, folder: &str) -> Option<Rc<Manifest>> {
    package_json::find(host, Path::new(&format!("{folder}/package.json")))
}

/// `name` as it is seen from `folder`, without dots.
fn join(folder: &str, name: &str) -> String {
    let mut joined = String::with_capacity(folder.len() + name.len() + 16);
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            _ => {
                joined.push('/');
                joined.push_str(part);
            }
        }
    }
    joined
}

/// That the JavaScript layer has to look for it.
struct NotPlain;

type Found = Result<Option<String>, NotPlain>;

/// One request.
struct Looking<'l> {
    host: &'l Rc<Host>,
    finder: &'l Finder,
    disk: &'l Disk,
    /// Of the file that asks.
    folder: &'l str,
    request: &'l str,
}

impl Looking<'_> {
    fn find<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Found {
        let Looking { folder, request, .. } = *self;
        if !folder.starts_with('/') || request.starts_with('#') || self.may_be_own_package() {
            return Err(NotPlain);
        }
        if request.starts_with('/') {
            return if join("", request) == request { self.file_or_package(request) } else { Err(NotPlain) };
        }
        if !request.starts_with('.') {
            return self.in_packages(paths);
        }
        if !matches!(request.split('/').next(), Some("." | "..")) {
            return Err(NotPlain);
        }
        let base = join(folder, request);
        if is_like_folder(request) {
            return if matches!(self.kind(&base), Kind::Folder { .. }) {
                self.main_of(&base)
            } else {
                Ok(None)
            };
        }
        self.file_or_package(&base)
    }

    /// Whether the request may be for the package that asks. A bad package.json is told of elsewhere.
    fn may_be_own_package(&self) -> bool {
        match self.finder.scope(self.host, self.folder).as_deref() {
            None => false,
            Some(Manifest::Fields(fields)) => match (&fields[0], &fields[4]) {
                (Some(name), Some(_)) => {
                    let rest = self.request.strip_prefix(name.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                }
                _ => false,
            },
            Some(_) => true,
        }
    }

    /// A request that begins with the name of a package.
    fn in_packages<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Found {
        let request = self.request;
        let mut slashes = request.match_indices('/').map(|(at, _)| at);
        let end = if request.starts_with('@') { slashes.nth(1) } else { slashes.next() };
        let (name, subpath) = request.split_at(end.unwrap_or(request.len()));
        let is_plain = !name.contains(['\\', '%']) && (!name.starts_with('@') || name.contains('/'));
        if !is_plain || is_like_folder(request) {
            return Err(NotPlain);
        }
        for path in paths {
            if !path.starts_with('/') {
                return Err(NotPlain);
            }
            if !self.finder.is_folder(self.disk, path) {
                continue;
            }
            let package = join(path, name);
            match manifest(self.host, &package).as_deref() {
                Some(Manifest::Fields(fields)) => {
                    if let Some(exports) = &fields[4] {
                        let target = exported(exports, subpath).ok_or(NotPlain)?;
                        let file = format!("{package}/{target}");
                        return self.file(&file, &self.kind(&file))?.map(Some).ok_or(NotPlain);
                    }
                }
                Some(_) => return Err(NotPlain),
                None => {}
            }
            let found = self.file_or_package(&join(path, request))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn file_or_package(&self, base: &str) -> Found {
        let found = self.kind(base);
        if let Some(file) = self.file(base, &found)? {
            return Ok(Some(file));
        }
        match self.with_extension(base)? {
            None if matches!(found, Kind::Folder { .. }) => self.main_of(base),
            file => Ok(file),
        }
    }

    fn with_extension(&self, base: &str) -> Found {
        let mut name = String::with_capacity(base.len() + 5);
        for extension in [".js", ".json", ".node"] {
            name.clear();
            name.push_str(base);
            name.push_str(extension);
            let file = self.file(&name, &self.kind(&name))?;
            if file.is_some() {
                return Ok(file);
            }
        }
        Ok(None)
    }

    /// The main file of a package, or of any folder.
    fn main_of(&self, folder: &str) -> Found {
        let main = match manifest(self.host, folder).as_deref() {
            None => None,
            Some(Manifest::Fields(fields)) => fields[1].clone().filter(|main| !main.is_empty()),
            Some(_) => return Err(NotPlain),
        };
        let Some(main) = main else { return self.with_extension(&format!("{folder}/index")) };
        if main.starts_with('/') || !main.is_ascii() || main.contains('\0') {
            return Err(NotPlain);
        }
        let file = join(folder, &main);
        let mut found = self.file(&file, &self.kind(&file))?;
        if found.is_none() {
            found = self.with_extension(&file)?;
        }
        if found.is_none() {
            found = self.with_extension(&format!("{file}/index"))?;
        }
        // A package without the main file that it names is a mistake.
        found.map(Some).ok_or(NotPlain)
    }

    fn kind(&self, name: &str) -> Kind {
        self.disk.kind(Path::new(name))
    }

    /// The name without links of a file, if it is one.
    fn file(&self, name: &str, kind: &Kind) -> Found {
        let Kind::File { is_link } = *kind else { return Ok(None) };
        let real = self.host.extension::<RealFolders>().file(self.disk, Path::new(name), is_link);
        let real = real.ok().and_then(|real| real.into_os_string().into_string().ok());
        real.map(Some).ok_or(NotPlain)
    }
}

/// Whether a request can only be for a folder.
fn is_like_folder(request: &str) -> bool {
    matches!(request.rsplit('/').next(), Some("" | "." | ".."))
}

/// What `exports` gives for the part of a request behind the name of the package: a file in the package's folder.
fn exported(exports: &str, subpath: &str) -> Option<String> {
    let exports: Value = serde_json::from_str(exports).ok()?;
    let target = match &exports {
        Value::String(_) => subpath.is_empty().then_some(&exports)?,
        Value::Object(table) => {
            let is_path = |name: &String| name.starts_with('.');
            let paths = table.keys().filter(|name| is_path(name)).count();
            match paths {
                0 => subpath.is_empty().then_some(&exports)?,
                _ if paths == table.len() => {
                    table.get(&format!(".{subpath}")).filter(|_| !subpath.contains('*'))?
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let target = for_require(target)?.strip_prefix("./")?;
    let is_plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.eq_ignore_ascii_case("node_modules")
    };
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-@+".contains(&byte);
    (target.bytes().all(is_usual) && target.split('/').all(is_plain)).then(|| target.to_owned())
}

/// The target whose conditions hold.
fn for_require(target: &Value) -> Option<&str> {
    match target {
        Value::String(target) => Some(target),
        Value::Object(targets) => {
            if targets.keys().any(|name| name.starts_with(|first: char| first.is_ascii_digit())) {
                return None;
            }
            let (_, first) = targets.iter().find(|(name, _)| CONDITIONS.contains(&name.as_str()))?;
            for_require(first)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{exported, join};

    #[test]
    fn names_are_joined_without_dots() {
        for (folder, name, joined) in [
            ("/a/b", "./c", "/a/b/c"),
            ("/a/b", "../c.js", "/a/c.js"),
            ("/a", "../../..", ""),
            ("/a", "./b//c/./d/", "/a/b/c/d"),
            ("", "x", "/x"),
        ] {
            assert_eq!(join(folder, name), joined, "{folder} {name}");
        }
    }

    #[test]
    fn plain_exports_give_files() {
        let table =
            r#"{ ".": [], "./a": { "import": "./a.mjs", "node": { "default": "./a.js" } }, "./b": "./b" }"#;
        for (exports, subpath, file) in [
            (r#""./a.js""#, "", Some("a.js")),
            (r#""./a.js""#, "/b", None),
            (r#"{ "import": "./a.mjs", "default": "./a.js" }"#, "", Some("a.js")),
            (table, "/a", Some("a.js")),
            (table, "/b", Some("b")),
            (table, "", None),
            (table, "/c", None),
            (r#"{ ".": "./a.js", "require": "./b.js" }"#, "", None),
            (r#"{ "require": { "import": "./b.js" }, "default": "./a.js" }"#, "", None),
            (r#"{ "0": "./a.js" }"#, "", None),
            (r#"{ "./a/*": "./a/*.js" }"#, "/a/b", None),
            (r#"{ ".": "./../a.js" }"#, "", None),
            (r#"{ ".": "./%61.js" }"#, "", None),
            (r#"{ ".": null }"#, "", None),
        ] {
            assert_eq!(exported(exports, subpath).as_deref(), file, "{exports} {subpath}");
        }
    }
}
