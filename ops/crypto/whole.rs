//! Operations on data that are there as a whole, for Web Crypto: on the thread pool.

use super::cipher::{Work, numbered as numbered_cipher};
use super::hash::numbered;
use super::keccak::{cshake, kangaroo_twelve, kmac, turboshake};
use crate::bind::Bytes;
use crate::crypto::error::CryptoError;
use crate::sys::openssl::cipher::{Cipher, MAX_BLOCK};
use crate::sys::openssl::digest::{DigestContext, HmacContext, MAX_SIZE};
use crate::sys::openssl::mac::MacContext;
use crate::sys::openssl::params::{Params, Value};

/// `hashWhole(digest, data, length)`: `length` -1 is the algorithm's own.
pub(super) fn hash_whole(digest: u32, data: Bytes, length: i32) -> Result<Bytes, CryptoError> {
    let failed = || CryptoError::peek("Hash job failed");
    let mut context = DigestContext::default();
    if !context.begin(numbered(digest)) || !context.update(&data.0) {
        return Err(failed());
    }
    if let Ok(length) = usize::try_from(length) {
        let mut output = vec![0; length];
        let made = output.is_empty() || context.finish_extendable(&mut output);
        return if made { Ok(Bytes(output)) } else { Err(failed()) };
    }
    let mut output = [0; MAX_SIZE];
    let made = context.finish(&mut output).ok_or_else(failed)?;
    Ok(Bytes(output[..made].to_vec()))
}

/// `hmacWhole(digest, key, data)`
pub(super) fn hmac_whole(digest: u32, key: Bytes, data: Bytes) -> Result<Bytes, CryptoError> {
    let failed = || CryptoError::peek("HMAC job failed");
    let mut context = HmacContext::default();
    if !context.begin(numbered(digest), &key.0) || !context.update(&data.0) {
        return Err(failed());
    }
    let mut output = [0; MAX_SIZE];
    let made = context.finish(&mut output).ok_or_else(failed)?;
    Ok(Bytes(output[..made].to_vec()))
}

/// `kmacWhole(name, key, customization, length, data)`: the length is in bits.
pub(super) fn kmac_whole(
    name: String,
    key: Bytes,
    customization: Bytes,
    length: u32,
    data: Bytes,
) -> Result<Bytes, CryptoError> {
    let failed = || CryptoError::peek("KMAC job failed");
    if length == 0 {
        return Ok(Bytes::default());
    }
    // OpenSSL only knows lengths in bytes.
    if !length.is_multiple_of(8) {
        let rate = if name == "KMAC128" { 168 } else { 136 };
        return Ok(Bytes(kmac(rate, &key.0, &customization.0, &data.0, length as usize)));
    }
    let mut context = MacContext::new(&name).ok_or_else(failed)?;
    let params = Params::default()
        .with(c"size", Value::number((length / 8).into()))
        .bytes(c"custom", &customization.0);
    if !context.begin(&key.0, &params) || !context.update(&data.0) {
        return Err(failed());
    }
    context.finish().map(Bytes).ok_or_else(failed)
}

/// `cipherWhole(cipher, encrypt, key, iv, tagLength, additionalData, data)`: `tagLength` is -1 where there is no tag;
/// otherwise the tag stands behind the text.
pub(super) fn cipher_whole(
    cipher: u32,
    encrypt: bool,
    key: Bytes,
    iv: Option<Bytes>,
    tag_length: i32,
    additional_data: Option<Bytes>,
    data: Bytes,
) -> Result<Bytes, CryptoError> {
    let cipher = numbered_cipher(cipher as usize);
    let tag_length = usize::try_from(tag_length).ok();
    let iv = iv.as_ref().map(|iv| iv.0.as_slice());
    let additional_data = additional_data.as_ref().map(|data| data.0.as_slice());
    run(cipher, encrypt, &key.0, iv, tag_length, additional_data, &data.0).map(Bytes)
}

