// `https.Server`: a TLS server whose connections speak HTTP.
'use strict';

const tls = require('tls');
const { validateObject } = require('internal/validators');
const {
  Server: HttpServer, _connectionListener, httpServerPreClose, setupConnectionsTracking,
  storeHTTPOptions,
} = require('_http_server');

/** Faults before there is a connection are faults of the client. */
function onTlsClientError(error, socket) {
  if (!this.emit('clientError', error, socket)) socket.destroy(error);
}

/**
 * @param {object | Function} [options]
 * @param {Function} [requestListener]
 */
function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === 'function') {
    requestListener = options;
    options = {};
  } else if (options === undefined || options === null) {
    options = {};
  } else {
    validateObject(options, 'options');
    options = { ...options };
  }
  storeHTTPOptions.call(this, options);
  // HTTP/1.1 is spoken, whatever else a client would like better.
  if (!options.ALPNProtocols && !options.ALPNCallback) options.ALPNProtocols = ['http/1.1'];
  tls.Server.call(this, { noDelay: true, ...options }, _connectionListener);
  this.httpAllowHalfOpen = false;
  if (requestListener) this.addListener('request', requestListener);
  this.addListener('tlsClientError', onTlsClientError);
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.on('listening', setupConnectionsTracking);
}
Object.setPrototypeOf(Server.prototype, tls.Server.prototype);
Object.setPrototypeOf(Server, tls.Server);

Server.prototype.closeAllConnections = HttpServer.prototype.closeAllConnections;
Server.prototype.closeIdleConnections = HttpServer.prototype.closeIdleConnections;
Server.prototype.setTimeout = HttpServer.prototype.setTimeout;

Server.prototype.close = function close(...args) {
  httpServerPreClose(this);
  Reflect.apply(tls.Server.prototype.close, this, args);
  return this;
};

Server.prototype[Symbol.asyncDispose] = HttpServer.prototype[Symbol.asyncDispose];

module.exports = { Server };
