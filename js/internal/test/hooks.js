// The functions that run before and after tests.
'use strict';

const { validateAbortSignal, validateNumber, validateObject } = require('internal/validators');
const { callTestFunction } = require('internal/test/call');
const { failure, isFailure, kinds } = require('internal/test/failure');
const { TIMEOUT_MAX, noop } = require('internal/test/options');
const { Stop, abortFailure } = require('internal/test/stop');

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
   * @param {Function} fn  does nothing where it is no function, as under Node
   * @param {{ signal?: AbortSignal, timeout?: number }} options
   * @param {object} location
   */
  constructor(owner, kind, fn, options, location) {
    if (options === null || options === undefined) options = {};
    validateObject(options, 'options');
    const { signal, timeout = Infinity } = options;
    validateAbortSignal(signal, 'options.signal');
    if (timeout !== Infinity) validateNumber(timeout, 'options.timeout', 0, TIMEOUT_MAX);
    this.kind = kind;
    this.name = `hook ${kind}`;
    this.owner = owner;
    this.location = location;
    this.#fn = typeof fn === 'function' ? fn : noop;
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

/** The hooks of one test or suite. Those that go around each test are also those of what surrounds it. */
class Hooks {
  before = [];
  after = [];
  beforeEach = [];
  afterEach = [];
  #surrounding;

  /** @param {Hooks} [surrounding]  of the parent */
  constructor(surrounding) {
    this.#surrounding = surrounding;
  }

  add(kind, hook) {
    this[kind].push(hook);
  }

  /** @returns {boolean} whether there are any of a kind to run */
  has(kind) {
    if (this[kind].length > 0) return true;
    return (kind === 'beforeEach' || kind === 'afterEach') && this.#surrounding !== undefined && this.#surrounding.has(kind);
  }

  #ofKind(kind) {
    const own = this[kind];
    if (this.#surrounding === undefined) return own;
    if (kind === 'beforeEach') return [...this.#surrounding.#ofKind(kind), ...own];
    return kind === 'afterEach' ? [...own, ...this.#surrounding.#ofKind(kind)] : own;
  }

  /**
   * Runs all hooks of a kind, one after the other.
   * @param {string} kind
   * @param {object} context
   * @returns {Promise<void>}
   */
  async run(kind, context) {
    try {
      for (const hook of this.#ofKind(kind)) await (hook.runsOnce ? hook.run(context) : hook.runNow(context));
    } catch (error) {
      const wrapped = failure(`failed running ${kind} hook`, kinds.hook);
      wrapped.cause = isFailure(error) ? error.cause : error;
      throw wrapped;
    }
  }
}

module.exports = { Hook, Hooks };
