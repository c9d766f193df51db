//! Lists of parameters by name, as OpenSSL's algorithms take them.

use std::ffi::{CStr, CString, c_uint};
use std::marker::PhantomData;

use openssl_sys as ffi;

const UNSIGNED_INTEGER: c_uint = 2;
const UTF8_STRING: c_uint = 4;
const OCTET_STRING: c_uint = 5;

/// A list in the making. It borrows bytes and owns the rest.
#[derive(Default)]
pub struct Arguments<'a> {
    list: Vec<ffi::OSSL_PARAM>,
    numbers: Vec<Box<u64>>,
    texts: Vec<CString>,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Arguments<'a> {
    fn push(mut self, name: &'static CStr, kind: c_uint, data: *const u8, size: usize) -> Self {
        self.list.push(ffi::OSSL_PARAM {
            key: name.as_ptr(),
            data_type: kind,
            data: data.cast_mut().cast(),
            data_size: size,
            return_size: usize::MAX,
        });
        self
    }

    /// Bytes, also none.
    pub fn bytes(self, name: &'static CStr, bytes: &'a [u8]) -> Self {
        self.push(name, OCTET_STRING, bytes.as_ptr(), bytes.len())
    }

    /// A text without zeros; what follows one is left out.
    pub fn text(mut self, name: &'static CStr, text: &str) -> Self {
        let text = CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default();
        let (data, size) = (text.as_ptr().cast(), text.as_bytes().len());
        self.texts.push(text);
        self.push(name, UTF8_STRING, data, size)
    }

    /// A number.
    pub fn number(mut self, name: &'static CStr, number: u64) -> Self {
        let number = Box::new(number);
        let data: *const u64 = &raw const *number;
        self.numbers.push(number);
        self.push(name, UNSIGNED_INTEGER, data.cast(), size_of::<u64>())
    }

    /// Lends the list with its end.
    pub fn with<R>(mut self, read: impl FnOnce(*const ffi::OSSL_PARAM) -> R) -> R {
        self.list.push(ffi::OSSL_PARAM {
            key: std::ptr::null(),
            data_type: 0,
            data: std::ptr::null_mut(),
            data_size: 0,
            return_size: 0,
        });
        read(self.list.as_ptr())
    }
}
