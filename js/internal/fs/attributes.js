// Access rights, owners and times of files: `access`, `exists`, `chmod`, `chown`, `utimes` and their kin.
'use strict';

const { checkedFd, toCallback, toModeBits, toPath, toUnixTimestamp } = require('internal/fs/arguments');
const { kCustomPromisifiedSymbol } = require('internal/util');
const { parseFileMode, validateInteger } = require('internal/validators');

const binding = internalBinding('fs');

/** The largest user or group id; -1 leaves one as it is. */
const kMaxId = 2 ** 32 - 1;

function validateIds(uid, gid) {
  validateInteger(uid, 'uid', -1, kMaxId);
  validateInteger(gid, 'gid', -1, kMaxId);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} [mode] `R_OK`, `W_OK` and `X_OK`; `F_OK` by default
 */
function accessSync(path, mode) {
  binding.accessSync(toPath(path), toModeBits(mode));
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} [mode]
 * @param {(error: Error | null) => void} callback
 */
function access(path, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = 0;
  }
  path = toPath(path);
  toCallback(callback);
  binding.access(path, toModeBits(mode), callback);
}

/**
 * @param {string | Buffer | URL} path
 * @returns {boolean} false also for what is no path
 */
function existsSync(path) {
  if (typeof path === 'string' && !path.includes('\u0000')) return binding.exists(path);
  try {
    path = toPath(path);
  } catch {
    return false;
  }
  return binding.exists(path);
}

/**
 * @param {string | Buffer | URL} path
 * @param {(exists: boolean) => void} callback called at once with false for what is no path
 */
function exists(path, callback) {
  toCallback(callback);
  try {
    path = toPath(path);
  } catch {
    callback(false);
    return;
  }
  binding.access(path, 0, (error) => callback(!error));
}

Object.defineProperty(exists, kCustomPromisifiedSymbol, {
  value: function exists(path) {
    return new Promise((resolve) => module.exports.exists(path, resolve));
  },
});

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} mode
 */
function chmodSync(path, mode) {
  path = toPath(path);
  binding.chmodSync(path, parseFileMode(mode, 'mode'));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} mode
 * @param {(error: Error | null) => void} callback
 */
function chmod(path, mode, callback) {
  path = toPath(path);
  mode = parseFileMode(mode, 'mode');
  binding.chmod(path, mode, toCallback(callback));
}

/**
 * @param {number} fd
 * @param {string | number} mode
 */
function fchmodSync(fd, mode) {
  mode = parseFileMode(mode, 'mode');
  binding.fchmodSync(checkedFd(fd), mode);
}

/**
 * @param {number} fd
 * @param {string | number} mode
 * @param {(error: Error | null) => void} callback
 */
function fchmod(fd, mode, callback) {
  mode = parseFileMode(mode, 'mode');
  toCallback(callback);
  binding.fchmod(checkedFd(fd), mode, callback);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} uid -1 leaves the owner as it is
 * @param {number} gid -1 leaves the group as it is
 */
function chownSync(path, uid, gid) {
  path = toPath(path);
  validateIds(uid, gid);
  binding.chownSync(path, uid, gid);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} uid
 * @param {number} gid
 * @param {(error: Error | null) => void} callback
 */
function chown(path, uid, gid, callback) {
  toCallback(callback);
  path = toPath(path);
  validateIds(uid, gid);
  binding.chown(path, uid, gid, callback);
}

/**
 * As `chownSync`, of a symbolic link itself.
 * @param {string | Buffer | URL} path
 * @param {number} uid
 * @param {number} gid
 */
function lchownSync(path, uid, gid) {
  path = toPath(path);
  validateIds(uid, gid);
  binding.lchownSync(path, uid, gid);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} uid
 * @param {number} gid
 * @param {(error: Error | null) => void} callback
 */
function lchown(path, uid, gid, callback) {
  toCallback(callback);
  path = toPath(path);
  validateIds(uid, gid);
  binding.lchown(path, uid, gid, callback);
}

/**
 * @param {number} fd
 * @param {number} uid
 * @param {number} gid
 */
function fchownSync(fd, uid, gid) {
  validateIds(uid, gid);
  binding.fchownSync(checkedFd(fd), uid, gid);
}

/**
 * @param {number} fd
 * @param {number} uid
 * @param {number} gid
 * @param {(error: Error | null) => void} callback
 */
function fchown(fd, uid, gid, callback) {
  validateIds(uid, gid);
  toCallback(callback);
  binding.fchown(checkedFd(fd), uid, gid, callback);
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 */
function utimesSync(path, atime, mtime) {
  path = toPath(path);
  binding.utimesSync(path, toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 * @param {(error: Error | null) => void} callback
 */
function utimes(path, atime, mtime, callback) {
  toCallback(callback);
  path = toPath(path);
  binding.utimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

/**
 * @param {number} fd
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 */
function futimesSync(fd, atime, mtime) {
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  binding.futimesSync(checkedFd(fd), atime, mtime);
}

/**
 * @param {number} fd
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 * @param {(error: Error | null) => void} callback
 */
function futimes(fd, atime, mtime, callback) {
  atime = toUnixTimestamp(atime, 'atime');
  mtime = toUnixTimestamp(mtime, 'mtime');
  toCallback(callback);
  binding.futimes(checkedFd(fd), atime, mtime, callback);
}

/**
 * As `utimesSync`, of a symbolic link itself.
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 */
function lutimesSync(path, atime, mtime) {
  path = toPath(path);
  binding.lutimesSync(path, toUnixTimestamp(atime), toUnixTimestamp(mtime));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 * @param {(error: Error | null) => void} callback
 */
function lutimes(path, atime, mtime, callback) {
  toCallback(callback);
  path = toPath(path);
  binding.lutimes(path, toUnixTimestamp(atime), toUnixTimestamp(mtime), callback);
}

module.exports = {
  access,
  accessSync,
  chmod,
  chmodSync,
  chown,
  chownSync,
  exists,
  existsSync,
  fchmod,
  fchmodSync,
  fchown,
  fchownSync,
  futimes,
  futimesSync,
  kMaxId,
  lchown,
  lchownSync,
  lutimes,
  lutimesSync,
  utimes,
  utimesSync,
};
