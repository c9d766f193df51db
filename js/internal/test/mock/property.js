// A property that notes its accesses: what `mock.property` makes.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateInteger } = require('internal/validators');

/** What a mocked property knows of its accesses. */
class MockPropertyContext {
  #accesses = [];
  #descriptor;
  #name;
  #object;
  #once = new Map();
  #value;

  /**
   * @param {object} object
   * @param {string | symbol} name
   * @param {{ value: any } | undefined} replacement  undefined keeps the value
   */
  constructor(object, name, replacement) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor === undefined) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'is not a property of the object');
    }
    this.#object = object;
    this.#name = name;
    this.#descriptor = descriptor;
    this.#value = replacement === undefined ? object[name] : replacement.value;
    const context = this;
    Object.defineProperty(object, name, {
      __proto__: null,
      configurable: descriptor.configurable,
      enumerable: descriptor.enumerable,
      get() {
        const value = context.#take(context.#value);
        context.#note('get', value);
        return value;
      },
      set: (value) => this.mockImplementation(value),
    });
  }

  /** @returns {object[]} type, value and stack of each access */
  get accesses() {
    return this.#accesses.slice();
  }

  accessCount() {
    return this.#accesses.length;
  }

  /** Gives the property another value. */
  mockImplementation(value) {
    if (!('value' in this.#descriptor ? this.#descriptor.writable : this.#descriptor.set !== undefined)) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', this.#name, 'cannot be set');
    }
    const set = this.#take(value);
    this.#note('set', set);
    this.#value = set;
  }

  /** Gives the property another value in one access: the next, or the one with the number `onAccess`. */
  mockImplementationOnce(value, onAccess) {
    const next = this.#accesses.length;
    const access = onAccess ?? next;
    validateInteger(access, 'onAccess', next);
    this.#once.set(access, value);
  }

  resetAccesses() {
    this.#accesses = [];
  }

  /** Puts the property back as it was. */
  restore() {
    Object.defineProperty(this.#object, this.#name, this.#descriptor);
  }

  #take(value) {
    const access = this.#accesses.length;
    if (!this.#once.has(access)) return value;
    const once = this.#once.get(access);
    this.#once.delete(access);
    return once;
  }

  #note(type, value) {
    this.#accesses.push({ __proto__: null, type, value, stack: new Error() });
  }
}

module.exports = { MockPropertyContext };
