// `stat`, `lstat`, `fstat` and `statfs`.
'use strict';

const { checkedFd, toCallback, toOptions, toPath } = require('internal/fs/arguments');
const { kStatsLength, statFsFromValues, statsFromValues, statsReceiver } = require('internal/fs/stats');

const binding = internalBinding('fs');

const kDefaults = { bigint: false };

/** The arrays that the native half fills for the synchronous functions, made when first needed. */
let numbers;
let bigints;

function arrayFor(bigint) {
  if (bigint) return bigints ??= new BigInt64Array(kStatsLength);
  return numbers ??= new Float64Array(kStatsLength);
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, throwIfNoEntry?: boolean }} [options]
 * @returns {Stats | BigIntStats | undefined} undefined where nothing is there and that is no error
 */
function statSync(path, options = kDefaults) {
  const values = arrayFor(options.bigint);
  if (!binding.statInto(toPath(path), values, options.throwIfNoEntry !== false)) return undefined;
  return statsFromValues(values);
}

/**
 * As `statSync`, of a symbolic link itself.
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, throwIfNoEntry?: boolean }} [options]
 * @returns {Stats | BigIntStats | undefined}
 */
function lstatSync(path, options = kDefaults) {
  const values = arrayFor(options.bigint);
  if (!binding.lstatInto(toPath(path), values, options.throwIfNoEntry !== false)) return undefined;
  return statsFromValues(values);
}

/**
 * @param {number} fd
 * @param {{ bigint?: boolean }} [options]
 * @returns {Stats | BigIntStats}
 */
function fstatSync(fd, options = kDefaults) {
  const values = arrayFor(options.bigint);
  binding.fstatInto(checkedFd(fd), values);
  return statsFromValues(values);
}

function abortError(signal) {
  const { AbortError } = require('internal/errors');
  return new AbortError(undefined, { cause: signal.reason });
}

/**
 * Lets a signal end the wait for an answer: the callback is then called at once, with an `AbortError`.
 * @param {AbortSignal} signal
 * @param {(error: Error | null, value?: unknown) => void} callback
 * @returns {(error: Error | null, value?: unknown) => void}
 */
function abortable(signal, callback) {
  let waiting = true;
  function onAbort() {
    waiting = false;
    callback(abortError(signal));
  }
  signal.addEventListener('abort', onAbort, { once: true });
  return (error, value) => {
    if (!waiting) return;
    signal.removeEventListener('abort', onAbort);
    if (error) callback(error);
    else callback(null, value);
  };
}

/** Whether a signal has been aborted already; the callback is then called. */
function isAborted(signal, callback) {
  if (!signal?.aborted) return false;
  callback(abortError(signal));
  return true;
}

/** The callback of the native half for one of the program's, which a signal may call earlier. */
function receiverFor(callback, signal) {
  const receive = statsReceiver(callback);
  return signal === undefined ? receive : abortable(signal, receive);
}

function isMissing(error) {
  return error !== null && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, throwIfNoEntry?: boolean, signal?: AbortSignal }} [options]
 * @param {(error: Error | null, stats?: Stats | BigIntStats) => void} callback
 */
function stat(path, options = kDefaults, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kDefaults;
  } else if (typeof options === 'object') {
    options = toOptions(options, kDefaults);
  }
  toCallback(callback);
  path = toPath(path);
  if (isAborted(options.signal, callback)) return;
  const receiver = receiverFor(callback, options.signal);
  if (options.throwIfNoEntry !== false) {
    binding.stat(path, Boolean(options.bigint), receiver);
    return;
  }
  binding.stat(path, Boolean(options.bigint), (error, values) => {
    if (isMissing(error)) callback(null, undefined);
    else receiver(error, values);
  });
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, signal?: AbortSignal }} [options]
 * @param {(error: Error | null, stats?: Stats | BigIntStats) => void} callback
 */
function lstat(path, options = kDefaults, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kDefaults;
  } else if (typeof options === 'object') {
    options = toOptions(options, kDefaults);
  }
  toCallback(callback);
  path = toPath(path);
  if (isAborted(options.signal, callback)) return;
  binding.lstat(path, Boolean(options.bigint), receiverFor(callback, options.signal));
}

/**
 * @param {number} fd
 * @param {{ bigint?: boolean, signal?: AbortSignal }} [options]
 * @param {(error: Error | null, stats?: Stats | BigIntStats) => void} callback
 */
function fstat(fd, options = kDefaults, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kDefaults;
  }
  toCallback(callback);
  fd = checkedFd(fd);
  options ??= kDefaults;
  if (options.signal !== undefined) {
    require('internal/validators').validateAbortSignal(options.signal, 'options.signal');
    if (isAborted(options.signal, callback)) return;
  }
  binding.fstat(fd, Boolean(options.bigint), receiverFor(callback, options.signal));
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean }} [options]
 * @returns {StatFs}
 */
function statfsSync(path, options = kDefaults) {
  return statFsFromValues(binding.statfsSync(toPath(path), Boolean(options.bigint)));
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean }} [options]
 * @param {(error: Error | null, stats?: StatFs) => void} callback
 */
function statfs(path, options = kDefaults, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = kDefaults;
  }
  toCallback(callback);
  binding.statfs(toPath(path), Boolean(options.bigint), (error, values) => {
    if (error) callback(error);
    else callback(null, statFsFromValues(values));
  });
}

module.exports = { fstat, fstatSync, lstat, lstatSync, stat, statSync, statfs, statfsSync };
