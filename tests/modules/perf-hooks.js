// `perf_hooks`: the clock, marks and measures, and the event loop's utilization.
'use strict';

const assert = require('node:assert');
const util = require('node:util');
const perfHooks = require('node:perf_hooks');

assert.strictEqual(perfHooks.performance, performance);
assert.strictEqual(perfHooks.Performance, Performance);
assert.strictEqual(perfHooks.PerformanceMark, PerformanceMark);
assert.strictEqual(perfHooks.constants.NODE_PERFORMANCE_GC_MAJOR, 4);

// The global
{
  const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, 'performance');
  assert.deepStrictEqual([get.name, set.name, enumerable, configurable], ['get performance', 'set performance', true, true]);
  const original = performance;
  globalThis.performance = 5;
  assert.strictEqual(performance, 5);
  globalThis.performance = original;
}

// The clock
{
  const first = performance.now();
  const second = performance.now();
  assert.ok(first > 0 && second >= first);
  assert.ok(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 100);
  assert.strictEqual(performance.timeOrigin, performance.timeOrigin);
  assert.ok(Math.abs(new Event('x').timeStamp - performance.now()) < 100);
  assert.throws(() => performance.now.call({}), {
    code: 'ERR_INVALID_THIS',
    message: 'Value of "this" must be of type Performance',
  });
}

