// Certificates of connections as programs get them.
'use strict';

const { Buffer } = require('buffer');
const binding = internalBinding('tls');

function asBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * @param {Uint8Array} der
 * @returns {object} the certificate as `getPeerCertificate()` shows it
 */
function translate(der) {
  const { X509Certificate } = require('internal/crypto/x509');
  return new X509Certificate(der).toLegacyObject();
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
