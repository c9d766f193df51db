//! Message authentication codes of every kind that OpenSSL knows by name.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::NonNull;

use openssl_sys as ffi;

use super::params::Params;

unsafe extern "C" {
    fn EVP_MAC_do_all_provided(
        library: *mut ffi::OSSL_LIB_CTX,
        visit: unsafe extern "C" fn(*mut ffi::EVP_MAC, *mut c_void),
        argument: *mut c_void,
    );
    fn EVP_MAC_names_do_all(
        mac: *const ffi::EVP_MAC,
        visit: unsafe extern "C" fn(*const c_char, *mut c_void),
        argument: *mut c_void,
    ) -> c_int;
}

/// All names of all algorithms that providers have.
pub fn provided_names() -> Vec<String> {
    unsafe extern "C" fn visit(mac: *mut ffi::EVP_MAC, names: *mut c_void) {
        // SAFETY: both are what OpenSSL and `provided_names` gave.
        unsafe { EVP_MAC_names_do_all(mac, super::digest::visit_name, names) };
    }
    super::init();
    let mut names: Vec<String> = Vec::new();
    // SAFETY: the list outlives the call, which alone uses it.
    unsafe { EVP_MAC_do_all_provided(std::ptr::null_mut(), visit, (&raw mut names).cast()) };
    names
}

/// A code in the making.
pub struct MacContext(NonNull<ffi::EVP_MAC_CTX>);

// SAFETY: a context belongs to no thread.
unsafe impl Send for MacContext {}

impl Drop for MacContext {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { ffi::EVP_MAC_CTX_free(self.0.as_ptr()) };
    }
}

impl MacContext {
    /// A context for an algorithm, without a key yet; None where there is no such algorithm.
    pub fn new(name: &str) -> Option<MacContext> {
        super::init();
        let name = CString::new(name).ok()?;
        Self::of(&name)
    }

    fn of(name: &CStr) -> Option<MacContext> {
        // SAFETY: the name is a C string, and null stands for the default library and no properties.
        let mac = unsafe { ffi::EVP_MAC_fetch(std::ptr::null_mut(), name.as_ptr(), std::ptr::null()) };
        let mac = NonNull::new(mac)?;
        // SAFETY: the algorithm is valid.
        let context = unsafe { ffi::EVP_MAC_CTX_new(mac.as_ptr()) };
        // SAFETY: the context, where there is one, keeps the algorithm alive.
        unsafe { ffi::EVP_MAC_free(mac.as_ptr()) };
        NonNull::new(context).map(MacContext)
    }

    /// Begins a code.
    pub fn begin(&mut self, key: &[u8], params: &Params<'_>) -> bool {
        let key_at = if key.is_empty() { c"".as_ptr().cast() } else { key.as_ptr() };
        let params = params.build();
        // SAFETY: the key has as many bytes, context and parameters are valid.
        unsafe { ffi::EVP_MAC_init(self.0.as_ptr(), key_at, key.len(), params.as_ptr()) == 1 }
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        // SAFETY: the pointer has as many bytes.
        unsafe { ffi::EVP_MAC_update(self.0.as_ptr(), bytes.as_ptr(), bytes.len()) == 1 }
    }

    /// Ends it.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        // SAFETY: the context is valid.
        let size = unsafe { ffi::EVP_MAC_CTX_get_mac_size(self.0.as_ptr()) };
        let mut output = vec![0; size];
        let mut written = 0;
        // SAFETY: the output has as many bytes.
        let code = unsafe {
            ffi::EVP_MAC_final(self.0.as_ptr(), output.as_mut_ptr(), &raw mut written, output.len())
        };
        output.truncate(written);
        (code == 1).then_some(output)
    }
}
