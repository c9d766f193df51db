// The asynchronous context of AsyncLocalStorage, carried through every queue. As long as nobody has
// set one, `active` is false and nothing is carried.
'use strict';

const binding = internalBinding('async_context');
const { apply } = Reflect;
const call = Function.prototype.call.bind(Function.prototype.call);

const asyncContext = {
  active: false,

  /** Takes notice of timers and other resources that are made while `active` is true: for `domain`. */
  onResource: undefined,

  /** @returns {any} the context of the running code */
  current() {
    return binding.get();
  },

  /** Sets the context of the running code. */
  enter(context) {
    asyncContext.active = true;
    binding.set(context);
  },

  /**
   * Calls `callback` in a context and restores the one before.
   * @param {any} context
   * @param {Function} callback
   * @param {any[]} [args]
   * @param {any} [receiver]
   */
  run(context, callback, args = [], receiver = undefined) {
    const before = binding.get();
    binding.set(context);
    try {
      return apply(callback, receiver, args);
    } finally {
      binding.set(before);
    }
  },

  /**
   * As `run`, for what a queue calls: when `callback` throws, the context stays for the handlers of the
   * uncaught exception, which `leave` it.
   */
  runTask(context, callback, args, receiver) {
    const before = binding.get();
    binding.set(context);
    if (args === undefined) call(callback, receiver);
    else apply(callback, receiver, args);
    binding.set(before);
  },

  /** Goes back to no context. */
  leave() {
    if (asyncContext.active) binding.set(undefined);
  },
};

module.exports = asyncContext;
