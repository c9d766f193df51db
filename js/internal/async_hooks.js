// Async ids and the hooks of `async_hooks.createHook`: the common place of whatever works asynchronously.
//
// As long as no program has loaded `async_hooks`, `state.tracking` is false and nothing is noted. What owns
// asynchronous work takes an id with `newAsyncId`, tells of it with `emitInit` where `state.init` says so,
// and has its callbacks run between `emitBefore` and `emitAfter` while `state.tracking`.
'use strict';

const kAsyncId = Symbol('async_id_symbol');
const kTriggerId = Symbol('trigger_async_id_symbol');

/** Read on hot paths; the numbers count the enabled hooks that have such a function. */
const state = {
  tracking: false,
  executionId: 1,
  triggerId: 0,
  resource: undefined,
  init: 0,
  before: 0,
  after: 0,
  destroy: 0,
  promiseResolve: 0,
};

/** The byte by which the host knows that callbacks of requests are to be tracked. */
const TRACKS_REQUESTS = 2;

const KINDS = ['init', 'before', 'after', 'destroy', 'promiseResolve'];

let lastId = 1;
let defaultTriggerId = -1;

// What was running when something began to run inside it: three slots each, of which `depth` are taken.
const stack = [];
const SLOTS = 3;
let depth = 0;

/** What begins to run inside of what is running. */
function enter(id, triggerId, resource) {
  stack[depth] = state.executionId;
  stack[depth + 1] = state.triggerId;
  stack[depth + 2] = state.resource;
  depth += SLOTS;
  state.executionId = id;
  state.triggerId = triggerId;
  state.resource = resource;
}

// Never changed, only replaced: hooks that are being called see no change.
let enabled = [];

/** Called when a program loads `async_hooks`. */
function startTracking() {
  state.tracking = true;
  require('internal/process/ticks').tickInfo[TRACKS_REQUESTS] = 1;
}

/** @returns {number} an id that no other asynchronous work has */
function newAsyncId() {
  return ++lastId;
}

/** @returns {number} the id of what new work is made for */
function triggerIdOfNewWork() {
  return defaultTriggerId < 0 ? state.executionId : defaultTriggerId;
}

/** Calls `fn`, which makes work for `triggerId`. */
function withTriggerId(triggerId, fn, ...args) {
  const before = defaultTriggerId;
  defaultTriggerId = triggerId;
  try {
    return Reflect.apply(fn, null, args);
  } finally {
    defaultTriggerId = before;
  }
}

// An error of a hook ends the process: nothing of the program could handle it. That the stack is full is
// the program's own error.
function fail(error) {
  if (error instanceof RangeError && error.message === 'Maximum call stack size exceeded') throw error;
  const text = typeof error?.stack === 'string' ? error.stack : require('internal/util/inspect').inspect(error);
  process._rawDebug(text);
  if (require('internal/options').getOptionValue('--abort-on-uncaught-exception')) process.abort();
  process.removeAllListeners('exit');
  process.exit(1);
}

function call(kind, id) {
  for (const hook of enabled) {
    const fn = hook[kind];
    if (fn === undefined) continue;
    try {
      fn.call(hook.owner, id);
    } catch (error) {
      fail(error);
    }
  }
}

/** Tells the hooks of new work. */
function emitInit(id, type, triggerId, resource, isPromise = false) {
  if (state.init === 0) return;
  const executionId = state.executionId;
  for (const hook of enabled) {
    if (hook.init === undefined || (isPromise && !hook.tracksPromises)) continue;
    try {
      hook.init.call(hook.owner, id, type, triggerId, resource);
    } catch (error) {
      fail(error);
    }
  }
  state.executionId = executionId;
}

/** A callback of the work `id` begins. */
function emitBefore(id, triggerId, resource) {
  enter(id, triggerId, resource);
  if (state.before > 0) call('before', id);
}

/** A callback of the work `id` has ended. */
function emitAfter(id) {
  if (state.after > 0) call('after', id);
  leave();
}

function leave() {
  if (depth === 0) return;
  depth -= SLOTS;
  state.executionId = stack[depth];
  state.triggerId = stack[depth + 1];
  state.resource = stack[depth + 2];
  stack[depth + 2] = undefined;
}

/** An uncaught exception has left all that was running. */
function leaveAll() {
  if (!state.tracking) return;
  while (depth > 0) emitAfter(state.executionId);
  leaveMain();
}

