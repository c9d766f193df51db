//! Ciphers: algorithms that stay looked up for the life of the process, and contexts that encrypt or decrypt.

use std::ffi::{CStr, CString, c_char, c_int, c_ulong, c_void};
use std::ptr::NonNull;

use openssl_sys as ffi;

const EVP_CIPH_MODE: c_ulong = 0xf0007;
const EVP_CIPH_FLAG_AEAD_CIPHER: c_ulong = 0x20_0000;
const EVP_CIPHER_CTX_FLAG_WRAP_ALLOW: c_int = 1;
const EVP_CTRL_AEAD_SET_IVLEN: c_int = 9;
const EVP_CTRL_AEAD_GET_TAG: c_int = 0x10;
const EVP_CTRL_AEAD_SET_TAG: c_int = 0x11;

/// The longest initialization vector of an AEAD mode.
pub const MAX_AEAD_IV: usize = 128;

/// No cipher writes more than it has read and this.
pub const MAX_BLOCK: usize = 32;

unsafe extern "C" {
    fn EVP_CIPHER_get0_provider(cipher: *const ffi::EVP_CIPHER) -> *const ffi::OSSL_PROVIDER;
    fn EVP_CIPHER_get0_name(cipher: *const ffi::EVP_CIPHER) -> *const c_char;
    fn EVP_CIPHER_do_all_provided(
        library: *mut ffi::OSSL_LIB_CTX,
        visit: unsafe extern "C" fn(*mut ffi::EVP_CIPHER, *mut c_void),
        argument: *mut c_void,
    );
    fn EVP_CIPHER_do_all_sorted(
        visit: unsafe extern "C" fn(*const ffi::EVP_CIPHER, *const c_char, *const c_char, *mut c_void),
        argument: *mut c_void,
    );
    fn EVP_CIPHER_names_do_all(
        cipher: *const ffi::EVP_CIPHER,
        visit: unsafe extern "C" fn(*const c_char, *mut c_void),
        argument: *mut c_void,
    ) -> c_int;
}

/// How a cipher makes a stream of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the modes have these names")]
pub enum Mode {
    Stream,
    Ecb,
    Cbc,
    Cfb,
    Ofb,
    Ctr,
    Gcm,
    Ccm,
    Xts,
    Wrap,
    Ocb,
    Siv,
    GcmSiv,
}

impl Mode {
    /// The mode in small letters.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Stream => "stream",
            Mode::Ecb => "ecb",
            Mode::Cbc => "cbc",
            Mode::Cfb => "cfb",
            Mode::Ofb => "ofb",
            Mode::Ctr => "ctr",
            Mode::Gcm => "gcm",
            Mode::Ccm => "ccm",
            Mode::Xts => "xts",
            Mode::Wrap => "wrap",
            Mode::Ocb => "ocb",
            Mode::Siv => "siv",
            Mode::GcmSiv => "gcm-siv",
        }
    }
}

/// An algorithm with its mode. It is never freed: there are few, and each is looked up once a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cipher(NonNull<ffi::EVP_CIPHER>);

// SAFETY: a fetched algorithm is never changed, and its count of references is atomic.
unsafe impl Send for Cipher {}

// SAFETY: as above.
unsafe impl Sync for Cipher {}

impl Cipher {
    /// Looks an algorithm up by any name that a provider or OpenSSL's older table has for it, in either case. What the
    /// table knows and no provider has makes OpenSSL's own errors when it is used.
    pub fn fetch(name: &str) -> Option<Cipher> {
        super::init();
        let name = CString::new(name).ok()?;
        Self::fetch_provided(&name).or_else(|| {
            let known = Self::in_table(&name)?;
            Some(Self::fetch_provided(&CString::new(known.name()).ok()?).unwrap_or(known))
        })
    }

    /// Whether a provider has it.
    pub fn is_provided(self) -> bool {
        // SAFETY: the algorithm is valid, as it is never freed.
        !unsafe { EVP_CIPHER_get0_provider(self.0.as_ptr()) }.is_null()
    }

