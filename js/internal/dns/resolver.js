// `Resolver`, in its two forms, and the resolvers that `dns` itself uses.
'use strict';

const {
  codes: { ERR_DNS_SET_SERVERS_FAILED, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS },
  dnsException,
} = require('internal/errors');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const {
  validateArray, validateFunction, validateInt32, validatePort, validateString, validateUint32,
} = require('internal/validators');
const { isIP, isIPv4 } = require('internal/net_address');
const wanted = require('internal/perf/wanted');
const { tracing } = require('internal/tracing');
const { ChannelWrap } = require('internal/dns/channel');
const { toASCII } = require('internal/dns/lookup');
const { kPerformance, now, report } = require('internal/dns/performance');

/** The port of name servers. */
const PORT = 53;

const bracketed = /^\[([^[\]]*)\](?::(\d*))?/;
const withPort = /^(.+?)(?::(\d+))?$/;

/** The address and the port of a server, as `setServers` takes it. */
function parseServer(server) {
  if (isIP(server) !== 0) return { address: server, port: PORT };
  const [, address, port] = bracketed.exec(server) ?? withPort.exec(server) ?? [];
  if (address === undefined || isIP(address) === 0) throw new ERR_INVALID_IP_ADDRESS(server);
  return { address, port: validatePort(Number(port) || PORT) };
}

/** A server as `getServers` shows it. */
function formatServer([address, port]) {
  if (port === PORT) return address;
  return isIPv4(address) ? `${address}:${port}` : `[${address}]:${port}`;
}

function checkLocalAddress(address, name) {
  validateString(address, name);
  const version = isIP(address);
  if (version === 0) throw invalidAddress('Invalid IP address.');
  return version;
}

function invalidAddress(message) {
  const error = new ERR_INVALID_ARG_VALUE('address', message);
  error.message = message;
  return error;
}

class ResolverBase {
  /** @param {{ timeout?: number, tries?: number, maxTimeout?: number }} [options] */
  constructor(options = undefined) {
    const { timeout = -1, tries = 4, maxTimeout = 0 } = options ?? {};
    validateInt32(timeout, 'options.timeout', -1);
    validateInt32(tries, 'options.tries', 1);
    validateUint32(maxTimeout, 'options.maxTimeout');
    this._handle = new ChannelWrap(timeout, tries, maxTimeout);
    this._handle[kTransferMode] = kUncloneable;
  }

  /** Those who wait get ECANCELLED. */
  cancel() {
    this._handle.cancel();
  }

  /** @returns {string[]} */
  getServers() {
    return (this._handle.getServers() || []).map(formatServer);
  }

  /** @param {string[]} servers  addresses, with or without a port */
  setServers(servers) {
    validateArray(servers, 'servers');
    const parsed = [];
    servers.forEach((server, index) => {
      validateString(server, `servers[${index}]`);
      parsed.push(parseServer(server));
    });
    if (!this._handle.setServers(parsed)) {
      throw new ERR_DNS_SET_SERVERS_FAILED('There are pending queries.', servers);
    }
  }

  /**
   * Where queries come from.
   * @param {string} ipv4
   * @param {string} [ipv6]
   */
  setLocalAddress(ipv4, ipv6) {
    const first = checkLocalAddress(ipv4, 'ipv4');
    const second = ipv6 === undefined ? 0 : checkLocalAddress(ipv6, 'ipv6');
    if (first === second) throw invalidAddress(`Cannot specify two IPv${first} addresses.`);
    if (first === 4) this._handle.setLocalAddresses(ipv4, ipv6);
    else this._handle.setLocalAddresses(ipv6, ipv4);
  }
}

/** A question under way: what `resolve4` and its like return. */
class QueryReqWrap {}

function onresolve(code, result) {
  if (this[kTrace] !== undefined) endTrace(this, code);
  if (code !== null) {
    this.callback(dnsException(code, this.bindingName, this.hostname));
    return;
  }
  this.callback(null, result);
  if (this[kPerformance] === undefined) return;
  const { bindingName: name, hostname: host, ttl } = this;
  report(name, this[kPerformance], { host, ttl, result });
}

/** On a question: its number in trace events. */
const kTrace = Symbol('trace');

/** What a question is called in trace events. */
function traceName({ bindingName: kind }) {
  if (kind === 'getHostByAddr') return 'reverse';
  if (kind === 'queryA') return 'resolve4';
  return kind === 'queryAaaa' ? 'resolve6' : `resolve${kind.slice('query'.length)}`;
}

function beginTrace(request) {
  const { beginQuestion } = require('internal/tracing');
  const { hostname: name } = request;
  const isReverse = request.bindingName === 'getHostByAddr';
  const args = isReverse ? { name, family: isIPv4(name) ? 'ipv4' : 'ipv6' } : { name };
  request[kTrace] = beginQuestion(traceName(request), args);
}

