// NodeEventTarget: an EventTarget that also has the commonest methods of an EventEmitter, as MessagePort has.
'use strict';

const {
  codes: { ERR_INVALID_THIS },
} = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { validateString } = require('internal/validators');
const { kMaxEventTargetListeners } = require('internal/events/targets');
const { EventTarget, kEvents, kHybridDispatch, kIsNodeStyleListener } = require('web/event_target');

const kIsNodeEventTarget = Symbol('kIsNodeEventTarget');

function checkThis(value) {
  if (!value?.constructor?.[kIsNodeEventTarget]) throw new ERR_INVALID_THIS('NodeEventTarget');
}

class NodeEventTarget extends EventTarget {
  static [kIsNodeEventTarget] = true;

  static defaultMaxListeners = 10;

  /** @param {number} n limit of listeners of one type above which a leak is reported */
  setMaxListeners(n) {
    checkThis(this);
    require('events').setMaxListeners(n, this);
  }

  /** @returns {number} */
  getMaxListeners() {
    checkThis(this);
    return this[kMaxEventTargetListeners];
  }

  /** @returns {string[]} the types that have listeners */
  eventNames() {
    checkThis(this);
    return this[kEvents] === undefined ? [] : [...this[kEvents].keys()];
  }

  /**
   * @param {string} type
   * @returns {number}
   */
  listenerCount(type) {
    checkThis(this);
    return this[kEvents]?.get(String(type))?.size ?? 0;
  }

  /**
   * @param {string} type
   * @param {Function | object} listener
   * @param {EventListenerOptions} [options]
   */
  off(type, listener, options) {
    checkThis(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  /**
   * @param {string} type
   * @param {Function | object} listener
   * @param {EventListenerOptions} [options]
   */
  removeListener(type, listener, options) {
    checkThis(this);
    this.removeEventListener(type, listener, options);
    return this;
  }

  /**
   * Adds a listener that is called with the value given to `emit`.
   * @param {string} type
   * @param {Function | object} listener
   */
  on(type, listener) {
    checkThis(this);
    this.addEventListener(type, listener, { __proto__: null, [kIsNodeStyleListener]: true });
    return this;
  }

  /**
   * Adds a listener that is called with the value given to `emit`.
   * @param {string} type
   * @param {Function | object} listener
   */
  addListener(type, listener) {
    checkThis(this);
    this.addEventListener(type, listener, { __proto__: null, [kIsNodeStyleListener]: true });
    return this;
  }

  /**
   * Calls the listeners with `arg`, or with the event that the target's class makes of it.
   * @param {string} type
   * @param {unknown} arg
   * @returns {boolean} whether there were any
   */
  emit(type, arg) {
    checkThis(this);
    validateString(type, 'type');
    const hadListeners = this.listenerCount(type) > 0;
    this[kHybridDispatch](arg, type);
    return hadListeners;
  }

  /**
   * Adds a listener that is called once, with the value given to `emit`.
   * @param {string} type
   * @param {Function | object} listener
   */
  once(type, listener) {
    checkThis(this);
    this.addEventListener(type, listener, { __proto__: null, once: true, [kIsNodeStyleListener]: true });
    return this;
  }

  /** @param {string} [type] all types when it is not given */
  removeAllListeners(type) {
    checkThis(this);
    if (this[kEvents] === undefined) return this;
    if (type === undefined) this[kEvents].clear();
    else this[kEvents].delete(String(type));
    return this;
  }
}

Object.defineProperties(NodeEventTarget.prototype, {
  setMaxListeners: kEnumerableProperty,
  getMaxListeners: kEnumerableProperty,
  eventNames: kEnumerableProperty,
  listenerCount: kEnumerableProperty,
  off: kEnumerableProperty,
  removeListener: kEnumerableProperty,
  on: kEnumerableProperty,
  addListener: kEnumerableProperty,
  once: kEnumerableProperty,
  emit: kEnumerableProperty,
  removeAllListeners: kEnumerableProperty,
});

module.exports = { NodeEventTarget };
