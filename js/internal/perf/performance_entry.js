// `PerformanceEntry`: what the entries of the performance timeline have in common.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');

/** The first argument of the constructors that programs cannot call. */
const kCreate = Symbol('kCreate');

const kName = Symbol('PerformanceEntry.Name');
const kEntryType = Symbol('PerformanceEntry.EntryType');
const kStartTime = Symbol('PerformanceEntry.StartTime');
const kDuration = Symbol('PerformanceEntry.Duration');
const kDetail = Symbol('kDetail');

function check(entry) {
  if (entry?.[kName] === undefined) throw new ERR_INVALID_THIS('PerformanceEntry');
}

class PerformanceEntry {
  /**
   * @param {symbol} [key] `kCreate`
   * @param {string} [name]
   * @param {string} [entryType]
   * @param {number} [startTime] in milliseconds since the runtime began
   * @param {number} [duration] in milliseconds
   */
  constructor(key = undefined, name = undefined, entryType = undefined, startTime = undefined, duration = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kName] = name;
    this[kEntryType] = entryType;
    this[kStartTime] = startTime;
    this[kDuration] = duration;
  }

  /** @returns {string} */
  get name() {
    check(this);
    return this[kName];
  }

  /** @returns {string} `mark`, `measure`, `node`, ... */
  get entryType() {
    check(this);
    return this[kEntryType];
  }

  /** @returns {number} */
  get startTime() {
    check(this);
    return this[kStartTime];
  }

  /** @returns {number} */
  get duration() {
    check(this);
    return this[kDuration];
  }

  /** @returns {object} */
  toJSON() {
    check(this);
    return {
      name: this[kName],
      entryType: this[kEntryType],
      startTime: this[kStartTime],
      duration: this[kDuration],
    };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `${this.constructor.name} ${inspect(this.toJSON(), inner)}`;
  }
}

Object.defineProperties(PerformanceEntry.prototype, {
  name: kEnumerableProperty,
  entryType: kEnumerableProperty,
  startTime: kEnumerableProperty,
  duration: kEnumerableProperty,
  toJSON: kEnumerableProperty,
});

module.exports = { PerformanceEntry, kCreate, kDetail, kName };
