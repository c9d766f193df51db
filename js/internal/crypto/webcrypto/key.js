// `CryptoKey`: a key with what may be done with it.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { kClone, kCloneable, kDeserialize, kTransferMode } = require('internal/transferable');
const { customInspectSymbol } = require('internal/util');
const keyChecks = require('internal/util/key_checks');
const { typeOf } = require('internal/crypto/keys');

let isCryptoKey;
let slotsOf;

/** What the constructor is given by this module alone. */
const kConstruct = Symbol('kConstruct');

class CryptoKey {
  // What the key is; programs only see copies of what can be changed.
  #slots;
  #algorithm = undefined;
  #usages = undefined;

  static {
    isCryptoKey = (value) => typeof value === 'object' && value !== null && #slots in value;
    slotsOf = (key) => key.#slots;
  }

  constructor(token = undefined, slots = undefined) {
    if (token !== kConstruct) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#slots = slots;
    this[kTransferMode] = kCloneable;
  }

  [customInspectSymbol](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const { keyObject, extractable, algorithm, usages } = slots(this);
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `CryptoKey ${inspect({ type: typeOf(keyObject), extractable, algorithm, usages }, nested)}`;
  }

  /** @returns {'secret' | 'public' | 'private'} */
  get type() {
    return typeOf(slots(this).keyObject);
  }

  /** @returns {boolean} whether programs may have the key's bytes */
  get extractable() {
    return slots(this).extractable;
  }

  /** @returns {object} */
  get algorithm() {
    const { algorithm } = slots(this);
    return this.#algorithm ??= copyAlgorithm(algorithm);
  }

  /** @returns {string[]} */
  get usages() {
    const { usages } = slots(this);
    return this.#usages ??= [...usages];
  }

  [kClone]() {
    return { data: this.#slots, deserializeInfo: 'internal/crypto/webcrypto/key:ClonedCryptoKey' };
  }

  [kDeserialize](slots) {
    this.#slots = slots;
  }
}

const enumerable = { enumerable: true };
Object.defineProperties(CryptoKey.prototype, {
  type: enumerable,
  extractable: enumerable,
  algorithm: enumerable,
  usages: enumerable,
  [Symbol.toStringTag]: { configurable: true, value: 'CryptoKey' },
});

function slots(key) {
  if (!isCryptoKey(key)) throw new ERR_INVALID_THIS('CryptoKey');
  return slotsOf(key);
}

function copyAlgorithm(algorithm) {
  const copy = { ...algorithm };
  if (copy.hash !== undefined) copy.hash = { ...copy.hash };
  if (copy.publicExponent !== undefined) copy.publicExponent = new Uint8Array(copy.publicExponent);
  return copy;
}

/** Makes a key without contents, which `[kDeserialize]()` fills. */
function ClonedCryptoKey() {
  return new CryptoKey(kConstruct, undefined);
}

/** The order in which usages are listed. */
const usageOrder = [
  'encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey',
  'encapsulateKey', 'encapsulateBits', 'decapsulateKey', 'decapsulateBits',
];

/**
 * @param {KeyObject} keyObject
 * @param {object} algorithm  name and parameters, in the order in which they are shown
 * @param {Iterable<string>} usages
 * @param {boolean} extractable
 * @returns {CryptoKey}
 */
function makeCryptoKey(keyObject, algorithm, usages, extractable) {
  const wanted = new Set(usages);
  return new CryptoKey(kConstruct, {
    keyObject, algorithm, usages: usageOrder.filter((usage) => wanted.has(usage)), extractable,
  });
}

/** @returns {KeyObject} the key for the functions of `crypto` */
function keyObjectOf(key) {
  return slotsOf(key).keyObject;
}

/** @returns {object} the algorithm, whatever the program has made of its copy; not to be changed */
function algorithmOf(key) {
  return slotsOf(key).algorithm;
}

/** @returns {string[]} likewise */
function usagesOf(key) {
  return slotsOf(key).usages;
}

/** @returns {boolean} */
function isExtractable(key) {
  return slotsOf(key).extractable;
}

keyChecks.isCryptoKey = isCryptoKey;

module.exports = {
  ClonedCryptoKey,
  CryptoKey,
  algorithmOf,
  isCryptoKey,
  isExtractable,
  keyObjectOf,
  makeCryptoKey,
  usagesOf,
};
