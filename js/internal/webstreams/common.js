// What all web streams share: where their state is, promises without detours, queues, the shape in which they
// are printed.
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS } } = require('internal/errors');
const { validateFunction } = require('internal/validators');

const NativePromise = Promise;

// Streams work although a program changes `Promise.prototype`.
// A function of the program's may have a property `call`.
const call = Function.prototype.call.bind(Function.prototype.call);
const promiseThen = Function.prototype.call.bind(Promise.prototype.then);

/** The property of a public object that holds its internal half. */
const kState = Symbol('kState');

/** Given to constructors that programs may not call. */
const kConstruct = Symbol('kConstruct');

function nop() {}

const resolvedPromise = Promise.resolve();

/**
 * Calls one of two functions when a result is there. What algorithms return is a promise, or undefined when they
 * are done; both are noticed one microtask later at the earliest.
 * @param {unknown} result
 * @param {(value: unknown) => void} onFulfilled
 * @param {(reason: unknown) => void} [onRejected]
 * @returns {Promise<unknown>}
 */
function react(result, onFulfilled, onRejected) {
  const promise = result === undefined ? resolvedPromise : NativePromise.resolve(result);
  return promiseThen(promise, onFulfilled, onRejected);
}

/** A promise that is rejected without being reported when nobody handles it. */
function rejectedQuietly(reason) {
  const promise = NativePromise.reject(reason);
  promiseThen(promise, undefined, nop);
  return promise;
}

/** @param {Promise<unknown>} promise that is not reported when nobody handles its rejection */
function silence(promise) {
  promiseThen(promise, undefined, nop);
}

/** A promise with its functions, as objects of one shape. */
class Deferred {
  constructor() {
    this.promise = new NativePromise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  rejectQuietly(reason) {
    silence(this.promise);
    this.reject(reason);
  }
}

/** A promise that is made when somebody asks for it, and is not reported when nobody handles its rejection. */
class LazyPromise {
  #deferred = undefined;
  #state = 'pending';
  #reason = undefined;

  get promise() {
    if (this.#deferred === undefined) {
      this.#deferred = new Deferred();
      if (this.#state === 'resolved') this.#deferred.resolve();
      else if (this.#state === 'rejected') this.#deferred.rejectQuietly(this.#reason);
    }
    return this.#deferred.promise;
  }

  resolve() {
    this.#state = 'resolved';
    this.#deferred?.resolve();
  }

  reject(reason) {
    this.#state = 'rejected';
    this.#reason = reason;
    this.#deferred?.rejectQuietly(reason);
  }

  /** From now on it is another promise, which is pending. */
  renew() {
    this.#state = 'pending';
    this.#deferred = undefined;
  }

  /** Rejects the promise, or if it is settled already, becomes another one. */
  forceReject(reason) {
    if (this.#state !== 'pending') this.renew();
    this.reject(reason);
  }
}

/**
 * Calls a function of the program's with one argument. What it throws becomes a rejected promise.
 * @returns {unknown} a promise, or undefined
 */
function callAlgorithm(fn, receiver, argument) {
  try {
    const result = call(fn, receiver, argument);
    return result === undefined ? undefined : NativePromise.resolve(result);
  } catch (error) {
    return NativePromise.reject(error);
  }
}

/** As `callAlgorithm`, with a chunk and a controller. */
function callWithChunk(fn, receiver, chunk, controller) {
  try {
    const result = call(fn, receiver, chunk, controller);
    return result === undefined ? undefined : NativePromise.resolve(result);
  } catch (error) {
    return NativePromise.reject(error);
  }
}

/** First in, first out: a ring that grows. */
class Fifo {
  length = 0;
  #items = [undefined, undefined, undefined, undefined];
  #mask = 3;
  #head = 0;

  push(item) {
    if (this.length > this.#mask) this.#grow();
    this.#items[(this.#head + this.length) & this.#mask] = item;
    this.length++;
  }

  peek() {
    return this.#items[this.#head];
  }

  shift() {
    const items = this.#items;
    const head = this.#head;
    const item = items[head];
    items[head] = undefined;
    this.#head = (head + 1) & this.#mask;
    this.length--;
    return item;
  }

  /** @returns {unknown[]} all of it, and empties the queue */
  takeAll() {
    const all = [];
    while (this.length > 0) all.push(this.shift());
    return all;
  }

  #grow() {
    const items = this.takeAll();
    const { length } = items;
    this.length = length;
    this.#head = 0;
    this.#mask = length * 2 - 1;
    while (items.length <= this.#mask) items.push(undefined);
    this.#items = items;
  }
}

/** Chunks and what they count for. Without a function that measures them each counts for one. */
class SizedQueue {
  chunks = new Fifo();
  total = 0;
  #sizes;

  /** @param {boolean} isMeasured whether `push` is given sizes */
  constructor(isMeasured) {
    if (isMeasured) this.#sizes = new Fifo();
  }

  get length() {
    return this.chunks.length;
  }

  push(chunk, size) {
    this.chunks.push(chunk);
    if (this.#sizes !== undefined) this.#sizes.push(size);
    this.total += size;
  }

  shift() {
    const chunk = this.chunks.shift();
    this.total -= this.#sizes === undefined ? 1 : this.#sizes.shift();
    // Sums of fractions are not exact.
    if (this.total < 0) this.total = 0;
    return chunk;
  }

  clear() {
    if (this.chunks.length > 0) {
      this.chunks.takeAll();
      this.#sizes?.takeAll();
    }
    this.total = 0;
  }
}

/**
 * What a chunk counts for by the program's own measure.
 * @throws {RangeError} ERR_INVALID_ARG_VALUE if that is no size
 */
function measure(size, chunk) {
  const value = +size(chunk);
  if (!(value >= 0) || value === Infinity) throw new ERR_INVALID_ARG_VALUE.RangeError('size', value);
  return value;
}

/** The `highWaterMark` of a strategy. */
function highWaterMarkOf(value, fallback) {
  if (value === undefined) return fallback;
  const number = +value;
  if (!(number >= 0)) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.highWaterMark', value);
  return number;
}

/** The `size` of a strategy; undefined where every chunk counts for one. */
function sizeOf(size) {
  if (size !== undefined) validateFunction(size, 'strategy.size');
  return size;
}

/**
 * The internal half of a public object.
 * @param {unknown} object
 * @param {Function} Class of the internal half
 * @param {string} name of the public class
 * @throws {ERR_INVALID_THIS}
 */
function stateOf(object, Class, name) {
  const state = object?.[kState];
  if (state instanceof Class) return state;
  throw new ERR_INVALID_THIS(name);
}

/** What `inspect` shows of a web stream's object. */
function describe(object, depth, options, shown) {
  if (depth < 0) return undefined;
  const { inspect } = require('internal/util/inspect');
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${object.constructor.name} ${inspect(shown, inner)}`;
}

/** Makes members enumerable, as those of web interfaces are, and tags the class. */
function finishClass(Class, members) {
  const descriptors = {
    __proto__: null,
    [Symbol.toStringTag]: { configurable: true, value: Class.name },
  };
  for (const name of members) descriptors[name] = { enumerable: true };
  Object.defineProperties(Class.prototype, descriptors);
}

module.exports = {
  Deferred,
  Fifo,
  LazyPromise,
  NativePromise,
  SizedQueue,
  callAlgorithm,
  callWithChunk,
  describe,
  finishClass,
  highWaterMarkOf,
  kConstruct,
  kState,
  measure,
  nop,
  promiseThen,
  react,
  rejectedQuietly,
  resolvedPromise,
  silence,
  sizeOf,
  stateOf,
};
