// Elliptic curves in Web Crypto: ECDSA and ECDH.
'use strict';

const { lazyDOMException } = require('internal/util');
const { jwkCurves } = require('internal/crypto/key_types');
const { findDigest } = require('internal/crypto/util');
const { dataError } = require('internal/crypto/webcrypto/job');
const { agree, handleOfKey, operate, pairOperations } = require('internal/crypto/webcrypto/pairs');

const keys = internalBinding('crypto_keys');

/** The names in JSON Web Keys of signatures, by curve. */
const jwkNames = { '__proto__': null, 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

const signs = ({ name }) => name === 'ECDSA';

const { exportKey, generatePair, importKey: importPair, importKeyObject } = pairOperations({
  keyType: () => 'ec',
  publicUsages: (algorithm) => (signs(algorithm) ? ['verify'] : []),
  privateUsages: (algorithm) => (signs(algorithm) ? ['sign'] : ['deriveKey', 'deriveBits']),
  rawFormats: ['raw', 'raw-public'],
  kty: 'EC',
  members: ['crv', 'x', 'y'],
  privateMember: 'd',
  use: (algorithm) => (signs(algorithm) ? 'sig' : 'enc'),
  checkMembers(jwk, algorithm) {
    if (jwk.crv !== algorithm.namedCurve) throw dataError('JWK "crv" does not match the requested algorithm');
    if (signs(algorithm) && jwk.alg !== undefined && jwk.alg !== jwkNames[jwk.crv]) {
      throw dataError('JWK "alg" does not match the requested algorithm');
    }
  },
  jwkName: () => undefined,
  describe(handle, { name, namedCurve }) {
    if (jwkCurves[keys.getText(handle, 'group')] !== namedCurve) throw dataError('Named curve mismatch');
    return { name, namedCurve };
  },
});

function checkCurve(curve) {
  if (!(curve in jwkNames)) throw lazyDOMException('Unrecognized namedCurve', 'NotSupportedError');
}

function importKey(format, keyData, algorithm, extractable, usages) {
  checkCurve(algorithm.namedCurve);
  return importPair(format, keyData, algorithm, extractable, usages);
}

function generateKey(algorithm, extractable, usages) {
  checkCurve(algorithm.namedCurve);
  const params = ['group', 's', algorithm.namedCurve, 'encoding', 's', 'named_curve'];
  return generatePair(['EC', params, 'key', []], algorithm, extractable, usages);
}

function sign({ hash }, key, data) {
  return operate('sign', handleOfKey(key), findDigest(hash.name).number, [], data, true);
}

function verify({ hash }, key, signature, data) {
  return operate('verify', handleOfKey(key), findDigest(hash.name).number, [], data, signature, true);
}

module.exports = { deriveBits: agree, exportKey, generateKey, importKey, importKeyObject, sign, verify };
