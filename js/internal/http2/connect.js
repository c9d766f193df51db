// `http2.connect`.
'use strict';

const { codes: { ERR_HTTP2_UNSUPPORTED_PROTOCOL } } = require('internal/errors');
const net = require('net');
const { URL } = require('web/url');
const { checkObject } = require('internal/http2/headers');
const { checkSessionOptions } = require('internal/http2/session_options');
const { ClientHttp2Session } = require('internal/http2/client_session');
const { onSocketClose, onSocketError } = require('internal/http2/session_end');

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 };

/** The host of an authority, without the brackets of an address of IPv6. */
function hostOf(authority) {
  if (authority.hostname) {
    const host = authority.hostname;
    return host[0] === '[' ? host.slice(1, -1) : host;
  }
  return authority.host || 'localhost';
}

function openSocket(protocol, port, host, options) {
  switch (protocol) {
    case 'http:':
      return net.connect({ port, host, ...options });
    case 'https:': {
      const tls = require('tls');
      const servername = net.isIP(host) ? undefined : host;
      return tls.connect(port, host, { ...(servername && { servername }), ...options, ALPNProtocols: ['h2'] });
    }
    default:
      throw new ERR_HTTP2_UNSUPPORTED_PROTOCOL(protocol);
  }
}

/**
 * @param {string | URL} authority
 * @param {object} [options]
 * @param {(session: ClientHttp2Session, socket: Duplex) => void} [listener] for the event 'connect'
 * @returns {ClientHttp2Session}
 */
function connect(authority, options, listener) {
  if (typeof options === 'function') {
    listener = options;
    options = undefined;
  }
  checkObject(options, 'options');
  options = { ...options };
  checkSessionOptions(options);
  if (typeof authority === 'string') authority = new URL(authority);
  const protocol = authority.protocol || options.protocol;
  const port = String(authority.port !== '' ? authority.port : DEFAULT_PORTS[protocol] ?? 443);
  const host = hostOf(authority);
  const socket = typeof options.createConnection === 'function' ?
    options.createConnection(authority, options) :
    openSocket(protocol, port, host, options);
  const name = options.servername || host;
  const session = new ClientHttp2Session(options, socket, `${name}:${port}`, protocol);
  socket.on('error', onSocketError);
  socket.on('close', onSocketClose);
  if (typeof listener === 'function') session.once('connect', listener);
  return session;
}

Object.defineProperty(connect, Symbol.for('nodejs.util.promisify.custom'), {
  configurable: true,
  enumerable: false,
  value: function connect(authority, options) {
    return new Promise((resolve, reject) => {
      const session = module.exports.connect(authority, options, () => {
        session.removeListener('error', reject);
        resolve(session);
      });
      session.once('error', reject);
    });
  },
});

module.exports = { connect };
