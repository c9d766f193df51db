// How globals are defined: at once, or when they are first read.
'use strict';

/** An ordinary global. */
function define(name, value, enumerable) {
  Object.defineProperty(globalThis, name, { value, enumerable, configurable: true, writable: true });
}

/** A global that is loaded when it is first read, and then is an ordinary property. */
function defineLazy(name, load, enumerable = false) {
  // V8's own lazy properties cannot be kept in a snapshot.
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable,
    get() {
      const value = load();
      define(name, value, enumerable);
      return value;
    },
    set(value) {
      define(name, value, enumerable);
    },
  });
}

module.exports = { define, defineLazy };

