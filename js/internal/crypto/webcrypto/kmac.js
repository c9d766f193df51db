// KMAC in Web Crypto.
'use strict';

const { SecretKeyObject } = require('internal/crypto/keys');
const { binding } = require('internal/crypto/util');
const { clearSpareBits } = require('internal/crypto/webcrypto/extendable');
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

const formats = ['raw-secret', 'jwk'];

function ownLength(name) {
  return name === 'KMAC128' ? 128 : 256;
}

// The name in a JWK: K128.
function jwkName(name) {
  return `K${ownLength(name)}`;
}

function generateKey({ name, length }, extractable, usages) {
  checkUsages(usages, ['sign', 'verify'], name);
  const bits = length ?? ownLength(name);
  return makeSecret({ name, length: bits }, bits, usages, extractable);
}

function importKey(format, keyData, { name, length }, extractable, usages) {
  checkUsages(usages, ['sign', 'verify'], name);
  const bytes = importSecret(format, keyData, {
    name, formats, usages, extractable, use: 'sig', alg: () => jwkName(name),
  });
  const bits = 8 * bytes.length;
  if (length !== undefined && (length > bits || length <= bits - 8)) throw dataError('Invalid key length');
  return makeCryptoKey(new SecretKeyObject(bytes), { name, length: length ?? bits }, usages, extractable);
}

function exportKey(format, key) {
  return exportSecret(format, key, formats, jwkName(algorithmOf(key).name));
}

function getKeyLength({ name, length }) {
  return length ?? ownLength(name);
}

async function sign({ name, customization = '', outputLength }, key, data) {
  const code = await operationOn(data, 'kmacWhole', name, secretOf(key), customization, outputLength, data);
  return clearSpareBits(code, outputLength);
}

async function verify(algorithm, key, signature, data) {
  const expected = await sign(algorithm, key, data);
  return expected.byteLength > 0 && expected.byteLength === signature.byteLength && binding.timingSafeEqual(expected, signature);
}

module.exports = { exportKey, generateKey, getKeyLength, importKey, sign, verify };
