// The proxies of fetch: those of the environment where the command line asks for them, or what
// `http.setGlobalProxyFromEnv` was given.
'use strict';

const { goesThrough, proxyFor } = require('internal/http/proxy');
const { getOptionValue } = require('internal/options');

/** @type {{ http: ProxyConfig | null, https: ProxyConfig | null } | null | undefined} undefined: not looked at yet */
let proxies;

function read(env) {
  const http = proxyFor(env, 'http:');
  return { http, https: proxyFor(env, 'https:') ?? http };
}

function current() {
  if (proxies === undefined) {
    const isWanted = getOptionValue('--use-env-proxy') || process.env.NODE_USE_ENV_PROXY === '1';
    proxies = isWanted ? read(process.env) : null;
  }
  return proxies;
}

/**
 * @param {URL} url
 * @returns {ProxyConfig | null} the proxy that a request goes through
 */
function proxyOf(url) {
  const known = current();
  if (known === null) return null;
  const isSecure = url.protocol === 'https:';
  const proxy = isSecure ? known.https : known.http;
  if (proxy === null) return null;
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return goesThrough(proxy, { host, port }) ? proxy : null;
}

/**
 * @param {object} env variables that name proxies
 * @returns {() => void} gives back what was before
 */
function useProxies(env) {
  const before = current();
  proxies = read(env);
  return () => {
    proxies = before;
  };
}

module.exports = { proxyOf, useProxies };
