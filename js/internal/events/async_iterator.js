// `events.on`: an async iterator over the events of an emitter or event target.
'use strict';

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  validateAbortSignal,
  validateInteger,
  validateObject,
} = require('internal/validators');
const { addListenerTo, removeListenerFrom } = require('internal/events/targets');

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

const kWatermarkData = Symbol.for('nodejs.watermarkData');
/** Option of `on` for this layer: iterate over the first argument of each event, not over arrays of them. */
const kFirstEventParam = Symbol('kFirstEventParam');

/** First in, first out, without moving the others at each `shift`. */
class Queue {
  #items = [];
  #head = 0;

  get isEmpty() {
    return this.#head === this.#items.length;
  }

  push(item) {
    this.#items.push(item);
  }

  shift() {
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.isEmpty) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head === 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/** The state of one iteration; its public face is the object that `on` returns. */
class EventIteration {
  #emitter;
  #listeners = [];
  #unconsumedEvents = new Queue();
  #unconsumedPromises = new Queue();
  #abortListener = null;
  #error = null;
  finished = false;
  size = 0;
  paused = false;

  constructor(emitter, lowWaterMark, highWaterMark) {
    this.#emitter = emitter;
    this.lowWaterMark = lowWaterMark;
    this.highWaterMark = highWaterMark;
    this.close = this.close.bind(this);
    this.fail = this.fail.bind(this);
  }

  listen(name, listener) {
    addListenerTo(this.#emitter, name, listener);
    this.#listeners.push(name, listener);
  }

  abortOn(signal) {
    const iteration = this;
    function abortListener() {
      iteration.fail(new AbortError(undefined, { cause: signal.reason }));
    }
    this.#abortListener = require('internal/events/abort_listener').addAbortListener(signal, abortListener);
  }

  /** @param {unknown} args  what the iteration yields for an event */
  push(args) {
    if (!this.#unconsumedPromises.isEmpty) {
      this.#unconsumedPromises.shift().resolve({ done: false, value: args });
      return;
    }
    this.size++;
    if (!this.paused && this.size > this.highWaterMark) {
      this.paused = true;
      this.#emitter.pause();
    }
    this.#unconsumedEvents.push(args);
  }

  next() {
    if (this.size > 0) {
      const value = this.#unconsumedEvents.shift();
      this.size--;
      if (this.paused && this.size < this.lowWaterMark) {
        this.#emitter.resume();
        this.paused = false;
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#error) {
      const rejection = Promise.reject(this.#error);
      this.#error = null;
      return rejection;
    }
    if (this.finished) return this.close();
    return new Promise((resolve, reject) => this.#unconsumedPromises.push({ resolve, reject }));
  }

  fail(error) {
    if (this.#unconsumedPromises.isEmpty) this.#error = error;
    else this.#unconsumedPromises.shift().reject(error);
    this.close();
  }

  close() {
    this.#abortListener?.[Symbol.dispose]();
    for (let i = 0; i < this.#listeners.length; i += 2) {
      removeListenerFrom(this.#emitter, this.#listeners[i], this.#listeners[i + 1]);
    }
    this.#listeners = [];
    this.finished = true;
    // What has ended needs no resuming.
    this.paused = false;
    const result = { done: true, value: undefined };
    while (!this.#unconsumedPromises.isEmpty) this.#unconsumedPromises.shift().resolve(result);
    return Promise.resolve(result);
  }
}

function createIterator(iteration) {
  return Object.setPrototypeOf(
    {
      next() {
        return iteration.next();
      },
      return() {
        return iteration.close();
      },
      throw(error) {
        if (!error || !(error instanceof Error)) {
          throw new ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
        }
        iteration.fail(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      [kWatermarkData]: {
        get size() {
          return iteration.size;
        },
        get low() {
          return iteration.lowWaterMark;
        },
        get high() {
          return iteration.highWaterMark;
        },
        get isPaused() {
          return iteration.paused;
        },
      },
    },
    AsyncIteratorPrototype
  );
}

/**
 * Iterates over the events named `event`.
 * @param {EventEmitter | EventTarget} emitter
 * @param {string | symbol} event
 * @param {object} options
 * @param {AbortSignal} [options.signal] ends the iteration with an AbortError
 * @param {string[]} [options.close] events that end the iteration
 * @param {number} [options.highWaterMark] events waiting above which `emitter.pause()` is called
 * @param {number} [options.lowWaterMark] events waiting below which `emitter.resume()` is called
 * @returns {AsyncIterableIterator<unknown[]>} of the arrays of arguments
 */
function on(emitter, event, options) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  // `highWatermark` and `lowWatermark` are former spellings.
  const highWaterMark = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
  validateInteger(highWaterMark, 'options.highWaterMark', 1);
  const lowWaterMark = options.lowWaterMark ?? options.lowWatermark ?? 1;
  validateInteger(lowWaterMark, 'options.lowWaterMark', 1);

  const iteration = new EventIteration(emitter, lowWaterMark, highWaterMark);
  const listener = options[kFirstEventParam] ? (value) => iteration.push(value) : (...args) => iteration.push(args);
  iteration.listen(event, listener);
  if (event !== 'error' && typeof emitter.on === 'function') iteration.listen('error', iteration.fail);
  const closeEvents = options?.close;
  if (closeEvents?.length) {
    for (let i = 0; i < closeEvents.length; i++) iteration.listen(closeEvents[i], iteration.close);
  }
  if (signal) iteration.abortOn(signal);
  return createIterator(iteration);
}

module.exports = { on, kFirstEventParam };
