// `dns.lookup`: names of hosts, by the system's own resolver.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
  dnsException,
} = require('internal/errors');
const {
  validateBoolean, validateFunction, validateNumber, validateOneOf, validateString,
} = require('internal/validators');
const { isIP } = require('internal/net_address');
const wanted = require('internal/perf/wanted');
const { kPerformance, now, report } = require('internal/dns/performance');
const binding = internalBinding('dns');

/** The flags of `hints`, as the resolver numbers them. */
const ADDRCONFIG = 0x20;
const V4MAPPED = 0x08;
const ALL = 0x10;

/** The numbers of the orders of results. */
const ORDERS = { verbatim: 0, ipv4first: 1, ipv6first: 2 };

let defaultOrder = 'verbatim';

/** @returns {'verbatim' | 'ipv4first' | 'ipv6first'} */
function getDefaultResultOrder() {
  return defaultOrder;
}

/**
 * @param {'verbatim' | 'ipv4first' | 'ipv6first'} value
 * @param {string} name  what messages call it
 */
function checkOrder(value, name) {
  validateOneOf(value, name, ['verbatim', 'ipv4first', 'ipv6first']);
}

function setDefaultResultOrder(value) {
  checkOrder(value, 'dnsOrder');
  defaultOrder = value;
}

/** Takes the order of the command line, when the program begins. */
function useOption(value) {
  checkOrder(value, '--dns-result-order');
  defaultOrder = value;
}

function validateHints(hints) {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', hints);
}

/** @returns {0 | 4 | 6} */
function checkFamily(family, namesAllowed) {
  if (namesAllowed && family === 'IPv4') return 4;
  if (namesAllowed && family === 'IPv6') return 6;
  validateOneOf(family, 'options.family', [0, 4, 6]);
  return family;
}

function checkOptions(options, namesAllowed) {
  const checked = { hints: 0, family: 0, all: false, order: getDefaultResultOrder() };
  if (options?.hints !== undefined && options.hints !== null) {
    validateNumber(options.hints, 'options.hints');
    checked.hints = options.hints >>> 0;
    validateHints(checked.hints);
  }
  if (options?.family !== undefined && options.family !== null) {
    checked.family = checkFamily(options.family, namesAllowed);
  }
  if (options?.all !== undefined && options.all !== null) {
    validateBoolean(options.all, 'options.all');
    checked.all = options.all;
  }
  if (options?.verbatim !== undefined && options.verbatim !== null) {
    validateBoolean(options.verbatim, 'options.verbatim');
    checked.order = options.verbatim ? 'verbatim' : 'ipv4first';
  }
  if (options?.order !== undefined && options.order !== null) {
    checkOrder(options.order, 'options.order');
    checked.order = options.order;
  }
  return checked;
}

/** What the resolver understands of an international name. */
function toASCII(hostname) {
  return /^[\0-\x7f]*$/.test(hostname) ? hostname.toLowerCase() : require('internal/url').domainToASCII(hostname);
}

function familyOf(address) {
  return address.includes(':') ? 6 : 4;
}

/** A lookup under way: what `dns.lookup` returns. */
class GetAddrInfoReqWrap {}

function onlookup(status, addresses) {
  if (status !== 0) {
    this.callback(dnsException(status, 'getaddrinfo', this.hostname));
    return;
  }
  this.callback(null, addresses[0], this.family || familyOf(addresses[0]));
  finish(this, addresses);
}

function onlookupall(status, addresses) {
  if (status !== 0) {
    this.callback(dnsException(status, 'getaddrinfo', this.hostname));
    return;
  }
  const { family } = this;
  const all = addresses.map((address) => ({ address, family: family || familyOf(address) }));
  this.callback(null, all);
  finish(this, all);
}

function finish(request, addresses) {
  if (request[kPerformance] === undefined) return;
  const { hints, order, start } = request[kPerformance];
  const { hostname, family } = request;
  report('lookup', start, { hostname, family, hints, verbatim: order === 'verbatim', order, addresses });
}

