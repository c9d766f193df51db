// `util.throttle`: a function that runs at most so often, and at most so many times at once.
'use strict';

const {
  AbortError,
  codes: { ERR_THROTTLED },
} = require('internal/errors');
const { clearTimeout, setTimeout } = require('timers');
const { TIMEOUT_MAX } = require('internal/timers');
const { kEmptyObject } = require('internal/util');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
  validateOneOf,
} = require('internal/validators');

function abortError(reason) {
  return new AbortError(undefined, reason === undefined ? undefined : { cause: reason });
}

function monotonicMilliseconds() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Lets `limit` starts pass in an interval, which begins with the first start after the one before ended. */
class WindowRate {
  #limit;
  #interval;
  #begin = -Infinity;
  #count = 0;

  constructor(limit, interval) {
    this.#limit = limit;
    this.#interval = interval;
  }

  /** How long until a start may happen; 0 for now. */
  delay(now) {
    const rest = this.#begin + this.#interval - now;
    return rest <= 0 || this.#count < this.#limit ? 0 : rest;
  }

  take(now) {
    if (now >= this.#begin + this.#interval) {
      this.#begin = now;
      this.#count = 0;
    }
    this.#count++;
  }

  reset() {
    this.#begin = -Infinity;
  }
}

/** Lets `limit` starts pass in any interval, whenever it begins. */
class RollingRate {
  #limit;
  #interval;

  /** When the last `limit` starts happened; the oldest one is at `#oldest` once there are so many. */
  #times = [];
  #oldest = 0;

  constructor(limit, interval) {
    this.#limit = limit;
    this.#interval = interval;
  }

  delay(now) {
    if (this.#times.length < this.#limit) return 0;
    return Math.max(0, this.#times[this.#oldest] + this.#interval - now);
  }

  take(now) {
    if (this.#times.length < this.#limit) {
      this.#times.push(now);
    } else {
      this.#times[this.#oldest] = now;
      this.#oldest = (this.#oldest + 1) % this.#limit;
    }
  }

  reset() {
    this.#times.length = 0;
    this.#oldest = 0;
  }
}

function validateCount(value, name, min) {
  if (value !== Infinity) validateInteger(value, name, min);
}

function readOptions(options) {
  validateObject(options, 'options');
  const { signal, overflow = 'queue', strict = false } = options;
  const { concurrency = Infinity, maxPending = Infinity } = options;
  validateCount(concurrency, 'options.concurrency', 1);
  validateCount(maxPending, 'options.maxPending', 0);
  validateOneOf(overflow, 'options.overflow', ['queue', 'drop']);
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(strict, 'options.strict');
  return { concurrency, maxPending: overflow === 'drop' ? 0 : maxPending, signal, strict };
}

/**
 * Limits how often a function runs; what exceeds the limit waits in order, or is rejected.
 *
 * Each call returns a promise of what its invocation returns.
 * @param {Function} fn
 * @param {number} limit invocations an interval, at least 1
 * @param {number} interval milliseconds; 0 for no limit
 * @param {{ concurrency?: number, maxPending?: number, overflow?: 'queue' | 'drop', signal?: AbortSignal,
 *   strict?: boolean }} [options] invocations not settled at the same time; calls that may wait; whether the
 *   limit holds for every interval, not only for one after the other
 * @returns {Function & { cancel(reason?: unknown): void, hasImmediateCapacity(): boolean, ref(): Function,
 *   unref(): Function, readonly pending: Promise<unknown> | null, readonly pendingCount: number,
 *   readonly activeCount: number }}
 */
function throttle(fn, limit, interval, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateInteger(limit, 'limit', 1);
  validateInteger(interval, 'interval', 0, TIMEOUT_MAX);
  const { concurrency, maxPending, signal, strict } = readOptions(options);
  if (signal?.aborted) throw abortError(signal.reason);

  const rate = strict ? new RollingRate(limit, interval) : new WindowRate(limit, interval);
  const queue = [];
  let activeCount = 0;
  let timer;
  let isReferenced = true;

  function hasImmediateCapacity() {
    return !signal?.aborted && queue.length === 0 && activeCount < concurrency &&
      rate.delay(monotonicMilliseconds()) === 0;
  }

  function release() {
    activeCount--;
    startQueued();
  }

  function start({ args, resolve, reject }) {
    activeCount++;
    rate.take(monotonicMilliseconds());
    let result;
    try {
      result = Promise.resolve(Reflect.apply(fn, throttled, args));
    } catch (error) {
      result = Promise.reject(error);
    }
    result.then(
      (value) => {
        release();
        return value;
      },
      (error) => {
        release();
        throw error;
      },
    ).then(resolve, reject);
  }

  function onTimeout() {
    timer = undefined;
    startQueued();
  }

  /** Starts what may start, and waits for when the next one may. */
  function startQueued() {
    while (queue.length > 0 && activeCount < concurrency && timer === undefined) {
      const delay = rate.delay(monotonicMilliseconds());
      if (delay > 0) {
        timer = setTimeout(onTimeout, Math.ceil(delay));
        if (!isReferenced) timer.unref();
        return;
      }
      start(queue.shift());
    }
  }

  function throttled(...args) {
    if (signal?.aborted) return Promise.reject(abortError(signal.reason));
    const { promise, resolve, reject } = Promise.withResolvers();
    const call = { args, promise, resolve, reject };
    if (hasImmediateCapacity()) {
      start(call);
    } else if (queue.length >= maxPending) {
      reject(new ERR_THROTTLED());
    } else {
      queue.push(call);
      startQueued();
    }
    return promise;
  }

  Object.defineProperties(throttled, {
    length: { value: fn.length },
    name: { value: fn.name },
  });
  throttled.cancel = function cancel(reason) {
    clearTimeout(timer);
    timer = undefined;
    rate.reset();
    if (queue.length === 0) return;
    const error = abortError(reason);
    for (const { reject } of queue.splice(0)) reject(error);
  };
  throttled.hasImmediateCapacity = hasImmediateCapacity;
  throttled.ref = function ref() {
    isReferenced = true;
    timer?.ref();
    return throttled;
  };
  throttled.unref = function unref() {
    isReferenced = false;
    timer?.unref();
    return throttled;
  };
  Object.defineProperties(throttled, {
    pending: { get: () => queue.at(-1)?.promise ?? null },
    pendingCount: { get: () => queue.length },
    activeCount: { get: () => activeCount },
  });

  signal?.addEventListener('abort', () => throttled.cancel(signal.reason), { once: true });
  return throttled;
}

module.exports = { throttle };
