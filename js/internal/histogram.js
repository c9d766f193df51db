// Histograms: how often each value occurred, in memory that does not grow with the number of values.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { customInspectSymbol, kEmptyObject } = require('internal/util');
const {
  validateArray, validateInteger, validateNumber, validateObject,
} = require('internal/validators');

const { isUint8Array } = require('internal/util/types');

const binding = internalBinding('histogram');

const kSkipThrow = Symbol('kSkipThrow');
const kHandle = Symbol('kHandle');
const kRecordable = Symbol('kRecordable');

/** What `min` is before anything has been recorded: the greatest number of 64 bits. */
const kNoMinimum = 2n ** 63n - 1n;
const kMaximum = BigInt(Number.MAX_SAFE_INTEGER);

function handleOf(histogram) {
  const handle = histogram?.[kHandle];
  if (handle === undefined) throw new ERR_INVALID_THIS('Histogram');
  return handle;
}

function recordableHandle(histogram) {
  if (!isRecordable(histogram)) throw new ERR_INVALID_THIS('RecordableHistogram');
  return histogram[kHandle];
}

/** @returns {boolean} whether `value` is a histogram that records what it is given */
function isRecordable(value) {
  return value?.[kRecordable] === true;
}

/** What a histogram tells in numbers; those of values have others to stand for them while there are no values. */
function summary(histogram) {
  const [
    count, exceeds, min, max, mean, stddev, skewness, kurtosis, ewmaMean, ewmaStddev, ewmaErrorRate,
  ] = binding.summary(handleOf(histogram));
  const isEmpty = count === 0;
  return {
    count,
    exceeds,
    min: isEmpty ? Number(kNoMinimum) : min,
    max: isEmpty ? 0 : max,
    mean: isEmpty ? NaN : mean,
    stddev: isEmpty ? NaN : stddev,
    skewness,
    kurtosis,
    ewmaMean,
    ewmaStddev,
    ewmaErrorRate,
  };
}

/** Pairs of a flat list as a map. */
function toMap(list, convert) {
  const map = new Map();
  for (let i = 0; i < list.length; i += 2) map.set(list[i], convert === undefined ? list[i + 1] : convert(list[i + 1]));
  return map;
}

/** The option of estimates that says how likely what they tell is true. */
function readConfidence(options) {
  validateObject(options, 'options');
  const { confidence = 0.95 } = options;
  validateNumber(confidence, 'options.confidence');
  if (!(confidence > 0 && confidence < 1)) throw new ERR_OUT_OF_RANGE('options.confidence', '> 0 && < 1', confidence);
  return confidence;
}

function validatePercentile(value, name) {
  validateNumber(value, name);
  if (!(value > 0 && value <= 100)) throw new ERR_OUT_OF_RANGE(name, '> 0 && <= 100', value);
}

/** The number of recorded values up to `value`. */
function countUpTo(handle, value) {
  const counts = binding.counts(handle);
  let sum = 0;
  for (let i = 0; i < counts.length && counts[i] <= value; i += 3) sum += counts[i + 2];
  return sum;
}

function toHistogram(other) {
  if (!(other instanceof Histogram)) throw new ERR_INVALID_ARG_TYPE('other', 'Histogram', other);
  return other;
}

/** Whether one of two histograms is empty, so that they cannot be compared. */
function hasNothing(histogram, other) {
  return histogram.count === 0 || toHistogram(other).count === 0;
}

/**
 * Walks through the values of two histograms together.
 * @param {(ours: number, theirs: number) => void} visit  receives how many of each are not greater
 */
function eachValue(histogram, other, visit) {
  const ours = binding.counts(handleOf(histogram));
  const theirs = binding.counts(handleOf(other));
  let [ourSum, theirSum] = [0, 0];
  for (let i = 0, j = 0; i < ours.length || j < theirs.length;) {
    const value = Math.min(ours[i] ?? Infinity, theirs[j] ?? Infinity);
    if (ours[i] === value) {
      ourSum += ours[i + 2];
      i += 3;
    }
    if (theirs[j] === value) {
      theirSum += theirs[j + 2];
      j += 3;
    }
    visit(ourSum, theirSum);
  }
}

/**
 * How many recorded values lie in each of the buckets that end at ever greater limits, until one holds the
 * greatest. A limit is the lowest of the values that count as the same.
 * @param {object} handle
 * @param {(after: number) => number} nextLimit  the first limit beyond a value
 */
function buckets(handle, nextLimit) {
  const counts = binding.counts(handle);
  const map = new Map();
  for (let i = 0, highest = 0; i < counts.length;) {
    const [limit, end] = binding.equivalents(handle, nextLimit(highest));
    highest = end;
    let sum = 0;
    for (; i < counts.length && counts[i] <= limit; i += 3) sum += counts[i + 2];
    map.set(limit, sum);
  }
  return map;
}

