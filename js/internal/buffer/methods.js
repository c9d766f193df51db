// Buffer's methods that are not about one type of number or one encoding.
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_BUFFER_SIZE,
    ERR_OUT_OF_RANGE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { validateInteger } = require('internal/validators');
const { customInspectSymbol } = require('internal/util');
const { isUint8Array } = require('internal/util/types');
const { compareAll, compareRanges, copyBytes, equalBytes } = require('internal/buffer/bytes');
const { decodeUtf8 } = require('internal/buffer/decode');
const { encodeUtf8 } = require('internal/buffer/encode');
const { encodingOf } = require('internal/buffer/encodings');
const { fillRange } = require('internal/buffer/fill');
const { inspectBuffer } = require('internal/buffer/inspect');
const { FastBuffer } = require('internal/buffer/memory');
const { search } = require('internal/buffer/search');
const swap = require('internal/buffer/swap');
const { bytesOf, checkString, checkView, lengthOf } = require('internal/buffer/views');

const { isView } = ArrayBuffer;

const methods = {};

/**
 * @param {ArrayBufferView} target
 * @param {number} [targetStart]
 * @param {number} [sourceStart]
 * @param {number} [sourceEnd]
 * @returns {number} how many bytes were copied
 */
methods.copy = function copy(target, targetStart, sourceStart, sourceEnd) {
  if (!isView(this)) throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], this);
  if (!isView(target)) throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  const size = this.byteLength;
  let at = 0;
  if (targetStart !== undefined) {
    at = toIndex(targetStart);
    if (at < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', at);
  }
  let start = 0;
  if (sourceStart !== undefined) {
    start = toIndex(sourceStart);
    if (start < 0 || start > size) {
      throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${size}`, start);
    }
  }
  let end = size;
  if (sourceEnd !== undefined) {
    end = toIndex(sourceEnd);
    if (end < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', end);
    if (end > size) end = size;
  }
  const count = Math.min(end - start, target.byteLength - at);
  return count <= 0 ? 0 : copyBytes(this, start, target, at, count);
};

/**
 * @param {string} [encoding]
 * @param {number} [start]
 * @param {number} [end]
 * @returns {string}
 * @throws {TypeError} ERR_UNKNOWN_ENCODING
 */
methods.toString = function toString(encoding, start, end) {
  if (arguments.length === 0) {
    const { length } = this;
    checkView(this);
    return decodeUtf8(bytesOf(this), 0, length);
  }
  const length = lengthOf(this);
  let from = 0;
  if (start > 0) {
    if (start >= length) return '';
    from = Math.trunc(start);
  }
  const to = end === undefined || end > length ? length : Math.trunc(end) || 0;
  if (to <= from) return '';
  if (encoding === undefined) return decodeUtf8(bytesOf(this), from, to);
  const kind = encodingOf(encoding);
  if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return kind.decode(bytesOf(this), from, to);
};

/**
 * @param {Uint8Array} otherBuffer
 * @returns {boolean}
 */
methods.equals = function equals(otherBuffer) {
  if (!isUint8Array(otherBuffer)) {
    throw new ERR_INVALID_ARG_TYPE('otherBuffer', ['Buffer', 'Uint8Array'], otherBuffer);
  }
  return this === otherBuffer || equalBytes(this, otherBuffer);
};

/**
 * @param {number} recurseTimes
 * @param {object} [ctx] the options of `util.inspect`
 * @returns {string}
 */
methods.inspect = function inspect(recurseTimes, ctx) {
  return inspectBuffer(this, ctx);
};

/**
 * @param {Uint8Array} target
 * @param {number} [targetStart]
 * @param {number} [targetEnd]
 * @param {number} [sourceStart]
 * @param {number} [sourceEnd]
 * @returns {-1 | 0 | 1}
 */
methods.compare = function compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
  if (!isUint8Array(target)) {
    throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  }
  checkView(this);
  if (arguments.length === 1) return compareAll(this, target);
  if (targetStart === undefined) targetStart = 0;
  else validateInteger(targetStart, 'targetStart', 0);
  if (targetEnd === undefined) targetEnd = target.length;
  else validateInteger(targetEnd, 'targetEnd', 0, target.length);
  if (sourceStart === undefined) sourceStart = 0;
  else validateInteger(sourceStart, 'sourceStart', 0);
  if (sourceEnd === undefined) sourceEnd = this.length;
  else validateInteger(sourceEnd, 'sourceEnd', 0, this.length);
  if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return compareRanges(this, sourceStart, sourceEnd, target, targetStart, targetEnd);
};

/**
 * The arguments of all three searches are those of `internal/buffer/search`.
 * @returns {number} where `value` first begins, or -1
 */
methods.indexOf = function indexOf(value, start, end, encoding) {
  return search(this, value, start, end, encoding, true);
};

/** @returns {number} where `value` last begins, or -1 */
methods.lastIndexOf = function lastIndexOf(value, start, end, encoding) {
  return search(this, value, start, end, encoding, false);
};

/** @returns {boolean} */
methods.includes = function includes(value, start, end, encoding) {
  return search(this, value, start, end, encoding, true) !== -1;
};

/**
 * @param {string | ArrayBufferView | number} value
 * @param {number} [offset]
 * @param {number} [end]
 * @param {string} [encoding]
 * @returns {this}
 */
methods.fill = function fill(value, offset, end, encoding) {
  fillRange(this, value, offset, end, encoding);
  return this;
};

/**
 * @param {string} string
 * @param {number} [offset]
 * @param {number} [length] how many bytes may be written
 * @param {string} [encoding]
 * @returns {number} how many were
 */
methods.write = function write(string, offset, length, encoding) {
  const size = lengthOf(this);
  if (offset === undefined) return encodeInto(this, string, 0, size, undefined);
  if (typeof offset === 'string' && length === undefined) {
    return encodeInto(this, string, 0, size, offset);
  }
  validateInteger(offset, 'offset', 0, size);
  const room = size - offset;
  if (length === undefined) return encodeInto(this, string, offset, room, encoding);
  if (typeof length === 'string') return encodeInto(this, string, offset, room, length);
  validateInteger(length, 'length', 0, size);
  return encodeInto(this, string, offset, length < room ? length : room, encoding);
};

function encodeInto(buffer, string, offset, length, encoding) {
  if (!encoding || encoding === 'utf8') {
    checkString(string);
    return encodeUtf8(bytesOf(buffer), string, offset, length);
  }
  const kind = encodingOf(encoding);
  if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  checkString(string);
  return kind.encode(bytesOf(buffer), string, offset, length);
}

/** @returns {{ type: 'Buffer', data: number[] }} what `Buffer.from()` understands */
methods.toJSON = function toJSON() {
  const length = lengthOf(this);
  const data = new Array(length);
  for (let i = 0; i < length; i++) data[i] = this[i];
  return { type: 'Buffer', data };
};

/**
 * @param {number} [start] from the end if negative
 * @param {number} [end] from the end if negative
 * @returns {Buffer} over the same memory
 */
methods.subarray = function subarray(start, end) {
  const length = lengthOf(this);
  const from = clampIndex(start, 0, length);
  const to = clampIndex(end, length, length);
  return new FastBuffer(this.buffer, this.byteOffset + from, to > from ? to - from : 0);
};

/** The same as `subarray()`. */
methods.slice = function slice(start, end) {
  return this.subarray(start, end);
};

/** @returns {this} with the bytes of each 16-bit unit reversed */
methods.swap16 = function swap16() {
  if (lengthOf(this) % 2 !== 0) throw new ERR_INVALID_BUFFER_SIZE('16-bits');
  swap.pairs(this);
  return this;
};

/** @returns {this} with the bytes of each 32-bit unit reversed */
methods.swap32 = function swap32() {
  if (lengthOf(this) % 4 !== 0) throw new ERR_INVALID_BUFFER_SIZE('32-bits');
  swap.quads(this);
  return this;
};

/** @returns {this} with the bytes of each 64-bit unit reversed */
methods.swap64 = function swap64() {
  if (lengthOf(this) % 8 !== 0) throw new ERR_INVALID_BUFFER_SIZE('64-bits');
  swap.octets(this);
  return this;
};

methods.toLocaleString = methods.toString;
methods[customInspectSymbol] = methods.inspect;

/** An index given to `copy()`: anything that becomes a number, rounded down; 0 if not finite. */
function toIndex(value) {
  value = Math.floor(value);
  return Number.isFinite(value) ? value : 0;
}

/** An index given to `subarray()`: from the end if negative, and inside the buffer. */
function clampIndex(value, preset, length) {
  if (value === undefined) return preset;
  let index = Math.trunc(value);
  if (index < 0) {
    index += length;
    return index > 0 ? index : 0;
  }
  if (index < length) return index;
  return index === index ? length : 0;
}

module.exports = methods;
