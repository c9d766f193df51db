// Keys from passwords and from other keys: PBKDF2, scrypt, HKDF, Argon2.
'use strict';

const { Buffer } = require('buffer');
const { FastBuffer } = require('internal/buffer/memory');
const {
  codes: {
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_CRYPTO_INVALID_KEYLEN,
    ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_INVALID_ARG_TYPE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const {
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/validators');
const { binding, findDigest, getArrayBufferOrView, viewOf } = require('internal/crypto/util');
const { handleOf, isKeyObject, typeOf } = require('internal/crypto/keys');

// Bytes for Rust, which takes views and text in UTF-8.
function bytesOf(value, name) {
  return typeof value === 'string' ? value : viewOf(getArrayBufferOrView(value, name));
}

function digestNumber(name) {
  const digest = findDigest(name);
  if (digest === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(name);
  return digest.number;
}

// A callback of Rust's, which gets bytes, for one of the program's, which gets a Buffer.
function deliverBuffer(callback) {
  return (error, bytes) => {
    if (error !== null) callback(error);
    else callback(null, new FastBuffer(bytes.buffer));
  };
}

// The callback of an asynchronous form is looked at before the digest is.
function checkPbkdf2(password, salt, iterations, keylen, digest, checkCallback) {
  validateString(digest, 'digest');
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  checkCallback?.();
  return [digestNumber(digest), password, salt, iterations, keylen];
}

/**
 * A key from a password, by PBKDF2 with HMAC, on the thread pool.
 * @param {string | ArrayBuffer | ArrayBufferView} password
 * @param {string | ArrayBuffer | ArrayBufferView} salt
 * @param {number} iterations
 * @param {number} keylen  in bytes
 * @param {string} digest
 * @param {(error: Error | null, key: Buffer) => void} callback
 */
function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === 'function') {
    callback = digest;
    digest = undefined;
  }
  const checkCallback = () => validateFunction(callback, 'callback');
  const checked = checkPbkdf2(password, salt, iterations, keylen, digest, checkCallback);
  binding.pbkdf2(...checked, deliverBuffer(callback));
}

/** The same at once. @returns {Buffer} */
function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  return new FastBuffer(binding.pbkdf2Sync(...checkPbkdf2(password, salt, iterations, keylen, digest)).buffer);
}

const scryptDefaults = { N: 16384, r: 8, p: 1, maxmem: 32 << 20 };

// A number that has two names.
function alternative(options, short, long, fallback) {
  const shortValue = options[short];
  if (shortValue !== undefined) validateUint32(shortValue, short);
  const longValue = options[long];
  if (longValue === undefined) return shortValue ?? fallback;
  if (shortValue !== undefined) throw new ERR_INCOMPATIBLE_OPTION_PAIR(short, long);
  validateUint32(longValue, long);
  return longValue;
}

function checkScrypt(password, salt, keylen, options) {
  password = bytesOf(password, 'password');
  salt = bytesOf(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  let { N, r, p, maxmem } = scryptDefaults;
  if (options && options !== scryptDefaults) {
    // Nought stands for the default.
    N = alternative(options, 'N', 'cost', N) || N;
    r = alternative(options, 'r', 'blockSize', r) || r;
    p = alternative(options, 'p', 'parallelization', p) || p;
    const limit = options.maxmem;
    if (limit !== undefined) {
      validateInteger(limit, 'maxmem', 0);
      maxmem = limit || maxmem;
    }
  }
  binding.checkScrypt(N, r, p, maxmem);
  return [password, salt, N, r, p, maxmem, keylen];
}

/**
 * A key from a password, by scrypt, on the thread pool.
 * @param {string | ArrayBuffer | ArrayBufferView} password
 * @param {string | ArrayBuffer | ArrayBufferView} salt
 * @param {number} keylen  in bytes
 * @param {object} [options]  N or cost, r or blockSize, p or parallelization, maxmem
 * @param {(error: Error | null, key: Buffer) => void} callback
 */
function scrypt(password, salt, keylen, options, callback = scryptDefaults) {
  if (callback === scryptDefaults) {
    callback = options;
    options = scryptDefaults;
  }
  const checked = checkScrypt(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  binding.scrypt(...checked, deliverBuffer(callback));
}

/** The same at once. @returns {Buffer} */
function scryptSync(password, salt, keylen, options = scryptDefaults) {
  return new FastBuffer(binding.scryptSync(...checkScrypt(password, salt, keylen, options)).buffer);
}

const hkdfKinds = ['ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'];

/** The longest `info` of HKDF. */
const MAX_INFO = 1024;

function checkByteSource(value, name, kinds = hkdfKinds) {
  if (typeof value === 'string') return value;
  if (isArrayBufferView(value) || isAnyArrayBuffer(value)) return viewOf(value);
  throw new ERR_INVALID_ARG_TYPE(name, ['string', ...kinds], value);
}

function checkKeyMaterial(key) {
  if (isKeyObject(key)) {
    if (typeOf(key) === 'secret') return handleOf(key);
  } else if (typeof key === 'string' || isArrayBufferView(key) || isAnyArrayBuffer(key)) {
    return checkByteSource(key, 'ikm');
  }
  throw new ERR_INVALID_ARG_TYPE('ikm', ['string', 'SecretKeyObject', ...hkdfKinds], key);
}

function checkHkdf(digest, ikm, salt, info, length, checkCallback) {
  validateString(digest, 'digest');
  const key = checkKeyMaterial(ikm);
  salt = checkByteSource(salt, 'salt');
  info = checkByteSource(info, 'info');
  validateInteger(length, 'length', 0, Number.MAX_SAFE_INTEGER);
  const infoLength = typeof info === 'string' ? Buffer.byteLength(info) : info.byteLength;
  if (infoLength > MAX_INFO) {
    throw new ERR_OUT_OF_RANGE('info', `must not contain more than ${MAX_INFO} bytes`, infoLength);
  }
  checkCallback?.();
  const number = digestNumber(digest);
  if (length > 255 * findDigest(digest).size) throw new ERR_CRYPTO_INVALID_KEYLEN();
  return [number, key, salt, info, length];
}

/**
 * A key from another key, by HKDF, on the thread pool.
 * @param {string} digest
 * @param {string | ArrayBuffer | ArrayBufferView | KeyObject} ikm
 * @param {string | ArrayBuffer | ArrayBufferView} salt
 * @param {string | ArrayBuffer | ArrayBufferView} info
 * @param {number} length  in bytes
 * @param {(error: Error | null, key: ArrayBuffer) => void} callback
 */
function hkdf(digest, ikm, salt, info, length, callback) {
  const checkCallback = () => validateFunction(callback, 'callback');
  const checked = checkHkdf(digest, ikm, salt, info, length, checkCallback);
  binding.hkdf(...checked, (error, bytes) => {
    if (error !== null) callback(error);
    else callback(null, bytes.buffer);
  });
}

/** The same at once. @returns {ArrayBuffer} */
function hkdfSync(digest, ikm, salt, info, length) {
  return binding.hkdfSync(...checkHkdf(digest, ikm, salt, info, length)).buffer;
}

const argon2Kinds = ['argon2d', 'argon2i', 'argon2id'];
const MAX_UINT32 = 2 ** 32 - 1;

function checkArgon2(algorithm, parameters) {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', argon2Kinds);
  validateObject(parameters, 'parameters');
  const { parallelism, tagLength, memory, passes } = parameters;
  const message = bytesOf(parameters.message, 'parameters.message');
  const nonce = bytesOf(parameters.nonce, 'parameters.nonce');
  const nonceLength = typeof nonce === 'string' ? Buffer.byteLength(nonce) : nonce.byteLength;
  validateInteger(nonceLength, 'parameters.nonce.byteLength', 8, MAX_UINT32);
  validateInteger(parallelism, 'parameters.parallelism', 1, 2 ** 24 - 1);
  validateInteger(tagLength, 'parameters.tagLength', 4, MAX_UINT32);
  validateInteger(memory, 'parameters.memory', 8 * parallelism, MAX_UINT32);
  validateInteger(passes, 'parameters.passes', 1, MAX_UINT32);
  const secret = parameters.secret === undefined ? '' : bytesOf(parameters.secret, 'parameters.secret');
  const associatedData = parameters.associatedData === undefined ?
    '' :
    bytesOf(parameters.associatedData, 'parameters.associatedData');
  const numbers = [parallelism, memory, passes];
  return [argon2Kinds.indexOf(algorithm), message, nonce, numbers, secret, associatedData, tagLength];
}

/**
 * A key from a password, by Argon2, on the thread pool.
 * @param {'argon2d' | 'argon2i' | 'argon2id'} algorithm
 * @param {object} parameters  message, nonce, parallelism, tagLength, memory, passes, secret, associatedData
 * @param {(error: Error | null, key: Buffer) => void} callback
 */
function argon2(algorithm, parameters, callback) {
  const checked = checkArgon2(algorithm, parameters);
  validateFunction(callback, 'callback');
  binding.argon2(...checked, deliverBuffer(callback));
}

/** The same at once. @returns {Buffer} */
function argon2Sync(algorithm, parameters) {
  return new FastBuffer(binding.argon2Sync(...checkArgon2(algorithm, parameters)).buffer);
}

module.exports = { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
