// What the process uses: time, processor, memory.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateArray, validateNumber, validateObject } = require('internal/validators');
const binding = internalBinding('process');

const NANOSECONDS = 1e9;

/** @returns {number} seconds since the process started */
function uptime() {
  return binding.uptime();
}

/**
 * @param {[number, number]} [time]  an earlier result, to be subtracted
 * @returns {[number, number]} seconds and nanoseconds of a monotonic clock
 */
function hrtime(time) {
  const now = binding.hrtime();
  if (time === undefined) return now;
  validateArray(time, 'time');
  if (time.length !== 2) throw new ERR_OUT_OF_RANGE('time', 2, time.length);
  const seconds = now[0] - time[0];
  const nanoseconds = now[1] - time[1];
  return nanoseconds < 0 ? [seconds - 1, nanoseconds + NANOSECONDS] : [seconds, nanoseconds];
}

/** @returns {bigint} nanoseconds of a monotonic clock */
hrtime.bigint = function bigint() {
  return binding.hrtimeBigInt();
};

function validatePrevious(value, name) {
  validateNumber(value, name);
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw new ERR_INVALID_ARG_VALUE.RangeError(name, value);
}

/** Checks what an earlier call is said to have returned. */
function checkPreviousUsage(previous) {
  validateObject(previous, 'prevValue');
  for (const field of ['user', 'system']) {
    if (typeof previous[field] !== 'number') {
      throw new ERR_INVALID_ARG_TYPE(`prevValue.${field}`, 'number', previous[field]);
    }
    validatePrevious(previous[field], `prevValue.${field}`);
  }
}

function usageSince(previous, [user, system]) {
  if (!previous) return { user, system };
  checkPreviousUsage(previous);
  return { user: user - previous.user, system: system - previous.system };
}

/** @returns {{ user: number, system: number }} microseconds, less an earlier result */
function cpuUsage(previous) {
  return usageSince(previous, binding.cpuUsage(false));
}

/** @returns {{ user: number, system: number }} microseconds of this thread, less an earlier result */
function threadCpuUsage(previous) {
  return usageSince(previous, binding.cpuUsage(true));
}

const RESOURCES = [
  'userCPUTime', 'systemCPUTime', 'maxRSS', 'sharedMemorySize', 'unsharedDataSize', 'unsharedStackSize',
  'minorPageFault', 'majorPageFault', 'swappedOut', 'fsRead', 'fsWrite', 'ipcSent', 'ipcReceived',
  'signalsCount', 'voluntaryContextSwitches', 'involuntaryContextSwitches',
];

/** @returns {object} the sixteen counters of getrusage */
function resourceUsage() {
  const values = binding.resourceUsage();
  return Object.fromEntries(RESOURCES.map((name, i) => [name, values[i]]));
}

/** @returns {object} bytes: rss, heapTotal, heapUsed, external, arrayBuffers */
function memoryUsage() {
  const [rss, heapTotal, heapUsed, external, arrayBuffers] = binding.memoryUsage();
  return { rss, heapTotal, heapUsed, external, arrayBuffers };
}

/** @returns {number} the resident memory in bytes */
memoryUsage.rss = function rss() {
  return binding.residentMemory();
};

function constrainedMemory() {
  return binding.constrainedMemory();
}

function availableMemory() {
  return binding.availableMemory();
}

module.exports = {
  availableMemory,
  constrainedMemory,
  cpuUsage,
  hrtime,
  memoryUsage,
  resourceUsage,
  threadCpuUsage,
  uptime,
};
