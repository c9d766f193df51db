// Small tools that the whole JavaScript layer shares: deprecation, promisify, lazy properties, encodings.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_UNKNOWN_SIGNAL,
  },
} = require('internal/errors');

const errnoBinding = internalBinding('errno');
const typesBinding = internalBinding('types');

const customInspectSymbol = Symbol.for('nodejs.util.inspect.custom');
const kCustomPromisifiedSymbol = Symbol.for('nodejs.util.promisify.custom');

/** On a callback function: the names under which `promisify` collects its several results. */
const customPromisifyArgs = Symbol('customPromisifyArgs');

/** For default parameters and for options without any: `options = kEmptyObject`. */
const kEmptyObject = Object.freeze({ __proto__: null });

/** For `Object.defineProperties` on prototypes of web classes, whose members are enumerable. */
const kEnumerableProperty = Object.freeze({ __proto__: null, enumerable: true });

const isWindows = process.platform === 'win32';

/**
 * A function that computes its value when first called.
 * @template T
 * @param {() => T} initialize
 * @returns {() => T}
 */
function getLazy(initialize) {
  let value;
  let isInitialized = false;
  return () => {
    if (!isInitialized) {
      value = initialize();
      isInitialized = true;
    }
    return value;
  };
}

/**
 * A function that calls another one the first time only; later calls return undefined.
 * @param {Function} callback
 * @returns {Function}
 */
function once(callback) {
  let called = false;
  return function(...args) {
    if (called) return undefined;
    called = true;
    return Reflect.apply(callback, this, args);
  };
}

/**
 * Whether a value is an error of any realm, or inherits from `Error`.
 * @param {unknown} value
 * @returns {boolean}
 */
function isError(value) {
  return typesBinding.isNativeError(value) || value instanceof Error;
}

/**
 * Removes one element; faster than `splice`, and without an array as its result.
 * @param {unknown[]} list
 * @param {number} index
 */
function spliceOne(list, index) {
  for (let next = index + 1; next < list.length; next++) list[next - 1] = list[next];
  list.pop();
}

/**
 * Gives a function a name: a string, or a symbol, whose description appears in brackets.
 * @template {Function} F
 * @param {string | symbol} name
 * @param {F} fn
 * @param {PropertyDescriptor} [descriptor]
 * @returns {F}
 */
function assignFunctionName(name, fn, descriptor = kEmptyObject) {
  const text = typeof name === 'symbol' ? `[${name.description}]` : name;
  return Object.defineProperty(fn, 'name', {
    writable: false,
    enumerable: false,
    configurable: true,
    ...Object.getOwnPropertyDescriptor(fn, 'name'),
    ...descriptor,
    value: text,
  });
}

const codesWarned = new Set();

/**
 * A function that emits a deprecation warning once: one warning a code, whoever emits it.
 * @param {string | undefined} code
 * @param {string} message
 * @param {Function} [deprecated] above whose frames the warning's stack begins
 * @param {boolean} [useEmitSync] whether listeners run before the deprecated function does
 * @param {() => boolean} [shouldEmit]
 * @returns {() => void}
 */
function getDeprecationWarningEmitter(code, message, deprecated, useEmitSync, shouldEmit) {
  let warned = false;
  return function() {
    if (warned || (shouldEmit !== undefined && !shouldEmit())) return;
    warned = true;
    if (code === 'ExperimentalWarning') {
      process.emitWarning(message, code, deprecated);
      return;
    }
    if (code !== undefined) {
      if (codesWarned.has(code)) return;
      codesWarned.add(code);
    }
    if (useEmitSync) {
      require('internal/process/warning').emitWarningSync(message, 'DeprecationWarning', code, deprecated);
    } else if (code === undefined) {
      process.emitWarning(message, 'DeprecationWarning', deprecated);
    } else {
      process.emitWarning(message, 'DeprecationWarning', code, deprecated);
    }
  };
}

/**
 * Wraps a function or class so that its first use emits a `DeprecationWarning`.
 * @template {Function} F
 * @param {F} fn
 * @param {string} message
 * @param {string} [code] such as `DEP0001`
 * @param {boolean} [useEmitSync]
 * @param {boolean} [modifyPrototype] whether the wrapper inherits from `fn` and shares `fn.prototype`
 * @returns {F}
 */
