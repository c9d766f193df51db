// The options of HTTP servers.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const {
  validateBoolean, validateFunction, validateInteger, validateOneOf,
} = require('internal/validators');
const { IncomingMessage } = require('internal/http/incoming');
const { kIncomingMessage } = require('internal/http/message_parser');

const kServerResponse = Symbol('ServerResponse');
const kOptimizeEmptyRequests = Symbol('OptimizeEmptyRequestsOption');

const VALIDATIONS = ['strict', 'relaxed', 'insecure'];

/** In milliseconds. */
const REQUEST_TIMEOUT = 300_000;
const HEADERS_TIMEOUT = 60_000;
const KEEP_ALIVE_TIMEOUT = 5000;
const KEEP_ALIVE_TIMEOUT_BUFFER = 1000;
const CONNECTIONS_CHECKING_INTERVAL = 30_000;

/** An option that is a time or a size. */
function whole(options, name, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  validateInteger(value, name, 0);
  return value;
}

function bool(options, name, fallback) {
  const value = options[name];
  if (value === undefined) return fallback;
  validateBoolean(value, `options.${name}`);
  return value;
}

function validationOf(options) {
  const { httpValidation } = options;
  if (httpValidation === undefined) return undefined;
  validateOneOf(httpValidation, 'options.httpValidation', VALIDATIONS);
  if (options.insecureHTTPParser !== undefined) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.httpValidation', httpValidation, 'cannot be used together with options.insecureHTTPParser');
  }
  return httpValidation;
}

/** Whether a request to change the protocol is taken as one. */
function shouldUpgrade() {
  return this.listenerCount('upgrade') > 0;
}

/**
 * Checks the options of a server and keeps them on it.
 * @this {Server}
 * @param {object} options
 */
function storeHTTPOptions(options) {
  const { ServerResponse } = require('internal/http/server_response');
  this[kIncomingMessage] = options.IncomingMessage || IncomingMessage;
  this[kServerResponse] = options.ServerResponse || ServerResponse;
  this.maxHeaderSize = whole(options, 'maxHeaderSize', undefined);
  this.insecureHTTPParser = bool(options, 'insecureHTTPParser', undefined);
  this.httpValidation = validationOf(options);
  this.requestTimeout = whole(options, 'requestTimeout', REQUEST_TIMEOUT);
  this.headersTimeout = whole(options, 'headersTimeout', Math.min(HEADERS_TIMEOUT, this.requestTimeout));
  if (this.requestTimeout > 0 && this.headersTimeout > 0 && this.headersTimeout > this.requestTimeout) {
    throw new ERR_OUT_OF_RANGE('headersTimeout', '<= requestTimeout', options.headersTimeout);
  }
  this.keepAliveTimeout = whole(options, 'keepAliveTimeout', KEEP_ALIVE_TIMEOUT);
  this.keepAliveTimeoutBuffer = whole(options, 'keepAliveTimeoutBuffer', KEEP_ALIVE_TIMEOUT_BUFFER);
  this.connectionsCheckingInterval =
    whole(options, 'connectionsCheckingInterval', CONNECTIONS_CHECKING_INTERVAL);
  this.requireHostHeader = bool(options, 'requireHostHeader', true);
  this.joinDuplicateHeaders = bool(options, 'joinDuplicateHeaders', undefined);
  this.rejectNonStandardBodyWrites = bool(options, 'rejectNonStandardBodyWrites', false);
  this[kOptimizeEmptyRequests] = bool(options, 'optimizeEmptyRequests', false);
  if (options.shouldUpgradeCallback !== undefined) {
    validateFunction(options.shouldUpgradeCallback, 'options.shouldUpgradeCallback');
  }
  this.shouldUpgradeCallback = options.shouldUpgradeCallback ?? shouldUpgrade;
}

module.exports = { kOptimizeEmptyRequests, kServerResponse, storeHTTPOptions };
