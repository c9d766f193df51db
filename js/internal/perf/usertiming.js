// Marks and measures: the entries that programs put into the performance timeline.
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_MISSING_ARGS,
    ERR_PERFORMANCE_INVALID_TIMESTAMP,
    ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS,
  },
} = require('internal/errors');
const { kEmptyObject, kEnumerableProperty } = require('internal/util');
const { validateNumber, validateObject, validateString } = require('internal/validators');
const { now } = require('internal/perf/utils');
const { PerformanceEntry, kCreate, kDetail } = require('internal/perf/performance_entry');
const { isStage, stageTime } = require('internal/perf/node_timing');
const { enqueue } = require('internal/perf/observe');
const { addEntry } = require('internal/perf/timeline');

/** The start of the latest mark of each name. */
const markTimes = new Map();

/** A detail is copied, so that it stays what it was. */
function copyDetail(detail) {
  if (detail === undefined || detail === null) return null;
  return require('web/structured_clone').structuredClone(detail);
}

function checkTimestamp(time) {
  if (time < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(time);
}

function checkMarkName(name) {
  if (isStage(name)) throw new ERR_INVALID_ARG_VALUE('name', name);
}

class PerformanceMark extends PerformanceEntry {
  /**
   * @param {string} name
   * @param {{ startTime?: number, detail?: unknown }} [options] by default it starts now
   */
  constructor(name, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    name = `${name}`;
    checkMarkName(name);
    if (options !== undefined && options !== null) validateObject(options, 'options');
    const startTime = options?.startTime ?? now();
    validateNumber(startTime, 'startTime');
    checkTimestamp(startTime);
    markTimes.set(name, startTime);
    super(kCreate, name, 'mark', startTime, 0);
    this[kDetail] = copyDetail(options?.detail);
  }

  /** @returns {unknown} */
  get detail() {
    if (this?.[kDetail] === undefined) throw new ERR_INVALID_THIS('PerformanceMark');
    return this[kDetail];
  }

  toJSON() {
    return { ...super.toJSON(), detail: this[kDetail] };
  }
}

class PerformanceMeasure extends PerformanceEntry {
  constructor(key = undefined, name = undefined, startTime = undefined, duration = undefined, detail = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super(kCreate, name, 'measure', startTime, duration);
    this[kDetail] = detail;
  }

  /** @returns {unknown} */
  get detail() {
    if (this?.[kDetail] === undefined) throw new ERR_INVALID_THIS('PerformanceMeasure');
    return this[kDetail];
  }

  toJSON() {
    return { ...super.toJSON(), detail: this[kDetail] };
  }
}

for (const [Class, name] of [[PerformanceMark, 'PerformanceMark'], [PerformanceMeasure, 'PerformanceMeasure']]) {
  Object.defineProperties(Class.prototype, {
    detail: kEnumerableProperty,
    [Symbol.toStringTag]: { configurable: true, value: name },
  });
}

/**
 * @param {string} name
 * @param {object} [options] of `PerformanceMark`
 * @returns {PerformanceMark}
 */
function mark(name, options) {
  const entry = new PerformanceMark(name, options);
  addEntry(entry);
  enqueue(entry);
  return entry;
}

/** The time that a number, the name of a mark or the name of a stage stands for. */
function toTime(mark) {
  if (typeof mark === 'number') {
    checkTimestamp(mark);
    return mark;
  }
  const name = `${mark}`;
  if (isStage(name)) return stageTime(name);
  const time = markTimes.get(name);
  if (time === undefined) {
    const { DOMException } = require('web/dom_exception');
    throw new DOMException(`The "${name}" performance mark has not been set`, 'SyntaxError');
  }
  return time;
}

function endOfMeasure({ start, end, duration }, endMark) {
  if (endMark !== undefined) return toTime(endMark);
  if (end !== undefined) return toTime(end);
  if (start !== undefined && duration !== undefined) return toTime(start) + toTime(duration);
  return now();
}

function startOfMeasure({ start, end, duration }, startMark) {
  if (start !== undefined) return toTime(start);
  if (duration !== undefined && end !== undefined) return toTime(end) - toTime(duration);
  return typeof startMark === 'string' ? toTime(startMark) : 0;
}

function checkMeasureOptions({ start, end, duration }, endMark) {
  if (endMark !== undefined && (start !== undefined || end !== undefined)) {
    throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('endMark must not be specified');
  }
  if (start !== undefined && end !== undefined && duration !== undefined) {
    throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS(
      'Must not have options.start, options.end, and options.duration specified');
  }
}

/**
 * Puts the time between two marks into the timeline.
 * @param {string} name
 * @param {string | { start?: number | string, end?: number | string, duration?: number, detail?: unknown }}
 *   [startOrOptions] by default the beginning of the runtime
 * @param {string} [endMark] by default now
 * @returns {PerformanceMeasure}
 */
function measure(name, startOrOptions, endMark) {
  validateString(name, 'name');
  let options = kEmptyObject;
  let detail;
  if (typeof startOrOptions === 'object' && startOrOptions !== null) {
    const { start, end, duration } = startOrOptions;
    options = { start, end, duration };
    checkMeasureOptions(options, endMark);
    detail = startOrOptions.detail;
  }
  const end = endOfMeasure(options, endMark);
  const start = startOfMeasure(options, startOrOptions);
  const entry = new PerformanceMeasure(kCreate, name, start, end - start, copyDetail(detail));
  addEntry(entry);
  enqueue(entry);
  return entry;
}

/** @param {string} [name] of the marks that `measure()` forgets, by default all */
function forgetMarkTimes(name) {
  if (name === undefined) {
    markTimes.clear();
    return;
  }
  checkMarkName(name);
  markTimes.delete(name);
}

module.exports = { PerformanceMark, PerformanceMeasure, forgetMarkTimes, mark, measure };
