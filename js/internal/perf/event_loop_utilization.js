// `performance.eventLoopUtilization`: how much of its time the event loop has been busy.
'use strict';

const { now } = require('internal/perf/utils');
const { stageTime } = require('internal/perf/node_timing');

const binding = internalBinding('perf_hooks');

function utilizationOf(idle, active) {
  return { idle, active, utilization: active / (idle + active) };
}

/**
 * @typedef {{ idle: number, active: number, utilization: number }} Utilization times in milliseconds
 * @param {Utilization} [utilization1] an earlier result, from which on it is counted
 * @param {Utilization} [utilization2] a result before that; then the time between the two counts
 * @returns {Utilization} zeros before the event loop has begun
 */
function eventLoopUtilization(utilization1, utilization2) {
  const loopStart = stageTime('loopStart');
  if (loopStart <= 0) return { idle: 0, active: 0, utilization: 0 };
  if (utilization2) {
    return utilizationOf(utilization1.idle - utilization2.idle, utilization1.active - utilization2.active);
  }
  const idle = binding.loopIdleTime();
  return utilization(now() - loopStart, idle, utilization1);
}

/**
 * @param {number} alive  for how long an event loop has run, in milliseconds
 * @param {number} idle  how long it has waited
 * @param {Utilization} [utilization1]
 * @param {Utilization} [utilization2]
 * @returns {Utilization}
 */
function utilization(alive, idle, utilization1, utilization2) {
  if (utilization2) {
    return utilizationOf(utilization1.idle - utilization2.idle, utilization1.active - utilization2.active);
  }
  const active = alive - idle;
  if (!utilization1) return utilizationOf(idle, active);
  return utilizationOf(idle - utilization1.idle, active - utilization1.active);
}

module.exports = { eventLoopUtilization, utilization };
