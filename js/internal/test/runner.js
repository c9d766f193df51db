// `run()` and `--test`: runs test files, each in a process of its own or all in this one.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const {
  validateArray, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf,
  validateString, validateStringArray,
} = require('internal/validators');
const { isRegExp } = require('internal/util/types');
const { toPath: validatePath } = require('internal/fs/arguments');
const { relative, resolve } = require('path');
const { findTestFiles } = require('internal/test/files');
const { getOptionValue } = require('internal/options');
const { readConfig, readTagFilters, toRegExp } = require('internal/test/config');
const { TestsStream } = require('internal/test/events');
const { readTimeout } = require('internal/test/options');
const { Root } = require('internal/test/root');

function readPatterns(value, name) {
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map((pattern, index) => {
    if (isRegExp(pattern)) return pattern;
    if (typeof pattern === 'string') return toRegExp(pattern);
    const label = Array.isArray(value) ? `${name}[${index}]` : name;
    throw new ERR_INVALID_ARG_TYPE(label, ['string', 'RegExp'], pattern);
  });
}

function readShard(shard) {
  if (shard === undefined || shard === null) return undefined;
  validateObject(shard, 'options.shard');
  const { index, total } = { ...shard };
  validateInteger(total, 'options.shard.total', 1);
  validateInteger(index, 'options.shard.index', 1, total);
  return { index, total };
}

function readGlobs(value, name) {
  if (value === undefined || value === null) return undefined;
  const globs = Array.isArray(value) ? value : [value];
  globs.forEach((glob, index) => validateString(glob, Array.isArray(value) ? `${name}[${index}]` : name));
  return globs;
}

/** The options of `run` about coverage. */
function readCoverage(options) {
  const { lineCoverage = 0, branchCoverage = 0, functionCoverage = 0, coverageIncludeAll = false } = options;
  const include = readGlobs(options.coverageIncludeGlobs, 'options.coverageIncludeGlobs');
  const exclude = readGlobs(options.coverageExcludeGlobs, 'options.coverageExcludeGlobs');
  validateBoolean(coverageIncludeAll, 'options.coverageIncludeAll');
  validateInteger(lineCoverage, 'options.lineCoverage', 0, 100);
  validateInteger(branchCoverage, 'options.branchCoverage', 0, 100);
  validateInteger(functionCoverage, 'options.functionCoverage', 0, 100);
  return {
    include,
    exclude,
    includeAll: coverageIncludeAll,
    thresholds: { __proto__: null, line: lineCoverage, branch: branchCoverage, function: functionCoverage },
  };
}

function readFiles(options, cwd, shard) {
  const { files, globPatterns } = options;
  if (files !== undefined && files !== null) {
    validateArray(files, 'options.files');
    if (globPatterns?.length > 0) {
      throw new ERR_INVALID_ARG_VALUE('options.globPatterns', globPatterns,
        'is not supported when specifying \'options.files\'');
    }
    const paths = cwd === process.cwd() ? files.slice() : files.map((file) => resolve(cwd, file));
    return shard === undefined ? paths : paths.filter((_, index) => index % shard.total === shard.index - 1);
  }
  if (globPatterns !== undefined && globPatterns !== null) validateArray(globPatterns, 'options.globPatterns');
  return findTestFiles(globPatterns ?? [], cwd, shard);
}

/**
 * Runs test files.
 * @param {object} [options]  as Node documents them
 * @returns {TestsStream} the events of the run
 */
function run(options = {}) {
  return begin(options).stream;
}

/** @returns {{ randomSeed?: number, rerunFailures?: string | Buffer }} the order of tests, and which are run */
function readOrder({ randomize = false, randomSeed, rerunFailuresFilePath, watch }) {
  const { MAX_SEED, makeSeed } = require('internal/test/random');
  validateBoolean(randomize, 'options.randomize');
  if (randomSeed !== undefined) validateInteger(randomSeed, 'options.randomSeed', 0, MAX_SEED);
  if (watch) refuseRandom(randomize, randomSeed, 'watch');
  let rerunFailures;
  if (rerunFailuresFilePath !== undefined) {
    rerunFailures = validatePath(rerunFailuresFilePath, 'options.rerunFailuresFilePath');
    refuseRandom(randomize, randomSeed, 'rerun failures');
  }
  return { randomSeed: randomize ? randomSeed ?? makeSeed() : randomSeed, rerunFailures };
}

