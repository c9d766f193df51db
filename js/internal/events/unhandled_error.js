// What `emit('error')` throws when nobody listens, and what the printer of uncaught errors adds to its stack.
'use strict';

const {
  codes: { ERR_UNHANDLED_ERROR },
} = require('internal/errors');

/**
 * Under this symbol an error carries a function that returns its stack followed by the place of the emission.
 * The printer of uncaught errors calls it; `err.stack` itself stays as it was.
 */
const kEnhanceStackBeforeInspector = Symbol('kEnhanceStackBeforeInspector');

function emitterDescription(emitter) {
  try {
    const { name } = emitter.constructor;
    return name === 'EventEmitter' ? '' : ` on ${name} instance`;
  } catch {
    return '';
  }
}

function enhanceStackTrace(emitter, error, emission) {
  const frames = emission.stack.split('\n').slice(1).join('\n');
  return `${error.stack}\nEmitted 'error' event${emitterDescription(emitter)} at:\n${frames}`;
}

// Notes on `error` where it was emitted.
function rememberEmission(error, emitter, emit) {
  try {
    const emission = {};
    Error.captureStackTrace(emission, emit);
    Object.defineProperty(error, kEnhanceStackBeforeInspector, {
      __proto__: null,
      value: enhanceStackTrace.bind(null, emitter, error, emission),
      configurable: true,
    });
  } catch {
    // A frozen error is thrown as it is.
  }
}

/**
 * What to throw for an 'error' event without listeners.
 * @param {EventEmitter} emitter
 * @param {unknown} value the first argument of the event
 * @param {Function} emit the caller, from which on the stack tells the place of the emission
 * @returns {Error} `value` itself, or ERR_UNHANDLED_ERROR with `value` as `context` when it is not an Error
 */
function getUnhandledErrorException(emitter, value, emit) {
  if (value instanceof Error) {
    rememberEmission(value, emitter, emit);
    return value;
  }
  let shown = value;
  try {
    shown = require('internal/util/inspect').inspect(value);
  } catch {
    // What cannot be inspected is converted to a string.
  }
  const error = new ERR_UNHANDLED_ERROR(shown);
  error.context = value;
  return error;
}

module.exports = { getUnhandledErrorException, kEnhanceStackBeforeInspector };
