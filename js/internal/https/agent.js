// `https.Agent`: keeps TLS connections, and sessions for those that follow.
'use strict';

const tls = require('tls');
const { Agent: HttpAgent, kProxyConfig, kWaitForProxyTunnel } = require('_http_agent');

/** How many sessions are kept where the program does not say. */
const MAX_CACHED_SESSIONS = 100;

/**
 * @param {object} [options]  of `http.Agent` and `tls.connect`, and `maxCachedSessions`
 */
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  options = { __proto__: null, ...options };
  options.defaultPort ??= 443;
  options.protocol ??= 'https:';
  HttpAgent.call(this, options);
  this.maxCachedSessions = this.options.maxCachedSessions;
  if (this.maxCachedSessions === undefined) this.maxCachedSessions = MAX_CACHED_SESSIONS;
  this._sessionCache = { map: {}, list: [] };
}
Object.setPrototypeOf(Agent.prototype, HttpAgent.prototype);
Object.setPrototypeOf(Agent, HttpAgent);

/** `(options)`, `(port[, host][, options])` as options. */
function normalize([first, second, third]) {
  if (first !== null && typeof first === 'object') return { ...first };
  if (second !== null && typeof second === 'object') return { ...second, port: first };
  const options = third !== null && typeof third === 'object' ? { ...third } : {};
  if (typeof first === 'number') options.port = first;
  if (typeof second === 'string') options.host = second;
  return options;
}

/**
 * Whether a request checks the server's name in a way of its own. A connection that resumes a session is not checked
 * again, so that such a request neither uses what others have left nor leaves anything.
 */
function hasOwnCheck(agent, { checkServerIdentity }) {
  return checkServerIdentity !== undefined && checkServerIdentity !== tls.checkServerIdentity &&
    checkServerIdentity !== agent.options.checkServerIdentity;
}

/** Keeps the sessions of a connection, and forgets them where it fails. */
function keepSessions(agent, socket, key) {
  if (!key) return;
  socket.on('session', (session) => agent._cacheSession(key, session));
  socket.once('close', (hadError) => {
    if (hadError) agent._evictSession(key);
  });
}

function tunnelHead(agent, proxy, server) {
  const lines = [`CONNECT ${server} HTTP/1.1`];
  if (agent.keepAlive || Number.isFinite(agent.maxSockets)) lines.push('proxy-connection: keep-alive');
  lines.push(`host: ${server}`);
  if (proxy.auth) lines.push(`proxy-authorization: ${proxy.auth}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * Makes a connection, through a proxy where there is one.
 * @returns {TLSSocket | net.Socket}
 */
Agent.prototype.createConnection = function createConnection(...args) {
  let options = normalize(args);
  const callback = args.at(-1);
  const key = hasOwnCheck(this, options) ? undefined : options._agentKey;
  if (key) {
    const session = this._getSession(key);
    if (session) options = { session, ...options };
  }
  const proxy = this[kProxyConfig];
  if (proxy) {
    const { goesThrough } = require('internal/http/proxy');
    if (goesThrough(proxy, options)) {
      const { openTunnel } = require('internal/https/tunnel');
      const below = openTunnel((server) => tunnelHead(this, proxy, server), proxy, options, (error, socket) => {
        if (error) {
          callback(error);
          return;
        }
        const secure = tls.connect({ ...options, socket });
        keepSessions(this, secure, key);
        callback(null, secure);
      });
      below[kWaitForProxyTunnel] = true;
      return below;
    }
  }
  const socket = tls.connect(options);
  keepSessions(this, socket, key);
  return socket;
};

/** What connections may not share, by the names of options, in the order of the name of a connection. */
const PLAIN = [
  'minVersion', 'maxVersion', 'secureProtocol', 'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions',
  'sessionIdContext',
];

/** Options that count even where they are false. */
const COUNTS_WHEN_FALSE = new Set(['honorCipherOrder', 'secureOptions']);

function nameOfPfx(pfx) {
  if (!pfx) return '';
  if (!Array.isArray(pfx)) return pfx;
  return pfx.map((item) => `:${item.buf || item}:${item.passphrase}`).join('');
}

/**
 * The name of the connections that serve requests with such options.
 * @param {object} [options]
 * @returns {string}
 */
Agent.prototype.getName = function getName(options = {}) {
  let name = HttpAgent.prototype.getName.call(this, options);
  for (const key of ['ca', 'cert', 'clientCertEngine', 'ciphers', 'key']) name += `:${options[key] || ''}`;
  name += `:${nameOfPfx(options.pfx)}`;
  name += `:${options.rejectUnauthorized === undefined ? '' : options.rejectUnauthorized}`;
  const { servername } = options;
  name += `:${servername && servername !== options.host ? servername : ''}`;
  for (const key of PLAIN) {
    const value = options[key];
    const counts = COUNTS_WHEN_FALSE.has(key) ? value !== undefined : value;
    name += `:${counts ? value : ''}`;
  }
  name += `:${options.sigalgs ? JSON.stringify(options.sigalgs) : ''}`;
  for (const key of ['privateKeyIdentifier', 'privateKeyEngine']) name += `:${options[key] || ''}`;
  return name;
};

Agent.prototype._getSession = function _getSession(key) {
  return this._sessionCache.map[key];
};

Agent.prototype._cacheSession = function _cacheSession(key, session) {
  if (this.maxCachedSessions === 0) return;
  const { map, list } = this._sessionCache;
  if (map[key] !== undefined) {
    map[key] = session;
    return;
  }
  // The oldest makes room.
  if (list.length >= this.maxCachedSessions) delete map[list.shift()];
  list.push(key);
  map[key] = session;
};

Agent.prototype._evictSession = function _evictSession(key) {
  const { map, list } = this._sessionCache;
  const index = list.indexOf(key);
  if (index === -1) return;
  list.splice(index, 1);
  delete map[key];
};

module.exports = { Agent };
