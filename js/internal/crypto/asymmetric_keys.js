// Public and private keys as objects, and whatever a program may give in their place.
'use strict';

const {
  codes: { ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const keyChecks = require('internal/util/key_checks');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateObject } = require('internal/validators');
const { bytesOf, encodeKey, parseInput, parseOutput, rawFormats } = require('internal/crypto/key_encoding');
const { detailsOf, typeOfHandle } = require('internal/crypto/key_types');
const { KeyObject, handleOf, isKeyObject, kEquals, setHandle, typeOf } = require('internal/crypto/keys');
const { bufferKinds } = require('internal/crypto/util');

const { isURL } = require('internal/url');

const keys = internalBinding('crypto_keys');

/** What public and private keys have. The handle is an object of Rust's. */
class AsymmetricKeyObject extends KeyObject {
  /** @returns {string} such as `rsa` */
  get asymmetricKeyType() {
    return typeOfHandle(handleOf(this));
  }

  /** @returns {object} what tells keys of this type apart */
  get asymmetricKeyDetails() {
    const handle = handleOf(this);
    return detailsOf(handle, typeOfHandle(handle));
  }
}

AsymmetricKeyObject.prototype[kEquals] = function(other) {
  return keys.equals(handleOf(this), other);
};

class PublicKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('public', handle);
    this[kTransferMode] = kCloneable;
  }

  /**
   * @param {{ type?: string, format: string }} options
   * @returns {string | Buffer | object}
   */
  export(options) {
    validateObject(options, 'options');
    return encodeKey(handleOf(this), false, parseOutput(options, 'public', this.asymmetricKeyType, 'options'));
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('private', handle);
    this[kTransferMode] = kCloneable;
  }

  /**
   * @param {{ type?: string, format: string, cipher?: string, passphrase?: string | Buffer }} options
   * @returns {string | Buffer | object}
   */
  export(options) {
    validateObject(options, 'options');
    return encodeKey(handleOf(this), true, parseOutput(options, 'private', this.asymmetricKeyType, 'options'));
  }
}

// Kept from programs, who may see the methods of the classes. A key travels in its binary form.
const hidden = { configurable: true, enumerable: false, writable: true };
Object.defineProperties(PublicKeyObject.prototype, {
  [kClone]: {
    ...hidden,
    value: function() {
      const data = keys.exportKey(handleOf(this), false, 'DER', 'SubjectPublicKeyInfo');
      return { data, deserializeInfo: 'internal/crypto/asymmetric_keys:ClonedPublicKey' };
    },
  },
  [kDeserialize]: {
    ...hidden,
    value: function(data) {
      setHandle(this, keys.parsePublic(data, 'spki'));
    },
  },
});
Object.defineProperties(PrivateKeyObject.prototype, {
  [kClone]: {
    ...hidden,
    value: function() {
      const data = keys.exportKey(handleOf(this), true, 'DER', 'PrivateKeyInfo');
      return { data, deserializeInfo: 'internal/crypto/asymmetric_keys:ClonedPrivateKey' };
    },
  },
  [kDeserialize]: {
    ...hidden,
    value: function(data) {
      setHandle(this, keys.parsePrivate(data, 'pkcs8'));
    },
  },
});

/** Makes a public key without a handle, which `[kDeserialize]()` gives it. */
function ClonedPublicKey() {
  return new PublicKeyObject({});
}

/** Makes a private key without a handle, which `[kDeserialize]()` gives it. */
function ClonedPrivateKey() {
  return new PrivateKeyObject({});
}

function isData(value) {
  return typeof value === 'string' || isArrayBufferView(value) || isAnyArrayBuffer(value);
}

const privateKinds = ['string', ...bufferKinds, 'URL'];
const anyKinds = ['string', ...bufferKinds, 'KeyObject', 'CryptoKey'];
const usableKinds = [...anyKinds, 'URL'];

function keyObjectOf(key) {
  return isKeyObject(key) ? key : require('internal/crypto/webcrypto/key').keyObjectOf(key);
}

function isKey(value) {
  return isKeyObject(value) || keyChecks.isCryptoKey(value);
}

/**
 * Reads a key of a program's own format.
 * @param {unknown} key  data, or an object with `key` and how it is written
 * @param {'private' | 'any'} kind  which keys are wanted; of `any` the public half
 * @param {string[]} kinds  what may be given, for errors
 * @param {string} name  of the argument
 * @returns {{ handle: object, isPrivate: boolean }}
 */
