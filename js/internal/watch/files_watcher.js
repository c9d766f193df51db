// Files that are watched on behalf of whoever depends on them, told of in bundles: one change of a program is often
// many changes of files.
'use strict';

const { basename, dirname, join } = require('path');
const { statSync, watch } = require('fs');
const EventEmitter = require('events');
const { clearTimeout, setTimeout } = require('timers');

/** How long changes are collected before they are told, in milliseconds. */
const kDelay = 200;

/** Whether a path below a watched directory holds packages or the history of the files, which are many. */
function isOfOthers(path) {
  return /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(path);
}

/**
 * Emits `change` with `{ path, owners }`: the first file that has changed, and a set of all owners of files that have.
 *
 * A file is watched through its directory, so that one that is replaced or does not exist yet is heard of too.
 */
class FilesWatcher extends EventEmitter {
  /** By directory: its watcher, and the owners of each of its files by name. */
  #directories = new Map();
  /** Watchers of whole trees. */
  #trees = new Set();
  #changed;
  #timer;

  /**
   * @param {string} path  absolute
   * @param {unknown} [owner]  who depends on it
   */
  watchFile(path, owner) {
    const directory = dirname(path);
    let watched = this.#directories.get(directory);
    if (watched === undefined) {
      watched = { watcher: this.#watchDirectory(directory), files: new Map() };
      if (watched.watcher === undefined) return;
      this.#directories.set(directory, watched);
    }
    const name = basename(path);
    const owners = watched.files.get(name);
    if (owners === undefined) watched.files.set(name, new Set([owner]));
    else owners.add(owner);
  }

  #watchDirectory(directory) {
    try {
      return watch(directory, (type, name) => {
        const owners = this.#directories.get(directory)?.files.get(name);
        if (owners !== undefined) this.#note(join(directory, name), owners);
      }).on('error', () => {});
    } catch {
      // Where there is no directory nothing changes.
      return undefined;
    }
  }

  /**
   * Watches a file, or a directory with all that is in it.
   * @param {string} path
   * @param {(path: string) => boolean} [filter]  whether a file matters
   */
  watchTree(path, filter = () => true) {
    if (!statSync(path).isDirectory()) {
      this.watchFile(path);
      return;
    }
    const watcher = watch(path, { ignore: isOfOthers, recursive: true }, (type, name) => {
      const file = join(path, name);
      if (filter(file)) this.#note(file, [undefined]);
    });
    this.#trees.add(watcher.on('error', () => {}));
  }

  #note(path, owners) {
    this.#changed ??= { path, owners: new Set() };
    for (const owner of owners) this.#changed.owners.add(owner);
    this.#timer ??= setTimeout(() => this.#tell(), kDelay);
  }

  #tell() {
    const changed = this.#changed;
    this.#changed = this.#timer = undefined;
    this.emit('change', changed);
  }

  /** Forgets the files on which `owner` depends. */
  forget(owner) {
    for (const { files } of this.#directories.values()) {
      for (const [name, owners] of files) {
        if (owners.delete(owner) && owners.size === 0) files.delete(name);
      }
    }
    this.#leaveDirectories();
  }

  /** Stops watching directories none of whose files matter any more. */
  #leaveDirectories() {
    for (const [directory, { watcher, files }] of this.#directories) {
      if (files.size > 0) continue;
      watcher.close();
      this.#directories.delete(directory);
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#changed = this.#timer = undefined;
    for (const { watcher } of this.#directories.values()) watcher.close();
    for (const watcher of this.#trees) watcher.close();
    this.#directories.clear();
    this.#trees.clear();
  }

  /**
   * Watches what a child process says that it loads: see `internal/watch/report`.
   * @param {ChildProcess} child  with a channel
   * @param {unknown} [owner]
   */
  watchModulesOf(child, owner) {
    child.on('message', (message) => {
      for (const path of message?.['watch:require'] ?? []) this.watchFile(path, owner);
      for (const url of message?.['watch:import'] ?? []) {
        if (url.startsWith('file:')) this.watchFile(require('url').fileURLToPath(url), owner);
      }
    });
  }
}

module.exports = { FilesWatcher };