function refuseRandom(randomize, seed, mode) {
  const reason = `is not supported with ${mode} mode`;
  if (seed !== undefined) throw new ERR_INVALID_ARG_VALUE('options.randomSeed', seed, reason);
  if (randomize) throw new ERR_INVALID_ARG_VALUE('options.randomize', randomize, reason);
}

/** @returns {Root} the root of the run that `run()` begins */
function begin(options) {
  validateObject(options, 'options');
  const {
    concurrency, timeout, signal, isolation = 'process', only, setup, cwd = process.cwd(), forceExit,
    execArgv = [], argv = [], env = process.env, testNamePatterns, testSkipPatterns, watch, coverage,
  } = options;
  if (forceExit !== undefined) validateBoolean(forceExit, 'options.forceExit');
  if (only !== undefined) validateBoolean(only, 'options.only');
  if (watch !== undefined) validateBoolean(watch, 'options.watch');
  if (coverage !== undefined) validateBoolean(coverage, 'options.coverage');
  if (setup !== undefined && setup !== null) validateFunction(setup, 'options.setup');
  validateOneOf(isolation, 'options.isolation', ['process', 'none']);
  validateString(cwd, 'options.cwd');
  validateStringArray(execArgv, 'options.execArgv');
  validateStringArray(argv, 'options.argv');
  const { globalSetupPath, testTagFilters } = options;
  if (globalSetupPath !== undefined) validatePath(globalSetupPath, 'options.globalSetupPath');
  const tagFilters = testTagFilters === undefined ? undefined : [].concat(testTagFilters);
  const shard = readShard(options.shard);
  const config = {
    ...readConfig(),
    forceExit: Boolean(forceExit),
    ...(only === undefined ? undefined : { only }),
    coverage: coverage ? readCoverage(options) : undefined,
    countsHere: isolation === 'none',
    cwd,
    ...readOrder(options),
  };
  if (timeout !== undefined && timeout !== null) config.timeout = readTimeout(timeout, null, Infinity);
  if (globalSetupPath !== undefined) config.globalSetup = globalSetupPath;
  if (tagFilters !== undefined) config.tagFilters = readTagFilters(tagFilters, 'options.testTagFilters');
  config.namePatterns = readPatterns(testNamePatterns, 'options.testNamePatterns') ?? config.namePatterns;
  config.skipPatterns = readPatterns(testSkipPatterns, 'options.testSkipPatterns') ?? config.skipPatterns;
  const isRecursive = process.env.NODE_TEST_CONTEXT !== undefined;
  if (isRecursive) {
    process.emitWarning('node:test run() is being called recursively within a test file. skipping running files.');
  }
  const findFiles = () => (isRecursive ? [] : readFiles(options, cwd, shard));
  const makeRoot = (stream) => new Root(config, {
    concurrency: isolation === 'none' ? 1 : concurrency ?? true,
    isRun: true,
    numbersByReport: isolation === 'process',
    stream,
  });
  const settings = {
    cwd, argv, env, signal, execArgv: [...execArgv, ...filterOptions(options), ...configOptions(config)],
  };
  const runFiles = isolation === 'none' ? runHere : runApart;
  // One that is watched goes on with its stream.
  const root = makeRoot(watch ? new TestsStream() : undefined);
  if (watch) watchFiles(root, { findFiles, makeRoot, runFiles }, settings, options);
  else start(root, findFiles(), runFiles, settings, setup);
  return root;
}

/** The options of `run` that the files have to know. */
function filterOptions({ testNamePatterns, testSkipPatterns, testTagFilters, only }) {
  const options = [];
  const add = (name, value) => {
    for (const pattern of readPatterns(value, name) ?? []) options.push(`${name}=${pattern}`);
  };
  add('--test-name-pattern', testNamePatterns);
  add('--test-skip-pattern', testSkipPatterns);
  if (only) options.push('--test-only');
  for (const filter of [].concat(testTagFilters ?? [])) options.push(`--experimental-test-tag-filter=${filter}`);
  return options;
}

