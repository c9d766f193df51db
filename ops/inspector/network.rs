//! The domain `Network`: what a session hears of the requests that a program sends.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use openssl::base64::encode_block;
use serde_json::{Map, Value, json};

use super::Inspector;
use super::frontend::Frontend;
use super::message::{Command, Failure, Outcome, text_of};
use crate::bind::Host;

const INVALID_PARAMS: i32 = -32602;
const SERVER_ERROR: i32 = -32000;

/// What one session knows of requests.
#[derive(Default)]
pub(super) struct Network {
    is_enabled: Cell<bool>,
    requests: RefCell<HashMap<String, Request>>,
}

/// One request, with what has been sent and received.
#[derive(Default)]
struct Request {
    sent: Vec<u8>,
    received: Vec<u8>,
    sends_text: bool,
    receives_text: bool,
    is_sent: bool,
    is_received: bool,
    /// Whether the session is told of what is received as it comes.
    is_streamed: bool,
}

/// What is missing in an event, as the program is told.
type Refusal = String;

/// A field that an event has to have.
fn field<'a>(params: &'a Map<String, Value>, name: &str) -> Result<&'a Value, Refusal> {
    params.get(name).filter(|value| !value.is_null()).ok_or_else(|| format!("Missing {name} in event"))
}

fn text<'a>(params: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    field(params, name)?.as_str().ok_or_else(|| format!("Missing {name} in event"))
}

/// A field of the object `outer` of an event.
fn inner<'a>(params: &'a Map<String, Value>, outer: &str, name: &str) -> Result<&'a Value, Refusal> {
    let value = field(params, outer)?.get(name).filter(|value| !value.is_null());
    value.ok_or_else(|| format!("Missing {outer}.{name} in event"))
}

fn headers<'a>(params: &'a Map<String, Value>, outer: &str) -> Result<&'a Value, Refusal> {
    let headers = inner(params, outer, "headers")?;
    let are_texts = headers.as_object().is_some_and(|headers| headers.values().all(Value::is_string));
    if are_texts { Ok(headers) } else { Err(String::from("Invalid header value in event")) }
}

fn is_utf8(charset: Option<&Value>) -> bool {
    charset.and_then(Value::as_str) == Some("utf-8")
}

impl Frontend {
    /// The domain `Network`.
    pub(super) fn network(
        self: &Rc<Self>,
        scope: &mut v8::PinScope<'_, '_>,
        command: &Command<'_>,
        name: &str,
    ) -> Option<Outcome> {
        let params = command.params();
        let id = || text_of(&params, "requestId");
        Some(match name {
            "enable" | "disable" => {
                self.network.is_enabled.set(name == "enable");
                self.network.requests.borrow_mut().clear();
                Inspector::of(scope).note_network(scope);
                Ok(json!({}))
            }
            "getRequestPostData" => id().and_then(|id| self.network.post_data(&id)),
            "getResponseBody" => id().and_then(|id| self.network.response_body(&id)),
            "streamResourceContent" => id().and_then(|id| self.network.stream(&id)),
            "loadNetworkResource" => text_of(&params, "url").and_then(|url| self.load_resource(scope, &url)),
            _ => return None,
        })
    }

    /// Whether it hears of requests.
    pub(super) fn hears_of_network(&self) -> bool {
        self.network.is_enabled.get()
    }

    /// An event of the program's or of our own.
    pub(super) fn hear_of_request(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        name: &str,
        params: &Map<String, Value>,
        data: Option<&[u8]>,
    ) -> Result<(), Refusal> {
        let told = self.network.take_in(scope, name, params, data)?;
        if let Some(told) = told {
            self.notify(&format!("Network.{name}"), told);
        }
        Ok(())
    }

    fn load_resource(&self, scope: &mut v8::PinScope<'_, '_>, url: &str) -> Outcome {
        let host = Host::of(scope);
        if !host.flag("--experimental-inspector-network-resource") {
            let text = "Network resource loading is not enabled. This feature is experimental and requires \
                        --experimental-inspector-network-resource flag to be set.";
            return Err(Failure::new(SERVER_ERROR, text));
        }
        let text = host.config.family.inspection.resource(url);
        let resource = match text {
            Some(text) => json!({ "success": true, "stream": self.streams.open(text) }),
            None => json!({ "success": false }),
        };
        Ok(json!({ "resource": resource }))
    }
}

