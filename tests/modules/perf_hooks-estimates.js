// Histograms: what they say of the distributions behind their values, their form as bytes, and windows of the last values.
'use strict';

const assert = require('assert');
const { createHistogram, createSlidingWindowHistogram, importHistogram, monitorEventLoopDelay } = require('perf_hooks');

function histogramOf(values, options) {
  const histogram = createHistogram(options);
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Compares numbers in 10 digits. */
function assertClose(actual, expected) {
  const rounded = (value) => JSON.stringify(value, (_, it) => (typeof it === 'number' ? it.toPrecision(10) : it));
  assert.strictEqual(rounded(actual), rounded(expected));
}

const few = histogramOf([10, 12, 9, 11, 15, 13, 10, 12]);
const higher = histogramOf([14, 16, 13, 18, 20, 15, 17, 16, 14]);
const many = histogramOf(Array.from({ length: 1000 }, (_, i) => i * 37 % 5003 + 1));
const none = createHistogram();

assertClose(few.meanCI(), { mean: 11.5, lower: 9.888780164131763, upper: 13.111219835868237 });
assertClose(few.meanCI({ confidence: 0.99 }), { mean: 11.5, lower: 9.11550406996681, upper: 13.88449593003319 });
assertClose(many.meanCI(), { mean: 2423.155, lower: 2332.9427706220795, upper: 2513.367229377921 });
assert.deepStrictEqual({ ...none.meanCI() }, { mean: NaN, lower: NaN, upper: NaN });
assert.deepStrictEqual({ ...few.percentileCI(90) }, { value: 13, lower: 12, upper: 15 });
assert.deepStrictEqual({ ...many.percentileCI(50) }, { value: 2361, lower: 2197, upper: 2531 });
assert.deepStrictEqual({ ...many.percentileCI(50, { confidence: 0.5 }) }, { value: 2361, lower: 2301, upper: 2427 });
assert.deepStrictEqual({ ...many.percentileCI(1) }, { value: 43, lower: 19, upper: 80 });
assertClose(few.welchTest(higher), {
  tStatistic: -4.3792450871038975,
  degreesOfFreedom: 14.998823164900344,
  pValue: 0.0005389506621042845,
  confidenceInterval: { lower: -6.525046827097398, upper: -2.25273095068038 },
});
assertClose(many.welchTest(higher).pValue, 1.0514342794668344e-288);
assert.strictEqual(few.welchTest(none).pValue, 1);
assertClose(few.mannWhitneyTest(higher), { uStatistic: 4, zScore: -3.090584843947922, pValue: 0.001997627239831957 });
assertClose(many.mannWhitneyTest(few), { uStatistic: 7983, zScore: 4.856354378649391, pValue: 0.0000011956663764674464 });
for (const [name, ...args] of [['meanCI'], ['percentileCI', 50], ['welchTest', higher]]) {
  assert.throws(() => few[name](...args, null), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => few[name](...args, { confidence: 1 }), {
    code: 'ERR_OUT_OF_RANGE',
    message: 'The value of "options.confidence" is out of range. It must be > 0 && < 1. Received 1',
  });
}
assert.throws(() => few.welchTest({}), { code: 'ERR_INVALID_ARG_TYPE' });

async function testDensity() {
  const { quantiles, densities, ...rest } = await few.qrde({ bins: 4 });
  assertClose([...quantiles], [9, 10.041644505281093, 11.333357773687252, 12.879984338071571, 15]);
  assertClose([...densities], [0.24000510609186787, 0.19354140436172354, 0.1616421221237203, 0.11792365711703875]);
  assert.deepStrictEqual(rest, {
    probabilities: Float64Array.of(0, 0.25, 0.5, 0.75, 1), count: 8n, bucketCount: 6, corrections: 0, dequantize: 'hdr',
  });
  const quantilesOf = async (values, options) => [...(await histogramOf(values).qrde(options)).quantiles];
  assertClose(await quantilesOf([10, 12, 9, 11, 15, 13, 10, 12], { bins: 4, dequantize: 'all' }),
    [9, 10.000613093485713, 11.338567317591993, 12.927208571913757, 15]);
  const rough = [5000, 5000, 5000, 9001, 9001, 7000];
  assertClose(await quantilesOf(rough, { bins: 4 }), [5002, 5171.363581600705, 6383.238851119936, 8311.375230082545, 9004]);
  assertClose(await quantilesOf([5000, 5000], { bins: 4 }), [5000, 5001, 5002, 5003, 5004]);
  assert.deepStrictEqual(await quantilesOf([5, 5], { bins: 2, cache: true }), [5, 5, 5]);
  assert.deepStrictEqual(await quantilesOf([]), []);
  assertClose(await quantilesOf([10, 12, 9, 11, 15, 13, 10, 12], { probabilities: [0, 0.5, 0.9, 1] }),
    [9, 11.333357773687252, 14.315053013587313, 15]);
  for (const options of [
    { bins: 0 }, { bins: 1.5 }, { probabilities: [0] }, { probabilities: [0, 1, 1] }, { probabilities: [0.1, 1] },
    { bins: 1, probabilities: [0, 1] }, { dequantize: 'x' }, { cache: 1 },
  ]) {
    assert.throws(() => few.qrde(options), { code: /^ERR_(OUT_OF_RANGE|INVALID_ARG_(VALUE|TYPE))$/ });
  }
}

// As bytes
{
  const hex = (histogram) => Buffer.from(histogram.export()).toString('hex');
  assert.strictEqual(hex(few),
    'ab00010101021b001fffffffffffff030304080509060f070008fb3ff00000000000000919b0000a8c090101020101010201010201');
  assert.strictEqual(hex(none), 'ab00010101021b001fffffffffffff03030400051b7fffffffffffffff0600070008fb3ff00000000000000919b0000a80');
  const moving = histogramOf([5, 100, 70000], { lowest: 2, highest: 1000000, figures: 2, halfLife: 10, threshold: 50 });
  assert.strictEqual(hex(moving),
    'ac00010102021a000f4240030204030505061a00011170070008fb3ff0000000000000091906800a860201183001190456010ba500fb' +
    '3fb124bff742a77001fb40b25a4aa583eeea02fb41b23e2e9436125003fb3fc091cc94907b80041832');
  const copy = importHistogram(moving.export());
  assert.strictEqual(hex(copy), hex(moving));
  assert.strictEqual(copy.ewmaErrorRate, moving.ewmaErrorRate);
  copy.record(3);
  assert.deepStrictEqual([copy.count, moving.count, copy.min], [4, 3, 2]);
  assert.deepStrictEqual(importHistogram(many.export()).toJSON(), many.toJSON());
  const bytes = few.export();
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => importHistogram(bytes.subarray(0, length)), {
      name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE', message: 'Invalid histogram export data',
    });
  }
  assert.throws(() => importHistogram(1), { code: 'ERR_INVALID_ARG_TYPE' });
}

