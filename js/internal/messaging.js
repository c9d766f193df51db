// Channels: pairs of ports over which messages travel between threads, or within one.
'use strict';

const {
  codes: { ERR_CONSTRUCT_CALL_INVALID, ERR_CONSTRUCT_CALL_REQUIRED },
} = require('internal/errors');
const { customInspectSymbol, kEnumerableProperty } = require('internal/util');
const { kTransferable, kTransferMode } = require('internal/transferable');
const { prepare } = require('web/structured_clone');
const hooks = require('internal/async_hooks');
const { createMessageEvent } = require('web/message_event');
const {
  EventTarget,
  NodeEventTarget,
  defineEventHandler,
  initEventTarget,
  kCreateEvent,
  kHybridDispatch,
  kNewListener,
  kRemoveListener,
} = require('web/event_target');

const binding = internalBinding('messaging');

/** Key of the ports that have come with the message that is being dispatched. */
const kCurrentlyReceivingPorts = Symbol('nodejs.internal.kCurrentlyReceivingPorts');

function MessagePort() {
  throw new ERR_CONSTRUCT_CALL_INVALID();
}

/** Gives the object that a constructor returns to it private fields. */
class Stamp extends function(object) {
  return object;
} {}

/** The native half of a port, as a private field of an object that no constructor has made. */
class Held extends Stamp {
  #handle;

  constructor(port, handle) {
    super(port);
    this.#handle = handle;
  }

  static of(port) {
    return #handle in port ? port.#handle : undefined;
  }
}

/**
 * @param {object} port
 * @returns {object | undefined} the native half of a port; undefined for other objects
 */
const portHandle = Held.of;

function handleOf(port) {
  const handle = typeof port === 'object' && port !== null ? Held.of(port) : undefined;
  if (handle === undefined) throw new TypeError('Illegal invocation');
  return handle;
}

/** Ties a native half to the object that stands for it. */
function holdHandle(port, handle) {
  handle.unref();
  new Held(port, handle);
  handle.owner = port;
  handle.isOpen = true;
  handle.onclose = closeOwner;
  if (hooks.state.tracking) {
    handle.asyncId = hooks.newAsyncId();
    handle.triggerId = hooks.triggerIdOfNewWork();
    if (hooks.state.init > 0) hooks.emitInit(handle.asyncId, 'MESSAGEPORT', handle.triggerId, port);
  }
  port[kTransferMode] = kTransferable;
  return handle;
}

/**
 * Makes the port of the next end that waits for one.
 * @param {object} [global]  of the context it shall belong to, where that is not the main one
 * @returns {object}
 */
function createPort(global = undefined) {
  if (global !== undefined) return require('internal/messaging/foreign_port').createForeignPort(global);
  const port = Object.create(MessagePort.prototype);
  holdHandle(port, new binding.PortHandle());
  initEventTarget(port);
  port[kCurrentlyReceivingPorts] = undefined;
  return port;
}

/** The other end has been closed: the receiver is a handle. */
function closeOwner() {
  closeHandle(this);
}

function closeHandle(handle) {
  if (!handle.isOpen) return;
  handle.isOpen = false;
  handle.close(announceClose);
}

/** Closes a port of any context. */
function closePort(port) {
  closeHandle(handleOf(port));
}

function coded(message, code) {
  const error = new TypeError(message);
  error.code = code;
  return error;
}

/** The items of an iterable; the error of what is none is the same wherever it falls short. */
function toList(value, message) {
  const isObject = (object) => (typeof object === 'object' && object !== null) || typeof object === 'function';
  const method = isObject(value) ? value[Symbol.iterator] : undefined;
  const iterator = typeof method === 'function' ? Reflect.apply(method, value, []) : undefined;
  const next = isObject(iterator) ? iterator.next : undefined;
  if (typeof next !== 'function') throw coded(message, 'ERR_INVALID_ARG_TYPE');
  const items = [];
  for (;;) {
    const step = Reflect.apply(next, iterator, []);
    if (!isObject(step)) throw coded(message, 'ERR_INVALID_ARG_TYPE');
    if (step.done) return items;
    items.push(step.value);
  }
}

