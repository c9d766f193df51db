// `Crypto`: the global `crypto`.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { randomFillSync, randomUUID } = require('internal/crypto/random');
const { lazyDOMException } = require('internal/util');
const types = require('internal/util/types');
const { requiredArguments } = require('internal/crypto/webidl');
const { CryptoKey } = require('internal/crypto/webcrypto/key');
const { SubtleCrypto, subtle } = require('internal/crypto/webcrypto/subtle');

/** What the constructor is given by this module alone. */
const kConstruct = Symbol('kConstruct');

const MAX_RANDOM_SIZE = 65536;

class Crypto {
  constructor(token = undefined) {
    if (token !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** @returns {SubtleCrypto} */
  get subtle() {
    check(this);
    return subtle;
  }

  /**
   * Fills an array of integers with random bits.
   * @template {ArrayBufferView} T
   * @param {T} array
   * @returns {T}
   */
  getRandomValues(array) {
    check(this);
    requiredArguments(arguments.length, 1, { prefix: "Failed to execute 'getRandomValues' on 'Crypto'" });
    if (!isIntegerArray(array)) {
      throw lazyDOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (array.byteLength > MAX_RANDOM_SIZE) {
      const { QuotaExceededError } = require('web/dom_exception');
      throw new QuotaExceededError('The requested length exceeds 65,536 bytes', {
        quota: MAX_RANDOM_SIZE, requested: array.byteLength,
      });
    }
    return randomFillSync(array, 0);
  }

  /** @returns {string} a UUID of version 4 */
  randomUUID(options = undefined) {
    check(this);
    return randomUUID(options);
  }
}

function check(receiver) {
  if (receiver !== crypto) throw new ERR_INVALID_THIS('Crypto');
}

function isIntegerArray(value) {
  return types.isTypedArray(value) && !types.isFloat32Array(value) && !types.isFloat64Array(value) &&
    value[Symbol.toStringTag] !== 'Float16Array';
}

const enumerable = { enumerable: true };
Object.defineProperties(Crypto.prototype, {
  subtle: enumerable,
  getRandomValues: enumerable,
  randomUUID: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'Crypto' },
});

const crypto = new Crypto(kConstruct);

module.exports = { Crypto, CryptoKey, SubtleCrypto, crypto };
