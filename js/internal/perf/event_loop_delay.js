// `monitorEventLoopDelay`: how late the event loop comes to a timer, as a histogram.
'use strict';

const {
  codes: { ERR_INVALID_THIS },
} = require('internal/errors');
const { Histogram, createHistogram, kHandle, kSkipThrow } = require('internal/histogram');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateInteger, validateObject } = require('internal/validators');
const { clearInterval, setInterval } = require('timers');

const binding = internalBinding('histogram');

const kEnabled = Symbol('kEnabled');

/** One hour: longer delays are counted as `exceeds`. */
const kHighest = 3_600_000_000_000n;

class ELDHistogram extends Histogram {
  #records = createHistogram({ highest: kHighest });
  #resolution;
  #timer;

  /** @param {number | undefined} resolution  undefined where each turn of the loop is a sample */
  constructor(skipThrow, resolution) {
    super(skipThrow);
    this.#resolution = resolution;
    this[kEnabled] = false;
    this[kHandle] = this.#records[kHandle];
  }

  /** @returns {boolean} whether it was not enabled before */
  enable() {
    if (this[kEnabled] === undefined) throw new ERR_INVALID_THIS('ELDHistogram');
    if (this[kEnabled]) return false;
    this[kEnabled] = true;
    if (this.#resolution === undefined) {
      binding.monitorTurns(this[kHandle]);
      return true;
    }
    let last;
    this.#timer = setInterval(() => {
      const now = process.hrtime.bigint();
      if (last !== undefined) this.#records.record(now - last);
      last = now;
    }, this.#resolution).unref();
    return true;
  }

  /** @returns {boolean} whether it was enabled before */
  disable() {
    if (this[kEnabled] === undefined) throw new ERR_INVALID_THIS('ELDHistogram');
    if (!this[kEnabled]) return false;
    this[kEnabled] = false;
    if (this.#resolution === undefined) binding.forgetTurns(this[kHandle]);
    else clearInterval(this.#timer);
    return true;
  }

  [Symbol.dispose]() {
    this.disable();
  }
}

/**
 * @param {{ resolution?: number, samplePerIteration?: boolean }} [options] `resolution` in milliseconds
 * @returns {ELDHistogram} of nanoseconds; it records nothing before `enable()`
 */
function monitorEventLoopDelay(options = kEmptyObject) {
  validateObject(options, 'options');
  const { resolution = 10, samplePerIteration = false } = options;
  validateInteger(resolution, 'options.resolution', 1);
  validateBoolean(samplePerIteration, 'options.samplePerIteration');
  return new ELDHistogram(kSkipThrow, samplePerIteration ? undefined : resolution);
}

module.exports = { monitorEventLoopDelay };
