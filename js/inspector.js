// Node's `inspector`: sessions with V8's inspector in the thread that it inspects. There is no server for
// debuggers yet.
'use strict';

const EventEmitter = require('events');
const {
  codes: {
    ERR_INSPECTOR_ALREADY_CONNECTED,
    ERR_INSPECTOR_CLOSED,
    ERR_INSPECTOR_COMMAND,
    ERR_INSPECTOR_NOT_ACTIVE,
    ERR_INSPECTOR_NOT_CONNECTED,
    ERR_INSPECTOR_NOT_WORKER,
  },
} = require('internal/errors');
const { engineConsole } = require('internal/console/engine');
const { notThereYet } = require('internal/not_yet');
const { validateFunction, validateObject, validateString } = require('internal/validators');
const { isMainThread } = require('worker_threads');
const binding = internalBinding('inspector');

/** Where commands name the context that they are for; without a name that is the main one. */
const CONTEXT_PARAMETERS = {
  '__proto__': null,
  'Runtime.evaluate': 'contextId',
  'Runtime.compileScript': 'executionContextId',
  'Runtime.globalLexicalScopeNames': 'executionContextId',
  'Runtime.runScript': 'executionContextId',
};
const MAIN_CONTEXT = 1;

/** A session with the inspector of this thread. */
class Session extends EventEmitter {
  #connection = null;
  #nextId = 1;
  #callbacks = new Map();

  /** Connects to this thread's inspector. */
  connect() {
    if (this.#connection !== null) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    this.#connection = binding.connect(`${process.title}[${process.pid}]`, (text) => this.#receive(text));
  }

  /** Connects a worker to the inspector of the main thread, which is not there yet. */
  connectToMainThread() {
    if (isMainThread) throw new ERR_INSPECTOR_NOT_WORKER();
    if (this.#connection !== null) throw new ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    throw notThereYet('inspector.Session.connectToMainThread is not there yet in Ironode');
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
    const place = CONTEXT_PARAMETERS[method];
    if (params) message.params = params;
    if (place !== undefined && params?.[place] === undefined && params?.uniqueContextId === undefined) {
      message.params = { ...params, [place]: MAIN_CONTEXT };
    }
    if (callback) this.#callbacks.set(id, callback);
    const texts = binding.dispatch(this.#connection, JSON.stringify(message));
    for (let i = 0; i < texts.length; i++) this.#receive(texts[i]);
  }

  /** Ends the session; who waits for an answer is told. */
  disconnect() {
    if (this.#connection === null) return;
    const texts = binding.disconnect(this.#connection);
    this.#connection = null;
    for (let i = 0; i < texts.length; i++) this.#receive(texts[i]);
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

/** Opens a server for debuggers, which is not there yet. */
function open(port, host, wait) {
  throw notThereYet('inspector.open is not there yet in Ironode');
}

/** Closes the server for debuggers; none is open. */
function close() {}

/** @returns {undefined} the URL of the server for debuggers; none is open */
function url() {
  return undefined;
}

/** Waits for a debugger. */
function waitForDebugger() {
  throw new ERR_INSPECTOR_NOT_ACTIVE();
}

// Events of the domains Network and DOMStorage, which only the options `--experimental-network-inspection` and
// `--experimental-storage-inspection` let a session enable; without these options nobody hears of them.
function unheard(names) {
  const domain = {};
  for (const name of names) domain[name] = { [name]: function() {} }[name];
  return domain;
}

module.exports = {
  open,
  close,
  url,
  waitForDebugger,
  console: engineConsole,
  Session,
  Network: unheard([
    'requestWillBeSent', 'responseReceived', 'loadingFinished', 'loadingFailed', 'dataSent', 'dataReceived',
    'webSocketCreated', 'webSocketClosed', 'webSocketHandshakeResponseReceived',
  ]),
  NetworkResources: unheard(['put']),
  DOMStorage: unheard([
    'domStorageItemAdded', 'domStorageItemRemoved', 'domStorageItemUpdated', 'domStorageItemsCleared',
    'registerStorage',
  ]),
};
