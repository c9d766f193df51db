// `fs.watch` with `recursive`: a directory and all directories below it, each watched by itself.
'use strict';

const EventEmitter = require('events');
const { toPath } = require('internal/fs/arguments');
const { FSEvent, kFSWatchStart, watchError } = require('internal/fs/watchers');
const { ignoreMatcher } = require('internal/fs/watch_ignore');
const {
  AbortError,
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateIgnoreOption,
  validateObject,
} = require('internal/validators');
const { join } = require('path');

const binding = internalBinding('fs');

const { fs: { S_IFDIR, S_IFMT, UV_DIRENT_DIR }, os: { errno: { EMFILE, ENOSPC } } } = internalBinding('constants');
/** Where the numbers of `lstat` have the mode. */
const kModeIndex = 1;
/** How many changes wait for a program that asks for one at a time. */
const kMaxQueue = 2048;
const kClosed = Symbol('kClosed');

let values;

/** Whether a directory, and no link to one, lies at `path`; undefined where nothing is there. */
function isDirectoryAt(path) {
  values ??= new Float64Array(18);
  try {
    if (!binding.lstatInto(path, values, false)) return undefined;
  } catch {
    return undefined;
  }
  return (values[kModeIndex] & S_IFMT) === S_IFDIR;
}

/** What `fs.watch` returns where it is recursive. */
class FSWatcher extends EventEmitter {
  #signal;
  #ignores;
  #root = null;
  #closed = false;
  #referenced = true;
  /** The watched directories by their paths below the root, which is ''. */
  #directories = new Map();
  /** What was found by reading a directory, and is therefore known when the system tells of it. */
  #found = new Set();

