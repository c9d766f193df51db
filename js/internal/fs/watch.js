// `watch`, `watchFile` and `unwatchFile`.
'use strict';

const { toOptions, toPath } = require('internal/fs/arguments');
const { validateFunction } = require('internal/validators');

const kWatchDefaults = {};
const kDefaultInterval = 5007;

/** The watchers of `watchFile`, by the absolute paths of their files. */
const statWatchers = new Map();

function closeOnAbort(watcher, signal) {
  if (signal.aborted) {
    process.nextTick(() => watcher.close());
    return;
  }
  const { addAbortListener } = require('internal/events/abort_listener');
  const abortion = addAbortListener(signal, () => watcher.close());
  watcher.once('close', () => abortion[Symbol.dispose]());
}

/**
 * Tells of the changes of a file or of the entries of a directory.
 * @param {string | Buffer | URL} filename
 * @param {string | { persistent?: boolean, recursive?: boolean, encoding?: string, signal?: AbortSignal,
 *   ignore?: string | RegExp | Function | (string | RegExp | Function)[] }} [options]
 * @param {(eventType: 'rename' | 'change', filename: string | Buffer) => void} [listener]
 * @returns {FSWatcher}
 */
function watch(filename, options, listener) {
  if (typeof options === 'function') listener = options;
  options = toOptions(options, kWatchDefaults);
  filename = toPath(filename);
  const { persistent = true, recursive = false, encoding = 'utf8', signal, ignore } = options;
  const { FSWatcher, kFSWatchStart } = require('internal/fs/watchers');
  let watcher;
  if (recursive) {
    const { FSWatcher: RecursiveWatcher } = require('internal/fs/recursive_watch');
    watcher = new RecursiveWatcher({ ...options, persistent, encoding });
    watcher[kFSWatchStart](filename);
  } else {
    watcher = new FSWatcher();
    watcher[kFSWatchStart](filename, persistent, recursive, encoding, ignore);
  }
  if (listener) watcher.addListener('change', listener);
  if (signal) closeOnAbort(watcher, signal);
  return watcher;
}

/** The path by which a file is known here. */
function keyOf(filename) {
  const path = toPath(filename);
  return require('path').resolve(typeof path === 'string' ? path : path.toString());
}

/**
 * Looks at a file again and again and tells of its changes.
 * @param {string | Buffer | URL} filename
 * @param {{ bigint?: boolean, persistent?: boolean, interval?: number }} [options] `interval` in
 *   milliseconds
 * @param {(current: Stats, previous: Stats) => void} listener
 * @returns {StatWatcher}
 */
function watchFile(filename, options, listener) {
  filename = keyOf(filename);
  if (options === null || typeof options !== 'object') {
    listener = options;
    options = undefined;
  }
  const { bigint, interval, persistent } = { interval: kDefaultInterval, persistent: true, ...options };
  validateFunction(listener, 'listener');
  const { StatWatcher, kStart, kAddReference } = require('internal/fs/stat_watcher');
  let watcher = statWatchers.get(filename);
  if (watcher === undefined) {
    internalBinding('permission').demand('fs.read', filename);
    watcher = new StatWatcher(bigint);
    watcher[kStart](filename, persistent, interval);
    statWatchers.set(filename, watcher);
  } else {
    watcher[kAddReference]();
  }
  watcher.addListener('change', listener);
  return watcher;
}

/**
 * @param {string | Buffer | URL} filename
 * @param {(current: Stats, previous: Stats) => void} [listener] without one, all listeners are removed
 */
function unwatchFile(filename, listener) {
  filename = keyOf(filename);
  const watcher = statWatchers.get(filename);
  if (watcher === undefined) return;
  const { kDropReferences } = require('internal/fs/stat_watcher');
  if (typeof listener === 'function') {
    const before = watcher.listenerCount('change');
    watcher.removeListener('change', listener);
    if (watcher.listenerCount('change') < before) watcher[kDropReferences](1);
  } else {
    watcher.removeAllListeners('change');
    watcher[kDropReferences](Infinity);
  }
  if (watcher.listenerCount('change') === 0) {
    watcher.stop();
    statWatchers.delete(filename);
  }
}

module.exports = { unwatchFile, watch, watchFile };
