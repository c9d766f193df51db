// Observers of `gc` are told of collections, without keeping the process alive.
'use strict';
const assert = require('assert');
const { PerformanceObserver, constants } = require('perf_hooks');

const observer = new PerformanceObserver((list) => {
  const [entry] = list.getEntries();
  assert.deepStrictEqual([entry.name, entry.entryType], ['gc', 'gc']);
  assert.ok(entry.detail.kind === constants.NODE_PERFORMANCE_GC_MINOR || entry.detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR ||
    entry.detail.kind === constants.NODE_PERFORMANCE_GC_INCREMENTAL || entry.detail.kind === constants.NODE_PERFORMANCE_GC_WEAKCB);
  assert.ok(entry.startTime > 0 && entry.duration > 0 && entry.startTime < performance.now());
  observer.disconnect();
  isTold = true;
});
observer.observe({ entryTypes: ['gc'] });

let isTold = false;
let garbage = [];
(function fill() {
  if (isTold) return;
  garbage = Array.from({ length: 100_000 }, (_, index) => ({ index }));
  setImmediate(fill);
})();
process.on('exit', () => assert.ok(isTold && garbage.length > 0));
