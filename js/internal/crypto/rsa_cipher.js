// Encryption with asymmetric keys: `publicEncrypt`, `privateDecrypt`, `privateEncrypt`, `publicDecrypt`.
'use strict';

const { Buffer } = require('buffer');
const { validateString } = require('internal/validators');
const { preparePrivateKey, preparePublicKey } = require('internal/crypto/asymmetric_keys');
const { RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING } = require('internal/crypto/constants');
const { findDigest, getArrayBufferOrView, viewOf } = require('internal/crypto/util');

const keys = internalBinding('crypto_keys');
const operations = internalBinding('crypto_operations');

// The parameters of OAEP: its digest, which is also the mask's, and its label.
function oaepParams(options, encoding) {
  const { oaepHash, oaepLabel } = options;
  let name = 'sha1';
  if (oaepHash !== undefined) {
    validateString(oaepHash, 'key.oaepHash');
    name = oaepHash;
  }
  const label = oaepLabel === undefined ?
    undefined : viewOf(getArrayBufferOrView(oaepLabel, 'key.oaepLabel', encoding));
  const digest = findDigest(name);
  if (digest === undefined) throw invalidDigest();
  const digestName = keys.digestName(digest.number);
  const params = ['digest', 's', digestName, 'mgf1-digest', 's', digestName];
  if (label !== undefined && label.byteLength > 0) params.push('oaep-label', 'b', label);
  return params;
}

function invalidDigest() {
  const error = new Error('Invalid digest used');
  error.code = 'ERR_OSSL_EVP_INVALID_DIGEST';
  return error;
}

// A function that prepares its key in one way and runs one of Rust's operations.
function cipherFunction(operation, prepare, defaultPadding) {
  return (key, buffer) => {
    const isObject = typeof key === 'object' && key !== null;
    const options = isObject ? key : {};
    const { encoding } = options;
    const padding = options.padding || defaultPadding;
    const params = ['pad-mode', 'i', padding];
    // The label and the digest are checked whatever the padding is, and before the key.
    const oaep = oaepParams(options, encoding);
    const handle = prepare(key);
    if (padding === RSA_PKCS1_OAEP_PADDING) params.push(...oaep);
    const data = viewOf(getArrayBufferOrView(buffer, 'buffer', encoding));
    const bytes = operation(handle, params, data);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

module.exports = {
  privateDecrypt: cipherFunction(
    (...args) => operations.decryptSync(...args), (key) => preparePrivateKey(key, 'privateKey'), RSA_PKCS1_OAEP_PADDING),
  privateEncrypt: cipherFunction(
    (...args) => operations.signRawSync(...args), (key) => preparePrivateKey(key, 'privateKey'), RSA_PKCS1_PADDING),
  publicDecrypt: cipherFunction(
    (...args) => operations.recoverSync(...args), preparePublicKey, RSA_PKCS1_PADDING),
  publicEncrypt: cipherFunction(
    (...args) => operations.encryptSync(...args), preparePublicKey, RSA_PKCS1_OAEP_PADDING),
};