    fn fetch_provided(name: &CStr) -> Option<Cipher> {
        if is_internal(name) {
            return None;
        }
        // SAFETY: the name is a C string, and null stands for the default library and no properties.
        let cipher = unsafe { ffi::EVP_CIPHER_fetch(std::ptr::null_mut(), name.as_ptr(), std::ptr::null()) };
        NonNull::new(cipher).map(Cipher)
    }

    /// The entry of the older table, which has facts also of ciphers that no provider has.
    fn in_table(name: &CStr) -> Option<Cipher> {
        super::init();
        if is_internal(name) {
            return None;
        }
        // SAFETY: the name is a C string; entries of the table are never freed.
        let known = unsafe { ffi::EVP_get_cipherbyname(name.as_ptr()) };
        NonNull::new(known.cast_mut()).map(Cipher)
    }

    /// The entry of the older table of an object's number.
    pub fn of_nid(nid: i32) -> Option<Cipher> {
        super::init();
        let name = openssl::nid::Nid::from_raw(nid).short_name().ok()?;
        Self::in_table(&CString::new(name).ok()?)
    }

    /// The object's number; 0 where there is none.
    pub fn nid(self) -> i32 {
        // SAFETY: the algorithm is valid, as it is never freed.
        unsafe { ffi::EVP_CIPHER_get_nid(self.0.as_ptr()) }
    }

    /// The name that OpenSSL itself prefers.
    pub fn name(self) -> String {
        // SAFETY: the algorithm is valid, as it is never freed.
        let name = unsafe { EVP_CIPHER_get0_name(self.0.as_ptr()) };
        if name.is_null() {
            return String::new();
        }
        // SAFETY: the name is a C string that lives as long as the algorithm.
        unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
    }

    fn flags(self) -> c_ulong {
        // SAFETY: the algorithm is valid, as it is never freed.
        unsafe { ffi::EVP_CIPHER_get_flags(self.0.as_ptr()) }
    }

    /// Its mode; None for one that is not known here.
    pub fn mode(self) -> Option<Mode> {
        Some(match self.flags() & EVP_CIPH_MODE {
            0 => Mode::Stream,
            1 => Mode::Ecb,
            2 => Mode::Cbc,
            3 => Mode::Cfb,
            4 => Mode::Ofb,
            5 => Mode::Ctr,
            6 => Mode::Gcm,
            7 => Mode::Ccm,
            0x10001 => Mode::Xts,
            0x10002 => Mode::Wrap,
            0x10003 => Mode::Ocb,
            0x10004 => Mode::Siv,
            0x10005 => Mode::GcmSiv,
            _ => return None,
        })
    }

    /// Whether it authenticates as well.
    pub fn is_authenticated(self) -> bool {
        self.flags() & EVP_CIPH_FLAG_AEAD_CIPHER != 0
    }

    /// The key's length in bytes.
    pub fn key_length(self) -> usize {
        // SAFETY: the algorithm is valid, as it is never freed.
        unsafe { ffi::EVP_CIPHER_get_key_length(self.0.as_ptr()) as usize }
    }

    /// The length of the initialization vector in bytes; 0 where there is none.
    pub fn iv_length(self) -> usize {
        // SAFETY: the algorithm is valid, as it is never freed.
        let length = unsafe { ffi::EVP_CIPHER_get_iv_length(self.0.as_ptr()) };
        usize::try_from(length).unwrap_or(0)
    }

    /// The length of a block in bytes; 1 where bytes come out as they go in.
    pub fn block_size(self) -> usize {
        // SAFETY: the algorithm is valid, as it is never freed.
        let size = unsafe { ffi::EVP_CIPHER_get_block_size(self.0.as_ptr()) };
        usize::try_from(size).unwrap_or(1).max(1)
    }
}

