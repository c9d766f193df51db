// `Http2Server` and `Http2SecureServer`.
'use strict';

const { validateFunction, validateObject, validateUint32 } = require('internal/validators');
const net = require('net');
const { checkObject } = require('internal/http2/headers');
const { checkSessionOptions } = require('internal/http2/session_options');
const { checkSettings } = require('internal/http2/settings');
const { connectionListener } = require('internal/http2/connection_listener');
const { kOptions, kSessions } = require('internal/http2/symbols');

const UNKNOWN_PROTOCOL_TIMEOUT = 10_000;

/**
 * The options of a server with what is not given.
 * @param {object} [options]
 * @returns {object}
 */
function completeServerOptions(options) {
  checkObject(options, 'options');
  options = { ...options };
  checkSessionOptions(options);
  options.settings = { ...options.settings };
  if (options.unknownProtocolTimeout !== undefined) {
    validateUint32(options.unknownProtocolTimeout, 'options.unknownProtocolTimeout');
  } else {
    options.unknownProtocolTimeout = UNKNOWN_PROTOCOL_TIMEOUT;
  }
  options.strictSingleValueFields ??= true;
  const http1Options = { ...options.http1Options };
  if (options.Http1IncomingMessage) http1Options.IncomingMessage ??= options.Http1IncomingMessage;
  if (options.Http1ServerResponse) http1Options.ServerResponse ??= options.Http1ServerResponse;
  options.http1Options = http1Options;
  options.Http2ServerRequest ||= require('internal/http2/compat_request').Http2ServerRequest;
  options.Http2ServerResponse ||= require('internal/http2/compat_response').Http2ServerResponse;
  return options;
}

/** Servers that have a listener of 'request' make requests of streams. */
function setupCompat(event) {
  if (event !== 'request') return;
  this.removeListener('newListener', setupCompat);
  const { onServerStream } = require('internal/http2/compat');
  const { Http2ServerRequest, Http2ServerResponse } = this[kOptions];
  this.on('stream', function onStream(stream, headers, flags, rawHeaders) {
    onServerStream.call(this, Http2ServerRequest, Http2ServerResponse, stream, headers, flags, rawHeaders);
  });
}

/** Exceptions that asynchronous listeners reject with. */
function captureRejection(Base, error, event, ...args) {
  switch (event) {
    case 'stream': {
      const [stream] = args;
      // A failed response says so, if it can still say anything.
      if (!stream.headersSent) stream.respond({ ':status': 500 }, { endStream: true });
      else stream.destroy(error);
      break;
    }
    case 'request': {
      const [, response] = args;
      if (response.headersSent || response.finished) {
        response.destroy?.(error);
      } else {
        response.statusCode = 500;
        for (const name of response.getHeaderNames()) response.removeHeader(name);
        response.end('Internal Server Error');
      }
      break;
    }
    default:
      Base.prototype[Symbol.for('nodejs.rejection')].call(this, error, event, ...args);
  }
}

/** The methods that both kinds of servers have. */
const METHODS = {
  setTimeout(msecs, callback) {
    this.timeout = msecs;
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.on('timeout', callback);
    }
    return this;
  },

  updateSettings(settings) {
    validateObject(settings, 'settings');
    checkSettings(settings);
    this[kOptions].settings = { ...this[kOptions].settings, ...settings };
  },
};

/** Sessions that are idle end with their server. */
function closeSessions(server) {
  for (const session of server[kSessions]) {
    if (!session.closed && !session.destroyed) session.close();
  }
}

class Http2Server extends net.Server {
  constructor(options, requestListener) {
    options = completeServerOptions(options);
    super(options, connectionListener);
    this[kOptions] = options;
    this[kSessions] = new Set();
    this.timeout = 0;
    this.on('newListener', setupCompat);
    if (typeof requestListener === 'function') this.on('request', requestListener);
  }

  close(...args) {
    net.Server.prototype.close.apply(this, args);
    closeSessions(this);
    return this;
  }

  [Symbol.for('nodejs.rejection')](error, event, ...args) {
    captureRejection.call(this, net.Server, error, event, ...args);
  }
}

/** The class over TLS, which is loaded only where it is needed. */
function secureServerClass() {
  const tls = require('tls');
  const httpServer = require('_http_server');

  class Http2SecureServer extends tls.Server {
    constructor(options, requestListener) {
      options = completeServerOptions(options);
      // What clients may choose from.
      if (typeof options.ALPNCallback !== 'function') {
        options.ALPNProtocols = options.allowHTTP1 === true ? ['h2', 'http/1.1'] : ['h2'];
      }
      super(options, connectionListener);
      this[kOptions] = options;
      this[kSessions] = new Set();
      this.timeout = 0;
      this.on('newListener', setupCompat);
      if (options.allowHTTP1 === true) {
        httpServer.storeHTTPOptions.call(this, { ...options, ...options.http1Options });
        httpServer.setupConnectionsTracking.call(this);
      }
      if (typeof requestListener === 'function') this.on('request', requestListener);
      this.on('tlsClientError', (error, socket) => {
        if (!this.emit('clientError', error, socket)) socket.destroy(error);
      });
    }

    close(...args) {
      if (this[kOptions].allowHTTP1 === true) httpServer.httpServerPreClose(this);
      tls.Server.prototype.close.apply(this, args);
      closeSessions(this);
      return this;
    }

    closeIdleConnections() {
      if (this[kOptions].allowHTTP1 === true) {
        httpServer.Server.prototype.closeIdleConnections.call(this);
      }
    }

    [Symbol.for('nodejs.rejection')](error, event, ...args) {
      captureRejection.call(this, tls.Server, error, event, ...args);
    }
  }
  defineMethods(Http2SecureServer);
  return Http2SecureServer;
}

function defineMethods(Server) {
  for (const name of Object.keys(METHODS)) {
    Object.defineProperty(Server.prototype, name, { value: METHODS[name], writable: true, configurable: true });
  }
}
defineMethods(Http2Server);

let Http2SecureServer;

/** @returns {Http2SecureServer} */
function createSecureServer(options, handler) {
  Http2SecureServer ??= secureServerClass();
  return new Http2SecureServer(options, handler);
}

/** @returns {Http2Server} */
function createServer(options, handler) {
  if (typeof options === 'function') {
    handler = options;
    options = {};
  }
  return new Http2Server(options, handler);
}

module.exports = { completeServerOptions, createSecureServer, createServer };
