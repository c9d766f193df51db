// The beginning and the end of a program.
'use strict';

const { prepare: prepareProcess } = require('internal/process/object');
const hooks = require('internal/async_hooks');
const { makeEnv } = require('internal/process/environment');
const warning = require('internal/process/warning');
const revival = require('internal/revival');

/** Called by the host when the loop has nothing left to do. */
function emitBeforeExit() {
  hooks.tellDestroyed();
  process.emit('beforeExit', process.exitCode || 0);
}

function dropGlobals(...names) {
  for (const name of names) delete globalThis[name];
}

function addEventSource() {
  const { EventSource } = require('web/event_source');
  const descriptor = { __proto__: null, configurable: true, writable: true, value: EventSource };
  Object.defineProperty(globalThis, 'EventSource', descriptor);
}

/**
 * Called by the host to begin a program.
 * @param {'file' | 'stdin' | 'eval' | 'module' | 'repl' | 'repl-eval' | 'check' | 'worker' | 'embedder' |
 *   'snapshot' | 'application'} kind
 * @param {string} text  a file name, or the program of `eval`, `module` and `repl-eval`
 * @param {boolean} print  whether to print the value of `eval`
 * @param {boolean} hasHostModules  whether the program that embeds the runtime has modules for this one
 */
function start(kind, text, print, hasHostModules) {
  prepareProcess(process, makeEnv());
  warning.prepare(process);
  if (revival.isRevived()) revival.revive();
  const work = kind === 'worker' ? require('internal/worker/main').start() : undefined;
  const { getOptionValue } = require('internal/options');
  if (internalBinding('permission').mode() !== 0) require('internal/process/permission').begin();
  const { Module, prepare, preload } = require('internal/modules/cjs');
  prepare();
  if (process.env.NODE_COMPILE_CACHE) {
    require('internal/modules/cjs').useCompileCache().enableFromEnvironment(kind === 'file' ? text : undefined);
  }
  if (work === undefined && isForDebuggers(getOptionValue)) {
    // Debuggers are for the program that is watched.
    if (kind === 'stdin' && isWatching(getOptionValue)) process.on('SIGUSR1', () => {});
    else require('internal/inspector/server').start(kind === 'file' ? text : undefined);
  }
  if (getOptionValue('--enable-source-maps') === true) enableSourceMaps();
  const isCounted = process.env.NODE_V8_COVERAGE || countsTests(getOptionValue);
  if (isCounted && kind !== 'snapshot') require('internal/coverage').beginAsAsked();
  if (work === undefined && process.env.NODE_CHANNEL_FD !== undefined) openChannel();
  if (work === undefined && process.env.NODE_UNIQUE_ID !== undefined) joinCluster();
  if (process.send !== undefined && process.env.WATCH_REPORT_DEPENDENCIES) require('internal/watch/report').begin();
  if (kind === 'file' && text === 'inspect') {
    require('internal/debugger/main').start();
    return;
  }
  if (kind === 'stdin' && isWatching(getOptionValue)) {
    require('internal/watch/main').main();
    return;
  }
  if (getOptionValue('--openssl-config')) require('internal/crypto/library').checkConfiguration();
  if (kind === 'snapshot') {
    require('internal/v8/snapshot_builder').run(text);
    return;
  }
  if (revival.isRevived() && runRevived(kind, text)) return;
  const required = getOptionValue('--require');
  // A name that begins with a dash is looked for as it is, as in Node.
  const isURL = kind === 'file' && getOptionValue('--entry-url') === true;
  if (kind === 'file') {
    const isGiven = isURL || text.startsWith('-');
    process.argv.splice(1, 0, isGiven ? text : require('path').resolve(text));
  }
  if (getOptionValue('--experimental-websocket') === false) dropGlobals('WebSocket', 'CloseEvent');
  if (getOptionValue('--experimental-global-navigator') === false) dropGlobals('navigator', 'Navigator');
  if (getOptionValue('--experimental-eventsource') === true) addEventSource();
  if (getOptionValue('--webstorage') === false || getOptionValue('--experimental-webstorage') === false) {
    dropGlobals('Storage', 'sessionStorage', 'localStorage');
  } else if (getOptionValue('--localstorage-file')) {
    Object.defineProperty(globalThis, 'localStorage', { enumerable: true });
  }
  const protoMode = getOptionValue('--disable-proto');
  if (protoMode !== undefined) require('internal/process/proto').disableProto(protoMode, Object.prototype);
  const order = getOptionValue('--dns-result-order');
  if (order !== undefined) require('internal/dns/lookup').useOption(order);
  if (getOptionValue('--trace-sync-io')) require('internal/process/trace_sync_io').begin();
  if (getOptionValue('--trace-promises')) require('internal/process/trace_promises').begin();
  if (getOptionValue('--track-heap-objects')) require('internal/v8/heap').trackObjects();
  if (work === undefined && getOptionValue('--experimental-config-file')) {
    require('internal/util').emitExperimentalWarning('--experimental-config-file');
  }
  if (getOptionValue('--trace-sigint')) require('util').setTraceSigInt(true);
  if (getOptionValue('--report-uncaught-exception') || getOptionValue('--report-on-signal') ||
      getOptionValue('--report-on-fatalerror')) {
    require('internal/process/report').begin(work === undefined);
  }
  const snapshotSignal = getOptionValue('--heapsnapshot-signal');
  if (snapshotSignal !== undefined) process.on(snapshotSignal, () => require('v8').writeHeapSnapshot());
  if (hasHostModules) require('internal/embed').defineModules();
  if (getOptionValue('--frozen-intrinsics')) require('internal/process/frozen_intrinsics').freeze();
  if (required !== undefined && required.length > 0) preload(required);
  if (work?.startsHooks !== false && getOptionValue('--experimental-loader')?.length > 0) {
    require('internal/modules/register').registerLoaders();
  }
  if (work !== undefined) {
    require('internal/worker/main').run(work);
  } else if (getOptionValue('--test') && kind !== 'application') {
    require('internal/test/runner').main();
  } else if (kind === 'check') {
    require('internal/process/execution').check(text);
  } else if (isURL) {
    require('internal/util').emitExperimentalWarning('--entry-url');
    require('internal/modules/esm/main').runEntry(text);
  } else if (kind === 'file') {
    Module.runMain(process.argv[1]);
  } else if (kind === 'repl' || kind === 'repl-eval') {
    require('internal/repl').run();
    if (kind === 'repl-eval') require('internal/process/execution').runBeside(text, print);
  } else if (kind === 'application') {
    require('internal/single_executable').run();
  } else if (kind === 'embedder') {
    require('internal/embed').begin();
  } else if (kind === 'module') {
    require('internal/process/execution').runModule(text);
  } else if (kind === 'stdin') {
    require('internal/process/execution').runStdin(print);
  } else {
    process._eval = text;
    require('internal/process/execution').run('[eval]', text, print);
  }
  hooks.leaveMain();
}

