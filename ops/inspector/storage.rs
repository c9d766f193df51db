//! The domains `DOMStorage` and `Storage`: what a program keeps by the names of `localStorage` and `sessionStorage`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::frontend::Frontend;
use super::message::{Command, Failure, Outcome, flag_of};
use super::{Inspector, file_url};
use crate::bind::Host;
use crate::bind::state::OptionValue;

const SERVER_ERROR: i32 = -32000;

/// What one session knows of stores.
#[derive(Default)]
pub(super) struct Storage {
    is_enabled: Cell<bool>,
    /// The stores that the program has registered in the place of its own: of the session, and local.
    registered: RefCell<[Vec<(String, String)>; 2]>,
}

impl Frontend {
    /// The domain `Storage`.
    pub(super) fn storage_key(&self, scope: &mut v8::PinScope<'_, '_>, name: &str) -> Option<Outcome> {
        if name != "getStorageKey" {
            return None;
        }
        let host = Host::of(scope);
        let key = match host.option("--localstorage-file") {
            Some(OptionValue::Text(file)) => {
                let path = host.cwd().unwrap_or_default().join(file);
                let path: std::path::PathBuf = path.components().collect();
                file_url(&path.to_string_lossy())
            }
            _ => String::new(),
        };
        Some(Ok(json!({ "storageKey": key })))
    }

    /// The domain `DOMStorage`.
    pub(super) fn dom_storage(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        command: &Command<'_>,
        name: &str,
    ) -> Option<Outcome> {
        Some(match name {
            "enable" | "disable" => {
                self.storage.is_enabled.set(name == "enable");
                Ok(json!({}))
            }
            "getDOMStorageItems" => self.stored_items(scope, &command.params()),
            "clear" | "setDOMStorageItem" | "removeDOMStorageItem" => {
                Err(Failure::new(SERVER_ERROR, "Not implemented"))
            }
            _ => return None,
        })
    }

    fn stored_items(&self, scope: &mut v8::PinScope<'_, '_>, params: &Map<String, Value>) -> Outcome {
        let id = params.get("storageId").and_then(Value::as_object).ok_or_else(Failure::params)?;
        let is_local = flag_of(id, "isLocalStorage")?;
        if !self.storage.is_enabled.get() {
            return Err(Failure::new(SERVER_ERROR, "DOMStorage domain is not enabled"));
        }
        let registered = self.storage.registered.borrow()[usize::from(is_local)].clone();
        let entries = match registered.is_empty() {
            true => Inspector::of(scope).stored_entries(scope, is_local),
            false => json!(registered),
        };
        Ok(json!({ "entries": entries }))
    }

    /// An event of the program's or of our own; the error is what is missing in it.
    pub(super) fn hear_of_storage(&self, name: &str, params: &Map<String, Value>) -> Result<(), String> {
        let missing = |name: &str| format!("Missing {name} in event");
        let text = |name: &str| params.get(name).and_then(Value::as_str).ok_or_else(|| missing(name));
        if name == "registerStorage" {
            let is_local = params.get("isLocalStorage").and_then(Value::as_bool);
            let is_local = is_local.ok_or_else(|| missing("isLocalStorage"))?;
            let map =
                params.get("storageMap").and_then(Value::as_object).ok_or_else(|| missing("storageMap"))?;
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let entries = map.iter().map(|(key, value)| (key.clone(), text(value))).collect();
            self.storage.registered.borrow_mut()[usize::from(is_local)] = entries;
            return Ok(());
        }
        let id = params.get("storageId").and_then(Value::as_object).ok_or_else(|| missing("storageId"))?;
        let of_id = |name: &str| id.get(name).ok_or_else(|| format!("Missing {name} in storageId"));
        let mut told = Map::new();
        let storage = json!({
            "securityOrigin": of_id("securityOrigin")?,
            "storageKey": of_id("storageKey")?,
            "isLocalStorage": of_id("isLocalStorage")?,
        });
        told.insert(String::from("storageId"), storage);
        let fields: &[&str] = match name {
            "domStorageItemAdded" => &["key", "newValue"],
            "domStorageItemUpdated" => &["key", "oldValue", "newValue"],
            "domStorageItemRemoved" => &["key"],
            _ => &[],
        };
        for field in fields {
            told.insert((*field).to_owned(), text(field)?.into());
        }
        self.notify(&format!("DOMStorage.{name}"), told.into());
        Ok(())
    }
}
