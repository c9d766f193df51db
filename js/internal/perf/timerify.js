// `performance.timerify`: functions whose calls can be watched. What watches them, histograms and
// observers, is not there yet, so that a call is nothing but a call.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateFunction, validateObject } = require('internal/validators');

function ignore() {}

/**
 * @param {Function} fn a function or class
 * @param {{ histogram?: RecordableHistogram }} [options]
 * @returns {Function} does what `fn` does; of a promise it returns one that follows it
 */
function timerify(fn, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined) {
    throw new ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
  }

  function timerified(...args) {
    if (new.target !== undefined) return Reflect.construct(fn, args, fn);
    const result = Reflect.apply(fn, this, args);
    return typeof result?.finally === 'function' ? result.finally(ignore) : result;
  }

  Object.defineProperties(timerified, {
    length: { configurable: false, enumerable: true, value: fn.length },
    name: { configurable: false, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

module.exports = { timerify };
