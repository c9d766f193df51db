// Numbers about the engine's heap.
'use strict';

const binding = internalBinding('v8');

/** @returns {object} sizes in bytes and counts */
function getHeapStatistics() {
  return toHeapStatistics(binding.heapStatistics());
}

/** The names of what the native half tells. */
function toHeapStatistics(numbers) {
  return {
    total_heap_size: numbers[0],
    total_heap_size_executable: numbers[1],
    total_physical_size: numbers[2],
    total_available_size: numbers[3],
    used_heap_size: numbers[4],
    heap_size_limit: numbers[5],
    malloced_memory: numbers[6],
    peak_malloced_memory: numbers[7],
    does_zap_garbage: numbers[8],
    number_of_native_contexts: numbers[9],
    number_of_detached_contexts: numbers[10],
    total_global_handles_size: numbers[11],
    used_global_handles_size: numbers[12],
    external_memory: numbers[13],
    total_allocated_bytes: numbers[14],
  };
}

/**
 * @param {'brief' | 'detailed'} [type]
 * @returns {object} the sizes of V8's heap for objects of C++, of which we have none
 */
function getCppHeapStatistics(type = 'detailed') {
  require('internal/validators').validateOneOf(type, 'type', ['brief', 'detailed']);
  return {
    __proto__: null,
    committed_size_bytes: 0,
    resident_size_bytes: 0,
    used_size_bytes: 0,
    space_statistics: [],
    type_names: [],
    detail_level: type,
  };
}

/** @returns {object[]} the sizes of each space in bytes */
function getHeapSpaceStatistics() {
  return binding.heapSpaceStatistics().map((space) => ({
    space_name: space[0],
    space_size: space[1],
    space_used_size: space[2],
    space_available_size: space[3],
    physical_space_size: space[4],
  }));
}

/** @returns {object} sizes in bytes of what belongs to code */
function getHeapCodeStatistics() {
  const numbers = binding.heapCodeStatistics();
  return {
    code_and_metadata_size: numbers[0],
    bytecode_and_metadata_size: numbers[1],
    external_script_source_size: numbers[2],
    cpu_profiler_metadata_size: numbers[3],
  };
}

/** Has the engine number objects as they come into being, for as long as the program runs: snapshots tell them apart. */
function trackObjects() {
  const { ToolSession } = require('internal/v8/session');
  new ToolSession().post('HeapProfiler.startTrackingHeapObjects');
}

module.exports = {
  trackObjects,
  getCppHeapStatistics,
  getHeapCodeStatistics,
  getHeapSpaceStatistics,
  getHeapStatistics,
  toHeapStatistics,
};