/** The same of what the command line may say, too. */
function configOptions({ randomSeed, rerunFailures, cwd, timeout }) {
  const options = [];
  if (timeout !== Infinity) options.push(`--test-timeout=${timeout}`);
  if (randomSeed !== undefined) options.push(`--test-random-seed=${randomSeed}`);
  if (rerunFailures !== undefined) options.push(`--test-rerun-failures=${resolve(cwd, `${rerunFailures}`)}`);
  return options;
}

async function start(root, files, runFiles, settings, setup) {
  // Whoever called `run` listens first.
  await undefined;
  if (setup) await setup(root.stream);
  await root.whenReady();
  await runFiles(root, files, settings);
  await root.end();
}

async function watchFiles(root, { findFiles, makeRoot, runFiles }, settings, { files, setup, signal }) {
  const { WatchedRuns } = require('internal/test/watch');
  const runs = new WatchedRuns(root, {
    findFiles: () => findFiles().map((file) => resolve(settings.cwd, file)),
    makeRoot,
    runFiles: (next, paths, watcher) => runFiles(next, paths, { ...settings, signal: undefined, watcher }),
  });
  await undefined;
  if (setup) await setup(root.stream);
  const end = () => runs.close();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  await runs.start(findFiles().map((file) => resolve(settings.cwd, file)), files ? undefined : settings.cwd);
}

async function runApart(root, files, settings) {
  const { FileTest, WorkerIds } = require('internal/test/file_test');
  const shared = { ...settings, workerIds: new WorkerIds(Math.min(root.concurrency, files.length)) };
  const tests = files.map((file) => {
    const test = new FileTest(root, file, shared);
    test.isFiltered = false;
    root.children.push(test);
    return test;
  });
  await Promise.all(tests.map((test) => root.startChild(test)));
}

async function runHere(root, files, { cwd, watcher }) {
  require('internal/test/harness').adoptRoot(root);
  if (watcher === undefined) root.watchProcess();
  process.env.NODE_TEST_WORKER_ID = '1';
  const { baseURL, importModule } = require('internal/modules/esm/loader');
  const { importPreloads } = require('internal/modules/esm/main');
  const { pathToFileURL } = require('internal/url');
  const base = baseURL();
  const loaded = Promise.withResolvers();
  root.waitForSuite(loaded.promise);
  await importPreloads();
  for (const file of files) {
    const before = root.children.length;
    let loadFile = () => {};
    let hasFailed = false;
    try {
      await importModule(pathToFileURL(resolve(cwd, file)).href, base);
    } catch (error) {
      hasFailed = true;
      loadFile = () => {
        throw error;
      };
    }
    if (root.children.length > before && !hasFailed) continue;
    // A file without tests is one itself.
    const location = { line: 1, column: 1, file: resolve(cwd, file) };
    const place = relative(cwd, file);
    const test = root.createSubtest('test', place.startsWith('..') ? file : place, {}, loadFile, {}, location);
    test.keepsError = hasFailed;
    root.startChild(test);
  }
  loaded.resolve();
  if (watcher !== undefined) return root.whenIdle();
  // Its end is that of the process: there may be work that no test has waited for.
  return new Promise((resolve) => {
    process.once('beforeExit', resolve);
  });
}

