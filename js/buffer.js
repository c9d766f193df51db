// Node's `buffer`: bytes as `Buffer`, their encodings, and `Blob` and `File`.
'use strict';

const {
  codes: {
    ERR_BUFFER_OUT_OF_BOUNDS,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { defineLazyProperties } = require('internal/util');
const { validateArray, validateInteger, validateNumber } = require('internal/validators');
const { isAnyArrayBuffer, isTypedArray, isUint8Array } = require('internal/util/types');
const { compareAll, copyBytes } = require('internal/buffer/bytes');
const { encodeUtf8 } = require('internal/buffer/encode');
const { encodingOf, utf8 } = require('internal/buffer/encodings');
const { fillRange } = require('internal/buffer/fill');
const { getInspectMaxBytes, setInspectMaxBytes } = require('internal/buffer/inspect');
const { FastBuffer, Pool, SLAB_ALIGNMENT, createUnsafeBuffer } = require('internal/buffer/memory');
const { bigints, reals } = require('internal/buffer/wide_numbers');
const text = require('internal/buffer/text');

const kMaxLength = 2 ** 53 - 1;
const kStringMaxLength = 0x1fffffe8;

/** The largest alignment that can be asked for. */
const MAX_ALIGNMENT = 2 ** 30;

const pool = new Pool();
const setBytes = Uint8Array.prototype.set;
const { isView } = ArrayBuffer;
const { get: getByteLength } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength');
const objectValueOf = Object.prototype.valueOf;

/**
 * The deprecated constructor: `Buffer.alloc()` for a number, `Buffer.from()` for everything else.
 * @param {unknown} arg
 * @param {unknown} [encodingOrOffset]
 * @param {unknown} [length]
 */
function Buffer(arg, encodingOrOffset, length) {
  require('internal/buffer/deprecation').warnOfConstructor();
  if (typeof arg === 'number') {
    if (typeof encodingOrOffset === 'string') throw new ERR_INVALID_ARG_TYPE('string', 'string', arg);
    return Buffer.alloc(arg);
  }
  return Buffer.from(arg, encodingOrOffset, length);
}

Buffer.prototype = FastBuffer.prototype;
Object.setPrototypeOf(Buffer, Uint8Array);
Object.defineProperty(Buffer, 'prototype', { writable: true });
Object.defineProperty(Buffer.prototype, 'constructor', { value: Buffer, enumerable: false });

/** What methods of `Uint8Array` such as `map()` make of a Buffer. */
Object.defineProperty(Buffer, Symbol.species, {
  configurable: true,
  enumerable: false,
  get() {
    return FastBuffer;
  },
});

/** @type {number} the size in bytes of the slab from which small buffers are cut */
Buffer.poolSize = 64 * 1024;

/**
 * @param {string | ArrayBuffer | SharedArrayBuffer | ArrayLike<number> | object} value
 * @param {string | number} [encodingOrOffset] an encoding, or where to begin in an `ArrayBuffer`
 * @param {number} [length] of a part of an `ArrayBuffer`
 * @returns {Buffer} a copy, or a view if `value` is an `ArrayBuffer`
 */
Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromString(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    const { valueOf } = value;
    if (valueOf === objectValueOf) {
      if (isUint8Array(value)) return fromBytes(value);
      if (Array.isArray(value)) return fromArrayLike(value);
      if (value instanceof ArrayBuffer && isArrayBuffer(value)) {
        return fromArrayBuffer(value, encodingOrOffset, length);
      }
    } else if (valueOf) {
      const primitive = value.valueOf();
      if (primitive != null && primitive !== value &&
          (typeof primitive === 'string' || typeof primitive === 'object')) {
        return from(primitive, encodingOrOffset, length);
      }
    }
    const buffer = fromObject(value, encodingOrOffset, length);
    if (buffer !== undefined) return buffer;
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument',
    ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'],
    value,
  );
};

/**
 * Copies the memory of elements of a typed array.
 * @param {NodeJS.TypedArray} view
 * @param {number} [offset] in elements
 * @param {number} [length] in elements
 * @returns {Buffer}
 */
Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (!isTypedArray(view)) throw new ERR_INVALID_ARG_TYPE('view', [ 'TypedArray' ], view);
  if (view.length === 0) return new FastBuffer();
  let start = 0;
  if (offset !== undefined) {
    validateInteger(offset, 'offset', 0);
    if (offset >= view.length) return new FastBuffer();
    start = offset;
  }
  let end = view.length;
  if (length !== undefined) {
    validateInteger(length, 'length', 0);
    end = Math.min(start + length, end);
  }
  const { BYTES_PER_ELEMENT: width } = view;
  return fromBytes(new FastBuffer(view.buffer, view.byteOffset + start * width, (end - start) * width));
};

Object.assign(Buffer, {
  /**
   * @param {...number} items
   * @returns {Buffer}
   */
  of(...items) {
    const buffer = new FastBuffer(items.length);
    for (let i = 0; i < items.length; i++) buffer[i] = items[i];
    return buffer;
  },
});

