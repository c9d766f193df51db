// The asynchronous iterator of readable streams.
'use strict';

const { codes: { ERR_INVALID_STATE, ERR_INVALID_THIS } } = require('internal/errors');
const { Deferred, NativePromise, promiseThen, resolvedPromise } = require('internal/webstreams/common');
const { DefaultReaderCore } = require('internal/webstreams/readers');

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function*() {}).prototype);

const done = () => ({ done: true, value: undefined });

/** A call of `next()` that waits for a chunk. */
class NextRead extends Deferred {
  #iteration;

  constructor(iteration) {
    super();
    this.#iteration = iteration;
  }

  chunk(value) {
    // The source may be asked for more before the loop goes on, or ends.
    promiseThen(resolvedPromise, () => {
      this.#iteration.settled(this.promise);
      this.resolve({ done: false, value });
    });
  }

  close() {
    this.#iteration.finish();
    this.resolve(done());
  }

  error(reason) {
    this.#iteration.finish();
    this.reject(reason);
  }
}

class Iteration {
  #reader;
  #preventCancel;
  #finished = false;
  // The last call, while it waits
  #ongoing = undefined;

  constructor(stream, preventCancel) {
    this.#reader = new DefaultReaderCore(stream);
    this.#preventCancel = preventCancel;
  }

  next() {
    if (this.#ongoing === undefined) return this.#next();
    const next = () => this.#next();
    return this.#wait(promiseThen(this.#ongoing, next, next));
  }

  return(value) {
    if (this.#ongoing === undefined) return this.#return(value);
    const end = () => this.#return(value);
    return this.#wait(promiseThen(this.#ongoing, end, end));
  }

  #wait(promise) {
    this.#ongoing = promise;
    const settled = () => this.settled(promise);
    promiseThen(promise, settled, settled);
    return promise;
  }

  settled(promise) {
    if (this.#ongoing === promise) this.#ongoing = undefined;
  }

  finish() {
    this.#finished = true;
    this.#ongoing = undefined;
    if (this.#reader.stream !== undefined) this.#reader.release();
  }

  #next() {
    if (this.#finished) return NativePromise.resolve(done());
    const { stream } = this.#reader;
    if (stream === undefined) {
      return NativePromise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
    }
    if (stream.state === 'readable' && stream.controller.hasChunk) return this.#reader.read();
    const request = new NextRead(this);
    this.#ongoing = request.promise;
    this.#reader.readInto(request);
    return request.promise;
  }

  #return(value) {
    if (this.#finished) return NativePromise.resolve({ done: true, value });
    this.#finished = true;
    const reader = this.#reader;
    if (reader.stream === undefined) {
      return NativePromise.reject(new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream'));
    }
    if (this.#preventCancel) {
      reader.release();
      return NativePromise.resolve({ done: true, value });
    }
    const result = reader.cancel(value);
    reader.release();
    return this.#wait(promiseThen(result, () => ({ done: true, value })));
  }
}

const kIteration = Symbol('kIteration');

function iterationOf(object) {
  const iteration = object?.[kIteration];
  if (iteration === undefined) throw new ERR_INVALID_THIS('ReadableStreamAsyncIterator');
  return iteration;
}

const prototype = Object.create(AsyncIteratorPrototype, {
  next: {
    configurable: true,
    enumerable: true,
    writable: true,
    value: function next() {
      try {
        return iterationOf(this).next();
      } catch (error) {
        return NativePromise.reject(error);
      }
    },
  },
  return: {
    configurable: true,
    enumerable: true,
    writable: true,
    value: { return(value) {
      try {
        return iterationOf(this).return(value);
      } catch (error) {
        return NativePromise.reject(error);
      }
    } }.return,
  },
});

/**
 * @param {ReadableCore} stream
 * @param {boolean} preventCancel whether a loop that is left early leaves the stream as it is
 * @returns {AsyncIterator}
 */
function createIterator(stream, preventCancel) {
  const iterator = Object.create(prototype);
  Object.defineProperty(iterator, kIteration, { value: new Iteration(stream, preventCancel) });
  return iterator;
}

module.exports = { createIterator };
