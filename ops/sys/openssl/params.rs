//! Lists of parameters, the form in which OpenSSL takes and gives whatever its algorithms have.

use std::ffi::{CString, c_char};
use std::ptr;

use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl_sys as ffi;

/// The value of a parameter.
pub enum Value {
    /// An unsigned number of any size.
    Big(BigNum),
    /// A small number.
    Int(i32),
    /// A small number without a sign.
    Uint(u32),
    /// Text.
    Text(CString),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// Parameters by their names, which are those of OpenSSL's manual pages.
#[derive(Default)]
pub struct Params(Vec<(CString, Value)>);

impl Params {
    /// Adds a parameter.
    ///
    /// # Panics
    /// Where the name holds a zero.
    pub fn push(&mut self, name: &str, value: Value) {
        match CString::new(name) {
            Ok(name) => self.0.push((name, value)),
            Err(_) => panic!("the name of a parameter holds a zero"),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes OpenSSL's form of the list.
    pub fn build(&self) -> Result<Built, ErrorStack> {
        // SAFETY: there is nothing that it depends on.
        let builder = Builder(unsafe { ffi::OSSL_PARAM_BLD_new() });
        if builder.0.is_null() {
            return Err(ErrorStack::get());
        }
        for (name, value) in &self.0 {
            if !builder.push(name.as_ptr(), value) {
                return Err(ErrorStack::get());
            }
        }
        // SAFETY: the builder is a live one, and what it refers to lives in `self`.
        let built = unsafe { ffi::OSSL_PARAM_BLD_to_param(builder.0) };
        if built.is_null() { Err(ErrorStack::get()) } else { Ok(Built(built)) }
    }
}

struct Builder(*mut ffi::OSSL_PARAM_BLD);

impl Builder {
    fn push(&self, name: *const c_char, value: &Value) -> bool {
        let done = match value {
            // SAFETY: builder, name and number are live ones; the number outlives the builder.
            Value::Big(number) => unsafe {
                ffi::OSSL_PARAM_BLD_push_BN(self.0, name, foreign_types::ForeignTypeRef::as_ptr(&**number))
            },
            // SAFETY: builder and name are live ones.
            Value::Int(number) => unsafe { ffi::OSSL_PARAM_BLD_push_int(self.0, name, *number) },
            // SAFETY: builder and name are live ones.
            Value::Uint(number) => unsafe { ffi::OSSL_PARAM_BLD_push_uint(self.0, name, *number) },
            // SAFETY: builder, name and text are live ones; zero stands for the length up to the end.
            Value::Text(text) => unsafe {
                ffi::OSSL_PARAM_BLD_push_utf8_string(self.0, name, text.as_ptr(), 0)
            },
            // SAFETY: builder, name and bytes are live ones.
            Value::Bytes(bytes) => unsafe {
                ffi::OSSL_PARAM_BLD_push_octet_string(self.0, name, bytes.as_ptr().cast(), bytes.len())
            },
        };
        done == 1
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        // SAFETY: it is a live one or null.
        unsafe { ffi::OSSL_PARAM_BLD_free(self.0) };
    }
}

/// A list in OpenSSL's form, with copies of all values.
pub struct Built(*mut ffi::OSSL_PARAM);

impl Built {
    /// For a call that takes a list.
    pub(super) fn as_ptr(&self) -> *mut ffi::OSSL_PARAM {
        self.0
    }

    /// An empty list.
    pub(super) fn none() -> Built {
        Built(ptr::null_mut())
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        // SAFETY: it is a live list or null.
        unsafe { ffi::OSSL_PARAM_free(self.0) };
    }
}
