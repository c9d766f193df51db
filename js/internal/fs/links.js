// Names of files: links, real paths, renaming, removing and copying single files.
'use strict';

const {
  decodeName,
  needsBytes,
  toCallback,
  toModeBits,
  toOptions,
  toPath,
} = require('internal/fs/arguments');
const { validateOneOf } = require('internal/validators');

const binding = internalBinding('fs');

const kNoOptions = {};
const kLinkTypes = ['dir', 'file', 'junction', null, undefined];

/**
 * @param {string | Buffer | URL} existingPath
 * @param {string | Buffer | URL} newPath
 */
function linkSync(existingPath, newPath) {
  existingPath = toPath(existingPath, 'existingPath');
  binding.linkSync(existingPath, toPath(newPath, 'newPath'));
}

/**
 * @param {string | Buffer | URL} existingPath
 * @param {string | Buffer | URL} newPath
 * @param {(error: Error | null) => void} callback
 */
function link(existingPath, newPath, callback) {
  toCallback(callback);
  existingPath = toPath(existingPath, 'existingPath');
  binding.link(existingPath, toPath(newPath, 'newPath'), callback);
}

/**
 * @param {string | Buffer | URL} target
 * @param {string | Buffer | URL} path of the new link
 * @param {'dir' | 'file' | 'junction' | null} [type] without effect on this platform
 */
function symlinkSync(target, path, type) {
  validateOneOf(type, 'type', kLinkTypes);
  target = toPath(target, 'target');
  binding.symlinkSync(target, toPath(path));
}

/**
 * @param {string | Buffer | URL} target
 * @param {string | Buffer | URL} path
 * @param {'dir' | 'file' | 'junction' | null} [type]
 * @param {(error: Error | null) => void} callback
 */
function symlink(target, path, type, callback) {
  if (callback === undefined) {
    callback = toCallback(type);
    type = undefined;
  } else {
    validateOneOf(type, 'type', kLinkTypes);
    toCallback(callback);
  }
  target = toPath(target, 'target');
  binding.symlink(target, toPath(path), callback);
}

/** Gives a name that the native half returned to a callback, in the encoding that was asked for. */
function nameReceiver(encoding, callback) {
  return (error, name) => {
    if (error) callback(error);
    else callback(null, decodeName(name, encoding));
  };
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @returns {string | Buffer} what the link contains
 */
function readlinkSync(path, options) {
  const { encoding } = toOptions(options, kNoOptions);
  return decodeName(binding.readlinkSync(toPath(path), needsBytes(encoding)), encoding);
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @param {(error: Error | null, target?: string | Buffer) => void} callback
 */
function readlink(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, kNoOptions);
  binding.readlink(toPath(path), needsBytes(encoding), nameReceiver(encoding, callback));
}

/** The path of `realpath`, which takes whatever becomes text. */
function toAbsolutePath(path) {
  const text = typeof path === 'string' || path?.href ? toPath(path) : `${path}`;
  return require('path').resolve(toPath(text));
}

/**
 * The absolute path of a file without symbolic links.
 *
 * Finds it by looking at each part of the path, so that it also has an answer for what the system itself
 * cannot name, such as an open pipe in `/proc`.
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @returns {string | Buffer}
 */
function realpathSync(path, options) {
  const { encoding } = toOptions(options, kNoOptions);
  return decodeName(binding.followLinks(toAbsolutePath(path), needsBytes(encoding)), encoding);
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @param {(error: Error | null, path?: string | Buffer) => void} callback
 */
function realpath(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, kNoOptions);
  binding.resolveLinks(toAbsolutePath(path), needsBytes(encoding), nameReceiver(encoding, callback));
}

/**
 * `realpathSync` as the system does it.
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @returns {string | Buffer}
 */
realpathSync.native = (path, options) => {
  const { encoding } = toOptions(options, kNoOptions);
  return decodeName(binding.realpathSync(toPath(path), needsBytes(encoding)), encoding);
};

/**
 * `realpath` as the system does it.
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string }} [options]
 * @param {(error: Error | null, path?: string | Buffer) => void} callback
 */
realpath.native = (path, options, callback) => {
  callback = toCallback(callback || options);
  const { encoding } = toOptions(options, kNoOptions);
  binding.realpath(toPath(path), needsBytes(encoding), nameReceiver(encoding, callback));
};

/**
 * @param {string | Buffer | URL} oldPath
 * @param {string | Buffer | URL} newPath
 */
function renameSync(oldPath, newPath) {
  oldPath = toPath(oldPath, 'oldPath');
  binding.renameSync(oldPath, toPath(newPath, 'newPath'));
}

/**
 * @param {string | Buffer | URL} oldPath
 * @param {string | Buffer | URL} newPath
 * @param {(error: Error | null) => void} callback
 */
function rename(oldPath, newPath, callback) {
  toCallback(callback);
  oldPath = toPath(oldPath, 'oldPath');
  binding.rename(oldPath, toPath(newPath, 'newPath'), callback);
}

/** @param {string | Buffer | URL} path */
function unlinkSync(path) {
  binding.unlinkSync(toPath(path));
}

/**
 * @param {string | Buffer | URL} path
 * @param {(error: Error | null) => void} callback
 */
function unlink(path, callback) {
  toCallback(callback);
  binding.unlink(toPath(path), callback);
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {number} [mode] `COPYFILE_EXCL` and its like
 */
function copyFileSync(src, dest, mode) {
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  binding.copyFileSync(src, dest, toModeBits(mode));
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {number} [mode]
 * @param {(error: Error | null) => void} callback
 */
function copyFile(src, dest, mode, callback) {
  if (typeof mode === 'function') {
    callback = mode;
    mode = 0;
  }
  src = toPath(src, 'src');
  dest = toPath(dest, 'dest');
  toCallback(callback);
  binding.copyFile(src, dest, toModeBits(mode), callback);
}

module.exports = {
  copyFile,
  copyFileSync,
  link,
  linkSync,
  readlink,
  readlinkSync,
  realpath,
  realpathSync,
  rename,
  renameSync,
  symlink,
  symlinkSync,
  unlink,
  unlinkSync,
};
