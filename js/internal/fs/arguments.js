// Arguments of the functions of `fs`: paths, options, open flags, buffers, positions, times and callbacks.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
  determineSpecificType,
  hideFrame,
} = require('internal/errors');
const {
  validateAbortSignal,
  validateFunction,
  validateInt32,
  validateInteger,
} = require('internal/validators');

const constants = internalBinding('constants').fs;
const { isDate, isUint8Array } = require('internal/util/types');

const {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_SYNC,
  O_TRUNC,
  O_WRONLY,
} = constants;

/** The longest file that is read into one buffer, in bytes. */
const kMaxFileSize = 2 ** 31 - 1;

function hasFileUrlShape(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);
}

function pathWithNullByte(name, path) {
  const reason = 'must be a string, Uint8Array, or URL without null bytes';
  return hideFrame(new ERR_INVALID_ARG_VALUE(name, path, reason), toPath);
}

/** The rarer half of `toPath`: bytes and URLs. */
function objectToPath(value, name) {
  const path = hasFileUrlShape(value) ? require('url').fileURLToPath(value) : value;
  if (typeof path === 'string') {
    if (path.includes('\u0000')) throw pathWithNullByte(name, path);
  } else if (isUint8Array(path)) {
    if (path.includes(0)) throw pathWithNullByte(name, path);
  } else {
    throw hideFrame(new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value), toPath);
  }
  return path;
}

/**
 * A path as the native half takes it.
 * @param {unknown} value
 * @param {string} [name] of the argument, for errors
 * @returns {string | Uint8Array}
 */
function toPath(value, name = 'path') {
  if (typeof value !== 'string') return objectToPath(value, name);
  if (value.includes('\u0000')) throw pathWithNullByte(name, value);
  return value;
}

/**
 * A descriptor of an asynchronous read or write.
 * @param {unknown} fd
 * @returns {number}
 */
function toFd(fd) {
  if (typeof fd === 'number' && fd === (fd & 0x7FFFFFFF)) return fd;
  validateInt32(fd, 'fd', 0, 0x7FFFFFFF);
  return fd;
}

/** An error as Node's native half makes it: its code stands beside the stack and not in it. */
function nativeError(Base, code, message, caller) {
  const error = hideFrame(new Base(message), caller);
  error.code = code;
  return error;
}

/** A value as Node's native half describes it in an error. */
function describeNatively(value) {
  switch (typeof value) {
    case 'symbol': return String(value);
    case 'bigint': return `type bigint (${value})`;
    case 'function': return 'function';
    default: return determineSpecificType(value);
  }
}

function badFd(fd) {
  if (typeof fd !== 'number') {
    const message = `The "fd" argument must be of type number. Received ${describeNatively(fd)}`;
    return nativeError(TypeError, 'ERR_INVALID_ARG_TYPE', message, checkedFd);
  }
  const isRange = Number.isInteger(fd) || (fd < 0 && fd !== -Infinity);
  const expected = isRange ? '>= 0 && <= 2147483647' : 'an integer';
  const message = `The value of "fd" is out of range. It must be ${expected}. Received ${fd}`;
  return nativeError(RangeError, 'ERR_OUT_OF_RANGE', message, checkedFd);
}

/**
 * A descriptor of every other function, whose errors are worded and placed as by Node's native half: after
 * those of all other arguments.
 * @param {unknown} fd
 * @returns {number}
 */
function checkedFd(fd) {
  if (typeof fd === 'number' && fd === (fd & 0x7FFFFFFF)) return fd;
  throw badFd(fd);
}

/**
 * @param {unknown} value
 * @returns {boolean} whether this names a file by its descriptor
 */
function isFd(value) {
  return typeof value !== 'string' && (value | 0) === value;
}

