// Functions of `events` that accept an emitter as well as an event target.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');

/** Key of an event target's limit of listeners. */
const kMaxEventTargetListeners = Symbol('events.maxEventTargetListeners');
/** Key of the mark that an event target has reported a leak. */
const kMaxEventTargetListenersWarned = Symbol('events.maxEventTargetListenersWarned');

/**
 * A copy of the listeners of `type`.
 * @param {EventEmitter | EventTarget} emitterOrTarget
 * @param {string | symbol} type
 * @returns {Function[]}
 */
function getEventListeners(emitterOrTarget, type) {
  if (typeof emitterOrTarget.listeners === 'function') return emitterOrTarget.listeners(type);
  const { isEventTarget, listenersOf } = require('web/event_target');
  if (isEventTarget(emitterOrTarget)) return listenersOf(emitterOrTarget, type);
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitterOrTarget);
}

/**
 * The limit of listeners above which a leak is reported.
 * @param {EventEmitter | EventTarget} emitterOrTarget
 * @returns {number}
 */
function getMaxListeners(emitterOrTarget) {
  if (typeof emitterOrTarget?.getMaxListeners === 'function') return emitterOrTarget.getMaxListeners();
  const limit = emitterOrTarget?.[kMaxEventTargetListeners];
  if (limit !== undefined) return limit;
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitterOrTarget);
}

/**
 * The number of listeners of `type`.
 * @param {EventEmitter | EventTarget} emitterOrTarget
 * @param {string | symbol} type
 * @returns {number}
 */
function listenerCount(emitterOrTarget, type) {
  if (typeof emitterOrTarget.listenerCount === 'function') return emitterOrTarget.listenerCount(type);
  const { isEventTarget, listenersOf } = require('web/event_target');
  if (isEventTarget(emitterOrTarget)) return listenersOf(emitterOrTarget, type).length;
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], emitterOrTarget);
}

/**
 * Sets the limit of listeners of each of `targets`.
 * @param {number} n
 * @param {(EventEmitter | EventTarget)[]} targets
 */
function setMaxListenersOf(n, targets) {
  const { isEventTarget } = require('web/event_target');
  for (const target of targets) {
    if (isEventTarget(target)) {
      target[kMaxEventTargetListeners] = n;
      target[kMaxEventTargetListenersWarned] = false;
    } else if (typeof target.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else {
      throw new ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
    }
  }
}

/**
 * Adds a listener to an emitter or an event target.
 * @param {EventEmitter | EventTarget} emitter
 * @param {string | symbol} name
 * @param {Function} listener
 * @param {AddEventListenerOptions} [options] of `addEventListener`; an emitter knows only `once`
 */
function addListenerTo(emitter, name, listener, options) {
  if (typeof emitter.on === 'function') {
    if (options?.once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === 'function') {
    emitter.addEventListener(name, listener, options);
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

/**
 * Removes a listener from an emitter or an event target.
 * @param {EventEmitter | EventTarget} emitter
 * @param {string | symbol} name
 * @param {Function} listener
 */
function removeListenerFrom(emitter, name, listener) {
  if (typeof emitter.removeListener === 'function') {
    emitter.removeListener(name, listener);
  } else if (typeof emitter.removeEventListener === 'function') {
    emitter.removeEventListener(name, listener);
  } else {
    throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

module.exports = {
  addListenerTo,
  getEventListeners,
  getMaxListeners,
  kMaxEventTargetListeners,
  kMaxEventTargetListenersWarned,
  listenerCount,
  removeListenerFrom,
  setMaxListenersOf,
};
