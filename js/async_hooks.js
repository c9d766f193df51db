// Node's `async_hooks`: contexts that follow asynchronous work. The hooks themselves are not there yet.
'use strict';

const { codes: { ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID } } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');
const asyncContext = require('internal/async_context');
const { notYet } = require('internal/not_yet');

let lastId = 1;

// A context maps each AsyncLocalStorage to its value; contexts are never changed, only replaced.
function withValue(storage, value) {
  const context = new Map(asyncContext.current());
  context.set(storage, value);
  return context;
}

/** A value that belongs to a chain of asynchronous operations. */
class AsyncLocalStorage {
  #defaultValue;
  #name = '';

  constructor(options = {}) {
    this.#defaultValue = options.defaultValue;
    if (options.name !== undefined) {
      validateString(options.name, 'options.name');
      this.#name = options.name;
    }
  }

  /** Binds a function to the context of now. */
  static bind(fn) {
    return AsyncResource.bind(fn);
  }

  /** @returns {(fn: Function, ...args: any[]) => any} runs functions in the context of now */
  static snapshot() {
    const context = asyncContext.current();
    return (fn, ...args) => asyncContext.run(context, fn, args);
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
    asyncContext.active = true;
    return asyncContext.run(withValue(this, store), callback, args);
  }

  /** Calls `callback` without a value. */
  exit(callback, ...args) {
    return this.run(undefined, callback, ...args);
  }

  /** Sets the value for the rest of this chain. */
  enterWith(store) {
    asyncContext.enter(withValue(this, store));
  }

  /** Forgets the value in the current chain. */
  disable() {
    if (!asyncContext.active) return;
    const context = new Map(asyncContext.current());
    context.delete(this);
    asyncContext.enter(context);
  }
}

/** An asynchronous operation of the program's own, which carries the context it was made in. */
class AsyncResource {
  #context = asyncContext.current();
  #id = ++lastId;
  #triggerId;

  constructor(type, options = {}) {
    validateString(type, 'type');
    let triggerId = options;
    if (typeof options !== 'number') triggerId = options.triggerAsyncId ?? 1;
    if (!Number.isSafeInteger(triggerId) || triggerId < -1) {
      throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerId);
    }
    if (type.length === 0) throw new ERR_ASYNC_TYPE(type);
    this.#triggerId = triggerId;
    if (asyncContext.active) asyncContext.onResource?.(this);
  }

  /** Calls `fn` in the context of this operation. */
  runInAsyncScope(fn, thisArg, ...args) {
    const before = asyncContext.current();
    asyncContext.enter(this.#context);
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      asyncContext.enter(before);
    }
  }

  emitDestroy() {
    return this;
  }

  asyncId() {
    return this.#id;
  }

  triggerAsyncId() {
    return this.#triggerId;
  }

  /** Binds a function to the context of this operation. */
  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound = thisArg === undefined ?
      function(...args) {
        return resource.runInAsyncScope(fn, this, ...args);
      } :
      (...args) => resource.runInAsyncScope(fn, thisArg, ...args);
    Object.defineProperty(bound, 'length', { value: fn.length, configurable: true });
    return bound;
  }

  static bind(fn, type, thisArg) {
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  ...notYet('async_hooks', ['createHook', 'executionAsyncId', 'executionAsyncResource', 'triggerAsyncId']),
};