impl Network {
    fn with<T>(&self, id: &str, body: impl FnOnce(&mut Request) -> T) -> Option<T> {
        self.requests.borrow_mut().get_mut(id).map(body)
    }

    fn post_data(&self, id: &str) -> Outcome {
        let not = |text: &str| Err(Failure::new(INVALID_PARAMS, text));
        let found = self.with(id, |request| match request {
            Request { is_sent: false, .. } => not("Request data is not finished yet"),
            Request { sends_text: false, .. } => not("Unable to serialize binary request body"),
            Request { sent, .. } => Ok(json!({ "postData": String::from_utf8_lossy(sent) })),
        });
        found.unwrap_or_else(|| not("Request not found"))
    }

    fn response_body(&self, id: &str) -> Outcome {
        let not = |text: &str| Err(Failure::new(INVALID_PARAMS, text));
        let found = self.with(id, |request| match request {
            Request { is_streamed: true, .. } => not("Response body of the request is been streamed"),
            Request { is_received: false, .. } => not("Response data is not finished yet"),
            Request { receives_text: true, received, .. } => {
                Ok(json!({ "body": String::from_utf8_lossy(received), "base64Encoded": false }))
            }
            Request { received, .. } => Ok(json!({ "body": encode_block(received), "base64Encoded": true })),
        });
        let outcome = found.unwrap_or_else(|| not("Request not found"));
        if outcome.is_ok() {
            self.requests.borrow_mut().remove(id);
        }
        outcome
    }

    fn stream(&self, id: &str) -> Outcome {
        let buffered = self.with(id, |request| {
            request.is_streamed = true;
            (std::mem::take(&mut request.received), request.is_received)
        });
        let Some((data, is_received)) = buffered else {
            return Err(Failure::new(INVALID_PARAMS, "Request not found"));
        };
        if is_received {
            self.requests.borrow_mut().remove(id);
        }
        Ok(json!({ "bufferedData": encode_block(&data) }))
    }

    /// Notes what an event tells; what the session is told of it.
    fn take_in(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        name: &str,
        params: &Map<String, Value>,
        data: Option<&[u8]>,
    ) -> Result<Option<Value>, Refusal> {
        let id = text(params, "requestId")?;
        let told = match name {
            "requestWillBeSent" => Some(self.begin(scope, id, params)?),
            "responseReceived" => self.answer(id, params)?,
            "dataSent" => {
                self.note_sent(id, params, data)?;
                None
            }
            "dataReceived" => self.note_received(id, params, data)?,
            "loadingFinished" => {
                let time = field(params, "timestamp")?;
                let is_streamed = self.with(id, |request| {
                    request.is_received = true;
                    request.is_streamed
                });
                if is_streamed == Some(true) {
                    self.requests.borrow_mut().remove(id);
                }
                Some(json!({ "requestId": id, "timestamp": time }))
            }
            "loadingFailed" => {
                let (time, kind) = (field(params, "timestamp")?, text(params, "type")?);
                let reason = text(params, "errorText")?;
                self.requests.borrow_mut().remove(id);
                Some(json!({ "requestId": id, "timestamp": time, "type": kind, "errorText": reason }))
            }
            "webSocketCreated" => {
                let url = text(params, "url")?;
                Some(json!({ "requestId": id, "url": url, "initiator": initiator(scope) }))
            }
            "webSocketClosed" => Some(json!({ "requestId": id, "timestamp": field(params, "timestamp")? })),
            "webSocketHandshakeResponseReceived" => {
                let time = field(params, "timestamp")?;
                let response = json!({
                    "status": inner(params, "response", "status")?,
                    "statusText": inner(params, "response", "statusText")?,
                    "headers": headers(params, "response")?,
                });
                Some(json!({ "requestId": id, "timestamp": time, "response": response }))
            }
            _ => None,
        };
        Ok(told)
    }

