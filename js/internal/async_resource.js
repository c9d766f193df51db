// `AsyncResource`: an asynchronous operation of the program's own.
'use strict';

const { codes: { ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID } } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');

const { kAsyncId, kTriggerId, state } = hooks;
const kContext = Symbol('context_frame');
const kHolder = Symbol('destroyed');

/** Carries the context it was made in, and has ids that the hooks know. */
class AsyncResource {
  constructor(type, options = {}) {
    validateString(type, 'type');
    let triggerId = options;
    let requiresDestroy = false;
    if (typeof options !== 'number') {
      triggerId = options.triggerAsyncId === undefined ? hooks.triggerIdOfNewWork() : options.triggerAsyncId;
      requiresDestroy = Boolean(options.requireManualDestroy);
    }
    if (!Number.isSafeInteger(triggerId) || triggerId < -1) {
      throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerId);
    }
    const id = hooks.newAsyncId();
    this[kAsyncId] = id;
    this[kTriggerId] = triggerId;
    if (asyncContext.active) {
      this[kContext] = asyncContext.current();
      asyncContext.onResource?.(this);
    }
    if (state.init > 0) {
      if (type.length === 0) throw new ERR_ASYNC_TYPE(type);
      hooks.emitInit(id, type, triggerId, this);
    }
    if (state.destroy > 0 && !requiresDestroy) {
      this[kHolder] = { id, isDestroyed: false };
      hooks.destroyWhenCollected(this, this[kHolder]);
    }
  }

  /** Calls `fn` in the context of this operation. */
  runInAsyncScope(fn, thisArg, ...args) {
    const before = asyncContext.current();
    const carries = asyncContext.active;
    if (carries) asyncContext.enter(this[kContext]);
    hooks.emitBefore(this[kAsyncId], this[kTriggerId], this);
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      if (carries) asyncContext.enter(before);
      hooks.emitAfter(this[kAsyncId]);
    }
  }

  /** Tells the hooks that this operation is over. */
  emitDestroy() {
    if (this[kHolder] !== undefined) this[kHolder].isDestroyed = true;
    hooks.emitDestroy(this[kAsyncId]);
    return this;
  }

  asyncId() {
    return this[kAsyncId];
  }

  triggerAsyncId() {
    return this[kTriggerId];
  }

  /** Binds a function to the context of this operation. */
  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound = thisArg === undefined ?
      function(...args) {
        return resource.runInAsyncScope(fn, this, ...args);
      } :
      (...args) => resource.runInAsyncScope(fn, thisArg, ...args);
    Object.defineProperty(bound, 'length', { value: fn.length, configurable: true });
    return bound;
  }

  static bind(fn, type, thisArg) {
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

module.exports = { AsyncResource };