/// Whether a cipher is of use to libssl alone, or no cipher.
fn is_internal(name: &CStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    name == "null" || name.contains("-cbc-hmac-sha")
}

/// All names of all algorithms that providers have.
pub fn provided_names() -> Vec<String> {
    unsafe extern "C" fn visit(cipher: *mut ffi::EVP_CIPHER, names: *mut c_void) {
        // SAFETY: both are what OpenSSL and `provided_names` gave.
        unsafe { EVP_CIPHER_names_do_all(cipher, super::digest::visit_name, names) };
    }
    super::init();
    let mut names: Vec<String> = Vec::new();
    // SAFETY: the list outlives the call, which alone uses it.
    unsafe { EVP_CIPHER_do_all_provided(std::ptr::null_mut(), visit, (&raw mut names).cast()) };
    names.retain(|name| CString::new(name.as_str()).is_ok_and(|name| !is_internal(&name)));
    names
}

/// The names in OpenSSL's older table, also those of algorithms that no provider has.
pub fn table_names() -> Vec<String> {
    unsafe extern "C" fn visit(
        _: *const ffi::EVP_CIPHER,
        from: *const c_char,
        _: *const c_char,
        names: *mut c_void,
    ) {
        // SAFETY: both are what OpenSSL and `table_names` gave.
        unsafe { super::digest::visit_name(from, names) };
    }
    super::init();
    let mut names: Vec<String> = Vec::new();
    // SAFETY: the list outlives the call, which alone uses it.
    unsafe { EVP_CIPHER_do_all_sorted(visit, (&raw mut names).cast()) };
    names
}

/// A cipher at work.
pub struct CipherContext(NonNull<ffi::EVP_CIPHER_CTX>);

// SAFETY: a context belongs to no thread.
unsafe impl Send for CipherContext {}

impl Drop for CipherContext {
    fn drop(&mut self) {
        // SAFETY: it is freed once; OpenSSL wipes the key.
        unsafe { ffi::EVP_CIPHER_CTX_free(self.0.as_ptr()) };
    }
}

fn succeeded(code: c_int) -> bool {
    code == 1
}

