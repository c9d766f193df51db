// Node's `stream.Readable.from`: a stream of what an iterable yields.
'use strict';

const { Buffer } = require('buffer');
const { codes: { ERR_INVALID_ARG_TYPE, ERR_STREAM_NULL_VALUES } } = require('internal/errors');

/**
 * @param {typeof import('stream').Readable} Readable
 * @param {Iterable | AsyncIterable} iterable Strings and buffers count as one chunk.
 * @param {object} [options] Those of the constructor; object mode unless they say otherwise.
 * @returns {import('stream').Readable}
 * @throws {ERR_INVALID_ARG_TYPE}
 */
function from(Readable, iterable, options) {
  if (typeof iterable === 'string' || iterable instanceof Buffer) {
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        this.push(iterable);
        this.push(null);
      },
    });
  }

  let iterator;
  let isAsync = false;
  if (iterable?.[Symbol.asyncIterator]) {
    isAsync = true;
    iterator = iterable[Symbol.asyncIterator]();
  } else if (iterable?.[Symbol.iterator]) {
    iterator = iterable[Symbol.iterator]();
  } else {
    throw new ERR_INVALID_ARG_TYPE('iterable', ['Iterable'], iterable);
  }

  const readable = new Readable({ objectMode: true, highWaterMark: 1, ...options });
  let pulling = false;
  // Whether a synchronous iterator turned out to yield promises
  let yieldsPromises = false;

  readable._read = function() {
    if (pulling) return;
    pulling = true;
    if (isAsync) pullAsync();
    else if (yieldsPromises) pullPromises();
    else pullSync();
  };

  const destroyFromOptions = readable._destroy;
  readable._destroy = function(error, callback) {
    destroyFromOptions.call(this, error, (destroyError) => {
      const reason = destroyError || error;
      closeIterator(iterator, reason).then(
        () => process.nextTick(callback, reason),
        (closeError) => process.nextTick(callback, closeError || reason),
      );
    });
  };

  return readable;

  // Each pull goes on until the stream has enough.
  function pullSync() {
    try {
      while (true) {
        const { value, done } = iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (typeof value?.then === 'function') {
          yieldsPromises = true;
          pullPromises(value);
          return;
        }
        if (!pushValue(value)) return;
      }
    } catch (error) {
      readable.destroy(error);
    }
  }

  async function pullPromises(firstPromise) {
    try {
      if (firstPromise !== undefined && !pushValue(await firstPromise)) return;
      while (true) {
        const { value, done } = iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (!pushValue(typeof value?.then === 'function' ? await value : value)) return;
      }
    } catch (error) {
      readable.destroy(error);
    }
  }

  async function pullAsync() {
    try {
      while (true) {
        const { value, done } = await iterator.next();
        if (done) {
          readable.push(null);
          return;
        }
        if (!pushValue(value)) return;
      }
    } catch (error) {
      readable.destroy(error);
    }
  }

  // Whether to go on.
  function pushValue(value) {
    if (value === null) {
      pulling = false;
      throw new ERR_STREAM_NULL_VALUES();
    }
    if (readable.push(value)) return true;
    pulling = false;
    return false;
  }
}

// Lets the iterator hear of the error, then clean up.
async function closeIterator(iterator, error) {
  if (error !== undefined && error !== null && typeof iterator.throw === 'function') {
    const { value, done } = await iterator.throw(error);
    await value;
    if (done) return;
  }
  if (typeof iterator.return === 'function') {
    const { value } = await iterator.return();
    await value;
  }
}

module.exports = { from };
