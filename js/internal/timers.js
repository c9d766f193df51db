// Timers and immediates.
//
// Timers of one duration form a list, which is in order by itself; the lists stand in a binary heap by
// the time of their first timer. So setting and clearing a timer cost the same however many there are.
'use strict';

const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const asyncContext = require('internal/async_context');
const hooks = require('internal/async_hooks');
const { runNextTicks } = require('internal/process/ticks');
const binding = internalBinding('process');

const { apply } = Reflect;
const { state } = hooks;

/** The longest delay, in milliseconds: what 31 bits hold. */
const TIMEOUT_MAX = 2 ** 31 - 1;

const inspectCustom = Symbol.for('nodejs.util.inspect.custom');
const kRefed = Symbol('refed');
const kHasPrimitive = Symbol('kHasPrimitive');
const kContext = Symbol('kAsyncContextFrame');

/** The context that the callback of a timer or an immediate is called in. */
function contextOf(resource) {
  asyncContext.onResource?.(resource);
  return asyncContext.current();
}
const kAsyncId = Symbol('asyncId');
const kTriggerId = Symbol('triggerId');

/** What the host reads: the loop time of the next timer (0: none), how many timers are referenced. */
const timerInfo = new Float64Array(2);
const NEXT = 0;
const REFERENCED_TIMERS = 1;

/** What the host reads: immediates, referenced ones, whether an exception has left some over. */
const immediateInfo = new Uint32Array(3);
const COUNT = 0;
const REFERENCED = 1;
const OUTSTANDING = 2;

const lists = new Map();
const knownTimers = Object.create(null);
let nextListId = Number.MIN_SAFE_INTEGER;

/** The timers of one duration, oldest first. */
class TimersList {
  constructor(expiry, duration) {
    this._idleNext = this;
    this._idlePrev = this;
    this.expiry = expiry;
    this.id = nextListId++;
    this.duration = duration;
    this.position = 0;
  }
}

// The heap is a flat array from index 1; each list knows its position.
const heap = [undefined];

function comesBefore(a, b) {
  return a.expiry < b.expiry || (a.expiry === b.expiry && a.id < b.id);
}

function siftDown(position) {
  const size = heap.length;
  const list = heap[position];
  for (let child = position * 2; child < size; child = position * 2) {
    if (child + 1 < size && comesBefore(heap[child + 1], heap[child])) child++;
    const other = heap[child];
    if (!comesBefore(other, list)) break;
    heap[position] = other;
    other.position = position;
    position = child;
  }
  heap[position] = list;
  list.position = position;
}

function siftUp(position) {
  const list = heap[position];
  while (position > 1) {
    const parent = position >> 1;
    const other = heap[parent];
    if (!comesBefore(list, other)) break;
    heap[position] = other;
    other.position = position;
    position = parent;
  }
  heap[position] = list;
  list.position = position;
}

function heapInsert(list) {
  heap.push(list);
  siftUp(heap.length - 1);
}

function heapRemove(list) {
  const { position } = list;
  const last = heap.pop();
  if (last === list) return;
  heap[position] = last;
  last.position = position;
  siftUp(position);
  siftDown(last.position);
}

function updateNext() {
  timerInfo[NEXT] = heap.length > 1 ? Math.max(heap[1].expiry, 1) : 0;
}

function append(list, timer) {
  const last = list._idlePrev;
  timer._idlePrev = last;
  timer._idleNext = list;
  last._idleNext = timer;
  list._idlePrev = timer;
}

function detach(timer) {
  const next = timer._idleNext;
  const previous = timer._idlePrev;
  if (next) next._idlePrev = previous;
  if (previous) previous._idleNext = next;
  timer._idleNext = null;
  timer._idlePrev = null;
}

/** Puts a timer into its list from `start` on. */
function insert(timer, duration, start = binding.loopNow()) {
  duration = Math.trunc(duration);
  timer._idleStart = start;
  let list = lists.get(duration);
  if (list === undefined) {
    list = new TimersList(start + duration, duration);
    lists.set(duration, list);
    heapInsert(list);
    if (heap[1] === list) updateNext();
  }
  append(list, timer);
}

function removeList(list) {
  lists.delete(list.duration);
  heapRemove(list);
  updateNext();
}

