// A test: its options, its life from `start` to its result, and its place among others.
'use strict';

const { validateString } = require('internal/validators');
const { callTestFunction } = require('internal/test/call');
const { SuiteContext, TestContext } = require('internal/test/context');
const { directive, place } = require('internal/test/events');
const { matchExpectedFailure } = require('internal/test/expected_failure');
const { failure, isFailure, kinds } = require('internal/test/failure');
const { isFiltered } = require('internal/test/filters');
const { Hook, Hooks } = require('internal/test/hooks');
const {
  noop, readArguments, readConcurrency, readExpectFailure, readSignal, readTimeout,
} = require('internal/test/options');
const { Stop, abortFailure } = require('internal/test/stop');
const { scopeOf } = require('internal/test/current');
const { readTags } = require('internal/test/tags');

const { bigint: now } = process.hrtime;
const NANOSECONDS = 1e6;
const ONLY_NEEDS_OPTION = "'only' and 'runOnly' require the --test-only command-line option.";

/** A test in a tree of tests. */
class Test {
  children = [];
  runsOnly = false;
  plan = null;
  error = null;
  passed = false;
  isCancelled = false;
  isFinished = false;
  isFiltered = false;
  isSkipped = false;
  isTodo = false;
  skipMessage;
  todoMessage;
  attempt = 0;
  /** Whether what its function throws is told as it is: it stands for a file that could not be loaded. */
  keepsError = false;
  lastTestId = 0;
  /** Whether other tests may be reported among the children, which are then numbered as they come. */
  numbersByReport = false;

  // Scheduling: how many children run, and which wait for one of them to end.
  #running = 0;
  #waiting = [];
  #pick;
  #startsSoon = false;
  #subtestsDone = null;

  // Reporting goes in the order in which tests were made, or in that in which they were chosen at random.
  #chosen = [];
  #isChosen = false;
  #hasReportedStart = false;
  #nextToReport = 0;
  #reportedChildren = 0;
  #diagnostics = [];

  #startedAt;
  #endedAt;
  #controller;
  #mock;
  #stop;
  #signal;
  #fn;
  #context;
  #isRecalled = false;
  #passedBefore;

  /**
   * @param {Test | null} parent
   * @param {string} name
   * @param {object} options
   * @param {Function} fn
   * @param {{ line: number, column: number, file: string } | undefined} location
   */
  constructor(parent, name, options, fn, location) {
    this.parent = parent;
    this.name = name;
    this.location = location;
    this.root = parent === null ? this : parent.root;
    this.nesting = parent === null || parent.isRoot ? 0 : parent.nesting + 1;
    this.concurrency = readConcurrency(options.concurrency, parent);
    this.timeout = readTimeout(options.timeout, parent, this.limit);
    this.#signal = readSignal(options.signal);
    this.tags = readTags(options.tags, parent);
    this.expectFailure = readExpectFailure(options.expectFailure) ?? parent?.expectFailure;
    this.only = options.only === undefined ? undefined : Boolean(options.only);
    this.hooks = new Hooks(parent?.hooks);
    this.#fn = fn;
    this.testId = parent === null ? 0 : ++this.root.lastTestId;
    if (options.skip !== undefined && options.skip !== false) {
      this.skip(options.skip);
      this.#fn = noop;
    }
    if (options.todo !== undefined && options.todo !== false) this.todo(options.todo);
    else if (parent?.isTodo && parent.isSuite) this.isTodo = true;
    if (options.plan) this.setPlan(options.plan);
    this.#stop = new Stop(this.#signal);
    if (parent === null) return;
    const { config } = this.root;
    if (!config.honoursOnly && (this.only || parent.runsOnly)) this.diagnostic(ONLY_NEEDS_OPTION);
    if (isFiltered(this, config)) this.isFiltered = true;
    else this.#bringBackParents();
  }

  get isRoot() {
    return false;
  }

  get isSuite() {
    return false;
  }

  get type() {
    return 'test';
  }

  /** Whether `only` of other tests leaves it out. */
  get honoursOnly() {
    return this.root.config.honoursOnly;
  }

  /** @returns {number} the time that a test has which says nothing of it, in milliseconds */
  get limit() {
    return this.parent === null ? Infinity : this.root.config.timeout;
  }

  /** @returns {AbortSignal} aborted when the test ends */
  get signal() {
    return this.controller.signal;
  }

