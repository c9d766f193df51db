// ECMAScript modules that `require` asks for.
'use strict';

const {
  codes: { ERR_REQUIRE_ESM },
} = require('internal/errors');
const { includes } = require('internal/captured');
const { findScope } = require('internal/modules/package_json');
const loader = require('internal/modules/esm/loader');
const { urlOf } = require('internal/modules/esm/resolve');
const { translateAs } = require('internal/modules/esm/translators');
const binding = internalBinding('module_wrap');

const { hasOwn } = Object;

const EVALUATING = 3;

/**
 * @param {Module} module in whose place it is loaded
 * @param {string} filename
 * @param {Module | undefined} parent who asks
 * @param {string} source
 * @param {boolean} wasDetected
 * @returns {unknown} what `require` returns
 */
function requireModule(module, filename, parent, source, wasDetected) {
  const record = recordFor(filename, source, wasDetected);
  const namespace = loader.runForRequire(record, filename, parent);
  module.loaded = true;
  return exportsOf(record, namespace);
}

function recordFor(filename, source, wasDetected) {
  const url = urlOf(filename[0] === '/' ? filename : require('path').resolve(filename));
  const known = loader.find(url);
  if (known !== undefined) return known;
  const record = translateAs(new loader.ModuleRecord(url, 'module'), 'module', source);
  record.wasDetected = wasDetected;
  loader.add(record);
  return record;
}

const FACADE = "export * from 'original'; export { default } from 'original'; export const __esModule = true;";

/** What `module.exports` would be: the namespace, unless the module says otherwise. */
function exportsOf(record, namespace) {
  if (hasOwn(namespace, 'module.exports')) return namespace['module.exports'];
  if (!hasOwn(namespace, 'default') || hasOwn(namespace, '__esModule')) return namespace;
  // Transpiled code wants `__esModule` beside a default export.
  if (record.facade === undefined) {
    const wrap = binding.compile(FACADE, 'node:internal/require_module_default_facade');
    binding.link(wrap, [record.wrap, record.wrap]);
    binding.instantiate(wrap, false);
    binding.evaluate(wrap);
    record.facade = binding.namespace(wrap);
  }
  return record.facade;
}

/**
 * @param {string} filename of an ECMAScript module that `require` has begun to load and asks for again
 * @param {Module | undefined} parent who asked first
 */
function throwIfEvaluating(filename, parent) {
  const record = loader.find(urlOf(filename));
  if (record === undefined || binding.status(record.wrap) !== EVALUATING) return;
  const {
    codes: { ERR_REQUIRE_CYCLE_MODULE },
  } = require('internal/errors');
  const from = parent?.filename === undefined ? '' : ` (from ${parent.filename})`;
  throw new ERR_REQUIRE_CYCLE_MODULE(`Cannot require() ES Module ${filename} in a cycle.${from}`);
}

/**
 * The warning of `--trace-require-module`, once a process.
 * @param {string} filename of an ECMAScript module
 * @param {Module | undefined} parent who requires it
 * @param {'all' | 'no-node-modules'} traced
 */
function warnOfRequire(filename, parent, traced) {
  const from = parent?.filename;
  if (traced === 'no-node-modules' && from && includes(from, '/node_modules/')) return;
  const { Module } = require('internal/modules/cjs');
  const asks = `${from ? `CommonJS module ${from}` : '--require'} is loading ES Module ${filename} using require().\n`;
  const feature = 'Support for loading ES Module in require()';
  require('internal/util').emitExperimentalWarning(feature, asks, undefined, Module.prototype.require);
}

/** The error where `--no-require-module` forbids it. */
function requireRefused(module, filename, source) {
  const { parents } = require('internal/modules/resolve');
  const parent = parents.get(module);
  const manifest = findScope(filename);
  const hasSyntax = internalBinding('modules').needsModuleSyntax(source, filename);
  return new ERR_REQUIRE_ESM(filename, hasSyntax, parent?.filename, manifest?.type === 'module' ? manifest.file : null);
}

module.exports = { exportsOf, requireModule, requireRefused, throwIfEvaluating, warnOfRequire };
