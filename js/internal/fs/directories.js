// Directories: `mkdir`, `mkdtemp`, `readdir` and `rmdir`.
'use strict';

const { decodeName, needsBytes, toCallback, toOptions, toPath } = require('internal/fs/arguments');
const { listEntries, listEntriesBelow } = require('internal/fs/dirent');
const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { parseFileMode, validateBoolean, validateObject } = require('internal/validators');

const binding = internalBinding('fs');

const kNoOptions = {};
const kDefaultMode = 0o777;

/**
 * The options of `mkdir`, which may be a mode alone.
 * @param {unknown} options
 * @param {string} [modeName] how an error names `options.mode`
 * @returns {{ mode: number, recursive: boolean }}
 */
function mkdirOptions(options, modeName = 'options.mode') {
  let mode = kDefaultMode;
  let recursive = false;
  if (typeof options === 'number' || typeof options === 'string') {
    mode = parseFileMode(options, 'mode');
  } else if (options) {
    if (options.recursive !== undefined) {
      ({ recursive } = options);
      validateBoolean(recursive, 'options.recursive');
    }
    if (options.mode !== undefined) mode = parseFileMode(options.mode, modeName);
  }
  return { mode, recursive };
}

/**
 * @param {string | Buffer | URL} path
 * @param {number | string | { recursive?: boolean, mode?: number | string }} [options]
 * @returns {string | undefined} with `recursive`, the first directory that was made
 */
function mkdirSync(path, options) {
  const { mode, recursive } = mkdirOptions(options);
  return binding.mkdirSync(toPath(path), mode, recursive);
}

/**
 * @param {string | Buffer | URL} path
 * @param {number | string | { recursive?: boolean, mode?: number | string }} [options]
 * @param {(error: Error | null, path?: string) => void} callback
 */
function mkdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  const { mode, recursive } = mkdirOptions(options);
  toCallback(callback);
  binding.mkdir(toPath(path), mode, recursive, callback);
}

/**
 * @param {string | Buffer | URL} prefix six random characters are appended
 * @param {string | { encoding?: string }} [options]
 * @returns {string | Buffer} the path of the new directory
 */
function mkdtempSync(prefix, options) {
  const { encoding } = toOptions(options, kNoOptions);
  return decodeName(binding.mkdtempSync(toPath(prefix, 'prefix'), needsBytes(encoding)), encoding);
}

/**
 * @param {string | Buffer | URL} prefix
 * @param {string | { encoding?: string }} [options]
 * @param {(error: Error | null, path?: string | Buffer) => void} callback
 */
function mkdtemp(prefix, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  const { encoding } = toOptions(options, kNoOptions);
  binding.mkdtemp(toPath(prefix, 'prefix'), needsBytes(encoding), (error, path) => {
    if (error) callback(error);
    else callback(null, decodeName(path, encoding));
  });
}

/**
 * As `mkdtempSync`; the directory is removed when the result is disposed of.
 * @param {string | Buffer | URL} prefix
 * @param {string | { encoding?: string }} [options]
 * @returns {{ path: string, remove: () => void, [Symbol.dispose]: () => void }}
 */
function mkdtempDisposableSync(prefix, options) {
  const path = mkdtempSync(prefix, options);
  // Kept absolute, so that a later change of the working directory does not matter.
  const fullPath = require('path').resolve(process.cwd(), path);
  const remove = () => {
    require('internal/fs/rm').rmSync(fullPath, { recursive: true, force: true });
  };
  return {
    path,
    remove,
    [Symbol.dispose]() {
      remove();
    },
  };
}

function readdirOptions(options) {
  options = toOptions(options, kNoOptions);
  if (options.recursive != null) validateBoolean(options.recursive, 'options.recursive');
  return options;
}

/** What the native half read, in the form that the options ask for. */
function readdirResult(path, options, result) {
  const { encoding, recursive, withFileTypes } = options;
  if (withFileTypes) {
    return (recursive ? listEntriesBelow : listEntries)(path, result[0], result[1], encoding);
  }
  if (!needsBytes(encoding)) return result;
  for (let i = 0; i < result.length; i++) result[i] = decodeName(result[i], encoding);
  return result;
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, recursive?: boolean, withFileTypes?: boolean }} [options]
 * @returns {(string | Buffer)[] | Dirent[]} sorted by the bytes of the names
 */
function readdirSync(path, options) {
  if (options === undefined) return binding.readdirSync(toPath(path), false, false, false);
  options = readdirOptions(options);
  path = toPath(path);
  const { encoding, recursive, withFileTypes } = options;
  const asBytes = needsBytes(encoding);
  const result = binding.readdirSync(path, asBytes, Boolean(withFileTypes), Boolean(recursive));
  return readdirResult(path, options, result);
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, recursive?: boolean, withFileTypes?: boolean }} [options]
 * @param {(error: Error | null, files?: (string | Buffer)[] | Dirent[]) => void} callback
 */
function readdir(path, options, callback) {
  callback = toCallback(typeof options === 'function' ? options : callback);
  options = readdirOptions(options);
  path = toPath(path);
  const { encoding, recursive, withFileTypes } = options;
  const asBytes = needsBytes(encoding);
  binding.readdir(path, asBytes, Boolean(withFileTypes), Boolean(recursive), (error, result) => {
    if (error) callback(error);
    else callback(null, readdirResult(path, options, result));
  });
}

function refuseRecursive(options) {
  if (options?.recursive !== undefined) {
    throw new ERR_INVALID_ARG_VALUE('options.recursive', options.recursive, 'is no longer supported');
  }
}

/**
 * Throws for options of `rmdir` that are none.
 * @param {unknown} options
 */
function checkRmdirOptions(options) {
  refuseRecursive(options);
  if (options !== undefined) validateObject(options, 'options');
}

/**
 * @param {string | Buffer | URL} path
 * @param {object} [options]
 */
function rmdirSync(path, options) {
  path = toPath(path);
  checkRmdirOptions(options);
  binding.rmdirSync(path);
}

/**
 * @param {string | Buffer | URL} path
 * @param {object} [options]
 * @param {(error: Error | null) => void} callback
 */
function rmdir(path, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  refuseRecursive(options);
  toCallback(callback);
  path = toPath(path);
  if (options !== undefined) validateObject(options, 'options');
  binding.rmdir(path, callback);
}

module.exports = {
  checkRmdirOptions,
  mkdir,
  mkdirOptions,
  mkdirSync,
  mkdtemp,
  mkdtempDisposableSync,
  mkdtempSync,
  readdir,
  readdirResult,
  readdirSync,
  rmdir,
  rmdirSync,
};
