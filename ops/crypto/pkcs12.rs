//! Bundles of a key and its certificates.

use openssl::error::ErrorStack;

use super::error::CryptoError;
use super::keys::KeyHandle;
use super::x509::Certificate;
use crate::bind::Bytes;
use crate::bind::error::ErrorClass;
use crate::sys::openssl::pkcs12;
use crate::sys::openssl::pkey::Part;

type Contents = (Option<KeyHandle>, Option<Certificate>, Vec<Certificate>);

/// `parsePkcs12(bytes, passphrase)`: `[key, certificate, others]`
pub(super) fn parse_pkcs12(bundle: Bytes, passphrase: String) -> Result<Contents, CryptoError> {
    drop(ErrorStack::get());
    let Ok(bundle) = pkcs12::decode(&bundle.0) else {
        let message = "Input is not a valid PKCS#12 structure";
        return Err(CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message));
    };
    let contents = bundle
        .parse2(&passphrase)
        .map_err(|stack| CryptoError::taken(&stack, "Unable to parse the PKCS#12 structure"))?;
    let key = contents.pkey.map(|key| KeyHandle { key, part: Part::Private });
    let others = contents.ca.map_or_else(Vec::new, |others| others.into_iter().map(Certificate).collect());
    Ok((key, contents.cert.map(Certificate), others))
}
