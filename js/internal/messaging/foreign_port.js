// Ports in the contexts of `node:vm`: objects all of whose functions belong to that context.
'use strict';

const {
  codes: { ERR_CLOSED_MESSAGE_PORT },
} = require('internal/errors');

const binding = internalBinding('messaging');

/** Runs in the other context: what is made there are its own objects. */
const FACTORY = `(function makeFactory(call) {
  'use strict';
  class DOMException extends Error {
    constructor(message, name, code) {
      super(message);
      Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true });
      this.code = code;
    }
  }
  function guard(name, port, args) {
    const failure = call(name, port, args);
    if (failure === undefined) return;
    const { message, name: kind, code } = failure;
    if (kind === 'TypeError') throw Object.assign(new TypeError(message), { code });
    throw new DOMException(message, kind, code);
  }
  class MessagePort {
    postMessage(...args) { guard('postMessage', this, args); return true; }
    start() { guard('start', this, []); }
    close(...args) { guard('close', this, args); }
    ref() { guard('ref', this, []); }
    unref() { guard('unref', this, []); }
  }
  return {
    createPort: () => Object.create(MessagePort.prototype),
    createEvent: (type, data, ports, target) => ({ type, data, ports, target, currentTarget: target }),
    list: (items) => Array.from(items),
  };
})`;

const factories = new WeakMap();

/** Makes the factory of a context where there is none yet; returns the context's global object. */
function prepareContext(context) {
  const { runInContext } = require('vm');
  const global = runInContext('globalThis', context);
  if (!factories.has(global)) factories.set(global, runInContext(FACTORY, context)(call));
  return global;
}

/** Does what a method of a port of another context asks for; returns what went wrong. */
function call(name, port, args) {
  const messaging = require('internal/messaging');
  try {
    const method = messaging.MessagePort.prototype[name];
    if (name === 'close') messaging.closePort(port);
    else Reflect.apply(method, port, args);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Makes the port of the next end that waits for one, in another context.
 * @param {object} global  of that context, which a port has been moved to before
 * @returns {object}
 */
function createForeignPort(global) {
  const factory = factories.get(global);
  const port = factory.createPort();
  const handle = require('internal/messaging').holdHandle(port, new binding.PortHandle());
  handle.factory = factory;
  handle.moveTo(port);
  return port;
}

/**
 * @param {object} handle  of the port that is moved
 * @param {object} context
 * @returns {object} the port in that context
 */
function move(handle, context) {
  if (!handle.isOpen || !handle.isAttached()) throw new ERR_CLOSED_MESSAGE_PORT();
  const isContext = typeof context === 'object' && context !== null && require('vm').isContext(context);
  if (!isContext) {
    const error = new TypeError('Invalid context argument');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  handle.release();
  const port = createForeignPort(prepareContext(context));
  handle.owner.close();
  return port;
}

/** Hands a message to the handler of a port of another context. */
function receiveForeign(handle, value, ports, isError) {
  const port = handle.owner;
  const { createEvent, list } = handle.factory;
  const type = isError ? 'messageerror' : 'message';
  const handler = port[`on${type}`];
  if (typeof handler === 'function') Reflect.apply(handler, port, [createEvent(type, value, list(ports), port)]);
}

module.exports = { createForeignPort, move, receiveForeign };