function readKey(key, kind, kinds, name) {
  if (kind === 'private' && isURL(key)) return { handle: keys.loadPrivate(key.href), isPrivate: true };
  if (isData(key)) return readData(bytesOf(key), kind, { structure: 'pem' });
  if (typeof key !== 'object') throw new ERR_INVALID_ARG_TYPE(name, kinds, key);
  const { key: data, encoding, format } = key;
  if (format === 'jwk') {
    validateObject(data, `${name}.key`);
    const { handle, isPrivate } = require('internal/crypto/jwk').importJwk(data, kind === 'private');
    return kind === 'any' ? { handle, isPrivate: false } : { handle, isPrivate };
  }
  if (rawFormats.has(format)) {
    parseInput(key, kind, name);
    if (!isArrayBufferView(data) && !isAnyArrayBuffer(data)) {
      throw new ERR_INVALID_ARG_TYPE(`${name}.key`, bufferKinds, data);
    }
    return { handle: require('internal/crypto/raw_keys').importRaw(bytesOf(data), format, key), isPrivate: false };
  }
  if (kind === 'private' && isURL(data)) {
    const { passphrase } = parseInput({ ...key, format: undefined, type: undefined }, kind, name);
    return { handle: keys.loadPrivate(data.href, passphrase), isPrivate: true };
  }
  if (!isData(data)) throw new ERR_INVALID_ARG_TYPE(`${name}.key`, kinds, data);
  return readData(bytesOf(data, encoding), kind, parseInput(key, kind, name));
}

function readData(bytes, kind, { structure, passphrase }) {
  return kind === 'private' ?
    { handle: keys.parsePrivate(bytes, structure, passphrase), isPrivate: true } :
    { handle: keys.parsePublic(bytes, structure, passphrase), isPrivate: false };
}

/**
 * @param {string | ArrayBuffer | ArrayBufferView | object} key
 * @returns {PrivateKeyObject}
 */
function createPrivateKey(key) {
  if (isKey(key)) throw new ERR_INVALID_ARG_TYPE('key', privateKinds, key);
  if (typeof key === 'object' && !isData(key)) {
    const { key: data } = key;
    if (isKey(data)) throw new ERR_INVALID_ARG_TYPE('key', privateKinds, data);
  }
  return new PrivateKeyObject(readKey(key, 'private', privateKinds, 'key').handle);
}

/**
 * @param {string | ArrayBuffer | ArrayBufferView | object} key  a private key gives its public half
 * @returns {PublicKeyObject}
 */
function createPublicKey(key) {
  let given = isKey(key) ? key : undefined;
  if (given === undefined && typeof key === 'object' && !isData(key)) {
    const { key: data } = key;
    if (isKey(data)) given = data;
  }
  if (given !== undefined) {
    const object = keyObjectOf(given);
    if (typeOf(object) !== 'private') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(typeOf(object), 'private');
    return new PublicKeyObject(keys.toPublic(handleOf(object)));
  }
  return new PublicKeyObject(keys.toPublic(readKey(key, 'any', anyKinds, 'key').handle));
}

function givenObject(key, allowsPublic) {
  const object = keyObjectOf(key);
  const type = typeOf(object);
  if (type !== 'private' && !(allowsPublic && type === 'public')) {
    throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(type, allowsPublic ? 'private or public' : 'private');
  }
  return handleOf(object);
}

/**
 * The handle of a private key that a function is given, in whichever form.
 * @param {unknown} key
 * @param {string} [name]
 * @returns {object}
 */
function preparePrivateKey(key, name = 'key') {
  if (isKey(key)) return givenObject(key, false);
  if (typeof key === 'object' && key !== null && !isData(key) && isKey(key.key)) {
    return givenObject(key.key, false);
  }
  return readKey(key, 'private', usableKinds, name).handle;
}

/**
 * The handle of a key whose public half is wanted, in whichever form.
 * @param {unknown} key
 * @param {string} [name]
 * @returns {object}
 */
function preparePublicKey(key, name = 'key') {
  if (isKey(key)) return givenObject(key, true);
  if (typeof key === 'object' && key !== null && !isData(key) && isKey(key.key)) {
    return givenObject(key.key, true);
  }
  return readKey(key, 'any', anyKinds, name).handle;
}

module.exports = {
  ClonedPrivateKey,
  ClonedPublicKey,
  PrivateKeyObject,
  PublicKeyObject,
  createPrivateKey,
  createPublicKey,
  preparePrivateKey,
  preparePublicKey,
};
