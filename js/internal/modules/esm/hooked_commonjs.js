// CommonJS files whose text hooks on their own thread have given: their `require` asks those hooks as well.
'use strict';

const { endsWith } = require('internal/captured');
const { validateString } = require('internal/validators');
const { builtinId } = require('internal/modules/builtins');
const { hasResolvers } = require('internal/modules/hook_lists');
const { kURL, setMain } = require('internal/modules/helpers');
const loader = require('internal/modules/esm/loader');
const { pathOf, urlOf } = require('internal/modules/esm/resolve');
const { dirname } = require('path');
const files = internalBinding('modules');

const { apply } = Reflect;
const JSON_ATTRIBUTES = { __proto__: null, type: 'json' };

const pathOfRecord = ({ url }) => (url.startsWith('file:') ? pathOf(url) : url);

/** The exports of a module that `require` has found through hooks. */
function exportsOf(record, parent) {
  const { Module } = require('internal/modules/cjs');
  const filename = pathOfRecord(record);
  if (record.format === 'commonjs') {
    if (!record.isCustom) return Module._load(filename, parent, false);
    const begun = Module._cache[filename];
    if (begun !== undefined) return begun.exports;
  }
  const namespace = loader.runForRequire(record, filename, parent);
  if (record.format !== 'module') return namespace.default;
  return require('internal/modules/esm/from_commonjs').exportsOf(record, namespace);
}

function makeRequire(module, url) {
  const { Module } = require('internal/modules/cjs');
  const requireOwn = function require(specifier) {
    validateString(specifier, 'id');
    let target = specifier;
    let attributes;
    if (builtinId(specifier) === undefined) {
      const path = Module._resolveFilename(specifier, module, false);
      if (endsWith(path, '.node')) return Module._load(path, module, false);
      if (endsWith(path, '.json')) attributes = JSON_ATTRIBUTES;
      target = urlOf(path);
    }
    return exportsOf(loader.load(loader.resolve(target, url, attributes), attributes), module);
  };
  requireOwn.resolve = function resolve(specifier) {
    if (hasResolvers()) return require('internal/modules/cjs_hooks').resolveForRequireResolve(specifier, module);
    let target = specifier;
    if (builtinId(specifier) === undefined) target = urlOf(Module._resolveFilename(specifier, module, false));
    const found = loader.resolve(target, url);
    return found.startsWith('file:') ? pathOf(found) : found;
  };
  setMain(requireOwn, process.mainModule);
  requireOwn.extensions = Module._extensions;
  requireOwn.cache = Module._cache;
  return requireOwn;
}

/**
 * @param {ModuleRecord} record
 * @param {string} source
 * @returns {unknown} the exports
 */
function run(record, source) {
  const { Module } = require('internal/modules/cjs');
  const filename = pathOfRecord(record);
  const known = Module._cache[filename];
  if (known?.loaded) return known.exports;
  const module = new Module(record.isMain ? '.' : filename);
  module.filename = filename;
  module.path = dirname(filename);
  module.paths = Module._nodeModulePaths(module.path);
  module[kURL] = record.url;
  if (record.isMain) process.mainModule = module;
  Module._cache[filename] = module;
  const body = files.compileFunction(source, filename);
  const { exports } = module;
  apply(body, exports, [exports, makeRequire(module, record.url), module, filename, module.path]);
  module.loaded = true;
  return module.exports;
}

module.exports = { run };
