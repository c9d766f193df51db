// The exchange of keys: `DiffieHellman`, `DiffieHellmanGroup`, `ECDH` and `diffieHellman`.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_ECDH_INVALID_FORMAT,
    ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY,
    ERR_CRYPTO_INCOMPATIBLE_KEY,
    ERR_CRYPTO_INVALID_CURVE,
    ERR_CRYPTO_INVALID_STATE,
    ERR_CRYPTO_UNKNOWN_DH_GROUP,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { deprecate, normalizeEncoding } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateFunction, validateInt32, validateObject, validateString } = require('internal/validators');
const { preparePrivateKey, preparePublicKey } = require('internal/crypto/asymmetric_keys');
const { groupNumbers } = require('internal/crypto/dh_groups');
const { typeOfHandle } = require('internal/crypto/key_types');
const { bufferKinds, getArrayBufferOrView, viewOf } = require('internal/crypto/util');

const binding = internalBinding('crypto_dh');
const operations = internalBinding('crypto_operations');

const kHandle = Symbol('kHandle');

/** The generator where none is given. */
const DEFAULT_GENERATOR = 2;

function bufferOf(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// A result as the program wants it.
function encode(bytes, encoding) {
  const buffer = bufferOf(bytes);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

function decode(value, encoding, name = 'key') {
  return viewOf(getArrayBufferOrView(value, name, encoding));
}

function isBytes(value) {
  return isArrayBufferView(value) || isAnyArrayBuffer(value);
}

function numberBytes(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, number);
  return bytes;
}

/**
 * An exchange in the group of a prime.
 * @param {number | string | ArrayBuffer | ArrayBufferView} sizeOrKey  how many bits a new prime has, or the prime
 * @param {string} [keyEncoding]  of a prime that is text
 * @param {number | string | ArrayBuffer | ArrayBufferView} [generator]
 * @param {string} [genEncoding]  of a generator that is text
 */
function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!(this instanceof DiffieHellman)) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== 'number' && typeof sizeOrKey !== 'string' && !isBytes(sizeOrKey)) {
    throw new ERR_INVALID_ARG_TYPE('sizeOrKey', ['number', 'string', ...bufferKinds], sizeOrKey);
  }
  if (typeof sizeOrKey === 'number') validateInt32(sizeOrKey, 'sizeOrKey');
  // Without an encoding the generator takes its place.
  if (keyEncoding && keyEncoding !== 'buffer' && !Buffer.isEncoding(keyEncoding)) {
    genEncoding = generator;
    generator = keyEncoding;
    keyEncoding = undefined;
  }
  const size = typeof sizeOrKey === 'number' ? sizeOrKey : undefined;
  const prime = size === undefined ? decode(sizeOrKey, keyEncoding, 'sizeOrKey') : undefined;
  const base = generatorOf(generator, genEncoding);
  this[kHandle] = size === undefined ?
    binding.dhOpen(prime, typeof base === 'number' ? positiveBytes(base) : base) :
    binding.dhGenerate(size, typeof base === 'number' ? base : bytesToNumber(base));
  defineFaults(this);
}

function generatorOf(generator, encoding) {
  if (!generator) return DEFAULT_GENERATOR;
  if (typeof generator === 'number') {
    validateInt32(generator, 'generator');
    return generator;
  }
  if (typeof generator === 'string') {
    if (encoding !== undefined && encoding !== 'buffer' && normalizeEncoding(encoding) === undefined) {
      throw new ERR_UNKNOWN_ENCODING(encoding);
    }
    return decode(generator, encoding, 'generator');
  }
  if (!isBytes(generator)) {
    throw new ERR_INVALID_ARG_TYPE('generator', ['number', 'string', ...bufferKinds], generator);
  }
  return viewOf(generator);
}

// A negative generator is as bad as none.
function positiveBytes(number) {
  return numberBytes(number < 0 ? 0 : number);
}

function bytesToNumber(bytes) {
  const number = Number(`0x0${bufferOf(bytes).toString('hex')}`);
  return number > 0x7fffffff ? 0 : number;
}

// Checking the group takes long where the prime is long, and few ask.
function defineFaults(exchange) {
  Object.defineProperty(exchange, 'verifyError', {
    configurable: true,
    enumerable: true,
    value: binding.dhFaults(exchange[kHandle]),
    writable: false,
  });
}

/**
 * An exchange in a group that has a name.
 * @param {string} name
 */
function DiffieHellmanGroup(name) {
  if (!(this instanceof DiffieHellmanGroup)) return new DiffieHellmanGroup(name);
  if (typeof name !== 'string') {
    const error = new ERR_INVALID_ARG_TYPE('name', 'string', name);
    error.message = 'Group name must be a string';
    throw error;
  }
  const numbers = groupNumbers(name);
  if (numbers === undefined) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
  this[kHandle] = binding.dhOpen(numbers.prime, numbers.generator);
  defineFaults(this);
}

function dhGenerateKeys(encoding) {
  return encode(binding.dhGenerateKeys(this[kHandle]), encoding);
}

function dhComputeSecret(key, inEncoding, outEncoding) {
  return encode(binding.dhComputeSecret(this[kHandle], decode(key, inEncoding)), outEncoding);
}

function dhGetPrime(encoding) {
  return encode(binding.dhPrime(this[kHandle]), encoding);
}

function dhGetGenerator(encoding) {
  return encode(binding.dhGenerator(this[kHandle]), encoding);
}

function missing(what) {
  const error = new ERR_CRYPTO_INVALID_STATE('');
  error.message = `No ${what} key - did you forget to generate one?`;
  return error;
}

