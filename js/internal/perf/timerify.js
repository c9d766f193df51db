// `performance.timerify`: functions whose calls can be watched by observers and histograms.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { enqueueNodeEntry, isObserved } = require('internal/perf/observe');
const { now } = require('internal/perf/utils');
const { validateFunction, validateObject } = require('internal/validators');

const NANOSECONDS = 1e6;

function note(fn, args, startTime, histogram) {
  const duration = now() - startTime;
  // A call takes one nanosecond at least.
  histogram?.record(Math.max(1, Math.ceil(duration * NANOSECONDS)));
  if (isObserved('function')) enqueueNodeEntry(fn.name, 'function', startTime, duration, args);
}

/**
 * @param {Function} fn a function or class
 * @param {{ histogram?: RecordableHistogram }} [options]
 * @returns {Function} does what `fn` does; of a promise it returns one that follows it
 */
function timerify(fn, options = kEmptyObject) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  if (histogram !== undefined && !require('internal/histogram').isRecordable(histogram)) {
    throw new ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
  }

  function timerified(...args) {
    const startTime = now();
    const end = () => note(fn, args, startTime, histogram);
    if (new.target !== undefined) {
      const made = Reflect.construct(fn, args, fn);
      end();
      return made;
    }
    const result = Reflect.apply(fn, this, args);
    if (typeof result?.finally === 'function') return result.finally(end);
    end();
    return result;
  }

  Object.defineProperties(timerified, {
    length: { configurable: false, enumerable: true, value: fn.length },
    name: { configurable: false, enumerable: true, value: `timerified ${fn.name}` },
  });
  return timerified;
}

module.exports = { timerify };