impl CipherContext {
    /// A context that has its algorithm, without a key yet.
    pub fn new(cipher: Cipher, encrypt: bool) -> Option<CipherContext> {
        // SAFETY: it takes nothing.
        let context = CipherContext(NonNull::new(unsafe { ffi::EVP_CIPHER_CTX_new() })?);
        if cipher.mode() == Some(Mode::Wrap) {
            // SAFETY: the context is valid.
            unsafe { ffi::EVP_CIPHER_CTX_set_flags(context.0.as_ptr(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW) };
        }
        let none = std::ptr::null();
        context.init(cipher.0.as_ptr(), none, none, c_int::from(encrypt)).then_some(context)
    }

    fn init(&self, cipher: *const ffi::EVP_CIPHER, key: *const u8, iv: *const u8, encrypt: c_int) -> bool {
        // SAFETY: the callers give null or as many bytes as the algorithm has been told or knows.
        succeeded(unsafe {
            ffi::EVP_CipherInit_ex(self.0.as_ptr(), cipher, std::ptr::null_mut(), key, iv, encrypt)
        })
    }

    fn control(&self, command: c_int, number: usize, pointer: *mut c_void) -> bool {
        let Ok(number) = c_int::try_from(number) else { return false };
        // SAFETY: the pointer has as many bytes as the number says, or is null.
        succeeded(unsafe { ffi::EVP_CIPHER_CTX_ctrl(self.0.as_ptr(), command, number, pointer) })
    }

    /// Chooses the length of the initialization vector, before the key is set.
    pub fn set_iv_length(&mut self, length: usize) -> bool {
        self.control(EVP_CTRL_AEAD_SET_IVLEN, length, std::ptr::null_mut())
    }

    /// Chooses the length of the tag, before the key is set.
    pub fn set_tag_length(&mut self, length: usize) -> bool {
        self.control(EVP_CTRL_AEAD_SET_TAG, length, std::ptr::null_mut())
    }

    /// Says which tag the plaintext shall have.
    pub fn set_tag(&mut self, tag: &[u8]) -> bool {
        self.control(EVP_CTRL_AEAD_SET_TAG, tag.len(), tag.as_ptr().cast_mut().cast())
    }

    /// The tag of what has been encrypted.
    pub fn tag(&mut self, output: &mut [u8]) -> bool {
        self.control(EVP_CTRL_AEAD_GET_TAG, output.len(), output.as_mut_ptr().cast())
    }

    /// Sets key and initialization vector.
    ///
    /// # Panics
    /// Where one is shorter than the context takes it to be.
    pub fn start(&mut self, key: &[u8], iv: Option<&[u8]>) -> bool {
        // SAFETY: the context is valid.
        let key_length = unsafe { ffi::EVP_CIPHER_CTX_get_key_length(self.0.as_ptr()) };
        assert!(key.len() >= key_length as usize, "the key is too short");
        if let Some(iv) = iv {
            // SAFETY: the context is valid.
            let length = unsafe { ffi::EVP_CIPHER_CTX_get_iv_length(self.0.as_ptr()) };
            assert!(
                iv.len() >= usize::try_from(length).unwrap_or(0),
                "the initialization vector is too short"
            );
        }
        self.init(std::ptr::null(), key.as_ptr(), iv.map_or(std::ptr::null(), <[u8]>::as_ptr), -1)
    }

    /// Whether the last block is padded, which it is unless told otherwise.
    pub fn set_padding(&mut self, pad: bool) -> bool {
        // SAFETY: the context is valid.
        succeeded(unsafe { ffi::EVP_CIPHER_CTX_set_padding(self.0.as_ptr(), c_int::from(pad)) })
    }

    fn feed(&mut self, output: *mut u8, input: *const u8, length: usize) -> Option<usize> {
        let length = c_int::try_from(length).ok()?;
        let mut written = 0;
        let written_at = &raw mut written;
        // SAFETY: the callers give room for as much as a cipher writes, and an input of this length.
        let code = unsafe { ffi::EVP_CipherUpdate(self.0.as_ptr(), output, written_at, input, length) };
        if succeeded(code) { usize::try_from(written).ok() } else { None }
    }

    /// Says how long the text is going to be, where the mode wants to know.
    pub fn announce(&mut self, length: usize) -> bool {
        self.feed(std::ptr::null_mut(), std::ptr::null(), length).is_some()
    }

    /// Adds data that are authenticated alone.
    pub fn authenticate(&mut self, data: &[u8]) -> bool {
        self.feed(std::ptr::null_mut(), data.as_ptr(), data.len()).is_some()
    }

    /// Adds text and says how much has come out.
    ///
    /// # Panics
    /// Where the room is less than the input and a block, or than the input for a block of one byte.
    pub fn update(&mut self, input: &[u8], output: &mut [u8]) -> Option<usize> {
        // SAFETY: the context is valid.
        let block = unsafe { ffi::EVP_CIPHER_CTX_get_block_size(self.0.as_ptr()) };
        let block = if block > 1 { MAX_BLOCK } else { 0 };
        assert!(output.len() >= input.len() + block, "the output is too short");
        // A null pointer for the input would mean something else.
        let input_at = if input.is_empty() { c"".as_ptr().cast() } else { input.as_ptr() };
        self.feed(output.as_mut_ptr(), input_at, input.len())
    }

    /// Ends it and says how much has come out.
    pub fn finish(&mut self, output: &mut [u8; MAX_BLOCK]) -> Option<usize> {
        let mut written = 0;
        // SAFETY: no block is longer than the room for it.
        let code = unsafe { ffi::EVP_CipherFinal(self.0.as_ptr(), output.as_mut_ptr(), &raw mut written) };
        if succeeded(code) { usize::try_from(written).ok() } else { None }
    }
}
