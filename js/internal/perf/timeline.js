// The performance timeline: the entries that `performance.getEntries()` returns.
'use strict';

/** Beyond so many entries of a type it is likely that nobody ever clears them. */
const kManyEntries = 1e6;

/** Entries by their type, in the order of their creation. */
const entriesByType = { __proto__: null, mark: [], measure: [] };
const clearMethods = { mark: 'performance.clearMarks', measure: 'performance.clearMeasures' };
const warned = new Set();

function warnOfMany(type, count) {
  if (warned.has(type)) return;
  warned.add(type);
  const warning = new Error(
    `Possible perf_hooks memory leak detected. ${count} ${type} entries added to the global ` +
    `performance entry buffer. Use ${clearMethods[type]} to clear the buffer.`);
  warning.name = 'MaxPerformanceEntryBufferExceededWarning';
  warning.entryType = type;
  warning.count = count;
  process.emitWarning(warning);
}

/** How many entries of fetched resources are kept until the program has cleared some. */
let maxResources = 250;
let resources = [];
let waitingResources = [];
let isFullPending = false;

/**
 * @param {PerformanceResourceTiming} entry
 * @param {() => void} onFull  tells the program that no more are kept
 */
function addResource(entry, onFull) {
  if (resources.length < maxResources && !isFullPending) {
    resources.push(entry);
    return;
  }
  waitingResources.push(entry);
  if (isFullPending) return;
  isFullPending = true;
  setImmediate(() => {
    while (waitingResources.length > 0) {
      const before = waitingResources.length;
      onFull();
      while (waitingResources.length > 0 && resources.length < maxResources) resources.push(waitingResources.shift());
      if (waitingResources.length >= before) waitingResources = [];
    }
    isFullPending = false;
  });
}

function clearResources() {
  resources = [];
}

function setMaxResources(max) {
  maxResources = max;
}

/** @param {PerformanceEntry} entry a mark or a measure */
function addEntry(entry) {
  const type = entry.entryType;
  const entries = entriesByType[type];
  entries.push(entry);
  if (entries.length > kManyEntries) warnOfMany(type, entries.length);
}

/**
 * @param {string} [type] by default all types
 * @param {string} [name] by default all names
 * @returns {PerformanceEntry[]} in the order of their start
 */
function findEntries(type, name) {
  let entries;
  if (type === undefined) {
    entries = entriesByType.mark.concat(entriesByType.measure, resources);
  } else if (type === 'resource') {
    entries = resources.slice();
  } else {
    entries = entriesByType[type]?.slice() ?? [];
  }
  if (name !== undefined) entries = entries.filter((entry) => entry.name === name);
  return entries.sort((first, second) => first.startTime - second.startTime);
}

/**
 * @param {'mark' | 'measure'} type
 * @param {string} [name] by default all names
 */
function clearEntries(type, name) {
  const entries = entriesByType[type];
  entriesByType[type] = name === undefined ? [] : entries.filter((entry) => entry.name !== name);
}

module.exports = { addEntry, addResource, clearEntries, clearResources, findEntries, setMaxResources };