class Histogram {
  constructor(skipThrow) {
    if (skipThrow !== kSkipThrow) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kTransferMode] = kCloneable;
  }

  [customInspectSymbol](depth, options, inspect) {
    if (depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const { min, max, mean, exceeds, stddev, skewness, kurtosis, count } = summary(this);
    const { percentiles } = this;
    const shown = { min, max, mean, exceeds, stddev, skewness, kurtosis, count, percentiles };
    return `Histogram ${inspect(shown, inner)}`;
  }

  /** How many values are recorded. */
  get count() {
    return summary(this).count;
  }

  get countBigInt() {
    return BigInt(summary(this).count);
  }

  /**
   * @param {number} value
   * @returns {number} the share of the recorded values that are greater
   */
  ccdf(value) {
    const count = this.count;
    validateNumber(value, 'value');
    return count === 0 ? 0 : 1 - countUpTo(this[kHandle], value) / count;
  }

  /**
   * @param {number} value
   * @returns {number} the share of the recorded values that are not greater
   */
  cdf(value) {
    const count = this.count;
    validateNumber(value, 'value');
    return count === 0 ? 0 : countUpTo(this[kHandle], value) / count;
  }

  /**
   * @param {number} value
   * @returns {number} how often it, or what counts as the same, was recorded
   */
  countAt(value) {
    const counts = binding.counts(handleOf(this));
    validateNumber(value, 'value');
    for (let i = 0; i < counts.length; i += 3) {
      if (counts[i] <= value && value <= counts[i + 1]) return counts[i + 2];
    }
    return 0;
  }

  get min() {
    return summary(this).min;
  }

  get minBigInt() {
    const { count, min } = summary(this);
    return count === 0 ? kNoMinimum : BigInt(min);
  }

  get max() {
    return summary(this).max;
  }

  get maxBigInt() {
    return BigInt(summary(this).max);
  }

  get mean() {
    return summary(this).mean;
  }

  /**
   * The bounds between which the mean lies that the values are a sample of.
   * @param {{ confidence?: number }} [options]
   * @returns {{ mean: number, lower: number, upper: number }}
   */
  meanCI(options = kEmptyObject) {
    const handle = handleOf(this);
    const [mean, lower, upper] = binding.meanInterval(handle, readConfidence(options));
    return { __proto__: null, mean, lower, upper };
  }

  /** How many values were too high to be recorded. */
  get exceeds() {
    return summary(this).exceeds;
  }

  get exceedsBigInt() {
    return BigInt(summary(this).exceeds);
  }

  /** @returns {Uint8Array} all that `importHistogram` needs to make the same, in CBOR */
  export() {
    return binding.export(handleOf(this));
  }

  /** The exponentially weighted moving average, with the option `halfLife`. */
  get ewmaMean() {
    return summary(this).ewmaMean;
  }

  get ewmaStddev() {
    return summary(this).ewmaStddev;
  }

  /** The moving average of the share of values above the option `threshold`. */
  get ewmaErrorRate() {
    return summary(this).ewmaErrorRate;
  }

  /**
   * @param {number} sloTarget  the share of values that shall be no errors, such as 0.99
   * @returns {number} how many times faster than planned the errors that this allows are used up
   */
  burnRate(sloTarget) {
    const rate = this.ewmaErrorRate;
    validateNumber(sloTarget, 'sloTarget');
    if (!(sloTarget > 0 && sloTarget < 1)) throw new ERR_OUT_OF_RANGE('sloTarget', '> 0 && < 1', sloTarget);
    return rate / (1 - sloTarget);
  }

  /**
   * @param {Histogram} other
   * @returns {number} the greatest distance of the two distributions, by Kolmogorov and Smirnov
   */
  ksTest(other) {
    if (hasNothing(this, other)) return 0;
    let distance = 0;
    const [ourCount, theirCount] = [this.count, other.count];
    eachValue(this, other, (ours, theirs) => {
      distance = Math.max(distance, Math.abs(ours / ourCount - theirs / theirCount));
    });
    return distance;
  }

  /**
   * How likely the means of the two differ by chance, by Welch.
   * @param {Histogram} other
   * @param {{ confidence?: number }} [options]
   * @returns {{ tStatistic: number, degreesOfFreedom: number, pValue: number,
   *   confidenceInterval: { lower: number, upper: number } }}
   */
  welchTest(other, options = kEmptyObject) {
    const handle = handleOf(this);
    toHistogram(other);
    const parts = binding.welchTest(handle, other[kHandle], readConfidence(options));
    const [tStatistic, degreesOfFreedom, pValue, lower, upper] = parts;
    const confidenceInterval = { __proto__: null, lower, upper };
    return { __proto__: null, tStatistic, degreesOfFreedom, pValue, confidenceInterval };
  }

  /**
   * How likely the values of one are greater than those of the other by chance, by Mann and Whitney.
   * @param {Histogram} other
   * @returns {{ uStatistic: number, zScore: number, pValue: number }}
   */
  mannWhitneyTest(other) {
    const handle = handleOf(this);
    toHistogram(other);
    const [uStatistic, zScore, pValue] = binding.mannWhitneyTest(handle, other[kHandle]);
    return { __proto__: null, uStatistic, zScore, pValue };
  }

  /**
   * @param {Histogram} other
   * @returns {number} the distance of the two means in standard deviations
   */
  cohensD(other) {
    const ours = summary(this);
    const theirs = summary(toHistogram(other));
    const degrees = ours.count + theirs.count - 2;
    const squares = ours.stddev ** 2 * ours.count + theirs.stddev ** 2 * theirs.count;
    return squares > 0 ? (ours.mean - theirs.mean) / Math.sqrt(squares / degrees) : 0;
  }

  /**
   * @param {Histogram} other
   * @returns {number} from -1, all of ours are smaller, to 1, all are greater
   */
  cliffsD(other) {
    if (hasNothing(this, other)) return 0;
    let difference = 0;
    let [oursBefore, theirsBefore] = [0, 0];
    const theirCount = other.count;
    eachValue(this, other, (ours, theirs) => {
      // Of ours at this value: those of theirs that are smaller, less those that are greater.
      difference += (ours - oursBefore) * (theirsBefore - (theirCount - theirs));
      [oursBefore, theirsBefore] = [ours, theirs];
    });
    return difference / (this.count * theirCount);
  }

  get kurtosis() {
    return summary(this).kurtosis;
  }

  /**
   * @param {number} stepSize
   * @returns {Map<number, number>} the count of each bucket by the greatest value in it
   */
  linearBuckets(stepSize) {
    const handle = handleOf(this);
    validateInteger(stepSize, 'stepSize', 1);
    return buckets(handle, (after) => (Math.floor(after / stepSize) + 1) * stepSize);
  }

  /**
   * @param {number} firstBucket  the greatest value in the first one
   * @param {number} base  how many times as great that of each next one is
   * @returns {Map<number, number>} the count of each bucket by the greatest value in it
   */
  logBuckets(firstBucket, base) {
    const handle = handleOf(this);
    validateInteger(firstBucket, 'firstBucket', 1);
    validateNumber(base, 'base');
    if (!(base > 1)) throw new ERR_OUT_OF_RANGE('base', '> 1', base);
    let limit = firstBucket / base;
    return buckets(handle, (after) => {
      do limit *= base; while (limit <= after);
      return Math.floor(limit);
    });
  }

  get skewness() {
    return summary(this).skewness;
  }

  get stddev() {
    return summary(this).stddev;
  }

  /**
   * @param {number} percentile  greater than 0, at most 100
   * @returns {number}
   */
  percentile(percentile) {
    const handle = handleOf(this);
    validatePercentile(percentile, 'percentile');
    return binding.percentile(handle, percentile);
  }

  percentileBigInt(percentile) {
    return BigInt(this.percentile(percentile));
  }

  /**
   * The bounds between which the percentile lies that the values are a sample of.
   * @param {number} percentile
   * @param {{ confidence?: number }} [options]
   * @returns {{ value: number, lower: number, upper: number }}
   */
  percentileCI(percentile, options = kEmptyObject) {
    const handle = handleOf(this);
    validatePercentile(percentile, 'percentile');
    const [value, lower, upper] = binding.percentileInterval(handle, percentile, readConfidence(options));
    return { __proto__: null, value, lower, upper };
  }

  /** The values at percentiles that lie the denser the nearer they are to 100. */
  get percentiles() {
    return toMap(binding.percentiles(handleOf(this)));
  }

  get percentilesBigInt() {
    return toMap(binding.percentiles(handleOf(this)), BigInt);
  }

  /**
   * @param {number[]} percentiles
   * @returns {Map<number, number>}
   */
  percentilesAt(percentiles) {
    const handle = handleOf(this);
    validateArray(percentiles, 'percentiles');
    for (let i = 0; i < percentiles.length; i++) validatePercentile(percentiles[i], `percentiles[${i}]`);
    return new Map(percentiles.map((percentile) => [percentile, binding.percentile(handle, percentile)]));
  }

  /**
   * The density between quantiles, by Harrell and Davis.
   * @param {{ bins?: number, probabilities?: number[], dequantize?: 'none' | 'hdr' | 'all', cache?: boolean }} [options]
   * @returns {Promise<object>}
   */
  qrde(options = kEmptyObject) {
    return require('internal/perf/density').estimateDensity(handleOf(this), options);
  }

  reset() {
    binding.reset(handleOf(this));
  }

  toJSON() {
    const { count, exceeds, min, max, mean, ...rest } = summary(this);
    return { count, min, max, mean, exceeds, ...rest, percentiles: Object.fromEntries(this.percentiles) };
  }

  [kClone]() {
    return { data: handleOf(this), deserializeInfo: 'internal/histogram:ClonedHistogram' };
  }

  [kDeserialize](handle) {
    this[kHandle] = handle;
  }
}

