// Message authentication codes of every kind that OpenSSL has: `createMac`, `getMacs`.
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_MAC,
    ERR_CRYPTO_MAC_FINALIZED,
    ERR_CRYPTO_MAC_UPDATE_FAILED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const LazyTransform = require('internal/streams/lazy_transform');
const { normalizeEncoding } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateEncoding, validateObject, validateString, validateUint32 } = require('internal/validators');
const { handleOf, isKeyObject, typeOf } = require('internal/crypto/keys');
const {
  binding,
  bufferKinds,
  decodeText,
  finishOutput,
  outputEncoding,
  sortedNames,
  viewOf,
} = require('internal/crypto/util');

/** What the families of codes take beside a key, and which of it they must be given. */
const families = [
  { name: 'HMAC', pattern: /^hmac$/, options: ['digest'], required: ['digest'] },
  { name: 'CMAC', pattern: /^cmac$/, options: ['cipher'], required: ['cipher'] },
  { name: 'GMAC', pattern: /^gmac$/, options: ['cipher', 'iv'], required: ['cipher', 'iv'] },
  { name: 'KMAC', pattern: /^kmac-?(128|256)$/, options: ['customization', 'outputLength'], required: [] },
  { name: 'BLAKE2', pattern: /^blake2[bs]mac$/, options: ['customization', 'salt', 'outputLength'], required: [] },
  { name: 'Poly1305', pattern: /^poly1305$/, options: [], required: [] },
  { name: 'SipHash', pattern: /^siphash$/, options: ['outputLength'], required: [] },
];

const optionNames = ['digest', 'cipher', 'iv', 'customization', 'salt', 'outputLength'];

function valueError(message) {
  const error = new TypeError(message);
  error.code = 'ERR_INVALID_ARG_VALUE';
  return error;
}

function isBytes(value) {
  return isAnyArrayBuffer(value) || isArrayBufferView(value);
}

// The options that concern the code, each of its type, bytes as views.
function readOptions(options) {
  const read = {};
  for (const name of optionNames) {
    const value = options?.[name];
    if (value === undefined) continue;
    if (name === 'digest' || name === 'cipher') {
      validateString(value, `options.${name}`);
    } else if (name === 'outputLength') {
      validateUint32(value, 'options.outputLength');
    } else if (!isBytes(value)) {
      throw new ERR_INVALID_ARG_TYPE(`options.${name}`, bufferKinds, value);
    }
    read[name] = isBytes(value) ? viewOf(value) : value;
  }
  return read;
}

// Whether the kind of code takes what it is given, and is given what it takes.
function checkOptions(algorithm, options) {
  const family = families.find(({ pattern }) => pattern.test(algorithm.toLowerCase()));
  if (family === undefined) return;
  for (const name of Object.keys(options)) {
    if (!family.options.includes(name)) {
      throw valueError(`The property 'options.${name}' is not supported by MAC ${algorithm}`);
    }
  }
  for (const name of family.required) {
    if (name === 'iv') {
      if (!(options.iv?.byteLength > 0)) {
        throw valueError(`The property 'options.iv' must be non-empty for ${family.name}`);
      }
    } else if (options[name] === undefined) {
      throw valueError(`The property 'options.${name}' is required for ${family.name}`);
    }
  }
}

function secretOf(key) {
  if (isKeyObject(key) && typeOf(key) === 'secret') return handleOf(key);
  if (!isBytes(key)) throw new ERR_INVALID_ARG_TYPE('key', [...bufferKinds, 'KeyObject'], key);
  return viewOf(key);
}

class Mac extends LazyTransform {
  #native;
  #isFinished = false;

  constructor(algorithm, key, options) {
    super(options);
    const read = readOptions(options);
    if (!binding.isMac(algorithm)) throw new ERR_CRYPTO_INVALID_MAC(algorithm);
    checkOptions(algorithm, read);
    const { digest, cipher, iv, customization, salt, outputLength = -1 } = read;
    this.#native = new binding.Mac();
    this.#native.beginMac(algorithm, key, [digest, cipher], iv, customization, salt, outputLength);
  }

  #add(input) {
    if (!this.#native.updateMac(input)) throw new ERR_CRYPTO_MAC_UPDATE_FAILED();
  }

  _transform(chunk, encoding, callback) {
    this.#add(typeof chunk === 'string' ? decodeText(chunk, encoding) : chunk);
    callback();
  }

  _flush(callback) {
    this.#isFinished = true;
    this.push(finishOutput(this.#native.finishMac(0)));
    callback();
  }

  /**
   * Adds data.
   * @param {string | ArrayBufferView} data
   * @param {string} [inputEncoding]  of a string
   * @returns {this}
   */
  update(data, inputEncoding) {
    if (this.#isFinished) throw new ERR_CRYPTO_MAC_FINALIZED();
    if (typeof data === 'string') {
      validateEncoding(data, inputEncoding);
      this.#add(decodeText(data, inputEncoding));
    } else if (isArrayBufferView(data)) {
      this.#add(data);
    } else {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    return this;
  }

  /**
   * Ends it.
   * @param {string} [encoding]  none gives a Buffer
   * @returns {string | Buffer} the code
   */
  final(encoding) {
    if (this.#isFinished) throw new ERR_CRYPTO_MAC_FINALIZED();
    if (encoding !== undefined && encoding !== 'buffer' && normalizeEncoding(encoding) === undefined) {
      throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding);
    }
    this.#isFinished = true;
    return finishOutput(this.#native.finishMac(outputEncoding(encoding)), encoding);
  }
}

/**
 * A message authentication code, to be fed by `update()` or as a stream.
 * @param {string} algorithm
 * @param {ArrayBuffer | ArrayBufferView | KeyObject} key
 * @param {object} [options]  those of a Transform, and digest, cipher, iv, customization, salt, outputLength as the
 *   algorithm takes them
 * @returns {Mac}
 */
function createMac(algorithm, key, options = {}) {
  validateString(algorithm, 'algorithm');
  if (algorithm === '' || algorithm.includes('\0')) {
    throw new ERR_INVALID_ARG_VALUE('algorithm', algorithm, 'must be non-empty and contain no NUL bytes');
  }
  const secret = secretOf(key);
  validateObject(options, 'options');
  return new Mac(algorithm, secret, options);
}

let macNames;

/** @returns {string[]} the names of all kinds of codes */
function getMacs() {
  macNames ??= sortedNames(binding.macNames());
  return macNames.slice();
}

module.exports = { createMac, getMacs };
