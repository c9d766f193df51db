// How a process ends: exit codes, `exit`, `abort`, and the taker of all uncaught exceptions.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET },
} = require('internal/errors');
const { validateInteger } = require('internal/validators');
const { getOptionValue } = require('internal/options');
const { getCapture, setCapture } = require('internal/process/uncaught');
const binding = internalBinding('process');

/** @returns {number | undefined} the code that `code` means */
function toExitCode(code) {
  if (code === null || code === undefined) return undefined;
  let value = code;
  if (typeof code === 'string' && code !== '') {
    const number = Number(code);
    if (Number.isInteger(number)) value = number;
  }
  validateInteger(value, 'code');
  return value;
}

/** Defines `process.exitCode`, which takes integers and their decimal form. */
function defineExitCode(process) {
  let exitCode;
  Object.defineProperty(process, 'exitCode', {
    enumerable: true,
    configurable: false,
    get: () => exitCode,
    set(code) {
      exitCode = toExitCode(code);
    },
  });
}

/**
 * Emits `exit` where that has not happened yet.
 * @param {number} [byDefault] the code that listeners are told where the program has set none
 * @returns {number} the exit code
 */
function emitExit(byDefault = 0) {
  if (!process._exiting) {
    process._exiting = true;
    process.emit('exit', process.exitCode ?? byDefault);
    keepForNextRun();
  }
  return process.exitCode || 0;
}

/** What is to be said when the loop has ended although the main program has not. */
let onEnd = null;

/** Writes what is kept for the next run. */
let persist = null;

/** @param {() => void} callback called when the `exit` handlers have run */
function setPersist(callback) {
  persist = callback;
}

/** What happens after the `exit` handlers. */
function keepForNextRun() {
  for (let i = 0; i < endActs.length; i++) endActs[i]();
  writeRecordings();
  persist?.();
}

/** Writers of what is recorded of the program. */
const recorders = [];

/** @param {() => void} write  called where the program ends, and where it is about to kill itself */
function recordUntilEnd(write) {
  recorders.push(write);
}

function writeRecordings() {
  for (let i = 0; i < recorders.length; i++) recorders[i]();
}

/** Writes what is recorded of a program that is about to kill itself. */
function writeLastRecordings() {
  writeRecordings();
  internalBinding('inspector').finishRecordings();
}

const endActs = [];

/** @param {() => void} act  runs after the `exit` handlers, however the program ends */
function atVeryEnd(act) {
  endActs.push(act);
}

/** @param {{ code: number, atEnd: () => void, atExit: () => void } | null} watcher of a main program that has not ended */
function watchEnd(watcher) {
  onEnd = watcher;
}

/**
 * Called by the host when the loop has nothing left to do.
 * @returns {number} the exit code
 */
function endProgram() {
  const code = emitExit(onEnd?.code);
  onEnd?.atEnd();
  return code;
}

/**
 * Ends the process after its `exit` handlers.
 * @param {number | string} [code]  instead of `process.exitCode`
 */
function exit(code) {
  onEnd?.atExit();
  if (arguments.length !== 0) process.exitCode = code;
  process.reallyExit(emitExit());
}

/** What is still to be done when nothing of the program runs any more. */
const lastActs = [];

/** @param {() => void} act  runs after the `exit` handlers of `process.exit()` */
function beforeReallyExit(act) {
  lastActs.push(act);
}

function reallyExit(code) {
  if (getOptionValue('--trace-exit')) traceExit(Number(code) || 0);
  for (let i = 0; i < lastActs.length; i++) lastActs[i]();
  if (!process._exiting) writeRecordings();
  binding.reallyExit(Number(code) || 0);
  // The engine stops at its next look, which a loop takes.
  for (;;);
}

/** Tells where in the program the process is ended. */
function traceExit(code) {
  const { isMainThread, threadId } = require('worker_threads');
  const thread = isMainThread ? '' : `, thread:${threadId}`;
  const place = {};
  Error.captureStackTrace(place, reallyExit);
  const frames = place.stack.slice(place.stack.indexOf('\n'));
  process._rawDebug(`(node:${process.pid}${thread}) WARNING: Exited the environment with code ${code}${frames}`);
}

/** The functions that are no constructors. */
const { abort } = {
  abort() {
    binding.abort();
  },
};

/** @param {Function | null} callback  takes all uncaught exceptions */
function setUncaughtExceptionCaptureCallback(callback) {
  if (callback === null) {
    setCapture(null);
    return;
  }
  if (typeof callback !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  }
  if (getCapture() !== null) throw new ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  setCapture(callback);
}

function hasUncaughtExceptionCaptureCallback() {
  return getCapture() !== null;
}

module.exports = {
  abort,
  atVeryEnd,
  beforeReallyExit,
  defineExitCode,
  emitExit,
  endProgram,
  exit,
  hasUncaughtExceptionCaptureCallback,
  keepForNextRun,
  reallyExit,
  recordUntilEnd,
  setPersist,
  setUncaughtExceptionCaptureCallback,
  watchEnd,
  writeLastRecordings,
};
