// `performance.timerify`: functions whose calls can be watched. What watches them, histograms and
// observers, is not there yet, so that a call is nothing but a call.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateFunction, validateObject } = require('internal/validators');

/**
 * @param {Function} fn a function or class
 * @param {{ histogram?: RecordableHistogram }} [options]
 * @returns {Function} does what `fn` does
 */
function timerify(fn, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined) {
    throw new ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
  }

  function timerified(...args) {
    return new.target === undefined ? Reflect.apply(fn, this, args) : Reflect.construct(fn, args, fn);
  }

  Object.defineProperties(timerified, {
    length: { configurable: false, enumerable: true, value: fn.length },
    name: { configurable: false, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

module.exports = { timerify };
