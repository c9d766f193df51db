// What a server does with a connection: a session, or what the other side speaks instead.
'use strict';

const { ServerHttp2Session } = require('internal/http2/server_session');
const { onSocketClose, onSocketError } = require('internal/http2/session_end');
const { kOptions, kServer, kSessions } = require('internal/http2/symbols');

const UNKNOWN_PROTOCOL = 'HTTP/1.0 403 Forbidden\r\n' +
  'Content-Type: text/plain\r\n\r\n' +
  'Missing ALPN Protocol, expected `h2` to be available.\n' +
  'If this is a HTTP request: The server was not ' +
  'configured with the `allowHTTP1` option or a ' +
  'listener for the `unknownProtocol` event.\n';

/** The events of sessions that their server passes on. */
function onSessionStream(stream, headers, flags, rawHeaders) {
  this[kServer]?.emit('stream', stream, headers, flags, rawHeaders);
}

function onSessionPriority(stream, parent, weight, exclusive) {
  this[kServer]?.emit('priority', stream, parent, weight, exclusive);
}

function onSessionError(error) {
  this[kServer]?.emit('sessionError', error, this);
}

function onSessionTimeout() {
  if (this.destroyed || this.closed) return;
  const server = this[kServer];
  if (!server.emit('timeout', this)) this.destroy();
}

/** The other side does not speak HTTP/2, and neither does the server speak HTTP/1. */
function refuseProtocol(server, socket, options) {
  if (server.emit('unknownProtocol', socket)) return;
  // The answer may never be read.
  const timer = setTimeout(() => {
    if (!socket.destroyed) socket.destroy();
  }, options.unknownProtocolTimeout);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.end(UNKNOWN_PROTOCOL);
}

/** The listener of 'connection' or 'secureConnection'. */
function connectionListener(socket) {
  const options = this[kOptions] || {};
  if (socket.alpnProtocol === false || socket.alpnProtocol === 'http/1.1') {
    // Clients without ALPN speak HTTP/1.
    if (options.allowHTTP1 === true) {
      return require('_http_server')._connectionListener.call(this, socket);
    }
    refuseProtocol(this, socket, options);
    return undefined;
  }
  const session = new ServerHttp2Session(options, socket, this);
  socket.on('error', onSocketError);
  socket.on('close', onSocketClose);
  session.on('stream', onSessionStream);
  session.on('error', onSessionError);
  session.on('priority', onSessionPriority);
  if (this.timeout) session.setTimeout(Number(this.timeout), onSessionTimeout);
  socket[kServer] = this;
  this[kSessions].add(session);
  this.emit('session', session);
  return undefined;
}

/**
 * A session for a socket that no server has accepted.
 * @param {Duplex} socket
 * @param {object} [options]
 * @returns {ServerHttp2Session}
 */
function performServerHandshake(socket, options = {}) {
  const { completeServerOptions } = require('internal/http2/server');
  const session = new ServerHttp2Session(completeServerOptions(options), socket, undefined);
  socket.on('error', onSocketError);
  socket.on('close', onSocketClose);
  return session;
}

module.exports = { connectionListener, performServerHandshake };
