// `performance`: the clock and the timeline of the runtime.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { EventTarget, defineEventHandler } = require('web/event_target');
const { now } = require('internal/perf/utils');
const { PerformanceNodeTiming } = require('internal/perf/node_timing');
const { enqueue } = require('internal/perf/observe');
const { makeResourceTiming } = require('internal/perf/resource_timing');
const {
  addResource, clearEntries, clearResources, findEntries, setMaxResources,
} = require('internal/perf/timeline');
const { forgetMarkTimes, mark, measure } = require('internal/perf/usertiming');
const { eventLoopUtilization } = require('internal/perf/event_loop_utilization');
const { timerify } = require('internal/perf/timerify');

const binding = internalBinding('perf_hooks');

const kCreate = Symbol('kCreate');
const kPerformance = Symbol('performance');
const nodeTiming = new PerformanceNodeTiming();

function check(performance) {
  if (performance?.[kPerformance] === undefined) throw new ERR_INVALID_THIS('Performance');
}

class Performance extends EventTarget {
  constructor(key = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    this[kPerformance] = true;
  }

  /** @param {string} [name] by default all marks are dropped */
  clearMarks(name = undefined) {
    check(this);
    if (name !== undefined) name = `${name}`;
    forgetMarkTimes(name);
    clearEntries('mark', name);
  }

  /** @param {string} [name] by default all measures are dropped */
  clearMeasures(name = undefined) {
    check(this);
    clearEntries('measure', name === undefined ? undefined : `${name}`);
  }

  /** Drops the entries of fetched resources. */
  clearResourceTimings() {
    check(this);
    clearResources();
  }

  /** @returns {PerformanceEntry[]} in the order of their start */
  getEntries() {
    check(this);
    return findEntries();
  }

  /**
   * @param {string} name
   * @param {string} [type] by default all types
   * @returns {PerformanceEntry[]}
   */
  getEntriesByName(name, type = undefined) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return findEntries(type === undefined ? undefined : `${type}`, `${name}`);
  }

  /**
   * @param {string} type
   * @returns {PerformanceEntry[]}
   */
  getEntriesByType(type) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    return findEntries(`${type}`);
  }

  /**
   * @param {string} name
   * @param {{ startTime?: number, detail?: unknown }} [options]
   * @returns {PerformanceMark}
   */
  mark(name, options = undefined) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return mark(name, options);
  }

  /**
   * @param {string} name
   * @param {string | object} [startOrOptions]
   * @param {string} [endMark]
   * @returns {PerformanceMeasure}
   */
  measure(name, startOrOptions = undefined, endMark = undefined) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    return measure(name, startOrOptions, endMark);
  }

  /** @returns {number} milliseconds since the runtime began, with a fraction */
  now() {
    check(this);
    return now();
  }

  /** @param {number} maxSize how many entries of fetched resources to keep */
  setResourceTimingBufferSize(maxSize) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('maxSize');
    setMaxResources(Number(maxSize));
  }

  /** @returns {number} when the runtime began, in milliseconds since 1970 with a fraction */
  get timeOrigin() {
    check(this);
    return binding.timeOrigin();
  }

  /** @returns {object} */
  toJSON() {
    check(this);
    return {
      nodeTiming: this.nodeTiming,
      timeOrigin: this.timeOrigin,
      eventLoopUtilization: this.eventLoopUtilization(),
    };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const { nodeTiming, timeOrigin } = this;
    return `Performance ${inspect({ nodeTiming, timeOrigin }, inner)}`;
  }
}

function hidden(value) {
  return { configurable: true, enumerable: false, value, writable: true };
}

/** Adds an entry of a fetched resource: see `makeResourceTiming`. */
function markResourceTiming(timing, url, initiatorType, global, cacheMode, bodyInfo, responseStatus, deliveryType = '') {
  const entry = makeResourceTiming(
    timing, url, initiatorType, global, cacheMode, bodyInfo, responseStatus, deliveryType);
  enqueue(entry);
  addResource(entry, () => {
    const { Event } = require('web/event_target');
    module.exports.performance.dispatchEvent(new Event('resourcetimingbufferfull'));
  });
  return entry;
}

Object.defineProperties(Performance.prototype, {
  clearMarks: kEnumerableProperty,
  clearMeasures: kEnumerableProperty,
  clearResourceTimings: kEnumerableProperty,
  getEntries: kEnumerableProperty,
  getEntriesByName: kEnumerableProperty,
  getEntriesByType: kEnumerableProperty,
  mark: kEnumerableProperty,
  measure: kEnumerableProperty,
  now: kEnumerableProperty,
  setResourceTimingBufferSize: kEnumerableProperty,
  timeOrigin: kEnumerableProperty,
  toJSON: kEnumerableProperty,
  eventLoopUtilization: hidden(eventLoopUtilization),
  nodeTiming: hidden(nodeTiming),
  markResourceTiming: hidden(markResourceTiming),
  timerify: hidden(timerify),
  [Symbol.toStringTag]: { configurable: true, value: 'Performance' },
});
defineEventHandler(Performance.prototype, 'resourcetimingbufferfull');

module.exports = { Performance, performance: new Performance(kCreate) };
