// Node's `fs/promises`: files and directories, by promises. The parts are in `internal/fs/promises/`.
'use strict';

const { constants } = require('internal/fs/arguments');
const { open } = require('internal/fs/file_handle');
const contents = require('internal/fs/promises/contents');
const directories = require('internal/fs/promises/directories');
const paths = require('internal/fs/promises/paths');
const { validateBoolean, validateObject } = require('internal/validators');

/**
 * Finds files by glob patterns.
 * @param {string | string[]} pattern
 * @param {object} [options] see `internal/fs/glob`, which is loaded when it is first used
 */
async function* glob(pattern, options) {
  const { Glob } = require('internal/fs/glob');
  yield* new Glob(pattern, options).glob();
}

/**
 * Watches a file or a directory.
 * @param {string | Buffer | URL} filename
 * @param {{ persistent?: boolean, recursive?: boolean, encoding?: string, signal?: AbortSignal,
 *   maxQueue?: number, overflow?: 'ignore' | 'error', ignore?: unknown }} [options]
 */
async function* _watch(filename, options = {}) {
  validateObject(options, 'options');
  if (options.recursive != null) {
    validateBoolean(options.recursive, 'options.recursive');
    if (options.recursive) {
      const { FSWatcher } = require('internal/fs/recursive_watch');
      const { kFSWatchStart } = require('internal/fs/watchers');
      const watcher = new FSWatcher(options);
      watcher[kFSWatchStart](filename);
      yield* watcher;
      return;
    }
  }
  yield* require('internal/fs/watchers').watch(filename, options);
}

module.exports = {
  access: paths.access,
  copyFile: paths.copyFile,
  cp: directories.cp,
  glob,
  open,
  opendir: directories.opendir,
  rename: paths.rename,
  truncate: contents.truncate,
  rm: directories.rm,
  rmdir: directories.rmdir,
  mkdir: directories.mkdir,
  readdir: directories.readdir,
  readlink: paths.readlink,
  symlink: paths.symlink,
  lstat: paths.lstat,
  stat: paths.stat,
  statfs: paths.statfs,
  link: paths.link,
  unlink: paths.unlink,
  chmod: paths.chmod,
  lchmod: paths.lchmod,
  lchown: paths.lchown,
  chown: paths.chown,
  utimes: paths.utimes,
  lutimes: paths.lutimes,
  realpath: paths.realpath,
  mkdtemp: directories.mkdtemp,
  mkdtempDisposable: directories.mkdtempDisposable,
  writeFile: contents.writeFile,
  appendFile: contents.appendFile,
  readFile: contents.readFile,
  watch: _watch,
  constants,
};