/** @param {unknown} encoding */
function validateEncodingName(encoding) {
  if (encoding && !require('buffer').Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
}

/**
 * Options that may be given as an encoding alone, or left out.
 * @template {object} T
 * @param {unknown} options undefined, null, a callback, an encoding or an object
 * @param {T} defaults what is returned when nothing is given
 * @returns {T}
 */
function toOptions(options, defaults) {
  if (options == null || typeof options === 'function') return defaults;
  if (typeof options === 'string') {
    options = { ...defaults, encoding: options };
  } else if (typeof options !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  }
  if (options.encoding !== 'buffer') validateEncodingName(options.encoding);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  return options;
}

/** Open flags by the letters that stand for them. */
const flagNumbers = {
  '__proto__': null,
  'r': O_RDONLY,
  'rs': O_RDONLY | O_SYNC,
  'sr': O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  'w': O_TRUNC | O_CREAT | O_WRONLY,
  'wx': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'xw': O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR,
  'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'xw+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  'a': O_APPEND | O_CREAT | O_WRONLY,
  'ax': O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  'xa': O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  'as': O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'sa': O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR,
  'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'xa+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
  'sa+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};

/**
 * Open flags as a number.
 * @param {string | number | null | undefined} flags
 * @param {string} [name] of the argument, for errors
 * @returns {number}
 */
function toFlags(flags, name = 'flags') {
  if (typeof flags === 'number') {
    validateInt32(flags, name);
    return flags;
  }
  if (flags == null) return O_RDONLY;
  const number = typeof flags === 'string' ? flagNumbers[flags] : undefined;
  if (number === undefined) throw new ERR_INVALID_ARG_VALUE(name, flags);
  return number;
}

/** The error of a bad mode. */
function modeError(Base, code, message) {
  return nativeError(Base, code, message, toModeBits);
}

/**
 * The mode of `access` or of `copyFile`: bits of `R_OK` and its like, or of `COPYFILE_EXCL` and its like.
 * @param {unknown} mode
 * @returns {number} from 0 to 7; 0 for null and undefined
 */
function toModeBits(mode) {
  if (mode == null) return 0;
  if (typeof mode !== 'number') {
    throw modeError(TypeError, 'ERR_INVALID_ARG_TYPE', 'mode must be int32 or null/undefined');
  }
  if (!Number.isFinite(mode)) throw modeError(RangeError, 'ERR_OUT_OF_RANGE', 'mode is out of range');
  const bits = Math.trunc(mode);
  if (bits < 0 || bits > 7) {
    throw modeError(RangeError, 'ERR_OUT_OF_RANGE', 'mode is out of range: >= 0 && <= 7');
  }
  return bits;
}

/**
 * A time of a file in seconds; a negative number means now.
 * @param {string | number | Date} time seconds, or a date
 * @param {string} [name] of the argument, for errors
 * @returns {number}
 */
function toUnixTimestamp(time, name = 'time') {
  // eslint-disable-next-line eqeqeq -- a string counts when it equals its own number
  if (typeof time === 'string' && +time == time) return +time;
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (isDate(time)) return time.getTime() / 1000;
  throw new ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

/**
 * @param {unknown} buffers
 * @returns {ArrayBufferView[]}
 */
function validateBufferArray(buffers) {
  if (!Array.isArray(buffers)) throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  for (let i = 0; i < buffers.length; i++) {
    if (!ArrayBuffer.isView(buffers[i])) {
      throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
    }
  }
  return buffers;
}

/**
 * Checks the part of a buffer that is read into.
 * @param {number} offset
 * @param {number} length
 * @param {number} byteLength of the buffer
 */
function validateReadRange(offset, length, byteLength) {
  if (offset < 0) throw hideFrame(new ERR_OUT_OF_RANGE('offset', '>= 0', offset), validateReadRange);
  if (length < 0) throw hideFrame(new ERR_OUT_OF_RANGE('length', '>= 0', length), validateReadRange);
  if (offset + length > byteLength) {
    throw hideFrame(new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length), validateReadRange);
  }
}

/**
 * Checks the part of a buffer that is written out.
 * @param {number} offset
 * @param {number} length
 * @param {number} byteLength of the buffer
 */
function validateWriteRange(offset, length, byteLength) {
  if (offset > byteLength) {
    throw hideFrame(new ERR_OUT_OF_RANGE('offset', `<= ${byteLength}`, offset), validateWriteRange);
  }
  if (length > byteLength - offset) {
    throw hideFrame(new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length), validateWriteRange);
  }
  if (length < 0) throw hideFrame(new ERR_OUT_OF_RANGE('length', '>= 0', length), validateWriteRange);
  validateInt32(length, 'length', 0);
}

/**
 * A position to read from; -1 means where the descriptor stands.
 * @param {unknown} position
 * @param {number} length how many bytes are read there
 * @returns {number | bigint}
 */
function toReadPosition(position, length) {
  if (position == null) return -1;
  if (typeof position === 'number') {
    validateInteger(position, 'position', -1);
  } else if (typeof position === 'bigint') {
    const last = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > last) {
      throw new ERR_OUT_OF_RANGE('position', `>= -1 && <= ${last}`, position);
    }
  } else {
    throw new ERR_INVALID_ARG_TYPE('position', ['integer', 'bigint'], position);
  }
  return position;
}

/**
 * @param {unknown} callback
 * @returns {Function}
 */
function toCallback(callback) {
  validateFunction(callback, 'cb');
  return callback;
}

/**
 * @param {unknown} encoding of `options.encoding`
 * @returns {boolean} whether names in this encoding have to be made from bytes
 */
function needsBytes(encoding) {
  return Boolean(encoding) && encoding !== 'utf8' && encoding !== 'utf-8';
}

/**
 * A name that the native half returned, in the encoding that the program asked for.
 * @param {string} name its text, or, where `needsBytes(encoding)`, a character for each of its bytes
 * @param {string | null | undefined} encoding
 * @returns {string | Buffer}
 */
function decodeName(name, encoding) {
  if (!needsBytes(encoding)) return name;
  const bytes = require('buffer').Buffer.from(name, 'latin1');
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

module.exports = {
  checkedFd,
  constants,
  decodeName,
  isFd,
  kMaxFileSize,
  needsBytes,
  toCallback,
  toFd,
  toFlags,
  toModeBits,
  toOptions,
  toPath,
  toReadPosition,
  toUnixTimestamp,
  validateBufferArray,
  validateEncodingName,
  validateReadRange,
  validateWriteRange,
};
