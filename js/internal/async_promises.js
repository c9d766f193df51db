// Promises as asynchronous work: V8 is asked to tell of them only while a hook wants to know.
'use strict';

const hooks = require('internal/async_hooks');
const { createHook } = require('internal/promise_hooks');

const { kAsyncId, kTriggerId, state } = hooks;

/** Gives a promise its ids; one that was made before the hooks gets them late, and without `init`. */
function identify(promise, parent) {
  const triggerId = parent === undefined ? hooks.triggerIdOfNewWork() : parent[kAsyncId] ?? identify(parent);
  const id = hooks.newAsyncId();
  promise[kAsyncId] = id;
  promise[kTriggerId] = triggerId;
  if (state.destroy > 0) hooks.destroyWhenCollected(promise, { id, isDestroyed: false });
  return id;
}

function init(promise, parent) {
  const id = identify(promise, parent);
  hooks.emitInit(id, 'PROMISE', promise[kTriggerId], promise, true);
}

function before(promise) {
  const id = promise[kAsyncId] ?? identify(promise);
  hooks.enterPromise(id, promise[kTriggerId], promise);
}

function after(promise) {
  if (promise[kAsyncId] !== undefined) hooks.leavePromise(promise[kAsyncId]);
}

function settled(promise) {
  const id = promise[kAsyncId] ?? identify(promise);
  if (state.promiseResolve > 0) hooks.callForPromise('promiseResolve', id);
}

let stop;

/** @param {boolean} value  whether V8 tells of promises */
function setEnabled(value) {
  if (value === (stop !== undefined)) return;
  if (value) {
    stop = createHook({ init, before, after, settled });
  } else {
    stop();
    stop = undefined;
  }
}

module.exports = { setEnabled };
