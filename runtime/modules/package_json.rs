//! package.json files, read and parsed once a runtime.

use std::cell::RefCell;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::rc::Rc;

use ironode_ops::bind::{Host, IntoJs};

use super::disk::{ByName, Disk};
use super::manifest_text::{Member, Members, Mistake, Value};

/// What the module loader needs of a package.json, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Manifest {
    /// The fields `name`, `main`, `type`, `imports` and `exports`; the last two as JSON text.
    Fields(Box<[Option<String>; 5]>),
    /// The text is bad.
    Mistake,
    /// The file is there, but cannot be read: the number of the system's error, negative.
    Unreadable(i32),
}

impl IntoJs for Manifest {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Manifest::Fields(fields) => Vec::from(*fields).into_js(scope),
            Manifest::Mistake => false.into_js(scope),
            Manifest::Unreadable(number) => number.into_js(scope),
        }
    }
}

#[derive(Default)]
struct Cache(RefCell<ByName<Option<Rc<Manifest>>>>);

/// Reads the package.json at `path`; `None` where there is no such file.
pub(crate) fn read(host: &Rc<Host>, path: &Path) -> Option<Manifest> {
    find(host, path).map(|manifest| Manifest::clone(&manifest))
}

/// The same for those who only look at it.
pub(crate) fn find(host: &Rc<Host>, path: &Path) -> Option<Rc<Manifest>> {
    let cache = host.extension::<Cache>();
    let name = path.as_os_str().as_bytes();
    if let Some(known) = cache.0.borrow().get(name) {
        return known.clone();
    }
    let manifest = host.extension::<Disk>().manifest(path).map(Rc::new);
    cache.0.borrow_mut().insert(name.to_vec(), manifest.clone());
    manifest
}

impl Manifest {
    /// What the file says now; `None` where there is no such file.
    pub(super) fn of(path: &Path) -> Option<Manifest> {
        match std::fs::read(path) {
            Ok(bytes) => Some(parse(&bytes)),
            Err(error) => failure(&error),
        }
    }
}

/// A folder of that name is no package.json, nor is what is not there.
fn failure(error: &io::Error) -> Option<Manifest> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => None,
        _ => error.raw_os_error().map(|number| Manifest::Unreadable(-number)),
    }
}

fn parse(bytes: &[u8]) -> Manifest {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    read_fields(bytes).map_or(Manifest::Mistake, |fields| Manifest::Fields(Box::new(fields)))
}

/// The fields as they stand in the file. What is of no use does not replace what came before it.
fn read_fields(bytes: &[u8]) -> Result<[Option<String>; 5], Mistake> {
    let mut fields = [None, None, Some(String::from("none")), None, None];
    for member in Members::of(bytes)? {
        let Member { name, value } = member?;
        match name {
            b"name" => fields[0] = Some(value.string().ok_or(Mistake)?),
            b"main" => fields[1] = value.string().or(fields[1].take()),
            b"type" => {
                let kind = value.string().ok_or(Mistake)?;
                if matches!(kind.as_str(), "commonjs" | "module") {
                    fields[2] = Some(kind);
                }
            }
            b"imports" => fields[3] = json_of(value)?.or(fields[3].take()),
            b"exports" => fields[4] = json_of(value)?.or(fields[4].take()),
            _ => {}
        }
    }
    Ok(fields)
}

/// The text of what `imports` and `exports` can be.
fn json_of(value: Value<'_>) -> Result<Option<String>, Mistake> {
    match value {
        Value::String(text) | Value::Composite(text) => Ok(Some(text.to_owned())),
        Value::Word => Ok(None),
        Value::Broken | Value::Unknown => Err(Mistake),
    }
}

#[cfg(test)]
mod tests {
    use super::{Manifest, parse};

    #[test]
    fn fields_keep_their_order() {
        let manifest = parse(br#"{"name":"a","main":7,"type":"x","exports":{"./b":1,"./a":2}}"#);
        let fields = [
            Some("a".to_owned()),
            None,
            Some("none".to_owned()),
            None,
            Some(r#"{"./b":1,"./a":2}"#.to_owned()),
        ];
        assert_eq!(manifest, Manifest::Fields(Box::new(fields)));
    }

    #[test]
    fn mistakes_are_told() {
        for text in ["{", "[]", "5", "", r#"{"name":5}"#, r#"{"type":null}"#] {
            assert!(matches!(parse(text.as_bytes()), Manifest::Mistake), "{text}");
        }
    }

    #[test]
    fn deep_exports_are_read() {
        let text = format!(r#"{{"exports":{}1{}}}"#, r#"{"a":"#.repeat(1000), "}".repeat(1000));
        assert!(matches!(parse(text.as_bytes()), Manifest::Fields(_)));
    }
}
