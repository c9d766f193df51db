//! Hashes and keyed hashes: whole ones in one call, and objects that are fed step by step and used again.

use std::cell::{Cell, RefCell};
use std::sync::{Mutex, PoisonError};

use super::input::{Encoding, output, with_input};
use super::{Args, Return, Scope, size_at};
use crate::bind::object::{self, State};
use crate::crypto::error::CryptoError;
use crate::sys::openssl::digest::{
    Digest, DigestContext, HmacContext, MAX_SIZE, provided_names, table_names,
};

/// The algorithms that have been asked for, under their numbers.
static KNOWN: Mutex<Vec<(String, Digest)>> = Mutex::new(Vec::new());

const ERR_LIB_EVP: i32 = 6;
const EVP_R_NOT_XOF_OR_INVALID_LENGTH: i32 = 178;

thread_local! {
    /// For each number a context that is ready to hash with it again.
    static CONTEXTS: RefCell<Vec<Option<DigestContext>>> = const { RefCell::new(Vec::new()) };
    static HMAC: RefCell<Option<HmacContext>> = const { RefCell::new(None) };
}

/// What JavaScript needs to know of an algorithm: number, bytes of a result, whether it may have any length, whether a
/// provider has it.
pub(super) fn digest_of(name: String) -> Option<(u32, i32, bool, bool)> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let number = match known.iter().position(|(other, _)| *other == name) {
        Some(number) => number,
        None => {
            let digest = Digest::fetch(&name);
            // What a failed search leaves is of no use.
            let _ = CryptoError::peek("");
            known.push((name, digest?));
            known.len() - 1
        }
    };
    let digest = known[number].1;
    Some((number as u32, size(digest), digest.is_extendable(), digest.is_provided()))
}

/// Node's default lengths for the functions that have none.
fn size(digest: Digest) -> i32 {
    match digest.size() {
        1.. => digest.size(),
        _ if digest.name().ends_with("128") => 16,
        _ => 32,
    }
}

/// The algorithm of a number that `digestOf` has given.
pub(super) fn numbered(number: u32) -> Digest {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match known.get(number as usize) {
        Some((_, digest)) => *digest,
        None => panic!("no digest has the number {number}"),
    }
}

/// `digestNames()`: all names of all that a provider has, and those of the older table that mean one of them.
pub(super) fn digest_names() -> (Vec<String>, Vec<String>) {
    let mut older = table_names();
    older.retain(|name| Digest::fetch(name).is_some_and(Digest::is_provided));
    let _ = CryptoError::peek("");
    (provided_names(), older)
}

fn failed(scope: &mut Scope<'_, '_>) {
    let error = CryptoError::take("Operation failed").to_js(scope);
    scope.throw_exception(error);
}

/// `hash(number, input, encoding, length)`: a whole hash; `length` -1 is the algorithm's own.
pub(super) fn hash<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let number = size_at(&args, 0);
    let length = args.get(3).int32_value(scope).unwrap_or(-1);
    let mut fixed = [0; MAX_SIZE];
    let mut long = Vec::new();
    let made = CONTEXTS.with_borrow_mut(|contexts| {
        if contexts.len() <= number {
            contexts.resize_with(number + 1, || None);
        }
        let context = match &mut contexts[number] {
            Some(context) => context,
            empty => {
                let mut context = DigestContext::default();
                if !context.begin(numbered(number as u32)) {
                    return None;
                }
                empty.insert(context)
            }
        };
        // A context that has its algorithm needs not be told again.
        if !context.restart() || !with_input(scope, args.get(1), |bytes| context.update(bytes)) {
            return None;
        }
        if length < 0 {
            return context.finish(&mut fixed);
        }
        long = vec![0; length as usize];
        // Asked for no bytes at all, OpenSSL complains.
        (long.is_empty() || context.finish_extendable(&mut long)).then_some(long.len())
    });
    match made {
        Some(made) if length < 0 => output(scope, &fixed[..made], Encoding::at(&args, 2), rv),
        Some(_) => output(scope, &long, Encoding::at(&args, 2), rv),
        None => failed(scope),
    }
}

/// `hmac(number, key, input, encoding)`: a whole keyed hash.
pub(super) fn hmac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let digest = numbered(size_at(&args, 0) as u32);
    let mut fixed = [0; MAX_SIZE];
    let made = HMAC.with_borrow_mut(|context| {
        let context = context.get_or_insert_default();
        let begun = with_input(scope, args.get(1), |key| context.begin(digest, key));
        if !begun || !with_input(scope, args.get(2), |bytes| context.update(bytes)) {
            return None;
        }
        context.finish(&mut fixed)
    });
    match made {
        Some(made) => output(scope, &fixed[..made], Encoding::at(&args, 3), rv),
        None => failed(scope),
    }
}