/** Runs what waits for the new beginning of a program from a snapshot. Returns whether it has a main function. */
function runRevived(kind, text) {
  const { revivedMain, runAfterRevived } = require('internal/v8/startup_snapshot');
  runAfterRevived();
  const main = revivedMain();
  if (main === undefined) return false;
  if (kind === 'file' || (kind === 'check' && text !== '')) process.argv.splice(1, 0, text);
  main();
  hooks.leaveMain();
  return true;
}

/** Whether tests run in this process whose coverage is asked for. */
function countsTests(getOptionValue) {
  if (!getOptionValue('--experimental-test-coverage')) return false;
  return !getOptionValue('--test') || getOptionValue('--test-isolation') === 'none';
}

/** Whether the command line says anything of debuggers. */
function isForDebuggers(getOptionValue) {
  // Test files in processes of their own are what is debugged.
  if (getOptionValue('--test') && getOptionValue('--test-isolation') !== 'none') return false;
  return getOptionValue('--inspect-port') !== undefined || getOptionValue('--inspect') === true ||
    getOptionValue('--inspect-brk') === true || getOptionValue('--inspect-wait') === true ||
    getOptionValue('--inspect-brk-node') === true;
}

/** Whether this process is to keep a program running, which `--watch` asks for. */
function isWatching(getOptionValue) {
  if (!getOptionValue('--watch') && !getOptionValue('--watch-path')?.length) return false;
  // Test files in processes of their own are watched one by one: see `internal/test/watch`.
  return !getOptionValue('--test') || getOptionValue('--test-isolation') === 'none';
}

/** Opens the channel to the process that has forked this one. */
function openChannel() {
  const { NODE_CHANNEL_FD: fd, NODE_CHANNEL_SERIALIZATION_MODE: serialization } = process.env;
  delete process.env.NODE_CHANNEL_FD;
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  require('internal/child_process/ipc').openParentChannel(parseInt(fd, 10), serialization);
}

/** Becomes a worker of the cluster that has forked this process. */
function joinCluster() {
  require('internal/cluster/role').isWorker = true;
  require('cluster')._setupWorker();
  delete process.env.NODE_UNIQUE_ID;
}

function enableSourceMaps() {
  const { setSourceMapsSupport } = require('internal/source_map/cache');
  setSourceMapsSupport(true, { nodeModules: true, generatedCode: true });
}

/** Has the functions of this file compiled: see `internal/bootstrap/rehearsal`. */
function rehearse() {
  const target = new (require('events'))();
  prepareProcess(target, {});
  warning.prepare(target);
}

module.exports = { emitBeforeExit, rehearse, start };
