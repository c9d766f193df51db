// The array-like methods of readable streams: map, filter, take, reduce, ...
'use strict';

const {
  AbortError,
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_MISSING_ARGS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const {
  validateAbortSignal, validateFunction, validateInteger, validateObject,
} = require('internal/validators');
const { ConcurrentMap, SKIP } = require('internal/streams/concurrent_map');

function validateOptions(options) {
  if (options != null) validateObject(options, 'options');
  if (options?.signal != null) validateAbortSignal(options.signal, 'options.signal');
}

function abortErrorOf(signal) {
  return new AbortError(undefined, { cause: signal.reason });
}

/** A stream of what `fn` makes of each chunk, up to `options.concurrency` at a time, in order. */
function map(fn, options) {
  validateFunction(fn, 'fn');
  validateOptions(options);

  let concurrency = 1;
  if (options?.concurrency != null) concurrency = Math.floor(options.concurrency);
  let highWaterMark = concurrency - 1;
  if (options?.highWaterMark != null) highWaterMark = Math.floor(options.highWaterMark);
  validateInteger(concurrency, 'options.concurrency', 1);
  validateInteger(highWaterMark, 'options.highWaterMark', 0);

  const signal = AbortSignal.any(options?.signal ? [options.signal] : []);
  return new ConcurrentMap(this, fn, { signal, concurrency, limit: highWaterMark + concurrency }).results();
}

/** A stream of the chunks that `fn` approves of. */
function filter(fn, options) {
  validateFunction(fn, 'fn');
  return map.call(this, async (value, fnOptions) => await fn(value, fnOptions) ? value : SKIP, options);
}

/** A stream of the chunks of the iterables that `fn` makes of each chunk. */
function flatMap(fn, options) {
  const iterables = map.call(this, fn, options);
  return (async function* flatMap() {
    for await (const iterable of iterables) yield* iterable;
  })();
}

function toCount(number) {
  number = Number(number);
  if (Number.isNaN(number)) return 0;
  if (number < 0) throw new ERR_OUT_OF_RANGE('number', '>= 0', number);
  return number;
}

/** The stream without its first chunks. */
function drop(number, options = undefined) {
  validateOptions(options);
  return dropFirst(this, toCount(number), options?.signal);
}

async function* dropFirst(stream, count, signal) {
  if (signal?.aborted) throw new AbortError();
  for await (const value of stream) {
    if (signal?.aborted) throw new AbortError();
    if (count-- <= 0) yield value;
  }
}

/** The first chunks of the stream. */
function take(number, options = undefined) {
  validateOptions(options);
  return takeFirst(this, toCount(number), options?.signal);
}

async function* takeFirst(stream, count, signal) {
  if (signal?.aborted) throw new AbortError();
  for await (const value of stream) {
    if (signal?.aborted) throw new AbortError();
    if (count-- > 0) yield value;
    // Not waiting for the chunk after the last one
    if (count <= 0) return;
  }
}

/** Whether `fn` approves of a chunk. */
async function some(fn, options = undefined) {
  for await (const _ of filter.call(this, fn, options)) return true;
  return false;
}

/** Whether `fn` approves of all chunks. */
async function every(fn, options = undefined) {
  validateFunction(fn, 'fn');
  return !(await some.call(this, async (...args) => !(await fn(...args)), options));
}

/** The first chunk that `fn` approves of. */
async function find(fn, options) {
  for await (const value of filter.call(this, fn, options)) return value;
  return undefined;
}

/** Calls `fn` with each chunk. */
async function forEach(fn, options) {
  validateFunction(fn, 'fn');
  const calls = map.call(this, async (value, fnOptions) => {
    await fn(value, fnOptions);
    return SKIP;
  }, options);
  for await (const unused of calls);
}

class EmptyReduceError extends ERR_MISSING_ARGS {
  constructor() {
    super('reduce');
    this.message = 'Reduce of an empty stream requires an initial value';
  }
}

/** Folds the chunks with `reducer(previous, chunk, { signal })`. */
async function reduce(reducer, initialValue, options) {
  validateFunction(reducer, 'reducer');
  validateOptions(options);

  const outer = options?.signal;
  if (outer?.aborted) {
    const error = abortErrorOf(outer);
    this.once('error', () => {}); // the promise tells of it
    await require('internal/streams/end_of_stream').finished(this.destroy(error));
    throw error;
  }

  const controller = new AbortController();
  const { signal } = controller;
  const onAbort = () => controller.abort();
  outer?.addEventListener('abort', onAbort, { once: true });

  let hasValue = arguments.length > 1;
  try {
    for await (const value of this) {
      if (outer?.aborted) throw new AbortError();
      if (hasValue) {
        initialValue = await reducer(initialValue, value, { signal });
      } else {
        initialValue = value;
        hasValue = true;
      }
    }
    if (!hasValue) throw new EmptyReduceError();
  } finally {
    outer?.removeEventListener('abort', onAbort);
    controller.abort();
  }
  return initialValue;
}

/** All chunks as an array. */
async function toArray(options) {
  validateOptions(options);
  const result = [];
  for await (const value of this) {
    if (options?.signal?.aborted) throw abortErrorOf(options.signal);
    result.push(value);
  }
  return result;
}

/**
 * Gives `Readable.prototype` the methods above.
 * @param {typeof import('stream').Readable} Readable
 */
function installOperators(Readable) {
  const { prototype } = Readable;

  const define = (operator, method) => {
    Object.defineProperty(method, 'name', { value: operator.name, configurable: true });
    Object.defineProperty(method, 'length', { value: operator.length, configurable: true });
    Object.defineProperty(prototype, operator.name, {
      value: method, enumerable: false, configurable: true, writable: true,
    });
  };

  for (const operator of [drop, filter, flatMap, map, take]) {
    define(operator, function(...args) {
      if (new.target) throw new ERR_ILLEGAL_CONSTRUCTOR();
      return Readable.from(operator.apply(this, args));
    });
  }
  for (const operator of [every, forEach, reduce, toArray, some, find]) {
    define(operator, function(...args) {
      if (new.target) throw new ERR_ILLEGAL_CONSTRUCTOR();
      return operator.apply(this, args);
    });
  }
}

module.exports = { installOperators };
