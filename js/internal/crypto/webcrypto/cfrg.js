// The curves of the CFRG in Web Crypto: Ed25519, Ed448, X25519 and X448.
'use strict';

const { dataError } = require('internal/crypto/webcrypto/job');
const { agree, contextParams, handleOfKey, operate, pairOperations } = require('internal/crypto/webcrypto/pairs');

const signs = ({ name }) => name.startsWith('Ed');

const { exportKey, generatePair, importKey, importKeyObject } = pairOperations({
  keyType: ({ name }) => name.toLowerCase(),
  publicUsages: (algorithm) => (signs(algorithm) ? ['verify'] : []),
  privateUsages: (algorithm) => (signs(algorithm) ? ['sign'] : ['deriveKey', 'deriveBits']),
  rawFormats: ['raw', 'raw-public'],
  kty: 'OKP',
  members: ['crv', 'x'],
  privateMember: 'd',
  use: (algorithm) => (signs(algorithm) ? 'sig' : 'enc'),
  checkMembers(jwk, algorithm) {
    if (jwk.crv !== algorithm.name) throw dataError('JWK "crv" Parameter and algorithm name mismatch');
    if (signs(algorithm) && jwk.alg !== undefined && jwk.alg !== algorithm.name && jwk.alg !== 'EdDSA') {
      throw dataError('JWK "alg" does not match the requested algorithm');
    }
  },
  jwkName: (algorithm) => (signs(algorithm) ? algorithm.name : undefined),
  describe: (handle, { name }) => ({ name }),
});

function generateKey(algorithm, extractable, usages) {
  return generatePair([algorithm.name, [], 'key', []], algorithm, extractable, usages);
}

function sign({ context }, key, data) {
  return operate('sign', handleOfKey(key), undefined, contextParams(context), data, false);
}

function verify({ context }, key, signature, data) {
  return operate('verify', handleOfKey(key), undefined, contextParams(context), data, signature, false);
}

module.exports = { deriveBits: agree, exportKey, generateKey, importKey, importKeyObject, sign, verify };
