// `tls.connect`: a client's socket, and whom it trusts.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_TLS_DH_PARAM_SIZE }, connResetException } = require('internal/errors');
const { validateFunction, validateNumber } = require('internal/validators');
const net = require('net');
const { checkServerIdentity } = require('internal/tls/identity');
const { TLSSocket, kConnectOptions, kIsVerified, kPendingSession } = require('internal/tls/socket');
const { keylogToFile } = require('internal/tls/keylog_file');
const defaults = require('internal/tls/defaults');

/** The shortest key of Diffie-Hellman that is accepted where the program does not say, in bits. */
const LEAST_DH_SIZE = 1024;

let warnedOfUnauthorized = false;

/** Whether the environment says that anybody is to be believed. */
function allowsUnauthorized() {
  const allows = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  if (allows && !warnedOfUnauthorized) {
    warnedOfUnauthorized = true;
    process.emitWarning(
      'Setting the NODE_TLS_REJECT_UNAUTHORIZED environment variable to \'0\' makes TLS connections and HTTPS ' +
      'requests insecure by disabling certificate verification.');
  }
  return allows;
}

function onConnectEnd() {
  if (this._hadError) return;
  const options = this[kConnectOptions];
  this._hadError = true;
  const error = connResetException('Client network socket disconnected before secure TLS connection was established');
  error.path = options.path;
  error.host = options.host;
  error.port = options.port;
  error.localAddress = options.localAddress;
  this.destroy(error);
}

function checkIdentity(socket, options) {
  const hostname = options.servername || options.host || options.socket?._host || 'localhost';
  if (options.checkServerIdentity === checkServerIdentity) {
    // Only a failure needs to show the whole certificate.
    const { identityOf } = require('internal/tls/certificates');
    const identity = identityOf(socket._handle);
    if (identity !== undefined && checkServerIdentity(hostname, identity) === undefined) return undefined;
  }
  return options.checkServerIdentity(hostname, socket.getPeerCertificate(true));
}

function onConnectSecure() {
  const options = this[kConnectOptions];
  const key = this.getEphemeralKeyInfo();
  if (key.type === 'DH' && key.size < options.minDHSize) {
    this.emit('error', new ERR_TLS_DH_PARAM_SIZE(key.size));
    this.destroy();
    return;
  }
  let error = this._handle.verifyError();
  // A session that is resumed was checked before.
  if (error === null && !this.isSessionReused()) error = checkIdentity(this, options);
  if (error) {
    this.authorized = false;
    this.authorizationError = error.code || error.message;
    if (options.rejectUnauthorized !== false) {
      this.destroy(error);
      return;
    }
  } else {
    this.authorized = true;
  }
  this.secureConnecting = false;
  this.emit('secureConnect');
  this[kIsVerified] = true;
  const session = this[kPendingSession];
  this[kPendingSession] = null;
  if (session) this.emit('session', session);
  this.removeListener('end', onConnectEnd);
}

/** Puts the forms of arguments into one: the options, with those of the second place, and the callback. */
function normalizeConnectArgs(args) {
  const normalized = net._normalizeArgs(args);
  const [options, callback] = normalized;
  // `(port[, host][, options][, callback])`, where options may stand second or third.
  if (args[1] !== null && typeof args[1] === 'object') Object.assign(options, args[1]);
  else if (args[2] !== null && typeof args[2] === 'object') Object.assign(options, args[2]);
  return callback ? [options, callback] : [options];
}

/**
 * `connect(options[, callback])`, `connect(path[, options][, callback])`,
 * `connect(port[, host][, options][, callback])`
 * @returns {TLSSocket}
 */
function connect(...args) {
  let [options, callback] = normalizeConnectArgs(args);
  options = {
    rejectUnauthorized: !allowsUnauthorized(),
    ciphers: defaults.current().DEFAULT_CIPHERS,
    checkServerIdentity,
    minDHSize: LEAST_DH_SIZE,
    ...options,
  };
  if (!options.keepAlive) options.singleUse = true;
  validateFunction(options.checkServerIdentity, 'options.checkServerIdentity');
  validateNumber(options.minDHSize, 'options.minDHSize', 1);
  if (options.servername && net.isIP(options.servername)) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.servername', options.servername, 'Setting the TLS ServerName to an IP address is not permitted.');
  }
  const context = options.secureContext || defaults.current().createSecureContext(options);
  if (options.singleUse && !options.secureContext) context.singleUse = true;
  const socket = new TLSSocket(options.socket, {
    allowHalfOpen: options.socket ? options.socket.allowHalfOpen : Boolean(options.allowHalfOpen),
    pipe: Boolean(options.path),
    secureContext: context,
    isServer: false,
    requestCert: true,
    rejectUnauthorized: options.rejectUnauthorized !== false,
    session: options.session,
    ALPNProtocols: options.ALPNProtocols,
    requestOCSP: options.requestOCSP,
    enableTrace: options.enableTrace,
    pskCallback: options.pskCallback,
    highWaterMark: options.highWaterMark,
    onread: options.onread,
    signal: options.signal,
  });
  options.rejectUnauthorized = options.rejectUnauthorized !== false;
  socket[kConnectOptions] = options;
  if (callback) socket.once('secureConnect', callback);
  if (!options.socket) {
    if (options.timeout) socket.setTimeout(options.timeout);
    socket.connect(options, socket._start);
  }
  socket._releaseControl();
  if (options.servername) {
    socket.setServername(options.servername);
  }
  keylogToFile(socket);
  if (options.socket) socket._start();
  socket.on('secure', onConnectSecure);
  socket.prependListener('end', onConnectEnd);
  return socket;
}

module.exports = { connect };
