// The functions of `fs.promises` that take a file by its path: rights, owners, times, links, `stat`.
'use strict';

const {
  decodeName,
  needsBytes,
  toModeBits,
  toOptions,
  toPath,
  toUnixTimestamp,
} = require('internal/fs/arguments');
const { kMaxId } = require('internal/fs/attributes');
const { traced } = require('internal/fs/promised');
const { throwIfAborted } = require('internal/fs/promises/aborts');
const { statFsFromValues, statsReceiver } = require('internal/fs/stats');
const { codes: { ERR_METHOD_NOT_IMPLEMENTED } } = require('internal/errors');
const { parseFileMode, validateInteger, validateObject, validateOneOf } = require('internal/validators');

const binding = internalBinding('fs');

const kNoOptions = {};
const kStatDefaults = { bigint: false };
const kLinkTypes = ['dir', 'file', 'junction', null, undefined];

/**
 * @param {string | Buffer | URL} path
 * @param {number} [mode] `R_OK`, `W_OK` and `X_OK`; `F_OK` by default
 * @returns {Promise<void>}
 */
async function access(path, mode = 0) {
  path = toPath(path);
  const bits = toModeBits(mode);
  return await traced((done) => binding.access(path, bits, done));
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {number} [mode] `COPYFILE_EXCL` and its like
 * @returns {Promise<void>}
 */
async function copyFile(src, dest, mode) {
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  const bits = toModeBits(mode);
  return await traced((done) => binding.copyFile(src, dest, bits, done));
}

/**
 * @param {string | Buffer | URL} oldPath
 * @param {string | Buffer | URL} newPath
 * @returns {Promise<void>}
 */
async function rename(oldPath, newPath) {
  oldPath = toPath(oldPath, 'oldPath');
  newPath = toPath(newPath, 'newPath');
  return await traced((done) => binding.rename(oldPath, newPath, done));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @returns {Promise<string | Buffer>}
 */
async function readlink(path, options) {
  const { encoding } = toOptions(options, kNoOptions);
  path = toPath(path, 'oldPath');
  return decodeName(await traced((done) => binding.readlink(path, needsBytes(encoding), done)), encoding);
}

/**
 * @param {string | Buffer | URL} target
 * @param {string | Buffer | URL} path of the new link
 * @param {'dir' | 'file' | 'junction' | null} [type] without effect on this platform
 * @returns {Promise<void>}
 */
async function symlink(target, path, type) {
  validateOneOf(type, 'type', kLinkTypes);
  target = toPath(target, 'target');
  path = toPath(path);
  return await traced((done) => binding.symlink(target, path, done));
}

/**
 * @param {string | Buffer | URL} existingPath
 * @param {string | Buffer | URL} newPath
 * @returns {Promise<void>}
 */
async function link(existingPath, newPath) {
  existingPath = toPath(existingPath, 'existingPath');
  newPath = toPath(newPath, 'newPath');
  return await traced((done) => binding.link(existingPath, newPath, done));
}

/**
 * @param {string | Buffer | URL} path
 * @returns {Promise<void>}
 */
async function unlink(path) {
  path = toPath(path);
  return await traced((done) => binding.unlink(path, done));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @returns {Promise<string | Buffer>} the absolute path without symbolic links, as the system finds it
 */
async function realpath(path, options) {
  const { encoding } = toOptions(options, kNoOptions);
  path = toPath(path);
  return decodeName(await traced((done) => binding.realpath(path, needsBytes(encoding), done)), encoding);
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<Stats | BigIntStats>} of a symbolic link itself
 */
async function lstat(path, options = kStatDefaults) {
  validateObject(options, 'options');
  throwIfAborted(options.signal);
  path = toPath(path);
  return await traced((done) => binding.lstat(path, Boolean(options.bigint), statsReceiver(done)));
}

function isMissing({ code }) {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean, throwIfNoEntry?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<Stats | BigIntStats | undefined>} undefined where nothing is there and that is no error
 */
async function stat(path, options = kStatDefaults) {
  validateObject(options, 'options');
  throwIfAborted(options.signal);
  path = toPath(path);
  try {
    return await traced((done) => binding.stat(path, Boolean(options.bigint), statsReceiver(done)));
  } catch (error) {
    if (options.throwIfNoEntry === false && isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ bigint?: boolean }} [options]
 * @returns {Promise<StatFs>}
 */
async function statfs(path, options = kStatDefaults) {
  path = toPath(path);
  return statFsFromValues(await traced((done) => binding.statfs(path, Boolean(options.bigint), done)));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number} mode
 * @returns {Promise<void>}
 */
async function chmod(path, mode) {
  path = toPath(path);
  mode = parseFileMode(mode, 'mode');
  return await traced((done) => binding.chmod(path, mode, done));
}

/** Linux has no mode of a symbolic link that could be changed. */
async function lchmod(path, mode) {
  throw new ERR_METHOD_NOT_IMPLEMENTED('lchmod()');
}

/**
 * @param {string | Buffer | URL} path of what may be a symbolic link
 * @param {number} uid -1 leaves the owner as it is
 * @param {number} gid -1 leaves the group as it is
 * @returns {Promise<void>}
 */
async function lchown(path, uid, gid) {
  path = toPath(path);
  validateInteger(uid, 'uid', -1, kMaxId);
  validateInteger(gid, 'gid', -1, kMaxId);
  return await traced((done) => binding.lchown(path, uid, gid, done));
}

/**
 * @param {string | Buffer | URL} path
 * @param {number} uid -1 leaves the owner as it is
 * @param {number} gid -1 leaves the group as it is
 * @returns {Promise<void>}
 */
async function chown(path, uid, gid) {
  path = toPath(path);
  validateInteger(uid, 'uid', -1, kMaxId);
  validateInteger(gid, 'gid', -1, kMaxId);
  return await traced((done) => binding.chown(path, uid, gid, done));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 * @returns {Promise<void>}
 */
async function utimes(path, atime, mtime) {
  path = toPath(path);
  atime = toUnixTimestamp(atime);
  mtime = toUnixTimestamp(mtime);
  return await traced((done) => binding.utimes(path, atime, mtime, done));
}

/**
 * As `utimes`, of a symbolic link itself.
 * @param {string | Buffer | URL} path
 * @param {string | number | Date} atime
 * @param {string | number | Date} mtime
 * @returns {Promise<void>}
 */
async function lutimes(path, atime, mtime) {
  path = toPath(path);
  atime = toUnixTimestamp(atime);
  mtime = toUnixTimestamp(mtime);
  return await traced((done) => binding.lutimes(path, atime, mtime, done));
}

module.exports = {
  access,
  chmod,
  chown,
  copyFile,
  lchmod,
  lchown,
  link,
  lstat,
  lutimes,
  readlink,
  realpath,
  rename,
  stat,
  statfs,
  symlink,
  unlink,
  utimes,
};
