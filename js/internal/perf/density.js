// `qrde` of histograms: the density between quantiles, which are estimated by all values (Harrell and Davis).
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const {
  validateArray, validateBoolean, validateInteger, validateNumber, validateObject, validateOneOf,
} = require('internal/validators');

const binding = internalBinding('histogram');

const MOST_BINS = 1000;

/** How values that count as the same may be taken apart: not, where they stand for several numbers, or always. */
const SPREADS = ['none', 'hdr', 'all'];

function readProbabilities({ bins, probabilities }) {
  if (probabilities === undefined) {
    const count = bins ?? 100;
    validateInteger(count, 'options.bins', 1, MOST_BINS);
    return Array.from({ length: count + 1 }, (_, i) => i / count);
  }
  validateArray(probabilities, 'options.probabilities', 2);
  if (probabilities.length > MOST_BINS + 1) {
    const reason = `must have a length of at most ${MOST_BINS + 1}`;
    throw new ERR_INVALID_ARG_VALUE('options.probabilities', probabilities, reason);
  }
  for (let i = 0; i < probabilities.length; i++) {
    validateNumber(probabilities[i], `options.probabilities[${i}]`, 0, 1);
    if (i > 0 && probabilities[i] <= probabilities[i - 1]) {
      throw new ERR_INVALID_ARG_VALUE('options.probabilities', probabilities, 'must be strictly increasing');
    }
  }
  if (probabilities[0] !== 0 || probabilities.at(-1) !== 1) {
    throw new ERR_INVALID_ARG_VALUE('options.probabilities', probabilities, 'must start with 0 and end with 1');
  }
  return [...probabilities];
}

/** Quantiles never fall; counts those that have been put right. */
function makeMonotonic(quantiles) {
  let corrections = 0;
  for (let i = 1; i < quantiles.length; i++) {
    if (quantiles[i] >= quantiles[i - 1]) continue;
    quantiles[i] = quantiles[i - 1];
    corrections++;
  }
  return corrections;
}

/**
 * @param {object} handle of a histogram
 * @param {{ bins?: number, probabilities?: number[], dequantize?: 'none' | 'hdr' | 'all', cache?: boolean }} options
 * @returns {Promise<object>} what Node documents
 */
function estimateDensity(handle, options) {
  validateObject(options, 'options');
  const { bins, cache = false, dequantize = 'hdr', probabilities } = options;
  if (bins !== undefined && probabilities !== undefined) {
    const reason = '"bins" and "probabilities" are mutually exclusive';
    throw new ERR_INVALID_ARG_VALUE('options', options, reason);
  }
  const boundaries = readProbabilities(options);
  validateOneOf(dequantize, 'options.dequantize', SPREADS);
  validateBoolean(cache, 'options.cache');
  const counts = binding.counts(handle);
  let count = 0n;
  for (let i = 2; i < counts.length; i += 3) count += BigInt(counts[i]);
  const { promise, resolve, reject } = Promise.withResolvers();
  const finish = (values) => {
    const quantiles = Float64Array.from(values);
    const corrections = makeMonotonic(quantiles);
    const densities = new Float64Array(Math.max(quantiles.length - 1, 0));
    for (let i = 0; i < densities.length; i++) {
      densities[i] = (boundaries[i + 1] - boundaries[i]) / (quantiles[i + 1] - quantiles[i]);
    }
    resolve({
      __proto__: null,
      probabilities: Float64Array.from(boundaries),
      quantiles,
      densities,
      count,
      bucketCount: counts.length / 3,
      corrections,
      dequantize,
    });
  };
  if (counts.length === 0) finish([]);
  else {
    binding.quantiles(counts, boundaries, SPREADS.indexOf(dequantize), (error, values) => {
      if (error) reject(error);
      else finish(values);
    });
  }
  return promise;
}

module.exports = { estimateDensity };