/**
 * @param {unknown} transferOrOptions  the second argument of `postMessage()`
 * @returns {Iterable<object> | undefined} the transfer list
 */
function toTransferList(transferOrOptions) {
  if (transferOrOptions === undefined || transferOrOptions === null) return undefined;
  const message = 'Optional transferList argument must be an iterable';
  if (typeof transferOrOptions !== 'object') throw coded(message, 'ERR_INVALID_ARG_TYPE');
  if (transferOrOptions[Symbol.iterator] !== undefined) return toList(transferOrOptions, message);
  const { transfer } = transferOrOptions;
  if (transfer === undefined) return undefined;
  return toList(transfer, 'Optional options.transfer argument must be an iterable');
}

/**
 * Posts a message with what is handed over.
 * @param {object} handle
 * @param {unknown} message
 * @param {Iterable<object>} list
 * @param {object} [source] the port of the handle
 */
function postWithTransfers(handle, message, list, source = undefined) {
  const { Transfers } = require('internal/messaging/transfer_list');
  const transfers = new Transfers(source);
  for (const object of list) transfers.add(object);
  const { buffers, objects, handles } = transfers;
  const toItself = handle.post(message, buffers, objects, handles);
  transfers.leave();
  if (toItself) {
    process.emitWarning('The target port was posted to itself, and the communication channel was lost');
    handle.owner.close();
  }
}

class PortMethods {
  /**
   * @param {unknown} message
   * @param {Iterable<object> | { transfer?: Iterable<object> }} [transferList]
   * @returns {true}
   */
  postMessage() {
    const handle = handleOf(this);
    if (arguments.length === 0) throw coded('Not enough arguments to MessagePort.postMessage', 'ERR_MISSING_ARGS');
    const list = arguments.length === 1 ? undefined : toTransferList(arguments[1]);
    if (list === undefined) handle.post(arguments[0]);
    else postWithTransfers(handle, arguments[0], list, this);
    return true;
  }

  /** Delivers messages from now on. */
  start() {
    const handle = handleOf(this);
    if (handle.isOpen && handle.isAttached()) handle.start();
  }

  /** Closes both ends. */
  close(callback = undefined) {
    const handle = handleOf(this);
    if (typeof callback === 'function') this.once('close', callback);
    closeHandle(handle);
  }

  /** Keeps the event loop alive. */
  ref() {
    const handle = handleOf(this);
    if (handle.isOpen) handle.ref();
  }

  unref() {
    const handle = handleOf(this);
    if (handle.isOpen) handle.unref();
  }

  hasRef() {
    const handle = handleOf(this);
    return !handle.isClosed && handle.hasRef();
  }
}

/** The receiver is a handle. */
function announceClose() {
  const { Event } = require('web/event');
  this.isClosed = true;
  if (this.asyncId !== undefined) hooks.emitDestroy(this.asyncId);
  if (this.factory === undefined) this.owner.dispatchEvent(new Event('close'));
}

const methods = Object.getOwnPropertyDescriptors(PortMethods.prototype);
delete methods.constructor;

MessagePort.prototype = Object.create(NodeEventTarget.prototype);
Object.setPrototypeOf(MessagePort, NodeEventTarget);
for (const name of ['postMessage', 'start']) {
  Object.defineProperty(MessagePort.prototype, name, { ...methods[name], enumerable: true });
}
Object.defineProperty(MessagePort.prototype, 'constructor', { value: MessagePort, configurable: true, writable: true });
for (const name of ['ref', 'unref', 'hasRef']) {
  Object.defineProperty(MessagePort.prototype, name, { ...methods[name], enumerable: true });
}
defineEventHandler(MessagePort.prototype, 'message');
defineEventHandler(MessagePort.prototype, 'messageerror');
Object.defineProperty(MessagePort.prototype, 'close', { ...methods.close, ...kEnumerableProperty });

/** What listeners that want an event get. */
MessagePort.prototype[kCreateEvent] = function(data, type) {
  if (type !== 'message' && type !== 'messageerror') {
    return Reflect.apply(NodeEventTarget.prototype[kCreateEvent], this, [data, type]);
  }
  return createMessageEvent(type, data, this[kCurrentlyReceivingPorts]);
};

