// The functions of `fs.promises` about directories and whole trees of them.
'use strict';

const { decodeName, needsBytes, toOptions, toPath } = require('internal/fs/arguments');
const {
  checkRmdirOptions,
  mkdirOptions,
  readdirResult,
} = require('internal/fs/directories');
const { promised, traced } = require('internal/fs/promised');
const { promisify } = require('internal/util');

const binding = internalBinding('fs');

const kNoOptions = {};

/**
 * @param {string | Buffer | URL} path
 * @param {number | string | { recursive?: boolean, mode?: number | string }} [options]
 * @returns {Promise<string | undefined>} with `recursive`, the first directory that was made
 */
async function mkdir(path, options) {
  path = toPath(path);
  const { mode, recursive } = mkdirOptions(options, 'mode');
  return await traced((done) => binding.mkdir(path, mode, recursive, done));
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, recursive?: boolean, withFileTypes?: boolean }} [options]
 * @returns {Promise<(string | Buffer)[] | Dirent[]>} sorted by the bytes of the names
 */
async function readdir(path, options) {
  options = toOptions(options, kNoOptions);
  path = toPath(path);
  const { encoding, recursive, withFileTypes } = options;
  const asBytes = needsBytes(encoding);
  const result = await traced((done) => {
    binding.readdir(path, asBytes, Boolean(withFileTypes), Boolean(recursive), done);
  });
  return readdirResult(path, options, result);
}

/**
 * @param {string | Buffer | URL} path
 * @param {object} [options]
 * @returns {Promise<void>}
 */
async function rmdir(path, options) {
  path = toPath(path);
  checkRmdirOptions(options);
  return await traced((done) => binding.rmdir(path, done));
}

/**
 * @param {string | Buffer | URL} prefix six random characters are appended
 * @param {string | { encoding?: string }} [options]
 * @returns {Promise<string | Buffer>} the path of the new directory
 */
async function mkdtemp(prefix, options) {
  const { encoding } = toOptions(options, kNoOptions);
  prefix = toPath(prefix, 'prefix');
  return decodeName(await traced((done) => binding.mkdtemp(prefix, needsBytes(encoding), done)), encoding);
}

/**
 * As `mkdtemp`; the directory is removed when the result is disposed of.
 * @param {string | Buffer | URL} prefix
 * @param {string | { encoding?: string }} [options]
 * @returns {Promise<{ path: string, remove: () => Promise<void>,
 *   [Symbol.asyncDispose]: () => Promise<void> }>}
 */
async function mkdtempDisposable(prefix, options) {
  const cwd = process.cwd();
  const path = await mkdtemp(prefix, options);
  // Kept absolute, so that a later change of the working directory does not matter.
  const fullPath = require('path').resolve(cwd, path);
  async function remove() {
    await rm(fullPath, { maxRetries: 0, recursive: true, force: true, retryDelay: 0 });
  }
  return {
    __proto__: null,
    path,
    remove,
    async [Symbol.asyncDispose]() {
      await remove();
    },
  };
}

/**
 * @param {string | Buffer | URL} path
 * @param {{ force?: boolean, recursive?: boolean, maxRetries?: number, retryDelay?: number }} [options]
 * @returns {Promise<void>}
 */
async function rm(path, options) {
  await promised((done) => require('fs').rm(path, options, done));
}

/**
 * @param {string | Buffer | URL} src
 * @param {string | Buffer | URL} dest
 * @param {object} [options] those of `cpSync`; the filter may also return a promise
 * @returns {Promise<void>}
 */
async function cp(src, dest, options) {
  const { copyLater, copyOptions, toText } = require('internal/fs/cp');
  options = copyOptions(options);
  src = toText(toPath(src, 'src'));
  dest = toText(toPath(dest, 'dest'));
  return await copyLater(src, dest, options);
}

/**
 * @param {string | Buffer | URL} path
 * @param {string | { encoding?: string, bufferSize?: number, recursive?: boolean }} [options]
 * @returns {Promise<Dir>}
 */
const opendir = promisify(require('internal/fs/dir').opendir);

module.exports = { cp, mkdir, mkdtemp, mkdtempDisposable, opendir, readdir, rm, rmdir };
