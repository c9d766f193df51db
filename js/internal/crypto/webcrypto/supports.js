// `SubtleCrypto.supports`: whether an operation would take an algorithm, without doing it.
'use strict';

const { algorithms, implementation } = require('internal/crypto/webcrypto/algorithms');
const { normalizeAlgorithm } = require('internal/crypto/webcrypto/normalize');
const { converters } = require('internal/crypto/webidl');

/** Operations that other operations stand for. */
const others = {
  __proto__: null,
  encapsulateBits: 'encapsulate',
  encapsulateKey: 'encapsulate',
  decapsulateBits: 'decapsulate',
  decapsulateKey: 'decapsulate',
  getPublicKey: 'exportKey',
};

const operations = new Set([
  'encrypt', 'decrypt', 'sign', 'verify', 'digest', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey',
  'wrapKey', 'unwrapKey', 'getPublicKey', 'encapsulateBits', 'encapsulateKey', 'decapsulateBits', 'decapsulateKey',
]);

/** The size of the secrets that are encapsulated, in bits. */
const SHARED_LENGTH = 256;

function normalizes(algorithm, operation) {
  try {
    return normalizeAlgorithm(algorithm, operation);
  } catch {
    return undefined;
  }
}

function canDerive(algorithm, length) {
  const normalized = normalizes(algorithm, 'deriveBits');
  if (normalized === undefined) return false;
  try {
    implementation(normalized.name).checkLength?.(normalized, length);
    return true;
  } catch {
    return false;
  }
}

function canDeriveKey(algorithm, derivedAlgorithm) {
  const derived = normalizes(derivedAlgorithm, 'getKeyLength');
  if (derived === undefined || normalizes(derivedAlgorithm, 'importKey') === undefined) return false;
  try {
    return canDerive(algorithm, implementation(derived.name).getKeyLength(derived));
  } catch {
    return false;
  }
}

// Whether a shared secret can become a key of the algorithm.
function takesSharedSecret(algorithm) {
  const normalized = normalizes(algorithm, 'importKey');
  if (normalized === undefined || algorithms[normalized.name].getKeyLength === undefined) return false;
  return normalized.length === undefined || normalized.length === SHARED_LENGTH;
}

function toLength(value) {
  if (value === null) return null;
  const prefix = "Failed to execute 'supports' on 'SubtleCrypto'";
  return converters['unsigned long'](value, { prefix, context: '3rd argument', enforceRange: true });
}

/**
 * @param {string} operation
 * @param {string | object} algorithm
 * @param {number | string | object | null} additional  the length of bits, or the algorithm of the key that is made
 * @returns {boolean}
 */
function supports(operation, algorithm, additional) {
  if (!operations.has(operation)) return false;
  switch (operation) {
    case 'deriveBits':
      return canDerive(algorithm, toLength(additional));
    case 'deriveKey':
      return additional !== null && canDeriveKey(algorithm, additional);
    case 'wrapKey':
      return (normalizes(algorithm, 'wrapKey') ?? normalizes(algorithm, 'encrypt')) !== undefined &&
        additional !== null && normalizes(additional, 'exportKey') !== undefined;
    case 'unwrapKey':
      return (normalizes(algorithm, 'unwrapKey') ?? normalizes(algorithm, 'decrypt')) !== undefined &&
        additional !== null && normalizes(additional, 'importKey') !== undefined;
    case 'encapsulateKey':
    case 'decapsulateKey':
      return normalizes(algorithm, others[operation]) !== undefined &&
        additional !== null && takesSharedSecret(additional);
    case 'generateKey':
      return canGenerate(normalizes(algorithm, 'generateKey'));
    case 'getPublicKey': {
      const normalized = normalizes(algorithm, 'exportKey');
      return normalized !== undefined && algorithms[normalized.name].getKeyLength === undefined;
    }
    default:
      return normalizes(algorithm, others[operation] ?? operation) !== undefined;
  }
}

function canGenerate(normalized) {
  if (normalized === undefined) return false;
  const { checkGeneration } = implementation(normalized.name);
  try {
    checkGeneration?.(normalized);
    return true;
  } catch {
    return false;
  }
}

module.exports = { supports };
