//! Netscape's signed public keys and challenges. Each function takes base64.

use crate::bind::Bytes;
use crate::crypto::error::CryptoError;
use crate::sys::openssl::spkac::Spkac;

fn with<R>(text: &Bytes, read: impl FnOnce(Spkac) -> Option<R>) -> Option<R> {
    let result = Spkac::decode(&text.0).and_then(read);
    // Whatever is wrong with it, there is no result, and nobody asks why.
    let _ = CryptoError::peek("");
    result
}

/// `verifySpkac(text)`
pub(super) fn verify_spkac(text: Bytes) -> bool {
    with(&text, |spkac| Some(spkac.is_genuine())).unwrap_or(false)
}

/// `spkacKey(text)`: the key in PEM; undefined where there is none.
pub(super) fn spkac_key(text: Bytes) -> Option<Bytes> {
    with(&text, |spkac| spkac.key()?.public_key_to_pem().ok().map(Bytes))
}

/// `spkacChallenge(text)`: undefined where there is none.
pub(super) fn spkac_challenge(text: Bytes) -> Option<Bytes> {
    with(&text, |spkac| Some(Bytes(spkac.challenge())))
}