function deprecate(fn, message, code, useEmitSync, modifyPrototype = true) {
  const warn = getDeprecationWarningEmitter(code, message, deprecated, useEmitSync);

  function deprecated(...args) {
    if (!process.noDeprecation) warn();
    if (new.target) return Reflect.construct(fn, args, new.target);
    return Reflect.apply(fn, this, args);
  }

  if (modifyPrototype) {
    Object.setPrototypeOf(deprecated, fn);
    if (fn.prototype) deprecated.prototype = fn.prototype;
  }
  Object.defineProperty(deprecated, 'length', { ...Object.getOwnPropertyDescriptor(fn, 'length') });
  return deprecated;
}

/**
 * What a class that is called without `new` does: warns and makes the object.
 * @template T
 * @param {new (...args: any[]) => T} Class
 * @param {string} code the deprecation's
 * @param {...unknown} args the constructor's
 * @returns {T}
 */
function deprecateInstantiation(Class, code, ...args) {
  const text = `Instantiating ${Class.name} without the 'new' keyword has been deprecated.`;
  getDeprecationWarningEmitter(code, text)();
  return new Class(...args);
}

const experimentalWarnings = new Set();

/**
 * Emits an `ExperimentalWarning` about a feature, once.
 * @param {string} feature
 * @param {string} [messagePrefix]
 * @param {string} [code]
 * @param {Function} [constructor] above whose frames the warning's stack begins
 */
function emitExperimentalWarning(feature, messagePrefix, code, constructor) {
  if (experimentalWarnings.has(feature)) return;
  experimentalWarnings.add(feature);
  let message = `${feature} is an experimental feature and might change at any time`;
  if (messagePrefix) message = messagePrefix + message;
  process.emitWarning(message, 'ExperimentalWarning', code, constructor);
}

/**
 * Turns a function that takes a Node callback into one that returns a promise.
 * @param {Function} original
 * @returns {Function}
 */
function promisify(original) {
  if (typeof original !== 'function') throw new ERR_INVALID_ARG_TYPE('original', 'Function', original);

  const custom = original[kCustomPromisifiedSymbol];
  if (custom) {
    if (typeof custom !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('util.promisify.custom', 'Function', custom);
    }
    return markPromisified(custom);
  }

  const resultNames = original[customPromisifyArgs];

  function fn(...args) {
    return new Promise((resolve, reject) => {
      args.push((error, ...values) => {
        if (error) {
          reject(error);
        } else if (resultNames !== undefined && values.length > 1) {
          const result = {};
          for (let i = 0; i < resultNames.length; i++) result[resultNames[i]] = values[i];
          resolve(result);
        } else {
          resolve(values[0]);
        }
      });
      if (typesBinding.isPromise(Reflect.apply(original, this, args))) {
        process.emitWarning(
          'Calling promisify on a function that returns a Promise is likely a mistake.',
          'DeprecationWarning',
          'DEP0174',
        );
      }
    });
  }

  Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
  markPromisified(fn);
  return Object.defineProperties(fn, Object.getOwnPropertyDescriptors(original));
}

/** Makes `promisify` of a promisified function that function itself. */
function markPromisified(fn) {
  return Object.defineProperty(fn, kCustomPromisifiedSymbol, {
    value: fn,
    enumerable: false,
    writable: false,
    configurable: true,
  });
}

promisify.custom = kCustomPromisifiedSymbol;

/**
 * Adds a method as Web IDL has operations: writable, enumerable, configurable.
 * @param {object} target
 * @param {PropertyKey} name
 * @param {Function} method
 */
