// How many assertions and subtests a test means to make: `t.plan(count)`.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateObject, validateUint32 } = require('internal/validators');
const { failure, kinds } = require('internal/test/failure');
const { clearTimeout, setTimeout } = require('internal/test/real_timers');

class Plan {
  actual = 0;
  #expected;
  #wait;
  #settle;
  #timer;

  /**
   * @param {number} expected
   * @param {{ wait?: boolean | number }} [options]  whether, and how many milliseconds, to wait for the rest
   */
  constructor(expected, options = {}) {
    validateUint32(expected, 'count');
    validateObject(options, 'options');
    const { wait } = options;
    if (wait !== undefined && typeof wait !== 'boolean' && typeof wait !== 'number') {
      throw new ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
    }
    this.#expected = expected;
    this.#wait = wait;
  }

  /** Counts one assertion or subtest. */
  count() {
    this.actual++;
    if (this.#settle !== undefined && this.actual >= this.#expected) this.#finish();
  }

  #finish() {
    const { resolve, reject } = this.#settle;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    if (this.actual === this.#expected) resolve();
    else reject(this.#mismatch());
  }

  #mismatch() {
    return failure(`plan expected ${this.#expected} assertions but received ${this.actual}`, kinds.testCode);
  }

  /** @returns {Promise<void> | undefined} a promise where the plan waits; throws where it is missed */
  check() {
    if (this.actual === this.#expected) return undefined;
    const waits = this.#wait === true || typeof this.#wait === 'number';
    if (this.actual > this.#expected || !waits) throw this.#mismatch();
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#settle = { resolve, reject };
    if (typeof this.#wait === 'number') {
      this.#timer = setTimeout(() => {
        this.#settle = undefined;
        reject(failure(
          `plan timed out after ${this.#wait}ms with ${this.actual} assertions when expecting ${this.#expected}`,
          kinds.timeout));
      }, this.#wait);
    }
    return promise;
  }
}

module.exports = { Plan };
