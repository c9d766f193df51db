// Histograms: what they tell of the values, that threads share them, and the delay of the event loop.
'use strict';
const assert = require('assert');
const { createHistogram, monitorEventLoopDelay, performance } = require('perf_hooks');
const { MessageChannel, Worker, isMainThread, workerData } = require('worker_threads');

function histogramOf(values, options) {
  const histogram = createHistogram(options);
  for (const value of values) histogram.record(value);
  return histogram;
}

if (!isMainThread) {
  workerData.record(7);
} else {
  const histogram = histogramOf([1, 5, 5, 9, 20, 100, 1000, 100000, 123456789]);
  assert.strictEqual(histogram.count, 9);
  assert.strictEqual(histogram.min, 1);
  assert.strictEqual(histogram.max, 123469823);
  assert.strictEqual(histogram.percentile(50), 20);
  assert.deepStrictEqual([...histogram.percentiles], [
    [0, 1], [50, 20], [75, 1000], [87.5, 99968], [93.75, 123404288], [100, 123404288],
  ]);
  assert.deepStrictEqual([...histogram.logBuckets(1, 10)].slice(0, 6), [
    [1, 1], [10, 3], [100, 2], [1000, 1], [10000, 0], [99968, 1],
  ]);
  assert.deepStrictEqual([...histogramOf([1, 5, 9, 33]).linearBuckets(10)], [[10, 3], [20, 0], [30, 0], [40, 1]]);
  assert.strictEqual(histogram.countAt(5), 2);
  assert.strictEqual(histogram.cdf(7), 3 / 9);
  assert.strictEqual(histogramOf([1, 2, 3, 10]).skewness, 1.0182337649086284);
  assert.strictEqual(histogramOf([1, 2, 3, 10]).kurtosis, -0.7696000000000001);
  assert.throws(() => histogram.record(0), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => histogram.percentile(101), { code: 'ERR_OUT_OF_RANGE' });

  // What is too high is only counted.
  const small = histogramOf([11, 12, 1000], { lowest: 1, highest: 11, figures: 1 });
  assert.deepStrictEqual([small.count, small.exceeds], [1, 2]);

  // An average in which the newest value weighs most.
  const moving = histogramOf([1, 2, 3], { halfLife: 2 });
  assert.strictEqual(moving.ewmaMean, 1.7928932188134525);
  assert.strictEqual(moving.ewmaStddev, 0.8660254037844385);

  const one = histogramOf([1, 2, 3, 4]);
  const other = histogramOf([2, 3, 9, 10]);
  assert.deepStrictEqual([one.ksTest(other), one.cliffsD(other)], [0.5, -0.5]);
  one.add(other);
  assert.strictEqual(one.count, 8);
  one.subtract(other);
  assert.deepStrictEqual([one.count, one.max], [4, 4]);
  one.recordCorrected(100, 10);
  assert.strictEqual(one.count, 14);
  one.reset();
  assert.deepStrictEqual([one.count, one.minBigInt], [0, 2n ** 63n - 1n]);

  // A copy in another place is the same histogram.
  const { port1, port2 } = new MessageChannel();
  port1.once('message', (copy) => {
    copy.record(50);
    assert.strictEqual(other.countAt(50), 1);
    port1.close();
  });
  port2.postMessage(other);
  const shared = createHistogram();
  new Worker(__filename, { workerData: shared }).once('exit', () => {
    assert.strictEqual(shared.countAt(7), 1);
  });

  // A loop that is held up shows it.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  assert.strictEqual(delay.enable(), true);
  assert.strictEqual(delay.enable(), false);
  let turns = 0;
  const timer = setInterval(() => {
    if (++turns === 5) {
      const start = performance.now();
      while (performance.now() - start < 40);
    }
    if (delay.max < 40e6) return;
    clearInterval(timer);
    assert.strictEqual(delay.disable(), true);
    assert.strictEqual(delay.disable(), false);
    assert.ok(delay.count > 0 && delay.mean > 0);
  }, 2);

  const calls = createHistogram();
  performance.timerify(() => {}, { histogram: calls })();
  assert.strictEqual(calls.count, 1);
}