/** The main program has run. */
function leaveMain() {
  if (!state.tracking || depth > 0) return;
  state.executionId = 0;
  state.triggerId = 0;
  state.resource = undefined;
}

let destroyed = [];

/** Will tell of them. */
let teller;

/** Work has ended: the hooks hear of it in the next check phase. */
function emitDestroy(id) {
  if (state.destroy === 0 || id <= 0) return;
  if (destroyed.push(id) === 1) teller = require('internal/timers').setSilentImmediate(tellDestroyed);
}

/** Tells the hooks of the work that has ended since the last time. */
function tellDestroyed() {
  while (destroyed.length > 0) {
    const ids = destroyed;
    destroyed = [];
    for (const id of ids) call('destroy', id);
  }
}

const collected = new FinalizationRegistry((holder) => {
  if (holder.isDestroyed) return;
  holder.isDestroyed = true;
  emitDestroy(holder.id);
  // This may be the last that happens at all.
  if (destroyed.length > 0) teller.ref();
});

/**
 * Has the hooks hear of the end of an object when it is collected.
 * @param {object} resource
 * @param {{ id: number, isDestroyed: boolean }} holder
 */
function destroyWhenCollected(resource, holder) {
  collected.register(resource, holder);
}

let arePromisesTracked = false;

function recount() {
  for (const kind of KINDS) state[kind] = enabled.filter((hook) => hook[kind] !== undefined).length;
  const promises = enabled.some((hook) => hook.tracksPromises &&
    (hook.init ?? hook.before ?? hook.after ?? hook.promiseResolve ?? hook.destroy) !== undefined);
  if (promises || arePromisesTracked) require('internal/async_promises').setEnabled(promises);
  arePromisesTracked = promises;
}

/** @param {object} hook  with functions of the names of `KINDS` and `tracksPromises` */
function enableHook(hook) {
  if (enabled.includes(hook)) return;
  enabled = [...enabled, hook];
  recount();
}

function disableHook(hook) {
  if (!enabled.includes(hook)) return;
  enabled = enabled.filter((other) => other !== hook);
  recount();
}

/** Calls the promise hooks of all that follow promises. */
function callForPromise(kind, id) {
  for (const hook of enabled) {
    if (hook[kind] === undefined || !hook.tracksPromises) continue;
    try {
      hook[kind].call(hook.owner, id);
    } catch (error) {
      fail(error);
    }
  }
}

/** As `emitBefore`, for the continuation of a promise. */
function enterPromise(id, triggerId, promise) {
  enter(id, triggerId, promise);
  callForPromise('before', id);
}

/** As `emitAfter`, for the continuation of a promise. */
function leavePromise(id) {
  callForPromise('after', id);
  // What a hook that was enabled meanwhile has not seen beginning, it does not see ending.
  if (state.executionId === id) leave();
}

const top = {};

/** @returns {object} the resource of what is running */
function executionResource() {
  return state.resource ?? top;
}

/**
 * Follows the callback of a request to the system; called where `state.tracking`.
 * @param {string} type  such as `FSREQCALLBACK`
 * @param {Function} callback
 * @returns {Function} to be called in its place, once
 */
function trackRequest(type, callback) {
  const id = newAsyncId();
  const triggerId = triggerIdOfNewWork();
  const resource = { __proto__: requestPrototype(type) };
  emitInit(id, type, triggerId, resource);
  return function(...args) {
    emitBefore(id, triggerId, resource);
    Reflect.apply(callback, this, args);
    emitAfter(id);
    emitDestroy(id);
  };
}

const prototypes = new Map();
const classNames = { __proto__: null, FSREQCALLBACK: 'FSReqCallback', FSREQPROMISE: 'FSReqPromise' };

function requestPrototype(type) {
  let prototype = prototypes.get(type);
  if (prototype === undefined) {
    prototype = { [classNames[type] ?? type]: class {} }[classNames[type] ?? type].prototype;
    prototypes.set(type, prototype);
  }
  return prototype;
}

module.exports = {
  callForPromise,
  destroyWhenCollected,
  disableHook,
  emitAfter,
  emitBefore,
  emitDestroy,
  emitInit,
  enableHook,
  enterPromise,
  executionResource,
  kAsyncId,
  kTriggerId,
  leaveAll,
  leaveMain,
  leavePromise,
  newAsyncId,
  startTracking,
  state,
  tellDestroyed,
  trackRequest,
  triggerIdOfNewWork,
  withTriggerId,
};
