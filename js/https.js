// Node's `https`: HTTP over TLS.
'use strict';

const { isURL, urlToHttpOptions } = require('internal/url');
const { Agent } = require('internal/https/agent');
const { Server } = require('internal/https/server');
const { globalProxyEnv } = require('_http_agent');

/**
 * @param {object | Function} [options]  of `tls.createServer` and `http.createServer`
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
function request(...args) {
  let options = {};
  if (typeof args[0] === 'string') {
    options = urlToHttpOptions(new URL(args.shift()));
  } else if (isURL(args[0])) {
    options = urlToHttpOptions(args.shift());
  }
  if (args[0] && typeof args[0] !== 'function') Object.assign(options, args.shift());
  options._defaultAgent = module.exports.globalAgent;
  args.unshift(options);
  const { ClientRequest } = require('_http_client');
  return Reflect.construct(ClientRequest, args);
}

/** The same for a request without body, which is ended at once. */
function get(input, options, callback) {
  const req = request(input, options, callback);
  req.end();
  return req;
}

module.exports = {
  Agent,
  globalAgent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: globalProxyEnv() }),
  Server,
  createServer,
  get,
  request,
};
