// `http.ClientRequest`: a request on its way to a server.
'use strict';

const {
  codes: {
    ERR_HTTP_HEADERS_SENT, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_HTTP_TOKEN, ERR_INVALID_PROTOCOL,
    ERR_UNESCAPED_CHARACTERS,
  },
} = require('internal/errors');
const { validateBoolean, validateInteger, validateOneOf } = require('internal/validators');
const { isURL, urlToHttpOptions } = require('internal/url');
const { once } = require('internal/util');
const { Buffer } = require('buffer');
const agents = require('_http_agent');
const { OutgoingMessage, kUniqueHeaders, parseUniqueHeadersOption } = require('_http_outgoing');
const { _checkIsHttpToken: isToken } = require('_http_common');
const { kOutHeaders } = require('internal/http/shared');
const { checkDuration } = require('internal/net/timeouts');
const { emitError, kError, listenForTimeout, takeSocket } = require('internal/http/client_socket');
const channels = require('internal/http/channels');
const wanted = require('internal/perf/wanted');
const { beginRequest, kTrace, tracing } = require('internal/tracing');

const { kProxyConfig } = agents;

const kPath = Symbol('kPath');
/** Whether the first line names the server, as proxies want it. */
const kProxyRewrittenToAbsolute = Symbol('kProxyRewrittenToAbsolute');
/** The server, as the field `Host` has it. */
const kAuthority = Symbol('kAuthority');

const INVALID_IN_PATH = /[^\u0021-\u00ff]/;
const VALIDATIONS = ['strict', 'relaxed', 'insecure'];

/** The methods by which a request has no body unless the program writes one. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

/** `(input[, options][, callback])` as options and callback. */
function normalize(input, options, callback) {
  if (typeof input === 'string') {
    input = urlToHttpOptions(new URL(input));
  } else if (isURL(input)) {
    input = urlToHttpOptions(input);
  } else {
    callback = options;
    options = input;
    input = null;
  }
  if (typeof options === 'function') {
    callback = options;
    options = input;
    input = null;
  }
  return { options: { __proto__: null, ...input, ...options }, callback };
}

function chooseAgent(options, defaultAgent) {
  const { agent } = options;
  if (agent === false) return new defaultAgent.constructor();
  if (agent === null || agent === undefined) {
    return typeof options.createConnection === 'function' ? undefined : defaultAgent;
  }
  if (typeof agent.addRequest !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('options.agent', ['Agent-like Object', 'undefined', 'false'], agent);
  }
  return agent;
}

function checkHost(host, name) {
  if (host !== null && host !== undefined && typeof host !== 'string') {
    throw new ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  }
  return host;
}

function checkPath(path) {
  if (INVALID_IN_PATH.test(path)) throw new ERR_UNESCAPED_CHARACTERS('Request path');
}

function checkMethod(method) {
  if (method !== null && method !== undefined && typeof method !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.method', 'string', method);
  }
  if (!method) return 'GET';
  if (!isToken(method)) throw new ERR_INVALID_HTTP_TOKEN('Method', method);
  return method.toUpperCase();
}

function checkParserOptions({ maxHeaderSize, insecureHTTPParser, httpValidation, joinDuplicateHeaders }) {
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, 'maxHeaderSize', 0);
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  if (httpValidation !== undefined) {
    validateOneOf(httpValidation, 'options.httpValidation', VALIDATIONS);
    if (insecureHTTPParser !== undefined) {
      throw new ERR_INVALID_ARG_VALUE(
        'options.httpValidation', httpValidation, 'cannot be used together with options.insecureHTTPParser');
    }
  }
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, 'options.joinDuplicateHeaders');
}

/**
 * @param {string | URL | object} input  a URL, or options
 * @param {object | Function} [options]  of `http.request`
 * @param {Function} [cb]  for the event 'response'
 */
