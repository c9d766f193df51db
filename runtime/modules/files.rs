//! What the module loader asks of the file system.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ironode_ops::bind::convert::uint8_array;
use ironode_ops::bind::error::string_too_long;
use ironode_ops::bind::path::{Names, Reads};
use ironode_ops::bind::{Host, PathArg, SysError};

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
struct RealFolders(RefCell<HashMap<PathBuf, PathBuf>>);

/// The file's name without links. Folders are looked at once.
pub(super) fn realpath(host: Rc<Host>, path: PathArg<Names>) -> Result<PathBuf, SysError> {
    let folders = host.extension::<RealFolders>();
    let given = path.path();
    let is_plain = given.is_absolute() && !given.as_os_str().as_bytes().ends_with(b"/");
    let real = if is_plain { folders.resolve(given) } else { fs::canonicalize(given) };
    real.map_err(|error| SysError::from_io(&error, "lstat").path(path.given()))
}

impl RealFolders {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return fs::canonicalize(path);
        };
        let known = self.0.borrow().get(parent).map(|folder| folder.join(name));
        let name = match known {
            Some(name) => name,
            None => {
                let folder = self.resolve(parent)?;
                let name = folder.join(name);
                self.0.borrow_mut().insert(parent.to_owned(), folder);
                name
            }
        };
        match fs::read_link(&name) {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(name),
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
    let exception = match read(path.path()) {
        Ok(bytes) => match text(scope, bytes) {
            Some(text) => return rv.set(text.into()),
            None => string_too_long(scope),
        },
        Err(error) => failed(&error).to_js(scope),
    };
    scope.throw_exception(exception);
}

/// Reads a file by one call where its size is known.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut bytes = Vec::new();
    if size == 0 {
        file.read_to_end(&mut bytes)?;
    } else {
        bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX))?;
        file.take(size).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// A string of `bytes`: where they are ASCII and many, V8 takes the memory over.
fn text<'s>(scope: &mut v8::PinScope<'s, '_>, bytes: Vec<u8>) -> Option<v8::Local<'s, v8::String>> {
    if !bytes.is_ascii() {
        return v8::String::new_from_utf8(scope, &bytes, v8::NewStringType::Normal);
    }
    if bytes.len() > 64 * 1024 {
        return v8::String::new_external_onebyte(scope, bytes.into_boxed_slice());
    }
    v8::String::new_from_one_byte(scope, &bytes, v8::NewStringType::Normal)
}

/// Magic number, length and hash of the text, length and hash of what is kept: 32 bits each.
const HEADER: usize = 20;

/// `readKept(file, expected)`: what the compile cache keeps in `file`, if its header begins with the numbers that are
/// expected; else the numbers of the header, or undefined where there is no such file.
pub(super) fn read_kept<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Ok(path) = PathArg::<Reads>::from_js(scope, args.get(0)) else { return };
    let Ok(mut bytes) = read(path.path()) else { return };
    let header: Vec<u32> = if bytes.len() < HEADER {
        Vec::new()
    } else {
        let (words, _) = bytes[..HEADER].as_chunks::<4>();
        words.iter().map(|word| u32::from_le_bytes(*word)).collect()
    };
    let expected = [1, 2, 3].map(|index| args.get(index).uint32_value(scope).unwrap_or(0));
    let is_right = matches!(*header, [magic, length, size, text, kept]
        if [magic, length, text] == expected
            && size as usize == bytes.len() - HEADER
            && kept == hash_of(&bytes[HEADER..]));
    if is_right {
        bytes.drain(..HEADER);
        return rv.set(uint8_array(scope, bytes).into());
    }
    let numbers: Vec<v8::Local<v8::Value>> =
        header.iter().map(|number| v8::Integer::new_from_unsigned(scope, *number).into()).collect();
    rv.set(v8::Array::new_with_elements(scope, &numbers).into());
}

/// `hash(text)`: 32 bits that stand for a text or for the bytes of a view in the compile cache.
pub(super) fn hash<'s>(scope: &mut v8::PinScope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let value = args.get(0);
    let Ok(text) = v8::Local::<v8::String>::try_from(value) else {
        return rv.set_uint32(ironode_ops::bind::buffer::with_bytes(value, hash_of));
    };
    let hash = match v8::ValueView::new(scope, text).data() {
        v8::ValueViewData::OneByte(units) => hash_of(units),
        v8::ValueViewData::TwoByte(units) => {
            let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            hash_of(&bytes)
        }
    };
    rv.set_uint32(hash);
}

fn hash_of(bytes: &[u8]) -> u32 {
    ironode_ops::sys::zlib::crc32(0, bytes)
}
