// Runs, while the snapshot is made, what every program will run, so that the snapshot holds those
// functions compiled. Nothing of it may leave a trace: the objects it works on are its own.
'use strict';

const EventEmitter = require('events');
const path = require('path');
const { formatWithOptions, inspect } = require('internal/util/inspect');
const cjs = require('internal/modules/cjs');
const resolve = require('internal/modules/resolve');
const { ProcessOutput, STDOUT } = require('internal/console/output');
const { watchListeners } = require('internal/process/signals');
const main = require('internal/main');
const ipc = require('internal/child_process/ipc');
const hooks = require('internal/async_hooks');
const validators = require('internal/validators');
const { hideStackFrames } = require('internal/errors');
const { deprecate } = require('internal/util');
const { processTicksAndRejections } = require('internal/process/ticks');

const { Module } = cjs;
const noop = () => {};

/** Calls a function that cannot succeed here, and so is compiled all the same. */
function attempt(callback) {
  try {
    callback();
  } catch {
    // Only that it is compiled matters.
  }
}

function rehearseModules() {
  const file = '/rehearsal.js';
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(path.dirname(file));
  module._compile('', file);
  attempt(() => cjs.makeRequireFunction(module)('./rehearsal/none'));
  attempt(() => cjs.prepare());
  attempt(() => Module._load('/rehearsal/none', null, true));
  Module._cache[file] = module;
  attempt(() => Module._load(file, module, false));
  attempt(() => Module._findPath('/', null, false));
  attempt(() => Module._extensions['.js'](module, file));
  Module._load('/dev/null', null, false);
  attempt(() => new Module(file, null).load(file));
  attempt(() => resolve.findScope(file));
  attempt(() => resolve.toRealPath('/'));
  attempt(() => Module.runMain(file));
  cjs.stripShebangOrBOM('');
  for (const key of Object.keys(Module._cache)) delete Module._cache[key];
  resolve.forgetFiles();
}

function rehearseEvents() {
  const emitter = new EventEmitter();
  watchListeners(emitter);
  emitter.on('rehearsal', noop);
  emitter.emit('rehearsal', 1);
  emitter.emit('exit', 0);
  emitter.removeListener('rehearsal', noop);
  // More than one listener, and changes to them while they are called.
  emitter.on('rehearsal', noop);
  emitter.prependListener('rehearsal', noop);
  emitter.once('rehearsal', () => emitter.removeListener('rehearsal', noop));
  emitter.emit('rehearsal');
  emitter.listenerCount('rehearsal');
  hooks.leaveMain();
  hooks.tellDestroyed();
}

/** A console that writes nowhere. */
function rehearseConsole() {
  const { Console } = require('internal/console/constructor');
  const stream = { write: noop, listenerCount: () => 1, removeListener: noop };
  const own = new Console({ stdout: stream, stderr: stream, colorMode: false });
  own.log('rehearsal');
  own.log('rehearsal %d', 1);
}

/** What most packages have called as they are loaded, and what they call with the events of a server. */
function rehearseHelpers() {
  validators.validateFunction(noop, 'a');
  validators.validateBoolean(true, 'a');
  validators.validateInteger(1, 'a');
  validators.validatePort(1, 'a');
  hideStackFrames(noop);
  deprecate(noop, 'a', 'b');
}

/** Called by the host while the snapshot is made. */
function rehearse() {
  rehearseModules();
  rehearseEvents();
  rehearseHelpers();
  path.resolve('/rehearsal', './a');
  path.basename(path.join('/a', '..', 'b.js'));
  formatWithOptions({}, 'rehearsal %s', 'a', 1);
  inspect({ a: [1, 'b', null] });
  new ProcessOutput('auto').write(undefined, STDOUT, '');
  rehearseConsole();
  main.rehearse();
  ipc.rehearse();
  // What all of that has put off until later.
  processTicksAndRejections();
}

module.exports = { rehearse };
