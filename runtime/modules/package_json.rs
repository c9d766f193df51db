//! package.json files, read and parsed once a runtime.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ironode_ops::bind::{Host, IntoJs};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::compile_cache;

/// What the module loader needs of a package.json, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Manifest {
    /// The fields `name`, `main`, `type`, `imports` and `exports`; the last two as JSON text.
    Fields(Box<[Option<String>; 5]>),
    /// The JSON is bad.
    Mistake(String),
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
            Manifest::Mistake(text) => text.into_js(scope),
            Manifest::Unreadable(number) => number.into_js(scope),
        }
    }
}

#[derive(Default)]
struct Cache(RefCell<HashMap<PathBuf, Option<Rc<Manifest>>>>);

/// Reads the package.json at `path`; `None` where there is no such file.
pub(crate) fn read(host: &Rc<Host>, path: &Path) -> Option<Manifest> {
    find(host, path).map(|manifest| Manifest::clone(&manifest))
}

/// The same for those who only look at it.
pub(crate) fn find(host: &Rc<Host>, path: &Path) -> Option<Rc<Manifest>> {
    let cache = host.extension::<Cache>();
    if let Some(known) = cache.0.borrow().get(path) {
        return known.clone();
    }
    let manifest = match std::fs::read(path) {
        Ok(bytes) => {
            compile_cache::note_read(host, path);
            Some(parse(&bytes))
        }
        Err(error) => failure(&error),
    };
    let manifest = manifest.map(Rc::new);
    cache.0.borrow_mut().insert(path.to_owned(), manifest.clone());
    manifest
}

/// A folder of that name is no package.json, nor is what is not there.
fn failure(error: &io::Error) -> Option<Manifest> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => None,
        _ => error.raw_os_error().map(|number| Manifest::Unreadable(-number)),
    }
}

/// The fields as they stand in the file. What nobody asks for is skipped without being built.
#[derive(Default)]
struct Fields {
    name: Option<String>,
    main: Option<String>,
    kind: Option<String>,
    imports: Option<String>,
    exports: Option<String>,
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "name" => fields.name = Some(map.next_value()?),
                "type" => fields.kind = Some(map.next_value()?),
                "main" => fields.main = serde_json::from_str(map.next_value::<&RawValue>()?.get()).ok(),
                "imports" => fields.imports = Some(map.next_value::<&RawValue>()?.get().to_owned()),
                "exports" => fields.exports = Some(map.next_value::<&RawValue>()?.get().to_owned()),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}

fn parse(bytes: &[u8]) -> Manifest {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Fields { name, main, kind, imports, exports } = match serde_json::from_slice(bytes) {
        Ok(fields) => fields,
        Err(error) => return Manifest::Mistake(error.to_string()),
    };
    let kind = kind.filter(|kind| matches!(kind.as_str(), "commonjs" | "module"));
    let kind = kind.unwrap_or_else(|| String::from("none"));
    Manifest::Fields(Box::new([name, main, Some(kind), imports, exports]))
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
            assert!(matches!(parse(text.as_bytes()), Manifest::Mistake(_)), "{text}");
        }
    }

    #[test]
    fn deep_exports_are_read() {
        let text = format!(r#"{{"exports":{}1{}}}"#, r#"{"a":"#.repeat(1000), "}".repeat(1000));
        assert!(matches!(parse(text.as_bytes()), Manifest::Fields(_)));
    }
}
