//! Lists of parameters by name that borrow the bytes of secrets, for the length of a call.

use std::ffi::{CStr, CString, c_uint};

use openssl_sys as ffi;

const UNSIGNED_INTEGER: c_uint = 2;
const UTF8_STRING: c_uint = 4;
const OCTET_STRING: c_uint = 5;

enum Value<'a> {
    Bytes(&'a [u8]),
    Text(CString),
    Number(u64),
}

/// A list in the making. It borrows bytes and owns the rest.
#[derive(Default)]
pub struct Arguments<'a>(Vec<(&'static CStr, Value<'a>)>);

impl<'a> Arguments<'a> {
    fn push(mut self, name: &'static CStr, value: Value<'a>) -> Self {
        self.0.push((name, value));
        self
    }

    /// Bytes, also none.
    pub fn bytes(self, name: &'static CStr, bytes: &'a [u8]) -> Self {
        self.push(name, Value::Bytes(bytes))
    }

    /// A text without zeros; what follows one is left out.
    pub fn text(self, name: &'static CStr, text: &str) -> Self {
        let text = CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default();
        self.push(name, Value::Text(text))
    }

    /// A number.
    pub fn number(self, name: &'static CStr, number: u64) -> Self {
        self.push(name, Value::Number(number))
    }

    /// Lends the list in OpenSSL's form.
    pub fn with<R>(&self, read: impl FnOnce(*const ffi::OSSL_PARAM) -> R) -> R {
        let param = |(name, value): &(&'static CStr, Value<'_>)| {
            let (kind, data, size) = match value {
                Value::Bytes(bytes) => (OCTET_STRING, bytes.as_ptr(), bytes.len()),
                Value::Text(text) => (UTF8_STRING, text.as_ptr().cast(), text.as_bytes().len()),
                Value::Number(number) => {
                    (UNSIGNED_INTEGER, std::ptr::from_ref(number).cast(), size_of::<u64>())
                }
            };
            ffi::OSSL_PARAM {
                key: name.as_ptr(),
                data_type: kind,
                data: data.cast_mut().cast(),
                data_size: size,
                return_size: usize::MAX,
            }
        };
        let end = ffi::OSSL_PARAM {
            key: std::ptr::null(),
            data_type: 0,
            data: std::ptr::null_mut(),
            data_size: 0,
            return_size: 0,
        };
        let list: Vec<ffi::OSSL_PARAM> = self.0.iter().map(param).chain([end]).collect();
        read(list.as_ptr())
    }
}
