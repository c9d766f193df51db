// The listeners of an event target: one doubly linked list for each type, in the order of registration.
'use strict';

// What keeps a weak listener alive: holder -> registration -> listener.
const listenersOfHolder = new WeakMap();
// Takes those registrations out of their lists whose listener is gone.
const collected = new FinalizationRegistry(({ target, handler, remove }) => {
  const handlerAlive = handler.deref();
  const targetAlive = target.deref();
  if (handlerAlive !== undefined && targetAlive !== undefined) remove(targetAlive, handlerAlive);
});

/** One registration. */
class Listener {
  next = undefined;
  previous = undefined;
  removed = false;
  #holder = undefined;

  /**
   * @param {string} type
   * @param {Function | object} listener
   * @param {object} options as `addEventListener` has read them; `weak` is the object that holds the listener
   */
  constructor(type, listener, options) {
    this.type = type;
    this.once = options.once;
    this.capture = options.capture;
    this.passive = options.passive;
    this.isNodeStyleListener = options.isNodeStyleListener;
    this.resistStopPropagation = options.resistStopPropagation;
    this.weak = !!options.weak;
    this.listener = this.weak ? new WeakRef(listener) : listener;
    if (this.weak) this.#hold(options.weak, listener);
  }

  /** @returns {Function | object | undefined} as given to `addEventListener`; undefined when it is gone */
  get current() {
    return this.weak ? this.listener.deref() : this.listener;
  }

  same(listener, capture) {
    return this.capture === capture && this.current === listener;
  }

  #hold(holder, listener) {
    this.#holder = new WeakRef(holder);
    const held = listenersOfHolder.get(holder);
    if (held === undefined) listenersOfHolder.set(holder, new Map([[this.listener, listener]]));
    else held.set(this.listener, listener);
  }

  /** Ends the hold of a weak listener that was removed. */
  release() {
    if (!this.weak) return;
    const holder = this.#holder.deref();
    if (holder !== undefined) listenersOfHolder.get(holder)?.delete(this.listener);
    collected.unregister(this.listener);
  }
}

/** The registrations for one type. */
class ListenerList {
  size = 0;
  next = undefined;
  last = undefined;
  /** Whether some listener is called even after `stopImmediatePropagation`. */
  resistStopPropagation = false;

  /**
   * @param {Function | object} listener as given to `addEventListener`
   * @param {boolean} capture
   * @returns {Listener | undefined}
   */
  find(listener, capture) {
    let handler = this.next;
    while (handler !== undefined && !handler.same(listener, capture)) handler = handler.next;
    return handler;
  }

  /** @param {Listener} handler not yet in a list */
  append(handler) {
    if (this.last === undefined) {
      this.next = handler;
    } else {
      this.last.next = handler;
      handler.previous = this.last;
    }
    this.last = handler;
    this.size++;
    if (handler.resistStopPropagation) this.resistStopPropagation = true;
  }

  /** Takes out `handler`, whose own `next` stays, for a dispatch that is about to look at it. */
  remove(handler) {
    if (handler.previous === undefined) this.next = handler.next;
    else handler.previous.next = handler.next;
    if (handler.next === undefined) this.last = handler.previous;
    else handler.next.previous = handler.previous;
    handler.removed = true;
    handler.release();
    this.size--;
  }
}

/**
 * Calls `remove(target, handler)` when the listener of the weak `handler` is gone.
 * @param {EventTarget} target
 * @param {Listener} handler
 * @param {(target: EventTarget, handler: Listener) => void} remove
 */
function watchWeak(target, handler, remove) {
  const heldValue = { target: new WeakRef(target), handler: new WeakRef(handler), remove };
  collected.register(handler.listener.deref(), heldValue, handler.listener);
}

module.exports = { Listener, ListenerList, watchWeak };
