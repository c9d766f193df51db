//! Native half of `js/crypto.js`: hashes, keyed hashes, ciphers, key derivation, primes, random bytes.

mod cipher;
pub mod dh;
pub mod error;
pub mod general_name;
mod hash;
mod input;
mod kdf;
mod keccak;
pub mod keys;
mod library;
mod mac;
pub mod operations;
mod pkcs12;
mod prime;
mod random;
mod spkac;
mod whole;
pub mod x509;

use crate::bind::class::Class;
use crate::bind::{Binding, Host};
use crate::{binding, object_class};

use cipher::{authenticate, begin_cipher, cipher_info, cipher_names, cipher_of, finish, new_cipher};
use cipher::{set_padding, set_tag, update, update_any};
use hash::{begin_hash, begin_hmac, copy_hash, digest_names, digest_of, finish_hash, finish_hmac, hash};
use hash::{hmac, new_hash, new_hmac, update_hash, update_hmac};
use kdf::{argon2, check_scrypt, hkdf, pbkdf2, scrypt};
use library::{begin_secure_heap, enable_fips, is_fips_enabled, is_random, secure_heap_used};
use mac::{begin_mac, finish_mac, is_mac, mac_names, new_mac, update_mac};
use prime::{check_prime, generate_prime};
use random::{random_fill, random_fill_sync, random_uuid, random_uuid_v7, timing_safe_equal};
use spkac::{spkac_challenge, spkac_key, verify_spkac};
use whole::{aes_ctr, cipher_whole, extendable_whole, hash_whole, hmac_whole, kmac_whole};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

const HASH: Class = object_class!(
    Hash, new_hash,
    sync: [begin_hash],
    raw: [update_hash, finish_hash, copy_hash],
);

const HMAC: Class = object_class!(Hmac, new_hmac, raw: [begin_hmac, update_hmac, finish_hmac]);

const CIPHER: Class = object_class!(
    Cipher, new_cipher,
    sync: [set_padding],
    raw: [begin_cipher, set_tag, authenticate, update, update_any, finish],
);

const MAC: Class = object_class!(Mac, new_mac, sync: [begin_mac], raw: [update_mac, finish_mac]);

const CLASSES: [Class; 4] = [CIPHER, HASH, HMAC, MAC];

/// `internalBinding('crypto')`.
///
/// Input is a string, whose UTF-8 counts, or a buffer or view of any kind. Encodings of results are numbers: 0 for
/// an `ArrayBuffer`, 1 hex, 2 base64, 3 base64url, 4 latin1. `digestOf(name)` gives `[number, size, extendable]`
/// for a digest that exists; the number stands for it elsewhere.
pub const BINDING: Binding = binding! {
    "crypto",
    sync: [
        digest_of, digest_names, begin_secure_heap, secure_heap_used, is_fips_enabled, enable_fips, is_random,
        check_scrypt, is_mac, mac_names, cipher_of, cipher_names, cipher_info, verify_spkac, spkac_key, spkac_challenge,
    ],
    both: [aes_ctr, cipher_whole, extendable_whole, hash_whole, hmac_whole, kmac_whole, argon2, check_prime, generate_prime, hkdf, pbkdf2, scrypt],
    raw: [hash, hmac, random_fill, random_fill_sync, random_uuid, random_uuid_v7, timing_safe_equal],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    library::begin(&Host::of(scope));
    for class in CLASSES {
        class.install(scope, object);
    }
}

fn references() -> Vec<v8::ExternalReference> {
    CLASSES.iter().flat_map(Class::references).collect()
}

/// The length, position or number at `index`; 0 for everything that is none.
fn size_at(args: &Args<'_>, index: i32) -> usize {
    match v8::Local::<v8::Number>::try_from(args.get(index)) {
        Ok(number) => number.value() as usize,
        Err(_) => 0,
    }
}
