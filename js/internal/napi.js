// Native add-ons: loading them, and what Node-API needs of JavaScript.
'use strict';

const {
  emitAfter, emitBefore, emitDestroy, emitInit, destroyWhenCollected, newAsyncId, state, triggerIdOfNewWork,
} = require('internal/async_hooks');
const binding = internalBinding('napi');

const WARNING = 'Uncaught N-API callback exception detected, please run node with option ' +
  '--force-node-api-uncaught-exceptions-policy=true to handle those exceptions properly.';

/**
 * Begins an asynchronous resource of an add-on.
 * @param {object | undefined} given  the add-on's object, which is not kept alive
 * @param {string} type
 * @returns {{ id: number, triggerId: number, isDestroyed: boolean, resource: object | undefined,
 *   given: WeakRef<object> | undefined }}
 */
function begin(given, type) {
  const tracker = {
    id: newAsyncId(),
    triggerId: triggerIdOfNewWork(),
    isDestroyed: false,
    resource: given === undefined ? {} : undefined,
    given: given === undefined ? undefined : new WeakRef(given),
  };
  if (state.init > 0) emitInit(tracker.id, type, tracker.triggerId, given ?? tracker.resource);
  if (given !== undefined && state.destroy > 0) destroyWhenCollected(given, tracker);
  return tracker;
}

/** A callback in the resource begins. */
function before(tracker) {
  emitBefore(tracker.id, tracker.triggerId, tracker.resource ?? tracker.given.deref());
}

/** The callback has ended. */
function after(tracker) {
  emitAfter(tracker.id);
}

/** The resource has ended. */
function end(tracker) {
  if (tracker.isDestroyed) return;
  tracker.isDestroyed = true;
  emitDestroy(tracker.id);
}

/** Warns of an exception that an add-on for the first versions of Node-API has thrown where nobody catches it. */
function warn() {
  process.emitWarning(WARNING, 'DeprecationWarning', 'DEP0168');
}

binding.equip(require('buffer').Buffer.prototype, begin, before, after, end, warn);

/** The flag of the system's own default. */
const RTLD_LAZY = 1;

/**
 * Loads an add-on into `module.exports`.
 * @param {{ exports: any }} module
 * @param {string} filename
 * @param {number} [flags]  of `os.constants.dlopen`
 * @throws {Error} ERR_DLOPEN_DISABLED, ERR_DLOPEN_FAILED and what the system says, or what the add-on throws
 */
function load(module, filename, flags = RTLD_LAZY) {
  const { ERR_DLOPEN_DISABLED, ERR_INVALID_ARG_TYPE } = require('internal/errors').codes;
  const { validateInt32, validateString } = require('internal/validators');
  if (typeof module !== 'object' || module === null) throw new ERR_INVALID_ARG_TYPE('module', 'Object', module);
  validateString(filename, 'filename');
  validateInt32(flags, 'flags');
  const isDisabled = require('internal/options').getOptionValue('--addons') === false;
  if (isDisabled || !internalBinding('permission').isGranted('addon')) throw new ERR_DLOPEN_DISABLED();
  const url = require('internal/url').pathToFileURL(filename).href;
  const failure = binding.load(module, filename, url, flags);
  if (failure !== undefined) {
    const error = new Error(failure);
    error.code = 'ERR_DLOPEN_FAILED';
    throw error;
  }
}

module.exports = { load };
