// What the host calls for `import()` and `import.meta`. The loader itself is loaded by the first use of either.
'use strict';

const { startsWith } = require('internal/captured');

const PHASES = ['evaluation', 'source', 'defer'];
const SOURCE_PHASE = 1;

// What the callback of `node:vm` gives: a namespace, a module of the program's or a promise of either.
async function askProgram({ importModuleDynamically, referrer }, specifier, attributes, phase) {
  const result = await importModuleDynamically(
    specifier,
    referrer,
    attributes ?? { __proto__: null },
    PHASES[phase]
  );
  const { isModuleNamespaceObject } = require('internal/util/types');
  if (phase !== SOURCE_PHASE && isModuleNamespaceObject(result)) return result;
  if (require('internal/vm/module').isModule(result)) {
    if (phase === SOURCE_PHASE) {
      const {
        codes: { ERR_SOURCE_PHASE_NOT_DEFINED },
      } = require('internal/errors');
      throw new ERR_SOURCE_PHASE_NOT_DEFINED(result.identifier);
    }
    if (result.status === 'errored') throw result.error;
    return result.namespace;
  }
  const {
    codes: { ERR_VM_MODULE_NOT_MODULE },
  } = require('internal/errors');
  throw new ERR_VM_MODULE_NOT_MODULE();
}

async function refuse(symbol) {
  const {
    codes: { ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING, ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG },
  } = require('internal/errors');
  const { missingFlag } = require('internal/vm/dynamic_import');
  if (symbol === missingFlag) throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG();
  throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING();
}

function importOfVM(symbol, referrer, specifier, attributes, phase) {
  const { builtinsOnly, lookUp, mainContextDefault } = require('internal/vm/dynamic_import');
  if (symbol === mainContextDefault) return importByLoader(referrer, specifier, attributes, phase);
  if (symbol === builtinsOnly) return require('internal/single_executable').importBuiltin(specifier);
  const registered = lookUp(symbol);
  if (registered?.importModuleDynamically === undefined) return refuse(symbol);
  return askProgram(registered, specifier, attributes, phase);
}

function importByLoader(referrer, specifier, attributes, phase) {
  return require('internal/modules/esm/loader').importFromScript(specifier, referrer, attributes, phase);
}

/**
 * Called by the host for `import(specifier)`.
 * @param {symbol | undefined} symbol that the code was compiled with; undefined for the loader's own
 * @param {string | undefined} referrer name of the script
 * @param {string} specifier
 * @param {object | undefined} attributes
 * @param {0 | 1 | 2} phase evaluation, source, defer
 * @returns {Promise<object>}
 */
function importModuleDynamically(symbol, referrer, specifier, attributes, phase) {
  // Code of `eval` that no script has called belongs to nobody.
  const isOwned = symbol !== undefined || (typeof referrer === 'string' && !startsWith(referrer, 'node:'));
  if (!isOwned) return refuse(symbol);
  if (symbol === undefined) return importByLoader(referrer, specifier, attributes, phase);
  return importOfVM(symbol, referrer, specifier, attributes, phase);
}

/**
 * Called by the host for the first use of `import.meta` in a module.
 * @param {object} wrap
 * @param {object} meta to be filled
 */
function initializeImportMeta(wrap, meta) {
  const { record } = wrap;
  // Modules that are not the loader's, and those made by it of something else, have an `import.meta` of their own.
  const owner = record ?? wrap;
  if (owner.initializeImportMeta !== undefined) owner.initializeImportMeta(meta);
  else if (record !== undefined) require('internal/modules/esm/import_meta').initialize(meta, record);
}

module.exports = { importByLoader, importModuleDynamically, initializeImportMeta };
