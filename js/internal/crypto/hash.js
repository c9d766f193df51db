// Hashes and keyed hashes: `createHash`, `createHmac`, `hash`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_HASH_FINALIZED,
    ERR_CRYPTO_HASH_UPDATE_FAILED,
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const LazyTransform = require('internal/streams/lazy_transform');
const { deprecate, getDeprecationWarningEmitter, normalizeEncoding } = require('internal/util');
const { isArrayBufferView } = require('internal/util/types');
const { validateEncoding, validateString, validateUint32 } = require('internal/validators');
const { binding, decodeText, findDigest, finishOutput, outputEncoding, sortedNames } = require('internal/crypto/util');
const { prepareSecretKey } = require('internal/crypto/keys');

/** Text up to this length waits for `digest()`, which then needs no object of Rust's. */
const MAX_WAITING = 1 << 16;

/** So many objects of Rust's are kept for the next hash. */
const MAX_SPARE = 16;

const spareHashes = [];
const spareHmacs = [];

const warnOfShakeLength = getDeprecationWarningEmitter(
  'DEP0198',
  'Creating SHAKE128/256 digests without an explicit options.outputLength is deprecated.',
  undefined,
  false,
);

const dataTypes = ['string', 'Buffer', 'TypedArray', 'DataView'];

// Checks what `update` is given and makes text of another encoding than UTF-8 bytes.
function inputOf(data, encoding) {
  if (typeof data === 'string') {
    if (encoding === undefined || encoding === 'utf8') return data;
    validateEncoding(data, encoding);
    return decodeText(data, encoding);
  }
  if (!isArrayBufferView(data)) throw new ERR_INVALID_ARG_TYPE('data', dataTypes, data);
  return data;
}

// The length that Rust is to make: -1 where it is the digest's own.
function lengthFor(digest, outputLength) {
  if (outputLength === undefined) {
    if (!digest.extendable) return -1;
    warnOfShakeLength();
    return digest.size;
  }
  return digest.extendable || outputLength !== digest.size ? outputLength : -1;
}

class Hash extends LazyTransform {
  #digest;
  #length;
  // What has been added so far: text that waits, or an object of Rust's.
  #waiting = undefined;
  #native = undefined;
  #isFinished = false;
  // What the stream has pushed at its end, for `digest()` afterwards.
  #pushed = undefined;

