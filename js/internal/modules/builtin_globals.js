// Built-in modules as globals, as programs of `-e` and of the REPL have them.
'use strict';

const { requireBuiltin } = require('internal/bootstrap/realm');
const { builtinModules } = require('internal/modules/builtins');

/**
 * Defines the built-in modules on an object, each loaded when it is used.
 * @param {object} target
 */
function defineModules(target) {
  for (const id of builtinModules()) {
    if (id.startsWith('_') || id.includes('/') || id.startsWith('node:') || Object.hasOwn(target, id)) continue;
    const set = (value) => {
      Object.defineProperty(target, id, { value, writable: true, enumerable: true, configurable: true });
    };
    Object.defineProperty(target, id, {
      get() {
        const exports = requireBuiltin(id);
        set(exports);
        return exports;
      },
      set,
      configurable: true,
      enumerable: false,
    });
  }
}

module.exports = { defineModules };
