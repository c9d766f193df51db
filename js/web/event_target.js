// The web interface EventTarget, and what Node's own targets add to it.
'use strict';

const {
  codes: { ERR_EVENT_RECURSION, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, kEmptyObject, kEnumerableProperty } = require('internal/util');
const {
  kValidateObjectAllowObjects,
  validateAbortSignal,
  validateObject,
} = require('internal/validators');
const { toDOMString } = require('internal/webidl');
const { kMaxEventTargetListeners, kMaxEventTargetListenersWarned } = require('internal/events/targets');
const { Listener, ListenerList, watchWeak } = require('internal/events/listener');
const {
  CustomEvent,
  Event,
  isEvent,
  isStopped,
  kInPassiveListener,
  kIsBeingDispatched,
  kTarget,
  kTrustEvent,
} = require('web/event');

const { apply } = Reflect;

const kIsEventTarget = Symbol.for('nodejs.event_target');
const kHybridDispatch = Symbol.for('nodejs.internal.kHybridDispatch');
const kEvents = Symbol('kEvents');
const kHandlers = Symbol('kHandlers');
const kCreateEvent = Symbol('kCreateEvent');
const kNewListener = Symbol('kNewListener');
const kRemoveListener = Symbol('kRemoveListener');
/** Option of `addEventListener`: an object that alone keeps the listener alive. */
const kWeakHandler = Symbol('kWeak');
/** Option of `addEventListener`: the listener is called whatever others do to the event. */
const kResistStopPropagation = Symbol('kResistStopPropagation');
/** Option of `addEventListener`: the listener takes the value of `emit`, not an event. */
const kIsNodeStyleListener = Symbol('kIsNodeStyleListener');

/**
 * @param {unknown} value
 * @returns {boolean} whether `value` is an EventTarget
 */
function isEventTarget(value) {
  return value?.constructor?.[kIsEventTarget] === true;
}

function checkThis(value) {
  if (!isEventTarget(value)) throw new ERR_INVALID_THIS('EventTarget');
}

function checkLaidOut(value) {
  if (!isEventTarget(value) || !Object.hasOwn(value, kHandlers)) throw new ERR_INVALID_THIS('EventTarget');
}

/**
 * Lays out `target`, which may be an object that a native class made.
 * @param {object} target
 */
function initEventTarget(target) {
  target[kEvents] = undefined;
  target[kMaxEventTargetListeners] = require('events').defaultMaxListeners;
  target[kMaxEventTargetListenersWarned] = false;
  target[kHandlers] = undefined;
}

const defaultListenerOptions = {
  once: false,
  capture: false,
  passive: false,
  signal: undefined,
  weak: false,
  resistStopPropagation: false,
  isNodeStyleListener: false,
};

function readListenerOptions(options) {
  if (options === kEmptyObject) return defaultListenerOptions;
  if (typeof options === 'boolean') options = { __proto__: null, capture: options };
  else if (options === null) options = kEmptyObject;
  else validateObject(options, 'options', kValidateObjectAllowObjects);
  return {
    once: !!options.once,
    capture: !!options.capture,
    passive: !!options.passive,
    signal: options.signal,
    weak: options[kWeakHandler],
    resistStopPropagation: !!options[kResistStopPropagation],
    isNodeStyleListener: !!options[kIsNodeStyleListener],
  };
}

function isListener(listener) {
  if (typeof listener === 'function' || typeof listener?.handleEvent === 'function') return true;
  if (listener === null || listener === undefined) return false;
  if (typeof listener === 'object') return true;
  throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function warnOfMissingListener(target, type, listener) {
  const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
  warning.name = 'AddEventListenerArgumentTypeWarning';
  warning.target = target;
  warning.type = type;
  process.emitWarning(warning);
}

function removeHandler(target, handler) {
  const list = target[kEvents]?.get(handler.type);
  if (list === undefined || handler.removed) return;
  const listener = handler.current;
  list.remove(handler);
  target[kRemoveListener](list.size, handler.type, listener, handler.capture);
}

function throwUncaught(error) {
  throw error;
}

// Dispatching goes on with the other listeners; the error is an uncaught exception afterwards.
function reportUncaught(error) {
  process.nextTick(throwUncaught, error);
}

function watchRejection(result) {
  const { then } = result;
  if (typeof then === 'function') then.call(result, undefined, reportUncaught);
}

// Asynchronous: what `handleEvent` throws is a rejection.
async function callHandleEvent(listener, value) {
  if (listener.handleEvent) await apply(listener.handleEvent, listener, [value]);
}

class EventTarget {
  static [kIsEventTarget] = true;

  constructor() {
    initEventTarget(this);
  }

  /** Called when a listener was added; `size` counts those of `type`. */
  [kNewListener](size, type, listener, once, capture, passive, weak) {
    const limit = this[kMaxEventTargetListeners];
    if (!(limit > 0 && size > limit) || this[kMaxEventTargetListenersWarned]) return;
    this[kMaxEventTargetListenersWarned] = true;
    const { inspect } = require('internal/util/inspect');
    const warning = new Error(
      `Possible EventTarget memory leak detected. ${size} ${type} listeners added to ` +
        `${inspect(this, { depth: -1 })}. MaxListeners is ${limit}. ` +
        'Use events.setMaxListeners() to increase limit'
    );
    warning.name = 'MaxListenersExceededWarning';
    warning.target = this;
    warning.type = type;
    warning.count = size;
    process.emitWarning(warning);
  }

  /** Called when a listener was removed; `size` counts those of `type` that are left. */
  [kRemoveListener](size, type, listener, capture) {}

  /**
   * @param {string} type
   * @param {Function | { handleEvent(event: Event): unknown }} listener
   * @param {boolean | AddEventListenerOptions} [options]
   */
  addEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');

    const read = readListenerOptions(options);
    const { signal } = read;
    validateAbortSignal(signal, 'options.signal');
    if (!isListener(listener)) {
      warnOfMissingListener(this, type, listener);
      return;
    }
    if (signal?.aborted) return;
    type = toDOMString(type);

    if (signal !== undefined) {
      signal.addEventListener('abort', () => this.removeEventListener(type, listener, options), {
        __proto__: null,
        once: true,
        [kWeakHandler]: this,
        [kResistStopPropagation]: true,
      });
    }

    this[kEvents] ??= new Map();
    let list = this[kEvents].get(type);
    if (list === undefined) {
      list = new ListenerList();
      this[kEvents].set(type, list);
    } else if (list.find(listener, read.capture) !== undefined) {
      return;
    }
    const handler = new Listener(type, listener, read);
    list.append(handler);
    if (handler.weak) watchWeak(this, handler, removeHandler);
    this[kNewListener](list.size, type, listener, read.once, read.capture, read.passive, read.weak);
  }

  /**
   * @param {string} type
   * @param {Function | { handleEvent(event: Event): unknown }} listener
   * @param {boolean | { capture?: boolean }} [options]
   */
  removeEventListener(type, listener, options = kEmptyObject) {
    checkThis(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    if (!isListener(listener)) return;
    type = toDOMString(type);
    const capture = typeof options === 'boolean' ? options : !!options?.capture;
    const list = this[kEvents]?.get(type);
    const handler = list?.find(listener, capture);
    if (handler === undefined) return;
    // With its last listener a type is forgotten here, but not where `once` removes it.
    if (list.size === 1) this[kEvents].delete(type);
    list.remove(handler);
    this[kRemoveListener](list.size, type, listener, capture);
  }

  /**
   * Calls the listeners of the event's type.
   * @param {Event} event
   * @returns {boolean} false when one of them prevented the default action
   */
  dispatchEvent(event) {
    checkThis(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('event');
    if (!isEvent(event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (event[kIsBeingDispatched]) throw new ERR_EVENT_RECURSION(event.type);
    this[kHybridDispatch](event, event.type, event);
    return event.defaultPrevented !== true;
  }

  [kHybridDispatch](nodeValue, type, event) {
    if (event !== undefined) {
      event[kTarget] = this;
      event[kIsBeingDispatched] = true;
    }
    const list = this[kEvents]?.get(type);
    let handler = list?.next;
    while (handler !== undefined) {
      // Before the call, which may add listeners: those have to wait for the next event.
      const { next } = handler;
      const isOver = event !== undefined && isStopped(event);
      if (isOver && !list.resistStopPropagation) break;
      const skipped = isOver && !handler.resistStopPropagation;
      const listener = handler.removed || skipped ? undefined : handler.current;
      if (listener !== undefined) {
        if (handler.once) removeHandler(this, handler);
        let argument = nodeValue;
        if (!handler.isNodeStyleListener) {
          if (event === undefined) {
            event = this[kCreateEvent](nodeValue, type);
            event[kTarget] = this;
            event[kIsBeingDispatched] = true;
          }
          argument = event;
        }
        if (event !== undefined) event[kInPassiveListener] = handler.passive;
        try {
          const result =
            typeof listener === 'function'
              ? apply(listener, this, [argument])
              : callHandleEvent(listener, argument);
          if (result !== undefined && result !== null) watchRejection(result);
          // As in Node, the listeners behind one that returns see the phase as over.
          if (event !== undefined) event[kIsBeingDispatched] = false;
        } catch (error) {
          reportUncaught(error);
        }
        if (event !== undefined) event[kInPassiveListener] = false;
      }
      handler = next;
    }
    if (event !== undefined) event[kIsBeingDispatched] = false;
  }

  /** Makes the event for listeners that want one when a value was emitted. */
  [kCreateEvent](nodeValue, type) {
    return new CustomEvent(type, { detail: nodeValue });
  }

  [customInspectSymbol](depth, options) {
    const { name } = this.constructor;
    if (depth < 0) return name;
    const { inspect } = require('internal/util/inspect');
    return `${name} ${inspect({}, {
      ...options,
      depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth,
    })}`;
  }
}

Object.defineProperties(EventTarget.prototype, {
  addEventListener: kEnumerableProperty,
  removeEventListener: kEnumerableProperty,
  dispatchEvent: kEnumerableProperty,
  [Symbol.toStringTag]: { __proto__: null, value: 'EventTarget', configurable: true },
});

/**
 * A copy of the listeners of `type`.
 * @param {EventTarget} target
 * @param {string} type
 * @returns {(Function | object)[]}
 */
function listenersOf(target, type) {
  const found = [];
  for (let handler = target[kEvents]?.get(type)?.next; handler !== undefined; handler = handler.next) {
    const listener = handler.current;
    if (listener !== undefined) found.push(listener);
  }
  return found;
}

function createEventHandler(initialHandler) {
  // The place of the first handler is kept when another one is set.
  function eventHandler(...args) {
    if (typeof eventHandler.handler !== 'function') return undefined;
    return apply(eventHandler.handler, this, args);
  }
  eventHandler.handler = initialHandler;
  return eventHandler;
}

// A handler that is not set keeps its place in the list, but does not count as a listener.
function replaceHandler(target, event, wrapped, handler) {
  const list = target[kEvents]?.get(event);
  if (typeof wrapped.handler === 'function' && list !== undefined) {
    list.size--;
    target[kRemoveListener](list.size, event, wrapped.handler, false);
  }
  wrapped.handler = handler;
  if (typeof handler !== 'function') return;
  if (list === undefined) {
    target.addEventListener(event, wrapped);
  } else {
    list.size++;
    target[kNewListener](list.size, event, handler, false, false, false, false);
  }
}

/**
 * Gives `target` the property `on<name>`, an event handler of the type `event`.
 * @param {object} target an event target, or a prototype of such
 * @param {string} name
 * @param {string} [event]
 */
function defineEventHandler(target, name, event = name) {
  const property = `on${name}`;
  const accessors = {
    get() {
      checkLaidOut(this);
      return this[kHandlers]?.get(event)?.handler ?? null;
    },
    set(value) {
      checkLaidOut(this);
      const isHandler = typeof value === 'function' || typeof value === 'object';
      const handler = isHandler ? value : null;
      this[kHandlers] ??= new Map();
      const wrapped = this[kHandlers].get(event);
      if (wrapped !== undefined) {
        replaceHandler(this, event, wrapped, handler);
      } else {
        const created = createEventHandler(handler);
        this.addEventListener(event, created);
        this[kHandlers].set(event, created);
      }
    },
  };
  for (const kind of ['get', 'set']) {
    const value = `${kind} ${property}`;
    Object.defineProperty(accessors[kind], 'name', { __proto__: null, value, configurable: true });
  }
  Object.defineProperty(target, property, {
    __proto__: null,
    ...accessors,
    configurable: true,
    enumerable: true,
  });
}

module.exports = {
  CustomEvent,
  defineEventHandler,
  Event,
  EventTarget,
  initEventTarget,
  isEventTarget,
  kCreateEvent,
  kEvents,
  kHybridDispatch,
  kIsNodeStyleListener,
  kNewListener,
  kRemoveListener,
  kResistStopPropagation,
  kTarget,
  kTrustEvent,
  kWeakHandler,
  listenersOf,
};

// It extends EventTarget, so it comes after it.
module.exports.NodeEventTarget = require('internal/events/node_event_target').NodeEventTarget;
