// Randomness: bytes, integers, UUIDs; and comparison in constant time.
'use strict';

const { FastBuffer, createUnsafeBuffer } = require('internal/buffer/memory');
const {
  codes: {
    ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH,
    ERR_INVALID_ARG_TYPE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateBoolean, validateFunction, validateNumber, validateObject } = require('internal/validators');
const { kEmptyObject } = require('internal/util');
const { binding, viewOf } = require('internal/crypto/util');

const MAX_SIZE = 2 ** 31 - 1;

function checkOffset(offset, elementSize, length) {
  validateNumber(offset, 'offset');
  offset *= elementSize;
  const max = Math.min(length, MAX_SIZE);
  if (!(offset >= 0 && offset <= max)) throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${max}`, offset);
  return Math.trunc(offset);
}

function checkSize(size, elementSize, offset, length) {
  validateNumber(size, 'size');
  size *= elementSize;
  if (!(size >= 0 && size <= MAX_SIZE)) throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${MAX_SIZE}`, size);
  if (size + offset > length) throw new ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, size + offset);
  return Math.trunc(size);
}

/**
 * A buffer of random bytes.
 * @param {number} size
 * @param {(error: Error | null, bytes: Buffer) => void} [callback]  without one, the buffer is returned
 * @returns {Buffer | undefined}
 */
function randomBytes(size, callback) {
  size = checkSize(size, 1, 0, Infinity);
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = createUnsafeBuffer(size);
  if (callback === undefined) {
    if (size > 0) binding.randomFillSync(bytes, 0, size);
    return bytes;
  }
  fillLater(bytes, bytes, 0, size, callback);
}

/**
 * Fills a buffer, or a part of it, with random bytes.
 * @param {ArrayBuffer | ArrayBufferView} buf
 * @param {number} [offset]  in elements
 * @param {number} [size]  in elements
 * @returns what it was given
 */
function randomFillSync(buf, offset = 0, size) {
  const [start, length] = checkRange(buf, offset, size);
  if (length > 0) binding.randomFillSync(viewOf(buf), start, length);
  return buf;
}

function checkRange(buf, offset, size) {
  if (!isAnyArrayBuffer(buf) && !isArrayBufferView(buf)) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
  const elementSize = buf.BYTES_PER_ELEMENT ?? 1;
  const start = checkOffset(offset, elementSize, buf.byteLength);
  const length = size === undefined ?
    buf.byteLength - start :
    checkSize(size, elementSize, start, buf.byteLength);
  return [start, length];
}

/**
 * Fills a buffer, or a part of it, with random bytes on the thread pool.
 * @param {ArrayBuffer | ArrayBufferView} buf
 * @param {number} [offset]  in elements
 * @param {number} [size]  in elements
 * @param {(error: Error | null, buf: ArrayBuffer | ArrayBufferView) => void} callback
 */
function randomFill(buf, offset, size, callback) {
  if (!isAnyArrayBuffer(buf) && !isArrayBufferView(buf)) {
    throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = undefined;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  } else {
    validateFunction(callback, 'callback');
  }
  const [start, length] = checkRange(buf, offset, size);
  fillLater(buf, viewOf(buf), start, length, callback);
}

function fillLater(buf, view, start, length, callback) {
  if (length === 0) {
    process.nextTick(callback, null, buf);
    return;
  }
  binding.randomFill(view, start, length, (error) => {
    if (error === null) callback(null, buf);
    else callback(error);
  });
}

/** A number below 2 ** 48 is made of six bytes. */
const RANDOM_LIMIT = 2 ** 48 - 1;
const NUMBER_SIZE = 6;
const CACHED_NUMBERS = 512;

let numberCache;
let numbersUsed = CACHED_NUMBERS;

function nextNumber() {
  if (numbersUsed === CACHED_NUMBERS) {
    numberCache ??= new FastBuffer(CACHED_NUMBERS * NUMBER_SIZE);
    binding.randomFillSync(numberCache, 0, numberCache.length);
    numbersUsed = 0;
  }
  return numberCache.readUIntBE(NUMBER_SIZE * numbersUsed++, NUMBER_SIZE);
}

// Each number of the range shall be as likely as the others: those above a multiple of the range are refused.
function numberBelow(range) {
  const limit = RANDOM_LIMIT - (RANDOM_LIMIT % range);
  let number = nextNumber();
  while (number >= limit) number = nextNumber();
  return number % range;
}

/**
 * A random integer, `min <= n < max`.
 * @param {number} [min]  0 if left out
 * @param {number} max
 * @param {(error: undefined, n: number) => void} [callback]  without one, the number is returned
 * @returns {number | undefined}
 */
function randomInt(min, max, callback) {
  const isMinLeftOut = max === undefined || typeof max === 'function';
  if (isMinLeftOut) {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) throw new ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw new ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min) throw new ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (!(range <= RANDOM_LIMIT)) {
    throw new ERR_OUT_OF_RANGE(isMinLeftOut ? 'max' : 'max - min', `<= ${RANDOM_LIMIT}`, range);
  }
  const number = numberBelow(range) + min;
  if (callback === undefined) return number;
  process.nextTick(callback, undefined, number);
}

/**
 * A random UUID of version 4.
 * @param {{ disableEntropyCache?: boolean }} [options]
 * @returns {string}
 */
function randomUUID(options) {
  return options === undefined ? binding.randomUuid(false) : binding.randomUuid(isFresh(options));
}

/**
 * A UUID of version 7: the time, then random bits.
 * @param {{ disableEntropyCache?: boolean }} [options]
 * @returns {string}
 */
function randomUUIDv7(options) {
  return binding.randomUuidV7(options === undefined ? false : isFresh(options), Date.now());
}

function isFresh(options) {
  validateObject(options, 'options');
  const { disableEntropyCache = false } = options ?? kEmptyObject;
  validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
  return disableEntropyCache;
}

/**
 * Compares two buffers of one length in a time that does not depend on what is in them.
 * @param {ArrayBuffer | ArrayBufferView} buf1
 * @param {ArrayBuffer | ArrayBufferView} buf2
 * @returns {boolean}
 */
function timingSafeEqual(buf1, buf2) {
  if (!isArrayBufferView(buf1) && !isAnyArrayBuffer(buf1)) throw wrongBuffer('buf1');
  if (!isArrayBufferView(buf2) && !isAnyArrayBuffer(buf2)) throw wrongBuffer('buf2');
  if (buf1.byteLength !== buf2.byteLength) throw new ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return binding.timingSafeEqual(buf1, buf2);
}

function wrongBuffer(name) {
  const kinds = 'ArrayBuffer, Buffer, TypedArray, or DataView';
  const error = new TypeError(`The "${name}" argument must be an instance of ${kinds}.`);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}
Object.defineProperty(timingSafeEqual, 'name', { configurable: true, value: '' });
Object.defineProperty(timingSafeEqual, 'length', { configurable: true, value: 0 });

module.exports = {
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
  timingSafeEqual,
};
