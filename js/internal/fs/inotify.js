// The system's news of changed files: one native handle, whose events go to all who watch.
'use strict';

const asyncContext = require('internal/async_context');

const binding = internalBinding('fs');

/** The native handle, as long as anybody watches. */
let inotify = null;
/** Those who watch, by the number of the system's watch; several may share one. */
const subscriptions = new Map();
let subscribed = 0;
let referenced = 0;

function updateReference() {
  if (referenced > 0) inotify.ref();
  else inotify.unref();
}

/** Opens the native handle; returns 0 or a negative error number. */
function open() {
  const handle = new binding.Inotify();
  const status = handle.open();
  if (status < 0) {
    handle.close();
    return status;
  }
  handle.unref();
  handle.onevent = distribute;
  inotify = handle;
  return 0;
}

function distribute(watch, isRename, name) {
  const receivers = subscriptions.get(watch);
  if (receivers === undefined) return;
  if (receivers.length === 1) receivers[0].receive(isRename, name);
  else tellFrom(receivers.slice(), 0, isRename, name);
}

/** Tells each one, also after one that throws. */
function tellFrom(receivers, index, isRename, name) {
  try {
    receivers[index].receive(isRename, name);
  } finally {
    if (++index < receivers.length) tellFrom(receivers, index, isRename, name);
  }
}

/** A path that is watched, from `start` to `close`; it keeps the event loop alive unless unreferenced. */
class Subscription {
  #listener;
  #context = asyncContext.active ? asyncContext.current() : undefined;
  #watch = -1;
  #referenced = true;

  /**
   * @param {(isRename: boolean, name: string | undefined) => void} listener `name` has one character for
   *   each byte of the entry's name; undefined where the path itself has changed
   */
  constructor(listener) {
    this.#listener = listener;
  }

  /** @returns {boolean} whether it watches */
  get isActive() {
    return this.#watch !== -1;
  }

  /**
   * @param {string | Buffer} path
   * @returns {number} 0, or a negative error number
   */
  start(path) {
    if (inotify === null) {
      const status = open();
      if (status < 0) return status;
    }
    const watch = inotify.add(path);
    if (watch < 0) {
      closeIfUnused();
      return watch;
    }
    this.#watch = watch;
    const others = subscriptions.get(watch);
    if (others === undefined) subscriptions.set(watch, [this]);
    else others.push(this);
    subscribed++;
    if (this.#referenced) {
      referenced++;
      updateReference();
    }
    return 0;
  }

  /** Called for each change. */
  receive(isRename, name) {
    if (this.#watch === -1) return;
    if (this.#context === undefined) this.#listener(isRename, name);
    else asyncContext.run(this.#context, this.#listener, [isRename, name]);
  }

  #setReferenced(value) {
    if (this.#referenced === value) return;
    this.#referenced = value;
    if (!this.isActive) return;
    referenced += value ? 1 : -1;
    updateReference();
  }

  /** Keeps the event loop alive. */
  ref() {
    this.#setReferenced(true);
  }

  /** Lets the event loop end. */
  unref() {
    this.#setReferenced(false);
  }

  /** Ends the watching; nothing is told afterwards. */
  close() {
    if (!this.isActive) return;
    const watch = this.#watch;
    this.#watch = -1;
    const receivers = subscriptions.get(watch);
    receivers.splice(receivers.indexOf(this), 1);
    if (receivers.length === 0) {
      subscriptions.delete(watch);
      inotify.remove(watch);
    }
    subscribed--;
    if (this.#referenced) {
      referenced--;
      updateReference();
    }
    closeIfUnused();
  }
}

function closeIfUnused() {
  if (subscribed > 0) return;
  inotify.close();
  inotify = null;
}

module.exports = { Subscription };
