// `v8.GCProfiler`: what the garbage collector does.
'use strict';

const binding = internalBinding('v8');

/** What the numbers of a heap are, in their order. */
const heapFields = [
  'totalHeapSize', 'totalHeapSizeExecutable', 'totalPhysicalSize', 'totalAvailableSize', 'totalGlobalHandlesSize',
  'usedGlobalHandlesSize', 'usedHeapSize', 'heapSizeLimit', 'mallocedMemory', 'externalMemory', 'peakMallocedMemory',
];

function describeHeap([numbers, spaces]) {
  return {
    heapStatistics: Object.fromEntries(heapFields.map((name, index) => [name, numbers[index]])),
    heapSpaceStatistics: spaces.map(([spaceName, sizes]) => ({
      spaceName,
      spaceSize: sizes[0],
      spaceUsedSize: sizes[1],
      spaceAvailableSize: sizes[2],
      physicalSpaceSize: sizes[3],
    })),
  };
}

/** Collects what the garbage collector does between `start` and `stop`. */
class GCProfiler {
  #watch = null;
  #startTime = 0;

  start() {
    if (this.#watch !== null) return;
    this.#watch = new binding.GcWatch();
    this.#startTime = Date.now();
    this.#watch.start();
  }

  /** @returns {object | undefined} what was collected since `start` */
  stop() {
    if (this.#watch === null) return undefined;
    const collections = this.#watch.stop();
    this.#watch = null;
    return {
      version: 1,
      startTime: this.#startTime,
      statistics: collections.map(([gcType, cost, before, after]) => ({
        gcType, beforeGC: describeHeap(before), cost, afterGC: describeHeap(after),
      })),
      endTime: Date.now(),
    };
  }

  [Symbol.dispose]() {
    this.stop();
  }
}

module.exports = { GCProfiler };