/** Takes a timer out of its list. */
function unenroll(timer) {
  if (timer[kHasPrimitive]) {
    delete knownTimers[timer[kAsyncId]];
    timer[kHasPrimitive] = false;
  }
  if (timer._destroyed) return;
  timer._destroyed = true;
  if (state.destroy > 0) hooks.emitDestroy(timer[kAsyncId]);
  if (timer[kRefed]) timerInfo[REFERENCED_TIMERS]--;
  remove(timer);
  timer._idleTimeout = -1;
}

function remove(timer) {
  if (timer._idleNext === null) return;
  detach(timer);
  const list = lists.get(Math.trunc(timer._idleTimeout));
  if (list !== undefined && list._idleNext === list) removeList(list);
}

/** A timer as `setTimeout` and `setInterval` return it. */
class Timeout {
  constructor(callback, after, args, isRepeat, isRefed) {
    if (after === undefined) {
      after = 1;
    } else {
      after *= 1;
    }
    if (!(after >= 1 && after <= TIMEOUT_MAX)) {
      warnOfDuration(after);
      after = 1;
    }
    this._idleTimeout = after;
    this._idlePrev = this;
    this._idleNext = this;
    this._idleStart = null;
    this._onTimeout = null;
    this._onTimeout = callback;
    this._timerArgs = args;
    this._repeat = isRepeat ? after : null;
    this._destroyed = false;
    if (isRefed) timerInfo[REFERENCED_TIMERS]++;
    this[kRefed] = isRefed;
    this[kHasPrimitive] = false;
    this[kAsyncId] = hooks.newAsyncId();
    this[kTriggerId] = hooks.triggerIdOfNewWork();
    this[kContext] = asyncContext.active ? contextOf(this) : undefined;
    if (state.init > 0) hooks.emitInit(this[kAsyncId], 'Timeout', this[kTriggerId], this);
  }

  [inspectCustom](_, options, inspect) {
    return inspect(this, { ...options, depth: 0, customInspect: false });
  }

  /** Starts the timer's time anew, without a new object. */
  refresh() {
    restart(this);
    return this;
  }

  /** Lets the event loop end although this timer is set. */
  unref() {
    if (this[kRefed]) {
      this[kRefed] = false;
      if (!this._destroyed) timerInfo[REFERENCED_TIMERS]--;
    }
    return this;
  }

  /** Keeps the event loop going until this timer has fired. */
  ref() {
    if (!this[kRefed]) {
      this[kRefed] = true;
      if (!this._destroyed) timerInfo[REFERENCED_TIMERS]++;
    }
    return this;
  }

  /** @returns {boolean} whether this timer keeps the event loop going */
  hasRef() {
    return this[kRefed];
  }

  /** Clears the timer. */
  close() {
    clearTimeout(this);
    return this;
  }

  /** @returns {number} an id that `clearTimeout` takes */
  [Symbol.toPrimitive]() {
    const id = this[kAsyncId];
    if (!this[kHasPrimitive]) {
      this[kHasPrimitive] = true;
      knownTimers[id] = this;
    }
    return id;
  }

  [Symbol.dispose]() {
    clearTimeout(this);
  }
}

let hasWarnedOfNegative = false;
let hasWarnedOfNaN = false;

