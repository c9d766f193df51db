// Node's `http`: servers and clients of HTTP/1.
'use strict';

const { validateInteger, validateObject } = require('internal/validators');
const { methods, parsers } = require('_http_common');
const { IncomingMessage } = require('_http_incoming');
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require('_http_outgoing');
const { STATUS_CODES, Server, ServerResponse, _connectionListener } = require('_http_server');

/**
 * @param {object | Function} [options]
 * @param {Function} [requestListener]
 * @returns {Server}
 */
function createServer(options, requestListener) {
  return new Server(options, requestListener);
}

/**
 * `request(url[, options][, callback])`, `request(options[, callback])`
 * @returns {ClientRequest}
 */
function request(url, options, callback) {
  const { ClientRequest } = require('_http_client');
  return new ClientRequest(url, options, callback);
}

/** The same for a request without body, which is ended at once. */
function get(url, options, callback) {
  const req = request(url, options, callback);
  req.end();
  return req;
}

/**
 * @param {number} max how many parsers may wait for the next connection
 */
function setMaxIdleHTTPParsers(max) {
  validateInteger(max, 'max', 1);
  parsers.setMax(max);
}

/**
 * Has the global agents use the proxies that an environment names.
 * @param {object} [proxyEnv] `process.env` by default
 * @returns {() => void} undoes it
 */
function setGlobalProxyFromEnv(proxyEnv = process.env) {
  validateObject(proxyEnv, 'proxyEnv');
  return require('internal/http/proxy').useGlobally(proxyEnv);
}

module.exports = {
  _connectionListener,
  METHODS: methods.toSorted(),
  STATUS_CODES,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  createServer,
  validateHeaderName,
  validateHeaderValue,
  get,
  request,
  setMaxIdleHTTPParsers,
  setGlobalProxyFromEnv,
};

let maxHeaderSize;

/** A property that is loaded when it is asked for. */
function lazy(name, load) {
  return {
    get: load,
    set(value) {
      Object.defineProperty(module.exports, name, { value, writable: true, configurable: true, enumerable: true });
    },
    configurable: true,
    enumerable: true,
  };
}

Object.defineProperties(module.exports, {
  Agent: lazy('Agent', () => require('_http_agent').Agent),
  ClientRequest: lazy('ClientRequest', () => require('_http_client').ClientRequest),
  globalAgent: {
    get() {
      return require('_http_agent').globalAgent;
    },
    set(agent) {
      require('_http_agent').globalAgent = agent;
    },
    configurable: true,
    enumerable: true,
  },
  maxHeaderSize: {
    get() {
      return maxHeaderSize ??= require('internal/options').getOptionValue('--max-http-header-size') ?? 16 * 1024;
    },
    configurable: true,
    enumerable: true,
  },
  WebSocket: lazy('WebSocket', () => require('web/websocket').WebSocket),
  CloseEvent: lazy('CloseEvent', () => require('web/close_event').CloseEvent),
  MessageEvent: lazy('MessageEvent', () => require('web/message_event').MessageEvent),
});
