// A function that notes its calls: what `mock.fn` and `mock.method` make.
'use strict';

const { validateFunction, validateInteger } = require('internal/validators');

/** @type {(original: Function, context: MockFunctionContext) => Function} gives the mock of a function */
let makeMock;

/** What a mock knows of its calls: its property `mock`. */
class MockFunctionContext {
  #calls = [];
  #implementation;
  #once = new Map();
  #restore;
  #times;

  /**
   * @param {Function} implementation
   * @param {number} times  how many calls it takes before the original is back
   * @param {() => void} restore  puts the original back
   */
  constructor(implementation, times, restore) {
    this.#implementation = implementation;
    this.#times = times;
    this.#restore = restore;
  }

  /** @returns {object[]} arguments, result, error, stack, target and receiver of each call */
  get calls() {
    return this.#calls.slice();
  }

  callCount() {
    return this.#calls.length;
  }

  /** Has the mock do something else from now on. */
  mockImplementation(implementation) {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }

  /** Has the mock do something else in one call: the next, or the one with the number `onCall`. */
  mockImplementationOnce(implementation, onCall) {
    validateFunction(implementation, 'implementation');
    const next = this.#calls.length;
    const call = onCall ?? next;
    validateInteger(call, 'onCall', next);
    this.#once.set(call, implementation);
  }

  /** Has the mock do what the original does; a mocked method is put back. */
  restore() {
    this.#implementation = this.#restore() ?? this.#implementation;
    this.#once.clear();
  }

  resetCalls() {
    this.#calls = [];
  }

  static {
    makeMock = (original, context) => {
      const mock = new Proxy(original, handler(original, context, () => mock));
      return mock;
    };

    const handler = (original, context, getMock) => ({
      __proto__: null,
      apply(_, receiver, args) {
        const implementation = context.#takeImplementation(original);
        let result;
        let error;
        try {
          return result = Reflect.apply(implementation, receiver, args);
        } catch (thrown) {
          error = thrown;
          throw thrown;
        } finally {
          context.#note(args, error, result, undefined, receiver);
        }
      },
      construct(_, args, target) {
        const implementation = context.#takeImplementation(original);
        let result;
        let error;
        try {
          return result = Reflect.construct(implementation, args, target);
        } catch (thrown) {
          error = thrown;
          throw thrown;
        } finally {
          context.#note(args, error, result, target === getMock() ? original : target, result);
        }
      },
      get(object, property, receiver) {
        return property === 'mock' ? context : Reflect.get(object, property, receiver);
      },
    });
  }

  #takeImplementation(original) {
    const call = this.#calls.length;
    if (call + 1 === this.#times) {
      const last = this.#once.get(call) ?? this.#implementation;
      this.restore();
      return last;
    }
    const once = this.#once.get(call);
    if (once === undefined) return this.#implementation ?? original;
    this.#once.delete(call);
    return once;
  }

  #note(args, error, result, target, receiver) {
    this.#calls.push({
      __proto__: null, arguments: args, error, result, stack: new Error(), target, this: receiver,
    });
  }
}

module.exports = { MockFunctionContext, makeMock };
