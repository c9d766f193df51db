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
const { getOptionValue } = require('internal/options');
const binding = internalBinding('dns');

/** The flags of `hints`, as the resolver numbers them. */
const ADDRCONFIG = 0x20;
const V4MAPPED = 0x08;
const ALL = 0x10;

/** The numbers of the orders of results. */
const ORDERS = { verbatim: 0, ipv4first: 1, ipv6first: 2 };

let defaultOrder;

/** @returns {'verbatim' | 'ipv4first' | 'ipv6first'} */
function getDefaultResultOrder() {
  return defaultOrder ??= getOptionValue('--dns-result-order') || 'verbatim';
}

function setDefaultResultOrder(value) {
  validateOneOf(value, 'dnsOrder', ['verbatim', 'ipv4first', 'ipv6first']);
  defaultOrder = value;
}

function validateHints(hints) {
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0) throw new ERR_INVALID_ARG_VALUE('hints', hints);
}

function checkFamily(family) {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  validateOneOf(family, 'options.family', [0, 4, 6]);
  return family;
}

function checkOptions(options) {
  const checked = { hints: 0, family: 0, all: false, order: getDefaultResultOrder() };
  if (options?.hints !== undefined && options.hints !== null) {
    validateNumber(options.hints, 'options.hints');
    checked.hints = options.hints >>> 0;
    validateHints(checked.hints);
  }
  if (options?.family !== undefined && options.family !== null) checked.family = checkFamily(options.family);
  if (options?.all !== undefined && options.all !== null) {
    validateBoolean(options.all, 'options.all');
    checked.all = options.all;
  }
  if (options?.verbatim !== undefined && options.verbatim !== null) {
    validateBoolean(options.verbatim, 'options.verbatim');
    checked.order = options.verbatim ? 'verbatim' : 'ipv4first';
  }
  if (options?.order !== undefined && options.order !== null) {
    validateOneOf(options.order, 'options.order', ['verbatim', 'ipv4first', 'ipv6first']);
    checked.order = options.order;
  }
  return checked;
}

/** What the resolver understands of an international name. */
function toASCII(hostname) {
  return /^[\0-\x7f]*$/.test(hostname) ? hostname : require('internal/url').domainToASCII(hostname);
}

function familyOf(address) {
  return address.includes(':') ? 6 : 4;
}

/** Answers without asking anybody. */
function answerNT(callback, all, address, family) {
  if (all) process.nextTick(callback, null, address === null ? [] : [{ address, family }]);
  else process.nextTick(callback, null, address, family);
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
  const { hints, family, all, order } = checkOptions(options);
  if (!hostname) {
    if (hostname !== '' && hostname !== undefined && hostname !== null) {
      throw new ERR_INVALID_ARG_VALUE('hostname', hostname, 'must be a non-empty string');
    }
    answerNT(callback, all, null, family === 6 ? 6 : 4);
    return {};
  }
  const known = isIP(hostname);
  if (known) {
    answerNT(callback, all, hostname, known);
    return {};
  }
  const request = { hostname, family, all, callback };
  binding.getaddrinfo(toASCII(hostname), family, hints, ORDERS[order], (_, answer) => {
    settle(request, answer);
  });
  return request;
}

function settle({ hostname, family, all, callback }, answer) {
  if (typeof answer === 'number') {
    callback(dnsException(answer, 'getaddrinfo', hostname));
  } else if (all) {
    callback(null, answer.map((address) => ({ address, family: family || familyOf(address) })));
  } else {
    callback(null, answer[0], family || familyOf(answer[0]));
  }
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
  publish,
  setDefaultResultOrder,
};