  get controller() {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isFinished || this.isCancelled) this.#controller.abort();
    }
    return this.#controller;
  }

  get mock() {
    return this.#mock ??= new (require('internal/test/mock/tracker').MockTracker)();
  }

  get filePath() {
    return this.root.entryFile ?? this.location?.file;
  }

  /** @returns {string[]} the names from the outermost test on */
  get names() {
    return this.parent === null || this.parent.isRoot ? [this.name] : [...this.parent.names, this.name];
  }

  get fullName() {
    return this.names.join(' > ');
  }

  /** @returns {object} what the test's function is given */
  get context() {
    return this.#context ??= this.isSuite ? new SuiteContext(this) : new TestContext(this);
  }

  /** Takes the test out of the run, as if it had not been made. */
  leaveOut() {
    this.isFiltered = true;
    for (const child of this.children) child.leaveOut();
  }

  // A suite that was filtered is there again for a test in it that was not.
  #bringBackParents() {
    for (let at = this.parent; at.isSuite && at.isFiltered; at = at.parent) at.isFiltered = false;
  }

  skip(message) {
    this.isSkipped = true;
    this.skipMessage = typeof message === 'string' && message !== '' ? message : undefined;
  }

  todo(message) {
    this.isTodo = true;
    this.todoMessage = typeof message === 'string' && message !== '' ? message : undefined;
  }

  setRunOnly(value) {
    this.runsOnly = Boolean(value);
  }

  setPlan(count, options) {
    if (this.plan !== null) throw failure('cannot set plan more than once', kinds.testCode);
    this.plan = new (require('internal/test/plan').Plan)(count, options);
  }

  diagnostic(message, level = 'info') {
    this.#diagnostics.push({ message, level });
  }

  log(message, data) {
    validateString(message, 'message');
    const { name, nesting, testId, parent } = this;
    const event = { __proto__: null, name, nesting, testId, parentId: parent?.testId, message };
    if (data !== undefined) event.data = data;
    this.#report('test:log', Object.assign(event, place(this.location)));
  }

  /** @param {string} kind  `before`, `after`, `beforeEach` or `afterEach` */
  addHook(kind, fn, options, location) {
    const hook = new Hook(this, kind, fn, options, location);
    this.hooks.add(kind, hook);
    if (kind === 'before' && this.#startedAt !== undefined) {
      hook.run(this.context).catch((error) => this.fail(wrap(error)));
    }
  }

  /**
   * Makes a test below this one.
   * @param {'test' | 'suite'} type
   * @param {object} overrides  options that win
   * @returns {Test} to be started
   */
  createSubtest(type, name, options, fn, overrides, location) {
    const read = readArguments(name, options, fn);
    const Class = type === 'suite' ? Suite : Test;
    const parent = this.isFinished ? this.root : this;
    const test = new Class(parent, read.name, { ...read.options, ...overrides }, read.fn, location);
    if (parent !== this) {
      test.fail(failure('test could not be started because its parent finished', kinds.parentFinished));
    }
    parent.children.push(test);
    const { rerun } = this.root;
    if (rerun !== undefined && location !== undefined) test.#recall(rerun);
    return test;
  }

  // What has passed in an earlier run passes again, as do its subtests.
  #recall(rerun) {
    this.#isRecalled = true;
    this.attempt = rerun.attempt;
    this.#passedBefore = rerun.recall(this.location);
    if (this.#passedBefore === undefined || this.isSuite) return;
    const { children } = this.#passedBefore;
    this.#fn = async () => {
      for (const { name, line, column, file } of children) {
        await this.createSubtest('test', name, {}, noop, {}, { line, column, file }).start();
      }
    };
  }

  /** @returns {Promise<void>} resolved when the test has ended, whatever its result */
  start() {
    if (this.isFiltered) {
      this.isFinished = true;
      return Promise.resolve();
    }
    const { parent } = this;
    const { isRandom } = this.root;
    this.root.report('test:enqueue', this.#queueEvent(this.type));
    if (!isRandom && parent.#running < parent.concurrency) {
      this.root.report('test:dequeue', this.#queueEvent(this.type));
      parent.#running++;
      return this.run();
    }
    const { promise, resolve } = Promise.withResolvers();
    parent.#waiting.push({ test: this, resolve });
    if (isRandom) parent.#startSoon();
    return promise;
  }

  // A random one of the tests that are made before this is called.
  #startSoon() {
    if (this.#startsSoon) return;
    this.#startsSoon = true;
    Promise.resolve().then(() => {
      this.#startsSoon = false;
      this.#startWaiting();
    });
  }

  #noteChosen(test) {
    if (test.#isChosen) return;
    test.#isChosen = true;
    this.#chosen.push(test);
  }

  #takeWaiting() {
    if (!this.root.isRandom) return this.#waiting.shift();
    this.#pick ??= require('internal/test/random').makePicker(this.root.config.randomSeed);
    const [next] = this.#waiting.splice(this.#pick(this.#waiting.length), 1);
    this.#noteChosen(next.test);
    return next;
  }

  #startWaiting() {
    while (this.#waiting.length > 0 && this.#running < this.concurrency) {
      const { test, resolve } = this.#takeWaiting();
      if (test.isFinished) {
        resolve();
        continue;
      }
      this.root.report('test:dequeue', test.#queueEvent(this.type));
      this.#running++;
      runAndTell(test, resolve);
    }
  }

  get isRunning() {
    return this.#startedAt !== undefined && !this.isFinished;
  }

  /** Runs hooks, function, subtests. */
  async run() {
    this.#startedAt ??= now();
    if (this.#isAborted()) return this.finish();
    const { parent, context } = this;
    // One that skips itself while it runs has begun like the others.
    const { isSkipped } = this;
    const afterEach = once(() => (isSkipped ? undefined : runHooks(parent, 'afterEach', context)));
    const after = once(() => runHooks(this, 'after', context));
    try {
      // Called from here, not further down: so the frames of the tests around this one fit on the stack.
      const { hooks } = parent;
      if (hooks.has('before')) await hooks.run('before', parent.context);
      if (hooks.has('beforeEach') && !this.isSkipped) await hooks.run('beforeEach', context);
      this.#stop.startTimer(this.timeout);
      await this.#stop.race(callTestFunction(this, this.#fn, context));
      if (this.#isAborted()) throw this.error;
      await this.#stop.race(this.#whenSubtestsEnd());
      const planned = this.plan?.check();
      if (planned !== undefined) await this.#stop.race(planned);
      this.pass();
      await afterEach();
      await after();
    } catch (error) {
      this.#failOrCancel(error);
      try {
        await afterEach();
        await after();
      } catch {
        // The first error is the one to report.
      }
    } finally {
      this.#stop.release();
      this.#controller?.abort();
    }
    this.finish();
  }

  #isAborted() {
    if (!this.#signal?.aborted) return false;
    this.cancel(abortFailure(this.#signal));
    return true;
  }

  #failOrCancel(error) {
    const kind = error?.failureType;
    if (kind === kinds.timeout || kind === kinds.aborted || kind === kinds.cancelledByParent) this.cancel(error);
    else this.fail(this.keepsError ? error : wrap(error));
  }

  #whenSubtestsEnd() {
    if (this.children.every((child) => child.isFinished)) return undefined;
    this.#subtestsDone = Promise.withResolvers();
    return this.#subtestsDone.promise;
  }

  /** The run of a suite: its tests, with its own hooks around them. */
  async runAsSuite(built) {
    this.#startedAt ??= now();
    const { parent, context } = this;
    const after = once(() => runHooks(this, 'after', context));
    await built;
    try {
      if (!this.isSkipped && this.error === null && !this.#isAborted()) {
        await runHooks(parent, 'before', parent.context);
        await runHooks(this, 'before', context);
        this.#stop.startTimer(this.timeout);
        await this.#stop.race(Promise.all(this.children.map((child) => child.start())));
        await after();
        if (this.#isAborted()) throw this.error;
        this.pass();
      } else if (this.error === null || this.isCancelled) {
        // Skipped or aborted: its tests are as if they had not been made.
        this.children.length = 0;
        this.pass();
      }
    } catch (error) {
      this.#failOrCancel(error);
      try {
        await after();
      } catch {
        // The first error is the one to report.
      }
    } finally {
      this.#stop.release();
      this.#controller?.abort();
    }
    this.finish();
  }

  /** Calls the function of a suite, which makes its tests. */
  build() {
    if (this.isSkipped) return undefined;
    const { context } = this;
    try {
      const result = scopeOf(this).runInAsyncScope(this.#fn, context, context);
      if (!require('internal/util/types').isPromise(result)) return undefined;
      return result.catch((error) => this.fail(failure(error, kinds.testCode)));
    } catch (error) {
      this.fail(failure(error, kinds.testCode));
      return undefined;
    }
  }

  pass() {
    if (this.error !== null) return;
    if (this.expectFailure !== undefined && !this.isSkipped) {
      this.fail(failure('test was expected to fail but passed', kinds.expectedFailure));
      return;
    }
    this.passed = true;
  }

  fail(error) {
    if (this.error !== null) return;
    // What fails is reported, whatever was asked for.
    if (this.isFiltered) {
      this.isFiltered = false;
      this.#bringBackParents();
    }
    if (this.expectFailure !== undefined && error.failureType !== kinds.expectedFailure) {
      const mismatch = matchExpectedFailure(this.expectFailure, error);
      if (mismatch === undefined) {
        this.passed = true;
        return;
      }
      error = failure(mismatch, kinds.testCode);
    }
    this.passed = false;
    this.error = error;
  }

  /** Ends the test early. */
  cancel(error) {
    if (this.#endedAt !== undefined) return;
    error ??= failure('test did not finish before its parent and was cancelled', kinds.cancelledByParent);
    if (this.error === null) {
      this.passed = false;
      this.error = error;
    }
    this.isCancelled = true;
    this.#controller?.abort();
    this.#stop.now(error);
  }

  /** An error that nobody caught came from this test. */
  failFromOutside(error) {
    this.fail(error);
    this.#controller?.abort();
    this.#stop.now(error);
  }

  /** Settles the result, and with it that of the tests below that have not ended. */
  finish(pendingError) {
    if (this.isFinished) return;
    this.#endedAt = now();
    this.#startedAt ??= this.#endedAt;
    let failed = 0;
    for (const child of this.children) {
      if (!child.isFinished) {
        if (child.isFiltered) {
          child.isFinished = true;
          continue;
        }
        child.cancel(pendingError);
        child.finish(pendingError);
      }
      if (this.root.isRandom) this.#noteChosen(child);
      if (!child.isFiltered && !child.passed && !child.isTodo) failed++;
    }
    if (failed > 0 && (this.passed || this.isRoot)) {
      this.passed = false;
      this.fail(failure(`${failed} subtest${failed > 1 ? 's' : ''} failed`, kinds.subtests));
    }
    this.#stop.release();
    this.#mock?.reset();
    this.isFinished = true;
    this.#waiting.length = 0;
    if (this.parent === null) this.reportRest();
    else this.parent.#childFinished(this);
  }

  #childFinished(child) {
    if (this.isFinished) return;
    this.#running = Math.max(this.#running - 1, 0);
    child.#reportComplete();
    this.#reportReady();
    this.#startWaiting();
    if (this.#subtestsDone !== null && this.children.every((it) => it.isFinished)) this.#subtestsDone.resolve();
    if (this.isRoot) this.childEnded();
  }

  #mayReport() {
    const { parent } = this;
    if (parent === null) return true;
    return parent.#firstUnreported() === this && parent.#mayReport();
  }

  #firstUnreported() {
    const tests = this.root.isRandom ? this.#chosen : this.children;
    while (tests[this.#nextToReport]?.isFiltered) this.#nextToReport++;
    return tests[this.#nextToReport];
  }

  // Reports what has ended, in order, as far as it goes.
  #reportReady() {
    if (!this.#mayReport()) return;
    for (let child = this.#firstUnreported(); child !== undefined; child = this.#firstUnreported()) {
      if (!child.isFinished) {
        child.reportEarly();
        child.#reportReady();
        return;
      }
      child.#reportAll();
      this.#nextToReport++;
    }
  }

  /** Called when all before this test is reported while it is running: for test files. */
  reportEarly() {}

  /** @returns {boolean} whether all before this test is reported */
  isNext() {
    return this.#mayReport();
  }

  /**
   * Reports something in the place of this test: for test files.
   * @returns {boolean} whether that was all
   */
  replay() {
    return false;
  }

  /** @returns {number} the number of the next test that is reported */
  numberNext() {
    return ++this.#reportedChildren;
  }

  #reportAll() {
    if (this.replay()) return;
    this.#reportStart();
    // What ended unreported while others were before it.
    for (let child = this.#firstUnreported(); child !== undefined; child = this.#firstUnreported()) {
      child.#reportAll();
      this.#nextToReport++;
    }
    this.#reportPlan();
    this.root.count(this);
    this.#reportResult();
    this.#reportDiagnostics();
  }

  #reportStart() {
    if (this.#hasReportedStart || this.isRoot) return;
    this.#hasReportedStart = true;
    this.parent.#reportStart();
    this.parent.#reportedChildren++;
    this.#report('test:start', Object.assign(this.#identity(), { tags: this.tags }, place(this.location)));
  }

  #reportPlan() {
    if (this.#reportedChildren === 0 && !this.isRoot) return;
    this.#report('test:plan', {
      __proto__: null,
      nesting: this.isRoot ? 0 : this.nesting + 1,
      count: this.#reportedChildren,
      ...place(this.location),
    });
  }

  #reportDiagnostics() {
    for (const { message, level } of this.#diagnostics) {
      this.#report('test:diagnostic', {
        __proto__: null, nesting: this.nesting, message, level, ...place(this.location),
      });
    }
  }

  /** Reports the tests of the outermost level that have ended. */
  reportChildren() {
    this.#reportReady();
  }

  /** The end of a run: the plan and the diagnostics of the root. */
  reportRest() {
    this.#reportPlan();
    this.#reportDiagnostics();
    this.#diagnostics = [];
  }

  #reportComplete() {
    const details = this.#details();
    details.passed = this.passed;
    this.#report('test:complete', this.#resultEvent(details, this.#place()));
  }

  #reportResult() {
    const number = this.parent.numbersByReport ? this.parent.#reportedChildren : this.#place();
    const event = this.#resultEvent(this.#details(), number);
    this.#report(this.passed ? 'test:pass' : 'test:fail', event);
  }

  #resultEvent(details, testNumber) {
    const { classname } = details;
    const event = {
      __proto__: null,
      name: this.name,
      nesting: this.nesting,
      testNumber,
      testId: this.testId,
      parentId: this.parent.testId,
      details,
      tags: this.tags,
    };
    if (classname !== undefined && !('passed' in details)) event.classname = classname;
    return Object.assign(event, place(this.location), directive(this));
  }

  /** Which one among its siblings it is, from 1. */
  #place() {
    let number = 0;
    for (const sibling of this.parent.children) {
      if (!sibling.isFiltered) number++;
      if (sibling === this) break;
    }
    return number;
  }

  #details() {
    const details = { __proto__: null, duration_ms: this.duration, type: this.type };
    if (!this.passed && this.error !== null) details.error = this.error;
    if (this.#isRecalled) {
      details.attempt = this.attempt;
      if (this.#passedBefore !== undefined) details.passed_on_attempt = this.#passedBefore.passed_on_attempt;
    }
    if (!this.parent.isRoot) details.classname = this.parent.names.join('.');
    return details;
  }

  /** @returns {number} milliseconds */
  get duration() {
    if (this.#passedBefore !== undefined && !this.isSuite) return this.#passedBefore.duration_ms;
    return Number((this.#endedAt ?? now()) - this.#startedAt) / NANOSECONDS;
  }

  /** The time of a run begins with it. */
  markStart() {
    this.#startedAt = now();
  }

  #identity() {
    return {
      __proto__: null,
      nesting: this.nesting,
      name: this.name,
      testId: this.testId,
      parentId: this.parent?.testId,
    };
  }

  #queueEvent(type) {
    return {
      __proto__: null,
      nesting: this.nesting,
      name: this.name,
      type,
      testId: this.testId,
      parentId: this.parent.testId,
      tags: this.tags,
      ...place(this.location),
    };
  }

  #report(type, data) {
    this.root.report(type, data);
  }
}

/** A test whose function makes other tests: `describe`. */
class Suite extends Test {
  #built;

  constructor(parent, name, options, fn, location) {
    super(parent, name, options, fn, location);
    if (this.only === false && this.root.config.only) return;
    const building = this.build();
    if (building !== undefined) this.#built = this.root.waitForSuite(building);
  }

  get isSuite() {
    return true;
  }

  get type() {
    return 'suite';
  }

  get limit() {
    return Infinity;
  }

  run() {
    return this.runAsSuite(this.#built);
  }
}

// Awaited rather than handed on: errors of the test then do not name who waits for it, as under Node.
async function runAndTell(test, resolve) {
  await test.run();
  resolve();
}

function runHooks(owner, kind, context) {
  return owner === null || !owner.hooks.has(kind) ? undefined : owner.hooks.run(kind, context);
}

function once(work) {
  let hasRun = false;
  return () => {
    if (hasRun) return undefined;
    hasRun = true;
    return work();
  };
}

function wrap(error) {
  return isFailure(error) ? error : failure(error, kinds.testCode);
}

module.exports = { Suite, Test };
