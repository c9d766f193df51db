// The asynchronous context of AsyncLocalStorage, carried through every queue. As long as nobody has
// set one, `active` is false and nothing is carried.
'use strict';

const binding = internalBinding('async_context');
const { apply } = Reflect;

const asyncContext = {
  active: false,

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
};

module.exports = asyncContext;
