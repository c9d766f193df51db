// Node's deprecated `_tls_common`: the contexts of `tls`.
'use strict';

const { SecureContext, createSecureContext } = require('tls');

process.emitWarning(
  'The _tls_common module is deprecated. Use `node:tls` instead.', 'DeprecationWarning', 'DEP0192');

/**
 * @param {object | null | undefined} certificate
 * @returns {object | null} a certificate as `getPeerCertificate()` shows it
 */
function translatePeerCertificate(certificate) {
  if (!certificate) return null;
  if (certificate.issuerCertificate !== undefined && certificate.issuerCertificate !== certificate) {
    certificate.issuerCertificate = translatePeerCertificate(certificate.issuerCertificate);
  }
  return certificate;
}

module.exports = { SecureContext, createSecureContext, translatePeerCertificate };
