// What ends a test or hook before its function has ended: a time limit, a signal, its parent, an error
// that nobody caught.
'use strict';

const { AbortError } = require('internal/errors');
const { failure, kinds } = require('internal/test/failure');
const { clearTimeout, setTimeout } = require('internal/test/real_timers');

class Stop {
  #deferred = Promise.withResolvers();
  #timeIsUp;
  #onAbort;
  #signal;
  #timer;

  /** @param {AbortSignal} [signal]  stops when it is aborted */
  constructor(signal) {
    this.#deferred.promise.catch(() => {});
    if (signal === undefined) return;
    this.#signal = signal;
    this.#onAbort = () => this.now(abortFailure(signal));
    signal.addEventListener('abort', this.#onAbort, { __proto__: null, once: true });
  }

  /** @param {number} timeout  milliseconds from now; `Infinity` for none */
  startTimer(timeout) {
    if (timeout === Infinity) return;
    const { promise, resolve } = Promise.withResolvers();
    this.#timer = setTimeout(resolve, timeout);
    this.#timeIsUp = failAfter(promise, timeout);
  }

  /** Stops with an error. */
  now(error) {
    this.#deferred.reject(error);
  }

  /** @returns {Promise<any>} what `work` gives, unless something stops it earlier */
  race(work) {
    const stopped = this.#deferred.promise;
    return Promise.race(this.#timeIsUp === undefined ? [work, stopped] : [work, stopped, this.#timeIsUp]);
  }

  /** Nothing more can stop what has ended. */
  release() {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

// The failure is made in what the test awaits, so that its stack names who waits for the test.
async function failAfter(timer, timeout) {
  await timer;
  throw failure(`test timed out after ${timeout}ms`, kinds.timeout);
}

/** @returns {Error} why `signal` was aborted, marked as the failure of a test */
function abortFailure(signal) {
  const reason = signal.reason ?? new AbortError('The test was aborted');
  try {
    reason.failureType = kinds.aborted;
  } catch {
    // A frozen or primitive reason cannot be marked.
  }
  return reason;
}

module.exports = { Stop, abortFailure };
