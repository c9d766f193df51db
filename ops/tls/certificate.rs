//! Verdicts on certificates, and the way from a certificate to its root.

use std::net::IpAddr;

use openssl::nid::Nid;
use openssl::x509::{X509, X509Ref, X509VerifyResult};
use openssl_sys as sys;

use crate::bind::Bytes;
use crate::crypto::general_name::alternative_names;
use crate::sys::tls::Connection;

/// The library's verdicts that have a name in Node.
const CODES: [(i32, &str); 29] = [
    (sys::X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "UNABLE_TO_GET_ISSUER_CERT"),
    (sys::X509_V_ERR_UNABLE_TO_GET_CRL, "UNABLE_TO_GET_CRL"),
    (sys::X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, "UNABLE_TO_DECRYPT_CERT_SIGNATURE"),
    (sys::X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, "UNABLE_TO_DECRYPT_CRL_SIGNATURE"),
    (sys::X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY"),
    (sys::X509_V_ERR_CERT_SIGNATURE_FAILURE, "CERT_SIGNATURE_FAILURE"),
    (sys::X509_V_ERR_CRL_SIGNATURE_FAILURE, "CRL_SIGNATURE_FAILURE"),
    (sys::X509_V_ERR_CERT_NOT_YET_VALID, "CERT_NOT_YET_VALID"),
    (sys::X509_V_ERR_CERT_HAS_EXPIRED, "CERT_HAS_EXPIRED"),
    (sys::X509_V_ERR_CRL_NOT_YET_VALID, "CRL_NOT_YET_VALID"),
    (sys::X509_V_ERR_CRL_HAS_EXPIRED, "CRL_HAS_EXPIRED"),
    (sys::X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, "ERROR_IN_CERT_NOT_BEFORE_FIELD"),
    (sys::X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, "ERROR_IN_CERT_NOT_AFTER_FIELD"),
    (sys::X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, "ERROR_IN_CRL_LAST_UPDATE_FIELD"),
    (sys::X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, "ERROR_IN_CRL_NEXT_UPDATE_FIELD"),
    (sys::X509_V_ERR_OUT_OF_MEM, "OUT_OF_MEM"),
    (sys::X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "DEPTH_ZERO_SELF_SIGNED_CERT"),
    (sys::X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "SELF_SIGNED_CERT_IN_CHAIN"),
    (sys::X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    (sys::X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    (sys::X509_V_ERR_CERT_CHAIN_TOO_LONG, "CERT_CHAIN_TOO_LONG"),
    (sys::X509_V_ERR_CERT_REVOKED, "CERT_REVOKED"),
    (sys::X509_V_ERR_INVALID_CA, "INVALID_CA"),
    (sys::X509_V_ERR_PATH_LENGTH_EXCEEDED, "PATH_LENGTH_EXCEEDED"),
    (sys::X509_V_ERR_INVALID_PURPOSE, "INVALID_PURPOSE"),
    (sys::X509_V_ERR_CERT_UNTRUSTED, "CERT_UNTRUSTED"),
    (sys::X509_V_ERR_CERT_REJECTED, "CERT_REJECTED"),
    (sys::X509_V_ERR_HOSTNAME_MISMATCH, "HOSTNAME_MISMATCH"),
    (sys::X509_V_ERR_UNSPECIFIED, "UNSPECIFIED"),
];

/// The library's text and Node's code for a verdict; `None` where nothing is wrong.
pub(super) fn verify_code(result: i32) -> Option<(String, String)> {
    if result == sys::X509_V_OK {
        return None;
    }
    let known = CODES.iter().find(|(number, _)| *number == result);
    let code = known.map_or("UNSPECIFIED", |(_, code)| code);
    Some((crate::sys::tls::verdict(result), code.to_owned()))
}

/// Adds to a certificate those that lead from it to its root: from what the other side has sent, then from what
/// this side believes.
pub(super) fn complete_chain(connection: &Connection, certificates: &mut Vec<X509>) {
    extend(connection, certificates, |last| connection.issuer_of(last));
}

/// Adds to a certificate those that lead from it towards its root, from what the other side has sent alone.
pub(super) fn follow_sent(connection: &Connection, certificates: &mut Vec<X509>) {
    extend(connection, certificates, |_| None);
}

/// Adds issuers: those that were sent, then those that `find` knows.
fn extend(connection: &Connection, certificates: &mut Vec<X509>, find: impl Fn(&X509Ref) -> Option<X509>) {
    let mut sent = connection.peer_chain();
    while let Some(last) = certificates.last() {
        if last.issued(last) == X509VerifyResult::OK {
            return;
        }
        let next = sent.iter().position(|other| other.issued(last) == X509VerifyResult::OK);
        let next = match next {
            Some(index) => Some(sent.remove(index)),
            None => find(last),
        };
        match next {
            // One that is believed may be its own issuer although it may not issue any.
            Some(next) if certificates.contains(&next) => {
                certificates.push(next);
                return;
            }
            Some(next) => certificates.push(next),
            None => return,
        }
    }
}

/// The subject's common names, and the names of hosts and addresses beside it in Node's form.
pub(super) fn identity(certificate: &X509Ref) -> (Vec<String>, Option<String>) {
    let names = certificate.subject_name().entries_by_nid(Nid::COMMONNAME);
    let names = names.filter_map(|entry| entry.data().to_string().ok()).collect();
    (names, alternative_names(certificate))
}

/// `isSelfIssued(der)`: whether a certificate is its own issuer.
pub(super) fn is_self_issued(der: Bytes) -> bool {
    X509::from_der(&der.0).is_ok_and(|certificate| certificate.issued(&certificate) == X509VerifyResult::OK)
}

/// `canonicalAddress(text)`: the one form of an address; undefined for what is none.
pub(super) fn canonical_address(text: String) -> Option<String> {
    text.parse::<IpAddr>().ok().map(|address| address.to_string())
}
