// `dns.lookupService`: the names of an address and of a port, by the system's own resolver.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS },
  dnsException,
} = require('internal/errors');
const { validateFunction, validatePort } = require('internal/validators');
const { isIP } = require('internal/net_address');
const wanted = require('internal/perf/wanted');
const { kPerformance, now, report } = require('internal/dns/performance');
const binding = internalBinding('dns');

/** A request under way: what `dns.lookupService` returns. */
class GetNameInfoReqWrap {}

function onlookupservice(status, hostname, service) {
  if (status !== 0) {
    this.callback(dnsException(status, 'getnameinfo', this.hostname));
    return;
  }
  this.callback(null, hostname, service);
  finish(this, this.hostname, hostname, service);
}

function finish(request, host, hostname, service) {
  if (request[kPerformance] === undefined) return;
  report('lookupService', request[kPerformance], { host, port: request.port, hostname, service });
}

function ask(request, address, port) {
  if (wanted.dns > 0) request[kPerformance] = now();
  binding.getnameinfo(address, port, (refusal, answer) => {
    if (refusal) request.oncomplete(refusal.code);
    else if (typeof answer === 'number') request.oncomplete(answer);
    else request.oncomplete(0, answer[0], answer[1]);
  });
}

function checkAddress(address, port) {
  if (isIP(address) === 0) throw new ERR_INVALID_ARG_VALUE('address', address);
  return validatePort(port);
}

/**
 * @param {string} address
 * @param {number} port
 * @param {(error: Error | null, hostname?: string, service?: string) => void} callback
 * @returns {object} the request
 */
function lookupService(address, port, callback) {
  if (arguments.length !== 3) throw new ERR_MISSING_ARGS('address', 'port', 'callback');
  port = checkAddress(address, port);
  validateFunction(callback, 'callback');
  const request = new GetNameInfoReqWrap();
  request.callback = callback;
  request.hostname = address;
  request.port = port;
  request.oncomplete = onlookupservice;
  ask(request, address, port);
  return request;
}

Object.defineProperty(lookupService, Symbol.for('nodejs.util.promisify.args'), {
  value: ['hostname', 'service'],
  enumerable: false,
});

/**
 * `dns.promises.lookupService`
 * @param {string} address
 * @param {number} port
 * @returns {Promise<{ hostname: string, service: string }>}
 */
function lookupServicePromise(address, port) {
  if (arguments.length !== 2) throw new ERR_MISSING_ARGS('address', 'port');
  port = checkAddress(address, port);
  return new Promise((resolve, reject) => {
    const request = new GetNameInfoReqWrap();
    request.port = port;
    request.oncomplete = (status, hostname, service) => {
      if (status !== 0) {
        reject(dnsException(status, 'getnameinfo'));
        return;
      }
      resolve({ hostname, service });
      finish(request, address, hostname, service);
    };
    ask(request, address, port);
  });
}

module.exports = { lookupService, lookupServicePromise };
