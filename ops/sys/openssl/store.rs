//! Keys behind a URI: files, and whatever OpenSSL has a loader for.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{self, NonNull};

use openssl::error::ErrorStack;
use openssl_sys as ffi;

use super::pkey::{Key, give_passphrase, own, user_data};

enum Context {}
enum Info {}
enum Method {}

/// What can be asked of the user: see `UI_METHOD` of OpenSSL.
struct UserInterface(NonNull<Method>);

/// The kind of information that is a private key: `OSSL_STORE_INFO_PKEY`.
const PRIVATE_KEY: c_int = 4;

unsafe extern "C" {
    fn OSSL_STORE_open(
        uri: *const c_char,
        interface: *const Method,
        user_data: *mut c_void,
        filter: *const c_void,
        filter_data: *mut c_void,
    ) -> *mut Context;
    fn OSSL_STORE_expect(context: *mut Context, kind: c_int) -> c_int;
    fn OSSL_STORE_eof(context: *mut Context) -> c_int;
    fn OSSL_STORE_load(context: *mut Context) -> *mut Info;
    fn OSSL_STORE_close(context: *mut Context) -> c_int;
    fn OSSL_STORE_INFO_get_type(info: *const Info) -> c_int;
    fn OSSL_STORE_INFO_get1_PKEY(info: *const Info) -> *mut ffi::EVP_PKEY;
    fn OSSL_STORE_INFO_free(info: *mut Info);
    fn UI_UTIL_wrap_read_pem_callback(callback: ffi::pem_password_cb, kind: c_int) -> *mut Method;
    fn UI_destroy_method(method: *mut Method);
}

impl Drop for UserInterface {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { UI_destroy_method(self.0.as_ptr()) };
    }
}

struct Store(NonNull<Context>);

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: it is closed once.
        unsafe { OSSL_STORE_close(self.0.as_ptr()) };
    }
}

/// The first private key behind a URI; `Ok(None)` where there is none.
pub fn private_key(uri: &CStr, mut passphrase: Option<&[u8]>) -> Result<Option<Key>, ErrorStack> {
    super::init();
    // SAFETY: the callback is a function of this program.
    let interface = unsafe { UI_UTIL_wrap_read_pem_callback(Some(give_passphrase), 0) };
    let interface = UserInterface(NonNull::new(interface).ok_or_else(ErrorStack::get)?);
    let data = user_data(&mut passphrase);
    // SAFETY: address and interface are live ones, and the passphrase outlives the store.
    let store =
        unsafe { OSSL_STORE_open(uri.as_ptr(), interface.0.as_ptr(), data, ptr::null(), ptr::null_mut()) };
    let store = Store(NonNull::new(store).ok_or_else(ErrorStack::get)?);
    // SAFETY: the store is a live one.
    unsafe { OSSL_STORE_expect(store.0.as_ptr(), PRIVATE_KEY) };
    // SAFETY: as above.
    while unsafe { OSSL_STORE_eof(store.0.as_ptr()) } == 0 {
        // SAFETY: as above.
        let info = unsafe { OSSL_STORE_load(store.0.as_ptr()) };
        if info.is_null() {
            let failures = ErrorStack::get();
            if failures.errors().is_empty() {
                continue;
            }
            return Err(failures);
        }
        // SAFETY: the information is a live one.
        let is_key = unsafe { OSSL_STORE_INFO_get_type(info) } == PRIVATE_KEY;
        // SAFETY: as above; the key is counted for the caller.
        let key = is_key.then(|| own(unsafe { OSSL_STORE_INFO_get1_PKEY(info) }));
        // SAFETY: nothing refers to the information any more.
        unsafe { OSSL_STORE_INFO_free(info) };
        if let Some(key) = key {
            return key.map(Some);
        }
    }
    Ok(None)
}
