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
const { endsWith, includes, lastIndexOf, mapGet, mapSet, regExpExec, slice, startsWith } = require('internal/captured');
const { getOptionValue } = require('internal/options');
const { builtinId } = require('internal/modules/builtins');
const { checkImportsName, importConditions, resolveImports, resolvePackage } = require('internal/modules/package_exports');
const { findScope } = require('internal/modules/package_json');
const { stat, toRealPath } = require('internal/modules/resolve');
const { resolve: resolvePath } = require('path');

const FILE = 0;
const FOLDER = 1;

/** Paths and relative specifiers that a URL writes as they are. */
const plain = /^[\w\-./@+]+$/;
const encodedSeparator = /%2f|%5c/i;

const isPlain = (text) => regExpExec(plain, text) !== null;

/** Whether a path's name in a URL means what `path.resolve` makes of it. */
const isDirect = (path) => isPlain(path) && !includes(path, '//');

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

/**
 * The URL of the file that a path names, or an error.
 * @param {string} path
 * @param {string} suffix what follows the path in the URL
 * @param {string | undefined} parent
 * @param {string} [written] the URL as it was written, for errors
 * @returns {string}
 */
function finalize(path, suffix, parent, written) {
  const kind = endsWith(path, '/') ? FOLDER : stat(path);
  if (kind === FOLDER) {
    throw new ERR_UNSUPPORTED_DIR_IMPORT(path, describe(parent), written ?? urlOf(path) + suffix);
  }
  if (kind !== FILE) throw notFound(path, parent, written ?? urlOf(path) + suffix);
  const isMain = parent === undefined;
  const keepsLinks = getOptionValue(isMain ? '--preserve-symlinks-main' : '--preserve-symlinks') === true;
  return urlOf(keepsLinks ? path : toRealPath(path)) + suffix;
}

function notFound(path, parent, url) {
  if (parent === undefined) {
    const error = new Error(`Cannot find module '${path}'`);
    error.code = 'ERR_MODULE_NOT_FOUND';
    return error;
  }
  return new ERR_MODULE_NOT_FOUND(path, describe(parent), url);
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
  return finalize(path, url.search + url.hash, parent, url.href);
}

function setSpecifier(error, input, module) {
  const open = { __proto__: null, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(error, 'input', { __proto__: null, ...open, value: input });
  Object.defineProperty(error, 'module', { __proto__: null, ...open, value: module });
}

function resolveRelative(specifier, parent) {
  if (parent !== undefined && startsWith(parent, 'file:') && isDirect(specifier) && isDirect(slice(parent, 7))) {
    const path = resolvePath(slice(parent, 7, lastIndexOf(parent, '/') + 1), specifier);
    return finalize(endsLikeFolder(specifier) && path !== '/' ? `${path}/` : path, '', parent);
  }
  let url;
  try {
    url = new (require('web/url').URL)(specifier, parent);
  } catch (error) {
    throw unsupported(specifier, parent, error);
  }
  return finishURL(url, specifier, parent);
}

const endsLikeFolder = (specifier) => regExpExec(/(?:^|\/)\.{0,2}$/, specifier) !== null;

function finishURL(url, specifier, parent) {
  const { protocol } = url;
  if (protocol === 'file:') return finalizeURL(url, parent);
  return protocol === 'node:' ? specifier : url.href;
}

function resolveFileURL(specifier, parent) {
  const path = slice(specifier, 7);
  if (startsWith(specifier, 'file:///') && isDirect(path) && !endsLikeFolder(path)) return finalize(resolvePath(path), '', parent);
  return finalizeURL(new (require('web/url').URL)(specifier), parent);
}

/** A file that was found by name, or by a URL where its name is more than a path. */
function fromFile(found, parent) {
  if (typeof found !== 'string') return finalizeURL(found, parent);
  return startsWith(found, 'node:') ? found : finalize(found, '', parent);
}

function resolveBare(specifier, parent, conditions) {
  const id = builtinId(specifier);
  if (id !== undefined) return `node:${id}`;
  const isFile = startsWith(parent, 'file:');
  if (specifier[0] === '#') {
    const base = pathOf(parent);
    checkImportsName(specifier, base);
    return fromFile(resolveImports(findScope(base), specifier, base, conditions), parent);
  }
  const url = require('web/url').URL.parse(specifier);
  if (url !== null) return finishURL(url, specifier, parent);
  if (!isFile) throw refusal(specifier, parent);
  return fromFile(resolvePackage(specifier, pathOf(parent), conditions), parent);
}

/** Packages are looked for from files alone. */
function refusal(specifier, parent) {
  if (startsWith(parent, 'data:') || require('web/url').URL.parse(parent) === null) {
    return unsupported(specifier, parent, new ERR_INVALID_URL(specifier));
  }
  return new ERR_INVALID_URL(parent);
}

function unsupported(specifier, parent, cause) {
  const error = new ERR_UNSUPPORTED_RESOLVE_REQUEST(specifier, parent);
  error.cause = cause;
  return error;
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
  if (startsWith(specifier, 'node:')) return specifier;
  if (startsWith(specifier, 'file:')) return resolveFileURL(specifier, parent);
  return isRelative(specifier) ?
      resolveRelative(specifier, parent) :
      resolveBare(specifier, parent, conditions);
}

/** @throws {Error} where no hook and no format takes the scheme of `url`, and where it names no built-in module */
function checkScheme(url) {
  if (startsWith(url, 'file:') || startsWith(url, 'data:') || builtinId(url) !== undefined) return;
  const parsed = new (require('web/url').URL)(url);
  const { protocol } = parsed;
  if (protocol === 'node:') throw new ERR_UNKNOWN_BUILTIN_MODULE(url);
  const { hasLoaders, hasResolvers, hasThread } = require('internal/modules/hook_lists');
  const isWeb = protocol === 'http:' || protocol === 'https:';
  const isEarly = isWeb && !hasLoaders() && !hasResolvers() && !hasThread();
  throw new ERR_UNSUPPORTED_ESM_URL_SCHEME(parsed, isEarly ? ['file', 'data'] : ['file', 'data', 'node']);
}

module.exports = { checkScheme, describe, pathOf, resolve, urlOf };