    fn begin(
        &self,
        scope: &mut v8::PinScope<'_, '_>,
        id: &str,
        params: &Map<String, Value>,
    ) -> Result<Value, Refusal> {
        let (time, wall_time) = (field(params, "timestamp")?, field(params, "wallTime")?);
        let has_data = field(params, "request")?.get("hasPostData") == Some(&Value::Bool(true));
        let request = json!({
            "url": inner(params, "request", "url")?,
            "method": inner(params, "request", "method")?,
            "headers": headers(params, "request")?,
            "hasPostData": has_data,
        });
        let known =
            Request { is_sent: !has_data, sends_text: is_utf8(params.get("charset")), ..Request::default() };
        self.requests.borrow_mut().insert(id.to_owned(), known);
        Ok(json!({
            "requestId": id, "request": request, "initiator": initiator(scope),
            "timestamp": time, "wallTime": wall_time,
        }))
    }

    fn answer(&self, id: &str, params: &Map<String, Value>) -> Result<Option<Value>, Refusal> {
        let (time, kind) = (field(params, "timestamp")?, text(params, "type")?);
        let empty = Value::from("");
        let of_response = |name: &str| inner(params, "response", name);
        let charset = of_response("charset").unwrap_or(&empty);
        let response = json!({
            "url": of_response("url")?,
            "status": of_response("status")?,
            "statusText": of_response("statusText")?,
            "headers": headers(params, "response")?,
            "mimeType": of_response("mimeType").unwrap_or(&empty),
            "charset": charset,
        });
        let known = self.with(id, |request| request.receives_text = is_utf8(Some(charset)));
        let told = json!({ "requestId": id, "timestamp": time, "type": kind, "response": response });
        Ok(known.map(|()| told))
    }

    fn note_sent(&self, id: &str, params: &Map<String, Value>, data: Option<&[u8]>) -> Result<(), Refusal> {
        if params.get("finished") == Some(&Value::Bool(true)) {
            self.with(id, |request| request.is_sent = true);
            return Ok(());
        }
        field(params, "timestamp")?;
        field(params, "dataLength")?;
        let data = data.ok_or("Missing data in event")?;
        self.with(id, |request| request.sent.extend_from_slice(data));
        Ok(())
    }

    fn note_received(
        &self,
        id: &str,
        params: &Map<String, Value>,
        data: Option<&[u8]>,
    ) -> Result<Option<Value>, Refusal> {
        let Some(is_streamed) = self.with(id, |request| request.is_streamed) else { return Ok(None) };
        let time = field(params, "timestamp")?;
        let (length, encoded) = (field(params, "dataLength")?, field(params, "encodedDataLength")?);
        let data = data.ok_or("Missing data in event")?;
        if is_streamed {
            return Ok(Some(json!({
                "requestId": id, "timestamp": time, "dataLength": length, "encodedDataLength": encoded,
                "data": encode_block(data),
            })));
        }
        self.with(id, |request| request.received.extend_from_slice(data));
        Ok(None)
    }
}

/// How many frames are told.
const DEPTH: usize = 20;

/// Where in the program a request has begun.
fn initiator(scope: &mut v8::PinScope<'_, '_>) -> Value {
    let trace = v8::StackTrace::current_stack_trace(scope, DEPTH);
    let count = trace.as_ref().map_or(0, |trace| trace.get_frame_count());
    let frames = (0..count).filter_map(|index| {
        let frame = trace.as_ref()?.get_frame(scope, index)?;
        let name = frame.get_function_name(scope).map(|name| name.to_rust_string_lossy(scope));
        let url = frame.get_script_name_or_source_url(scope).map(|url| url.to_rust_string_lossy(scope));
        Some(json!({
            "functionName": name.unwrap_or_default(),
            "scriptId": frame.get_script_id().to_string(),
            "url": url.unwrap_or_default(),
            "lineNumber": frame.get_line_number().saturating_sub(1),
            "columnNumber": frame.get_column().saturating_sub(1),
        }))
    });
    let frames: Vec<_> = frames.collect();
    json!({ "type": "script", "stack": { "callFrames": frames } })
}
