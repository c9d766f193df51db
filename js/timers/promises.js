// Node's `timers/promises`: timers that are awaited.
'use strict';

const { AbortError, codes: { ERR_ILLEGAL_CONSTRUCTOR } } = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');
const { Timeout, Immediate, insert, clearTimeout, clearImmediate } = require('internal/timers');

const abortError = (signal) => new AbortError(undefined, { cause: signal.reason });

function readOptions(options) {
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  if (ref !== undefined) validateBoolean(ref, 'options.ref');
  return { signal, ref };
}

/** A promise that `begin` settles, and that `cancel` and an abort reject. */
function cancellable(signal, begin, cancel) {
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    let onAbort;
    const timer = begin((value) => {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (signal === undefined) return;
    onAbort = () => {
      cancel(timer);
      reject(abortError(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * @param {number} [delay]  milliseconds
 * @param {any} [value]  what the promise is fulfilled with
 * @param {{ signal?: AbortSignal, ref?: boolean }} [options]
 * @returns {Promise<any>}
 */
function setTimeout(delay, value, options = {}) {
  let signal, ref;
  try {
    if (delay !== undefined) validateNumber(delay, 'delay');
    ({ signal, ref } = readOptions(options));
  } catch (error) {
    return Promise.reject(error);
  }
  return cancellable(signal, (done) => {
    const timeout = new Timeout(done, delay, [value], false, ref);
    insert(timeout, timeout._idleTimeout);
    return timeout;
  }, clearTimeout);
}

/**
 * @param {any} [value]  what the promise is fulfilled with
 * @param {{ signal?: AbortSignal, ref?: boolean }} [options]
 * @returns {Promise<any>}
 */
function setImmediate(value, options = {}) {
  let signal, ref;
  try {
    ({ signal, ref } = readOptions(options));
  } catch (error) {
    return Promise.reject(error);
  }
  return cancellable(signal, (done) => {
    const immediate = new Immediate(done, [value]);
    if (!ref) immediate.unref();
    return immediate;
  }, clearImmediate);
}

/**
 * @param {number} [delay]  milliseconds
 * @param {any} [value]  what each turn yields
 * @param {{ signal?: AbortSignal, ref?: boolean }} [options]
 * @returns {AsyncGenerator<any>}
 */
async function* setInterval(delay, value, options = {}) {
  validateObject(options, 'options');
  if (delay !== undefined) validateNumber(delay, 'delay');
  const { signal, ref } = readOptions(options);
  if (signal?.aborted) throw abortError(signal);
  let due = 0;
  let wake;
  const interval = new Timeout(() => {
    due++;
    wake?.();
  }, delay, undefined, true, ref);
  insert(interval, interval._idleTimeout);
  const onAbort = () => {
    clearTimeout(interval);
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal?.aborted) {
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
    }
    throw abortError(signal);
  } finally {
    clearTimeout(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The awaitable tasks of the web's scheduler. */
class Scheduler {
  constructor() {
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** @returns {Promise<void>} after the other events of this turn */
  yield() {
    return setImmediate();
  }

  /** @returns {Promise<void>} after `delay` milliseconds */
  wait(delay, options) {
    return setTimeout(delay, undefined, options);
  }
}

const scheduler = Object.create(Scheduler.prototype);

module.exports = { setTimeout, setImmediate, setInterval, scheduler };
