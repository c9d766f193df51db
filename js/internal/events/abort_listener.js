// `events.addAbortListener`: a listener that no other listener of the signal can keep from being called.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateAbortSignal, validateFunction } = require('internal/validators');

/**
 * Calls `listener` once, when `signal` is aborted, or in a microtask if it is already.
 * @param {AbortSignal} signal
 * @param {(event?: Event) => void} listener
 * @returns {Disposable} removes the listener
 */
function addAbortListener(signal, listener) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');

  let added = false;
  if (signal.aborted) {
    queueMicrotask(() => listener());
  } else {
    const { kResistStopPropagation } = require('web/event_target');
    const options = { __proto__: null, once: true, [kResistStopPropagation]: true };
    signal.addEventListener('abort', listener, options);
    added = true;
  }
  return {
    __proto__: null,
    [Symbol.dispose]() {
      if (added) signal.removeEventListener('abort', listener);
    },
  };
}

module.exports = { addAbortListener };
