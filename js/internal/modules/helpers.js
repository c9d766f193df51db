// The `require` functions that modules and programs get.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { endsWith, startsWith } = require('internal/captured');
const { hasResolvers } = require('internal/modules/hook_lists');
const { validateString } = require('internal/validators');
const { isAbsolute, join } = require('path');

/**
 * @param {Function} Module the class
 * @param {Module} module whose `require` it is
 * @returns {NodeJS.Require}
 */
function makeRequireFunction(Module, module) {
  const requireOwn = function require(path) {
    return module.require(path);
  };
  function resolve(request, options) {
    validateString(request, 'request');
    if (hasResolvers()) return require('internal/modules/cjs_hooks').resolveForRequireResolve(request, module, options);
    return Module._resolveFilename(request, module, false, options);
  }
  requireOwn.resolve = resolve;
  function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, module);
  }
  resolve.paths = paths;
  setMain(requireOwn, process.mainModule);
  requireOwn.extensions = Module._extensions;
  requireOwn.cache = Module._cache;
  return requireOwn;
}

/** The URL of a module, with what a file name does not have, such as a query. */
const kURL = Symbol('kURL');

/** Sets `require.main`, whatever a program has put on the prototypes. */
function setMain(requireOwn, module) {
  Object.defineProperty(requireOwn, 'main', {
    __proto__: null, value: module, writable: true, enumerable: true, configurable: true,
  });
}

function toPath(filename) {
  const isText = typeof filename === 'string';
  if (isText && isAbsolute(filename)) return filename;
  if (isText || (typeof filename === 'object' && filename !== null && typeof filename.href === 'string')) {
    try {
      return require('url').fileURLToPath(filename);
    } catch {
      // All mistakes are told alike.
    }
  }
  const expected = 'must be a file URL object, file URL string, or absolute path string';
  throw new ERR_INVALID_ARG_VALUE('filename', filename, expected);
}

/**
 * @param {Function} Module the class
 * @param {string | URL} filename absolute; with a slash at the end, a folder
 * @returns {NodeJS.Require} as that file would have it
 */
function createRequire(Module, filename) {
  const path = toPath(filename);
  const proxyPath = endsWith(path, '/') ? join(path, 'noop.js') : path;
  const module = new Module(proxyPath);
  module.filename = proxyPath;
  const url = filename.href ?? filename;
  if (startsWith(url, 'file:')) module[kURL] = url;
  module.paths = Module._nodeModulePaths(module.path);
  return makeRequireFunction(Module, module);
}

module.exports = { createRequire, kURL, makeRequireFunction, setMain };
