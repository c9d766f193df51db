//! Lists of parameters, the form in which OpenSSL takes whatever its algorithms have.

use std::borrow::Cow;
use std::ffi::{CStr, CString, c_uint};
use std::marker::PhantomData;

use openssl::bn::BigNumRef;
use openssl_sys as ffi;

const INTEGER: c_uint = 1;
const UNSIGNED_INTEGER: c_uint = 2;
const UTF8_STRING: c_uint = 4;
const OCTET_STRING: c_uint = 5;

/// The value of a parameter.
pub enum Value<'a> {
    /// A small number.
    Int(i32),
    /// A number without a sign, its least byte first.
    Unsigned(Vec<u8>),
    /// Text.
    Text(CString),
    /// Bytes, which may be somebody else's.
    Bytes(Cow<'a, [u8]>),
}

impl Value<'_> {
    /// An unsigned number of any size.
    pub fn big(number: &BigNumRef) -> Self {
        let mut bytes = number.to_vec();
        bytes.reverse();
        // Zero has a byte, too.
        bytes.resize(bytes.len().max(1), 0);
        Value::Unsigned(native(bytes))
    }

    /// A number without a sign.
    pub fn number(number: u64) -> Self {
        Value::Unsigned(number.to_ne_bytes().to_vec())
    }

    /// A text without zeros; what follows one is left out.
    pub fn text(text: &str) -> Self {
        Value::Text(CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default())
    }
}

/// Bytes of a number, of which the least comes first, in the order of this machine.
fn native(mut bytes: Vec<u8>) -> Vec<u8> {
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    bytes
}

/// Parameters by their names, which are those of OpenSSL's manual pages.
#[derive(Default)]
pub struct Params<'a>(Vec<(Cow<'static, CStr>, Value<'a>)>);

impl<'a> Params<'a> {
    /// Adds a parameter.
    ///
    /// # Panics
    /// Where the name holds a zero.
    pub fn push(&mut self, name: &str, value: Value<'a>) {
        match CString::new(name) {
            Ok(name) => self.0.push((Cow::Owned(name), value)),
            Err(_) => panic!("the name of a parameter holds a zero"),
        }
    }

    /// The list with one more.
    pub fn with(mut self, name: &'static CStr, value: Value<'a>) -> Self {
        self.0.push((Cow::Borrowed(name), value));
        self
    }

    /// The list with bytes that are lent to it.
    pub fn bytes(self, name: &'static CStr, bytes: &'a [u8]) -> Self {
        self.with(name, Value::Bytes(Cow::Borrowed(bytes)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes OpenSSL's form of the list.
    pub fn build(&self) -> Built<'_> {
        let list = self.0.iter().map(param).chain([END]).collect();
        Built { list, values: PhantomData }
    }
}

const END: ffi::OSSL_PARAM = ffi::OSSL_PARAM {
    key: std::ptr::null(),
    data_type: 0,
    data: std::ptr::null_mut(),
    data_size: 0,
    return_size: 0,
};

fn param((name, value): &(Cow<'static, CStr>, Value<'_>)) -> ffi::OSSL_PARAM {
    let (kind, data, size) = match value {
        Value::Int(number) => (INTEGER, std::ptr::from_ref(number).cast(), size_of::<i32>()),
        Value::Unsigned(number) => (UNSIGNED_INTEGER, number.as_ptr(), number.len()),
        Value::Text(text) => (UTF8_STRING, text.as_ptr().cast(), text.as_bytes().len()),
        Value::Bytes(bytes) => (OCTET_STRING, bytes.as_ptr(), bytes.len()),
    };
    ffi::OSSL_PARAM {
        key: name.as_ptr(),
        data_type: kind,
        data: data.cast_mut().cast(),
        data_size: size,
        return_size: usize::MAX,
    }
}

/// A list in OpenSSL's form, which refers to the names and values of another.
pub struct Built<'a> {
    list: Vec<ffi::OSSL_PARAM>,
    values: PhantomData<&'a ()>,
}

impl Built<'_> {
    /// For a call that reads a list.
    pub(super) fn as_ptr(&self) -> *mut ffi::OSSL_PARAM {
        self.list.as_ptr().cast_mut()
    }
}
