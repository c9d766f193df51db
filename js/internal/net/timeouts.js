// The idle timeouts of sockets: `setTimeout` of sockets, sessions and their like.
'use strict';

const { codes: { ERR_OUT_OF_RANGE } } = require('internal/errors');
const { validateFunction, validateNumber } = require('internal/validators');
const { TIMEOUT_MAX, Timeout, clearTimeout, insert } = require('internal/timers');

/** On a socket: its timer, or null. */
const kTimeout = Symbol('timeout');

/**
 * @param {number} msecs
 * @param {string} name of the argument
 * @returns {number} what timers can wait
 * @throws {ERR_INVALID_ARG_TYPE | ERR_OUT_OF_RANGE}
 */
function checkDuration(msecs, name) {
  validateNumber(msecs, name);
  if (msecs < 0 || !Number.isFinite(msecs)) {
    throw new ERR_OUT_OF_RANGE(name, 'a non-negative finite number', msecs);
  }
  if (msecs > TIMEOUT_MAX) {
    process.emitWarning(`${msecs} does not fit into a 32-bit signed integer.` +
      `\nTimer duration was truncated to ${TIMEOUT_MAX}.`, 'TimeoutOverflowWarning');
    return TIMEOUT_MAX;
  }
  return msecs;
}

/**
 * A timer that does not keep the event loop alive.
 * @param {Function} callback
 * @param {number} msecs
 * @returns {Timeout}
 */
function setUnrefTimeout(callback, msecs) {
  const timer = new Timeout(callback, msecs, undefined, false, false);
  insert(timer, timer._idleTimeout);
  return timer;
}

/**
 * The method `setTimeout` of a stream: has `_onTimeout` called when nothing has happened for a while.
 * @param {number} msecs  0 ends it
 * @param {Function} [callback]  for the event 'timeout'
 */
function setStreamTimeout(msecs, callback) {
  if (this.destroyed) return this;
  this.timeout = msecs;
  msecs = checkDuration(msecs, 'msecs');
  if (this[kTimeout]) clearTimeout(this[kTimeout]);
  this[kTimeout] = null;
  if (msecs === 0) {
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.removeListener('timeout', callback);
    }
  } else {
    this[kTimeout] = setUnrefTimeout(this._onTimeout.bind(this), msecs);
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      this.once('timeout', callback);
    }
  }
  return this;
}

module.exports = { checkDuration, kTimeout, setStreamTimeout, setUnrefTimeout };