/**
 * @param {number} size in bytes
 * @param {string | Uint8Array | number} [fill]
 * @param {string} [encoding] of a `fill` that is a string
 * @returns {Buffer} with memory of its own, zeros unless filled
 */
Buffer.alloc = function alloc(size, fill, encoding) {
  checkSize(size);
  if (fill === undefined || fill === 0 || !(size > 0)) return new FastBuffer(size);
  const buffer = createUnsafeBuffer(size);
  fillRange(buffer, fill, 0, buffer.length, encoding);
  return buffer;
};

/**
 * @param {number} size in bytes
 * @param {number} [alignment] a power of two of which the address is a multiple
 * @returns {Buffer} with whatever its memory held before, cut from the pool if small
 */
Buffer.allocUnsafe = function allocUnsafe(size, alignment) {
  checkSize(size);
  if (alignment === undefined) return allocate(size);
  checkAlignment(alignment);
  if (!(size >= 1)) return new FastBuffer();
  if (alignment > SLAB_ALIGNMENT || size >= Buffer.poolSize >>> 1) return createUnsafeBuffer(size, alignment);
  pool.reserveAligned(size, Buffer.poolSize, alignment);
  return pool.take(size);
};

/**
 * @param {number} size in bytes
 * @param {number} [alignment] a power of two of which the address is a multiple
 * @returns {Buffer} with whatever its memory held before, never cut from the pool
 */
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size, alignment) {
  checkSize(size);
  if (alignment !== undefined) checkAlignment(alignment);
  return createUnsafeBuffer(size, alignment);
};

/**
 * @param {unknown} value
 * @returns {boolean}
 */
Buffer.isBuffer = function isBuffer(value) {
  return value instanceof Buffer;
};

/**
 * @param {Uint8Array} buf1
 * @param {Uint8Array} buf2
 * @returns {-1 | 0 | 1}
 */
Buffer.compare = function compare(buf1, buf2) {
  if (!isUint8Array(buf1)) throw new ERR_INVALID_ARG_TYPE('buf1', ['Buffer', 'Uint8Array'], buf1);
  if (!isUint8Array(buf2)) throw new ERR_INVALID_ARG_TYPE('buf2', ['Buffer', 'Uint8Array'], buf2);
  return buf1 === buf2 ? 0 : compareAll(buf1, buf2);
};

/**
 * @param {unknown} encoding
 * @returns {boolean}
 */
Buffer.isEncoding = function isEncoding(encoding) {
  return typeof encoding === 'string' && encodingOf(encoding) !== undefined;
};

/** Node gives `isEncoding` this second name, which inspecting `Buffer` shows. */
Buffer[Symbol('kIsEncodingSymbol')] = Buffer.isEncoding;

/**
 * @param {Uint8Array[]} list
 * @param {number} [length] in bytes: what is beyond is left out, what is missing is zero
 * @returns {Buffer}
 */
Buffer.concat = function concat(list, length) {
  validateArray(list, 'list');
  const count = list.length;
  if (count === 0) return new FastBuffer();
  if (length !== undefined) validateInteger(length, 'length', 0);
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (!isUint8Array(list[i])) {
      throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], list[i]);
    }
    total += list[i].byteLength;
  }
  if (length === undefined) length = total;

  const buffer = allocate(length);
  let filled = 0;
  for (let i = 0; i < count && filled < length; i++) {
    const item = list[i];
    if (item.byteLength > length - filled) {
      filled += copyBytes(item, 0, buffer, filled, length - filled);
    } else {
      setBytes.call(buffer, item, filled);
      filled += item.byteLength;
    }
  }
  if (filled < length) buffer.fill(0, filled, length);
  return buffer;
};

/**
 * @param {string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer} string
 * @param {string} [encoding]
 * @returns {number}
 */
Buffer.byteLength = function byteLength(string, encoding) {
  if (typeof string !== 'string') {
    if (isView(string) || isAnyArrayBuffer(string)) return string.byteLength;
    throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], string);
  }
  if (!encoding || encoding === 'utf8') return utf8.byteLength(string);
  return (encodingOf(encoding) ?? utf8).byteLength(string);
};

function checkSize(size) {
  if (typeof size !== 'number' || !(size >= 0 && size <= kMaxLength)) {
    validateNumber(size, 'size', 0, kMaxLength);
  }
}

function checkAlignment(alignment) {
  validateInteger(alignment, 'alignment', 1, MAX_ALIGNMENT);
  if ((alignment & alignment - 1) !== 0) {
    throw new ERR_INVALID_ARG_VALUE('alignment', alignment, 'must be a power of two');
  }
}

function allocate(size) {
  if (!(size >= 1)) return new FastBuffer();
  if (size >= Buffer.poolSize >>> 1) return createUnsafeBuffer(size);
  pool.reserve(size, Buffer.poolSize);
  return pool.take(size);
}

