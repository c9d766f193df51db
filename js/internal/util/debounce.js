// `util.debounce`: a function that runs once its callers have been quiet for a while.
'use strict';

const { AbortError } = require('internal/errors');
const { addAbortListener } = require('internal/events/abort_listener');
const { clearTimeout, setTimeout } = require('timers');
const { TIMEOUT_MAX } = require('internal/timers');
const { kEmptyObject } = require('internal/util');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
} = require('internal/validators');

function abortError(reason) {
  return new AbortError(undefined, reason === undefined ? undefined : { cause: reason });
}

/**
 * Delays a function until `wait` milliseconds have passed since the latest call.
 *
 * Each call returns a promise of what the invocation that serves it returns.
 * @param {Function} fn receives the arguments of the latest call
 * @param {number} wait
 * @param {{ leading?: boolean, rejectOnCancel?: boolean, signal?: AbortSignal }} [options] whether the first
 *   call of a window runs at once; whether calls replaced by a later one are rejected
 * @returns {Function & { cancel(reason?: unknown): void, flush(): void, ref(): Function, unref(): Function,
 *   readonly pending: Promise<unknown> | null, readonly pendingCount: number }}
 */
function debounce(fn, wait, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateInteger(wait, 'wait', 0, TIMEOUT_MAX);
  validateObject(options, 'options');
  const { leading = false, rejectOnCancel = false, signal } = options;
  validateBoolean(leading, 'options.leading');
  validateBoolean(rejectOnCancel, 'options.rejectOnCancel');
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw abortError(signal.reason);

  /** Calls that wait for the next invocation, and the arguments it will have. */
  let waiting = [];
  let latestArguments;

  /** Runs while a window is open. */
  let timer;
  let isReferenced = true;

  /** Set once the signal is aborted. */
  let finalError;

  function startWindow() {
    clearTimeout(timer);
    timer = setTimeout(endWindow, wait);
    if (!isReferenced) timer.unref();
  }

  function closeWindow() {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Takes the waiting calls; what comes from now on waits for the invocation after this. */
  function takeWaiting() {
    const calls = waiting;
    waiting = [];
    return calls;
  }

  function endWindow() {
    closeWindow();
    if (waiting.length === 0 || isOver()) return;
    const calls = takeWaiting();
    const args = latestArguments;
    latestArguments = undefined;
    invoke(calls, args);
  }

  function invoke(calls, args) {
    let result;
    try {
      result = Reflect.apply(fn, debounced, args);
    } catch (error) {
      for (const { reject } of calls) reject(error);
      return;
    }
    for (const { resolve } of calls) resolve(result);
  }

  function rejectWaiting(error) {
    latestArguments = undefined;
    for (const { reject } of takeWaiting()) reject(error);
  }

  /** Ends everything: what waits now and whatever comes later is rejected with one and the same error. */
  function finish() {
    finalError ??= abortError(signal.reason);
    closeWindow();
    rejectWaiting(finalError);
  }

  /** The signal may be aborted before the listeners of its event have had their turn. */
  function isOver() {
    if (finalError === undefined && signal?.aborted) finish();
    return finalError !== undefined;
  }

  /** Refuses a call, serves it at once, or leaves it to the end of the window that it begins or extends. */
  function admit(call, args) {
    if (isOver()) {
      call.reject(finalError);
    } else if (leading && timer === undefined) {
      startWindow();
      invoke([call], args);
    } else {
      if (rejectOnCancel && waiting.length > 0) {
        rejectWaiting(new AbortError('The debounced call was superseded'));
      }
      waiting.push(call);
      latestArguments = args;
      startWindow();
    }
  }

  function debounced(...args) {
    const call = Promise.withResolvers();
    admit(call, args);
    return call.promise;
  }

  Object.defineProperties(debounced, {
    length: { value: fn.length },
    name: { value: fn.name },
  });
  debounced.cancel = function cancel(reason) {
    closeWindow();
    if (waiting.length > 0) rejectWaiting(abortError(reason));
  };
  debounced.flush = function flush() {
    if (waiting.length > 0) endWindow();
  };
  debounced.ref = function ref() {
    isReferenced = true;
    timer?.ref();
    return debounced;
  };
  debounced.unref = function unref() {
    isReferenced = false;
    timer?.unref();
    return debounced;
  };
  Object.defineProperties(debounced, {
    pending: { get: () => waiting.at(-1)?.promise ?? null },
    pendingCount: { get: () => waiting.length },
  });

  if (signal !== undefined) addAbortListener(signal, finish);
  return debounced;
}

module.exports = { debounce };
