//! Messages of the protocol, as texts of JSON.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// A command.
#[derive(Deserialize)]
pub(super) struct Command<'a> {
    pub(super) id: i64,
    pub(super) method: String,
    #[serde(borrow, default)]
    pub(super) params: Option<&'a RawValue>,
    #[serde(rename = "sessionId", default)]
    pub(super) session: Option<String>,
}

/// Why a command has failed.
#[derive(Debug)]
pub(super) struct Failure {
    code: i32,
    message: String,
}

impl Failure {
    /// Another reason.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Failure { code, message: message.into() }
    }

    /// The parameters are not what they should be.
    pub(super) fn params() -> Self {
        Failure { code: -32602, message: String::from("Invalid parameters") }
    }
}

/// What a command of our own gives.
pub(super) type Outcome = Result<Value, Failure>;

impl Command<'_> {
    /// The parameters; empty where there are none.
    pub(super) fn params(&self) -> Map<String, Value> {
        self.params.and_then(|params| serde_json::from_str(params.get()).ok()).unwrap_or_default()
    }

    /// The answer.
    pub(super) fn answer(&self, outcome: Outcome) -> String {
        let id = self.id;
        match outcome {
            Ok(result) => json!({ "id": id, "result": result }).to_string(),
            Err(Failure { code, message }) => {
                json!({ "id": id, "error": { "code": code, "message": message } }).to_string()
            }
        }
    }
}

/// A notification.
pub(super) fn notification(method: &str, params: Value) -> String {
    json!({ "method": method, "params": params }).to_string()
}

/// A parameter that has to be a text.
pub(super) fn text_of(params: &Map<String, Value>, name: &str) -> Result<String, Failure> {
    params.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(Failure::params)
}

/// A parameter that has to be a truth value.
pub(super) fn flag_of(params: &Map<String, Value>, name: &str) -> Result<bool, Failure> {
    params.get(name).and_then(Value::as_bool).ok_or_else(Failure::params)
}
