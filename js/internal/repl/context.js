// The context that a REPL evaluates in: this one, or one of its own that looks like it.
'use strict';

const { defineModules } = require('internal/modules/builtin_globals');
const vm = require('vm');

/** Names that every context has by itself. */
let ownNames;

/**
 * @param {REPLServer} repl
 * @returns {object} `globalThis`, or a new context
 */
function createContext(repl) {
  let context = globalThis;
  if (!repl.useGlobal) {
    context = vm.createContext();
    ownNames ??= new Set(vm.runInNewContext('Object.getOwnPropertyNames(globalThis)'));
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (ownNames.has(name)) continue;
      Object.defineProperty(context, name, {
        __proto__: null,
        ...Object.getOwnPropertyDescriptor(globalThis, name),
      });
    }
    context.global = context;
    const { Console } = require('console');
    Object.defineProperty(context, 'console', {
      __proto__: null, configurable: true, writable: true, value: new Console(repl.output),
    });
  }
  addRequire(context);
  defineModules(context);
  return context;
}

function addRequire(context) {
  const path = require('path');
  const { Module, makeRequireFunction } = require('internal/modules/cjs');
  const module = new Module('<repl>');
  module.paths = Module._resolveLookupPaths('<repl>', undefined) || [];
  let folder;
  try {
    folder = process.cwd();
    module.filename = null;
    module.paths = [...Module._nodeModulePaths(path.resolve(folder)), ...(Module.globalPaths ?? [])];
  } catch {
    // The folder is gone: only built-in modules and absolute names are found.
  }
  const define = (name, value) => Object.defineProperty(context, name, {
    __proto__: null, configurable: true, writable: true, value,
  });
  define('module', module);
  define('require', makeRequireFunction(module));
}

module.exports = { createContext };
