// What the functions of tests and suites are given: `t`.
'use strict';

const { validateFunction, validateNumber, validateObject } = require('internal/validators');
const { isFailure, kinds } = require('internal/test/failure');
const { callerLocation } = require('internal/test/location');
const { clearTimeout, setTimeout } = require('internal/test/real_timers');

/** The context of a test. */
class TestContext {
  #assert;
  #test;

  constructor(test) {
    this.#test = test;
  }

  /** @returns {AbortSignal} aborted when the test ends */
  get signal() {
    return this.#test.signal;
  }

  get name() {
    return this.#test.name;
  }

  /** @returns {string | undefined} the file that the run began with */
  get filePath() {
    return this.#test.filePath;
  }

  /** @returns {string} the names from the outermost test on, separated by ` > ` */
  get fullName() {
    return this.#test.fullName;
  }

  /** @returns {unknown} what the test failed with, or null */
  get error() {
    const { error } = this.#test;
    return isFailure(error) && error.failureType !== kinds.subtests ? error.cause : error;
  }

  get passed() {
    return this.#test.passed;
  }

  get attempt() {
    return this.#test.attempt;
  }

  get tags() {
    return this.#test.tags;
  }

  get workerId() {
    return this.#test.root.workerId;
  }

  /** Writes a message with the test's result. */
  diagnostic(message) {
    this.#test.diagnostic(message);
  }

  /** Writes a message at once. */
  log(message, data) {
    this.#test.log(message, data);
  }

  /** @param {number} count  how many assertions and subtests there will be */
  plan(count, options = {}) {
    this.#test.setPlan(count, options);
  }

  /** The functions of `assert`, counted by `plan`. */
  get assert() {
    return this.#assert ??= require('internal/test/assertions').assertionsOf(this, this.#test);
  }

  get mock() {
    return this.#test.mock;
  }

  /** @param {boolean} value  whether only the subtests with `only` run from now on */
  runOnly(value) {
    this.#test.setRunOnly(value);
  }

  skip(message) {
    this.#test.skip(message);
  }

  todo(message) {
    this.#test.todo(message);
  }

  /** Makes a subtest. */
  test(name, options, fn) {
    const test = this.#test;
    test.plan?.count();
    const subtest = test.createSubtest('test', name, options, fn, {}, callerLocation(TestContext.prototype.test));
    return subtest.start();
  }

  before(fn, options) {
    this.#test.addHook('before', fn, options, callerLocation(TestContext.prototype.before));
  }

  after(fn, options) {
    this.#test.addHook('after', fn, options, callerLocation(TestContext.prototype.after));
  }

  beforeEach(fn, options) {
    this.#test.addHook('beforeEach', fn, options, callerLocation(TestContext.prototype.beforeEach));
  }

  afterEach(fn, options) {
    this.#test.addHook('afterEach', fn, options, callerLocation(TestContext.prototype.afterEach));
  }

  /**
   * Calls `condition` again and again until it neither throws nor rejects.
   * @param {Function} condition
   * @param {{ interval?: number, timeout?: number }} [options]  milliseconds
   * @returns {Promise<any>} what `condition` gave
   */
  waitFor(condition, options = {}) {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    return poll(condition, interval, timeout);
  }
}

function poll(condition, interval, timeout) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const noError = Symbol('no error');
  let cause = noError;
  let next;
  const limit = setTimeout(() => {
    clearTimeout(next);
    const error = new Error('waitFor() timed out');
    if (cause !== noError) error.cause = cause;
    limitReached = true;
    reject(error);
  }, timeout);
  let limitReached = false;
  async function attempt() {
    try {
      const result = await condition();
      if (limitReached) return;
      clearTimeout(limit);
      resolve(result);
    } catch (error) {
      cause = error;
      if (!limitReached) next = setTimeout(attempt, interval);
    }
  }
  attempt();
  return promise;
}

/** The context of a suite. */
class SuiteContext {
  #suite;

  constructor(suite) {
    this.#suite = suite;
  }

  get signal() {
    return this.#suite.signal;
  }

  get name() {
    return this.#suite.name;
  }

  get filePath() {
    return this.#suite.filePath;
  }

  get fullName() {
    return this.#suite.fullName;
  }

  get passed() {
    return this.#suite.passed;
  }

  get attempt() {
    return this.#suite.attempt;
  }

  diagnostic(message) {
    this.#suite.diagnostic(message);
  }

  log(message, data) {
    this.#suite.log(message, data);
  }
}

module.exports = { SuiteContext, TestContext };