function dhGetPublicKey(encoding) {
  const key = binding.dhPublicKey(this[kHandle]);
  if (key === undefined) throw missing('public');
  return encode(key, encoding);
}

function dhGetPrivateKey(encoding) {
  const key = binding.dhPrivateKey(this[kHandle]);
  if (key === undefined) throw missing('private');
  return encode(key, encoding);
}

function setPublicKey(key, encoding) {
  binding.dhSetPublicKey(this[kHandle], decode(key, encoding));
  return this;
}

function setPrivateKey(key, encoding) {
  binding.dhSetPrivateKey(this[kHandle], decode(key, encoding));
  return this;
}

const shared = {
  generateKeys: dhGenerateKeys,
  computeSecret: dhComputeSecret,
  getPrime: dhGetPrime,
  getGenerator: dhGetGenerator,
  getPublicKey: dhGetPublicKey,
  getPrivateKey: dhGetPrivateKey,
};
Object.assign(DiffieHellman.prototype, shared, { setPublicKey, setPrivateKey });
Object.assign(DiffieHellmanGroup.prototype, shared);

/** The forms of points by the numbers that Rust knows. */
const forms = { __proto__: null, compressed: 2, uncompressed: 4, hybrid: 6 };

function formOf(format) {
  if (!format) return forms.uncompressed;
  const form = typeof format === 'string' ? forms[format] : undefined;
  if (form === undefined) throw new ERR_CRYPTO_ECDH_INVALID_FORMAT(format);
  return form;
}

/**
 * An exchange on an elliptic curve.
 * @param {string} curve
 */
function ECDH(curve) {
  if (!(this instanceof ECDH)) return new ECDH(curve);
  validateString(curve, 'curve');
  this[kHandle] = binding.ecdhOpen(curve);
  if (this[kHandle] === undefined) throw new ERR_CRYPTO_INVALID_CURVE();
}

ECDH.prototype.computeSecret = function computeSecret(key, inEncoding, outEncoding) {
  const secret = binding.ecdhComputeSecret(this[kHandle], decode(key, inEncoding));
  if (secret === undefined) throw new ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
  return encode(secret, outEncoding);
};

ECDH.prototype.setPrivateKey = function setPrivateKey(key, encoding) {
  binding.ecdhSetPrivateKey(this[kHandle], decode(key, encoding));
  return this;
};

ECDH.prototype.setPublicKey = deprecate(function setPublicKey(key, encoding) {
  binding.ecdhSetPublicKey(this[kHandle], decode(key, encoding));
  return this;
}, 'ecdh.setPublicKey() is deprecated.', 'DEP0031');

ECDH.prototype.generateKeys = function generateKeys(encoding, format) {
  binding.ecdhGenerateKeys(this[kHandle]);
  return this.getPublicKey(encoding, format);
};

ECDH.prototype.getPublicKey = function getPublicKey(encoding, format) {
  return encode(binding.ecdhPublicKey(this[kHandle], formOf(format)), encoding);
};

ECDH.prototype.getPrivateKey = function getPrivateKey(encoding) {
  return encode(binding.ecdhPrivateKey(this[kHandle]), encoding);
};

/**
 * A public key in another form.
 * @param {string | ArrayBuffer | ArrayBufferView} key
 * @param {string} curve
 * @param {string} [inEncoding]
 * @param {string} [outEncoding]
 * @param {'compressed' | 'uncompressed' | 'hybrid'} [format]
 * @returns {string | Buffer}
 */
ECDH.convertKey = function convertKey(key, curve, inEncoding, outEncoding, format) {
  validateString(curve, 'curve');
  const bytes = decode(key, inEncoding);
  const form = formOf(format);
  const converted = binding.ecdhConvertKey(curve, bytes, form);
  if (converted === undefined) throw new ERR_CRYPTO_INVALID_CURVE();
  return encode(converted, outEncoding);
};

const exchanging = new Set(['dh', 'ec', 'x25519', 'x448']);

/**
 * The secret that two keys agree on.
 * @param {{ privateKey: unknown, publicKey: unknown }} options
 * @param {(error: Error | null, secret?: Buffer) => void} [callback]  for work on the thread pool
 * @returns {Buffer | undefined}
 */
function diffieHellman(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { privateKey, publicKey } = options;
  if (privateKey === undefined || privateKey === null) {
    throw new ERR_INVALID_ARG_VALUE('options.privateKey', privateKey);
  }
  if (publicKey === undefined || publicKey === null) {
    throw new ERR_INVALID_ARG_VALUE('options.publicKey', publicKey);
  }
  const own = preparePrivateKey(privateKey, 'options.privateKey');
  const other = preparePublicKey(publicKey, 'options.publicKey');
  const [ownType, otherType] = [typeOfHandle(own), typeOfHandle(other)];
  if (ownType !== otherType || !exchanging.has(ownType)) {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY('key types for Diffie-Hellman', `${ownType} and ${otherType}`);
  }
  const params = ownType === 'dh' ? ['pad', 'u', 1] : [];
  if (callback === undefined) return bufferOf(operations.deriveSync(own, other, params));
  operations.derive(own, other, params, (error, secret) => {
    if (error !== null) callback(error);
    else callback(null, bufferOf(secret));
  });
}

/** @returns {DiffieHellman} */
function createDiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
}

/** @returns {DiffieHellmanGroup} */
function createDiffieHellmanGroup(name) {
  return new DiffieHellmanGroup(name);
}

/** @returns {ECDH} */
function createECDH(curve) {
  return new ECDH(curve);
}

module.exports = {
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  createDiffieHellman,
  createDiffieHellmanGroup,
  createECDH,
  diffieHellman,
};
