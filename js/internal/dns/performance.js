// What the performance timeline is told of name resolution, while somebody observes it.
'use strict';

/** On a request: when it began and what is to be told of it. */
const kPerformance = Symbol('kPerformance');

/** @returns {number} the time of the performance timeline */
function now() {
  return require('internal/perf/utils').now();
}

/**
 * @param {string} name  of what was done
 * @param {number} start  when it began
 * @param {object} detail
 */
function report(name, start, detail) {
  require('internal/perf/observe').enqueueNodeEntry(name, 'dns', start, now() - start, detail);
}

module.exports = { kPerformance, now, report };
