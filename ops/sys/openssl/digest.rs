//! Digests: algorithms that stay looked up for the life of the process, contexts of hashes and of HMAC.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_ulong, c_void};
use std::ptr::NonNull;

use openssl_sys as ffi;

/// The longest digest of a fixed length.
pub const MAX_SIZE: usize = 64;

const EVP_MD_FLAG_XOF: c_ulong = 2;

unsafe extern "C" {
    fn EVP_MD_get_flags(digest: *const ffi::EVP_MD) -> c_ulong;
    fn EVP_MD_get0_provider(digest: *const ffi::EVP_MD) -> *const ffi::OSSL_PROVIDER;
    fn EVP_MD_get0_name(digest: *const ffi::EVP_MD) -> *const c_char;
    fn EVP_MD_do_all_provided(
        library: *mut ffi::OSSL_LIB_CTX,
        visit: unsafe extern "C" fn(*mut ffi::EVP_MD, *mut c_void),
        argument: *mut c_void,
    );
    fn EVP_MD_do_all_sorted(
        visit: unsafe extern "C" fn(*const ffi::EVP_MD, *const c_char, *const c_char, *mut c_void),
        argument: *mut c_void,
    );
    fn EVP_MD_names_do_all(
        digest: *const ffi::EVP_MD,
        visit: unsafe extern "C" fn(*const c_char, *mut c_void),
        argument: *mut c_void,
    ) -> c_int;
}

/// An algorithm. It is never freed: there are few, and each is looked up once a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(NonNull<ffi::EVP_MD>);

// SAFETY: a fetched algorithm is never changed, and its count of references is atomic.
unsafe impl Send for Digest {}

// SAFETY: as above.
unsafe impl Sync for Digest {}

impl Digest {
    /// Looks an algorithm up, by any name that a provider or OpenSSL's older tables have for it, in either case. What
    /// the tables know and no provider has makes OpenSSL's own errors when it is used.
    pub fn fetch(name: &str) -> Option<Digest> {
        super::init();
        if name.eq_ignore_ascii_case("null") {
            return None;
        }
        let name = CString::new(name).ok()?;
        Self::fetch_provided(&name).or_else(|| {
            // Names such as RSA-SHA256 are in the older table alone.
            // SAFETY: the name is a C string.
            let known = unsafe { ffi::EVP_get_digestbyname(name.as_ptr()) };
            let known = NonNull::new(known.cast_mut())?;
            // SAFETY: the table's entries are never freed.
            let canonical = unsafe { EVP_MD_get0_name(known.as_ptr()) };
            if canonical.is_null() {
                return None;
            }
            // SAFETY: the name is a C string that lives as long as the entry.
            let provided = Self::fetch_provided(unsafe { CStr::from_ptr(canonical) });
            Some(provided.unwrap_or(Digest(known)))
        })
    }

    /// Whether a provider has it.
    pub fn is_provided(self) -> bool {
        // SAFETY: the algorithm is valid, as it is never freed.
        !unsafe { EVP_MD_get0_provider(self.0.as_ptr()) }.is_null()
    }

    fn fetch_provided(name: &CStr) -> Option<Digest> {
        // SAFETY: the name is a C string, and null stands for the default library and no properties.
        let digest = unsafe { ffi::EVP_MD_fetch(std::ptr::null_mut(), name.as_ptr(), std::ptr::null()) };
        NonNull::new(digest).map(Digest)
    }

    /// The bytes of a result. 0 or less where there is no default length.
    pub fn size(self) -> i32 {
        // SAFETY: the algorithm is valid, as it is never freed.
        unsafe { ffi::EVP_MD_get_size(self.0.as_ptr()) }
    }

    /// Whether results may have any length.
    pub fn is_extendable(self) -> bool {
        // SAFETY: the algorithm is valid, as it is never freed.
        unsafe { EVP_MD_get_flags(self.0.as_ptr()) & EVP_MD_FLAG_XOF != 0 }
    }

    /// The name that OpenSSL itself prefers.
    pub fn name(self) -> String {
        // SAFETY: the algorithm is valid, as it is never freed.
        let name = unsafe { EVP_MD_get0_name(self.0.as_ptr()) };
        // SAFETY: a fetched algorithm has a name, a C string that lives as long as itself.
        unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
    }

    /// For functions of OpenSSL that take the algorithm.
    pub fn as_ptr(self) -> *mut ffi::EVP_MD {
        self.0.as_ptr()
    }
}

pub(super) unsafe extern "C" fn visit_name(name: *const c_char, names: *mut c_void) {
    if name.is_null() {
        return;
    }
    // SAFETY: the argument is what the functions below gave.
    let names = unsafe { &mut *names.cast::<Vec<String>>() };
    // SAFETY: OpenSSL gives a C string.
    names.push(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned());
}

/// All names of all algorithms that providers have.
pub fn provided_names() -> Vec<String> {
    unsafe extern "C" fn visit(digest: *mut ffi::EVP_MD, names: *mut c_void) {
        // SAFETY: both are what OpenSSL and `provided_names` gave.
        unsafe { EVP_MD_names_do_all(digest, visit_name, names) };
    }
    super::init();
    let mut names: Vec<String> = Vec::new();
    // SAFETY: the list outlives the call, which alone uses it.
    unsafe { EVP_MD_do_all_provided(std::ptr::null_mut(), visit, (&raw mut names).cast()) };
    names
}

