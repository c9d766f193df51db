// The web interface BroadcastChannel: a message goes to all channels of the same name, in all threads.
'use strict';

const {
  codes: { ERR_INVALID_THIS, ERR_MISSING_ARGS },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { EventTarget, defineEventHandler, kCreateEvent } = require('web/event_target');
const { createMessageEvent } = require('web/message_event');
const { prepare } = require('web/structured_clone');

const binding = internalBinding('messaging');

class BroadcastChannel extends EventTarget {
  #name;
  #handle;

  /** @param {string} name */
  constructor(name) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
    super();
    this.#name = `${name}`;
    prepare();
    binding.join(this.#name);
    this.#handle = new binding.PortHandle();
    this.#handle.owner = this;
    this.#handle.isOpen = true;
    this.#handle.endsAtOnce = true;
    this.#handle.start();
  }

  [customInspectSymbol](depth, options) {
    check(this);
    if (depth < 0) return 'BroadcastChannel';
    const { inspect } = require('internal/util/inspect');
    const shown = { name: this.#name, active: this.#handle.isOpen };
    return `BroadcastChannel ${inspect(shown, {
      ...options,
      depth: options.depth === null ? null : options.depth - 1,
    })}`;
  }

  get name() {
    check(this);
    return this.#name;
  }

  close() {
    check(this);
    if (!this.#handle.isOpen) return;
    this.#handle.isOpen = false;
    this.#handle.close();
  }

  /** @param {any} message */
  postMessage(message) {
    check(this);
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('message');
    if (!this.#handle.isOpen) {
      const { DOMException } = require('web/dom_exception');
      throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    }
    this.#handle.post(message);
  }

  /** Keeps the event loop alive, which it does from the start. */
  ref() {
    check(this);
    if (this.#handle.isOpen) this.#handle.ref();
    return this;
  }

  unref() {
    check(this);
    if (this.#handle.isOpen) this.#handle.unref();
    return this;
  }

  static handleOf(value) {
    return #handle in value ? value.#handle : undefined;
  }
}

/**
 * @param {object} value
 * @returns {object | undefined} the native half of a channel; undefined for other objects
 */
const channelHandle = BroadcastChannel.handleOf;
delete BroadcastChannel.handleOf;

function check(value) {
  if (typeof value !== 'object' || value === null || channelHandle(value) === undefined) {
    throw new ERR_INVALID_THIS('BroadcastChannel');
  }
}

Object.defineProperty(BroadcastChannel.prototype, kCreateEvent, {
  value: (data, type) => createMessageEvent(type, data),
});

Object.defineProperties(BroadcastChannel.prototype, {
  name: kEnumerableProperty,
  close: kEnumerableProperty,
  postMessage: kEnumerableProperty,
});
defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');

module.exports = { BroadcastChannel, channelHandle };