// A listener of messages starts the port and keeps the loop alive; without one, messages wait.
MessagePort.prototype[kNewListener] = function(size, type, ...rest) {
  Reflect.apply(EventTarget.prototype[kNewListener], this, [size, type, ...rest]);
  if (type !== 'message' || size !== 1) return;
  this.ref();
  this.start();
};

MessagePort.prototype[kRemoveListener] = function(size, type) {
  if (type !== 'message' || size !== 0) return;
  const handle = handleOf(this);
  if (!handle.isOpen) return;
  handle.unref();
  handle.stop();
};

Object.defineProperty(MessagePort.prototype, customInspectSymbol, {
  value(depth, options) {
    const { inspect } = require('internal/util/inspect');
    const handle = Held.of(this);
    if (depth < 0 || handle === undefined) return 'MessagePort [EventTarget]';
    const shown = { active: handle.isOpen, refed: this.hasRef(), ...this };
    return `MessagePort [EventTarget] ${inspect(shown, options)}`;
  },
});

for (const key of [kCreateEvent, kNewListener, kRemoveListener]) {
  Object.defineProperty(MessagePort.prototype, key, { enumerable: false });
}

/** A pair of ports: what is posted to one comes out of the other. */
function MessageChannel() {
  if (new.target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED();
  prepare();
  binding.openChannel();
  this.port1 = createPort();
  this.port2 = createPort();
}

/** Called by the native half for each message. */
function receive(handle, value, ports, isError) {
  if (handle.endsAtOnce && !handle.isOpen) return;
  if (handle.factory !== undefined) {
    require('internal/messaging/foreign_port').receiveForeign(handle, value, ports, isError);
    return;
  }
  if (handle.asyncId === undefined) {
    dispatch(handle.owner, value, ports, isError);
    return;
  }
  hooks.emitBefore(handle.asyncId, handle.triggerId, handle.owner);
  try {
    dispatch(handle.owner, value, ports, isError);
  } finally {
    hooks.emitAfter(handle.asyncId);
  }
}

function dispatch(owner, value, ports, isError) {
  owner[kCurrentlyReceivingPorts] = ports;
  try {
    owner[kHybridDispatch](value, isError ? 'messageerror' : 'message', undefined);
  } finally {
    owner[kCurrentlyReceivingPorts] = undefined;
  }
}

function notAPort() {
  return coded('The "port" argument must be a MessagePort instance', 'ERR_INVALID_ARG_TYPE');
}

const nothing = Symbol('nothing');

/**
 * @param {MessagePort | BroadcastChannel} port
 * @returns {{ message: any } | undefined} the next message that waits, if there is one
 */
function receiveMessageOnPort(port) {
  const isObject = typeof port === 'object' && port !== null;
  const handle = isObject ? Held.of(port) ?? require('web/broadcast_channel').channelHandle(port) : undefined;
  if (handle === undefined) throw notAPort();
  if (!handle.isOpen) return undefined;
  const message = handle.receive(nothing);
  return message === nothing ? undefined : { message };
}

/** Dispatches all messages that wait, whether the port has been started or not. */
function drainMessagePort(port) {
  const handle = Held.of(port);
  if (handle.isOpen) handle.drain();
}

/**
 * Makes a port one of another context.
 * @param {MessagePort} port  is closed
 * @param {object} context  of `vm.createContext()`
 * @returns {object} what has taken the place of the port
 */
function moveMessagePortToContext(port, context) {
  const handle = typeof port === 'object' && port !== null ? Held.of(port) : undefined;
  if (handle === undefined) throw notAPort();
  return require('internal/messaging/foreign_port').move(handle, context);
}

module.exports = {
  MessageChannel,
  MessagePort,
  closePort,
  createPort,
  drainMessagePort,
  holdHandle,
  moveMessagePortToContext,
  portHandle,
  postWithTransfers,
  receive,
  receiveMessageOnPort,
  toTransferList,
};