function endTrace(request, code) {
  const args = code === null ? undefined : { error: code };
  require('internal/tracing').endQuestion(traceName(request), request[kTrace], args);
}

/** Asks; throws where the name is none. */
function ask(resolver, request) {
  const { bindingName: kind, hostname } = request;
  if (wanted.dns > 0) request[kPerformance] = now();
  if (tracing.dns) beginTrace(request);
  const { _handle: handle } = resolver;
  const name = toASCII(hostname);
  const status = kind === 'getHostByAddr' ? handle.getHostByAddr(request, name) : handle.query(kind, request, name);
  if (status) throw dnsException(status, kind, hostname);
}

function newRequest(kind, hostname, options, callback) {
  const request = new QueryReqWrap();
  request.bindingName = kind;
  request.callback = callback;
  request.hostname = hostname;
  request.oncomplete = onresolve;
  request.ttl = Boolean(options?.ttl);
  return request;
}

function withCallback(kind) {
  const query = function(name, callback) {
    let options;
    if (arguments.length > 2) {
      options = callback;
      callback = arguments[2];
    }
    validateString(name, 'name');
    validateFunction(callback, 'callback');
    const request = newRequest(kind, name, options, callback);
    ask(this, request);
    return request;
  };
  return Object.defineProperty(query, 'name', { value: kind });
}

function withPromise(kind) {
  const query = function(name, options) {
    validateString(name, 'name');
    return new Promise((resolve, reject) => {
      const settle = (error, result) => (error ? reject(error) : resolve(result));
      ask(this, newRequest(kind, name, options, settle));
    });
  };
  return Object.defineProperty(query, 'name', { value: kind });
}

/** The methods of a resolver, in the order in which programs see them, and the types that `resolve` takes. */
const METHODS = {
  resolveAny: ['queryAny', 'ANY'],
  resolve4: ['queryA', 'A'],
  resolve6: ['queryAaaa', 'AAAA'],
  resolveCaa: ['queryCaa', 'CAA'],
  resolveCname: ['queryCname', 'CNAME'],
  resolveMx: ['queryMx', 'MX'],
  resolveNs: ['queryNs', 'NS'],
  resolveTlsa: ['queryTlsa', 'TLSA'],
  resolveTxt: ['queryTxt', 'TXT'],
  resolveSrv: ['querySrv', 'SRV'],
  resolvePtr: ['queryPtr', 'PTR'],
  resolveNaptr: ['queryNaptr', 'NAPTR'],
  resolveSoa: ['querySoa', 'SOA'],
  reverse: ['getHostByAddr', undefined],
};

/** Gives a class of resolvers its methods; the result are those by the type of what they ask for. */
function addMethods(Resolver, make) {
  const byType = { __proto__: null };
  for (const [name, [kind, type]] of Object.entries(METHODS)) {
    Resolver.prototype[name] = make(kind);
    if (type !== undefined) byType[type] = Resolver.prototype[name];
  }
  return byType;
}

function methodOf(byType, type) {
  if (byType[type] === undefined) throw new ERR_INVALID_ARG_VALUE('rrtype', type);
  return byType[type];
}

/** `dns.Resolver`: answers by callbacks. */
const CallbackResolver = class Resolver extends ResolverBase {};
const callbackMethods = addMethods(CallbackResolver, withCallback);

CallbackResolver.prototype.resolve = function resolve(hostname, rrtype, callback) {
  if (typeof rrtype === 'function') {
    callback = rrtype;
    rrtype = 'A';
  } else {
    validateString(rrtype, 'rrtype');
  }
  return Reflect.apply(methodOf(callbackMethods, rrtype), this, [hostname, callback]);
};

/** `dns.promises.Resolver`: answers by promises. */
const PromisesResolver = class Resolver extends ResolverBase {};
const promiseMethods = addMethods(PromisesResolver, withPromise);

PromisesResolver.prototype.resolve = function resolve(hostname, rrtype) {
  if (rrtype === undefined) rrtype = 'A';
  else validateString(rrtype, 'rrtype');
  return Reflect.apply(methodOf(promiseMethods, rrtype), this, [hostname]);
};

/** The methods of its own resolver that a module has as functions. */
const BOUND = [
  'getServers', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa', 'resolveCname', 'resolveMx',
  'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa', 'resolveSrv', 'resolveTlsa', 'resolveTxt', 'reverse',
];

/**
 * Gives a module the methods of a resolver.
 * @param {object} target  `dns` or `dns.promises`
 * @param {ResolverBase} resolver
 */
function bindMethods(target, resolver) {
  for (const name of BOUND) target[name] = resolver[name].bind(resolver);
}

module.exports = { CallbackResolver, PromisesResolver, bindMethods };
