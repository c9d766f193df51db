// How Web Crypto understands what a program says an algorithm is.
'use strict';

const { emitExperimentalWarning, lazyDOMException } = require('internal/util');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { copyBytes } = require('internal/crypto/util');
const { algorithms, canonicalName } = require('internal/crypto/webcrypto/algorithms');
const { dictionaries } = require('internal/crypto/webcrypto/dictionaries');
const { converters } = require('internal/crypto/webidl');

const options = {
  prefix: 'Failed to normalize algorithm', context: 'passed algorithm', verb: 'cannot be converted',
};

/**
 * Reads an algorithm with its parameters for an operation.
 * @param {string | object} algorithm
 * @param {string} operation  as `internal/crypto/webcrypto/algorithms` names them
 * @returns {{ name: string }} a new object: the name as the specification writes it, hashes as objects, copies of bytes
 */
function normalizeAlgorithm(algorithm, operation) {
  if (typeof algorithm === 'string') return normalizeAlgorithm({ name: algorithm }, operation);
  const { name } = converters.Algorithm(algorithm, options);
  const known = canonicalName(name);
  const params = known === undefined ? undefined : algorithms[known][operation];
  if (params === undefined) throw lazyDOMException('Unrecognized algorithm name', 'NotSupportedError');
  if (algorithms[known].isExperimental) emitExperimentalWarning(`The ${known} Web Crypto API algorithm`);
  if (params === null) return { name: known };
  const normalized = converters[params](algorithm, options);
  normalized.name = known;
  for (const { key, type } of dictionaries[params]) {
    const value = normalized[key];
    if (value === undefined) continue;
    if (type === 'HashAlgorithmIdentifier') {
      normalized[key] = normalizeHash(value, params);
    } else if (isArrayBufferView(value) || isAnyArrayBuffer(value)) {
      normalized[key] = copyBytes(value);
    }
  }
  return normalized;
}

// The hash within another algorithm is one whose results have one length.
function normalizeHash(hash, params) {
  const name = typeof hash === 'string' ? hash : hash.name;
  if (!/^SHA/i.test(name)) {
    throw lazyDOMException(`Only SHA hashes are supported in ${params}`, 'NotSupportedError');
  }
  return normalizeAlgorithm(hash, 'digest');
}

module.exports = { normalizeAlgorithm };
