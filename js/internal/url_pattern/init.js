// Completes the components that a pattern, or what is matched with one, is given as.
'use strict';

const { URL } = require('web/url');
const canonicalize = require('internal/url_pattern/canonicalize');
const { escapePattern } = require('internal/url_pattern/parts');

/** In the order in which a component of the base is used: only while nothing before it is given. */
const names = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

const withoutColon = (text) => (text.endsWith(':') ? text.slice(0, -1) : text);

function inheritFrom(base, init, result, isPattern) {
  const take = isPattern ? escapePattern : (text) => text;
  const has = (...given) => given.some((name) => init[name] !== undefined);
  if (!has('protocol')) result.protocol = take(withoutColon(base.protocol));
  if (!isPattern && !has('protocol', 'hostname', 'port', 'username')) result.username = base.username;
  if (!isPattern && !has('protocol', 'hostname', 'port', 'username', 'password')) result.password = base.password;
  if (has('protocol', 'hostname')) return;
  result.hostname = take(base.hostname);
  if (has('port')) return;
  result.port = base.port;
  if (has('pathname')) return;
  result.pathname = take(base.pathname);
  if (has('search')) return;
  result.search = take(base.search.slice(1));
  if (has('hash')) return;
  result.hash = take(base.hash.slice(1));
}

function isAbsolute(pathname, isPattern) {
  if (pathname.startsWith('/')) return true;
  return isPattern && (pathname.startsWith('\\/') || pathname.startsWith('{/'));
}

function hasOpaquePath(url) {
  return !url.pathname.startsWith('/') && url.pathname !== '';
}

function resolvePathname(pathname, base, isPattern) {
  if (base === undefined || hasOpaquePath(base) || isAbsolute(pathname, isPattern)) return pathname;
  const basePath = isPattern ? escapePattern(base.pathname) : base.pathname;
  const slash = basePath.lastIndexOf('/');
  return slash === -1 ? pathname : basePath.slice(0, slash + 1) + pathname;
}

/**
 * @param {Record<string, string>} init
 * @param {boolean} isPattern whether the components are patterns, which stay as they are
 * @param {Record<string, string>} result to be completed
 * @returns {Record<string, string>}
 * @throws {TypeError}
 */
function processInit(init, isPattern, result) {
  let base;
  if (init.baseURL !== undefined) {
    base = URL.parse(init.baseURL);
    if (base === null) throw new TypeError('Invalid base URL');
    inheritFrom(base, init, result, isPattern);
  }
  const { protocol, username, password, hostname, port, pathname, search, hash } = init;
  const use = (name, value) => {
    result[name] = isPattern ? value : canonicalize[name](value);
  };
  if (protocol !== undefined) use('protocol', withoutColon(protocol));
  if (username !== undefined) use('username', username);
  if (password !== undefined) use('password', password);
  if (hostname !== undefined) use('hostname', hostname);
  const scheme = result.protocol ?? '';
  if (port !== undefined) result.port = isPattern ? port : canonicalize.port(port, scheme);
  if (pathname !== undefined) {
    const resolved = resolvePathname(pathname, base, isPattern);
    const isPath = scheme === '' || canonicalize.specialSchemes.has(scheme);
    if (isPattern) result.pathname = resolved;
    else result.pathname = isPath ? canonicalize.pathname(resolved) : canonicalize.opaquePathname(resolved);
  }
  if (search !== undefined) use('search', search.startsWith('?') ? search.slice(1) : search);
  if (hash !== undefined) use('hash', hash.startsWith('#') ? hash.slice(1) : hash);
  return result;
}

module.exports = { names, processInit };
