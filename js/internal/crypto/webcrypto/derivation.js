// Bits from secrets in Web Crypto: PBKDF2, HKDF, Argon2.
'use strict';

const { lazyDOMException } = require('internal/util');
const { SecretKeyObject } = require('internal/crypto/keys');
const { findDigest } = require('internal/crypto/util');
const { makeCryptoKey } = require('internal/crypto/webcrypto/key');
const { checkUsages, operation, secretOf } = require('internal/crypto/webcrypto/job');

const argon2Kinds = ['Argon2d', 'Argon2i', 'Argon2id'];

function isArgon2(name) {
  return argon2Kinds.includes(name);
}

function checkFormat(format, name) {
  if (format === 'raw-secret' || (format === 'raw' && !isArgon2(name))) return;
  throw lazyDOMException(`Unable to import ${name} using ${format} format`, 'NotSupportedError');
}

function importKey(format, keyData, { name }, extractable, usages) {
  if (isArgon2(name)) checkFormat(format, name);
  if (extractable) throw lazyDOMException(`${name} keys are not extractable`, 'SyntaxError');
  checkUsages(usages, ['deriveKey', 'deriveBits'], name);
  checkFormat(format, name);
  return makeCryptoKey(new SecretKeyObject(keyData), { name }, usages, false);
}

function getKeyLength() {
  return null;
}

function operationError(message) {
  return lazyDOMException(message, 'OperationError');
}

/** HKDF gives at most so many times the length of its digest. */
const HKDF_LIMIT = 255;

// Refuses lengths that an algorithm cannot give.
function checkLength({ name, hash }, length) {
  if (length === null || length === undefined) throw operationError('length cannot be null');
  if (length % 8 !== 0) throw operationError('length must be a multiple of 8');
  if (name === 'HKDF' && length > HKDF_LIMIT * 8 * findDigest(hash.name).size) {
    throw operationError('length exceeds the maximum derived bit length');
  }
  if (isArgon2(name) && length < 32) throw operationError('length must be >= 32');
}

async function deriveBits(algorithm, key, length) {
  checkLength(algorithm, length);
  if (length === 0) return new ArrayBuffer(0);
  const secret = secretOf(key);
  const bytes = length / 8;
  const { name } = algorithm;
  if (name === 'PBKDF2') {
    const { hash, salt, iterations } = algorithm;
    return operation('pbkdf2', findDigest(hash.name).number, secret, salt, iterations, bytes);
  }
  if (name === 'HKDF') {
    const { hash, salt, info } = algorithm;
    return operation('hkdf', findDigest(hash.name).number, secret, salt, info, bytes);
  }
  const { nonce, parallelism, memory, passes, secretValue = '', associatedData = '' } = algorithm;
  const numbers = [parallelism, memory, passes];
  return operation('argon2', argon2Kinds.indexOf(name), secret, nonce, numbers, secretValue, associatedData, bytes);
}

module.exports = { checkLength, deriveBits, getKeyLength, importKey };
