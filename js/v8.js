// Node's `v8`: what the engine tells about itself, and its serialized values.
'use strict';

const { validateString } = require('internal/validators');
const serdes = require('internal/v8/serdes');
const heap = require('internal/v8/heap');
const profiles = require('internal/v8/profiles');
const snapshots = require('internal/v8/heap_snapshot');
const { startupSnapshot } = require('internal/v8/startup_snapshot');
const { GCProfiler } = require('internal/v8/gc_profiler');
const { createHook, onInit, onBefore, onAfter, onSettled } = require('internal/promise_hooks');
const { notYet } = require('internal/not_yet');
const binding = internalBinding('v8');

/** @param {string} flags of the engine, such as `--stack-size=2000` */
function setFlagsFromString(flags) {
  validateString(flags, 'flags');
  // The engine itself would end the process before any handler has seen the error.
  if (flags.replaceAll('_', '-') === '--abort-on-uncaught-exception') {
    require('internal/process/uncaught').abortFromNowOn();
    return;
  }
  binding.setFlags(flags);
}

/**
 * @param {string} content
 * @returns {boolean} whether the engine keeps it in Latin-1
 */
function isStringOneByteRepresentation(content) {
  validateString(content, 'content');
  return binding.isOneByte(content);
}

// Like Node's, these are no constructors.
const { cachedDataVersionTag, takeCoverage, stopCoverage } = {
  /** @returns {number} changes with the version and the flags of the engine */
  cachedDataVersionTag() {
    return binding.cachedDataVersionTag();
  },

  /** Writes the coverage that was collected since the last time, under NODE_V8_COVERAGE. */
  takeCoverage() {
    require('internal/coverage').take();
  },

  /** Ends the collection of coverage, under NODE_V8_COVERAGE. */
  stopCoverage() {
    require('internal/coverage').stop();
  },
};

const missing = notYet('v8', [
  'setHeapProfileNearHeapLimit',
]);

module.exports = {
  cachedDataVersionTag,
  getHeapSnapshot: snapshots.getHeapSnapshot,
  getHeapStatistics: heap.getHeapStatistics,
  getHeapSpaceStatistics: heap.getHeapSpaceStatistics,
  getHeapCodeStatistics: heap.getHeapCodeStatistics,
  getCppHeapStatistics: heap.getCppHeapStatistics,
  setFlagsFromString,
  Serializer: serdes.Serializer,
  Deserializer: serdes.Deserializer,
  DefaultSerializer: serdes.DefaultSerializer,
  DefaultDeserializer: serdes.DefaultDeserializer,
  deserialize: serdes.deserialize,
  takeCoverage,
  stopCoverage,
  serialize: serdes.serialize,
  writeHeapSnapshot: snapshots.writeHeapSnapshot,
  promiseHooks: { createHook, onInit, onBefore, onAfter, onSettled },
  queryObjects: profiles.queryObjects,
  startupSnapshot,
  setHeapSnapshotNearHeapLimit: snapshots.setHeapSnapshotNearHeapLimit,
  setHeapProfileNearHeapLimit: missing.setHeapProfileNearHeapLimit,
  GCProfiler,
  isStringOneByteRepresentation,
  startCpuProfile: profiles.startCpuProfile,
  startHeapProfile: profiles.startHeapProfile,
};