// Marks
{
  // Those that are given times lie in the past.
  while (performance.now() < 10);
  const detail = { a: [1] };
  const mark = performance.mark('a', { startTime: 5, detail });
  assert.ok(mark instanceof PerformanceMark && mark instanceof PerformanceEntry);
  assert.deepStrictEqual(mark.toJSON(), { name: 'a', entryType: 'mark', startTime: 5, duration: 0, detail });
  assert.notStrictEqual(mark.detail, detail);
  assert.strictEqual(performance.mark('b', { startTime: 1 }).detail, null);
  assert.strictEqual(performance.mark(5, { startTime: 9 }).name, '5');
  assert.ok(performance.mark('now').startTime <= performance.now());
  assert.deepStrictEqual(performance.getEntriesByType('mark').map(({ name }) => name), ['b', 'a', '5', 'now']);
  assert.strictEqual(performance.getEntriesByName('a')[0], mark);
  assert.strictEqual(performance.getEntriesByName('a', 'mark').length, 1);
  assert.deepStrictEqual(performance.getEntriesByName('a', 'measure'), []);
  assert.deepStrictEqual(performance.getEntriesByType('resource'), []);
  assert.strictEqual(new PerformanceMark('alone').name, 'alone');
  assert.deepStrictEqual(performance.getEntriesByName('alone'), []);
  assert.strictEqual(util.inspect(new PerformanceMark('i', { startTime: 1 })), [
    'PerformanceMark {',
    '  name: \'i\',',
    '  entryType: \'mark\',',
    '  startTime: 1,',
    '  duration: 0,',
    '  detail: null',
    '}',
  ].join('\n'));

  assert.throws(() => performance.mark(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => performance.mark('x', 'y'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => performance.mark('x', { startTime: '1' }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => performance.mark('x', { startTime: -1 }), {
    name: 'TypeError',
    code: 'ERR_PERFORMANCE_INVALID_TIMESTAMP',
    message: '-1 is not a valid timestamp',
  });
  assert.throws(() => performance.mark('x', { detail() {} }), { name: 'DataCloneError' });
  assert.throws(() => performance.mark('nodeStart'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => new PerformanceEntry(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
  assert.throws(() => new Performance(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
}

// Measures
{
  performance.clearMarks();
  performance.mark('start', { startTime: 10 });
  performance.mark('end', { startTime: 5 });
  performance.mark('end', { startTime: 30 });
  const span = (...args) => {
    const { startTime, duration } = performance.measure('m', ...args);
    return [startTime, duration];
  };
  assert.deepStrictEqual(span('start', 'end'), [10, 20]);
  assert.deepStrictEqual(span(undefined, 'end'), [0, 30]);
  assert.deepStrictEqual(span({ start: 1, end: 4 }), [1, 3]);
  assert.deepStrictEqual(span({ start: 1, duration: 4 }), [1, 4]);
  assert.deepStrictEqual(span({ end: 10, duration: 4 }), [6, 4]);
  assert.deepStrictEqual(span({ start: 'start', end: 'end' }), [10, 20]);
  assert.deepStrictEqual(span({}, 'end'), [0, 30]);
  assert.strictEqual(span('start')[0], 10);
  assert.strictEqual(span()[0], 0);
  assert.strictEqual(span('nodeStart', 'v8Start')[0], performance.nodeTiming.nodeStart);
  assert.deepStrictEqual(performance.measure('d', { start: 0, end: 1, detail: [1] }).detail, [1]);

  const invalidOptions = { name: 'TypeError', code: 'ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS' };
  assert.throws(() => span({ start: 1, end: 2, duration: 1 }), invalidOptions);
  assert.throws(() => span({ start: 1 }, 'end'), invalidOptions);
  assert.throws(() => span('missing'), {
    name: 'SyntaxError',
    message: 'The "missing" performance mark has not been set',
    constructor: DOMException,
  });
  assert.throws(() => performance.measure(), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => performance.measure(5), { code: 'ERR_INVALID_ARG_TYPE' });

  performance.clearMeasures('m');
  assert.deepStrictEqual(performance.getEntriesByType('measure').map(({ name }) => name), ['d']);
  assert.deepStrictEqual(performance.getEntries().map(({ name }) => name), ['d', 'end', 'start', 'end']);
  performance.clearMarks('end');
  assert.throws(() => span('end'), { name: 'SyntaxError' });
  performance.clearMarks();
  performance.clearMeasures();
  assert.deepStrictEqual(performance.getEntries(), []);
}

// Functions
{
  const add = performance.timerify(function add(a, b) {
    return [this.name, a + b];
  });
  assert.deepStrictEqual([add.name, add.length], ['timerified add', 2]);
  assert.deepStrictEqual(add.call({ name: 'me' }, 1, 2), ['me', 3]);
  class Made {
    value = 1;
  }
  const made = new (performance.timerify(Made))();
  assert.ok(made instanceof Made && made.value === 1);
  assert.throws(() => performance.timerify(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => performance.timerify(() => {}, { histogram: 5 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.strictEqual(perfHooks.timerify, performance.timerify);
}

// The stages of the runtime's life
{
  const { nodeTiming } = performance;
  assert.deepStrictEqual(Object.keys(nodeTiming), [
    'name', 'entryType', 'startTime', 'duration', 'nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit',
    'bootstrapComplete', 'idleTime', 'uvMetricsInfo',
  ]);
  const { nodeStart, v8Start, environment, bootstrapComplete, loopStart, loopExit } = nodeTiming;
  assert.ok(nodeStart > 0 && v8Start > nodeStart && environment > v8Start && bootstrapComplete > environment);
  assert.deepStrictEqual([loopStart, loopExit], [-1, -1]);
  assert.deepStrictEqual(Object.keys(performance.toJSON()), ['nodeTiming', 'timeOrigin', 'eventLoopUtilization']);
  process.on('exit', () => assert.ok(nodeTiming.loopExit > nodeTiming.loopStart));
}

// The event loop
{
  const { eventLoopUtilization } = performance;
  assert.deepStrictEqual(eventLoopUtilization(), { idle: 0, active: 0, utilization: 0 });
  // Begun by the loop itself: what the program does before that takes nothing from the wait.
  setImmediate(setTimeout, () => {
    const before = eventLoopUtilization();
    assert.ok(before.idle > 10 && before.active > 0);
    assert.strictEqual(before.utilization, before.active / (before.idle + before.active));
    const start = performance.now();
    while (performance.now() - start < 10);
    const busy = eventLoopUtilization(before);
    assert.ok(busy.idle === 0 && busy.active >= 10 && busy.utilization === 1);
    const after = eventLoopUtilization();
    assert.deepStrictEqual(eventLoopUtilization(after, before), {
      idle: 0,
      active: after.active - before.active,
      utilization: 1,
    });
    assert.ok(performance.nodeTiming.loopStart > 0);
  }, 30);
}

{
  const { PerformanceObserver, performance: clock } = require('perf_hooks');
  const observer = new PerformanceObserver((list, self) => {
    assert.strictEqual(self, observer);
    assert.deepStrictEqual(list.getEntries().map((entry) => [entry.entryType, entry.name]).sort(),
      [['function', 'watched'], ['mark', 'seen']]);
    assert.deepStrictEqual(list.getEntriesByType('function')[0].detail, [1, 2]);
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['mark', 'function'] });
  clock.mark('seen');
  clock.timerify(function watched() {})(1, 2);
  assert.throws(() => observer.observe({ type: 'mark' }), { name: 'InvalidModificationError' });
}
