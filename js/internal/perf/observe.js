// `PerformanceObserver`: functions that are told of new entries of the performance timeline.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { validateFunction, validateObject } = require('internal/validators');
const { PerformanceEntry, kCreate, kDetail } = require('internal/perf/performance_entry');
const { findEntries } = require('internal/perf/timeline');

const wanted = require('internal/perf/wanted');

const binding = internalBinding('perf_hooks');

const TYPES = Object.freeze(Object.keys(wanted));

const observers = new Set();
let pending = new Set();
let isScheduled = false;

// Reach into an observer; set with its class.
let offer;
let tell;

function byStart(first, second) {
  return first.startTime - second.startTime;
}

/** The entries that an observer is told of at once. */
class PerformanceObserverEntryList {
  #entries;

  constructor(key = undefined, entries = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#entries = entries.sort(byStart);
  }

  getEntries() {
    return this.#entries.slice();
  }

  getEntriesByType(type) {
    const wantedType = `${type}`;
    return this.#entries.filter((entry) => entry.entryType === wantedType);
  }

  getEntriesByName(name, type = undefined) {
    const wantedName = `${name}`;
    const named = this.#entries.filter((entry) => entry.name === wantedName);
    return type === undefined ? named : named.filter((entry) => entry.entryType === `${type}`);
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `PerformanceObserverEntryList ${inspect(this.#entries, inner)}`;
  }
}
Object.defineProperties(PerformanceObserverEntryList.prototype, {
  getEntries: kEnumerableProperty,
  getEntriesByType: kEnumerableProperty,
  getEntriesByName: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'PerformanceObserverEntryList' },
});

/** Calls a function with the new entries of the types that it observes. */
class PerformanceObserver {
  #buffer = [];
  #callback;
  #kind;
  #types = new Set();

  constructor(callback) {
    validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  static get supportedEntryTypes() {
    return TYPES;
  }

  /**
   * @param {{ entryTypes?: string[], type?: string, buffered?: boolean }} [options]  `type` adds one, and with
   *   `buffered` the observer is told of its entries of before as well
   */
  observe(options = {}) {
    validateObject(options, 'options');
    const { entryTypes, type, buffered } = { ...options };
    if (entryTypes === undefined && type === undefined) {
      throw new ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    }
    if (entryTypes != null && type != null) {
      throw new ERR_INVALID_ARG_VALUE('options.entryTypes', entryTypes,
        'options.entryTypes can not set with options.type together');
    }
    this.#setKind(entryTypes === undefined ? 'single' : 'multiple');
    if (this.#kind === 'multiple') {
      if (!Array.isArray(entryTypes)) {
        throw new ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
      }
      this.#replaceTypes(entryTypes.filter((name) => TYPES.includes(name)));
    } else if (TYPES.includes(type)) {
      this.#addType(type);
      if (buffered) this.#buffer.push(...findEntries(type));
      if (this.#buffer.length > 0) schedule(this);
    }
    if (this.#types.size > 0) observers.add(this);
    else this.disconnect();
  }

  #setKind(kind) {
    this.#kind ??= kind;
    if (this.#kind === kind) return;
    const { DOMException } = require('web/dom_exception');
    const known = this.#kind === 'multiple' ? 'multiple observations' : 'single observation';
    throw new DOMException(`PerformanceObserver can not change to ${known}`, 'InvalidModificationError');
  }

  #replaceTypes(types) {
    this.#forgetTypes();
    for (const type of types) this.#addType(type);
  }

  #addType(type) {
    if (this.#types.has(type)) return;
    this.#types.add(type);
    count(type, 1);
  }

  #forgetTypes() {
    for (const type of this.#types) count(type, -1);
    this.#types.clear();
  }

  /** Ends the observation. */
  disconnect() {
    observers.delete(this);
    pending.delete(this);
    this.#buffer = [];
    this.#forgetTypes();
    this.#kind = undefined;
  }

  /** @returns {PerformanceEntry[]} those that the function has not been told of */
  takeRecords() {
    const entries = this.#buffer;
    this.#buffer = [];
    return entries;
  }

  static {
    offer = (observer, entry) => {
      if (!observer.#types.has(entry.entryType)) return;
      observer.#buffer.push(entry);
      schedule(observer);
    };
    tell = (observer) => {
      const entries = observer.takeRecords();
      if (entries.length === 0) return;
      Reflect.apply(observer.#callback, observer, [new PerformanceObserverEntryList(kCreate, entries), observer]);
    };
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    const shown = {
      connected: observers.has(this),
      pending: pending.has(this),
      entryTypes: [...this.#types],
      buffer: this.#buffer,
    };
    return `PerformanceObserver ${inspect(shown, inner)}`;
  }
}
Object.defineProperties(PerformanceObserver.prototype, {
  observe: kEnumerableProperty,
  disconnect: kEnumerableProperty,
  takeRecords: kEnumerableProperty,
  [Symbol.toStringTag]: { configurable: true, value: 'PerformanceObserver' },
});

function schedule(observer) {
  pending.add(observer);
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    const told = pending;
    pending = new Set();
    for (const each of told) tell(each);
  });
}

function count(type, difference) {
  const before = wanted[type];
  wanted[type] += difference;
  if (type !== 'gc') return;
  if (before === 0) binding.observeCollections(tellOfCollections);
  else if (wanted.gc === 0) binding.observeCollections();
}

/** Receives four numbers for each collection of garbage: see `binding.observeCollections`. */
function tellOfCollections(numbers) {
  for (let i = 0; i < numbers.length; i += 4) {
    const [kind, flags, start, duration] = numbers.slice(i, i + 4);
    enqueueNodeEntry('gc', 'gc', start, duration, { kind, flags });
  }
}

/** Tells the observers of a new entry. */
function enqueue(entry) {
  for (const observer of observers) offer(observer, entry);
}

/** @returns {boolean} whether entries of a type are observed */
function isObserved(type) {
  return wanted[type] > 0;
}

/** An entry of the runtime itself: of functions, collections, requests. */
class PerformanceNodeEntry extends PerformanceEntry {
  get detail() {
    return this[kDetail];
  }

  toJSON() {
    return { ...super.toJSON(), detail: this[kDetail] };
  }
}

/**
 * Makes an entry of the runtime itself and tells the observers.
 * @param {string} name
 * @param {string} type
 * @param {number} startTime  milliseconds since the runtime began
 * @param {number} duration  milliseconds
 * @param {unknown} detail
 */
function enqueueNodeEntry(name, type, startTime, duration, detail) {
  const entry = new PerformanceNodeEntry(kCreate, name, type, startTime, duration);
  entry[kDetail] = detail;
  // The arguments of a watched function are elements of its entry as well.
  if (type === 'function') Object.assign(entry, detail);
  enqueue(entry);
}

module.exports = { PerformanceObserver, PerformanceObserverEntryList, enqueue, enqueueNodeEntry, isObserved };
