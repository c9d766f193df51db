// The program that this executable has been made for: it has the built-in modules alone, whether it is CommonJS or an
// ECMAScript module.
'use strict';

const {
  codes: { ERR_UNKNOWN_BUILTIN_MODULE },
} = require('internal/errors');
const { requireBuiltin } = require('internal/bootstrap/realm');
const { builtinId } = require('internal/modules/builtins');
const { emitWarningSync } = require('internal/process/warning');
const { emitExperimentalWarning } = require('internal/util');
const { builtinsOnly } = require('internal/vm/dynamic_import');
const binding = internalBinding('sea');

let hasWarned = false;

/** The name of a built-in module without `node:`. */
function idOf(request) {
  const id = builtinId(request);
  if (id !== undefined) return id;
  if (!hasWarned && binding.isExperimental()) {
    hasWarned = true;
    emitWarningSync(
      'Currently the require() provided to the main script embedded into single-executable applications only ' +
      'supports loading built-in modules.\n' +
      'To load a module from disk after the single executable application is launched, use ' +
      'require("module").createRequire().\n' +
      'Support for bundled module loading or virtual file systems are under discussions in ' +
      'https://github.com/nodejs/single-executable',
    );
  }
  throw new ERR_UNKNOWN_BUILTIN_MODULE(request);
}

/** The `require` of the program. Named as in Node, since stacks tell it. */
function embedderRequire(id) {
  return requireBuiltin(idOf(id));
}

/** Runs the program. */
function run() {
  if (binding.isExperimental()) emitExperimentalWarning('Single executable application');
  const [name, source, code, isModule] = binding.main();
  if (isModule) runModule(source, code);
  else runScript(name, source, code);
}

function warnOfCode() {
  process.emitWarning('Code cache data rejected.');
}

function runScript(name, source, code) {
  const { Module } = require('internal/modules/cjs');
  const { dirname } = require('path');
  const filename = process.execPath;
  const module = new Module(filename, null);
  module.filename = filename;
  module.paths = Module._nodeModulePaths(filename);
  embedderRequire.main = module;
  const program = compileScript(name, source, code);
  program(module.exports, embedderRequire, module, filename, dirname(filename));
}

function compileScript(name, source, code) {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
  let result;
  try {
    result = internalBinding('vm').compileFunction(
      source, name, 0, 0, code, false, undefined, [], parameters, builtinsOnly,
    );
  } catch (error) {
    require('internal/modules/cjs').warnOfModuleSyntax(error, name, source);
    throw error;
  }
  if (result.cachedDataRejected) warnOfCode();
  return result.function;
}

function runModule(source, code) {
  const { ModuleRecord, evaluate, instantiate } = require('internal/modules/esm/loader');
  const wraps = internalBinding('module_wrap');
  const url = require('url').pathToFileURL(process.execPath).href;
  const record = new ModuleRecord(url, 'module');
  record.isMain = true;
  record.setWrap(wraps.compile(source, url, builtinsOnly, 0, 0, code));
  if (record.wrap.cacheRejected) warnOfCode();
  record.initializeImportMeta = (meta) => {
    meta.dirname = require('path').dirname(process.execPath);
    meta.filename = process.execPath;
    meta.main = true;
    meta.url = url;
  };
  const requests = wraps.requests(record.wrap);
  const needed = [];
  // A request takes three places: its specifier, its attributes, its phase.
  for (let i = 0; i < requests.length; i += 3) needed.push(recordOf(requests[i]));
  record.children = needed;
  wraps.link(record.wrap, needed.map(({ wrap }) => wrap));
  instantiate(record);
  evaluate(record);
}

/** The record of a built-in module. */
function recordOf(specifier) {
  const { linkGraph, load } = require('internal/modules/esm/loader');
  const record = load(`node:${idOf(specifier)}`);
  linkGraph(record);
  return record;
}

/**
 * `import()` in the program.
 * @param {string} specifier
 * @returns {Promise<object>} the namespace of a built-in module
 */
async function importBuiltin(specifier) {
  const { evaluate, instantiate } = require('internal/modules/esm/loader');
  const record = recordOf(specifier);
  instantiate(record);
  await evaluate(record);
  return internalBinding('module_wrap').namespace(record.wrap);
}

module.exports = { importBuiltin, run };
