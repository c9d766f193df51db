// Certificates of connections as programs get them.
'use strict';

const { Buffer } = require('buffer');
const binding = internalBinding('tls');

function asBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Names of a subject or of places, of which several may have the same key. */
function collect(entries, always) {
  const result = { __proto__: null };
  for (const [key, value] of entries) {
    const known = result[key];
    if (always) (result[key] ??= []).push(value);
    else if (known === undefined) result[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else result[key] = [known, value];
  }
  return result;
}

/** The names that NIST has given to curves. */
const NIST_CURVES = {
  '__proto__': null,
  'prime192v1': 'P-192',
  'secp224r1': 'P-224',
  'prime256v1': 'P-256',
  'secp384r1': 'P-384',
  'secp521r1': 'P-521',
  'sect163k1': 'K-163',
  'sect163r2': 'B-163',
  'sect233k1': 'K-233',
  'sect233r1': 'B-233',
  'sect283k1': 'K-283',
  'sect283r1': 'B-283',
  'sect409k1': 'K-409',
  'sect409r1': 'B-409',
  'sect571k1': 'K-571',
  'sect571r1': 'B-571',
};

/**
 * @param {Uint8Array} der
 * @returns {object} the certificate as `getPeerCertificate()` shows it
 */
function translate(der) {
  const [names, key, rest] = binding.describeCertificate(der);
  const [subject, issuer, subjectaltname, access] = names;
  const [modulus, exponent, pubkey, bits, curve] = key;
  const [ca, [from, to, serialNumber], [sha1, sha256, sha512], usage] = rest;
  return {
    subject: collect(subject, false),
    issuer: collect(issuer, false),
    subjectaltname,
    infoAccess: access === undefined ? undefined : collect(access, true),
    ca,
    modulus,
    exponent,
    pubkey: pubkey === undefined ? undefined : asBuffer(pubkey),
    bits,
    valid_from: from,
    valid_to: to,
    fingerprint: sha1,
    fingerprint256: sha256,
    fingerprint512: sha512,
    ext_key_usage: usage,
    serialNumber,
    raw: asBuffer(der),
    asn1Curve: curve,
    nistCurve: NIST_CURVES[curve],
  };
}

/**
 * @param {Uint8Array[]} list  from the certificate itself towards its root
 * @param {boolean} detailed  whether a root is its own `issuerCertificate`
 * @returns {object | undefined} the first, with the others as `issuerCertificate`
 */
function translateChain(list, detailed) {
  if (list.length === 0) return undefined;
  const first = translate(list[0]);
  let last = first;
  for (let i = 1; i < list.length; i++) {
    last.issuerCertificate = translate(list[i]);
    last = last.issuerCertificate;
  }
  if (detailed && binding.isSelfIssued(list.at(-1))) last.issuerCertificate = last;
  return first;
}

/**
 * @param {Uint8Array[]} list  from the certificate itself towards its root
 * @returns {X509Certificate} the first, with the others as `issuerCertificate`
 */
function toX509(list) {
  const { X509Certificate, setIssuer } = require('internal/crypto/x509');
  const chain = list.map((der) => new X509Certificate(asBuffer(der)));
  for (let i = 1; i < chain.length; i++) setIssuer(chain[i - 1], chain[i]);
  return chain[0];
}

/**
 * @param {TlsHandle} handle
 * @returns {{ subject: object, subjectaltname?: string } | undefined} what `checkServerIdentity` reads
 */
function identityOf(handle) {
  const identity = handle.peerIdentity();
  if (identity === undefined) return undefined;
  const [names, subjectaltname] = identity;
  return { subject: { CN: names.length > 1 ? names : names[0] }, subjectaltname };
}

module.exports = { identityOf, toX509, translate, translateChain };
