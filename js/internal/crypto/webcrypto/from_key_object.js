// `KeyObject.prototype.toCryptoKey`.
'use strict';

const { lazyDOMException } = require('internal/util');
const { handleOf, typeOf } = require('internal/crypto/keys');
const { copyBytes } = require('internal/crypto/util');
const { converters } = require('internal/crypto/webidl');
const { implementation } = require('internal/crypto/webcrypto/algorithms');
const { usagesOf } = require('internal/crypto/webcrypto/key');
const { normalizeAlgorithm } = require('internal/crypto/webcrypto/normalize');

/**
 * Makes a CryptoKey of a KeyObject.
 * @param {KeyObject} key
 * @param {string | object} algorithm
 * @param {boolean} extractable
 * @param {string[]} keyUsages
 * @returns {CryptoKey}
 */
function toCryptoKey(key, algorithm, extractable, keyUsages) {
  const normalized = normalizeAlgorithm(converters.AlgorithmIdentifier(algorithm), 'importKey');
  const usages = converters['sequence<KeyUsage>'](keyUsages, { prefix: 'Failed to convert', context: 'keyUsages' });
  const { importKey, importKeyObject } = implementation(normalized.name);
  let result;
  if (typeOf(key) !== 'secret') {
    result = importKeyObject?.(key, normalized, Boolean(extractable), usages);
  } else if (importKeyObject === undefined) {
    result = importKey('raw-secret', copyBytes(handleOf(key)), normalized, Boolean(extractable), usages);
  }
  if (result === undefined) throw lazyDOMException('Unable to convert this key', 'NotSupportedError');
  if (result.type !== 'public' && usagesOf(result).length === 0) {
    throw lazyDOMException(`Usages cannot be empty when importing a ${result.type} key.`, 'SyntaxError');
  }
  return result;
}

module.exports = { toCryptoKey };
