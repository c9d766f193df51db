// What the host calls for `import()` and `import.meta`. The loader itself is loaded by the first use of either.
'use strict';

const { weakMapGet, weakMapSet } = require('internal/captured');

/**
 * @typedef {object} Registration of a script or module that is not the loader's own
 * @property {unknown} referrer given to the callbacks
 * @property {(specifier: string, referrer: unknown, attributes: object, phase: string) => unknown}
 *   [importModuleDynamically] gives a namespace, a vm.Module or a promise of either
 * @property {(meta: object, referrer: unknown) => void} [initializeImportMeta]
 */

/** Registrations by the symbol that the code was compiled with. */
const registrations = new WeakMap();

const PHASES = ['evaluation', 'source', 'defer'];

/**
 * Says who answers the dynamic imports and fills `import.meta` of code that is compiled with `symbol`. Code without
 * a symbol is the default loader's.
 * @param {symbol} symbol
 * @param {Registration} registration
 */
function register(symbol, registration) {
  weakMapSet(registrations, symbol, registration);
}

async function askRegistered(registration, specifier, attributes, phase) {
  const { importModuleDynamically, referrer } = registration;
  const result = await importModuleDynamically(specifier, referrer, attributes ?? { __proto__: null }, PHASES[phase]);
  return result;
}

async function refuse() {
  const {
    codes: { ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING },
  } = require('internal/errors');
  throw new ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING();
}

/**
 * Called by the host for `import(specifier)`.
 * @param {symbol | undefined} symbol that the code was compiled with
 * @param {string | undefined} referrer name of the script
 * @param {string} specifier
 * @param {object | undefined} attributes
 * @param {0 | 1 | 2} phase evaluation, source, defer
 * @returns {Promise<object>}
 */
function importModuleDynamically(symbol, referrer, specifier, attributes, phase) {
  if (symbol === undefined) {
    return require('internal/modules/esm/loader').importFromScript(specifier, referrer, attributes, phase);
  }
  const registration = weakMapGet(registrations, symbol);
  if (registration?.importModuleDynamically === undefined) return refuse();
  return askRegistered(registration, specifier, attributes, phase);
}

/**
 * Called by the host for the first use of `import.meta` in a module.
 * @param {object} wrap
 * @param {object} meta to be filled
 */
function initializeImportMeta(wrap, meta) {
  const { record } = wrap;
  if (record !== undefined) require('internal/modules/esm/import_meta').initialize(meta, record);
  else wrap.initializeImportMeta?.(meta);
}

module.exports = { importModuleDynamically, initializeImportMeta, register };
