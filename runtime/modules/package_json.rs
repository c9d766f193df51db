//! package.json files, read and parsed once a runtime.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ironode_ops::bind::{Host, IntoJs};
use serde_json::{Map, Value};

/// What the module loader needs of a package.json, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Manifest {
    /// The fields `name`, `main`, `type`, `imports` and `exports`; the last two as JSON text.
    Fields(Box<[Option<String>; 5]>),
    /// The JSON is bad.
    Mistake(String),
}

impl IntoJs for Manifest {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Manifest::Fields(fields) => Vec::from(*fields).into_js(scope),
            Manifest::Mistake(text) => text.into_js(scope),
        }
    }
}

#[derive(Default)]
struct Cache(RefCell<HashMap<PathBuf, Option<Manifest>>>);

/// Reads the package.json at `path`; `None` where there is no such file.
pub(crate) fn read(host: &Rc<Host>, path: &Path) -> Option<Manifest> {
    let cache = host.extension::<Cache>();
    if let Some(known) = cache.0.borrow().get(path) {
        return known.clone();
    }
    let manifest = std::fs::read(path).ok().map(|bytes| parse(&bytes));
    cache.0.borrow_mut().insert(path.to_owned(), manifest.clone());
    manifest
}

fn parse(bytes: &[u8]) -> Manifest {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let object: Map<String, Value> = match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Manifest::Mistake(String::from("it is no object")),
        Err(error) => return Manifest::Mistake(error.to_string()),
    };
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("type").filter(|kind| matches!(kind.as_str(), "commonjs" | "module"));
    let json = |name: &str| object.get(name).map(Value::to_string);
    let kind = kind.unwrap_or_else(|| String::from("none"));
    Manifest::Fields(Box::new([text("name"), text("main"), Some(kind), json("imports"), json("exports")]))
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
        assert!(matches!(parse(b"{"), Manifest::Mistake(_)));
    }
}
