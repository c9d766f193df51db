// From an import specifier to a URL.
'use strict';

const {
  codes: {
    ERR_INVALID_MODULE_SPECIFIER,
    ERR_INVALID_URL,
    ERR_MODULE_NOT_FOUND,
    ERR_UNKNOWN_BUILTIN_MODULE,
    ERR_UNSUPPORTED_DIR_IMPORT,
    ERR_UNSUPPORTED_ESM_URL_SCHEME,
    ERR_UNSUPPORTED_RESOLVE_REQUEST,
  },
} = require('internal/errors');
const { endsWith, lastIndexOf, mapGet, mapSet, regExpExec, slice, startsWith } = require('internal/captured');
const { getOptionValue } = require('internal/options');
const { builtinId } = require('internal/modules/builtins');
const { importConditions, resolveImports, resolvePackage } = require('internal/modules/package_exports');
const { findScope } = require('internal/modules/package_json');
const { stat, toRealPath } = require('internal/modules/resolve');
const { resolve: resolvePath } = require('path');

const FILE = 0;
const FOLDER = 1;

/** Paths and relative specifiers that a URL writes as they are. */
const plain = /^[\w\-./@+]+$/;
const encodedSeparator = /%2f|%5c/i;

const isPlain = (text) => regExpExec(plain, text) !== null;

const paths = new Map();

/**
 * @param {string} url a `file:` URL
 * @returns {string} its path
 */
function pathOf(url) {
  let path = mapGet(paths, url);
  if (path === undefined) {
    path = slice(url, 7);
    if (!startsWith(path, '/') || !isPlain(path)) path = require('url').fileURLToPath(url);
    mapSet(paths, url, path);
  }
  return path;
}

/**
 * @param {string} path absolute
 * @returns {string} its `file:` URL
 */
function urlOf(path) {
  if (isPlain(path)) return `file://${path}`;
  return require('internal/url').pathToFileURL(path).href;
}

const isRelative = (specifier) =>
  specifier[0] === '/' ||
  (specifier[0] === '.' &&
    (specifier.length === 1 ||
      specifier[1] === '/' ||
      (specifier[1] === '.' && (specifier.length === 2 || specifier[2] === '/'))));

const describe = (parent) => (parent !== undefined && startsWith(parent, 'file:') ? pathOf(parent) : parent);

/** The file of a path that was found by name, with what follows the path in its URL. */
function finalize(path, suffix, parent, written = path) {
  const kind = endsWith(path, '/') ? FOLDER : stat(path);
  if (kind === FOLDER) {
    const url = urlOf(path) + suffix;
    throw new ERR_UNSUPPORTED_DIR_IMPORT(written, describe(parent), url);
  }
  if (kind !== FILE) throw notFound(path, suffix, parent);
  const isMain = parent === undefined;
  const keepsLinks = getOptionValue(isMain ? '--preserve-symlinks-main' : '--preserve-symlinks') === true;
  return urlOf(keepsLinks ? path : toRealPath(path)) + suffix;
}

function notFound(path, suffix, parent) {
  if (parent === undefined) {
    const error = new Error(`Cannot find module '${path}'`);
    error.code = 'ERR_MODULE_NOT_FOUND';
    return error;
  }
  return new ERR_MODULE_NOT_FOUND(path, describe(parent), urlOf(path) + suffix);
}

/** The same for a URL object. */
function finalizeURL(url, parent) {
  const { pathname } = url;
  const base = describe(parent);
  if (regExpExec(encodedSeparator, pathname) !== null) {
    throw new ERR_INVALID_MODULE_SPECIFIER(pathname, 'must not include encoded "/" or "\\" characters', base);
  }
  let path;
  try {
    path = require('url').fileURLToPath(url);
  } catch (error) {
    if (parent !== undefined) setSpecifier(error, url.href, parent);
    throw error;
  }
  return finalize(path, url.search + url.hash, parent);
}

