// Keys as objects: `KeyObject`, what all keys have, and secret keys.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
  },
} = require('internal/errors');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { getDeprecationWarningEmitter } = require('internal/util');
const keyChecks = require('internal/util/key_checks');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateObject, validateOneOf } = require('internal/validators');
const { binding, bufferKinds, copyBytes, viewOf } = require('internal/crypto/util');

let typeOf;
let handleOf;
let setHandle;
let isKeyObject;

/**
 * A key. Its handle, which only this runtime's own modules see, is what Rust works with: the bytes of a secret
 * key, an object of Rust's for others.
 */
class KeyObject {
  #type;
  #handle;

  static {
    typeOf = (key) => key.#type;
    handleOf = (key) => key.#handle;
    setHandle = (key, handle) => {
      key.#handle = handle;
    };
    isKeyObject = (value) => typeof value === 'object' && value !== null && #handle in value;
  }

  constructor(type, handle) {
    if (type !== 'secret' && type !== 'public' && type !== 'private') throw new ERR_INVALID_ARG_VALUE('type', type);
    if (typeof handle !== 'object' || handle === null) {
      throw new ERR_INVALID_ARG_TYPE('handle', 'object', handle);
    }
    this.#type = type;
    this.#handle = handle;
  }

  /** @returns {'secret' | 'public' | 'private'} */
  get type() {
    if (!isKeyObject(this)) throw new ERR_INVALID_THIS('KeyObject');
    return this.#type;
  }

  /**
   * @param {CryptoKey} key
   * @returns {KeyObject} the same key for the functions of `crypto`
   */
  static from(key) {
    if (!keyChecks.isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    const object = require('internal/crypto/webcrypto/key').keyObjectOf(key);
    if (object[kComposite]) {
      throw new ERR_INVALID_ARG_VALUE('key', key, 'cannot be represented by a single KeyObject');
    }
    return object;
  }

  /** Makes a CryptoKey of it: see `importKey`. */
  toCryptoKey(algorithm, extractable, keyUsages) {
    return require('internal/crypto/webcrypto/from_key_object').toCryptoKey(this, algorithm, extractable, keyUsages);
  }

  /**
   * @param {KeyObject} otherKeyObject
   * @returns {boolean} whether both are the same key
   */
  equals(otherKeyObject) {
    if (!isKeyObject(otherKeyObject)) {
      throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', otherKeyObject);
    }
    return otherKeyObject.#type === this.#type && this[kEquals](otherKeyObject.#handle);
  }
}
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, { configurable: true, value: 'KeyObject' });

/** The mark of keys that are several in one, of which programs never get the object. */
const kComposite = Symbol('kComposite');

/** The method by which a kind of keys compares its own handle with another of the same type. */
const kEquals = Symbol('kEquals');

/** A key that is nothing but bytes, which nobody else has: a `Uint8Array`. */
class SecretKeyObject extends KeyObject {
  constructor(handle) {
    super('secret', handle);
    this[kTransferMode] = kCloneable;
  }

  /** @returns {number} in bytes */
  get symmetricKeySize() {
    return handleOf(this).byteLength;
  }

  /**
   * @param {{ format?: 'buffer' | 'jwk' }} [options]
   * @returns {Buffer | { kty: 'oct', k: string }}
   */
  export(options) {
    const bytes = handleOf(this);
    if (options !== undefined) {
      validateObject(options, 'options');
      validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return { kty: 'oct', k: Buffer.from(bytes.buffer).toString('base64url') };
    }
    return Buffer.from(bytes);
  }

  [kEquals](other) {
    const bytes = handleOf(this);
    return bytes.byteLength === other.byteLength && binding.timingSafeEqual(bytes, other);
  }

  [kClone]() {
    return { data: handleOf(this), deserializeInfo: 'internal/crypto/keys:ClonedSecretKey' };
  }

  [kDeserialize](bytes) {
    setHandle(this, bytes);
  }
}

/** Makes a secret key without bytes, which `[kDeserialize]()` fills. */
function ClonedSecretKey() {
  return new SecretKeyObject(new Uint8Array(0));
}

/** What is told when a function of `crypto` is given a key of Web Crypto. */
const warnOfCryptoKey = getDeprecationWarningEmitter(
  'DEP0203', 'Passing a CryptoKey to node:crypto functions is deprecated.', undefined, false,
);

/**
 * The bytes of a key for an algorithm with one secret: given as text, buffer, KeyObject or CryptoKey.
 * @param {unknown} key
 * @param {string} [encoding]  of text
 * @param {boolean} [allowKeyObject]
 * @returns {ArrayBuffer | ArrayBufferView}
 */
function prepareSecretKey(key, encoding, allowKeyObject = true) {
  if (allowKeyObject) {
    if (isKeyObject(key)) return secretOf(key);
    if (keyChecks.isCryptoKey(key)) {
      warnOfCryptoKey();
      return secretOf(require('internal/crypto/webcrypto/key').keyObjectOf(key));
    }
  }
  if (typeof key === 'string') return Buffer.from(key, encoding === 'buffer' ? 'utf8' : encoding);
  if (isArrayBufferView(key) || isAnyArrayBuffer(key)) return key;
  const kinds = allowKeyObject ? ['string', ...bufferKinds, 'KeyObject', 'CryptoKey'] : bufferKinds;
  throw new ERR_INVALID_ARG_TYPE('key', kinds, key);
}

function secretOf(key) {
  if (typeOf(key) !== 'secret') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(typeOf(key), 'secret');
  return handleOf(key);
}

/**
 * @param {string | ArrayBuffer | ArrayBufferView} key
 * @param {string} [encoding]  of a string
 * @returns {SecretKeyObject}
 */
function createSecretKey(key, encoding) {
  if (typeof key === 'string') {
    return new SecretKeyObject(Uint8Array.from(Buffer.from(key, encoding)));
  }
  if (!isAnyArrayBuffer(key) && !isArrayBufferView(key)) throw new ERR_INVALID_ARG_TYPE('key', bufferKinds, key);
  return new SecretKeyObject(copyBytes(viewOf(key)));
}

keyChecks.isKeyObject = isKeyObject;

module.exports = {
  ClonedSecretKey,
  KeyObject,
  SecretKeyObject,
  createSecretKey,
  handleOf,
  isKeyObject,
  kComposite,
  kEquals,
  prepareSecretKey,
  setHandle,
  typeOf,
  warnOfCryptoKey,
};
