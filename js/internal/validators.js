// Checks of arguments: each `validateX(value, name)` throws Node's error, without its own frame, or returns.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
    ERR_OUT_OF_RANGE,
    ERR_SOCKET_BAD_PORT,
    ERR_UNKNOWN_SIGNAL,
  },
  hideFrame,
} = require('internal/errors');

const binding = internalBinding('types');

/** What `validateObject` accepts besides plain objects; the flags combine with `|`. */
const kValidateObjectNone = 0;
const kValidateObjectAllowNullable = 1;
const kValidateObjectAllowArray = 2;
const kValidateObjectAllowFunction = 4;
const kValidateObjectAllowObjects = kValidateObjectAllowArray | kValidateObjectAllowFunction;
const kValidateObjectAllowObjectsAndNull = kValidateObjectAllowObjects | kValidateObjectAllowNullable;

function wrongType(validator, name, expected, value) {
  return hideFrame(new ERR_INVALID_ARG_TYPE(name, expected, value), validator);
}

function wrongValue(validator, name, value, reason) {
  return hideFrame(new ERR_INVALID_ARG_VALUE(name, value, reason), validator);
}

function wrongRange(validator, name, range, value) {
  return hideFrame(new ERR_OUT_OF_RANGE(name, range, value), validator);
}

/** Why a value that should have been an integer from `min` to `max` is not one. */
function notAnIntegerIn(validator, value, name, min, max) {
  if (typeof value !== 'number') return wrongType(validator, name, 'number', value);
  const range = Number.isInteger(value) ? `>= ${min} && <= ${max}` : 'an integer';
  return wrongRange(validator, name, range, value);
}

/** @returns {boolean} whether a value is an integer of 32 bits */
function isInt32(value) {
  return typeof value === 'number' && value === (value | 0);
}

/** @returns {boolean} whether a value is an unsigned integer of 32 bits */
function isUint32(value) {
  return typeof value === 'number' && value === (value >>> 0);
}

const octalDigits = /^[0-7]+$/;

/**
 * A file mode as a number: an unsigned integer as it is, a string read as octal digits.
 * @param {number | string | null | undefined} value
 * @param {string} name
 * @param {number} [defaultMode] for null and undefined
 * @returns {number}
 */
