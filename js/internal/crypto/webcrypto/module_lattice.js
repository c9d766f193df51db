// Keys of ML-DSA and ML-KEM in Web Crypto, which differ in what they are for.
'use strict';

const { dataError } = require('internal/crypto/webcrypto/job');
const { pairOperations } = require('internal/crypto/webcrypto/pairs');

/**
 * @param {{ publicUsages: string[], privateUsages: string[], use: 'sig' | 'enc' }} purpose
 * @returns {object} `generateKey`, `importKey`, `importKeyObject` and `exportKey`
 */
function latticeOperations({ publicUsages, privateUsages, use }) {
  const { generatePair, ...rest } = pairOperations({
    keyType: ({ name }) => name.toLowerCase(),
    publicUsages: () => publicUsages,
    privateUsages: () => privateUsages,
    rawFormats: ['raw-public'],
    hasSeeds: true,
    kty: 'AKP',
    members: ['alg', 'pub'],
    privateMember: 'priv',
    use: () => use,
    checkMembers(jwk, algorithm) {
      if (jwk.alg !== algorithm.name) throw dataError('JWK "alg" Parameter and algorithm name mismatch');
    },
    jwkName: () => undefined,
    describe: (handle, { name }) => ({ name }),
  });
  return {
    ...rest,
    generateKey: (algorithm, extractable, usages) =>
      generatePair([algorithm.name, [], 'key', []], algorithm, extractable, usages),
  };
}

module.exports = { latticeOperations };
