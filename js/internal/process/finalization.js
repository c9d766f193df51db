// `process.finalization`: functions that run when the process ends while their object is still alive.
'use strict';

const { validateObject } = require('internal/validators');
const { emitExperimentalWarning } = require('internal/util');

/** What is registered for each event: weak references to the objects, with their functions. */
const registered = { exit: [], beforeExit: [] };

const functions = new WeakMap();

const registry = new FinalizationRegistry(drop);

/** Forgets a reference; without any left, the event is not listened to. */
function drop(ref) {
  for (const event of ['exit', 'beforeExit']) {
    const list = registered[event];
    const index = list.indexOf(ref);
    if (index < 0) continue;
    list.splice(index, 1);
    if (list.length === 0) process.removeListener(event, listeners[event]);
  }
}

/** Calls all functions of an event, each once. */
function callAll(event) {
  const list = registered[event];
  registered[event] = [];
  process.removeListener(event, listeners[event]);
  for (const ref of list) {
    const object = ref.deref();
    if (object !== undefined) functions.get(ref)(object, event);
  }
}

const listeners = {
  exit: () => callAll('exit'),
  beforeExit: () => callAll('beforeExit'),
};

function add(event, object, callback) {
  validateObject(object, 'obj');
  const ref = new WeakRef(object);
  functions.set(ref, callback);
  const list = registered[event];
  if (list.length === 0) process.on(event, listeners[event]);
  list.push(ref);
  registry.register(object, ref, object);
}

/** @returns {object} the functions of `process.finalization` */
function createFinalization() {
  return {
    register(obj, fn) {
      emitExperimentalWarning('process.finalization.register');
      add('exit', obj, fn);
    },
    registerBeforeExit(obj, fn) {
      emitExperimentalWarning('process.finalization.registerBeforeExit');
      add('beforeExit', obj, fn);
    },
    unregister(obj) {
      emitExperimentalWarning('process.finalization.unregister');
      if (!obj) return;
      registry.unregister(obj);
      for (const event of ['exit', 'beforeExit']) {
        for (const ref of registered[event].slice()) {
          if (ref.deref() === obj) drop(ref);
        }
      }
    },
  };
}

module.exports = { createFinalization };