// Windows
{
  const window = createSlidingWindowHistogram({ chunks: 2, recordsPerChunk: 2, highest: 1000 });
  const seen = [1, 2, 3, 4, 5, 6, 5000].map((value) => {
    window.record(value);
    const { count, min, max, exceeds } = window.snapshot();
    return [count, min, max, exceeds];
  });
  assert.deepStrictEqual(seen, [
    [1, 1, 1, 0], [2, 1, 2, 0], [3, 1, 3, 0], [4, 1, 4, 0], [3, 3, 5, 0], [4, 3, 6, 0], [2, 5, 6, 1],
  ]);
  const kept = window.snapshot();
  window.reset();
  assert.deepStrictEqual([kept.count, window.snapshot().count, kept.record], [2, 0, undefined]);
  assert.throws(() => window.record(0), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => window.snapshot.call({}), { code: 'ERR_INVALID_THIS' });
  assert.throws(() => new window.constructor(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  assert.throws(() => structuredClone(window), { name: 'DataCloneError' });
  for (const options of [
    undefined, {}, { chunks: 2 }, { chunks: 2, chunkDuration: 1, recordsPerChunk: 1 }, { chunks: 1025, recordsPerChunk: 1 },
    { chunks: 1, chunkDuration: 18446744073710 }, { chunks: 1, recordsPerChunk: 1, highest: 1 },
  ]) {
    assert.throws(() => createSlidingWindowHistogram(options), { code: /^ERR_(OUT_OF_RANGE|INVALID_ARG_(VALUE|TYPE))$/ });
  }
}

async function testTime() {
  const window = createSlidingWindowHistogram({ chunks: 2, chunkDuration: 20 });
  window.record(1);
  assert.strictEqual(window.snapshot().count, 1);
  while (window.snapshot().count > 0) await new Promise(setImmediate);

  // Each turn of the loop is one sample; its waiting is not part of it.
  const delay = monitorEventLoopDelay({ samplePerIteration: true });
  assert.strictEqual(delay.enable(), true);
  assert.strictEqual(delay.enable(), false);
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
  const start = performance.now();
  while (performance.now() - start < 30);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.ok(delay.count >= 4);
  assert.ok(delay.max >= 29e6);
  assert.strictEqual(delay.disable(), true);
  const { count } = delay;
  await new Promise(setImmediate);
  assert.strictEqual(delay.count, count);
}

testDensity().then(testTime);
