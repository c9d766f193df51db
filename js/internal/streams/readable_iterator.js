// How `for await` reads a stream: an async iterator that answers at once while there are chunks.
'use strict';

const { aggregateTwoErrors } = require('internal/errors');
const { eos } = require('internal/streams/end_of_stream');
const { destroyer } = require('internal/streams/destroy');

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function*() {}).prototype);

/**
 * An async iterator over the chunks of a stream.
 * @param {object} stream A stream of any make.
 * @param {{ destroyOnReturn?: boolean }} [options] false keeps the stream when the loop is left early.
 * @returns {AsyncIterableIterator & { stream: object }}
 */
function createIterator(stream, options) {
  if (typeof stream.read !== 'function') {
    const Readable = require('internal/streams/readable');
    stream = Readable.wrap(stream, { objectMode: true });
  }

  let started = false;
  let done = false;
  // undefined while the stream goes on, null after its end
  let error;
  // Calls of next(), return() and throw() that wait for the stream, in order
  const waiting = [];
  let removeListeners;

  function start() {
    started = true;
    stream.on('readable', wake);
    removeListeners = eos(stream, { writable: false }, (err) => {
      error = err ? aggregateTwoErrors(error, err) : null;
      wake();
    });
  }

  // The other listeners of the event come first.
  function wake() {
    if (waiting.length > 0) Promise.resolve().then(answerWaiting);
  }

  // Leaves the stream as its error or the options say.
  function finish() {
    done = true;
    if ((error || options?.destroyOnReturn !== false) &&
        (error === undefined || stream._readableState.autoDestroy)) {
      destroyer(stream, null);
    } else {
      stream.off('readable', wake);
      removeListeners();
    }
  }

  function finishWith(err) {
    error = aggregateTwoErrors(error, err);
    finish();
    return error;
  }

  function readChunk() {
    return stream.destroyed ? null : stream.read();
  }

  // A chunk that is a promise gives its value.
  function unwrap(promise) {
    return promise.then((value) => ({ done: false, value }), (err) => {
      const reason = finishWith(err);
      answerWaiting();
      throw reason;
    });
  }

  function answerWaiting() {
    while (waiting.length > 0) {
      const request = waiting[0];
      if (request.method !== 'next') {
        waiting.shift();
        answerLeave(request);
      } else if (done) {
        waiting.shift().resolve({ done: true, value: undefined });
      } else if (!answerNext(request)) {
        return;
      }
    }
  }

  // Whether there is an answer yet.
  function answerNext({ resolve, reject }) {
    let chunk;
    try {
      chunk = readChunk();
    } catch (err) {
      waiting.shift();
      reject(finishWith(err));
      return true;
    }
    if (chunk === null && error === undefined) return false;

    waiting.shift();
    if (chunk !== null) {
      resolve(typeof chunk?.then === 'function' ? unwrap(chunk) : { done: false, value: chunk });
    } else if (error) {
      finish();
      reject(error);
    } else {
      finish();
      resolve({ done: true, value: undefined });
    }
    return true;
  }

  function answerLeave({ method, argument, resolve, reject }) {
    if (method === 'return') {
      if (!done && started) finish();
      done = true;
      resolve({ done: true, value: argument });
    } else if (!done && started) {
      reject(finishWith(argument));
    } else {
      done = true;
      reject(argument);
    }
  }

  function enqueue(method, argument) {
    const { promise, resolve, reject } = Promise.withResolvers();
    waiting.push({ method, argument, resolve, reject });
    return promise;
  }

  function next() {
    if (waiting.length > 0) return enqueue('next');
    if (done) return Promise.resolve({ done: true, value: undefined });
    if (!started) start();

    if (error === undefined) {
      let chunk;
      try {
        chunk = readChunk();
      } catch (err) {
        return Promise.reject(finishWith(err));
      }
      if (chunk !== null) {
        if (typeof chunk?.then === 'function') return unwrap(chunk);
        return Promise.resolve({ done: false, value: chunk });
      }
    }
    const promise = enqueue('next');
    if (error !== undefined) answerWaiting();
    return promise;
  }

  function leave(method, argument) {
    const promise = enqueue(method, argument);
    if (waiting.length === 1) answerWaiting();
    return promise;
  }

  return {
    __proto__: AsyncIteratorPrototype,
    next,
    return(value) { return leave('return', value); },
    throw(reason) { return leave('throw', reason); },
    stream,
  };
}

module.exports = { createIterator };
