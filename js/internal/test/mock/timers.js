// `mock.timers`: a clock that stands still until a program moves it.
'use strict';

const { AbortError, codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE } } = require('internal/errors');
const {
  validateAbortSignal, validateNumber, validateObject, validateStringArray,
} = require('internal/validators');
const timers = require('timers');
const timersPromises = require('timers/promises');
const { TIMEOUT_MAX } = require('internal/timers');

const RealDate = Date;
const { isDate } = require('internal/util/types');

const APIS = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'scheduler.wait', 'AbortSignal.timeout'];

/** A timer on the clock of a mock. */
class Timeout {
  #isReferenced = true;
  #clock;

  constructor(clock, id, callback, runAt, interval, args) {
    this.id = id;
    this.callback = callback;
    this.runAt = runAt;
    this.interval = interval;
    this.args = args;
    this.#clock = clock;
  }

  hasRef() {
    return this.#isReferenced;
  }

  ref() {
    this.#isReferenced = true;
    return this;
  }

  unref() {
    this.#isReferenced = false;
    return this;
  }

  /** Begins anew. */
  refresh() {
    return this;
  }

  [Symbol.dispose]() {
    this.#clock.remove(this);
  }
}

/** The timers of a mocked clock, earliest first; those of one time in the order they were set. */
class Clock {
  now = 0;
  #lastId = 0;
  #waiting = [];

  add(callback, delay, interval, args) {
    const timer = new Timeout(this, ++this.#lastId, callback, this.now + delay, interval, args);
    this.#insert(timer);
    return timer;
  }

  #insert(timer) {
    let index = this.#waiting.length;
    while (index > 0 && this.#waiting[index - 1].runAt > timer.runAt) index--;
    this.#waiting.splice(index, 0, timer);
  }

  remove(timer) {
    const index = this.#waiting.indexOf(timer);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (timer instanceof Timeout) timer.interval = undefined;
  }

  find(id) {
    return this.#waiting.find((timer) => timer.id === id);
  }

  /** @returns {number | undefined} when the last timer is due */
  get end() {
    return this.#waiting.at(-1)?.runAt;
  }

  /** Runs what is due by now. */
  run() {
    while (this.#waiting.length > 0 && this.#waiting[0].runAt <= this.now) {
      const timer = this.#waiting.shift();
      Reflect.apply(timer.callback, undefined, timer.args);
      if (timer.interval === undefined) continue;
      timer.runAt += timer.interval;
      this.#insert(timer);
    }
  }
}

function readTime(value, name) {
  if (isDate(value)) value = value.getTime();
  validateNumber(value, name);
  if (!(value >= 0)) throw new ERR_INVALID_ARG_VALUE('time', 'positive integer', `${value}`);
  return value;
}

function readDelay(delay) {
  return delay >= 1 && delay <= TIMEOUT_MAX ? Math.trunc(delay) : 1;
}

/** Takes over timers and the time of day. */
class MockTimers {
  #clock = null;
  #restores = [];

  #setTimeout = (callback, delay, ...args) => this.#clock.add(callback, readDelay(delay), undefined, args);
  #setInterval = (callback, delay, ...args) => {
    const interval = readDelay(delay);
    return this.#clock.add(callback, interval, interval, args);
  };

