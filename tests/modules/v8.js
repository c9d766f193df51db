// What the engine tells about itself: the heap, profiles, snapshots, promise hooks.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

for (const numbers of [v8.getHeapStatistics(), v8.getHeapCodeStatistics()]) {
  assert.ok(Object.values(numbers).every((number) => typeof number === 'number'));
}
assert.ok(v8.getHeapSpaceStatistics().some((space) => space.space_name === 'old_space' && space.space_size > 0));
assert.strictEqual(v8.isStringOneByteRepresentation('é'), true);
assert.strictEqual(v8.isStringOneByteRepresentation('€'), false);

// Flags can be changed while the program runs.
const tag = v8.cachedDataVersionTag();
v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');
v8.setFlagsFromString('--allow-natives-syntax');
assert.notStrictEqual(v8.cachedDataVersionTag(), tag);
assert.strictEqual(eval('%IsSmi(1)'), true);
v8.setFlagsFromString('--no-allow-natives-syntax');

// The collector is watched between start and stop.
{
  const profiler = new v8.GCProfiler();
  assert.strictEqual(profiler.stop(), undefined);
  profiler.start();
  gc();
  const { version, startTime, endTime, statistics } = profiler.stop();
  assert.strictEqual(version, 1);
  assert.ok(startTime <= endTime);
  assert.strictEqual(statistics[0].gcType, 'MarkSweepCompact');
  assert.ok(statistics[0].cost > 0 && statistics[0].beforeGC.heapStatistics.usedHeapSize > 0);
  assert.strictEqual(profiler.stop(), undefined);
}

// Living objects of a class.
{
  process.removeAllListeners('warning');
  class Found {}
  class Derived extends Found {}
  const kept = [new Found(), new Derived()];
  assert.strictEqual(v8.queryObjects(Found), 3);
  assert.deepStrictEqual(v8.queryObjects(Derived, { format: 'summary' }), ['Derived {}']);
  assert.strictEqual(kept.length, 2);
}

// Profiles are JSON texts, once.
{
  const profile = v8.startCpuProfile();
  for (let i = 0; i < 1e5; i++) Math.sqrt(i);
  assert.ok(JSON.parse(profile.stop()).nodes.length > 0);
  assert.strictEqual(profile.stop(), undefined);
  const heap = v8.startHeapProfile();
  assert.throws(() => v8.startHeapProfile(), { code: 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED' });
  assert.ok('head' in JSON.parse(heap.stop()));
}

// Snapshots of the heap.
{
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'v8-'));
  const file = path.join(folder, 'a.heapsnapshot');
  assert.strictEqual(v8.writeHeapSnapshot(file), file);
  assert.ok(JSON.parse(fs.readFileSync(file, 'utf8')).nodes.length > 0);
  fs.rmSync(folder, { recursive: true });
  let text = '';
  v8.getHeapSnapshot().setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
    assert.ok('snapshot' in JSON.parse(text));
  });
}

// Hooks of promises, until they are stopped.
{
  const seen = [];
  const stopInit = v8.promiseHooks.onInit((promise, parent) => seen.push(['init', parent instanceof Promise]));
  const stop = v8.promiseHooks.createHook({
    before: () => seen.push(['before']), after: () => seen.push(['after']), settled: () => seen.push(['settled']),
  });
  Promise.resolve(1).then(() => {
    stopInit();
    stop();
    assert.deepStrictEqual(seen, [['init', false], ['settled'], ['init', true], ['before']]);
  });
}
