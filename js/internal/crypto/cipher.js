// Ciphers: `createCipheriv`, `createDecipheriv`, and what is known of them.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer, createUnsafeBuffer } = require('internal/buffer/memory');
const {
  codes: {
    ERR_CRYPTO_INVALID_STATE,
    ERR_CRYPTO_UNKNOWN_CIPHER,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const LazyTransform = require('internal/streams/lazy_transform');
const { normalizeEncoding } = require('internal/util');
const { isArrayBufferView } = require('internal/util/types');
const { validateEncoding, validateInt32, validateObject, validateString } = require('internal/validators');
const { prepareSecretKey } = require('internal/crypto/keys');
const { binding, getArrayBufferOrView, isUtf8, sortedNames } = require('internal/crypto/util');

/** So many objects of Rust's are kept for the next cipher. */
const MAX_SPARE = 16;

const spare = [];

/** The longest block, and the longest tag. */
const MAX_BLOCK = 32;
const MAX_TAG = 16;

const lastBlock = new Uint8Array(MAX_BLOCK);
const lastTag = new Uint8Array(MAX_TAG);

/** Modes in which as many bytes come out as go in. */
const streamModes = new Set(['stream', 'cfb', 'ofb', 'ctr', 'gcm', 'ccm', 'ocb']);

/** @typedef {{ number: number, blockSize: number, hasBlocks: boolean, isStream: boolean }} CipherFacts */

/** @type {Map<string, CipherFacts>} */
const ciphers = new Map();

function findCipher(name) {
  return ciphers.get(name) ?? lookUpCipher(name);
}

function lookUpCipher(name) {
  const facts = binding.cipherOf(name);
  if (facts === undefined) return undefined;
  const [number, blockSize, mode] = facts;
  const cipher = {
    number,
    blockSize,
    hasBlocks: (mode === 'cbc' || mode === 'ecb') && !name.toLowerCase().endsWith('-cts'),
    // OCB has blocks inside: what it gives out waits for them.
    isStream: streamModes.has(mode) && blockSize === 1,
  };
  ciphers.set(name, cipher);
  return cipher;
}

// An option that is a number of bytes; -1 where it was left out.
function sizeOption(options, name) {
  const value = options?.[name];
  if (value === undefined || value === null) return -1;
  if (value >>> 0 !== value) throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
  return value;
}

const dataTypes = ['string', 'Buffer', 'TypedArray', 'DataView'];

class CipherBase extends LazyTransform {
  #native;
  #cipher;
  #isEncrypting;
  // How many bytes wait for their block to be full, and whether the last full one waits for the end.
  #waiting = 0;
  #isPadded = true;
  #tag = undefined;
  #decoder = null;

  constructor(cipher, key, iv, options, isEncrypting) {
    super(options);
    validateString(cipher, 'cipher');
    const secret = prepareSecretKey(key, options?.encoding);
    const vector = iv === null ? null : getArrayBufferOrView(iv, 'iv');
    const tagLength = sizeOption(options, 'authTagLength');
    const facts = findCipher(cipher);
    if (facts === undefined) throw new ERR_CRYPTO_UNKNOWN_CIPHER();
    const native = spare.pop() ?? new binding.Cipher();
    native.beginCipher(facts.number, isEncrypting, secret, vector, tagLength, cipher);
    this.#native = native;
    this.#cipher = facts;
    this.#isEncrypting = isEncrypting;
    this.#isPadded = facts.hasBlocks;
  }

  // How much comes out of the cipher for so much more input.
  #outputSize(size) {
    const { blockSize } = this.#cipher;
    const total = this.#waiting + size;
    let kept = total % blockSize;
    // Where the end has padding, the last block may be nothing else.
    if (kept === 0 && total > 0 && !this.#isEncrypting && this.#isPadded) kept = blockSize;
    return total - kept;
  }

  #update(input) {
    const native = this.#native;
    const { hasBlocks, isStream } = this.#cipher;
    const size = input.byteLength;
    if (native === undefined) throw unsupportedState();
    if (!hasBlocks && !isStream) {
      const output = native.updateAny(input);
      if (output === undefined) throw unsupportedState();
      return new FastBuffer(output);
    }
    const outputSize = hasBlocks ? this.#outputSize(size) : size;
    const output = createUnsafeBuffer(outputSize);
    const written = native.update(input, output);
    if (written === outputSize) {
      if (hasBlocks) this.#waiting += size - outputSize;
      return output;
    }
    if (written === -1) throw unsupportedState();
    return written === 0 ? new FastBuffer() : output.subarray(0, written);
  }

  #finish() {
    const native = this.#native;
    if (native === undefined) throw finishedState();
    this.#native = undefined;
    const sizes = native.finish(lastBlock, lastTag);
    if (spare.length < MAX_SPARE) spare.push(native);
    const size = sizes & 0xff;
    const tagSize = sizes >>> 8;
    if (tagSize > 0) this.#tag = copyOf(lastTag, tagSize);
    return copyOf(lastBlock, size);
  }

  #decode(bytes, encoding, isLast) {
    const normalized = normalizeEncoding(encoding);
    if (this.#decoder === null) {
      if (normalized === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
      const { StringDecoder } = require('string_decoder');
      this.#decoder = new StringDecoder(normalized);
    } else if (this.#decoder.encoding !== normalized) {
      if (normalized === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
      throw new ERR_INVALID_ARG_VALUE(
        'outputEncoding', encoding, `cannot be changed from '${this.#decoder.encoding}'`,
      );
    }
    return isLast ? this.#decoder.end(bytes) : this.#decoder.write(bytes);
  }

  _transform(chunk, encoding, callback) {
    this.push(this.#update(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk));
    callback();
  }

  _flush(callback) {
    let rest;
    try {
      rest = this.#finish();
    } catch (error) {
      callback(error);
      return;
    }
    this.push(rest);
    callback();
  }

  /**
   * Adds text to be encrypted or decrypted.
   * @param {string | ArrayBufferView} data
   * @param {string} [inputEncoding]  of a string
   * @param {string} [outputEncoding]  none gives a Buffer
   * @returns {string | Buffer} what has come out
   */
  update(data, inputEncoding, outputEncoding) {
    let input = data;
    if (typeof data === 'string') {
      validateEncoding(data, inputEncoding);
      input = Buffer.from(data, isUtf8(inputEncoding) ? 'utf8' : inputEncoding);
    } else if (!isArrayBufferView(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', dataTypes, data);
    }
    const output = this.#update(input);
    if (!outputEncoding || outputEncoding === 'buffer') return output;
    return this.#decode(output, outputEncoding, false);
  }

  /**
   * Ends it.
   * @param {string} [outputEncoding]  none gives a Buffer
   * @returns {string | Buffer} the rest
   */
  final(outputEncoding) {
    const output = this.#finish();
    if (!outputEncoding || outputEncoding === 'buffer') return output;
    return this.#decode(output, outputEncoding, true);
  }

  /**
   * @param {boolean} [autoPadding]  whether the last block is padded, true unless told otherwise
   * @returns {this}
   */
  setAutoPadding(autoPadding) {
    const pad = autoPadding === undefined ? true : Boolean(autoPadding);
    if (this.#native === undefined || !this.#native.setPadding(pad)) {
      throw new ERR_CRYPTO_INVALID_STATE('setAutoPadding');
    }
    this.#isPadded = this.#cipher.hasBlocks && pad;
    return this;
  }

  /** @returns {Buffer} the tag, after the end */
  getAuthTag() {
    if (this.#tag === undefined) throw new ERR_CRYPTO_INVALID_STATE('getAuthTag');
    return copyOf(this.#tag, this.#tag.length);
  }

  /**
   * Says which tag the plaintext shall have.
   * @param {string | ArrayBuffer | ArrayBufferView} tagbuf
   * @param {string} [encoding]  of a string
   * @returns {this}
   */
  setAuthTag(tagbuf, encoding) {
    const tag = getArrayBufferOrView(tagbuf, 'buffer', encoding);
    if (this.#native === undefined || !this.#native.setTag(tag)) throw new ERR_CRYPTO_INVALID_STATE('setAuthTag');
    return this;
  }

  /**
   * Adds data that are authenticated and stay as they are.
   * @param {string | ArrayBuffer | ArrayBufferView} aadbuf
   * @param {{ plaintextLength?: number, encoding?: string }} [options]
   * @returns {this}
   */
  setAAD(aadbuf, options) {
    const length = sizeOption(options, 'plaintextLength');
    const data = getArrayBufferOrView(aadbuf, 'aadbuf', options?.encoding);
    if (this.#native === undefined || !this.#native.authenticate(data, length)) {
      throw new ERR_CRYPTO_INVALID_STATE('setAAD');
    }
    return this;
  }
}

function copyOf(bytes, size) {
  const copy = new FastBuffer(size);
  for (let i = 0; i < size; i++) copy[i] = bytes[i];
  return copy;
}

function unsupportedState() {
  return new Error('Trying to add data in unsupported state');
}

function finishedState() {
  const error = new Error('Invalid state');
  error.code = 'ERR_CRYPTO_INVALID_STATE';
  return error;
}

class Encryptor extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(cipher, key, iv, options, true);
  }
}

class Decryptor extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(cipher, key, iv, options, false);
  }
}

// The class as programs see it: it can be called without `new`, and has those methods of the base that concern it.
function publish(Class, name, methods) {
  const published = { [name]: function(cipher, key, iv, options) {
    return Reflect.construct(Class, [cipher, key, iv, options], new.target ?? published);
  } }[name];
  Object.setPrototypeOf(published, LazyTransform);
  Object.setPrototypeOf(Class.prototype, LazyTransform.prototype);
  published.prototype = Class.prototype;
  const own = { constructor: published };
  for (const method of ['_transform', '_flush', 'update', 'final', 'setAutoPadding', ...methods]) {
    own[method] = CipherBase.prototype[method];
  }
  for (const [method, value] of Object.entries(own)) {
    const enumerable = method !== 'constructor';
    Object.defineProperty(Class.prototype, method, { configurable: true, enumerable, writable: true, value });
  }
  return published;
}

const Cipheriv = publish(Encryptor, 'Cipheriv', ['getAuthTag', 'setAAD']);
const Decipheriv = publish(Decryptor, 'Decipheriv', ['setAuthTag', 'setAAD']);

/**
 * A cipher that encrypts, to be fed by `update()` or as a stream.
 * @param {string} cipher
 * @param {string | ArrayBuffer | ArrayBufferView | KeyObject | CryptoKey} key
 * @param {string | ArrayBuffer | ArrayBufferView | null} iv
 * @param {object} [options]  those of a Transform and `authTagLength`
 * @returns {Cipheriv}
 */
function createCipheriv(cipher, key, iv, options) {
  return new Encryptor(cipher, key, iv, options);
}

/** The same for decrypting. @returns {Decipheriv} */
function createDecipheriv(cipher, key, iv, options) {
  return new Decryptor(cipher, key, iv, options);
}

let cipherNames;

/** @returns {string[]} the names of all ciphers */
function getCiphers() {
  cipherNames ??= sortedNames(binding.cipherNames());
  return cipherNames.slice();
}

/**
 * @param {string | number} nameOrNid  the name or the number of the cipher
 * @param {{ keyLength?: number, ivLength?: number }} [options]  lengths that it must take
 * @returns {object | undefined} mode, name, nid and the lengths of key, block and initialization vector
 */
function getCipherInfo(nameOrNid, options = undefined) {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('nameOrNid', ['string', 'number'], nameOrNid);
  }
  let keyLength;
  let ivLength;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ keyLength, ivLength } = options);
    if (keyLength !== undefined) validateInt32(keyLength, 'options.keyLength');
    if (ivLength !== undefined) validateInt32(ivLength, 'options.ivLength');
  }
  const isName = typeof nameOrNid === 'string';
  const facts = binding.cipherInfo(
    isName ? nameOrNid : undefined, isName ? 0 : nameOrNid | 0, keyLength ?? 0, ivLength ?? -1,
  );
  if (facts === undefined) return undefined;
  const [mode, name, nid, [key, block, vector]] = facts;
  return {
    __proto__: null,
    mode,
    name,
    nid: nid === 0 ? undefined : nid,
    keyLength: key,
    blockSize: mode === 'stream' ? undefined : block,
    ivLength: vector === 0 ? undefined : vector,
  };
}

module.exports = {
  Cipheriv,
  Decipheriv,
  createCipheriv,
  createDecipheriv,
  findCipher,
  getCipherInfo,
  getCiphers,
};
