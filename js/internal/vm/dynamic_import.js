// What `import()` does in code that `node:vm` has compiled: each text carries a symbol, under which its
// `importModuleDynamically` is known.
'use strict';

const { validateFunction } = require('internal/validators');

const mainContextDefault = Symbol('vm_dynamic_import_main_context_default');
/** For texts that may import built-in modules alone. */
const builtinsOnly = Symbol('vm_dynamic_import_builtins_only');
const noCallback = Symbol('vm_dynamic_import_no_callback');
const missingFlag = Symbol('vm_dynamic_import_missing_flag');

/** The callbacks by the symbol of their text, which lives as long as the text. */
const callbacks = new WeakMap();

/**
 * @param {Function | symbol | undefined} importModuleDynamically an option of the program's
 * @param {string} name the name of the text
 * @returns {symbol} what the text is compiled with
 */
function symbolFor(importModuleDynamically, name) {
  if (importModuleDynamically === mainContextDefault) return mainContextDefault;
  if (importModuleDynamically !== undefined) {
    validateFunction(importModuleDynamically, 'options.importModuleDynamically');
    const { getOptionValue } = require('internal/options');
    return getOptionValue('--experimental-vm-modules') ? Symbol(name) : missingFlag;
  }
  return noCallback;
}

/**
 * Ties a callback to what was compiled with `symbol`.
 * @param {symbol} symbol
 * @param {Function | undefined} importModuleDynamically
 * @param {object} referrer  what the callback gets: a script, a function or a context
 */
function register(symbol, importModuleDynamically, referrer) {
  if (isOwn(symbol)) callbacks.set(symbol, { importModuleDynamically, referrer });
}

function isOwn(symbol) {
  return symbol !== mainContextDefault && symbol !== noCallback && symbol !== missingFlag;
}

/**
 * @param {symbol} symbol
 * @returns {{ importModuleDynamically: Function, referrer: object } | undefined}
 */
function lookUp(symbol) {
  return callbacks.get(symbol);
}

module.exports = { builtinsOnly, lookUp, mainContextDefault, missingFlag, noCallback, register, symbolFor };
