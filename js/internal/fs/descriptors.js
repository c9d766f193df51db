// What is done with an open file: opening, closing, flushing to disk and cutting to a length.
'use strict';

const { checkedFd, toCallback, toFlags, toPath } = require('internal/fs/arguments');
const { parseFileMode, validateInteger } = require('internal/validators');

const binding = internalBinding('fs');

const kDefaultMode = 0o666;

/** Notes what a worker's program has open. */
let tracker = null;

/** @param {{ add(fd: number): void, remove(fd: number): void }} value */
function setTracker(value) {
  tracker = value;
}

function addOpened(error, fd, callback) {
  if (error) {
    callback(error);
    return;
  }
  tracker.add(fd);
  callback(null, fd);
}

/** The callback of `close` where none is given: a failure is then thrown from the event loop. */
function throwFailure(error) {
  if (error) throw error;
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} [flags]
 * @param {string | number} [mode] of a file that is created
 * @returns {number} a file descriptor
 */
function openSync(path, flags, mode) {
  const flagNumber = toFlags(flags);
  mode = parseFileMode(mode, 'mode', kDefaultMode);
  const fd = binding.openSync(toPath(path), flagNumber, mode);
  tracker?.add(fd);
  return fd;
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} [flags]
 * @param {string | number} [mode] of a file that is created
 * @param {(error: Error | null, fd?: number) => void} callback
 */
function open(path, flags, mode, callback) {
  if (arguments.length < 3) {
    callback = flags;
    flags = 'r';
    mode = kDefaultMode;
  } else if (typeof mode === 'function') {
    callback = mode;
    mode = kDefaultMode;
  } else {
    mode = parseFileMode(mode, 'mode', kDefaultMode);
  }
  const flagNumber = toFlags(flags);
  path = toPath(path);
  toCallback(callback);
  if (tracker === null) binding.open(path, flagNumber, mode, callback);
  else binding.open(path, flagNumber, mode, (error, fd) => addOpened(error, fd, callback));
}

/** @param {number} fd */
function closeSync(fd) {
  tracker?.remove(checkedFd(fd));
  binding.closeSync(checkedFd(fd));
}

/**
 * @param {number} fd
 * @param {(error: Error | null) => void} [callback]
 */
function close(fd, callback = throwFailure) {
  if (callback !== throwFailure) toCallback(callback);
  tracker?.remove(checkedFd(fd));
  binding.close(checkedFd(fd), callback);
}

/** @param {number} fd */
function fsyncSync(fd) {
  binding.fsyncSync(checkedFd(fd));
}

/**
 * @param {number} fd
 * @param {(error: Error | null) => void} callback
 */
function fsync(fd, callback) {
  toCallback(callback);
  binding.fsync(checkedFd(fd), callback);
}

/** @param {number} fd */
function fdatasyncSync(fd) {
  binding.fdatasyncSync(checkedFd(fd));
}

/**
 * @param {number} fd
 * @param {(error: Error | null) => void} callback
 */
function fdatasync(fd, callback) {
  toCallback(callback);
  binding.fdatasync(checkedFd(fd), callback);
}

/** A length to cut to: negative ones are 0. */
function toLength(len) {
  validateInteger(len, 'len');
  return len < 0 ? 0 : len;
}

/**
 * @param {number} fd
 * @param {number} [len]
 */
function ftruncateSync(fd, len = 0) {
  const length = toLength(len);
  binding.ftruncateSync(checkedFd(fd), length);
}

/**
 * @param {number} fd
 * @param {number} [len]
 * @param {(error: Error | null) => void} callback
 */
function ftruncate(fd, len = 0, callback) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  }
  const length = toLength(len);
  toCallback(callback);
  binding.ftruncate(checkedFd(fd), length, callback);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} [len]
 */
function truncateSync(path, len) {
  const fd = openSync(path, 'r+');
  try {
    ftruncateSync(fd, len);
  } finally {
    closeSync(fd);
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} [len]
 * @param {(error: Error | null) => void} callback
 */
function truncate(path, len, callback) {
  if (typeof len === 'function') {
    callback = len;
    len = 0;
  } else if (len === undefined) {
    len = 0;
  }
  const length = toLength(len);
  toCallback(callback);
  binding.truncate(toPath(path), length, callback);
}

module.exports = {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsync,
  fsyncSync,
  ftruncate,
  ftruncateSync,
  open,
  openSync,
  setTracker,
  truncate,
  truncateSync,
};
