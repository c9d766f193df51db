// Signatures: `sign`, `verify` and their streams.
'use strict';

const { Buffer } = require('buffer');
const {
  codes: {
    ERR_CRYPTO_INVALID_DIGEST,
    ERR_CRYPTO_INVALID_STATE,
    ERR_CRYPTO_OPERATION_FAILED,
    ERR_CRYPTO_SIGN_KEY_REQUIRED,
    ERR_CRYPTO_UNSUPPORTED_OPERATION,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
  },
} = require('internal/errors');
const { isArrayBufferView } = require('internal/util/types');
const { validateEncoding, validateFunction, validateString } = require('internal/validators');
const Writable = require('internal/streams/writable');
const { preparePrivateKey, preparePublicKey } = require('internal/crypto/asymmetric_keys');
const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_MAX_SIGN } = require('internal/crypto/constants');
const { createHash } = require('internal/crypto/hash');
const { akpNames, okpNames, typeOfHandle } = require('internal/crypto/key_types');
const { findDigest, getArrayBufferOrView, viewOf } = require('internal/crypto/util');

const operations = internalBinding('crypto_operations');

/** Schemes that hash the message themselves. */
const selfHashing = (type) => type in okpNames || type in akpNames;

const withContext = (type) => type === 'ed25519' || type === 'ed448' || (type in akpNames && !/kem/.test(type));

const MAX_CONTEXT = 255;

// The value of a numeric option, which may be absent.
function numberOption(options, name) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || value >> 0 !== value) {
    throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
  }
  return value;
}

// What a key is accompanied by: padding and salt of RSA, the form of signatures that are two numbers, a context.
function signatureOptions(options) {
  const isObject = typeof options === 'object' && options !== null;
  if (!isObject) return { padding: undefined, saltLength: undefined, p1363: false, context: undefined };
  const { dsaEncoding, context } = options;
  const padding = numberOption(options, 'padding');
  const saltLength = numberOption(options, 'saltLength');
  if (dsaEncoding !== undefined && dsaEncoding !== 'der' && dsaEncoding !== 'ieee-p1363') {
    throw new ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
  }
  if (context !== undefined && !isArrayBufferView(context)) {
    throw new ERR_INVALID_ARG_TYPE('options.context', ['Buffer', 'TypedArray', 'DataView'], context);
  }
  return { padding, saltLength, p1363: dsaEncoding === 'ieee-p1363', context };
}

// OpenSSL's parameters for a signature with a key.
function signatureParams(type, { padding, saltLength, context }) {
  const params = [];
  if (type === 'rsa' || type === 'rsa-pss') {
    if (type === 'rsa') params.push('pad-mode', 'i', padding ?? RSA_PKCS1_PADDING);
    else if (padding !== undefined) params.push('pad-mode', 'i', padding);
    const isPss = padding === RSA_PKCS1_PSS_PADDING || (type === 'rsa-pss' && padding === undefined);
    // A key for PSS alone may say itself how long the salt is.
    const salt = saltLength ?? (type === 'rsa' ? RSA_PSS_SALTLEN_MAX_SIGN : undefined);
    if (isPss && salt !== undefined) params.push('saltlen', 'i', salt);
  }
  if (context !== undefined && context.byteLength > 0) {
    if (!withContext(type)) throw new ERR_CRYPTO_OPERATION_FAILED('Context parameter is unsupported');
    if (context.byteLength > MAX_CONTEXT) throw contextTooLong();
    if (type === 'ed25519') params.push('instance', 's', 'Ed25519ctx');
    params.push('context-string', 'b', context);
  }
  return params;
}

function contextTooLong() {
  const error = new ERR_OUT_OF_RANGE('context', `<= ${MAX_CONTEXT}`, MAX_CONTEXT + 1);
  error.message = `context string must be at most ${MAX_CONTEXT} bytes`;
  return error;
}

function notInitialised() {
  const error = new ERR_CRYPTO_INVALID_STATE('');
  error.message = 'Not initialised';
  return error;
}

function asBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const kHandle = Symbol('kHandle');

// What is hashed so far, with the number by which Rust knows the algorithm.
function beginHash(algorithm) {
  const digest = findDigest(algorithm);
  if (digest === undefined) {
    const error = new ERR_CRYPTO_INVALID_DIGEST('');
    error.message = 'Invalid digest';
    throw error;
  }
  return { hash: createHash(algorithm), digest: digest.number };
}

function addData(stream, data, encoding) {
  if (typeof data === 'string') {
    validateEncoding(data, encoding);
  } else if (!isArrayBufferView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  }
  const { hash } = stream[kHandle];
  if (hash === undefined) throw notInitialised();
  hash.update(data, encoding);
}

// The hash of what was added; there is one only once.
function finishHash(stream) {
  const state = stream[kHandle];
  if (state.hash === undefined) throw notInitialised();
  const result = state.hash.digest();
  state.hash = undefined;
  return result;
}

function checkHashes(type) {
  if (selfHashing(type) && type !== 'x25519' && type !== 'x448') throw new ERR_CRYPTO_UNSUPPORTED_OPERATION();
}

/**
 * A signature in the making.
 * @param {string} algorithm  the digest
 * @param {object} [options]  of the stream
 */
function Sign(algorithm, options) {
  if (!(this instanceof Sign)) return new Sign(algorithm, options);
  validateString(algorithm, 'algorithm');
  this[kHandle] = beginHash(algorithm);
  Reflect.apply(Writable, this, [options]);
}
Object.setPrototypeOf(Sign.prototype, Writable.prototype);
Object.setPrototypeOf(Sign, Writable);

