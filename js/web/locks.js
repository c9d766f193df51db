// The web interfaces LockManager and Lock: locks by name that all threads share.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { kEnumerableProperty } = require('internal/util');
const { isPromise } = require('internal/util/types');
const { validateAbortSignal, validateFunction } = require('internal/validators');
const { codedTypeError, toDOMString } = require('internal/webidl');

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

function toMode(value) {
  if (typeof value === 'symbol') throw codedTypeError('mode is a Symbol and cannot be converted to a string.');
  const mode = `${value}`;
  if (mode === 'exclusive' || mode === 'shared') return mode;
  const error = new TypeError(`mode '${mode}' is not a valid enum value of type LockMode.`);
  error.code = 'ERR_INVALID_ARG_VALUE';
  throw error;
}

/** Reads the options of a request, in the order of their names. */
function toOptions(options) {
  if (options === undefined || options === null) return { mode: 'exclusive', ifAvailable: false, steal: false };
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw codedTypeError('Value cannot be converted to a dictionary');
  }
  const { ifAvailable = false, mode = 'exclusive', signal, steal = false } = options;
  if (signal !== undefined && (typeof signal !== 'object' || signal === null)) {
    throw codedTypeError('signal is not an object.');
  }
  return { mode: toMode(mode), ifAvailable: Boolean(ifAvailable), steal: Boolean(steal), signal };
}

/** The requests of this thread that wait or hold a lock, by number. */
const requests = new Map();

/** Numbers of requests that have been granted, while the callbacks of those before them run. */
const granted = [];
let isGranting = false;

// What gives a lock back may be called by the callback of another: the callbacks run one after the other.
function grant(ids) {
  granted.push(...ids);
  if (isGranting) return;
  isGranting = true;
  for (let i = 0; i < granted.length; i++) requests.get(granted[i]).hold();
  granted.length = 0;
  isGranting = false;
}

/** Waits for a lock, holds it while the callback runs, and gives it back. */
class Request {
  #id = 0;
  #name;
  #options;
  #resolve;
  #reject;
  #callback;

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
      const { ifAvailable, mode, steal } = this.#options;
      const [id, answer, stolen] = binding.requestLock(
        this.#name, mode === 'shared', ifAvailable, steal, () => grant([this.#id]), () => this.#lose()
      );
      this.#id = id;
      for (const other of stolen) requests.get(other).#lose();
      if (answer === UNAVAILABLE) {
        this.#run(null);
        return;
      }
      requests.set(id, this);
      if (answer === GRANTED) this.hold();
    });
  }

  /** Runs the callback, as soon as the lock is granted. */
  hold() {
    this.#run(new Lock(kCreate, this.#name, this.#options.mode));
  }

  /** Takes the request back, if it still waits. */
  cancel(reason) {
    const others = binding.cancelLock(this.#id);
    if (others === undefined) return;
    requests.delete(this.#id);
    this.#reject(reason);
    grant(others);
  }

  #lose() {
    requests.delete(this.#id);
    this.#reject(failure('The operation was aborted', 'AbortError'));
  }

  // The lock is given back when the promise that the callback returns has settled, or else at once.
  #run(lock) {
    let result;
    try {
      result = this.#callback.call(undefined, lock);
    } catch (error) {
      this.#settle(this.#reject, error);
      return;
    }
    if (isPromise(result)) {
      result.then((value) => this.#settle(this.#resolve, value), (error) => this.#settle(this.#reject, error));
    } else {
      this.#settle(this.#resolve, result);
    }
  }

  #settle(settle, value) {
    const others = requests.delete(this.#id) ? binding.releaseLock(this.#id) : [];
    if (others === undefined) {
      // Another thread has stolen it.
      this.#lose();
      return;
    }
    settle(value);
    grant(others);
  }
}

/** A request that a signal takes back, until its callback runs. */
async function requestUntilAborted(name, options, callback) {
  const { signal } = options;
  const request = new Request(name, options, async (lock) => {
    await undefined;
    signal.throwIfAborted();
    return callback(lock);
  });
  const onAbort = () => request.cancel(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await request.start();
  } finally {
    signal.removeEventListener('abort', onAbort);
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
    if (callback === undefined) {
      callback = options;
      options = undefined;
    }
    name = toDOMString(name);
    validateFunction(callback, 'callback');
    const checked = toOptions(options);
    const { ifAvailable, mode, signal, steal } = checked;
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
      signal.throwIfAborted();
    }
    if (name.startsWith('-')) throw notSupported('Lock name may not start with hyphen');
    if (ifAvailable && steal) throw notSupported('ifAvailable and steal are mutually exclusive');
    if (mode !== 'exclusive' && steal) throw notSupported(`mode: "${mode}" and steal are mutually exclusive`);
    if (signal !== undefined && (steal || ifAvailable)) {
      throw notSupported('signal cannot be used with steal or ifAvailable');
    }
    if (signal === undefined) return await new Request(name, checked, callback).start();
    return await requestUntilAborted(name, checked, callback);
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
