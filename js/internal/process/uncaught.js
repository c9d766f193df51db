// What becomes of an exception that nobody caught.
'use strict';

const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');
const timers = require('internal/timers');
const { getOptionValue } = require('internal/options');

/** Instead of an exit code: the process is to be aborted. */
const ABORT = -1;

const noop = () => {};
let capture = null;
/** Takes what belongs to code that was entered in a REPL. */
let taker = null;
let captureForDomain = null;
/** Tells another thread of what nobody takes. */
let reporter = null;

/** Sets what is told of the error that ends a worker. */
function setReporter(callback) {
  reporter = callback;
}

/** Sets the function of `domain` that takes an uncaught exception where it can, and tells whether it has. */
function setDomainCapture(callback) {
  captureForDomain = callback;
}

/** Writes a diagnostic report, where the program wants that. */
let writeReport = null;

/** Sets what is called with an exception that ends the process, or null. */
function setReportWriter(callback) {
  writeReport = callback;
}

/** @returns {Function | null} the function that `setUncaughtExceptionCaptureCallback` has set */
function getCapture() {
  return capture;
}

/** Sets what is asked first: `(error) => boolean` says whether it has taken the exception. */
function setTaker(callback) {
  taker = callback;
}

/** @returns {boolean} whether there is one */
function hasTaker() {
  return taker !== null;
}

/** Sets the function that takes all uncaught exceptions, or null. */
function setCapture(callback) {
  capture = callback;
}

/**
 * Called by the host.
 * @param {any} error
 * @param {boolean} fromPromise
 * @returns {true | number} true where a handler took it, else the exit code or `ABORT`
 */
function onUncaught(error, fromPromise) {
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  let code;
  try {
    code = reporter === null ? offer(error, origin) : offerInWorker(error, origin);
  } finally {
    asyncContext.leave();
    hooks.leaveAll();
  }
  if (code !== undefined) return code;
  // The loop goes round once more, so that what the handler has queued is run.
  timers.setImmediate(noop);
  return true;
}

let aborts = false;

/** As if the program had been started with `--abort-on-uncaught-exception`. */
function abortFromNowOn() {
  aborts = true;
}

// Nothing catches what a handler throws: the report shows where it was thrown.
function offer(error, origin) {
  process.emit('uncaughtExceptionMonitor', error, origin);
  if (taker !== null && taker(error)) return undefined;
  if (captureForDomain !== null && captureForDomain(error)) return undefined;
  if (capture !== null) {
    capture(error);
    return undefined;
  }
  if (reporter === null && (aborts || getOptionValue('--abort-on-uncaught-exception'))) return ABORT;
  return process.emit('uncaughtException', error, origin) ? undefined : die(error);
}

// A worker tells of what its handler has thrown.
function offerInWorker(error, origin) {
  try {
    return offer(error, origin);
  } catch (inner) {
    return die(inner);
  }
}

function die(error) {
  // A worker that is exiting tells of the error, but does not exit for it.
  const otherwise = reporter !== null && process._exiting ? 0 : 1;
  try {
    if (writeReport !== null) writeReport(error);
    if (!process._exiting) {
      process._exiting = true;
      process.exitCode = 1;
      process.emit('exit', 1);
      require('internal/process/exit').keepForNextRun();
    }
  } catch {
    // The first exception is the one to report.
  }
  reporter?.(error);
  return process.exitCode ?? otherwise;
}

/** How many levels of objects the report of an uncaught error shows. */
const UNCAUGHT_DEPTH = 5;

/**
 * @param {object} error
 * @returns {string | undefined} how the report shows it; undefined where it cannot be read
 */
function describeUncaught(error) {
  const { inspect } = require('internal/util/inspect');
  if (!isReadable(error)) return undefined;
  addEmission(error);
  return inspect(error, { colors: stderrHasColors(), customInspect: false, depth: UNCAUGHT_DEPTH });
}

function isReadable(error) {
  try {
    const { isNativeError } = require('internal/util/types');
    return error.stack !== null && (!isNativeError(error) || typeof `${error.name}${error.message}` === 'string');
  } catch {
    return false;
  }
}

function stderrHasColors() {
  if (process.env.FORCE_COLOR === undefined && !internalBinding('stdio').isatty(2)) return false;
  return require('internal/tty').getColorDepth() > 2;
}

/** Adds to the stack of an unhandled 'error' event where it was emitted. */
function addEmission(error) {
  try {
    const { kEnhanceStackBeforeInspector } = require('internal/events/unhandled_error');
    const enhance = error[kEnhanceStackBeforeInspector];
    if (typeof enhance === 'function') error.stack = enhance(error);
  } catch {
    // The stack stays as it is.
  }
}

/**
 * Called by the host for the report of an uncaught error.
 * @param {string} file
 * @param {number} line from 1
 * @param {number} column from 0
 * @returns {string | undefined} the place in the source that the file was made of
 */
function originalPlace(file, line, column) {
  if (!require('internal/source_map/cache').isEnabled()) return undefined;
  return require('internal/source_map/stack').originalPlace(file, line, column);
}

module.exports = {
  abortFromNowOn, onUncaught, describeUncaught, getCapture, hasTaker, originalPlace, setCapture, setDomainCapture,
  setReportWriter, setReporter, setTaker,
};
