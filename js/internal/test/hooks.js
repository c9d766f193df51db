// The functions that run before and after tests.
'use strict';

const { validateAbortSignal, validateFunction, validateNumber, validateObject } = require('internal/validators');
const { callTestFunction } = require('internal/test/call');
const { failure, isFailure, kinds } = require('internal/test/failure');
const { Stop, abortFailure } = require('internal/test/stop');

const TIMEOUT_MAX = 2 ** 31 - 1;

/** One function of `before`, `after`, `beforeEach` or `afterEach`. */
class Hook {
  #stop;
  #result;
  #fn;
  #signal;
  #timeout;

  /** Whether it is over, and so errors of its work are no longer its own. */
  isFinished = false;
  hasFailed = false;

  /**
   * @param {object} owner  the test that it was registered on
   * @param {string} kind
   * @param {Function} fn
   * @param {{ signal?: AbortSignal, timeout?: number }} options
   * @param {object} location
   */
  constructor(owner, kind, fn, options, location) {
    validateFunction(fn, 'fn');
    if (options === null || options === undefined) options = {};
    validateObject(options, 'options');
    const { signal, timeout = Infinity } = options;
    validateAbortSignal(signal, 'options.signal');
    if (timeout !== Infinity) validateNumber(timeout, 'options.timeout', 0, TIMEOUT_MAX);
    this.name = `hook ${kind}`;
    this.owner = owner;
    this.location = location;
    this.#fn = fn;
    this.#signal = signal;
    this.#timeout = timeout;
    this.runsOnce = kind === 'before' || kind === 'after';
  }

  /**
   * @param {object} context  what the function is given
   * @returns {Promise<void>} rejected with what went wrong
   */
  run(context) {
    if (this.runsOnce) return this.#result ??= this.runNow(context);
    return this.runNow(context);
  }

  /** As `run`, also for one that has run before. */
  async runNow(context) {
    if (this.#signal?.aborted) throw abortFailure(this.#signal);
    this.isFinished = false;
    const stop = new Stop(this.#signal);
    this.#stop = stop;
    stop.startTimer(this.#timeout);
    this.context = context;
    try {
      await stop.race(callTestFunction(this, this.#fn, context));
      if (this.#signal?.aborted) throw abortFailure(this.#signal);
    } catch (error) {
      this.hasFailed = true;
      throw error;
    } finally {
      this.isFinished = true;
      stop.release();
    }
  }

  /** An error that nobody caught came from this hook. */
  failFromOutside(error) {
    this.#stop.now(error);
  }
}

/** The hooks of one test or suite. */
class Hooks {
  before = [];
  after = [];
  beforeEach;
  afterEach;
  #ownAfterEach = 0;

  /** @param {Hooks} [inherited]  of the parent */
  constructor(inherited) {
    this.beforeEach = inherited?.beforeEach.slice() ?? [];
    this.afterEach = inherited?.afterEach.slice() ?? [];
  }

  add(kind, hook) {
    // A test's own hooks run before those of its parents.
    if (kind === 'afterEach') this.afterEach.splice(this.#ownAfterEach++, 0, hook);
    else this[kind].push(hook);
  }

  /**
   * Runs all hooks of a kind, one after the other.
   * @param {string} kind
   * @param {object} context
   * @returns {Promise<void>}
   */
  async run(kind, context) {
    try {
      for (const hook of this[kind]) await (hook.runsOnce ? hook.run(context) : hook.runNow(context));
    } catch (error) {
      const wrapped = failure(`failed running ${kind} hook`, kinds.hook);
      wrapped.cause = isFailure(error) ? error.cause : error;
      throw wrapped;
    }
  }
}

module.exports = { Hook, Hooks, TIMEOUT_MAX };