  #setImmediate = (callback, ...args) => this.#clock.add(callback, -1, undefined, args);
  #clear = (timer) => {
    if (timer === undefined || timer === null) return;
    const found = typeof timer === 'object' ? timer : this.#clock.find(Number(timer));
    if (found !== undefined) this.#clock.remove(found);
  };

  #assertEnabled() {
    if (this.#clock !== null) return;
    throw new ERR_INVALID_STATE('You should enable MockTimers first by calling the .enable function');
  }

  /** Moves the clock on and runs what becomes due. */
  tick(time = 1) {
    this.#assertEnabled();
    this.#clock.now += readTime(time, 'time');
    this.#clock.run();
  }

  /** @param {{ apis?: string[], now?: number | Date }} [options]  what to take over, and the time to begin with */
  enable(options = {}) {
    const read = { __proto__: null, ...options };
    if (this.#clock !== null) throw new ERR_INVALID_STATE('MockTimers is already enabled!');
    read.now ??= 0;
    const now = readTime(read.now, 'initialTime');
    const apis = read.apis ?? APIS;
    validateStringArray(apis, 'options.apis');
    for (const api of apis) {
      if (!APIS.includes(api)) {
        throw new ERR_INVALID_ARG_VALUE('options.apis', api, `option ${api} is not supported`);
      }
    }
    if (apis.includes('Date') && globalThis.Date.isMock) throw new ERR_INVALID_STATE('Date is already being mocked!');
    this.#clock = new Clock();
    this.#clock.now = now;
    const replacements = {
      'setTimeout': () => this.#replaceTimer('Timeout', this.#setTimeout, this.#promisedTimeout),
      'setInterval': () => this.#replaceTimer('Interval', this.#setInterval, this.#promisedInterval),
      'setImmediate': () => this.#replaceTimer('Immediate', this.#setImmediate, this.#promisedImmediate),
      'Date': () => this.#replace(globalThis, 'Date', this.#mockDate()),
      'scheduler.wait': () => this.#replace(timersPromises.scheduler, 'wait',
        (delay, opts) => this.#promisedTimeout(delay, undefined, opts)),
      'AbortSignal.timeout': () => this.#replace(AbortSignal, 'timeout', (delay) => this.#abortedAfter(delay)),
    };
    for (const api of new Set(apis)) replacements[api]();
  }

  #replaceTimer(kind, set, promised) {
    for (const object of [globalThis, timers]) {
      this.#replace(object, `set${kind}`, set);
      this.#replace(object, `clear${kind}`, this.#clear);
    }
    this.#replace(timersPromises, `set${kind}`, promised);
  }

  #replace(object, name, value) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    this.#restores.push(() => {
      if (descriptor === undefined) delete object[name];
      else Object.defineProperty(object, name, descriptor);
    });
    Object.defineProperty(object, name, {
      __proto__: null, configurable: true, enumerable: descriptor?.enumerable ?? true, writable: true, value,
    });
  }

  #abortedAfter(delay) {
    const controller = new AbortController();
    this.#clock.add(() => controller.abort(), delay, undefined, []);
    return controller.signal;
  }

  #promisedTimeout = (delay, value, options) => this.#promised(
    (done) => this.#setTimeout(done, delay), value, options);

  #promisedImmediate = (value, options) => this.#promised((done) => this.#setImmediate(done), value, options);

  async #promised(begin, value, options) {
    const signal = readSignal(options);
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = begin(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    const onAbort = () => {
      this.#clear(timer);
      reject(abortError(signal));
    };
    signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    return promise;
  }

  #promisedInterval = (delay, value, options) => this.#interval(delay, value, options);

  async* #interval(delay, value, options) {
    const signal = readSignal(options);
    let pending = 0;
    let wake;
    const timer = this.#setInterval(() => {
      pending++;
      wake?.();
    }, delay);
    const onAbort = () => {
      this.#clear(timer);
      wake?.();
    };
    signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
    try {
      for (;;) {
        for (; pending > 0; pending--) yield value;
        if (signal?.aborted) throw abortError(signal);
        if (pending > 0) continue;
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#clear(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #mockDate() {
    const clock = this.#clock;
    function MockDate(year, month, date, hours, minutes, seconds, ms) {
      if (new.target === undefined) return new RealDate(clock.now).toString();
      const args = arguments.length === 0 ? [clock.now] : arguments;
      return Reflect.construct(RealDate, args, new.target === MockDate ? RealDate : new.target);
    }
    const { prototype } = RealDate;
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(RealDate))) {
      if (key !== 'prototype') Object.defineProperty(MockDate, key, descriptor);
    }
    Object.defineProperties(MockDate, {
      now: { __proto__: null, value: function now() { return clock.now; }, configurable: true, writable: true },
      toString: {
        __proto__: null,
        value: function toString() { return RealDate.toString(); },
        configurable: true,
        enumerable: true,
        writable: true,
      },
      isMock: { __proto__: null, value: true, enumerable: true, configurable: false, writable: false },
      prototype: { __proto__: null, value: prototype, writable: false },
    });
    prototype.constructor = MockDate;
    this.#restores.push(() => {
      prototype.constructor = RealDate;
    });
    return MockDate;
  }

  /** Sets the clock; timers stay where they are. */
  setTime(time = 0) {
    this.#assertEnabled();
    validateNumber(time, 'time');
    this.#clock.now = readTime(time, 'time');
  }

  /** Gives timers and the time of day back. */
  reset() {
    for (const restore of this.#restores.reverse()) restore();
    this.#restores = [];
    this.#clock = null;
  }

  /** Moves the clock to the time of the last timer. */
  runAll() {
    this.#assertEnabled();
    const { end } = this.#clock;
    if (end !== undefined) this.tick(Math.max(end - this.#clock.now, 0));
  }

  [Symbol.dispose]() {
    this.reset();
  }
}

function readSignal(options) {
  if (options === undefined || options === null) return undefined;
  validateObject(options, 'options');
  validateAbortSignal(options.signal, 'options.signal');
  if (options.signal?.aborted) throw abortError(options.signal);
  return options.signal;
}

function abortError(signal) {
  return new AbortError(undefined, { cause: signal.reason });
}

module.exports = { MockTimers };
