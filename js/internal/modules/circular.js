// What a module gets that requires one which is not loaded to its end.
'use strict';

const { isProxy } = require('internal/util/types');

const { getPrototypeOf, hasOwn, prototype: objectPrototype, setPrototypeOf } = Object;
const { getOwnPropertyDescriptor } = Reflect;

function warnOfMissing(property) {
  process.emitWarning(
    `Accessing non-existent property '${String(property)}' of module exports inside circular dependency`
  );
}

// The prototype of unfinished exports: reading what is not there yet is most often a mistake.
const warningPrototype = new Proxy(
  {},
  {
    get(target, property) {
      // Transpiled code asks for `__esModule` of everything.
      if (property in target || property === '__esModule') return target[property];
      warnOfMissing(property);
      return undefined;
    },
    getOwnPropertyDescriptor(target, property) {
      if (!hasOwn(target, property) && property !== '__esModule') warnOfMissing(property);
      return getOwnPropertyDescriptor(target, property);
    },
  }
);

function hasPrototype(exports, prototype) {
  if (exports === null || typeof exports !== 'object' || isProxy(exports)) return false;
  return getPrototypeOf(exports) === prototype;
}

/**
 * @param {Module} module not yet loaded
 * @returns {unknown} its exports, which warn of missing properties until `finishExports`
 */
function unfinishedExports(module) {
  const { exports } = module;
  const isPlain = hasPrototype(exports, objectPrototype) && !exports.__esModule;
  if (isPlain) setPrototypeOf(exports, warningPrototype);
  return exports;
}

/** Ends the warnings for a module that is loaded. */
function finishExports(module) {
  if (hasPrototype(module.exports, warningPrototype)) setPrototypeOf(module.exports, objectPrototype);
}

module.exports = { finishExports, unfinishedExports };
