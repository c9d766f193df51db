// Proxies of HTTP clients, as variables of the environment name them: HTTP_PROXY, HTTPS_PROXY and NO_PROXY,
// also in lower case, which goes first.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_PROXY_INVALID_CONFIG },
  genericNodeError,
} = require('internal/errors');
const { isIPv4 } = require('internal/net_address');

/** A proxy, and the hosts that are reached without it. */
class ProxyConfig {
  constructor(text, noProxy) {
    // A line end, which a URL loses, would begin a field of a program's choice.
    const url = /[\r\n]/.test(text) ? null : URL.parse(text);
    if (url === null) throw new ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${text}`);
    const { hostname, protocol, username, password } = url;
    if (username === '' && password === '') {
      this.href = text;
      this.protocol = protocol;
    } else {
      url.username = '';
      url.password = '';
      this.href = url.href;
      this.protocol = protocol;
      const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.auth = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
    this.bypassList = noProxy ? noProxy.split(',').map((entry) => entry.trim().toLowerCase()) : [];
    this.proxyConnectionOptions = {
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port: url.port ? Number(url.port) : protocol === 'https:' ? 443 : 80,
    };
  }
}

function variable(env, name) {
  return env[name.toLowerCase()] || env[name];
}

/** @returns {string | undefined} the URL of the proxy for a protocol, as the environment has it */
function proxyUrl(env, protocol) {
  return variable(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
}

/**
 * @returns {object | undefined} the variables of the environment, where the command line or one of them asks that proxies
 *   be taken from there
 * @throws {TypeError} if one of them is no URL
 */
function environment() {
  const { getOptionValue } = require('internal/options');
  if (!getOptionValue('--use-env-proxy')) {
    const options = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv];
    if (process.env.NODE_USE_ENV_PROXY !== '1' || options.includes('--no-use-env-proxy')) return undefined;
  }
  for (const protocol of ['http:', 'https:']) {
    const text = proxyUrl(process.env, protocol);
    if (text) new URL(text);
  }
  return process.env;
}

/**
 * @param {object} env  variables of the environment
 * @param {string} protocol  of the servers: `http:` or `https:`
 * @returns {ProxyConfig | null} null if there is no proxy that is spoken to by HTTP
 * @throws {ERR_PROXY_INVALID_CONFIG}
 */
function proxyFor(env, protocol) {
  const text = proxyUrl(env, protocol);
  if (!text) return null;
  if (!text.startsWith('http://') && !text.startsWith('https://')) return null;
  return new ProxyConfig(text, variable(env, 'NO_PROXY'));
}

function addressToNumber(address) {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

/** Whether an entry of NO_PROXY stands for a host. */
function covers(entry, host, hostWithPort) {
  if (entry === '') return false;
  if (entry === '*' || entry === host || entry === hostWithPort) return true;
  if (entry.startsWith('*.')) return host.endsWith(entry.slice(1));
  if (entry.startsWith('.')) return host.endsWith(entry) || host === entry.slice(1);
  if (entry.includes('-') && isIPv4(host)) {
    const [first, last] = entry.split('-').map((text) => text.trim());
    if (!isIPv4(first) || !isIPv4(last)) return false;
    const number = addressToNumber(host);
    return addressToNumber(first) <= number && number <= addressToNumber(last);
  }
  return false;
}

/**
 * @param {ProxyConfig} config
 * @param {object} options  of a request, with `host` and `port`
 * @returns {boolean} whether the request goes through the proxy
 */
function goesThrough(config, options) {
  if (options.socketPath) return false;
  const host = (options.host || 'localhost').toLowerCase();
  const hostWithPort = `${host}:${options.port}`;
  return !config.bypassList.some((entry) => covers(entry, host, hostWithPort));
}

/**
 * Connects to a proxy that passes requests on, in the place of the server.
 * @param {ProxyConfig} config
 * @returns {net.Socket}
 */
function connectToProxy(config) {
  const module = config.protocol === 'https:' ? require('tls') : require('net');
  return module.connect(config.proxyConnectionOptions);
}

/** Checks that what a program says about the server does not contradict itself: the proxy goes by one of them. */
function checkAuthority(options, authority) {
  const { headers } = options;
  if (!headers) return;
  const { name, value } = findHost(headers);
  if (name === undefined) return;
  const given = typeof value === 'string' ? URL.parse(`http://${value}`)?.host : undefined;
  if (given === undefined || given !== URL.parse(`http://${authority}`)?.host) {
    throw new ERR_INVALID_ARG_VALUE(
      `${name} in options.headers`, value, `must match the request authority (${authority})`);
  }
}

function findHost(headers) {
  for (const [name, value] of fieldsOf(headers)) {
    if (name.toLowerCase() === 'host') return { name, value };
  }
  return {};
}

/** The fields of `options.headers`: an object, a flat list, or a list of pairs. */
function fieldsOf(headers) {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (Array.isArray(headers[0])) return headers;
  const fields = [];
  for (let i = 0; i + 1 < headers.length; i += 2) fields.push([headers[i], headers[i + 1]]);
  return fields;
}

/** The target of a request to a proxy: a whole URL. */
function absoluteTarget(req, path, authority) {
  const server = new URL(`http://${authority}`);
  if (req.method === 'OPTIONS' && path === '*') return { target: path, host: server.host };
  if (path.startsWith('/')) return { target: `http://${server.host}${path}`, host: server.host };
  const url = URL.parse(path);
  if (url === null) throw new ERR_INVALID_ARG_VALUE('options.path', path, 'must be in absolute-form or start with /');
  if (url.protocol !== 'http:') {
    throw new ERR_INVALID_ARG_VALUE(
      'options.path', url.protocol, 'must use http: scheme when specified as an absolute URL');
  }
  if (url.host !== server.host) {
    throw new ERR_INVALID_ARG_VALUE('options.path', url, `must match the request authority (${authority})`);
  }
  return { target: url.href, host: server.host };
}

/**
 * Makes a request one to a proxy.
 * @param {ClientRequest} req  with its fields
 * @param {ProxyConfig} config
 * @param {object} options  of the request
 * @param {string} authority  the server, as the field `Host` has it
 * @returns {boolean} whether it names the server in its first line now
 */
function rewriteRequest(req, config, options, authority) {
  const isTunnel = req.method === 'CONNECT';
  if (!isTunnel) {
    checkAuthority(options, authority);
    const { target, host } = absoluteTarget(req, req.path, authority);
    req.path = target;
    if (req.getHeader('host')) req.setHeader('Host', host);
  }
  if (config.auth) req.setHeader('proxy-authorization', config.auth);
  req.setHeader('proxy-connection', req.shouldKeepAlive ? 'keep-alive' : 'close');
  return !isTunnel;
}

/** Checks the variables for `setGlobalProxyFromEnv`. */
function checkProxyUrl(text) {
  const url = URL.parse(text);
  if (url === null) throw new ERR_PROXY_INVALID_CONFIG(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return;
  const error = genericNodeError('Invalid URL protocol: the URL must start with `http:` or `https:`.', {
    code: 'UND_ERR_INVALID_ARG',
  });
  error.name = 'InvalidArgumentError';
  throw error;
}

/**
 * Has the global agents use the proxies of an environment.
 * @param {object} env
 * @returns {() => void} gives the agents of before back
 */
function useGlobally(env) {
  const urls = [proxyUrl(env, 'http:'), proxyUrl(env, 'https:')];
  if (!urls[0] && !urls[1]) return () => {};
  for (const url of urls) {
    if (url) checkProxyUrl(url);
  }
  const restorers = [];
  if (urls[0]) restorers.push(replaceGlobalAgent(require('http'), env));
  if (urls[1]) restorers.push(replaceGlobalAgent(require('https'), env));
  restorers.push(require('internal/fetch/proxies').useProxies(env));
  return function restore() {
    for (const restoreAgent of restorers) restoreAgent();
  };
}

function replaceGlobalAgent(module, env) {
  const before = module.globalAgent;
  module.globalAgent = new module.Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000, proxyEnv: env });
  return () => {
    module.globalAgent = before;
  };
}

module.exports = { ProxyConfig, connectToProxy, environment, goesThrough, proxyFor, rewriteRequest, useGlobally };