function setSpecifier(error, input, module) {
  const open = { __proto__: null, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(error, 'input', { __proto__: null, ...open, value: input });
  Object.defineProperty(error, 'module', { __proto__: null, ...open, value: module });
}

function resolveRelative(specifier, parent) {
  if (parent !== undefined && startsWith(parent, 'file:') && isPlain(specifier) && isPlain(slice(parent, 7))) {
    const path = resolvePath(slice(parent, 7, lastIndexOf(parent, '/') + 1), specifier);
    return finalize(endsLikeFolder(specifier) && path !== '/' ? `${path}/` : path, '', parent);
  }
  const url = require('web/url').URL.parse(specifier, parent);
  if (url === null) throw new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parent);
  return finishURL(url, parent);
}

const endsLikeFolder = (specifier) => regExpExec(/(?:^|\/)\.{0,2}$/, specifier) !== null;

function finishURL(url, parent) {
  const { protocol } = url;
  if (protocol === 'file:') return finalizeURL(url, parent);
  if (protocol === 'node:') return resolveBuiltin(url.href);
  return url.href;
}

function resolveFileURL(specifier, parent) {
  const path = slice(specifier, 7);
  if (startsWith(specifier, 'file:///') && isPlain(path)) return finalize(resolvePath(path), '', parent);
  return finalizeURL(new (require('web/url').URL)(specifier), parent);
}

function resolveBuiltin(url) {
  if (builtinId(url) === undefined) throw new ERR_UNKNOWN_BUILTIN_MODULE(url);
  return url;
}

function fromFile(found, parent) {
  return startsWith(found, 'node:') ? found : finalize(found, '', parent);
}

function resolveBare(specifier, parent, conditions) {
  const id = builtinId(specifier);
  if (id !== undefined) return `node:${id}`;
  const isFile = startsWith(parent, 'file:');
  if (specifier[0] === '#') {
    const base = pathOf(parent);
    return fromFile(resolveImports(findScope(base), specifier, base, conditions), parent);
  }
  const url = require('web/url').URL.parse(specifier);
  if (url !== null) return finishURL(url, parent);
  if (!isFile) throw refusal(specifier, parent);
  return fromFile(resolvePackage(specifier, pathOf(parent), conditions), parent);
}

/** Packages are looked for from files alone. */
function refusal(specifier, parent) {
  if (startsWith(parent, 'data:') || require('web/url').URL.parse(parent) === null) {
    return new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parent);
  }
  return new ERR_INVALID_URL(parent);
}

/**
 * @param {string} specifier
 * @param {string | undefined} parent URL of who asks; undefined for the main module, whose URL is given
 * @param {Set<string>} [conditions]
 * @returns {string} the URL
 */
function resolve(specifier, parent, conditions = importConditions()) {
  try {
    return find(specifier, parent, conditions);
  } catch (error) {
    if (parent !== undefined) require('internal/modules/esm/hints').addHint(error, specifier, parent);
    throw error;
  }
}

function find(specifier, parent, conditions) {
  if (startsWith(specifier, 'node:')) return resolveBuiltin(specifier);
  if (startsWith(specifier, 'file:')) return resolveFileURL(specifier, parent);
  return isRelative(specifier) ?
      resolveRelative(specifier, parent) :
      resolveBare(specifier, parent, conditions);
}

/** @throws {Error} where no hook and no format takes the scheme of `url` */
function checkScheme(url) {
  if (startsWith(url, 'file:') || startsWith(url, 'data:') || startsWith(url, 'node:')) return;
  const { URL } = require('web/url');
  const { hasLoaders, hasResolvers, hasThread } = require('internal/modules/hook_lists');
  const schemes = hasLoaders() || hasResolvers() || hasThread() ? ['file', 'data', 'node'] : ['file', 'data'];
  throw new ERR_UNSUPPORTED_ESM_URL_SCHEME(new URL(url), schemes);
}

module.exports = { checkScheme, describe, pathOf, resolve, urlOf };