function defineOperation(target, name, method) {
  Object.defineProperty(target, name, {
    value: method,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/**
 * Adds properties whose module is loaded when one of them is first read or written.
 * @param {object} target
 * @param {string} id of the module that exports them
 * @param {string[]} keys
 * @param {boolean} [enumerable]
 */
function defineLazyProperties(target, id, keys, enumerable = true) {
  for (const key of keys) {
    const settle = (value) => {
      Object.defineProperty(target, key, { value, writable: true, enumerable, configurable: true });
      return value;
    };
    Object.defineProperty(target, key, {
      get: assignFunctionName(key, () => settle(require(id)[key])),
      set: assignFunctionName(key, (value) => { settle(value); }),
      enumerable,
      configurable: true,
    });
  }
}

/** Names of encodings in lower case and in capitals. */
const encodings = { __proto__: null };
for (const [name, ...aliases] of [
  ['utf8', 'utf-8'],
  ['utf16le', 'utf-16le', 'ucs2', 'ucs-2'],
  ['latin1', 'binary'],
  ['base64'],
  ['base64url'],
  ['hex'],
  ['ascii'],
]) {
  for (const label of [name, ...aliases]) {
    encodings[label] = name;
    encodings[label.toUpperCase()] = name;
  }
}

/**
 * The name by which Node calls an encoding: `utf8` for `UTF-8`, for nothing and for ''.
 * @param {string | null | undefined} encoding
 * @returns {string | undefined} undefined when there is no such encoding
 */
function normalizeEncoding(encoding) {
  if (encoding === 'utf8' || encoding == null || encoding === '') return 'utf8';
  if (typeof encoding !== 'string') return undefined;
  return encodings[encoding] ?? encodings[encoding.toLowerCase()];
}

/**
 * Replaces lone surrogates by U+FFFD.
 * @param {unknown} value
 * @returns {string}
 */
function toUSVString(value) {
  return `${value}`.toWellFormed();
}

/**
 * The name of a system error, such as `ENOENT` for -2.
 * @param {number} errno
 * @returns {string}
 */
function getSystemErrorName(errno) {
  return errnoBinding.name(errno) ?? `Unknown system error ${errno}`;
}

/**
 * What a system error means, such as `no such file or directory` for -2.
 * @param {number} errno
 * @returns {string}
 */
function getSystemErrorMessage(errno) {
  return errnoBinding.message(errno) ?? `Unknown system error ${errno}`;
}

/**
 * All system errors.
 * @returns {Map<number, [name: string, message: string]>}
 */
function getSystemErrorMap() {
  const entries = errnoBinding.entries();
  return new Map(entries.map(([errno, name, message]) => [errno, [name, message]]));
}

const findSignal = getLazy(() => {
  const { signals } = require('os').constants;
  return { byName: signals, numbers: new Set(Object.values(signals)) };
});

/**
 * The number of a signal given by its number or its name in whatever case.
 * @param {number | string} signal
 * @returns {number}
 */
function convertToValidSignal(signal) {
  const { byName, numbers } = findSignal();
  if (typeof signal === 'number' && numbers.has(signal)) return signal;
  if (typeof signal === 'string') {
    const name = signal.toUpperCase();
    if (Object.hasOwn(byName, name) && byName[name]) return byName[name];
  }
  throw new ERR_UNKNOWN_SIGNAL(signal);
}

/**
 * A `DOMException`, whose class is loaded when one is needed.
 * @param {string} message
 * @param {string | { name?: string, cause?: unknown }} [name]
 * @returns {DOMException}
 */
function lazyDOMException(message, name) {
  const { DOMException } = require('web/dom_exception');
  const exception = new DOMException(message, name);
  Error.captureStackTrace(exception, lazyDOMException);
  return exception;
}

/** Bits set in a number from 0 to 0xFFFF. */
function countOnes(number) {
  let ones = 0;
  for (let rest = number; rest > 0; rest >>>= 1) ones += rest & 1;
  return ones;
}

/**
 * An address in CIDR notation.
 * @param {string} address
 * @param {string} netmask
 * @param {'IPv4' | 'IPv6'} family
 * @returns {string | null} null when the netmask has gaps
 */
function getCIDR(address, netmask, family) {
  const isV6 = family === 'IPv6';
  const width = isV6 ? 16 : 8;
  const groups = netmask.split(isV6 ? ':' : '.');
  let ones = 0;
  let ended = false;
  for (const group of groups) {
    if (group === '') continue;
    const bits = parseInt(group, isV6 ? 16 : 10);
    const count = countOnes(bits);
    const isPrefix = bits === ((((1 << count) - 1) << (width - count)));
    if (!isPrefix || (ended && count > 0)) return null;
    if (count < width) ended = true;
    ones += count;
  }
  return `${address}/${ones}`;
}

module.exports = {
  assignFunctionName,
  convertToValidSignal,
  customInspectSymbol,
  customPromisifyArgs,
  defineLazyProperties,
  defineOperation,
  deprecate,
  deprecateInstantiation,
  emitExperimentalWarning,
  getCIDR,
  getDeprecationWarningEmitter,
  getLazy,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  isError,
  isWindows,
  kCustomPromisifiedSymbol,
  kEmptyObject,
  kEnumerableProperty,
  lazyDOMException,
  normalizeEncoding,
  once,
  promisify,
  spliceOne,
  toUSVString,
};
