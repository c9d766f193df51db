// Profiles of the processor and of the heap, and what `queryObjects` finds.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  validateBoolean,
  validateFunction,
  validateInteger,
  validateObject,
} = require('internal/validators');
const { emitExperimentalWarning } = require('internal/util');
const { ToolSession } = require('internal/v8/session');

/** A profile of the processor that is being made. */
class SyncCPUProfileHandle {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** @returns {string | undefined} the profile as JSON text, the first time */
  stop() {
    const session = this.#session;
    if (session === undefined) return undefined;
    this.#session = undefined;
    const { profile } = session.post('Profiler.stop');
    session.close();
    return JSON.stringify(profile);
  }

  [Symbol.dispose]() {
    this.stop();
  }
}

/**
 * @param {object} [options] sampleInterval in microseconds
 * @returns {SyncCPUProfileHandle}
 */
function startCpuProfile(options) {
  if (options === undefined) options = {};
  validateObject(options, 'options');
  const { sampleInterval } = options;
  if (sampleInterval !== undefined) validateInteger(sampleInterval, 'options.sampleInterval', 1);
  const session = new ToolSession();
  session.post('Profiler.enable');
  if (sampleInterval !== undefined) session.post('Profiler.setSamplingInterval', { interval: sampleInterval });
  session.post('Profiler.start');
  return new SyncCPUProfileHandle(session);
}

let heapProfileRuns = false;

/** A profile of the heap's allocations that is being made. */
class SyncHeapProfileHandle {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** @returns {string | undefined} the profile as JSON text, the first time */
  stop() {
    const session = this.#session;
    if (session === undefined) return undefined;
    this.#session = undefined;
    heapProfileRuns = false;
    const { profile } = session.post('HeapProfiler.stopSampling');
    session.close();
    return JSON.stringify({ samples: profile.samples, head: profile.head });
  }

  [Symbol.dispose]() {
    this.stop();
  }
}

/**
 * @param {object} [options] sampleInterval in bytes, stackDepth, and which dead objects count
 * @returns {SyncHeapProfileHandle}
 */
function startHeapProfile(options) {
  if (options === undefined) options = {};
  validateObject(options, 'options');
  const {
    sampleInterval = 512 * 1024,
    stackDepth = 16,
    includeObjectsCollectedByMajorGC = false,
    includeObjectsCollectedByMinorGC = false,
  } = options;
  validateInteger(sampleInterval, 'options.sampleInterval', 1);
  validateInteger(stackDepth, 'options.stackDepth', 0);
  validateBoolean(includeObjectsCollectedByMajorGC, 'options.includeObjectsCollectedByMajorGC');
  validateBoolean(includeObjectsCollectedByMinorGC, 'options.includeObjectsCollectedByMinorGC');
  if (heapProfileRuns) {
    const error = new Error('Heap profile has been started');
    error.code = 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED';
    throw error;
  }
  const session = new ToolSession();
  session.post('HeapProfiler.startSampling', {
    samplingInterval: sampleInterval, stackDepth, includeObjectsCollectedByMajorGC, includeObjectsCollectedByMinorGC,
  });
  heapProfileRuns = true;
  return new SyncHeapProfileHandle(session);
}

/** The number under which a new session knows the main context. */
const MAIN_CONTEXT = 1;

/** The living objects whose prototypes include that of `constructor`. */
function findObjects(constructor) {
  const session = new ToolSession();
  const name = 'ironode queryObjects';
  globalThis[Symbol.for(name)] = constructor.prototype;
  try {
    const expression = `globalThis[Symbol.for('${name}')]`;
    const prototype = session.post('Runtime.evaluate', { expression, contextId: MAIN_CONTEXT }).result.objectId;
    const { objects } = session.post('Runtime.queryObjects', { prototypeObjectId: prototype });
    return session.unwrap(objects.objectId);
  } finally {
    delete globalThis[Symbol.for(name)];
    session.close();
  }
}

/**
 * @param {Function} constructor
 * @param {{ format?: 'count' | 'summary' }} [options]
 * @returns {number | string[]} how many living objects are its instances, or what they look like
 */
function queryObjects(constructor, options = {}) {
  validateFunction(constructor, 'constructor');
  validateObject(options, 'options');
  const format = options.format || 'count';
  if (format !== 'count' && format !== 'summary') {
    throw new ERR_INVALID_ARG_VALUE('options.format', format);
  }
  emitExperimentalWarning('v8.queryObjects()');
  const objects = findObjects(constructor);
  if (format === 'count') return objects.length;
  const { inspect } = require('internal/util/inspect');
  return objects.map((object) => inspect(object, { depth: 0 }));
}

module.exports = { queryObjects, startCpuProfile, startHeapProfile };
