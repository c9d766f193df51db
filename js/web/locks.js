// The web interfaces LockManager and Lock: locks by name that all threads share.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { validateFunction } = require('internal/validators');

const binding = internalBinding('messaging');

const kName = Symbol('kName');
const kMode = Symbol('kMode');
const kCreate = Symbol('kCreate');

const UNAVAILABLE = 2;
const GRANTED = 1;

/** A lock that is held, as the callback of a request gets it. */
class Lock {
  constructor(key = undefined, name = undefined, mode = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this[kName] = name;
    this[kMode] = mode;
  }

  get name() {
    if (!(kName in Object(this))) throw new ERR_INVALID_THIS('Lock');
    return this[kName];
  }

  get mode() {
    if (!(kMode in Object(this))) throw new ERR_INVALID_THIS('Lock');
    return this[kMode];
  }
}

Object.defineProperties(Lock.prototype, {
  name: kEnumerableProperty,
  mode: kEnumerableProperty,
  [Symbol.toStringTag]: { value: 'Lock', configurable: true },
});

function failure(message, name) {
  const { DOMException } = require('web/dom_exception');
  return new DOMException(message, name);
}

function notSupported(message) {
  return failure(message, 'NotSupportedError');
}

/** Checks the options of a request. */
function toOptions(options) {
  if (options === undefined || options === null) return { mode: 'exclusive', ifAvailable: false, steal: false };
  const { ifAvailable = false, mode = 'exclusive', signal, steal = false } = options;
  if (mode !== 'exclusive' && mode !== 'shared') {
    const error = new TypeError(`mode '${mode}' is not a valid enum value of type LockMode.`);
    error.code = 'ERR_INVALID_ARG_VALUE';
    throw error;
  }
  if (signal !== undefined && (typeof signal !== 'object' || signal === null)) {
    const error = new TypeError('signal is not an object.');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  return { mode, ifAvailable: Boolean(ifAvailable), steal: Boolean(steal), signal };
}

/** Waits for a lock, holds it while the callback runs, and gives it back. */
class Request {
  #id = 0;
  #name;
  #options;
  #resolve;
  #reject;
  #callback;
  #onAbort;

  constructor(name, options, callback) {
    this.#name = name;
    this.#options = options;
    this.#callback = callback;
  }

  /** @returns {Promise<any>} what the callback returns */
  start() {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      const { ifAvailable, mode, signal, steal } = this.#options;
      const [id, answer] = binding.requestLock(
        this.#name, mode === 'shared', ifAvailable, steal, () => this.#onGranted(), () => this.#onStolen()
      );
      this.#id = id;
      if (answer === GRANTED) {
        this.#hold();
      } else if (answer === UNAVAILABLE) {
        Promise.resolve(null).then(this.#callback).then(resolve, reject);
      } else if (signal !== undefined) {
        this.#onAbort = () => {
          if (binding.cancelLock(id)) reject(signal.reason);
        };
        signal.addEventListener('abort', this.#onAbort, { once: true });
      }
    });
  }

  #onGranted() {
    if (this.#onAbort !== undefined) this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#hold();
  }

  #onStolen() {
    this.#reject(failure('The operation was aborted', 'AbortError'));
  }

  async #hold() {
    const lock = new Lock(kCreate, this.#name, this.#options.mode);
    try {
      await undefined;
      const result = await this.#callback(lock);
      if (binding.releaseLock(this.#id)) this.#resolve(result);
      else this.#onStolen();
    } catch (error) {
      if (binding.releaseLock(this.#id)) this.#reject(error);
      else this.#onStolen();
    }
  }
}

class LockManager {
  constructor(key = undefined) {
    if (key !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /**
   * @param {string} name
   * @param {{ mode?: 'exclusive' | 'shared', ifAvailable?: boolean, steal?: boolean, signal?: AbortSignal }} [options]
   * @param {(lock: Lock | null) => any} callback  holds the lock until what it returns has settled
   * @returns {Promise<any>}
   */
  async request(name, options, callback = undefined) {
    if (this !== locks) throw new ERR_INVALID_THIS('LockManager');
    if (callback === undefined) {
      callback = options;
      options = undefined;
    }
    name = `${name}`;
    validateFunction(callback, 'callback');
    const checked = toOptions(options);
    const { ifAvailable, mode, signal, steal } = checked;
    if (name.startsWith('-')) throw notSupported('Lock name may not start with hyphen');
    if (ifAvailable && steal) throw notSupported('ifAvailable and steal are mutually exclusive');
    if (mode !== 'exclusive' && steal) throw notSupported(`mode: "${mode}" and steal are mutually exclusive`);
    if (signal !== undefined && (steal || ifAvailable)) {
      throw notSupported('signal cannot be used with steal or ifAvailable');
    }
    signal?.throwIfAborted();
    return new Request(name, checked, callback).start();
  }

  /** @returns {Promise<{ held: object[], pending: object[] }>} the locks of all threads */
  async query() {
    if (this !== locks) throw new ERR_INVALID_THIS('LockManager');
    const describe = ([name, isShared, thread]) => ({
      name, mode: isShared ? 'shared' : 'exclusive', clientId: `node-${process.pid}-${thread}`,
    });
    const [held, pending] = binding.listLocks();
    return { held: held.map(describe), pending: pending.map(describe) };
  }
}

Object.defineProperties(LockManager.prototype, {
  request: kEnumerableProperty,
  query: kEnumerableProperty,
  [Symbol.toStringTag]: { value: 'LockManager', configurable: true },
});

const locks = new LockManager(kCreate);

module.exports = { Lock, LockManager, locks };