class RecordableHistogram extends Histogram {
  /** When `recordDelta` was called last. */
  #lastDelta;

  constructor(skipThrow) {
    super(skipThrow);
    this[kRecordable] = true;
  }

  /** @param {number | bigint} val  a whole number, at least 1 */
  record(val) {
    const handle = recordableHandle(this);
    binding.record(handle, toRecordable(val, 'val'));
  }

  /** Records the nanoseconds since the last call. */
  recordDelta() {
    const handle = recordableHandle(this);
    const now = process.hrtime.bigint();
    if (this.#lastDelta !== undefined) binding.record(handle, now - this.#lastDelta);
    this.#lastDelta = now;
  }

  /**
   * Records a value, and those that a measurement missed while it took longer than expected.
   * @param {number | bigint} val
   * @param {number} expectedInterval
   */
  recordCorrected(val, expectedInterval) {
    const handle = recordableHandle(this);
    const value = toRecordable(val, 'val');
    validateInteger(expectedInterval, 'expectedInterval', 1);
    binding.recordCorrected(handle, value, expectedInterval);
  }

  /** @param {RecordableHistogram} other  whose counts are taken away */
  subtract(other) {
    binding.subtract(recordableHandle(this), otherHandle(other));
  }

  /** @param {RecordableHistogram} other  whose counts are added */
  add(other) {
    binding.add(recordableHandle(this), otherHandle(other));
  }

  [kClone]() {
    return { data: recordableHandle(this), deserializeInfo: 'internal/histogram:ClonedRecordableHistogram' };
  }
}

function otherHandle(other) {
  if (other[kRecordable] !== true) throw new ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
  return other[kHandle];
}

function toRecordable(value, name) {
  if (typeof value === 'bigint') {
    if (value < 1n || value > kNoMinimum) throw Object.assign(new RangeError('value is out of range'), { code: 'ERR_OUT_OF_RANGE' });
    return value;
  }
  validateInteger(value, name, 1);
  return value;
}

/** A histogram that waits for the state of another one. */
function ClonedHistogram() {
  return new Histogram(kSkipThrow);
}

function ClonedRecordableHistogram() {
  return new RecordableHistogram(kSkipThrow);
}

/** A bound given as a number or BigInt. */
function toBound(value, name) {
  if (typeof value === 'bigint') return value;
  validateInteger(value, name, 1);
  return BigInt(value);
}

/** The options of all histograms about what they can hold. */
function readBounds({ lowest = 1n, highest = kMaximum, figures = 3 }) {
  const low = toBound(lowest, 'options.lowest');
  const high = toBound(highest, 'options.highest');
  if (high < 2n * low) {
    throw new ERR_OUT_OF_RANGE('options.highest', `>= 2 * options.lowest (${2n * low}n)`, highest);
  }
  validateInteger(figures, 'options.figures', 1, 5);
  return { low, high, figures };
}

/**
 * @param {{ lowest?: number | bigint, highest?: number | bigint, figures?: number, halfLife?: number,
 *   threshold?: number }} [options]
 *   `figures` of each value are exact; `halfLife` is the number of values after which one weighs half as much in
 *   the moving average, values above `threshold` are its errors
 * @returns {RecordableHistogram}
 */
function createHistogram(options = kEmptyObject) {
  validateObject(options, 'options');
  const { halfLife = 0, threshold = 0 } = options;
  const { low, high, figures } = readBounds(options);
  validateNumber(halfLife, 'options.halfLife', 0);
  validateNumber(threshold, 'options.threshold', 0);
  const histogram = new RecordableHistogram(kSkipThrow);
  histogram[kHandle] = binding.create(low, high, figures, halfLife, threshold);
  return histogram;
}

/**
 * @param {Uint8Array} data  what `export` has given
 * @returns {RecordableHistogram}
 */
function importHistogram(data) {
  if (!isUint8Array(data)) throw new ERR_INVALID_ARG_TYPE('data', 'Uint8Array', data);
  const handle = binding.import(data);
  if (handle === undefined) {
    throw Object.assign(new TypeError('Invalid histogram export data'), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  const histogram = new RecordableHistogram(kSkipThrow);
  histogram[kHandle] = handle;
  return histogram;
}

module.exports = {
  ClonedHistogram,
  ClonedRecordableHistogram,
  Histogram,
  createHistogram,
  importHistogram,
  isRecordable,
  kHandle,
  kSkipThrow,
  readBounds,
  toRecordable,
};