/// The state of `Hash`: a context, and the length of its result where that is not the algorithm's own.
#[derive(Default)]
pub(super) struct Hash {
    context: RefCell<DigestContext>,
    length: Cell<Option<usize>>,
}

/// About what OpenSSL keeps for a hash.
const MEMORY: usize = 512;

impl State for Hash {
    fn memory(&self) -> usize {
        MEMORY
    }
}

pub(super) fn new_hash() -> Hash {
    Hash::default()
}

/// `beginHash(number, length)`: starts anew; `length` -1 is the algorithm's own.
pub(super) fn begin_hash(this: object::This<Hash>, number: u32, length: i32) -> Result<(), CryptoError> {
    let digest = numbered(number);
    this.length.set(usize::try_from(length).ok());
    let mut context = this.context.borrow_mut();
    if !context.begin(digest) {
        return Err(CryptoError::take("Digest method not supported"));
    }
    if length >= 0 && !digest.is_extendable() {
        crate::sys::openssl::report(ERR_LIB_EVP, EVP_R_NOT_XOF_OR_INVALID_LENGTH);
        return Err(CryptoError::take(""));
    }
    Ok(())
}

/// `updateHash(input)`: whether it went well.
pub(super) fn update_hash<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<Hash>(scope, args.this()) else { return };
    let mut context = this.context.borrow_mut();
    rv.set_bool(with_input(scope, args.get(0), |bytes| context.update(bytes)));
}

/// `finishHash(encoding)`
pub(super) fn finish_hash<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let Some(this) = object::state::<Hash>(scope, args.this()) else { return };
    let mut context = this.context.borrow_mut();
    if let Some(length) = this.length.get() {
        let mut long = vec![0; length];
        // Asked for no bytes at all, OpenSSL complains.
        match length == 0 || context.finish_extendable(&mut long) {
            true => output(scope, &long, Encoding::at(&args, 0), rv),
            false => failed(scope),
        }
        return;
    }
    let mut fixed = [0; MAX_SIZE];
    match context.finish(&mut fixed) {
        Some(made) => output(scope, &fixed[..made], Encoding::at(&args, 0), rv),
        None => failed(scope),
    }
}

/// `copyHash(other, length)`: goes on from the point where the other is.
pub(super) fn copy_hash<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<Hash>(scope, args.this()) else { return };
    let Ok(other) = v8::Local::<v8::Object>::try_from(args.get(0)) else { return };
    let length = args.get(1).int32_value(scope).unwrap_or(-1);
    let Some(other) = object::state::<Hash>(scope, other) else { return };
    let copy = other.context.borrow().duplicate();
    rv.set_bool(copy.is_some());
    if let Some(copy) = copy {
        *this.context.borrow_mut() = copy;
        this.length.set(usize::try_from(length).ok());
    }
}

/// The state of `Hmac`.
#[derive(Default)]
pub(super) struct Hmac {
    context: RefCell<HmacContext>,
}

impl State for Hmac {
    fn memory(&self) -> usize {
        3 * MEMORY
    }
}

pub(super) fn new_hmac() -> Hmac {
    Hmac::default()
}

/// `beginHmac(number, key)`: starts anew.
pub(super) fn begin_hmac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, _: Return<'s>) {
    let Some(this) = object::state::<Hmac>(scope, args.this()) else { return };
    let digest = numbered(size_at(&args, 0) as u32);
    let mut context = this.context.borrow_mut();
    if !with_input(scope, args.get(1), |key| context.begin(digest, key)) {
        // OpenSSL refuses digests of any length without a word.
        let error = CryptoError::take("error:00000000:lib(0)::reason(0)").to_js(scope);
        scope.throw_exception(error);
    }
}

/// `updateHmac(input)`: whether it went well.
pub(super) fn update_hmac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, mut rv: Return<'s>) {
    let Some(this) = object::state::<Hmac>(scope, args.this()) else { return };
    let mut context = this.context.borrow_mut();
    rv.set_bool(with_input(scope, args.get(0), |bytes| context.update(bytes)));
}

/// `finishHmac(encoding)`
pub(super) fn finish_hmac<'s>(scope: &mut Scope<'s, '_>, args: Args<'s>, rv: Return<'s>) {
    let Some(this) = object::state::<Hmac>(scope, args.this()) else { return };
    let mut fixed = [0; MAX_SIZE];
    let made = this.context.borrow_mut().finish(&mut fixed);
    match made {
        Some(made) => output(scope, &fixed[..made], Encoding::at(&args, 0), rv),
        None => failed(scope),
    }
}
