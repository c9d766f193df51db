// The tick queue of `process.nextTick`, and microtasks.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const asyncContext = require('internal/async_context');
const binding = internalBinding('task_queue');

const { apply } = Reflect;

/** Two flags that the host reads: a tick is queued, a rejected promise waits to be looked at. */
const tickInfo = new Uint8Array(2);
const HAS_TICK = 0;
const HAS_REJECTION = 1;

/** How many used-up slots the queue may carry before it is moved to the front. */
const SLACK = 8192;
const SLOTS = 3;

// Each tick takes three slots of one flat array: callback, arguments, asynchronous context.
let queue = [];
let head = 0;

let processRejections = () => false;

/**
 * @param {Function} callback  runs before any other event, after the current callback has returned
 * @param {...any} args
 */
function nextTick(callback, ...args) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  if (process._exiting) return;
  queue.push(callback, args.length === 0 ? undefined : args, asyncContext.active ? asyncContext.current() : undefined);
  tickInfo[HAS_TICK] = 1;
}

/** Runs ticks, then microtasks, then looks at rejected promises, until nothing of all that is left. */
function processTicks() {
  do {
    while (head < queue.length) {
      const callback = queue[head];
      const args = queue[head + 1];
      const context = queue[head + 2];
      queue[head] = queue[head + 1] = undefined;
      head += SLOTS;
      if (head >= SLACK && head * 2 >= queue.length) compact();
      if (asyncContext.active) {
        asyncContext.runTask(context, callback, args, undefined);
      } else if (args === undefined) {
        callback();
      } else {
        apply(callback, undefined, args);
      }
    }
    queue = [];
    head = 0;
    binding.runMicrotasks();
  } while (head < queue.length || processRejections());
  tickInfo[HAS_TICK] = 0;
  tickInfo[HAS_REJECTION] = 0;
}

function compact() {
  queue = queue.slice(head);
  head = 0;
}

/** What happens between two callbacks of one phase: all ticks and microtasks. */
function runNextTicks() {
  if (tickInfo[HAS_TICK] === 0 && tickInfo[HAS_REJECTION] === 0) binding.runMicrotasks();
  if (tickInfo[HAS_TICK] !== 0 || tickInfo[HAS_REJECTION] !== 0) processTicks();
}

/**
 * @param {Function} callback  runs with the microtasks
 */
function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  const context = asyncContext.active ? asyncContext.current() : undefined;
  binding.enqueueMicrotask(() => {
    try {
      if (asyncContext.active) asyncContext.runTask(context, callback, undefined, undefined);
      else callback();
    } catch (error) {
      binding.triggerUncaught(error, false);
    }
  });
}

/** Notes that a rejected promise waits: `look` is called when the queues are empty. */
function setHasRejection(look) {
  processRejections = look;
  tickInfo[HAS_REJECTION] = 1;
}

module.exports = { nextTick, processTicks, runNextTicks, queueMicrotask, setHasRejection, tickInfo };
