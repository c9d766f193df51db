// The root of the tests of a process: counts, reports, and what the process itself tells of them.
'use strict';

const { relative } = require('path');
const { inspect } = require('internal/util/inspect');
const { currentTest } = require('internal/test/current');
const { TestsStream } = require('internal/test/events');
const { failure, kinds } = require('internal/test/failure');
const { applyOnly } = require('internal/test/filters');
const { TIMEOUT_MAX } = require('internal/test/options');
const { clearInterval, setInterval } = require('internal/test/real_timers');
const { Test } = require('internal/test/test');

const PENDING = 'Promise resolution is still pending but the event loop has already resolved';

const cancelledKinds = new Set([kinds.timeout, kinds.aborted, kinds.cancelledByParent]);

/** What holds all tests of a run. */
class Root extends Test {
  counts = {
    __proto__: null,
    tests: 0, failed: 0, passed: 0, cancelled: 0, skipped: 0, todo: 0, topLevel: 0, suites: 0,
  };
  success = true;

  /** The snapshots of its tests, once one compares with some. */
  snapshots;

  /** Resolved when reporters have written all. */
  flushed;

  #config;
  #coverage;
  #connect;
  #connected;
  #isRun;
  #keepsStream;
  #stream;
  #suitesInTheMaking = new Set();
  #isEnding = false;
  #tearDown;
  #underWay = new Set();
  #failed;
  #heartbeat;
  #rerun;

  /**
   * @param {object} config  see `internal/test/config`
   * @param {{ entryFile?: string, connect?: (root: Root) => Promise<void> }} [options]  `connect` has
   *   reporters take events; `stream` is one that goes on when the run is at its end
   */
  constructor(config, { entryFile, connect, isRun = false, numbersByReport = false, stream, ...options } = {}) {
    const location = entryFile === undefined ? undefined : { line: 1, column: 1, file: entryFile };
    super(null, '<root>', options, () => {}, location);
    this.#config = config;
    this.#connect = connect;
    this.#isRun = isRun;
    this.numbersByReport = numbersByReport;
    this.#stream = stream ?? new TestsStream();
    this.#keepsStream = stream !== undefined;
    this.entryFile = entryFile;
    if (config.coverage !== undefined) this.#coverage = this.#beginCoverage(config);
    if (config.rerunFailures !== undefined) this.#rerun = this.#readRerunState(config);
    this.markStart();
  }

