//! The domain `IO`: texts that a session reads piece by piece.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use serde_json::{Value, json};

use super::frontend::Frontend;
use super::message::{Command, Outcome, text_of};

/// The texts that one session has open.
#[derive(Default)]
pub(super) struct Streams {
    last: Cell<u32>,
    open: RefCell<HashMap<String, Stream>>,
}

struct Stream {
    text: String,
    /// How many bytes have been read.
    position: usize,
}

impl Streams {
    /// Opens a text; returns its handle.
    pub(super) fn open(&self, text: String) -> String {
        let handle = self.last.get() + 1;
        self.last.set(handle);
        self.open.borrow_mut().insert(handle.to_string(), Stream { text, position: 0 });
        handle.to_string()
    }

    fn read(&self, handle: &str, offset: Option<usize>, size: Option<usize>) -> (String, bool) {
        let mut open = self.open.borrow_mut();
        let Some(stream) = open.get_mut(handle) else { return (String::new(), true) };
        let bytes = stream.text.as_bytes();
        let start = offset.unwrap_or(stream.position).min(bytes.len());
        let end = size.map_or(bytes.len(), |size| start.saturating_add(size).min(bytes.len()));
        let piece = String::from_utf8_lossy(&bytes[start..end]).into_owned();
        let is_last = end >= bytes.len();
        if offset.is_none() {
            stream.position = end;
        }
        (piece, is_last)
    }
}

impl Frontend {
    /// The domain `IO`.
    pub(super) fn io(&self, command: &Command<'_>, name: &str) -> Option<Outcome> {
        let params = command.params();
        let number = |name: &str| {
            let number = params.get(name).and_then(Value::as_u64);
            number.map(|number| usize::try_from(number).unwrap_or(usize::MAX))
        };
        Some(match name {
            "read" => text_of(&params, "handle").map(|handle| {
                let (data, is_last) = self.streams.read(&handle, number("offset"), number("size"));
                json!({ "data": data, "eof": is_last })
            }),
            "close" => text_of(&params, "handle").map(|handle| {
                self.streams.open.borrow_mut().remove(&handle);
                json!({})
            }),
            _ => return None,
        })
    }
}
