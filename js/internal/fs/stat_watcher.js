// `StatWatcher`: a file that is looked at again and again, for `fs.watchFile`.
'use strict';

const EventEmitter = require('events');
const { watchers } = require('internal/fs/active_watchers');
const { kStatsLength, statsFromValues } = require('internal/fs/stats');
const { validateUint32 } = require('internal/validators');

const binding = internalBinding('fs');

const kOwner = Symbol('owner_symbol');
const kOldStatus = Symbol('kOldStatus');
const kUseBigint = Symbol('kUseBigint');
const kReferences = Symbol('KFSStatWatcherRefCount');
const kMaxReferences = Symbol('KFSStatWatcherMaxRefCount');
const kStart = Symbol('kFSStatWatcherStart');
const kAddReference = Symbol('kAddReference');
const kDropReferences = Symbol('kDropReferences');

/** Where the numbers of `stat` have the time of the last access, which is no change. */
const kAccessTime = new Set([10, 11]);

function isEqual(a, b) {
  for (let i = 0; i < kStatsLength; i++) {
    if (a[i] !== b[i] && !kAccessTime.has(i)) return false;
  }
  return true;
}

/** Looks at a file in turns: calls `onchange(status, current, previous)` with the numbers of `stat`. */
const { StatWatcher: Polling } = { StatWatcher: class {
  #path;
  #interval;
  #bigint;
  #timer = null;
  #referenced = true;
  #closed = false;
  #began = 0;
  /** What the last look gave: undefined before the first, else 0 or the error number. */
  #status = undefined;
  #values;

  start(path, interval, bigint) {
    this.#path = path;
    this.#interval = interval;
    this.#bigint = bigint;
    this.#values = bigint ? new BigInt64Array(kStatsLength) : new Float64Array(kStatsLength);
    watchers.add(this);
    this.#look();
  }

  #look() {
    this.#timer = null;
    this.#began = performance.now();
    binding.stat(this.#path, this.#bigint, (error, values) => {
      if (this.#closed) return;
      try {
        if (error) this.#miss(error.errno);
        else this.#see(values.slice());
      } finally {
        this.#wait();
      }
    });
  }

  #miss(errno) {
    if (this.#status === errno) return;
    this.#status = errno;
    const Values = this.#bigint ? BigInt64Array : Float64Array;
    this.onchange(-1, new Values(kStatsLength), this.#values);
  }

  #see(values) {
    const before = this.#values;
    const status = this.#status;
    this.#values = values;
    this.#status = 0;
    if (status !== undefined && (status < 0 || !isEqual(before, values))) this.onchange(0, values, before);
  }

  #wait() {
    if (this.#closed) return;
    const interval = this.#interval || 1;
    const passed = performance.now() - this.#began;
    this.#timer = setTimeout(() => this.#look(), interval - passed % interval);
    if (!this.#referenced) this.#timer.unref();
  }

  ref() {
    this.#referenced = true;
    this.#timer?.ref();
  }

  unref() {
    this.#referenced = false;
    this.#timer?.unref();
  }

  hasRef() {
    return this.#referenced;
  }

  /** What is looked at. */
  get filename() {
    return this.#path;
  }

  /** Who looks. */
  get owner() {
    return this[kOwner];
  }

  /** What `process.getActiveResourcesInfo()` calls it. */
  get resource() {
    return 'StatWatcher';
  }

  close() {
    this.#closed = true;
    watchers.delete(this);
    clearTimeout(this.#timer);
  }
} };

function onchange(newStatus, current, previous) {
  const watcher = this[kOwner];
  watcher[kOldStatus] = newStatus;
  watcher.emit('change', statsFromValues(current), statsFromValues(previous));
}

function emitStop(watcher) {
  watcher.emit('stop');
}

/**
 * What `fs.watchFile` returns.
 * @param {boolean | undefined} bigint whether it tells `BigIntStats`
 */
function StatWatcher(bigint) {
  EventEmitter.call(this);
  this._handle = null;
  this[kOldStatus] = -1;
  this[kUseBigint] = bigint;
  this[kReferences] = 1;
  this[kMaxReferences] = 1;
}
Object.setPrototypeOf(StatWatcher.prototype, EventEmitter.prototype);
Object.setPrototypeOf(StatWatcher, EventEmitter);

/** Begins to look; called by `fs.watchFile`. */
StatWatcher.prototype[kStart] = function(filename, persistent, interval) {
  if (this._handle !== null) return;
  validateUint32(interval, 'interval');
  this._handle = new Polling();
  this._handle.onchange = onchange;
  this._handle[kOwner] = this;
  if (!persistent) this.unref();
  this._handle.start(filename, interval, Boolean(this[kUseBigint]));
};

/** Has no effect: watching begins by itself. */
StatWatcher.prototype.start = function() {};

/** Ends the looking; the event `stop` follows. */
StatWatcher.prototype.stop = function() {
  if (this._handle === null) return;
  process.nextTick(emitStop, this);
  this._handle.close();
  this._handle = null;
};

/** Notes one more `watchFile` of the same file, which keeps the event loop alive. */
StatWatcher.prototype[kAddReference] = function() {
  this[kMaxReferences]++;
  this.ref();
};

/** Forgets so many of them. */
StatWatcher.prototype[kDropReferences] = function(count) {
  this[kMaxReferences] = Math.max(0, this[kMaxReferences] - count);
  while (this[kReferences] > this[kMaxReferences]) this.unref();
};

/** Keeps the event loop alive, once for each `watchFile`. */
StatWatcher.prototype.ref = function() {
  if (this[kReferences] === this[kMaxReferences]) return this;
  if (this._handle && this[kReferences]++ === 0) this._handle.ref();
  return this;
};

/** Lets the event loop end, once for each `watchFile`. */
StatWatcher.prototype.unref = function() {
  if (this[kReferences] === 0) return this;
  if (this._handle && --this[kReferences] === 0) this._handle.unref();
  return this;
};

module.exports = { StatWatcher, kAddReference, kDropReferences, kStart };
