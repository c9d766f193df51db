// Node's `events`: EventEmitter, and the functions that await or inspect emitters and event targets.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateNumber } = require('internal/validators');
const { Stamp } = require('internal/util/stamp');
const { getUnhandledErrorException } = require('internal/events/unhandled_error');
const {
  getEventListeners,
  getMaxListeners,
  kMaxEventTargetListeners,
  kMaxEventTargetListenersWarned,
  listenerCount,
  setMaxListenersOf,
} = require('internal/events/targets');

const { apply, ownKeys } = Reflect;

const kCapture = Symbol('kCapture');
const kErrorMonitor = Symbol('events.errorMonitor');
const kRejection = Symbol.for('nodejs.rejection');
/** True when `_events` was laid out before the constructor ran: its keys are then kept on removal. */
const kShapeMode = Symbol('shapeMode');

let defaultMaxListeners = 10;

// `_events` has no prototype. Spreading this prototype-less object gives a copy with a hidden class, where
// the literal `{ __proto__: null }` gives a hash table: creation, insertion and lookup are several times
// faster.
const emptyEvents = Object.setPrototypeOf({}, null);
/** Up to this many events, copying them is cheaper than `delete`, which gives up the hidden class. */
const MAX_EVENTS_TO_COPY = 4;

// What an array of listeners knows of itself, where no program can see it: whether `emit` has walked it. It
// is then never changed in place, for the walk may not be over: who adds or removes a listener works on a
// copy, so that `emit` needs neither a copy nor an end.
class ListenerList extends Stamp {
  #isWalked = false;

  static from(listeners) {
    return new ListenerList(listeners);
  }

