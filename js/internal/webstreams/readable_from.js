// What `ReadableStream.from` does: a stream of what an iterable yields.
'use strict';

const { codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_STATE } } = require('internal/errors');
const { NativePromise, promiseThen } = require('internal/webstreams/common');

const { apply } = Reflect;

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Pulls from an iterator of either kind. */
class IteratorSource {
  canPull = true;
  #iterator;
  #next;
  #isAsync;

  constructor(iterator, isAsync) {
    this.#iterator = iterator;
    this.#next = iterator.next;
    this.#isAsync = isAsync;
  }

  pull(controller) {
    let step;
    try {
      step = apply(this.#next, this.#iterator, []);
      if (!this.#isAsync) return this.#pullSync(step, controller);
    } catch (error) {
      return NativePromise.reject(error);
    }
    return promiseThen(NativePromise.resolve(step), (result) => {
      if (!isObject(result)) throw invalidResult('next');
      if (result.done) controller.close();
      else controller.enqueue(result.value);
    });
  }

  // The values of a synchronous iterator are awaited.
  #pullSync(step, controller) {
    if (!isObject(step)) throw invalidResult('next');
    const { done } = step;
    if (!done && !isObject(step.value)) {
      controller.enqueue(step.value);
      return undefined;
    }
    return promiseThen(this.#awaitValue(step, done), (value) => {
      if (done) controller.close();
      else controller.enqueue(value);
    });
  }

  #awaitValue(step, done) {
    const promise = NativePromise.resolve(step.value);
    if (done) return promise;
    return promiseThen(promise, undefined, (error) => {
      try {
        const { return: close } = this.#iterator;
        if (close !== undefined && close !== null) apply(close, this.#iterator, []);
      } catch {
        // The rejection is what counts.
      }
      throw error;
    });
  }

  cancel(reason) {
    let result;
    try {
      const { return: close } = this.#iterator;
      if (close === undefined || close === null) return undefined;
      result = apply(close, this.#iterator, [reason]);
    } catch (error) {
      return NativePromise.reject(error);
    }
    return promiseThen(NativePromise.resolve(result), (step) => {
      if (!isObject(step)) throw invalidResult('return');
    });
  }
}

function invalidResult(method) {
  return new ERR_INVALID_STATE.TypeError(
    `The promise returned by the iterator.${method}() method must fulfill with an object`);
}

/**
 * @param {AsyncIterable | Iterable} iterable
 * @returns {ReadableStream}
 * @throws {ERR_ARG_NOT_ITERABLE}
 */
function readableFrom(iterable) {
  const { createReadableStream, coreOf } = require('internal/webstreams/readable_stream');
  let method = iterable[Symbol.asyncIterator];
  const isAsync = method !== undefined && method !== null;
  if (!isAsync) method = iterable[Symbol.iterator];
  if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE(iterable);
  const iterator = apply(method, iterable, []);
  if (!isObject(iterator)) {
    throw new ERR_INVALID_STATE.TypeError('The iterator method must return an object');
  }
  const stream = createReadableStream(new IteratorSource(iterator, isAsync), 0);
  coreOf(stream).controller.start();
  return stream;
}

module.exports = { readableFrom };