/**
 * Asks the system's resolver.
 * @param {GetAddrInfoReqWrap} request  with `family`, `hostname` and `oncomplete(status, addresses)`
 * @param {{ hints: number, order: string }} options
 */
function ask(request, { hints, order }) {
  if (wanted.dns > 0) request[kPerformance] = { hints, order, start: now() };
  binding.getaddrinfo(toASCII(request.hostname), request.family, hints, ORDERS[order], (refusal, answer) => {
    if (refusal) request.oncomplete(refusal.code);
    else if (typeof answer === 'number') request.oncomplete(answer);
    else request.oncomplete(0, answer);
  });
}

/**
 * @param {string} hostname
 * @param {object | number | string | Function} options  `family`, `hints`, `all`, `order`, `verbatim`
 * @param {(error: Error | null, address: string | { address: string, family: number }[], family?: number) => void}
 *   callback
 * @returns {object} the request
 */
function lookup(hostname, options, callback) {
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  } else if (typeof options === 'number') {
    validateFunction(callback, 'callback');
    validateOneOf(options, 'family', [0, 4, 6]);
    options = { family: options };
  } else if (options !== undefined && typeof options !== 'object') {
    validateFunction(arguments.length === 2 ? options : callback, 'callback');
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  } else {
    validateFunction(callback, 'callback');
  }
  const checked = checkOptions(options, true);
  if (!hostname) throw new ERR_INVALID_ARG_VALUE('hostname', hostname, 'must be a non-empty string');
  const known = isIP(hostname);
  if (known !== 0) {
    if (checked.all) process.nextTick(callback, null, [{ address: hostname, family: known }]);
    else process.nextTick(callback, null, hostname, known);
    return {};
  }
  const request = new GetAddrInfoReqWrap();
  request.callback = callback;
  request.family = checked.family;
  request.hostname = hostname;
  request.oncomplete = checked.all ? onlookupall : onlookup;
  ask(request, checked);
  return request;
}

Object.defineProperty(lookup, Symbol.for('nodejs.util.promisify.args'), {
  value: ['address', 'family'],
  enumerable: false,
});

/**
 * `dns.promises.lookup`
 * @param {string} hostname
 * @param {object | number} [options]
 * @returns {Promise<{ address: string, family: number } | { address: string, family: number }[]>}
 */
function lookupPromise(hostname, options) {
  if (hostname) validateString(hostname, 'hostname');
  if (typeof options === 'number') {
    validateOneOf(options, 'family', [0, 4, 6]);
    options = { family: options };
  } else if (options !== undefined && typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', ['integer', 'object'], options);
  }
  const checked = checkOptions(options, false);
  return new Promise((resolve, reject) => {
    if (!hostname) {
      reject(new ERR_INVALID_ARG_VALUE('hostname', hostname, 'must be a non-empty string'));
      return;
    }
    const known = isIP(hostname);
    if (known !== 0) {
      const result = { address: hostname, family: known };
      resolve(checked.all ? [result] : result);
      return;
    }
    const request = new GetAddrInfoReqWrap();
    request.family = checked.family;
    request.hostname = hostname;
    request.callback = (error, address, family) => {
      if (error) reject(error);
      else resolve(checked.all ? address : { address, family });
    };
    request.oncomplete = checked.all ? onlookupall : onlookup;
    ask(request, checked);
  });
}

/** What programs see as `dns`, once it is loaded. */
let published;

/** Called by `dns` with what it exports. */
function publish(dns) {
  published = dns;
}

/** @returns {Function} what `net` looks names up with: the program may have replaced `dns.lookup` */
function current() {
  return published === undefined ? lookup : published.lookup;
}

module.exports = {
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  current,
  getDefaultResultOrder,
  lookup,
  lookupPromise,
  publish,
  setDefaultResultOrder,
  toASCII,
  useOption,
};