function ClientRequest(input, options, cb) {
  OutgoingMessage.call(this);
  const normalized = normalize(input, options, cb);
  options = normalized.options;
  const { callback } = normalized;

  const defaultAgent = options._defaultAgent || agents.globalAgent;
  const agent = chooseAgent(options, defaultAgent);
  this.agent = agent;
  const protocol = options.protocol || defaultAgent.protocol;
  let expectedProtocol = defaultAgent.protocol;
  if (agent?.protocol) expectedProtocol = agent.protocol;
  if (options.path) checkPath(String(options.path));
  if (protocol !== expectedProtocol) throw new ERR_INVALID_PROTOCOL(protocol, expectedProtocol);

  const defaultPort = options.defaultPort || agent?.defaultPort;
  const port = options.port = options.port || defaultPort || 80;
  const host = options.host =
    checkHost(options.hostname, 'hostname') || checkHost(options.host, 'host') || 'localhost';
  const setDefaultHeaders = options.setDefaultHeaders === undefined || Boolean(options.setDefaultHeaders);
  const setHost = options.setHost === undefined ? setDefaultHeaders : Boolean(options.setHost);
  this._removedConnection = !setDefaultHeaders;
  this._removedContLen = !setDefaultHeaders;
  this._removedTE = !setDefaultHeaders;

  this.socketPath = options.socketPath;
  if (options.timeout !== undefined) this.timeout = checkDuration(options.timeout, 'timeout');
  const { signal } = options;
  if (signal) {
    require('internal/streams/add_abort_signal').addAbortSignal(signal, this);
    delete options.signal;
  }
  const method = this.method = checkMethod(options.method);
  checkParserOptions(options);
  this.maxHeaderSize = options.maxHeaderSize;
  this.insecureHTTPParser = options.insecureHTTPParser;
  this.httpValidation = options.httpValidation;
  this.joinDuplicateHeaders = options.joinDuplicateHeaders;

  this[kPath] = options.path || '/';
  if (callback) this.once('response', callback);
  this.useChunkedEncodingByDefault = !WITHOUT_BODY.has(method);

  this._ended = false;
  this.res = null;
  this.aborted = false;
  this.timeoutCb = null;
  this.upgradeOrConnect = false;
  this.parser = null;
  this.maxHeadersCount = null;
  this.reusedSocket = false;
  this.host = host;
  this.protocol = protocol;

  if (agent) {
    // A server that is told of one connection a request may close it at once.
    this.shouldKeepAlive = Boolean(agent.keepAlive) || Number.isFinite(agent.maxSockets);
    this._last = !this.shouldKeepAlive;
  }
  this[kProxyRewrittenToAbsolute] = false;
  this[kAuthority] = authorityOf(host, port, defaultPort);
  this[kUniqueHeaders] = parseUniqueHeadersOption(options.uniqueHeaders);
  setHeaders(this, options, setHost);
  connect(this, agent, options);
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function setHeaders(req, options, setHost) {
  const { headers, auth } = options;
  if (Array.isArray(headers)) {
    passToProxy(req, options);
    req._storeHeader(firstLine(req), headers);
    return;
  }
  if (headers) {
    for (const name of Object.keys(headers)) req.setHeader(name, headers[name]);
  }
  if (setHost && !req.getHeader('host')) {
    const isTunnel = req.method === 'CONNECT' && options.path;
    req.setHeader('Host', isTunnel ? String(options.path) : req[kAuthority]);
  }
  if (auth && !req.getHeader('Authorization')) {
    req.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
  }
  passToProxy(req, options);
  if (req.getHeader('expect')) req._implicitHeader();
}

/** What was made last: most requests go where the one before went. */
const last = { host: undefined, port: undefined, defaultPort: undefined, authority: '' };

/** Host and port: addresses of IPv6 stand in brackets, ports that need no saying are left out. */
function authorityOf(host, port, defaultPort) {
  if (last.host === host && last.port === port && last.defaultPort === defaultPort) return last.authority;
  const colon = host.indexOf(':');
  const isAddress = colon !== -1 && host.includes(':', colon + 1) && !host.startsWith('[');
  const name = isAddress ? `[${host}]` : host;
  last.host = host;
  last.port = port;
  last.defaultPort = defaultPort;
  last.authority = port && Number(port) !== defaultPort ? `${name}:${port}` : name;
  return last.authority;
}

/** Makes a request one to the proxy of its agent, if it goes through that. */
function passToProxy(req, options) {
  const proxy = req.agent?.[kProxyConfig];
  if (!proxy || req.protocol !== 'http:') return;
  const { goesThrough, rewriteRequest } = require('internal/http/proxy');
  if (!goesThrough(proxy, options)) return;
  req[kProxyRewrittenToAbsolute] = rewriteRequest(req, proxy, options, req[kAuthority]);
}

function firstLine(req) {
  return `${req.method} ${req.path} HTTP/1.1\r\n`;
}

/** Looks for a connection, which comes later. */
function connect(req, agent, options) {
  if (agent) {
    agent.addRequest(req, options);
  } else {
    req._last = true;
    req.shouldKeepAlive = false;
    connectByItself(req, options);
  }
  if (channels.clientRequestCreated?.hasSubscribers) channels.clientRequestCreated.publish({ request: req });
}

/** Has `options.createConnection` make the connection of a request without agent. */
function connectByItself(req, options) {
  // The path of a request is none of the connection.
  if (options.path || options.socketPath) options.path = options.socketPath || undefined;
  const oncreate = once((error, socket) => {
    if (error) process.nextTick(emitError, req, error);
    else req.onSocket(socket);
  });
  try {
    const socket = options.createConnection(options, oncreate);
    if (socket) oncreate(null, socket);
  } catch (error) {
    oncreate(error);
  }
}

const proto = ClientRequest.prototype;

Object.defineProperty(proto, 'path', {
  get() {
    return this[kPath];
  },
  set(value) {
    const path = String(value);
    checkPath(path);
    this[kPath] = path;
  },
  configurable: true,
  enumerable: true,
});

proto._finish = function _finish() {
  OutgoingMessage.prototype._finish.call(this);
  if (wanted.http > 0) require('internal/http/client_statistics').noteRequest(this);
  if (tracing.http) this[kTrace] = beginRequest('http.client.request');
  if (channels.clientRequestStart?.hasSubscribers) channels.clientRequestStart.publish({ request: this });
};

proto._implicitHeader = function _implicitHeader() {
  if (this._header) throw new ERR_HTTP_HEADERS_SENT('render');
  this._storeHeader(firstLine(this), this[kOutHeaders]);
};

function emitAbort(req) {
  req.emit('abort');
}

/** Ends the request, however far it is. Deprecated: `destroy` does the same. */
proto.abort = function abort() {
  if (this.aborted) return;
  this.aborted = true;
  process.nextTick(emitAbort, this);
  this.destroy();
};

/**
 * Ends the request, however far it is.
 * @param {Error} [err]
 */
proto.destroy = function destroy(err) {
  if (this.destroyed) return this;
  this.destroyed = true;
  // Nobody wants the rest of the response.
  if (this.res) this.res._dump();
  this[kError] = err;
  this.socket?.destroy(err);
  return this;
};

/**
 * Takes a connection, in the next tick.
 * @param {Duplex} [socket]
 * @param {Error} [err]  why there is none
 */
proto.onSocket = function onSocket(socket, err) {
  process.nextTick(takeSocket, this, socket, err);
};

/** Calls a method of the connection, once it stands. */
proto._deferToConnect = function _deferToConnect(method, arguments_) {
  const whenWritable = () => {
    if (method) Reflect.apply(this.socket[method], this.socket, arguments_);
  };
  const whenAssigned = () => {
    if (this.socket.writable) whenWritable();
    else this.socket.once('connect', whenWritable);
  };
  if (this.socket) whenAssigned();
  else this.once('socket', whenAssigned);
};

/**
 * Emits 'timeout' when the connection is idle for so long.
 * @param {number} msecs
 * @param {Function} [callback]
 */
proto.setTimeout = function setTimeout(msecs, callback) {
  if (this._ended) return this;
  listenForTimeout(this);
  msecs = checkDuration(msecs, 'msecs');
  if (callback) this.once('timeout', callback);
  if (this.socket) setSocketTimeout(this.socket, msecs);
  else this.once('socket', (socket) => setSocketTimeout(socket, msecs));
  return this;
};

function setSocketTimeout(socket, msecs) {
  // While it connects there is nothing that could be idle.
  if (socket.connecting) socket.once('connect', () => socket.setTimeout(msecs));
  else socket.setTimeout(msecs);
}

proto.setNoDelay = function setNoDelay(noDelay) {
  this._deferToConnect('setNoDelay', [noDelay]);
};

proto.setSocketKeepAlive = function setSocketKeepAlive(enable, initialDelay) {
  this._deferToConnect('setKeepAlive', [enable, initialDelay]);
};

proto.clearTimeout = function clearTimeout(cb) {
  this.setTimeout(0, cb);
};

module.exports = { ClientRequest };
