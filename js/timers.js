// Node's `timers`: functions to be called later.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { Timeout, insert, clearTimeout, setImmediate, clearImmediate } = require('internal/timers');
const customPromisify = Symbol.for('nodejs.util.promisify.custom');

/**
 * @param {Function} callback
 * @param {number} [after]  milliseconds, 1 to 2 ** 31 - 1
 * @param {...any} args
 * @returns {Timeout}
 */
function setTimeout(callback, after, ...args) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  const timeout = new Timeout(callback, after, args.length === 0 ? undefined : args, false, true);
  insert(timeout, timeout._idleTimeout);
  return timeout;
}

/**
 * @param {Function} callback
 * @param {number} [repeat]  milliseconds, 1 to 2 ** 31 - 1
 * @param {...any} args
 * @returns {Timeout}
 */
function setInterval(callback, repeat, ...args) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  const timeout = new Timeout(callback, repeat, args.length === 0 ? undefined : args, true, true);
  insert(timeout, timeout._idleTimeout);
  return timeout;
}

/** Clears what `setInterval` returned. */
function clearInterval(timer) {
  clearTimeout(timer);
}

function promisified(target, name) {
  Object.defineProperty(target, customPromisify, {
    enumerable: true,
    get: () => require('timers/promises')[name],
  });
}
promisified(setTimeout, 'setTimeout');
promisified(setImmediate, 'setImmediate');

module.exports = { setTimeout, clearTimeout, setImmediate, clearImmediate, setInterval, clearInterval };

Object.defineProperty(module.exports, 'promises', {
  configurable: true,
  enumerable: true,
  get: () => require('timers/promises'),
});
