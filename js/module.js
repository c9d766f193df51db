// Node's `module`: the CommonJS loader as programs see it.
'use strict';

const { Module } = require('internal/modules/cjs');
const { notYet } = require('internal/not_yet');

// Lists of names are kept in what programs see, in the order of Node.
const missing = notYet('module', [
  'register', 'enableCompileCache', 'flushCompileCache', 'getCompileCacheDir',
  'findSourceMap', 'SourceMap',
]);

/** Brings what ECMAScript modules have imported of built-in modules up to date with the objects. */
Module.syncBuiltinESMExports = function syncBuiltinESMExports() {
  require('internal/modules/esm/builtin_exports').syncBuiltinESMExports();
};

/**
 * @param {{ resolve?: Function, load?: Function }} hooks that take part in finding and reading modules
 * @returns {object} with `deregister`
 */
Module.registerHooks = require('internal/modules/hooks').registerHooks;

Module.register = missing.register;

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

Module.enableCompileCache = missing.enableCompileCache;

/**
 * @param {string | URL} specifier of a package or of a file in it
 * @param {string | URL} [base] the file that `specifier` is relative to
 * @returns {string | undefined} the path of the package.json
 */
Module.findPackageJSON = function findPackageJSON(specifier, base = undefined) {
  return Reflect.apply(require('internal/modules/find_package').findPackageJSON, undefined, arguments);
};

Module.flushCompileCache = missing.flushCompileCache;
Module.getCompileCacheDir = missing.getCompileCacheDir;

/**
 * @param {string} code TypeScript
 * @param {{ mode?: 'strip', sourceUrl?: string }} [options]
 * @returns {string} the text with spaces in the place of types
 */
Module.stripTypeScriptTypes = function stripTypeScriptTypes(code, options = undefined) {
  return require('internal/modules/typescript').stripTypeScriptTypes(code, options);
};
Module.findSourceMap = missing.findSourceMap;
Module.SourceMap = missing.SourceMap;

/** @returns {{ enabled: boolean, nodeModules: boolean, generatedCode: boolean }} */
Module.getSourceMapsSupport = function getSourceMapsSupport() {
  return Object.freeze({ __proto__: null, enabled: false, nodeModules: false, generatedCode: false });
};

/**
 * Turns the use of source maps in stacks on or off.
 * @param {boolean} enabled only false: source maps are not there yet
 * @param {{ nodeModules?: boolean, generatedCode?: boolean }} [options]
 */
Module.setSourceMapsSupport = function setSourceMapsSupport(enabled, options = {}) {
  const { validateBoolean, validateObject } = require('internal/validators');
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  if (enabled) notYet('module', ['setSourceMapsSupport(true)'])['setSourceMapsSupport(true)']();
};

module.exports = Module;
