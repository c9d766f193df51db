// What the operations of Web Crypto share: work on the thread pool as promises, checks of usages, secret keys in
// JSON Web Key's form.
'use strict';

const { Buffer } = require('buffer');
const { lazyDOMException } = require('internal/util');
const { SecretKeyObject, handleOf } = require('internal/crypto/keys');
const { binding, copyBytes } = require('internal/crypto/util');
const { operationError } = require('internal/crypto/webidl');
const { algorithmOf, isExtractable, keyObjectOf, makeCryptoKey, usagesOf } = require('internal/crypto/webcrypto/key');

/**
 * Runs a function of the binding on the thread pool.
 * @param {string} name
 * @param {...unknown} args
 * @returns {Promise<any>} its result, memory as an ArrayBuffer; what fails is an OperationError
 */
function operation(name, ...args) {
  return new Promise((resolve, reject) => {
    args.push((error, result) => {
      if (error !== null) reject(operationError(error));
      else resolve(result instanceof Uint8Array ? result.buffer : result);
    });
    Reflect.apply(binding[name], binding, args);
  });
}

/** Handing so few bytes to another thread would take longer than the work on them. */
const MAX_AT_ONCE = 4096;

/** What has been done at once, and is told in the next check phase. */
let settlements = [];

function settleAll() {
  const due = settlements;
  settlements = [];
  for (const settle of due) settle();
}

/**
 * As `operation`, for work that takes as long as its data are many.
 * @param {ArrayBufferView} data
 * @param {string} name
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
function operationOn(data, name, ...args) {
  if (data.byteLength > MAX_AT_ONCE) return operation(name, ...args);
  return new Promise((resolve, reject) => {
    let settle;
    try {
      const result = Reflect.apply(binding[`${name}Sync`], binding, args);
      settle = () => resolve(result instanceof Uint8Array ? result.buffer : result);
    } catch (error) {
      settle = () => reject(operationError(error));
    }
    if (settlements.push(settle) === 1) require('internal/timers').setSilentImmediate(settleAll).ref();
  });
}

/** @returns {Uint8Array} the bytes of a secret key */
function secretOf(key) {
  return handleOf(keyObjectOf(key));
}

/** Refuses usages that the kind of keys does not have. */
function checkUsages(usages, allowed, name) {
  if (usages.every((usage) => allowed.includes(usage))) return;
  throw lazyDOMException(`Unsupported key usage for ${name} key`, 'SyntaxError');
}

/**
 * @param {object} algorithm  what the key says of itself
 * @param {number} bits
 * @param {string[]} usages
 * @param {boolean} extractable
 * @returns {Promise<CryptoKey>} a new secret key
 */
async function makeSecret(algorithm, bits, usages, extractable) {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  if (bytes.length > 0) {
    await new Promise((resolve, reject) => {
      binding.randomFill(bytes, 0, bytes.length, (error) => (error === null ? resolve() : reject(operationError(error))));
    });
  }
  // The lowest bits of the last byte are not of the key.
  if (bits % 8 !== 0) bytes[bytes.length - 1] &= 0xff << (8 - bits % 8);
  return makeCryptoKey(new SecretKeyObject(bytes), algorithm, usages, extractable);
}

function dataError(message, cause) {
  return lazyDOMException(message, cause === undefined ? 'DataError' : { name: 'DataError', cause });
}

/**
 * The bytes of a secret key that is being imported.
 * @param {string} format
 * @param {Uint8Array | object} keyData  bytes, or a JWK
 * @param {{ name: string, formats: string[], usages: string[], extractable: boolean, use: string,
 *   check?: (bytes: Uint8Array) => void, alg?: (bytes: Uint8Array) => string }} expected
 * @returns {Uint8Array}
 */
function importSecret(format, keyData, { name, formats, usages, extractable, use, check, alg }) {
  if (!formats.includes(format)) {
    throw lazyDOMException(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
  }
  if (format !== 'jwk') return keyData;
  checkJwk(keyData, 'oct', use, usages, extractable);
  if (typeof keyData.k !== 'string') throw dataError('Invalid keyData');
  const bytes = new Uint8Array(Buffer.from(keyData.k, 'base64url'));
  check?.(bytes);
  if (keyData.alg !== undefined && alg !== undefined && keyData.alg !== alg(bytes)) {
    throw dataError('JWK "alg" does not match the requested algorithm');
  }
  return bytes;
}

/**
 * Refuses a JWK that says that it is of another kind or for something else.
 * @param {object} jwk
 * @param {string} kty
 * @param {string} use
 * @param {string[]} usages
 * @param {boolean} extractable
 */
function checkJwk(jwk, kty, use, usages, extractable) {
  if (!jwk.kty) throw dataError('Invalid keyData');
  if (jwk.kty !== kty) throw dataError('Invalid JWK "kty" Parameter');
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) {
    throw dataError('Invalid JWK "use" Parameter');
  }
  if (jwk.key_ops !== undefined) {
    if (new Set(jwk.key_ops).size !== jwk.key_ops.length) throw dataError('Duplicate key operation');
    if (!usages.every((usage) => jwk.key_ops.includes(usage))) throw dataError('Key operations and usage mismatch');
  }
  if (jwk.ext === false && extractable) throw dataError('JWK "ext" Parameter and extractable mismatch');
}

/**
 * A secret key in one of the formats for such keys.
 * @param {string} format
 * @param {CryptoKey} key
 * @param {string[]} formats  those that the algorithm has
 * @param {string} [alg]  of a JWK
 * @returns {ArrayBuffer | object | undefined}
 */
function exportSecret(format, key, formats, alg) {
  if (!formats.includes(format)) return undefined;
  const bytes = secretOf(key);
  if (format !== 'jwk') return copyBytes(bytes).buffer;
  return {
    key_ops: [...usagesOf(key)],
    ext: isExtractable(key),
    ...(alg === undefined ? {} : { alg }),
    kty: 'oct',
    k: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url'),
  };
}

module.exports = {
  algorithmOf,
  checkJwk,
  checkUsages,
  dataError,
  exportSecret,
  importSecret,
  makeSecret,
  operation,
  operationOn,
  secretOf,
};
