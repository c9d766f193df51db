// What the JavaScript layer does before the first session with the inspector begins.
'use strict';

const { getOptionValue } = require('internal/options');
const binding = internalBinding('inspector');

/** Has the methods of the global console tell inspectors too. */
function pairConsole() {
  const console = require('console');
  const { engineConsole } = require('internal/console/engine');
  for (const name of Object.keys(engineConsole)) {
    const method = console[name];
    const engines = engineConsole[name];
    if (typeof method !== 'function' || method === engines) continue;
    const both = binding.pairConsole(engines, method);
    Object.defineProperty(both, 'name', { __proto__: null, value: name, configurable: true });
    console[name] = both;
  }
  if (engineConsole.createTask !== undefined) console.createTask = engineConsole.createTask;
}

let hook;

/** Tells the inspector of asynchronous tasks, or does so no longer. Those of promises it knows by itself. */
function toggleTasks(isOn) {
  hook ??= makeHook();
  if (isOn) hook.enable();
  else hook.disable();
}

function makeHook() {
  const promises = new Set();
  return require('async_hooks').createHook({
    init(id, type) {
      if (type === 'PROMISE') promises.add(id);
      else binding.asyncTaskScheduled(type, id, true);
    },
    before(id) {
      if (!promises.has(id)) binding.asyncTaskStarted(id);
    },
    after(id) {
      if (!promises.has(id)) binding.asyncTaskFinished(id);
    },
    destroy(id) {
      if (!promises.delete(id)) binding.asyncTaskCanceled(id);
    },
  });
}

let consoleRequire;

/** The `require` of commands from a console, which are no module. */
function makeRequire() {
  return consoleRequire ??= makeConsoleRequire();
}

function makeConsoleRequire() {
  const { Module, makeRequireFunction } = require('internal/modules/cjs');
  const { join } = require('path');
  const module = new Module('<inspector console>');
  let folder;
  try {
    folder = process.cwd();
  } catch {
    folder = require('path').dirname(process.execPath);
  }
  module.filename = join(folder, '<inspector console>');
  module.paths = Module._nodeModulePaths(folder);
  return makeRequireFunction(module);
}

function entriesOf(isLocal) {
  return Object.entries(isLocal ? globalThis.localStorage ?? {} : globalThis.sessionStorage);
}

/** Called once. */
function prepare() {
  pairConsole();
  binding.onConsoleRequire(makeRequire);
  binding.onAsyncDepth(toggleTasks);
  binding.onNetwork((isOn) => {
    if (getOptionValue('--experimental-network-inspection')) require('internal/inspector/network').toggle(isOn);
  });
  binding.onStorage((isLocal) => JSON.stringify(entriesOf(isLocal)));
}

module.exports = { prepare };
