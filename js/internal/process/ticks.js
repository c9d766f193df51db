// The tick queue of `process.nextTick`, and microtasks.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');
const binding = internalBinding('task_queue');

const { apply } = Reflect;
const { kAsyncId, kTriggerId, state } = hooks;

/** What the host reads: a tick is queued, a rejected promise waits, callbacks of requests are tracked. */
const tickInfo = new Uint8Array(3);
const HAS_TICK = 0;
const HAS_REJECTION = 1;

const kContext = Symbol('kAsyncContextFrame');

/** How many used-up slots the queue may carry before it is moved to the front. */
const SLACK = 8192;
const SLOTS = 3;

// Each tick takes three slots of one flat array: callback, arguments, asynchronous context. While
// asynchronous work is tracked, the third is the tick as the hooks see it.
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
  const given = args.length === 0 ? undefined : args;
  const context = asyncContext.active ? asyncContext.current() : undefined;
  queue.push(callback, given, state.tracking ? new TickObject(callback, given, context) : context);
  tickInfo[HAS_TICK] = 1;
}

/** Runs ticks, then microtasks, then looks at rejected promises, until nothing of all that is left. */
function processTicksAndRejections() {
  do {
    while (head < queue.length) {
      const callback = queue[head];
      const args = queue[head + 1];
      const context = queue[head + 2];
      queue[head] = queue[head + 1] = undefined;
      head += SLOTS;
      if (head >= SLACK && head * 2 >= queue.length) compact();
      if (context instanceof TickObject) {
        runTracked(context);
      } else if (asyncContext.active) {
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

/** A tick that is tracked. */
class TickObject {
  constructor(callback, args, context) {
    this.callback = callback;
    this.args = args;
    this[kAsyncId] = hooks.newAsyncId();
    this[kTriggerId] = hooks.triggerIdOfNewWork();
    this[kContext] = context;
    if (state.init > 0) hooks.emitInit(this[kAsyncId], 'TickObject', this[kTriggerId], this);
  }
}
Object.defineProperty(TickObject.prototype, 'constructor', { value: Object, writable: true, configurable: true });

function runTracked(tick) {
  const id = tick[kAsyncId];
  hooks.emitBefore(id, tick[kTriggerId], tick);
  try {
    asyncContext.runTask(tick[kContext], tick.callback, tick.args, undefined);
  } finally {
    if (state.destroy > 0) hooks.emitDestroy(id);
  }
  hooks.emitAfter(id);
}

function compact() {
  queue = queue.slice(head);
  head = 0;
}

/** What happens between two callbacks of one phase: all ticks and microtasks. */
function runNextTicks() {
  if (tickInfo[HAS_TICK] === 0 && tickInfo[HAS_REJECTION] === 0) binding.runMicrotasks();
  if (tickInfo[HAS_TICK] !== 0 || tickInfo[HAS_REJECTION] !== 0) processTicksAndRejections();
}

/**
 * @param {Function} callback  runs with the microtasks
 */
function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  const context = asyncContext.active ? asyncContext.current() : undefined;
  const resource = state.init > 0 || state.before > 0 ? microtask() : undefined;
  binding.enqueueMicrotask(() => {
    try {
      if (resource !== undefined) {
        resource.runInAsyncScope(callback);
        resource.emitDestroy();
        return;
      }
      if (asyncContext.active) asyncContext.runTask(context, callback, undefined, undefined);
      else callback();
    } catch (error) {
      binding.triggerUncaught(error, false);
    }
  });
}

function microtask() {
  const { AsyncResource } = require('internal/async_resource');
  return new AsyncResource('Microtask', { requireManualDestroy: true });
}

/** Notes that a rejected promise waits: `look` is called when the queues are empty. */
function setHasRejection(look) {
  processRejections = look;
  tickInfo[HAS_REJECTION] = 1;
}

module.exports = { nextTick, processTicksAndRejections, runNextTicks, queueMicrotask, setHasRejection, tickInfo };