fn run(
    cipher: Cipher,
    encrypt: bool,
    key: &[u8],
    iv: Option<&[u8]>,
    tag_length: Option<usize>,
    additional_data: Option<&[u8]>,
    data: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    // What is wrong with a forgery is nobody's business.
    let failed = || match tag_length {
        Some(_) => {
            let _ = CryptoError::peek("");
            CryptoError::plain("Cipher job failed")
        }
        None => CryptoError::peek("Cipher job failed"),
    };
    let mut work = Work::whole(cipher, encrypt, key, iv, tag_length)?;
    let text = match tag_length.filter(|_| !encrypt) {
        Some(length) => {
            let (text, tag) = data.split_at_checked(data.len().wrapping_sub(length)).ok_or_else(failed)?;
            work.expect_tag(tag);
            text
        }
        None => data,
    };
    if additional_data.is_some_and(|data| !data.is_empty() && !work.authenticate_whole(data)) {
        return Err(failed());
    }
    let mut output = vec![0; text.len() + MAX_BLOCK];
    // OpenSSL takes an empty text for the end of an initialization in some modes.
    let written =
        if text.is_empty() && tag_length.is_some() { Some(0) } else { work.update(text, &mut output) };
    let written = written.ok_or_else(failed)?;
    let mut rest = [0; MAX_BLOCK];
    let last = work.finish(&mut rest).map_err(|error| if tag_length.is_some() { failed() } else { error })?;
    output.truncate(written);
    output.extend_from_slice(&rest[..last]);
    if let Some(length) = tag_length.filter(|_| encrypt) {
        let end = output.len();
        output.resize(end + length, 0);
        if !work.tag(&mut output[end..]) {
            return Err(failed());
        }
    }
    Ok(output)
}

/// The bytes of a block of AES.
const BLOCK: usize = 16;

/// `aesCtr(cipher, key, counter, bits, data)`: the lowest bits of the counter count, and begin again at nought.
pub(super) fn aes_ctr(
    cipher: u32,
    key: Bytes,
    counter: Bytes,
    bits: u32,
    data: Bytes,
) -> Result<Bytes, CryptoError> {
    let cipher = numbered_cipher(cipher as usize);
    let Ok(counter) = <[u8; BLOCK]>::try_from(counter.0.as_slice()).map(u128::from_be_bytes) else {
        return Err(CryptoError::plain("Cipher job failed"));
    };
    let mask = u128::MAX >> (128 - bits.clamp(1, 128));
    let blocks = data.0.len().div_ceil(BLOCK) as u128;
    // No block of the key's stream may be used twice.
    if blocks.saturating_sub(1) > mask {
        return Err(CryptoError::plain("Cipher job failed"));
    }
    let until_wrap = mask - (counter & mask);
    let encrypt = |counter: u128, data: &[u8]| {
        run(cipher, true, &key.0, Some(&counter.to_be_bytes()), None, None, data)
    };
    if blocks <= until_wrap + u128::from(until_wrap < u128::MAX) {
        return encrypt(counter, &data.0).map(Bytes);
    }
    let (before, after) = data.0.split_at((until_wrap as usize + 1) * BLOCK);
    let mut output = encrypt(counter, before)?;
    output.extend(encrypt(counter & !mask, after)?);
    Ok(Bytes(output))
}

/// `extendableWhole(kind, rate, name, customization, domain, data, length)`: the kind is 0 for cSHAKE, 1 for TurboSHAKE, 2
/// for KangarooTwelve; the length is in bytes.
pub(super) fn extendable_whole(
    kind: u32,
    rate: u32,
    name: Bytes,
    customization: Bytes,
    domain: u32,
    data: Bytes,
    length: u32,
) -> Bytes {
    let (rate, length) = (rate as usize, length as usize);
    Bytes(match kind {
        0 => cshake(rate, &name.0, &customization.0, &data.0, length),
        1 => turboshake(rate, domain as u8, &data.0, length),
        _ => kangaroo_twelve(rate, &customization.0, &data.0, length),
    })
}
