// Built-in modules as ECMAScript modules: `default`, and each property by its name. `syncBuiltinESMExports` brings
// the names up to date with what a program has put on the object.
'use strict';

const { arrayPush } = require('internal/captured');
const binding = internalBinding('module_wrap');

const { keys, prototype } = Object;
const { getOwnPropertyDescriptor } = Reflect;

/** The modules that have been imported: their exports with V8's modules. */
const imported = [];

function valueOf(exports, name) {
  try {
    return exports[name];
  } catch {
    return undefined;
  }
}

function namesOf(exports) {
  const names = ['default'];
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return names;
  const own = keys(exports);
  for (let i = 0; i < own.length; i++) {
    if (own[i] !== 'default') arrayPush(names, own[i]);
  }
  return names;
}

function valuesOf(exports, names) {
  const values = [exports];
  for (let i = 1; i < names.length; i++) values[i] = valueOf(exports, names[i]);
  return values;
}

/**
 * @param {string} url
 * @param {any} exports of a built-in module
 * @returns {object} V8's module
 */
function makeWrap(url, exports) {
  const names = namesOf(exports);
  return binding.createSynthetic(url, names, (wrap) => {
    arrayPush(imported, { wrap, names, exports });
    binding.setExports(wrap, names, valuesOf(exports, names));
  });
}

/** `module.syncBuiltinESMExports`. */
function syncBuiltinESMExports() {
  for (let i = 0; i < imported.length; i++) {
    const { wrap, names, exports } = imported[i];
    const present = [];
    for (let k = 1; k < names.length; k++) present[k] = isThere(exports, names[k]) ? valueOf(exports, names[k]) : undefined;
    present[0] = exports;
    binding.setExports(wrap, names, present);
  }
}

// What a program has deleted is there no more, even where the prototype has something of that name.
function isThere(exports, name) {
  for (let object = exports; object !== null && object !== prototype; object = Object.getPrototypeOf(object)) {
    if (getOwnPropertyDescriptor(object, name) !== undefined) return true;
  }
  return false;
}

module.exports = { makeWrap, syncBuiltinESMExports };
