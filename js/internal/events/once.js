// `events.once`: a promise of the next event.
'use strict';

const { AbortError } = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateAbortSignal, validateObject } = require('internal/validators');
const { addListenerTo, removeListenerFrom } = require('internal/events/targets');

/**
 * Waits for the next event `name`.
 * @param {EventEmitter | EventTarget} emitter
 * @param {string | symbol} name
 * @param {{ signal?: AbortSignal }} [options] `signal` gives up waiting
 * @returns {Promise<unknown[]>} the event's arguments; rejected by an 'error' event or an AbortError
 */
async function once(emitter, name, options = kEmptyObject) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });

  return new Promise((resolve, reject) => {
    // No propagation is of concern to a signal or to one who waits; only event targets know of it.
    const flags = { __proto__: null, once: true };
    if (signal != null || typeof emitter.on !== 'function') {
      flags[require('web/event_target').kResistStopPropagation] = true;
    }
    const errorListener = (error) => {
      emitter.removeListener(name, resolver);
      if (signal != null) removeListenerFrom(signal, 'abort', abortListener);
      reject(error);
    };
    const resolver = (...args) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener('error', errorListener);
      if (signal != null) removeListenerFrom(signal, 'abort', abortListener);
      resolve(args);
    };
    function abortListener() {
      removeListenerFrom(emitter, name, resolver);
      removeListenerFrom(emitter, 'error', errorListener);
      reject(new AbortError(undefined, { cause: signal?.reason }));
    }

    addListenerTo(emitter, name, resolver, flags);
    // The 'error' event of an event target has no special meaning.
    if (name !== 'error' && typeof emitter.once === 'function') emitter.once('error', errorListener);
    if (signal != null) addListenerTo(signal, 'abort', abortListener, flags);
  });
}

module.exports = { once };
