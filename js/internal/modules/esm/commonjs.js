// CommonJS files as ECMAScript modules: `default` is `module.exports`, and so is `module.exports`; other names are
// those that the text of the file shows.
'use strict';

const { arrayPush, endsWith, mapGet, mapSet, setAdd, setHas, startsWith } = require('internal/captured');
const { builtinId } = require('internal/modules/builtins');
const cjs = require('internal/modules/cjs');
const { pathOf } = require('internal/modules/esm/resolve');
const { readTextFile } = require('internal/modules/text');
const { dirname } = require('path');
const binding = internalBinding('module_wrap');
const files = internalBinding('modules');

const { hasOwn } = Object;

/** The exported names of files. */
const lexed = new Map();

/**
 * @param {string} filename
 * @param {string} source
 * @returns {Set<string>}
 */
function exportNames(filename, source) {
  const known = mapGet(lexed, filename);
  if (known !== undefined) return known;
  const names = new Set();
  mapSet(lexed, filename, names);
  const { 0: own, 1: reexported } = files.lex(source);
  for (let i = 0; i < own.length; i++) setAdd(names, own[i]);
  for (let i = 0; i < reexported.length; i++) addReexports(names, filename, reexported[i]);
  return names;
}

function addReexports(names, filename, specifier) {
  if (builtinId(specifier) !== undefined) return;
  const { Module } = cjs;
  const parent = { __proto__: null, id: filename, filename, paths: Module._nodeModulePaths(dirname(filename)) };
  let file;
  let source;
  try {
    file = Module._resolveFilename(specifier, parent, false);
    if (endsWith(file, '.json') || endsWith(file, '.node') || endsWith(file, '.mjs')) return;
    source = readTextFile(file);
  } catch {
    // What is not there is told when the file runs.
    return;
  }
  exportNames(file, source).forEach((name) => setAdd(names, name));
}

/**
 * @param {ModuleRecord} record
 * @param {string} source
 * @returns {object} V8's module
 */
function translate(record, source) {
  const { url } = record;
  const filename = startsWith(url, 'file:') ? pathOf(url) : url;
  const names = ['default', 'module.exports'];
  exportNames(filename, source ?? readTextFile(filename)).forEach((name) => {
    if (name !== 'default' && name !== 'module.exports') arrayPush(names, name);
  });
  return binding.createSynthetic(url, names, (wrap) => {
    const exports = record.isCustom ?
        require('internal/modules/esm/hooked_commonjs').run(record, source) :
        cjs.loadForImport(filename, source, record.isMain);
    binding.setExports(wrap, names, valuesOf(exports, names));
  });
}

function valuesOf(exports, names) {
  const values = [exports, exports];
  const isObject = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  for (let i = 2; i < names.length; i++) {
    values[i] = undefined;
    if (!isObject || !hasOwn(exports, names[i])) continue;
    try {
      values[i] = exports[names[i]];
    } catch {
      // A getter that throws gives undefined.
    }
  }
  return values;
}

/**
 * @param {ModuleRecord} record of a native add-on
 * @returns {object} V8's module
 */
function translateAddon(record) {
  require('internal/util').emitExperimentalWarning('Importing addons');
  const filename = pathOf(record.url);
  const names = ['default', 'module.exports'];
  return binding.createSynthetic(record.url, names, (wrap) => {
    const exports = cjs.loadForImport(filename, undefined, record.isMain);
    binding.setExports(wrap, names, [exports, exports]);
  });
}

module.exports = { translate, translateAddon };
