//! Functions of OpenSSL's that `openssl-sys` does not declare.

use std::ffi::{c_char, c_int, c_long, c_uchar, c_void};

use openssl_sys::{
    BIO, EVP_CIPHER, EVP_MD_CTX, EVP_PKEY, EVP_PKEY_CTX, OSSL_LIB_CTX, OSSL_PARAM, PKCS8_PRIV_KEY_INFO,
    pem_password_cb,
};

/// PKCS#8 that is encrypted.
#[allow(non_camel_case_types, reason = "it is the name in C")]
pub(super) enum X509_SIG {}

unsafe extern "C" {
    pub(super) fn EVP_PKEY_CTX_new_from_pkey(
        context: *mut OSSL_LIB_CTX,
        key: *mut EVP_PKEY,
        properties: *const c_char,
    ) -> *mut EVP_PKEY_CTX;
    pub(super) fn EVP_PKEY_get0_type_name(key: *const EVP_PKEY) -> *const c_char;
    pub(super) fn EVP_PKEY_sign_init_ex(context: *mut EVP_PKEY_CTX, params: *const OSSL_PARAM) -> c_int;
    pub(super) fn EVP_PKEY_verify_recover_init_ex(
        context: *mut EVP_PKEY_CTX,
        params: *const OSSL_PARAM,
    ) -> c_int;
    pub(super) fn EVP_PKEY_encrypt_init_ex(context: *mut EVP_PKEY_CTX, params: *const OSSL_PARAM) -> c_int;
    pub(super) fn EVP_PKEY_decrypt_init_ex(context: *mut EVP_PKEY_CTX, params: *const OSSL_PARAM) -> c_int;
    pub(super) fn EVP_PKEY_derive_init_ex(context: *mut EVP_PKEY_CTX, params: *const OSSL_PARAM) -> c_int;
    pub(super) fn EVP_PKEY_pairwise_check(context: *mut EVP_PKEY_CTX) -> c_int;
    pub(super) fn EVP_DigestSignInit_ex(
        context: *mut EVP_MD_CTX,
        key_context: *mut *mut EVP_PKEY_CTX,
        digest: *const c_char,
        library: *mut OSSL_LIB_CTX,
        properties: *const c_char,
        key: *mut EVP_PKEY,
        params: *const OSSL_PARAM,
    ) -> c_int;
    pub(super) fn EVP_DigestVerifyInit_ex(
        context: *mut EVP_MD_CTX,
        key_context: *mut *mut EVP_PKEY_CTX,
        digest: *const c_char,
        library: *mut OSSL_LIB_CTX,
        properties: *const c_char,
        key: *mut EVP_PKEY,
        params: *const OSSL_PARAM,
    ) -> c_int;
    pub(super) fn PEM_bytes_read_bio(
        data: *mut *mut c_uchar,
        length: *mut c_long,
        found: *mut *mut c_char,
        name: *const c_char,
        bio: *mut BIO,
        callback: pem_password_cb,
        user_data: *mut c_void,
    ) -> c_int;
    pub(super) fn d2i_PKCS8_PRIV_KEY_INFO_bio(
        bio: *mut BIO,
        info: *mut *mut PKCS8_PRIV_KEY_INFO,
    ) -> *mut PKCS8_PRIV_KEY_INFO;
    pub(super) fn d2i_PrivateKey_bio(bio: *mut BIO, key: *mut *mut EVP_PKEY) -> *mut EVP_PKEY;
    pub(super) fn d2i_PublicKey(
        kind: c_int,
        key: *mut *mut EVP_PKEY,
        data: *mut *const c_uchar,
        length: c_long,
    ) -> *mut EVP_PKEY;
    pub(super) fn i2d_X509_SIG(signature: *const X509_SIG, data: *mut *mut c_uchar) -> c_int;
    pub(super) fn X509_SIG_free(signature: *mut X509_SIG);
    pub(super) fn PKCS8_encrypt(
        algorithm: c_int,
        cipher: *const EVP_CIPHER,
        passphrase: *const c_char,
        length: c_int,
        salt: *mut c_uchar,
        salt_length: c_int,
        rounds: c_int,
        info: *mut PKCS8_PRIV_KEY_INFO,
    ) -> *mut X509_SIG;
    pub(super) fn PEM_ASN1_write_bio(
        encode: unsafe extern "C" fn(*const c_void, *mut *mut c_uchar) -> c_int,
        name: *const c_char,
        bio: *mut BIO,
        source: *const c_void,
        cipher: *const EVP_CIPHER,
        passphrase: *const c_uchar,
        length: c_int,
        callback: pem_password_cb,
        user_data: *mut c_void,
    ) -> c_int;
    pub(super) fn PEM_write_bio(
        bio: *mut BIO,
        name: *const c_char,
        header: *const c_char,
        data: *const c_uchar,
        length: c_long,
    ) -> c_int;
}
