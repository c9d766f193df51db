// Makes a context Node's: the process object, the globals, the queues of the event loop. What it
// exports is what the host calls and reads. Nothing here may depend on the process that runs it: it
// is kept in the start-up snapshot.
'use strict';

const hooks = require('internal/async_hooks');
const ticks = require('internal/process/ticks');
const promises = require('internal/process/promises');
const timers = require('internal/timers');
const uncaught = require('internal/process/uncaught');
const { prepareStackTraceCallback } = require('internal/errors');
const { loadedIds, requireBuiltin } = require('internal/bootstrap/realm');

require('internal/process/object');
require('internal/bootstrap/globals');
require('internal/modules/cjs');
const exit = require('internal/process/exit');
const main = require('internal/main');
const esm = require('internal/modules/esm/entry');

module.exports = {
  process,
  processTicks: ticks.processTicksAndRejections,
  tickInfo: ticks.tickInfo,
  trackRequest: (callback, type) => hooks.trackRequest(type, callback),
  processTimers: timers.processTimers,
  timerInfo: timers.timerInfo,
  processImmediates: timers.processImmediates,
  immediateInfo: timers.immediateInfo,
  onPromiseReject: promises.onPromiseReject,
  prepareStackTrace: prepareStackTraceCallback,
  describeUncaught: uncaught.describeUncaught,
  importModuleDynamically: esm.importModuleDynamically,
  initializeImportMeta: esm.initializeImportMeta,
  startWasmStreaming: (number, source) => require('internal/wasm_streaming').start(number, source),
  prepareInspection: (opens) => {
    if (opens) require('internal/inspector/server').openOnce();
    else require('internal/inspector/prepare').prepare();
  },
  refreshTracing: () => require('internal/tracing').refresh(),
  originalPlace: uncaught.originalPlace,
  readExport: (id, name) => requireBuiltin(id)[name],
  emitBeforeExit: main.emitBeforeExit,
  emitExit: exit.endProgram,
  start: main.start,
  enlarge: () => require('internal/bootstrap/large').load(),
  loadedIds: () => loadedIds().join(' '),
  keep: () => require('internal/v8/snapshot_builder').finish(),
  train: () => require('internal/bootstrap/training').train(),
  rehearse: () => require('internal/bootstrap/rehearsal').rehearse(),
};