  static walk(list) {
    if (!(#isWalked in list)) ListenerList.from(list);
    list.#isWalked = true;
  }

  static mutable(list) {
    if (!(#isWalked in list) || !list.#isWalked) return list;
    const copy = ListenerList.from(list.slice());
    if (list.warned) copy.warned = true;
    return copy;
  }
}

/**
 * An object that calls listeners by event name.
 * @param {{ captureRejections?: boolean }} [opts] whether rejections of async listeners become 'error' events
 */
function EventEmitter(opts) {
  EventEmitter.init.call(this, opts);
}

module.exports = EventEmitter;

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

function checkListener(listener) {
  if (typeof listener !== 'function') throw new ERR_INVALID_ARG_TYPE('listener', 'Function', listener);
}

/**
 * Sets the limit of listeners of one event above which a leak is reported; 0 means none.
 * @param {number} n
 */
EventEmitter.prototype.setMaxListeners = function setMaxListeners(n) {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

function maxListenersOf(emitter) {
  return emitter._maxListeners === undefined ? defaultMaxListeners : emitter._maxListeners;
}

/** @returns {number} the limit set by `setMaxListeners`, or `EventEmitter.defaultMaxListeners` */
EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return maxListenersOf(this);
};

// Shows an error to those who only watch. Returns whether there is a listener for it.
function tellErrorMonitor(emitter, args) {
  if (emitter._events === undefined) return false;
  if (emitter._events[kErrorMonitor] !== undefined) emitter.emit(kErrorMonitor, ...args);
  return emitter._events.error !== undefined;
}

/**
 * Calls the listeners of `type` in the order of their registration.
 * @param {string | symbol} type
 * @param {...unknown} args
 * @returns {boolean} whether there were any
 */
EventEmitter.prototype.emit = function emit(type, ...args) {
  if (type === 'error' && !tellErrorMonitor(this, args)) {
    const er = getUnhandledErrorException(this, args[0], emit);
    throw er; // Unhandled 'error' event
  }
  const events = this._events;
  if (events === undefined) return false;

  const handler = events[type];
  if (handler === undefined) return false;

  if (typeof handler === 'function') {
    const result = apply(handler, this, args);
    if (result !== undefined && result !== null && this[kCapture] === true) {
      require('internal/events/capture_rejections').watch(this, result, type, args, kCapture);
    }
    return true;
  }

  ListenerList.walk(handler);
  const { length } = handler;
  for (let i = 0; i < length; i++) {
    const result = apply(handler[i], this, args);
    if (result !== undefined && result !== null && this[kCapture] === true) {
      require('internal/events/capture_rejections').watch(this, result, type, args, kCapture);
    }
  }
  return true;
};

function warnOfLeak(emitter, type, list, limit) {
  list.warned = true;
  const { inspect } = require('internal/util/inspect');
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ` +
      `${inspect(emitter, { depth: -1 })}. MaxListeners is ${limit}. ` +
      'Use emitter.setMaxListeners() to increase limit'
  );
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = list.length;
  process.emitWarning(warning);
}

function appendToList(emitter, events, type, existing, listener, prepend) {
  let list = existing;
  if (typeof existing === 'function') {
    list = events[type] = ListenerList.from(prepend ? [listener, existing] : [existing, listener]);
  } else {
    list = events[type] = ListenerList.mutable(existing);
    if (prepend) list.unshift(listener);
    else list.push(listener);
  }
  const limit = maxListenersOf(emitter);
  if (limit > 0 && list.length > limit && !list.warned) warnOfLeak(emitter, type, list, limit);
}

function _addListener(emitter, type, listener, prepend) {
  checkListener(listener);
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = { ...emptyEvents, __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    // Before the registration, so that a listener of 'newListener' for `type` is not announced to itself.
    emitter.emit('newListener', type, listener.listener ?? listener);
    events = emitter._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++emitter._eventsCount;
  } else {
    appendToList(emitter, events, type, existing, listener, prepend);
  }
  return emitter;
}

/**
 * Adds `listener` behind the others of `type`.
 * @param {string | symbol} type
 * @param {Function} listener
 */
EventEmitter.prototype.addListener = function addListener(type, listener) {
  return _addListener(this, type, listener, false);
};

EventEmitter.prototype.on = EventEmitter.prototype.addListener;

/**
 * Adds `listener` in front of the others of `type`.
 * @param {string | symbol} type
 * @param {Function} listener
 */
EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return _addListener(this, type, listener, true);
};

function wrapOnce(emitter, type, listener) {
  let fired = false;
  function wrapper(...args) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapper);
    fired = true;
    return apply(listener, emitter, args);
  }
  wrapper.listener = listener;
  return wrapper;
}

/**
 * Adds a listener that is removed before its first call.
 * @param {string | symbol} type
 * @param {Function} listener
 */
EventEmitter.prototype.once = function once(type, listener) {
  checkListener(listener);
  this.on(type, wrapOnce(this, type, listener));
  return this;
};

/**
 * Adds in front of the others a listener that is removed before its first call.
 * @param {string | symbol} type
 * @param {Function} listener
 */
EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  checkListener(listener);
  this.prependListener(type, wrapOnce(this, type, listener));
  return this;
};

// The events without `type` in a new object, or undefined where only `delete` does: symbols are not
// enumerated, so the numbers differ, and a key without listeners is left from a shape that is to be kept.
function eventsWithout(events, type, left) {
  const rest = { ...emptyEvents, __proto__: null };
  if (left === 0) return rest;
  let copied = 0;
  for (const key in events) {
    if (key === type) continue;
    const listeners = events[key];
    if (listeners === undefined) return undefined;
    rest[key] = listeners;
    copied++;
  }
  return copied === left ? rest : undefined;
}

// Forgets event `type`, whose last listener goes. `_events` may become another object.
function dropEvent(emitter, events, type) {
  const left = --emitter._eventsCount;
  if (emitter[kShapeMode]) {
    events[type] = undefined;
    return;
  }
  const rest = left <= MAX_EVENTS_TO_COPY ? eventsWithout(events, type, left) : undefined;
  if (rest === undefined) delete events[type];
  else emitter._events = rest;
}

/**
 * Removes the most recently added instance of `listener` from `type`.
 * @param {string | symbol} type
 * @param {Function} listener
 */
EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  checkListener(listener);
  const events = this._events;
  if (events === undefined) return this;
  const list = events[type];
  if (list === undefined) return this;

  if (list === listener || list.listener === listener) {
    dropEvent(this, events, type);
    if (this._events.removeListener !== undefined) {
      this.emit('removeListener', type, list.listener || listener);
    }
  } else if (typeof list !== 'function') {
    let position = list.length - 1;
    while (position >= 0 && list[position] !== listener && list[position].listener !== listener) position--;
    if (position < 0) return this;
    removeAt(events, type, list, position);
    if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
  }
  return this;
};

function removeAt(events, type, list, position) {
  if (list.length === 2) {
    events[type] = list[1 - position];
    return;
  }
  const target = (events[type] = ListenerList.mutable(list));
  if (position === 0) {
    target.shift();
  } else if (position === target.length - 1) {
    target.pop();
  } else {
    target.splice(position, 1);
  }
}

EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

function removeAnnounced(emitter, type) {
  const listeners = emitter._events[type];
  if (typeof listeners === 'function') {
    emitter.removeListener(type, listeners);
  } else if (listeners !== undefined) {
    for (let i = listeners.length - 1; i >= 0; i--) emitter.removeListener(type, listeners[i]);
  }
}

/**
 * Removes all listeners, or those of `type`, the latest first.
 * @param {string | symbol} [type]
 */
EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  const everything = arguments.length === 0;

  if (events.removeListener === undefined) {
    if (everything) {
      this._events = { ...emptyEvents, __proto__: null };
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      if (this[kShapeMode] && this._eventsCount > 1) {
        delete events[type];
        --this._eventsCount;
      } else {
        this[kShapeMode] = false;
        dropEvent(this, events, type);
      }
    }
    this[kShapeMode] = false;
    return this;
  }

  if (everything) {
    for (const key of ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    this._events = { ...emptyEvents, __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
    return this;
  }
  removeAnnounced(this, type);
  return this;
};

function unwrap(listener) {
  return listener.listener || listener;
}

/**
 * A copy of the listeners of `type`, with those of `once` as they were given.
 * @param {string | symbol} type
 * @returns {Function[]}
 */
EventEmitter.prototype.listeners = function listeners(type) {
  const list = this._events?.[type];
  if (list === undefined) return [];
  return typeof list === 'function' ? [unwrap(list)] : list.map(unwrap);
};

/**
 * A copy of the listeners of `type`, with the wrappers that `once` made.
 * @param {string | symbol} type
 * @returns {Function[]}
 */
EventEmitter.prototype.rawListeners = function rawListeners(type) {
  const list = this._events?.[type];
  if (list === undefined) return [];
  return typeof list === 'function' ? [list] : list.slice();
};

/**
 * The number of listeners of `type`, or how often `listener` is among them.
 * @param {string | symbol} type
 * @param {Function} [listener]
 */
EventEmitter.prototype.listenerCount = function listenerCount(type, listener) {
  const list = this._events?.[type];
  if (list === undefined) return 0;
  if (listener == null) return typeof list === 'function' ? 1 : list.length;
  if (typeof list === 'function') return list === listener || list.listener === listener ? 1 : 0;
  let count = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i] === listener || list[i].listener === listener) count++;
  }
  return count;
};

/** @returns {(string | symbol)[]} the events that have listeners */
EventEmitter.prototype.eventNames = function eventNames() {
  if (this._eventsCount === 0) return [];
  const events = this._events;
  return ownKeys(events).filter((name) => events[name] !== undefined);
};

Object.defineProperty(EventEmitter.prototype, kCapture, { __proto__: null, value: false, writable: true });


/**
 * Calls `listener` once, when `signal` is aborted or in a microtask if it is already, whatever others do.
 * @param {AbortSignal} signal
 * @param {(event?: Event) => void} listener
 * @returns {Disposable} removes the listener
 */
EventEmitter.addAbortListener = function addAbortListener(signal, listener) {
  return require('internal/events/abort_listener').addAbortListener(signal, listener);
};

EventEmitter.once = require('internal/events/once').once;

/**
 * Iterates over the events named `event`: each value is the array of their arguments.
 * @param {EventEmitter | EventTarget} emitter
 * @param {string | symbol} event
 * @param {object} [options] `signal`, `close`, `highWaterMark`, `lowWaterMark`
 * @returns {AsyncIterableIterator<unknown[]>}
 */
EventEmitter.on = function on(emitter, event, options = kEmptyObject) {
  return require('internal/events/async_iterator').on(emitter, event, options);
};

EventEmitter.getEventListeners = getEventListeners;
EventEmitter.getMaxListeners = getMaxListeners;
EventEmitter.listenerCount = listenerCount;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.usingDomains = false;
EventEmitter.captureRejectionSymbol = kRejection;

Object.defineProperties(EventEmitter, {
  captureRejections: {
    __proto__: null,
    get() {
      return EventEmitter.prototype[kCapture];
    },
    set(value) {
      validateBoolean(value, 'EventEmitter.captureRejections');
      EventEmitter.prototype[kCapture] = value;
    },
    enumerable: true,
  },
  EventEmitterAsyncResource: {
    __proto__: null,
    get: function lazyEventEmitterAsyncResource() {
      return require('internal/events/async_resource').EventEmitterAsyncResource;
    },
    enumerable: true,
    configurable: true,
  },
});

EventEmitter.errorMonitor = kErrorMonitor;

Object.defineProperties(EventEmitter, {
  defaultMaxListeners: {
    __proto__: null,
    get() {
      return defaultMaxListeners;
    },
    set(value) {
      validateNumber(value, 'defaultMaxListeners', 0);
      defaultMaxListeners = value;
    },
    enumerable: true,
  },
  kMaxEventTargetListeners: { __proto__: null, value: kMaxEventTargetListeners },
  kMaxEventTargetListenersWarned: { __proto__: null, value: kMaxEventTargetListenersWarned },
});

/**
 * Sets the limit of listeners of each of `eventTargets`, or the default of all.
 * @param {number} n
 * @param {...(EventEmitter | EventTarget)} eventTargets
 */
EventEmitter.setMaxListeners = function (n = defaultMaxListeners, ...eventTargets) {
  validateNumber(n, 'setMaxListeners', 0);
  if (eventTargets.length === 0) defaultMaxListeners = n;
  else setMaxListenersOf(n, eventTargets);
};

/** What the constructor does; `domain` puts its own in place. */
EventEmitter.init = function (opts) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = { ...emptyEvents, __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
  } else {
    this[kShapeMode] = true;
  }
  this._maxListeners = this._maxListeners || undefined;

  if (opts?.captureRejections) {
    validateBoolean(opts.captureRejections, 'options.captureRejections');
    this[kCapture] = opts.captureRejections;
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};
