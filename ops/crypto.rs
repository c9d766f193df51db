//! Native half of `js/crypto.js`: hashes, keyed hashes, random bytes.

pub mod dh;
pub mod error;
mod hash;
mod input;
pub mod keys;
mod library;
pub mod operations;
mod random;

use crate::bind::Binding;
use crate::bind::class::Class;
use crate::{binding, object_class};

use hash::{
    begin_hash, begin_hmac, copy_hash, digest_names, digest_of, finish_hash, finish_hmac, hash, hmac,
};
use hash::{new_hash, new_hmac, update_hash, update_hmac};
use library::{begin_secure_heap, enable_fips, is_fips_enabled, secure_heap_used};
use random::{random_fill, random_fill_sync, random_uuid, random_uuid_v7, timing_safe_equal};

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::FunctionCallbackArguments<'s>;
type Return<'s> = v8::ReturnValue<'s, v8::Value>;

const HASH: Class = object_class!(
    Hash, new_hash,
    sync: [begin_hash],
    raw: [update_hash, finish_hash, copy_hash],
);

const HMAC: Class = object_class!(Hmac, new_hmac, raw: [begin_hmac, update_hmac, finish_hmac]);

/// `internalBinding('crypto')`.
///
/// Input is a string, whose UTF-8 counts, or a buffer or view of any kind. Encodings of results are numbers: 0 for
/// an `ArrayBuffer`, 1 hex, 2 base64, 3 base64url, 4 latin1. `digestOf(name)` gives `[number, size, extendable]`
/// for a digest that exists; the number stands for it elsewhere.
pub const BINDING: Binding = binding! {
    "crypto",
    sync: [
        digest_of, digest_names, begin_secure_heap, secure_heap_used, is_fips_enabled, enable_fips,
    ],
    raw: [hash, hmac, random_fill, random_fill_sync, random_uuid, random_uuid_v7, timing_safe_equal],
    extend: install,
    references: references,
};

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    crate::sys::openssl::init();
    for class in [HASH, HMAC] {
        class.install(scope, object);
    }
}

fn references() -> Vec<v8::ExternalReference> {
    [HASH, HMAC].iter().flat_map(Class::references).collect()
}

/// The length, position or number at `index`; 0 for everything that is none.
fn size_at(args: &Args<'_>, index: i32) -> usize {
    match v8::Local::<v8::Number>::try_from(args.get(index)) {
        Ok(number) => number.value() as usize,
        Err(_) => 0,
    }
}
