//! What the module loader asks of the file system.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ironode_ops::bind::error::string_too_long;
use ironode_ops::bind::path::{Names, Reads};
use ironode_ops::bind::{Host, PathArg, SysError};

use super::compile_cache;
use super::compile_cache::ahead::Source;
use super::disk::{ByName, Disk, Kind};

type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

/// 0 for a file, 1 for a directory, else a negative error number.
pub(super) fn stat(path: PathArg<Names>) -> i32 {
    kind(path.path())
}

fn kind(path: &Path) -> i32 {
    match fs::metadata(path) {
        Ok(metadata) => i32::from(metadata.is_dir()),
        Err(error) => SysError::from_io(&error, "stat").errno,
    }
}

/// What `probe` adds where the name with `.js` is that of a file.
const HAS_SCRIPT: i32 = 2;

/// Looks for a module by its name without extension: 0 where there is a file of that name, else 1 for a directory or 0
/// for nothing, and 2 more where `.js` makes it the name of a file; -1 where there is neither.
pub(super) fn probe(path: PathArg<Names>) -> i32 {
    let found = kind(path.path());
    if found == 0 {
        return 0;
    }
    let mut script = path.path().as_os_str().as_bytes().to_vec();
    script.extend_from_slice(b".js");
    let is_folder = i32::from(found == 1);
    if kind(Path::new(&std::ffi::OsString::from_vec(script))) == 0 {
        return is_folder + HAS_SCRIPT;
    }
    if is_folder == 1 { 1 } else { -1 }
}

/// Names of folders without links, as they were found first.
#[derive(Default)]
pub(super) struct RealFolders(RefCell<ByName<PathBuf>>);

/// The file's name without links. Folders are looked at once.
pub(super) fn realpath(host: Rc<Host>, path: PathArg<Names>) -> Result<PathBuf, SysError> {
    let folders = host.extension::<RealFolders>();
    let given = path.path();
    let is_plain = given.is_absolute() && !given.as_os_str().as_bytes().ends_with(b"/");
    let real =
        if is_plain { folders.resolve(&host.extension::<Disk>(), given) } else { fs::canonicalize(given) };
    real.map_err(|error| SysError::from_io(&error, "lstat").path(path.given()))
}

impl RealFolders {
    /// The name without links of a file of which it is known whether it is a link itself.
    pub(super) fn file(&self, disk: &Disk, path: &Path, is_link: bool) -> io::Result<PathBuf> {
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if !is_link => self.in_folder(disk, parent, name),
            _ => self.resolve(disk, path),
        }
    }

    /// The name of `name` in the folder without links.
    fn in_folder(&self, disk: &Disk, parent: &Path, name: &OsStr) -> io::Result<PathBuf> {
        let known = self.0.borrow().get(parent.as_os_str().as_bytes()).map(|folder| folder.join(name));
        if let Some(known) = known {
            return Ok(known);
        }
        let folder = self.resolve(disk, parent)?;
        let name = folder.join(name);
        self.0.borrow_mut().insert(parent.as_os_str().as_bytes().to_vec(), folder);
        Ok(name)
    }

    fn resolve(&self, disk: &Disk, path: &Path) -> io::Result<PathBuf> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return fs::canonicalize(path);
        };
        let name = self.in_folder(disk, parent, name)?;
        match disk.kind(&name) {
            Kind::File { is_link: false } | Kind::Folder { is_link: false } => Ok(name),
            _ => fs::canonicalize(path),
        }
    }
}

/// `readTextFile(path)`: a text file as a string, invalid UTF-8 replaced.
pub(super) fn read_text_file<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let path = match PathArg::<Reads>::from_js(scope, args.get(0)) {
        Ok(path) => path,
        Err(denied) => return denied.throw(scope),
    };
    let failed = |error: &io::Error| {
        let directory = error.raw_os_error() == Some(libc::EISDIR);
        let failure = SysError::from_io(error, if directory { "read" } else { "open" });
        if directory { failure } else { failure.path(path.given()) }
    };
    let host = Host::of(scope);
    let exception = match host.extension::<Disk>().source(path.path()) {
        Ok(Source { bytes, text: known, kept }) => match text(scope, bytes, known.is_some()) {
            Some(text) => {
                if let Some(known) = known {
                    compile_cache::expect(&host, scope, path.path(), text, known, kept);
                }
                return rv.set(text.into());
            }
            None => string_too_long(scope),
        },
        Err(error) => failed(&error).to_js(scope),
    };
    scope.throw_exception(exception);
}

/// A string of `bytes`: where they are ASCII and many, V8 takes the memory over.
fn text<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    bytes: Vec<u8>,
    is_ascii: bool,
) -> Option<v8::Local<'s, v8::String>> {
    if !is_ascii && !bytes.is_ascii() {
        return v8::String::new_from_utf8(scope, &bytes, v8::NewStringType::Normal);
    }
    if bytes.len() > 64 * 1024 {
        return v8::String::new_external_onebyte(scope, bytes.into_boxed_slice());
    }
    v8::String::new_from_one_byte(scope, &bytes, v8::NewStringType::Normal)
}
