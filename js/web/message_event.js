// The web interface MessageEvent: a message that has come to a port.
'use strict';

const {
  codes: { ERR_INVALID_THIS },
} = require('internal/errors');
const { kTransferMode, kUncloneable } = require('internal/transferable');
const { kEnumerableProperty } = require('internal/util');
const { Event } = require('web/event');

const noPorts = Object.freeze([]);

/** The key of the constructor for messages of the runtime's own. */
const kReceived = Symbol('kReceived');

function toText(value, fallback) {
  if (value === undefined) return fallback;
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return `${value}`;
}

function isPort(value) {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && require('internal/messaging').portHandle(value) !== undefined;
}

function toPorts(value) {
  if (value === undefined) return noPorts;
  const of = 'MessageEvent constructor: eventInitDict.ports';
  if (value === null || typeof value !== 'object' || typeof value[Symbol.iterator] !== 'function') {
    throw new TypeError(`${of} (${describe(value)}) is not iterable.`);
  }
  const ports = [...value];
  ports.forEach((port, i) => {
    if (!isPort(port)) throw notAPort(`eventInitDict.ports[${i}]`, port);
  });
  return Object.freeze(ports);
}

function describe(value) {
  const { inspect } = require('internal/util/inspect');
  return typeof value === 'object' && value !== null ? inspect(value) : String(value);
}

function notAPort(name, value) {
  return new TypeError(
    `MessageEvent constructor: Expected ${name} ("${describe(value)}") to be an instance of MessagePort.`
  );
}

class MessageEvent extends Event {
  #data = null;
  #origin = '';
  #lastEventId = '';
  #source = null;
  #ports = noPorts;

  /**
   * @param {string} type
   * @param {{ data?: any, origin?: string, lastEventId?: string, source?: MessagePort, ports?: MessagePort[] }} [init]
   */
  constructor(type, init = undefined) {
    if (arguments.length === 0) {
      throw new TypeError('MessageEvent constructor: 1 argument required, but 0 found.');
    }
    if (init === kReceived) {
      super(type);
      return;
    }
    if (init !== null && init !== undefined && typeof init !== 'object' && typeof init !== 'function') {
      throw new TypeError(`MessageEvent constructor: Expected ${describe(init)} to be one of: Null, Undefined, Object.`);
    }
    super(type, init);
    this[kTransferMode] = kUncloneable;
    if (init === undefined || init === null) return;
    const { data, lastEventId, origin, ports, source } = init;
    if (data !== undefined) this.#data = data;
    this.#lastEventId = toText(lastEventId, '');
    this.#origin = toText(origin, '');
    this.#ports = toPorts(ports);
    if (source !== undefined && source !== null) {
      if (!isPort(source)) throw notAPort('eventInitDict.source', source);
      this.#source = source;
    }
  }

  get data() {
    check(this);
    return this.#data;
  }

  get origin() {
    check(this);
    return this.#origin;
  }

  get lastEventId() {
    check(this);
    return this.#lastEventId;
  }

  get source() {
    check(this);
    return this.#source;
  }

  get ports() {
    check(this);
    return this.#ports;
  }

  /** Superseded by the constructor's arguments. */
  initMessageEvent(
    type, bubbles = false, cancelable = false, data = null, origin = '', lastEventId = '', source = null, ports = []
  ) {
    check(this);
    this.initEvent(type, bubbles, cancelable);
    this.#data = data;
    this.#origin = toText(origin, '');
    this.#lastEventId = toText(lastEventId, '');
    this.#source = source;
    this.#ports = toPorts(ports);
  }

  static isMessageEvent(value) {
    return typeof value === 'object' && value !== null && #data in value;
  }

  static create(type, data, ports) {
    const event = new MessageEvent(type, kReceived);
    event.#data = data;
    if (ports !== undefined) event.#ports = ports;
    return event;
  }
}

const { isMessageEvent } = MessageEvent;
delete MessageEvent.isMessageEvent;

/**
 * The event of a message that has come.
 * @param {string} type
 * @param {any} data
 * @param {MessagePort[]} [ports]
 * @returns {MessageEvent}
 */
const createMessageEvent = MessageEvent.create;
delete MessageEvent.create;

function check(value) {
  if (isMessageEvent(value)) return;
  const error = new ERR_INVALID_THIS('MessageEvent');
  error.message = 'Illegal invocation';
  throw error;
}

Object.defineProperties(MessageEvent.prototype, {
  [Symbol.toStringTag]: { __proto__: null, value: 'MessageEvent', configurable: true },
  data: kEnumerableProperty,
  origin: kEnumerableProperty,
  lastEventId: kEnumerableProperty,
  source: kEnumerableProperty,
  ports: kEnumerableProperty,
  initMessageEvent: kEnumerableProperty,
});

module.exports = { MessageEvent, createMessageEvent };
