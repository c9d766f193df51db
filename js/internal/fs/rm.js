// `rm` and `rmSync`: files and whole directory trees.
'use strict';

const { toPath } = require('internal/fs/arguments');
const { SystemError, hideFrame } = require('internal/errors');
const { validateBoolean, validateInt32, validateObject, validateUint32 } = require('internal/validators');

const binding = internalBinding('fs');

const kDefaults = { recursive: false, force: false, retryDelay: 100, maxRetries: 0 };
const { EISDIR } = internalBinding('constants').os.errno;

function rmOptions(options) {
  if (options === undefined) return kDefaults;
  validateObject(options, 'options');
  options = { ...kDefaults, ...options };
  validateBoolean(options.force, 'options.force');
  validateBoolean(options.recursive, 'options.recursive');
  validateInt32(options.retryDelay, 'options.retryDelay', 0);
  validateUint32(options.maxRetries, 'options.maxRetries');
  return options;
}

function isDirectoryError(path) {
  const error = new SystemError('Path is a directory', {
    code: 'EISDIR',
    message: 'is a directory',
    path,
    syscall: 'rm',
    errno: EISDIR,
  });
  error.code = 'ERR_FS_EISDIR';
  return hideFrame(error, isDirectoryError);
}

/** A failed removal as `rmSync` words it: about the whole tree, in the system's own words. */
function rmSyncError({ code, errno }, path) {
  const error = new Error(`${code}, ${binding.describeError(errno)}: '${path}'`);
  error.errno = -errno;
  error.code = code;
  error.path = path.toString();
  error.syscall = 'rm';
  return hideFrame(error, rmSync);
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ force?: boolean, recursive?: boolean, maxRetries?: number, retryDelay?: number }} [options]
 *   `force`: nothing to remove is no error; `retryDelay` in milliseconds
 */
function rmSync(path, options) {
  const { force, maxRetries, recursive, retryDelay } = rmOptions(options);
  path = toPath(path);
  let isDirectory;
  try {
    isDirectory = binding.rmSync(path, force, recursive, maxRetries, retryDelay);
  } catch (error) {
    if (error.code === 'ERR_ACCESS_DENIED') throw error;
    // As in Node, only here: a file on the way to a tree is as good as no tree.
    if (error.code === 'ENOTDIR' && error.syscall === 'lstat' && force && recursive) return;
    throw error.syscall === 'lstat' ? hideFrame(error, rmSync) : rmSyncError(error, path);
  }
  if (isDirectory) throw isDirectoryError(path);
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ force?: boolean, recursive?: boolean, maxRetries?: number, retryDelay?: number }} [options]
 * @param {(error: Error | null) => void} callback
 */
function rm(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  path = toPath(path);
  const { force, maxRetries, recursive, retryDelay } = rmOptions(options);
  binding.rm(path, force, recursive, maxRetries, retryDelay, function finish(error, isDirectory) {
    if (error) callback(error);
    else callback(isDirectory ? hideFrame(isDirectoryError(path), finish) : null);
  });
}

module.exports = { rm, rmSync };