/// The names in OpenSSL's older table, also those of algorithms that no provider has.
pub fn table_names() -> Vec<String> {
    unsafe extern "C" fn visit(
        _: *const ffi::EVP_MD,
        from: *const c_char,
        _: *const c_char,
        names: *mut c_void,
    ) {
        // SAFETY: both are what OpenSSL and `table_names` gave.
        unsafe { visit_name(from, names) };
    }
    super::init();
    let mut names: Vec<String> = Vec::new();
    // SAFETY: the list outlives the call, which alone uses it.
    unsafe { EVP_MD_do_all_sorted(visit, (&raw mut names).cast()) };
    names
}

/// A hash in the making. It can be used again after its end.
pub struct DigestContext(NonNull<ffi::EVP_MD_CTX>);

// SAFETY: a context belongs to no thread.
unsafe impl Send for DigestContext {}

impl Default for DigestContext {
    /// A context without an algorithm.
    fn default() -> Self {
        // SAFETY: it takes nothing.
        match NonNull::new(unsafe { ffi::EVP_MD_CTX_new() }) {
            Some(context) => DigestContext(context),
            None => panic!("there is no memory for a hash"),
        }
    }
}

impl Drop for DigestContext {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { ffi::EVP_MD_CTX_free(self.0.as_ptr()) };
    }
}

/// OpenSSL's 1 for success.
fn succeeded(code: c_int) -> bool {
    code == 1
}

impl DigestContext {
    /// Begins a hash. The algorithm of the last one costs nothing to choose again.
    pub fn begin(&mut self, digest: Digest) -> bool {
        // SAFETY: context and algorithm are valid.
        succeeded(unsafe { ffi::EVP_DigestInit_ex(self.0.as_ptr(), digest.0.as_ptr(), std::ptr::null_mut()) })
    }

    /// Begins another hash with the algorithm of the last one.
    pub fn restart(&mut self) -> bool {
        let (none, context) = (std::ptr::null(), self.0.as_ptr());
        // SAFETY: the context is valid, and null stands for the algorithm that it has.
        succeeded(unsafe { ffi::EVP_DigestInit_ex(context, none, std::ptr::null_mut()) })
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        // SAFETY: the context is valid, and the pointer has as many bytes.
        succeeded(unsafe { ffi::EVP_DigestUpdate(self.0.as_ptr(), bytes.as_ptr().cast(), bytes.len()) })
    }

    /// Ends a hash of fixed length and gives how many bytes it has.
    pub fn finish(&mut self, output: &mut [u8; MAX_SIZE]) -> Option<usize> {
        let mut length = 0;
        // SAFETY: no digest is longer than the room for it.
        let code = unsafe { ffi::EVP_DigestFinal_ex(self.0.as_ptr(), output.as_mut_ptr(), &raw mut length) };
        succeeded(code).then_some(length as usize)
    }

    /// Ends a hash of any length and fills the output.
    pub fn finish_extendable(&mut self, output: &mut [u8]) -> bool {
        // SAFETY: the output has as many bytes.
        succeeded(unsafe { ffi::EVP_DigestFinalXOF(self.0.as_ptr(), output.as_mut_ptr(), output.len()) })
    }

    /// A second hash that goes on from the same point.
    pub fn duplicate(&self) -> Option<DigestContext> {
        let copy = DigestContext::default();
        // SAFETY: both contexts are valid.
        succeeded(unsafe { ffi::EVP_MD_CTX_copy_ex(copy.0.as_ptr(), self.0.as_ptr()) }).then_some(copy)
    }
}

/// A keyed hash in the making. It can be used again after its end.
pub struct HmacContext(NonNull<ffi::HMAC_CTX>);

// SAFETY: a context belongs to no thread.
unsafe impl Send for HmacContext {}

impl Default for HmacContext {
    /// A context without a key.
    fn default() -> Self {
        super::init();
        // SAFETY: it takes nothing.
        match NonNull::new(unsafe { ffi::HMAC_CTX_new() }) {
            Some(context) => HmacContext(context),
            None => panic!("there is no memory for a keyed hash"),
        }
    }
}

impl Drop for HmacContext {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { ffi::HMAC_CTX_free(self.0.as_ptr()) };
    }
}

impl HmacContext {
    /// Begins a keyed hash.
    pub fn begin(&mut self, digest: Digest, key: &[u8]) -> bool {
        let Ok(length) = c_int::try_from(key.len()) else { return false };
        // A null key would mean the last one.
        let key = if key.is_empty() { c"".as_ptr().cast() } else { key.as_ptr().cast() };
        // SAFETY: the key has as many bytes, context and algorithm are valid.
        succeeded(unsafe {
            ffi::HMAC_Init_ex(self.0.as_ptr(), key, length, digest.0.as_ptr(), std::ptr::null_mut())
        })
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) -> bool {
        // SAFETY: the pointer has as many bytes.
        succeeded(unsafe { ffi::HMAC_Update(self.0.as_ptr(), bytes.as_ptr(), bytes.len()) })
    }

    /// Ends it and gives how many bytes it has.
    pub fn finish(&mut self, output: &mut [u8; MAX_SIZE]) -> Option<usize> {
        let mut length: c_uint = 0;
        // SAFETY: no digest is longer than the room for it.
        let code = unsafe { ffi::HMAC_Final(self.0.as_ptr(), output.as_mut_ptr(), &raw mut length) };
        succeeded(code).then_some(length as usize)
    }
}
