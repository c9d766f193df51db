// Node's `_http_server`: servers of HTTP/1.
'use strict';

const { Server: NetServer } = require('internal/net/server');
const EventEmitter = require('events');
const { attachFastCalls } = require('internal/buffer/memory');
const { validateObject } = require('internal/validators');
const { kUniqueHeaders, parseUniqueHeadersOption } = require('_http_outgoing');
const { ServerResponse } = require('internal/http/server_response');
const { kServerResponse, storeHTTPOptions } = require('internal/http/server_options');
const { expire, kConnections, serve } = require('internal/http/connection');
const { setInterval, clearInterval } = require('timers');
const STATUS_CODES = require('internal/http/status_codes');

const kConnectionsCheckingInterval = Symbol('http.server.connectionsCheckingInterval');

/**
 * @param {object | Function} [options] of `http.createServer`
 * @param {Function} [requestListener] for the event 'request'
 */
function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === 'function') {
    requestListener = options;
    options = {};
  } else if (options === null || options === undefined) {
    options = {};
  } else {
    validateObject(options, 'options');
    options = { ...options };
  }
  storeHTTPOptions.call(this, options);
  // What is small leaves at once, and who has ended may still be answered.
  options.noDelay ??= true;
  options.allowHalfOpen = true;
  NetServer.call(this, options);
  if (requestListener) this.on('request', requestListener);
  this.on('connection', connectionListener);
  this.on('listening', setupConnectionsTracking);
  this.httpAllowHalfOpen = false;
  this.timeout = 0;
  this.maxHeadersCount = null;
  this.maxRequestsPerSocket = 0;
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
}
Object.setPrototypeOf(Server.prototype, NetServer.prototype);
Object.setPrototypeOf(Server, NetServer);

/** The event 'connection' of servers. */
function connectionListener(socket) {
  serve(this, socket);
}

/** The event 'listening': from now on requests may take too long. */
function setupConnectionsTracking() {
  attachFastCalls();
  this[kConnections] ??= new Set();
  if (this[kConnectionsCheckingInterval]) clearInterval(this[kConnectionsCheckingInterval]);
  this[kConnectionsCheckingInterval] =
    setInterval(checkConnections.bind(this), this.connectionsCheckingInterval).unref();
}

function checkConnections() {
  const { headersTimeout, requestTimeout } = this;
  if (headersTimeout === 0 && requestTimeout === 0) return;
  for (const connection of this[kConnections]) {
    if (connection.isLate(headersTimeout, requestTimeout)) expire(connection);
  }
}

/** What closing a server begins with: connections that do nothing are no reason to wait. */
function httpServerPreClose(server) {
  server.closeIdleConnections();
  clearInterval(server[kConnectionsCheckingInterval]);
}

Server.prototype.close = function close() {
  httpServerPreClose(this);
  Reflect.apply(NetServer.prototype.close, this, arguments);
  return this;
};

Server.prototype[Symbol.asyncDispose] = async function() {
  await new Promise((resolve, reject) => {
    this.close((error) => (error ? reject(error) : resolve()));
  });
};

/** Breaks off all connections. */
Server.prototype.closeAllConnections = function closeAllConnections() {
  if (!this[kConnections]) return;
  for (const connection of [...this[kConnections]]) connection.socket?.destroy();
};

/** Ends the connections that wait for a request. */
Server.prototype.closeIdleConnections = function closeIdleConnections() {
  if (!this[kConnections]) return;
  for (const connection of [...this[kConnections]]) {
    if (connection.isBetweenRequests()) connection.socket.destroy();
  }
};

Server.prototype.setTimeout = function setTimeout(msecs, callback) {
  this.timeout = msecs;
  if (callback) this.on('timeout', callback);
  return this;
};

Server.prototype[EventEmitter.captureRejectionSymbol] = function(error, event, ...args) {
  if (event !== 'request') {
    Reflect.apply(NetServer.prototype[EventEmitter.captureRejectionSymbol], this, [error, event, ...args]);
    return;
  }
  const [, res] = args;
  if (res.headersSent || res.writableEnded) {
    res.destroy();
    return;
  }
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.statusCode = 500;
  res.end(STATUS_CODES[500]);
};

module.exports = {
  STATUS_CODES,
  Server,
  ServerResponse,
  setupConnectionsTracking,
  storeHTTPOptions,
  _connectionListener: connectionListener,
  kServerResponse,
  httpServerPreClose,
  kConnectionsCheckingInterval,
};