  constructor(algorithm, options) {
    super(algorithm instanceof Hash ? options : checkedOptions(algorithm, options));
    if (typeof algorithm === 'string') {
      const digest = findDigest(algorithm);
      if (digest === undefined) throw new Error('Digest method not supported');
      this.#digest = digest;
      this.#length = lengthFor(digest, options == null ? undefined : options.outputLength);
      if (this.#length !== -1 || !digest.provided) this.#begin();
    } else {
      this.#copyFrom(algorithm, options);
    }
  }

  #copyFrom(other, options) {
    this.#digest = other.#digest;
    this.#waiting = other.#waiting;
    const outputLength = options == null ? undefined : options.outputLength;
    if (outputLength !== undefined) validateUint32(outputLength, 'options.outputLength');
    this.#length = lengthFor(this.#digest, outputLength);
    if (other.#native === undefined && this.#length === -1) return;
    const native = this.#begin();
    if (other.#native !== undefined) native.copyHash(other.#native, this.#length);
  }

  #begin() {
    const native = spareHashes.pop() ?? new binding.Hash();
    native.beginHash(this.#digest.number, this.#length);
    this.#native = native;
    if (this.#waiting !== undefined) {
      native.updateHash(this.#waiting);
      this.#waiting = undefined;
    }
    return native;
  }

  // The result in a form of Rust's; what Rust has is free for the next hash.
  #finish(encoding) {
    const native = this.#native;
    if (native === undefined) return binding.hash(this.#digest.number, this.#waiting ?? '', encoding, -1);
    const result = native.finishHash(encoding);
    if (spareHashes.length < MAX_SPARE) spareHashes.push(native);
    this.#native = undefined;
    return result;
  }

  /** @returns {Hash} another one that goes on from the same point */
  copy(options) {
    if (this.#isFinished) throw new ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options);
  }

  _transform(chunk, encoding, callback) {
    if (this.#pushed === undefined) (this.#native ?? this.#begin()).updateHash(decodeChunk(chunk, encoding));
    callback();
  }

  _flush(callback) {
    this.#pushed = finishOutput(this.#finish(0));
    this.push(this.#pushed);
    callback();
  }

  /**
   * Adds data.
   * @param {string | ArrayBufferView} data
   * @param {string} [encoding]  of a string
   * @returns {this}
   */
  update(data, encoding) {
    if (this.#isFinished) throw new ERR_CRYPTO_HASH_FINALIZED();
    const input = inputOf(data, encoding);
    if (this.#native === undefined && typeof input === 'string' && this.#waiting === undefined &&
        input.length <= MAX_WAITING) {
      this.#waiting = input;
    } else if (!(this.#native ?? this.#begin()).updateHash(input)) {
      throw new ERR_CRYPTO_HASH_UPDATE_FAILED();
    }
    return this;
  }

  /**
   * Ends the hash.
   * @param {string} [encoding]  none gives a Buffer
   * @returns {string | Buffer}
   */
  digest(encoding) {
    if (this.#isFinished) throw new ERR_CRYPTO_HASH_FINALIZED();
    // A form that is no string is the program's to turn into one, which may fail, before anything is lost.
    if (encoding !== undefined && typeof encoding !== 'string') encoding = encoding === null ? null : `${encoding}`;
    this.#isFinished = true;
    if (this.#pushed !== undefined) return encodePushed(this.#pushed, encoding);
    return finishOutput(this.#finish(outputEncoding(encoding)), encoding);
  }
}

function checkedOptions(algorithm, options) {
  validateString(algorithm, 'algorithm');
  const outputLength = typeof options === 'object' && options !== null ? options.outputLength : undefined;
  if (outputLength !== undefined) validateUint32(outputLength, 'options.outputLength');
  return options;
}

function decodeChunk(chunk, encoding) {
  return typeof chunk === 'string' ? decodeText(chunk, encoding) : chunk;
}

function encodePushed(bytes, encoding) {
  const normalized = encoding == null || encoding === 'buffer' ? undefined : normalizeEncoding(encoding);
  return normalized === undefined ? bytes : bytes.toString(normalized);
}

class Hmac extends LazyTransform {
  #digest;
  #key;
  #waiting = undefined;
  #native = undefined;
  #isFinished = false;
  #pushed = undefined;

  constructor(hmac, key, options) {
    super(options);
    validateString(hmac, 'hmac');
    const encoding = options == null ? undefined : options.encoding;
    const secret = typeof key === 'string' && (encoding === undefined || encoding === null) ?
      key : prepareSecretKey(key, encoding ?? 'utf8');
    const digest = findDigest(hmac);
    if (digest === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(hmac);
    this.#digest = digest;
    // Bytes may change before they are used.
    if (typeof secret === 'string' && !digest.extendable) this.#key = secret;
    else this.#begin(secret);
  }

  #begin(key) {
    const native = spareHmacs.pop() ?? new binding.Hmac();
    native.beginHmac(this.#digest.number, key);
    this.#native = native;
    this.#key = undefined;
    if (this.#waiting !== undefined) {
      native.updateHmac(this.#waiting);
      this.#waiting = undefined;
    }
    return native;
  }

  #finish(encoding) {
    const native = this.#native;
    if (native === undefined) {
      const key = this.#key;
      this.#key = undefined;
      return binding.hmac(this.#digest.number, key, this.#waiting ?? '', encoding);
    }
    const result = native.finishHmac(encoding);
    if (spareHmacs.length < MAX_SPARE) spareHmacs.push(native);
    this.#native = undefined;
    return result;
  }

  /**
   * Adds data.
   * @param {string | ArrayBufferView} data
   * @param {string} [encoding]  of a string
   * @returns {this}
   */
  update(data, encoding) {
    if (this.#isFinished) throw new ERR_CRYPTO_HASH_FINALIZED();
    const input = inputOf(data, encoding);
    if (this.#native === undefined && typeof input === 'string' && this.#waiting === undefined &&
        input.length <= MAX_WAITING) {
      this.#waiting = input;
    } else if (!(this.#native ?? this.#begin(this.#key)).updateHmac(input)) {
      throw new ERR_CRYPTO_HASH_UPDATE_FAILED();
    }
    return this;
  }

  /**
   * Ends it; a second time gives nothing.
   * @param {string} [encoding]  none gives a Buffer
   * @returns {string | Buffer}
   */
  digest(encoding) {
    if (encoding !== undefined && typeof encoding !== 'string') encoding = encoding === null ? null : `${encoding}`;
    if (this.#isFinished) return encodePushed(Buffer.alloc(0), encoding);
    this.#isFinished = true;
    if (this.#pushed !== undefined) return encodePushed(this.#pushed, encoding);
    return finishOutput(this.#finish(outputEncoding(encoding)), encoding);
  }

  _flush(callback) {
    this.#pushed = finishOutput(this.#finish(0));
    this.push(this.#pushed);
    callback();
  }

  _transform(chunk, encoding, callback) {
    if (this.#pushed === undefined) {
      (this.#native ?? this.#begin(this.#key)).updateHmac(decodeChunk(chunk, encoding));
    }
    callback();
  }
}

for (const Class of [Hash, Hmac]) {
  for (const name of Object.getOwnPropertyNames(Class.prototype)) {
    if (name !== 'constructor') Object.defineProperty(Class.prototype, name, { enumerable: true });
  }
}

/**
 * A hash, to be fed by `update()` or as a stream.
 * @param {string} algorithm
 * @param {object} [options]  those of a Transform and `outputLength` for extendable functions
 * @returns {Hash}
 */
function createHash(algorithm, options) {
  return new Hash(algorithm, options);
}

/**
 * A keyed hash, to be fed by `update()` or as a stream.
 * @param {string} hmac  the digest
 * @param {string | ArrayBuffer | ArrayBufferView | KeyObject | CryptoKey} key
 * @param {object} [options]  those of a Transform and `encoding` for a key that is a string
 * @returns {Hmac}
 */
function createHmac(hmac, key, options) {
  return new Hmac(hmac, key, options);
}

/**
 * The hash of data that are there as a whole.
 * @param {string} algorithm
 * @param {string | ArrayBufferView} input
 * @param {string | { outputEncoding?: string, outputLength?: number }} [options]  the encoding, 'hex' if none
 * @returns {string | Buffer}
 */
function hash(algorithm, input, options) {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !isArrayBufferView(input)) {
    throw new ERR_INVALID_ARG_TYPE('input', dataTypes, input);
  }
  let encoding = 'hex';
  let outputLength;
  if (typeof options === 'string') {
    encoding = options;
  } else if (options !== undefined) {
    ({ encoding, outputLength } = oneShotOptions(options));
  }
  let number = 1;
  if (encoding !== 'hex') {
    const normalized = encoding === 'buffer' ? 'buffer' : normalizeEncoding(encoding);
    if (normalized === undefined) throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding);
    encoding = normalized;
    number = outputEncoding(normalized);
  }
  const digest = findDigest(algorithm);
  if (digest === undefined) throw new Error(`Digest method ${algorithm} is not supported`);
  const length = digest.extendable || outputLength !== undefined ? lengthFor(digest, outputLength) : -1;
  if (length !== -1 && !digest.extendable) {
    throw new Error(`Output length ${length} is invalid for ${algorithm}, which does not support XOF`);
  }
  return finishOutput(binding.hash(digest.number, input, number, length), encoding);
}

function oneShotOptions(options) {
  const { validateObject } = require('internal/validators');
  validateObject(options, 'options');
  const { outputEncoding: encoding = 'hex', outputLength } = options;
  validateString(encoding, 'outputEncoding');
  if (outputLength !== undefined) validateUint32(outputLength, 'options.outputLength');
  return { encoding, outputLength };
}

let hashNames;

/** @returns {string[]} the names of all digests */
function getHashes() {
  hashNames ??= sortedNames(binding.digestNames());
  return hashNames.slice();
}

// Both can be called without `new`, as they once could.
function deprecatedConstructor(Class, code) {
  const callable = { [Class.name]: function(...args) {
    return Reflect.construct(Class, args, new.target === undefined ? Class : new.target);
  } }[Class.name];
  Object.defineProperty(callable, 'length', { value: Class.length });
  callable.prototype = Class.prototype;
  return deprecate(callable, `crypto.${Class.name} constructor is deprecated.`, code);
}

module.exports = {
  Hash: deprecatedConstructor(Hash, 'DEP0179'),
  Hmac: deprecatedConstructor(Hmac, 'DEP0181'),
  createHash,
  createHmac,
  getHashes,
  hash,
};
