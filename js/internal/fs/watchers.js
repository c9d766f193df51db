// `fs.watch` for one file or directory, and `fs.promises.watch`.
'use strict';

const EventEmitter = require('events');
const { watchers } = require('internal/fs/active_watchers');
const { decodeName, needsBytes, toPath } = require('internal/fs/arguments');
const { Subscription } = require('internal/fs/inotify');
const { ignoreMatcher } = require('internal/fs/watch_ignore');
const {
  AbortError,
  codes: { ERR_FS_WATCH_QUEUE_OVERFLOW, ERR_INVALID_ARG_VALUE },
  hideFrame,
  uvException,
} = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateIgnoreOption,
  validateInteger,
  validateOneOf,
} = require('internal/validators');

const { ENOSPC } = internalBinding('constants').os.errno;

const kOwner = Symbol('owner_symbol');
const kFSWatchStart = Symbol('kFSWatchStart');

/** The name that a change of the watched path itself is told by, one character for each byte. */
function ownName(path) {
  const { Buffer } = require('buffer');
  const bytes = Buffer.from(path).toString('latin1');
  return bytes.slice(bytes.lastIndexOf('/') + 1);
}

/** A name of one character for each byte, in the encoding that was asked for. */
function toName(bytes, encoding) {
  if (needsBytes(encoding)) return decodeName(bytes, encoding);
  // Names are mostly ASCII, which is the same in both forms.
  // eslint-disable-next-line no-control-regex -- the characters of ASCII
  return /^[\x00-\x7F]*$/.test(bytes) ? bytes : require('buffer').Buffer.from(bytes, 'latin1').toString();
}

/** A watched path: calls `onchange(status, eventType, filename, isSelf)`. */
class FSEvent {
  #subscription = null;
  #isReferenced = true;
  #path;

  /** @returns {boolean} whether it watches */
  get initialized() {
    return this.#subscription !== null;
  }

  /**
   * @param {string | Buffer} path
   * @param {boolean} persistent whether it keeps the event loop alive
   * @param {string} encoding of the names
   * @returns {number} 0, or a negative error number
   */
  start(path, persistent, encoding) {
    const self = ownName(path);
    const subscription = new Subscription((isRename, name) => {
      this.onchange(0, isRename ? 'rename' : 'change', toName(name ?? self, encoding), name === undefined);
    });
    if (!persistent) subscription.unref();
    const status = subscription.start(path);
    if (status === 0) {
      this.#subscription = subscription;
      this.#isReferenced = persistent;
      this.#path = path;
      watchers.add(this);
    }
    return status;
  }

  close() {
    this.#subscription?.close();
    this.#subscription = null;
    watchers.delete(this);
  }

  ref() {
    this.#isReferenced = true;
    this.#subscription?.ref();
  }

  unref() {
    this.#isReferenced = false;
    this.#subscription?.unref();
  }

  /** @returns {boolean} whether it keeps the event loop alive */
  hasRef() {
    return this.#isReferenced;
  }

  /** What is watched. */
  get filename() {
    return this.#path;
  }

  /** Who watches. */
  get owner() {
    return this[kOwner];
  }

  /** What `process.getActiveResourcesInfo()` calls it. */
  get resource() {
    return 'FSEventWrap';
  }
}

/** The error of a path that cannot be watched. */
function watchError(errno, filename) {
  const message = errno === -ENOSPC ? 'System limit for number of file watchers reached' : '';
  const error = uvException({ errno, syscall: 'watch', path: filename, message });
  error.filename = filename;
  return error;
}

function emitClose(watcher) {
  watcher.emit('close');
}

/** What `fs.watch` returns. */
function FSWatcher() {
  EventEmitter.call(this);
  this._handle = new FSEvent();
  this._handle.onchange = (status, eventType, filename) => {
    // The handle may have been closed by a listener of the event before.
    if (this._handle === null) return;
    if (status < 0) {
      this._handle.close();
      this._handle = null;
      this.emit('error', watchError(status, filename));
    } else if (filename == null || !this._ignoreMatcher?.(filename)) {
      this.emit('change', eventType, filename);
    }
  };
  this._handle[kOwner] = this;
  this._ignoreMatcher = null;
}
Object.setPrototypeOf(FSWatcher.prototype, EventEmitter.prototype);
Object.setPrototypeOf(FSWatcher, EventEmitter);

