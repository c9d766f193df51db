// HMAC in Web Crypto.
'use strict';

const { lazyDOMException } = require('internal/util');
const { SecretKeyObject } = require('internal/crypto/keys');
const { binding, findDigest } = require('internal/crypto/util');
const { makeCryptoKey } = require('internal/crypto/webcrypto/key');
const {
  algorithmOf,
  checkUsages,
  dataError,
  exportSecret,
  importSecret,
  makeSecret,
  operationOn,
  secretOf,
} = require('internal/crypto/webcrypto/job');

const formats = ['raw', 'raw-secret', 'jwk'];

/** Bits of the blocks that the hashes work on: the length of keys, unless the program says otherwise. */
const blockLengths = {
  'SHA-1': 512,
  'SHA-256': 512,
  'SHA-384': 1024,
  'SHA-512': 1024,
};

// The name in a JWK: HS256.
function jwkName(hash) {
  switch (hash) {
    case 'SHA-1':
    case 'SHA-256':
    case 'SHA-384':
    case 'SHA-512':
      return `HS${hash.slice(4)}`;
    default:
      return undefined;
  }
}

// The length of a new key: that of the hash's blocks for those hashes for which the specification says so.
function lengthOf({ hash, length }) {
  if (length === undefined && blockLengths[hash.name] === undefined) {
    throw lazyDOMException('Explicit algorithm length member is required', 'NotSupportedError');
  }
  return length ?? blockLengths[hash.name];
}

function generateKey(algorithm, extractable, usages) {
  const { name, hash } = algorithm;
  checkUsages(usages, ['sign', 'verify'], name);
  const bits = lengthOf(algorithm);
  return makeSecret({ name, length: bits, hash }, bits, usages, extractable);
}

function importKey(format, keyData, { name, hash, length }, extractable, usages) {
  checkUsages(usages, ['sign', 'verify'], name);
  const bytes = importSecret(format, keyData, {
    name, formats, usages, extractable, use: 'sig', alg: () => jwkName(hash.name),
  });
  if (bytes.length === 0) throw dataError('Zero-length key is not supported');
  const bits = 8 * bytes.length;
  if (length !== undefined && (length > bits || length <= bits - 8)) throw dataError('Invalid key length');
  const algorithm = { name, length: length ?? bits, hash };
  return makeCryptoKey(new SecretKeyObject(bytes), algorithm, usages, extractable);
}

function exportKey(format, key) {
  return exportSecret(format, key, formats, jwkName(algorithmOf(key).hash.name));
}

function sign(algorithm, key, data) {
  return operationOn(data, 'hmacWhole', findDigest(algorithmOf(key).hash.name).number, secretOf(key), data);
}

async function verify(algorithm, key, signature, data) {
  const expected = await sign(algorithm, key, data);
  return expected.byteLength === signature.byteLength && binding.timingSafeEqual(expected, signature);
}

module.exports = { checkGeneration: lengthOf, exportKey, generateKey, getKeyLength: lengthOf, importKey, sign, verify };
