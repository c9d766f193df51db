// `AsyncLocalStorage`: values that belong to chains of asynchronous operations.
'use strict';

const { validateFunction, validateObject, validateString } = require('internal/validators');
const asyncContext = require('internal/async_context');

// A context maps each AsyncLocalStorage to its value; but for `disable`, contexts are never changed, only
// replaced.
function withValue(storage, value) {
  const context = new Map(asyncContext.current());
  context.set(storage, value);
  return context;
}

// The context `after` with the value that `before` has.
function withValueOf(storage, after, before) {
  const context = new Map(after);
  if (before?.has(storage)) context.set(storage, before.get(storage));
  else context.delete(storage);
  return context;
}

/** Restores the value of before when it is disposed of. */
class RunScope {
  #isDisposed = false;
  #leave;

  constructor(leave) {
    this.#leave = leave;
  }

  dispose() {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#leave();
  }

  [Symbol.dispose]() {
    this.dispose();
  }
}

/** A value that belongs to a chain of asynchronous operations. */
class AsyncLocalStorage {
  #defaultValue;
  #name = '';

  constructor(options = {}) {
    validateObject(options, 'options');
    this.#defaultValue = options.defaultValue;
    if (options.name !== undefined) {
      validateString(options.name, 'options.name');
      this.#name = options.name;
    }
  }

  /** Binds a function to the context of now. */
  static bind(fn) {
    return require('internal/async_resource').AsyncResource.bind(fn);
  }

  /** @returns {(fn: Function, ...args: any[]) => any} runs functions in the context of now */
  static snapshot() {
    const context = asyncContext.current();
    return function(fn, ...args) {
      return asyncContext.run(context, fn, args, this);
    };
  }

  get name() {
    return this.#name;
  }

  /** @returns {any} the value of the current chain */
  getStore() {
    const context = asyncContext.active ? asyncContext.current() : undefined;
    return context?.has(this) ? context.get(this) : this.#defaultValue;
  }

  /** Calls `callback` with a value of its own. */
  run(store, callback, ...args) {
    validateFunction(callback, 'callback');
    const before = asyncContext.current();
    const own = withValue(this, store);
    asyncContext.enter(own);
    try {
      return Reflect.apply(callback, null, args);
    } finally {
      const after = asyncContext.current();
      // Values of other storages that the callback has set stay.
      asyncContext.enter(after === own ? before : withValueOf(this, after, before));
    }
  }

  /** Calls `callback` without a value. */
  exit(callback, ...args) {
    return this.run(undefined, callback, ...args);
  }

  /** Sets the value for the rest of this chain. */
  enterWith(store) {
    asyncContext.enter(withValue(this, store));
  }

  /** Sets the value until the scope is disposed of. */
  withScope(store) {
    const before = asyncContext.current();
    this.enterWith(store);
    return new RunScope(() => asyncContext.enter(before));
  }

  /** Forgets the value in the current chain. */
  disable() {
    // What was queued in this context is to see it as well.
    if (!asyncContext.active) return;
    const context = asyncContext.current();
    if (context?.delete(this)) asyncContext.enter(new Map(context));
  }
}

module.exports = { AsyncLocalStorage };