function parseFileMode(value, name, defaultMode) {
  let mode = value ?? defaultMode;
  if (typeof mode === 'string') {
    if (!octalDigits.test(mode)) {
      const reason = 'must be a 32-bit unsigned integer or an octal string';
      throw wrongValue(parseFileMode, name, value, reason);
    }
    mode = parseInt(mode, 8);
  }
  if (!isUint32(mode)) throw notAnIntegerIn(parseFileMode, mode, name, 0, 4294967295);
  return mode;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [min]
 * @param {number} [max]
 */
function validateInteger(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw notAnIntegerIn(validateInteger, value, name, min, max);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [min]
 * @param {number} [max]
 */
function validateInt32(value, name, min = -2147483648, max = 2147483647) {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw notAnIntegerIn(validateInt32, value, name, min, max);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {boolean} [positive] whether 0 is refused
 */
function validateUint32(value, name, positive = false) {
  if (!isUint32(value) || (positive && value === 0)) {
    throw notAnIntegerIn(validateUint32, value, name, positive ? 1 : 0, 4294967295);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateString(value, name) {
  if (typeof value !== 'string') throw wrongType(validateString, name, 'string', value);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateStringWithoutNullBytes(value, name) {
  if (typeof value !== 'string') throw wrongType(validateStringWithoutNullBytes, name, 'string', value);
  if (value.includes('\u0000')) {
    throw wrongValue(validateStringWithoutNullBytes, name, value, 'must be a string without null bytes');
  }
}

/**
 * A number from `min` to `max`; when either is given, NaN is refused.
 * @param {unknown} value
 * @param {string} name
 * @param {number} [min]
 * @param {number} [max]
 */
function validateNumber(value, name, min, max) {
  if (typeof value !== 'number') throw wrongType(validateNumber, name, 'number', value);
  if (min == null && max == null) return;
  if ((min != null && value < min) || (max != null && value > max) || value !== value) {
    const lower = min == null ? '' : `>= ${min}`;
    const upper = max == null ? '' : `<= ${max}`;
    const range = lower && upper ? `${lower} && ${upper}` : lower + upper;
    throw wrongRange(validateNumber, name, range, value);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {boolean} true for a finite number, false for undefined and NaN
 */
function validateFiniteNumber(value, name) {
  if (value === undefined) return false;
  if (Number.isFinite(value)) return true;
  if (typeof value !== 'number') throw wrongType(validateFiniteNumber, name, 'number', value);
  if (value !== value) return false;
  throw wrongRange(validateFiniteNumber, name, 'a finite number', value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} lower
 * @param {number} upper
 * @param {number} fallback for undefined and NaN
 * @returns {number}
 */
function checkRangesOrGetDefault(value, name, lower, upper, fallback) {
  if (value === undefined) return fallback;
  if (typeof value !== 'number') throw wrongType(checkRangesOrGetDefault, name, 'number', value);
  if (value !== value) return fallback;
  if (!Number.isFinite(value)) throw wrongRange(checkRangesOrGetDefault, name, 'a finite number', value);
  if (value < lower || value > upper) {
    throw wrongRange(checkRangesOrGetDefault, name, `>= ${lower} and <= ${upper}`, value);
  }
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {readonly unknown[]} oneOf
 */
function validateOneOf(value, name, oneOf) {
  if (oneOf.includes(value)) return;
  const allowed = oneOf.map((one) => (typeof one === 'string' ? `'${one}'` : String(one))).join(', ');
  throw wrongValue(validateOneOf, name, value, `must be one of: ${allowed}`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {readonly unknown[]} union
 */
function validateUnion(value, name, union) {
  if (!union.includes(value)) throw wrongType(validateUnion, name, `('${union.join('|')}')`, value);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw wrongType(validateBoolean, name, 'boolean', value);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [options] `kValidateObject...` flags
 */
function validateObject(value, name, options = kValidateObjectNone) {
  if (typeof value === 'object') {
    if (value === null ? options & kValidateObjectAllowNullable :
      options & kValidateObjectAllowArray || !Array.isArray(value)) return;
  } else if (typeof value === 'function' && options & kValidateObjectAllowFunction) {
    return;
  }
  throw wrongType(validateObject, name, 'Object', value);
}

/**
 * A dictionary of Web IDL: null, undefined, an object or a function.
 * @param {unknown} value
 * @param {string} name
 */
function validateDictionary(value, name) {
  if (value != null && typeof value !== 'object' && typeof value !== 'function') {
    throw wrongType(validateDictionary, name, 'a dictionary', value);
  }
}

function checkArray(validator, value, name, minLength) {
  if (!Array.isArray(value)) throw wrongType(validator, name, 'Array', value);
  if (value.length < minLength) {
    throw wrongValue(validator, name, value, `must have a length of at least ${minLength}`);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} [minLength]
 */
function validateArray(value, name, minLength = 0) {
  checkArray(validateArray, value, name, minLength);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateStringArray(value, name) {
  checkArray(validateStringArray, value, name, 0);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== 'string') {
      throw wrongType(validateStringArray, `${name}[${i}]`, 'string', value[i]);
    }
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateBooleanArray(value, name) {
  checkArray(validateBooleanArray, value, name, 0);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== 'boolean') {
      throw wrongType(validateBooleanArray, `${name}[${i}]`, 'boolean', value[i]);
    }
  }
}

function looksLikeAbortSignal(value) {
  return value !== null && typeof value === 'object' && 'aborted' in value;
}

/**
 * @param {unknown} value an `AbortSignal`, or what has its `aborted`; undefined passes
 * @param {string} name
 */
function validateAbortSignal(value, name) {
  if (value !== undefined && !looksLikeAbortSignal(value)) {
    throw wrongType(validateAbortSignal, name, 'AbortSignal', value);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateAbortSignalArray(value, name) {
  checkArray(validateAbortSignalArray, value, name, 0);
  for (let i = 0; i < value.length; i++) {
    if (!looksLikeAbortSignal(value[i])) {
      throw wrongType(validateAbortSignalArray, `${name}[${i}]`, 'AbortSignal', value[i]);
    }
  }
}

/**
 * @param {unknown} signal
 * @param {string} [name]
 */
function validateSignalName(signal, name = 'signal') {
  if (typeof signal !== 'string') throw wrongType(validateSignalName, name, 'string', signal);
  const { signals } = require('os').constants;
  if (Object.hasOwn(signals, signal)) return;
  const hint = Object.hasOwn(signals, signal.toUpperCase()) ?
    ' (signals must use all capital letters)' :
    '';
  throw hideFrame(new ERR_UNKNOWN_SIGNAL(signal + hint), validateSignalName);
}

/**
 * @param {unknown} value a `Buffer`, `TypedArray` or `DataView`
 * @param {string} [name]
 */
function validateBuffer(value, name = 'buffer') {
  if (!ArrayBuffer.isView(value)) {
    throw wrongType(validateBuffer, name, ['Buffer', 'TypedArray', 'DataView'], value);
  }
}

/**
 * Refuses hexadecimal text of an odd length.
 * @param {string | ArrayBufferView} data
 * @param {string} encoding
 */
function validateEncoding(data, encoding) {
  const { length } = data;
  if (length % 2 === 0 || require('internal/util').normalizeEncoding(encoding) !== 'hex') return;
  throw wrongValue(validateEncoding, 'encoding', encoding, `is invalid for data of length ${length}`);
}

/**
 * A port number, or a string that reads as one.
 * @param {unknown} port
 * @param {string} [name]
 * @param {boolean} [allowZero]
 * @returns {number}
 */
function validatePort(port, name = 'Port', allowZero = true) {
  const isText = typeof port === 'string' && port.trim() !== '';
  const number = isText ? +port : port;
  if (typeof number !== 'number' || number !== (number & 0xFFFF) || (number === 0 && !allowZero)) {
    throw hideFrame(new ERR_SOCKET_BAD_PORT(name, port, allowZero), validatePort);
  }
  return number | 0;
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateFunction(value, name) {
  if (typeof value !== 'function') throw wrongType(validateFunction, name, 'Function', value);
}

/**
 * A function that is not async.
 * @param {unknown} value
 * @param {string} name
 */
function validatePlainFunction(value, name) {
  if (typeof value !== 'function' || binding.isAsyncFunction(value)) {
    throw wrongType(validatePlainFunction, name, 'Function', value);
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateUndefined(value, name) {
  if (value !== undefined) throw wrongType(validateUndefined, name, 'undefined', value);
}

/**
 * Checks that a method was called on an object of its class.
 * @param {unknown} object the method's `this`
 * @param {string | symbol} field a property that each object of the class has of its own
 * @param {string} className
 */
function validateThisInternalField(object, field, className) {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, field)) {
    throw hideFrame(new ERR_INVALID_THIS(className), validateThisInternalField);
  }
}

const linkValue = /^<[^>\r\n]*>(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/;

function checkLinkValue(value) {
  if (typeof value === 'string' && linkValue.test(value)) return;
  const reason = 'must be an array or string of format "</styles.css>; rel=preload; as=style"';
  throw wrongValue(validateLinkHeaderValue, 'hints', value, reason);
}

/**
 * The value of an HTTP `Link` header.
 * @param {string | string[]} hints
 * @returns {string}
 */
function validateLinkHeaderValue(hints) {
  if (!Array.isArray(hints)) {
    checkLinkValue(hints);
    return hints;
  }
  hints.forEach(checkLinkValue);
  return hints.join(', ');
}

function checkIgnorePattern(value, name) {
  if (typeof value === 'string') {
    if (value === '') throw wrongValue(validateIgnoreOption, name, value, 'must be a non-empty string');
  } else if (typeof value !== 'function' && !binding.isRegExp(value)) {
    throw wrongType(validateIgnoreOption, name, ['string', 'RegExp', 'Function'], value);
  }
}

/**
 * What `fs.watch` shall ignore: a glob, a regular expression, a function, or an array of these.
 * @param {unknown} value
 * @param {string} name
 */
function validateIgnoreOption(value, name) {
  if (value == null) return;
  if (!Array.isArray(value)) {
    checkIgnorePattern(value, name);
    return;
  }
  for (let i = 0; i < value.length; i++) checkIgnorePattern(value[i], `${name}[${i}]`);
}

module.exports = {
  isInt32,
  isUint32,
  parseFileMode,
  validateArray,
  validateStringArray,
  validateBooleanArray,
  validateAbortSignalArray,
  validateBoolean,
  validateBuffer,
  validateDictionary,
  validateEncoding,
  validateFunction,
  validateIgnoreOption,
  validateInt32,
  validateInteger,
  validateNumber,
  validateObject,
  kValidateObjectNone,
  kValidateObjectAllowNullable,
  kValidateObjectAllowArray,
  kValidateObjectAllowFunction,
  kValidateObjectAllowObjects,
  kValidateObjectAllowObjectsAndNull,
  validateOneOf,
  validatePlainFunction,
  validatePort,
  validateSignalName,
  validateString,
  validateStringWithoutNullBytes,
  validateUint32,
  validateUndefined,
  validateUnion,
  validateAbortSignal,
  validateLinkHeaderValue,
  validateThisInternalField,
  validateFiniteNumber,
  checkRangesOrGetDefault,
};