/** `--test`: runs the files that the command line names. */
function main() {
  const { connectReporters } = require('internal/test/report_output');
  const patterns = process.argv.slice(1);
  const shardText = getOptionValue('--test-shard');
  const shard = shardText === undefined ? undefined : parseShard(shardText);
  const cwd = process.cwd();
  const files = findTestFiles(patterns, cwd, undefined);
  if (files.length === 0 && patterns.length > 0) {
    process._rawDebug(`Could not find '${patterns.join(', ')}'`);
    process.exit(1);
  }
  const timeout = getOptionValue('--test-timeout');
  const isolation = getOptionValue('--test-isolation') ?? 'process';
  let concurrency = getOptionValue('--test-concurrency') || true;
  if (isolation === 'process' && process.execArgv.some((option) => option.startsWith('--inspect'))) {
    process.emitWarning('Using the inspector with --test forces running at a concurrency of 1. ' +
      'Use the inspectPort option to run with concurrency');
    concurrency = 1;
  }
  const watch = getOptionValue('--watch') === true;
  const { coverage } = readConfig();
  tellConfiguration(patterns, shard);
  const root = begin({
    ...coverageOptions(coverage),
    // Files that appear while the tests are watched count too.
    ...(watch ? { globPatterns: patterns } : { files }),
    cwd,
    shard,
    isolation,
    concurrency,
    timeout: timeout ? Number(timeout) : undefined,
    randomize: getOptionValue('--test-randomize') === true,
    randomSeed: getOptionValue('--test-random-seed'),
    rerunFailuresFilePath: getOptionValue('--test-rerun-failures'),
    watch,
    forceExit: getOptionValue('--test-force-exit') === true,
  });
  const { stream } = root;
  stream.on('test:summary', ({ success, file }) => {
    if (file === undefined && !success) process.exitCode = 1;
  });
  const config = readConfig();
  const output = { config, stream, flushed: undefined };
  connectReporters(output).then(() => {
    root.flushed = output.flushed;
    if (config.forceExit) output.flushed.then(() => process.exit());
    if (watch) return;
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        root.interrupt();
        output.flushed.then(() => process.exit(1));
      });
    }
  });
}

/** Tells NODE_DEBUG=test_runner what the command line has asked for. */
function tellConfiguration(globPatterns, shard) {
  const debug = require('internal/util/debuglog').debuglog('test_runner');
  if (!debug.enabled) return;
  const config = readConfig();
  const { coverage, namePatterns, skipPatterns, tagFilters, reporters, destinations } = config;
  const isolation = getOptionValue('--test-isolation') ?? 'process';
  debug('test runner configuration:', {
    __proto__: null,
    isTestRunner: true,
    concurrency: isolation === 'none' ? 1 : getOptionValue('--test-concurrency') || true,
    coverage: coverage !== undefined,
    coverageIncludeAll: coverage?.includeAll ?? false,
    coverageExcludeGlobs: coverage?.exclude,
    coverageIncludeGlobs: coverage === undefined ? undefined : coverage.include ?? [],
    destinations: destinations.length === 0 && reporters.length < 2 ? ['stdout'] : destinations,
    forceExit: config.forceExit,
    isolation,
    branchCoverage: coverage?.thresholds.branch,
    functionCoverage: coverage?.thresholds.function,
    lineCoverage: coverage?.thresholds.line,
    only: config.only,
    reporters: reporters.length === 0 ? ['spec'] : reporters,
    globalSetupPath: config.globalSetup ?? '',
    shard,
    sourceMaps: Boolean(getOptionValue('--enable-source-maps')),
    testNamePatterns: namePatterns ?? null,
    testSkipPatterns: skipPatterns ?? null,
    testTagFilterExpressions: getOptionValue('--experimental-test-tag-filter') ?? null,
    testTagFilters: tagFilters ?? null,
    timeout: config.timeout,
    updateSnapshots: config.updateSnapshots,
    watch: getOptionValue('--watch') === true,
    globPatterns,
  });
}

function coverageOptions(coverage) {
  if (coverage === undefined) return undefined;
  const { include, exclude, includeAll, thresholds } = coverage;
  return {
    coverage: true,
    coverageIncludeGlobs: include,
    coverageExcludeGlobs: exclude,
    coverageIncludeAll: includeAll,
    lineCoverage: thresholds.line,
    branchCoverage: thresholds.branch,
    functionCoverage: thresholds.function,
  };
}

function parseShard(text) {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match === null) throw new ERR_INVALID_ARG_VALUE('--test-shard', text, 'must be in the form of <index>/<total>');
  return { index: Number(match[1]), total: Number(match[2]) };
}

module.exports = { main, run };
