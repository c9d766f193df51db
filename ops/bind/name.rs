//! Names of files, users and hosts, which the system gives as bytes.

use super::convert::{IntoJs, string_from_bytes};

/// A name for JavaScript: a string, or, if `as_bytes`, a string with one character for each byte, from
/// which JavaScript makes a buffer or another encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub bytes: Vec<u8>,
    /// Whether JavaScript needs the bytes, for another encoding than UTF-8.
    pub as_bytes: bool,
}

impl Name {
    /// A name in UTF-8.
    pub fn text(bytes: Vec<u8>) -> Self {
        Name { bytes, as_bytes: false }
    }
}

impl IntoJs for Name {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        if !self.as_bytes {
            return Ok(string_from_bytes(scope, &self.bytes).into());
        }
        let name = v8::String::new_from_one_byte(scope, &self.bytes, v8::NewStringType::Normal);
        Ok(name.unwrap_or_else(|| v8::String::empty(scope)).into())
    }
}