function warnOfDuration(after) {
  if (after > TIMEOUT_MAX) {
    process.emitWarning(`${after} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning');
  } else if (after < 0 && !hasWarnedOfNegative) {
    hasWarnedOfNegative = true;
    process.emitWarning(`${after} is a negative number.\nTimeout duration was set to 1.`,
      'TimeoutNegativeWarning');
  } else if (Number.isNaN(after) && !hasWarnedOfNaN) {
    hasWarnedOfNaN = true;
    process.emitWarning(`${after} is not a number.\nTimeout duration was set to 1.`, 'TimeoutNaNWarning');
  }
}

function restart(timer) {
  const duration = timer._idleTimeout;
  if (duration < 0 || duration === undefined) return;
  if (timer._destroyed) {
    timer._destroyed = false;
    if (timer[kRefed]) timerInfo[REFERENCED_TIMERS]++;
  } else {
    const list = timer._idleNext === null ? undefined : lists.get(Math.trunc(duration));
    if (list !== undefined) {
      // The list stays where it is, also where this is its only timer: it is looked at when it seems to be due.
      detach(timer);
      timer._idleStart = binding.loopNow();
      append(list, timer);
      return;
    }
    remove(timer);
  }
  insert(timer, duration);
}

/**
 * Called by the host when the first timer is due.
 * @param {number} now  the loop's time in milliseconds
 */
function processTimers(now) {
  let ran = false;
  while (heap.length > 1) {
    const list = heap[1];
    // What has become due meanwhile waits for the next turn.
    if (list.expiry > now) break;
    if (ran) runNextTicks();
    else ran = true;
    if (heap.length > 1 && heap[1] === list) runList(list, now);
  }
  updateNext();
}

function runList(list, now) {
  const { duration } = list;
  let ran = false;
  for (let timer = list._idleNext; timer !== list; timer = list._idleNext) {
    if (now - timer._idleStart < duration) {
      list.expiry = Math.max(timer._idleStart + duration, now + 1);
      list.id = nextListId++;
      siftDown(list.position);
      updateNext();
      return;
    }
    if (ran) {
      runNextTicks();
      if (timer !== list._idleNext) continue;
    } else {
      ran = true;
    }
    detach(timer);
    listOnTimeout(timer);
  }
  if (lists.get(duration) === list) removeList(list);
}

/** Notes that a timer will not fire again. */
function finish(timer) {
  if (timer[kHasPrimitive]) delete knownTimers[timer[kAsyncId]];
  timer._destroyed = true;
  if (state.destroy > 0) hooks.emitDestroy(timer[kAsyncId]);
  if (timer[kRefed]) timerInfo[REFERENCED_TIMERS]--;
}

function listOnTimeout(timer) {
  if (!timer._onTimeout) {
    if (!timer._destroyed) finish(timer);
    return;
  }
  const repeat = timer._repeat;
  const start = repeat ? binding.loopNow() : 0;
  if (state.tracking) hooks.emitBefore(timer[kAsyncId], timer[kTriggerId], timer);
  try {
    const args = timer._timerArgs;
    if (asyncContext.active) {
      asyncContext.runTask(timer[kContext], timer._onTimeout, args, timer);
    } else if (args === undefined) {
      timer._onTimeout();
    } else {
      apply(timer._onTimeout, timer, args);
    }
  } finally {
    if (timer._repeat && timer._idleTimeout !== -1) {
      timer._idleTimeout = timer._repeat;
      if (timer._idleNext === null) insert(timer, timer._idleTimeout, start);
    } else if (timer._idleNext === null && !timer._destroyed) {
      // It was not restarted by its own callback.
      finish(timer);
    }
  }
  if (state.tracking) hooks.emitAfter(timer[kAsyncId]);
}

/** Clears a timer given as an object or by its id. */
function clearTimeout(timer) {
  if (timer?._onTimeout) {
    timer._onTimeout = null;
    unenroll(timer);
    return;
  }
  if (typeof timer === 'number' || typeof timer === 'string') {
    const known = knownTimers[timer];
    if (known !== undefined) {
      known._onTimeout = null;
      unenroll(known);
    }
  }
}

// Immediates: a list that the check phase takes as a whole.
let firstImmediate = null;
let lastImmediate = null;
// What an exception has left over of the list that was running.
let leftOver = null;

/** An immediate as `setImmediate` returns it. */
class Immediate {
  constructor(callback, args, isSilent = false) {
    this._idleNext = null;
    this._idlePrev = null;
    this._onImmediate = callback;
    this._argv = args;
    this._destroyed = false;
    this[kRefed] = true;
    immediateInfo[COUNT]++;
    immediateInfo[REFERENCED]++;
    if (isSilent) return;
    this[kAsyncId] = hooks.newAsyncId();
    this[kTriggerId] = hooks.triggerIdOfNewWork();
    this[kContext] = asyncContext.active ? contextOf(this) : undefined;
    if (state.init > 0) hooks.emitInit(this[kAsyncId], 'Immediate', this[kTriggerId], this);
    if (lastImmediate === null) {
      firstImmediate = this;
    } else {
      lastImmediate._idleNext = this;
      this._idlePrev = lastImmediate;
    }
    lastImmediate = this;
  }

  ref() {
    if (this[kRefed] === false) {
      this[kRefed] = true;
      immediateInfo[REFERENCED]++;
    }
    return this;
  }

  unref() {
    if (this[kRefed] === true) {
      this[kRefed] = false;
      immediateInfo[REFERENCED]--;
    }
    return this;
  }

  hasRef() {
    return !!this[kRefed];
  }

  [Symbol.dispose]() {
    clearImmediate(this);
  }
}

function forget(immediate) {
  immediate._destroyed = true;
  immediateInfo[COUNT]--;
  if (immediate[kRefed]) immediateInfo[REFERENCED]--;
  immediate[kRefed] = null;
}

/**
 * @param {Function} callback  runs in the check phase
 * @param {...any} args
 * @returns {Immediate}
 */
function setImmediate(callback, ...args) {
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'function', callback);
  return new Immediate(callback, args.length === 0 ? undefined : args);
}

/**
 * An immediate of the runtime itself: it comes before those of the program, hooks are not told of it, and
 * the loop may end without it.
 */
class SilentImmediate extends Immediate {
  constructor(callback) {
    super(callback, undefined, true);
    this.unref();
    this._idleNext = firstImmediate;
    if (firstImmediate === null) lastImmediate = this;
    else firstImmediate._idlePrev = this;
    firstImmediate = this;
  }
}

/** @param {Function} callback  runs in the check phase, where there is one */
function setSilentImmediate(callback) {
  return new SilentImmediate(callback);
}

/** Clears an immediate. */
function clearImmediate(immediate) {
  if (!immediate?._onImmediate || immediate._destroyed) return;
  forget(immediate);
  if (state.destroy > 0) hooks.emitDestroy(immediate[kAsyncId]);
  immediate._onImmediate = undefined;
  const { _idleNext: next, _idlePrev: previous } = immediate;
  if (next !== null) next._idlePrev = previous;
  if (previous !== null) previous._idleNext = next;
  if (firstImmediate === immediate) firstImmediate = next;
  if (lastImmediate === immediate) lastImmediate = previous;
  if (leftOver === immediate) leftOver = next;
  // The list that is running may stand at this one: its links stay for it to go on.
}

/** Called by the host in the check phase; those that are set meanwhile wait for the next one. */
function processImmediates() {
  let immediate = leftOver;
  leftOver = null;
  if (immediate === null) {
    immediate = firstImmediate;
    firstImmediate = lastImmediate = null;
  }
  let ran = false;
  while (immediate !== null) {
    if (immediate._destroyed) {
      immediate = immediate._idleNext;
      continue;
    }
    if (ran) {
      // What a tick clears here is skipped above.
      leftOver = immediate;
      runNextTicks();
      immediate = leftOver;
      leftOver = null;
      if (immediate === null) break;
    } else {
      ran = true;
    }
    const current = immediate;
    const callback = current._onImmediate;
    forget(current);
    let complete = false;
    const isTracked = state.tracking && !(current instanceof SilentImmediate);
    if (isTracked) hooks.emitBefore(current[kAsyncId], current[kTriggerId], current);
    try {
      const args = current._argv;
      if (asyncContext.active) {
        asyncContext.runTask(current[kContext], callback, args, current);
      } else if (args === undefined) {
        current._onImmediate();
      } else {
        apply(callback, current, args);
      }
      complete = true;
      if (isTracked) hooks.emitAfter(current[kAsyncId]);
    } finally {
      if (isTracked && state.destroy > 0) hooks.emitDestroy(current[kAsyncId]);
      current._onImmediate = undefined;
      if (!complete) {
        leftOver = current._idleNext;
        immediateInfo[OUTSTANDING] = leftOver === null ? 0 : 1;
      }
    }
    immediate = current._idleNext;
  }
  immediateInfo[OUTSTANDING] = 0;
}

module.exports = {
  Timeout,
  Immediate,
  TIMEOUT_MAX,
  insert,
  clearTimeout,
  setImmediate,
  setSilentImmediate,
  clearImmediate,
  processTimers,
  processImmediates,
  timerInfo,
  immediateInfo,
};
