// What programs get for the socket of a session: it answers, but cannot be used to read, write or end.
'use strict';

const {
  codes: { ERR_HTTP2_NO_SOCKET_MANIPULATION, ERR_HTTP2_SOCKET_UNBOUND },
} = require('internal/errors');
const { kSocket } = require('internal/http2/symbols');

/** What would disturb the session. */
const FORBIDDEN = new Set([
  'emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay',
]);

/** What the session has itself. */
const OF_SESSION = new Set(['setTimeout', 'ref', 'unref', 'destroy']);

function socketOf(session) {
  const socket = session[kSocket];
  if (socket === undefined) throw new ERR_HTTP2_SOCKET_UNBOUND();
  return socket;
}

const handler = {
  get(session, property) {
    if (OF_SESSION.has(property)) return session[property].bind(session);
    if (FORBIDDEN.has(property)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
    const socket = socketOf(session);
    const value = socket[property];
    return typeof value === 'function' ? value.bind(socket) : value;
  },

  has(session, property) {
    return property in socketOf(session);
  },

  getPrototypeOf(session) {
    return Reflect.getPrototypeOf(socketOf(session));
  },

  set(session, property, value) {
    if (OF_SESSION.has(property)) {
      session[property] = value;
      return true;
    }
    if (FORBIDDEN.has(property)) throw new ERR_HTTP2_NO_SOCKET_MANIPULATION();
    socketOf(session)[property] = value;
    return true;
  },
};

/** @returns {Proxy} for the socket of a session */
function proxySocket(session) {
  return new Proxy(session, handler);
}

module.exports = { proxySocket };