Sign.prototype._write = function _write(chunk, encoding, callback) {
  addData(this, chunk, encoding);
  callback();
};

/**
 * Adds data.
 * @param {string | ArrayBufferView} data
 * @param {string} [encoding]
 */
Sign.prototype.update = function update(data, encoding) {
  addData(this, data, encoding);
  return this;
};

/**
 * Ends the signature.
 * @param {object | string | Buffer | KeyObject} options  the private key, alone or with `padding` and the like
 * @param {string} [encoding]  none gives a Buffer
 */
Sign.prototype.sign = function sign(options, encoding) {
  if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const key = preparePrivateKey(options, 'privateKey');
  const chosen = signatureOptions(options);
  const type = typeOfHandle(key);
  const hash = finishHash(this);
  checkHashes(type);
  const params = signatureParams(type, chosen);
  const bytes = operations.signDigest(key, this[kHandle].digest, params, hash, chosen.p1363);
  const signature = asBuffer(bytes);
  return encoding && encoding !== 'buffer' ? signature.toString(encoding) : signature;
};

/**
 * The check of a signature in the making.
 * @param {string} algorithm  the digest
 * @param {object} [options]  of the stream
 */
function Verify(algorithm, options) {
  if (!(this instanceof Verify)) return new Verify(algorithm, options);
  validateString(algorithm, 'algorithm');
  this[kHandle] = beginHash(algorithm);
  Reflect.apply(Writable, this, [options]);
}
Object.setPrototypeOf(Verify.prototype, Writable.prototype);
Object.setPrototypeOf(Verify, Writable);
Verify.prototype._write = Sign.prototype._write;
Verify.prototype.update = Sign.prototype.update;

/**
 * Ends the check.
 * @param {object | string | Buffer | KeyObject} options  the public key, alone or with `padding` and the like
 * @param {string | ArrayBuffer | ArrayBufferView} signature
 * @param {string} [encoding]  of a signature that is text
 * @returns {boolean}
 */
Verify.prototype.verify = function verify(options, signature, encoding) {
  const key = preparePublicKey(options);
  const chosen = signatureOptions(options);
  const bytes = viewOf(getArrayBufferOrView(signature, 'signature', encoding));
  const type = typeOfHandle(key);
  const hash = finishHash(this);
  checkHashes(type);
  const params = signatureParams(type, chosen);
  return operations.verifyDigest(key, this[kHandle].digest, params, hash, bytes, chosen.p1363);
};

function digestNumber(algorithm) {
  if (algorithm === null || algorithm === undefined) return undefined;
  validateString(algorithm, 'algorithm');
  const digest = findDigest(algorithm);
  if (digest === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(algorithm);
  return digest.number;
}

/**
 * The signature of data.
 * @param {string | null | undefined} algorithm  the digest; none for keys that determine it
 * @param {string | ArrayBuffer | ArrayBufferView} data
 * @param {object | string | Buffer | KeyObject} key  private
 * @param {(error: Error | null, signature?: Buffer) => void} [callback]  for work on the thread pool
 * @returns {Buffer | undefined}
 */
function signOneShot(algorithm, data, key, callback) {
  if (algorithm !== null && algorithm !== undefined) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = viewOf(getArrayBufferOrView(data, 'data'));
  if (!key) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const chosen = signatureOptions(key);
  const handle = preparePrivateKey(key);
  const digest = digestNumber(algorithm);
  const params = signatureParams(typeOfHandle(handle), chosen);
  if (callback === undefined) {
    return asBuffer(operations.signSync(handle, digest, params, bytes, chosen.p1363));
  }
  operations.sign(handle, digest, params, bytes, chosen.p1363, (error, signature) => {
    if (error !== null) callback(error);
    else callback(null, asBuffer(signature));
  });
}

/**
 * Whether a signature is that of data.
 * @param {string | null | undefined} algorithm  the digest; none for keys that determine it
 * @param {string | ArrayBuffer | ArrayBufferView} data
 * @param {object | string | Buffer | KeyObject} key
 * @param {string | ArrayBuffer | ArrayBufferView} signature
 * @param {(error: Error | null, result?: boolean) => void} [callback]  for work on the thread pool
 * @returns {boolean | undefined}
 */
function verifyOneShot(algorithm, data, key, signature, callback) {
  if (algorithm !== null && algorithm !== undefined) validateString(algorithm, 'algorithm');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const bytes = viewOf(getArrayBufferOrView(data, 'data'));
  const chosen = signatureOptions(key);
  const signed = viewOf(getArrayBufferOrView(signature, 'signature'));
  const handle = preparePublicKey(key);
  const digest = digestNumber(algorithm);
  const params = signatureParams(typeOfHandle(handle), chosen);
  if (callback === undefined) {
    return operations.verifySync(handle, digest, params, bytes, signed, chosen.p1363);
  }
  operations.verify(handle, digest, params, bytes, signed, chosen.p1363, callback);
}

/** @returns {Sign} */
function createSign(algorithm, options) {
  return new Sign(algorithm, options);
}

/** @returns {Verify} */
function createVerify(algorithm, options) {
  return new Verify(algorithm, options);
}

module.exports = { Sign, Verify, createSign, createVerify, signOneShot, verifyOneShot };
