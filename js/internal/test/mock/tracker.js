// `mock`: makes mocks and takes them back.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const {
  validateBoolean, validateFunction, validateInteger, validateObject,
} = require('internal/validators');
const { getOptionValue } = require('internal/options');
const { callerLocation } = require('internal/test/location');
const { kEmptyObject } = require('internal/util');
const { MockFunctionContext, makeMock } = require('internal/test/mock/function');

const defaultImplementation = {
  original: function() {},
}.original;

function validateName(value, name) {
  if (typeof value !== 'string' && typeof value !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'symbol'], value);
  }
}

function checkTimes(times) {
  if (times !== Infinity) validateInteger(times, 'options.times', 1);
}

/** @returns {PropertyDescriptor | undefined} of the object's own property or the nearest inherited one */
function findDescriptor(object, name) {
  for (let at = object; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** Makes mocks, and knows them. */
class MockTracker {
  #mocks = [];
  #timers;

  /** @returns {MockTimers} the clock that a program may take over */
  get timers() {
    return this.#timers ??= new (require('internal/test/mock/timers').MockTimers)();
  }

  /**
   * @param {Function} [original]
   * @param {Function} [implementation]  what the mock does instead
   * @param {{ times?: number }} [options]  for how many calls
   * @returns {Function} with a property `mock`
   */
  fn(original = function() {}, implementation = original, options = {}) {
    if (original !== null && typeof original === 'object') {
      options = original;
      original = defaultImplementation;
      implementation = original;
    } else if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    const { times = Infinity } = options;
    checkTimes(times);
    return this.#make(original, implementation, times, () => original);
  }

  #make(original, implementation, times, restore) {
    const context = new MockFunctionContext(implementation, times, restore);
    this.#mocks.push(context);
    return makeMock(original, context);
  }

  /**
   * Mocks a method, or with `getter` or `setter` an accessor.
   * @returns {Function} the mock
   */
  method(object, methodName, implementation = undefined, options = {}) {
    validateName(methodName, 'methodName');
    if (typeof object !== 'function') validateObject(object, 'object');
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    }
    if (implementation !== undefined) validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    const { getter = false, setter = false, times = Infinity } = options;
    validateBoolean(getter, 'options.getter');
    validateBoolean(setter, 'options.setter');
    checkTimes(times);
    if (setter && getter) {
      throw new ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const descriptor = findDescriptor(object, methodName);
    const kind = getter ? 'get' : setter ? 'set' : 'value';
    const original = descriptor?.[kind];
    if (typeof original !== 'function') {
      // Without a method of that name there may still be an accessor, whose value is not looked at.
      const value = kind === 'value' && descriptor !== undefined ? descriptor.value : original;
      throw new ERR_INVALID_ARG_VALUE('methodName', value, 'must be a method');
    }
    return this.#replace(object, methodName, kind, original, implementation ?? original, times);
  }

  #replace(object, name, kind, original, implementation, times) {
    const own = Object.getOwnPropertyDescriptor(object, name);
    const descriptor = own ?? findDescriptor(object, name);
    const mock = this.#make(original, implementation, times, () => {
      Object.defineProperty(object, name, { __proto__: null, ...descriptor });
      return original;
    });
    const replacement = { __proto__: null, configurable: descriptor.configurable, enumerable: descriptor.enumerable };
    if (kind === 'value') {
      replacement.writable = descriptor.writable;
      replacement.value = mock;
    } else {
      replacement.get = kind === 'get' ? mock : descriptor.get;
      replacement.set = kind === 'set' ? mock : descriptor.set;
    }
    Object.defineProperty(object, name, replacement);
    return mock;
  }

  /** As `method` for a getter. */
  getter(object, methodName, implementation = undefined, options = {}) {
    return this.#accessor('getter', object, methodName, implementation, options);
  }

  /** As `method` for a setter. */
  setter(object, methodName, implementation = undefined, options = {}) {
    return this.#accessor('setter', object, methodName, implementation, options);
  }

  #accessor(kind, object, methodName, implementation, options) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = undefined;
    } else {
      validateObject(options, 'options');
    }
    const { [kind]: isAsked = true } = options;
    if (isAsked === false) {
      throw new ERR_INVALID_ARG_VALUE(`options.${kind}`, isAsked, 'cannot be false');
    }
    return this.method(object, methodName, implementation, { ...options, [kind]: isAsked });
  }

  /**
   * Mocks the value of a property.
   * @returns {object} stands for `object`, with a property `mock`
   */
  property(object, propertyName, value) {
    validateObject(object, 'object');
    validateName(propertyName, 'propertyName');
    const { MockPropertyContext } = require('internal/test/mock/property');
    const context = new MockPropertyContext(object, propertyName, arguments.length > 2 ? { value } : undefined);
    this.#mocks.push(context);
    return new Proxy(object, {
      __proto__: null,
      get(target, property, receiver) {
        return property === 'mock' ? context : Reflect.get(target, property, receiver);
      },
    });
  }

  /**
   * Mocks a module, with `--experimental-test-module-mocks`.
   * @param {string | URL} specifier
   * @param {object} [options]
   * @returns {MockModuleContext} with `restore()`
   */
  module(specifier, options = kEmptyObject) {
    const { mockModule } = require('internal/test/mock/module');
    const caller = callerLocation(MockTracker.prototype.module)?.file;
    const context = mockModule(specifier, options, caller);
    this.#mocks.push(context);
    return context;
  }

  /** Puts everything back and forgets it; mocks made before are no longer known. */
  reset() {
    this.restoreAll();
    this.#timers?.reset();
    this.#mocks = [];
  }

  /** Puts everything back. */
  restoreAll() {
    for (const mock of this.#mocks) mock.restore();
  }
}

if (!getOptionValue('--experimental-test-module-mocks')) delete MockTracker.prototype.module;

module.exports = { MockTracker };
