// Node's `async_hooks`: contexts that follow asynchronous work, and hooks that watch it.
'use strict';

const { codes: { ERR_ASYNC_CALLBACK, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateBoolean } = require('internal/validators');
const hooks = require('internal/async_hooks');
const { AsyncLocalStorage } = require('internal/async_local_storage');
const { AsyncResource } = require('internal/async_resource');

hooks.startTracking();

/** A set of functions that are told of asynchronous work. */
class AsyncHook {
  #functions;

  constructor(callbacks) {
    const { init, before, after, destroy, promiseResolve, trackPromises } = callbacks;
    const functions = { init, before, after, destroy, promiseResolve };
    for (const name in functions) {
      if (functions[name] !== undefined && typeof functions[name] !== 'function') {
        throw new ERR_ASYNC_CALLBACK(`hook.${name}`);
      }
    }
    if (trackPromises !== undefined) {
      validateBoolean(trackPromises, 'trackPromises');
      if (!trackPromises && promiseResolve !== undefined) {
        throw new ERR_INVALID_ARG_VALUE('trackPromises', trackPromises, 'must not be false when promiseResolve is enabled');
      }
    }
    this.#functions = { ...functions, tracksPromises: trackPromises !== false, owner: this };
  }

  enable() {
    hooks.enableHook(this.#functions);
    return this;
  }

  disable() {
    hooks.disableHook(this.#functions);
    return this;
  }
}

/**
 * @param {{ init?: Function, before?: Function, after?: Function, destroy?: Function,
 *   promiseResolve?: Function, trackPromises?: boolean }} callbacks
 * @returns {AsyncHook} to be enabled
 */
function createHook(callbacks) {
  return new AsyncHook(callbacks);
}

/** @returns {number} the id of the work whose callback is running; 0 outside of any */
function executionAsyncId() {
  return hooks.state.executionId;
}

/** @returns {number} the id of what made the work whose callback is running */
function triggerAsyncId() {
  return hooks.state.triggerId;
}

/** @returns {object} the resource of the work whose callback is running */
function executionAsyncResource() {
  return hooks.executionResource();
}

module.exports = {
  AsyncLocalStorage,
  createHook,
  executionAsyncId,
  triggerAsyncId,
  executionAsyncResource,
  AsyncResource,
};

let asyncWrapProviders;
Object.defineProperty(module.exports, 'asyncWrapProviders', {
  __proto__: null,
  configurable: false,
  enumerable: true,
  get() {
    return asyncWrapProviders ??= require('internal/async_wrap_providers');
  },
});
