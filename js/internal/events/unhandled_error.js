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

/**
 * Notes on `error` where it was emitted.
 * @param {Error} error about to be thrown
 * @param {EventEmitter} emitter
 * @param {Function} below frames above this function's call are left out
 */
function rememberEmission(error, emitter, below) {
  try {
    const emission = {};
    Error.captureStackTrace(emission, below);
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
 * The error thrown for a value that is not an Error.
 * @param {unknown} value
 * @returns {Error} ERR_UNHANDLED_ERROR with `value` as `context`
 */
function getUnhandledErrorException(value) {
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

module.exports = { getUnhandledErrorException, kEnhanceStackBeforeInspector, rememberEmission };
