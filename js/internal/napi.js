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

/** The types that external values are tagged with: V8 gives them no room for it. */
const externalTags = new WeakMap();

/** Tags an external value with a type. */
function tagExternal(external, tag) {
  externalTags.set(external, tag);
}

/** @returns {bigint | undefined} the tag of an external value */
function tagOfExternal(external) {
  return externalTags.get(external);
}

/** Warns of an exception that an add-on for the first versions of Node-API has thrown where nobody catches it. */
function warn() {
  process.emitWarning(WARNING, 'DeprecationWarning', 'DEP0168');
}

binding.equip(require('buffer').Buffer.prototype, { begin, before, after, end, tagExternal, tagOfExternal, warn });

/** The flag of the system's own default. */
const RTLD_LAZY = 1;

/**
 * Loads an add-on into `module.exports`: `process.dlopen(module, filename[, flags])`.
 * @param {IArguments} args
 * @throws {Error} ERR_DLOPEN_DISABLED, ERR_MISSING_ARGS, ERR_DLOPEN_FAILED and what the system says, or what the
 *   add-on throws
 */
function load(args) {
  const { ERR_DLOPEN_DISABLED, ERR_DLOPEN_FAILED } = require('internal/errors').codes;
  const isDisabled = require('internal/options').getOptionValue('--addons') === false;
  if (isDisabled || !internalBinding('permission').isGranted('addon')) throw new ERR_DLOPEN_DISABLED();
  if (args.length < 2) {
    throw Object.assign(new TypeError('process.dlopen needs at least 2 arguments'), { code: 'ERR_MISSING_ARGS' });
  }
  const flags = args.length > 2 ? args[2] | 0 : RTLD_LAZY;
  const module = toObject(args[0]);
  const exports = toObject(module.exports);
  const filename = `${args[1]}`;
  const url = require('internal/url').pathToFileURL(filename).href;
  const failure = binding.load(module, filename, url, flags, exports);
  if (failure !== undefined) throw new ERR_DLOPEN_FAILED(failure);
}

function toObject(value) {
  if (value === undefined || value === null) throw new TypeError('Cannot convert undefined or null to object');
  return Object(value);
}

module.exports = { load };
