// Node's `tls`: encrypted connections over sockets and streams.
'use strict';

const { convertALPNProtocols } = require('internal/tls/protocols');
const { checkServerIdentity } = require('internal/tls/identity');
const { SecureContext, createSecureContext } = require('internal/tls/secure_context');
const { TLSSocket } = require('internal/tls/socket');
const { Server } = require('internal/tls/server');
const { connect } = require('internal/tls/connect');
const {
  getCACertificates, loadAhead, rootCertificates, setDefaultCACertificates,
} = require('internal/tls/authorities');
const { initial } = require('internal/tls/defaults');

loadAhead();

let ciphers;

/** @returns {string[]} the names of the ciphers, in lower case and in order */
const getCiphers = (() => () => {
  ciphers ??= internalBinding('tls').cipherNames().map((name) => name.toLowerCase()).sort();
  return [...ciphers];
})();

/** @returns {string[]} the algorithms by which certificates can be compressed */
const getCertificateCompressionAlgorithms = (() => () => [])();

/**
 * @param {object} [options]
 * @param {Function} [listener]  of 'secureConnection'
 * @returns {Server}
 */
function createServer(options, listener) {
  return new Server(options, listener);
}

module.exports = {
  // How often a client may shake hands again within a number of seconds.
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  ...initial(),
  getCiphers,
  getCertificateCompressionAlgorithms,
  get rootCertificates() {
    return rootCertificates();
  },
  getCACertificates,
  setDefaultCACertificates,
  convertALPNProtocols,
  checkServerIdentity,
  createSecureContext,
  SecureContext,
  TLSSocket,
  Server,
  createServer,
  connect,
};
