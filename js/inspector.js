// Node's `inspector`: sessions with V8's inspector, and the server for debuggers.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INSPECTOR_ALREADY_ACTIVATED,
    ERR_INSPECTOR_ALREADY_CONNECTED,
    ERR_INSPECTOR_CLOSED,
    ERR_INSPECTOR_COMMAND,
    ERR_INSPECTOR_NOT_ACTIVE,
    ERR_INSPECTOR_NOT_CONNECTED,
    ERR_INSPECTOR_NOT_WORKER,
  },
} = require('internal/errors');
const { engineConsole } = require('internal/console/engine');
const { getOptionValue } = require('internal/options');
const { validateFunction, validateInteger, validateObject, validateString } = require('internal/validators');
const { isMainThread } = require('worker_threads');
const binding = internalBinding('inspector');

/** A session with the inspector of this thread. */
class Session extends EventEmitter {
  #connection = null;
  #nextId = 1;
  #callbacks = new Map();

  /** Connects to this thread's inspector. */
  connect() {
    if (this.#connection !== null) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    this.#connection = binding.connect((text) => this.#receive(text));
  }

  /** Connects a worker to the inspector of the main thread. */
  connectToMainThread() {
    if (isMainThread) throw new ERR_INSPECTOR_NOT_WORKER();
    if (this.#connection !== null) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    this.#connection = binding.connectToMainThread((text) => this.#receive(text));
  }

  /**
   * @param {string} method of Chrome's DevTools protocol
   * @param {object} [params]
   * @param {(error: Error | null, result?: object) => void} [callback]
   */
  post(method, params, callback) {
    validateString(method, 'method');
    if (!callback && typeof params === 'function') {
      callback = params;
      params = null;
    }
    if (params) validateObject(params, 'params');
    if (callback) validateFunction(callback, 'callback');
    if (this.#connection === null) throw new ERR_INSPECTOR_NOT_CONNECTED();
    const id = this.#nextId++;
    const message = { id, method };
    if (params) message.params = params;
    if (callback) this.#callbacks.set(id, callback);
    binding.dispatch(this.#connection, JSON.stringify(message));
  }

  /** Ends the session; who waits for an answer is told. */
  disconnect() {
    if (this.#connection === null) return;
    binding.disconnect(this.#connection);
    this.#connection = null;
    for (const callback of this.#callbacks.values()) process.nextTick(callback, new ERR_INSPECTOR_CLOSED());
    this.#callbacks.clear();
    this.#nextId = 1;
  }

  #receive(text) {
    const message = JSON.parse(text);
    try {
      if (!message.id) {
        this.emit(message.method, message);
        this.emit('inspectorNotification', message);
        return;
      }
      const callback = this.#callbacks.get(message.id);
      this.#callbacks.delete(message.id);
      if (callback === undefined) return;
      const { error } = message;
      if (error) callback(new ERR_INSPECTOR_COMMAND(error.code, error.message));
      else callback(null, message.result);
    } catch (error) {
      process.emitWarning(error);
    }
  }
}

/**
 * Opens the server for debuggers.
 * @param {number} [port] the one of the command line by default
 * @param {string} [host]
 * @param {boolean} [wait] whether to wait for a debugger
 * @returns {Disposable} closes the server
 */
function open(port, host, wait) {
  if (url() !== undefined) throw new ERR_INSPECTOR_ALREADY_ACTIVATED();
  // What is no port is passed over.
  const isPort = typeof port === 'number' && port === port >>> 0;
  if (isPort) validateInteger(port, 'port', 0, 65535);
  require('internal/inspector/server').open(isPort ? port : undefined, host ? `${host}` : undefined);
  if (wait) waitForDebugger();
  return { __proto__: { [Symbol.dispose]: close } };
}

/** Closes the server for debuggers, and ends their sessions. */
function close() {
  binding.close();
}

/** @returns {string | undefined} the URL of the server for debuggers */
function url() {
  return binding.url();
}

/**
 * Waits until a debugger lets the program go on.
 * @throws {ERR_INSPECTOR_NOT_ACTIVE} where there is no server
 */
function waitForDebugger() {
  if (url() === undefined) throw new ERR_INSPECTOR_NOT_ACTIVE();
  binding.waitForDebugger();
}

/** The methods that tell sessions of the events of a domain, while `option` is on. */
function eventsOf(domain, option, names) {
  const methods = {};
  for (const name of names) {
    methods[name] = {
      [name](params) {
        validateObject(params ?? {}, 'params');
        if (getOptionValue(option)) emitEvent(domain, name, params ?? {});
      },
    }[name];
  }
  return methods;
}

function emitEvent(domain, name, params) {
  const { data, ...rest } = params;
  const missing = binding.emitProtocolEvent(domain, name, JSON.stringify(rest), data);
  if (missing !== undefined) throw new TypeError(missing);
}

/** Sets the text that sessions get for what is behind a URL. */
function put(url, data) {
  if (!getOptionValue('--experimental-inspector-network-resource')) {
    process.emitWarning('The --experimental-inspector-network-resource option is not enabled. ' +
      'Please enable it to use the putNetworkResource function');
    return;
  }
  validateString(url, 'url');
  validateString(data, 'data');
  binding.putResource(url, data);
}

module.exports = {
  open,
  close,
  url,
  waitForDebugger,
  console: engineConsole,
  Session,
  Network: eventsOf('Network', '--experimental-network-inspection', [
    'requestWillBeSent', 'responseReceived', 'loadingFinished', 'loadingFailed', 'dataSent', 'dataReceived',
    'webSocketCreated', 'webSocketClosed', 'webSocketHandshakeResponseReceived',
  ]),
  NetworkResources: { put },
  DOMStorage: eventsOf('DOMStorage', '--experimental-storage-inspection', [
    'domStorageItemAdded', 'domStorageItemRemoved', 'domStorageItemUpdated', 'domStorageItemsCleared',
    'registerStorage',
  ]),
};
