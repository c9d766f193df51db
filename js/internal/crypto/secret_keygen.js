// Makes secret keys: `generateKey` for HMAC and AES.
'use strict';

const { validateFunction, validateInteger, validateObject, validateOneOf, validateString } =
  require('internal/validators');
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { randomFillSync } = require('internal/crypto/random');
const { SecretKeyObject } = require('internal/crypto/keys');
const { binding } = require('internal/crypto/util');

function lengthOf(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  switch (type) {
    case 'hmac':
      validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
      break;
    case 'aes':
      validateOneOf(length, 'options.length', [128, 192, 256]);
      break;
    default:
      throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
  return Math.floor(length / 8);
}

/**
 * Makes a secret key on the thread pool.
 * @param {'hmac' | 'aes'} type
 * @param {{ length: number }} options  in bits
 * @param {(error: Error | null, key: KeyObject) => void} callback
 */
function generateKey(type, options, callback) {
  if (typeof options === 'function') {
    callback = options;
    options = undefined;
  }
  validateFunction(callback, 'callback');
  const length = lengthOf(type, options);
  const bytes = new Uint8Array(length);
  binding.randomFill(bytes, 0, length, (error) => {
    if (error !== null) callback(error);
    else callback(null, new SecretKeyObject(bytes));
  });
}

/** The same at once. @returns {KeyObject} */
function generateKeySync(type, options) {
  return new SecretKeyObject(randomFillSync(new Uint8Array(lengthOf(type, options))));
}

module.exports = { generateKey, generateKeySync };