  #beginCoverage({ coverage, cwd = process.cwd(), countsHere = true }) {
    const { TestCoverage } = require('internal/test/coverage/summary');
    return new TestCoverage(cwd, coverage, countsHere);
  }

  #readRerunState({ rerunFailures, cwd = process.cwd() }) {
    const state = require('internal/test/rerun').readRerunState(rerunFailures, cwd);
    if (state === undefined) {
      this.diagnostic(`Warning: The rerun failures file at ${rerunFailures} is not a valid rerun file. The test ` +
        'runner will not be able to rerun failed tests.');
    }
    return state;
  }

  get isRoot() {
    return true;
  }

  get config() {
    return this.#config;
  }

  get stream() {
    return this.#stream;
  }

  /** Whether tests are run in random order. */
  get isRandom() {
    return this.#config.randomSeed !== undefined;
  }

  /** @returns {RerunState | undefined} what earlier runs have left, where that is asked for */
  get rerun() {
    return this.#rerun;
  }

  get workerId() {
    const id = process.env.NODE_TEST_WORKER_ID;
    return id === undefined ? undefined : Number(id);
  }

  report(type, data) {
    this.#rerun?.note(type, data);
    this.#stream.report(type, data);
  }

  /** No test is started before all suites are complete. */
  waitForSuite(built) {
    this.#suitesInTheMaking.add(built);
    built.then(() => this.#suitesInTheMaking.delete(built));
    return built;
  }

  /** Starts a test of the outermost level. */
  startChild(test) {
    const ended = this.#startWhenReady(test);
    this.#underWay.add(ended);
    return ended.finally(() => this.#underWay.delete(ended));
  }

  async #startWhenReady(test) {
    this.#keepAlive();
    await this.#ready();
    while (this.#suitesInTheMaking.size > 0) await Promise.all(this.#suitesInTheMaking);
    applyOnly(test);
    await test.start();
    if (test.isFiltered) this.childEnded();
  }

  #ready() {
    return this.#connected ??= this.#prepare();
  }

  async #prepare() {
    await this.#connect?.(this);
    const { globalSetup, cwd = process.cwd() } = this.#config;
    if (globalSetup === undefined || process.env.NODE_TEST_CONTEXT !== undefined) return;
    const { failSetUp, setUp } = require('internal/test/global_setup');
    try {
      this.#tearDown = await setUp(globalSetup, cwd);
    } catch (error) {
      failSetUp(error);
    }
  }

  /** Does what is to be done before all tests. */
  whenReady() {
    return this.#ready();
  }

  // The process lives as long as tests have not ended, whatever they wait for.
  #keepAlive() {
    this.#heartbeat ??= setInterval(() => {}, TIMEOUT_MAX);
  }

  /** @returns {Promise<void>} resolved when all tests made so far have ended */
  async whenIdle() {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Counts a result that another process has reported. */
  countResult(type, data) {
    const { counts } = this;
    const { skip, todo, details } = data;
    const hasFailed = type === 'test:fail';
    if (hasFailed && todo === undefined) this.success = false;
    if (data.nesting === 0) counts.topLevel++;
    if (details.type === 'suite') {
      counts.suites++;
      return;
    }
    counts.tests++;
    const kind = details.error?.failureType;
    if (skip !== undefined) counts.skipped++;
    else if (todo !== undefined) counts.todo++;
    else if (hasFailed && cancelledKinds.has(kind)) counts.cancelled++;
    else if (hasFailed) counts.failed++;
    else counts.passed++;
  }

  /** Counts a test whose result is about to be reported. */
  count(test) {
    const { counts } = this;
    if (!test.passed && !test.isTodo) this.success = false;
    if (test.nesting === 0) counts.topLevel++;
    if (test.isSuite) {
      counts.suites++;
      return;
    }
    counts.tests++;
    if (test.isSkipped) counts.skipped++;
    else if (test.isTodo) counts.todo++;
    else if (test.isCancelled) counts.cancelled++;
    else if (!test.passed) counts.failed++;
    else counts.passed++;
  }

  /** Called when a test of the outermost level has ended. */
  childEnded() {
    if (!this.children.every((child) => child.isFinished)) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
    this.#runAfterHooks().then(() => {
      if (this.#config.forceExit && !this.#isEnding && !this.children.some((child) => !child.isFinished)) {
        this.#endAndExit();
      }
    });
  }

  async #runAfterHooks() {
    try {
      if (this.hooks.after.length > 0) await this.hooks.run('after', this.context);
    } catch (error) {
      this.#failed ??= error;
    }
  }

  async #endAndExit() {
    await this.end();
    await this.flushed;
    process.exit();
  }

  /** The process has nothing left to do: ends what has not ended, and reports the sums. */
  async end() {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.#ready();
    try {
      if (this.children.length === 0) await this.hooks.run('before', this.context);
    } catch (error) {
      this.#failed = error;
    }
    await this.#runAfterHooks();
    this.#close();
    if (this.#tearDown === undefined) return;
    await this.flushed;
    await this.#tearDown();
  }

  /** As `end`, where nothing asynchronous can happen any more. */
  endNow() {
    if (!this.isFinished) this.#close();
  }

  #close() {
    this.finish(failure(PENDING, kinds.cancelledByParent));
  }

  /** @override */
  reportRest() {
    const { counts } = this;
    this.reportChildren();
    this.snapshots?.writeSnapshotFiles();
    if (this.#failed !== undefined) this.#reportOwnFailure(this.#failed);
    if (!this.success && !this.#isRun) process.exitCode = 1;
    const coverage = this.#endCoverage();
    const duration = this.duration;
    const lines = {
      tests: counts.tests, suites: counts.suites, pass: counts.passed, fail: counts.failed,
      cancelled: counts.cancelled, skipped: counts.skipped, todo: counts.todo, duration_ms: duration,
    };
    if (this.#isRun && this.isRandom) {
      this.diagnostic(`Randomized test order seed: ${this.#config.randomSeed}`);
    }
    for (const name in lines) this.diagnostic(`${name} ${lines[name]}`);
    if (coverage !== undefined) this.#checkThresholds(coverage);
    super.reportRest();
    if (coverage !== undefined) this.report('test:coverage', { __proto__: null, nesting: 0, summary: coverage });
    const summary = { __proto__: null, success: this.success, counts, duration_ms: duration, file: this.entryFile };
    this.report('test:summary', summary);
    if (!this.#keepsStream) this.#stream.finish();
    // A file that belongs to a run leaves that to the run.
    if (process.env.NODE_TEST_CONTEXT === undefined) this.#rerun?.write();
  }

  /** @returns {object | undefined} what has run, where that is known */
  #endCoverage() {
    if (this.#coverage === undefined) return undefined;
    let summary;
    try {
      summary = this.#coverage.summary();
    } catch (error) {
      this.diagnostic(`Warning: Could not report code coverage. ${error}`);
      this.success = false;
      process.exitCode = 1;
    }
    try {
      this.#coverage.cleanUp();
    } catch (error) {
      this.diagnostic(`Warning: Could not clean up code coverage. ${error}`);
    }
    return summary;
  }

  #checkThresholds({ totals, thresholds }) {
    const reached = {
      line: totals.coveredLinePercent, branch: totals.coveredBranchPercent, function: totals.coveredFunctionPercent,
    };
    for (const name in reached) {
      if (reached[name] >= thresholds[name]) continue;
      this.success = false;
      process.exitCode = 1;
      this.diagnostic(`Error: ${reached[name].toFixed(2)}% ${name} coverage does not meet threshold of ` +
        `${thresholds[name]}%.`, 'error');
    }
  }

  /** Tells what is running while the process is told to end, and ends it. */
  interrupt() {
    for (const child of this.children) {
      if (!child.isRunning) continue;
      const { line, column, file } = child.location ?? {};
      const place = file === undefined ? '' : ` at ${file}:${line}:${column}`;
      this.report('test:diagnostic', {
        __proto__: null, nesting: 0, message: `Interrupted while running: ${child.name}${place}`, level: 'info',
      });
      child.supersede?.();
    }
    this.#stream.finish();
  }

  /** Gives up the files among `paths` that are running: they are about to run again. */
  supersede(paths) {
    for (const child of this.children) {
      if (paths.has(child.path) && !child.isFinished) child.supersede();
    }
  }

  #reportOwnFailure(error) {
    const location = this.hooks.after.concat(this.hooks.before).find((hook) => hook.hasFailed)?.location;
    const details = { __proto__: null, duration_ms: this.duration, type: undefined, error };
    const where = { line: location?.line, column: location?.column, file: location?.file };
    this.report('test:fail', {
      __proto__: null, name: this.entryFile, nesting: 0, testNumber: this.counts.topLevel + 1, details, ...where,
    });
  }

  /** Takes the errors that nobody caught, and the end of the process. */
  watchProcess() {
    process.on('uncaughtException', (error) => this.#attribute(error, kinds.uncaughtException));
    process.on('unhandledRejection', (error) => this.#attribute(error, kinds.unhandledRejection));
    process.on('beforeExit', () => this.end());
    process.on('exit', () => this.endNow());
  }

  #attribute(error, kind) {
    const test = currentTest();
    const isRunning = test !== undefined && !test.isFinished && !test.isRoot;
    if (isRunning) {
      test.failFromOutside(failure(error, kind));
      return;
    }
    const event = kind === kinds.uncaughtException ? 'uncaughtException' : 'unhandledRejection';
    const what = describeError(error);
    if (test === undefined || test.isRoot) {
      this.diagnostic('Error: A resource generated asynchronous activity after the test ended. This ' +
        `activity created the error "${what}" which triggered an ${event} event, caught by the test runner.`);
    } else {
      this.diagnostic(`Error: ${describeTest(test)} generated asynchronous activity after the test ended. ` +
        `This activity created the error "${what}" and would have caused the test to fail, but instead ` +
        `triggered an ${event} event.`);
    }
    process.exitCode = 1;
  }
}

function describeError(error) {
  try {
    return String(error);
  } catch {
    return inspect(error);
  }
}

function describeTest(test) {
  const { location } = test;
  const title = test.owner === undefined ? `Test "${test.name}"` : `Test hook "${test.kind}"`;
  if (location === undefined) return title;
  return `${title} at ${relative(process.cwd(), location.file)}:${location.line}:${location.column}`;
}

module.exports = { Root };
