// What requests and responses of the compatible interface have as their socket: the stream where that has what
// is asked for, the socket of its session elsewhere.
'use strict';

const { codes: { ERR_HTTP2_NO_SOCKET_MANIPULATION } } = require('internal/errors');
const { kProxyStreamSocket, kSession } = require('internal/http2/symbols');

/** What the stream has. */
const OF_STREAM = new Set(['readable', 'writable', 'destroyed', 'on', 'once', 'end', 'emit', 'destroy']);
const FORBIDDEN = new Set(['write', 'read', 'pause', 'resume']);

const handler = {
  has(stream, property) {
    const session = stream[kSession];
    return property in stream || session !== undefined && property in session.socket;
  },

  get(stream, property) {
    if (OF_STREAM.has(property)) {
      const value = stream[property];
      return typeof value === 'function' ? value.bind(stream) : value;
    }
    if (FORBIDDEN.has(property)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
    const session = stream[kSession];
    if (property === 'setTimeout') return (session ?? stream).setTimeout.bind(session ?? stream);
    const below = session !== undefined && !session.destroyed ? session.socket : stream;
    const value = below[property];
    return typeof value === 'function' ? value.bind(below) : value;
  },

  getPrototypeOf(stream) {
    const session = stream[kSession];
    return Reflect.getPrototypeOf(session !== undefined ? session.socket : stream);
  },

  set(stream, property, value) {
    if (OF_STREAM.has(property)) {
      stream[property] = value;
      return true;
    }
    if (FORBIDDEN.has(property)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
    const session = stream[kSession];
    if (property === 'setTimeout') {
      (session ?? stream).setTimeout = value;
      return true;
    }
    (session !== undefined ? session.socket : stream)[property] = value;
    return true;
  },
};

/** @returns {Proxy} the one of a stream */
function compatSocket(stream) {
  stream[kProxyStreamSocket] ??= new Proxy(stream, handler);
  return stream[kProxyStreamSocket];
}

module.exports = { compatSocket };
