// Secrets wrapped for the owner of a key: `encapsulate`, `decapsulate`.
'use strict';

const { Buffer } = require('buffer');
const { validateFunction } = require('internal/validators');
const { preparePrivateKey, preparePublicKey } = require('internal/crypto/asymmetric_keys');
const { okpNames, typeOfHandle } = require('internal/crypto/key_types');
const { getArrayBufferOrView, viewOf } = require('internal/crypto/util');

const operations = internalBinding('crypto_operations');

// The one way to do it that OpenSSL has for keys which were not made for this.
function paramsFor(handle) {
  const type = typeOfHandle(handle);
  if (type === 'rsa') return ['operation', 's', 'RSASVE'];
  if (type === 'ec' || type in okpNames) return ['operation', 's', 'DHKEM'];
  return [];
}

function bufferOf(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function capsule([secret, ciphertext]) {
  return { sharedKey: bufferOf(secret), ciphertext: bufferOf(ciphertext) };
}

/**
 * @param {object | string | Buffer | KeyObject} key  public
 * @param {(error: Error | null, result?: object) => void} [callback]  for work on the thread pool
 * @returns {{ sharedKey: Buffer, ciphertext: Buffer } | undefined}
 */
function encapsulate(key, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = preparePublicKey(key);
  if (callback === undefined) return capsule(operations.encapsulateSync(handle, paramsFor(handle)));
  operations.encapsulate(handle, paramsFor(handle), (error, result) => {
    if (error !== null) callback(error);
    else callback(null, capsule(result));
  });
}

/**
 * @param {object | string | Buffer | KeyObject} key  private
 * @param {string | ArrayBuffer | ArrayBufferView} ciphertext
 * @param {(error: Error | null, sharedKey?: Buffer) => void} [callback]  for work on the thread pool
 * @returns {Buffer | undefined}
 */
function decapsulate(key, ciphertext, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const handle = preparePrivateKey(key);
  const data = viewOf(getArrayBufferOrView(ciphertext, 'ciphertext'));
  if (callback === undefined) return bufferOf(operations.decapsulateSync(handle, paramsFor(handle), data));
  operations.decapsulate(handle, paramsFor(handle), data, (error, secret) => {
    if (error !== null) callback(error);
    else callback(null, bufferOf(secret));
  });
}

module.exports = { decapsulate, encapsulate };
