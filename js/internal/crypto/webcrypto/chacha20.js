// ChaCha20-Poly1305 in Web Crypto.
'use strict';

const { SecretKeyObject } = require('internal/crypto/keys');
const { findCipher } = require('internal/crypto/cipher');
const { makeCryptoKey } = require('internal/crypto/webcrypto/key');
const {
  checkUsages,
  dataError,
  exportSecret,
  importSecret,
  makeSecret,
  operationOn,
  secretOf,
} = require('internal/crypto/webcrypto/job');

const name = 'ChaCha20-Poly1305';
const KEY_SIZE = 32;
const TAG_SIZE = 16;

const keyUsages = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
const formats = ['raw-secret', 'jwk'];

function generateKey(algorithm, extractable, usages) {
  checkUsages(usages, keyUsages, name);
  return makeSecret({ name }, 8 * KEY_SIZE, usages, extractable);
}

function importKey(format, keyData, algorithm, extractable, usages) {
  checkUsages(usages, keyUsages, name);
  const bytes = importSecret(format, keyData, {
    name, formats, usages, extractable, use: 'enc', alg: () => 'C20P',
  });
  if (bytes.length !== KEY_SIZE) throw dataError('Invalid key length');
  return makeCryptoKey(new SecretKeyObject(bytes), { name }, usages, extractable);
}

function exportKey(format, key) {
  return exportSecret(format, key, formats, 'C20P');
}

function getKeyLength() {
  return 8 * KEY_SIZE;
}

function run(isEncrypting, { iv, additionalData }, key, data) {
  const { number } = findCipher('chacha20-poly1305');
  return operationOn(data, 'cipherWhole', number, isEncrypting, secretOf(key), iv, TAG_SIZE, additionalData, data);
}

module.exports = {
  decrypt: run.bind(undefined, false),
  encrypt: run.bind(undefined, true),
  exportKey,
  generateKey,
  getKeyLength,
  importKey,
};
