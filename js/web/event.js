// The web interfaces Event and CustomEvent.
'use strict';

const {
  codes: { ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { validateObject } = require('internal/validators');
const { now } = require('internal/perf/utils');

const kType = Symbol('type');
const kTarget = Symbol('kTarget');
const kIsBeingDispatched = Symbol('kIsBeingDispatched');
const kInPassiveListener = Symbol('kInPassiveListener');
const kDetail = Symbol('detail');
/** Option of the constructor that makes `isTrusted` true. */
const kTrustEvent = Symbol('kTrustEvent');

/**
 * @param {unknown} value
 * @returns {boolean} whether `value` is an Event
 */
function isEvent(value) {
  return typeof value?.[kType] === 'string';
}

function checkThis(value) {
  if (!isEvent(value)) throw new ERR_INVALID_THIS('Event');
}

const CANCELABLE = 1;
const BUBBLES = 2;
const COMPOSED = 4;
const TRUSTED = 8;
const DEFAULT_PREVENTED = 16;
const PROPAGATION_STOPPED = 32;
const STOPPED = 64;

function isSet(flags, wanted) {
  return (flags & wanted) === wanted;
}

class Event {
  #flags = 0;
  #timestamp;

  /**
   * @param {string} type
   * @param {{ bubbles?: boolean, cancelable?: boolean, composed?: boolean }} [options]
   */
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    if (options != null) {
      validateObject(options, 'options');
      this.#flags =
        (options.bubbles ? BUBBLES : 0) |
        (options.cancelable ? CANCELABLE : 0) |
        (options.composed ? COMPOSED : 0) |
        (options[kTrustEvent] ? TRUSTED : 0);
    }
    this[kType] = `${type}`;
    this.#timestamp = now();
    this[kTarget] = null;
    this[kIsBeingDispatched] = false;
    this[kInPassiveListener] = false;
  }

  /** Superseded by the constructor's arguments. */
  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    checkThis(this);
    if (this[kIsBeingDispatched]) return;
    this[kType] = `${type}`;
    this.#flags &= ~(BUBBLES | CANCELABLE);
    this.#flags |= (bubbles ? BUBBLES : 0) | (cancelable ? CANCELABLE : 0);
  }

  stopImmediatePropagation() {
    checkThis(this);
    // Listeners are all on one target: stopping propagation alone has no effect.
    this.#flags |= PROPAGATION_STOPPED | STOPPED;
  }

  preventDefault() {
    checkThis(this);
    if (this.#flags & CANCELABLE && !this[kInPassiveListener]) this.#flags |= DEFAULT_PREVENTED;
  }

  get target() {
    checkThis(this);
    return this[kTarget];
  }

  get currentTarget() {
    checkThis(this);
    return this[kIsBeingDispatched] ? this[kTarget] : null;
  }

  get srcElement() {
    checkThis(this);
    return this[kTarget];
  }

  get type() {
    checkThis(this);
    return this[kType];
  }

  get cancelable() {
    checkThis(this);
    return isSet(this.#flags, CANCELABLE);
  }

  get defaultPrevented() {
    checkThis(this);
    return isSet(this.#flags, CANCELABLE | DEFAULT_PREVENTED);
  }

  get timeStamp() {
    checkThis(this);
    return this.#timestamp;
  }

  /** @returns {EventTarget[]} the target while the event is dispatched */
  composedPath() {
    checkThis(this);
    return this[kIsBeingDispatched] ? [this[kTarget]] : [];
  }

  get returnValue() {
    checkThis(this);
    return !isSet(this.#flags, CANCELABLE | DEFAULT_PREVENTED);
  }

  set returnValue(value) {
    checkThis(this);
    if (!value) this.preventDefault();
  }

  get bubbles() {
    checkThis(this);
    return isSet(this.#flags, BUBBLES);
  }

  get composed() {
    checkThis(this);
    return isSet(this.#flags, COMPOSED);
  }

  get eventPhase() {
    checkThis(this);
    return this[kIsBeingDispatched] ? Event.AT_TARGET : Event.NONE;
  }

  get cancelBubble() {
    checkThis(this);
    return isSet(this.#flags, PROPAGATION_STOPPED);
  }

  set cancelBubble(value) {
    checkThis(this);
    if (value) this.#flags |= PROPAGATION_STOPPED;
  }

  stopPropagation() {
    checkThis(this);
    this.#flags |= PROPAGATION_STOPPED;
  }

  get isTrusted() {
    return #flags in this && isSet(this.#flags, TRUSTED);
  }

  [customInspectSymbol](depth, options) {
    checkThis(this);
    const { name } = this.constructor;
    if (depth < 0) return name;
    const { inspect } = require('internal/util/inspect');
    const shown = {
      type: this[kType],
      defaultPrevented: isSet(this.#flags, DEFAULT_PREVENTED),
      cancelable: this.cancelable,
      timeStamp: this.#timestamp,
    };
    return `${name} ${inspect(shown, {
      ...options,
      depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth,
    })}`;
  }

  static isStopped(event) {
    return isSet(event.#flags, STOPPED);
  }

  static NONE = 0;
  static CAPTURING_PHASE = 1;
  static AT_TARGET = 2;
  static BUBBLING_PHASE = 3;
}

/**
 * @param {Event} event
 * @returns {boolean} whether no further listener may be called
 */
const { isStopped } = Event;
delete Event.isStopped;

const phase = { __proto__: null, enumerable: true, writable: false, configurable: false };
Object.defineProperties(Event, {
  NONE: phase,
  CAPTURING_PHASE: phase,
  AT_TARGET: phase,
  BUBBLING_PHASE: phase,
});

Object.defineProperties(Event.prototype, {
  [Symbol.toStringTag]: { __proto__: null, value: 'Event', configurable: true },
  initEvent: kEnumerableProperty,
  stopImmediatePropagation: kEnumerableProperty,
  preventDefault: kEnumerableProperty,
  target: kEnumerableProperty,
  currentTarget: kEnumerableProperty,
  srcElement: kEnumerableProperty,
  type: kEnumerableProperty,
  cancelable: kEnumerableProperty,
  defaultPrevented: kEnumerableProperty,
  timeStamp: kEnumerableProperty,
  composedPath: kEnumerableProperty,
  returnValue: kEnumerableProperty,
  bubbles: kEnumerableProperty,
  composed: kEnumerableProperty,
  eventPhase: kEnumerableProperty,
  cancelBubble: kEnumerableProperty,
  stopPropagation: kEnumerableProperty,
  isTrusted: { __proto__: null, enumerable: true, configurable: false },
});

class CustomEvent extends Event {
  /**
   * @param {string} type
   * @param {EventInit & { detail?: unknown }} [options]
   */
  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    super(type, options);
    this[kDetail] = options?.detail ?? null;
  }

  get detail() {
    if (!(kDetail in Object(this))) throw new ERR_INVALID_THIS('CustomEvent');
    return this[kDetail];
  }
}

Object.defineProperties(CustomEvent.prototype, {
  [Symbol.toStringTag]: { __proto__: null, value: 'CustomEvent', configurable: true },
  detail: kEnumerableProperty,
});

module.exports = {
  CustomEvent,
  Event,
  isEvent,
  isStopped,
  kInPassiveListener,
  kIsBeingDispatched,
  kTarget,
  kTrustEvent,
};