function fromString(string, encoding) {
  let kind = utf8;
  if (typeof encoding === 'string' && encoding !== 'utf8' && encoding.length !== 0) {
    kind = encodingOf(encoding);
    if (kind === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  }
  const { length } = string;
  if (length === 0) return new FastBuffer();

  // UTF-8 has at most three bytes for each unit of a string, the other encodings at most two.
  const most = length * 3;
  const { poolSize } = Buffer;
  const limit = poolSize >>> 1;
  if (most < limit) {
    pool.reserve(most, poolSize);
    const { bytes, used } = pool;
    const written = kind === utf8 ?
      encodeUtf8(bytes, string, used, most) :
      kind.encode(bytes, string, used, most);
    return pool.take(written);
  }
  const size = kind.byteLength(string);
  if (size < limit) {
    pool.reserve(size, poolSize);
    return pool.take(kind.encode(pool.bytes, string, pool.used, size));
  }
  const buffer = createUnsafeBuffer(size);
  const written = kind.encode(buffer, string, 0, size);
  return written === size ? buffer : new FastBuffer(buffer.buffer, 0, written);
}

/** A copy of what is known to be a `Uint8Array`. */
function fromBytes(bytes) {
  const { length } = bytes;
  if (length === 0) return new FastBuffer();
  const buffer = allocate(length);
  setBytes.call(buffer, bytes);
  return buffer;
}

function fromObject(value, encodingOrOffset, length) {
  if (Array.isArray(value)) return fromArrayLike(value);
  if (isUint8Array(value)) return fromBytes(value);
  if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
  if (value.length !== undefined || isAnyArrayBuffer(value.buffer)) {
    return typeof value.length === 'number' ? fromArrayLike(value) : new FastBuffer();
  }
  if (value.type === 'Buffer' && Array.isArray(value.data)) return fromArrayLike(value.data);
  const toPrimitive = value[Symbol.toPrimitive];
  if (typeof toPrimitive === 'function') {
    const primitive = value[Symbol.toPrimitive]('string');
    if (typeof primitive === 'string') return fromString(primitive, encodingOrOffset);
  }
  return undefined;
}

function fromArrayLike(items) {
  const { length } = items;
  if (!(length > 0)) return new FastBuffer();
  const buffer = allocate(length);
  if (isTypedArray(items)) {
    setBytes.call(buffer, items);
    return buffer;
  }
  const count = buffer.length;
  for (let i = 0; i < count; i++) buffer[i] = items[i];
  return buffer;
}

/** Whether what has the prototype of an `ArrayBuffer` is one. */
function isArrayBuffer(value) {
  try {
    return getByteLength.call(value) >= 0;
  } catch {
    return false;
  }
}

function fromArrayBuffer(memory, byteOffset, length) {
  byteOffset = +byteOffset || 0;
  const available = memory.byteLength - byteOffset;
  if (available < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) return new FastBuffer(memory, byteOffset);
  length = +length;
  if (!(length > 0)) return new FastBuffer(memory, byteOffset, 0);
  if (length > available) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new FastBuffer(memory, byteOffset, length);
}

const partOf = {
  parent: {
    enumerable: true,
    get() {
      return this instanceof Buffer ? this.buffer : undefined;
    },
  },
  offset: {
    enumerable: true,
    get() {
      return this instanceof Buffer ? this.byteOffset : undefined;
    },
  },
};

Object.assign(
  Buffer.prototype,
  bigints,
  require('internal/buffer/read_integers'),
  require('internal/buffer/write_integers'),
  reals,
  require('internal/buffer/text_methods'),
);
Object.defineProperties(Buffer.prototype, partOf);
Object.assign(Buffer.prototype, require('internal/buffer/methods'));

module.exports = {
  Buffer,
  transcode: text.transcode,
  isUtf8: text.isUtf8,
  isAscii: text.isAscii,
  kMaxLength,
  kStringMaxLength,
  btoa: text.btoa,
  atob: text.atob,
};

Object.defineProperties(module.exports, {
  constants: {
    enumerable: true,
    value: Object.defineProperties({}, {
      MAX_LENGTH: { enumerable: true, value: kMaxLength },
      MAX_STRING_LENGTH: { enumerable: true, value: kStringMaxLength },
    }),
  },
  INSPECT_MAX_BYTES: {
    configurable: true,
    enumerable: true,
    get() {
      return getInspectMaxBytes();
    },
    set(value) {
      setInspectMaxBytes(value);
    },
  },
});

/**
 * @param {string} url
 * @returns {Blob | undefined} the Blob that a `blob:nodedata:` URL stands for
 */
function resolveObjectURL(url) {
  return require('internal/blob').resolveObjectURL(url);
}

defineLazyProperties(module.exports, 'internal/blob', ['Blob']);
module.exports.resolveObjectURL = resolveObjectURL;
defineLazyProperties(module.exports, 'internal/blob', ['File']);
