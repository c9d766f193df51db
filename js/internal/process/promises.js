// Promises that are rejected and that nobody handles: the modes of `--unhandled-rejections`.
'use strict';

const asyncContext = require('internal/async_context');
const ticks = require('internal/process/ticks');
const { traceRejection, tracing } = require('internal/tracing');
const { getOptionValue } = require('internal/options');
const binding = internalBinding('task_queue');

// V8's reasons for the call.
const REJECTED_WITHOUT_HANDLER = 0;
const HANDLED_LATE = 1;

const MESSAGE = 'This error originated either by throwing inside of an async function without a catch ' +
  'block, or by rejecting a promise which was not handled with .catch().';

let waiting = [];
let handledLate = [];
let records = new WeakMap();
let lastUid = 0;

/** Called by the engine. */
function onPromiseReject(event, promise, reason) {
  if (event === REJECTED_WITHOUT_HANDLER) {
    const record = {
      promise,
      reason,
      uid: ++lastUid,
      warned: false,
      handled: false,
      context: asyncContext.active ? asyncContext.current() : undefined,
      domain: process.domain,
    };
    if (tracing.rejections) traceRejection('unhandled');
    records.set(promise, record);
    waiting.push(record);
    ticks.setHasRejection(processRejections);
  } else if (event === HANDLED_LATE) {
    const record = records.get(promise);
    if (tracing.rejections) traceRejection('handledAfter');
    if (record === undefined) return;
    records.delete(promise);
    record.handled = true;
    if (record.warned) {
      handledLate.push(record);
      ticks.setHasRejection(processRejections);
    }
  }
}

/**
 * Reports what is still unhandled when ticks and microtasks are done.
 * @returns {boolean} whether that may have queued more of them
 */
function processRejections() {
  const late = handledLate;
  handledLate = [];
  for (const record of late) reportLate(record);
  const records = waiting;
  waiting = [];
  const report = modes[getOptionValue('--unhandled-rejections') ?? 'throw'];
  for (let i = 0; i < records.length; i++) {
    const record = records[i];
    if (record.handled) continue;
    record.warned = true;
    let complete = false;
    try {
      if (record.context === undefined) report(record);
      else asyncContext.run(record.context, report, [record]);
      complete = true;
    } finally {
      // What throws leaves the queue; the promises after it must not be lost.
      if (!complete) waiting = records.slice(i + 1).concat(waiting);
    }
  }
  return late.length > 0 || records.length > 0;
}

function reportLate({ promise, uid }) {
  if (process.emit('rejectionHandled', promise)) return;
  process.emitWarning(`Promise rejection was handled asynchronously (rejection id: ${uid})`,
    'PromiseRejectionHandledWarning');
}

const modes = {
  throw(record) {
    if (emitRejection(record)) return;
    trigger(record);
  },
  strict(record) {
    trigger(record);
    if (!emitRejection(record)) warn(record);
  },
  warn(record) {
    emitRejection(record);
    warn(record);
  },
  none(record) {
    emitRejection(record);
  },
  'warn-with-error-code'(record) {
    if (emitRejection(record)) return;
    warn(record);
    process.exitCode = 1;
  },
};

/** Tells the program, or the domain that the promise was rejected in. */
function emitRejection({ reason, promise, domain }) {
  if (domain) return domain.emit('error', reason);
  return process.emit('unhandledRejection', reason, promise);
}

function isErrorLike(reason) {
  return typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack');
}

function trigger({ reason }) {
  binding.triggerUncaught(isErrorLike(reason) ? reason : new UnhandledPromiseRejection(reason), true);
}

/** The error that stands for a rejection with something that is no error. */
class UnhandledPromiseRejection extends Error {
  constructor(reason) {
    super(`${MESSAGE} The promise rejected with the reason "${binding.describe(reason)}".`);
    this.code = 'ERR_UNHANDLED_REJECTION';
  }
}
Object.defineProperty(UnhandledPromiseRejection.prototype, 'name', {
  value: 'UnhandledPromiseRejection', writable: true, configurable: true,
});

function warn({ reason, uid }) {
  const warning = new Error(
    `Unhandled promise rejection. ${MESSAGE} To terminate the node process on unhandled promise ` +
    'rejection, use the CLI flag `--unhandled-rejections=strict` (see ' +
    `https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: ${uid})`,
  );
  warning.name = 'UnhandledPromiseRejectionWarning';
  try {
    if (isErrorLike(reason)) {
      warning.stack = reason.stack;
      process.emitWarning(reason.stack, 'UnhandledPromiseRejectionWarning');
    } else {
      process.emitWarning(binding.describe(reason), 'UnhandledPromiseRejectionWarning');
    }
  } catch {
    // A stack that cannot be read is not worth a second error.
  }
  process.emitWarning(warning);
}

module.exports = { onPromiseReject };