/** Begins to watch; called by `fs.watch`. */
FSWatcher.prototype[kFSWatchStart] = function(filename, persistent, recursive, encoding, ignore) {
  if (this._handle === null || this._handle.initialized) return;
  filename = toPath(filename, 'filename');
  validateIgnoreOption(ignore, 'options.ignore');
  this._ignoreMatcher = ignoreMatcher(ignore);
  const status = this._handle.start(filename, persistent, encoding);
  if (status !== 0) throw hideFrame(watchError(status, filename), FSWatcher.prototype[kFSWatchStart]);
};

/** Has no effect: watching begins by itself. */
FSWatcher.prototype.start = function() {};

/** Ends the watching; the event `close` follows. */
FSWatcher.prototype.close = function() {
  if (this._handle === null) return;
  if (!this._handle.initialized) {
    this._handle = null;
    return;
  }
  this._handle.close();
  this._handle = null;
  process.nextTick(emitClose, this);
};

/** Keeps the event loop alive. */
FSWatcher.prototype.ref = function() {
  this._handle?.ref();
  return this;
};

/** Lets the event loop end. */
FSWatcher.prototype.unref = function() {
  this._handle?.unref();
  return this;
};

/**
 * The changes of a file or a directory, one after the other.
 * @param {string | Buffer | URL} filename
 * @param {object} options of `fs.promises.watch`
 * @returns {AsyncGenerator<{ eventType: 'rename' | 'change', filename: string }>}
 */
async function* watch(filename, options) {
  const path = toPath(filename);
  const { persistent = true, encoding = 'utf8', maxQueue = 2048, overflow = 'ignore', signal, ignore } = options;
  validateBoolean(persistent, 'options.persistent');
  validateInteger(maxQueue, 'options.maxQueue');
  validateOneOf(overflow, 'options.overflow', ['ignore', 'error']);
  validateAbortSignal(signal, 'options.signal');
  validateIgnoreOption(ignore, 'options.ignore');
  if (encoding && !require('buffer').Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  yield* new WatchQueue(path, persistent, encoding, maxQueue, overflow, ignoreMatcher(ignore)).events(signal);
}

/** The changes that wait for a program that asks for one at a time. */
class WatchQueue {
  #path;
  #persistent;
  #encoding;
  #maxQueue;
  #overflow;
  #ignores;
  #events = [];
  #overflowError = null;
  /** Wakes the iteration that waits for a change. */
  #wake = null;

  constructor(path, persistent, encoding, maxQueue, overflow, ignores) {
    this.#path = path;
    this.#persistent = persistent;
    this.#encoding = encoding;
    this.#maxQueue = maxQueue;
    this.#overflow = overflow;
    this.#ignores = ignores;
  }

  async* events(signal) {
    const handle = new FSEvent();
    const onAbort = () => {
      handle.close();
      this.#wake?.();
    };
    const abortion = signal && require('internal/events/abort_listener').addAbortListener(signal, onAbort);
    handle.onchange = (status, eventType, filename) => this.#add(handle, eventType, filename);
    try {
      const status = handle.start(this.#path, this.#persistent, this.#encoding);
      if (status !== 0) throw watchError(status, this.#path);
      for (;;) {
        if (this.#overflowError !== null) throw this.#overflowError;
        if (this.#events.length > 0) {
          yield this.#events.shift();
        } else if (signal?.aborted) {
          throw new AbortError(undefined, { cause: signal.reason });
        } else {
          await new Promise((resolve) => { this.#wake = resolve; });
        }
      }
    } finally {
      handle.close();
      abortion?.[Symbol.dispose]();
    }
  }

  #add(handle, eventType, filename) {
    if (filename != null && this.#ignores?.(filename)) return;
    if (this.#events.length < this.#maxQueue) {
      this.#events.push({ __proto__: null, eventType, filename });
    } else if (this.#overflow === 'error') {
      handle.close();
      this.#overflowError = new ERR_FS_WATCH_QUEUE_OVERFLOW(this.#maxQueue);
    } else {
      process.emitWarning('fs.watch maxQueue exceeded');
    }
    this.#wake?.();
  }
}

module.exports = { FSEvent, FSWatcher, kFSWatchStart, watch, watchError };
