// Node's `module`: the CommonJS loader as programs see it.
'use strict';

const { Module, useCompileCache } = require('internal/modules/cjs');
const sourceMaps = require('internal/source_map/cache');

/** Brings what ECMAScript modules have imported of built-in modules up to date with the objects. */
Module.syncBuiltinESMExports = function syncBuiltinESMExports() {
  require('internal/modules/esm/builtin_exports').syncBuiltinESMExports();
};

/**
 * @param {{ resolve?: Function, load?: Function }} hooks that take part in finding and reading modules
 * @returns {object} with `deregister`
 */
Module.registerHooks = require('internal/modules/hooks').registerHooks;

/**
 * @param {string | URL} specifier of a module with hooks, which are run on a thread of their own
 * @param {string | URL | object} [parentURL] what `specifier` is relative to
 * @param {{ parentURL?: string | URL, data?: any, transferList?: object[] }} [options]
 */
Module.register = function register(specifier, parentURL = undefined, options = undefined) {
  require('internal/modules/register').register(specifier, parentURL, options);
};

Module.constants = {
  __proto__: null,
  compileCacheStatus: Object.freeze({
    __proto__: null,
    FAILED: 0,
    ENABLED: 1,
    ALREADY_ENABLED: 2,
    DISABLED: 3,
  }),
};
Object.freeze(Module.constants);


/**
 * @param {string | { directory?: string, portable?: boolean }} [options] the folder
 * @returns {{ status: number, message?: string, directory?: string }}
 */
Module.enableCompileCache = function enableCompileCache(options) {
  return useCompileCache().enableCompileCache(options);
};

/**
 * @param {string | URL} specifier of a package or of a file in it
 * @param {string | URL} [base] the file that `specifier` is relative to
 * @returns {string | undefined} the path of the package.json
 */
Module.findPackageJSON = function findPackageJSON(specifier, base = undefined) {
  return Reflect.apply(require('internal/modules/find_package').findPackageJSON, undefined, arguments);
};


/** Writes what the compile cache holds. */
Module.flushCompileCache = function flushCompileCache() {
  useCompileCache().flushCompileCache();
};

/** @returns {string | undefined} the folder of the compile cache, where it is on */
Module.getCompileCacheDir = function getCompileCacheDir() {
  return useCompileCache().getCompileCacheDir();
};

/**
 * @param {string} code TypeScript
 * @param {{ mode?: 'strip', sourceUrl?: string }} [options]
 * @returns {string} the text with spaces in the place of types
 */
Module.stripTypeScriptTypes = function stripTypeScriptTypes(code, options = undefined) {
  return require('internal/modules/typescript').stripTypeScriptTypes(code, options);
};

/**
 * @param {string} path of a loaded file, or its URL
 * @returns {SourceMap | undefined}
 */
Module.findSourceMap = sourceMaps.findSourceMap;
Module.SourceMap = require('internal/source_map/source_map').SourceMap;
Module.getSourceMapsSupport = sourceMaps.getSourceMapsSupport;
Module.setSourceMapsSupport = sourceMaps.setSourceMapsSupport;

module.exports = Module;
