// How the interfaces of fetch check their arguments: Web IDL's conversions with the messages of Node's fetch.
'use strict';

const { kEnumerableProperty } = require('internal/util');

const lastLatin1 = 0xff;

/** @returns {TypeError} for a method called on something else */
function illegalInvocation() {
  const error = new TypeError('Illegal invocation');
  error.code = 'ERR_INVALID_THIS';
  return error;
}

/**
 * @param {number} given how many arguments there are
 * @param {number} required how many there must be
 * @param {string} prefix the operation
 */
function requireArguments(given, required, prefix) {
  if (given >= required) return;
  const found = given === 0 ? '0' : `only ${given}`;
  throw new TypeError(`${prefix}: ${required} argument${required === 1 ? '' : 's'} required, but ${found} found.`);
}

function describe(value) {
  if (typeof value === 'symbol') return `Symbol(${value.description})`;
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'object' || typeof value === 'function'
    ? require('internal/util/inspect').inspect(value)
    : `${value}`;
}

/**
 * @param {unknown} value
 * @param {string} prefix the operation
 * @param {string} name the argument
 * @param {string} [type] for the message
 * @returns {string}
 */
function toDOMString(value, prefix, name, type = 'DOMString') {
  if (typeof value === 'symbol') {
    throw new TypeError(`${prefix}: ${name} is a symbol, which cannot be converted to a ${type}.`);
  }
  return String(value);
}

/**
 * @param {unknown} value
 * @param {string} prefix the operation
 * @param {string} name the argument
 * @returns {string} of characters up to U+00FF
 */
function toByteString(value, prefix, name) {
  const text = toDOMString(value, prefix, name, 'ByteString');
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= lastLatin1) continue;
    throw new TypeError('Cannot convert argument to a ByteString because the character at ' +
      `index ${i} has a value of ${text.charCodeAt(i)} which is greater than 255.`);
  }
  return text;
}

/**
 * @param {unknown} value
 * @returns {string} without lone surrogates
 */
function toUSVString(value) {
  return `${value}`.toWellFormed();
}

/**
 * @param {unknown} value
 * @param {string} [prefix] the operation, for the message
 * @returns {object | undefined} a dictionary's object, if one is given
 */
function toDictionary(value, prefix = 'undefined') {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' && typeof value !== 'function') {
    throw new TypeError(`${prefix}: Expected ${value} to be one of: Null, Undefined, Object.`);
  }
  return value;
}

/**
 * @param {unknown} value
 * @param {readonly string[]} values what it may be
 * @param {string} name for the message
 * @returns {string}
 */
function toEnumeration(value, values, name) {
  const text = toDOMString(value, 'undefined', name);
  if (values.includes(text)) return text;
  throw new TypeError(`undefined: ${text} is not an accepted type. Expected one of ${values.join(', ')}.`);
}

/**
 * @param {ArrayBuffer | SharedArrayBuffer | ArrayBufferView} source
 * @returns {Uint8Array<ArrayBuffer>} a copy of its bytes
 */
function copyOf(source) {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source.slice(0));
  const { buffer, byteOffset, byteLength } = source;
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/**
 * @param {string} text
 * @returns {URL}
 * @throws {TypeError} with the error of `URL` as its cause
 */
function parseURL(text) {
  try {
    return new URL(text);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${text}`, { cause });
  }
}

/**
 * Gives an interface its constants, which its objects have too.
 * @param {Function} Class
 * @param {Record<string, number>} constants
 */
function defineConstants(Class, constants) {
  for (const [name, value] of Object.entries(constants)) {
    const constant = { __proto__: null, enumerable: true, value };
    Object.defineProperty(Class, name, constant);
    Object.defineProperty(Class.prototype, name, constant);
  }
}

/**
 * Makes the members of an interface enumerable and gives it its tag.
 * @param {Function} Class
 * @param {string} name of the interface
 * @param {readonly string[]} members
 */
function describeInterface(Class, name, members) {
  const properties = { [Symbol.toStringTag]: { __proto__: null, configurable: true, value: name } };
  for (const member of members) properties[member] = kEnumerableProperty;
  Object.defineProperties(Class.prototype, properties);
}

/**
 * Gives an interface `keys`, `values`, `entries` and `forEach` over pairs.
 * @param {Function} Class
 * @param {string} name of the interface
 * @param {(self: object) => [string, unknown][]} pairsOf the pairs now; throws where `self` is something else
 */
function makeIterable(Class, name, pairsOf) {
  class PairIterator {
    #owner;
    #kind;
    #index = 0;

    constructor(owner, kind) {
      this.#owner = owner;
      this.#kind = kind;
    }

    next() {
      if (typeof this !== 'object' || this === null || !(#owner in this)) {
        throw new TypeError(`'next' called on an object that does not implement interface ${name} Iterator.`);
      }
      const pairs = pairsOf(this.#owner);
      if (this.#index >= pairs.length) return { value: undefined, done: true };
      const [key, value] = pairs[this.#index++];
      if (this.#kind === 'keys') return { value: key, done: false };
      return { value: this.#kind === 'values' ? value : [key, value], done: false };
    }
  }
  delete PairIterator.prototype.constructor;
  Object.setPrototypeOf(PairIterator.prototype, Iterator.prototype);
  Object.defineProperties(PairIterator.prototype, {
    next: kEnumerableProperty,
    [Symbol.toStringTag]: { __proto__: null, configurable: true, value: `${name} Iterator` },
  });

  const iterate = (self, kind) => {
    pairsOf(self);
    return new PairIterator(self, kind);
  };
  const methods = {
    keys() {
      return iterate(this, 'keys');
    },
    values() {
      return iterate(this, 'values');
    },
    entries() {
      return iterate(this, 'entries');
    },
    forEach(callback, thisArg = undefined) {
      pairsOf(this);
      requireArguments(arguments.length, 1, `${name}.forEach`);
      if (typeof callback !== 'function') {
        throw new TypeError(`Failed to execute 'forEach' on '${name}': parameter 1 is not of type 'Function'.`);
      }
      for (const [key, value] of iterate(this, 'entries')) callback.call(thisArg, value, key, this);
    },
  };
  Object.defineProperty(methods.forEach, 'length', { __proto__: null, configurable: true, value: 1 });
  for (const key of Object.keys(methods)) {
    const descriptor = { __proto__: null, configurable: true, enumerable: true, writable: true };
    Object.defineProperty(Class.prototype, key, { ...descriptor, value: methods[key] });
  }
  Object.defineProperty(Class.prototype, Symbol.iterator, {
    __proto__: null,
    configurable: true,
    writable: true,
    value: methods.entries,
  });
}

module.exports = {
  copyOf,
  defineConstants,
  describe,
  describeInterface,
  illegalInvocation,
  makeIterable,
  parseURL,
  requireArguments,
  toByteString,
  toDictionary,
  toDOMString,
  toEnumeration,
  toUSVString,
};