  /** @param {object} options of `fs.watch` */
  constructor(options = {}) {
    super();
    validateObject(options, 'options');
    const { persistent, recursive, signal, encoding, ignore } = options;
    if (persistent != null) validateBoolean(persistent, 'options.persistent');
    if (recursive != null) validateBoolean(recursive, 'options.recursive');
    if (signal != null) validateAbortSignal(signal, 'options.signal');
    if (encoding != null && encoding !== 'buffer' && !require('buffer').Buffer.isEncoding(encoding)) {
      throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'options.encoding');
    }
    validateIgnoreOption(ignore, 'options.ignore');
    this.#signal = signal;
    this.#ignores = ignoreMatcher(ignore);
    this.#referenced = persistent !== false;
  }

  /** Ends the watching and emits `close`. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    for (const handle of this.#directories.values()) handle.close();
    this.#directories.clear();
    this.#found.clear();
    this.emit('close');
  }

  /** Begins to watch; called by `fs.watch`. */
  [kFSWatchStart](filename) {
    filename = toPath(filename, 'filename');
    this.#root = typeof filename === 'string' ? filename : filename.toString();
    let isDirectory;
    try {
      isDirectory = require('fs').statSync(this.#root).isDirectory();
    } catch (error) {
      error.filename = filename;
      throw error;
    }
    if (isDirectory) this.#addDirectory('', false);
    else this.#addFile();
  }

  /** Keeps the event loop alive. */
  ref() {
    this.#referenced = true;
    for (const handle of this.#directories.values()) handle.ref();
  }

  /** Lets the event loop end. */
  unref() {
    this.#referenced = false;
    for (const handle of this.#directories.values()) handle.unref();
  }

  #emitChange(eventType, name) {
    this.emit('change', eventType, name);
  }

  /** Starts a handle; one that cannot be started at the root is an error of the program's. */
  #watch(below, onchange) {
    const handle = new FSEvent();
    const path = below === '' ? this.#root : join(this.#root, below);
    handle.onchange = onchange;
    const status = handle.start(path, this.#referenced, 'utf8');
    if (status === 0) {
      this.#directories.set(below, handle);
      return true;
    }
    // What lies below may be gone or forbidden by now.
    if (below === '') throw watchError(status, path);
    if (status === -ENOSPC || status === -EMFILE) this.emit('error', watchError(status, path));
    return false;
  }

  #addFile() {
    let exists = true;
    const { basename } = require('path');
    this.#watch('', (status, eventType) => {
      if (this.#closed) return;
      if (eventType === 'change') {
        if (isDirectoryAt(this.#root) !== undefined) this.#emitChange('change', basename(this.#root));
      } else if (exists && isDirectoryAt(this.#root) === undefined) {
        exists = false;
        this.#emitChange('rename', '');
      }
    });
  }

  /**
   * Watches a directory and those in it.
   * @param {string} below its path below the root
   * @param {boolean} isNew whether its entries are news
   */
  #addDirectory(below, isNew) {
    if (this.#directories.has(below)) return;
    const watched = this.#watch(below, (status, eventType, name, isSelf) => {
      if (this.#closed) return;
      if (isSelf) this.#changeDirectory(below);
      else this.#changeEntry(below === '' ? name : `${below}/${name}`, eventType);
    });
    if (watched) this.#readDirectory(below, isNew);
  }

  #readDirectory(below, isNew) {
    let names;
    let types;
    try {
      [names, types] = binding.readdirSync(join(this.#root, below), false, true, false);
    } catch {
      // It is gone already; the directory above tells of it.
      return;
    }
    for (let i = 0; i < names.length && !this.#closed; i++) {
      const name = below === '' ? names[i] : `${below}/${names[i]}`;
      if (this.#ignores?.(name)) continue;
      if (isNew) {
        this.#found.add(name);
        this.#emitChange('rename', name);
      }
      if (types[i] === UV_DIRENT_DIR) this.#addDirectory(name, isNew);
    }
  }

  /** The directory itself has changed: told by the one above, except for the root. */
  #changeDirectory(below) {
    if (below !== '' || isDirectoryAt(this.#root) !== undefined) return;
    this.#forget('');
    this.#emitChange('rename', '');
  }

  #changeEntry(name, eventType) {
    if (this.#ignores?.(name)) return;
    if (eventType === 'change') {
      this.#emitChange('change', name);
      return;
    }
    const isDirectory = isDirectoryAt(join(this.#root, name));
    if (isDirectory === undefined) {
      this.#found.delete(name);
      this.#forget(name);
      this.#emitChange('rename', name);
      return;
    }
    if (!this.#found.delete(name)) {
      if (isDirectory && this.#directories.has(name)) return;
      this.#emitChange('rename', name);
    }
    if (isDirectory && !this.#closed) this.#addDirectory(name, true);
  }

  /** Ends the watching of a directory that is gone, with all below it. */
  #forget(name) {
    if (name !== '' && !this.#directories.has(name)) return;
    for (const [below, handle] of this.#directories) {
      if (below !== name && name !== '' && !below.startsWith(`${name}/`)) continue;
      handle.close();
      this.#directories.delete(below);
    }
  }

  /** @returns {AsyncIterator<{ eventType: string, filename: string }>} */
  [Symbol.asyncIterator]() {
    return new Changes(this, this.#signal);
  }

  /** @returns {boolean} whether `close` has been called */
  get [kClosed]() {
    return this.#closed;
  }
}

/** The changes that a recursive watcher tells, one for each call. */
class Changes {
  #watcher;
  #signal;
  #events = [];
  #waiting = null;

  constructor(watcher, signal) {
    this.#watcher = watcher;
    this.#signal = signal;
    watcher.on('change', (eventType, filename) => this.#add({ eventType, filename }));
    if (!signal) return;
    require('internal/events/abort_listener').addAbortListener(signal, () => {
      watcher.close();
      this.#waiting?.reject(this.#abortError());
      this.#waiting = null;
    });
  }

  #add(value) {
    if (this.#waiting === null) {
      if (this.#events.length < kMaxQueue) this.#events.push(value);
      return;
    }
    this.#waiting.resolve({ done: false, value });
    this.#waiting = null;
  }

  #abortError() {
    return new AbortError(undefined, { cause: this.#signal.reason });
  }

  next() {
    if (this.#events.length > 0) return Promise.resolve({ done: false, value: this.#events.shift() });
    if (this.#signal?.aborted) return Promise.reject(this.#abortError());
    if (this.#watcher[kClosed]) return Promise.resolve({ done: true, value: undefined });
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  return() {
    this.#watcher.close();
    this.#waiting?.resolve({ done: true, value: undefined });
    this.#waiting = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

module.exports = { FSWatcher };
