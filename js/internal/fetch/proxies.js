// The proxies of fetch: those of the environment where it is asked for, or what `http.setGlobalProxyFromEnv` was
// given.
'use strict';

const { globalProxyEnv } = require('_http_agent');

/** @type {{ http: ProxyConfig | null, https: ProxyConfig | null } | null | undefined} undefined: not looked at */
let proxies;

function read(env) {
  const { proxyFor } = require('internal/http/proxy');
  const http = proxyFor(env, 'http:');
  return { http, https: proxyFor(env, 'https:') ?? http };
}

function current() {
  if (proxies === undefined) {
    const env = globalProxyEnv();
    proxies = env === undefined ? null : read(env);
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
  return require('internal/http/proxy').goesThrough(proxy, { host, port }) ? proxy : null;
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
