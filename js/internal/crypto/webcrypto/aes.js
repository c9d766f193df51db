// AES in Web Crypto: CBC, CTR, GCM, KW, OCB.
'use strict';

const { SecretKeyObject } = require('internal/crypto/keys');
const { findCipher } = require('internal/crypto/cipher');
const { operationError } = require('internal/crypto/webidl');
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

/** In bits, unless the program says otherwise. */
const TAG_LENGTH = 128;

/** What RFC 3394 begins with. */
const WRAP_IV = [0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6];

/** The shortest initialization vector of GCM that is taken, in bytes. */
const LEAST_GCM_IV = 12;

const wrappingUsages = ['wrapKey', 'unwrapKey'];
const allUsages = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];

function usagesOfKind(name) {
  return name === 'AES-KW' ? wrappingUsages : allUsages;
}

function formatsOfKind(name) {
  return name === 'AES-OCB' ? ['raw-secret', 'jwk'] : ['raw', 'raw-secret', 'jwk'];
}

// The name of the algorithm with a key of this length, in a JWK: A128CBC.
function jwkName(name, bits) {
  return `A${bits}${name.slice(4)}`;
}

function generateKey({ name, length }, extractable, usages) {
  checkUsages(usages, usagesOfKind(name), name);
  return makeSecret({ name, length }, length, usages, extractable);
}

function checkKeyLength(bytes) {
  if (![16, 24, 32].includes(bytes.length)) throw dataError('Invalid key length');
}

function importKey(format, keyData, { name }, extractable, usages) {
  checkUsages(usages, usagesOfKind(name), name);
  const bytes = importSecret(format, keyData, {
    name,
    formats: formatsOfKind(name),
    usages,
    extractable,
    use: 'enc',
    check: checkKeyLength,
    alg: (key) => jwkName(name, 8 * key.length),
  });
  checkKeyLength(bytes);
  const length = 8 * bytes.length;
  return makeCryptoKey(new SecretKeyObject(bytes), { name, length }, usages, extractable);
}

function exportKey(format, key) {
  const { name, length } = algorithmOf(key);
  return exportSecret(format, key, formatsOfKind(name), jwkName(name, length));
}

function getKeyLength({ length }) {
  return length;
}

function cipherNumber(key, mode) {
  return findCipher(`aes-${algorithmOf(key).length}-${mode}`).number;
}

function run(isEncrypting, algorithm, key, data) {
  const secret = secretOf(key);
  switch (algorithm.name) {
    case 'AES-CBC':
      return operationOn(
        data, 'cipherWhole', cipherNumber(key, 'cbc'), isEncrypting, secret, algorithm.iv, -1, undefined, data,
      );
    case 'AES-CTR': {
      const { counter, length } = algorithm;
      return operationOn(data, 'aesCtr', cipherNumber(key, 'ctr'), secret, counter, length, data);
    }
    case 'AES-KW': {
      const number = findCipher(`aes${algorithmOf(key).length}-wrap`).number;
      const iv = Uint8Array.from(WRAP_IV);
      return operationOn(data, 'cipherWhole', number, isEncrypting, secret, iv, -1, undefined, data);
    }
    default:
      return authenticated(isEncrypting, algorithm, key, data);
  }
}

async function authenticated(isEncrypting, algorithm, key, data) {
  const { name, iv, tagLength = TAG_LENGTH, additionalData } = algorithm;
  const size = tagLength / 8;
  // What OpenSSL would take of GCM's vectors is more than Web Crypto does.
  if (name === 'AES-GCM' && iv.byteLength < LEAST_GCM_IV) {
    throw operationError(new Error('Invalid initialization vector'));
  }
  const number = cipherNumber(key, name === 'AES-GCM' ? 'gcm' : 'ocb');
  return operationOn(data, 'cipherWhole', number, isEncrypting, secretOf(key), iv, size, additionalData, data);
}

module.exports = {
  decrypt: run.bind(undefined, false),
  encrypt: run.bind(undefined, true),
  exportKey,
  generateKey,
  getKeyLength,
  importKey,
  unwrapKey: run.bind(undefined, false),
  wrapKey: run.bind(undefined, true),
};
