// A test file that runs in a process of its own: its tests are reported as those of the run.
'use strict';

const { spawn } = require('child_process');
const { resolve } = require('path');
const { failure, kinds } = require('internal/test/failure');
const { ReportReader } = require('internal/test/child_reports');
const { Test } = require('internal/test/test');
const { kVariable } = require('internal/watch/report');

/** Options that are for the process that runs the files, not for the files. */
const serverLine = /^(?:Debugger (?:listening on|attached|ending on)|Waiting for the debugger to disconnect)/;
const ownOption = /^--(?:test|watch|experimental-test-coverage|test-reporter|test-reporter-destination|test-concurrency|test-shard|test-isolation|experimental-test-isolation|test-timeout|test-global-setup|test-rerun-failures|test-randomize|test-random-seed)(?:=|$)/;
const takesValue = /^--(?:test-reporter|test-reporter-destination|test-concurrency|test-shard|test-isolation|experimental-test-isolation|test-timeout|test-global-setup|test-rerun-failures|test-random-seed)$/;

function optionsOfFile(execArgv) {
  const kept = [];
  for (let i = 0; i < execArgv.length; i++) {
    if (!ownOption.test(execArgv[i])) kept.push(execArgv[i]);
    else if (takesValue.test(execArgv[i])) i++;
  }
  return kept;
}

/** What is told as it happens, whatever the order of the files. */
const atOnce = new Set(['test:enqueue', 'test:dequeue', 'test:complete']);

/** Stands for a file; where the file has tests, they are reported in its place. */
class FileTest extends Test {
  #events = [];
  #hasTests = false;
  #hasFailed = false;
  #child;
  #isSuperseded = false;
  #path;
  #settings;

  /**
   * @param {Test} root
   * @param {string} path
   * @param {{ cwd: string, execArgv: string[], argv: string[], env: object, workerIds: WorkerIds,
   *   signal?: AbortSignal, watcher?: FilesWatcher }} settings
   */
  constructor(root, path, settings) {
    const { cwd, signal } = settings;
    super(root, path, { signal }, () => this.#runFile(), {
      line: 1, column: 1, file: resolve(cwd, path),
    });
    this.#path = path;
    this.#settings = settings;
  }

  get path() {
    return this.#path;
  }

  get honoursOnly() {
    return false;
  }

  /** The time of the tests in it is not its own. */
  get limit() {
    return Infinity;
  }

  /** Ends the process; nothing of it is reported. */
  supersede() {
    this.#isSuperseded = true;
    this.#child?.kill();
  }

  async #runFile() {
    await this.#runProcess(this.#settings.workerIds.next());
  }

  #runProcess(workerId) {
    const { cwd, execArgv, argv, env, watcher } = this.#settings;
    const stdio = ['inherit', 'pipe', 'pipe'];
    const added = {};
    if (watcher !== undefined) {
      stdio.push('ipc');
      added[kVariable] = '1';
    }
    if (process.env.NODE_V8_COVERAGE !== undefined) added.NODE_V8_COVERAGE = process.env.NODE_V8_COVERAGE;
    const child = spawn(process.execPath, [...optionsOfFile(process.execArgv), ...execArgv, this.#path, ...argv], {
      __proto__: null,
      cwd,
      env: { ...env, ...added, NODE_TEST_CONTEXT: 'child-v8', NODE_TEST_WORKER_ID: `${workerId}` },
      stdio,
      signal: this.signal,
      encoding: 'utf8',
    });
    this.#child = child;
    watcher?.watchModulesOf(child, this.#path);
    const reader = new ReportReader((event) => this.#note(event), (text) => this.#text('test:stdout', text));
    child.stdout.on('data', (chunk) => reader.push(chunk));
    const isForDebuggers = process.execArgv.some((option) => option.startsWith('--inspect'));
    require('readline').createInterface({ input: child.stderr }).on('line', (line) => {
      // Debuggers find the file by what it says there.
      if (isForDebuggers && serverLine.test(line)) process.stderr.write(`${line}\n`);
      else this.#text('test:stderr', `${line}\n`);
    });
    return new Promise((resolve, reject) => {
      let spawnError;
      child.on('error', (error) => {
        spawnError = error;
      });
      child.on('close', (exitCode, signal) => {
        reader.end();
        if (exitCode === 0 && signal === null) resolve();
        else reject(this.#failedProcess(exitCode, signal, spawnError));
      });
    });
  }

  #failedProcess(exitCode, signal, spawnError) {
    const error = failure('test failed', this.#hasFailed ? kinds.subtests : kinds.testCode);
    // Where it was made says nothing.
    error.stack = undefined;
    error.exitCode = exitCode;
    error.signal = signal;
    if (spawnError !== undefined && spawnError.name !== 'AbortError') error.cause = spawnError;
    return error;
  }

  #note(event) {
    event.data.entryFile = this.location.file;
    if (event.type === 'test:pass' || event.type === 'test:fail') this.#hasTests = true;
    if (event.type === 'test:fail' && event.data.todo === undefined) this.#hasFailed = true;
    // The plan, the sums and the end of the file are part of those of the run.
    const { nesting } = event.data;
    if (nesting === 0 && (event.type === 'test:plan' || isSum(event))) return;
    if (atOnce.has(event.type)) this.root.report(event.type, event.data);
    else this.#queue(event);
  }

  #text(type, message) {
    this.#queue({ type, data: { __proto__: null, file: this.#path, message, entryFile: this.location.file } });
  }

  #queue(event) {
    this.#events.push(event);
    if (!this.isFinished && this.isNext()) this.reportEarly();
  }

  /** @override */
  reportEarly() {
    if (this.#isSuperseded) return;
    const { root } = this;
    const events = this.#events;
    this.#events = [];
    for (const { type, data } of events) {
      if (type === 'test:pass' || type === 'test:fail') {
        if (data.nesting === 0) data.testNumber = root.numberNext();
        root.countResult(type, data);
      }
      root.report(type, data);
    }
  }

  /** @override */
  replay() {
    if (this.#isSuperseded) return true;
    this.reportEarly();
    return this.#hasTests && (this.error === null || this.error.failureType === kinds.subtests);
  }
}

/** Numbers from 1 on, given to the files in turn: as many as run at the same time. */
class WorkerIds {
  #given = 0;
  #total;

  /** @param {number} total */
  constructor(total) {
    this.#total = total;
  }

  next() {
    return (this.#given++ % this.#total) + 1;
  }
}

const sum = /^(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \d/;

function isSum({ type, data }) {
  return type === 'test:diagnostic' && sum.test(data.message);
}

module.exports = { FileTest, WorkerIds };
