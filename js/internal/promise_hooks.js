// Functions that are told about the lives of promises. The engine knows one function for each moment; it calls
// all that are registered.
'use strict';

const { validatePlainFunction } = require('internal/validators');
const binding = internalBinding('v8');
const tasks = internalBinding('task_queue');

/** The registered functions for each moment. */
const hooks = { init: [], before: [], after: [], settled: [] };

/** One function that calls all of a list. The list is copied when it changes, so that a call sees it whole. */
function callAll(list) {
  if (list.length === 0) return undefined;
  if (list.length === 1) return list[0];
  return (promise, parent) => {
    for (const hook of list) {
      try {
        hook(promise, parent);
      } catch (error) {
        tasks.triggerUncaught(error, false);
      }
    }
  };
}

function update() {
  binding.setPromiseHooks(
    callAll(hooks.init), callAll(hooks.before), callAll(hooks.after), callAll(hooks.settled),
  );
}

function add(moment, hook) {
  hooks[moment] = [...hooks[moment], hook];
  update();
}

/** Called as a bound function. */
function stop(moment, hook) {
  const index = hooks[moment].indexOf(hook);
  if (index < 0) return;
  hooks[moment] = hooks[moment].toSpliced(index, 1);
  update();
}

/** Makes `onInit` and its kin. */
function maker(moment) {
  return (hook) => {
    validatePlainFunction(hook, `${moment}Hook`);
    add(moment, hook);
    return stop.bind(undefined, moment, hook);
  };
}

const { onInit, onBefore, onAfter, onSettled } = nameless({
  onInit: maker('init'), onBefore: maker('before'), onAfter: maker('after'), onSettled: maker('settled'),
});

/** The public functions have no names. */
function nameless(functions) {
  for (const each of Object.values(functions)) Object.defineProperty(each, 'name', { value: '', configurable: true });
  return functions;
}

/**
 * @param {{ init?: Function, before?: Function, after?: Function, settled?: Function }} [functions]
 * @returns {() => void} ends it
 */
function createHook({ init, before, after, settled } = {}) {
  const stops = [];
  if (init) stops.push(onInit(init));
  if (before) stops.push(onBefore(before));
  if (after) stops.push(onAfter(after));
  if (settled) stops.push(onSettled(settled));
  return () => {
    for (const each of stops) each();
  };
}

module.exports = { createHook, onAfter, onBefore, onInit, onSettled };
